/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Compiled policy: what the rules of a set of groups allow, made immutable.
 *
 * A rule is a prefix (or a group) of the other side and an interval of service
 * numbers, proto << 16 | destination port. All rules with one prefix become
 * one node with its intervals sorted and cut so that they do not overlap, each
 * that of one rule; prefixes nest in a forest, so the longest match and
 * its ancestors are all that can allow a packet. A look-up
 * is a binary search for the prefix and one in each node on the way up: it grows
 * with the logarithm of the number of rules and with nothing that packets do.
 */
#ifndef _BFLY_POLICY_H
#define _BFLY_POLICY_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/types.h>

#include "addr.h"
#include "parse.h"

struct bfly_group;
struct bfly_policy;
struct bfly_policy_set;

/*
 * Service numbers are proto << 16 | port. The one past them is only in rules
 * for any protocol, see bfly_service().
 */
#define BFLY_SERVICE_ANY_MAX	0x1000000

/**
 * struct bfly_rule - a rule in the form that is compiled and compared
 * @direction: enum bfly_direction of the uapi
 * @index: its place in the request that brought it, for messages
 * @first: first service number, proto << 16 | port or ICMP type << 8 | code
 * @last: last service number
 * @remote: prefix of the other side, canonical; its family is AF_UNSPEC for
 *	anybody in both families, and for a rule with a group
 * @group: group of the other side, or NULL; the rule holds a reference
 * @hits: new flows, and packets that are judged one by one, that it allowed
 * @rcu: to free it
 *
 * All but @hits is fixed. A group's array owns the rule, under RTNL; readers come
 * to it by RCU through the policies that it is compiled into.
 */
struct bfly_rule {
	u8 direction;
	u32 index;
	u32 first;
	u32 last;
	struct bfly_prefix remote;
	struct bfly_group *group;
	atomic64_t hits;
	struct rcu_head rcu;
};

/* Orders rules by direction, remote and service; 0 is the same rule. */
int bfly_rule_cmp(const struct bfly_rule *a, const struct bfly_rule *b);

/**
 * bfly_rules_sort() - sort rules by bfly_rule_cmp()
 * @rules: pointers to them
 * @count: how many
 *
 * Takes linear time where they are in order, as a group's are, and merges where
 * parts of them are.
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM, then nothing has moved.
 */
int bfly_rules_sort(struct bfly_rule **rules, size_t count);

/*
 * The service that a packet asks for. ICMP in IPv6 and ICMPv6 in IPv4 are no
 * service that a rule could name: rules for these protocols are of one family.
 */
static inline u32 bfly_service(const struct bfly_key *key)
{
	if (unlikely(key->proto == (key->family == AF_INET ? IPPROTO_ICMPV6 :
							     IPPROTO_ICMP)))
		return BFLY_SERVICE_ANY_MAX;
	return (u32)key->proto << 16 | be16_to_cpu(key->dport);
}

/* A new flow or a single packet passes by a rule, or by none. */
static inline void bfly_rule_hit(struct bfly_rule *rule)
{
	if (rule)
		atomic64_inc(&rule->hits);
}

/**
 * struct bfly_policy_remote - a group that rules of a policy name as remote
 * @group: the group; the rules hold it, which outlive the policy's last reader
 * @node: intervals that members of it may use
 * @set: set that the policy is published in, while @list is linked; RTNL
 * @list: in &bfly_group.users from publishing on; RTNL
 */
struct bfly_policy_remote {
	struct bfly_group *group;
	u32 node;
	struct bfly_policy_set *set;
	struct list_head list;
};

/**
 * bfly_policy_compile() - compile rules
 * @rules: pointers to the rules of all groups of a set, in any order; they are
 *	sorted in place
 * @count: how many
 *
 * The policy points to the rules and to the groups that they name: it must be
 * out of readers' sight before bfly_rule_free(), which waits for those that still
 * look.
 *
 * Context: process, may sleep.
 * Return: the policy, or ERR_PTR(-ENOMEM or -E2BIG).
 */
struct bfly_policy *bfly_policy_compile(struct bfly_rule **rules, size_t count);

/* Frees a policy after a grace period; NULL is allowed. Context: any. */
void bfly_policy_free_rcu(struct bfly_policy *policy);

/*
 * The groups that are named as remotes; one may be there twice, for in and for
 * out. Context: RTNL.
 */
struct bfly_policy_remote *bfly_policy_remotes(struct bfly_policy *policy,
					       unsigned int *count);

/**
 * bfly_policy_find() - the rule that allows the first packet of a flow
 * @policy: the policy
 * @direction: enum bfly_direction, seen from the port that has the policy
 * @key: the flow's key as its first packet has it
 *
 * The other side is @key->dst for out and @key->src for in. @key->net tells in
 * which net group members that come from ports are looked for. Each group that
 * a rule names for the packet's service costs a look-up of its members.
 *
 * Where several rules do, it is one without remote, else one with the longest
 * prefix, else one with a group; among these the first in bfly_rule_cmp().
 *
 * Context: RCU read side.
 * Return: the rule, or NULL if none does.
 */
struct bfly_rule *bfly_policy_find(const struct bfly_policy *policy,
				   int direction, const struct bfly_key *key);

/* Whether there is any out rule; without one the default applies. */
bool bfly_policy_has_out(const struct bfly_policy *policy);

#endif /* _BFLY_POLICY_H */
