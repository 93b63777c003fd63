// SPDX-License-Identifier: GPL-2.0
/* Questions for addresses: which are taken for such, answers byte by byte, the table. */

#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "neigh.h"
#include "solicit.h"

static const u8 asker[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };
static const u8 owner[ETH_ALEN] = { 2, 0, 0, 0, 0, 2 };

/* Who has 10.0.0.2, tell 10.0.0.1 */
static const u8 arp_request[] = {
	0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x01,
	0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x0a, 0x00, 0x00, 0x01,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0a, 0x00, 0x00, 0x02,
};

#define ARP_OP		7
#define ARP_SENDER_IP	14
#define ARP_TARGET_IP	24

/* fd00::1 solicits fd00::2, with its link-layer address */
static const u8 nd_solicit[] = {
	0x60, 0x00, 0x00, 0x00, 0x00, 0x20, 0x3a, 0xff, 0xfd, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01,
	0xff, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01,
	0xff, 0x00, 0x00, 0x02, 0x87, 0x00, 0x7d, 0x97, 0x00, 0x00, 0x00, 0x00,
	0xfd, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x02, 0x01, 0x01, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01,
};

#define ND_PAYLOAD_LEN	5
#define ND_HOP_LIMIT	7
#define ND_DST		24
#define ND_CODE		41
#define ND_CHECKSUM	42
#define ND_TARGET	48

/* :: solicits it, to find out whether it is free */
static const u8 nd_probe[] = {
	0x60, 0x00, 0x00, 0x00, 0x00, 0x18, 0x3a, 0xff, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0xff, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01,
	0xff, 0x00, 0x00, 0x02, 0x87, 0x00, 0x7d, 0xa3, 0x00, 0x00, 0x00, 0x00,
	0xfd, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x02,
};

/* Reads a frame of which @linear bytes past the MAC header are linear. */
static bool read_linear(struct kunit *test, u16 proto, const u8 *data,
			unsigned int len, unsigned int linear,
			struct bfly_solicit *solicit)
{
	struct sk_buff *skb = alloc_skb_with_frags(ETH_HLEN + linear,
						   len - linear, 0, &(int){ 0 },
						   GFP_KERNEL);
	struct bfly_parsed parsed;
	bool asks;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, ETH_HLEN);
	skb_put(skb, linear);
	skb->data_len = len - linear;
	skb->len = len;
	skb_store_bits(skb, 0, data, len);
	skb_set_mac_header(skb, -ETH_HLEN);
	skb_reset_network_header(skb);
	ether_addr_copy(eth_hdr(skb)->h_source, asker);
	skb->protocol = htons(proto);
	asks = !bfly_parse(skb, &parsed) &&
	       bfly_solicit_read(skb, &parsed, solicit);
	kfree_skb(skb);
	return asks;
}

static bool read_frame(struct kunit *test, u16 proto, const u8 *data,
		       unsigned int len, struct bfly_solicit *solicit)
{
	return read_linear(test, proto, data, len, len, solicit);
}

/* Reads it with one byte changed. */
static bool read_changed(struct kunit *test, u16 proto, const u8 *data,
			 unsigned int len, unsigned int at, u8 to)
{
	struct bfly_solicit solicit;
	u8 copy[128];

	memcpy(copy, data, len);
	copy[at] = to;
	return read_frame(test, proto, copy, len, &solicit);
}

static void reads_arp(struct kunit *test)
{
	static const u8 probe[] = {
		0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x01,
		0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0a, 0x00, 0x00, 0x02,
	};
	struct bfly_solicit solicit;

	KUNIT_ASSERT_TRUE(test, read_frame(test, ETH_P_ARP, arp_request,
					   sizeof(arp_request), &solicit));
	KUNIT_EXPECT_EQ(test, solicit.target.family, AF_INET);
	KUNIT_EXPECT_EQ(test, solicit.target.ip4, htonl(0x0a000002));
	KUNIT_EXPECT_EQ(test, solicit.target.ip6.s6_addr32[3], 0);
	KUNIT_EXPECT_EQ(test, solicit.sender.ip4, htonl(0x0a000001));
	KUNIT_EXPECT_MEMEQ(test, solicit.mac, asker, ETH_ALEN);
	KUNIT_ASSERT_TRUE(test, read_frame(test, ETH_P_ARP, probe,
					   sizeof(probe), &solicit));
	KUNIT_EXPECT_EQ(test, solicit.sender.ip4, 0);
}

