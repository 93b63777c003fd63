// SPDX-License-Identifier: GPL-2.0
/* Compiled policies: rule by rule, and against a slow and plain matcher. */

#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/prandom.h>
#include <linux/rtnetlink.h>
#include <linux/sort.h>

#include "group.h"
#include "policy.h"
#include "switch.h"

#define IN	BFLY_DIRECTION_IN
#define OUT	BFLY_DIRECTION_OUT
#define SEED	0x62666c79

#define IP4(a, b, c, d)	((a) << 24 | (b) << 16 | (c) << 8 | (d))
#define WORDS4(ip)	{ .in6_u.u6_addr32 = { cpu_to_be32(ip) } }
#define WORDS6(a, b, c, d)						\
	{ .in6_u.u6_addr32 = { cpu_to_be32(a), cpu_to_be32(b),		\
			       cpu_to_be32(c), cpu_to_be32(d) } }

#define PREFIX4(ip, l)							\
	{ .addr = { .ip6 = WORDS4(ip), .family = AF_INET }, .len = (l) }
#define PREFIX6(a, b, c, d, l)						\
	{ .addr = { .ip6 = WORDS6(a, b, c, d), .family = AF_INET6 }, .len = (l) }

#define PORTS(p, min, max)	.first = (p) << 16 | (min), .last = (p) << 16 | (max)
#define PORT(p, port)		PORTS(p, port, port)
#define PROTO(p)		PORTS(p, 0, 0xffff)
#define TYPE(p, type)		PORTS(p, (type) << 8, (type) << 8 | 0xff)
#define ANY			.first = 0, .last = BFLY_SERVICE_ANY_MAX

/* Addresses of packets. */
static const struct in6_addr v6_a = WORDS6(0x20010db8, 0, 0, 1);
static const struct in6_addr v6_b = WORDS6(0x20010db8, 0, 0, 2);
static const struct in6_addr v6_other = WORDS6(0x20010db9, 0, 0, 1);

static struct bfly_key key4(u32 src, u32 dst, u8 proto, u16 dport)
{
	return (struct bfly_key){
		.src = WORDS4(src), .dst = WORDS4(dst), .proto = proto,
		.dport = cpu_to_be16(dport), .net = 1, .family = AF_INET,
	};
}

static struct bfly_key key6(const struct in6_addr *src,
			    const struct in6_addr *dst, u8 proto, u16 dport)
{
	return (struct bfly_key){
		.src = *src, .dst = *dst, .proto = proto,
		.dport = cpu_to_be16(dport), .net = 1, .family = AF_INET6,
	};
}

static void free_policy(void *policy)
{
	bfly_policy_free_rcu(policy);
}

static struct bfly_policy *compile(struct kunit *test,
				   const struct bfly_rule *rules, size_t count)
{
	struct bfly_rule **ptrs;
	struct bfly_policy *policy;
	size_t i;

	ptrs = kvmalloc_array(count + 1, sizeof(*ptrs), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ptrs);
	for (i = 0; i < count; i++)
		ptrs[i] = (struct bfly_rule *)&rules[i];
	policy = bfly_policy_compile(ptrs, count);
	kvfree(ptrs);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, policy);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_policy,
							   policy));
	return policy;
}

static bool allows(const struct bfly_policy *policy, int direction,
		   const struct bfly_key *key)
{
	bool ret;

	rcu_read_lock();
	ret = bfly_policy_allows(policy, direction, key);
	rcu_read_unlock();
	return ret;
}

/* From @ip of the other side, in. */
static bool in4(const struct bfly_policy *policy, u32 ip, u8 proto, u16 dport)
{
	struct bfly_key key = key4(ip, IP4(10, 0, 0, 99), proto, dport);

	return allows(policy, IN, &key);
}

static bool in6(const struct bfly_policy *policy, const struct in6_addr *ip,
		u8 proto, u16 dport)
{
	struct bfly_key key = key6(ip, &v6_b, proto, dport);

	return allows(policy, IN, &key);
}

/* ---- rule by rule ---- */

static void policy_empty(struct kunit *test)
{
	struct bfly_policy *policy = compile(test, NULL, 0);
	struct bfly_key key = key4(1, 2, IPPROTO_TCP, 80);

	KUNIT_EXPECT_FALSE(test, bfly_policy_has_out(policy));
	KUNIT_EXPECT_FALSE(test, allows(policy, IN, &key));
	KUNIT_EXPECT_FALSE(test, allows(policy, OUT, &key));
	KUNIT_EXPECT_FALSE(test, in6(policy, &v6_a, IPPROTO_TCP, 80));
}

