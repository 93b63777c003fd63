// SPDX-License-Identifier: GPL-2.0
/* The parser, on packets built by hand: whole, cut short at each byte, lying. */

#include <kunit/test.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/prandom.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/tcp.h>

#include "parse.h"

#define SRC4	0x0a000001
#define DST4	0x0a000002
#define SPORT	1234
#define DPORT	80
#define ROOM	512

static const struct in6_addr src6 = { .s6_addr = { 0x20, 1, 0xd, 0xb8, [15] = 1 } };
static const struct in6_addr dst6 = { .s6_addr = { 0x20, 1, 0xd, 0xb8, [15] = 2 } };

/* A packet under construction, from the network header on. */
struct frame {
	u16 ethertype;
	unsigned int len;
	u8 data[ROOM];
};

static void *put(struct frame *f, unsigned int len)
{
	void *at = f->data + f->len;

	f->len += len;
	return memset(at, 0, len);
}

static struct iphdr *put_ip4(struct frame *f, u8 proto)
{
	struct iphdr *ip = put(f, sizeof(*ip));

	f->ethertype = ETH_P_IP;
	ip->version = 4;
	ip->ihl = 5;
	ip->protocol = proto;
	ip->saddr = htonl(SRC4);
	ip->daddr = htonl(DST4);
	return ip;
}

static struct ipv6hdr *put_ip6(struct frame *f, u8 proto)
{
	struct ipv6hdr *ip = put(f, sizeof(*ip));

	f->ethertype = ETH_P_IPV6;
	ip->version = 6;
	ip->nexthdr = proto;
	ip->saddr = src6;
	ip->daddr = dst6;
	return ip;
}

/* An IP header of either family; fix_len() must follow once all is there. */
static void put_ip(struct frame *f, bool v6, u8 proto)
{
	if (v6)
		put_ip6(f, proto);
	else
		put_ip4(f, proto);
}

static void fix_len(struct frame *f)
{
	if (f->ethertype == ETH_P_IP)
		((struct iphdr *)f->data)->tot_len = htons(f->len);
	else
		((struct ipv6hdr *)f->data)->payload_len =
			htons(f->len - sizeof(struct ipv6hdr));
}

static void put_tcp(struct frame *f, u8 flags)
{
	struct tcphdr *tcp = put(f, sizeof(*tcp));

	tcp->source = htons(SPORT);
	tcp->dest = htons(DPORT);
	tcp->seq = htonl(0x11223344);
	tcp->ack_seq = htonl(0x55667788);
	tcp->window = htons(0x99aa);
	tcp->doff = 5;
	((u8 *)tcp)[13] = flags;
}

static void put_udp(struct frame *f)
{
	struct udphdr *udp = put(f, sizeof(*udp));

	udp->source = htons(SPORT);
	udp->dest = htons(DPORT);
	udp->len = htons(sizeof(*udp));
}

static void put_icmp(struct frame *f, u8 type, u8 code, u16 id)
{
	struct icmphdr *icmp = put(f, sizeof(*icmp));

	icmp->type = type;
	icmp->code = code;
	icmp->un.echo.id = htons(id);
}

/* An skb of the frame with @linear bytes in its linear part, the rest paged. */
static struct sk_buff *to_skb(struct kunit *test, const struct frame *f,
			      unsigned int len, unsigned int linear)
{
	struct sk_buff *skb = alloc_skb(ROOM + ETH_HLEN + NET_IP_ALIGN,
					GFP_KERNEL);
	struct page *page;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, ETH_HLEN + NET_IP_ALIGN);
	skb->protocol = htons(f->ethertype);
	linear = min(linear, len);
	skb_put_data(skb, f->data, linear);
	if (len > linear) {
		page = alloc_page(GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, page);
		memcpy(page_address(page), f->data + linear, len - linear);
		skb_add_rx_frag(skb, 0, page, 0, len - linear, PAGE_SIZE);
	}
	skb_reset_network_header(skb);
	return skb;
}

static enum bfly_drop parse_part(struct kunit *test, const struct frame *f,
				 unsigned int len, unsigned int linear,
				 struct bfly_parsed *parsed)
{
	struct sk_buff *skb = to_skb(test, f, len, linear);
	enum bfly_drop drop = bfly_parse(skb, parsed);

	kfree_skb(skb);
	return drop;
}

