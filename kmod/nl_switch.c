// SPDX-License-Identifier: GPL-2.0
#include <net/addrconf.h>

#include "flow.h"
#include "frag.h"
#include "host.h"
#include "mcast.h"
#include "netlink.h"
#include "pool.h"
#include "socket.h"
#include "vtep.h"
#include "xdp.h"

static int switch_put_local(struct sk_buff *skb, const struct bfly_switch *sw)
{
	if (sw->underlay.local4 &&
	    nla_put_in_addr(skb, BFLY_A_SWITCH_LOCAL, sw->underlay.local4))
		return -EMSGSIZE;
	if (ipv6_addr_any(&sw->underlay.local6))
		return 0;
	return nla_put_in6_addr(skb, BFLY_A_SWITCH_LOCAL, &sw->underlay.local6);
}

static int switch_put_timeouts(struct sk_buff *skb,
			       const struct bfly_switch *sw)
{
	int i;

	for (i = 0; i < BFLY_TIMEOUT_COUNT; i++)
		if (nla_put_u32(skb, BFLY_A_SWITCH_TIMEOUT_TCP_NEW + i,
				sw->timeouts[i]))
			return -EMSGSIZE;
	return 0;
}

static int switch_fill(struct sk_buff *skb, struct bfly_switch *sw,
		       const void *obj)
{
	if (nla_put_string(skb, BFLY_A_SWITCH_IFNAME, sw->dev->name) ||
	    switch_put_local(skb, sw) ||
	    nla_put_u16(skb, BFLY_A_SWITCH_DSTPORT, sw->underlay.port) ||
	    nla_put_u32(skb, BFLY_A_SWITCH_FLOW_MAX, sw->flow_max) ||
	    nla_put_u32(skb, BFLY_A_SWITCH_FDB_MAX, sw->fdb_max) ||
	    nla_put_u32(skb, BFLY_A_SWITCH_FRAG_MAX, sw->frag_max) ||
	    switch_put_timeouts(skb, sw) ||
	    nla_put_uint(skb, BFLY_A_SWITCH_FLOWS, bfly_flow_entries(sw)) ||
	    nla_put_u32(skb, BFLY_A_SWITCH_FRAGS_WAITING,
			READ_ONCE(sw->frags->held)) ||
	    nla_put_u32(skb, BFLY_A_SWITCH_NETS, sw->net_count) ||
	    nla_put_u32(skb, BFLY_A_SWITCH_PORTS, sw->port_count) ||
	    nla_put_u32(skb, BFLY_A_SWITCH_GROUPS, sw->group_count) ||
	    nla_put_u32(skb, BFLY_A_SWITCH_POOLS, sw->pool_count) ||
	    nla_put_u32(skb, BFLY_A_SWITCH_SERVICES, sw->service_count) ||
	    nla_put_u32(skb, BFLY_A_SWITCH_XDP_SUPPORT, bfly_xdp_support()))
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

static int underlay_parse(struct genl_info *info, struct bfly_underlay *underlay)
{
	const struct nlattr *clear = info->attrs[BFLY_A_SWITCH_CLEAR];
	const struct nlattr *pos;
	struct bfly_addr addr;
	int rem, err;

	if (info->attrs[BFLY_A_SWITCH_DSTPORT])
		underlay->port = nla_get_u16(info->attrs[BFLY_A_SWITCH_DSTPORT]);
	if (!info->attrs[BFLY_A_SWITCH_LOCAL] &&
	    !(clear && nla_get_u32(clear) & BFLY_SWITCH_LIST_LOCAL))
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

static int underlay_apply(struct bfly_switch *sw,
			  const struct bfly_underlay *underlay,
			  struct netlink_ext_ack *extack)
{
	int err;

	if (underlay->local4 == sw->underlay.local4 &&
	    ipv6_addr_equal(&underlay->local6, &sw->underlay.local6) &&
	    underlay->port == sw->underlay.port)
		return 0;
	if (bfly_sockets_are_open(sw)) {
		err = bfly_sockets_move(sw, underlay, extack);
		if (err)
			return err;
	} else {
		sw->underlay = *underlay;
	}
	bfly_vteps_forget(sw, NULL);
	bfly_mcasts_forget(sw, NULL);
	bfly_host_update_mtu_soon(sw);
	bfly_pools_forget(sw, NULL);
	return 0;
}

static void timeouts_apply(struct bfly_switch *sw, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs + BFLY_A_SWITCH_TIMEOUT_TCP_NEW;
	int i;

	for (i = 0; i < BFLY_TIMEOUT_COUNT; i++)
		if (attrs[i])
			WRITE_ONCE(sw->timeouts[i], nla_get_u32(attrs[i]));
}

int bfly_nl_switch_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_switch *sw = bfly_nl_switch(info);
	struct bfly_underlay underlay = sw->underlay;
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
	if (info->attrs[BFLY_A_SWITCH_FRAG_MAX])
		WRITE_ONCE(sw->frag_max,
			   nla_get_u32(info->attrs[BFLY_A_SWITCH_FRAG_MAX]));
	timeouts_apply(sw, info);
	bfly_switch_changed(sw);
	return 0;
}
