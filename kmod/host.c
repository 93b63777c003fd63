// SPDX-License-Identifier: GPL-2.0
#include "host.h"

#include <linux/etherdevice.h>

#include "net.h"
#include "port.h"
#include "receive.h"
#include "switch.h"
#include "uplink.h"
#include "vxlan.h"

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

int bfly_host_change_mtu(struct net_device *dev, int mtu)
{
	struct bfly_switch *sw = netdev_priv(dev);

	WRITE_ONCE(dev->mtu, mtu);
	/* who asks for the largest goes on getting it */
	sw->host_mtu = mtu == dev->max_mtu ? 0 : mtu;
	return 0;
}

/* The largest packet that a net carries, 0 if that is not known. */
static unsigned int net_mtu(const struct bfly_net *net)
{
	const struct bfly_uplink *uplink = rtnl_dereference(net->uplink);

	if (net->type == BFLY_NET_TYPE_VXLAN)
		return bfly_vxlan_mtu(net);
	return uplink ? uplink->dev->mtu : 0;
}

void bfly_host_update_mtu(struct bfly_switch *sw)
{
	const struct bfly_port *port = rtnl_dereference(sw->host);
	const struct bfly_port_conf *conf =
		port ? rtnl_dereference(port->conf) : NULL;
	unsigned int fits = conf ? net_mtu(conf->net) : 0;
	unsigned int set = sw->host_mtu, mtu = fits ?: ETH_DATA_LEN;
	struct net_device *dev = sw->dev;

	ASSERT_RTNL();
	if (dev->reg_state != NETREG_REGISTERED)
		return;
	dev->max_mtu = fits ?: ETH_MAX_MTU;
	if (set)
		mtu = min(set, dev->max_mtu);
	if (mtu == dev->mtu)
		return;
	if (dev_set_mtu(dev, mtu))
		netdev_warn(dev, "the MTU cannot be %u\n", mtu);
	sw->host_mtu = set;
}

void bfly_host_update_mtu_soon(struct bfly_switch *sw)
{
	/* all of a batch of changes at once: all remotes are looked at */
	if (rcu_access_pointer(sw->host))
		schedule_delayed_work(&sw->mtu_work, HZ / 10);
}

void bfly_host_mtu_work(struct work_struct *work)
{
	struct bfly_switch *sw = container_of(to_delayed_work(work),
					      struct bfly_switch, mtu_work);

	/* who stops the work waits for it with RTNL */
	if (!rtnl_trylock()) {
		schedule_delayed_work(&sw->mtu_work, 1);
		return;
	}
	bfly_host_update_mtu(sw);
	rtnl_unlock();
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
