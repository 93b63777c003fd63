// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>

#include "netlink.h"
#include "nl_net.h"
#include "remote.h"

/* A remote and the net that it is in, for messages. */
struct remote_obj {
	const struct bfly_net *net;
	const struct bfly_remote *remote;
};

static int remote_fill(struct sk_buff *skb, struct bfly_switch *sw,
		       const void *obj)
{
	const struct remote_obj *o = obj;
	const struct bfly_remote *remote = o->remote;
	struct bfly_counters sum = {};
	unsigned int i;

	if (nla_put_u32(skb, BFLY_A_REMOTE_NET, o->net->id) ||
	    bfly_addr_to_nl(skb, BFLY_A_REMOTE_VIA, &remote->vtep->addr))
		return -EMSGSIZE;
	if (remote->has_mac &&
	    nla_put(skb, BFLY_A_REMOTE_MAC, ETH_ALEN, remote->mac))
		return -EMSGSIZE;
	for (i = 0; remote->neighs && i < remote->neighs->count; i++)
		if (bfly_addr_to_nl(skb, BFLY_A_REMOTE_ADDR,
				    &remote->neighs->neigh[i].addr))
			return -EMSGSIZE;
	bfly_counters_add(&sum, remote->vtep->counters);
	return bfly_nl_put_traffic(skb, BFLY_A_REMOTE_RX_PACKETS, &sum);
}

static void remote_notify(const struct bfly_net *net,
			  const struct bfly_remote *remote, u8 cmd)
{
	const struct remote_obj obj = { .net = net, .remote = remote };

	bfly_nl_notify(net->sw, cmd, remote_fill, &obj);
}

/* The attributes that name a remote. */
static int remote_key(struct genl_info *info, struct bfly_addr *via,
		      const u8 **mac)
{
	struct nlattr *attr = info->attrs[BFLY_A_REMOTE_MAC];
	int err;

	err = bfly_nl_need(info, BFLY_A_REMOTE_VIA, "the peer's address (via)");
	if (err)
		return err;
	err = bfly_addr_from_nl(via, info->attrs[BFLY_A_REMOTE_VIA],
				info->extack);
	if (err)
		return err;
	if (!bfly_addr_is_unicast(via))
		return bfly_nl_refuse(info, info->attrs[BFLY_A_REMOTE_VIA],
				      EINVAL, "the peer's address is not unicast");
	*mac = attr ? nla_data(attr) : NULL;
	if (*mac && !is_valid_ether_addr(*mac))
		return bfly_nl_refuse(info, attr, EINVAL,
				      "the remote's MAC is not unicast");
	return 0;
}

static int remote_addrs(struct genl_info *info, struct bfly_addr *addrs)
{
	const struct nlattr *pos;
	unsigned int i = 0;
	int rem, err;

	bfly_nl_for_each(pos, BFLY_A_REMOTE_ADDR, info, rem) {
		err = bfly_addr_from_nl(&addrs[i], pos, info->extack);
		if (err)
			return err;
		if (!bfly_addr_is_unicast(&addrs[i]))
			return bfly_nl_refuse(info, pos, EINVAL,
					      "the remote's address is not unicast");
		i++;
	}
	return 0;
}

static int remote_make(struct genl_info *info, struct bfly_net *net,
		       const struct bfly_addr *via, const u8 *mac,
		       const struct bfly_addr *addrs, unsigned int count)
{
	struct bfly_remote *remote = bfly_remote_find(net, via, mac);

	if (remote && !bfly_nl_replace(info))
		return bfly_nl_refuse(info, info->attrs[BFLY_A_REMOTE_VIA],
				      EEXIST, "the remote exists");
	if (remote)
		return bfly_remote_set_addrs(net, remote, addrs, count);
	remote = bfly_remote_new(net, via, mac, addrs, count, info->extack);
	return PTR_ERR_OR_ZERO(remote);
}

