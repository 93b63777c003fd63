// SPDX-License-Identifier: GPL-2.0
#include "port.h"

#include <linux/rculist.h>
#include <linux/slab.h>

#include "device.h"
#include "fdb.h"
#include "flow.h"
#include "flow_quota.h"
#include "frag.h"
#include "group.h"
#include "host.h"
#include "neigh.h"
#include "nl_port.h"
#include "receive.h"

struct bfly_port *bfly_port_of_dev(const struct net_device *dev)
{
	const struct bfly_switch *sw = netdev_priv(dev);

	ASSERT_RTNL();
	if (bfly_dev_is_switch(dev))
		return rtnl_dereference(sw->host);
	if (rtnl_dereference(dev->rx_handler) != bfly_port_receive)
		return NULL;
	return rtnl_dereference(dev->rx_handler_data);
}

static int port_check_room(const struct bfly_switch *sw,
			   struct netlink_ext_ack *extack)
{
	if (sw->port_count < BFLY_PORT_MAX)
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "the switch has %u ports, no more fit",
			   sw->port_count);
	return -ENOSPC;
}

static struct bfly_port *port_alloc(struct bfly_switch *sw,
				    struct net_device *dev)
{
	struct bfly_port *port = kzalloc(sizeof(*port), GFP_KERNEL_ACCOUNT);

	if (!port)
		return NULL;
	port->host = dev == sw->dev;
	port->flows = bfly_flow_quota_new();
	if (!port->flows)
		goto err_free;
	port->stats = port->host ? sw->host_stats :
				   alloc_percpu(struct bfly_counters);
	if (!port->stats)
		goto err_put_flows;
	port->hop.kind = BFLY_HOP_PORT;
	port->dev = dev;
	port->sw = sw;
	netdev_hold(dev, &port->dev_tracker, GFP_KERNEL);
	return port;

err_put_flows:
	bfly_flow_quota_put(port->flows);
err_free:
	kfree(port);
	return NULL;
}

static void port_free_rcu(struct rcu_head *head)
{
	struct bfly_port *port = container_of(head, struct bfly_port, rcu);

	if (!port->host)
		free_percpu(port->stats);
	bfly_flow_quota_put(port->flows);
	kfree(port);
}

/* Makes a port one of the switch's, still closed. */
static void port_list(struct bfly_port *port)
{
	list_add_tail(&port->list, &port->sw->ports);
	port->sw->port_count++;
	bfly_switch_changed(port->sw);
	bfly_nl_port_notify(port, BFLY_CMD_PORT_NEW_NTF);
}

int bfly_port_add_host(struct bfly_switch *sw, struct netlink_ext_ack *extack)
{
	struct bfly_port *port;
	int err;

	ASSERT_RTNL();
	err = port_check_room(sw, extack);
	if (err)
		return err;
	port = port_alloc(sw, sw->dev);
	if (!port)
		return -ENOMEM;
	port_list(port);
	rcu_assign_pointer(sw->host, port);
	return 0;
}

int bfly_port_add(struct bfly_switch *sw, struct net_device *dev,
		  struct netlink_ext_ack *extack)
{
	struct bfly_port *port;
	int err;

	ASSERT_RTNL();
	err = bfly_dev_check(dev, "a port", extack);
	if (!err)
		err = port_check_room(sw, extack);
	if (err)
		return err;
	port = port_alloc(sw, dev);
	if (!port)
		return -ENOMEM;
	err = netdev_master_upper_dev_link(dev, sw->dev, NULL, NULL, extack);
	if (err)
		goto err_free;
	err = dev_set_promiscuity(dev, 1);
	if (err)
		goto err_unlink;
	err = netdev_rx_handler_register(dev, bfly_port_receive, port);
	if (err)
		goto err_promiscuity;
	dev_disable_lro(dev);
	port_list(port);
	return 0;

err_promiscuity:
	dev_set_promiscuity(dev, -1);
err_unlink:
	netdev_upper_dev_unlink(dev, sw->dev);
err_free:
	netdev_put(dev, &port->dev_tracker);
	port_free_rcu(&port->rcu);
	return err;
}

static bool conf_has_mac(const struct bfly_port_conf *conf,
			 const struct bfly_net *net, const u8 *mac)
{
	unsigned int i;

	if (!conf || conf->net != net)
		return false;
	for (i = 0; i < conf->mac_count; i++)
		if (ether_addr_equal(conf->macs[i], mac))
			return true;
	return false;
}

/* Takes away the MACs of @conf, the first @count, that @keep has not. */
static void port_del_macs(const struct bfly_port_conf *conf, unsigned int count,
			  const struct bfly_port_conf *keep)
{
	while (count--)
		if (!conf_has_mac(keep, conf->net, conf->macs[count]))
			bfly_fdb_del(conf->net, conf->macs[count]);
}

static int port_add_macs(struct bfly_port *port,
			 const struct bfly_port_conf *conf,
			 const struct bfly_port_conf *old,
			 struct netlink_ext_ack *extack)
{
	unsigned int i;
	int err;

	for (i = 0; i < conf->mac_count; i++) {
		if (conf_has_mac(old, conf->net, conf->macs[i]))
			continue;
		err = bfly_fdb_add(conf->net, conf->macs[i], &port->hop);
		if (!err)
			continue;
		if (err == -EEXIST)
			NL_SET_ERR_MSG_FMT(extack,
					   "net %u has %pM at another port or remote",
					   conf->net->id, conf->macs[i]);
		port_del_macs(conf, i, old);
		return err;
	}
	return 0;
}

