// SPDX-License-Identifier: GPL-2.0
#include "net.h"

#include <linux/rculist.h>
#include <linux/slab.h>

#include "fdb.h"
#include "flow.h"
#include "host.h"
#include "neigh.h"
#include "nl_net.h"
#include "peer.h"
#include "port.h"
#include "remote.h"
#include "socket.h"
#include "too_big.h"
#include "vlan.h"

struct bfly_net *bfly_net_find(struct bfly_switch *sw, u32 id)
{
	struct bfly_net *net;

	hash_for_each_possible_rcu(sw->nets, net, id_node, id,
				   lockdep_rtnl_is_held())
		if (net->id == id)
			return net;
	return NULL;
}

struct bfly_net *bfly_net_find_vni(struct bfly_switch *sw, u32 vni)
{
	struct bfly_net *net;

	hash_for_each_possible_rcu(sw->vnis, net, vni_node, vni,
				   lockdep_rtnl_is_held())
		if (net->vni == vni)
			return net;
	return NULL;
}

static struct bfly_net *net_alloc(struct bfly_switch *sw)
{
	struct bfly_net *net = kzalloc(sizeof(*net), GFP_KERNEL_ACCOUNT);

	if (!net)
		return NULL;
	net->sw = sw;
	atomic64_set(&net->gen, 1);
	net->flood.kind = BFLY_HOP_FLOOD;
	net->wire.kind = BFLY_HOP_UPLINK;
	bfly_too_big_limit(&net->too_big);
	INIT_LIST_HEAD(&net->ports);
	net->remotes = RB_ROOT;
	INIT_LIST_HEAD(&net->flood_vteps);
	net->outside = alloc_percpu(struct bfly_counters);
	if (!net->outside)
		goto err_free;
	if (bfly_neighs_init(net))
		goto err_free_counters;
	if (bfly_peers_init(net))
		goto err_neighs;
	if (bfly_fdb_init(net))
		goto err_peers;
	return net;

err_peers:
	bfly_peers_fini(net);
err_neighs:
	bfly_neighs_fini(net);
err_free_counters:
	free_percpu(net->outside);
err_free:
	kfree(net);
	return NULL;
}

void bfly_net_set(struct bfly_net *net, const struct bfly_net_conf *conf)
{
	ASSERT_RTNL();
	WRITE_ONCE(net->conf.learning, conf->learning);
	WRITE_ONCE(net->conf.neigh_suppress, conf->neigh_suppress);
	WRITE_ONCE(net->conf.unknown_drop, conf->unknown_drop);
	WRITE_ONCE(net->conf.strict, conf->strict);
	WRITE_ONCE(net->conf.ttl, conf->ttl);
	WRITE_ONCE(net->conf.tos, conf->tos);
	WRITE_ONCE(net->conf.csum, conf->csum);
	WRITE_ONCE(net->conf.mtu, conf->mtu);
	WRITE_ONCE(net->conf.ageing, conf->ageing);
	bfly_host_update_mtu(net->sw);
}

struct bfly_mcast_at bfly_net_mcast_at(const struct bfly_net *net)
{
	const struct bfly_mcast *mcast = rtnl_dereference(net->mcast);
	struct bfly_mcast_at at = {};

	if (mcast) {
		at.addr = mcast->vtep.addr;
		at.dev = mcast->dev;
	}
	return at;
}

int bfly_net_set_mcast(struct bfly_net *net, const struct bfly_mcast_at *at,
		       struct netlink_ext_ack *extack)
{
	struct bfly_mcast *old = rtnl_dereference(net->mcast), *mcast = NULL;

	if (at->dev) {
		mcast = bfly_mcast_get(net->sw, at, extack);
		if (IS_ERR(mcast))
			return PTR_ERR(mcast);
	}
	rcu_assign_pointer(net->mcast, mcast);
	if (old)
		bfly_mcast_put(old);
	return 0;
}

static void net_leave(struct bfly_net *net)
{
	bfly_net_set_mcast(net, &(struct bfly_mcast_at){}, NULL);
}

void bfly_nets_leave(struct bfly_switch *sw, const struct net_device *dev)
{
	struct bfly_mcast *mcast;
	struct bfly_net *net;
	int bucket;

	hash_for_each(sw->nets, bucket, net, id_node) {
		mcast = rtnl_dereference(net->mcast);
		if (!mcast || mcast->dev != dev)
			continue;
		net_leave(net);
		bfly_switch_changed(sw);
		bfly_nl_net_notify(net);
	}
}