static void policy_any(struct kunit *test)
{
	static const struct bfly_rule rules[] = { { .direction = IN, ANY } };
	struct bfly_policy *policy = compile(test, rules, ARRAY_SIZE(rules));
	struct bfly_key key = key4(1, 2, IPPROTO_TCP, 80);
	int proto;

	for (proto = 0; proto < 256; proto++) {
		KUNIT_EXPECT_TRUE(test, in4(policy, 0, proto, 0));
		KUNIT_EXPECT_TRUE(test, in4(policy, ~0, proto, 0xffff));
		KUNIT_EXPECT_TRUE(test, in6(policy, &v6_a, proto, 0));
		KUNIT_EXPECT_TRUE(test, in6(policy, &in6addr_any, proto, 0xffff));
	}
	KUNIT_EXPECT_FALSE(test, allows(policy, OUT, &key));
	KUNIT_EXPECT_FALSE(test, bfly_policy_has_out(policy));
}

static void policy_ports(struct kunit *test)
{
	static const struct bfly_rule rules[] = {
		{ .direction = IN, PORT(IPPROTO_TCP, 22) },
		{ .direction = IN, PORTS(IPPROTO_TCP, 80, 89) },
		{ .direction = IN, PORTS(IPPROTO_TCP, 90, 99) },
		{ .direction = IN, PORTS(IPPROTO_TCP, 85, 95) },
		{ .direction = IN, PORT(IPPROTO_UDP, 0) },
		{ .direction = IN, PORT(IPPROTO_UDP, 0xffff) },
		{ .direction = IN, PROTO(IPPROTO_SCTP) },
		{ .direction = IN, PROTO(255) },
	};
	struct bfly_policy *policy = compile(test, rules, ARRAY_SIZE(rules));
	static const struct {
		u8 proto;
		u16 port;
		bool allowed;
	} cases[] = {
		{ IPPROTO_TCP, 21, false }, { IPPROTO_TCP, 22, true },
		{ IPPROTO_TCP, 23, false }, { IPPROTO_TCP, 79, false },
		{ IPPROTO_TCP, 80, true }, { IPPROTO_TCP, 89, true },
		{ IPPROTO_TCP, 90, true }, { IPPROTO_TCP, 99, true },
		{ IPPROTO_TCP, 100, false }, { IPPROTO_TCP, 0xffff, false },
		{ IPPROTO_UDP, 0, true }, { IPPROTO_UDP, 1, false },
		{ IPPROTO_UDP, 0xfffe, false }, { IPPROTO_UDP, 0xffff, true },
		{ IPPROTO_UDP + 1, 0, false }, { IPPROTO_UDP, 22, false },
		{ IPPROTO_SCTP - 1, 0xffff, false }, { IPPROTO_SCTP, 0, true },
		{ IPPROTO_SCTP, 0xffff, true }, { IPPROTO_SCTP + 1, 0, false },
		{ 254, 0xffff, false }, { 255, 0, true }, { 255, 0xffff, true },
		{ 0, 0, false }, { IPPROTO_ICMP, 0, false },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		KUNIT_EXPECT_EQ_MSG(test, cases[i].allowed,
				    in4(policy, 1, cases[i].proto,
					cases[i].port), "IPv4 case %zu", i);
		KUNIT_EXPECT_EQ_MSG(test, cases[i].allowed,
				    in6(policy, &v6_a, cases[i].proto,
					cases[i].port), "IPv6 case %zu", i);
	}
}

/* Protocol 255 up to its last port is not all there is. */
static void policy_icmp_family(struct kunit *test)
{
	static const struct bfly_rule rules[] = {
		{ .direction = IN, PROTO(IPPROTO_ICMP) },
		{ .direction = IN, TYPE(IPPROTO_ICMPV6, 128) },
		{ .direction = IN, PROTO(255) },
	};
	struct bfly_policy *policy = compile(test, rules, ARRAY_SIZE(rules));

	KUNIT_EXPECT_TRUE(test, in4(policy, 1, IPPROTO_ICMP, 8 << 8));
	KUNIT_EXPECT_FALSE(test, in6(policy, &v6_a, IPPROTO_ICMP, 8 << 8));
	KUNIT_EXPECT_TRUE(test, in6(policy, &v6_a, IPPROTO_ICMPV6, 128 << 8));
	KUNIT_EXPECT_FALSE(test, in4(policy, 1, IPPROTO_ICMPV6, 128 << 8));
}

