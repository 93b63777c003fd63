// SPDX-License-Identifier: GPL-2.0
#include "nl_net.h"

#include "net.h"
#include "netlink.h"
#include "nl_uplink.h"
#include "uplink.h"
#include "vlan.h"

struct bfly_net *bfly_nl_net(struct genl_info *info, int attrtype)
{
	struct bfly_net *net;
	u32 id;
	int err;

	err = bfly_nl_need(info, attrtype, "the net");
	if (err)
		return ERR_PTR(err);
	id = nla_get_u32(info->attrs[attrtype]);
	net = bfly_net_find(bfly_nl_switch(info), id);
	if (net)
		return net;
	NL_SET_ERR_MSG_ATTR_FMT(info->extack, info->attrs[attrtype],
				"there is no net %u", id);
	return ERR_PTR(-ENOENT);
}

static int net_put_uplink(struct sk_buff *skb, const struct bfly_net *net)
{
	const struct bfly_uplink *uplink = rtnl_dereference(net->uplink);

	if (net->vid && nla_put_u16(skb, BFLY_A_NET_VID, net->vid))
		return -EMSGSIZE;
	if (!uplink)
		return 0;
	if (nla_put_u32(skb, BFLY_A_NET_UPLINK, uplink->dev->ifindex))
		return -EMSGSIZE;
	return nla_put_string(skb, BFLY_A_NET_IFNAME, uplink->dev->name);
}

static int net_put_segment(struct sk_buff *skb, const struct bfly_net *net)
{
	if (nla_put_u32(skb, BFLY_A_NET_TYPE, net->type))
		return -EMSGSIZE;
	if (net->type == BFLY_NET_TYPE_VXLAN)
		return nla_put_u32(skb, BFLY_A_NET_VNI, net->vni);
	return net_put_uplink(skb, net);
}

static int net_fill(struct sk_buff *skb, struct bfly_switch *sw,
		    const void *obj)
{
	const struct bfly_net *net = obj;
	struct bfly_counters sum;

	if (nla_put_u32(skb, BFLY_A_NET_ID, net->id) ||
	    net_put_segment(skb, net) ||
	    nla_put_u8(skb, BFLY_A_NET_LEARNING, net->learning) ||
	    nla_put_u32(skb, BFLY_A_NET_AGEING, net->ageing / HZ) ||
	    nla_put_u32(skb, BFLY_A_NET_PORTS, net->port_count) ||
	    nla_put_u32(skb, BFLY_A_NET_LEARNED, READ_ONCE(net->learned)) ||
	    nla_put_u8(skb, BFLY_A_NET_NEIGH_SUPPRESS, net->neigh_suppress) ||
	    nla_put_u32(skb, BFLY_A_NET_UNKNOWN,
			net->unknown_drop ? BFLY_UNKNOWN_DROP :
					    BFLY_UNKNOWN_FLOOD))
		return -EMSGSIZE;
	bfly_net_counters(net, &sum);
	return bfly_nl_put_counters(skb, BFLY_A_NET_RX_PACKETS, &sum);
}

void bfly_nl_net_notify(const struct bfly_net *net)
{
	bfly_nl_notify(net->sw, BFLY_CMD_NET_NEW_NTF, net_fill, net);
}

/* Puts what the request names into @settings. */
static void net_settings(struct genl_info *info,
			 struct bfly_net_settings *settings)
{
	struct nlattr **attrs = info->attrs;

	if (attrs[BFLY_A_NET_LEARNING])
		settings->learning = nla_get_u8(attrs[BFLY_A_NET_LEARNING]);
	if (attrs[BFLY_A_NET_AGEING])
		settings->ageing = nla_get_u32(attrs[BFLY_A_NET_AGEING]);
	if (attrs[BFLY_A_NET_NEIGH_SUPPRESS])
		settings->neigh_suppress =
			nla_get_u8(attrs[BFLY_A_NET_NEIGH_SUPPRESS]);
	if (attrs[BFLY_A_NET_UNKNOWN])
		settings->unknown_drop =
			nla_get_u32(attrs[BFLY_A_NET_UNKNOWN]) ==
			BFLY_UNKNOWN_DROP;
}

