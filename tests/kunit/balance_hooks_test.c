// SPDX-License-Identifier: GPL-2.0
/*
 * Both hooks of the balancer do the same to the same packet: the same bytes on
 * the wire, the same reasons for drops, the same counters.
 */

#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/ip.h>
#include <net/xdp.h>

#include "balance_fixture.h"
#include "balance_packets.h"
#include "method.h"
#include "parse_common.h"
#include "pool.h"
#include "sum.h"

static int hooks_init(struct kunit *test)
{
	int err = bfly_fixture_init(test);

	if (!err)
		bfly_fixture_services(test);
	return err;
}

static u16 family_of(u32 bit)
{
	return bit & 1 ? AF_INET6 : AF_INET;
}

/* The sums of what was sent are right, the outermost ones and the packet's. */
static void expect_sums(struct kunit *test, const struct spec *spec, u8 method,
			u16 family)
{
	struct fixture *fx = test->priv;
	const u8 *ip = fx->rx.frame + ETH_HLEN;
	unsigned int over = bfly_method_overhead(method, family);

	if (family == AF_INET)
		KUNIT_EXPECT_EQ(test, 0xffff, folded(add_words(0, ip, 20)));
	if (family == AF_INET6 && bfly_method_is_udp(method))
		KUNIT_EXPECT_EQ(test, 0xffff, transport_sum(ip, family, IPPROTO_UDP));
	ip += over;
	KUNIT_EXPECT_EQ(test, fx->rx.len, ETH_HLEN + over +
			(spec->family == AF_INET ? ip[2] << 8 | ip[3] :
						   40 + (ip[4] << 8 | ip[5])));
	KUNIT_EXPECT_EQ(test, spec->ttl - 1, spec->family == AF_INET ? ip[8] : ip[7]);
	if (spec->family == AF_INET)
		KUNIT_EXPECT_EQ(test, 0xffff, folded(add_words(0, ip, 20)));
	if (check_at(spec->proto))
		KUNIT_EXPECT_EQ(test, 0xffff,
				transport_sum(ip, spec->family, spec->proto));
}

/* A packet of a service, by any method, of any size that fits. */
static void one_packet(struct kunit *test, u8 method, u16 family)
{
	struct fixture *fx = test->priv;
	u32 dice = prandom_u32_state(&fx->rnd);
	struct spec spec = {
		.family = bfly_method_is_plain(method) ? family : family_of(dice),
		.proto = protos[(dice >> 1) % 3], .dport = port_of(method, family),
		.ttl = 2 + (dice >> 4) % 254,
		.len = (dice >> 8) % (dice & BIT(3) ? 64 : 1360),
		.pad = dice >> 28 & 1 ? dice >> 29 : 0,
	};
	unsigned int len = bfly_put_frame(fx, &spec);
	char what[48];

	snprintf(what, sizeof(what), "method %u over %u, %u bytes of %u", method,
		 family, spec.len, spec.proto);
	bfly_fixture_both(test, len, what);
	KUNIT_ASSERT_EQ_MSG(test, fx->rx.fate, SENT, "%s", what);
	KUNIT_EXPECT_EQ(test, 1, fx->rx.packets);
	expect_sums(test, &spec, method, family);
}

/* A packet whose checksum the sender has left to its NIC comes out as any other. */
static void one_partial(struct kunit *test, u8 method, u16 family)
{
	struct fixture *fx = test->priv;
	u32 dice = prandom_u32_state(&fx->rnd);
	struct spec spec = {
		.family = bfly_method_is_plain(method) ? family : family_of(dice),
		.proto = dice & 2 ? IPPROTO_TCP : IPPROTO_UDP, .ttl = 64,
		.dport = port_of(method, family), .len = (dice >> 8) % 1360,
	};
	unsigned int len = bfly_put_frame(fx, &spec);

	fx->partial = check_at(spec.proto);
	bfly_fixture_both(test, len, "a checksum that is left to the NIC");
	fx->partial = 0;
	KUNIT_ASSERT_EQ(test, fx->rx.fate, SENT);
	expect_sums(test, &spec, method, family);
}