static void policy_icmp_types(struct kunit *test)
{
	static const struct bfly_rule rules[] = {
		{ .direction = IN, TYPE(IPPROTO_ICMP, 8) },
		{ .direction = IN, PORT(IPPROTO_ICMP, 13 << 8 | 3) },
		{ .direction = IN, TYPE(IPPROTO_ICMP, 255) },
	};
	struct bfly_policy *policy = compile(test, rules, ARRAY_SIZE(rules));

	KUNIT_EXPECT_TRUE(test, in4(policy, 1, IPPROTO_ICMP, 8 << 8));
	KUNIT_EXPECT_TRUE(test, in4(policy, 1, IPPROTO_ICMP, 8 << 8 | 255));
	KUNIT_EXPECT_FALSE(test, in4(policy, 1, IPPROTO_ICMP, 9 << 8));
	KUNIT_EXPECT_FALSE(test, in4(policy, 1, IPPROTO_ICMP, 13 << 8 | 2));
	KUNIT_EXPECT_TRUE(test, in4(policy, 1, IPPROTO_ICMP, 13 << 8 | 3));
	KUNIT_EXPECT_FALSE(test, in4(policy, 1, IPPROTO_ICMP, 13 << 8 | 4));
	KUNIT_EXPECT_TRUE(test, in4(policy, 1, IPPROTO_ICMP, 0xffff));
	KUNIT_EXPECT_FALSE(test, in4(policy, 1, IPPROTO_IGMP, 0));
}

static void policy_prefix4(struct kunit *test)
{
	static const struct bfly_rule rules[] = {
		{ .direction = IN, PORT(6, 1), .remote = PREFIX4(IP4(10, 0, 0, 0), 8) },
		{ .direction = IN, PORT(6, 2), .remote = PREFIX4(IP4(10, 1, 0, 0), 16) },
		{ .direction = IN, PORT(6, 3), .remote = PREFIX4(IP4(10, 1, 2, 3), 32) },
		{ .direction = IN, PORT(6, 4), .remote = PREFIX4(IP4(192, 0, 0, 0), 9) },
		{ .direction = IN, PORT(6, 5), .remote = PREFIX4(IP4(192, 128, 0, 0), 9) },
		{ .direction = IN, PORT(6, 6), .remote = PREFIX4(~0U, 32) },
		{ .direction = IN, PORT(6, 7), .remote = PREFIX4(0, 32) },
	};
	struct bfly_policy *policy = compile(test, rules, ARRAY_SIZE(rules));
	static const struct {
		u32 ip;
		u16 ports;	/* bit 1 for port 1 and so on */
	} cases[] = {
		{ 0, BIT(7) }, { 1, 0 },
		{ IP4(9, 255, 255, 255), 0 }, { IP4(10, 0, 0, 0), BIT(1) },
		{ IP4(10, 0, 255, 255), BIT(1) },
		{ IP4(10, 1, 0, 0), BIT(1) | BIT(2) },
		{ IP4(10, 1, 2, 2), BIT(1) | BIT(2) },
		{ IP4(10, 1, 2, 3), BIT(1) | BIT(2) | BIT(3) },
		{ IP4(10, 1, 2, 4), BIT(1) | BIT(2) },
		{ IP4(10, 1, 255, 255), BIT(1) | BIT(2) },
		{ IP4(10, 2, 0, 0), BIT(1) },
		{ IP4(10, 255, 255, 255), BIT(1) }, { IP4(11, 0, 0, 0), 0 },
		{ IP4(191, 255, 255, 255), 0 }, { IP4(192, 0, 0, 0), BIT(4) },
		{ IP4(192, 127, 255, 255), BIT(4) },
		{ IP4(192, 128, 0, 0), BIT(5) }, { IP4(193, 0, 0, 0), 0 },
		{ IP4(255, 255, 255, 254), 0 }, { ~0U, BIT(6) },
	};
	size_t i;
	int port;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		for (port = 0; port < 9; port++)
			KUNIT_EXPECT_EQ_MSG(test, !!(cases[i].ports & BIT(port)),
					    in4(policy, cases[i].ip, 6, port),
					    "case %zu port %d", i, port);
	KUNIT_EXPECT_FALSE(test, in6(policy, &in6addr_any, 6, 7));
}