/* The settings of a net that the request makes. */
static void net_settings_new(struct genl_info *info,
			     struct bfly_net_settings *settings)
{
	*settings = (struct bfly_net_settings){
		.learning = true,
		.ageing = BFLY_AGEING,
		.neigh_suppress = true,
	};
	net_settings(info, settings);
}

static void net_change(struct bfly_net *net,
		       const struct bfly_net_settings *settings)
{
	bfly_net_set(net, settings);
	bfly_switch_changed(net->sw);
	bfly_nl_net_notify(net);
}

/* Attributes that nets of other types have. */
static int segment_check_type(struct genl_info *info, u8 type)
{
	static const char *const names[] = { "vxlan", "vlan", "flat" };
	struct nlattr **attrs = info->attrs;
	struct nlattr *wrong = NULL;

	if (type != BFLY_NET_TYPE_VXLAN)
		wrong = attrs[BFLY_A_NET_VNI];
	else
		wrong = attrs[BFLY_A_NET_UPLINK];
	if (type != BFLY_NET_TYPE_VLAN && !wrong)
		wrong = attrs[BFLY_A_NET_VID];
	if (!wrong)
		return 0;
	return bfly_nl_refuse(info, wrong, EINVAL, "a net of type %s has no %s",
			      names[type],
			      wrong == attrs[BFLY_A_NET_VNI] ? "VNI" :
			      wrong == attrs[BFLY_A_NET_VID] ? "VLAN id" :
							       "uplink");
}

/* What is to carry a net; whether it is free is not looked at. */
static int segment_from_request(struct genl_info *info,
				struct bfly_segment *segment)
{
	struct nlattr **attrs = info->attrs;
	int err;

	memset(segment, 0, sizeof(*segment));
	if (attrs[BFLY_A_NET_TYPE])
		segment->type = nla_get_u32(attrs[BFLY_A_NET_TYPE]);
	err = segment_check_type(info, segment->type);
	if (err)
		return err;
	if (segment->type == BFLY_NET_TYPE_VXLAN) {
		segment->vni = nla_get_u32(attrs[BFLY_A_NET_VNI] ?:
					   attrs[BFLY_A_NET_ID]);
		return 0;
	}
	segment->uplink = bfly_nl_uplink(info, BFLY_A_NET_UPLINK);
	if (IS_ERR(segment->uplink))
		return PTR_ERR(segment->uplink);
	if (segment->type == BFLY_NET_TYPE_FLAT)
		return 0;
	err = bfly_nl_need(info, BFLY_A_NET_VID, "the VLAN id");
	if (!err)
		segment->vid = nla_get_u16(attrs[BFLY_A_NET_VID]);
	return err;
}

/* That no other net has it. */
static int segment_check_free(struct genl_info *info,
			      const struct bfly_segment *segment)
{
	struct nlattr **attrs = info->attrs;
	const struct bfly_net *other;

	if (segment->type == BFLY_NET_TYPE_VXLAN) {
		other = bfly_net_find_vni(bfly_nl_switch(info), segment->vni);
		if (!other)
			return 0;
		return bfly_nl_refuse(info, attrs[BFLY_A_NET_VNI] ?:
				      attrs[BFLY_A_NET_ID], EEXIST,
				      "net %u has VNI %u", other->id,
				      segment->vni);
	}
	other = bfly_vlan_find(segment->uplink, segment->vid);
	if (!other)
		return 0;
	if (segment->vid)
		return bfly_nl_refuse(info, attrs[BFLY_A_NET_VID], EEXIST,
				      "net %u has VLAN %u of %s", other->id,
				      segment->vid, segment->uplink->dev->name);
	return bfly_nl_refuse(info, attrs[BFLY_A_NET_UPLINK], EEXIST,
			      "net %u is the flat net of %s", other->id,
			      segment->uplink->dev->name);
}

/*
 * A live net stays with what carries it. One that has lost its uplink gets the
 * one that it is told, as NICs come and go.
 */
