/* SPDX-License-Identifier: GPL-2.0 */
/* Nets: tenants' networks. */
#ifndef _BFLY_NET_H
#define _BFLY_NET_H

#include <linux/atomic.h>
#include <linux/ratelimit_types.h>
#include <linux/rbtree_types.h>
#include <linux/rhashtable-types.h>
#include <uapi/linux/bfly.h>

#include "counters.h"
#include "hop.h"
#include "mcast.h"
#include "switch.h"

struct bfly_uplink;

/* Ageing of learned MACs unless set, in seconds; as the kernel's bridge. */
#define BFLY_AGEING		300

/* As the inner packet's; the numbers that the kernel's tunnels have for it. */
#define BFLY_TTL_INHERIT	0
#define BFLY_TOS_INHERIT	1

/* As suits who it goes to: no number that fits into the header. */
#define BFLY_TTL_AUTO		256

/**
 * struct bfly_net_conf - what can be set of a live net
 * @learning: MACs are learned from tunnels or the uplink
 * @neigh_suppress: ARP and neighbour discovery are answered locally
 * @unknown_drop: unicast to an unknown MAC is dropped, not flooded
 * @strict: only remotes are listened to
 * @ttl: outer TTL, BFLY_TTL_INHERIT or BFLY_TTL_AUTO
 * @tos: outer DSCP in the upper six bits, or BFLY_TOS_INHERIT
 * @csum: enum bfly_csum
 * @mtu: largest packet for tunnels, 0 for what the way carries
 * @ageing: seconds until a learned MAC is forgotten, 0 for never
 */
struct bfly_net_conf {
	bool learning;
	bool neigh_suppress;
	bool unknown_drop;
	bool strict;
	u16 ttl;
	u8 tos;
	u8 csum;
	u16 mtu;
	u32 ageing;
};

/* Unless set otherwise. */
#define BFLY_NET_CONF (struct bfly_net_conf){				\
	.learning = true,						\
	.neigh_suppress = true,						\
	.ttl = BFLY_TTL_AUTO,						\
	.tos = BFLY_TOS_INHERIT,					\
	.csum = BFLY_CSUM_AUTO,						\
	.ageing = BFLY_AGEING,						\
}

/**
 * struct bfly_segment - what carries a net
 * @type: enum bfly_net_type
 * @vni: VXLAN network identifier; of vxlan
 * @vid: VLAN id; of vlan, else 0
 * @uplink: where vlan and flat nets leave the host
 * @mcast: multicast group, if any; of vxlan
 */
struct bfly_segment {
	u8 type;
	u32 vni;
	u16 vid;
	struct bfly_uplink *uplink;
	struct bfly_mcast_at mcast;
};

/**
 * struct bfly_net - a net
 * @sw: its switch; fixed
 * @gen: generation, from 1 on; raised after each change by which a live flow of
 *	the net might be judged or sent otherwise
 * @id: identifier; fixed
 * @vni: VXLAN network identifier; fixed
 * @type: enum bfly_net_type; fixed
 * @vid: VLAN id, 0 of a flat net; fixed
 * @uplink: of vlan and flat nets, NULL once its NIC is gone; RCU, written under
 *	RTNL
 * @wire: next hop of MACs behind the uplink
 * @conf: its settings; each by READ_ONCE, written under RTNL
 * @fdb: MACs, see fdb.h
 * @fdb_lock: guards @fdb against changes, softirq takes it
 * @neighs: addresses of ports and of hosts behind peers, see neigh.h
 * @learned: entries of @fdb that were learned; @fdb_lock
 * @age_work: forgets learned MACs; queued while there are any
 * @too_big: limits answers to packets that are too big
 * @flood: next hop of unknown unicast
 * @ports: ports of the net; RCU, written under RTNL
 * @remotes: static peers, in the order of their keys; RTNL
 * @peers: their addresses, see peer.c; RCU, written under RTNL
 * @flood_vteps: peers that get floods; RCU, written under RTNL
 * @mcast: group that gets floods, or NULL; RCU, written under RTNL
 * @id_node: in &bfly_switch.nets
 * @vni_node: in &bfly_switch.vnis
 * @dead_node: in the list of nets to free; RTNL
 * @port_count: RTNL
 * @outside: per-CPU counters of what came from peers or the uplink and went
 *	there; fixed
 * @past: what ports counted while they were in the net, less what those that are
 *	in it had counted before they came; RTNL
 * @rcu: to free it
 */
