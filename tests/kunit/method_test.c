// SPDX-License-Identifier: GPL-2.0
/*
 * What methods of pools write: outer headers byte by byte as the RFCs have them,
 * and changed headers whose sums are right.
 */

#include <kunit/test.h>
#include <linux/prandom.h>
#include <linux/string.h>
#include <net/checksum.h>

#include "method.h"
#include "sum.h"

#define GUARD	0xa5
#define LEN	100

static const struct in6_addr src6 = { .in6_u.u6_addr8 = {
	0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6 } };
static const struct in6_addr dst6 = { .in6_u.u6_addr8 = {
	0x20, 0x01, 0x0d, 0xb8, 0, 7, 0, 8, 0, 9, 0, 10, 0, 11, 0, 12 } };

/* The buffer has just these bytes, and nothing behind them was touched. */
static void expect_bytes(struct kunit *test, const char *what, const u8 *buf,
			 size_t size, const u8 *want, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		KUNIT_EXPECT_EQ_MSG(test, want[i], buf[i], "%s: byte %zu", what, i);
	for (; i < size; i++)
		KUNIT_EXPECT_EQ_MSG(test, GUARD, buf[i], "%s: byte %zu", what, i);
}

/**
 * struct shim - what a method puts between the outer header and the packet
 * @name: for messages
 * @method: enum bfly_method
 * @inner: AF_INET or AF_INET6
 * @proto: protocol of the outer header
 * @len: how many @bytes
 * @bytes: what they are, for a packet of LEN bytes
 */
struct shim {
	const char *name;
	u8 method;
	u16 inner;
	u8 proto;
	u8 len;
	u8 bytes[30];
};

static const struct shim shims[] = {
	/* RFC 2003, RFC 4213, RFC 2473: the protocol of the outer header says it all */
	{ "ipip, 4", BFLY_METHOD_IPIP, AF_INET, 4 },
	{ "ipip, 6", BFLY_METHOD_IPIP, AF_INET6, 41 },
	/* RFC 2784: no options, version 0, an EtherType */
	{ "gre, 4", BFLY_METHOD_GRE, AF_INET, 47, 4, { 0, 0, 0x08, 0x00 } },
	{ "gre, 6", BFLY_METHOD_GRE, AF_INET6, 47, 4, { 0, 0, 0x86, 0xdd } },
	/* draft-ietf-intarea-gue, 3.1: variant 0, data, no fields, the protocol */
	{ "gue, 4", BFLY_METHOD_GUE, AF_INET, 17, 12,
	  { 0xe0, 0, 0x17, 0xc0, 0, 112, 0, 0, 0, 4, 0, 0 } },
	{ "gue, 6", BFLY_METHOD_GUE, AF_INET6, 17, 12,
	  { 0xe0, 0, 0x17, 0xc0, 0, 112, 0, 0, 0, 41, 0, 0 } },
	/* RFC 768 and nothing else */
	{ "fou, 4", BFLY_METHOD_FOU, AF_INET, 17, 8,
	  { 0xe0, 0, 0x17, 0xc0, 0, 108, 0, 0 } },
	{ "fou, 6", BFLY_METHOD_FOU, AF_INET6, 17, 8,
	  { 0xe0, 0, 0x17, 0xc0, 0, 108, 0, 0 } },
	/* RFC 7348, 5: the I flag, the VNI, an Ethernet frame */
	{ "vxlan, 4", BFLY_METHOD_VXLAN, AF_INET, 17, 30,
	  { 0xe0, 0, 0x17, 0xc0, 0, 130, 0, 0, 0x08, 0, 0, 0, 0xfe, 0xdc, 0xba, 0,
	    2, 0, 0, 0, 0, 0x11, 2, 0, 0, 0, 0, 0x22, 0x08, 0x00 } },
	{ "vxlan, 6", BFLY_METHOD_VXLAN, AF_INET6, 17, 30,
	  { 0xe0, 0, 0x17, 0xc0, 0, 130, 0, 0, 0x08, 0, 0, 0, 0xfe, 0xdc, 0xba, 0,
	    2, 0, 0, 0, 0, 0x11, 2, 0, 0, 0, 0, 0x22, 0x86, 0xdd } },
};

