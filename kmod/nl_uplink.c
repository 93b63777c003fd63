// SPDX-License-Identifier: GPL-2.0
/* Netlink handlers of uplinks. */
#include "nl_uplink.h"

#include "netlink.h"
#include "uplink.h"
#include "xdp.h"

static int uplink_fill(struct sk_buff *skb, struct bfly_switch *sw,
		       const void *obj)
{
	const struct bfly_uplink *uplink = obj;

	if (nla_put_u32(skb, BFLY_A_UPLINK_IFINDEX, uplink->dev->ifindex) ||
	    nla_put_string(skb, BFLY_A_UPLINK_IFNAME, uplink->dev->name) ||
	    nla_put_u32(skb, BFLY_A_UPLINK_XDP_SUPPORT, bfly_xdp_support()))
		return -EMSGSIZE;
	return 0;
}

void bfly_nl_uplink_notify(const struct bfly_uplink *uplink, u8 cmd)
{
	bfly_nl_notify(uplink->sw, cmd, uplink_fill, uplink);
}

struct bfly_uplink *bfly_nl_uplink(struct genl_info *info, int attrtype)
{
	struct net_device *dev = bfly_nl_dev(info, attrtype, "the uplink");
	struct bfly_uplink *uplink;

	if (IS_ERR(dev))
		return ERR_CAST(dev);
	uplink = bfly_uplink_of_dev(dev);
	if (!uplink || uplink->sw != bfly_nl_switch(info))
		return ERR_PTR(bfly_nl_refuse(info, info->attrs[attrtype],
					      ENOENT,
					      "%s is no uplink of the switch",
					      dev->name));
	return uplink;
}

int bfly_nl_uplink_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_switch *sw = bfly_nl_switch(info);
	struct net_device *dev = bfly_nl_dev(info, BFLY_A_UPLINK_IFINDEX,
					     "the uplink");
	struct bfly_uplink *uplink;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	uplink = bfly_uplink_of_dev(dev);
	if (uplink && uplink->sw == sw) {
		if (bfly_nl_replace(info))
			return 0;
		return bfly_nl_refuse(info, info->attrs[BFLY_A_UPLINK_IFINDEX],
				      EEXIST, "%s is an uplink already",
				      dev->name);
	}
	/* the reasons of the refusals below are about the device */
	NL_SET_BAD_ATTR(info->extack, info->attrs[BFLY_A_UPLINK_IFINDEX]);
	uplink = bfly_uplink_add(sw, dev, info->extack);
	if (IS_ERR(uplink))
		return PTR_ERR(uplink);
	bfly_nl_uplink_notify(uplink, BFLY_CMD_UPLINK_NEW_NTF);
	return 0;
}

int bfly_nl_uplink_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_uplink *uplink = bfly_nl_uplink(info, BFLY_A_UPLINK_IFINDEX);

	if (IS_ERR(uplink))
		return PTR_ERR(uplink);
	if (uplink->net_count)
		return bfly_nl_refuse(info, info->attrs[BFLY_A_UPLINK_IFINDEX],
				      EBUSY, "%s carries %u nets",
				      uplink->dev->name, uplink->net_count);
	bfly_uplink_release(uplink);
	return 0;
}

int bfly_nl_uplink_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_uplink *uplink = bfly_nl_uplink(info, BFLY_A_UPLINK_IFINDEX);

	if (IS_ERR(uplink))
		return PTR_ERR(uplink);
	return bfly_nl_reply(info, uplink_fill, uplink);
}

static int dump_switch(struct sk_buff *skb, struct netlink_callback *cb,
		       struct bfly_switch *sw, struct bfly_nl_dump *state)
{
	struct bfly_uplink *uplink;
	u32 pos = 0;
	int err;

	list_for_each_entry(uplink, &sw->uplinks, list) {
		if (pos++ < state->pos)
			continue;
		err = bfly_nl_dump_put(skb, cb, BFLY_CMD_UPLINK_GET,
				       uplink_fill, sw, uplink);
		if (err)
			return err;
		state->pos = pos;
	}
	return 0;
}

int bfly_nl_uplink_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return bfly_nl_dump_switches(skb, cb, dump_switch);
}
