/* SPDX-License-Identifier: GPL-2.0 */
/* Ports: the interfaces of virtual machines and containers. */
#ifndef _BFLY_PORT_H
#define _BFLY_PORT_H

#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <uapi/linux/bfly.h>

#include "addr.h"
#include "counters.h"
#include "hop.h"
#include "net.h"

struct bfly_flow_quota;
struct bfly_neighs;
struct bfly_policy_set;

#define BFLY_PORT_MAC_MAX	64
#define BFLY_PORT_ADDR_MAX	1024

/**
 * struct bfly_port_conf - configuration of a port; never changed, only replaced
 * @net: its net
 * @set: its groups
 * @antispoof: source addresses are checked
 * @bypass: neither groups nor source checks
 * @stateless: its groups judge each packet by itself, both ways
 * @dhcp_server: may answer DHCP
 * @flood_limit: packets a second that it may have flooded, 0 for no limit
 * @flow_max: most flows that may belong to it, 0 for its share
 * @label: free text
 * @mac_count: number of @macs, at least one
 * @addr_count: number of @addrs
 * @macs: MACs that it may use
 * @addrs: addresses and prefixes that it may use
 * @neighs: those of @addrs that are of one host, while the port has the
 *	configuration; RTNL
 * @rcu: to free it
 */
struct bfly_port_conf {
	struct bfly_net *net;
	struct bfly_policy_set *set;
	bool antispoof;
	bool bypass;
	bool stateless;
	bool dhcp_server;
	u32 flood_limit;
	u32 flow_max;
	unsigned int mac_count;
	unsigned int addr_count;
	u8 (*macs)[ETH_ALEN];
	struct bfly_prefix *addrs;
	struct bfly_neighs *neighs;
	char label[BFLY_NAME_MAX + 1];
	struct rcu_head rcu;
};

/**
 * struct bfly_port - a netdev that is enslaved to a switch, or the switch's own
 * @hop: the port as next hop
 * @host: it is the switch's own netdev, see host.h; fixed
 * @dev: the netdev; held from enslaving to release
 * @sw: the switch; fixed
 * @conf: configuration, or NULL: then nothing passes. RCU, written under RTNL
 * @stats: per-CPU counters, rx is what the switch took from the port; fixed. The
 *	host's are the switch's
 * @flood_spent: what it has used of its flood limit, see limit.h
 * @flows: how many flows may belong to it; a reference is held; fixed
 * @list: in &bfly_switch.ports; RTNL
 * @net_list: in &bfly_net.ports, while configured; RCU, written under RTNL
 * @set_list: in &bfly_policy_set.ports, while configured; RTNL
 * @dev_tracker: tracks the reference to @dev
 * @rcu: to free it
 *
 * Held by the netdev's rx_handler_data or the switch, the net's tables and, guarded by the
 * net's generation, by flows. Freed a grace period after all have let go.
 */
struct bfly_port {
	struct bfly_hop hop;
	bool host;
	struct net_device *dev;
	struct bfly_switch *sw;
	struct bfly_port_conf __rcu *conf;
	struct bfly_counters __percpu *stats;
	atomic64_t flood_spent;
	struct bfly_flow_quota *flows;
	struct list_head list;
	struct list_head net_list;
	struct list_head set_list;
	netdevice_tracker dev_tracker;
	struct rcu_head rcu;
};

static inline struct bfly_port *bfly_hop_port(struct bfly_hop *hop)
{
	return container_of(hop, struct bfly_port, hop);
}

/* The port that a netdev is, or NULL. Context: RTNL. */
struct bfly_port *bfly_port_of_dev(const struct net_device *dev);

/* Enslave and release, see ndo_add_slave and ndo_del_slave. Context: RTNL. */
int bfly_port_add(struct bfly_switch *sw, struct net_device *dev,
		  struct netlink_ext_ack *extack);
void bfly_port_release(struct bfly_port *port);

/* Make the switch's own netdev a port, released like others. Context: RTNL. */
int bfly_port_add_host(struct bfly_switch *sw, struct netlink_ext_ack *extack);

/**
 * bfly_port_configure() - publish a configuration
 * @port: the port
 * @conf: the configuration, with a reference to its set of groups; the port's
 *	if that went well, still the caller's if not
 * @extack: where a failure is explained
 *
 * Live flows of the net judge themselves again. Context: RTNL.
 * Return: 0, or an error and nothing has changed.
 */
int bfly_port_configure(struct bfly_port *port, struct bfly_port_conf *conf,
			struct netlink_ext_ack *extack);

/* Takes the configuration away, which closes the port. Context: RTNL. */
void bfly_port_close(struct bfly_port *port);

/* Give a packet to a port; consumed. Context: softirq, RCU read side. */
void bfly_port_xmit(struct bfly_port *port, struct sk_buff *skb);

/* Count a packet that the port's peer or the port itself loses. */
static inline void bfly_port_count_drop(const struct bfly_port *port, bool rx)
{
	if (rx)
		this_cpu_inc(port->stats->rx_dropped);
	else
		this_cpu_inc(port->stats->tx_dropped);
}

#endif /* _BFLY_PORT_H */