static const u8 dmac[ETH_ALEN] = { 2, 0, 0, 0, 0, 0x11 };
static const u8 smac[ETH_ALEN] = { 2, 0, 0, 0, 0, 0x22 };

/* What an outer header takes from the inner one: the type of service 0xb9. */
static void put_inner(u8 *ip, u16 family)
{
	ip[0] = family == AF_INET ? 0x45 : 0x6b;
	ip[1] = family == AF_INET ? 0xb9 : 0x90;
}

static struct bfly_wrap wrap_of(const struct shim *shim, u16 family,
				struct bfly_encap_base *base)
{
	if (family == AF_INET)
		bfly_encap_base4(base, htonl(0xc0000201), htonl(0xc6336402));
	else
		bfly_encap_base6(base, &src6, &dst6);
	return (struct bfly_wrap) {
		.outer = base, .family = family, .inner = shim->inner,
		.hash = 1U << 31, .len = LEN, .dmac = bfly_mac_pack(dmac),
		.smac = smac,
	};
}

static struct bfly_pool_conf conf_of(const struct shim *shim)
{
	return (struct bfly_pool_conf) {
		.method = shim->method, .port = 6080, .vni = 0xfedcba,
	};
}

static void over_ip4(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(shims); i++) {
		const struct shim *shim = &shims[i];
		struct bfly_encap_base base;
		struct bfly_wrap wrap = wrap_of(shim, AF_INET, &base);
		struct bfly_pool_conf conf = conf_of(shim);
		u8 want[52] = {
			/* RFC 791: DF, no identification (RFC 6864), TTL 64 */
			0x45, 0xb9, 0, 20 + shim->len + LEN, 0, 0, 0x40, 0,
			64, shim->proto, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2,
		};
		u8 buf[60] __aligned(4);
		u16 sum = ~folded(add_words(0, want, 20));

		want[10] = sum >> 8;
		want[11] = sum & 0xff;
		memcpy(want + 20, shim->bytes, shim->len);
		put_inner(want + 20 + shim->len, shim->inner);
		KUNIT_ASSERT_EQ_MSG(test, bfly_method_overhead(shim->method, AF_INET),
				    20 + shim->len, "%s", shim->name);
		memset(buf, GUARD, sizeof(buf));
		put_inner(buf + 20 + shim->len, shim->inner);
		bfly_method_wrap(buf, &conf, &wrap);
		expect_bytes(test, shim->name, buf, sizeof(buf), want,
			     20 + shim->len + 2);
		if (shim->method != BFLY_METHOD_IPIP)
			continue;
		/* the short way to the same */
		memset(buf, 0, 20);
		bfly_method_wrap_ip(buf, &base, AF_INET, shim->inner, LEN);
		expect_bytes(test, shim->name, buf, sizeof(buf), want, 20 + 2);
	}
}

static void over_ip6(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(shims); i++) {
		const struct shim *shim = &shims[i];
		struct bfly_encap_base base;
		struct bfly_wrap wrap = wrap_of(shim, AF_INET6, &base);
		struct bfly_pool_conf conf = conf_of(shim);
		/* RFC 8200: traffic class 0xb9, no flow label, hop limit 64 */
		u8 want[72] = {
			0x6b, 0x90, 0, 0, 0, shim->len + LEN, shim->proto, 64,
		};
		u8 buf[80] __aligned(4);

		memcpy(want + 8, &src6, 16);
		memcpy(want + 24, &dst6, 16);
		memcpy(want + 40, shim->bytes, shim->len);
		put_inner(want + 40 + shim->len, shim->inner);
		KUNIT_ASSERT_EQ_MSG(test, bfly_method_overhead(shim->method, AF_INET6),
				    40 + shim->len, "%s", shim->name);
		memset(buf, GUARD, sizeof(buf));
		put_inner(buf + 40 + shim->len, shim->inner);
		bfly_method_wrap(buf, &conf, &wrap);
		expect_bytes(test, shim->name, buf, sizeof(buf), want,
			     40 + shim->len + 2);
		if (shim->method != BFLY_METHOD_IPIP)
			continue;
		/* the short way to the same */
		memset(buf, 0, 40);
		bfly_method_wrap_ip(buf, &base, AF_INET6, shim->inner, LEN);
		expect_bytes(test, shim->name, buf, sizeof(buf), want, 40 + 2);
	}
}

