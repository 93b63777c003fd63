// SPDX-License-Identifier: GPL-2.0
/* The flow table: keys, directions, states, limits. */

#include <kunit/test.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/tcp.h>

#include "flow.h"
#include "flow_quota.h"
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

/* What a packet with this key does, where softirqs are not in the way. */
static enum bfly_drop flow_new(struct bfly_switch *sw,
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

static struct bfly_flow *enter(struct kunit *test, struct bfly_key key)
{
	struct bfly_flow *flow = NULL;
	int dir = -1;

	KUNIT_EXPECT_EQ(test, flow_new(test->priv, &key, NULL, &flow, &dir),
			BFLY_PASS);
	KUNIT_ASSERT_NOT_NULL(test, flow);
	KUNIT_EXPECT_EQ(test, dir, 0);
	return flow;
}

static struct bfly_flow *find(struct kunit *test, struct bfly_key key, int *dir)
{
	struct bfly_flow_slot slot;
	struct bfly_flow *flow;

	rcu_read_lock();
	flow = bfly_flow_find(test->priv, &key, &slot, dir);
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

/* Gives a segment to the flow and tells its state then. */
static enum bfly_flow_state segment(struct kunit *test, struct bfly_flow *flow,
				    int dir, u8 flags)
{
	const struct bfly_parsed parsed = {
		.class = BFLY_CLASS_FLOW, .tcp_flags = flags,
	};

	bfly_flow_seen(test->priv, flow, dir, &parsed, 1, 60);
	return flow->state;
}

static s32 seconds_left(const struct bfly_flow *flow)
{
	return ((s32)(flow->expires - (u32)jiffies) + HZ - 1) / HZ;
}

static void tcp_states(struct kunit *test)
{
	struct bfly_flow *flow = enter(test, key4(1, 2, 1000, 80));

	KUNIT_EXPECT_EQ(test, segment(test, flow, 0, TCPHDR_SYN),
			BFLY_FLOW_STATE_NEW);
	KUNIT_EXPECT_EQ(test, segment(test, flow, 1, TCPHDR_SYN | TCPHDR_ACK),
			BFLY_FLOW_STATE_NEW);
	KUNIT_EXPECT_EQ(test, seconds_left(flow), 60);
	KUNIT_EXPECT_EQ(test, segment(test, flow, 0, TCPHDR_ACK),
			BFLY_FLOW_STATE_ESTABLISHED);
	KUNIT_EXPECT_EQ(test, seconds_left(flow), 24 * 60 * 60);
	KUNIT_EXPECT_EQ(test, segment(test, flow, 0, TCPHDR_FIN | TCPHDR_ACK),
			BFLY_FLOW_STATE_CLOSING);
	KUNIT_EXPECT_EQ(test, seconds_left(flow), 120);
	/* a second FIN of one side is a retransmission */
	KUNIT_EXPECT_EQ(test, segment(test, flow, 0, TCPHDR_FIN | TCPHDR_ACK),
			BFLY_FLOW_STATE_CLOSING);
	KUNIT_EXPECT_EQ(test, segment(test, flow, 1, TCPHDR_FIN | TCPHDR_ACK),
			BFLY_FLOW_STATE_CLOSED);
	KUNIT_EXPECT_EQ(test, segment(test, flow, 0, TCPHDR_ACK),
			BFLY_FLOW_STATE_CLOSED);
	KUNIT_EXPECT_EQ(test, seconds_left(flow), 10);
	KUNIT_EXPECT_EQ(test, flow->count[0].packets, 5);
	KUNIT_EXPECT_EQ(test, flow->count[0].bytes, 300);
	KUNIT_EXPECT_EQ(test, flow->count[1].packets, 2);
}

/* What anybody can send who forges addresses, and who is flooded answers. */
static void half_open(struct kunit *test)
{
	struct bfly_flow *flow = enter(test, key4(1, 2, 1000, 80));
	int i;

	for (i = 0; i < 3; i++) {
		segment(test, flow, 0, TCPHDR_SYN);
		segment(test, flow, 1, TCPHDR_SYN | TCPHDR_ACK);
	}
	/* not a header, but what stands for one in a later fragment */
	segment(test, flow, 0, 0);
	KUNIT_EXPECT_EQ(test, flow->state, BFLY_FLOW_STATE_NEW);
	KUNIT_EXPECT_EQ(test, seconds_left(flow), 60);
	/* nor does the beginner's second segment do without an answer */
	flow = enter(test, key4(1, 2, 1001, 80));
	segment(test, flow, 0, TCPHDR_SYN);
	KUNIT_EXPECT_EQ(test, segment(test, flow, 0, TCPHDR_ACK),
			BFLY_FLOW_STATE_NEW);
}

/* Connections whose handshake was not seen, or was another one. */
static void picked_up(struct kunit *test)
{
	struct bfly_flow *flow = enter(test, key4(1, 2, 1000, 80));

	segment(test, flow, 0, TCPHDR_ACK);
	segment(test, flow, 1, TCPHDR_ACK | TCPHDR_PSH);
	KUNIT_EXPECT_EQ(test, segment(test, flow, 0, TCPHDR_ACK),
			BFLY_FLOW_STATE_ESTABLISHED);
	/* both sides open at once, RFC 9293, 3.5 */
	flow = enter(test, key4(1, 2, 1001, 80));
	segment(test, flow, 0, TCPHDR_SYN);
	segment(test, flow, 1, TCPHDR_SYN);
	segment(test, flow, 0, TCPHDR_SYN | TCPHDR_ACK);
	segment(test, flow, 1, TCPHDR_SYN | TCPHDR_ACK);
	KUNIT_EXPECT_EQ(test, segment(test, flow, 0, TCPHDR_ACK | TCPHDR_PSH),
			BFLY_FLOW_STATE_ESTABLISHED);
}

/* A timeout that is changed, either way, acts with the next packet. */
static void timeouts(struct kunit *test)
{
	struct bfly_flow *flow = enter(test, key4(1, 2, 1000, 80));
	struct bfly_switch *sw = test->priv;

	sw->timeouts[BFLY_TIMEOUT_TCP_NEW] = 20;
	KUNIT_EXPECT_EQ(test, seconds_left(flow), 60);
	segment(test, flow, 0, TCPHDR_SYN);
	KUNIT_EXPECT_EQ(test, seconds_left(flow), 20);
	sw->timeouts[BFLY_TIMEOUT_TCP_NEW] = 1000000;
	segment(test, flow, 0, TCPHDR_SYN);
	KUNIT_EXPECT_EQ(test, seconds_left(flow), 1000000);
	sw->timeouts[BFLY_TIMEOUT_TCP_CLOSED] = 1;
	segment(test, flow, 1, TCPHDR_RST);
	KUNIT_EXPECT_EQ(test, seconds_left(flow), 1);
	/* of nothing else */
	sw->timeouts[BFLY_TIMEOUT_OTHER_NEW] = 5;
	flow = enter(test, key4(1, 2, 1001, 80));
	KUNIT_EXPECT_EQ(test, seconds_left(flow), 1000000);
}

static void refused_connection(struct kunit *test)
{
	struct bfly_flow *flow = enter(test, key4(1, 2, 1000, 80));

	segment(test, flow, 0, TCPHDR_SYN);
	KUNIT_EXPECT_EQ(test, segment(test, flow, 1, TCPHDR_RST | TCPHDR_ACK),
			BFLY_FLOW_STATE_CLOSED);
}

struct numbers {
	u32 seq;
	u32 ack;
	u16 window;
	u8 wscale;
};

/* The same of a segment with all that matters to windows. */
static void number(struct kunit *test, struct bfly_flow *flow, int dir,
		   u8 flags, struct numbers n)
{
	const struct bfly_parsed parsed = {
		.class = BFLY_CLASS_FLOW, .tcp_flags = flags,
		.tcp_seq = htonl(n.seq), .tcp_ack = htonl(n.ack),
		.tcp_window = n.window, .tcp_wscale = n.wscale,
	};

	bfly_flow_seen(test->priv, flow, dir, &parsed, 1, 60);
}

static bool takes(struct bfly_flow *flow, int dir, u32 seq)
{
	const struct bfly_parsed parsed = {
		.class = BFLY_CLASS_FLOW, .tcp_flags = TCPHDR_RST,
		.tcp_seq = htonl(seq),
	};

	return bfly_flow_takes_reset(flow, dir, &parsed);
}

/* That the window of the side to which @dir goes is @from and @len after it. */
static void expect_window(struct kunit *test, struct bfly_flow *flow, int dir,
			  u32 from, u32 len)
{
	KUNIT_EXPECT_FALSE(test, takes(flow, dir, from - 1));
	KUNIT_EXPECT_TRUE(test, takes(flow, dir, from));
	KUNIT_EXPECT_TRUE(test, takes(flow, dir, from + len));
	KUNIT_EXPECT_FALSE(test, takes(flow, dir, from + len + 1));
	KUNIT_EXPECT_FALSE(test, takes(flow, dir, from + BIT(31)));
}

static void reset_in_window(struct kunit *test)
{
	struct bfly_flow *flow = enter(test, key4(1, 2, 1000, 80));

	/* nothing acknowledged, nothing known */
	number(test, flow, 0, TCPHDR_SYN, (struct numbers){ 99, 0, 64240, 7 });
	KUNIT_EXPECT_TRUE(test, takes(flow, 0, 12345));
	KUNIT_EXPECT_TRUE(test, takes(flow, 1, 0));
	/* the window of a SYN is not scaled */
	number(test, flow, 1, TCPHDR_SYN | TCPHDR_ACK,
	       (struct numbers){ U32_MAX - 10, 100, 64240, 3 });
	expect_window(test, flow, 0, 100, 65536);
	/* others are, each by its sender's scale; and sequence numbers wrap */
	number(test, flow, 0, TCPHDR_ACK, (struct numbers){ 100, U32_MAX - 9, 512 });
	expect_window(test, flow, 1, U32_MAX - 9, 1024 << 7);
	number(test, flow, 1, TCPHDR_ACK, (struct numbers){ 1, 300, 1000 });
	expect_window(test, flow, 0, 300, 1024 << 3);
	/* a shut window takes what probes it */
	number(test, flow, 1, TCPHDR_ACK, (struct numbers){ 1, 300, 0 });
	KUNIT_EXPECT_TRUE(test, takes(flow, 0, 300));
	KUNIT_EXPECT_FALSE(test, takes(flow, 0, 300 + 17));
	/* a new SYN is of another connection, whose numbers nobody knows */
	number(test, flow, 0, TCPHDR_SYN, (struct numbers){ 7, 0, 64240, 7 });
	KUNIT_EXPECT_TRUE(test, takes(flow, 1, 0));
	KUNIT_EXPECT_FALSE(test, takes(flow, 0, 0));
}

/* Both sides' SYNs must have the option for either's windows to be scaled. */
static void unscaled(struct kunit *test)
{
	struct bfly_flow *flow = enter(test, key4(1, 2, 1000, 80));

	number(test, flow, 0, TCPHDR_SYN, (struct numbers){ 99, 0, 64240, 7 });
	number(test, flow, 1, TCPHDR_SYN | TCPHDR_ACK,
	       (struct numbers){ 0, 100, 64240, BFLY_TCP_NO_WSCALE });
	number(test, flow, 0, TCPHDR_ACK, (struct numbers){ 100, 1, 1000 });
	expect_window(test, flow, 1, 1, 1024);
	number(test, flow, 1, TCPHDR_ACK, (struct numbers){ 1, 100, 4000 });
	expect_window(test, flow, 0, 100, 4096);
}

/* Whose SYNs were not seen may scale as much as can be. */
static void unknown_scale(struct kunit *test)
{
	struct bfly_flow *flow = enter(test, key4(1, 2, 1000, 80));

	number(test, flow, 0, TCPHDR_ACK, (struct numbers){ 100, 5000, 1000 });
	expect_window(test, flow, 1, 5000, 1024 << 14);
	KUNIT_EXPECT_TRUE(test, takes(flow, 0, 0));
	/* a reset acknowledges nothing */
	number(test, flow, 0, TCPHDR_RST | TCPHDR_ACK, (struct numbers){ 100, 9, 0 });
	expect_window(test, flow, 1, 5000, 1024 << 14);
}

/* Other protocols are established by an answer. */
static void udp_states(struct kunit *test)
{
	struct bfly_key key = key4(1, 2, 1000, 53);
	struct bfly_flow *flow;

	key.proto = IPPROTO_UDP;
	flow = enter(test, key);
	KUNIT_EXPECT_EQ(test, segment(test, flow, 0, 0), BFLY_FLOW_STATE_NEW);
	KUNIT_EXPECT_EQ(test, seconds_left(flow), 30);
	KUNIT_EXPECT_EQ(test, segment(test, flow, 1, 0), BFLY_FLOW_STATE_ESTABLISHED);
	KUNIT_EXPECT_EQ(test, seconds_left(flow), 180);
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

/* A table of a few buckets, so that samples find what there is. */
static void make_small(struct bfly_switch *sw)
{
	sw->flows->mask = 15;
	sw->flow_max = 8;
}

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
	int i;

	KUNIT_ASSERT_NOT_NULL(test, quota);
	make_small(sw);
	sw->flow_max = 80;
	enter_many(test, 0, 20, BFLY_FLOW_STATE_CLOSED, 0);
	for (i = 0; i < 30; i++)
		KUNIT_EXPECT_EQ(test, one_more(test, 100 + i, quota),
				BFLY_PASS);
	/* an eighth */
	KUNIT_EXPECT_EQ(test, bfly_flow_quota_flows(quota), 10);
	KUNIT_EXPECT_EQ(test, bfly_flow_entries(sw), 30);
	KUNIT_EXPECT_EQ(test, STAT(sw, flow_evicted), 20);
	quota->max = 12;
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_EQ(test, one_more(test, 200 + i, quota),
				BFLY_PASS);
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

static struct kunit_case flow_cases[] = {
	KUNIT_CASE(directions),
	KUNIT_CASE(filters),
	KUNIT_CASE(fields),
	KUNIT_CASE(entered_twice),
	KUNIT_CASE(tcp_states),
	KUNIT_CASE(half_open),
	KUNIT_CASE(picked_up),
	KUNIT_CASE(timeouts),
	KUNIT_CASE(refused_connection),
	KUNIT_CASE(reset_in_window),
	KUNIT_CASE(unscaled),
	KUNIT_CASE(unknown_scale),
	KUNIT_CASE(udp_states),
	KUNIT_CASE(expired),
	KUNIT_CASE(full),
	KUNIT_CASE(evicted),
	KUNIT_CASE(lowered),
	KUNIT_CASE(port_quota),
	KUNIT_CASE(port_full),
	KUNIT_CASE(changes),
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