/* What the sender has left to segmentation is right in each segment. */
static void one_gso(struct kunit *test, u8 method, u16 family, u16 inner)
{
	struct fixture *fx = test->priv;
	struct spec spec = {
		.family = inner, .proto = IPPROTO_TCP, .ttl = 64,
		.dport = port_of(method, family), .len = GSO_SEGS * GSO_SIZE,
	};
	unsigned int i, len = bfly_put_frame(fx, &spec);

	fx->in[ETH_HLEN + (inner == AF_INET ? 20 : 40) + 13] = 0x18;
	fx->partial = check_at(spec.proto);
	fx->gso = true;
	bfly_fixture_run(test, false, len);
	fx->partial = 0;
	fx->gso = false;
	KUNIT_ASSERT_EQ_MSG(test, fx->rx.fate, SENT, "method %u", method);
	KUNIT_EXPECT_EQ(test, fx->rx.packets, GSO_SEGS);
	for (i = 0; i < GSO_SEGS; i++) {
		if (i)
			KUNIT_ASSERT_EQ(test, bfly_fixture_take(test, fx, &fx->rx), SENT);
		expect_sums(test, &spec, method, family);
		KUNIT_EXPECT_EQ(test, fx->rx.len, ETH_HLEN +
				bfly_method_overhead(method, family) +
				(inner == AF_INET ? 40 : 60) + GSO_SIZE);
	}
}

static void offloads(struct kunit *test)
{
	u32 i, k;

	for (i = 0; i < 100; i++)
		for (k = 0; k < ARRAY_SIZE(methods); k++)
			if (methods[k] != BFLY_METHOD_GRE_RETARGET)
				one_partial(test, methods[k], family_of(i));
	for (i = 0; i < 16; i++)
		for (k = 0; k < ARRAY_SIZE(methods); k++)
			if (methods[k] != BFLY_METHOD_GRE_RETARGET &&
			    (!bfly_method_is_plain(methods[k]) ||
			     family_of(i) == family_of(i >> 1)))
				one_gso(test, methods[k], family_of(i),
					family_of(i >> 1));
}

static void all_methods(struct kunit *test)
{
	u32 i, k;

	for (i = 0; i < 400; i++)
		for (k = 0; k < ARRAY_SIZE(methods); k++)
			if (methods[k] != BFLY_METHOD_GRE_RETARGET)
				one_packet(test, methods[k], family_of(i));
}

static void gre_retarget(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u32 i;

	for (i = 0; i < 400; i++) {
		struct spec spec = {
			.family = family_of(i), .ttl = 64,
			.len = prandom_u32_state(&fx->rnd) % 1000,
		};
		unsigned int len = bfly_put_gre(fx, &spec, family_of(i >> 1));
		const u8 *ip = fx->rx.frame + ETH_HLEN;
		const struct bfly_addr from = vip(spec.family);
		bool ip4 = spec.family == AF_INET;

		bfly_fixture_both(test, len, "gre-retarget");
		KUNIT_ASSERT_EQ(test, fx->rx.fate, SENT);
		KUNIT_EXPECT_EQ(test, fx->rx.len, len);
		if (ip4)
			KUNIT_EXPECT_EQ(test, 0xffff, folded(add_words(0, ip, 20)));
		/* from the balancer to a backend, what is in it untouched */
		KUNIT_EXPECT_EQ(test, 0, memcmp(ip + (ip4 ? 12 : 8), &from.ip6,
						ip4 ? 4 : 16));
		KUNIT_EXPECT_EQ(test, ip4 ? 192 : 0xfd, ip[ip4 ? 16 : 24]);
		KUNIT_EXPECT_EQ(test, 0, memcmp(ip + (ip4 ? 20 : 40),
						fx->in + ETH_HLEN + (ip4 ? 20 : 40),
						len - ETH_HLEN - (ip4 ? 20 : 40)));
	}
}

