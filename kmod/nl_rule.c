// SPDX-License-Identifier: GPL-2.0
/* Netlink handlers of the rules of security groups. */

#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "group.h"
#include "netlink.h"
#include "nl_group.h"
#include "switch.h"

static bool proto_has_ports(u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP ||
	       proto == IPPROTO_SCTP;
}

static bool proto_is_icmp(u8 proto)
{
	return proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6;
}

/* ---- reading ---- */

static int ports_from_nl(struct bfly_rule *rule, struct nlattr **tb,
			 struct genl_info *info)
{
	u32 service = rule->first & ~0xffffU;
	u16 min, max;

	if (!tb[BFLY_A_RULE_PORT_MIN])
		return bfly_nl_refuse(info, tb[BFLY_A_RULE_PORT_MAX], EINVAL,
				      "port-max: not without port-min");
	if (!proto_has_ports(service >> 16))
		return bfly_nl_refuse(info, tb[BFLY_A_RULE_PORT_MIN], EINVAL,
				      "port-min: only with proto tcp, udp or sctp");
	min = nla_get_u16(tb[BFLY_A_RULE_PORT_MIN]);
	max = min;
	if (tb[BFLY_A_RULE_PORT_MAX])
		max = nla_get_u16(tb[BFLY_A_RULE_PORT_MAX]);
	if (min > max)
		return bfly_nl_refuse(info, tb[BFLY_A_RULE_PORT_MAX], EINVAL,
				      "port-max: less than port-min");
	rule->first = service | min;
	rule->last = service | max;
	return 0;
}

static int icmp_from_nl(struct bfly_rule *rule, struct nlattr **tb,
			struct genl_info *info)
{
	u32 service = rule->first & ~0xffffU;

	if (!tb[BFLY_A_RULE_ICMP_TYPE])
		return bfly_nl_refuse(info, tb[BFLY_A_RULE_ICMP_CODE], EINVAL,
				      "icmp-code: not without icmp-type");
	if (!proto_is_icmp(service >> 16))
		return bfly_nl_refuse(info, tb[BFLY_A_RULE_ICMP_TYPE], EINVAL,
				      "icmp-type: only with proto icmp or icmpv6");
	service |= nla_get_u8(tb[BFLY_A_RULE_ICMP_TYPE]) << 8;
	rule->first = service;
	rule->last = service | 0xff;
	if (tb[BFLY_A_RULE_ICMP_CODE]) {
		rule->first |= nla_get_u8(tb[BFLY_A_RULE_ICMP_CODE]);
		rule->last = rule->first;
	}
	return 0;
}

static int service_from_nl(struct bfly_rule *rule, struct nlattr **tb,
			   struct genl_info *info)
{
	int type;

	if (!tb[BFLY_A_RULE_PROTO]) {
		for (type = BFLY_A_RULE_PORT_MIN; type <= BFLY_A_RULE_ICMP_CODE;
		     type++)
			if (tb[type])
				return bfly_nl_refuse(info, tb[type], EINVAL,
						      "rule: ports and icmp types need proto");
		rule->first = 0;
		rule->last = BFLY_SERVICE_ANY_MAX;
		return 0;
	}
	rule->first = nla_get_u8(tb[BFLY_A_RULE_PROTO]) << 16;
	rule->last = rule->first | 0xffff;
	if (tb[BFLY_A_RULE_PORT_MIN] || tb[BFLY_A_RULE_PORT_MAX]) {
		if (tb[BFLY_A_RULE_ICMP_TYPE] || tb[BFLY_A_RULE_ICMP_CODE])
			return bfly_nl_refuse(info, tb[BFLY_A_RULE_PROTO],
					      EINVAL,
					      "rule: ports and icmp types exclude each other");
		return ports_from_nl(rule, tb, info);
	}
	if (tb[BFLY_A_RULE_ICMP_TYPE] || tb[BFLY_A_RULE_ICMP_CODE])
		return icmp_from_nl(rule, tb, info);
	return 0;
}

static int prefix_from_nl(struct bfly_rule *rule, const struct nlattr *attr,
			  struct genl_info *info)
{
	u32 proto = rule->first >> 16;
	bool any = rule->last == BFLY_SERVICE_ANY_MAX;
	int err;

	err = bfly_prefix_from_nl(&rule->remote, attr, info->extack);
	if (err)
		return err;
	bfly_prefix_canonical(&rule->remote);
	if (any)
		return 0;
	if (proto == IPPROTO_ICMP && rule->remote.addr.family == AF_INET6)
		return bfly_nl_refuse(info, attr, EINVAL,
				      "remote: icmp is for IPv4, icmpv6 for IPv6");
	if (proto == IPPROTO_ICMPV6 && rule->remote.addr.family == AF_INET)
		return bfly_nl_refuse(info, attr, EINVAL,
				      "remote: icmpv6 is for IPv6, icmp for IPv4");
	return 0;
}

