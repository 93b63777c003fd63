// SPDX-License-Identifier: GPL-2.0
/* The flow table: keys, directions, and entries that come and go. */

#include "flow_quota.h"
#include "flow_test.h"
#include "net.h"
#include "port.h"

static const u8 dmac[ETH_ALEN] = { 2, 0, 0, 0, 0, 2 };

/* Both directions find the entry and know which they are. */
static void expect_both(struct kunit *test, struct bfly_key key)
{
	struct bfly_flow *flow = enter(test, key);
	int dir = -1;

	KUNIT_EXPECT_PTR_EQ(test, find(test, key, &dir), flow);
	KUNIT_EXPECT_EQ(test, dir, 0);
	KUNIT_EXPECT_PTR_EQ(test, find(test, reversed(key), &dir), flow);
	KUNIT_EXPECT_EQ(test, dir, 1);
}

static void directions(struct kunit *test)
{
	struct bfly_key v6 = key4(0, 0, 5, 6);

	expect_both(test, key4(1, 2, 1000, 80));
	expect_both(test, key4(4, 3, 1000, 80));
	/* one address at both ends: the ports tell */
	expect_both(test, key4(5, 5, 1000, 80));
	expect_both(test, key4(6, 6, 80, 1000));

	v6.family = AF_INET6;
	v6.src.s6_addr[15] = 1;
	v6.dst.s6_addr[15] = 2;
	expect_both(test, v6);
	v6.sport = htons(7);
	swap(v6.src, v6.dst);
	expect_both(test, v6);
}

static u32 flush_some(struct kunit *test,
		      const struct bfly_flow_filter *filter)
{
	u32 deleted;

	rtnl_lock();
	deleted = bfly_flow_flush(test->priv, filter);
	rtnl_unlock();
	return deleted;
}

/* Filters see the ends as the first packet had them, however the key lies. */
static void filters(struct kunit *test)
{
	struct bfly_flow_filter low = {
		.src = { .addr = { .ip4 = htonl(0), .family = AF_INET },
			 .len = 24 },
	};
	struct bfly_flow_filter high = { .dst = low.src };
	struct bfly_flow_filter udp = { .by_proto = true, .proto = IPPROTO_UDP };
	struct bfly_flow_filter fresh = { .by_state = true };
	struct bfly_flow_filter other = {
		.src = { .addr.family = AF_INET6 },
	};
	struct bfly_flow *flow;

	enter(test, key4(1, 1000, 1000, 80));
	enter(test, key4(2000, 2, 1000, 80));
	flow = enter(test, key4(2000, 1000, 1000, 80));
	WRITE_ONCE(flow->state, BFLY_FLOW_STATE_ESTABLISHED);
	high.src = high.dst;
	KUNIT_EXPECT_EQ(test, 0, flush_some(test, &high));
	high.src.addr.family = AF_UNSPEC;
	KUNIT_EXPECT_EQ(test, 0, flush_some(test, &udp));
	KUNIT_EXPECT_EQ(test, 0, flush_some(test, &other));
	KUNIT_EXPECT_EQ(test, 1, flush_some(test, &low));
	KUNIT_EXPECT_EQ(test, 0, flush_some(test, &low));
	KUNIT_EXPECT_EQ(test, 1, flush_some(test, &high));
	KUNIT_EXPECT_EQ(test, 0, flush_some(test, &fresh));
	fresh.state = BFLY_FLOW_STATE_ESTABLISHED;
	KUNIT_EXPECT_EQ(test, 1, flush_some(test, &fresh));
}

/* Every field of the key tells flows apart; the net does so for tenants. */
static void fields(struct kunit *test)
{
	struct bfly_key key = key4(1, 2, 1000, 80), other;
	int dir;

	enter(test, key);
	other = key;
	other.src.s6_addr32[0] ^= htonl(1 << 31);
	KUNIT_EXPECT_NULL(test, find(test, other, &dir));
	other = key;
	other.dst.s6_addr32[0] ^= htonl(1 << 31);
	KUNIT_EXPECT_NULL(test, find(test, other, &dir));
	other = key;
	other.sport ^= htons(1);
	KUNIT_EXPECT_NULL(test, find(test, other, &dir));
	other = key;
	other.dport ^= htons(1);
	KUNIT_EXPECT_NULL(test, find(test, other, &dir));
	other = key;
	other.net = 51;
	KUNIT_EXPECT_NULL(test, find(test, other, &dir));
	other = key;
	other.proto = IPPROTO_UDP;
	KUNIT_EXPECT_NULL(test, find(test, other, &dir));
	other = key;
	other.family = AF_INET6;
	KUNIT_EXPECT_NULL(test, find(test, other, &dir));
	/* the last word of an IPv6 address, too */
	key.family = AF_INET6;
	enter(test, key);
	other = key;
	other.dst.s6_addr32[3] = htonl(1);
	KUNIT_EXPECT_NULL(test, find(test, other, &dir));
}

