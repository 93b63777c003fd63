/* SPDX-License-Identifier: GPL-2.0 */
/* Uplinks: physical NICs handed to the switch. */
#ifndef _BFLY_UPLINK_H
#define _BFLY_UPLINK_H

#include <linux/if_vlan.h>
#include <linux/netdevice.h>

#include "switch.h"

struct bfly_net;
struct netlink_ext_ack;

/**
 * struct bfly_uplink_nets - the nets that an uplink carries
 * @by_vid: by VLAN id, 0 for the flat one; RCU, written under RTNL
 */
struct bfly_uplink_nets {
	struct bfly_net __rcu *by_vid[VLAN_N_VID];
};

/**
 * struct bfly_uplink - a NIC handed to the switch
 * @dev: the NIC; held. Its rx_handler_data is this structure
 * @sw: the switch; fixed
 * @nets: the nets that it carries, or NULL while there was none; RCU, written
 *	under RTNL
 * @net_count: how many; RTNL
 * @list: in &bfly_switch.uplinks; RTNL
 * @dev_tracker: tracks the reference to @dev
 * @rcu: to free it
 *
 * Held by the NIC's rx_handler_data and the switch, freed after both have let
 * go. It ends with its NIC.
 */
struct bfly_uplink {
	struct net_device *dev;
	struct bfly_switch *sw;
	struct bfly_uplink_nets __rcu *nets;
	unsigned int net_count;
	struct list_head list;
	netdevice_tracker dev_tracker;
	struct rcu_head rcu;
};

/* The uplink that a netdev is, or NULL. Context: RTNL. */
struct bfly_uplink *bfly_uplink_of_dev(const struct net_device *dev);

/* Takes the packets of uplinks, and tells what is one. */
rx_handler_result_t bfly_uplink_receive(struct sk_buff **pskb);

/* The same for packets. Context: RCU. */
static inline const struct bfly_uplink *
bfly_uplink_rcu(const struct net_device *dev)
{
	if (rcu_dereference(dev->rx_handler) != bfly_uplink_receive)
		return NULL;
	/* stays for a grace period after the handler is gone */
	return rcu_dereference(dev->rx_handler_data);
}

/**
 * bfly_uplink_add() - hand a NIC to a switch
 * @sw: the switch
 * @dev: the NIC, which is no uplink yet
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: the uplink or ERR_PTR().
 */
struct bfly_uplink *bfly_uplink_add(struct bfly_switch *sw,
				    struct net_device *dev,
				    struct netlink_ext_ack *extack);

/* Takes the NIC back, and tells so. Its nets stay, without a way out. Context: RTNL, may sleep. */
void bfly_uplink_release(struct bfly_uplink *uplink);

/* Takes all NICs back. Context: RTNL, may sleep. */
void bfly_uplinks_fini(struct bfly_switch *sw);

#endif /* _BFLY_UPLINK_H */
