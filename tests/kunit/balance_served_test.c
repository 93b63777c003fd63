// SPDX-License-Identifier: GPL-2.0
/*
 * What a service's flow was told, who serves it, does not outlive a change of
 * what it was told: with its next packet the flow goes where it would go if it
 * had been told nothing.
 */

#include <kunit/test.h>

#include "balance_fixture.h"
#include "balance_packets.h"
#include "flow.h"
#include "flow_table.h"
#include "parse_common.h"
#include "pool.h"
#include "service.h"

#define HTTP	80
#define HTTPS	443
#define DATA	10

/**
 * struct way - how packets come
 * @name: to tell it from others
 * @xdp: at XDP, else at netdev receive
 * @family: of packets and of backends
 */
struct way {
	const char *name;
	bool xdp;
	u16 family;
};

static const struct way ways[] = {
	{ "IPv4 at receive", false, AF_INET },
	{ "IPv6 at receive", false, AF_INET6 },
	{ "IPv4 at XDP", true, AF_INET },
	{ "IPv6 at XDP", true, AF_INET6 },
};

static void way_name(const struct way *way, char *name)
{
	strscpy(name, way->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(ways, ways, way_name);

static u16 family_of(const struct kunit *test)
{
	return ((const struct way *)test->param_value)->family;
}

static unsigned int ip_len(const struct kunit *test)
{
	return family_of(test) == AF_INET ? 20 : 40;
}

/* ---- what there is, and what changes ---- */

/* Each @nr has backends of its own. */
static struct bfly_pool *pool_new(struct kunit *test, u8 method, u8 nr)
{
	const char name[] = { 'a' + nr, 0 };

	return bfly_fixture_pool(test, name, method, family_of(test),
				 nr * BACKENDS);
}

/* At the virtual address, or at the prefix that is @wider bits shorter. */
static struct bfly_service *service_new(struct kunit *test,
					struct bfly_pool *pool, u8 wider,
					u8 proto, u16 port)
{
	return bfly_fixture_service(test, pool, family_of(test), wider, proto,
				    port);
}

static void service_set(struct kunit *test, struct bfly_service *service,
			struct bfly_pool *pool, u8 unknown)
{
	const struct bfly_service_conf conf = {
		.pool = pool, .hash = BFLY_HASH_OF_POOL, .unknown = unknown,
	};
	struct fixture *fx = test->priv;

	rtnl_lock();
	bfly_service_apply(fx->sw, service, &conf);
	rtnl_unlock();
}

static void service_del(struct kunit *test, struct bfly_service *service)
{
	struct fixture *fx = test->priv;

	rtnl_lock();
	bfly_service_del(fx->sw, service);
	rtnl_unlock();
}

/*
 * A change that takes a backend away flushes its flows. While the table seems to
 * be empty it does not, as for a packet that comes between the two.
 */
static int flows_hide(struct kunit *test)
{
	struct fixture *fx = test->priv;

	return atomic_xchg(&fx->sw->flows->count, 0);
}

static void flows_show(struct kunit *test, int count)
{
	struct fixture *fx = test->priv;

	atomic_add(count, &fx->sw->flows->count);
}

static void flows_flush(struct kunit *test)
{
	static const struct bfly_flow_filter all;
	struct fixture *fx = test->priv;

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, 1, bfly_flow_flush(fx->sw, &all));
	rtnl_unlock();
}

/* ---- the flow ---- */

/* Its packet, which is its next one as often as it is sent. */
static void put_ack(struct kunit *test)
{
	const struct spec spec = {
		.family = family_of(test), .proto = IPPROTO_TCP, .ttl = 64,
		.dport = HTTP, .len = DATA,
	};
	struct fixture *fx = test->priv;
	unsigned int len = bfly_put_frame(fx, &spec);

	fx->in[ETH_HLEN + ip_len(test) + 13] = 0x10;
	bfly_put_check(fx->in + ETH_HLEN, &spec);
	memcpy(fx->whole, fx->in, len);
}

static unsigned int ack_len(const struct kunit *test)
{
	return ip_len(test) + 20 + DATA;
}

/* Its entry, or NULL. */
static struct bfly_flow *flow_get(struct kunit *test)
{
	struct fixture *fx = test->priv;
	struct bfly_view view = {
		.data = fx->whole + ETH_HLEN, .linear = ack_len(test),
		.len = ack_len(test),
		.protocol = ((const struct ethhdr *)fx->whole)->h_proto,
	};
	struct bfly_parsed parsed;
	struct bfly_flow *flow;
	u32 hash;

	KUNIT_EXPECT_EQ(test, bfly_parse_view(&view, &parsed), BFLY_PASS);
	rcu_read_lock();
	flow = bfly_flow_find_served(fx->sw, &parsed.key, &hash);
	rcu_read_unlock();
	return flow;
}

static const struct outcome *send_frame(struct kunit *test, unsigned int len)
{
	const struct way *way = test->param_value;
	struct fixture *fx = test->priv;

	bfly_fixture_run(test, way->xdp, len);
	return way->xdp ? &fx->xdp : &fx->rx;
}

static const struct outcome *send_ack(struct kunit *test)
{
	struct fixture *fx = test->priv;
	unsigned int len = ETH_HLEN + ack_len(test);

	memcpy(fx->in, fx->whole, len);
	return send_frame(test, len);
}

static u64 packets_of(const struct bfly_service *service)
{
	struct bfly_share share;

	bfly_share_sum(&share, service->share);
	return share.packets;
}

/* Each backend of a pool is held by its flow, if that is there, alone. */
static void expect_backends_held(struct kunit *test, struct bfly_pool *pool,
				 const struct bfly_flow *flow)
{
	const struct bfly_pool_table *table = bfly_pool_table(pool);
	const struct bfly_backend *backend;
	int flows;
	u32 i;

	for (i = 0; i < table->count; i++) {
		backend = table->backends[i];
		flows = flow && flow->backend == backend;
		KUNIT_EXPECT_EQ(test, flows, atomic_read(&backend->flows));
		KUNIT_EXPECT_EQ(test, 1 + flows, refcount_read(&backend->refs));
	}
}

static void expect_held(struct kunit *test)
{
	const struct bfly_flow *flow = flow_get(test);
	const struct bfly_service *service;
	struct fixture *fx = test->priv;
	struct bfly_pool *pool;

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, !!flow, bfly_flow_entries(fx->sw));
	list_for_each_entry(service, &fx->sw->services, list)
		KUNIT_EXPECT_EQ(test, flow && flow->service == service,
				bfly_service_flows(service));
	list_for_each_entry(pool, &fx->sw->pools, list)
		expect_backends_held(test, pool, flow);
	rtnl_unlock();
}