static int remote_from_nl(struct bfly_rule *rule, struct nlattr **tb,
			  struct genl_info *info)
{
	const struct nlattr *attr = tb[BFLY_A_RULE_REMOTE_GROUP];
	char name[BFLY_NAME_MAX + 1];
	struct bfly_group *group;
	int err;

	if (tb[BFLY_A_RULE_REMOTE] && attr)
		return bfly_nl_refuse(info, attr, EINVAL,
				      "remote-group: not together with remote");
	if (tb[BFLY_A_RULE_REMOTE])
		return prefix_from_nl(rule, tb[BFLY_A_RULE_REMOTE], info);
	if (!attr)
		return 0;
	err = bfly_group_name_from_nl(name, attr, info->extack);
	if (err)
		return err;
	group = bfly_group_get(bfly_nl_switch(info), name, info->extack);
	if (IS_ERR(group))
		return PTR_ERR(group);
	rule->group = group;
	return 0;
}

/* The kernel's parser takes the last of two; here that is a mistake. */
static int refuse_doubles(const struct nlattr *nest, struct genl_info *info)
{
	const struct nlattr *attr;
	unsigned long seen = 0;
	int rem;

	nla_for_each_nested(attr, nest, rem) {
		if (seen & BIT(nla_type(attr)))
			return bfly_nl_refuse(info, attr, EINVAL,
					      "rule: an attribute is given twice");
		seen |= BIT(nla_type(attr));
	}
	return 0;
}

static int rule_from_nl(struct bfly_rule *rule, const struct nlattr *nest,
			struct genl_info *info)
{
	struct nlattr *tb[BFLY_A_RULE_MAX + 1];
	int err;

	err = nla_parse_nested(tb, BFLY_A_RULE_MAX, nest, bfly_rule_nl_policy,
			       info->extack);
	if (!err)
		err = refuse_doubles(nest, info);
	if (err)
		return err;
	if (!tb[BFLY_A_RULE_DIRECTION]) {
		NL_SET_ERR_ATTR_MISS(info->extack, nest, BFLY_A_RULE_DIRECTION);
		return bfly_nl_refuse(info, nest, EINVAL,
				      "rule: direction is missing");
	}
	rule->direction = nla_get_u32(tb[BFLY_A_RULE_DIRECTION]);
	err = service_from_nl(rule, tb, info);
	if (err)
		return err;
	return remote_from_nl(rule, tb, info);
}

static int rules_read(struct bfly_rules *rules, struct genl_info *info)
{
	const struct nlattr *attr;
	struct bfly_rule *rule;
	int err, rem;

	bfly_nl_for_each(attr, BFLY_A_GROUP_RULE, info, rem) {
		rule = kzalloc(sizeof(*rule), GFP_KERNEL_ACCOUNT);
		if (!rule)
			return -ENOMEM;
		rule->index = rules->count++;
		rules->rule[rule->index] = rule;
		err = rule_from_nl(rule, attr, info);
		if (err)
			return err;
		if (!(rule->index % 256))
			cond_resched();
	}
	return bfly_rules_sort(rules->rule, rules->count);
}

/* The attribute that a rule of the request came from. */
static const struct nlattr *rule_attr(const struct bfly_rule *rule,
				      struct genl_info *info)
{
	const struct nlattr *attr;
	u32 index = 0;
	int rem;

	bfly_nl_for_each(attr, BFLY_A_GROUP_RULE, info, rem)
		if (index++ == rule->index)
			return attr;
	return NULL;
}

static int rules_distinct(struct bfly_rules *rules, struct genl_info *info,
			  bool doubles)
{
	unsigned int i, count = rules->count;
	struct bfly_rule *rule;

	if (!doubles) {
		for (i = 1; i < count; i++)
			if (!bfly_rule_cmp(rules->rule[i - 1], rules->rule[i]))
				return bfly_nl_refuse(info,
						      rule_attr(rules->rule[i],
								info),
						      EINVAL,
						      "rule: the request has it twice");
		return 0;
	}
	rules->count = 0;
	for (i = 0; i < count; i++) {
		rule = rules->rule[i];
		if (rules->count &&
		    !bfly_rule_cmp(rules->rule[rules->count - 1], rule))
			bfly_rule_free(rule);
		else
			rules->rule[rules->count++] = rule;
	}
	return 0;
}