static void reads_nd(struct kunit *test)
{
	struct bfly_solicit solicit;

	KUNIT_ASSERT_TRUE(test, read_frame(test, ETH_P_IPV6, nd_solicit,
					   sizeof(nd_solicit), &solicit));
	KUNIT_EXPECT_EQ(test, solicit.target.family, AF_INET6);
	KUNIT_EXPECT_MEMEQ(test, &solicit.target.ip6, nd_solicit + ND_TARGET, 16);
	KUNIT_EXPECT_MEMEQ(test, &solicit.sender.ip6, nd_solicit + 8, 16);
	KUNIT_EXPECT_MEMEQ(test, solicit.mac, asker, ETH_ALEN);
	KUNIT_ASSERT_TRUE(test, read_frame(test, ETH_P_IPV6, nd_probe,
					   sizeof(nd_probe), &solicit));
	KUNIT_EXPECT_TRUE(test, ipv6_addr_any(&solicit.sender.ip6));
}

static void reads_fragmented_memory(struct kunit *test)
{
	struct bfly_solicit solicit;

	KUNIT_EXPECT_TRUE(test, read_linear(test, ETH_P_IPV6, nd_solicit,
					    sizeof(nd_solicit), 1, &solicit));
	KUNIT_EXPECT_MEMEQ(test, &solicit.target.ip6, nd_solicit + ND_TARGET, 16);
	KUNIT_EXPECT_TRUE(test, read_linear(test, ETH_P_ARP, arp_request,
					    sizeof(arp_request), 1, &solicit));
	KUNIT_EXPECT_EQ(test, solicit.target.ip4, htonl(0x0a000002));
}

static void not_arp_questions(struct kunit *test)
{
	const u8 *data = arp_request;
	unsigned int len = sizeof(arp_request);
	struct bfly_solicit solicit;
	unsigned int i;

	KUNIT_EXPECT_FALSE(test, read_changed(test, ETH_P_ARP, data, len, ARP_OP, 2));
	KUNIT_EXPECT_FALSE(test, read_changed(test, ETH_P_ARP, data, len, ARP_OP, 0));
	/* gratuitous */
	KUNIT_EXPECT_FALSE(test, read_changed(test, ETH_P_ARP, data, len,
					      ARP_SENDER_IP + 3, 2));
	KUNIT_EXPECT_FALSE(test, read_changed(test, ETH_P_ARP, data, len,
					      ARP_TARGET_IP + 3, 1));
	for (i = 0; i < len; i++)
		KUNIT_EXPECT_FALSE_MSG(test, read_frame(test, ETH_P_ARP, data, i,
							&solicit), "%u bytes", i);
}

static void not_nd_questions(struct kunit *test)
{
	unsigned int len = sizeof(nd_solicit);
	const u8 *data = nd_solicit;
	struct bfly_solicit solicit;
	unsigned int i;

	KUNIT_EXPECT_FALSE(test, read_changed(test, ETH_P_IPV6, data, len,
					      ND_HOP_LIMIT, 254));
	KUNIT_EXPECT_FALSE(test, read_changed(test, ETH_P_IPV6, data, len,
					      ND_CODE, 1));
	KUNIT_EXPECT_FALSE(test, read_changed(test, ETH_P_IPV6, data, len,
					      ND_CHECKSUM, 0));
	KUNIT_EXPECT_FALSE(test, read_changed(test, ETH_P_IPV6, data, len,
					      ND_TARGET, 0xff));
	/* too short for a target, by the header */
	KUNIT_EXPECT_FALSE(test, read_changed(test, ETH_P_IPV6, data, len,
					      ND_PAYLOAD_LEN, 23));
	/* a probe that is not to the solicited node */
	KUNIT_EXPECT_FALSE(test, read_changed(test, ETH_P_IPV6, nd_probe,
					      sizeof(nd_probe), ND_DST + 12, 0));
	for (i = 0; i < len; i++)
		KUNIT_EXPECT_FALSE_MSG(test, read_frame(test, ETH_P_IPV6, data, i,
							&solicit), "%u bytes", i);
}

static void arp_answer(struct kunit *test)
{
	static const u8 want[] = {
		0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x02,
		0x02, 0x00, 0x00, 0x00, 0x00, 0x02, 0x0a, 0x00, 0x00, 0x02,
		0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x0a, 0x00, 0x00, 0x01,
	};
	struct bfly_solicit solicit;
	struct bfly_arp arp;

	KUNIT_ASSERT_TRUE(test, read_frame(test, ETH_P_ARP, arp_request,
					   sizeof(arp_request), &solicit));
	memset(&arp, 0xa5, sizeof(arp));
	bfly_solicit_arp(&arp, &solicit, owner);
	KUNIT_ASSERT_EQ(test, sizeof(arp), sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, &arp, want, sizeof(want));
}

static void nd_answer(struct kunit *test)
{
	/* solicited and override, to who asked */
	static const u8 want[] = {
		0x60, 0x00, 0x00, 0x00, 0x00, 0x20, 0x3a, 0xff, 0xfd, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02,
		0xfd, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x01, 0x88, 0x00, 0x1c, 0x9a, 0x60, 0x00, 0x00, 0x00,
		0xfd, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x02, 0x02, 0x01, 0x02, 0x00, 0x00, 0x00, 0x00, 0x02,
	};
	struct bfly_solicit solicit;
	struct bfly_advert advert;

	KUNIT_ASSERT_TRUE(test, read_frame(test, ETH_P_IPV6, nd_solicit,
					   sizeof(nd_solicit), &solicit));
	memset(&advert, 0xa5, sizeof(advert));
	bfly_solicit_advert(&advert, &solicit, owner);
	KUNIT_ASSERT_EQ(test, sizeof(advert), sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, &advert, want, sizeof(want));
}

