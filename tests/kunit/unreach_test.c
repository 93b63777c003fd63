// SPDX-License-Identifier: GPL-2.0
/* ICMP errors about packets to backends, as they are read. */

#include <kunit/test.h>
#include <linux/icmp.h>
#include <linux/udp.h>
#include <net/ip.h>

#include "unreach.h"

#define OURS4	htonl(0xc0000201)
#define THEIRS4	htonl(0xc0000203)

static const struct in6_addr ours6 = { .s6_addr = { 0x20, 1, [15] = 1 } };
static const struct in6_addr theirs6 = { .s6_addr = { 0x20, 1, [15] = 3 } };

/* A router's error about a GUE packet, with an option in the outer header. */
struct error4 {
	struct iphdr ip;
	u8 option[4];
	struct icmphdr icmp;
	struct iphdr quoted;
	struct udphdr udp;
} __packed;

struct error6 {
	struct ipv6hdr ip;
	struct icmp6hdr icmp;
	struct ipv6hdr quoted;
	struct udphdr udp;
} __packed;

static const struct error4 good4 = {
	.ip = {
		.version = 4, .ihl = 6, .protocol = IPPROTO_ICMP,
		.saddr = htonl(0xc00002fe), .daddr = OURS4,
	},
	.option = { 1, 1, 1, 0 },
	.icmp = { .type = ICMP_DEST_UNREACH, .code = ICMP_HOST_UNREACH },
	.quoted = {
		.version = 4, .ihl = 5, .protocol = IPPROTO_UDP,
		.saddr = OURS4, .daddr = THEIRS4,
	},
	.udp = { .source = htons(50000), .dest = htons(6080) },
};

static void good6(struct error6 *packet)
{
	*packet = (struct error6){
		.ip = { .version = 6, .nexthdr = IPPROTO_ICMPV6, .daddr = ours6 },
		.icmp = {
			.icmp6_type = ICMPV6_DEST_UNREACH,
			.icmp6_code = ICMPV6_ADDR_UNREACH,
		},
		.quoted = {
			.version = 6, .nexthdr = IPPROTO_UDP,
			.saddr = ours6, .daddr = theirs6,
		},
		.udp = { .source = htons(50000), .dest = htons(6080) },
	};
}

/* The packet is copied, so that what lies behind it is seen by KASAN. */
static bool parse(struct kunit *test, const void *data, u32 len,
		  u16 protocol, struct bfly_unreach *un)
{
	struct bfly_view view = {
		.linear = len, .len = len, .protocol = htons(protocol),
	};
	u8 *copy = kunit_kmalloc(test, len ?: 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, data, len);
	view.data = copy;
	memset(un, 0, sizeof(*un));
	return bfly_unreach_parse(&view, un);
}

static bool parse4(struct kunit *test, const struct error4 *packet,
		   struct bfly_unreach *un)
{
	return parse(test, packet, sizeof(*packet), ETH_P_IP, un);
}

static bool parse6(struct kunit *test, const struct error6 *packet,
		   struct bfly_unreach *un)
{
	return parse(test, packet, sizeof(*packet), ETH_P_IPV6, un);
}

static void unreach_ip4(struct kunit *test)
{
	struct error4 packet = good4;
	struct bfly_unreach un;
	u32 code;

	KUNIT_ASSERT_TRUE(test, parse4(test, &packet, &un));
	KUNIT_EXPECT_EQ(test, AF_INET, un.from.family);
	KUNIT_EXPECT_EQ(test, OURS4, un.from.ip4);
	KUNIT_EXPECT_EQ(test, AF_INET, un.to.family);
	KUNIT_EXPECT_EQ(test, THEIRS4, un.to.ip4);
	KUNIT_EXPECT_EQ(test, IPPROTO_UDP, un.proto);
	KUNIT_EXPECT_EQ(test, 6080, un.port);
	KUNIT_EXPECT_EQ(test, ICMP_HOST_UNREACH, un.code);

	for (code = 0; code < 256; code++) {
		packet.icmp.code = code;
		KUNIT_EXPECT_EQ(test, code != ICMP_FRAG_NEEDED,
				parse4(test, &packet, &un));
		if (code != ICMP_FRAG_NEEDED)
			KUNIT_EXPECT_EQ(test, code, un.code);
	}
	packet = good4;
	packet.quoted.protocol = IPPROTO_IPIP;
	KUNIT_EXPECT_TRUE(test, parse4(test, &packet, &un));
	KUNIT_EXPECT_EQ(test, IPPROTO_IPIP, un.proto);
	KUNIT_EXPECT_EQ(test, 0, un.port);
}