/* The address that a frame was sent to, of the outermost IP header. */
static void expect_daddr(struct kunit *test, const struct outcome *out,
			 const struct bfly_addr *addr)
{
	bool ip4 = family_of(test) == AF_INET;

	KUNIT_EXPECT_EQ(test, 0, memcmp(out->frame + ETH_HLEN + (ip4 ? 16 : 24),
					&addr->ip6, ip4 ? 4 : 16));
}

/* The next packet is the service's, and the flow knows so; where it went. */
static struct bfly_addr expect_one(struct kunit *test,
				   const struct bfly_service *service)
{
	u64 packets = packets_of(service);
	const struct outcome *out = send_ack(test);
	const struct bfly_flow *flow = flow_get(test);
	struct fixture *fx = test->priv;

	KUNIT_ASSERT_EQ(test, out->fate, SENT);
	KUNIT_ASSERT_NOT_NULL(test, flow);
	KUNIT_EXPECT_EQ(test, 1, out->packets);
	KUNIT_EXPECT_EQ(test, packets + 1, packets_of(service));
	KUNIT_EXPECT_PTR_EQ(test, (const void *)service, flow->service);
	KUNIT_EXPECT_PTR_EQ(test, rcu_access_pointer(service->pool),
			    flow->backend->pool);
	KUNIT_EXPECT_TRUE(test, bfly_flow_is_served(flow, bfly_switch_serve_gen(fx->sw)));
	expect_daddr(test, out, &flow->backend->addr);
	return flow->backend->addr;
}