static void plain_methods(struct kunit *test)
{
	static const u8 plain[] = {
		BFLY_METHOD_L2, BFLY_METHOD_GRE_RETARGET, BFLY_METHOD_DSCP,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(plain); i++) {
		KUNIT_EXPECT_EQ(test, 0, bfly_method_overhead(plain[i], AF_INET));
		KUNIT_EXPECT_EQ(test, 0, bfly_method_overhead(plain[i], AF_INET6));
	}
}

/* Where the RFCs have the sums: 9293, 768, 3828, 4443; SCTP's covers no address. */
static void check_offsets(struct kunit *test)
{
	static const struct bfly_pool_conf dscp = {
		.method = BFLY_METHOD_DSCP,
	}, retarget = {
		.method = BFLY_METHOD_GRE_RETARGET,
	};
	static const struct {
		u8 class, family, proto;
		unsigned int off;
	} cases[] = {
		{ BFLY_CLASS_FLOW, AF_INET, IPPROTO_TCP, 36 },
		{ BFLY_CLASS_FLOW, AF_INET, IPPROTO_UDP, 26 },
		{ BFLY_CLASS_FLOW, AF_INET6, IPPROTO_UDPLITE, 26 },
		{ BFLY_CLASS_FLOW, AF_INET, IPPROTO_SCTP, 0 },
		{ BFLY_CLASS_FLOW, AF_INET, IPPROTO_ICMP, 0 },
		{ BFLY_CLASS_REPLY, AF_INET6, IPPROTO_ICMPV6, 22 },
		/* the key is the quoted packet's, the sum is ICMP's */
		{ BFLY_CLASS_ERROR, AF_INET, IPPROTO_TCP, 0 },
		{ BFLY_CLASS_ERROR, AF_INET6, IPPROTO_TCP, 22 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct bfly_parsed parsed = {
			.class = cases[i].class, .l4_off = 20,
			.key = { .family = cases[i].family,
				 .proto = cases[i].proto },
		};

		KUNIT_EXPECT_EQ_MSG(test, cases[i].off,
				    bfly_method_check_off(&dscp, &parsed),
				    "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, 0,
				    bfly_method_check_off(&retarget, &parsed),
				    "case %u", i);
	}
}

/**
 * struct packet - a UDP datagram with room for its headers
 * @ip4: its IPv4 header, or
 * @ip6: its IPv6 header
 * @udp: ports, length and sum
 * @data: what it carries
 */
struct packet {
	union {
		struct iphdr ip4;
		struct ipv6hdr ip6;
	};
	__be16 udp[4];
	u8 data[13];
};

#define UDP_LEN	(sizeof(__be16) * 4 + 13)

/* The sum of pseudo header, UDP header and data: 0xffff if all is right. */
static u16 udp_sum(const struct packet *p, u16 family)
{
	u32 sum = IPPROTO_UDP + UDP_LEN;

	sum = family == AF_INET ? add_words(sum, &p->ip4.saddr, 8) :
				  add_words(sum, &p->ip6.saddr, 32);
	return folded(add_words(sum, p->udp, UDP_LEN));
}

static void packet_make(struct packet *p, u16 family, struct rnd_state *rnd)
{
	u16 sum;

	prandom_bytes_state(rnd, p, sizeof(*p));
	if (family == AF_INET) {
		p->ip4.version = 4;
		p->ip4.ihl = 5;
		p->ip4.protocol = IPPROTO_UDP;
		p->ip4.check = 0;
		p->ip4.check = htons(~folded(add_words(0, &p->ip4, 20)));
	} else {
		p->ip6.version = 6;
		p->ip6.nexthdr = IPPROTO_UDP;
	}
	p->udp[2] = htons(UDP_LEN);
	p->udp[3] = 0;
	sum = ~udp_sum(p, family);
	p->udp[3] = htons(sum ?: 0xffff);
}

static void rewrite(struct packet *p, u16 family, const struct bfly_rewrite *to)
{
	if (family == AF_INET)
		bfly_method_rewrite4(&p->ip4, to);
	else
		bfly_method_rewrite6(&p->ip6, to);
}

/* Addresses and DSCP are as wanted, ECN is left alone, all else as it was. */
static bool is_rewritten(const struct packet *p, const struct packet *old,
			 u16 family, const struct bfly_rewrite *to)
{
	struct packet want = *old;
	u8 dscp = to->dscp << 2;

	if (family == AF_INET) {
		want.ip4.daddr = to->daddr->s6_addr32[0];
		if (to->saddr)
			want.ip4.saddr = to->saddr->s6_addr32[0];
		if (to->dscp >= 0)
			want.ip4.tos = dscp | (old->ip4.tos & 3);
		want.ip4.check = p->ip4.check;
	} else {
		u8 *bytes = (u8 *)&want.ip6;

		want.ip6.daddr = *to->daddr;
		if (to->saddr)
			want.ip6.saddr = *to->saddr;
		if (to->dscp >= 0) {
			bytes[0] = 0x60 | dscp >> 4;
			bytes[1] = (bytes[1] & 0x3f) | (dscp << 4 & 0xff);
		}
	}
	want.udp[3] = p->udp[3];
	return !memcmp(&want, p, sizeof(want)) &&
	       (family == AF_INET6 ||
		folded(add_words(0, &p->ip4, 20)) == 0xffff);
}

static struct bfly_rewrite random_change(struct rnd_state *rnd,
					 struct in6_addr *saddr,
					 struct in6_addr *daddr)
{
	prandom_bytes_state(rnd, saddr, sizeof(*saddr));
	prandom_bytes_state(rnd, daddr, sizeof(*daddr));
	return (struct bfly_rewrite) {
		.saddr = prandom_u32_state(rnd) & 1 ? saddr : NULL,
		.daddr = daddr,
		.dscp = (int)(prandom_u32_state(rnd) % 65) - 1,
		.zero_is_none = true,
	};
}

/* For many packets, as a sum is easily right by chance. */
static void rewritten_sums(struct kunit *test, u16 family)
{
	struct in6_addr saddr, daddr;
	u32 i, wrong = 0, bad_sum = 0;
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 1);
	for (i = 0; i < 50000; i++) {
		struct bfly_rewrite to = random_change(&rnd, &saddr, &daddr);
		struct packet p, old;

		packet_make(&p, family, &rnd);
		old = p;
		to.check = (__sum16 *)&p.udp[3];
		rewrite(&p, family, &to);
		wrong += !is_rewritten(&p, &old, family, &to);
		bad_sum += udp_sum(&p, family) != 0xffff || !p.udp[3];
	}
	KUNIT_EXPECT_EQ(test, 0, wrong);
	KUNIT_EXPECT_EQ(test, 0, bad_sum);
}