static void entered_twice(struct kunit *test)
{
	struct bfly_switch *sw = test->priv;
	struct bfly_key key = key4(1, 2, 1000, 80);
	struct bfly_key back = reversed(key);
	struct bfly_flow *flow = enter(test, key), *again = NULL;
	int dir;

	flow_new(sw, &key, NULL, &again, &dir);
	KUNIT_EXPECT_PTR_EQ(test, again, flow);
	KUNIT_EXPECT_EQ(test, dir, 0);
	flow_new(sw, &back, NULL, &again, &dir);
	KUNIT_EXPECT_PTR_EQ(test, again, flow);
	KUNIT_EXPECT_EQ(test, dir, 1);
	KUNIT_EXPECT_EQ(test, bfly_flow_entries(sw), 1);
}

static void expired(struct kunit *test)
{
	struct bfly_switch *sw = test->priv;
	struct bfly_key key = key4(1, 2, 1000, 80);
	struct bfly_flow *flow = enter(test, key);
	struct bfly_flow *again;
	int dir;

	WRITE_ONCE(flow->expires, (u32)jiffies - 1);
	KUNIT_EXPECT_NULL(test, find(test, key, &dir));
	again = enter(test, key);
	KUNIT_EXPECT_PTR_NE(test, again, flow);
	KUNIT_EXPECT_EQ(test, bfly_flow_entries(sw), 1);
}

/* That entries are in the order of their numbers, by which dumps find them. */
static void expect_order(struct kunit *test, struct bfly_flow_table *table)
{
	const struct bfly_flow *flow, *next;
	u32 bucket;

	rcu_read_lock();
	for (bucket = 0; bucket <= table->mask; bucket++)
		for (flow = rcu_dereference(table->buckets[bucket]); flow;
		     flow = next) {
			next = rcu_dereference(flow->next);
			KUNIT_EXPECT_TRUE(test, !next || next->seq > flow->seq);
		}
	rcu_read_unlock();
}

struct churn {
	struct work_struct work;
	struct bfly_switch *sw;
	struct bfly_flow_quota *quota;
	bool stop;
};

/* Enters flows, more than may be, and takes some out again. */
static void churn(struct work_struct *work)
{
	struct churn *c = container_of(work, struct churn, work);
	struct bfly_flow *flow;
	struct bfly_key key;
	u32 n = 0;
	int dir;

	while (!READ_ONCE(c->stop)) {
		n++;
		key = key4(1, n % 7, n % 97, n % 13);
		local_bh_disable();
		rcu_read_lock();
		if (!flow_new(c->sw, &key, n % 3 ? c->quota : NULL, &flow,
			      &dir)) {
			WRITE_ONCE(flow->state, n % 4);
			if (!(n % 5))
				bfly_flow_del(c->sw, flow);
			if (!(n % 11))
				WRITE_ONCE(flow->expires, (u32)jiffies);
		}
		rcu_read_unlock();
		local_bh_enable();
		cond_resched();
	}
}

/* Entries come, age and go while they are flushed and looked at. */
static void changes(struct kunit *test)
{
	struct bfly_switch *sw = test->priv;
	struct bfly_flow_filter all = {};
	struct churn c = { .sw = sw };
	int i;

	make_small(sw);
	sw->flow_max = 100;
	c.quota = bfly_flow_quota_new();
	KUNIT_ASSERT_NOT_NULL(test, c.quota);
	c.quota->max = 50;
	INIT_WORK_ONSTACK(&c.work, churn);
	queue_work(system_unbound_wq, &c.work);
	for (i = 0; i < 50; i++) {
		expect_order(test, sw->flows);
		/* one at a time may be on its way in beyond the limit */
		KUNIT_EXPECT_LE(test, bfly_flow_entries(sw), 101);
		KUNIT_EXPECT_LE(test, bfly_flow_quota_flows(c.quota), 51);
		if (i % 5 == 4) {
			rtnl_lock();
			bfly_flow_flush(sw, &all);
			rtnl_unlock();
		}
		msleep(20);
	}
	WRITE_ONCE(c.stop, true);
	flush_work(&c.work);
	destroy_work_on_stack(&c.work);
	rtnl_lock();
	bfly_flow_flush(sw, &all);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, bfly_flow_entries(sw), 0);
	KUNIT_EXPECT_EQ(test, bfly_flow_quota_flows(c.quota), 0);
	bfly_flow_quota_put(c.quota);
}

