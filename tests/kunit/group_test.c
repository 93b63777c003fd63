// SPDX-License-Identifier: GPL-2.0
/* Groups, their members and the sets of them, on a switch without a netdev. */

#include <kunit/test.h>
#include <linux/hashtable.h>
#include <linux/mm.h>
#include <linux/rtnetlink.h>

#include "group.h"
#include "net.h"
#include "policy.h"
#include "port.h"
#include "switch.h"

#define IP4(a, b, c, d)	((a) << 24 | (b) << 16 | (c) << 8 | (d))
#define WORDS4(ip)	{ .in6_u.u6_addr32 = { cpu_to_be32(ip) } }
#define PREFIX4(ip, l)							\
	{ .addr = { .ip6 = WORDS4(ip), .family = AF_INET }, .len = (l) }

/* Two nets, and three ports that tests put into them. */
struct fixture {
	struct bfly_switch sw;
	struct bfly_net net[2];
	struct bfly_port port[3];
	struct bfly_port_conf conf[3];
	struct bfly_prefix addrs[3];
};

/*
 * All cases run under RTNL and must give it back: they use expectations only,
 * which do not end them.
 */
static int group_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	int i, err;

	if (!f)
		return -ENOMEM;
	for (i = 0; i < 2; i++) {
		f->net[i].sw = &f->sw;
		f->net[i].id = i + 1;
		atomic64_set(&f->net[i].gen, 1);
		hash_add_rcu(f->sw.nets, &f->net[i].id_node, i + 1);
	}
	rtnl_lock();
	err = bfly_groups_init(&f->sw);
	rtnl_unlock();
	test->priv = f;
	return err;
}

static void port_leave(struct fixture *f, int port)
{
	struct bfly_port_conf *conf = &f->conf[port];

	if (!conf->set)
		return;
	RCU_INIT_POINTER(f->port[port].conf, NULL);
	list_del(&f->port[port].set_list);
	bfly_group_members_del(&f->sw, conf->set, conf->net->id, conf->addrs,
			       conf->addr_count);
	bfly_policy_set_put(&f->sw, conf->set);
	conf->set = NULL;
}

static void group_exit(struct kunit *test)
{
	struct fixture *f = test->priv;
	int i;

	if (!f)
		return;
	rtnl_lock();
	for (i = 0; i < 3; i++)
		port_leave(f, i);
	bfly_groups_fini(&f->sw);
	rtnl_unlock();
}

/* What port.c does with a port: its net, its address, its groups. */
static void port_join(struct kunit *test, int port, int net,
		      struct bfly_prefix addr, const char *const *names,
		      unsigned int count)
{
	struct fixture *f = test->priv;
	struct bfly_port_conf *conf = &f->conf[port];
	struct bfly_policy_set *set;

	set = bfly_policy_set_get(&f->sw, names, count, NULL);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, set);
	if (IS_ERR_OR_NULL(set))
		return;
	f->addrs[port] = addr;
	conf->net = &f->net[net];
	conf->set = set;
	conf->addrs = &f->addrs[port];
	conf->addr_count = 1;
	KUNIT_EXPECT_EQ(test, 0, bfly_group_members_add(&f->sw, set, net + 1,
							conf->addrs, 1));
	list_add_tail(&f->port[port].set_list, &set->ports);
	rcu_assign_pointer(f->port[port].conf, conf);
}

static bool has(struct bfly_switch *sw, const char *name, int net, u32 ip)
{
	struct in6_addr addr = WORDS4(ip);
	struct bfly_group *group = bfly_group_get(sw, name, NULL);
	bool ret;

	if (IS_ERR(group))
		return false;
	rcu_read_lock();
	ret = bfly_group_has_member(group, net + 1, &addr, AF_INET);
	rcu_read_unlock();
	bfly_group_put(group);
	return ret;
}

/* Allow all in, from a group or from anybody; one rule or none. */
static struct bfly_rules *make_rules(struct bfly_switch *sw, int count,
				     const char *from)
{
	struct bfly_rules *rules = bfly_rules_alloc(count);
	struct bfly_rule *rule;

	if (!rules || !count)
		return rules;
	rule = kzalloc(sizeof(*rule), GFP_KERNEL);
	if (!rule) {
		kvfree(rules);
		return NULL;
	}
	rule->direction = BFLY_DIRECTION_IN;
	rule->last = BFLY_SERVICE_ANY_MAX;
	if (from)
		rule->group = bfly_group_get(sw, from, NULL);
	rules->rule[rules->count++] = rule;
	return rules;
}

