// SPDX-License-Identifier: GPL-2.0
#include "nl_net.h"

#include <net/inet_ecn.h>

#include "encap.h"
#include "net.h"
#include "netlink.h"
#include "nl_uplink.h"
#include "too_big.h"
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

static int net_put_mcast(struct sk_buff *skb, const struct bfly_net *net)
{
	const struct bfly_mcast *mcast = rtnl_dereference(net->mcast);

	if (!mcast)
		return 0;
	if (bfly_addr_to_nl(skb, BFLY_A_NET_MCAST, &mcast->vtep.addr) ||
	    nla_put_u32(skb, BFLY_A_NET_VIA, mcast->dev->ifindex))
		return -EMSGSIZE;
	return nla_put_string(skb, BFLY_A_NET_VIA_IFNAME, mcast->dev->name);
}

static int net_put_tunnel(struct sk_buff *skb, const struct bfly_net *net)
{
	if (nla_put_u32(skb, BFLY_A_NET_VNI, net->vni) ||
	    nla_put_u8(skb, BFLY_A_NET_STRICT, net->conf.strict) ||
	    nla_put_u8(skb, BFLY_A_NET_TOS, net->conf.tos) ||
	    nla_put_u32(skb, BFLY_A_NET_CSUM, net->conf.csum) ||
	    nla_put_u32(skb, BFLY_A_NET_MTU, net->conf.mtu))
		return -EMSGSIZE;
	if (net->conf.ttl != BFLY_TTL_AUTO &&
	    nla_put_u8(skb, BFLY_A_NET_TTL, net->conf.ttl))
		return -EMSGSIZE;
	return net_put_mcast(skb, net);
}

static int net_put_segment(struct sk_buff *skb, const struct bfly_net *net)
{
	if (nla_put_u32(skb, BFLY_A_NET_TYPE, net->type))
		return -EMSGSIZE;
	if (net->type == BFLY_NET_TYPE_VXLAN)
		return net_put_tunnel(skb, net);
	return net_put_uplink(skb, net);
}

static int net_fill(struct sk_buff *skb, struct bfly_switch *sw,
		    const void *obj)
{
	const struct bfly_net *net = obj;
	struct bfly_counters sum;

	if (nla_put_u32(skb, BFLY_A_NET_ID, net->id) ||
	    net_put_segment(skb, net) ||
	    nla_put_u8(skb, BFLY_A_NET_LEARNING, net->conf.learning) ||
	    nla_put_u32(skb, BFLY_A_NET_AGEING, net->conf.ageing) ||
	    nla_put_u32(skb, BFLY_A_NET_PORTS, net->port_count) ||
	    nla_put_u32(skb, BFLY_A_NET_LEARNED, READ_ONCE(net->learned)) ||
	    nla_put_u8(skb, BFLY_A_NET_NEIGH_SUPPRESS,
		       net->conf.neigh_suppress) ||
	    nla_put_u32(skb, BFLY_A_NET_UNKNOWN,
			net->conf.unknown_drop ? BFLY_UNKNOWN_DROP :
					    BFLY_UNKNOWN_FLOOD))
		return -EMSGSIZE;
	bfly_net_counters(net, &sum);
	return bfly_nl_put_counters(skb, BFLY_A_NET_RX_PACKETS, &sum);
}

void bfly_nl_net_notify(const struct bfly_net *net)
{
	bfly_nl_notify(net->sw, BFLY_CMD_NET_NEW_NTF, net_fill, net);
}

/* Whether a request takes a setting away, which it then may not give. */
static bool is_cleared(const struct genl_info *info, u32 what)
{
	const struct nlattr *clear = info->attrs[BFLY_A_NET_CLEAR];

	return clear && nla_get_u32(clear) & what;
}

