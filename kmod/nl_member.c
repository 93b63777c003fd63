// SPDX-License-Identifier: GPL-2.0
/* Netlink handlers of the explicit members of security groups. */

#include <linux/mm.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "group.h"
#include "netlink.h"
#include "nl_group.h"
#include "switch.h"

/* ---- reading ---- */

static int cmp_addr(const void *a, const void *b)
{
	const struct bfly_addr *x = a, *y = b;

	if (x->family != y->family)
		return x->family < y->family ? -1 : 1;
	return memcmp(&x->ip6, &y->ip6, sizeof(x->ip6));
}

/* Sorts the addresses and leaves one of each. */
static unsigned int make_distinct(struct bfly_addr *addrs, unsigned int count)
{
	unsigned int i, distinct = 0;

	sort(addrs, count, sizeof(*addrs), cmp_addr, NULL);
	for (i = 0; i < count; i++)
		if (!distinct || cmp_addr(&addrs[distinct - 1], &addrs[i]))
			addrs[distinct++] = addrs[i];
	return distinct;
}

static int read_addrs(struct genl_info *info, struct bfly_addr *addrs)
{
	const struct nlattr *attr;
	int err, rem;

	bfly_nl_for_each(attr, BFLY_A_GROUP_MEMBER, info, rem) {
		err = bfly_addr_from_nl(addrs++, attr, info->extack);
		if (err)
			return err;
	}
	return 0;
}

struct bfly_addr *bfly_nl_members(struct genl_info *info, bool doubles,
				  unsigned int *count)
{
	const struct nlattr *attr = info->attrs[BFLY_A_GROUP_MEMBER];
	unsigned int all = bfly_nl_count(info, BFLY_A_GROUP_MEMBER);
	struct bfly_addr *addrs;
	int err;

	if (all > BFLY_MEMBER_MAX)
		return ERR_PTR(bfly_nl_refuse(info, attr, ENOSPC,
					      "member: a group has at most %d",
					      BFLY_MEMBER_MAX));
	/* one more, so that none is no special case */
	addrs = kvcalloc(all + 1, sizeof(*addrs), GFP_KERNEL);
	if (!addrs)
		return ERR_PTR(bfly_nl_result(info, -ENOMEM));
	err = read_addrs(info, addrs);
	if (err)
		goto err_free_addrs;
	*count = make_distinct(addrs, all);
	if (*count != all && !doubles) {
		err = bfly_nl_refuse(info, attr, EINVAL,
				     "member: the request has one twice");
		goto err_free_addrs;
	}
	return addrs;

err_free_addrs:
	kvfree(addrs);
	return ERR_PTR(err);
}

/* ---- writing ---- */

/* A member and the group that it is in. */
struct member_in {
	const struct bfly_group *group;
	struct bfly_addr addr;
};

static int member_fill(struct sk_buff *skb, struct bfly_switch *sw,
		       const void *obj)
{
	const struct member_in *in = obj;

	if (nla_put_string(skb, BFLY_A_GROUP_NAME, in->group->name))
		return -EMSGSIZE;
	return bfly_addr_to_nl(skb, BFLY_A_GROUP_MEMBER, &in->addr);
}

static void members_notify(const struct bfly_group *group, u8 cmd,
			   const struct bfly_addr *addrs, unsigned int count)
{
	struct member_in in = { .group = group };
	unsigned int i;

	for (i = 0; i < count; i++) {
		in.addr = addrs[i];
		bfly_nl_notify(group->sw, cmd, member_fill, &in);
		cond_resched();
	}
}

/* ---- changing ---- */

/* Refuses members that are there, or leaves them out if that is not minded. */
static int only_new(const struct bfly_members *members, struct bfly_addr *addrs,
		    unsigned int *count, struct genl_info *info)
{
	unsigned int i, left = 0;

	for (i = 0; i < *count; i++) {
		if (!bfly_members_have(members, &addrs[i]))
			addrs[left++] = addrs[i];
		else if (!bfly_nl_replace(info))
			return bfly_nl_refuse(info,
					      info->attrs[BFLY_A_GROUP_MEMBER],
					      EEXIST,
					      "member: exists already");
	}
	*count = left;
	if (bfly_members_count(members) + left > BFLY_MEMBER_MAX)
		return bfly_nl_refuse(info, info->attrs[BFLY_A_GROUP_MEMBER],
				      ENOSPC, "member: a group has at most %d",
				      BFLY_MEMBER_MAX);
	return 0;
}

