// SPDX-License-Identifier: GPL-2.0
/* What outer headers take from inner ones and give back. */

#include <kunit/test.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/dsfield.h>
#include <net/ip.h>

#include "outer.h"

#define DSCP	0xb8	/* EF */
#define NOT_ECT	INET_ECN_NOT_ECT
#define ECT1	INET_ECN_ECT_1
#define ECT0	INET_ECN_ECT_0
#define CE	INET_ECN_CE

/* A header of either family at skb->data, of which @linear bytes are linear. */
static struct sk_buff *inner(struct kunit *test, bool ip4, u8 tos, u8 ttl,
			     unsigned int linear)
{
	unsigned int len = ip4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
	u8 header[sizeof(struct ipv6hdr)] = {};
	struct sk_buff *skb = alloc_skb(128, GFP_KERNEL);
	struct page *page;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	if (ip4) {
		struct iphdr *iph = (struct iphdr *)header;

		*iph = (struct iphdr){ .version = 4, .ihl = 5, .tos = tos, .ttl = ttl };
		ip_send_check(iph);
	} else {
		struct ipv6hdr *ip6h = (struct ipv6hdr *)header;

		ip6_flow_hdr(ip6h, tos, htonl(0x12345));
		ip6h->hop_limit = ttl;
	}
	skb_put_data(skb, header, linear);
	if (linear < len) {
		page = alloc_page(GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, page);
		memcpy(page_address(page), header + linear, len - linear);
		skb_add_rx_frag(skb, 0, page, 0, len - linear, PAGE_SIZE);
	}
	skb_reset_network_header(skb);
	skb->protocol = ip4 ? htons(ETH_P_IP) : htons(ETH_P_IPV6);
	return skb;
}

static u8 inner_tos(const struct sk_buff *skb, bool ip4)
{
	return ip4 ? ip_hdr(skb)->tos : ipv6_get_dsfield(ipv6_hdr(skb));
}

