// SPDX-License-Identifier: GPL-2.0
#include "balance_fixture.h"

#include <net/arp.h>
#include <net/ip.h>
#include <net/ndisc.h>
#include <net/xdp.h>

#include "balance_rx.h"
#include "balance_xdp.h"
#include "flow.h"
#include "frag.h"
#include "probe.h"
#include "sum.h"
#include "too_big.h"

#define MTU		1500

static netdev_tx_t uplink_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct fixture *fx = *(struct fixture **)netdev_priv(dev);

	if (READ_ONCE(fx->sender) == current)
		__skb_queue_tail(&fx->sent, skb);
	else
		dev_kfree_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops uplink_ops = {
	.ndo_start_xmit = uplink_xmit,
};

/* Without ARP: a neighbour's MAC is known at once. */
static void uplink_make(struct kunit *test, struct fixture *fx)
{
	struct net_device *dev = alloc_netdev(sizeof(fx), "hooks%d",
					      NET_NAME_UNKNOWN, ether_setup);

	KUNIT_ASSERT_NOT_NULL(test, dev);
	*(struct fixture **)netdev_priv(dev) = fx;
	dev->netdev_ops = &uplink_ops;
	dev->flags |= IFF_NOARP;
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->mtu = MTU;
	eth_hw_addr_set(dev, uplink_mac);
	fx->dev = dev;
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, register_netdevice(dev), 0);
	KUNIT_EXPECT_EQ(test, dev_open(dev, NULL), 0);
	rtnl_unlock();
}

static unsigned int route_mtu(const struct dst_entry *dst)
{
	return MTU;
}

static void routes_make(struct fixture *fx)
{
	fx->ops.mtu = route_mtu;
	fx->rt4.dst.dev = fx->dev;
	fx->rt4.dst.ops = &fx->ops;
	fx->rt6.dst.dev = fx->dev;
	fx->rt6.dst.ops = &fx->ops;
}

struct bfly_path *bfly_fixture_path(struct kunit *test,
				    const struct bfly_addr *addr)
{
	struct bfly_path *path = kzalloc(sizeof(*path), GFP_KERNEL);
	bool ip4 = addr->family == AF_INET;
	struct fixture *fx = test->priv;
	struct neighbour *neigh;

	KUNIT_ASSERT_NOT_NULL(test, path);
	neigh = __neigh_lookup(ip4 ? &arp_tbl : ipv6_stub->nd_tbl, &addr->ip6,
			       fx->dev, true);
	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(neigh));
	neigh_release(neigh);
	path->dst = ip4 ? &fx->rt4.dst : &fx->rt6.dst;
	path->direct = true;
	if (ip4)
		path->saddr.s6_addr32[0] = htonl(0xc0000201);
	else
		path->saddr = (struct in6_addr){ .s6_addr = { 0xfd, [15] = 0x80 } };
	bfly_path_init(fx->sw, path, addr);
	return path;
}

static void pool_route(struct kunit *test, struct bfly_pool *pool)
{
	struct bfly_pool_table *table = bfly_pool_table(pool);
	struct bfly_backend *backend;
	u32 i;

	for (i = 0; i < table->count; i++) {
		backend = table->backends[i];
		RCU_INIT_POINTER(backend->route.path,
				 bfly_fixture_path(test, &backend->addr));
	}
}

/* The routes are the fixture's own and not to be released. */
static void pool_unroute(struct bfly_pool *pool)
{
	struct bfly_pool_table *table = bfly_pool_table(pool);
	u32 i;

	for (i = 0; i < table->count; i++)
		kfree(rcu_replace_pointer(table->backends[i]->route.path, NULL,
					  true));
}

static struct bfly_pool *pool_make(struct kunit *test, struct fixture *fx,
				   const char *name, u8 method, u16 family,
				   u8 first)
{
	struct bfly_pool_conf conf = {
		.method = method, .size = 251, .dscp = 46, .vni = 0x123456,
		.port = bfly_method_is_udp(method) ? 6080 : 0,
	};
	struct bfly_backend_conf want[BACKENDS];
	struct bfly_pool *pool;
	u32 i;

	for (i = 0; i < BACKENDS; i++)
		want[i] = backend_conf(family, first + i);
	pool = bfly_pool_new(fx->sw, name, &conf, want, BACKENDS);
	KUNIT_ASSERT_FALSE(test, IS_ERR(pool));
	pool_route(test, pool);
	return pool;
}