int bfly_nl_remote_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_net *net = bfly_nl_net(info, BFLY_A_REMOTE_NET);
	unsigned int count = bfly_nl_count(info, BFLY_A_REMOTE_ADDR);
	struct bfly_addr *addrs;
	struct bfly_addr via;
	const u8 *mac;
	int err;

	if (IS_ERR(net))
		return PTR_ERR(net);
	err = remote_key(info, &via, &mac);
	if (err)
		return err;
	if (net->type != BFLY_NET_TYPE_VXLAN)
		return bfly_nl_refuse(info, info->attrs[BFLY_A_REMOTE_NET],
				      EINVAL, "net %u has an uplink, not remotes",
				      net->id);
	if (count && !mac)
		return bfly_nl_refuse(info, info->attrs[BFLY_A_REMOTE_ADDR],
				      EINVAL, "a remote without a MAC has no addresses");
	if (count > BFLY_REMOTE_ADDR_MAX)
		return bfly_nl_refuse(info, info->attrs[BFLY_A_REMOTE_ADDR],
				      E2BIG, "more than %u addresses",
				      BFLY_REMOTE_ADDR_MAX);
	addrs = kcalloc(count, sizeof(*addrs), GFP_KERNEL);
	if (!addrs)
		return -ENOMEM;
	err = remote_addrs(info, addrs);
	err = err ?: remote_make(info, net, &via, mac, addrs, count);
	kfree(addrs);
	if (err)
		return err;
	bfly_switch_changed(net->sw);
	remote_notify(net, bfly_remote_find(net, &via, mac),
		      BFLY_CMD_REMOTE_NEW_NTF);
	return 0;
}

/* The remote that a request names, and its net. */
static struct bfly_remote *remote_of_request(struct genl_info *info,
					     struct bfly_net **net)
{
	struct bfly_remote *remote;
	struct bfly_addr via;
	const u8 *mac;
	int err;

	*net = bfly_nl_net(info, BFLY_A_REMOTE_NET);
	if (IS_ERR(*net))
		return ERR_CAST(*net);
	err = remote_key(info, &via, &mac);
	if (err)
		return ERR_PTR(err);
	remote = bfly_remote_find(*net, &via, mac);
	if (remote)
		return remote;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[BFLY_A_REMOTE_VIA],
			    "there is no such remote");
	return ERR_PTR(-ENOENT);
}

int bfly_nl_remote_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_remote *remote;
	struct bfly_net *net;

	remote = remote_of_request(info, &net);
	if (IS_ERR(remote))
		return PTR_ERR(remote);
	remote_notify(net, remote, BFLY_CMD_REMOTE_DEL_NTF);
	bfly_remote_del(net, remote);
	bfly_switch_changed(net->sw);
	return 0;
}

int bfly_nl_remote_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct remote_obj obj;
	struct bfly_net *net;

	obj.remote = remote_of_request(info, &net);
	if (IS_ERR(obj.remote))
		return PTR_ERR(obj.remote);
	obj.net = net;
	return bfly_nl_reply(info, remote_fill, &obj);
}

static int remote_dump_net(struct sk_buff *skb, struct netlink_callback *cb,
			   struct bfly_net *net, struct bfly_nl_dump *state)
{
	struct remote_obj obj = { .net = net };
	int err;

	while ((obj.remote = bfly_remote_after(net, &state->via, state->mac))) {
		err = bfly_nl_dump_put(skb, cb, BFLY_CMD_REMOTE_GET,
				       remote_fill, net->sw, &obj);
		if (err)
			return err;
		state->via = obj.remote->vtep->addr;
		ether_addr_copy(state->mac, obj.remote->mac);
	}
	return 0;
}

static int remote_dump(struct sk_buff *skb, struct netlink_callback *cb,
		       struct bfly_switch *sw, struct bfly_nl_dump *state)
{
	return bfly_nl_dump_nets(skb, cb, sw, state,
				 bfly_nl_dump_attr(cb, BFLY_A_REMOTE_NET),
				 remote_dump_net);
}

int bfly_nl_remote_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return bfly_nl_dump_switches(skb, cb, remote_dump);
}