struct bfly_net {
	struct bfly_switch *sw;
	atomic64_t gen;
	u32 id;
	u32 vni;
	u8 type;
	u16 vid;
	struct bfly_uplink __rcu *uplink;
	struct bfly_hop wire;
	struct bfly_net_conf conf;
	struct rhltable neighs;
	struct rhashtable fdb;
	spinlock_t fdb_lock; /* softirq takes it */
	unsigned int learned;
	struct delayed_work age_work;
	struct ratelimit_state too_big;
	struct bfly_hop flood;
	struct list_head ports;
	struct rb_root remotes;
	struct rhashtable peers;
	struct list_head flood_vteps;
	struct bfly_mcast __rcu *mcast;
	struct hlist_node id_node;
	struct hlist_node vni_node;
	struct hlist_node dead_node;
	unsigned int port_count;
	struct bfly_counters __percpu *outside;
	struct bfly_counters past;
	struct rcu_head rcu;
};

/*
 * Makes the net's flows judge themselves again with their next packet. Who sees
 * the new generation (by atomic64_read_acquire()) sees what was changed before.
 */
static inline void bfly_net_changed(struct bfly_net *net)
{
	smp_mb__before_atomic(); /* pairs with atomic64_read_acquire() */
	atomic64_inc(&net->gen);
}

/* Context: RTNL or RCU read side. */
struct bfly_net *bfly_net_find(struct bfly_switch *sw, u32 id);
/* Context: RCU read side. */
struct bfly_net *bfly_net_find_vni(struct bfly_switch *sw, u32 vni);

/**
 * bfly_net_new() - make a net
 * @sw: the switch
 * @id: identifier that no net of the switch has
 * @segment: what carries it, and no other net of the switch
 * @conf: its settings
 * @extack: where a failure is explained
 *
 * The first net of type vxlan opens the switch's sockets. Context: RTNL.
 * Return: the net or ERR_PTR(), with the reason in @extack.
 */
struct bfly_net *bfly_net_new(struct bfly_switch *sw, u32 id,
			      const struct bfly_segment *segment,
			      const struct bfly_net_conf *conf,
			      struct netlink_ext_ack *extack);
/* Give a live net other settings. Context: RTNL. */
void bfly_net_set(struct bfly_net *net, const struct bfly_net_conf *conf);
/* The multicast group of a net, maybe none. Context: RTNL. */
struct bfly_mcast_at bfly_net_mcast_at(const struct bfly_net *net);
/**
 * bfly_net_set_mcast() - give a net of type vxlan another multicast group
 * @net: the net
 * @at: the group, maybe none; see bfly_mcast_get()
 * @extack: where a failure is explained
 *
 * Context: RTNL.
 * Return: 0, or an error and the net has the group that it had.
 */
int bfly_net_set_mcast(struct bfly_net *net, const struct bfly_mcast_at *at,
		       struct netlink_ext_ack *extack);
/* A netdev goes, and with it the groups that were joined on it. Context: RTNL. */
void bfly_nets_leave(struct bfly_switch *sw, const struct net_device *dev);
/* What all of a net's ports, and what is outside, have counted. Context: RTNL. */
void bfly_net_counters(const struct bfly_net *net, struct bfly_counters *sum);
/* Deletes a net that has no ports. Context: RTNL. */
void bfly_net_del(struct bfly_net *net);
/* Deletes all nets, which have no ports any more. Context: RTNL. */
void bfly_nets_fini(struct bfly_switch *sw);

#endif /* _BFLY_NET_H */
