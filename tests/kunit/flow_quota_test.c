// SPDX-License-Identifier: GPL-2.0
/* How many flows there may be, and which makes room for which. */

#include "flow_quota.h"
#include "flow_test.h"

static u64 stat_sum(const struct bfly_switch *sw, size_t off)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += *(u64 *)((void *)per_cpu_ptr(sw->stats, cpu) + off);
	return sum;
}

#define STAT(sw, name) \
	stat_sum(sw, offsetof(struct bfly_switch_stats, name))

static void set_idle(struct bfly_switch *sw, struct bfly_flow *flow, u32 sec)
{
	flow->expires = (u32)jiffies - sec * HZ +
			bfly_flow_timeout(sw, flow->key.proto, flow->state);
}

/* Enters TCP flows with ports from @first on. */
static void enter_many(struct kunit *test, u16 first, int count,
		       enum bfly_flow_state state, u32 idle)
{
	struct bfly_flow *flow;

	while (count--) {
		flow = enter(test, key4(1, 2, first + count, 80));
		flow->state = state;
		set_idle(test->priv, flow, idle);
	}
}

/* What a flow beyond the limits is told. */
static enum bfly_drop one_more(struct kunit *test, u16 sport,
			       struct bfly_flow_quota *quota)
{
	struct bfly_key key = key4(1, 2, sport, 80);
	struct bfly_flow *flow;
	int dir;

	return flow_new(test->priv, &key, quota, &flow, &dir);
}

/* Flows beyond the limits, with ports from @first on, are let in all the same. */
static void expect_let_in(struct kunit *test, u16 first, int count,
			  struct bfly_flow_quota *quota)
{
	int i;

	for (i = 0; i < count; i++)
		KUNIT_EXPECT_EQ(test, one_more(test, first + i, quota),
				BFLY_PASS);
}

static void full(struct kunit *test)
{
	struct bfly_switch *sw = test->priv;

	make_small(sw);
	enter_many(test, 0, 8, BFLY_FLOW_STATE_ESTABLISHED, 0);
	KUNIT_EXPECT_EQ(test, one_more(test, 100, NULL), BFLY_DROP_FLOW_FULL);
	KUNIT_EXPECT_EQ(test, bfly_flow_entries(sw), 8);
	KUNIT_EXPECT_EQ(test, STAT(sw, flow_full), 1);
	KUNIT_EXPECT_EQ(test, STAT(sw, flow_evicted), 0);
}

/* Which makes room for which: @worse goes, though it is not idle for longer. */
static void expect_evicted(struct kunit *test, enum bfly_flow_state worse,
			   u32 worse_idle, enum bfly_flow_state better,
			   u32 better_idle)
{
	struct bfly_switch *sw = test->priv;
	int dir;

	enter_many(test, 0, 4, better, better_idle);
	enter_many(test, 4, 1, worse, worse_idle);
	enter_many(test, 5, 3, better, better_idle);
	KUNIT_EXPECT_EQ(test, one_more(test, 100, NULL), BFLY_PASS);
	KUNIT_EXPECT_EQ(test, bfly_flow_entries(sw), 8);
	KUNIT_EXPECT_NULL_MSG(test, find(test, key4(1, 2, 4, 80), &dir),
			      "state %d idle %u, among %d idle %u", worse,
			      worse_idle, better, better_idle);
	rtnl_lock();
	bfly_flow_flush(sw, &(struct bfly_flow_filter){});
	rtnl_unlock();
}

static void evicted(struct kunit *test)
{
	struct bfly_switch *sw = test->priv;

	make_small(sw);
	expect_evicted(test, BFLY_FLOW_STATE_CLOSED, 1,
		       BFLY_FLOW_STATE_NEW, 50);
	expect_evicted(test, BFLY_FLOW_STATE_NEW, 1,
		       BFLY_FLOW_STATE_CLOSING, 100);
	expect_evicted(test, BFLY_FLOW_STATE_CLOSING, 1,
		       BFLY_FLOW_STATE_ESTABLISHED, 10000);
	expect_evicted(test, BFLY_FLOW_STATE_ESTABLISHED, 31,
		       BFLY_FLOW_STATE_ESTABLISHED, 28);
	expect_evicted(test, BFLY_FLOW_STATE_ESTABLISHED, 10000,
		       BFLY_FLOW_STATE_ESTABLISHED, 9000);
	expect_evicted(test, BFLY_FLOW_STATE_NEW, 20, BFLY_FLOW_STATE_NEW, 19);
	KUNIT_EXPECT_EQ(test, STAT(sw, flow_evicted), 6);
	/* one that has expired makes room before all others, and is no loss */
	expect_evicted(test, BFLY_FLOW_STATE_ESTABLISHED, 24 * 60 * 60 + 1,
		       BFLY_FLOW_STATE_CLOSED, 9);
	KUNIT_EXPECT_EQ(test, STAT(sw, flow_evicted), 6);
	KUNIT_EXPECT_EQ(test, STAT(sw, flow_full), 0);
}

/* Few flows in many buckets: whoever comes finds one to take the place of. */
static void sparse(struct kunit *test)
{
	struct bfly_switch *sw = test->priv;

	sw->flow_max = 256;
	enter_many(test, 0, 256, BFLY_FLOW_STATE_NEW, 0);
	expect_let_in(test, 1000, 256, NULL);
	KUNIT_EXPECT_EQ(test, bfly_flow_entries(sw), 256);
	KUNIT_EXPECT_EQ(test, STAT(sw, flow_evicted), 256);
	KUNIT_EXPECT_EQ(test, STAT(sw, flow_full), 0);
}

