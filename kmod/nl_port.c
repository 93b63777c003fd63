// SPDX-License-Identifier: GPL-2.0
#include "nl_port.h"

#include <linux/slab.h>

#include "flow_quota.h"
#include "group.h"
#include "netlink.h"
#include "nl_net.h"
#include "port.h"

static int port_put_lists(struct sk_buff *skb,
			  const struct bfly_port_conf *conf)
{
	unsigned int i;

	for (i = 0; i < conf->mac_count; i++)
		if (nla_put(skb, BFLY_A_PORT_MAC, ETH_ALEN, conf->macs[i]))
			return -EMSGSIZE;
	for (i = 0; i < conf->addr_count; i++)
		if (bfly_prefix_to_nl(skb, BFLY_A_PORT_ADDR, &conf->addrs[i]))
			return -EMSGSIZE;
	for (i = 0; i < conf->set->count; i++)
		if (nla_put_string(skb, BFLY_A_PORT_GROUP,
				   conf->set->groups[i]->name))
			return -EMSGSIZE;
	return 0;
}

static int port_put_conf(struct sk_buff *skb, const struct bfly_port_conf *conf)
{
	if (nla_put_u32(skb, BFLY_A_PORT_NET, conf->net->id) ||
	    port_put_lists(skb, conf) ||
	    nla_put_u8(skb, BFLY_A_PORT_ANTISPOOF, conf->antispoof) ||
	    nla_put_u8(skb, BFLY_A_PORT_BYPASS, conf->bypass) ||
	    nla_put_u8(skb, BFLY_A_PORT_STATELESS, conf->stateless) ||
	    nla_put_u8(skb, BFLY_A_PORT_DHCP_SERVER, conf->dhcp_server) ||
	    nla_put_u32(skb, BFLY_A_PORT_FLOOD_LIMIT, conf->flood_limit) ||
	    nla_put_u32(skb, BFLY_A_PORT_FLOW_MAX, conf->flow_max))
		return -EMSGSIZE;
	if (conf->label[0] &&
	    nla_put_string(skb, BFLY_A_PORT_LABEL, conf->label))
		return -EMSGSIZE;
	return 0;
}

static int port_fill(struct sk_buff *skb, struct bfly_switch *sw,
		     const void *obj)
{
	const struct bfly_port *port = obj;
	const struct bfly_port_conf *conf = rtnl_dereference(port->conf);
	struct bfly_counters sum = {};

	if (nla_put_u32(skb, BFLY_A_PORT_IFINDEX, port->dev->ifindex) ||
	    nla_put_string(skb, BFLY_A_PORT_IFNAME, port->dev->name) ||
	    (conf && port_put_conf(skb, conf)) ||
	    nla_put_u32(skb, BFLY_A_PORT_FLOWS,
			bfly_flow_quota_flows(port->flows)))
		return -EMSGSIZE;
	bfly_counters_add(&sum, port->stats);
	return bfly_nl_put_counters(skb, BFLY_A_PORT_RX_PACKETS, &sum);
}

void bfly_nl_port_notify(const struct bfly_port *port, u8 cmd)
{
	bfly_nl_notify(port->sw, cmd, port_fill, port);
}

/* What a configuration keeps of the port's present one, or of the defaults. */
static void conf_keep_flags(struct bfly_port_conf *conf,
			    const struct bfly_port_conf *base)
{
	conf->antispoof = base ? base->antispoof : true;
	conf->bypass = base && base->bypass;
	conf->stateless = base && base->stateless;
	conf->dhcp_server = base && base->dhcp_server;
	conf->flood_limit = base ? base->flood_limit : 0;
	conf->flow_max = base ? base->flow_max : 0;
	if (base)
		strscpy(conf->label, base->label, sizeof(conf->label));
}

