// SPDX-License-Identifier: GPL-2.0
/* The flow table: keys, directions, states, limits. */

#include <kunit/test.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/tcp.h>

#include "flow.h"
#include "flow_table.h"
#include "net.h"
#include "port.h"
#include "switch.h"

static const u8 dmac[ETH_ALEN] = { 2, 0, 0, 0, 0, 2 };

static int flow_test_init(struct kunit *test)
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

static void flow_test_exit(struct kunit *test)
{
	struct bfly_switch *sw = test->priv;

	rtnl_lock();
	bfly_flows_fini(sw);
	rtnl_unlock();
	free_percpu(sw->stats);
}

static struct bfly_key key4(u32 src, u32 dst, u16 sport, u16 dport)
{
	return (struct bfly_key){
		.src.s6_addr32 = { htonl(src) },
		.dst.s6_addr32 = { htonl(dst) },
		.sport = htons(sport), .dport = htons(dport),
		.net = 42, .proto = IPPROTO_TCP, .family = AF_INET,
	};
}

static struct bfly_key reversed(struct bfly_key key)
{
	swap(key.src, key.dst);
	swap(key.sport, key.dport);
	return key;
}

static struct bfly_flow *enter(struct kunit *test, struct bfly_key key)
{
	struct bfly_flow *flow;
	int dir = -1;

	rcu_read_lock();
	flow = bfly_flow_new(test->priv, &key, NULL, &dir);
	rcu_read_unlock();
	KUNIT_ASSERT_NOT_NULL(test, flow);
	KUNIT_EXPECT_EQ(test, dir, 0);
	return flow;
}

static struct bfly_flow *find(struct kunit *test, struct bfly_key key, int *dir)
{
	struct bfly_flow *flow;

	rcu_read_lock();
	flow = bfly_flow_find(test->priv, &key, dir);
	rcu_read_unlock();
	return flow;
}

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
	struct bfly_flow *flow = enter(test, key);
	int dir;

	rcu_read_lock();
	KUNIT_EXPECT_PTR_EQ(test, bfly_flow_new(sw, &key, NULL, &dir), flow);
	KUNIT_EXPECT_EQ(test, dir, 0);
	KUNIT_EXPECT_PTR_EQ(test, bfly_flow_new(sw, &back, NULL, &dir), flow);
	KUNIT_EXPECT_EQ(test, dir, 1);
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, bfly_flow_entries(sw), 1);
}

static void tcp_states(struct kunit *test)
{
	struct bfly_flow *flow = enter(test, key4(1, 2, 1000, 80));

	bfly_flow_seen(flow, 0, TCPHDR_SYN, 1, 60);
	KUNIT_EXPECT_EQ(test, flow->state, BFLY_FLOW_STATE_NEW);
	bfly_flow_seen(flow, 1, TCPHDR_SYN | TCPHDR_ACK, 1, 60);
	KUNIT_EXPECT_EQ(test, flow->state, BFLY_FLOW_STATE_ESTABLISHED);
	bfly_flow_seen(flow, 0, TCPHDR_ACK, 10, 15000);
	bfly_flow_seen(flow, 0, TCPHDR_FIN | TCPHDR_ACK, 1, 60);
	KUNIT_EXPECT_EQ(test, flow->state, BFLY_FLOW_STATE_CLOSING);
	/* a second FIN of one side is a retransmission */
	bfly_flow_seen(flow, 0, TCPHDR_FIN | TCPHDR_ACK, 1, 60);
	KUNIT_EXPECT_EQ(test, flow->state, BFLY_FLOW_STATE_CLOSING);
	bfly_flow_seen(flow, 1, TCPHDR_FIN | TCPHDR_ACK, 1, 60);
	KUNIT_EXPECT_EQ(test, flow->state, BFLY_FLOW_STATE_CLOSED);
	KUNIT_EXPECT_LE(test, (s32)(flow->expires - (u32)jiffies), 10 * HZ);
	KUNIT_EXPECT_EQ(test, flow->count[0].packets, 13);
	KUNIT_EXPECT_EQ(test, flow->count[0].bytes, 15180);
	KUNIT_EXPECT_EQ(test, flow->count[1].packets, 2);
}

static void reset(struct kunit *test)
{
	struct bfly_flow *flow = enter(test, key4(1, 2, 1000, 80));

	bfly_flow_seen(flow, 0, TCPHDR_SYN, 1, 60);
	bfly_flow_seen(flow, 1, TCPHDR_RST | TCPHDR_ACK, 1, 60);
	KUNIT_EXPECT_EQ(test, flow->state, BFLY_FLOW_STATE_CLOSED);
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

static void full(struct kunit *test)
{
	struct bfly_switch *sw = test->priv;
	struct bfly_key key = key4(1, 2, 0, 80);
	u64 refused = 0;
	int cpu, dir, i;

	for (i = 0; i < 1000; i++) {
		key.sport = htons(i);
		enter(test, key);
	}
	key.sport = htons(1000);
	rcu_read_lock();
	KUNIT_EXPECT_NULL(test, bfly_flow_new(sw, &key, NULL, &dir));
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, bfly_flow_entries(sw), 1000);
	for_each_possible_cpu(cpu)
		refused += per_cpu_ptr(sw->stats, cpu)->flow_full;
	KUNIT_EXPECT_EQ(test, refused, 1);
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
	flow = bfly_flow_find(sw, &flow->key, &dir);
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

	KUNIT_ASSERT_NOT_NULL(test, port);
	rcu_read_lock();
	KUNIT_EXPECT_NULL(test, bfly_flow_path_get(flow, 0, 1, port, dmac));
	bfly_flow_path_set(test->priv, flow, 0, 7, port, &hop, dmac);
	KUNIT_EXPECT_PTR_EQ(test, bfly_flow_path_get(flow, 0, 7, port, dmac),
			    &hop);
	KUNIT_EXPECT_NULL(test, bfly_flow_path_get(flow, 0, 8, port, dmac));
	KUNIT_EXPECT_NULL(test, bfly_flow_path_get(flow, 0, 7, NULL, dmac));
	KUNIT_EXPECT_NULL(test, bfly_flow_path_get(flow, 0, 7, port,
						   other_mac));
	KUNIT_EXPECT_NULL(test, bfly_flow_path_get(flow, 1, 7, port, dmac));
	rcu_read_unlock();
}

static struct kunit_case flow_cases[] = {
	KUNIT_CASE(directions),
	KUNIT_CASE(filters),
	KUNIT_CASE(fields),
	KUNIT_CASE(entered_twice),
	KUNIT_CASE(tcp_states),
	KUNIT_CASE(reset),
	KUNIT_CASE(expired),
	KUNIT_CASE(full),
	KUNIT_CASE(flush),
	KUNIT_CASE(path),
	{}
};

static struct kunit_suite flow_suite = {
	.name = "bfly-flow",
	.init = flow_test_init,
	.exit = flow_test_exit,
	.test_cases = flow_cases,
};

kunit_test_suites(&flow_suite);
