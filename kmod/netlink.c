// SPDX-License-Identifier: GPL-2.0
#include "netlink.h"

#include <linux/rtnetlink.h>
#include <net/net_namespace.h>

#include "device.h"

static_assert(BFLY_A_SWITCH_DEV == BFLY_A_DEV);
static_assert(BFLY_A_NET_DEV == BFLY_A_DEV);
static_assert(BFLY_A_REMOTE_DEV == BFLY_A_DEV);
static_assert(BFLY_A_FDB_DEV == BFLY_A_DEV);
static_assert(BFLY_A_UPLINK_DEV == BFLY_A_DEV);
static_assert(BFLY_A_PORT_DEV == BFLY_A_DEV);
static_assert(BFLY_A_GROUP_DEV == BFLY_A_DEV);
static_assert(BFLY_A_POOL_DEV == BFLY_A_DEV);
static_assert(BFLY_A_SERVICE_DEV == BFLY_A_DEV);
static_assert(BFLY_A_FLOW_DEV == BFLY_A_DEV);
static_assert(BFLY_A_STATS_DEV == BFLY_A_DEV);

static_assert(BFLY_A_NET_REPLACE == BFLY_A_REPLACE);
static_assert(BFLY_A_REMOTE_REPLACE == BFLY_A_REPLACE);
static_assert(BFLY_A_UPLINK_REPLACE == BFLY_A_REPLACE);
static_assert(BFLY_A_PORT_REPLACE == BFLY_A_REPLACE);
static_assert(BFLY_A_GROUP_REPLACE == BFLY_A_REPLACE);
static_assert(BFLY_A_POOL_REPLACE == BFLY_A_REPLACE);
static_assert(BFLY_A_SERVICE_REPLACE == BFLY_A_REPLACE);

static_assert(BFLY_A_PORT_TX_DROPPED - BFLY_A_PORT_RX_PACKETS == 5);
static_assert(BFLY_A_NET_TX_DROPPED - BFLY_A_NET_RX_PACKETS == 5);
static_assert(BFLY_A_REMOTE_TX_BYTES - BFLY_A_REMOTE_RX_PACKETS == 3);

int bfly_nl_need(struct genl_info *info, int attrtype, const char *name)
{
	if (info->attrs[attrtype])
		return 0;
	NL_SET_ERR_ATTR_MISS(info->extack, NULL, attrtype);
	NL_SET_ERR_MSG_FMT(info->extack, "%s is missing", name);
	return -EINVAL;
}

struct net_device *bfly_nl_dev(struct genl_info *info, int attrtype,
			       const char *name)
{
	struct nlattr *attr = info->attrs[attrtype];
	struct net_device *dev;
	int err;

	err = bfly_nl_need(info, attrtype, name);
	if (err)
		return ERR_PTR(err);
	dev = __dev_get_by_index(genl_info_net(info), nla_get_u32(attr));
	if (!dev)
		return ERR_PTR(bfly_nl_refuse(info, attr, ENODEV,
					      "there is no device with that index"));
	return dev;
}

unsigned int bfly_nl_count(const struct genl_info *info, int type)
{
	const struct nlattr *pos;
	unsigned int count = 0;
	int rem;

	bfly_nl_for_each(pos, type, info, rem)
		count++;
	return count;
}

/* The switch that an attribute names, or the only one. Context: RTNL. */
static struct bfly_switch *switch_of_request(struct net *net,
					     const struct nlattr *attr,
					     struct netlink_ext_ack *extack)
{
	struct list_head *switches = bfly_switches(net);
	struct net_device *dev;