static void unreach_ip6(struct kunit *test)
{
	struct bfly_unreach un;
	struct error6 packet;

	good6(&packet);
	KUNIT_ASSERT_TRUE(test, parse6(test, &packet, &un));
	KUNIT_EXPECT_EQ(test, AF_INET6, un.from.family);
	KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&ours6, &un.from.ip6));
	KUNIT_EXPECT_EQ(test, AF_INET6, un.to.family);
	KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&theirs6, &un.to.ip6));
	KUNIT_EXPECT_EQ(test, IPPROTO_UDP, un.proto);
	KUNIT_EXPECT_EQ(test, 6080, un.port);
	KUNIT_EXPECT_EQ(test, ICMPV6_ADDR_UNREACH, un.code);

	packet.icmp.icmp6_type = ICMPV6_PKT_TOOBIG;
	KUNIT_EXPECT_FALSE(test, parse6(test, &packet, &un));
	good6(&packet);
	packet.quoted.saddr = theirs6;
	KUNIT_EXPECT_FALSE(test, parse6(test, &packet, &un));
	good6(&packet);
	packet.quoted.version = 4;
	KUNIT_EXPECT_FALSE(test, parse6(test, &packet, &un));
	good6(&packet);
	packet.ip.nexthdr = IPPROTO_UDP;
	KUNIT_EXPECT_FALSE(test, parse6(test, &packet, &un));
}

static void unreach_not(struct kunit *test)
{
	struct error4 packet = good4;
	struct bfly_unreach un;

	packet.icmp.type = ICMP_TIME_EXCEEDED;
	KUNIT_EXPECT_FALSE(test, parse4(test, &packet, &un));
	packet = good4;
	packet.ip.protocol = IPPROTO_UDP;
	KUNIT_EXPECT_FALSE(test, parse4(test, &packet, &un));
	packet = good4;
	packet.ip.frag_off = htons(IP_MF);
	KUNIT_EXPECT_FALSE(test, parse4(test, &packet, &un));
	packet = good4;
	packet.ip.ihl = 4;
	KUNIT_EXPECT_FALSE(test, parse4(test, &packet, &un));
	packet = good4;
	packet.quoted.ihl = 4;
	KUNIT_EXPECT_FALSE(test, parse4(test, &packet, &un));
	packet = good4;
	packet.quoted.version = 6;
	KUNIT_EXPECT_FALSE(test, parse4(test, &packet, &un));
	/* who gets the error has not sent the packet */
	packet = good4;
	packet.quoted.saddr = THEIRS4;
	KUNIT_EXPECT_FALSE(test, parse4(test, &packet, &un));
	KUNIT_EXPECT_FALSE(test, parse(test, &good4, sizeof(good4), ETH_P_ARP,
				       &un));
}

/* Cut short anywhere; the ports may be missing. */
static void unreach_short(struct kunit *test)
{
	u32 need4 = offsetof(struct error4, udp), len;
	u32 need6 = offsetof(struct error6, udp);
	struct bfly_unreach un;
	struct error6 packet;

	for (len = 0; len <= sizeof(good4); len++) {
		KUNIT_EXPECT_EQ(test, len >= need4,
				parse(test, &good4, len, ETH_P_IP, &un));
		KUNIT_EXPECT_EQ(test, len == sizeof(good4) ? 6080 : 0, un.port);
	}
	good6(&packet);
	for (len = 0; len <= sizeof(packet); len++) {
		KUNIT_EXPECT_EQ(test, len >= need6,
				parse(test, &packet, len, ETH_P_IPV6, &un));
		KUNIT_EXPECT_EQ(test, len == sizeof(packet) ? 6080 : 0,
				un.port);
	}
}

static struct kunit_case unreach_cases[] = {
	KUNIT_CASE(unreach_ip4),
	KUNIT_CASE(unreach_ip6),
	KUNIT_CASE(unreach_not),
	KUNIT_CASE(unreach_short),
	{}
};

static struct kunit_suite unreach_suite = {
	.name = "bfly-unreach",
	.test_cases = unreach_cases,
};

kunit_test_suites(&unreach_suite);
