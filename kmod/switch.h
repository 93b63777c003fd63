/* SPDX-License-Identifier: GPL-2.0 */
/* A switch: the netdev of kind bfly and all objects that live in it. */
#ifndef _BFLY_SWITCH_H
#define _BFLY_SWITCH_H

#include <linux/hashtable.h>
#include <linux/netdevice.h>
#include <linux/ratelimit_types.h>
#include <linux/rbtree_types.h>
#include <linux/rhashtable-types.h>
#include <linux/rtnetlink.h>
#include <linux/workqueue.h>
#include <net/gro_cells.h>

#include "addr.h"
#include "drop.h"
#include "watch.h"

struct bfly_flow_table;
struct bfly_frags;
struct bfly_port;
struct bfly_counters;
struct socket;

/* Limits that hold unless a switch sets its own, see DESIGN. */
#define BFLY_FLOW_MAX		BIT(20)
#define BFLY_FDB_MAX		65536
#define BFLY_FRAG_MAX		4096
#define BFLY_NET_MAX		4096
#define BFLY_PORT_MAX		4096
#define BFLY_GROUP_MAX		65536
#define BFLY_POOL_MAX		4096
#define BFLY_SERVICE_MAX	4096
#define BFLY_BACKEND_MAX	4096
#define BFLY_UPLINK_MAX		64

#define BFLY_VXLAN_PORT		4789
#define BFLY_NET_HASH_BITS	10

/* Timeouts of flows, in the order of their attributes and of the states. */
enum bfly_timeout {
	BFLY_TIMEOUT_TCP_NEW,
	BFLY_TIMEOUT_TCP_ESTABLISHED,
	BFLY_TIMEOUT_TCP_CLOSING,
	BFLY_TIMEOUT_TCP_CLOSED,
	BFLY_TIMEOUT_OTHER_NEW,
	BFLY_TIMEOUT_OTHER_ESTABLISHED,
	BFLY_TIMEOUT_COUNT
};

/**
 * struct bfly_switch_stats - per-CPU counters of a switch
 * @drops: packets dropped, by enum bfly_drop
 * @flow_full: flows that found the table full
 * @flow_evicted: flows that made room for others
 * @fdb_full: MACs not learned as the net's table was full
 *
 * The module is for 64-bit machines, where a counter is read whole.
 */
struct bfly_switch_stats {
	u64 drops[BFLY_DROP_COUNT];
	u64 flow_full;
	u64 flow_evicted;
	u64 fdb_full;
};

/**
 * struct bfly_underlay - where the tunnels of a switch end
 * @local4: IPv4 address, 0 unless set
 * @local6: IPv6 address, :: unless set
 * @port: UDP port of VXLAN
 */
struct bfly_underlay {
	__be32 local4;
	struct in6_addr local6;
	u16 port;
};

/* Whether no address of a family is set. */
static inline bool bfly_underlay_is_any(const struct bfly_underlay *at,
					u16 family)
{
	return family == AF_INET ? !at->local4 : ipv6_addr_any(&at->local6);
}

/* Whether tunnels of a family can end there. */
static inline bool bfly_underlay_has(const struct bfly_underlay *at, u16 family)
{
	return !bfly_underlay_is_any(at, family) ||
	       (!at->local4 && ipv6_addr_any(&at->local6));
}

