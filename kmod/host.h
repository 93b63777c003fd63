/* SPDX-License-Identifier: GPL-2.0 */
/* The switch's own netdev as a port: the host's leg in one net. */
#ifndef _BFLY_HOST_H
#define _BFLY_HOST_H

#include <linux/netdevice.h>

struct bfly_port;

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

/* ndo_get_stats64 of a switch: the counters of its port, as the host sees them. */
void bfly_host_get_stats(struct net_device *dev,
			 struct rtnl_link_stats64 *stats);

#endif /* _BFLY_HOST_H */