/* And so is the one after it, which takes the short way. */
static struct bfly_addr expect_sent(struct kunit *test,
				    const struct bfly_service *service)
{
	struct bfly_addr addr = expect_one(test, service);
	struct bfly_addr again = expect_one(test, service);

	KUNIT_EXPECT_EQ(test, 0, bfly_addr_cmp(&addr, &again));
	expect_held(test);
	return addr;
}

static void expect_stays(struct kunit *test, const struct bfly_service *service,
			 const struct bfly_addr *old)
{
	struct bfly_addr addr = expect_sent(test, service);

	KUNIT_EXPECT_EQ(test, 0, bfly_addr_cmp(&addr, old));
}

static struct bfly_addr expect_moves(struct kunit *test,
				     const struct bfly_service *service,
				     const struct bfly_addr *old)
{
	struct bfly_addr addr = expect_sent(test, service);

	KUNIT_EXPECT_NE(test, 0, bfly_addr_cmp(&addr, old));
	return addr;
}

/* Neither the next packet is sent nor the one after it. */
static void expect_not_sent(struct kunit *test, enum fate fate,
			    enum bfly_drop reason)
{
	const struct outcome *out;
	int i;

	for (i = 0; i < 2; i++) {
		out = send_ack(test);
		KUNIT_EXPECT_EQ(test, out->fate, fate);
		KUNIT_EXPECT_EQ(test, out->reason, reason);
		KUNIT_EXPECT_EQ(test, 0, out->packets);
	}
	expect_held(test);
}

static void expect_drop(struct kunit *test, enum bfly_drop reason)
{
	expect_not_sent(test, DROPPED, reason);
}

static void expect_host(struct kunit *test)
{
	expect_not_sent(test, HOST, BFLY_PASS);
}

/* A service of the port alone, at the virtual address alone. */
static struct bfly_service *http_new(struct kunit *test, struct bfly_pool *pool)
{
	return service_new(test, pool, 0, IPPROTO_TCP, HTTP);
}

/* ---- the backends ---- */

/* A backend, or all if @addr is NULL, goes down, and flows are flushed or not. */
static void set_down(struct kunit *test, struct bfly_pool *pool,
		     const struct bfly_addr *addr, bool flush)
{
	int count = flush ? 0 : flows_hide(test);

	bfly_fixture_backend_set(test, pool, addr, BFLY_BACKEND_STATE_DOWN);
	if (flush)
		return;
	flows_show(test, count);
	KUNIT_EXPECT_NOT_NULL(test, flow_get(test));
}

static void one_goes_down(struct kunit *test, bool flush)
{
	struct bfly_pool *pool = pool_new(test, BFLY_METHOD_IPIP, 0);
	struct bfly_service *service = http_new(test, pool);
	struct bfly_addr first = expect_sent(test, service), second;

	set_down(test, pool, &first, flush);
	second = expect_moves(test, service, &first);
	bfly_fixture_backend_set(test, pool, &first, BFLY_BACKEND_STATE_UP);
	expect_stays(test, service, &second);
}

static void backend_down(struct kunit *test)
{
	one_goes_down(test, true);
}

static void backend_down_unflushed(struct kunit *test)
{
	one_goes_down(test, false);
}

static void backend_drains(struct kunit *test)
{
	struct bfly_pool *pool = pool_new(test, BFLY_METHOD_IPIP, 0);
	struct bfly_service *service = http_new(test, pool);
	struct bfly_addr first = expect_sent(test, service);

	bfly_fixture_backend_set(test, pool, &first, BFLY_BACKEND_STATE_DRAIN);
	expect_stays(test, service, &first);
	/* which it does not owe to Maglev */
	flows_flush(test);
	expect_moves(test, service, &first);
}

static void backend_removed(struct kunit *test)
{
	struct bfly_pool *pool = pool_new(test, BFLY_METHOD_IPIP, 0);
	struct bfly_service *service = http_new(test, pool);
	struct bfly_addr first = expect_sent(test, service);

	bfly_fixture_backend_remove(test, pool, &first);
	expect_moves(test, service, &first);
}

