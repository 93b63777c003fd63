// SPDX-License-Identifier: GPL-2.0
#include "flow_table.h"
#include "group.h"
#include "judge.h"
#include "netlink.h"
#include "nl_group.h"
#include "pool.h"
#include "port.h"

static_assert(BFLY_A_FLOW_OUT_RULE - BFLY_A_FLOW_OUT == 2);
static_assert(BFLY_A_FLOW_IN_RULE - BFLY_A_FLOW_IN == 2);

static int put_ip(struct sk_buff *skb, int type, const struct bfly_key *key,
		  const struct in6_addr *ip)
{
	return nla_put(skb, type, key->family == AF_INET ? 4 : 16, ip);
}

/* The key as the flow's first packet had it. */
static int flow_put_key(struct sk_buff *skb, const struct bfly_flow *flow)
{
	const struct bfly_key *key = &flow->key;
	bool s = flow->swapped;

	if (key->net && nla_put_u32(skb, BFLY_A_FLOW_NET, key->net))
		return -EMSGSIZE;
	if (nla_put_u8(skb, BFLY_A_FLOW_PROTO, key->proto) ||
	    put_ip(skb, BFLY_A_FLOW_SRC, key, s ? &key->dst : &key->src) ||
	    put_ip(skb, BFLY_A_FLOW_DST, key, s ? &key->src : &key->dst) ||
	    nla_put_u16(skb, BFLY_A_FLOW_SPORT,
			ntohs(s ? key->dport : key->sport)) ||
	    nla_put_u16(skb, BFLY_A_FLOW_DPORT,
			ntohs(s ? key->sport : key->dport)))
		return -EMSGSIZE;
	return 0;
}

static int flow_put_counts(struct sk_buff *skb, const struct bfly_flow *flow)
{
	const struct bfly_flow_count *count = flow->count;

	if (nla_put_uint(skb, BFLY_A_FLOW_PACKETS,
			 READ_ONCE(count[0].packets)) ||
	    nla_put_uint(skb, BFLY_A_FLOW_BYTES, READ_ONCE(count[0].bytes)))
		return -EMSGSIZE;
	if (!flow->key.net)
		return 0;
	if (nla_put_uint(skb, BFLY_A_FLOW_REPLY_PACKETS,
			 READ_ONCE(count[1].packets)) ||
	    nla_put_uint(skb, BFLY_A_FLOW_REPLY_BYTES,
			 READ_ONCE(count[1].bytes)))
		return -EMSGSIZE;
	return 0;
}

static int flow_put_backend(struct sk_buff *skb, const struct bfly_flow *flow)
{
	const struct bfly_backend *backend;

	if (flow->key.net)
		return 0;
	backend = READ_ONCE(flow->backend);
	if (nla_put_string(skb, BFLY_A_FLOW_POOL, backend->pool->name))
		return -EMSGSIZE;
	return bfly_addr_to_nl(skb, BFLY_A_FLOW_BACKEND, &backend->addr);
}

static int flow_fill(struct sk_buff *skb, struct bfly_switch *sw,
		     const void *obj)
{
	const struct bfly_flow *flow = obj;
	s32 left = READ_ONCE(flow->expires) - (u32)jiffies;

	if (flow_put_key(skb, flow) ||
	    nla_put_u32(skb, BFLY_A_FLOW_STATE, READ_ONCE(flow->state)) ||
	    nla_put_u32(skb, BFLY_A_FLOW_EXPIRES, max(left, 0) / HZ) ||
	    flow_put_backend(skb, flow) || flow_put_counts(skb, flow))
		return -EMSGSIZE;
	return 0;
}

/*
 * The port that packets of one direction come from and those of the other go to,
 * or NULL. What a path points to may be gone, so the net's ports are compared
 * with it and nothing is followed.
 */
static const struct bfly_port *flow_end(const struct bfly_net *net,
					const struct bfly_flow *flow, int dir)
{
	const struct bfly_port *in = READ_ONCE(flow->path[dir].in);
	const struct bfly_hop *hop = READ_ONCE(flow->path[!dir].hop);
	const struct bfly_port *port;

	list_for_each_entry(port, &net->ports, net_list)
		if (port == in || &port->hop == hop)
			return port;
	return NULL;
}