static void policy_prefix6(struct kunit *test)
{
	static const struct bfly_rule rules[] = {
		{ .direction = IN, PORT(6, 1), .remote = PREFIX6(0x20010db8, 0, 0, 0, 32) },
		{ .direction = IN, PORT(6, 2), .remote = PREFIX6(0x20010db8, 0, 0, 0, 64) },
		{ .direction = IN, PORT(6, 3), .remote = PREFIX6(0x20010db8, 0, 0, 0, 96) },
		{ .direction = IN, PORT(6, 4), .remote = PREFIX6(0x20010db8, 0, 0, 1, 128) },
		{ .direction = IN, PORT(6, 5), .remote = PREFIX6(~0, ~0, ~0, ~0, 128) },
		{ .direction = IN, PORT(6, 6), .remote = PREFIX6(1, 0, ~0, ~0, 128) },
	};
	struct bfly_policy *policy = compile(test, rules, ARRAY_SIZE(rules));
	static const struct {
		struct in6_addr ip;
		u16 ports;
	} cases[] = {
		{ WORDS6(0x20010db7, ~0, ~0, ~0), 0 },
		{ WORDS6(0x20010db8, 0, 0, 0), BIT(1) | BIT(2) | BIT(3) },
		{ WORDS6(0x20010db8, 0, 0, 1), BIT(1) | BIT(2) | BIT(3) | BIT(4) },
		{ WORDS6(0x20010db8, 0, 0, 2), BIT(1) | BIT(2) | BIT(3) },
		{ WORDS6(0x20010db8, 0, 0, ~0), BIT(1) | BIT(2) | BIT(3) },
		{ WORDS6(0x20010db8, 0, 1, 0), BIT(1) | BIT(2) },
		{ WORDS6(0x20010db8, 0, ~0, ~0), BIT(1) | BIT(2) },
		{ WORDS6(0x20010db8, 1, 0, 0), BIT(1) },
		{ WORDS6(0x20010db8, ~0, ~0, ~0), BIT(1) },
		{ WORDS6(0x20010db9, 0, 0, 0), 0 },
		{ WORDS6(1, 0, ~0, ~0), BIT(6) },
		{ WORDS6(1, 1, 0, 0), 0 },
		{ WORDS6(~0, ~0, ~0, ~0), BIT(5) },
		{ WORDS6(~0, ~0, ~0, ~1), 0 },
	};
	size_t i;
	int port;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		for (port = 0; port < 8; port++)
			KUNIT_EXPECT_EQ_MSG(test, !!(cases[i].ports & BIT(port)),
					    in6(policy, &cases[i].ip, 6, port),
					    "case %zu port %d", i, port);
	/* the first bytes alone are those of a prefix */
	KUNIT_EXPECT_FALSE(test, in4(policy, 0x20010db8, 6, 1));
}

/* No remote is both families, a prefix of no bits is its own only. */
static void policy_roots(struct kunit *test)
{
	static const struct bfly_rule rules[] = {
		{ .direction = IN, PORT(6, 1) },
		{ .direction = IN, PORT(6, 2), .remote = PREFIX4(0, 0) },
		{ .direction = IN, PORT(6, 3), .remote = PREFIX6(0, 0, 0, 0, 0) },
		{ .direction = IN, PORT(6, 4), .remote = PREFIX4(IP4(10, 0, 0, 0), 8) },
	};
	struct bfly_policy *policy = compile(test, rules, ARRAY_SIZE(rules));

	KUNIT_EXPECT_TRUE(test, in4(policy, IP4(10, 0, 0, 1), 6, 1));
	KUNIT_EXPECT_TRUE(test, in6(policy, &v6_a, 6, 1));
	KUNIT_EXPECT_TRUE(test, in4(policy, 0, 6, 2));
	KUNIT_EXPECT_TRUE(test, in4(policy, ~0U, 6, 2));
	KUNIT_EXPECT_TRUE(test, in4(policy, IP4(10, 0, 0, 1), 6, 2));
	KUNIT_EXPECT_FALSE(test, in6(policy, &v6_a, 6, 2));
	KUNIT_EXPECT_FALSE(test, in4(policy, 1, 6, 3));
	KUNIT_EXPECT_TRUE(test, in6(policy, &v6_a, 6, 3));
	KUNIT_EXPECT_TRUE(test, in4(policy, IP4(10, 0, 0, 1), 6, 4));
	KUNIT_EXPECT_FALSE(test, in4(policy, IP4(11, 0, 0, 1), 6, 4));
}