/* Parses the frame linear, with one linear byte, and in between: all the same. */
static enum bfly_drop parse(struct kunit *test, const struct frame *f,
			    struct bfly_parsed *parsed)
{
	static const unsigned int linear[] = { 1, 19, 21, 40, 41 };
	enum bfly_drop drop = parse_part(test, f, f->len, f->len, parsed);
	struct bfly_parsed other;
	int i;

	for (i = 0; i < ARRAY_SIZE(linear); i++) {
		KUNIT_EXPECT_EQ(test, drop,
				parse_part(test, f, f->len, linear[i], &other));
		KUNIT_EXPECT_MEMEQ(test, parsed, &other, sizeof(other));
	}
	return drop;
}

static void expect_key(struct kunit *test, const struct bfly_parsed *parsed,
		       bool v6, u8 proto, u16 sport, u16 dport)
{
	const struct bfly_key *key = &parsed->key;

	KUNIT_EXPECT_EQ(test, key->family, v6 ? AF_INET6 : AF_INET);
	KUNIT_EXPECT_EQ(test, key->proto, proto);
	KUNIT_EXPECT_EQ(test, ntohs(key->sport), sport);
	KUNIT_EXPECT_EQ(test, ntohs(key->dport), dport);
	if (v6) {
		KUNIT_EXPECT_MEMEQ(test, &key->src, &src6, sizeof(src6));
		KUNIT_EXPECT_MEMEQ(test, &key->dst, &dst6, sizeof(dst6));
	} else {
		KUNIT_EXPECT_EQ(test, key->src.s6_addr32[0], htonl(SRC4));
		KUNIT_EXPECT_EQ(test, key->dst.s6_addr32[0], htonl(DST4));
		KUNIT_EXPECT_EQ(test, key->src.s6_addr32[3], 0);
	}
}

static void tcp(struct kunit *test)
{
	struct bfly_parsed parsed;
	int v6;

	for (v6 = 0; v6 < 2; v6++) {
		struct frame f = {};

		put_ip(&f, v6, IPPROTO_TCP);
		put_tcp(&f, TCPHDR_SYN | TCPHDR_ACK);
		fix_len(&f);
		KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_PASS);
		KUNIT_EXPECT_EQ(test, parsed.class, BFLY_CLASS_FLOW);
		KUNIT_EXPECT_EQ(test, parsed.tcp_flags,
				TCPHDR_SYN | TCPHDR_ACK);
		KUNIT_EXPECT_EQ(test, parsed.l4_off, v6 ? 40 : 20);
		KUNIT_EXPECT_EQ(test, parsed.tot_len, f.len);
		expect_key(test, &parsed, v6, IPPROTO_TCP, SPORT, DPORT);
	}
}

static u8 wscale_of(struct kunit *test, u8 flags, const u8 *opt, int len)
{
	struct bfly_parsed parsed;
	struct frame f = {};

	put_ip(&f, false, IPPROTO_TCP);
	put_tcp(&f, flags);
	((struct tcphdr *)(f.data + sizeof(struct iphdr)))->doff += len / 4;
	memcpy(put(&f, len), opt, len);
	fix_len(&f);
	KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_PASS);
	KUNIT_EXPECT_EQ(test, parsed.tcp_seq, htonl(0x11223344));
	KUNIT_EXPECT_EQ(test, parsed.tcp_ack, htonl(0x55667788));
	KUNIT_EXPECT_EQ(test, parsed.tcp_window, 0x99aa);
	return parsed.tcp_wscale;
}

static void window_scale(struct kunit *test)
{
	static const struct {
		u8 opt[8];
		u8 len;
		u8 wscale;
	} cases[] = {
		{ { 3, 3, 7, 0 }, 4, 7 },
		{ { 1, 3, 3, 0 }, 4, 0 },
		{ { 2, 4, 5, 180, 1, 3, 3, 14 }, 8, 14 },
		/* more than RFC 7323 allows is its most */
		{ { 3, 3, 15, 0 }, 4, 14 },
		{ { 3, 3, 255, 0 }, 4, 14 },
		/* none, or none that is whole */
		{ {}, 0, BFLY_TCP_NO_WSCALE },
		{ { 1, 1, 1, 3 }, 4, BFLY_TCP_NO_WSCALE },
		{ { 1, 1, 3, 3 }, 4, BFLY_TCP_NO_WSCALE },
		{ { 0, 3, 3, 7 }, 4, BFLY_TCP_NO_WSCALE },
		{ { 2, 0, 3, 3, 3, 3, 7, 0 }, 8, BFLY_TCP_NO_WSCALE },
		{ { 2, 255, 3, 3, 3, 3, 7, 0 }, 8, BFLY_TCP_NO_WSCALE },
		{ { 3, 4, 7, 0 }, 4, BFLY_TCP_NO_WSCALE },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, wscale_of(test, TCPHDR_SYN,
						    cases[i].opt, cases[i].len),
				    cases[i].wscale, "case %d", i);
	/* no other segment has the option */
	KUNIT_EXPECT_EQ(test, wscale_of(test, TCPHDR_ACK, cases[0].opt, 4), 0);
}