static void nd_answer_to_probe(struct kunit *test)
{
	/* override alone, to all nodes */
	static const u8 want[] = {
		0x60, 0x00, 0x00, 0x00, 0x00, 0x20, 0x3a, 0xff, 0xfd, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02,
		0xff, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x01, 0x88, 0x00, 0x5a, 0x98, 0x20, 0x00, 0x00, 0x00,
		0xfd, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x02, 0x02, 0x01, 0x02, 0x00, 0x00, 0x00, 0x00, 0x02,
	};
	struct bfly_solicit solicit;
	struct bfly_advert advert;

	KUNIT_ASSERT_TRUE(test, read_frame(test, ETH_P_IPV6, nd_probe,
					   sizeof(nd_probe), &solicit));
	bfly_solicit_advert(&advert, &solicit, owner);
	KUNIT_EXPECT_MEMEQ(test, &advert, want, sizeof(want));
}

static const struct bfly_addr host4 = { .ip4 = htonl(0x0a000002), .family = AF_INET };
static const struct bfly_addr host6 = {
	.ip6 = { .s6_addr = { 0xfd, [15] = 2 } }, .family = AF_INET6,
};

static struct bfly_neighs *add_owner(struct kunit *test, struct bfly_net *net,
				     const struct bfly_hop *hop)
{
	struct bfly_neighs *neighs = bfly_neighs_new(3);

	KUNIT_ASSERT_NOT_NULL(test, neighs);
	bfly_neighs_put(neighs, &host4, owner, hop);
	bfly_neighs_put(neighs, &host6, owner, hop);
	bfly_neighs_put(neighs, &host4, owner, hop);
	KUNIT_EXPECT_EQ(test, neighs->count, 2);
	KUNIT_ASSERT_EQ(test, bfly_neighs_add(net, neighs), 0);
	return neighs;
}

static const struct bfly_hop *owner_of(struct bfly_net *net,
				       const struct bfly_addr *addr)
{
	const struct bfly_neigh *neigh;

	rcu_read_lock();
	neigh = bfly_neigh_find(net, addr);
	rcu_read_unlock();
	return neigh ? neigh->hop : NULL;
}

static void table(struct kunit *test)
{
	/* all zeros but for the family: what follows an IPv4 address counts, too */
	struct bfly_addr other = { .family = AF_INET6 };
	struct bfly_net *net = kunit_kzalloc(test, sizeof(*net), GFP_KERNEL);
	static const struct bfly_hop a, b;
	struct bfly_neighs *of_a, *of_b;

	KUNIT_ASSERT_NOT_NULL(test, net);
	KUNIT_ASSERT_EQ(test, bfly_neighs_init(net), 0);
	other.ip4 = host4.ip4;
	rtnl_lock();
	KUNIT_EXPECT_NULL(test, owner_of(net, &host4));
	of_a = add_owner(test, net, &a);
	KUNIT_EXPECT_PTR_EQ(test, owner_of(net, &host4), &a);
	KUNIT_EXPECT_PTR_EQ(test, owner_of(net, &host6), &a);
	KUNIT_EXPECT_NULL(test, owner_of(net, &other));
	of_b = add_owner(test, net, &b);
	KUNIT_EXPECT_NULL(test, owner_of(net, &host4));
	KUNIT_EXPECT_NULL(test, owner_of(net, &host6));
	bfly_neighs_del(net, of_a);
	KUNIT_EXPECT_PTR_EQ(test, owner_of(net, &host4), &b);
	KUNIT_EXPECT_PTR_EQ(test, owner_of(net, &host6), &b);
	bfly_neighs_del(net, of_b);
	KUNIT_EXPECT_NULL(test, owner_of(net, &host4));
	rtnl_unlock();
	bfly_neighs_fini(net);
}

static struct kunit_case solicit_cases[] = {
	KUNIT_CASE(reads_arp),
	KUNIT_CASE(reads_nd),
	KUNIT_CASE(reads_fragmented_memory),
	KUNIT_CASE(not_arp_questions),
	KUNIT_CASE(not_nd_questions),
	KUNIT_CASE(arp_answer),
	KUNIT_CASE(nd_answer),
	KUNIT_CASE(nd_answer_to_probe),
	KUNIT_CASE(table),
	{}
};

static struct kunit_suite solicit_suite = {
	.name = "bfly-solicit",
	.test_cases = solicit_cases,
};

kunit_test_suites(&solicit_suite);
