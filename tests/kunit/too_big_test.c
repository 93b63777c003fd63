// SPDX-License-Identifier: GPL-2.0
/* Answers to packets that are too big, and to whom none is due. */

#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "too_big.h"

#define SRC4	0x0a000001
#define DST4	0x0a000002
#define MTU	1390

static const struct in6_addr src6 = { .s6_addr = { 0xfd, [15] = 1 } };
static const struct in6_addr dst6 = { .s6_addr = { 0xfd, [15] = 2 } };
static const u8 src_mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };
static const u8 dst_mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 2 };

/* A packet of @len bytes, its upper layer's first byte @type; as in a net. */
static struct sk_buff *packet(struct kunit *test, bool ip4, u8 proto, u8 type,
			      unsigned int len)
{
	struct sk_buff *skb = alloc_skb(2048, GFP_KERNEL);
	unsigned int i, head = ip4 ? sizeof(struct iphdr) :
				     sizeof(struct ipv6hdr);
	struct ethhdr *eth;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reset_mac_header(skb);
	eth = skb_put(skb, ETH_HLEN);
	ether_addr_copy(eth->h_source, src_mac);
	ether_addr_copy(eth->h_dest, dst_mac);
	eth->h_proto = ip4 ? htons(ETH_P_IP) : htons(ETH_P_IPV6);
	skb->protocol = eth->h_proto;
	__skb_pull(skb, ETH_HLEN);
	skb_reset_network_header(skb);
	skb_put(skb, len);
	for (i = 0; i < len; i++)
		skb->data[i] = i;
	if (ip4)
		*ip_hdr(skb) = (struct iphdr){
			.version = 4, .ihl = 5, .tot_len = htons(len),
			.frag_off = htons(IP_DF), .ttl = 9, .protocol = proto,
			.saddr = htonl(SRC4), .daddr = htonl(DST4),
		};
	else
		*ipv6_hdr(skb) = (struct ipv6hdr){
			.version = 6, .payload_len = htons(len - head),
			.nexthdr = proto, .hop_limit = 9,
			.saddr = src6, .daddr = dst6,
		};
	if (len > head)
		skb->data[head] = type;
	return skb;
}

static void expect_none(struct kunit *test, struct sk_buff *skb,
			const char *what)
{
	struct sk_buff *answer = bfly_too_big_answer(skb, MTU);

	KUNIT_EXPECT_NULL_MSG(test, answer, "%s", what);
	kfree_skb(answer);
	kfree_skb(skb);
}

static void expect_frame(struct kunit *test, const struct sk_buff *skb,
			 const struct sk_buff *answer, unsigned int head,
			 unsigned int max)
{
	unsigned int len = min(head + skb->len, max);

	KUNIT_EXPECT_EQ(test, len, answer->len);
	KUNIT_EXPECT_EQ(test, 0, memcmp(answer->data + head, skb->data,
					len - head));
	KUNIT_EXPECT_EQ(test, ETH_HLEN,
			answer->data - skb_mac_header(answer));
	KUNIT_EXPECT_TRUE(test, ether_addr_equal(eth_hdr(answer)->h_dest, src_mac));
	KUNIT_EXPECT_TRUE(test, ether_addr_equal(eth_hdr(answer)->h_source, dst_mac));
	KUNIT_EXPECT_EQ(test, eth_hdr(answer)->h_proto, skb->protocol);
	KUNIT_EXPECT_EQ(test, answer->protocol, skb->protocol);
}

static void too_big_ip4(struct kunit *test)
{
	static const unsigned int lens[] = { 21, 547, 548, 549, 1500 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		struct sk_buff *skb = packet(test, true, IPPROTO_TCP, 0, lens[i]);
		struct sk_buff *answer = bfly_too_big_answer(skb, MTU);
		const struct icmphdr *icmph;
		const struct iphdr *iph;

		KUNIT_ASSERT_NOT_NULL(test, answer);
		expect_frame(test, skb, answer, sizeof(*iph) + sizeof(*icmph), 576);
		iph = ip_hdr(answer);
		icmph = (const struct icmphdr *)(iph + 1);
		KUNIT_EXPECT_EQ(test, 0, ip_fast_csum(iph, iph->ihl));
		KUNIT_EXPECT_EQ(test, answer->len, ntohs(iph->tot_len));
		KUNIT_EXPECT_EQ(test, IPPROTO_ICMP, iph->protocol);
		KUNIT_EXPECT_EQ(test, 64, iph->ttl);
		KUNIT_EXPECT_EQ(test, DST4, ntohl(iph->saddr));
		KUNIT_EXPECT_EQ(test, SRC4, ntohl(iph->daddr));
		KUNIT_EXPECT_EQ(test, ICMP_DEST_UNREACH, icmph->type);
		KUNIT_EXPECT_EQ(test, ICMP_FRAG_NEEDED, icmph->code);
		KUNIT_EXPECT_EQ(test, MTU, ntohs(icmph->un.frag.mtu));
		KUNIT_EXPECT_EQ(test, 0, ip_compute_csum(icmph, answer->len -
							 sizeof(*iph)));
		kfree_skb(answer);
		kfree_skb(skb);
	}
}