static int segment_replace(struct genl_info *info, struct bfly_net *net,
			   const struct bfly_segment *segment)
{
	struct nlattr **attrs = info->attrs;
	int err;

	if (segment->type != net->type)
		return bfly_nl_refuse(info, attrs[BFLY_A_NET_TYPE], EINVAL,
				      "the type of net %u cannot change",
				      net->id);
	if (segment->vni != net->vni)
		return bfly_nl_refuse(info, attrs[BFLY_A_NET_VNI], EINVAL,
				      "net %u has VNI %u, which cannot change",
				      net->id, net->vni);
	if (segment->vid != net->vid)
		return bfly_nl_refuse(info, attrs[BFLY_A_NET_VID], EINVAL,
				      "net %u has VLAN %u, which cannot change",
				      net->id, net->vid);
	if (segment->uplink == rtnl_dereference(net->uplink))
		return 0;
	if (rtnl_dereference(net->uplink))
		return bfly_nl_refuse(info, attrs[BFLY_A_NET_UPLINK], EINVAL,
				      "net %u has another uplink, which cannot change",
				      net->id);
	err = segment_check_free(info, segment);
	return err ?: bfly_vlan_attach(net, segment->uplink, info->extack);
}

static int net_replace(struct genl_info *info, struct bfly_net *net,
		       const struct bfly_segment *segment)
{
	struct bfly_net_settings settings;
	int err;

	if (!bfly_nl_replace(info))
		return bfly_nl_refuse(info, info->attrs[BFLY_A_NET_ID], EEXIST,
				      "net %u exists", net->id);
	err = segment_replace(info, net, segment);
	if (err)
		return err;
	net_settings_new(info, &settings);
	net_change(net, &settings);
	return 0;
}

int bfly_nl_net_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_switch *sw = bfly_nl_switch(info);
	struct bfly_net_settings settings;
	struct bfly_segment segment;
	struct bfly_net *net;
	int err;
	u32 id;

	err = bfly_nl_need(info, BFLY_A_NET_ID, "the net's id");
	if (err)
		return err;
	id = nla_get_u32(info->attrs[BFLY_A_NET_ID]);
	err = segment_from_request(info, &segment);
	if (err)
		return err;
	net = bfly_net_find(sw, id);
	if (net)
		return net_replace(info, net, &segment);
	err = segment_check_free(info, &segment);
	if (err)
		return err;
	if (sw->net_count >= BFLY_NET_MAX)
		return bfly_nl_refuse(info, info->attrs[BFLY_A_NET_ID], ENOSPC,
				      "the switch has %u nets, no more fit",
				      sw->net_count);

	net_settings_new(info, &settings);
	net = bfly_net_new(sw, id, &segment, &settings, info->extack);
	if (IS_ERR(net))
		return PTR_ERR(net);
	bfly_switch_changed(sw);
	bfly_nl_net_notify(net);
	return 0;
}

int bfly_nl_net_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_net *net = bfly_nl_net(info, BFLY_A_NET_ID);
	struct bfly_net_settings settings;

	if (IS_ERR(net))
		return PTR_ERR(net);
	bfly_net_settings(net, &settings);
	net_settings(info, &settings);
	net_change(net, &settings);
	return 0;
}

int bfly_nl_net_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_net *net = bfly_nl_net(info, BFLY_A_NET_ID);
	struct bfly_switch *sw = bfly_nl_switch(info);

	if (IS_ERR(net))
		return PTR_ERR(net);
	if (net->port_count)
		return bfly_nl_refuse(info, info->attrs[BFLY_A_NET_ID], EBUSY,
				      "net %u has %u ports", net->id,
				      net->port_count);
	bfly_nl_notify(sw, BFLY_CMD_NET_DEL_NTF, net_fill, net);
	bfly_net_del(net);
	bfly_switch_changed(sw);
	return 0;
}

int bfly_nl_net_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_net *net = bfly_nl_net(info, BFLY_A_NET_ID);

	if (IS_ERR(net))
		return PTR_ERR(net);
	return bfly_nl_reply(info, net_fill, net);
}

static int net_dump(struct sk_buff *skb, struct netlink_callback *cb,
		    struct bfly_switch *sw, struct bfly_nl_dump *state)
{
	struct bfly_net *net;
	int bucket, err;
	u32 pos = 0;

	hash_for_each(sw->nets, bucket, net, id_node) {
		if (pos++ < state->pos)
			continue;
		err = bfly_nl_dump_put(skb, cb, BFLY_CMD_NET_GET, net_fill, sw,
				       net);
		if (err)
			return err;
		state->pos = pos;
	}
	return 0;
}

int bfly_nl_net_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return bfly_nl_dump_switches(skb, cb, net_dump);
}
