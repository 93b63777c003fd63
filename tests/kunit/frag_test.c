// SPDX-License-Identifier: GPL-2.0
/* Fragments follow their first one, wait for it, and are forgotten. */

#include <kunit/test.h>
#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/slab.h>

#include "counters.h"
#include "frag.h"
#include "parse.h"
#include "port.h"
#include "switch.h"

struct frag_fixture {
	struct bfly_switch *sw;
	struct bfly_port here;
	struct bfly_port there;
	struct sk_buff_head held;
};

#define HERE	(&((struct frag_fixture *)test->priv)->here)
#define THERE	(&((struct frag_fixture *)test->priv)->there)

static int frag_test_init(struct kunit *test)
{
	struct frag_fixture *fx = kunit_kzalloc(test, sizeof(*fx), GFP_KERNEL);
	struct bfly_switch *sw;

	KUNIT_ASSERT_NOT_NULL(test, fx);
	sw = kunit_kzalloc(test, sizeof(*sw), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, sw);
	sw->dev = kunit_kzalloc(test, sizeof(*sw->dev), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, sw->dev);
	sw->stats = alloc_percpu(struct bfly_switch_stats);
	KUNIT_ASSERT_NOT_NULL(test, sw->stats);
	fx->here.stats = alloc_percpu(struct bfly_counters);
	KUNIT_ASSERT_NOT_NULL(test, fx->here.stats);
	fx->there.stats = alloc_percpu(struct bfly_counters);
	KUNIT_ASSERT_NOT_NULL(test, fx->there.stats);
	sw->frag_max = 8;
	KUNIT_ASSERT_EQ(test, bfly_frags_init(sw), 0);
	__skb_queue_head_init(&fx->held);
	fx->sw = sw;
	test->priv = fx;
	return 0;
}

static void frag_test_exit(struct kunit *test)
{
	struct frag_fixture *fx = test->priv;

	__skb_queue_purge(&fx->held);
	bfly_frags_fini(fx->sw);
	free_percpu(fx->there.stats);
	free_percpu(fx->here.stats);
	free_percpu(fx->sw->stats);
}

static u64 dropped(const struct bfly_switch *sw)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += per_cpu_ptr(sw->stats, cpu)->drops[BFLY_DROP_FRAG_NO_FIRST];
	return sum;
}

static u64 port_dropped(const struct bfly_port *port)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += per_cpu_ptr(port->stats, cpu)->rx_dropped;
	return sum;
}

/* The first 1000 bytes of a datagram from port 5 to port 7. */
static struct bfly_parsed first(int family, u32 id)
{
	struct bfly_parsed p = {
		.class = BFLY_CLASS_FLOW, .first_fragment = true,
		.frag_id = id, .frag_edge = 1000,
		.key = { .family = family, .proto = IPPROTO_UDP, .net = 42,
			 .sport = htons(5), .dport = htons(7) },
	};

	p.key.src.s6_addr[15] = 1;
	p.key.dst.s6_addr[15] = 2;
	return p;
}

/* What comes at @off bytes of it; IPv6 may tell another protocol there. */
static struct bfly_parsed later(int family, u32 id, u16 off)
{
	struct bfly_parsed p = first(family, id);

	p.class = BFLY_CLASS_FRAGMENT;
	p.first_fragment = false;
	p.frag_edge = off;
	p.key.sport = 0;
	p.key.dport = 0;
	if (family == AF_INET6)
		p.key.proto = NEXTHDR_DEST;
	return p;
}

static void let_through(struct frag_fixture *fx, struct bfly_parsed p,
			const struct bfly_port *in)
{
	bfly_frag_first(fx->sw, &p, in, &fx->held);
}

static enum bfly_drop follow(struct frag_fixture *fx, struct bfly_parsed p)
{
	return bfly_frag_follow(fx->sw, &p);
}

