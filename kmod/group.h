/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Security groups, their rules and members, and the sets of them on ports.
 *
 * Who holds a group: the fact that it exists, each rule that names it, each set
 * that it is in. A name that only rules or ports know is a placeholder, a group
 * with no rules and no members. Readers find a group by RCU through a published
 * policy; it is freed a grace period after the last one who held it let go.
 */
#ifndef _BFLY_GROUP_H
#define _BFLY_GROUP_H

#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/types.h>
#include <uapi/linux/bfly.h>

#include "addr.h"
#include "policy.h"

struct bfly_group;
struct bfly_member;
struct bfly_members;
struct bfly_switch;
struct netlink_ext_ack;
struct nlattr;

/* Limits, see DESIGN: rules and members of a group, groups of a port. */
#define BFLY_RULE_MAX		65536
#define BFLY_MEMBER_MAX		65536
#define BFLY_PORT_GROUP_MAX	64

/**
 * struct bfly_rules - the rules of a group; replaced whole
 * @count: how many; while it is filled, the array has room for more
 * @rule: the rules, sorted by bfly_rule_cmp(), no two the same
 */
struct bfly_rules {
	unsigned int count;
	struct bfly_rule *rule[];
};

/**
 * struct bfly_group - a group, or the placeholder of one
 * @members: who is in it, NULL while it does not exist; RCU, written under RTNL
 * @sw: its switch; fixed
 * @name: its name; fixed
 * @exists: it was created and not deleted since; RTNL
 * @automatic: addresses of ports that carry it are members; RTNL
 * @refs: who holds it, see above; RTNL
 * @rules: its rules, NULL while it does not exist; RTNL
 * @sets: the sets that it is in, by &bfly_set_link.list; RTNL
 * @users: policies that name it, by &bfly_policy_remote.list; RTNL
 * @node: in &bfly_switch.groups; RTNL
 * @rcu: to free it
 */
struct bfly_group {
	struct bfly_members __rcu *members;
	struct bfly_switch *sw;
	char name[BFLY_NAME_MAX + 1];
	bool exists;
	bool automatic;
	unsigned int refs;
	struct bfly_rules *rules;
	struct list_head sets;
	struct list_head users;
	struct rb_node node;
	struct rcu_head rcu;
};

/**
 * struct bfly_set_link - a set in its group's list
 * @list: in &bfly_group.sets
 * @set: the set
 */
struct bfly_set_link {
	struct list_head list;
	struct bfly_policy_set *set;
};

/**
 * struct bfly_policy_set - a distinct set of groups, shared by all ports that
 *	carry just these
 * @policy: the compiled rules of the groups; RCU, written under RTNL
 * @next: a policy that is built and not published yet; RTNL
 * @list: in the switch's list of sets; RTNL
 * @ports: ports that carry the set, by &bfly_port.set_list; RTNL
 * @refs: ports that carry it; RTNL
 * @rcu: to free it
 * @links: one a group, in the groups' lists; RTNL
 * @count: number of groups; fixed
 * @groups: the groups, sorted by name, one reference each; fixed
 *
 * Ports hold the set; a reader holds it by RCU through its port's
 * configuration. bfly_policy_set_put() frees it after a grace period.
 */
struct bfly_policy_set {
	struct bfly_policy __rcu *policy;
	struct bfly_policy *next;
	struct list_head list;
	struct list_head ports;
	unsigned int refs;
	struct rcu_head rcu;
	struct bfly_set_link *links;
	unsigned int count;
	struct bfly_group *groups[] __counted_by(count);
};

/* ---- for ports and packets ---- */

/**
 * bfly_policy_set_get() - the set of the groups that are named
 * @sw: the switch
 * @names: names in any order, doubles allowed
 * @count: how many, 0 for a port without groups
 * @extack: where a refusal is explained
 *
 * A group that does not exist is made as a placeholder that allows nothing
 * until it is created.
 *
 * Context: RTNL.
 * Return: the set with a reference, or ERR_PTR().
 */
struct bfly_policy_set *bfly_policy_set_get(struct bfly_switch *sw,
					    const char *const *names,
					    unsigned int count,
					    struct netlink_ext_ack *extack);
void bfly_policy_set_put(struct bfly_switch *sw, struct bfly_policy_set *set);

/*
 * The addresses of a port in a net are members of the groups of its set, where
 * those are automatic. _add is called before a configuration with these
 * addresses is published and may fail without effect; _del after the one that
 * had them is gone. Both make live flows judge themselves again where that
 * matters. Context: RTNL.
 */
int bfly_group_members_add(struct bfly_switch *sw, struct bfly_policy_set *set,
			   u32 net, const struct bfly_prefix *addrs,
			   unsigned int count);
void bfly_group_members_del(struct bfly_switch *sw, struct bfly_policy_set *set,
			    u32 net, const struct bfly_prefix *addrs,
			    unsigned int count);

/*
 * Whether an address is a member of a group, explicitly or in @net.
 * False while the group does not exist. Context: RCU read side.
 */
bool bfly_group_has_member(const struct bfly_group *group, u32 net,
			   const struct in6_addr *ip, u8 family);

/* Tables of a switch; _fini when no port is left. Context: RTNL. */
int bfly_groups_init(struct bfly_switch *sw);
void bfly_groups_fini(struct bfly_switch *sw);

