// SPDX-License-Identifier: GPL-2.0
/* Compiled policies, rule by rule. */

#include "policy_test.h"

/* An address of packets. */
static const struct in6_addr v6_a = WORDS6(0x20010db8, 0, 0, 1);

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

/* Where rules overlap, each has what those before have left. */
static void policy_overlap(struct kunit *test)
{
	static const struct bfly_rule rules[] = {
		{ .direction = IN, PORTS(IPPROTO_TCP, 10, 20) },
		{ .direction = IN, PORTS(IPPROTO_TCP, 10, 40) },
		{ .direction = IN, PORTS(IPPROTO_TCP, 15, 30) },
		{ .direction = IN, PORTS(IPPROTO_TCP, 35, 50) },
		{ .direction = IN, PORTS(IPPROTO_TCP, 51, 51) },
		{ .direction = IN, PORTS(IPPROTO_TCP, 45, 60),
		  .remote = PREFIX4(IP4(10, 0, 0, 0), 8) },
		{ .direction = IN, PORTS(IPPROTO_TCP, 45, 70),
		  .remote = PREFIX4(IP4(10, 0, 0, 1), 32) },
	};
	struct bfly_policy *policy = compile(test, rules, ARRAY_SIZE(rules));
	static const struct {
		u16 port;
		int rule;
	} cases[] = {
		{ 9, -1 }, { 10, 0 }, { 15, 0 }, { 20, 0 }, { 21, 1 },
		{ 30, 1 }, { 40, 1 }, { 41, 3 }, { 50, 3 }, { 51, 4 },
		{ 52, 6 }, { 60, 6 }, { 70, 6 }, { 71, -1 },
	};
	const struct bfly_rule *expected;
	struct bfly_key key;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		key = key4(IP4(10, 0, 0, 1), 1, IPPROTO_TCP, cases[i].port);
		expected = NULL;
		if (cases[i].rule >= 0)
			expected = &rules[cases[i].rule];
		KUNIT_EXPECT_PTR_EQ_MSG(test, expected,
					find(policy, IN, &key), "case %zu", i);
	}
	key = key4(IP4(10, 0, 0, 2), 1, IPPROTO_TCP, 60);
	KUNIT_EXPECT_PTR_EQ(test, &rules[5], find(policy, IN, &key));
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
	static const struct in6_addr v6_other = WORDS6(0x20010db9, 0, 0, 1);
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

static struct kunit_case policy_cases[] = {
	KUNIT_CASE(policy_empty),
	KUNIT_CASE(policy_any),
	KUNIT_CASE(policy_ports),
	KUNIT_CASE(policy_overlap),
	KUNIT_CASE(policy_icmp_family),
	KUNIT_CASE(policy_icmp_types),
	KUNIT_CASE(policy_prefix4),
	KUNIT_CASE(policy_prefix6),
	KUNIT_CASE(policy_roots),
	KUNIT_CASE(policy_directions),
	KUNIT_CASE(policy_deep),
	{}
};

static struct kunit_suite policy_suite = {
	.name = "bfly-policy",
	.test_cases = policy_cases,
};

kunit_test_suites(&policy_suite);
