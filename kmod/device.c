// SPDX-License-Identifier: GPL-2.0
#include "device.h"

#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_arp.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <net/netns/generic.h>
#include <net/rtnetlink.h>
#include <uapi/linux/bfly_link.h>

#include "flow.h"
#include "frag.h"
#include "group.h"
#include "host.h"
#include "net.h"
#include "pool.h"
#include "port.h"
#include "probe.h"
#include "service.h"
#include "switch.h"
#include "too_big.h"
#include "uplink.h"
#include "vtep.h"

static unsigned int switches_id;

/**
 * struct bfly_pernet - what the module keeps of a namespace
 * @switches: its switches, in the order of index; RTNL
 */
struct bfly_pernet {
	struct list_head switches;
};

struct list_head *bfly_switches(const struct net *net)
{
	struct bfly_pernet *pernet = net_generic(net, switches_id);

	ASSERT_RTNL();
	return &pernet->switches;
}

static int switch_init_tables(struct bfly_switch *sw)
{
	int err;

	err = bfly_flows_init(sw);
	if (err)
		return err;
	err = bfly_frags_init(sw);
	if (err)
		goto err_flows;
	err = bfly_vteps_init(sw);
	if (err)
		goto err_frags;
	err = bfly_groups_init(sw);
	if (err)
		goto err_vteps;
	err = bfly_pools_init(sw);
	if (err)
		goto err_groups;
	err = bfly_services_init(sw);
	if (err)
		goto err_pools;
	return 0;

err_pools:
	bfly_pools_fini(sw);
err_groups:
	bfly_groups_fini(sw);
err_vteps:
	bfly_vteps_fini(sw);
err_frags:
	bfly_frags_fini(sw);
err_flows:
	bfly_flows_fini(sw);
	return err;
}

/* ndo_init: by register_netdevice(), which calls switch_uninit() if it fails */
static int switch_init(struct net_device *dev)
{
	struct bfly_switch *sw = netdev_priv(dev);
	int err;

	sw->dev = dev;
	sw->flow_max = BFLY_FLOW_MAX;
	sw->fdb_max = BFLY_FDB_MAX;
	sw->frag_max = BFLY_FRAG_MAX;
	INIT_LIST_HEAD(&sw->list);
	INIT_LIST_HEAD(&sw->ports);
	INIT_LIST_HEAD(&sw->policy_sets);
	INIT_LIST_HEAD(&sw->uplinks);
	INIT_LIST_HEAD(&sw->mcasts);
	hash_init(sw->nets);
	hash_init(sw->vnis);
	bfly_too_big_limit(&sw->too_big);
	INIT_DELAYED_WORK(&sw->mtu_work, bfly_host_mtu_work);
	bfly_probe_init(sw);
	sw->stats = alloc_percpu(struct bfly_switch_stats);
	sw->host_stats = alloc_percpu(struct bfly_counters);
	err = -ENOMEM;
	if (!sw->stats || !sw->host_stats)
		goto err_free;
	err = gro_cells_init(&sw->host_gro, dev);
	if (err)
		goto err_free;
	err = switch_init_tables(sw);
	if (err)
		goto err_gro;
	return 0;

err_gro:
	gro_cells_destroy(&sw->host_gro);
err_free:
	free_percpu(sw->host_stats);
	free_percpu(sw->stats);
	sw->host_stats = NULL;
	sw->stats = NULL;
	return err;
}

/*
 * Takes everything from the switch that packets reach, in the order in which
 * they would: what is left is seen by nobody. Context: RTNL.
 */
static void switch_stop(struct bfly_switch *sw)
{
	struct bfly_port *port, *next;

	list_for_each_entry_safe(port, next, &sw->ports, list)
		bfly_port_release(port);
	bfly_uplinks_fini(sw);
	bfly_nets_fini(sw);
}