static void udp_and_padding(struct kunit *test)
{
	struct bfly_parsed parsed;
	int v6;

	for (v6 = 0; v6 < 2; v6++) {
		struct frame f = {};

		put_ip(&f, v6, IPPROTO_UDP);
		put_udp(&f);
		fix_len(&f);
		/* Ethernet pads short frames: that is not the packet's */
		put(&f, 18);
		KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_PASS);
		KUNIT_EXPECT_EQ(test, parsed.tot_len, f.len - 18);
		expect_key(test, &parsed, v6, IPPROTO_UDP, SPORT, DPORT);
	}
}

static void other_protocols(struct kunit *test)
{
	static const struct { u8 proto; bool ports; } cases[] = {
		{ IPPROTO_SCTP, true }, { IPPROTO_DCCP, true },
		{ IPPROTO_UDPLITE, true }, { IPPROTO_GRE, false },
		{ IPPROTO_ESP, false }, { 253, false },
	};
	struct bfly_parsed parsed;
	int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct frame f = {};

		put_ip(&f, i & 1, cases[i].proto);
		put_udp(&f);
		fix_len(&f);
		KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_PASS);
		KUNIT_EXPECT_EQ(test, parsed.class, BFLY_CLASS_FLOW);
		expect_key(test, &parsed, i & 1, cases[i].proto,
			   cases[i].ports * SPORT, cases[i].ports * DPORT);
	}
}

static u8 icmp_proto(bool v6)
{
	return v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
}

/* A query and its answer have one key, the one the other reversed. */
static void icmp_queries(struct kunit *test)
{
	static const struct { bool v6; u8 query; u8 reply; } cases[] = {
		{ false, ICMP_ECHO, ICMP_ECHOREPLY },
		{ false, ICMP_TIMESTAMP, ICMP_TIMESTAMPREPLY },
		{ false, ICMP_ADDRESS, ICMP_ADDRESSREPLY },
		{ true, ICMPV6_ECHO_REQUEST, ICMPV6_ECHO_REPLY },
	};
	struct bfly_parsed parsed;
	int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u8 proto = icmp_proto(cases[i].v6);
		struct frame query = {}, reply = {};

		put_ip(&query, cases[i].v6, proto);
		put_icmp(&query, cases[i].query, 0, 77);
		fix_len(&query);
		KUNIT_EXPECT_EQ(test, parse(test, &query, &parsed), BFLY_PASS);
		KUNIT_EXPECT_EQ(test, parsed.class, BFLY_CLASS_FLOW);
		expect_key(test, &parsed, cases[i].v6, proto, 77,
			   cases[i].query << 8);

		put_ip(&reply, cases[i].v6, proto);
		put_icmp(&reply, cases[i].reply, 0, 77);
		fix_len(&reply);
		KUNIT_EXPECT_EQ(test, parse(test, &reply, &parsed), BFLY_PASS);
		KUNIT_EXPECT_EQ(test, parsed.class, BFLY_CLASS_REPLY);
		expect_key(test, &parsed, cases[i].v6, proto,
			   cases[i].query << 8, 77);
	}
}