static int conf_flags(struct bfly_port_conf *conf, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;

	if (attrs[BFLY_A_PORT_ANTISPOOF])
		conf->antispoof = nla_get_u8(attrs[BFLY_A_PORT_ANTISPOOF]);
	if (attrs[BFLY_A_PORT_BYPASS])
		conf->bypass = nla_get_u8(attrs[BFLY_A_PORT_BYPASS]);
	if (attrs[BFLY_A_PORT_STATELESS])
		conf->stateless = nla_get_u8(attrs[BFLY_A_PORT_STATELESS]);
	if (attrs[BFLY_A_PORT_DHCP_SERVER])
		conf->dhcp_server = nla_get_u8(attrs[BFLY_A_PORT_DHCP_SERVER]);
	if (attrs[BFLY_A_PORT_FLOOD_LIMIT])
		conf->flood_limit = nla_get_u32(attrs[BFLY_A_PORT_FLOOD_LIMIT]);
	if (attrs[BFLY_A_PORT_FLOW_MAX])
		conf->flow_max = nla_get_u32(attrs[BFLY_A_PORT_FLOW_MAX]);
	if (!attrs[BFLY_A_PORT_LABEL])
		return 0;
	nla_strscpy(conf->label, attrs[BFLY_A_PORT_LABEL], sizeof(conf->label));
	if (strpbrk(conf->label, "\n\t\"\\"))
		return bfly_nl_refuse(info, attrs[BFLY_A_PORT_LABEL], EINVAL,
				      "a label has no quotes, tabs or newlines");
	return 0;
}

/* The MACs of a request that names none; only the host's port has a default. */
static void conf_keep_macs(struct bfly_port_conf *conf, struct genl_info *info,
			   const struct bfly_port_conf *base)
{
	if (base)
		memcpy(conf->macs, base->macs, conf->mac_count * ETH_ALEN);
	else
		ether_addr_copy(conf->macs[0],
				bfly_nl_switch(info)->dev->dev_addr);
}

static int conf_macs(struct bfly_port_conf *conf, struct genl_info *info,
		     const struct bfly_port_conf *base)
{
	const struct nlattr *pos;
	unsigned int i;
	int rem;

	if (!info->attrs[BFLY_A_PORT_MAC]) {
		conf_keep_macs(conf, info, base);
		return 0;
	}
	conf->mac_count = 0;
	bfly_nl_for_each(pos, BFLY_A_PORT_MAC, info, rem) {
		if (!is_valid_ether_addr(nla_data(pos)))
			return bfly_nl_refuse(info, pos, EINVAL,
					      "%pM is not a unicast MAC",
					      nla_data(pos));
		for (i = 0; i < conf->mac_count; i++)
			if (ether_addr_equal_unaligned(conf->macs[i],
						       nla_data(pos)))
				return bfly_nl_refuse(info, pos, EINVAL,
						      "%pM is named twice",
						      nla_data(pos));
		memcpy(conf->macs[conf->mac_count++], nla_data(pos), ETH_ALEN);
	}
	return 0;
}

static int conf_addrs(struct bfly_port_conf *conf, struct genl_info *info,
		      const struct bfly_port_conf *base)
{
	struct bfly_prefix *prefix = conf->addrs;
	const struct nlattr *pos;
	int rem, err;

	if (!info->attrs[BFLY_A_PORT_ADDR]) {
		if (conf->addr_count)
			memcpy(conf->addrs, base->addrs,
			       array_size(conf->addr_count, sizeof(*prefix)));
		return 0;
	}
	bfly_nl_for_each(pos, BFLY_A_PORT_ADDR, info, rem) {
		err = bfly_prefix_from_nl(prefix, pos, info->extack);
		if (err)
			return err;
		if (prefix->len == bfly_addr_bits(&prefix->addr) &&
		    !bfly_addr_is_unicast(&prefix->addr))
			return bfly_nl_refuse(info, pos, EINVAL,
					      "a port's address is not unicast");
		bfly_prefix_canonical(prefix);
		prefix++;
	}
	return 0;
}

/* Lists of @base with the set that the request names instead, if it does. */
static struct bfly_policy_set *conf_set(struct genl_info *info,
					const struct bfly_port_conf *base,
					u32 clear)
{
	unsigned int count = bfly_nl_count(info, BFLY_A_PORT_GROUP);
	struct bfly_switch *sw = bfly_nl_switch(info);
	struct bfly_policy_set *set;
	const struct nlattr *pos;
	unsigned int i = 0;
	const char **names;
	char (*buf)[BFLY_NAME_MAX + 1];
	int rem;

	if (!count && base && !(clear & BFLY_PORT_LIST_GROUP)) {
		base->set->refs++;
		return base->set;
	}
	if (count > BFLY_PORT_GROUP_MAX) {
		NL_SET_ERR_MSG_ATTR_FMT(info->extack,
					info->attrs[BFLY_A_PORT_GROUP],
					"more than %u groups",
					BFLY_PORT_GROUP_MAX);
		return ERR_PTR(-E2BIG);
	}
	names = kcalloc(count, sizeof(*names) + sizeof(*buf), GFP_KERNEL);
	if (!names)
		return ERR_PTR(-ENOMEM);
	buf = (void *)(names + count);
	bfly_nl_for_each(pos, BFLY_A_PORT_GROUP, info, rem) {
		nla_strscpy(buf[i], pos, sizeof(buf[i]));
		names[i] = buf[i];
		i++;
	}
	set = bfly_policy_set_get(sw, names, count, info->extack);
	kfree(names);
	return set;
}