/* The multicast group that a request names; else it stays as it is in @at. */
static int net_mcast(struct genl_info *info, struct bfly_mcast_at *at)
{
	struct nlattr *group = info->attrs[BFLY_A_NET_MCAST];
	struct nlattr *via = info->attrs[BFLY_A_NET_VIA];
	const char *why;
	int err;

	if (is_cleared(info, BFLY_NET_CLEAR_MCAST)) {
		memset(at, 0, sizeof(*at));
		if (group || via)
			return bfly_nl_refuse(info, group ?: via, EINVAL,
					      "a multicast group is both given and taken away");
		return 0;
	}
	if (!group && !via)
		return 0;
	err = bfly_nl_need(info, BFLY_A_NET_MCAST,
			   "the multicast group (mcast)") ?:
	      bfly_addr_from_nl(&at->addr, group, info->extack);
	if (err)
		return err;
	why = bfly_mcast_refuse_addr(&at->addr);
	if (why)
		return bfly_nl_refuse(info, group, EINVAL, "%s", why);
	at->dev = bfly_nl_dev(info, BFLY_A_NET_VIA,
			      "the multicast group's device (via)");
	if (IS_ERR(at->dev))
		return PTR_ERR(at->dev);
	why = bfly_mcast_refuse_dev(at->dev);
	if (why)
		return bfly_nl_refuse(info, via, EINVAL,
				      "groups cannot be joined on %s", why);
	return 0;
}

/* Settings of the outer headers and what goes into them. */
static int net_outer(struct genl_info *info, struct bfly_net_conf *conf)
{
	struct nlattr **attrs = info->attrs;

	if (is_cleared(info, BFLY_NET_CLEAR_TTL)) {
		conf->ttl = BFLY_TTL_AUTO;
		if (attrs[BFLY_A_NET_TTL])
			return bfly_nl_refuse(info, attrs[BFLY_A_NET_TTL], EINVAL,
					      "an outer TTL is both given and taken away");
	}
	if (attrs[BFLY_A_NET_TTL])
		conf->ttl = nla_get_u8(attrs[BFLY_A_NET_TTL]);
	if (attrs[BFLY_A_NET_TOS])
		conf->tos = nla_get_u8(attrs[BFLY_A_NET_TOS]);
	if (attrs[BFLY_A_NET_CSUM])
		conf->csum = nla_get_u32(attrs[BFLY_A_NET_CSUM]);
	if (attrs[BFLY_A_NET_MTU])
		conf->mtu = nla_get_u32(attrs[BFLY_A_NET_MTU]);
	if (conf->mtu && conf->mtu < BFLY_MTU_MIN4)
		return bfly_nl_refuse(info, attrs[BFLY_A_NET_MTU], EINVAL,
				      "an mtu is %d or more",
				      BFLY_MTU_MIN4);
	if (conf->tos != BFLY_TOS_INHERIT && conf->tos & INET_ECN_MASK)
		return bfly_nl_refuse(info, attrs[BFLY_A_NET_TOS], EINVAL,
				      "the two lower bits of tos are ECN's");
	return 0;
}

/* The settings that a request names; the others stay as they are in @conf. */
static int net_conf(struct genl_info *info, struct bfly_net_conf *conf)
{
	struct nlattr **attrs = info->attrs;

	if (attrs[BFLY_A_NET_LEARNING])
		conf->learning = nla_get_u8(attrs[BFLY_A_NET_LEARNING]);
	if (attrs[BFLY_A_NET_AGEING])
		conf->ageing = nla_get_u32(attrs[BFLY_A_NET_AGEING]);
	if (attrs[BFLY_A_NET_STRICT])
		conf->strict = nla_get_u8(attrs[BFLY_A_NET_STRICT]);
	if (attrs[BFLY_A_NET_NEIGH_SUPPRESS])
		conf->neigh_suppress =
			nla_get_u8(attrs[BFLY_A_NET_NEIGH_SUPPRESS]);
	if (attrs[BFLY_A_NET_UNKNOWN])
		conf->unknown_drop =
			nla_get_u32(attrs[BFLY_A_NET_UNKNOWN]) ==
			BFLY_UNKNOWN_DROP;
	return net_outer(info, conf);
}

static void net_change(struct bfly_net *net, const struct bfly_net_conf *conf)
{
	bfly_net_set(net, conf);
	bfly_switch_changed(net->sw);
	bfly_nl_net_notify(net);
}