/* The flow inside chooses, whatever the tunnel's own fields are. */
static void gre_retarget_flow(struct kunit *test)
{
	const struct spec spec = { .family = AF_INET, .ttl = 64, .len = 10 };
	struct fixture *fx = test->priv;
	unsigned int len = bfly_put_gre(fx, &spec, AF_INET6);
	struct iphdr *iph = (struct iphdr *)(fx->in + ETH_HLEN);
	u32 i, first = 0, daddr;

	for (i = 0; i < 16; i++) {
		iph->saddr = htonl(0x0a000000 + i);
		iph->check = 0;
		iph->check = htons((u16)~folded(add_words(0, iph, 20)));
		bfly_fixture_both(test, len, "another router");
		KUNIT_ASSERT_EQ(test, fx->rx.fate, SENT);
		memcpy(&daddr, fx->rx.frame + ETH_HLEN + 16, 4);
		if (!i)
			first = daddr;
		KUNIT_EXPECT_EQ(test, first, daddr);
	}
}

/* A UDP sum that would come out as zero is sent as the other zero. */
static void dscp_udp_zero(struct kunit *test, u16 family)
{
	struct spec spec = {
		.family = family, .proto = IPPROTO_UDP, .ttl = 64, .len = 32,
		.dport = port_of(BFLY_METHOD_DSCP, family),
	};
	struct fixture *fx = test->priv;
	unsigned int head = ETH_HLEN + (family == AF_INET ? 20 : 40);
	unsigned int len = bfly_put_frame(fx, &spec);
	u8 *l4 = fx->in + head;
	u16 sum, word;

	/* the same flow all along: only data changes */
	bfly_fixture_both(test, len, "a datagram");
	KUNIT_ASSERT_EQ(test, fx->rx.fate, SENT);
	memcpy(fx->rx.frame + head, l4, len - head);
	fx->rx.frame[head + 6] = 0;
	fx->rx.frame[head + 7] = 0;
	sum = transport_sum(fx->rx.frame + ETH_HLEN, family, IPPROTO_UDP);
	word = l4[38] << 8 | l4[39];
	word = folded(word + (u16)~sum);
	l4[38] = word >> 8;
	l4[39] = word;
	bfly_put_check(fx->in + ETH_HLEN, &spec);
	bfly_fixture_both(test, len, "a sum of zero");
	KUNIT_ASSERT_EQ(test, fx->rx.fate, SENT);
	l4 = fx->rx.frame + head;
	KUNIT_EXPECT_EQ_MSG(test, 0xffff, l4[6] << 8 | l4[7], "family %u", family);
	KUNIT_EXPECT_EQ(test, 0xffff,
			transport_sum(fx->rx.frame + ETH_HLEN, family, IPPROTO_UDP));
}

/* None stays none, over IPv6 too, where tunnels may do without (RFC 6935). */
static void dscp_udp_none(struct kunit *test, u16 family)
{
	struct spec spec = {
		.family = family, .proto = IPPROTO_UDP, .ttl = 64, .len = 32,
		.dport = port_of(BFLY_METHOD_DSCP, family),
	};
	struct fixture *fx = test->priv;
	unsigned int check = ETH_HLEN + (family == AF_INET ? 20 : 40) + 6;
	unsigned int len = bfly_put_frame(fx, &spec);

	fx->in[check] = 0;
	fx->in[check + 1] = 0;
	bfly_fixture_both(test, len, "no sum");
	KUNIT_ASSERT_EQ(test, fx->rx.fate, SENT);
	KUNIT_EXPECT_EQ_MSG(test, 0, fx->rx.frame[check] << 8 | fx->rx.frame[check + 1],
			    "family %u", family);
}

static void dscp_udp_sums(struct kunit *test)
{
	dscp_udp_zero(test, AF_INET);
	dscp_udp_zero(test, AF_INET6);
	dscp_udp_none(test, AF_INET);
	dscp_udp_none(test, AF_INET6);
}

