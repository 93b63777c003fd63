// SPDX-License-Identifier: GPL-2.0
#include "remote.h"

#include <linux/rculist.h>
#include <linux/slab.h>
#include <net/netlink.h>

#include "fdb.h"
#include "host.h"
#include "peer.h"

/* A remote's key; the MAC is NULL or zero if there is none. */
struct remote_key {
	const struct bfly_addr *via;
	const u8 *mac;
};

static int remote_cmp(const struct remote_key *key,
		      const struct bfly_remote *remote)
{
	static const u8 none[ETH_ALEN];

	return bfly_addr_cmp(key->via, &remote->vtep->addr) ?:
	       memcmp(key->mac ?: none, remote->mac, ETH_ALEN);
}

static int remote_cmp_node(const void *key, const struct rb_node *node)
{
	return remote_cmp(key, rb_entry(node, struct bfly_remote, node));
}

static bool remote_less(struct rb_node *node, const struct rb_node *other)
{
	const struct bfly_remote *remote =
		rb_entry(node, struct bfly_remote, node);
	struct remote_key key = {
		.via = &remote->vtep->addr,
		.mac = remote->mac,
	};

	return remote_cmp_node(&key, other) < 0;
}

struct bfly_remote *bfly_remote_find(struct bfly_net *net,
				     const struct bfly_addr *via,
				     const u8 *mac)
{
	struct remote_key key = { .via = via, .mac = mac };

	ASSERT_RTNL();
	return rb_entry_safe(rb_find(&key, &net->remotes, remote_cmp_node),
			     struct bfly_remote, node);
}

struct bfly_remote *bfly_remote_after(struct bfly_net *net,
				      const struct bfly_addr *via,
				      const u8 *mac)
{
	struct remote_key key = { .via = via, .mac = mac };
	struct rb_node *node = net->remotes.rb_node;
	struct bfly_remote *after = NULL, *remote;

	ASSERT_RTNL();
	while (node) {
		remote = rb_entry(node, struct bfly_remote, node);
		if (remote_cmp(&key, remote) < 0) {
			after = remote;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return after;
}

/* Hangs the remote into the tables that packets see. */
static int remote_publish(struct bfly_net *net, struct bfly_remote *remote,
			  struct netlink_ext_ack *extack)
{
	int err;

	if (!remote->has_mac) {
		list_add_tail_rcu(&remote->flood_list, &net->flood_vteps);
		return 0;
	}
	/* the entry has a reference of its own */
	refcount_inc(&remote->vtep->refs);
	err = bfly_fdb_add(net, remote->mac, &remote->vtep->hop);
	if (!err)
		return 0;
	bfly_vtep_put(remote->vtep);
	if (err == -EEXIST)
		NL_SET_ERR_MSG_FMT(extack,
				   "net %u has %pM at a port or another remote",
				   net->id, remote->mac);
	return err;
}

static void remote_unpublish(struct bfly_net *net, struct bfly_remote *remote)
{
	if (remote->has_mac)
		bfly_fdb_del(net, remote->mac);
	else
		list_del_rcu(&remote->flood_list);
}

int bfly_remote_set_addrs(struct bfly_net *net, struct bfly_remote *remote,
			  const struct bfly_addr *addrs,
			  unsigned int addr_count)
{
	struct bfly_neighs *neighs = NULL;
	unsigned int i;
	int err;

	ASSERT_RTNL();
	if (addr_count) {
		neighs = bfly_neighs_new(addr_count);
		if (!neighs)
			return -ENOMEM;
		for (i = 0; i < addr_count; i++)
			bfly_neighs_put(neighs, &addrs[i], remote->mac,
					&remote->vtep->hop);
		err = bfly_neighs_add(net, neighs);
		if (err) {
			kvfree(neighs);
			return err;
		}
	}
	bfly_neighs_del(net, remote->neighs);
	remote->neighs = neighs;
	return 0;
}

struct bfly_remote *bfly_remote_new(struct bfly_net *net,
				    const struct bfly_addr *via, const u8 *mac,
				    const struct bfly_addr *addrs,
				    unsigned int addr_count,
				    struct netlink_ext_ack *extack)
{
	struct bfly_remote *remote;
	int err = -ENOMEM;

	ASSERT_RTNL();
	remote = kzalloc(sizeof(*remote), GFP_KERNEL_ACCOUNT);
	if (!remote)
		return ERR_PTR(-ENOMEM);
	remote->vtep = bfly_vtep_get(net->sw, via, GFP_KERNEL);
	if (!remote->vtep)
		goto err_free;
	if (mac) {
		remote->has_mac = true;
		ether_addr_copy(remote->mac, mac);
	}
	err = bfly_peer_add(net, via);
	if (err)
		goto err_put_vtep;
	err = remote_publish(net, remote, extack);
	if (err)
		goto err_del_peer;
	err = bfly_remote_set_addrs(net, remote, addrs, addr_count);
	if (err)
		goto err_unpublish;
	rb_add(&remote->node, &net->remotes, remote_less);
	bfly_host_update_mtu_soon(net->sw);
	return remote;

err_unpublish:
	remote_unpublish(net, remote);
	bfly_peer_del(net, via);
	bfly_vtep_put(remote->vtep);
	kfree_rcu(remote, rcu);
	return ERR_PTR(err);
err_del_peer:
	bfly_peer_del(net, via);
err_put_vtep:
	bfly_vtep_put(remote->vtep);
err_free:
	kfree(remote);
	return ERR_PTR(err);
}

void bfly_remote_del(struct bfly_net *net, struct bfly_remote *remote)
{
	ASSERT_RTNL();
	bfly_neighs_del(net, remote->neighs);
	remote_unpublish(net, remote);
	rb_erase(&remote->node, &net->remotes);
	bfly_peer_del(net, &remote->vtep->addr);
	bfly_vtep_put(remote->vtep);
	kfree_rcu(remote, rcu);
	bfly_host_update_mtu_soon(net->sw);
}

void bfly_remotes_fini(struct bfly_net *net)
{
	struct rb_node *node;

	while ((node = rb_first(&net->remotes)))
		bfly_remote_del(net, rb_entry(node, struct bfly_remote, node));
}