static void define(struct kunit *test, const char *name, bool automatic,
		   struct bfly_rules *rules, const struct bfly_addr *addrs,
		   unsigned int count)
{
	struct fixture *f = test->priv;
	struct bfly_group *group = bfly_group_get(&f->sw, name, NULL);

	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, group);
	KUNIT_EXPECT_NOT_NULL(test, rules);
	if (IS_ERR_OR_NULL(group) || !rules)
		return;
	KUNIT_EXPECT_EQ(test, 0, bfly_group_define(group, automatic, rules,
						   addrs, count));
	bfly_group_put(group);
}

static void undefine(struct kunit *test, const char *name)
{
	struct fixture *f = test->priv;
	struct bfly_group *group = bfly_group_find(&f->sw, name);

	KUNIT_EXPECT_NOT_NULL(test, group);
	if (group)
		KUNIT_EXPECT_EQ(test, 0, bfly_group_undefine(group));
}

/* Whether the port's policy lets a packet from @ip in. */
static bool lets_in(struct fixture *f, int port, u32 ip)
{
	struct bfly_key key = {
		.src = WORDS4(ip), .proto = IPPROTO_TCP, .family = AF_INET,
		.net = f->conf[port].net->id,
	};
	bool ret;

	rcu_read_lock();
	ret = bfly_policy_find(rcu_dereference(f->conf[port].set->policy),
			       BFLY_DIRECTION_IN, &key);
	rcu_read_unlock();
	return ret;
}

static s64 gen(const struct fixture *f, int net)
{
	return atomic64_read(&f->net[net].gen);
}

static const char *const just_a[] = { "a" };
static const char *const just_b[] = { "b" };
static const char *const a_and_b[] = { "a", "b" };
static const char *const b_and_a[] = { "b", "a", "b" };

static void group_names(struct kunit *test)
{
	static const char *const bad[] = {
		"", "none", "a b", "a\tb", "\x7f", "\xc3\xa4",
		"0123456789012345678901234567890123456789012345678901234567890123",
	};
	struct fixture *f = test->priv;
	struct bfly_group *group;
	int i;

	rtnl_lock();
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ(test, -EINVAL,
				PTR_ERR_OR_ZERO(bfly_group_get(&f->sw, bad[i],
							       NULL)));
	group = bfly_group_get(&f->sw, bad[6] + 1, NULL);
	KUNIT_EXPECT_FALSE(test, IS_ERR(group));
	KUNIT_EXPECT_NULL(test, bfly_group_find(&f->sw, bad[6] + 1));
	bfly_group_put(group);
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&f->sw.groups));
	rtnl_unlock();
}

/* Explicit members hold in every net, ports' addresses in their own. */
static void group_members(struct kunit *test)
{
	static const struct bfly_addr addrs[] = {
		{ .ip6 = WORDS4(IP4(192, 0, 2, 1)), .family = AF_INET },
	};
	struct bfly_prefix host = PREFIX4(IP4(10, 0, 0, 1), 32);
	struct bfly_prefix subnet = PREFIX4(IP4(10, 1, 0, 5), 16);
	struct fixture *f = test->priv;
	struct bfly_switch *sw = &f->sw;
	struct in6_addr six = WORDS4(IP4(192, 0, 2, 1));

	rtnl_lock();
	define(test, "a", true, make_rules(sw, 0, NULL), addrs, 1);
	port_join(test, 0, 0, host, just_a, 1);
	port_join(test, 1, 1, subnet, just_a, 1);
	KUNIT_EXPECT_TRUE(test, has(sw, "a", 0, IP4(192, 0, 2, 1)));
	KUNIT_EXPECT_TRUE(test, has(sw, "a", 1, IP4(192, 0, 2, 1)));
	KUNIT_EXPECT_FALSE(test, has(sw, "a", 0, IP4(192, 0, 2, 2)));
	KUNIT_EXPECT_TRUE(test, has(sw, "a", 0, IP4(10, 0, 0, 1)));
	KUNIT_EXPECT_FALSE(test, has(sw, "a", 1, IP4(10, 0, 0, 1)));
	KUNIT_EXPECT_TRUE(test, has(sw, "a", 1, IP4(10, 1, 0, 0)));
	KUNIT_EXPECT_TRUE(test, has(sw, "a", 1, IP4(10, 1, 255, 255)));
	KUNIT_EXPECT_FALSE(test, has(sw, "a", 1, IP4(10, 2, 0, 0)));
	KUNIT_EXPECT_FALSE(test, has(sw, "a", 0, IP4(10, 1, 0, 5)));
	KUNIT_EXPECT_FALSE(test, has(sw, "b", 0, IP4(10, 0, 0, 1)));
	rcu_read_lock();
	KUNIT_EXPECT_FALSE(test,
			   bfly_group_has_member(bfly_group_find(sw, "a"), 1,
						 &six, AF_INET6));
	rcu_read_unlock();

	port_leave(f, 1);
	KUNIT_EXPECT_FALSE(test, has(sw, "a", 1, IP4(10, 1, 0, 5)));
	rtnl_unlock();
}