static void echo(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u32 i;

	for (i = 0; i < 200; i++) {
		u16 family = family_of(i);
		u8 proto = family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6;
		unsigned int len = 8 + i, head;
		u8 *ip = fx->in + bfly_put_eth(fx, family), *icmp;
		u16 sum;

		head = bfly_put_ip(fx, ip, family, proto, 1 + i % 3, len);
		icmp = ip + head;
		prandom_bytes_state(&fx->rnd, icmp, len);
		icmp[0] = family == AF_INET ? ICMP_ECHO : ICMPV6_ECHO_REQUEST;
		icmp[1] = 0;
		icmp[2] = 0;
		icmp[3] = 0;
		sum = family == AF_INET ? ~folded(add_words(0, icmp, len)) :
					  ~transport_sum(ip, family, proto);
		icmp[2] = sum >> 8;
		icmp[3] = sum;
		bfly_fixture_both(test, ETH_HLEN + head + len, "echo");
		KUNIT_ASSERT_EQ(test, fx->rx.fate, SENT);
		KUNIT_EXPECT_EQ(test, 0, fx->rx.packets);
		KUNIT_EXPECT_TRUE(test, ether_addr_equal(fx->rx.frame, client_mac));
		ip = fx->rx.frame + ETH_HLEN;
		icmp = ip + head;
		KUNIT_EXPECT_EQ(test, icmp[0], family == AF_INET ?
				ICMP_ECHOREPLY : ICMPV6_ECHO_REPLY);
		KUNIT_EXPECT_EQ(test, 0xffff, family == AF_INET ?
				folded(add_words(0, icmp, len)) :
				transport_sum(ip, family, proto));
		if (family == AF_INET)
			KUNIT_EXPECT_EQ(test, 0xffff, folded(add_words(0, ip, 20)));
	}
}

static void expect_drop(struct kunit *test, unsigned int len,
			enum bfly_drop reason, const char *what)
{
	struct fixture *fx = test->priv;

	bfly_fixture_both(test, len, what);
	KUNIT_EXPECT_EQ_MSG(test, fx->rx.fate, DROPPED, "%s", what);
	KUNIT_EXPECT_EQ_MSG(test, fx->rx.reason, reason, "%s", what);
}

static void drop_reasons(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u32 i;

	for (i = 0; i < 2; i++) {
		struct spec spec = {
			.family = family_of(i), .proto = IPPROTO_UDP, .len = 10,
			.dport = port_of(BFLY_METHOD_IPIP, AF_INET),
		};
		unsigned int len;

		spec.ttl = 1;
		expect_drop(test, bfly_put_frame(fx, &spec), BFLY_DROP_TTL, "TTL 1");
		spec.ttl = 0;
		expect_drop(test, bfly_put_frame(fx, &spec), BFLY_DROP_TTL, "TTL 0");
		spec.ttl = 64;
		spec.dport = 9;
		expect_drop(test, bfly_put_frame(fx, &spec), BFLY_DROP_NO_SERVICE, "port");
		spec.proto = IPPROTO_DCCP;
		expect_drop(test, bfly_put_frame(fx, &spec), BFLY_DROP_NO_SERVICE, "protocol");
		spec.ttl = 64;
		len = bfly_put_gre(fx, &spec, AF_INET);
		/* a version that there is not, a route of RFC 1701 */
		fx->in[ETH_HLEN + (i ? 41 : 21)] = 1;
		expect_drop(test, len, BFLY_DROP_MALFORMED, "version of GRE");
		len = bfly_put_gre(fx, &spec, AF_INET);
		fx->in[ETH_HLEN + (i ? 40 : 20)] |= 0x40;
		expect_drop(test, len, BFLY_DROP_MALFORMED, "GRE routing");
	}
}

static void no_backend(struct kunit *test)
{
	struct spec spec = {
		.family = AF_INET, .proto = IPPROTO_TCP, .ttl = 64,
		.dport = port_of(BFLY_METHOD_GUE, AF_INET),
	};
	struct fixture *fx = test->priv;
	struct bfly_pool *pool;
	char name[16];

	snprintf(name, sizeof(name), "%u-%u", BFLY_METHOD_GUE, AF_INET);
	rtnl_lock();
	pool = bfly_pool_find(fx->sw, name);
	rtnl_unlock();
	KUNIT_ASSERT_NOT_NULL(test, pool);
	bfly_fixture_backend_set(test, pool, NULL, BFLY_BACKEND_STATE_DOWN);
	expect_drop(test, bfly_put_frame(fx, &spec), BFLY_DROP_NO_BACKEND, "all down");
}