/* ---- groups by name, group.c; all under RTNL ---- */

/* The group that exists by this name, or NULL. */
struct bfly_group *bfly_group_find(struct bfly_switch *sw, const char *name);

/*
 * The group of this name, or a placeholder made for it, with a reference.
 * -EINVAL for a name that is none, -ENOMEM.
 */
struct bfly_group *bfly_group_get(struct bfly_switch *sw, const char *name,
				  struct netlink_ext_ack *extack);
struct bfly_group *bfly_group_hold(struct bfly_group *group);
void bfly_group_put(struct bfly_group *group);

/*
 * Copies a group's name, NUL-terminated or not, out of an attribute and
 * refuses what is none.
 */
int bfly_group_name_from_nl(char name[BFLY_NAME_MAX + 1],
			    const struct nlattr *attr,
			    struct netlink_ext_ack *extack);

/* Ports that carry it. */
unsigned int bfly_group_ports(const struct bfly_group *group);

/**
 * bfly_group_define() - make a group exist with just these rules and members
 * @group: the group or a placeholder
 * @automatic: whether addresses of its ports are members
 * @rules: its rules; they are the group's from now on, unless this fails
 * @addrs: its explicit members, no two the same
 * @count: how many
 *
 * Rules that it has already go on with the hits that they have.
 *
 * Return: 0 or -ENOMEM, then nothing has changed.
 */
int bfly_group_define(struct bfly_group *group, bool automatic,
		      struct bfly_rules *rules,
		      const struct bfly_addr *addrs, unsigned int count);

/*
 * Makes a group that exists a placeholder, and frees it if nobody names it.
 * May fail with -ENOMEM, then nothing has changed.
 */
int bfly_group_undefine(struct bfly_group *group);

/*
 * Replaces the array of rules; the old one is freed, rules that are not in the
 * new one are the caller's to free. -ENOMEM or -E2BIG: nothing has changed.
 */
int bfly_group_set_rules(struct bfly_group *group, struct bfly_rules *rules);

/* Whether addresses of ports are members. -ENOMEM: nothing has changed. */
int bfly_group_set_automatic(struct bfly_group *group, bool automatic);

/* The rule of an array that is the same as one, or NULL. */
struct bfly_rule *bfly_rules_find(const struct bfly_rules *rules,
				  const struct bfly_rule *rule);
/* The group of a set that a rule of its policy is in. */
const struct bfly_group *
bfly_policy_set_owner(const struct bfly_policy_set *set,
		      const struct bfly_rule *rule);

/* An array for up to @count rules, its count 0; or NULL. */
struct bfly_rules *bfly_rules_alloc(unsigned int count);
/*
 * A rule, freed a grace period later, and an array with all its rules; they let
 * go of the rules' groups.
 */
void bfly_rule_free(struct bfly_rule *rule);
void bfly_rules_free(struct bfly_rules *rules);

/* ---- members, member.c ---- */

/* The table of a switch. Context: RTNL. */
int bfly_members_init(struct bfly_switch *sw);
void bfly_members_fini(struct bfly_switch *sw);

/* Nobody, in the table of a switch; or NULL. Context: RTNL. */
struct bfly_members *bfly_members_alloc(struct bfly_switch *sw);
/* Frees all of them after a grace period; NULL is allowed. Context: RTNL. */
void bfly_members_free(struct bfly_members *members);

/* Explicit members. add: -EEXIST, -ENOMEM; del: -ENOENT. Context: RTNL. */
int bfly_members_add(struct bfly_members *members, const struct bfly_addr *addr);
int bfly_members_del(struct bfly_members *members, const struct bfly_addr *addr);
bool bfly_members_have(const struct bfly_members *members,
		       const struct bfly_addr *addr);
unsigned int bfly_members_count(const struct bfly_members *members);
/* The explicit member after @pos, or the first; NULL at the end. */
const struct bfly_member *bfly_members_next(const struct bfly_members *members,
					    const struct bfly_member *pos);
struct bfly_addr bfly_member_addr(const struct bfly_member *member);

/*
 * Addresses that ports have in a net, counted, as two ports may have one.
 * add may fail without effect. Context: RTNL.
 */
int bfly_members_add_auto(struct bfly_members *members, u32 net,
			  const struct bfly_prefix *addrs, unsigned int count);
void bfly_members_del_auto(struct bfly_members *members, u32 net,
			   const struct bfly_prefix *addrs, unsigned int count);
/* The same with the addresses of all ports that carry a group, or with all. */
int bfly_members_add_ports(struct bfly_members *members,
			   const struct bfly_group *group);
void bfly_members_del_ports(struct bfly_members *members);

/* ---- compiling, policy_set.c; all under RTNL ---- */

/*
 * Build the policies of all sets that a group is in, as if its rules were
 * @rules, aside; then publish all of them or none.
 */
int bfly_policy_sets_build(struct bfly_group *group,
			   const struct bfly_rules *rules);
void bfly_policy_sets_publish(struct bfly_group *group);

/*
 * The group's members have changed: flows of the ports whose rules name it are
 * judged again.
 */
void bfly_group_members_changed(const struct bfly_group *group);

#endif /* _BFLY_GROUP_H */