struct bfly_pool *bfly_fixture_pool(struct kunit *test, const char *name,
				    u8 method, u16 family, u8 first)
{
	struct fixture *fx = test->priv;
	struct bfly_pool *pool;

	rtnl_lock();
	pool = pool_make(test, fx, name, method, family, first);
	/* their neighbours are known */
	bfly_probe_fini(fx->sw);
	rtnl_unlock();
	return pool;
}

/* The backends of a pool as they are. */
static u32 backends_get(struct bfly_pool *pool, struct bfly_backend_conf *want)
{
	const struct bfly_pool_table *table = bfly_pool_table(pool);
	const struct bfly_backend *backend;
	u32 i;

	for (i = 0; i < table->count; i++) {
		backend = table->backends[i];
		want[i] = (struct bfly_backend_conf) {
			.addr = backend->addr, .state = backend->state,
			.weight = backend->weight, .mac = backend->mac,
		};
	}
	return table->count;
}

static void backends_apply(struct kunit *test, struct bfly_pool *pool,
			   const struct bfly_backend_conf *want, u32 count)
{
	struct fixture *fx = test->priv;

	pool_unroute(pool);
	KUNIT_EXPECT_EQ(test, 0, bfly_pool_apply(fx->sw, pool,
						 &bfly_pool_table(pool)->conf,
						 want, count));
	pool_route(test, pool);
	bfly_probe_fini(fx->sw);
}

void bfly_fixture_backend_set(struct kunit *test, struct bfly_pool *pool,
			      const struct bfly_addr *addr, u8 state)
{
	struct bfly_backend_conf want[BACKENDS];
	u32 i, count;

	rtnl_lock();
	count = backends_get(pool, want);
	for (i = 0; i < count; i++)
		if (!addr || !bfly_addr_cmp(&want[i].addr, addr))
			want[i].state = state;
	backends_apply(test, pool, want, count);
	rtnl_unlock();
}

void bfly_fixture_backend_remove(struct kunit *test, struct bfly_pool *pool,
				 const struct bfly_addr *addr)
{
	struct bfly_backend_conf want[BACKENDS];
	u32 i, count, left = 0;

	rtnl_lock();
	count = backends_get(pool, want);
	for (i = 0; i < count; i++)
		if (bfly_addr_cmp(&want[i].addr, addr))
			want[left++] = want[i];
	KUNIT_EXPECT_EQ(test, left, count - 1);
	backends_apply(test, pool, want, left);
	rtnl_unlock();
}

static struct bfly_service *service_make(struct kunit *test, struct fixture *fx,
					 struct bfly_pool *pool, u16 family,
					 u8 wider, u8 proto, u16 port)
{
	struct bfly_service_key key = {
		.prefix = {
			.addr = vip(family),
			.len = bfly_family_bits(family) - wider,
		},
		.proto = proto, .port = port,
	};
	const struct bfly_service_conf conf = {
		.pool = pool, .hash = BFLY_HASH_OF_POOL,
		.unknown = BFLY_SERVICE_UNKNOWN_DROP,
	};
	struct bfly_service *service;

	bfly_prefix_canonical(&key.prefix);
	service = bfly_service_new(fx->sw, &key, &conf);
	KUNIT_ASSERT_FALSE(test, IS_ERR(service));
	return service;
}

struct bfly_service *bfly_fixture_service(struct kunit *test,
					  struct bfly_pool *pool, u16 family,
					  u8 wider, u8 proto, u16 port)
{
	struct bfly_service *service;

	rtnl_lock();
	service = service_make(test, test->priv, pool, family, wider, proto,
			       port);
	rtnl_unlock();
	return service;
}

/* The services of a pool with backends of a family: a port for both families. */
static void services_make(struct kunit *test, struct fixture *fx, u8 method,
			  u16 family)
{
	static const u16 families[] = { AF_INET, AF_INET6 };
	struct bfly_pool *pool;
	unsigned int i, k;
	char name[16];

	snprintf(name, sizeof(name), "%u-%u", method, family);
	pool = pool_make(test, fx, name, method, family, 0);
	for (i = 0; i < ARRAY_SIZE(families); i++) {
		if (bfly_method_is_plain(method) && families[i] != family)
			continue;
		if (method == BFLY_METHOD_GRE_RETARGET) {
			service_make(test, fx, pool, family, 0, IPPROTO_GRE, 0);
			continue;
		}
		for (k = 0; k < ARRAY_SIZE(protos); k++)
			service_make(test, fx, pool, families[i], 0, protos[k],
				     port_of(method, family));
	}
}