static void policy_directions(struct kunit *test)
{
	static const struct bfly_rule rules[] = {
		{ .direction = IN, PORT(6, 1), .remote = PREFIX4(IP4(10, 0, 0, 1), 32) },
		{ .direction = OUT, PORT(6, 2), .remote = PREFIX4(IP4(10, 0, 0, 2), 32) },
		{ .direction = OUT, PORT(6, 3), .remote = PREFIX6(0x20010db8, 0, 0, 2, 128) },
	};
	struct bfly_policy *policy = compile(test, rules, ARRAY_SIZE(rules));
	struct bfly_key key;

	KUNIT_EXPECT_TRUE(test, bfly_policy_has_out(policy));
	key = key4(IP4(10, 0, 0, 1), IP4(10, 0, 0, 2), 6, 1);
	KUNIT_EXPECT_TRUE(test, allows(policy, IN, &key));
	KUNIT_EXPECT_FALSE(test, allows(policy, OUT, &key));
	key = key4(IP4(10, 0, 0, 1), IP4(10, 0, 0, 2), 6, 2);
	KUNIT_EXPECT_FALSE(test, allows(policy, IN, &key));
	KUNIT_EXPECT_TRUE(test, allows(policy, OUT, &key));
	key = key4(IP4(10, 0, 0, 2), IP4(10, 0, 0, 1), 6, 2);
	KUNIT_EXPECT_FALSE(test, allows(policy, OUT, &key));
	key = key4(IP4(10, 0, 0, 2), IP4(10, 0, 0, 1), 6, 1);
	KUNIT_EXPECT_FALSE(test, allows(policy, IN, &key));
	key = key6(&v6_a, &v6_b, 6, 3);
	KUNIT_EXPECT_TRUE(test, allows(policy, OUT, &key));
	key = key6(&v6_b, &v6_a, 6, 3);
	KUNIT_EXPECT_FALSE(test, allows(policy, OUT, &key));
	key = key6(&v6_a, &v6_other, 6, 3);
	KUNIT_EXPECT_FALSE(test, allows(policy, OUT, &key));
}

/* As deep as prefixes nest, each with a port of its own. */
static void policy_deep(struct kunit *test)
{
	struct bfly_rule *rules;
	struct bfly_policy *policy;
	struct in6_addr ip;
	int len, flipped;

	rules = kunit_kcalloc(test, 129, sizeof(*rules), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, rules);
	for (len = 0; len <= 128; len++)
		rules[len] = (struct bfly_rule){
			.direction = IN, PORT(17, len),
			.remote = PREFIX6(0, 0, 0, 0, len),
		};
	policy = compile(test, rules, 129);
	for (len = 0; len <= 128; len++)
		KUNIT_EXPECT_TRUE(test, in6(policy, &in6addr_any, 17, len));
	for (flipped = 0; flipped < 128; flipped++) {
		ip = in6addr_any;
		ip.s6_addr[flipped / 8] = 0x80 >> flipped % 8;
		for (len = 0; len <= 128; len++)
			KUNIT_EXPECT_EQ(test, len <= flipped,
					in6(policy, &ip, 17, len));
	}
}

/* ---- groups as remotes ---- */

/* A group with explicit members. */
static struct bfly_group *make_group(struct bfly_switch *sw, const char *name,
				     const struct bfly_addr *addrs,
				     unsigned int count)
{
	struct bfly_group *group = bfly_group_get(sw, name, NULL);
	struct bfly_rules *rules = bfly_rules_alloc(0);

	if (IS_ERR(group))
		return NULL;
	if (!rules || bfly_group_define(group, true, rules, addrs, count)) {
		kvfree(rules);
		bfly_group_put(group);
		return NULL;
	}
	bfly_group_put(group);
	return group;
}

static void groups_fini(void *sw)
{
	rtnl_lock();
	bfly_groups_fini(sw);
	rtnl_unlock();
}

static struct bfly_switch *make_switch(struct kunit *test)
{
	struct bfly_switch *sw;
	int err;

	sw = kunit_kzalloc(test, sizeof(*sw), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, sw);
	rtnl_lock();
	err = bfly_groups_init(sw);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, 0, err);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, groups_fini, sw));
	return sw;
}

