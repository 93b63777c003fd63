// SPDX-License-Identifier: GPL-2.0
/* Netlink handlers of security groups. */

#include <linux/mm.h>
#include <linux/rtnetlink.h>

#include "group.h"
#include "netlink.h"
#include "nl_group.h"
#include "switch.h"

static int group_name(struct genl_info *info, char name[BFLY_NAME_MAX + 1])
{
	int err = bfly_nl_need(info, BFLY_A_GROUP_NAME, "name");

	if (err)
		return err;
	return bfly_group_name_from_nl(name, info->attrs[BFLY_A_GROUP_NAME],
				       info->extack);
}

struct bfly_group *bfly_nl_group(struct genl_info *info)
{
	char name[BFLY_NAME_MAX + 1];
	struct bfly_group *group;
	int err;

	err = group_name(info, name);
	if (err)
		return ERR_PTR(err);
	group = bfly_group_find(bfly_nl_switch(info), name);
	if (!group)
		return ERR_PTR(bfly_nl_refuse(info,
					      info->attrs[BFLY_A_GROUP_NAME],
					      ENOENT, "no group %s", name));
	return group;
}

static int group_fill(struct sk_buff *skb, struct bfly_switch *sw,
		      const void *obj)
{
	const struct bfly_group *group = obj;
	const struct bfly_members *members = rtnl_dereference(group->members);

	if (nla_put_string(skb, BFLY_A_GROUP_NAME, group->name) ||
	    nla_put_u8(skb, BFLY_A_GROUP_AUTO, group->automatic) ||
	    nla_put_u32(skb, BFLY_A_GROUP_RULES, group->rules->count) ||
	    nla_put_u32(skb, BFLY_A_GROUP_MEMBERS,
			bfly_members_count(members)) ||
	    nla_put_u32(skb, BFLY_A_GROUP_PORTS, bfly_group_ports(group)))
		return -EMSGSIZE;
	return 0;
}

/* Whether the request asks for automatic members, or @unless it does not say. */
static bool group_auto(const struct genl_info *info, bool unless)
{
	const struct nlattr *attr = info->attrs[BFLY_A_GROUP_AUTO];

	return attr ? nla_get_u8(attr) : unless;
}

/* Makes the group just what the request says. */
static int group_define(struct genl_info *info, struct bfly_group *group)
{
	bool replace = bfly_nl_replace(info);
	struct bfly_rules *rules;
	struct bfly_addr *addrs;
	unsigned int count;
	int err;

	rules = bfly_nl_rules(info, replace);
	if (IS_ERR(rules))
		return PTR_ERR(rules);
	addrs = bfly_nl_members(info, replace, &count);
	if (IS_ERR(addrs)) {
		err = PTR_ERR(addrs);
		goto err_free_rules;
	}
	err = bfly_group_define(group, group_auto(info, true), rules, addrs,
				count);
	kvfree(addrs);
	if (err)
		goto err_free_rules;
	return 0;

err_free_rules:
	bfly_rules_free(rules);
	return err;
}

int bfly_nl_group_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_switch *sw = bfly_nl_switch(info);
	const struct nlattr *attr;
	char name[BFLY_NAME_MAX + 1];
	struct bfly_group *group;
	int err;

	err = group_name(info, name);
	if (err)
		return err;
	attr = info->attrs[BFLY_A_GROUP_NAME];
	group = bfly_group_find(sw, name);
	if (group && !bfly_nl_replace(info))
		return bfly_nl_refuse(info, attr, EEXIST, "group %s exists",
				      name);
	if (!group && sw->group_count >= BFLY_GROUP_MAX)
		return bfly_nl_refuse(info, attr, ENOSPC,
				      "name: the switch has %d groups already",
				      BFLY_GROUP_MAX);
	group = bfly_group_get(sw, name, info->extack);
	if (IS_ERR(group))
		return bfly_nl_result(info, PTR_ERR(group));
	err = group_define(info, group);
	if (!err)
		bfly_nl_notify(sw, BFLY_CMD_GROUP_NEW_NTF, group_fill, group);
	bfly_group_put(group);
	return bfly_nl_result(info, err);
}

