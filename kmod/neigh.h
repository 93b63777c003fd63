/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses that a net knows: of its ports, and of hosts behind its peers. */
#ifndef _BFLY_NEIGH_H
#define _BFLY_NEIGH_H

#include <linux/etherdevice.h>
#include <linux/rhashtable-types.h>

#include "addr.h"
#include "hop.h"
#include "net.h"

/**
 * struct bfly_neigh - an address of an owner
 * @node: in &bfly_net.neighs, where an address may have several owners
 * @addr: the address, the key; fixed
 * @mac: its MAC; fixed
 * @hop: the port or VTEP where it is, to tell owners apart, not to be followed;
 *	fixed
 */
struct bfly_neigh {
	struct rhlist_head node;
	struct bfly_addr addr;
	u8 mac[ETH_ALEN] __aligned(2);
	const struct bfly_hop *hop;
};

/**
 * struct bfly_neighs - all addresses of one owner
 * @rcu: to free them
 * @count: number of @neigh
 * @neigh: the addresses
 *
 * Held by the owner, a port's configuration or a remote, and while they are
 * added by the net's table. RCU for readers, written under RTNL.
 */
struct bfly_neighs {
	struct rcu_head rcu;
	unsigned int count;
	struct bfly_neigh neigh[];
};

/**
 * bfly_neighs_new() - make an owner's addresses, in no table yet
 * @max: room for that many, none so far
 *
 * Return: the addresses, which kvfree() frees until they are added, or NULL.
 */
struct bfly_neighs *bfly_neighs_new(unsigned int max);
/* Puts one more into the room; what comes twice is there once. */
void bfly_neighs_put(struct bfly_neighs *neighs, const struct bfly_addr *addr,
		     const u8 *mac, const struct bfly_hop *hop);

/**
 * bfly_neighs_add() - enter an owner's addresses into the net's table
 * @net: the net
 * @neighs: the addresses
 *
 * Context: RTNL.
 * Return: 0, or an error and none is in the table.
 */
int bfly_neighs_add(struct bfly_net *net, struct bfly_neighs *neighs);
/* Takes them out and frees them by RCU; NULL is fine. Context: RTNL. */
void bfly_neighs_del(struct bfly_net *net, struct bfly_neighs *neighs);

/**
 * bfly_neigh_find() - who has an address
 * @net: the net
 * @addr: the address
 *
 * Context: RCU read side.
 * Return: the only owner, or NULL when there is none or more than one.
 */
const struct bfly_neigh *bfly_neigh_find(struct bfly_net *net,
					 const struct bfly_addr *addr);

int bfly_neighs_init(struct bfly_net *net);
/* All owners have gone. */
void bfly_neighs_fini(struct bfly_net *net);

#endif /* _BFLY_NEIGH_H */
