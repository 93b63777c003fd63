// SPDX-License-Identifier: GPL-2.0
/* Pools that are configured alike choose alike, however they came to be. */

#include <kunit/test.h>
#include <linux/prandom.h>

#include "flow.h"
#include "pool.h"
#include "probe.h"
#include "switch.h"

#define FLOWS		100000
#define BACKENDS	20

/* Two balancers. */
struct fixture {
	struct bfly_switch *sw[2];
};

static struct bfly_switch *switch_make(struct kunit *test)
{
	struct bfly_switch *sw = kunit_kzalloc(test, sizeof(*sw), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, sw);
	sw->flow_max = 1000;
	INIT_LIST_HEAD(&sw->pools);
	bfly_probe_init(sw);
	sw->stats = alloc_percpu(struct bfly_switch_stats);
	KUNIT_ASSERT_NOT_NULL(test, sw->stats);
	KUNIT_ASSERT_EQ(test, bfly_flows_init(sw), 0);
	KUNIT_ASSERT_EQ(test, bfly_backends_init(sw), 0);
	return sw;
}

static int pool_test_init(struct kunit *test)
{
	struct fixture *fx = kunit_kzalloc(test, sizeof(*fx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, fx);
	fx->sw[0] = switch_make(test);
	fx->sw[1] = switch_make(test);
	test->priv = fx;
	return 0;
}

static void pool_test_exit(struct kunit *test)
{
	struct fixture *fx = test->priv;
	int i;

	rtnl_lock();
	for (i = 0; i < 2; i++) {
		bfly_pools_fini(fx->sw[i]);
		bfly_flows_fini(fx->sw[i]);
		free_percpu(fx->sw[i]->stats);
	}
	rtnl_unlock();
	bfly_pools_exit();
}

/* Sorted by address, as pools want them: IPv4 first. */
static void backends_want(struct bfly_backend_conf want[BACKENDS])
{
	u32 i;

	for (i = 0; i < BACKENDS; i++) {
		want[i] = (struct bfly_backend_conf) {
			.addr = { .family = i < 12 ? AF_INET : AF_INET6 },
			.state = i % 7 == 3 ? BFLY_BACKEND_STATE_DRAIN :
					      BFLY_BACKEND_STATE_UP,
			.weight = 1 + i % 4,
		};
		if (i < 12)
			want[i].addr.ip4 = htonl(0xc0000203 + i);
		else
			want[i].addr.ip6 = (struct in6_addr){
				.s6_addr = { 0xfd, [15] = i },
			};
	}
}

static const struct bfly_pool_conf pool_conf = {
	.method = BFLY_METHOD_IPIP, .size = 65537,
	.key = { { 0x0123456789abcdef, 0xfedcba9876543210 } },
};

static struct bfly_pool *pool_at_once(struct kunit *test, struct bfly_switch *sw,
				      const struct bfly_backend_conf *want)
{
	struct bfly_pool *pool = bfly_pool_new(sw, "pool", &pool_conf, want,
					       BACKENDS);

	KUNIT_ASSERT_FALSE(test, IS_ERR(pool));
	return pool;
}

/* The other way round, one by one, all of them another way at first. */
static struct bfly_pool *pool_by_and_by(struct kunit *test,
					struct bfly_switch *sw,
					const struct bfly_backend_conf *want)
{
	struct bfly_pool_conf conf = pool_conf;
	struct bfly_backend_conf now[BACKENDS];
	struct bfly_pool *pool;
	u32 i;

	conf.size = 251;
	conf.key.key[0] = 5;
	pool = bfly_pool_new(sw, "pool", &conf, NULL, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR(pool));
	memcpy(now, want, sizeof(now));
	for (i = 0; i < BACKENDS; i++) {
		now[i].state = i % BFLY_BACKEND_STATE_DOWN;
		now[i].weight = 9;
	}
	for (i = BACKENDS; i--;)
		KUNIT_EXPECT_EQ(test, 0, bfly_pool_apply(sw, pool, &conf, now + i,
							 BACKENDS - i));
	/* some leave and come back */
	KUNIT_EXPECT_EQ(test, 0, bfly_pool_apply(sw, pool, &pool_conf, now + 3, 9));
	KUNIT_EXPECT_EQ(test, 0, bfly_pool_apply(sw, pool, &pool_conf, now, BACKENDS));
	for (i = 0; i < BACKENDS; i++) {
		now[i] = want[i];
		KUNIT_EXPECT_EQ(test, 0, bfly_pool_apply(sw, pool, &pool_conf, now,
							 BACKENDS));
	}
	return pool;
}

static struct bfly_key random_key(struct rnd_state *rnd)
{
	struct bfly_key key = {};

	prandom_bytes_state(rnd, &key.sport, 4);
	if (prandom_u32_state(rnd) & 1) {
		key.family = AF_INET;
		key.src.s6_addr32[0] = (__force __be32)prandom_u32_state(rnd);
		key.dst.s6_addr32[0] = htonl(0xcb007101);
	} else {
		key.family = AF_INET6;
		prandom_bytes_state(rnd, &key.src, sizeof(key.src));
		key.dst.s6_addr32[0] = htonl(0x20010db8);
	}
	key.proto = prandom_u32_state(rnd) & 1 ? IPPROTO_TCP : IPPROTO_UDP;
	return key;
}

/* They have no netdev: nobody asks for their backends. Context: RTNL. */
static void probe_nobody(const struct fixture *fx)
{
	bfly_probe_fini(fx->sw[0]);
	bfly_probe_fini(fx->sw[1]);
}

/* How many of all flows go to another backend. */
static u32 disagree(const struct bfly_pool *a, const struct bfly_pool *b)
{
	struct rnd_state rnd;
	u32 i, n = 0;

	prandom_seed_state(&rnd, 6);
	for (i = 0; i < FLOWS; i++) {
		struct bfly_key key = random_key(&rnd);
		u8 hash = i % 4 < 3 ? i % 4 : BFLY_HASH_OF_POOL;
		const struct bfly_backend *one, *other;

		rcu_read_lock();
		one = bfly_pool_choose(a, hash, &key);
		other = bfly_pool_choose(b, hash, &key);
		n += !one || !other || !bfly_addr_equal(&one->addr, &other->addr);
		rcu_read_unlock();
	}
	return n;
}

static void two_balancers_agree(struct kunit *test)
{
	struct fixture *fx = test->priv;
	struct bfly_backend_conf want[BACKENDS];
	struct bfly_pool *a, *b;

	backends_want(want);
	rtnl_lock();
	a = pool_at_once(test, fx->sw[0], want);
	b = pool_by_and_by(test, fx->sw[1], want);
	probe_nobody(fx);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, 0, disagree(a, b));
}

