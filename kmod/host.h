/* SPDX-License-Identifier: GPL-2.0 */
/* The switch's own netdev as a port: the host's leg in one net. */
#ifndef _BFLY_HOST_H
#define _BFLY_HOST_H

#include <linux/netdevice.h>
#include <linux/workqueue.h>

struct bfly_port;
struct bfly_switch;

/* ndo_start_xmit of a switch: what the host sends is from its port. */
netdev_tx_t bfly_host_xmit(struct sk_buff *skb, struct net_device *dev);

/**
 * bfly_host_receive() - give a packet to the host
 * @port: the host's port
 * @skb: the packet; the MAC header set, skb->data at the network header. Consumed.
 *
 * Context: softirq, RCU read side.
 */
void bfly_host_receive(struct bfly_port *port, struct sk_buff *skb);

/* ndo_change_mtu of a switch. */
int bfly_host_change_mtu(struct net_device *dev, int mtu);

/**
 * bfly_host_update_mtu() - set the host's MTU to what fits
 * @sw: the switch
 *
 * The largest packet that the net of the host's port carries is both the MTU of
 * the switch's netdev, unless one was set by hand, and the largest that can be
 * set. Context: RTNL.
 */
void bfly_host_update_mtu(struct bfly_switch *sw);
/* The same soon, for who changes many things or has no RTNL. Context: any but hard irq. */
void bfly_host_update_mtu_soon(struct bfly_switch *sw);
void bfly_host_mtu_work(struct work_struct *work);

/* ndo_get_stats64 of a switch: the counters of its port, as the host sees them. */
void bfly_host_get_stats(struct net_device *dev,
			 struct rtnl_link_stats64 *stats);

#endif /* _BFLY_HOST_H */