struct bfly_rules *bfly_nl_rules(struct genl_info *info, bool doubles)
{
	unsigned int count = bfly_nl_count(info, BFLY_A_GROUP_RULE);
	struct bfly_rules *rules;
	int err;

	if (count > BFLY_RULE_MAX)
		return ERR_PTR(bfly_nl_refuse(info,
					      info->attrs[BFLY_A_GROUP_RULE],
					      ENOSPC,
					      "rule: a group has at most %d",
					      BFLY_RULE_MAX));
	rules = bfly_rules_alloc(count);
	if (!rules)
		return ERR_PTR(bfly_nl_result(info, -ENOMEM));
	err = rules_read(rules, info);
	if (!err)
		err = rules_distinct(rules, info, doubles);
	if (err) {
		bfly_rules_free(rules);
		return ERR_PTR(bfly_nl_result(info, err));
	}
	return rules;
}

/* ---- writing ---- */

/* A rule and the group that it is in. */
struct rule_in {
	const struct bfly_group *group;
	const struct bfly_rule *rule;
};

static int service_to_nl(struct sk_buff *skb, const struct bfly_rule *rule)
{
	u8 proto = rule->first >> 16;
	u16 first = rule->first;
	u16 last = rule->last;

	if (rule->last == BFLY_SERVICE_ANY_MAX)
		return 0;
	if (nla_put_u8(skb, BFLY_A_RULE_PROTO, proto))
		return -EMSGSIZE;
	if (first == 0 && last == 0xffff)
		return 0;
	if (!proto_is_icmp(proto))
		return nla_put_u16(skb, BFLY_A_RULE_PORT_MIN, first) ?:
		       nla_put_u16(skb, BFLY_A_RULE_PORT_MAX, last);
	if (nla_put_u8(skb, BFLY_A_RULE_ICMP_TYPE, first >> 8))
		return -EMSGSIZE;
	return first == last ? nla_put_u8(skb, BFLY_A_RULE_ICMP_CODE,
					  first & 0xff) : 0;
}

static int remote_to_nl(struct sk_buff *skb, const struct bfly_rule *rule)
{
	if (rule->group)
		return nla_put_string(skb, BFLY_A_RULE_REMOTE_GROUP,
				      rule->group->name);
	if (rule->remote.addr.family == AF_UNSPEC)
		return 0;
	return bfly_prefix_to_nl(skb, BFLY_A_RULE_REMOTE, &rule->remote);
}

int bfly_nl_put_rule(struct sk_buff *skb, int type,
		     const struct bfly_rule *rule)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest || nla_put_u32(skb, BFLY_A_RULE_DIRECTION, rule->direction) ||
	    service_to_nl(skb, rule) || remote_to_nl(skb, rule))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int rule_fill(struct sk_buff *skb, struct bfly_switch *sw,
		     const void *obj)
{
	const struct rule_in *in = obj;

	return nla_put_string(skb, BFLY_A_GROUP_NAME, in->group->name) ?:
	       bfly_nl_put_rule(skb, BFLY_A_GROUP_RULE, in->rule);
}

static int rule_fill_hits(struct sk_buff *skb, struct bfly_switch *sw,
			  const void *obj)
{
	const struct rule_in *in = obj;

	return rule_fill(skb, sw, obj) ?:
	       nla_put_uint(skb, BFLY_A_GROUP_HITS,
			    atomic64_read(&in->rule->hits));
}

static void rules_notify(const struct bfly_group *group, u8 cmd,
			 const struct bfly_rules *rules)
{
	struct rule_in in = { .group = group };
	unsigned int i;

	for (i = 0; i < rules->count; i++) {
		in.rule = rules->rule[i];
		bfly_nl_notify(group->sw, cmd, rule_fill, &in);
		cond_resched();
	}
}

/* ---- changing ---- */

/* Refuses rules that are there, or leaves them out when that is not minded. */
static int only_new(struct bfly_rules *rules, const struct bfly_rules *old,
		    struct genl_info *info)
{
	unsigned int i, count = rules->count;
	struct bfly_rule *rule;

	if (!bfly_nl_replace(info)) {
		for (i = 0; i < count; i++)
			if (bfly_rules_find(old, rules->rule[i]))
				return bfly_nl_refuse(info,
						      rule_attr(rules->rule[i],
								info),
						      EEXIST,
						      "rule: exists already");
		return 0;
	}
	rules->count = 0;
	for (i = 0; i < count; i++) {
		rule = rules->rule[i];
		if (bfly_rules_find(old, rule))
			bfly_rule_free(rule);
		else
			rules->rule[rules->count++] = rule;
	}
	return 0;
}