static void rewrite_ip4(struct kunit *test)
{
	rewritten_sums(test, AF_INET);
}

static void rewrite_ip6(struct kunit *test)
{
	rewritten_sums(test, AF_INET6);
}

/* CHECKSUM_PARTIAL: what the NIC makes of it is right. */
static void partial_sums(struct kunit *test, u16 family)
{
	struct in6_addr saddr, daddr;
	struct rnd_state rnd;
	u32 i, wrong = 0;

	prandom_seed_state(&rnd, 2);
	for (i = 0; i < 50000; i++) {
		struct bfly_rewrite to = random_change(&rnd, &saddr, &daddr);
		struct packet p;
		u16 sum;

		packet_make(&p, family, &rnd);
		/* the sum of the pseudo header alone */
		p.udp[3] = 0;
		sum = folded(udp_sum(&p, family) +
			     (0xffff ^ folded(add_words(0, p.udp, UDP_LEN))));
		p.udp[3] = htons(sum);
		to.check = (__sum16 *)&p.udp[3];
		to.partial = true;
		rewrite(&p, family, &to);
		/* a NIC sums from the UDP header on, over what the field has */
		sum = ~folded(add_words(0, p.udp, UDP_LEN));
		p.udp[3] = htons(sum ?: 0xffff);
		wrong += udp_sum(&p, family) != 0xffff;
	}
	KUNIT_EXPECT_EQ(test, 0, wrong);
}