/* Two ports with one prefix: the last one takes it along. */
static void group_shared_prefix(struct kunit *test)
{
	struct bfly_prefix subnet = PREFIX4(IP4(10, 0, 0, 0), 24);
	struct fixture *f = test->priv;
	struct bfly_switch *sw = &f->sw;

	rtnl_lock();
	define(test, "a", true, make_rules(sw, 0, NULL), NULL, 0);
	port_join(test, 0, 0, subnet, just_a, 1);
	port_join(test, 1, 0, subnet, a_and_b, 2);
	port_leave(f, 0);
	KUNIT_EXPECT_TRUE(test, has(sw, "a", 0, IP4(10, 0, 0, 7)));
	port_leave(f, 1);
	KUNIT_EXPECT_FALSE(test, has(sw, "a", 0, IP4(10, 0, 0, 7)));
	rtnl_unlock();
}

static void group_automatic(struct kunit *test)
{
	struct bfly_prefix host = PREFIX4(IP4(10, 0, 0, 1), 32);
	struct bfly_prefix other = PREFIX4(IP4(10, 0, 0, 2), 32);
	struct fixture *f = test->priv;
	struct bfly_switch *sw = &f->sw;
	struct bfly_group *group;

	rtnl_lock();
	define(test, "a", false, make_rules(sw, 0, NULL), NULL, 0);
	port_join(test, 0, 0, host, just_a, 1);
	KUNIT_EXPECT_FALSE(test, has(sw, "a", 0, IP4(10, 0, 0, 1)));
	group = bfly_group_find(sw, "a");
	KUNIT_EXPECT_EQ(test, 0, bfly_group_set_automatic(group, true));
	KUNIT_EXPECT_TRUE(test, has(sw, "a", 0, IP4(10, 0, 0, 1)));
	port_join(test, 1, 0, other, just_a, 1);
	KUNIT_EXPECT_EQ(test, 0, bfly_group_set_automatic(group, false));
	KUNIT_EXPECT_FALSE(test, has(sw, "a", 0, IP4(10, 0, 0, 1)));
	KUNIT_EXPECT_FALSE(test, has(sw, "a", 0, IP4(10, 0, 0, 2)));
	rtnl_unlock();
}

/* A name that ports and rules know before and after the group is there. */
static void group_placeholder(struct kunit *test)
{
	struct bfly_prefix host = PREFIX4(IP4(10, 0, 0, 1), 32);
	struct fixture *f = test->priv;
	struct bfly_switch *sw = &f->sw;

	rtnl_lock();
	port_join(test, 0, 0, host, just_a, 1);
	KUNIT_EXPECT_NULL(test, bfly_group_find(sw, "a"));
	KUNIT_EXPECT_FALSE(test, lets_in(f, 0, 1));
	KUNIT_EXPECT_FALSE(test, has(sw, "a", 0, IP4(10, 0, 0, 1)));

	define(test, "a", true, make_rules(sw, 1, NULL), NULL, 0);
	KUNIT_EXPECT_EQ(test, 1, sw->group_count);
	KUNIT_EXPECT_TRUE(test, lets_in(f, 0, 1));
	KUNIT_EXPECT_TRUE(test, has(sw, "a", 0, IP4(10, 0, 0, 1)));

	undefine(test, "a");
	KUNIT_EXPECT_EQ(test, 0, sw->group_count);
	KUNIT_EXPECT_FALSE(test, lets_in(f, 0, 1));
	KUNIT_EXPECT_FALSE(test, has(sw, "a", 0, IP4(10, 0, 0, 1)));

	define(test, "a", true, make_rules(sw, 0, NULL), NULL, 0);
	KUNIT_EXPECT_FALSE(test, lets_in(f, 0, 1));
	undefine(test, "a");
	port_leave(f, 0);
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&sw->groups));
	rtnl_unlock();
}

