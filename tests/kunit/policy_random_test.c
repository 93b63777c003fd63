// SPDX-License-Identifier: GPL-2.0
/* Compiled policies against a slow and plain matcher, and as large as they may be. */

#include <linux/prandom.h>
#include <linux/sort.h>

#include "policy_test.h"

#define SEED	0x62666c79

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

static bool slow_remote(const struct bfly_rule *rule, const struct in6_addr *ip,
			u16 family, const struct bfly_addr *members, size_t count)
{
	size_t i;

	if (!rule->group && rule->remote.addr.family == AF_UNSPEC)
		return true;
	if (!rule->group)
		return rule->remote.addr.family == family &&
		       slow_has(ip, &rule->remote.addr.ip6, rule->remote.len);
	for (i = 0; i < count; i++)
		if (members[i].family == family &&
		    slow_has(ip, &members[i].ip6, 128))
			return true;
	return false;
}

/* Anybody, then the longest prefix, then groups. */
static int slow_rank(const struct bfly_rule *rule)
{
	if (rule->group)
		return 200;
	return rule->remote.addr.family == AF_UNSPEC ? 0 :
						       199 - rule->remote.len;
}

static const struct bfly_rule *
slow_find(const struct bfly_rule *rules, size_t count, int direction,
	  const struct bfly_key *key, const struct bfly_addr *members,
	  size_t member_count)
{
	const struct in6_addr *ip = direction == IN ? &key->src : &key->dst;
	const struct bfly_rule *rule, *best = NULL;

	for (rule = rules; rule < rules + count; rule++) {
		if (rule->direction != direction || !slow_service(rule, key) ||
		    !slow_remote(rule, ip, key->family, members, member_count))
			continue;
		if (!best || slow_rank(rule) < slow_rank(best) ||
		    (slow_rank(rule) == slow_rank(best) &&
		     bfly_rule_cmp(rule, best) < 0))
			best = rule;
	}
	return best;
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

#define RANDOM_SETS	500
#define RANDOM_PACKETS	2000
#define RANDOM_RULES	64
#define RANDOM_MEMBERS	8

static void policy_random(struct kunit *test)
{
	struct bfly_addr members[RANDOM_MEMBERS] = {};
	struct bfly_switch *sw = make_switch(test);
	const struct bfly_rule *expected, *rule;
	struct bfly_policy *policy;
	struct bfly_group *group;
	struct rnd_state rnd;
	struct bfly_rule *rules;
	struct bfly_key key;
	u32 set, i, count, allowed = 0;

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
			expected = slow_find(rules, count, i & 1, &key,
					     members, RANDOM_MEMBERS);
			allowed += !!expected;
			rule = find(policy, i & 1, &key);
			/* of two that are the same either will do */
			KUNIT_EXPECT_TRUE_MSG(test,
					      rule && expected ?
					      !bfly_rule_cmp(rule, expected) :
					      rule == expected,
					      "set %u packet %u", set, i);
		}
	}
	/* or else the comparison says little */
	KUNIT_EXPECT_GT(test, allowed, RANDOM_SETS * RANDOM_PACKETS / 10);
	KUNIT_EXPECT_LT(test, allowed, RANDOM_SETS * RANDOM_PACKETS * 9 / 10);
}

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

static struct kunit_case policy_random_cases[] = {
	KUNIT_CASE(policy_random),
	KUNIT_CASE(rules_sort),
	KUNIT_CASE_SLOW(policy_large),
	{}
};

static struct kunit_suite policy_random_suite = {
	.name = "bfly-policy-random",
	.test_cases = policy_random_cases,
};

kunit_test_suites(&policy_random_suite);