static int net_open_tunnels(struct bfly_net *net,
			    const struct bfly_mcast_at *mcast,
			    struct netlink_ext_ack *extack)
{
	struct bfly_switch *sw = net->sw;
	int err;

	if (!bfly_sockets_are_open(sw)) {
		err = bfly_sockets_open(sw, extack);
		if (err)
			return err;
	}
	err = bfly_net_set_mcast(net, mcast, extack);
	if (err && !sw->vxlan_count)
		bfly_sockets_close(sw);
	return err;
}

/* Joins the net with what carries it; the last step that can fail. */
static int net_open(struct bfly_net *net, const struct bfly_segment *segment,
		    struct netlink_ext_ack *extack)
{
	if (net->type != BFLY_NET_TYPE_VXLAN)
		return bfly_vlan_attach(net, segment->uplink, extack);
	return net_open_tunnels(net, &segment->mcast, extack);
}

struct bfly_net *bfly_net_new(struct bfly_switch *sw, u32 id,
			      const struct bfly_segment *segment,
			      const struct bfly_net_conf *conf,
			      struct netlink_ext_ack *extack)
{
	struct bfly_net *net;
	int err;

	ASSERT_RTNL();
	net = net_alloc(sw);
	if (!net)
		return ERR_PTR(-ENOMEM);
	net->id = id;
	net->type = segment->type;
	net->vni = segment->vni;
	net->vid = segment->vid;
	net->conf = *conf;
	err = net_open(net, segment, extack);
	if (err)
		goto err_free;
	hash_add_rcu(sw->nets, &net->id_node, id);
	sw->net_count++;
	if (net->type == BFLY_NET_TYPE_VXLAN) {
		hash_add_rcu(sw->vnis, &net->vni_node, net->vni);
		sw->vxlan_count++;
	}
	return net;

err_free:
	bfly_peers_fini(net);
	bfly_fdb_fini(net);
	bfly_neighs_fini(net);
	free_percpu(net->outside);
	kfree(net);
	return ERR_PTR(err);
}

void bfly_net_counters(const struct bfly_net *net, struct bfly_counters *sum)
{
	const struct bfly_port *port;

	ASSERT_RTNL();
	*sum = net->past;
	bfly_counters_add(sum, net->outside);
	list_for_each_entry(port, &net->ports, net_list)
		bfly_counters_add(sum, port->stats);
}

/* No packet finds the net any more; those under way may still be in it. */
static void net_unlink(struct bfly_net *net)
{
	hash_del_rcu(&net->id_node);
	net->sw->net_count--;
	if (net->type != BFLY_NET_TYPE_VXLAN) {
		bfly_vlan_detach(net);
		return;
	}
	hash_del_rcu(&net->vni_node);
	net_leave(net);
	if (!--net->sw->vxlan_count)
		bfly_sockets_close(net->sw);
}

static void net_free_rcu(struct rcu_head *head)
{
	struct bfly_net *net = container_of(head, struct bfly_net, rcu);

	free_percpu(net->outside);
	kfree(net);
}

static void net_free(struct bfly_net *net)
{
	bfly_remotes_fini(net);
	bfly_peers_fini(net);
	bfly_fdb_fini(net);
	bfly_neighs_fini(net);
	call_rcu(&net->rcu, net_free_rcu);
}

void bfly_net_del(struct bfly_net *net)
{
	struct bfly_flow_filter filter = { .net = net->id };

	ASSERT_RTNL();
	WARN_ON_ONCE(net->port_count);
	net_unlink(net);
	synchronize_net();
	bfly_flow_flush(net->sw, &filter);
	net_free(net);
}

void bfly_nets_fini(struct bfly_switch *sw)
{
	struct hlist_node *next;
	struct bfly_net *net;
	HLIST_HEAD(dead);
	int bucket;

	hash_for_each_safe(sw->nets, bucket, next, net, id_node) {
		net_unlink(net);
		hlist_add_head(&net->dead_node, &dead);
	}
	synchronize_net();
	hlist_for_each_entry_safe(net, next, &dead, dead_node)
		net_free(net);
}