/* ndo_uninit: the device is unlisted, packets have left it */
static void switch_uninit(struct net_device *dev)
{
	struct bfly_switch *sw = netdev_priv(dev);

	list_del_init(&sw->list);
	switch_stop(sw);
	cancel_delayed_work_sync(&sw->mtu_work);
	bfly_probe_fini(sw);
	gro_cells_destroy(&sw->host_gro);
	bfly_services_fini(sw);
	bfly_pools_fini(sw);
	bfly_groups_fini(sw);
	bfly_frags_fini(sw);
	bfly_flows_fini(sw);
	bfly_vteps_fini(sw);
}

/* By netdev_run_todo(), after a grace period and without references. */
static void switch_free(struct net_device *dev)
{
	struct bfly_switch *sw = netdev_priv(dev);

	free_percpu(sw->host_stats);
	free_percpu(sw->stats);
}

static int switch_add_slave(struct net_device *dev, struct net_device *slave,
			    struct netlink_ext_ack *extack)
{
	return bfly_port_add(netdev_priv(dev), slave, extack);
}

static int switch_del_slave(struct net_device *dev, struct net_device *slave)
{
	struct bfly_port *port = bfly_port_of_dev(slave);

	if (!port || port->sw != netdev_priv(dev))
		return -EINVAL;
	bfly_port_release(port);
	return 0;
}

static const struct net_device_ops switch_netdev_ops = {
	.ndo_init		= switch_init,
	.ndo_uninit		= switch_uninit,
	.ndo_start_xmit		= bfly_host_xmit,
	.ndo_get_stats64	= bfly_host_get_stats,
	.ndo_change_mtu		= bfly_host_change_mtu,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_set_mac_address	= eth_mac_addr,
	.ndo_add_slave		= switch_add_slave,
	.ndo_del_slave		= switch_del_slave,
};

bool bfly_dev_is_switch(const struct net_device *dev)
{
	return dev->netdev_ops == &switch_netdev_ops;
}

int bfly_dev_check(struct net_device *dev, const char *what,
		   struct netlink_ext_ack *extack)
{
	ASSERT_RTNL();
	if (bfly_dev_is_switch(dev)) {
		NL_SET_ERR_MSG_FMT(extack, "a switch cannot be %s", what);
		return -EINVAL;
	}
	if (dev->flags & IFF_LOOPBACK) {
		NL_SET_ERR_MSG_FMT(extack, "the loopback device cannot be %s",
				   what);
		return -EINVAL;
	}
	if (dev->type != ARPHRD_ETHER || dev->addr_len != ETH_ALEN) {
		NL_SET_ERR_MSG_FMT(extack, "%s must be an Ethernet device",
				   what);
		return -EINVAL;
	}
	if (netdev_master_upper_dev_get(dev) || netdev_is_rx_handler_busy(dev)) {
		NL_SET_ERR_MSG_FMT(extack, "%s is in use by another device",
				   dev->name);
		return -EBUSY;
	}
	return 0;
}

static void switch_get_drvinfo(struct net_device *dev,
			       struct ethtool_drvinfo *info)
{
	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
	strscpy(info->version, THIS_MODULE->version, sizeof(info->version));
}

static const struct ethtool_ops switch_ethtool_ops = {
	.get_drvinfo	= switch_get_drvinfo,
	.get_link	= ethtool_op_get_link,
};

static const struct device_type switch_type = {
	.name	= KBUILD_MODNAME,
};

#define SWITCH_FEATURES							\
	(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HIGHDMA | NETIF_F_HW_CSUM | \
	 NETIF_F_GSO_SOFTWARE)

static void switch_setup(struct net_device *dev)
{
	ether_setup(dev);
	eth_hw_addr_random(dev);
	dev->netdev_ops = &switch_netdev_ops;
	dev->ethtool_ops = &switch_ethtool_ops;
	SET_NETDEV_DEVTYPE(dev, &switch_type);
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	/* its sockets and ports belong to the namespace it was made in */
	dev->netns_immutable = true;
	dev->lltx = true;
	dev->max_mtu = ETH_MAX_MTU;
	/* what the way out of the switch cannot do is done there */
	dev->features |= SWITCH_FEATURES;
	dev->hw_features |= SWITCH_FEATURES;
	dev->vlan_features |= SWITCH_FEATURES;
	dev->needs_free_netdev = true;
	dev->priv_destructor = switch_free;
}

