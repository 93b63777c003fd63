/* SPDX-License-Identifier: GPL-2.0 */
/* VTEPs: peers on the underlay, shared by all nets of a switch. */
#ifndef _BFLY_VTEP_H
#define _BFLY_VTEP_H

#include <linux/refcount.h>
#include <linux/rhashtable-types.h>

#include "addr.h"
#include "counters.h"
#include "hop.h"
#include "route.h"
#include "switch.h"

/**
 * struct bfly_vtep - a peer, or a group of them (see mcast.h), which is in no table
 * @hop: the peer as next hop; the VNI is that of the packet's net
 * @ttl: outer TTL unless the net has one; fixed
 * @addr: its underlay address, the key; fixed
 * @sw: the switch; fixed
 * @node: in &bfly_switch.vteps
 * @refs: one for each static remote and each MAC that is behind it
 * @route: the way to it
 * @counters: per-CPU counters of traffic in all nets; fixed
 * @rcu: to free it
 */
struct bfly_vtep {
	struct bfly_hop hop;
	u8 ttl;
	struct bfly_addr addr;
	struct bfly_switch *sw;
	struct rhash_head node;
	refcount_t refs;
	struct bfly_route route;
	struct bfly_counters __percpu *counters;
	struct rcu_head rcu;
};

static inline struct bfly_vtep *bfly_hop_vtep(struct bfly_hop *hop)
{
	return container_of(hop, struct bfly_vtep, hop);
}

/**
 * bfly_vtep_get() - the peer with an address, made if need be
 * @sw: the switch
 * @addr: its underlay address
 * @gfp: how to allocate
 *
 * Context: any but hard irq.
 * Return: the peer with a reference for the caller, or
 * NULL when memory ran out.
 */
struct bfly_vtep *bfly_vtep_get(struct bfly_switch *sw,
				const struct bfly_addr *addr, gfp_t gfp);
void bfly_vtep_put(struct bfly_vtep *vtep);
/* The peer with an address, or NULL, without a reference. Context: RCU. */
struct bfly_vtep *bfly_vtep_find(struct bfly_switch *sw,
				 const struct bfly_addr *addr);

/* A peer in no table, which is zeroed: 0 or -ENOMEM. @oif: the way out, or 0. */
int bfly_vtep_init(struct bfly_vtep *vtep, struct bfly_switch *sw,
		   const struct bfly_addr *addr, int oif, gfp_t gfp);
/* No reader has it any more, and its route has ended. */
void bfly_vtep_fini(struct bfly_vtep *vtep);

/* Routes through @dev, or all if that is NULL, are looked up anew. Context: process. */
void bfly_vteps_forget(struct bfly_switch *sw, const struct net_device *dev);

int bfly_vteps_init(struct bfly_switch *sw);
void bfly_vteps_fini(struct bfly_switch *sw);

#endif /* _BFLY_VTEP_H */