static void flush(struct kunit *test)
{
	struct bfly_flow_filter filter = { .net = 42 };
	struct bfly_switch *sw = test->priv;
	struct bfly_key other = key4(1, 2, 1000, 80);
	struct bfly_flow *flow;
	int i, dir;

	other.net = 51;
	enter(test, other);
	for (i = 0; i < 100; i++)
		flow = enter(test, key4(1, 2, i, 80));
	rcu_read_lock();
	bfly_flow_del(sw, flow);
	/* once only, whoever else still has it in hand */
	bfly_flow_del(sw, flow);
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, bfly_flow_entries(sw), 100);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, bfly_flow_flush(sw, &filter), 99);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, bfly_flow_entries(sw), 1);
	KUNIT_EXPECT_NOT_NULL(test, find(test, other, &dir));
}

/* A path holds for one generation, one way in and one destination MAC. */
static void path(struct kunit *test)
{
	static const u8 other_mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 3 };
	struct bfly_flow *flow = enter(test, key4(1, 2, 1000, 80));
	struct bfly_port *port = kunit_kzalloc(test, sizeof(*port), GFP_KERNEL);
	struct bfly_hop hop = { .kind = BFLY_HOP_FLOOD };
	struct bfly_flow_slot slot;
	int dir;

	KUNIT_ASSERT_NOT_NULL(test, port);
	local_bh_disable();
	rcu_read_lock();
	bfly_flow_find(test->priv, &flow->key, &slot, &dir);
	KUNIT_EXPECT_NULL(test, bfly_flow_path_get(flow, 0, 1, port, dmac));
	bfly_flow_path_set(test->priv, &slot, flow, 0, 7, port, &hop, dmac);
	KUNIT_EXPECT_PTR_EQ(test, bfly_flow_path_get(flow, 0, 7, port, dmac),
			    &hop);
	KUNIT_EXPECT_NULL(test, bfly_flow_path_get(flow, 0, 8, port, dmac));
	KUNIT_EXPECT_NULL(test, bfly_flow_path_get(flow, 0, 7, NULL, dmac));
	KUNIT_EXPECT_NULL(test, bfly_flow_path_get(flow, 0, 7, port,
						   other_mac));
	KUNIT_EXPECT_NULL(test, bfly_flow_path_get(flow, 1, 7, port, dmac));
	rcu_read_unlock();
	local_bh_enable();
}

#define SPREAD_KEYS	32768

/* The @i-th key of a pattern that many clients, or one who attacks, may make. */
static struct bfly_key spread_key(int pattern, u32 i)
{
	struct bfly_key key = key4(0x0a000001, 0x0a000002, 1000, 80);

	switch (pattern) {
	case 0:
		key.sport = htons(i);
		break;
	case 1:
		key.src.s6_addr32[0] = htonl(i);
		break;
	case 2:
		key.src.s6_addr32[0] = htonl(i << 16);
		break;
	case 3:
		key.src.s6_addr32[0] = htonl(i & ~0xff);
		key.sport = htons(i & 0xff);
		break;
	case 4:
		/* one goes up as the other goes down */
		key.src.s6_addr32[0] = htonl(i);
		key.sport = htons(~i);
		break;
	case 5:
		key.family = AF_INET6;
		key.src.s6_addr32[3] = htonl(i);
		break;
	case 6:
		key.family = AF_INET6;
		key.src.s6_addr32[1] = htonl(i << 8);
		key.src.s6_addr32[2] = htonl(~i);
		break;
	}
	return key;
}

/* No pattern of keys makes long chains. */
static void spread(struct kunit *test)
{
	struct bfly_switch *sw = test->priv;
	u8 *chain = kvmalloc(sw->flows->mask + 1, GFP_KERNEL);
	struct bfly_key key;
	u32 i, hash;
	int pattern;
	u8 longest;

	KUNIT_ASSERT_NOT_NULL(test, chain);
	for (pattern = 0; pattern < 7; pattern++) {
		memset(chain, 0, sw->flows->mask + 1);
		longest = 0;
		rcu_read_lock();
		for (i = 0; i < SPREAD_KEYS; i++) {
			key = spread_key(pattern, i);
			bfly_flow_find_served(sw, &key, &hash);
			hash &= sw->flows->mask;
			longest = max(longest, ++chain[hash]);
		}
		rcu_read_unlock();
		/* at random more than 7 come once in three million times */
		KUNIT_EXPECT_LE_MSG(test, longest, 10, "pattern %d", pattern);
	}
	kvfree(chain);
}

static struct kunit_case flow_cases[] = {
	KUNIT_CASE(directions),
	KUNIT_CASE(filters),
	KUNIT_CASE(fields),
	KUNIT_CASE(entered_twice),
	KUNIT_CASE(expired),
	KUNIT_CASE(changes),
	KUNIT_CASE(flush),
	KUNIT_CASE(path),
	KUNIT_CASE(spread),
	{}
};

static struct kunit_suite flow_suite = {
	.name = "bfly-flow",
	.init = flow_test_init,
	.exit = flow_test_exit,
	.test_cases = flow_cases,
};

kunit_test_suites(&flow_suite);