static void outer_fill(struct kunit *test)
{
	static const struct {
		u8 tos;
		u16 ttl;
		u8 inner_tos, inner_ttl, want_tos, want_ttl;
	} cases[] = {
		{ BFLY_TOS_INHERIT, BFLY_TTL_AUTO, 0, 7, 0, 33 },
		{ BFLY_TOS_INHERIT, 64, 0, 7, 0, 64 },
		{ BFLY_TOS_INHERIT, BFLY_TTL_INHERIT, DSCP | ECT0, 7, DSCP | ECT0, 7 },
		{ BFLY_TOS_INHERIT, 1, DSCP | CE, 255, DSCP | CE, 1 },
		{ 0, 255, DSCP | ECT1, 1, ECT1, 255 },
		{ 0x20, BFLY_TTL_INHERIT, DSCP | CE, 1, 0x20 | CE, 1 },
		{ 0x20, BFLY_TTL_INHERIT, 0, 200, 0x20, 200 },
	};
	unsigned int i, ip4, linear;

	for (i = 0; i < ARRAY_SIZE(cases) * 4; i++) {
		const typeof(cases[0]) *c = &cases[i / 4];
		struct bfly_net_conf conf = { .tos = c->tos, .ttl = c->ttl };
		struct bfly_encap encap = { .ttl = 33 };
		struct sk_buff *skb;

		ip4 = i & 1;
		linear = i & 2 ? 1 : ip4 ? sizeof(struct iphdr) :
					   sizeof(struct ipv6hdr);
		skb = inner(test, ip4, c->inner_tos, c->inner_ttl, linear);
		bfly_outer_fill(&conf, skb, true, &encap);
		KUNIT_EXPECT_EQ_MSG(test, c->want_tos, encap.tos, "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, c->want_ttl, encap.ttl, "case %u", i);
		kfree_skb(skb);
	}
}

static void outer_fill_no_ip(struct kunit *test)
{
	struct bfly_net_conf conf = {
		.tos = BFLY_TOS_INHERIT, .ttl = BFLY_TTL_INHERIT,
	};
	struct sk_buff *skb = inner(test, true, 0xff, 1, sizeof(struct iphdr));
	struct bfly_encap encap = {};

	skb->protocol = htons(ETH_P_ARP);
	bfly_outer_fill(&conf, skb, true, &encap);
	KUNIT_EXPECT_EQ(test, 0, encap.tos);
	KUNIT_EXPECT_EQ(test, BFLY_ENCAP_TTL, encap.ttl);

	skb->protocol = htons(ETH_P_IP);
	skb_trim(skb, sizeof(struct iphdr) - 1);
	bfly_outer_fill(&conf, skb, true, &encap);
	KUNIT_EXPECT_EQ(test, 0, encap.tos);
	KUNIT_EXPECT_EQ(test, BFLY_ENCAP_TTL, encap.ttl);
	kfree_skb(skb);
}

static void outer_csum(struct kunit *test)
{
	static const bool want[3][2] = {	/* over IPv6, over IPv4 */
		[BFLY_CSUM_AUTO] = { true, false },
		[BFLY_CSUM_ON] = { true, true },
		[BFLY_CSUM_OFF] = { false, false },
	};
	struct sk_buff *skb = inner(test, true, 0, 1, sizeof(struct iphdr));
	unsigned int i;

	for (i = 0; i < 6; i++) {
		struct bfly_net_conf conf = { .csum = i / 2 };
		struct bfly_encap encap = {};

		bfly_outer_fill(&conf, skb, i & 1, &encap);
		KUNIT_EXPECT_EQ_MSG(test, want[i / 2][i & 1], encap.csum,
				    "case %u", i);
	}
	kfree_skb(skb);
}

/* RFC 6040, figure 4; -1 is a drop. */
static void outer_ecn(struct kunit *test)
{
	static const int want[4][4] = {		/* inner, outer */
		[NOT_ECT] = { [NOT_ECT] = NOT_ECT, [ECT0] = NOT_ECT, [ECT1] = NOT_ECT, [CE] = -1 },
		[ECT0] = { [NOT_ECT] = ECT0, [ECT0] = ECT0, [ECT1] = ECT1, [CE] = CE },
		[ECT1] = { [NOT_ECT] = ECT1, [ECT0] = ECT1, [ECT1] = ECT1, [CE] = CE },
		[CE] = { [NOT_ECT] = CE, [ECT0] = CE, [ECT1] = CE, [CE] = CE },
	};
	unsigned int i, in, out, ip4, linear;

	for (i = 0; i < 64; i++) {
		struct sk_buff *skb, *clone;
		enum bfly_drop drop;

		in = i & 3;
		out = i >> 2 & 3;
		ip4 = i >> 4 & 1;
		linear = i >> 5 ? 1 : ip4 ? sizeof(struct iphdr) :
					    sizeof(struct ipv6hdr);
		skb = inner(test, ip4, DSCP | in, 9, linear);
		/* somebody else looks at the packet, too */
		clone = skb_clone(skb, GFP_KERNEL);
		drop = bfly_outer_ecn(skb, 0x40 | out);
		KUNIT_EXPECT_EQ_MSG(test, want[in][out] < 0 ? BFLY_DROP_ECN :
				    BFLY_PASS, drop, "case %u", i);
		pskb_may_pull(skb, skb->len);
		if (!drop)
			KUNIT_EXPECT_EQ_MSG(test, DSCP | want[in][out],
					    inner_tos(skb, ip4), "case %u", i);
		if (ip4)
			KUNIT_EXPECT_EQ_MSG(test, 0, ip_fast_csum(skb->data, 5),
					    "case %u", i);
		pskb_may_pull(clone, clone->len);
		KUNIT_EXPECT_EQ_MSG(test, DSCP | in, inner_tos(clone, ip4),
				    "case %u", i);
		kfree_skb(clone);
		kfree_skb(skb);
	}
}

static struct kunit_case outer_cases[] = {
	KUNIT_CASE(outer_fill),
	KUNIT_CASE(outer_fill_no_ip),
	KUNIT_CASE(outer_csum),
	KUNIT_CASE(outer_ecn),
	{}
};

static struct kunit_suite outer_suite = {
	.name = "bfly-outer",
	.test_cases = outer_cases,
};

kunit_test_suites(&outer_suite);
