// SPDX-License-Identifier: GPL-2.0
/*
 * Both hooks of the balancer do the same to the same packet: the same bytes on
 * the wire, the same reasons for drops, the same counters. The switch is made of
 * its tables alone; its uplink is a netdev that keeps what it is to send.
 */

#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/prandom.h>
#include <net/arp.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ndisc.h>
#include <net/route.h>
#include <net/xdp.h>

#include "balance_rx.h"
#include "balance_xdp.h"
#include "flow.h"
#include "frag.h"
#include "method.h"
#include "pool.h"
#include "probe.h"
#include "service.h"
#include "sum.h"
#include "switch.h"
#include "too_big.h"

#define MTU		1500
#define FRAME_MAX	2048
#define GSO_SIZE	1000
#define GSO_SEGS	3
#define IN_MAX		4096
#define BACKENDS	3
#define PORT		1000

static const u8 client_mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 0x99 };
static const u8 uplink_mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 0x01 };

/* What the balancer did to a frame. */
enum fate { HOST, DROPPED, SENT };

/**
 * struct outcome - what became of a frame at one hook
 * @fate: of the frame itself
 * @reason: of a drop
 * @packets: counted for services
 * @bytes: counted for services
 * @len: bytes sent
 * @frame: what was sent
 */
struct outcome {
	enum fate fate;
	enum bfly_drop reason;
	u64 packets;
	u64 bytes;
	unsigned int len;
	u8 frame[FRAME_MAX];
};

/**
 * struct fixture - a switch and its uplink
 * @sw: the switch
 * @dev: its uplink, and its own netdev too
 * @rt4: route to all IPv4 backends
 * @rt6: route to all IPv6 backends
 * @ops: of both
 * @sender: what it sends is caught, other tasks' packets are not
 * @sent: that
 * @rnd: for packets
 * @in: a frame for both hooks
 * @whole: the same, before it is cut short
 * @partial: netdev receive gets it with a transport checksum yet to be made, at
 *	this offset; 0 for none
 * @gso: and as one packet that is GSO_SEGS
 * @headroom: bytes in front of it at XDP
 * @room: where XDP has it
 * @rx: result
 * @xdp: result
 */
struct fixture {
	struct bfly_switch *sw;
	struct net_device *dev;
	struct rtable rt4;
	struct rt6_info rt6;
	struct dst_ops ops;
	struct task_struct *sender;
	struct sk_buff_head sent;
	struct rnd_state rnd;
	u8 in[IN_MAX];
	u8 whole[FRAME_MAX];
	unsigned int partial;
	bool gso;
	unsigned int headroom;
	u8 room[4096] __aligned(8);
	struct outcome rx;
	struct outcome xdp;
};

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

static const u8 methods[] = {
	BFLY_METHOD_L2, BFLY_METHOD_IPIP, BFLY_METHOD_GRE, BFLY_METHOD_GUE,
	BFLY_METHOD_FOU, BFLY_METHOD_VXLAN, BFLY_METHOD_DSCP,
	BFLY_METHOD_GRE_RETARGET,
};

static const u8 protos[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP };

static struct bfly_addr vip(u16 family)
{
	struct bfly_addr addr = { .family = family };

	if (family == AF_INET)
		addr.ip4 = htonl(0xcb007101);
	else
		addr.ip6 = (struct in6_addr){ .s6_addr = { 0x20, 1, 0xd, 0xb8, [15] = 1 } };
	return addr;
}

static struct bfly_backend_conf backend_conf(u16 family, u8 i)
{
	struct bfly_backend_conf conf = {
		.addr = { .family = family }, .weight = 1,
		.state = BFLY_BACKEND_STATE_UP,
	};
	const u8 mac[ETH_ALEN] = { 2, 0, 0, 0, 1, i };

	if (family == AF_INET)
		conf.addr.ip4 = htonl(0xc0000203 + i);
	else
		conf.addr.ip6 = (struct in6_addr){ .s6_addr = { 0xfd, [15] = i + 1 } };
	conf.mac = bfly_mac_pack(mac);
	return conf;
}

/* It has a way, and its neighbour is known. */
static void backend_route(struct kunit *test, struct fixture *fx,
			  struct bfly_backend *backend)
{
	bool ip4 = backend->addr.family == AF_INET;
	struct bfly_path *path = kzalloc(sizeof(*path), GFP_KERNEL);
	struct neighbour *neigh;

	KUNIT_ASSERT_NOT_NULL(test, path);
	neigh = __neigh_lookup(ip4 ? &arp_tbl : ipv6_stub->nd_tbl,
			       &backend->addr.ip6, fx->dev, true);
	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(neigh));
	neigh_release(neigh);
	path->dst = ip4 ? &fx->rt4.dst : &fx->rt6.dst;
	path->direct = true;
	if (ip4)
		path->saddr.s6_addr32[0] = htonl(0xc0000201);
	else
		path->saddr = (struct in6_addr){ .s6_addr = { 0xfd, [15] = 0x80 } };
	bfly_path_init(path, &backend->addr);
	RCU_INIT_POINTER(backend->route.path, path);
}