static void policy_groups(struct kunit *test)
{
	static const struct bfly_addr web[] = {
		{ .ip6 = WORDS4(IP4(10, 0, 0, 1)), .family = AF_INET },
		{ .ip6 = WORDS6(0x20010db8, 0, 0, 1), .family = AF_INET6 },
	};
	static const struct bfly_addr db[] = {
		{ .ip6 = WORDS4(IP4(10, 0, 0, 2)), .family = AF_INET },
	};
	struct bfly_switch *sw = make_switch(test);
	struct bfly_group *group_web, *group_db;
	struct bfly_rule rules[5] = {};
	struct bfly_policy *policy;
	struct bfly_key key;

	rtnl_lock();
	group_web = make_group(sw, "web", web, ARRAY_SIZE(web));
	group_db = make_group(sw, "db", db, ARRAY_SIZE(db));
	rtnl_unlock();
	KUNIT_ASSERT_NOT_NULL(test, group_web);
	KUNIT_ASSERT_NOT_NULL(test, group_db);

	rules[0] = (struct bfly_rule){ .direction = IN, PORT(6, 80), .group = group_web };
	rules[1] = (struct bfly_rule){ .direction = IN, PORT(6, 81), .group = group_db };
	rules[2] = (struct bfly_rule){ .direction = OUT, PROTO(6), .group = group_db };
	rules[3] = (struct bfly_rule){ .direction = IN, PROTO(1), .group = group_web };
	rules[4] = (struct bfly_rule){ .direction = IN, PORT(6, 82),
				       .remote = PREFIX4(IP4(10, 0, 0, 0), 24) };
	policy = compile(test, rules, ARRAY_SIZE(rules));

	KUNIT_EXPECT_TRUE(test, in4(policy, IP4(10, 0, 0, 1), 6, 80));
	KUNIT_EXPECT_FALSE(test, in4(policy, IP4(10, 0, 0, 2), 6, 80));
	KUNIT_EXPECT_FALSE(test, in4(policy, IP4(10, 0, 0, 3), 6, 80));
	KUNIT_EXPECT_TRUE(test, in4(policy, IP4(10, 0, 0, 2), 6, 81));
	KUNIT_EXPECT_FALSE(test, in4(policy, IP4(10, 0, 0, 1), 6, 81));
	KUNIT_EXPECT_TRUE(test, in4(policy, IP4(10, 0, 0, 3), 6, 82));
	KUNIT_EXPECT_TRUE(test, in6(policy, &v6_a, 6, 80));
	KUNIT_EXPECT_FALSE(test, in6(policy, &v6_b, 6, 80));
	KUNIT_EXPECT_TRUE(test, in4(policy, IP4(10, 0, 0, 1), 1, 8 << 8));
	KUNIT_EXPECT_FALSE(test, in6(policy, &v6_a, 1, 8 << 8));
	key = key4(IP4(10, 0, 0, 1), IP4(10, 0, 0, 2), 6, 5432);
	KUNIT_EXPECT_TRUE(test, allows(policy, OUT, &key));
	key = key4(IP4(10, 0, 0, 2), IP4(10, 0, 0, 1), 6, 5432);
	KUNIT_EXPECT_FALSE(test, allows(policy, OUT, &key));
}

/* ---- against a plain matcher ---- */

static bool slow_has(const struct in6_addr *ip, const struct in6_addr *prefix,
		     int len)
{
	int bit;

	for (bit = 0; bit < len; bit++)
		if ((ip->s6_addr[bit / 8] ^ prefix->s6_addr[bit / 8]) &
		    (0x80 >> bit % 8))
			return false;
	return true;
}

static bool slow_service(const struct bfly_rule *rule, const struct bfly_key *key)
{
	u8 proto = rule->first >> 16;
	u16 port = be16_to_cpu(key->dport);

	if (rule->last == BFLY_SERVICE_ANY_MAX)
		return true;
	if (proto != key->proto)
		return false;
	if (proto == IPPROTO_ICMP && key->family != AF_INET)
		return false;
	if (proto == IPPROTO_ICMPV6 && key->family != AF_INET6)
		return false;
	return (rule->first & 0xffff) <= port && port <= (rule->last & 0xffff);
}

static bool slow_allows(const struct bfly_rule *rules, size_t count,
			int direction, const struct bfly_key *key,
			const struct bfly_addr *members, size_t member_count)
{
	const struct in6_addr *ip = direction == IN ? &key->src : &key->dst;
	size_t i, j;

	for (i = 0; i < count; i++) {
		if (rules[i].direction != direction ||
		    !slow_service(&rules[i], key))
			continue;
		if (rules[i].group) {
			for (j = 0; j < member_count; j++)
				if (members[j].family == key->family &&
				    slow_has(ip, &members[j].ip6, 128))
					return true;
		} else if (rules[i].remote.addr.family == AF_UNSPEC) {
			return true;
		} else if (rules[i].remote.addr.family == key->family &&
			   slow_has(ip, &rules[i].remote.addr.ip6,
				    rules[i].remote.len)) {
			return true;
		}
	}
	return false;
}