static void group_sets(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct bfly_switch *sw = &f->sw;
	struct bfly_policy_set *set, *same, *none;

	rtnl_lock();
	set = bfly_policy_set_get(sw, a_and_b, 2, NULL);
	same = bfly_policy_set_get(sw, b_and_a, 3, NULL);
	none = bfly_policy_set_get(sw, NULL, 0, NULL);
	KUNIT_EXPECT_PTR_EQ(test, set, same);
	KUNIT_EXPECT_PTR_NE(test, set, none);
	KUNIT_EXPECT_EQ(test, 2, set->count);
	KUNIT_EXPECT_STREQ(test, "a", set->groups[0]->name);
	KUNIT_EXPECT_EQ(test, 0, none->count);
	bfly_policy_set_put(sw, none);
	bfly_policy_set_put(sw, set);
	KUNIT_EXPECT_FALSE(test, RB_EMPTY_ROOT(&sw->groups));
	bfly_policy_set_put(sw, same);
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&sw->groups));
	KUNIT_EXPECT_TRUE(test, list_empty(&sw->policy_sets));
	rtnl_unlock();
}

/* A change makes those flows look again that it is about, and no others. */
static void group_generations(struct kunit *test)
{
	static const struct bfly_addr addr = {
		.ip6 = WORDS4(IP4(192, 0, 2, 1)), .family = AF_INET,
	};
	struct bfly_prefix host = PREFIX4(IP4(10, 0, 0, 1), 32);
	struct bfly_prefix other = PREFIX4(IP4(10, 0, 0, 2), 32);
	struct fixture *f = test->priv;
	struct bfly_switch *sw = &f->sw;
	struct bfly_rules *rules, *old;
	struct bfly_group *b;
	s64 gens[2];

	rtnl_lock();
	/* a's ports let b's members in; a has one in net 0, b one in net 1 */
	define(test, "a", true, make_rules(sw, 1, "b"), NULL, 0);
	define(test, "b", true, make_rules(sw, 0, NULL), NULL, 0);
	port_join(test, 0, 0, host, just_a, 1);
	port_join(test, 1, 1, other, just_b, 1);
	b = bfly_group_find(sw, "b");

	gens[0] = gen(f, 0);
	gens[1] = gen(f, 1);
	KUNIT_EXPECT_EQ(test, 0,
			bfly_members_add(rtnl_dereference(b->members), &addr));
	bfly_group_members_changed(b);
	KUNIT_EXPECT_TRUE(test, lets_in(f, 0, IP4(192, 0, 2, 1)));
	KUNIT_EXPECT_NE(test, gens[0], gen(f, 0));
	KUNIT_EXPECT_EQ(test, gens[1], gen(f, 1));

	gens[0] = gen(f, 0);
	old = b->rules;
	rules = make_rules(sw, 1, NULL);
	KUNIT_EXPECT_EQ(test, 0, bfly_group_set_rules(b, rules));
	KUNIT_EXPECT_EQ(test, gens[0], gen(f, 0));
	KUNIT_EXPECT_NE(test, gens[1], gen(f, 1));
	KUNIT_EXPECT_TRUE(test, lets_in(f, 1, IP4(192, 0, 2, 99)));
	KUNIT_EXPECT_PTR_NE(test, old, b->rules);

	/* b gets an address in net 0, which a's port hears of */
	gens[0] = gen(f, 0);
	KUNIT_EXPECT_FALSE(test, lets_in(f, 0, IP4(10, 0, 0, 2)));
	port_join(test, 2, 0, other, just_b, 1);
	KUNIT_EXPECT_TRUE(test, lets_in(f, 0, IP4(10, 0, 0, 2)));
	KUNIT_EXPECT_NE(test, gens[0], gen(f, 0));

	gens[0] = gen(f, 0);
	undefine(test, "b");
	KUNIT_EXPECT_FALSE(test, lets_in(f, 0, IP4(10, 0, 0, 2)));
	KUNIT_EXPECT_FALSE(test, lets_in(f, 0, IP4(192, 0, 2, 1)));
	KUNIT_EXPECT_NE(test, gens[0], gen(f, 0));
	rtnl_unlock();
}