/* An error is named by the packet that it quotes, reversed. */
static void icmp_errors(struct kunit *test)
{
	struct bfly_parsed parsed;
	int v6;

	for (v6 = 0; v6 < 2; v6++) {
		struct frame f = {};

		put_ip(&f, v6, v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
		put_icmp(&f, v6 ? ICMPV6_PKT_TOOBIG : ICMP_DEST_UNREACH, 0, 0);
		put_ip(&f, v6, IPPROTO_TCP);
		/* eight bytes are all that a router needs to quote */
		put(&f, 8);
		*(__be16 *)(f.data + f.len - 8) = htons(SPORT);
		*(__be16 *)(f.data + f.len - 6) = htons(DPORT);
		fix_len(&f);
		if (!v6)
			((struct iphdr *)(f.data + 28))->tot_len = htons(1500);
		KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_PASS);
		KUNIT_EXPECT_EQ(test, parsed.class, BFLY_CLASS_ERROR);
		KUNIT_EXPECT_EQ(test, parsed.quoted_off, v6 ? 48 : 28);
		KUNIT_EXPECT_EQ(test, ntohs(parsed.key.sport), DPORT);
		KUNIT_EXPECT_EQ(test, ntohs(parsed.key.dport), SPORT);
		KUNIT_EXPECT_EQ(test, parsed.key.proto, IPPROTO_TCP);
		if (v6)
			KUNIT_EXPECT_MEMEQ(test, &parsed.key.src, &dst6,
					   sizeof(dst6));
		else
			KUNIT_EXPECT_EQ(test, parsed.key.src.s6_addr32[0],
					htonl(DST4));
	}
}

static void error_quotes_error(struct kunit *test)
{
	struct bfly_parsed parsed;
	struct frame f = {};

	put_ip4(&f, IPPROTO_ICMP);
	put_icmp(&f, ICMP_DEST_UNREACH, 0, 0);
	put_ip4(&f, IPPROTO_ICMP)->tot_len = htons(100);
	put_icmp(&f, ICMP_TIME_EXCEEDED, 0, 0);
	fix_len(&f);
	KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_DROP_NO_FLOW);
}

static void discovery(struct kunit *test)
{
	static const struct { u8 type; u8 class; } cases[] = {
		{ 133, BFLY_CLASS_ND }, { 134, BFLY_CLASS_ND },
		{ 135, BFLY_CLASS_ND }, { 136, BFLY_CLASS_ND },
		{ 137, BFLY_CLASS_ND }, { 130, BFLY_CLASS_MLD },
		{ 131, BFLY_CLASS_MLD }, { 132, BFLY_CLASS_MLD },
		{ 143, BFLY_CLASS_MLD }, { 150, BFLY_CLASS_FLOW },
	};
	struct bfly_parsed parsed;
	int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct frame f = {};

		put_ip6(&f, IPPROTO_ICMPV6);
		put_icmp(&f, cases[i].type, 3, 0);
		put(&f, 16);
		fix_len(&f);
		KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_PASS);
		KUNIT_EXPECT_EQ(test, parsed.class, cases[i].class);
		KUNIT_EXPECT_EQ(test, parsed.icmp_type, cases[i].type);
		expect_key(test, &parsed, true, IPPROTO_ICMPV6, 0,
			   cases[i].type << 8 | 3);
	}
}

static void fragments4(struct kunit *test)
{
	struct bfly_parsed parsed;
	struct frame first = {}, later = {};
	struct iphdr *ip;

	ip = put_ip4(&first, IPPROTO_UDP);
	ip->frag_off = htons(IP_MF);
	ip->id = htons(99);
	put_udp(&first);
	fix_len(&first);
	KUNIT_EXPECT_EQ(test, parse(test, &first, &parsed), BFLY_PASS);
	KUNIT_EXPECT_EQ(test, parsed.class, BFLY_CLASS_FLOW);
	KUNIT_EXPECT_TRUE(test, parsed.first_fragment);
	KUNIT_EXPECT_EQ(test, parsed.frag_id, 99);

	ip = put_ip4(&later, IPPROTO_UDP);
	ip->frag_off = htons(185);
	ip->id = htons(99);
	put(&later, 8);
	fix_len(&later);
	KUNIT_EXPECT_EQ(test, parse(test, &later, &parsed), BFLY_PASS);
	KUNIT_EXPECT_EQ(test, parsed.class, BFLY_CLASS_FRAGMENT);
	expect_key(test, &parsed, false, IPPROTO_UDP, 0, 0);
}

