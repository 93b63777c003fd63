// SPDX-License-Identifier: GPL-2.0
/* Compiled policies with groups as remotes. */

#include "policy_test.h"

/* An address of packets. */
static const struct in6_addr v6_a = WORDS6(0x20010db8, 0, 0, 1);

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

static struct kunit_case policy_group_cases[] = {
	KUNIT_CASE(policy_groups),
	{}
};

static struct kunit_suite policy_group_suite = {
	.name = "bfly-policy-group",
	.test_cases = policy_group_cases,
};

kunit_test_suites(&policy_group_suite);