	if (attr) {
		dev = __dev_get_by_index(net, nla_get_u32(attr));
		if (dev && bfly_dev_is_switch(dev))
			return netdev_priv(dev);
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr, "%s",
					dev ? "device is not a bfly switch" :
					      "no such device");
		return ERR_PTR(dev ? -EINVAL : -ENODEV);
	}
	if (list_empty(switches)) {
		NL_SET_ERR_MSG(extack, "there is no bfly switch here");
		return ERR_PTR(-ENODEV);
	}
	if (!list_is_singular(switches)) {
		NL_SET_ERR_MSG(extack,
			       "there are several bfly switches, name one");
		return ERR_PTR(-EINVAL);
	}
	return list_first_entry(switches, struct bfly_switch, list);
}

/* Every do operation runs under RTNL with its switch in user_ptr[0]. */
int bfly_nl_pre_doit(const struct genl_split_ops *ops, struct sk_buff *skb,
		     struct genl_info *info)
{
	struct bfly_switch *sw;

	rtnl_lock();
	sw = switch_of_request(genl_info_net(info), info->attrs[BFLY_A_DEV],
			       info->extack);
	if (IS_ERR(sw)) {
		rtnl_unlock();
		return PTR_ERR(sw);
	}
	info->user_ptr[0] = sw;
	return 0;
}

void bfly_nl_post_doit(const struct genl_split_ops *ops, struct sk_buff *skb,
		       struct genl_info *info)
{
	rtnl_unlock();
}

/* A message of one object. */
static int put_object(struct sk_buff *skb, u32 portid, u32 seq, int flags,
		      u8 cmd, bfly_nl_fill_t fill, struct bfly_switch *sw,
		      const void *obj, struct nlmsghdr **nlh)
{
	void *hdr = genlmsg_put(skb, portid, seq, &bfly_nl_family, flags, cmd);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(skb, BFLY_A_DEV, sw->dev->ifindex) ||
	    fill(skb, sw, obj)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	if (nlh)
		*nlh = genlmsg_nlhdr(hdr);
	return 0;
}

/*
 * An object's message is small but for lists whose length the user chose, as a
 * port's addresses: try a page, then more.
 */
static struct sk_buff *object_msg(u32 portid, u32 seq, u8 cmd,
				  bfly_nl_fill_t fill, struct bfly_switch *sw,
				  const void *obj, gfp_t gfp)
{
	size_t size = NLMSG_DEFAULT_SIZE;
	struct sk_buff *skb;
	int err;

	for (;; size *= 4) {
		skb = genlmsg_new(size, gfp);
		if (!skb)
			return ERR_PTR(-ENOMEM);
		err = put_object(skb, portid, seq, 0, cmd, fill, sw, obj, NULL);
		if (!err)
			return skb;
		nlmsg_free(skb);
		if (size > SZ_64K)
			return ERR_PTR(err);
	}
}

int bfly_nl_reply(struct genl_info *info, bfly_nl_fill_t fill, const void *obj)
{
	struct sk_buff *skb;

	skb = object_msg(info->snd_portid, info->snd_seq,
			 info->genlhdr->cmd, fill, bfly_nl_switch(info), obj,
			 GFP_KERNEL);
	if (IS_ERR(skb))
		return PTR_ERR(skb);
	return genlmsg_reply(skb, info);
}

static void multicast(struct bfly_switch *sw, unsigned int group, u8 cmd,
		      bfly_nl_fill_t fill, const void *obj, gfp_t gfp)
{
	struct net *net = dev_net(sw->dev);
	struct sk_buff *skb;

	if (!genl_has_listeners(&bfly_nl_family, net, group))
		return;
	skb = object_msg(0, 0, cmd, fill, sw, obj, gfp);
	/* listeners learn from ENOBUFS that they have missed something */
	if (IS_ERR(skb))
		genl_set_err(&bfly_nl_family, net, 0, group, -ENOBUFS);
	else
		genlmsg_multicast_netns(&bfly_nl_family, net, skb, 0, group,
					gfp);
}

void bfly_nl_notify(struct bfly_switch *sw, u8 cmd, bfly_nl_fill_t fill,
		    const void *obj)
{
	ASSERT_RTNL();
	multicast(sw, BFLY_NLGRP_CONFIG, cmd, fill, obj, GFP_KERNEL);
}