static void fragments6(struct kunit *test)
{
	struct bfly_parsed parsed;
	int later;

	for (later = 0; later < 2; later++) {
		struct frame f = {};
		struct frag_hdr *frag;

		put_ip6(&f, NEXTHDR_FRAGMENT);
		frag = put(&f, sizeof(*frag));
		frag->nexthdr = IPPROTO_UDP;
		frag->frag_off = htons(later ? 1480 : IP6_MF);
		frag->identification = htonl(0x12345678);
		put_udp(&f);
		fix_len(&f);
		KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_PASS);
		KUNIT_EXPECT_EQ(test, parsed.class,
				later ? BFLY_CLASS_FRAGMENT : BFLY_CLASS_FLOW);
		KUNIT_EXPECT_EQ(test, parsed.first_fragment, !later);
		KUNIT_EXPECT_EQ(test, parsed.frag_id, 0x12345678);
		expect_key(test, &parsed, true, IPPROTO_UDP,
			   later ? 0 : SPORT, later ? 0 : DPORT);
	}
}

static void put_exthdrs(struct frame *f, int count)
{
	struct ipv6hdr *ip = put_ip6(f, count ? NEXTHDR_DEST : IPPROTO_TCP);
	struct ipv6_opt_hdr *opt;

	while (count--) {
		opt = put(f, 8);
		opt->nexthdr = count ? NEXTHDR_DEST : IPPROTO_TCP;
	}
	put_tcp(f, TCPHDR_ACK);
	ip->payload_len = htons(f->len - sizeof(*ip));
}

static void extension_headers(struct kunit *test)
{
	struct bfly_parsed parsed;
	int count;

	for (count = 0; count <= BFLY_EXTHDR_MAX + 1; count++) {
		struct frame f = {};

		put_exthdrs(&f, count);
		if (count > BFLY_EXTHDR_MAX) {
			KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed),
					BFLY_DROP_EXTHDR);
			continue;
		}
		KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_PASS);
		KUNIT_EXPECT_EQ(test, parsed.l4_off, 40 + 8 * count);
		expect_key(test, &parsed, true, IPPROTO_TCP, SPORT, DPORT);
	}
}

static void ip_options(struct kunit *test)
{
	struct bfly_parsed parsed;
	struct frame f = {};

	put_ip4(&f, IPPROTO_TCP)->ihl = 15;
	put(&f, 40);
	put_tcp(&f, TCPHDR_ACK);
	fix_len(&f);
	KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_PASS);
	KUNIT_EXPECT_EQ(test, parsed.l4_off, 60);
	expect_key(test, &parsed, false, IPPROTO_TCP, SPORT, DPORT);
}

static void arp(struct kunit *test)
{
	struct bfly_parsed parsed;
	struct frame f = { .ethertype = ETH_P_ARP };
	struct arphdr *hdr = put(&f, 28);

	hdr->ar_hrd = htons(ARPHRD_ETHER);
	hdr->ar_pro = htons(ETH_P_IP);
	hdr->ar_hln = ETH_ALEN;
	hdr->ar_pln = 4;
	KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_PASS);
	KUNIT_EXPECT_EQ(test, parsed.class, BFLY_CLASS_ARP);
	hdr->ar_hln = 8;
	KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_DROP_MALFORMED);

	f.ethertype = ETH_P_RARP;
	KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_PASS);
	KUNIT_EXPECT_EQ(test, parsed.class, BFLY_CLASS_RARP);
}

static void not_ours(struct kunit *test)
{
	static const u16 types[] = { ETH_P_8021Q, ETH_P_8021AD, ETH_P_MPLS_UC,
				     ETH_P_LLDP, ETH_P_802_2, 0 };
	struct bfly_parsed parsed;
	struct sk_buff *skb;
	struct frame f = {};
	int i;

	put_ip4(&f, IPPROTO_TCP);
	put_tcp(&f, 0);
	fix_len(&f);
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		f.ethertype = types[i];
		KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_PASS);
		KUNIT_EXPECT_EQ(test, parsed.class, BFLY_CLASS_OTHER);
	}
	/* the same with the tag where a NIC puts it */
	f.ethertype = ETH_P_IP;
	skb = to_skb(test, &f, f.len, f.len);
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 7);
	KUNIT_EXPECT_EQ(test, bfly_parse(skb, &parsed), BFLY_PASS);
	KUNIT_EXPECT_EQ(test, parsed.class, BFLY_CLASS_OTHER);
	kfree_skb(skb);
}

