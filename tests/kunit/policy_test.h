/* SPDX-License-Identifier: GPL-2.0 */
/* What the suites of policies share: rules and keys in short, and groups. */
#ifndef _BFLY_POLICY_TEST_H
#define _BFLY_POLICY_TEST_H

#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/rtnetlink.h>

#include "group.h"
#include "policy.h"
#include "switch.h"

#define IN	BFLY_DIRECTION_IN
#define OUT	BFLY_DIRECTION_OUT

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

/* Where packets of in6() go. */
static const struct in6_addr v6_b = WORDS6(0x20010db8, 0, 0, 2);

static inline struct bfly_key key4(u32 src, u32 dst, u8 proto, u16 dport)
{
	return (struct bfly_key){
		.src = WORDS4(src), .dst = WORDS4(dst), .proto = proto,
		.dport = cpu_to_be16(dport), .net = 1, .family = AF_INET,
	};
}

static inline struct bfly_key key6(const struct in6_addr *src,
				   const struct in6_addr *dst, u8 proto, u16 dport)
{
	return (struct bfly_key){
		.src = *src, .dst = *dst, .proto = proto,
		.dport = cpu_to_be16(dport), .net = 1, .family = AF_INET6,
	};
}

static inline void free_policy(void *policy)
{
	bfly_policy_free_rcu(policy);
}

static inline struct bfly_policy *compile(struct kunit *test,
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

/* The rules are the test's, and stay. */
static inline struct bfly_rule *find(const struct bfly_policy *policy,
				     int direction, const struct bfly_key *key)
{
	struct bfly_rule *rule;

	rcu_read_lock();
	rule = bfly_policy_find(policy, direction, key);
	rcu_read_unlock();
	return rule;
}

static inline bool allows(const struct bfly_policy *policy, int direction,
			  const struct bfly_key *key)
{
	return find(policy, direction, key);
}

/* From @ip of the other side, in. */
static inline bool in4(const struct bfly_policy *policy, u32 ip, u8 proto, u16 dport)
{
	struct bfly_key key = key4(ip, IP4(10, 0, 0, 99), proto, dport);

	return allows(policy, IN, &key);
}

static inline bool in6(const struct bfly_policy *policy, const struct in6_addr *ip,
		       u8 proto, u16 dport)
{
	struct bfly_key key = key6(ip, &v6_b, proto, dport);

	return allows(policy, IN, &key);
}

/* A group with explicit members. */
static inline struct bfly_group *make_group(struct bfly_switch *sw, const char *name,
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

static inline void groups_fini(void *sw)
{
	rtnl_lock();
	bfly_groups_fini(sw);
	rtnl_unlock();
}

static inline struct bfly_switch *make_switch(struct kunit *test)
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

#endif /* _BFLY_POLICY_TEST_H */