/* A rule that is there before and after goes on with what it has counted. */
static void group_hits(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct bfly_switch *sw = &f->sw;
	struct bfly_group *a;

	rtnl_lock();
	define(test, "a", true, make_rules(sw, 1, NULL), NULL, 0);
	a = bfly_group_find(sw, "a");
	bfly_rule_hit(a->rules->rule[0]);
	bfly_rule_hit(a->rules->rule[0]);
	define(test, "a", true, make_rules(sw, 1, NULL), NULL, 0);
	KUNIT_EXPECT_EQ(test, 2, atomic64_read(&a->rules->rule[0]->hits));
	define(test, "a", true, make_rules(sw, 1, "b"), NULL, 0);
	KUNIT_EXPECT_EQ(test, 0, atomic64_read(&a->rules->rule[0]->hits));
	define(test, "a", true, make_rules(sw, 1, NULL), NULL, 0);
	KUNIT_EXPECT_EQ(test, 0, atomic64_read(&a->rules->rule[0]->hits));
	rtnl_unlock();
}

/* Groups that name themselves and each other go when the switch does. */
static void group_circle(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct bfly_switch *sw = &f->sw;

	rtnl_lock();
	define(test, "a", true, make_rules(sw, 1, "b"), NULL, 0);
	define(test, "b", true, make_rules(sw, 1, "a"), NULL, 0);
	define(test, "c", true, make_rules(sw, 1, "c"), NULL, 0);
	define(test, "d", true, make_rules(sw, 1, "0"), NULL, 0);
	define(test, "e", true, make_rules(sw, 1, "z"), NULL, 0);
	undefine(test, "c");
	KUNIT_EXPECT_NULL(test, bfly_group_find(sw, "c"));
	KUNIT_EXPECT_EQ(test, 4, sw->group_count);
	rtnl_unlock();
}

#define MANY	65536

static void group_many_members(struct kunit *test)
{
	struct bfly_addr *addrs = kvcalloc(MANY, sizeof(*addrs), GFP_KERNEL);
	struct fixture *f = test->priv;
	struct bfly_switch *sw = &f->sw;
	unsigned int i, wrong = 0;

	KUNIT_ASSERT_NOT_NULL(test, addrs);
	for (i = 0; i < MANY; i++)
		addrs[i] = (struct bfly_addr){
			.ip6 = WORDS4(IP4(10, 0, 0, 0) + i), .family = AF_INET,
		};
	rtnl_lock();
	define(test, "a", true, make_rules(sw, 0, NULL), addrs, MANY);
	for (i = 0; i < MANY; i += 97)
		wrong += !has(sw, "a", 0, IP4(10, 0, 0, 0) + i);
	KUNIT_EXPECT_FALSE(test, has(sw, "a", 0, IP4(10, 0, 0, 0) + MANY));
	KUNIT_EXPECT_EQ(test, 0, wrong);
	rtnl_unlock();
	kvfree(addrs);
}

static struct kunit_case group_cases[] = {
	KUNIT_CASE(group_names),
	KUNIT_CASE(group_members),
	KUNIT_CASE(group_shared_prefix),
	KUNIT_CASE(group_automatic),
	KUNIT_CASE(group_placeholder),
	KUNIT_CASE(group_sets),
	KUNIT_CASE(group_generations),
	KUNIT_CASE(group_hits),
	KUNIT_CASE(group_circle),
	KUNIT_CASE_SLOW(group_many_members),
	{}
};

static struct kunit_suite group_suite = {
	.name = "bfly-group",
	.init = group_init,
	.exit = group_exit,
	.test_cases = group_cases,
};

kunit_test_suites(&group_suite);