void bfly_fixture_services(struct kunit *test)
{
	struct fixture *fx = test->priv;
	unsigned int i;

	rtnl_lock();
	for (i = 0; i < ARRAY_SIZE(methods); i++) {
		services_make(test, fx, methods[i], AF_INET);
		services_make(test, fx, methods[i], AF_INET6);
	}
	bfly_probe_fini(fx->sw);
	rtnl_unlock();
}

static void switch_make(struct kunit *test, struct fixture *fx)
{
	struct bfly_switch *sw = kunit_kzalloc(test, sizeof(*sw), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, sw);
	fx->sw = sw;
	sw->dev = fx->dev;
	sw->flow_max = 100000;
	sw->frag_max = 16;
	INIT_LIST_HEAD(&sw->pools);
	bfly_too_big_limit(&sw->too_big);
	bfly_probe_init(sw);
	sw->stats = alloc_percpu(struct bfly_switch_stats);
	KUNIT_ASSERT_NOT_NULL(test, sw->stats);
	KUNIT_ASSERT_EQ(test, bfly_flows_init(sw), 0);
	KUNIT_ASSERT_EQ(test, bfly_backends_init(sw), 0);
	KUNIT_ASSERT_EQ(test, bfly_frags_init(sw), 0);
	KUNIT_ASSERT_EQ(test, bfly_services_init(sw), 0);
}

