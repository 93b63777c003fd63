// SPDX-License-Identifier: GPL-2.0
/* What is kept of routes and neighbours, and for how long. */
#include <linux/sched.h>
#include <net/arp.h>
#include <net/ndisc.h>

#include "balance_fixture.h"
#include "route.h"

/* An MTU that no look finds. */
#define KEPT	77
/* Others in the namespace may have routes changed at any time. */
#define TRIES	20

static const u8 mac_a[ETH_ALEN] = { 2, 0, 0, 0, 2, 0xa };
static const u8 mac_b[ETH_ALEN] = { 2, 0, 0, 0, 2, 0xb };

static const u16 families[] = { AF_INET, AF_INET6 };

static void family_name(const u16 *family, char *name)
{
	strscpy(name, *family == AF_INET ? "IPv4" : "IPv6", KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(family, families, family_name);

/**
 * struct way - a route under test
 * @route: the route
 * @addr: where it leads
 * @path: its path
 * @neigh: the neighbour there
 */
struct way {
	struct bfly_route route;
	struct bfly_addr addr;
	struct bfly_path *path;
	struct neighbour *neigh;
};

static void neigh_set(struct kunit *test, struct way *way, const u8 *mac,
		      u8 state)
{
	KUNIT_EXPECT_EQ(test, 0, neigh_update(way->neigh, mac, state,
					      NEIGH_UPDATE_F_ADMIN |
					      NEIGH_UPDATE_F_OVERRIDE, 0));
}

static void way_make(struct kunit *test, struct way *way)
{
	const u16 family = *(const u16 *)test->param_value;
	struct fixture *fx = test->priv;

	way->addr = backend_conf(family, 9).addr;
	way->path = bfly_fixture_path(test, &way->addr);
	bfly_route_init(&way->route, 0);
	RCU_INIT_POINTER(way->route.path, way->path);
	way->neigh = neigh_lookup(family == AF_INET ? &arp_tbl :
						      ipv6_stub->nd_tbl,
				  &way->addr.ip6, fx->dev);
	KUNIT_ASSERT_NOT_NULL(test, way->neigh);
	neigh_set(test, way, mac_a, NUD_PERMANENT);
}

static void way_free(struct way *way)
{
	neigh_release(way->neigh);
	kfree(way->path);
}

/* What a packet of the next tick finds. */
static void next_tick(struct kunit *test, struct way *way)
{
	struct fixture *fx = test->priv;

	schedule_timeout_uninterruptible(1);
	local_bh_disable();
	rcu_read_lock();
	KUNIT_EXPECT_PTR_EQ(test,
			    bfly_route_next(fx->sw, &way->route, &way->addr),
			    (const struct bfly_path *)way->path);
	rcu_read_unlock();
	local_bh_enable();
}

static void expect_mac(struct kunit *test, const struct way *way, const u8 *mac)
{
	KUNIT_EXPECT_EQ(test, way->path->mac, mac ? bfly_mac_pack(mac) : 0);
}

/* Until what is found is kept for a tick, which shows that it can be. */
static void keep(struct kunit *test, struct way *way)
{
	unsigned int i;

	next_tick(test, way);
	for (i = 0; i < TRIES; i++) {
		way->path->mtu = KEPT;
		next_tick(test, way);
		if (way->path->mtu == KEPT)
			return;
	}
	KUNIT_FAIL(test, "looked up anew in each tick");
}

static void kept_test(struct kunit *test)
{
	struct way way;

	way_make(test, &way);
	keep(test, &way);
	way_free(&way);
}

static void mac_changes_test(struct kunit *test)
{
	struct way way;

	way_make(test, &way);
	keep(test, &way);
	expect_mac(test, &way, mac_a);
	neigh_set(test, &way, mac_b, NUD_PERMANENT);
	next_tick(test, &way);
	expect_mac(test, &way, mac_b);
	way_free(&way);
}

/* One in doubt is used while the kernel asks it again. */
static void doubt_test(struct kunit *test)
{
	struct way way;

	way_make(test, &way);
	neigh_set(test, &way, mac_a, NUD_REACHABLE);
	keep(test, &way);
	neigh_set(test, &way, mac_a, NUD_STALE);
	next_tick(test, &way);
	expect_mac(test, &way, mac_a);
	KUNIT_EXPECT_TRUE(test, way.neigh->nud_state & (NUD_DELAY | NUD_PROBE));
	way_free(&way);
}

/* A neighbour that has left the table is another one when it comes back. */
static void neigh_gone_test(struct kunit *test)
{
	struct fixture *fx = test->priv;
	struct way way;

	way_make(test, &way);
	keep(test, &way);
	rtnl_lock();
	neigh_changeaddr(way.neigh->tbl, fx->dev);
	rtnl_unlock();
	KUNIT_EXPECT_TRUE(test, way.neigh->dead);
	next_tick(test, &way);
	expect_mac(test, &way, NULL);
	/* and is looked for with each packet */
	neigh_release(way.neigh);
	way.neigh = __neigh_lookup(way.neigh->tbl, &way.addr.ip6, fx->dev, 1);
	KUNIT_ASSERT_NOT_NULL(test, way.neigh);
	neigh_set(test, &way, mac_b, NUD_PERMANENT);
	next_tick(test, &way);
	expect_mac(test, &way, mac_b);
	way_free(&way);
}

static void routes_change_test(struct kunit *test)
{
	struct fixture *fx = test->priv;
	struct net *net = dev_net(fx->dev);
	struct way way;

	way_make(test, &way);
	keep(test, &way);
	atomic_inc(&net->ipv4.rt_genid);
	next_tick(test, &way);
	KUNIT_EXPECT_NE(test, way.path->mtu, KEPT);
	keep(test, &way);
	atomic_inc(&net->ipv6.fib6_sernum);
	next_tick(test, &way);
	KUNIT_EXPECT_NE(test, way.path->mtu, KEPT);
	way_free(&way);
}

/* The MTU that a router has told comes without an event, and ends without one. */
static void asked_test(struct kunit *test)
{
	struct way way;

	way_make(test, &way);
	keep(test, &way);
	schedule_timeout_uninterruptible(HZ);
	next_tick(test, &way);
	KUNIT_EXPECT_NE(test, way.path->mtu, KEPT);
	way_free(&way);
}

static struct kunit_case route_cases[] = {
	KUNIT_CASE_PARAM(kept_test, family_gen_params),
	KUNIT_CASE_PARAM(mac_changes_test, family_gen_params),
	KUNIT_CASE_PARAM(doubt_test, family_gen_params),
	KUNIT_CASE_PARAM(neigh_gone_test, family_gen_params),
	KUNIT_CASE_PARAM(routes_change_test, family_gen_params),
	KUNIT_CASE_PARAM(asked_test, family_gen_params),
	{}
};

static struct kunit_suite route_suite = {
	.name = "bfly-route",
	.init = bfly_fixture_init,
	.exit = bfly_fixture_exit,
	.test_cases = route_cases,
};

kunit_test_suites(&route_suite);