/* Cut at each byte, a packet is malformed until all that is read is there. */
static void truncated(struct kunit *test)
{
	struct bfly_parsed parsed;
	unsigned int len, linear;
	int v6;

	for (v6 = 0; v6 < 2; v6++) {
		struct frame f = {};

		if (v6)
			put_exthdrs(&f, 3);
		else
			put_ip4(&f, IPPROTO_TCP), put_tcp(&f, 0), fix_len(&f);
		for (len = 0; len < f.len; len++)
			for (linear = 0; linear <= len; linear += 7)
				KUNIT_EXPECT_EQ(test, BFLY_DROP_MALFORMED,
						parse_part(test, &f, len,
							   linear, &parsed));
	}
}

static void lying4(struct kunit *test)
{
	struct bfly_parsed parsed;
	struct frame good = {}, f;
	struct iphdr *ip = (struct iphdr *)f.data;

	put_ip4(&good, IPPROTO_TCP);
	put_tcp(&good, 0);
	fix_len(&good);

	f = good;
	ip->ihl = 4;
	KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_DROP_MALFORMED);
	f = good;
	ip->ihl = 15;
	KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_DROP_MALFORMED);
	f = good;
	ip->version = 6;
	KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_DROP_MALFORMED);
	f = good;
	ip->tot_len = htons(good.len + 1);
	KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_DROP_MALFORMED);
	f = good;
	ip->tot_len = htons(19);
	KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_DROP_MALFORMED);
	f = good;
	ip->tot_len = 0;
	KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_DROP_MALFORMED);
	f = good;
	/* the TCP header would lie past the packet, in its padding */
	ip->tot_len = htons(30);
	KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_DROP_MALFORMED);
	f = good;
	((struct tcphdr *)(f.data + 20))->doff = 4;
	KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_DROP_MALFORMED);
	f = good;
	((struct tcphdr *)(f.data + 20))->doff = 15;
	KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_DROP_MALFORMED);
}

static void lying6(struct kunit *test)
{
	struct bfly_parsed parsed;
	struct frame good = {}, f;
	struct ipv6hdr *ip = (struct ipv6hdr *)f.data;

	put_exthdrs(&good, 1);
	f = good;
	ip->payload_len = htons(good.len);
	KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_DROP_MALFORMED);
	f = good;
	ip->payload_len = 0;
	KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_DROP_MALFORMED);
	f = good;
	/* an extension header that says it goes past the packet */
	f.data[41] = 255;
	KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_DROP_MALFORMED);
	f = good;
	ip->version = 4;
	KUNIT_EXPECT_EQ(test, parse(test, &f, &parsed), BFLY_DROP_MALFORMED);
}

/* Whatever comes, the parser ends, and says the same of paged and linear. */
static void random_bytes(struct kunit *test)
{
	struct bfly_parsed parsed;
	struct rnd_state rnd;
	struct frame f;
	int i;

	prandom_seed_state(&rnd, 0x62666c79);
	for (i = 0; i < 5000; i++) {
		f.ethertype = i & 1 ? ETH_P_IP : ETH_P_IPV6;
		f.len = 20 + prandom_u32_state(&rnd) % 120;
		prandom_bytes_state(&rnd, f.data, f.len);
		/* past the first checks, most of the time */
		f.data[0] = i & 1 ? 0x45 : 0x60;
		if (i & 2)
			fix_len(&f);
		if (i & 4)
			f.data[i & 1 ? 9 : 6] = i & 1 ? IPPROTO_ICMP :
							NEXTHDR_HOP;
		parse(test, &f, &parsed);
	}
}

static struct kunit_case parse_cases[] = {
	KUNIT_CASE(tcp),
	KUNIT_CASE(window_scale),
	KUNIT_CASE(udp_and_padding),
	KUNIT_CASE(other_protocols),
	KUNIT_CASE(icmp_queries),
	KUNIT_CASE(icmp_errors),
	KUNIT_CASE(error_quotes_error),
	KUNIT_CASE(discovery),
	KUNIT_CASE(fragments4),
	KUNIT_CASE(fragments6),
	KUNIT_CASE(extension_headers),
	KUNIT_CASE(ip_options),
	KUNIT_CASE(arp),
	KUNIT_CASE(not_ours),
	KUNIT_CASE(truncated),
	KUNIT_CASE(lying4),
	KUNIT_CASE(lying6),
	KUNIT_CASE(random_bytes),
	{}
};

static struct kunit_suite parse_suite = {
	.name = "bfly-parse",
	.test_cases = parse_cases,
};

kunit_test_suites(&parse_suite);
