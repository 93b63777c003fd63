/* SPDX-License-Identifier: GPL-2.0 */
/* Remotes: static peers of a net. */
#ifndef _BFLY_REMOTE_H
#define _BFLY_REMOTE_H

#include <linux/etherdevice.h>
#include <linux/rbtree.h>

#include "neigh.h"
#include "net.h"
#include "vtep.h"

#define BFLY_REMOTE_ADDR_MAX	64

/**
 * struct bfly_remote - a static peer
 * @node: in &bfly_net.remotes; RTNL
 * @flood_list: in &bfly_net.flood_vteps, unless it has a MAC; RCU, written
 *	under RTNL
 * @vtep: the peer; a reference is held; fixed
 * @has_mac: it is a forwarding entry, not a target of floods; fixed
 * @mac: the MAC behind it, or zero; fixed
 * @neighs: addresses of the host with the MAC, or NULL; RTNL
 * @rcu: to free it
 */
struct bfly_remote {
	struct rb_node node;
	struct list_head flood_list;
	struct bfly_vtep *vtep;
	bool has_mac;
	u8 mac[ETH_ALEN] __aligned(2);
	struct bfly_neighs *neighs;
	struct rcu_head rcu;
};

/* Context: RTNL. @mac may be NULL. */
struct bfly_remote *bfly_remote_find(struct bfly_net *net,
				     const struct bfly_addr *via,
				     const u8 *mac);

/**
 * bfly_remote_after() - the next remote of a net in their order
 * @net: the net
 * @via: underlay address
 * @mac: MAC behind it, NULL or zero for a target of floods
 *
 * Remotes lie in the order of address and MAC; those without a MAC come first.
 * One with this key need not be there: a zero key is before all others.
 * Context: RTNL.
 * Return: the remote, or NULL when there is no more.
 */
struct bfly_remote *bfly_remote_after(struct bfly_net *net,
				      const struct bfly_addr *via,
				      const u8 *mac);

/**
 * bfly_remote_new() - make a static peer
 * @net: the net
 * @via: underlay address
 * @mac: MAC behind it, or NULL for a target of floods
 * @addrs: addresses of the host with the MAC
 * @addr_count: how many
 * @extack: where a failure is explained
 *
 * Context: RTNL.
 * Return: the remote or ERR_PTR().
 */
struct bfly_remote *bfly_remote_new(struct bfly_net *net,
				    const struct bfly_addr *via, const u8 *mac,
				    const struct bfly_addr *addrs,
				    unsigned int addr_count,
				    struct netlink_ext_ack *extack);
/* Give the host behind a remote other addresses. Context: RTNL. */
int bfly_remote_set_addrs(struct bfly_net *net, struct bfly_remote *remote,
			  const struct bfly_addr *addrs,
			  unsigned int addr_count);
void bfly_remote_del(struct bfly_net *net, struct bfly_remote *remote);
void bfly_remotes_fini(struct bfly_net *net);

#endif /* _BFLY_REMOTE_H */