/* Few different addresses, near each other and near powers of two. */
static struct in6_addr random_ip(struct rnd_state *rnd, u16 family)
{
	static const u8 bytes[] = { 0, 1, 10, 127, 128, 254, 255 };
	u32 choice = prandom_u32_state(rnd);
	struct in6_addr ip = {};
	int i, len = family == AF_INET ? 4 : 16;
	u8 fill = choice & 1 ? 0xff : 0;

	for (i = 0; i < len; i++)
		ip.s6_addr[i] = fill;
	for (i = 0; i < 4; i++) {
		choice = prandom_u32_state(rnd);
		ip.s6_addr[choice % len] = bytes[(choice >> 8) % sizeof(bytes)];
	}
	return ip;
}

static u8 random_proto(struct rnd_state *rnd)
{
	static const u8 protos[] = { 0, 1, 6, 7, 17, 58, 132, 255 };

	return protos[prandom_u32_state(rnd) % ARRAY_SIZE(protos)];
}

static u16 random_port(struct rnd_state *rnd)
{
	static const u16 ports[] = { 0, 1, 79, 80, 81, 0x800, 0x8ff, 0xfffe, 0xffff };

	return ports[prandom_u32_state(rnd) % ARRAY_SIZE(ports)];
}

static void random_rule(struct rnd_state *rnd, struct bfly_rule *rule,
			struct bfly_group *group)
{
	u32 choice = prandom_u32_state(rnd);
	u32 proto = random_proto(rnd) << 16;
	u16 a = random_port(rnd), b = random_port(rnd);

	memset(rule, 0, sizeof(*rule));
	rule->direction = choice & 1 ? IN : OUT;
	rule->first = proto | min(a, b);
	rule->last = proto | max(a, b);
	if (!(choice >> 1 & 15)) {
		rule->first = 0;
		rule->last = BFLY_SERVICE_ANY_MAX;
	}
	switch (choice >> 8 & 7) {
	case 0:
		return;
	case 1:
		rule->group = group;
		return;
	case 2:
	case 3:
	case 4:
		rule->remote.addr.family = AF_INET;
		rule->remote.len = (choice >> 16) % 33;
		break;
	default:
		rule->remote.addr.family = AF_INET6;
		rule->remote.len = (choice >> 16) % 129;
		break;
	}
	rule->remote.addr.ip6 = random_ip(rnd, rule->remote.addr.family);
	bfly_prefix_canonical(&rule->remote);
}

static struct bfly_key random_key(struct rnd_state *rnd)
{
	u16 family = prandom_u32_state(rnd) & 1 ? AF_INET : AF_INET6;

	return (struct bfly_key){
		.src = random_ip(rnd, family), .dst = random_ip(rnd, family),
		.proto = random_proto(rnd), .net = 1, .family = family,
		.dport = cpu_to_be16(random_port(rnd)),
	};
}

#define RANDOM_SETS	200
#define RANDOM_PACKETS	500
#define RANDOM_RULES	64
#define RANDOM_MEMBERS	8

static void policy_random(struct kunit *test)
{
	struct bfly_addr members[RANDOM_MEMBERS] = {};
	struct bfly_switch *sw = make_switch(test);
	struct bfly_policy *policy;
	struct bfly_group *group;
	struct rnd_state rnd;
	struct bfly_rule *rules;
	struct bfly_key key;
	u32 set, i, count, allowed = 0;
	bool expected;

	prandom_seed_state(&rnd, SEED);
	rules = kunit_kcalloc(test, RANDOM_RULES, sizeof(*rules), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, rules);
	for (i = 0; i < RANDOM_MEMBERS; i++) {
		members[i].family = i & 1 ? AF_INET : AF_INET6;
		members[i].ip6 = random_ip(&rnd, members[i].family);
		/* two of one address would be refused */
		members[i].ip6.s6_addr[1] = i;
	}
	rtnl_lock();
	group = make_group(sw, "members", members, RANDOM_MEMBERS);
	rtnl_unlock();
	KUNIT_ASSERT_NOT_NULL(test, group);

	for (set = 0; set < RANDOM_SETS; set++) {
		count = prandom_u32_state(&rnd) % RANDOM_RULES;
		for (i = 0; i < count; i++)
			random_rule(&rnd, &rules[i], group);
		policy = compile(test, rules, count);
		for (i = 0; i < RANDOM_PACKETS; i++) {
			key = random_key(&rnd);
			if (!(i % 8))
				key.src = members[i / 8 % RANDOM_MEMBERS].ip6;
			expected = slow_allows(rules, count, i & 1, &key,
					       members, RANDOM_MEMBERS);
			allowed += expected;
			KUNIT_EXPECT_EQ_MSG(test, expected,
					    allows(policy, i & 1, &key),
					    "set %u packet %u", set, i);
		}
	}
	/* or else the comparison says little */
	KUNIT_EXPECT_GT(test, allowed, RANDOM_SETS * RANDOM_PACKETS / 10);
	KUNIT_EXPECT_LT(test, allowed, RANDOM_SETS * RANDOM_PACKETS * 9 / 10);
}