/* Cut off anywhere. */
static void short_frames(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u32 i, len;

	for (i = 0; i < 10; i++) {
		struct spec spec = {
			.family = family_of(i), .ttl = 64, .len = 20,
			.proto = protos[i / 2 % 3],
			.dport = port_of(BFLY_METHOD_VXLAN, AF_INET6),
		};
		u32 all = i < 6 ? bfly_put_frame(fx, &spec) :
				  bfly_put_gre(fx, &spec, family_of(i / 2));

		memcpy(fx->whole, fx->in, all);
		for (len = ETH_HLEN; len < all; len++) {
			memcpy(fx->in, fx->whole, all);
			bfly_fixture_both(test, len, "a short frame");
			KUNIT_EXPECT_NE(test, fx->rx.fate, SENT);
		}
	}
}

/* An error about an answer of a backend. */
static void errors(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u32 i;

	for (i = 0; i < 200; i++) {
		u16 family = family_of(i), backends = family_of(i >> 1);
		u8 method = i & 4 ? BFLY_METHOD_DSCP : BFLY_METHOD_GRE;
		u8 proto = family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6;
		u8 *ip = fx->in + bfly_put_eth(fx, family), *icmp, *quote;
		unsigned int head, len;
		struct spec spec = {
			.family = family, .proto = IPPROTO_TCP, .ttl = 64,
			.dport = port_of(method, backends), .len = i % 20,
		};
		u16 sum;

		if (method == BFLY_METHOD_DSCP && family != backends)
			continue;
		head = family == AF_INET ? 20 : 40;
		icmp = ip + head;
		quote = icmp + 8;
		/* as it came from the client, turned round */
		len = 8 + bfly_put_packet(fx, quote, &spec);
		if (family == AF_INET) {
			swap(((struct iphdr *)quote)->saddr,
			     ((struct iphdr *)quote)->daddr);
			icmp[0] = ICMP_DEST_UNREACH;
			icmp[1] = ICMP_FRAG_NEEDED;
		} else {
			swap(((struct ipv6hdr *)quote)->saddr,
			     ((struct ipv6hdr *)quote)->daddr);
			icmp[0] = ICMPV6_PKT_TOOBIG;
			icmp[1] = 0;
		}
		swap(quote[head], quote[head + 2]);
		swap(quote[head + 1], quote[head + 3]);
		bfly_put_ip(fx, ip, family, proto, 60, len);
		memset(icmp + 2, 0, 6);
		icmp[7] = 99;
		sum = family == AF_INET ? ~folded(add_words(0, icmp, len)) :
					  ~transport_sum(ip, family, proto);
		icmp[2] = sum >> 8;
		icmp[3] = sum;
		bfly_fixture_both(test, ETH_HLEN + head + len, "an error");
		KUNIT_ASSERT_EQ(test, fx->rx.fate, SENT);
		if (family == AF_INET6)
			KUNIT_EXPECT_EQ(test, 0xffff,
					transport_sum(fx->rx.frame + ETH_HLEN +
						      bfly_method_overhead(method, backends),
						      family, proto));
	}
}

