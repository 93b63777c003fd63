// SPDX-License-Identifier: GPL-2.0
#include <net/addrconf.h>

#include "flow.h"
#include "netlink.h"
#include "pool.h"
#include "vxlan.h"

static int switch_put_local(struct sk_buff *skb, const struct bfly_switch *sw)
{
	if (sw->local4 &&
	    nla_put_in_addr(skb, BFLY_A_SWITCH_LOCAL, sw->local4))
		return -EMSGSIZE;
	if (ipv6_addr_any(&sw->local6))
		return 0;
	return nla_put_in6_addr(skb, BFLY_A_SWITCH_LOCAL, &sw->local6);
}

static int switch_fill(struct sk_buff *skb, struct bfly_switch *sw,
		       const void *obj)
{
	if (nla_put_string(skb, BFLY_A_SWITCH_IFNAME, sw->dev->name) ||
	    switch_put_local(skb, sw) ||
	    nla_put_u16(skb, BFLY_A_SWITCH_DSTPORT, sw->vxlan_port) ||
	    nla_put_u32(skb, BFLY_A_SWITCH_FLOW_MAX, sw->flow_max) ||
	    nla_put_u32(skb, BFLY_A_SWITCH_FDB_MAX, sw->fdb_max) ||
	    nla_put_uint(skb, BFLY_A_SWITCH_FLOWS, bfly_flow_entries(sw)) ||
	    nla_put_u32(skb, BFLY_A_SWITCH_NETS, sw->net_count) ||
	    nla_put_u32(skb, BFLY_A_SWITCH_PORTS, sw->port_count) ||
	    nla_put_u32(skb, BFLY_A_SWITCH_GROUPS, sw->group_count) ||
	    nla_put_u32(skb, BFLY_A_SWITCH_POOLS, sw->pool_count) ||
	    nla_put_u32(skb, BFLY_A_SWITCH_SERVICES, sw->service_count))
		return -EMSGSIZE;
	return 0;
}

int bfly_nl_switch_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return bfly_nl_reply(info, switch_fill, NULL);
}

static int switch_dump(struct sk_buff *skb, struct netlink_callback *cb,
		       struct bfly_switch *sw, struct bfly_nl_dump *state)
{
	int err;

	if (state->pos)
		return 0;
	err = bfly_nl_dump_put(skb, cb, BFLY_CMD_SWITCH_GET, switch_fill, sw,
			       NULL);
	if (!err)
		state->pos = 1;
	return err;
}

int bfly_nl_switch_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return bfly_nl_dump_switches(skb, cb, switch_dump);
}

/**
 * struct underlay - where a switch's tunnels end
 * @local4: as in struct bfly_switch
 * @local6: likewise
 * @port: likewise
 */
struct underlay {
	__be32 local4;
	struct in6_addr local6;
	u16 port;
};

static int underlay_parse(struct genl_info *info, struct underlay *underlay)
{
	const struct nlattr *pos;
	struct bfly_addr addr;
	int rem, err;

	if (info->attrs[BFLY_A_SWITCH_DSTPORT])
		underlay->port = nla_get_u16(info->attrs[BFLY_A_SWITCH_DSTPORT]);
	if (!info->attrs[BFLY_A_SWITCH_LOCAL])
		return 0;

	underlay->local4 = 0;
	underlay->local6 = in6addr_any;
	bfly_nl_for_each(pos, BFLY_A_SWITCH_LOCAL, info, rem) {
		err = bfly_addr_from_nl(&addr, pos, info->extack);
		if (err)
			return err;
		if (!bfly_addr_is_unicast(&addr))
			return bfly_nl_refuse(info, pos, EINVAL,
					      "local address is not unicast");
		if (addr.family == AF_INET ? underlay->local4 != 0 :
		    !ipv6_addr_any(&underlay->local6))
			return bfly_nl_refuse(info, pos, EINVAL,
					      "more than one local address of a family");
		if (addr.family == AF_INET)
			underlay->local4 = addr.ip4;
		else
			underlay->local6 = addr.ip6;
	}
	return 0;
}

static void underlay_swap(struct bfly_switch *sw, struct underlay *underlay)
{
	swap(sw->local4, underlay->local4);
	swap(sw->local6, underlay->local6);
	swap(sw->vxlan_port, underlay->port);
}

/* Sockets that are open move; if they cannot, they are what they were. */
static int underlay_apply(struct bfly_switch *sw, struct underlay *underlay,
			  struct netlink_ext_ack *extack)
{
	bool open = bfly_vxlan_is_open(sw);
	int err;

	if (underlay->local4 == sw->local4 &&
	    ipv6_addr_equal(&underlay->local6, &sw->local6) &&
	    underlay->port == sw->vxlan_port)
		return 0;
	if (!open) {
		underlay_swap(sw, underlay);
		bfly_pools_forget(sw, NULL);
		return 0;
	}
	bfly_vxlan_close(sw);
	underlay_swap(sw, underlay);
	bfly_vteps_changed(sw);
	bfly_pools_forget(sw, NULL);
	err = bfly_vxlan_open(sw, extack);
	if (!err)
		return 0;
	underlay_swap(sw, underlay);
	bfly_pools_forget(sw, NULL);
	bfly_vteps_changed(sw);
	/* where they were a moment ago */
	if (bfly_vxlan_open(sw, NULL))
		netdev_err(sw->dev, "cannot open the sockets again\n");
	return err;
}

int bfly_nl_switch_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_switch *sw = bfly_nl_switch(info);
	struct underlay underlay = {
		.local4 = sw->local4,
		.local6 = sw->local6,
		.port = sw->vxlan_port,
	};
	int err;

	err = underlay_parse(info, &underlay);
	if (err)
		return err;
	err = underlay_apply(sw, &underlay, info->extack);
	if (err)
		return err;
	if (info->attrs[BFLY_A_SWITCH_FLOW_MAX])
		WRITE_ONCE(sw->flow_max,
			   nla_get_u32(info->attrs[BFLY_A_SWITCH_FLOW_MAX]));
	if (info->attrs[BFLY_A_SWITCH_FDB_MAX])
		WRITE_ONCE(sw->fdb_max,
			   nla_get_u32(info->attrs[BFLY_A_SWITCH_FDB_MAX]));
	bfly_switch_changed(sw);
	return 0;
}