/* The addresses that others in the net may ask for. */
static int port_add_neighs(struct bfly_port *port, struct bfly_port_conf *conf)
{
	struct bfly_neighs *neighs = bfly_neighs_new(conf->addr_count);
	const struct bfly_prefix *prefix;
	unsigned int i;
	int err;

	if (!neighs)
		return -ENOMEM;
	for (i = 0; i < conf->addr_count; i++) {
		prefix = &conf->addrs[i];
		if (prefix->len == bfly_addr_bits(&prefix->addr))
			bfly_neighs_put(neighs, &prefix->addr, conf->macs[0],
					&port->hop);
	}
	err = bfly_neighs_add(conf->net, neighs);
	if (err)
		kvfree(neighs);
	else
		conf->neighs = neighs;
	return err;
}

/* Leaves the list of the old net before it enters that of the new one. */
static void port_move(struct bfly_port *port, struct bfly_net *from,
		      struct bfly_net *to)
{
	if (from == to)
		return;
	if (from) {
		list_del_rcu(&port->net_list);
		from->port_count--;
		/* who walks the old list must not end up in the new one */
		synchronize_net();
		bfly_counters_add(&from->past, port->stats);
	}
	if (to) {
		/* what it counted elsewhere is not the net's */
		bfly_counters_sub(&to->past, port->stats);
		list_add_tail_rcu(&port->net_list, &to->ports);
		to->port_count++;
	}
}

/* What the old configuration held, after the new one is published. */
static void port_drop_conf(struct bfly_port *port, struct bfly_port_conf *old,
			   const struct bfly_port_conf *conf)
{
	struct bfly_net *net = old->net;

	port_del_macs(old, old->mac_count, conf);
	bfly_neighs_del(net, old->neighs);
	bfly_group_members_del(port->sw, old->set, net->id, old->addrs,
			       old->addr_count);
	bfly_policy_set_put(port->sw, old->set);
	bfly_net_changed(net);
	kvfree_rcu(old, rcu);
}

int bfly_port_configure(struct bfly_port *port, struct bfly_port_conf *conf,
			struct netlink_ext_ack *extack)
{
	struct bfly_port_conf *old = rtnl_dereference(port->conf);
	int err;

	err = bfly_group_members_add(port->sw, conf->set, conf->net->id,
				     conf->addrs, conf->addr_count);
	if (err)
		return err;
	err = port_add_macs(port, conf, old, extack);
	if (err)
		goto err_del_members;
	err = port_add_neighs(port, conf);
	if (err)
		goto err_del_macs;

	if (old && old->net != conf->net)
		/* closed while it moves: it must not be heard in both */
		rcu_assign_pointer(port->conf, NULL);
	port_move(port, old ? old->net : NULL, conf->net);
	if (old)
		list_del(&port->set_list);
	list_add_tail(&port->set_list, &conf->set->ports);
	rcu_assign_pointer(port->conf, conf);
	WRITE_ONCE(port->flows->max, conf->flow_max);
	bfly_net_changed(conf->net);
	if (old)
		port_drop_conf(port, old, conf);
	if (port->host)
		bfly_host_update_mtu(port->sw);
	bfly_switch_changed(port->sw);
	return 0;

err_del_macs:
	port_del_macs(conf, conf->mac_count, old);
err_del_members:
	bfly_group_members_del(port->sw, conf->set, conf->net->id, conf->addrs,
			       conf->addr_count);
	return err;
}

void bfly_port_close(struct bfly_port *port)
{
	struct bfly_port_conf *old = rtnl_dereference(port->conf);
	struct bfly_flow_filter filter = { .port = port };

	if (!old)
		return;
	RCU_INIT_POINTER(port->conf, NULL);
	port_move(port, old->net, NULL);
	list_del(&port->set_list);
	port_drop_conf(port, old, NULL);
	bfly_flow_flush(port->sw, &filter);
	if (port->host)
		bfly_host_update_mtu(port->sw);
	bfly_switch_changed(port->sw);
}

/* No packet comes from the port after this. */
static void port_silence(struct bfly_port *port)
{
	if (port->host) {
		RCU_INIT_POINTER(port->sw->host, NULL);
		synchronize_net();
	} else {
		/* which waits in the same way */
		netdev_rx_handler_unregister(port->dev);
	}
}

void bfly_port_release(struct bfly_port *port)
{
	struct bfly_switch *sw = port->sw;
	struct net_device *dev = port->dev;

	ASSERT_RTNL();
	bfly_nl_port_notify(port, BFLY_CMD_PORT_DEL_NTF);
	port_silence(port);
	bfly_frags_forget(sw, port);
	bfly_port_close(port);
	list_del(&port->list);
	sw->port_count--;
	bfly_switch_changed(sw);
	if (!port->host) {
		dev_set_promiscuity(dev, -1);
		netdev_upper_dev_unlink(dev, sw->dev);
	}
	/* a reader may be about to transmit to the device */
	synchronize_net();
	netdev_put(dev, &port->dev_tracker);
	call_rcu(&port->rcu, port_free_rcu);
}