/* Room for the lists of a request, or of @base where it names none. */
static struct bfly_port_conf *conf_alloc(struct genl_info *info,
					 const struct bfly_port_conf *base,
					 u32 clear)
{
	unsigned int macs = bfly_nl_count(info, BFLY_A_PORT_MAC);
	unsigned int addrs = bfly_nl_count(info, BFLY_A_PORT_ADDR);
	struct bfly_port_conf *conf;

	if (!macs)
		macs = base ? base->mac_count : 1;
	if (!addrs && base && !(clear & BFLY_PORT_LIST_ADDR))
		addrs = base->addr_count;
	if (macs > BFLY_PORT_MAC_MAX || addrs > BFLY_PORT_ADDR_MAX) {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "more than %u MACs or %u addresses",
				   BFLY_PORT_MAC_MAX, BFLY_PORT_ADDR_MAX);
		return ERR_PTR(-E2BIG);
	}
	conf = kvzalloc(sizeof(*conf) + addrs * sizeof(*conf->addrs) +
			macs * ETH_ALEN, GFP_KERNEL_ACCOUNT);
	if (!conf)
		return ERR_PTR(-ENOMEM);
	conf->addrs = (void *)(conf + 1);
	conf->addr_count = addrs;
	conf->macs = (void *)(conf->addrs + addrs);
	conf->mac_count = macs;
	return conf;
}

/* A configuration from a request; @base fills in what it leaves out. */
static struct bfly_port_conf *conf_from_request(struct genl_info *info,
						struct bfly_net *net,
						const struct bfly_port_conf *base)
{
	/* attributes past the operation's last one are not there at all */
	struct nlattr *attr = base ? info->attrs[BFLY_A_PORT_CLEAR] : NULL;
	u32 clear = attr ? nla_get_u32(attr) : 0;
	struct bfly_port_conf *conf;
	int err;

	conf = conf_alloc(info, base, clear);
	if (IS_ERR(conf))
		return conf;
	conf->net = net;
	conf_keep_flags(conf, base);
	err = conf_flags(conf, info);
	err = err ?: conf_macs(conf, info, base);
	err = err ?: conf_addrs(conf, info, base);
	if (err)
		goto err_free;
	conf->set = conf_set(info, base, clear);
	if (IS_ERR(conf->set)) {
		err = PTR_ERR(conf->set);
		goto err_free;
	}
	return conf;

err_free:
	kvfree(conf);
	return ERR_PTR(err);
}

static int port_apply(struct genl_info *info, struct bfly_port *port,
		      struct bfly_port_conf *conf)
{
	int err = bfly_port_configure(port, conf, info->extack);

	if (err) {
		bfly_policy_set_put(port->sw, conf->set);
		kvfree(conf);
		return err;
	}
	bfly_nl_port_notify(port, BFLY_CMD_PORT_NEW_NTF);
	return 0;
}

static struct net_device *port_dev(struct genl_info *info)
{
	return bfly_nl_dev(info, BFLY_A_PORT_IFINDEX, "the port's device");
}

/* The port that a request names; @configured ones only, or closed ones too. */
static struct bfly_port *port_of_request(struct genl_info *info,
					 bool configured)
{
	struct net_device *dev = port_dev(info);
	struct bfly_port *port;

	if (IS_ERR(dev))
		return ERR_CAST(dev);
	port = bfly_port_of_dev(dev);
	if (port && port->sw == bfly_nl_switch(info) &&
	    (!configured || rtnl_dereference(port->conf)))
		return port;
	NL_SET_ERR_MSG_ATTR_FMT(info->extack, info->attrs[BFLY_A_PORT_IFINDEX],
				"%s is not a %sport of the switch", dev->name,
				configured ? "configured " : "");
	return ERR_PTR(-ENOENT);
}