static const struct nla_policy switch_link_policy[IFLA_BFLY_MAX + 1] = {
	[IFLA_BFLY_LOCAL]	= NLA_POLICY_EXACT_LEN(sizeof(struct in_addr)),
	[IFLA_BFLY_LOCAL6]	= NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[IFLA_BFLY_DSTPORT]	= NLA_POLICY_MIN(NLA_U16, 1),
};

static int link_addr(struct nlattr *data[], int type, struct bfly_addr *addr,
		     struct netlink_ext_ack *extack)
{
	int err;

	if (!data || !data[type])
		return 0;
	err = bfly_addr_from_nl(addr, data[type], extack);
	if (err)
		return err;
	if (!bfly_addr_is_unicast(addr)) {
		NL_SET_ERR_MSG_ATTR(extack, data[type],
				    "local address is not unicast");
		return -EINVAL;
	}
	return 0;
}

static int switch_validate(struct nlattr *tb[], struct nlattr *data[],
			   struct netlink_ext_ack *extack)
{
	struct bfly_addr addr;
	int err;

	if (tb[IFLA_ADDRESS] &&
	    (nla_len(tb[IFLA_ADDRESS]) != ETH_ALEN ||
	     !is_valid_ether_addr(nla_data(tb[IFLA_ADDRESS])))) {
		NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_ADDRESS],
				    "not a unicast MAC");
		return -EADDRNOTAVAIL;
	}
	err = link_addr(data, IFLA_BFLY_LOCAL, &addr, extack);
	return err ?: link_addr(data, IFLA_BFLY_LOCAL6, &addr, extack);
}

/* In the order of index, so that a dump can go on where it stopped. */
static void switch_list(struct bfly_switch *sw)
{
	struct list_head *switches = bfly_switches(dev_net(sw->dev));
	struct bfly_switch *next;

	list_for_each_entry(next, switches, list)
		if (next->dev->ifindex > sw->dev->ifindex)
			break;
	list_add_tail(&sw->list, &next->list);
}

static int switch_newlink(struct net_device *dev,
			  struct rtnl_newlink_params *params,
			  struct netlink_ext_ack *extack)
{
	struct nlattr **data = params->data;
	struct bfly_switch *sw = netdev_priv(dev);
	int err;

	sw->underlay.port = BFLY_VXLAN_PORT;
	if (data && data[IFLA_BFLY_LOCAL])
		sw->underlay.local4 = nla_get_in_addr(data[IFLA_BFLY_LOCAL]);
	if (data && data[IFLA_BFLY_LOCAL6])
		sw->underlay.local6 = nla_get_in6_addr(data[IFLA_BFLY_LOCAL6]);
	if (data && data[IFLA_BFLY_DSTPORT])
		sw->underlay.port = nla_get_u16(data[IFLA_BFLY_DSTPORT]);
	if (params->tb[IFLA_MTU])
		sw->host_mtu = dev->mtu;
	err = register_netdevice(dev);
	if (err)
		return err;
	switch_list(sw);
	return 0;
}

static void switch_dellink(struct net_device *dev, struct list_head *head)
{
	/* ports are uppers' business before the device is unregistered */
	switch_stop(netdev_priv(dev));
	unregister_netdevice_queue(dev, head);
}

static size_t switch_get_size(const struct net_device *dev)
{
	return nla_total_size(sizeof(struct in_addr)) +
	       nla_total_size(sizeof(struct in6_addr)) +
	       nla_total_size(sizeof(u16));
}

static int switch_fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	const struct bfly_switch *sw = netdev_priv(dev);

	if (sw->underlay.local4 && nla_put_in_addr(skb, IFLA_BFLY_LOCAL, sw->underlay.local4))
		return -EMSGSIZE;
	if (!ipv6_addr_any(&sw->underlay.local6) &&
	    nla_put_in6_addr(skb, IFLA_BFLY_LOCAL6, &sw->underlay.local6))
		return -EMSGSIZE;
	return nla_put_u16(skb, IFLA_BFLY_DSTPORT, sw->underlay.port);
}