static void rewrite_partial(struct kunit *test)
{
	partial_sums(test, AF_INET);
	partial_sums(test, AF_INET6);
}

/* Over each sum that there is: none may come out as zero, which means none. */
static void rewrite_all_sums(struct kunit *test)
{
	struct in6_addr daddr = { .s6_addr32 = { htonl(0xc0000203) } };
	u32 i, wrong = 0, zero = 0;
	struct rnd_state rnd;
	struct packet p;

	prandom_seed_state(&rnd, 3);
	for (i = 0; i < 65536; i++) {
		struct bfly_rewrite to = {
			.daddr = &daddr, .dscp = 1, .zero_is_none = true,
			.check = (__sum16 *)&p.udp[3],
		};

		packet_make(&p, AF_INET, &rnd);
		p.udp[0] = htons(i);
		p.udp[3] = 0;
		p.udp[3] = htons((u16)~udp_sum(&p, AF_INET) ?: 0xffff);
		rewrite(&p, AF_INET, &to);
		wrong += udp_sum(&p, AF_INET) != 0xffff;
		zero += !p.udp[3];
	}
	KUNIT_EXPECT_EQ(test, 0, wrong);
	KUNIT_EXPECT_EQ(test, 0, zero);
}

/* No sum stays none; other protocols have one of zero, too. */
static void rewrite_zero(struct kunit *test)
{
	struct in6_addr daddr = { .s6_addr32 = { htonl(0xc0000203) } };
	struct bfly_rewrite to = {
		.daddr = &daddr, .dscp = -1, .zero_is_none = true,
	};
	struct rnd_state rnd;
	struct packet p;

	prandom_seed_state(&rnd, 4);
	packet_make(&p, AF_INET, &rnd);
	p.udp[3] = 0;
	to.check = (__sum16 *)&p.udp[3];
	rewrite(&p, AF_INET, &to);
	KUNIT_EXPECT_EQ(test, 0, p.udp[3]);
	to.zero_is_none = false;
	daddr.s6_addr32[0] = htonl(0xc0000204);
	rewrite(&p, AF_INET, &to);
	KUNIT_EXPECT_NE(test, 0, p.udp[3]);
	to.check = NULL;
	daddr.s6_addr32[0] = htonl(0xc0000205);
	rewrite(&p, AF_INET, &to);
	KUNIT_EXPECT_EQ(test, 0xffff, folded(add_words(0, &p.ip4, 20)));
}

static struct kunit_case method_cases[] = {
	KUNIT_CASE(over_ip4),
	KUNIT_CASE(over_ip6),
	KUNIT_CASE(plain_methods),
	KUNIT_CASE(check_offsets),
	KUNIT_CASE(rewrite_ip4),
	KUNIT_CASE(rewrite_ip6),
	KUNIT_CASE(rewrite_partial),
	KUNIT_CASE(rewrite_all_sums),
	KUNIT_CASE(rewrite_zero),
	{}
};

static struct kunit_suite method_suite = {
	.name = "bfly-method",
	.test_cases = method_cases,
};

kunit_test_suites(&method_suite);
