/* SPDX-License-Identifier: GPL-2.0 */
/* Where a net has its MACs: at a port, behind a static peer, or learned. */
#ifndef _BFLY_FDB_H
#define _BFLY_FDB_H

#include <linux/etherdevice.h>
#include <linux/rhashtable.h>
#include <linux/unaligned.h>

#include "hop.h"
#include "net.h"

struct bfly_vtep;

/**
 * struct bfly_fdb_entry - a MAC
 * @key: bfly_fdb_key() of the MAC
 * @node: in &bfly_net.fdb
 * @hop: where it is: a port, a vtep that the entry holds a reference to, or
 *	behind the net's uplink; READ_ONCE, written under &bfly_net.fdb_lock
 * @learned: learned from a tunnel or the uplink; fixed
 * @heard: jiffies when it was last heard; READ_ONCE
 * @rcu: to free it
 */
struct bfly_fdb_entry {
	u64 key;
	struct rhash_head node;
	struct bfly_hop *hop;
	bool learned;
	unsigned long heard;
	struct rcu_head rcu;
};

/* A MAC as a number, with its bytes as they lie in memory. */
static inline u64 bfly_fdb_key(const u8 *mac)
{
	return get_unaligned((const u32 *)mac) |
	       (u64)get_unaligned((const u16 *)(mac + 4)) << 32;
}

static inline void bfly_fdb_mac(u64 key, u8 *mac)
{
	put_unaligned((u32)key, (u32 *)mac);
	put_unaligned((u16)(key >> 32), (u16 *)(mac + 4));
}

/**
 * bfly_fdb_find() - find the next hop to a MAC
 * @net: the net
 * @mac: the MAC
 *
 * Context: RCU read side.
 * Return: the hop, or NULL for an unknown MAC.
 */
struct bfly_hop *bfly_fdb_find(struct bfly_net *net, const u8 *mac);

/**
 * bfly_fdb_add() - enter a static MAC
 * @net: the net
 * @mac: the MAC
 * @hop: port, or vtep whose reference the entry takes over
 *
 * A learned entry gives way. Context: RTNL.
 * Return: 0, -EEXIST if the MAC is static already, or -ENOMEM.
 */
int bfly_fdb_add(struct bfly_net *net, const u8 *mac, struct bfly_hop *hop);

/* Takes a static MAC away, which must be there. Context: RTNL. */
void bfly_fdb_del(struct bfly_net *net, const u8 *mac);

/**
 * bfly_fdb_learn() - a packet with this source MAC came from outside
 * @net: the net
 * @mac: the MAC
 * @addr: underlay address of the peer, or NULL for the net's uplink
 * @from: set to the peer if the MAC was known to be behind it, or to NULL
 *
 * Context: softirq, RCU read side.
 * Return: false if the MAC is one of a local port, whose packets cannot come
 * from there.
 */
bool bfly_fdb_learn(struct bfly_net *net, const u8 *mac,
		    const struct bfly_addr *addr, struct bfly_vtep **from);

/* Forgets all that was learned. Context: process. */
void bfly_fdb_forget(struct bfly_net *net);

int bfly_fdb_init(struct bfly_net *net);
/* Stops ageing and frees all entries. Context: RTNL. */
void bfly_fdb_fini(struct bfly_net *net);

#endif /* _BFLY_FDB_H */
