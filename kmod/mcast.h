/* SPDX-License-Identifier: GPL-2.0 */
/* Multicast groups of the underlay, shared by the nets of a switch. */
#ifndef _BFLY_MCAST_H
#define _BFLY_MCAST_H

#include <linux/netdevice.h>

#include "addr.h"
#include "vtep.h"

struct socket;

/* Outer TTL to a group unless the net has one; as the kernel's vxlan. */
#define BFLY_MCAST_TTL	1

/**
 * struct bfly_mcast_at - where a group is
 * @addr: its address
 * @dev: netdev that it is joined on; NULL stands for no group
 */
struct bfly_mcast_at {
	struct bfly_addr addr;
	struct net_device *dev;
};

/**
 * struct bfly_mcast_member - a membership in a group
 * @sock: the socket that has joined, or NULL
 * @own: it is the group's own, not one of the switch's
 */
struct bfly_mcast_member {
	struct socket *sock;
	bool own;
};

/**
 * struct bfly_mcast - a group that nets of a switch have
 * @vtep: the group as a peer to send to, which is in no table; what it holds is
 *	fixed, readers hold it by RCU
 * @list: in &bfly_switch.mcasts; RTNL
 * @dev: netdev that it is joined on; a reference is held; fixed
 * @dev_tracker: of that reference
 * @member: the membership, none while the switch has no sockets; RTNL
 * @next: the one that takes its place while sockets move; RTNL
 * @nets: nets that have it; RTNL
 */
struct bfly_mcast {
	struct bfly_vtep vtep;
	struct list_head list;
	struct net_device *dev;
	netdevice_tracker dev_tracker;
	struct bfly_mcast_member member;
	struct bfly_mcast_member next;
	unsigned int nets;
};

/* Why an address cannot be a net's group, or NULL if it can. */
const char *bfly_mcast_refuse_addr(const struct bfly_addr *addr);
/* The same for a netdev to join on. Context: RTNL. */
const char *bfly_mcast_refuse_dev(const struct net_device *dev);

/**
 * bfly_mcast_get() - have a group joined for a net
 * @sw: the switch, whose sockets are open
 * @at: the group, which nothing speaks against, see above
 * @extack: where a failure is explained
 *
 * Context: RTNL.
 * Return: the group or ERR_PTR().
 */
struct bfly_mcast *bfly_mcast_get(struct bfly_switch *sw,
				  const struct bfly_mcast_at *at,
				  struct netlink_ext_ack *extack);
/* A net, in which packets find the group no more, is done with it. Context: RTNL. */
void bfly_mcast_put(struct bfly_mcast *mcast);

/* Routes through @dev, or all if that is NULL, are looked up anew. Context: RTNL. */
void bfly_mcasts_forget(struct bfly_switch *sw, const struct net_device *dev);

/* Whether all groups can be received with an underlay. Context: RTNL. */
int bfly_mcasts_check(const struct bfly_switch *sw,
		      const struct bfly_underlay *at,
		      struct netlink_ext_ack *extack);
/**
 * bfly_mcasts_prepare() - join all groups where a new underlay wants it
 * @sw: the switch
 * @at: its underlay to be
 * @sock4: the switch's socket there, or NULL
 * @sock6: the same for IPv6
 * @extack: where a failure is explained
 *
 * bfly_mcasts_publish() has to follow, or a bfly_mcasts_prepare() that fails.
 * Context: RTNL.
 * Return: 0, or an error and nothing has changed.
 */
int bfly_mcasts_prepare(struct bfly_switch *sw, const struct bfly_underlay *at,
			struct socket *sock4, struct socket *sock6,
			struct netlink_ext_ack *extack);
/* Leave where bfly_mcasts_prepare() did not join; all, without it. Context: RTNL. */
void bfly_mcasts_publish(struct bfly_switch *sw);

#endif /* _BFLY_MCAST_H */