static void too_big_ip6(struct kunit *test)
{
	static const unsigned int lens[] = { 41, 1231, 1232, 1233, 1500 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		struct sk_buff *skb = packet(test, false, IPPROTO_UDP, 0, lens[i]);
		struct sk_buff *answer = bfly_too_big_answer(skb, MTU);
		const struct icmp6hdr *icmp6h;
		const struct ipv6hdr *ip6h;
		unsigned int len;

		KUNIT_ASSERT_NOT_NULL(test, answer);
		expect_frame(test, skb, answer, sizeof(*ip6h) + sizeof(*icmp6h),
			     1280);
		ip6h = ipv6_hdr(answer);
		icmp6h = (const struct icmp6hdr *)(ip6h + 1);
		len = answer->len - sizeof(*ip6h);
		KUNIT_EXPECT_EQ(test, len, ntohs(ip6h->payload_len));
		KUNIT_EXPECT_EQ(test, IPPROTO_ICMPV6, ip6h->nexthdr);
		KUNIT_EXPECT_EQ(test, 64, ip6h->hop_limit);
		KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&ip6h->saddr, &dst6));
		KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&ip6h->daddr, &src6));
		KUNIT_EXPECT_EQ(test, ICMPV6_PKT_TOOBIG, icmp6h->icmp6_type);
		KUNIT_EXPECT_EQ(test, 0, icmp6h->icmp6_code);
		KUNIT_EXPECT_EQ(test, MTU, ntohl(icmp6h->icmp6_mtu));
		KUNIT_EXPECT_EQ(test, 0,
				csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, len,
						IPPROTO_ICMPV6,
						csum_partial(icmp6h, len, 0)));
		kfree_skb(answer);
		kfree_skb(skb);
	}
}

static void too_big_queries(struct kunit *test)
{
	struct sk_buff *skb = packet(test, true, IPPROTO_ICMP, ICMP_ECHO, 1400);
	struct sk_buff *answer = bfly_too_big_answer(skb, MTU);

	KUNIT_EXPECT_NOT_NULL(test, answer);
	kfree_skb(answer);
	kfree_skb(skb);
	skb = packet(test, false, IPPROTO_ICMPV6, ICMPV6_ECHO_REQUEST, 1400);
	answer = bfly_too_big_answer(skb, MTU);
	KUNIT_EXPECT_NOT_NULL(test, answer);
	kfree_skb(answer);
	kfree_skb(skb);
}

static void too_big_no_answer(struct kunit *test)
{
	struct sk_buff *skb;

	expect_none(test, packet(test, true, IPPROTO_ICMP, ICMP_DEST_UNREACH, 1400),
		    "an ICMP error");
	expect_none(test, packet(test, true, IPPROTO_ICMP, 0, sizeof(struct iphdr)),
		    "ICMP without a type");
	expect_none(test, packet(test, false, IPPROTO_ICMPV6, ICMPV6_PKT_TOOBIG, 1400),
		    "an ICMPv6 error");
	expect_none(test, packet(test, false, IPPROTO_ICMPV6, NDISC_REDIRECT, 1400),
		    "a redirect");
	expect_none(test, packet(test, false, IPPROTO_ICMPV6, 0, sizeof(struct ipv6hdr)),
		    "ICMPv6 without a type");
	expect_none(test, packet(test, false, NEXTHDR_DEST, 0, sizeof(struct ipv6hdr)),
		    "an extension header that is not there");

	skb = packet(test, true, IPPROTO_TCP, 0, 1400);
	ip_hdr(skb)->frag_off = htons(IP_DF | 100);
	expect_none(test, skb, "a fragment");
	skb = packet(test, true, IPPROTO_TCP, 0, 1400);
	ip_hdr(skb)->ihl = 4;
	expect_none(test, skb, "a short header");
	skb = packet(test, true, IPPROTO_UDP, 0, 1400);
	ip_hdr(skb)->daddr = htonl(0xe0000001);
	expect_none(test, skb, "to a group");
	skb = packet(test, true, IPPROTO_UDP, 0, 1400);
	ip_hdr(skb)->saddr = 0;
	expect_none(test, skb, "from nobody");
	skb = packet(test, false, IPPROTO_UDP, 0, 1400);
	ipv6_hdr(skb)->saddr = in6addr_any;
	expect_none(test, skb, "from nobody, IPv6");
	skb = packet(test, false, IPPROTO_UDP, 0, 1400);
	ipv6_hdr(skb)->daddr.s6_addr[0] = 0xff;
	expect_none(test, skb, "to a group, IPv6");
	skb = packet(test, false, IPPROTO_UDP, 0, 1400);
	eth_broadcast_addr(eth_hdr(skb)->h_dest);
	expect_none(test, skb, "a broadcast frame");
}

static struct kunit_case too_big_cases[] = {
	KUNIT_CASE(too_big_ip4),
	KUNIT_CASE(too_big_ip6),
	KUNIT_CASE(too_big_queries),
	KUNIT_CASE(too_big_no_answer),
	{}
};

static struct kunit_suite too_big_suite = {
	.name = "bfly-too-big",
	.test_cases = too_big_cases,
};

kunit_test_suites(&too_big_suite);