/* Weights, states and key are what they have to have in common. */
static void others_do_not(struct kunit *test)
{
	struct bfly_pool_conf conf = pool_conf;
	struct fixture *fx = test->priv;
	struct bfly_backend_conf want[BACKENDS];
	struct bfly_pool *a, *b;

	backends_want(want);
	rtnl_lock();
	a = pool_at_once(test, fx->sw[0], want);
	b = pool_at_once(test, fx->sw[1], want);
	want[0].weight++;
	KUNIT_EXPECT_EQ(test, 0, bfly_pool_apply(fx->sw[1], b, &conf, want, BACKENDS));
	KUNIT_EXPECT_GT(test, disagree(a, b), 0);
	want[0].weight--;
	KUNIT_EXPECT_EQ(test, 0, bfly_pool_apply(fx->sw[1], b, &conf, want, BACKENDS));
	KUNIT_EXPECT_EQ(test, 0, disagree(a, b));
	conf.key.key[1]++;
	KUNIT_EXPECT_EQ(test, 0, bfly_pool_apply(fx->sw[1], b, &conf, want, BACKENDS));
	KUNIT_EXPECT_GT(test, disagree(a, b), FLOWS / 2);
	probe_nobody(fx);
	rtnl_unlock();
}

static struct kunit_case pool_cases[] = {
	KUNIT_CASE(two_balancers_agree),
	KUNIT_CASE(others_do_not),
	{}
};

static struct kunit_suite pool_suite = {
	.name = "bfly-pool",
	.init = pool_test_init,
	.exit = pool_test_exit,
	.test_cases = pool_cases,
};

kunit_test_suites(&pool_suite);
