/* SPDX-License-Identifier: GPL-2.0 */
/* What the handlers of groups, rules and members share. All under RTNL. */
#ifndef _BFLY_NL_GROUP_H
#define _BFLY_NL_GROUP_H

#include "group.h"
#include "netlink.h"

/* The group that a request names and that exists, or ERR_PTR(), explained. */
struct bfly_group *bfly_nl_group(struct genl_info *info);

/* Passes a result on; memory that ran out is explained if nothing else was. */
static inline int bfly_nl_result(struct genl_info *info, int err)
{
	if (err == -ENOMEM)
		NL_SET_ERR_MSG_WEAK(info->extack, "memory ran out");
	return err;
}

/**
 * bfly_nl_rules() - the rules of a request
 * @info: the request
 * @doubles: whether one may be there twice, else that is refused
 *
 * Return: the rules, sorted and distinct, the caller's to free with
 * bfly_rules_free(); or ERR_PTR(), explained.
 */
struct bfly_rules *bfly_nl_rules(struct genl_info *info, bool doubles);

/* Put a rule's attributes as a nest. 0 or -EMSGSIZE. */
int bfly_nl_put_rule(struct sk_buff *skb, int type,
		     const struct bfly_rule *rule);

/**
 * bfly_nl_members() - the explicit members of a request
 * @info: the request
 * @doubles: whether one may be there twice, else that is refused
 * @count: how many there are
 *
 * Return: the addresses, sorted and distinct, the caller's to free with
 * kvfree(); or ERR_PTR(), explained.
 */
struct bfly_addr *bfly_nl_members(struct genl_info *info, bool doubles,
				  unsigned int *count);

/**
 * bfly_nl_dump_groups() - run a part of a dump over groups that exist
 * @skb: message to fill
 * @cb: the dump
 * @sw: the switch
 * @state: as in bfly_nl_dump_switches()
 * @name: attribute with the name of the only group wanted, or NULL for all
 * @one: dumps what there is of a group, from @state->sub on, which it raises
 *
 * Return: 0, -EMSGSIZE, or another error, explained.
 */
int bfly_nl_dump_groups(struct sk_buff *skb, struct netlink_callback *cb,
			struct bfly_switch *sw, struct bfly_nl_dump *state,
			const struct nlattr *name,
			int (*one)(struct sk_buff *skb,
				   struct netlink_callback *cb,
				   struct bfly_group *group,
				   struct bfly_nl_dump *state));

#endif /* _BFLY_NL_GROUP_H */