/* Put what allows a flow at one end; attributes follow each other from @first. */
static int put_allowed(struct sk_buff *skb, int first,
		       const struct bfly_policy_set *set, enum bfly_drop drop,
		       const struct bfly_rule *rule)
{
	u32 allowed = rule ? BFLY_ALLOWED_RULE :
		      drop ? BFLY_ALLOWED_NONE : BFLY_ALLOWED_DEFAULT;
	const struct bfly_group *group;

	if (nla_put_u32(skb, first, allowed))
		return -EMSGSIZE;
	group = rule ? bfly_policy_set_owner(set, rule) : NULL;
	if (!group)
		return 0;
	return nla_put_string(skb, first + 1, group->name) ?:
	       bfly_nl_put_rule(skb, first + 2, rule);
}

static int flow_put_end(struct sk_buff *skb, const struct bfly_net *net,
			const struct bfly_flow *flow, int dir,
			const struct bfly_key *key)
{
	const struct bfly_port *port = flow_end(net, flow, dir);
	const struct bfly_port_conf *conf;
	struct bfly_rule *rule;
	enum bfly_drop drop;

	conf = port ? rtnl_dereference(port->conf) : NULL;
	if (bfly_conf_open(conf))
		return 0;
	drop = dir ? bfly_judge_begin_in(conf, key, &rule) :
		     bfly_judge_begin_out(conf, key, &rule);
	return put_allowed(skb, dir ? BFLY_A_FLOW_IN : BFLY_A_FLOW_OUT,
			   conf->set, drop, rule);
}

static int flow_fill_details(struct sk_buff *skb, struct bfly_switch *sw,
			     const void *obj)
{
	const struct bfly_flow *flow = obj;
	struct bfly_key key = flow->key;
	const struct bfly_net *net;

	if (flow_fill(skb, sw, obj))
		return -EMSGSIZE;
	net = key.net ? bfly_net_find(sw, key.net) : NULL;
	if (!net)
		return 0;
	if (flow->swapped)
		bfly_key_reverse(&key);
	return flow_put_end(skb, net, flow, 0, &key) ?:
	       flow_put_end(skb, net, flow, 1, &key);
}

/* ---- which flows are meant ---- */

static int filter_net(struct bfly_switch *sw, const struct nlattr *attr,
		      struct bfly_flow_filter *filter,
		      struct netlink_ext_ack *extack)
{
	filter->net = nla_get_u32(attr);
	if (bfly_net_find(sw, filter->net))
		return 0;
	NL_SET_ERR_MSG_ATTR_FMT(extack, attr, "there is no net %u",
				filter->net);
	return -ENOENT;
}

/* From the netdev's index. */
static int filter_port(struct bfly_switch *sw, const struct nlattr *attr,
		       struct bfly_flow_filter *filter,
		       struct netlink_ext_ack *extack)
{
	struct net_device *dev = __dev_get_by_index(dev_net(sw->dev),
						    nla_get_u32(attr));

	filter->port = dev ? bfly_port_of_dev(dev) : NULL;
	if (filter->port && filter->port->sw == sw)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "not a port of the switch");
	return -ENOENT;
}

static int filter_ends(struct nlattr **attrs, struct bfly_flow_filter *filter,
		       struct netlink_ext_ack *extack)
{
	const struct nlattr *src = attrs[BFLY_A_FLOW_SRC_PREFIX];
	const struct nlattr *dst = attrs[BFLY_A_FLOW_DST_PREFIX];
	int err = 0;

	if (src)
		err = bfly_prefix_from_nl(&filter->src, src, extack);
	if (!err && dst)
		err = bfly_prefix_from_nl(&filter->dst, dst, extack);
	if (err)
		return err;
	if (!src || !dst || filter->src.addr.family == filter->dst.addr.family)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, dst, "dst: not of the family of src");
	return -EINVAL;
}

/* From the attributes of a request or dump. Context: RTNL. */
static int flow_filter(struct bfly_switch *sw, struct nlattr **attrs,
		       struct bfly_flow_filter *filter,
		       struct netlink_ext_ack *extack)
{
	int err = 0;