/* Whether there was room for it. */
static bool hold(struct kunit *test, struct bfly_parsed p,
		 const struct bfly_port *in, unsigned int len)
{
	struct frag_fixture *fx = test->priv;
	struct sk_buff *skb = alloc_skb(len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb->mark = p.frag_edge;
	if (bfly_frag_hold(fx->sw, &p, in, skb))
		return true;
	kfree_skb(skb);
	return false;
}

static void follows(struct kunit *test)
{
	static const int families[] = { AF_INET, AF_INET6 };
	struct frag_fixture *fx = test->priv;
	struct bfly_parsed p;
	int i;

	for (i = 0; i < 2; i++) {
		KUNIT_EXPECT_EQ(test, follow(fx, later(families[i], 1, 1000)),
				BFLY_DROP_FRAG_NO_FIRST);
		let_through(fx, first(families[i], 1), HERE);
		p = later(families[i], 1, 1000);
		KUNIT_EXPECT_EQ(test, bfly_frag_follow(fx->sw, &p), BFLY_PASS);
		KUNIT_EXPECT_EQ(test, p.class, BFLY_CLASS_FLOW);
		KUNIT_EXPECT_EQ(test, p.key.proto, IPPROTO_UDP);
		KUNIT_EXPECT_EQ(test, ntohs(p.key.sport), 5);
		KUNIT_EXPECT_EQ(test, ntohs(p.key.dport), 7);
	}
}

static void strangers(struct kunit *test)
{
	struct frag_fixture *fx = test->priv;
	struct bfly_parsed p;

	let_through(fx, first(AF_INET, 1), HERE);
	KUNIT_EXPECT_EQ(test, follow(fx, later(AF_INET, 2, 1000)),
			BFLY_DROP_FRAG_NO_FIRST);
	KUNIT_EXPECT_EQ(test, follow(fx, later(AF_INET6, 1, 1000)),
			BFLY_DROP_FRAG_NO_FIRST);
	p = later(AF_INET, 1, 1000);
	p.key.net = 51;
	KUNIT_EXPECT_EQ(test, follow(fx, p), BFLY_DROP_FRAG_NO_FIRST);
	p = later(AF_INET, 1, 1000);
	p.key.src.s6_addr[15] = 3;
	KUNIT_EXPECT_EQ(test, follow(fx, p), BFLY_DROP_FRAG_NO_FIRST);
	p = later(AF_INET, 1, 1000);
	p.key.proto = IPPROTO_TCP;
	KUNIT_EXPECT_EQ(test, follow(fx, p), BFLY_DROP_FRAG_NO_FIRST);
}

/* What would put other ports over those that were judged. */
static void overlap(struct kunit *test)
{
	struct frag_fixture *fx = test->priv;

	let_through(fx, first(AF_INET6, 1), HERE);
	KUNIT_EXPECT_EQ(test, follow(fx, later(AF_INET6, 1, 8)), BFLY_DROP_MALFORMED);
	KUNIT_EXPECT_EQ(test, follow(fx, later(AF_INET6, 1, 992)), BFLY_DROP_MALFORMED);
	KUNIT_EXPECT_EQ(test, follow(fx, later(AF_INET6, 1, 1000)), BFLY_PASS);
}

static void waits(struct kunit *test)
{
	struct frag_fixture *fx = test->priv;
	struct sk_buff *skb;

	KUNIT_EXPECT_TRUE(test, hold(test, later(AF_INET, 1, 3000), HERE, 100));
	KUNIT_EXPECT_TRUE(test, hold(test, later(AF_INET, 1, 2000), HERE, 100));
	KUNIT_EXPECT_TRUE(test, hold(test, later(AF_INET, 2, 1000), HERE, 100));
	KUNIT_EXPECT_FALSE(test, hold(test, later(AF_INET, 1, 1000), THERE, 100));
	KUNIT_EXPECT_EQ(test, follow(fx, later(AF_INET, 1, 1000)),
			BFLY_DROP_FRAG_NO_FIRST);
	let_through(fx, first(AF_INET, 1), HERE);
	KUNIT_ASSERT_EQ(test, skb_queue_len(&fx->held), 2);
	skb = __skb_dequeue(&fx->held);
	KUNIT_EXPECT_EQ(test, skb->mark, 3000);
	kfree_skb(skb);
	KUNIT_EXPECT_FALSE(test, hold(test, later(AF_INET, 1, 4000), HERE, 100));
	KUNIT_EXPECT_EQ(test, dropped(fx->sw), 0);

	/* from somewhere else they are not its rest */
	let_through(fx, first(AF_INET, 2), THERE);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->held), 1);
	KUNIT_EXPECT_EQ(test, dropped(fx->sw), 1);
	KUNIT_EXPECT_EQ(test, port_dropped(HERE), 1);
	KUNIT_EXPECT_EQ(test, fx->sw->frags->held_bytes, 0);
}