/* Attributes that nets of other types have. */
static int check_type(struct genl_info *info, u8 type)
{
	static const char *const types[] = { "vxlan", "vlan", "flat" };
	static const struct {
		u8 attr;
		u8 types;	/* bits of those that have it */
		const char *name;
	} some[] = {
		{ BFLY_A_NET_VNI, BIT(BFLY_NET_TYPE_VXLAN), "VNI" },
		{ BFLY_A_NET_STRICT, BIT(BFLY_NET_TYPE_VXLAN), "peers" },
		{ BFLY_A_NET_TTL, BIT(BFLY_NET_TYPE_VXLAN), "outer TTL" },
		{ BFLY_A_NET_TOS, BIT(BFLY_NET_TYPE_VXLAN), "outer DSCP" },
		{ BFLY_A_NET_CSUM, BIT(BFLY_NET_TYPE_VXLAN), "outer checksum" },
		{ BFLY_A_NET_MTU, BIT(BFLY_NET_TYPE_VXLAN), "tunnels to limit" },
		{ BFLY_A_NET_MCAST, BIT(BFLY_NET_TYPE_VXLAN), "multicast group" },
		{ BFLY_A_NET_VIA, BIT(BFLY_NET_TYPE_VXLAN), "multicast group" },
		{ BFLY_A_NET_CLEAR, BIT(BFLY_NET_TYPE_VXLAN),
		  "multicast group or outer TTL" },
		{ BFLY_A_NET_VID, BIT(BFLY_NET_TYPE_VLAN), "VLAN id" },
		{ BFLY_A_NET_UPLINK, BIT(BFLY_NET_TYPE_VLAN) |
				     BIT(BFLY_NET_TYPE_FLAT), "uplink" },
	};
	const struct nlattr *attr;
	int i;

	for (i = 0; i < ARRAY_SIZE(some); i++) {
		attr = info->attrs[some[i].attr];
		if (attr && !(some[i].types & BIT(type)))
			return bfly_nl_refuse(info, attr, EINVAL,
					      "a net of type %s has no %s",
					      types[type], some[i].name);
	}
	return 0;
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
	err = check_type(info, segment->type);
	if (err)
		return err;
	if (segment->type == BFLY_NET_TYPE_VXLAN) {
		segment->vni = nla_get_u32(attrs[BFLY_A_NET_VNI] ?:
					   attrs[BFLY_A_NET_ID]);
		return net_mcast(info, &segment->mcast);
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
 * A live net stays with what carries it, but for its group. One that has lost its
 * uplink gets the one that it is told, as NICs come and go.
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
	if (net->type == BFLY_NET_TYPE_VXLAN)
		return bfly_net_set_mcast(net, &segment->mcast, info->extack);
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
	struct bfly_net_conf conf = BFLY_NET_CONF;
	int err;

	if (!bfly_nl_replace(info))
		return bfly_nl_refuse(info, info->attrs[BFLY_A_NET_ID], EEXIST,
				      "net %u exists", net->id);
	err = net_conf(info, &conf) ?: segment_replace(info, net, segment);
	if (err)
		return err;
	net_change(net, &conf);
	return 0;
}

int bfly_nl_net_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_switch *sw = bfly_nl_switch(info);
	struct bfly_net_conf conf = BFLY_NET_CONF;
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

	err = net_conf(info, &conf);
	if (err)
		return err;
	net = bfly_net_new(sw, id, &segment, &conf, info->extack);
	if (IS_ERR(net))
		return PTR_ERR(net);
	bfly_switch_changed(sw);
	bfly_nl_net_notify(net);
	return 0;
}

int bfly_nl_net_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_net *net = bfly_nl_net(info, BFLY_A_NET_ID);
	struct bfly_mcast_at mcast;
	struct bfly_net_conf conf;
	int err;

	if (IS_ERR(net))
		return PTR_ERR(net);
	conf = net->conf;
	mcast = bfly_net_mcast_at(net);
	err = check_type(info, net->type) ?: net_conf(info, &conf);
	err = err ?: net_mcast(info, &mcast);
	err = err ?: bfly_net_set_mcast(net, &mcast, info->extack);
	if (err)
		return err;
	net_change(net, &conf);
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

int bfly_nl_dump_nets(struct sk_buff *skb, struct netlink_callback *cb,
		      struct bfly_switch *sw, struct bfly_nl_dump *state,
		      const struct nlattr *id,
		      int (*one)(struct sk_buff *skb,
				 struct netlink_callback *cb,
				 struct bfly_net *net,
				 struct bfly_nl_dump *state))
{
	struct bfly_net *net;
	int bucket, err;
	u32 pos = 0;

	hash_for_each(sw->nets, bucket, net, id_node) {
		if (id && net->id != nla_get_u32(id))
			continue;
		if (pos++ < state->pos)
			continue;
		err = one(skb, cb, net, state);
		if (err)
			return err;
		*state = (struct bfly_nl_dump){
			.sw_index = state->sw_index,
			.pos = pos,
		};
	}
	return 0;
}

int bfly_nl_net_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return bfly_nl_dump_switches(skb, cb, net_dump);
}