static struct rtnl_link_ops switch_link_ops __read_mostly = {
	.kind		= KBUILD_MODNAME,
	.priv_size	= sizeof(struct bfly_switch),
	.setup		= switch_setup,
	.maxtype	= IFLA_BFLY_MAX,
	.policy		= switch_link_policy,
	.validate	= switch_validate,
	.newlink	= switch_newlink,
	.dellink	= switch_dellink,
	.get_size	= switch_get_size,
	.fill_info	= switch_fill_info,
};

/* The ways to peers and backends do not keep a netdev that goes. */
static void device_forget(const struct net_device *dev)
{
	struct bfly_switch *sw;

	list_for_each_entry(sw, bfly_switches(dev_net(dev)), list) {
		bfly_vteps_forget(sw, dev);
		bfly_mcasts_forget(sw, dev);
		bfly_pools_forget(sw, dev);
	}
}

static void device_leave(const struct net_device *dev)
{
	struct bfly_switch *sw;

	list_for_each_entry(sw, bfly_switches(dev_net(dev)), list)
		bfly_nets_leave(sw, dev);
}

/* What fits into tunnels and uplinks may be something else now. */
static void device_mtu_changed(const struct net_device *dev)
{
	struct bfly_switch *sw;

	list_for_each_entry(sw, bfly_switches(dev_net(dev)), list)
		if (sw->dev != dev)
			bfly_host_update_mtu(sw);
}

/*
 * A port or uplink whose netdev goes, or goes elsewhere, ends with it, as do
 * nets' groups on it.
 */
static int device_event(struct notifier_block *nb, unsigned long event,
			void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct bfly_port *port = bfly_port_of_dev(dev);
	struct bfly_uplink *uplink = bfly_uplink_of_dev(dev);

	if (event == NETDEV_DOWN || event == NETDEV_UNREGISTER)
		device_forget(dev);
	if (event == NETDEV_UNREGISTER)
		device_leave(dev);
	if (event == NETDEV_CHANGEMTU)
		device_mtu_changed(dev);
	if (!port && !uplink)
		return NOTIFY_DONE;
	switch (event) {
	case NETDEV_UNREGISTER:
		if (port)
			bfly_port_release(port);
		else
			bfly_uplink_release(uplink);
		return NOTIFY_OK;
	case NETDEV_PRE_TYPE_CHANGE:
		/* what is no Ethernet cannot be a port */
		return NOTIFY_BAD;
	default:
		return NOTIFY_DONE;
	}
}

static struct notifier_block device_notifier = {
	.notifier_call = device_event,
};

static int __net_init pernet_init(struct net *net)
{
	struct bfly_pernet *pernet = net_generic(net, switches_id);

	INIT_LIST_HEAD(&pernet->switches);
	return 0;
}

/* The switches themselves go with the namespace's other virtual devices. */
static struct pernet_operations pernet_ops = {
	.init	= pernet_init,
	.id	= &switches_id,
	.size	= sizeof(struct bfly_pernet),
};

int __init bfly_device_init(void)
{
	int err;

	err = register_pernet_subsys(&pernet_ops);
	if (err)
		return err;
	err = register_netdevice_notifier(&device_notifier);
	if (err)
		goto err_pernet;
	err = rtnl_link_register(&switch_link_ops);
	if (err)
		goto err_notifier;
	return 0;

err_notifier:
	unregister_netdevice_notifier(&device_notifier);
err_pernet:
	unregister_pernet_subsys(&pernet_ops);
	return err;
}

/* Deletes all switches. */
void bfly_device_exit(void)
{
	rtnl_link_unregister(&switch_link_ops);
	unregister_netdevice_notifier(&device_notifier);
	unregister_pernet_subsys(&pernet_ops);
}

MODULE_ALIAS_RTNL_LINK(KBUILD_MODNAME);