/* ---- order and size ---- */

static void rules_sort(struct kunit *test)
{
	struct bfly_rule *rules, **ptrs;
	struct rnd_state rnd;
	size_t i, count, bad;
	u64 sum;

	prandom_seed_state(&rnd, SEED);
	rules = kunit_kcalloc(test, 1000, sizeof(*rules), GFP_KERNEL);
	ptrs = kunit_kcalloc(test, 1000, sizeof(*ptrs), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, rules);
	KUNIT_ASSERT_NOT_NULL(test, ptrs);
	for (count = 0; count <= 1000; count += count < 20 ? 1 : 245) {
		sum = 0;
		for (i = 0; i < count; i++) {
			random_rule(&rnd, &rules[i], NULL);
			ptrs[i] = &rules[i];
			sum += (unsigned long)ptrs[i];
		}
		KUNIT_EXPECT_EQ(test, 0, bfly_rules_sort(ptrs, count));
		for (i = bad = 0; i < count; i++) {
			sum -= (unsigned long)ptrs[i];
			if (i && bfly_rule_cmp(ptrs[i - 1], ptrs[i]) > 0)
				bad++;
		}
		KUNIT_EXPECT_EQ(test, 0, bad);
		KUNIT_EXPECT_EQ(test, 0, sum);
	}
}

#define LARGE	65536

/* Prefixes and port ranges mixed, as many as a group may have. */
static void policy_large(struct kunit *test)
{
	struct bfly_rule *rules = kvcalloc(LARGE, sizeof(*rules), GFP_KERNEL);
	struct bfly_policy *policy;
	u32 i, wrong = 0;
	ktime_t start;

	KUNIT_ASSERT_NOT_NULL(test, rules);
	for (i = 0; i < LARGE; i++) {
		/* scattered, as the order of a user is */
		u32 ip = (i * 40503 & 0xffff) << 8;

		rules[i] = (struct bfly_rule){
			.direction = i & 1, PORTS(6, i & 0xff, 0x100),
			.remote = PREFIX4(ip, 24 + (i & 7)),
		};
	}
	start = ktime_get();
	policy = compile(test, rules, LARGE);
	kunit_info(test, "%d rules compiled in %lld us", LARGE,
		   ktime_us_delta(ktime_get(), start));
	for (i = 0; i < LARGE; i++) {
		struct bfly_key key = key4(be32_to_cpu(rules[i].remote.addr.ip4),
					   be32_to_cpu(rules[i].remote.addr.ip4),
					   6, i & 0xff);

		wrong += !allows(policy, i & 1, &key);
		wrong += allows(policy, !(i & 1), &key);
		key.dport = cpu_to_be16(0x101);
		wrong += allows(policy, i & 1, &key);
	}
	KUNIT_EXPECT_EQ(test, 0, wrong);
	kvfree(rules);
}

static struct kunit_case policy_cases[] = {
	KUNIT_CASE(policy_empty),
	KUNIT_CASE(policy_any),
	KUNIT_CASE(policy_ports),
	KUNIT_CASE(policy_icmp_family),
	KUNIT_CASE(policy_icmp_types),
	KUNIT_CASE(policy_prefix4),
	KUNIT_CASE(policy_prefix6),
	KUNIT_CASE(policy_roots),
	KUNIT_CASE(policy_directions),
	KUNIT_CASE(policy_deep),
	KUNIT_CASE(policy_groups),
	KUNIT_CASE(policy_random),
	KUNIT_CASE(rules_sort),
	KUNIT_CASE_SLOW(policy_large),
	{}
};

static struct kunit_suite policy_suite = {
	.name = "bfly-policy",
	.test_cases = policy_cases,
};

kunit_test_suites(&policy_suite);