int bfly_fixture_init(struct kunit *test)
{
	struct fixture *fx = kunit_kzalloc(test, sizeof(*fx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, fx);
	test->priv = fx;
	__skb_queue_head_init(&fx->sent);
	fx->headroom = XDP_PACKET_HEADROOM;
	prandom_seed_state(&fx->rnd, 5);
	uplink_make(test, fx);
	routes_make(fx);
	switch_make(test, fx);
	return 0;
}

void bfly_fixture_exit(struct kunit *test)
{
	struct fixture *fx = test->priv;
	struct bfly_pool *pool;

	__skb_queue_purge(&fx->sent);
	rtnl_lock();
	list_for_each_entry(pool, &fx->sw->pools, list)
		pool_unroute(pool);
	bfly_services_fini(fx->sw);
	bfly_pools_fini(fx->sw);
	bfly_frags_fini(fx->sw);
	bfly_flows_fini(fx->sw);
	unregister_netdevice(fx->dev);
	rtnl_unlock();
	bfly_pools_exit();
	free_percpu(fx->sw->stats);
	free_netdev(fx->dev);
}

/* ---- what a hook does ---- */

static void drops_sum(const struct bfly_switch *sw, u64 drops[BFLY_DROP_COUNT])
{
	int cpu, i;

	memset(drops, 0, BFLY_DROP_COUNT * sizeof(*drops));
	for_each_possible_cpu(cpu)
		for (i = 0; i < BFLY_DROP_COUNT; i++)
			drops[i] += per_cpu_ptr(sw->stats, cpu)->drops[i];
}

static void services_sum(const struct bfly_switch *sw, struct bfly_share *sum)
{
	const struct bfly_service *service;
	struct bfly_share share;

	memset(sum, 0, sizeof(*sum));
	list_for_each_entry(service, &sw->services, list) {
		bfly_share_sum(&share, service->share);
		sum->packets += share.packets;
		sum->bytes += share.bytes;
	}
}

/* What the sender's NIC was to do has not been done. */
static void leave_to_nic(struct fixture *fx, struct sk_buff *skb)
{
	bool ip4 = skb->protocol == htons(ETH_P_IP);
	unsigned int head = ip4 ? 20 : 40;
	u8 *check = skb->data + head + fx->partial;
	u8 proto = skb->data[ip4 ? 9 : 6];
	u32 sum = proto + skb->len - head;

	sum = folded(add_words(sum, skb->data + (ip4 ? 12 : 8), ip4 ? 8 : 32));
	check[0] = sum >> 8;
	check[1] = sum;
	skb_partial_csum_set(skb, head, fx->partial);
	if (!fx->gso)
		return;
	skb_shinfo(skb)->gso_size = GSO_SIZE;
	skb_shinfo(skb)->gso_segs = GSO_SEGS;
	skb_shinfo(skb)->gso_type = ip4 ? SKB_GSO_TCPV4 : SKB_GSO_TCPV6;
}

enum fate bfly_fixture_take(struct kunit *test, struct fixture *fx,
			    struct outcome *out)
{
	struct sk_buff *skb = __skb_dequeue(&fx->sent);

	if (!skb)
		return DROPPED;
	out->len = skb->len;
	KUNIT_EXPECT_EQ(test, 0, skb_copy_bits(skb, 0, out->frame, skb->len));
	kfree_skb(skb);
	return SENT;
}

static enum fate run_rx(struct kunit *test, struct fixture *fx,
			unsigned int len, struct outcome *out)
{
	struct sk_buff *skb = alloc_skb(len + 512, GFP_ATOMIC);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	/* little headroom, so that it has to be made */
	skb_reserve(skb, 16 + NET_IP_ALIGN);
	skb_put_data(skb, fx->in, len);
	skb->dev = fx->dev;
	skb->protocol = eth_type_trans(skb, fx->dev);
	skb_reset_network_header(skb);
	if (fx->partial)
		leave_to_nic(fx, skb);
	if (!bfly_balance_rx(fx->sw, skb)) {
		kfree_skb(skb);
		return HOST;
	}
	return bfly_fixture_take(test, fx, out);
}

static enum fate run_xdp(struct kunit *test, struct fixture *fx,
			 unsigned int len, struct outcome *out)
{
	struct xdp_rxq_info rxq = { .dev = fx->dev };
	struct xdp_buff xdp;
	int action;

	memcpy(fx->room + fx->headroom, fx->in, len);
	xdp_init_buff(&xdp, sizeof(fx->room), &rxq);
	xdp_prepare_buff(&xdp, fx->room, fx->headroom, len, true);
	action = bfly_balance_xdp(fx->sw, &xdp);
	if (action == XDP_PASS) {
		/* whoever sees it next has to see it as it was, but for padding */
		KUNIT_EXPECT_EQ(test, 0, memcmp(xdp.data, fx->in,
						xdp.data_end - xdp.data));
		return HOST;
	}
	if (action == XDP_DROP)
		return DROPPED;
	KUNIT_EXPECT_EQ(test, action, XDP_TX);
	out->len = xdp.data_end - xdp.data;
	memcpy(out->frame, xdp.data, out->len);
	return SENT;
}

void bfly_fixture_run(struct kunit *test, bool xdp, unsigned int len)
{
	u64 before[BFLY_DROP_COUNT], after[BFLY_DROP_COUNT];
	struct fixture *fx = test->priv;
	struct outcome *out = xdp ? &fx->xdp : &fx->rx;
	struct bfly_share old, new;
	int i;

	drops_sum(fx->sw, before);
	services_sum(fx->sw, &old);
	local_bh_disable();
	rcu_read_lock();
	WRITE_ONCE(fx->sender, current);
	out->fate = xdp ? run_xdp(test, fx, len, out) : run_rx(test, fx, len, out);
	WRITE_ONCE(fx->sender, NULL);
	rcu_read_unlock();
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fx->sent),
			fx->gso && out->fate == SENT ? GSO_SEGS - 1 : 0);
	drops_sum(fx->sw, after);
	services_sum(fx->sw, &new);
	out->packets = new.packets - old.packets;
	out->bytes = new.bytes - old.bytes;
	out->reason = BFLY_PASS;
	for (i = 0; i < BFLY_DROP_COUNT; i++)
		if (after[i] != before[i])
			out->reason = i;
}

void bfly_fixture_both(struct kunit *test, unsigned int len, const char *what)
{
	struct fixture *fx = test->priv;
	bool xdp_first = prandom_u32_state(&fx->rnd) & 1;

	bfly_fixture_run(test, xdp_first, len);
	bfly_fixture_run(test, !xdp_first, len);
	KUNIT_EXPECT_EQ_MSG(test, fx->rx.fate, fx->xdp.fate, "%s", what);
	KUNIT_EXPECT_EQ_MSG(test, fx->rx.reason, fx->xdp.reason, "%s", what);
	KUNIT_EXPECT_EQ_MSG(test, fx->rx.packets, fx->xdp.packets, "%s", what);
	KUNIT_EXPECT_EQ_MSG(test, fx->rx.bytes, fx->xdp.bytes, "%s", what);
	if (fx->rx.fate != SENT || fx->xdp.fate != SENT)
		return;
	KUNIT_EXPECT_EQ_MSG(test, fx->rx.len, fx->xdp.len, "%s", what);
	KUNIT_EXPECT_EQ_MSG(test, 0, memcmp(fx->rx.frame, fx->xdp.frame, fx->rx.len),
			    "%s", what);
}