static struct bfly_pool *pool_make(struct kunit *test, struct fixture *fx,
				   u8 method, u16 family)
{
	struct bfly_pool_conf conf = {
		.method = method, .size = 251, .dscp = 46, .vni = 0x123456,
		.port = bfly_method_is_udp(method) ? 6080 : 0,
	};
	struct bfly_backend_conf want[BACKENDS];
	struct bfly_pool_table *table;
	struct bfly_pool *pool;
	char name[16];
	u32 i;

	for (i = 0; i < BACKENDS; i++)
		want[i] = backend_conf(family, i);
	snprintf(name, sizeof(name), "%u-%u", method, family);
	pool = bfly_pool_new(fx->sw, name, &conf, want, BACKENDS);
	KUNIT_ASSERT_FALSE(test, IS_ERR(pool));
	table = bfly_pool_table(pool);
	for (i = 0; i < BACKENDS; i++)
		backend_route(test, fx, table->backends[i]);
	return pool;
}

static u16 port_of(u8 method, u16 family)
{
	return PORT + 2 * method + (family == AF_INET6);
}

static void service_make(struct kunit *test, struct fixture *fx,
			 struct bfly_pool *pool, u16 family, u8 proto, u16 port)
{
	const struct bfly_service_key key = {
		.prefix = { .addr = vip(family), .len = bfly_family_bits(family) },
		.proto = proto, .port = port,
	};
	const struct bfly_service_conf conf = {
		.pool = pool, .hash = BFLY_HASH_OF_POOL,
		.unknown = BFLY_SERVICE_UNKNOWN_DROP,
	};

	KUNIT_ASSERT_FALSE(test, IS_ERR(bfly_service_new(fx->sw, &key, &conf)));
}

/* The services of a pool with backends of a family: a port for both families. */
static void services_make(struct kunit *test, struct fixture *fx, u8 method,
			  u16 family)
{
	struct bfly_pool *pool = pool_make(test, fx, method, family);
	static const u16 families[] = { AF_INET, AF_INET6 };
	unsigned int i, k;

	for (i = 0; i < ARRAY_SIZE(families); i++) {
		if (bfly_method_is_plain(method) && families[i] != family)
			continue;
		if (method == BFLY_METHOD_GRE_RETARGET) {
			service_make(test, fx, pool, family, IPPROTO_GRE, 0);
			continue;
		}
		for (k = 0; k < ARRAY_SIZE(protos); k++)
			service_make(test, fx, pool, families[i], protos[k],
				     port_of(method, family));
	}
}

static void switch_make(struct kunit *test, struct fixture *fx)
{
	struct bfly_switch *sw = kunit_kzalloc(test, sizeof(*sw), GFP_KERNEL);
	unsigned int i;

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
	rtnl_lock();
	for (i = 0; i < ARRAY_SIZE(methods); i++) {
		services_make(test, fx, methods[i], AF_INET);
		services_make(test, fx, methods[i], AF_INET6);
	}
	/* their neighbours are known */
	bfly_probe_fini(sw);
	rtnl_unlock();
}

static int hooks_init(struct kunit *test)
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

/* The routes are the fixture's own and not to be released. */
static void routes_forget(struct fixture *fx)
{
	struct bfly_pool_table *table;
	struct bfly_pool *pool;
	u32 i;

	list_for_each_entry(pool, &fx->sw->pools, list) {
		table = bfly_pool_table(pool);
		for (i = 0; i < table->count; i++)
			kfree(rcu_replace_pointer(table->backends[i]->route.path,
						  NULL, true));
	}
}