	if (attrs[BFLY_A_FLOW_NET])
		err = filter_net(sw, attrs[BFLY_A_FLOW_NET], filter, extack);
	if (!err && attrs[BFLY_A_FLOW_PORT])
		err = filter_port(sw, attrs[BFLY_A_FLOW_PORT], filter, extack);
	if (err)
		return err;
	filter->by_proto = attrs[BFLY_A_FLOW_PROTO];
	if (filter->by_proto)
		filter->proto = nla_get_u8(attrs[BFLY_A_FLOW_PROTO]);
	filter->by_state = attrs[BFLY_A_FLOW_STATE];
	if (filter->by_state)
		filter->state = nla_get_u32(attrs[BFLY_A_FLOW_STATE]);
	return filter_ends(attrs, filter, extack);
}

/* ---- operations ---- */

static bool flow_told(const struct bfly_flow *flow,
		      const struct bfly_flow_filter *filter)
{
	return (s32)(READ_ONCE(flow->expires) - (u32)jiffies) > 0 &&
	       bfly_flow_matches(flow, filter);
}

static int flow_dump_bucket(struct sk_buff *skb, struct netlink_callback *cb,
			    struct bfly_switch *sw, struct bfly_nl_dump *state,
			    const struct bfly_flow_filter *filter,
			    bfly_nl_fill_t fill)
{
	const struct bfly_flow *flow;
	int err;

	for (flow = rcu_dereference(sw->flows->buckets[state->pos]); flow;
	     flow = rcu_dereference(flow->next)) {
		if (flow->seq < state->sub || !flow_told(flow, filter))
			continue;
		err = bfly_nl_dump_put(skb, cb, BFLY_CMD_FLOW_GET, fill, sw,
				       flow);
		if (err)
			return err;
		state->sub = flow->seq + 1;
	}
	return 0;
}

static int flow_dump(struct sk_buff *skb, struct netlink_callback *cb,
		     struct bfly_switch *sw, struct bfly_nl_dump *state)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct bfly_flow_filter filter = {};
	bfly_nl_fill_t fill = flow_fill;
	int err = 0;

	if (attrs)
		err = flow_filter(sw, attrs, &filter, cb->extack);
	if (attrs && nla_get_flag(attrs[BFLY_A_FLOW_DETAILS]))
		fill = flow_fill_details;
	while (!err && state->pos <= sw->flows->mask) {
		rcu_read_lock();
		err = flow_dump_bucket(skb, cb, sw, state, &filter, fill);
		rcu_read_unlock();
		if (err)
			break;
		state->pos++;
		state->sub = 0;
		cond_resched();
	}
	return err;
}

int bfly_nl_flow_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return bfly_nl_dump_switches(skb, cb, flow_dump);
}

static int flow_fill_deleted(struct sk_buff *skb, struct bfly_switch *sw,
			     const void *obj)
{
	return nla_put_uint(skb, BFLY_A_FLOW_DELETED, *(const u32 *)obj);
}

int bfly_nl_flow_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_switch *sw = bfly_nl_switch(info);
	struct bfly_flow_filter filter = {};
	u32 deleted;
	int err;

	err = flow_filter(sw, info->attrs, &filter, info->extack);
	if (err)
		return err;
	deleted = bfly_flow_flush(sw, &filter);
	return bfly_nl_reply(info, flow_fill_deleted, &deleted);
}

static u32 flow_count(const struct bfly_switch *sw,
		      const struct bfly_flow_filter *filter)
{
	const struct bfly_flow *flow;
	u32 bucket, count = 0;

	for (bucket = 0; bucket <= sw->flows->mask; bucket++) {
		rcu_read_lock();
		for (flow = rcu_dereference(sw->flows->buckets[bucket]); flow;
		     flow = rcu_dereference(flow->next))
			count += flow_told(flow, filter);
		rcu_read_unlock();
		cond_resched();
	}
	return count;
}

static int flow_fill_count(struct sk_buff *skb, struct bfly_switch *sw,
			   const void *obj)
{
	return nla_put_uint(skb, BFLY_A_FLOW_COUNT, *(const u32 *)obj);
}

int bfly_nl_flow_count_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_switch *sw = bfly_nl_switch(info);
	struct bfly_flow_filter filter = {};
	u32 count;
	int err;

	err = flow_filter(sw, info->attrs, &filter, info->extack);
	if (err)
		return err;
	count = flow_count(sw, &filter);
	return bfly_nl_reply(info, flow_fill_count, &count);
}