/* Fragments are netdev receive's, and what is too big, too: XDP leaves them be. */
static void left_to_receive(struct kunit *test)
{
	struct fixture *fx = test->priv;
	struct spec spec = {
		.family = AF_INET, .proto = IPPROTO_UDP, .ttl = 64, .len = 1440,
		.dport = port_of(BFLY_METHOD_VXLAN, AF_INET),
	};
	unsigned int len = bfly_put_frame(fx, &spec);
	struct iphdr *iph = (struct iphdr *)(fx->in + ETH_HLEN);

	iph->frag_off = htons(IP_DF);
	iph->check = 0;
	iph->check = htons((u16)~folded(add_words(0, iph, 20)));
	bfly_fixture_run(test, true, len);
	KUNIT_EXPECT_EQ(test, fx->xdp.fate, HOST);
	KUNIT_EXPECT_EQ(test, fx->xdp.reason, BFLY_PASS);
	KUNIT_EXPECT_EQ(test, fx->xdp.packets, 0);
	spec.len = 100;
	len = bfly_put_frame(fx, &spec);
	iph->frag_off = htons(IP_MF);
	bfly_fixture_run(test, true, len);
	KUNIT_EXPECT_EQ(test, fx->xdp.fate, HOST);
	iph->frag_off = htons(1);
	bfly_fixture_run(test, true, len);
	KUNIT_EXPECT_EQ(test, fx->xdp.fate, HOST);
	KUNIT_EXPECT_EQ(test, fx->xdp.reason, BFLY_PASS);
	/* too little room in front of the frame */
	iph->frag_off = 0;
	fx->headroom = sizeof(struct xdp_frame) + 49;
	bfly_fixture_run(test, true, len);
	KUNIT_EXPECT_EQ(test, fx->xdp.fate, HOST);
	fx->headroom++;
	bfly_fixture_run(test, false, len);
	bfly_fixture_run(test, true, len);
	KUNIT_EXPECT_EQ(test, fx->xdp.fate, SENT);
	/* what is for another host's MAC, or in a VLAN */
	fx->in[5] ^= 1;
	bfly_fixture_run(test, true, len);
	KUNIT_EXPECT_EQ(test, fx->xdp.fate, HOST);
	fx->in[5] ^= 1;
	fx->in[12] = 0x81;
	fx->in[13] = 0;
	bfly_fixture_both(test, len, "in a VLAN");
	KUNIT_EXPECT_EQ(test, fx->rx.fate, HOST);
}

/* Whether netdev receive may do what XDP leaves to it. */
static bool is_fragment(const struct fixture *fx, unsigned int len)
{
	struct bfly_view view = {
		.data = fx->in + ETH_HLEN, .linear = len - ETH_HLEN,
		.len = len - ETH_HLEN,
		.protocol = ((const struct ethhdr *)fx->in)->h_proto,
	};
	struct bfly_parsed parsed;

	return !bfly_parse_view(&view, &parsed) &&
	       (parsed.class == BFLY_CLASS_FRAGMENT || parsed.first_fragment);
}

/* Bytes that are broken anywhere after the Ethernet header. */
static void broken_frames(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u32 i, sent = 0;

	for (i = 0; i < 20000; i++) {
		u32 dice = prandom_u32_state(&fx->rnd);
		struct spec spec = {
			.family = family_of(dice), .proto = protos[(dice >> 1) % 3],
			.dport = PORT + (dice >> 4) % 20, .ttl = 64,
			.len = (dice >> 12) % 40,
		};
		unsigned int len = dice >> 31 ? bfly_put_gre(fx, &spec, family_of(dice >> 30)) :
						bfly_put_frame(fx, &spec);
		u32 breaks = (dice >> 20) % 3;

		while (breaks--) {
			u32 at = prandom_u32_state(&fx->rnd);

			fx->in[ETH_HLEN + at % (len - ETH_HLEN)] ^= BIT(at >> 29);
		}
		if (is_fragment(fx, len))
			continue;
		bfly_fixture_both(test, len, "a broken frame");
		sent += fx->rx.fate == SENT;
	}
	KUNIT_EXPECT_GT(test, sent, 1000);
}

static struct kunit_case hooks_cases[] = {
	KUNIT_CASE(all_methods),
	KUNIT_CASE(offloads),
	KUNIT_CASE(gre_retarget),
	KUNIT_CASE(gre_retarget_flow),
	KUNIT_CASE(dscp_udp_sums),
	KUNIT_CASE(echo),
	KUNIT_CASE(drop_reasons),
	KUNIT_CASE(no_backend),
	KUNIT_CASE(short_frames),
	KUNIT_CASE(errors),
	KUNIT_CASE(left_to_receive),
	KUNIT_CASE(broken_frames),
	{}
};

static struct kunit_suite hooks_suite = {
	.name = "bfly-balance-hooks",
	.init = hooks_init,
	.exit = bfly_fixture_exit,
	.test_cases = hooks_cases,
};

kunit_test_suites(&hooks_suite);