static void hooks_exit(struct kunit *test)
{
	struct fixture *fx = test->priv;

	__skb_queue_purge(&fx->sent);
	rtnl_lock();
	routes_forget(fx);
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

/* The next frame that was sent. */
static enum fate take_sent(struct kunit *test, struct fixture *fx,
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
	return take_sent(test, fx, out);
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

static void run(struct kunit *test, bool xdp, unsigned int len)
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

/* The frame of @len bytes fares the same at both hooks. */
static void same_at_both(struct kunit *test, unsigned int len, const char *what)
{
	struct fixture *fx = test->priv;
	bool xdp_first = prandom_u32_state(&fx->rnd) & 1;

	run(test, xdp_first, len);
	run(test, !xdp_first, len);
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

/* ---- packets ---- */

/**
 * struct spec - a packet
 * @family: of its headers
 * @proto: of what it carries
 * @dport: where to
 * @len: bytes after the transport header
 * @ttl: time to live
 * @pad: bytes after the packet
 * @tail: word at the end of the data, if @len is even
 */
struct spec {
	u16 family;
	u8 proto;
	u16 dport;
	unsigned int len;
	u8 ttl;
	unsigned int pad;
	u16 tail;
};

/* Of a packet at @ip without options: 0xffff if its transport's sum is right. */
static u16 transport_sum(const u8 *ip, u16 family, u8 proto)
{
	unsigned int len = family == AF_INET ? (ip[2] << 8 | ip[3]) - 20 :
					       ip[4] << 8 | ip[5];
	u32 sum = family == AF_INET ? add_words(proto + len, ip + 12, 8) :
				      add_words(proto + len, ip + 8, 32);

	return folded(add_words(sum, ip + (family == AF_INET ? 20 : 40), len));
}

static unsigned int check_at(u8 proto)
{
	return proto == IPPROTO_TCP ? 16 : proto == IPPROTO_UDP ? 6 : 0;
}

static unsigned int transport_len(u8 proto)
{
	return proto == IPPROTO_TCP ? 20 : proto == IPPROTO_SCTP ? 12 : 8;
}

static unsigned int put_ip(struct fixture *fx, u8 *ip, u16 family, u8 proto,
			   u8 ttl, unsigned int len)
{
	const struct bfly_addr to = vip(family);
	u8 head[8];

	prandom_bytes_state(&fx->rnd, head, sizeof(head));
	if (family == AF_INET) {
		struct iphdr *iph = (struct iphdr *)ip;

		*iph = (struct iphdr) {
			.version = 4, .ihl = 5, .tos = head[0],
			.tot_len = htons(20 + len), .id = htons(head[1] << 8 | head[2]),
			.frag_off = head[3] & 1 ? htons(IP_DF) : 0, .ttl = ttl,
			.protocol = proto, .daddr = to.ip4,
			.saddr = htonl(0x0a400000 | head[4] << 8 | head[5]),
		};
		iph->check = htons((u16)~folded(add_words(0, iph, 20)));
		return 20;
	}
	ip[0] = 0x60 | (head[0] & 0x0f);
	ip[1] = head[1];
	ip[2] = head[2];
	ip[3] = head[3];
	ip[4] = len >> 8;
	ip[5] = len;
	ip[6] = proto;
	ip[7] = ttl;
	memset(ip + 8, 0, 16);
	ip[8] = 0xfd;
	ip[9] = 0x64;
	ip[22] = head[4];
	ip[23] = head[5];
	memcpy(ip + 24, &to.ip6, 16);
	return 40;
}

static void put_check(u8 *ip, const struct spec *spec)
{
	u8 *l4 = ip + (spec->family == AF_INET ? 20 : 40);
	unsigned int off = check_at(spec->proto);
	u16 sum;

	if (!off)
		return;
	l4[off] = 0;
	l4[off + 1] = 0;
	sum = ~transport_sum(ip, spec->family, spec->proto);
	if (!sum && spec->proto == IPPROTO_UDP)
		sum = 0xffff;
	l4[off] = sum >> 8;
	l4[off + 1] = sum;
}

/* A packet at @ip; its length. */
static unsigned int put_packet(struct fixture *fx, u8 *ip, const struct spec *spec)
{
	unsigned int l4_len = transport_len(spec->proto), len = l4_len + spec->len;
	unsigned int head = put_ip(fx, ip, spec->family, spec->proto, spec->ttl, len);
	u8 *l4 = ip + head;

	prandom_bytes_state(&fx->rnd, l4, len);
	l4[2] = spec->dport >> 8;
	l4[3] = spec->dport;
	if (spec->proto == IPPROTO_TCP) {
		l4[12] = 0x50;
		/* of a flow that goes on, or a SYN */
		l4[13] = l4[13] & 1 ? 0x10 : 0x02;
	} else if (spec->proto == IPPROTO_UDP) {
		l4[4] = len >> 8;
		l4[5] = len;
	}
	if (spec->tail && spec->len >= 2) {
		l4[len - 2] = spec->tail >> 8;
		l4[len - 1] = spec->tail;
	}
	put_check(ip, spec);
	return head + len;
}

static unsigned int put_eth(struct fixture *fx, u16 family)
{
	struct ethhdr *eth = (struct ethhdr *)fx->in;

	ether_addr_copy(eth->h_dest, uplink_mac);
	ether_addr_copy(eth->h_source, client_mac);
	eth->h_proto = family == AF_INET ? htons(ETH_P_IP) : htons(ETH_P_IPV6);
	return ETH_HLEN;
}

static unsigned int put_frame(struct fixture *fx, const struct spec *spec)
{
	unsigned int len = put_eth(fx, spec->family);

	len += put_packet(fx, fx->in + len, spec);
	prandom_bytes_state(&fx->rnd, fx->in + len, spec->pad);
	return len + spec->pad;
}

/* What a router has put into GRE, with some of the fields that there are. */
static unsigned int put_gre(struct fixture *fx, const struct spec *spec,
			    u16 inner)
{
	const struct spec in = {
		.family = inner, .proto = IPPROTO_TCP, .dport = 80,
		.len = spec->len, .ttl = 9,
	};
	u8 *ip = fx->in + put_eth(fx, spec->family), *gre;
	unsigned int head = spec->family == AF_INET ? 20 : 40, len = 4;

	gre = ip + head;
	prandom_bytes_state(&fx->rnd, gre, 16);
	/* checksum, key, sequence number: RFC 2784, RFC 2890 */
	gre[0] &= 0xb0;
	gre[1] = 0;
	gre[2] = inner == AF_INET ? 0x08 : 0x86;
	gre[3] = inner == AF_INET ? 0x00 : 0xdd;
	len += 4 * (!!(gre[0] & 0x80) + !!(gre[0] & 0x20) + !!(gre[0] & 0x10));
	len += put_packet(fx, gre + len, &in);
	put_ip(fx, ip, spec->family, IPPROTO_GRE, spec->ttl, len);
	return ETH_HLEN + head + len;
}

/* ---- the cases ---- */

static u16 family_of(u32 bit)
{
	return bit & 1 ? AF_INET6 : AF_INET;
}

/* The sums of what was sent are right, the outermost ones and the packet's. */
static void expect_sums(struct kunit *test, const struct spec *spec, u8 method,
			u16 family)
{
	struct fixture *fx = test->priv;
	const u8 *ip = fx->rx.frame + ETH_HLEN;
	unsigned int over = bfly_method_overhead(method, family);

	if (family == AF_INET)
		KUNIT_EXPECT_EQ(test, 0xffff, folded(add_words(0, ip, 20)));
	if (family == AF_INET6 && bfly_method_is_udp(method))
		KUNIT_EXPECT_EQ(test, 0xffff, transport_sum(ip, family, IPPROTO_UDP));
	ip += over;
	KUNIT_EXPECT_EQ(test, fx->rx.len, ETH_HLEN + over +
			(spec->family == AF_INET ? ip[2] << 8 | ip[3] :
						   40 + (ip[4] << 8 | ip[5])));
	KUNIT_EXPECT_EQ(test, spec->ttl - 1, spec->family == AF_INET ? ip[8] : ip[7]);
	if (spec->family == AF_INET)
		KUNIT_EXPECT_EQ(test, 0xffff, folded(add_words(0, ip, 20)));
	if (check_at(spec->proto))
		KUNIT_EXPECT_EQ(test, 0xffff,
				transport_sum(ip, spec->family, spec->proto));
}

/* A packet of a service, by any method, of any size that fits. */
static void one_packet(struct kunit *test, u8 method, u16 family)
{
	struct fixture *fx = test->priv;
	u32 dice = prandom_u32_state(&fx->rnd);
	struct spec spec = {
		.family = bfly_method_is_plain(method) ? family : family_of(dice),
		.proto = protos[(dice >> 1) % 3], .dport = port_of(method, family),
		.ttl = 2 + (dice >> 4) % 254,
		.len = (dice >> 8) % (dice & BIT(3) ? 64 : 1360),
		.pad = dice >> 28 & 1 ? dice >> 29 : 0,
	};
	unsigned int len = put_frame(fx, &spec);
	char what[48];

	snprintf(what, sizeof(what), "method %u over %u, %u bytes of %u", method,
		 family, spec.len, spec.proto);
	same_at_both(test, len, what);
	KUNIT_ASSERT_EQ_MSG(test, fx->rx.fate, SENT, "%s", what);
	KUNIT_EXPECT_EQ(test, 1, fx->rx.packets);
	expect_sums(test, &spec, method, family);
}

/* A packet whose checksum the sender has left to its NIC comes out as any other. */
static void one_partial(struct kunit *test, u8 method, u16 family)
{
	struct fixture *fx = test->priv;
	u32 dice = prandom_u32_state(&fx->rnd);
	struct spec spec = {
		.family = bfly_method_is_plain(method) ? family : family_of(dice),
		.proto = dice & 2 ? IPPROTO_TCP : IPPROTO_UDP, .ttl = 64,
		.dport = port_of(method, family), .len = (dice >> 8) % 1360,
	};
	unsigned int len = put_frame(fx, &spec);

	fx->partial = check_at(spec.proto);
	same_at_both(test, len, "a checksum that is left to the NIC");
	fx->partial = 0;
	KUNIT_ASSERT_EQ(test, fx->rx.fate, SENT);
	expect_sums(test, &spec, method, family);
}

/* What the sender has left to segmentation is right in each segment. */
static void one_gso(struct kunit *test, u8 method, u16 family, u16 inner)
{
	struct fixture *fx = test->priv;
	struct spec spec = {
		.family = inner, .proto = IPPROTO_TCP, .ttl = 64,
		.dport = port_of(method, family), .len = GSO_SEGS * GSO_SIZE,
	};
	unsigned int i, len = put_frame(fx, &spec);

	fx->in[ETH_HLEN + (inner == AF_INET ? 20 : 40) + 13] = 0x18;
	fx->partial = check_at(spec.proto);
	fx->gso = true;
	run(test, false, len);
	fx->partial = 0;
	fx->gso = false;
	KUNIT_ASSERT_EQ_MSG(test, fx->rx.fate, SENT, "method %u", method);
	KUNIT_EXPECT_EQ(test, fx->rx.packets, GSO_SEGS);
	for (i = 0; i < GSO_SEGS; i++) {
		if (i)
			KUNIT_ASSERT_EQ(test, take_sent(test, fx, &fx->rx), SENT);
		expect_sums(test, &spec, method, family);
		KUNIT_EXPECT_EQ(test, fx->rx.len, ETH_HLEN +
				bfly_method_overhead(method, family) +
				(inner == AF_INET ? 40 : 60) + GSO_SIZE);
	}
}

static void offloads(struct kunit *test)
{
	u32 i, k;

	for (i = 0; i < 100; i++)
		for (k = 0; k < ARRAY_SIZE(methods); k++)
			if (methods[k] != BFLY_METHOD_GRE_RETARGET)
				one_partial(test, methods[k], family_of(i));
	for (i = 0; i < 16; i++)
		for (k = 0; k < ARRAY_SIZE(methods); k++)
			if (methods[k] != BFLY_METHOD_GRE_RETARGET &&
			    (!bfly_method_is_plain(methods[k]) ||
			     family_of(i) == family_of(i >> 1)))
				one_gso(test, methods[k], family_of(i),
					family_of(i >> 1));
}

static void all_methods(struct kunit *test)
{
	u32 i, k;

	for (i = 0; i < 400; i++)
		for (k = 0; k < ARRAY_SIZE(methods); k++)
			if (methods[k] != BFLY_METHOD_GRE_RETARGET)
				one_packet(test, methods[k], family_of(i));
}

static void gre_retarget(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u32 i;

	for (i = 0; i < 400; i++) {
		struct spec spec = {
			.family = family_of(i), .ttl = 64,
			.len = prandom_u32_state(&fx->rnd) % 1000,
		};
		unsigned int len = put_gre(fx, &spec, family_of(i >> 1));
		const u8 *ip = fx->rx.frame + ETH_HLEN;
		const struct bfly_addr from = vip(spec.family);
		bool ip4 = spec.family == AF_INET;

		same_at_both(test, len, "gre-retarget");
		KUNIT_ASSERT_EQ(test, fx->rx.fate, SENT);
		KUNIT_EXPECT_EQ(test, fx->rx.len, len);
		if (ip4)
			KUNIT_EXPECT_EQ(test, 0xffff, folded(add_words(0, ip, 20)));
		/* from the balancer to a backend, what is in it untouched */
		KUNIT_EXPECT_EQ(test, 0, memcmp(ip + (ip4 ? 12 : 8), &from.ip6,
						ip4 ? 4 : 16));
		KUNIT_EXPECT_EQ(test, ip4 ? 192 : 0xfd, ip[ip4 ? 16 : 24]);
		KUNIT_EXPECT_EQ(test, 0, memcmp(ip + (ip4 ? 20 : 40),
						fx->in + ETH_HLEN + (ip4 ? 20 : 40),
						len - ETH_HLEN - (ip4 ? 20 : 40)));
	}
}

/* The flow inside chooses, whatever the tunnel's own fields are. */
static void gre_retarget_flow(struct kunit *test)
{
	const struct spec spec = { .family = AF_INET, .ttl = 64, .len = 10 };
	struct fixture *fx = test->priv;
	unsigned int len = put_gre(fx, &spec, AF_INET6);
	struct iphdr *iph = (struct iphdr *)(fx->in + ETH_HLEN);
	u32 i, first = 0, daddr;

	for (i = 0; i < 16; i++) {
		iph->saddr = htonl(0x0a000000 + i);
		iph->check = 0;
		iph->check = htons((u16)~folded(add_words(0, iph, 20)));
		same_at_both(test, len, "another router");
		KUNIT_ASSERT_EQ(test, fx->rx.fate, SENT);
		memcpy(&daddr, fx->rx.frame + ETH_HLEN + 16, 4);
		if (!i)
			first = daddr;
		KUNIT_EXPECT_EQ(test, first, daddr);
	}
}

/* A UDP sum that would come out as zero is sent as the other zero. */
static void dscp_udp_zero(struct kunit *test, u16 family)
{
	struct spec spec = {
		.family = family, .proto = IPPROTO_UDP, .ttl = 64, .len = 32,
		.dport = port_of(BFLY_METHOD_DSCP, family),
	};
	struct fixture *fx = test->priv;
	unsigned int head = ETH_HLEN + (family == AF_INET ? 20 : 40);
	unsigned int len = put_frame(fx, &spec);
	u8 *l4 = fx->in + head;
	u16 sum, word;

	/* the same flow all along: only data changes */
	same_at_both(test, len, "a datagram");
	KUNIT_ASSERT_EQ(test, fx->rx.fate, SENT);
	memcpy(fx->rx.frame + head, l4, len - head);
	fx->rx.frame[head + 6] = 0;
	fx->rx.frame[head + 7] = 0;
	sum = transport_sum(fx->rx.frame + ETH_HLEN, family, IPPROTO_UDP);
	word = l4[38] << 8 | l4[39];
	word = folded(word + (u16)~sum);
	l4[38] = word >> 8;
	l4[39] = word;
	put_check(fx->in + ETH_HLEN, &spec);
	same_at_both(test, len, "a sum of zero");
	KUNIT_ASSERT_EQ(test, fx->rx.fate, SENT);
	l4 = fx->rx.frame + head;
	KUNIT_EXPECT_EQ_MSG(test, 0xffff, l4[6] << 8 | l4[7], "family %u", family);
	KUNIT_EXPECT_EQ(test, 0xffff,
			transport_sum(fx->rx.frame + ETH_HLEN, family, IPPROTO_UDP));
}

/* None stays none, over IPv6 too, where tunnels may do without (RFC 6935). */
static void dscp_udp_none(struct kunit *test, u16 family)
{
	struct spec spec = {
		.family = family, .proto = IPPROTO_UDP, .ttl = 64, .len = 32,
		.dport = port_of(BFLY_METHOD_DSCP, family),
	};
	struct fixture *fx = test->priv;
	unsigned int check = ETH_HLEN + (family == AF_INET ? 20 : 40) + 6;
	unsigned int len = put_frame(fx, &spec);

	fx->in[check] = 0;
	fx->in[check + 1] = 0;
	same_at_both(test, len, "no sum");
	KUNIT_ASSERT_EQ(test, fx->rx.fate, SENT);
	KUNIT_EXPECT_EQ_MSG(test, 0, fx->rx.frame[check] << 8 | fx->rx.frame[check + 1],
			    "family %u", family);
}

static void dscp_udp_sums(struct kunit *test)
{
	dscp_udp_zero(test, AF_INET);
	dscp_udp_zero(test, AF_INET6);
	dscp_udp_none(test, AF_INET);
	dscp_udp_none(test, AF_INET6);
}

static void echo(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u32 i;

	for (i = 0; i < 200; i++) {
		u16 family = family_of(i);
		u8 proto = family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6;
		unsigned int len = 8 + i, head;
		u8 *ip = fx->in + put_eth(fx, family), *icmp;
		u16 sum;

		head = put_ip(fx, ip, family, proto, 1 + i % 3, len);
		icmp = ip + head;
		prandom_bytes_state(&fx->rnd, icmp, len);
		icmp[0] = family == AF_INET ? ICMP_ECHO : ICMPV6_ECHO_REQUEST;
		icmp[1] = 0;
		icmp[2] = 0;
		icmp[3] = 0;
		sum = family == AF_INET ? ~folded(add_words(0, icmp, len)) :
					  ~transport_sum(ip, family, proto);
		icmp[2] = sum >> 8;
		icmp[3] = sum;
		same_at_both(test, ETH_HLEN + head + len, "echo");
		KUNIT_ASSERT_EQ(test, fx->rx.fate, SENT);
		KUNIT_EXPECT_EQ(test, 0, fx->rx.packets);
		KUNIT_EXPECT_TRUE(test, ether_addr_equal(fx->rx.frame, client_mac));
		ip = fx->rx.frame + ETH_HLEN;
		icmp = ip + head;
		KUNIT_EXPECT_EQ(test, icmp[0], family == AF_INET ?
				ICMP_ECHOREPLY : ICMPV6_ECHO_REPLY);
		KUNIT_EXPECT_EQ(test, 0xffff, family == AF_INET ?
				folded(add_words(0, icmp, len)) :
				transport_sum(ip, family, proto));
		if (family == AF_INET)
			KUNIT_EXPECT_EQ(test, 0xffff, folded(add_words(0, ip, 20)));
	}
}

static void expect_drop(struct kunit *test, unsigned int len,
			enum bfly_drop reason, const char *what)
{
	struct fixture *fx = test->priv;

	same_at_both(test, len, what);
	KUNIT_EXPECT_EQ_MSG(test, fx->rx.fate, DROPPED, "%s", what);
	KUNIT_EXPECT_EQ_MSG(test, fx->rx.reason, reason, "%s", what);
}

static void drop_reasons(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u32 i;

	for (i = 0; i < 2; i++) {
		struct spec spec = {
			.family = family_of(i), .proto = IPPROTO_UDP, .len = 10,
			.dport = port_of(BFLY_METHOD_IPIP, AF_INET),
		};
		unsigned int len;

		spec.ttl = 1;
		expect_drop(test, put_frame(fx, &spec), BFLY_DROP_TTL, "TTL 1");
		spec.ttl = 0;
		expect_drop(test, put_frame(fx, &spec), BFLY_DROP_TTL, "TTL 0");
		spec.ttl = 64;
		spec.dport = 9;
		expect_drop(test, put_frame(fx, &spec), BFLY_DROP_NO_SERVICE, "port");
		spec.proto = IPPROTO_DCCP;
		expect_drop(test, put_frame(fx, &spec), BFLY_DROP_NO_SERVICE, "protocol");
		spec.ttl = 64;
		len = put_gre(fx, &spec, AF_INET);
		/* a version that there is not, a route of RFC 1701 */
		fx->in[ETH_HLEN + (i ? 41 : 21)] = 1;
		expect_drop(test, len, BFLY_DROP_MALFORMED, "version of GRE");
		len = put_gre(fx, &spec, AF_INET);
		fx->in[ETH_HLEN + (i ? 40 : 20)] |= 0x40;
		expect_drop(test, len, BFLY_DROP_MALFORMED, "GRE routing");
	}
}

static void no_backend(struct kunit *test)
{
	struct spec spec = {
		.family = AF_INET, .proto = IPPROTO_TCP, .ttl = 64,
		.dport = port_of(BFLY_METHOD_GUE, AF_INET),
	};
	struct fixture *fx = test->priv;
	struct bfly_backend_conf want[BACKENDS];
	struct bfly_pool *pool;
	char name[16];
	u32 i;

	snprintf(name, sizeof(name), "%u-%u", BFLY_METHOD_GUE, AF_INET);
	for (i = 0; i < BACKENDS; i++) {
		want[i] = backend_conf(AF_INET, i);
		want[i].state = BFLY_BACKEND_STATE_DOWN;
	}
	rtnl_lock();
	pool = bfly_pool_find(fx->sw, name);
	KUNIT_EXPECT_EQ(test, 0, bfly_pool_apply(fx->sw, pool,
						 &bfly_pool_table(pool)->conf,
						 want, BACKENDS));
	bfly_probe_fini(fx->sw);
	rtnl_unlock();
	expect_drop(test, put_frame(fx, &spec), BFLY_DROP_NO_BACKEND, "all down");
}

/* Cut off anywhere. */
static void short_frames(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u32 i, len;

	for (i = 0; i < 10; i++) {
		struct spec spec = {
			.family = family_of(i), .ttl = 64, .len = 20,
			.proto = protos[i / 2 % 3],
			.dport = port_of(BFLY_METHOD_VXLAN, AF_INET6),
		};
		u32 all = i < 6 ? put_frame(fx, &spec) :
				  put_gre(fx, &spec, family_of(i / 2));

		memcpy(fx->whole, fx->in, all);
		for (len = ETH_HLEN; len < all; len++) {
			memcpy(fx->in, fx->whole, all);
			same_at_both(test, len, "a short frame");
			KUNIT_EXPECT_NE(test, fx->rx.fate, SENT);
		}
	}
}

/* An error about an answer of a backend. */
static void errors(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u32 i;

	for (i = 0; i < 200; i++) {
		u16 family = family_of(i), backends = family_of(i >> 1);
		u8 method = i & 4 ? BFLY_METHOD_DSCP : BFLY_METHOD_GRE;
		u8 proto = family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6;
		u8 *ip = fx->in + put_eth(fx, family), *icmp, *quote;
		unsigned int head, len;
		struct spec spec = {
			.family = family, .proto = IPPROTO_TCP, .ttl = 64,
			.dport = port_of(method, backends), .len = i % 20,
		};
		u16 sum;

		if (method == BFLY_METHOD_DSCP && family != backends)
			continue;
		head = family == AF_INET ? 20 : 40;
		icmp = ip + head;
		quote = icmp + 8;
		/* as it came from the client, turned round */
		len = 8 + put_packet(fx, quote, &spec);
		if (family == AF_INET) {
			swap(((struct iphdr *)quote)->saddr,
			     ((struct iphdr *)quote)->daddr);
			icmp[0] = ICMP_DEST_UNREACH;
			icmp[1] = ICMP_FRAG_NEEDED;
		} else {
			swap(((struct ipv6hdr *)quote)->saddr,
			     ((struct ipv6hdr *)quote)->daddr);
			icmp[0] = ICMPV6_PKT_TOOBIG;
			icmp[1] = 0;
		}
		swap(quote[head], quote[head + 2]);
		swap(quote[head + 1], quote[head + 3]);
		put_ip(fx, ip, family, proto, 60, len);
		memset(icmp + 2, 0, 6);
		icmp[7] = 99;
		sum = family == AF_INET ? ~folded(add_words(0, icmp, len)) :
					  ~transport_sum(ip, family, proto);
		icmp[2] = sum >> 8;
		icmp[3] = sum;
		same_at_both(test, ETH_HLEN + head + len, "an error");
		KUNIT_ASSERT_EQ(test, fx->rx.fate, SENT);
		if (family == AF_INET6)
			KUNIT_EXPECT_EQ(test, 0xffff,
					transport_sum(fx->rx.frame + ETH_HLEN +
						      bfly_method_overhead(method, backends),
						      family, proto));
	}
}

/* Fragments are netdev receive's, and what is too big, too: XDP leaves them be. */
static void left_to_receive(struct kunit *test)
{
	struct fixture *fx = test->priv;
	struct spec spec = {
		.family = AF_INET, .proto = IPPROTO_UDP, .ttl = 64, .len = 1440,
		.dport = port_of(BFLY_METHOD_VXLAN, AF_INET),
	};
	unsigned int len = put_frame(fx, &spec);
	struct iphdr *iph = (struct iphdr *)(fx->in + ETH_HLEN);

	iph->frag_off = htons(IP_DF);
	iph->check = 0;
	iph->check = htons((u16)~folded(add_words(0, iph, 20)));
	run(test, true, len);
	KUNIT_EXPECT_EQ(test, fx->xdp.fate, HOST);
	KUNIT_EXPECT_EQ(test, fx->xdp.reason, BFLY_PASS);
	KUNIT_EXPECT_EQ(test, fx->xdp.packets, 0);
	spec.len = 100;
	len = put_frame(fx, &spec);
	iph->frag_off = htons(IP_MF);
	run(test, true, len);
	KUNIT_EXPECT_EQ(test, fx->xdp.fate, HOST);
	iph->frag_off = htons(1);
	run(test, true, len);
	KUNIT_EXPECT_EQ(test, fx->xdp.fate, HOST);
	KUNIT_EXPECT_EQ(test, fx->xdp.reason, BFLY_PASS);
	/* too little room in front of the frame */
	iph->frag_off = 0;
	fx->headroom = sizeof(struct xdp_frame) + 49;
	run(test, true, len);
	KUNIT_EXPECT_EQ(test, fx->xdp.fate, HOST);
	fx->headroom++;
	run(test, false, len);
	run(test, true, len);
	KUNIT_EXPECT_EQ(test, fx->xdp.fate, SENT);
	/* what is for another host's MAC, or in a VLAN */
	fx->in[5] ^= 1;
	run(test, true, len);
	KUNIT_EXPECT_EQ(test, fx->xdp.fate, HOST);
	fx->in[5] ^= 1;
	fx->in[12] = 0x81;
	fx->in[13] = 0;
	same_at_both(test, len, "in a VLAN");
	KUNIT_EXPECT_EQ(test, fx->rx.fate, HOST);
}

/* Whether netdev receive may do what XDP leaves to it. */
static bool is_fragment(const struct fixture *fx, unsigned int len)
{
	struct bfly_view view = {
		.data = fx->in + ETH_HLEN, .linear = len - ETH_HLEN,
		.len = len - ETH_HLEN,
		.protocol = ((const struct ethhdr *)fx->in)->h_proto,
	};
	struct bfly_parsed parsed;

	return !bfly_parse_view(&view, &parsed) &&
	       (parsed.class == BFLY_CLASS_FRAGMENT || parsed.first_fragment);
}

/* Bytes that are broken anywhere after the Ethernet header. */
static void broken_frames(struct kunit *test)
{
	struct fixture *fx = test->priv;
	u32 i, sent = 0;

	for (i = 0; i < 20000; i++) {
		u32 dice = prandom_u32_state(&fx->rnd);
		struct spec spec = {
			.family = family_of(dice), .proto = protos[(dice >> 1) % 3],
			.dport = PORT + (dice >> 4) % 20, .ttl = 64,
			.len = (dice >> 12) % 40,
		};
		unsigned int len = dice >> 31 ? put_gre(fx, &spec, family_of(dice >> 30)) :
						put_frame(fx, &spec);
		u32 breaks = (dice >> 20) % 3;

		while (breaks--) {
			u32 at = prandom_u32_state(&fx->rnd);

			fx->in[ETH_HLEN + at % (len - ETH_HLEN)] ^= BIT(at >> 29);
		}
		if (is_fragment(fx, len))
			continue;
		same_at_both(test, len, "a broken frame");
		sent += fx->rx.fate == SENT;
	}
	KUNIT_EXPECT_GT(test, sent, 1000);
}

static struct kunit_case hooks_cases[] = {
	KUNIT_CASE(all_methods),
	KUNIT_CASE(offloads),
	KUNIT_CASE(gre_retarget),
	KUNIT_CASE(gre_retarget_flow),
	KUNIT_CASE(dscp_udp_sums),
	KUNIT_CASE(echo),
	KUNIT_CASE(drop_reasons),
	KUNIT_CASE(no_backend),
	KUNIT_CASE(short_frames),
	KUNIT_CASE(errors),
	KUNIT_CASE(left_to_receive),
	KUNIT_CASE(broken_frames),
	{}
};

static struct kunit_suite hooks_suite = {
	.name = "bfly-balance-hooks",
	.init = hooks_init,
	.exit = hooks_exit,
	.test_cases = hooks_cases,
};

kunit_test_suites(&hooks_suite);
