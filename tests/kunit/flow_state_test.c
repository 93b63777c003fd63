// SPDX-License-Identifier: GPL-2.0
/* What packets make of a flow: its state, its timeout, the windows of TCP. */

#include <net/tcp.h>

#include "flow_test.h"

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

/* Gives a packet to the flow of a service. */
static void forwarded(struct kunit *test, struct bfly_flow *flow, u8 flags)
{
	const struct bfly_parsed parsed = {
		.class = BFLY_CLASS_FLOW, .tcp_flags = flags,
	};

	bfly_flow_forwarded(test->priv, flow, &parsed, 2, 120);
}

/* One direction is all that there is of a service's flow. */
static void service_states(struct kunit *test)
{
	struct bfly_flow *flow = kunit_kzalloc(test, sizeof(*flow), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, flow);
	flow->key = key4(1, 2, 1000, 80);
	flow->key.net = 0;
	flow->state = BFLY_FLOW_STATE_ESTABLISHED;
	flow->followed = (u32)jiffies;
	flow->expires = (u32)jiffies + 5 * HZ;
	/* in the same second nothing is put off */
	forwarded(test, flow, TCPHDR_ACK);
	KUNIT_EXPECT_EQ(test, seconds_left(flow), 5);
	KUNIT_EXPECT_EQ(test, flow->count[0].packets, 2);
	KUNIT_EXPECT_EQ(test, flow->count[0].bytes, 120);
	flow->followed -= HZ;
	forwarded(test, flow, TCPHDR_ACK);
	KUNIT_EXPECT_EQ(test, seconds_left(flow), 24 * 60 * 60);
	forwarded(test, flow, TCPHDR_FIN | TCPHDR_ACK);
	KUNIT_EXPECT_EQ(test, flow->state, BFLY_FLOW_STATE_CLOSING);
	KUNIT_EXPECT_EQ(test, seconds_left(flow), 120);
	forwarded(test, flow, TCPHDR_RST);
	KUNIT_EXPECT_EQ(test, flow->state, BFLY_FLOW_STATE_CLOSED);
	KUNIT_EXPECT_EQ(test, seconds_left(flow), 10);
	KUNIT_EXPECT_EQ(test, flow->count[0].packets, 8);

	/* a datagram has no flags */
	flow->key.proto = IPPROTO_UDP;
	flow->state = BFLY_FLOW_STATE_ESTABLISHED;
	flow->followed = (u32)jiffies - HZ;
	forwarded(test, flow, 0);
	KUNIT_EXPECT_EQ(test, flow->state, BFLY_FLOW_STATE_ESTABLISHED);
	KUNIT_EXPECT_EQ(test, seconds_left(flow), 180);
}

static struct kunit_case flow_state_cases[] = {
	KUNIT_CASE(tcp_states),
	KUNIT_CASE(half_open),
	KUNIT_CASE(picked_up),
	KUNIT_CASE(timeouts),
	KUNIT_CASE(refused_connection),
	KUNIT_CASE(reset_in_window),
	KUNIT_CASE(unscaled),
	KUNIT_CASE(unknown_scale),
	KUNIT_CASE(udp_states),
	KUNIT_CASE(service_states),
	{}
};

static struct kunit_suite flow_state_suite = {
	.name = "bfly-flow-state",
	.init = flow_test_init,
	.exit = flow_test_exit,
	.test_cases = flow_state_cases,
};

kunit_test_suites(&flow_state_suite);