/* A limit that was lowered is reached though as many come as may. */
static void lowered(struct kunit *test)
{
	struct bfly_switch *sw = test->priv;
	int i;

	make_small(sw);
	enter_many(test, 0, 8, BFLY_FLOW_STATE_NEW, 0);
	sw->flow_max = 4;
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_EQ(test, one_more(test, 100 + i, NULL),
				i < 4 ? BFLY_DROP_FLOW_FULL : BFLY_PASS);
	KUNIT_EXPECT_EQ(test, bfly_flow_entries(sw), 4);
}

/* A port that has what it may have takes from itself and from nobody else. */
static void port_quota(struct kunit *test)
{
	struct bfly_flow_quota *quota = bfly_flow_quota_new();
	struct bfly_switch *sw = test->priv;
	struct bfly_flow_filter all = {};

	KUNIT_ASSERT_NOT_NULL(test, quota);
	make_small(sw);
	sw->flow_max = 80;
	enter_many(test, 0, 20, BFLY_FLOW_STATE_CLOSED, 0);
	expect_let_in(test, 100, 30, quota);
	/* an eighth */
	KUNIT_EXPECT_EQ(test, bfly_flow_quota_flows(quota), 10);
	KUNIT_EXPECT_EQ(test, bfly_flow_entries(sw), 30);
	KUNIT_EXPECT_EQ(test, STAT(sw, flow_evicted), 20);
	quota->max = 12;
	expect_let_in(test, 200, 5, quota);
	KUNIT_EXPECT_EQ(test, bfly_flow_quota_flows(quota), 12);
	/* entered already, it takes no second place */
	one_more(test, 204, quota);
	KUNIT_EXPECT_LE(test, bfly_flow_quota_flows(quota), 12);
	/* flows outlive the port */
	bfly_flow_quota_put(quota);
	rtnl_lock();
	bfly_flow_flush(sw, &all);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, bfly_flow_entries(sw), 0);
}

/* Where a port may have more than its share, that makes room for others first. */
static void port_borrows(struct kunit *test)
{
	struct bfly_flow_quota *quota = bfly_flow_quota_new();
	struct bfly_switch *sw = test->priv;
	int i, dir, closed = 0;

	KUNIT_ASSERT_NOT_NULL(test, quota);
	make_small(sw);
	/* as many as a sample sees; an eighth is 4 */
	sw->flow_max = 32;
	quota->max = 100;
	enter_many(test, 0, 16, BFLY_FLOW_STATE_CLOSED, 9);
	expect_let_in(test, 100, 16, quota);
	expect_let_in(test, 200, 12, NULL);
	KUNIT_EXPECT_EQ(test, bfly_flow_quota_flows(quota), 4);
	for (i = 0; i < 16; i++)
		KUNIT_EXPECT_NOT_NULL(test, find(test, key4(1, 2, i, 80), &dir));
	/* its share is as good as theirs */
	expect_let_in(test, 300, 1, NULL);
	KUNIT_EXPECT_EQ(test, bfly_flow_quota_flows(quota), 4);
	for (i = 0; i < 16; i++)
		closed += !!find(test, key4(1, 2, i, 80), &dir);
	KUNIT_EXPECT_EQ(test, closed, 15);
	KUNIT_EXPECT_EQ(test, STAT(sw, flow_full), 0);
	bfly_flow_quota_put(quota);
}

/* A port whose flows all go on is refused, and nobody else is. */
static void port_full(struct kunit *test)
{
	struct bfly_flow_quota *quota = bfly_flow_quota_new();
	struct bfly_switch *sw = test->priv;
	struct bfly_flow *flow;
	int i, dir;

	KUNIT_ASSERT_NOT_NULL(test, quota);
	make_small(sw);
	sw->flow_max = 80;
	quota->max = 3;
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, one_more(test, i, quota), BFLY_PASS);
		flow = find(test, key4(1, 2, i, 80), &dir);
		KUNIT_ASSERT_NOT_NULL(test, flow);
		flow->state = BFLY_FLOW_STATE_ESTABLISHED;
		set_idle(sw, flow, 0);
	}
	KUNIT_EXPECT_EQ(test, one_more(test, 10, quota),
			BFLY_DROP_FLOW_PORT_FULL);
	KUNIT_EXPECT_EQ(test, one_more(test, 11, NULL), BFLY_PASS);
	KUNIT_EXPECT_EQ(test, bfly_flow_quota_flows(quota), 3);
	KUNIT_EXPECT_EQ(test, bfly_flow_entries(sw), 4);
	KUNIT_EXPECT_EQ(test, STAT(sw, flow_full), 0);
	bfly_flow_quota_put(quota);
}

static struct kunit_case flow_quota_cases[] = {
	KUNIT_CASE(full),
	KUNIT_CASE(evicted),
	KUNIT_CASE(sparse),
	KUNIT_CASE(lowered),
	KUNIT_CASE(port_quota),
	KUNIT_CASE(port_borrows),
	KUNIT_CASE(port_full),
	{}
};

static struct kunit_suite flow_quota_suite = {
	.name = "bfly-flow-quota",
	.init = flow_test_init,
	.exit = flow_test_exit,
	.test_cases = flow_quota_cases,
};

kunit_test_suites(&flow_quota_suite);
