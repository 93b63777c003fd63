/* SPDX-License-Identifier: GPL-2.0 */
/* What the suites of the flow table share: a switch that has one, and keys. */
#ifndef _BFLY_FLOW_TEST_H
#define _BFLY_FLOW_TEST_H

#include <kunit/test.h>
#include <linux/rtnetlink.h>

#include "flow.h"
#include "flow_table.h"
#include "switch.h"

static inline int flow_test_init(struct kunit *test)
{
	struct bfly_switch *sw;

	sw = kunit_kzalloc(test, sizeof(*sw), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, sw);
	sw->flow_max = 1000;
	sw->stats = alloc_percpu(struct bfly_switch_stats);
	KUNIT_ASSERT_NOT_NULL(test, sw->stats);
	KUNIT_ASSERT_EQ(test, bfly_flows_init(sw), 0);
	test->priv = sw;
	return 0;
}

static inline void flow_test_exit(struct kunit *test)
{
	struct bfly_switch *sw = test->priv;

	rtnl_lock();
	bfly_flows_fini(sw);
	rtnl_unlock();
	free_percpu(sw->stats);
}

static inline struct bfly_key key4(u32 src, u32 dst, u16 sport, u16 dport)
{
	return (struct bfly_key){
		.src.s6_addr32 = { htonl(src) },
		.dst.s6_addr32 = { htonl(dst) },
		.sport = htons(sport), .dport = htons(dport),
		.net = 42, .proto = IPPROTO_TCP, .family = AF_INET,
	};
}

static inline struct bfly_key reversed(struct bfly_key key)
{
	swap(key.src, key.dst);
	swap(key.sport, key.dport);
	return key;
}

/* What a packet with this key does, where softirqs are not in the way. */
static inline enum bfly_drop flow_new(struct bfly_switch *sw,
				      const struct bfly_key *key,
				      struct bfly_flow_quota *quota,
				      struct bfly_flow **flow, int *dir)
{
	struct bfly_flow_slot slot;
	enum bfly_drop drop;

	local_bh_disable();
	rcu_read_lock();
	bfly_flow_find(sw, key, &slot, dir);
	drop = bfly_flow_new(sw, &slot, quota, NULL, flow, dir);
	rcu_read_unlock();
	local_bh_enable();
	return drop;
}

static inline struct bfly_flow *enter(struct kunit *test, struct bfly_key key)
{
	struct bfly_flow *flow = NULL;
	int dir = -1;

	KUNIT_EXPECT_EQ(test, flow_new(test->priv, &key, NULL, &flow, &dir),
			BFLY_PASS);
	KUNIT_ASSERT_NOT_NULL(test, flow);
	KUNIT_EXPECT_EQ(test, dir, 0);
	return flow;
}

static inline struct bfly_flow *find(struct kunit *test, struct bfly_key key,
				     int *dir)
{
	struct bfly_flow_slot slot;
	struct bfly_flow *flow;

	rcu_read_lock();
	flow = bfly_flow_find(test->priv, &key, &slot, dir);
	rcu_read_unlock();
	return flow;
}

/* A table of a few buckets, so that samples find what there is. */
static inline void make_small(struct bfly_switch *sw)
{
	sw->flows->mask = 15;
	sw->flow_max = 8;
}

#endif /* _BFLY_FLOW_TEST_H */