/* Makes @rules the group's, besides those it has. */
static int rules_add(struct bfly_group *group, const struct bfly_rules *rules,
		     struct genl_info *info)
{
	const struct bfly_rules *old = group->rules;
	struct bfly_rules *all;
	int err;

	if (old->count + rules->count > BFLY_RULE_MAX)
		return bfly_nl_refuse(info, info->attrs[BFLY_A_GROUP_RULE],
				      ENOSPC, "rule: a group has at most %d",
				      BFLY_RULE_MAX);
	all = bfly_rules_alloc(old->count + rules->count);
	if (!all)
		return -ENOMEM;
	all->count = old->count + rules->count;
	memcpy(all->rule, old->rule, old->count * sizeof(all->rule[0]));
	memcpy(all->rule + old->count, rules->rule,
	       rules->count * sizeof(all->rule[0]));
	err = bfly_rules_sort(all->rule, all->count);
	if (!err)
		err = bfly_group_set_rules(group, all);
	if (err)
		kvfree(all);
	return err;
}

int bfly_nl_rule_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_group *group = bfly_nl_group(info);
	struct bfly_rules *rules;
	int err;

	if (IS_ERR(group))
		return PTR_ERR(group);
	err = bfly_nl_need(info, BFLY_A_GROUP_RULE, "rule");
	if (err)
		return err;
	rules = bfly_nl_rules(info, bfly_nl_replace(info));
	if (IS_ERR(rules))
		return PTR_ERR(rules);
	err = only_new(rules, group->rules, info);
	if (!err && rules->count)
		err = rules_add(group, rules, info);
	if (err) {
		bfly_rules_free(rules);
		return bfly_nl_result(info, err);
	}
	rules_notify(group, BFLY_CMD_RULE_NEW_NTF, rules);
	kvfree(rules);	/* the rules are the group's now */
	return 0;
}

/* Takes @rules, which the group has, away from it. */
static int rules_remove(struct bfly_group *group, const struct bfly_rules *rules)
{
	const struct bfly_rules *old = group->rules;
	struct bfly_rules *left, *gone;
	int err = -ENOMEM;
	unsigned int i;

	left = bfly_rules_alloc(old->count - rules->count);
	gone = bfly_rules_alloc(rules->count);
	if (!left || !gone)
		goto err_free_arrays;
	for (i = 0; i < old->count; i++) {
		if (bfly_rules_find(rules, old->rule[i]))
			gone->rule[gone->count++] = old->rule[i];
		else
			left->rule[left->count++] = old->rule[i];
	}
	err = bfly_group_set_rules(group, left);
	if (err)
		goto err_free_arrays;
	bfly_rules_free(gone);
	return 0;

err_free_arrays:
	kvfree(left);
	kvfree(gone);
	return err;
}

int bfly_nl_rule_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_group *group = bfly_nl_group(info);
	struct bfly_rules *rules;
	unsigned int i;
	int err;

	if (IS_ERR(group))
		return PTR_ERR(group);
	err = bfly_nl_need(info, BFLY_A_GROUP_RULE, "rule");
	if (err)
		return err;
	rules = bfly_nl_rules(info, false);
	if (IS_ERR(rules))
		return PTR_ERR(rules);
	for (i = 0; !err && i < rules->count; i++)
		if (!bfly_rules_find(group->rules, rules->rule[i]))
			err = bfly_nl_refuse(info,
					     rule_attr(rules->rule[i], info),
					     ENOENT,
					     "rule: no such rule in the group");
	if (!err)
		err = rules_remove(group, rules);
	if (!err)
		rules_notify(group, BFLY_CMD_RULE_DEL_NTF, rules);
	bfly_rules_free(rules);
	return bfly_nl_result(info, err);
}

/* ---- dump ---- */

static int dump_group(struct sk_buff *skb, struct netlink_callback *cb,
		      struct bfly_group *group, struct bfly_nl_dump *state)
{
	struct rule_in in = { .group = group };
	int err;

	while (state->sub < group->rules->count) {
		in.rule = group->rules->rule[state->sub];
		err = bfly_nl_dump_put(skb, cb, BFLY_CMD_RULE_GET,
				       rule_fill_hits, group->sw, &in);
		if (err)
			return err;
		state->sub++;
	}
	return 0;
}

static int dump_switch(struct sk_buff *skb, struct netlink_callback *cb,
		       struct bfly_switch *sw, struct bfly_nl_dump *state)
{
	return bfly_nl_dump_groups(skb, cb, sw, state,
				   bfly_nl_dump_attr(cb, BFLY_A_GROUP_NAME),
				   dump_group);
}

int bfly_nl_rule_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return bfly_nl_dump_switches(skb, cb, dump_switch);
}