/* Its flow is the last that holds it, and lets go when it moves. */
static void backend_removed_unflushed(struct kunit *test)
{
	struct bfly_pool *pool = pool_new(test, BFLY_METHOD_IPIP, 0);
	struct bfly_service *service = http_new(test, pool);
	struct bfly_addr first = expect_sent(test, service);
	const struct bfly_flow *flow;
	int count = flows_hide(test);

	bfly_fixture_backend_remove(test, pool, &first);
	flows_show(test, count);
	rcu_barrier();
	flow = flow_get(test);
	KUNIT_ASSERT_NOT_NULL(test, flow);
	KUNIT_EXPECT_EQ(test, 1, refcount_read(&flow->backend->refs));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&flow->backend->flows));
	expect_moves(test, service, &first);
}

/*
 * A flow counts until it leaves the table, not for as long as a packet's handling
 * still has it. What that tells it is lost.
 */
static void gone_with_a_reader(struct kunit *test)
{
	struct bfly_pool *pool = pool_new(test, BFLY_METHOD_IPIP, 0);
	struct bfly_pool *other = pool_new(test, BFLY_METHOD_IPIP, 1);
	struct bfly_service *service = http_new(test, pool);
	struct bfly_serving by = { .service = service };
	struct fixture *fx = test->priv;
	const struct bfly_backend *backend;
	struct bfly_flow *flow;

	expect_sent(test, service);
	rtnl_lock();
	by.backend = bfly_pool_table(other)->backends[0];
	rtnl_unlock();
	local_bh_disable();
	rcu_read_lock();
	flow = flow_get(test);
	backend = flow->backend;
	KUNIT_EXPECT_TRUE(test, bfly_flow_del(fx->sw, flow));
	KUNIT_EXPECT_EQ(test, 0, bfly_service_flows(service));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&backend->flows));
	bfly_flow_serve(fx->sw, flow, bfly_flow_hash(fx->sw->flows, &flow->key), &by);
	KUNIT_EXPECT_PTR_EQ(test, backend, flow->backend);
	rcu_read_unlock();
	local_bh_enable();
	expect_held(test);
}

static void all_go_down(struct kunit *test, bool flush)
{
	struct bfly_pool *pool = pool_new(test, BFLY_METHOD_IPIP, 0);
	struct bfly_service *service = http_new(test, pool);
	struct bfly_addr first = expect_sent(test, service);

	set_down(test, pool, NULL, flush);
	expect_drop(test, BFLY_DROP_NO_BACKEND);
	bfly_fixture_backend_set(test, pool, NULL, BFLY_BACKEND_STATE_UP);
	expect_stays(test, service, &first);
}

static void all_down(struct kunit *test)
{
	all_go_down(test, true);
}

static void all_down_unflushed(struct kunit *test)
{
	all_go_down(test, false);
}

/* ---- the service ---- */

static void another_pool(struct kunit *test)
{
	struct bfly_pool *old = pool_new(test, BFLY_METHOD_IPIP, 0);
	struct bfly_pool *new = pool_new(test, BFLY_METHOD_IPIP, 1);
	struct bfly_service *service = http_new(test, old);
	struct bfly_addr first = expect_sent(test, service);

	service_set(test, service, new, BFLY_SERVICE_UNKNOWN_DROP);
	expect_moves(test, service, &first);
	service_set(test, service, old, BFLY_SERVICE_UNKNOWN_DROP);
	expect_stays(test, service, &first);
}

/* Until its flow gets another one that holds it, or goes. */
static void service_deleted(struct kunit *test)
{
	struct bfly_pool *pool = pool_new(test, BFLY_METHOD_IPIP, 0);
	struct bfly_service *old = http_new(test, pool), *new;
	struct bfly_addr first;
	int i;

	service_new(test, pool, 0, IPPROTO_TCP, HTTPS);
	first = expect_sent(test, old);
	for (i = 0; i < 2; i++) {
		service_del(test, old);
		expect_drop(test, BFLY_DROP_NO_SERVICE);
		KUNIT_ASSERT_NOT_NULL(test, flow_get(test));
		KUNIT_EXPECT_PTR_EQ(test, old, flow_get(test)->service);
		/* the virtual address has let go of it */
		rcu_barrier();
		KUNIT_EXPECT_EQ(test, 1, refcount_read(&old->refs));
		if (i) {
			flows_flush(test);
			expect_drop(test, BFLY_DROP_NO_SERVICE);
		}
		new = http_new(test, pool);
		expect_stays(test, new, &first);
		old = new;
	}
}