/**
 * struct bfly_switch - private data of the netdev
 * @dev: the netdev itself; fixed
 * @list: in the namespace's list of switches; RTNL
 * @stats: per-CPU counters; fixed
 * @seq: counts configuration changes, for consistent dumps; RTNL
 *
 * @flows: the flow table; fixed
 * @flow_max: most entries; READ_ONCE, written under RTNL
 * @timeouts: seconds without a packet after which a flow is forgotten;
 *	READ_ONCE, written under RTNL
 * @fdb_max: most learned MACs of a net; READ_ONCE, written under RTNL
 * @frags: datagrams in fragments; fixed
 * @frag_max: most of them; READ_ONCE, written under RTNL
 *
 * @underlay: where its tunnels end; RTNL, written while packets find no socket.
 *	The balancer may read it half written, and then forgets what it looked up.
 * @sock4: VXLAN socket, or NULL; RCU, written under RTNL
 * @sock6: the same for IPv6
 * @vtep_lock: guards @vteps against changes
 * @vteps: peers of all nets by address; RCU, written under @vtep_lock
 * @mcasts: list of &struct bfly_mcast; RTNL
 *
 * @nets: nets by id; RCU, written under RTNL
 * @vnis: nets of type vxlan by VNI; RCU, written under RTNL
 * @net_count: RTNL
 * @vxlan_count: nets of type vxlan, for which the sockets are open; RTNL
 * @ports: all ports; RTNL
 * @host: the one that is the netdev itself, or NULL; RCU, written under RTNL
 * @host_stats: per-CPU counters of that, which stay when it goes; fixed
 * @host_gro: where packets for the host are merged; fixed
 * @host_mtu: the netdev's MTU as set by hand, 0 for what fits; RTNL
 * @mtu_work: finds out anew what fits
 * @port_count: RTNL
 *
 * @groups: groups by name, placeholders among them; RTNL
 * @members: members of all groups, see member.c; RCU, written under RTNL
 * @group_count: groups that exist, placeholders not counted; RTNL
 * @policy_sets: list of &struct bfly_policy_set; RTNL
 *
 * @uplinks: list of &struct bfly_uplink; RTNL
 * @pools: list of &struct bfly_pool; RTNL
 * @pool_count: RTNL
 * @backends: backends of all pools by address, see backend.c; RCU, written under
 *	RTNL
 * @unreach_spent: limits how many ICMP errors are looked at, see limit.h
 * @probe_work: keeps the MACs of backends known, while there are pools
 * @probe_next: how many backends are probed already in this turn; RTNL
 * @vips: virtual addresses, see vip.c; RCU, written under RTNL
 * @vip_lens4: lengths of those IPv4 ones that are prefixes, longest first: a byte
 *	each from the lowest on, the rest 0. READ_ONCE, written under RTNL
 * @vip_lens6: the same for IPv6
 * @vips_passing: services that let pass what none takes; READ_ONCE, written under
 *	RTNL
 * @services: list of &struct bfly_service; RTNL
 * @serve_gen: generation of services, pools and backends, not 0; see
 *	bfly_switch_serving_changed()
 * @service_count: READ_ONCE, written under RTNL
 * @too_big: limits answers to packets that are too big for their backend
 * @watch: changes of routes that lead to backends
 */
struct bfly_switch {
	struct net_device *dev;
	struct bfly_switch_stats __percpu *stats;
	struct bfly_flow_table *flows;
	u32 flow_max;
	u32 timeouts[BFLY_TIMEOUT_COUNT];
	u32 fdb_max;
	struct bfly_frags *frags;
	u32 frag_max;

	struct bfly_underlay underlay;
	struct socket __rcu *sock4;
	struct socket __rcu *sock6;
	spinlock_t vtep_lock; /* softirq takes it */
	struct rhashtable vteps;
	struct list_head mcasts;

	struct list_head list;
	unsigned int seq;
	DECLARE_HASHTABLE(nets, BFLY_NET_HASH_BITS);
	DECLARE_HASHTABLE(vnis, BFLY_NET_HASH_BITS);
	unsigned int net_count;
	unsigned int vxlan_count;
	struct list_head ports;
	struct bfly_port __rcu *host;
	struct bfly_counters __percpu *host_stats;
	struct gro_cells host_gro;
	unsigned int host_mtu;
	struct delayed_work mtu_work;
	unsigned int port_count;

	struct rb_root groups;
	struct rhashtable members;
	unsigned int group_count;
	struct list_head policy_sets;

	struct list_head uplinks;
	struct list_head pools;
	unsigned int pool_count;
	struct rhltable backends;
	atomic64_t unreach_spent;
	struct delayed_work probe_work;
	unsigned int probe_next;
	struct hlist_head *vips;
	unsigned int vips_passing;
	u64 vip_lens4;
	u64 vip_lens6;
	struct list_head services;
	unsigned int service_count;
	u64 serve_gen;
	struct ratelimit_state too_big;
	struct bfly_watch watch;
};

/* Every change of configuration, so that dumps notice it. Context: RTNL. */
static inline void bfly_switch_changed(struct bfly_switch *sw)
{
	ASSERT_RTNL();
	sw->seq++;
}

/*
 * What serves whom has changed, and who looks sees it: flows of services look with
 * their next packets. Context: RTNL.
 */
static inline void bfly_switch_serving_changed(struct bfly_switch *sw)
{
	ASSERT_RTNL();
	/* pairs with smp_load_acquire() in bfly_switch_serve_gen() */
	smp_store_release(&sw->serve_gen, sw->serve_gen + 1);
}

/* The generation of what is looked up from now on. Context: any. */
static inline u64 bfly_switch_serve_gen(const struct bfly_switch *sw)
{
	/* pairs with smp_store_release() in bfly_switch_serving_changed() */
	return smp_load_acquire(&sw->serve_gen);
}

#endif /* _BFLY_SWITCH_H */