/* Enslaves the device first where that was not done, and undoes that again. */
static int port_new(struct genl_info *info, struct net_device *dev,
		    struct bfly_port_conf *conf)
{
	struct bfly_switch *sw = bfly_nl_switch(info);
	struct bfly_port *port = bfly_port_of_dev(dev);
	bool enslave = !port || port->sw != sw;
	int err = 0;

	if (enslave)
		err = dev == sw->dev ?
		      bfly_port_add_host(sw, info->extack) :
		      bfly_port_add(sw, dev, info->extack);
	if (err) {
		bfly_policy_set_put(sw, conf->set);
		kvfree(conf);
		return err;
	}
	port = bfly_port_of_dev(dev);
	err = port_apply(info, port, conf);
	if (err && enslave)
		bfly_port_release(port);
	return err;
}

int bfly_nl_port_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct net_device *dev = port_dev(info);
	struct bfly_port_conf *conf;
	struct bfly_port *port;
	struct bfly_net *net;
	int err;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	port = bfly_port_of_dev(dev);
	if (port && port->sw == bfly_nl_switch(info) &&
	    rtnl_dereference(port->conf) && !bfly_nl_replace(info))
		return bfly_nl_refuse(info, info->attrs[BFLY_A_PORT_IFINDEX],
				      EEXIST, "%s is a port already", dev->name);
	net = bfly_nl_net(info, BFLY_A_PORT_NET);
	if (IS_ERR(net))
		return PTR_ERR(net);
	if (dev != bfly_nl_switch(info)->dev) {
		err = bfly_nl_need(info, BFLY_A_PORT_MAC, "the port's MAC");
		if (err)
			return err;
	}
	conf = conf_from_request(info, net, NULL);
	if (IS_ERR(conf))
		return PTR_ERR(conf);
	return port_new(info, dev, conf);
}

int bfly_nl_port_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_port *port = port_of_request(info, true);
	struct bfly_port_conf *conf, *old;
	struct bfly_net *net;

	if (IS_ERR(port))
		return PTR_ERR(port);
	old = rtnl_dereference(port->conf);
	net = info->attrs[BFLY_A_PORT_NET] ?
	      bfly_nl_net(info, BFLY_A_PORT_NET) : old->net;
	if (IS_ERR(net))
		return PTR_ERR(net);
	conf = conf_from_request(info, net, old);
	if (IS_ERR(conf))
		return PTR_ERR(conf);
	return port_apply(info, port, conf);
}

/*
 * The netdev stays in the switch, closed: no guest frame reaches the host. The
 * host's own port has nothing to keep.
 */
int bfly_nl_port_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_port *port = port_of_request(info, true);

	if (IS_ERR(port))
		return PTR_ERR(port);
	if (port->host) {
		bfly_port_release(port);
		return 0;
	}
	bfly_nl_port_notify(port, BFLY_CMD_PORT_DEL_NTF);
	bfly_port_close(port);
	return 0;
}

int bfly_nl_port_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_port *port = port_of_request(info, false);

	if (IS_ERR(port))
		return PTR_ERR(port);
	return bfly_nl_reply(info, port_fill, port);
}

static bool port_in_net(const struct bfly_port *port, const struct nlattr *net)
{
	const struct bfly_port_conf *conf = rtnl_dereference(port->conf);

	return !net || (conf && conf->net->id == nla_get_u32(net));
}

static int port_dump(struct sk_buff *skb, struct netlink_callback *cb,
		     struct bfly_switch *sw, struct bfly_nl_dump *state)
{
	struct nlattr *net = bfly_nl_dump_attr(cb, BFLY_A_PORT_NET);
	struct bfly_port *port;
	u32 pos = 0;
	int err;

	list_for_each_entry(port, &sw->ports, list) {
		if (pos++ < state->pos || !port_in_net(port, net))
			continue;
		err = bfly_nl_dump_put(skb, cb, BFLY_CMD_PORT_GET, port_fill,
				       sw, port);
		if (err)
			return err;
		state->pos = pos;
	}
	return 0;
}

int bfly_nl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return bfly_nl_dump_switches(skb, cb, port_dump);
}
