// SPDX-License-Identifier: GPL-2.0
#include "nl_net.h"

#include <net/inet_ecn.h>

#include "encap.h"
#include "net.h"
#include "netlink.h"
#include "too_big.h"

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

static int net_fill(struct sk_buff *skb, struct bfly_switch *sw,
		    const void *obj)
{
	const struct bfly_net *net = obj;

	if (nla_put_u32(skb, BFLY_A_NET_ID, net->id) ||
	    nla_put_u32(skb, BFLY_A_NET_TYPE, BFLY_NET_TYPE_VXLAN) ||
	    nla_put_u32(skb, BFLY_A_NET_VNI, net->vni) ||
	    nla_put_u8(skb, BFLY_A_NET_LEARNING, net->conf.learning) ||
	    nla_put_u32(skb, BFLY_A_NET_AGEING, net->conf.ageing) ||
	    nla_put_u8(skb, BFLY_A_NET_STRICT, net->conf.strict) ||
	    nla_put_u8(skb, BFLY_A_NET_TTL, net->conf.ttl) ||
	    nla_put_u8(skb, BFLY_A_NET_TOS, net->conf.tos) ||
	    nla_put_u32(skb, BFLY_A_NET_CSUM, net->conf.csum) ||
	    nla_put_u32(skb, BFLY_A_NET_MTU, net->conf.mtu) ||
	    nla_put_u32(skb, BFLY_A_NET_PORTS, net->port_count) ||
	    nla_put_u32(skb, BFLY_A_NET_LEARNED, READ_ONCE(net->learned)))
		return -EMSGSIZE;
	return 0;
}

/* Settings of the outer headers and what goes into them. */
static int net_outer(struct genl_info *info, struct bfly_net_conf *conf)
{
	struct nlattr **attrs = info->attrs;

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
	return net_outer(info, conf);
}

static int net_change(struct genl_info *info, struct bfly_net *net,
		      struct bfly_net_conf conf)
{
	int err = net_conf(info, &conf);

	if (err)
		return err;
	bfly_net_set(net, &conf);
	bfly_switch_changed(net->sw);
	bfly_nl_notify(net->sw, BFLY_CMD_NET_NEW_NTF, net_fill, net);
	return 0;
}

static int net_replace(struct genl_info *info, struct bfly_net *net, u32 vni)
{
	if (!bfly_nl_replace(info))
		return bfly_nl_refuse(info, info->attrs[BFLY_A_NET_ID], EEXIST,
				      "net %u exists", net->id);
	if (vni != net->vni)
		return bfly_nl_refuse(info, info->attrs[BFLY_A_NET_VNI], EINVAL,
				      "net %u has VNI %u, which cannot change",
				      net->id, net->vni);
	return net_change(info, net, BFLY_NET_CONF);
}

int bfly_nl_net_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_switch *sw = bfly_nl_switch(info);
	struct bfly_net_conf conf = BFLY_NET_CONF;
	struct bfly_net *net, *other;
	u32 id, vni;
	int err;

	err = bfly_nl_need(info, BFLY_A_NET_ID, "the net's id");
	if (err)
		return err;
	id = nla_get_u32(info->attrs[BFLY_A_NET_ID]);
	vni = info->attrs[BFLY_A_NET_VNI] ?
	      nla_get_u32(info->attrs[BFLY_A_NET_VNI]) : id;
	net = bfly_net_find(sw, id);
	if (net)
		return net_replace(info, net, vni);
	other = bfly_net_find_vni(sw, vni);
	if (other)
		return bfly_nl_refuse(info, info->attrs[BFLY_A_NET_VNI] ?:
				      info->attrs[BFLY_A_NET_ID], EEXIST,
				      "net %u has VNI %u", other->id, vni);
	if (sw->net_count >= BFLY_NET_MAX)
		return bfly_nl_refuse(info, info->attrs[BFLY_A_NET_ID], ENOSPC,
				      "the switch has %u nets, no more fit",
				      sw->net_count);

	err = net_conf(info, &conf);
	if (err)
		return err;
	net = bfly_net_new(sw, id, vni, &conf, info->extack);
	if (IS_ERR(net))
		return PTR_ERR(net);
	bfly_switch_changed(sw);
	bfly_nl_notify(sw, BFLY_CMD_NET_NEW_NTF, net_fill, net);
	return 0;
}

int bfly_nl_net_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_net *net = bfly_nl_net(info, BFLY_A_NET_ID);

	if (IS_ERR(net))
		return PTR_ERR(net);
	return net_change(info, net, net->conf);
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