int bfly_nl_group_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_group *group = bfly_nl_group(info);
	int err;

	if (IS_ERR(group))
		return PTR_ERR(group);
	err = bfly_group_set_automatic(group,
				       group_auto(info, group->automatic));
	if (!err)
		bfly_nl_notify(group->sw, BFLY_CMD_GROUP_NEW_NTF, group_fill,
			       group);
	return bfly_nl_result(info, err);
}

/* What is left to say of a group that was deleted. */
static int gone_fill(struct sk_buff *skb, struct bfly_switch *sw,
		     const void *obj)
{
	const struct bfly_group *group = obj;

	return nla_put_string(skb, BFLY_A_GROUP_NAME, group->name);
}

int bfly_nl_group_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_group *group = bfly_nl_group(info);
	int err;

	if (IS_ERR(group))
		return PTR_ERR(group);
	bfly_group_hold(group);
	err = bfly_group_undefine(group);
	if (!err)
		bfly_nl_notify(group->sw, BFLY_CMD_GROUP_DEL_NTF, gone_fill,
			       group);
	bfly_group_put(group);
	return bfly_nl_result(info, err);
}

int bfly_nl_group_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_group *group = bfly_nl_group(info);

	if (IS_ERR(group))
		return PTR_ERR(group);
	return bfly_nl_reply(info, group_fill, group);
}

/* ---- dumps ---- */

static int dump_named(struct sk_buff *skb, struct netlink_callback *cb,
		      struct bfly_switch *sw, struct bfly_nl_dump *state,
		      const struct nlattr *attr,
		      int (*one)(struct sk_buff *skb,
				 struct netlink_callback *cb,
				 struct bfly_group *group,
				 struct bfly_nl_dump *state))
{
	char name[BFLY_NAME_MAX + 1];
	struct bfly_group *group;
	int err;

	err = bfly_group_name_from_nl(name, attr, cb->extack);
	if (err)
		return err;
	group = bfly_group_find(sw, name);
	if (group)
		return one(skb, cb, group, state);
	if (state->sub)		/* deleted while it was dumped */
		return 0;
	NL_SET_ERR_MSG_ATTR_FMT(cb->extack, attr, "no group %s", name);
	return -ENOENT;
}

int bfly_nl_dump_groups(struct sk_buff *skb, struct netlink_callback *cb,
			struct bfly_switch *sw, struct bfly_nl_dump *state,
			const struct nlattr *name,
			int (*one)(struct sk_buff *skb,
				   struct netlink_callback *cb,
				   struct bfly_group *group,
				   struct bfly_nl_dump *state))
{
	struct bfly_group *group;
	struct rb_node *node;
	u32 pos = 0;
	int err;

	if (name)
		return dump_named(skb, cb, sw, state, name, one);
	for (node = rb_first(&sw->groups); node; node = rb_next(node)) {
		if (pos++ < state->pos)
			continue;
		group = rb_entry(node, struct bfly_group, node);
		if (group->exists) {
			err = one(skb, cb, group, state);
			if (err)
				return err;
		}
		state->pos = pos;
		state->sub = 0;
	}
	return 0;
}

static int dump_group(struct sk_buff *skb, struct netlink_callback *cb,
		      struct bfly_group *group, struct bfly_nl_dump *state)
{
	return bfly_nl_dump_put(skb, cb, BFLY_CMD_GROUP_GET, group_fill,
				group->sw, group);
}

static int dump_switch(struct sk_buff *skb, struct netlink_callback *cb,
		       struct bfly_switch *sw, struct bfly_nl_dump *state)
{
	return bfly_nl_dump_groups(skb, cb, sw, state, NULL, dump_group);
}

int bfly_nl_group_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return bfly_nl_dump_switches(skb, cb, dump_switch);
}