/*
 * Adds one after the other to the table that packets look into: what was added
 * before memory ran out goes again, and so do flows that it let in.
 */
static int members_add(struct bfly_group *group, const struct bfly_addr *addrs,
		       unsigned int count)
{
	struct bfly_members *members = rtnl_dereference(group->members);
	unsigned int i;
	int err = 0;

	for (i = 0; i < count; i++) {
		err = bfly_members_add(members, &addrs[i]);
		if (err)
			break;
		cond_resched();
	}
	while (err && i)
		bfly_members_del(members, &addrs[--i]);
	bfly_group_members_changed(group);
	if (!err)
		bfly_switch_changed(group->sw);
	return err;
}

int bfly_nl_member_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_group *group = bfly_nl_group(info);
	struct bfly_addr *addrs;
	unsigned int count;
	int err;

	if (IS_ERR(group))
		return PTR_ERR(group);
	err = bfly_nl_need(info, BFLY_A_GROUP_MEMBER, "member");
	if (err)
		return err;
	addrs = bfly_nl_members(info, bfly_nl_replace(info), &count);
	if (IS_ERR(addrs))
		return PTR_ERR(addrs);
	err = only_new(rtnl_dereference(group->members), addrs, &count, info);
	if (!err && count)
		err = members_add(group, addrs, count);
	if (!err)
		members_notify(group, BFLY_CMD_MEMBER_NEW_NTF, addrs, count);
	kvfree(addrs);
	return bfly_nl_result(info, err);
}

static int members_remove(struct bfly_group *group,
			  const struct bfly_addr *addrs, unsigned int count,
			  struct genl_info *info)
{
	struct bfly_members *members = rtnl_dereference(group->members);
	unsigned int i;

	for (i = 0; i < count; i++)
		if (!bfly_members_have(members, &addrs[i]))
			return bfly_nl_refuse(info,
					      info->attrs[BFLY_A_GROUP_MEMBER],
					      ENOENT,
					      "member: no such member in the group");
	for (i = 0; i < count; i++) {
		bfly_members_del(members, &addrs[i]);
		cond_resched();
	}
	bfly_group_members_changed(group);
	bfly_switch_changed(group->sw);
	return 0;
}

int bfly_nl_member_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_group *group = bfly_nl_group(info);
	struct bfly_addr *addrs;
	unsigned int count;
	int err;

	if (IS_ERR(group))
		return PTR_ERR(group);
	err = bfly_nl_need(info, BFLY_A_GROUP_MEMBER, "member");
	if (err)
		return err;
	addrs = bfly_nl_members(info, false, &count);
	if (IS_ERR(addrs))
		return PTR_ERR(addrs);
	err = members_remove(group, addrs, count, info);
	if (!err)
		members_notify(group, BFLY_CMD_MEMBER_DEL_NTF, addrs, count);
	kvfree(addrs);
	return err;
}

/* ---- dump ---- */

static int dump_group(struct sk_buff *skb, struct netlink_callback *cb,
		      struct bfly_group *group, struct bfly_nl_dump *state)
{
	const struct bfly_members *members = rtnl_dereference(group->members);
	struct member_in in = { .group = group };
	const struct bfly_member *member = NULL;
	u32 pos = 0;
	int err;

	while ((member = bfly_members_next(members, member))) {
		if (pos++ < state->sub)
			continue;
		in.addr = bfly_member_addr(member);
		err = bfly_nl_dump_put(skb, cb, BFLY_CMD_MEMBER_GET,
				       member_fill, group->sw, &in);
		if (err)
			return err;
		state->sub = pos;
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

int bfly_nl_member_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return bfly_nl_dump_switches(skb, cb, dump_switch);
}