/* And with it its virtual address. */
static void last_service_deleted(struct kunit *test)
{
	struct bfly_pool *pool = pool_new(test, BFLY_METHOD_IPIP, 0);
	struct bfly_service *service = http_new(test, pool);
	struct bfly_addr first = expect_sent(test, service);

	service_del(test, service);
	expect_host(test);
	service = http_new(test, pool);
	expect_stays(test, service, &first);
	service_del(test, service);
	flows_flush(test);
	expect_host(test);
}

static void port_of_its_own(struct kunit *test)
{
	struct bfly_pool *pool = pool_new(test, BFLY_METHOD_IPIP, 0);
	struct bfly_pool *other = pool_new(test, BFLY_METHOD_IPIP, 1);
	struct bfly_service *all = service_new(test, pool, 0, IPPROTO_TCP, 0);
	struct bfly_addr first = expect_sent(test, all);
	struct bfly_service *http;

	http = http_new(test, other);
	expect_moves(test, http, &first);
	service_del(test, http);
	expect_stays(test, all, &first);
	/* of the same pool: who counts the flow changes, and nothing else */
	http = http_new(test, pool);
	expect_stays(test, http, &first);
	service_del(test, http);
	expect_stays(test, all, &first);
}

static void narrower_prefix(struct kunit *test)
{
	struct bfly_pool *pools[] = {
		pool_new(test, BFLY_METHOD_IPIP, 0),
		pool_new(test, BFLY_METHOD_IPIP, 1),
		pool_new(test, BFLY_METHOD_IPIP, 2),
	};
	struct bfly_service *wide, *narrow, *single;
	struct bfly_addr first;

	wide = service_new(test, pools[0], 8, IPPROTO_TCP, HTTP);
	first = expect_sent(test, wide);
	/* of every port, which has to stand back for the longer prefix */
	narrow = service_new(test, pools[1], 4, IPPROTO_TCP, 0);
	expect_moves(test, narrow, &first);
	single = http_new(test, pools[2]);
	expect_moves(test, single, &first);
	service_del(test, single);
	expect_moves(test, narrow, &first);
	single = http_new(test, pools[2]);
	expect_moves(test, single, &first);
	service_del(test, narrow);
	expect_moves(test, single, &first);
	service_del(test, single);
	expect_stays(test, wide, &first);
}

static void unknown_pass(struct kunit *test)
{
	struct bfly_pool *pool = pool_new(test, BFLY_METHOD_IPIP, 0);
	struct bfly_service *https = service_new(test, pool, 0, IPPROTO_TCP, HTTPS);
	struct bfly_service *http = http_new(test, pool);
	struct bfly_addr first = expect_sent(test, http);

	/* it is known as long as it has a service */
	service_set(test, https, pool, BFLY_SERVICE_UNKNOWN_PASS);
	expect_stays(test, http, &first);
	service_del(test, http);
	expect_host(test);
	service_set(test, https, pool, BFLY_SERVICE_UNKNOWN_DROP);
	expect_drop(test, BFLY_DROP_NO_SERVICE);
	service_set(test, https, pool, BFLY_SERVICE_UNKNOWN_PASS);
	expect_host(test);
	/* of a wider prefix's, too */
	http = service_new(test, pool, 8, IPPROTO_TCP, HTTP);
	expect_stays(test, http, &first);
}

/* ---- a tunnel's inner packet ---- */

/* The flow's packet as a router has put it into GRE; the frame's length. */
static unsigned int put_ack_in_gre(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u16 family = family_of(test);
	u8 *ip = fx->in + bfly_put_eth(fx, family);
	u8 *gre = ip + ip_len(test);
	unsigned int len = 4 + ack_len(test);

	gre[0] = 0;
	gre[1] = 0;
	gre[2] = family == AF_INET ? 0x08 : 0x86;
	gre[3] = family == AF_INET ? 0x00 : 0xdd;
	memcpy(gre + 4, fx->whole + ETH_HLEN, ack_len(test));
	bfly_put_ip(fx, ip, family, IPPROTO_GRE, 64, len);
	return ETH_HLEN + ip_len(test) + len;
}