/* A port that goes takes along what waits. */
static void port_goes(struct kunit *test)
{
	struct frag_fixture *fx = test->priv;

	hold(test, later(AF_INET, 1, 8), HERE, 100);
	hold(test, later(AF_INET, 1, 16), HERE, 100);
	hold(test, later(AF_INET6, 1, 8), THERE, 100);
	bfly_frags_forget(fx->sw, HERE);
	KUNIT_EXPECT_EQ(test, dropped(fx->sw), 2);
	KUNIT_EXPECT_EQ(test, port_dropped(HERE), 2);
	KUNIT_EXPECT_EQ(test, port_dropped(THERE), 0);
	let_through(fx, first(AF_INET6, 1), THERE);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->held), 1);
}

static void bounded(struct kunit *test)
{
	struct frag_fixture *fx = test->priv;
	unsigned int i, taken = 0;

	for (i = 0; i < 100; i++)
		taken += hold(test, later(AF_INET, 1, 8 * i + 8), HERE, 100);
	KUNIT_EXPECT_EQ(test, taken, BFLY_FRAG_HELD_MAX);
	for (i = 0; i < 500; i++)
		hold(test, later(AF_INET, 2 + i / 50, 8 * i + 8), HERE, 30000);
	KUNIT_EXPECT_LE(test, fx->sw->frags->held_bytes, BFLY_FRAG_HELD_BYTES);
	KUNIT_EXPECT_EQ(test, fx->sw->frags->count, 8);

	/* those that wait go before those that are known */
	for (i = 100; i < 108; i++)
		let_through(fx, first(AF_INET, i), HERE);
	KUNIT_EXPECT_EQ(test, fx->sw->frags->held_bytes, 0);
	let_through(fx, first(AF_INET, 108), HERE);
	KUNIT_EXPECT_EQ(test, fx->sw->frags->count, 8);
	KUNIT_EXPECT_EQ(test, follow(fx, later(AF_INET, 100, 1000)),
			BFLY_DROP_FRAG_NO_FIRST);
	for (i = 101; i < 109; i++)
		KUNIT_EXPECT_EQ(test, follow(fx, later(AF_INET, i, 1000)),
				BFLY_PASS);
	fx->sw->frag_max = 0;
	KUNIT_EXPECT_FALSE(test, hold(test, later(AF_INET, 9, 8), HERE, 100));
}

static void ages(struct kunit *test)
{
	struct frag_fixture *fx = test->priv;

	let_through(fx, first(AF_INET, 1), HERE);
	hold(test, later(AF_INET, 2, 8), HERE, 100);
	hold(test, later(AF_INET, 2, 16), HERE, 100);
	bfly_frags_expire(fx->sw, jiffies + BFLY_FRAG_WAIT / 2);
	KUNIT_EXPECT_EQ(test, dropped(fx->sw), 0);
	bfly_frags_expire(fx->sw, jiffies + BFLY_FRAG_WAIT);
	KUNIT_EXPECT_EQ(test, dropped(fx->sw), 2);
	KUNIT_EXPECT_EQ(test, follow(fx, later(AF_INET, 1, 1000)), BFLY_PASS);
	bfly_frags_expire(fx->sw, jiffies + BFLY_FRAG_KNOWN);
	KUNIT_EXPECT_EQ(test, follow(fx, later(AF_INET, 1, 1000)),
			BFLY_DROP_FRAG_NO_FIRST);
	KUNIT_EXPECT_EQ(test, fx->sw->frags->count, 0);
}

static struct kunit_case frag_cases[] = {
	KUNIT_CASE(follows),
	KUNIT_CASE(strangers),
	KUNIT_CASE(overlap),
	KUNIT_CASE(waits),
	KUNIT_CASE(port_goes),
	KUNIT_CASE(bounded),
	KUNIT_CASE(ages),
	{}
};

static struct kunit_suite frag_suite = {
	.name = "bfly-frag",
	.init = frag_test_init,
	.exit = frag_test_exit,
	.test_cases = frag_cases,
};

kunit_test_suites(&frag_suite);