void bfly_nl_event(struct bfly_switch *sw, u8 cmd, bfly_nl_fill_t fill,
		   const void *obj)
{
	multicast(sw, BFLY_NLGRP_EVENTS, cmd, fill, obj, GFP_ATOMIC);
}

struct nlattr *bfly_nl_dump_attr(struct netlink_callback *cb, int type)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;

	return attrs ? attrs[type] : NULL;
}

int bfly_nl_dump_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd,
		     bfly_nl_fill_t fill, struct bfly_switch *sw,
		     const void *obj)
{
	struct nlmsghdr *nlh;
	int err;

	err = put_object(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			 NLM_F_MULTI, cmd, fill, sw, obj, &nlh);
	if (!err)
		nl_dump_check_consistent(cb, nlh);
	return err;
}

int bfly_nl_put_traffic(struct sk_buff *skb, int first,
			const struct bfly_counters *sum)
{
	if (nla_put_uint(skb, first, sum->rx_packets) ||
	    nla_put_uint(skb, first + 1, sum->rx_bytes) ||
	    nla_put_uint(skb, first + 2, sum->tx_packets) ||
	    nla_put_uint(skb, first + 3, sum->tx_bytes))
		return -EMSGSIZE;
	return 0;
}

int bfly_nl_put_counters(struct sk_buff *skb, int first,
			 const struct bfly_counters *sum)
{
	if (bfly_nl_put_traffic(skb, first, sum) ||
	    nla_put_uint(skb, first + 4, sum->rx_dropped) ||
	    nla_put_uint(skb, first + 5, sum->tx_dropped))
		return -EMSGSIZE;
	return 0;
}

static int dump_one(struct sk_buff *skb, struct netlink_callback *cb,
		    struct bfly_switch *sw, struct bfly_nl_dump *state,
		    int (*one)(struct sk_buff *skb, struct netlink_callback *cb,
			       struct bfly_switch *sw,
			       struct bfly_nl_dump *state))
{
	/* a zero would switch the check off */
	cb->seq = sw->seq ?: 1;
	if (state->sw_index != sw->dev->ifindex) {
		*state = (struct bfly_nl_dump){ .sw_index = sw->dev->ifindex };
		cb->prev_seq = 0;
	}
	return one(skb, cb, sw, state);
}

int bfly_nl_dump_switches(struct sk_buff *skb, struct netlink_callback *cb,
			  int (*one)(struct sk_buff *skb,
				     struct netlink_callback *cb,
				     struct bfly_switch *sw,
				     struct bfly_nl_dump *state))
{
	struct bfly_nl_dump *state = (struct bfly_nl_dump *)cb->ctx;
	struct nlattr *attr = bfly_nl_dump_attr(cb, BFLY_A_DEV);
	struct net *net = sock_net(skb->sk);
	struct bfly_switch *sw;
	int err = 0;

	BUILD_BUG_ON(sizeof(*state) > sizeof(cb->ctx));
	rtnl_lock();
	if (attr) {
		sw = switch_of_request(net, attr, cb->extack);
		err = IS_ERR(sw) ? PTR_ERR(sw) :
				   dump_one(skb, cb, sw, state, one);
		goto unlock;
	}
	/* switches lie in the order of their index: go on where we were */
	list_for_each_entry(sw, bfly_switches(net), list) {
		if (sw->dev->ifindex < state->sw_index)
			continue;
		err = dump_one(skb, cb, sw, state, one);
		if (err)
			break;
	}
unlock:
	rtnl_unlock();
	/* full is not an error: the next message goes on */
	return err == -EMSGSIZE && skb->len ? skb->len : err;
}

int __init bfly_netlink_init(void)
{
	return genl_register_family(&bfly_nl_family);
}

void bfly_netlink_exit(void)
{
	genl_unregister_family(&bfly_nl_family);
}