/* It goes to a backend of the GRE service; which one. */
static struct bfly_addr expect_gre(struct kunit *test,
				   const struct bfly_service *service)
{
	unsigned int len = put_ack_in_gre(test);
	u64 packets = packets_of(service);
	const struct outcome *out = send_frame(test, len);
	const struct bfly_flow *flow = flow_get(test);

	KUNIT_ASSERT_EQ(test, out->fate, SENT);
	KUNIT_ASSERT_NOT_NULL(test, flow);
	KUNIT_EXPECT_EQ(test, out->len, len);
	KUNIT_EXPECT_EQ(test, 1, out->packets);
	KUNIT_EXPECT_EQ(test, packets + 1, packets_of(service));
	KUNIT_EXPECT_PTR_EQ(test, rcu_access_pointer(service->pool),
			    flow->backend->pool);
	expect_daddr(test, out, &flow->backend->addr);
	expect_held(test);
	return flow->backend->addr;
}

/* Both have one entry, which neither lets the other mistake for its own. */
static void gre_in_turns(struct kunit *test)
{
	struct bfly_pool *pool = pool_new(test, BFLY_METHOD_IPIP, 0);
	struct bfly_pool *retarget = pool_new(test, BFLY_METHOD_GRE_RETARGET, 1);
	struct bfly_service *http = http_new(test, pool);
	struct bfly_service *gre = service_new(test, retarget, 0, IPPROTO_GRE, 0);
	struct bfly_addr direct, inner, addr;
	int i;

	inner = expect_gre(test, gre);
	direct = expect_sent(test, http);
	for (i = 0; i < 6; i++) {
		addr = expect_gre(test, gre);
		KUNIT_EXPECT_EQ(test, 0, bfly_addr_cmp(&addr, &inner));
		if (i & 1)
			expect_gre(test, gre);
		expect_stays(test, http, &direct);
	}
	/* and by itself, when the other one's service has gone */
	service_del(test, gre);
	expect_stays(test, http, &direct);
	gre = service_new(test, retarget, 0, IPPROTO_GRE, 0);
	expect_gre(test, gre);
	service_del(test, http);
	expect_drop(test, BFLY_DROP_NO_SERVICE);
	expect_gre(test, gre);
	expect_drop(test, BFLY_DROP_NO_SERVICE);
}

static int served_init(struct kunit *test)
{
	int err = bfly_fixture_init(test);

	if (!err)
		put_ack(test);
	return err;
}

static struct kunit_case served_cases[] = {
	KUNIT_CASE_PARAM(backend_down, ways_gen_params),
	KUNIT_CASE_PARAM(backend_down_unflushed, ways_gen_params),
	KUNIT_CASE_PARAM(backend_drains, ways_gen_params),
	KUNIT_CASE_PARAM(backend_removed, ways_gen_params),
	KUNIT_CASE_PARAM(backend_removed_unflushed, ways_gen_params),
	KUNIT_CASE_PARAM(gone_with_a_reader, ways_gen_params),
	KUNIT_CASE_PARAM(all_down, ways_gen_params),
	KUNIT_CASE_PARAM(all_down_unflushed, ways_gen_params),
	KUNIT_CASE_PARAM(another_pool, ways_gen_params),
	KUNIT_CASE_PARAM(service_deleted, ways_gen_params),
	KUNIT_CASE_PARAM(last_service_deleted, ways_gen_params),
	KUNIT_CASE_PARAM(port_of_its_own, ways_gen_params),
	KUNIT_CASE_PARAM(narrower_prefix, ways_gen_params),
	KUNIT_CASE_PARAM(unknown_pass, ways_gen_params),
	KUNIT_CASE_PARAM(gre_in_turns, ways_gen_params),
	{}
};

static struct kunit_suite served_suite = {
	.name = "bfly-balance-served",
	.init = served_init,
	.exit = bfly_fixture_exit,
	.test_cases = served_cases,
};

kunit_test_suites(&served_suite);
