// SPDX-License-Identifier: GPL-2.0
#include "host.h"

#include <linux/etherdevice.h>

#include "port.h"
#include "receive.h"
#include "switch.h"

/* What comes out of the host's stack made like what comes in on a netdev. */
static bool turn_round(struct sk_buff *skb, struct net_device *dev)
{
	if (!pskb_may_pull(skb, ETH_HLEN))
		return false;
	skb->protocol = eth_type_trans(skb, dev);
	skb_reset_network_header(skb);
	if (!skb_transport_header_was_set(skb))
		skb_reset_transport_header(skb);
	return true;
}

netdev_tx_t bfly_host_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct bfly_switch *sw = netdev_priv(dev);
	struct bfly_port *port;

	rcu_read_lock();
	port = rcu_dereference(sw->host);
	if (port && turn_round(skb, dev)) {
		bfly_port_enter(port, skb);
	} else {
		this_cpu_inc(sw->host_stats->rx_dropped);
		bfly_drop(sw, skb, port ? BFLY_DROP_MALFORMED :
					  BFLY_DROP_CLOSED);
	}
	rcu_read_unlock();
	return NETDEV_TX_OK;
}

void bfly_host_receive(struct bfly_port *port, struct sk_buff *skb)
{
	struct net_device *dev = port->dev;

	if (!(dev->flags & IFF_UP)) {
		bfly_port_count_drop(port, false);
		bfly_drop(port->sw, skb, BFLY_DROP_NO_DESTINATION);
		return;
	}
	skb_push(skb, ETH_HLEN);
	bfly_count_tx(port->stats, skb->len);
	skb_scrub_packet(skb, false);
	skb_clear_tstamp(skb);
	skb->protocol = eth_type_trans(skb, dev);
	gro_cells_receive(&port->sw->host_gro, skb);
}

void bfly_host_get_stats(struct net_device *dev,
			 struct rtnl_link_stats64 *stats)
{
	const struct bfly_switch *sw = netdev_priv(dev);
	struct bfly_counters sum = {};

	bfly_counters_add(&sum, sw->host_stats);
	/* what the switch takes from the port is what the host sends */
	stats->tx_packets = sum.rx_packets;
	stats->tx_bytes = sum.rx_bytes;
	stats->tx_dropped = sum.rx_dropped;
	stats->rx_packets = sum.tx_packets;
	stats->rx_bytes = sum.tx_bytes;
	stats->rx_dropped = sum.tx_dropped;
}
