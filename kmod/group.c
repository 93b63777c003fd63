// SPDX-License-Identifier: GPL-2.0
/* Security groups by name, and what they are made of. All under RTNL. */

#include <linux/ctype.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/overflow.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/netlink.h>

#include "group.h"
#include "switch.h"

/* ---- names ---- */

/* Printable ASCII without blanks, and not the word for no groups. */
static bool name_ok(const char *name, size_t len)
{
	size_t i;

	if (!len || len > BFLY_NAME_MAX)
		return false;
	for (i = 0; i < len; i++)
		if (!isascii(name[i]) || !isgraph(name[i]))
			return false;
	return len != 4 || memcmp(name, "none", 4);
}

int bfly_group_name_from_nl(char name[BFLY_NAME_MAX + 1],
			    const struct nlattr *attr,
			    struct netlink_ext_ack *extack)
{
	size_t len = nla_len(attr);

	if (len && !((char *)nla_data(attr))[len - 1])
		len--;
	if (!name_ok(nla_data(attr), len)) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"group name: not 1 to %d printable characters, or \"none\"",
					BFLY_NAME_MAX);
		return -EINVAL;
	}
	memcpy(name, nla_data(attr), len);
	name[len] = '\0';
	return 0;
}

static int cmp_name(const void *name, const struct rb_node *node)
{
	return strcmp(name, rb_entry(node, struct bfly_group, node)->name);
}

static int cmp_group(struct rb_node *a, const struct rb_node *b)
{
	return cmp_name(rb_entry(a, struct bfly_group, node)->name, b);
}

struct bfly_group *bfly_group_find(struct bfly_switch *sw, const char *name)
{
	struct rb_node *node = rb_find(name, &sw->groups, cmp_name);
	struct bfly_group *group;

	ASSERT_RTNL();
	if (!node)
		return NULL;
	group = rb_entry(node, struct bfly_group, node);
	return group->exists ? group : NULL;
}

struct bfly_group *bfly_group_get(struct bfly_switch *sw, const char *name,
				  struct netlink_ext_ack *extack)
{
	struct bfly_group *group;
	struct rb_node *node;

	ASSERT_RTNL();
	node = rb_find(name, &sw->groups, cmp_name);
	if (node)
		return bfly_group_hold(rb_entry(node, struct bfly_group, node));
	if (!name_ok(name, strlen(name))) {
		NL_SET_ERR_MSG(extack, "group: not the name of a group");
		return ERR_PTR(-EINVAL);
	}
	group = kzalloc(sizeof(*group), GFP_KERNEL_ACCOUNT);
	if (!group)
		return ERR_PTR(-ENOMEM);
	group->sw = sw;
	strscpy(group->name, name, sizeof(group->name));
	group->refs = 1;
	INIT_LIST_HEAD(&group->sets);
	INIT_LIST_HEAD(&group->users);
	rb_find_add(&group->node, &sw->groups, cmp_group);
	return group;
}

struct bfly_group *bfly_group_hold(struct bfly_group *group)
{
	ASSERT_RTNL();
	group->refs++;
	return group;
}

void bfly_group_put(struct bfly_group *group)
{
	ASSERT_RTNL();
	if (--group->refs)
		return;
	WARN_ON_ONCE(group->exists || !list_empty(&group->sets) ||
		     !list_empty(&group->users));
	rb_erase(&group->node, &group->sw->groups);
	kfree_rcu(group, rcu);
}

unsigned int bfly_group_ports(const struct bfly_group *group)
{
	const struct bfly_set_link *link;
	unsigned int ports = 0;

	ASSERT_RTNL();
	list_for_each_entry(link, &group->sets, list)
		ports += link->set->refs;
	return ports;
}

/* ---- rules ---- */

struct bfly_rules *bfly_rules_alloc(unsigned int count)
{
	struct bfly_rules *rules;

	return kvzalloc(struct_size(rules, rule, count), GFP_KERNEL_ACCOUNT);
}

void bfly_rule_free(struct bfly_rule *rule)
{
	if (rule->group)
		bfly_group_put(rule->group);
	kfree_rcu(rule, rcu);
}

void bfly_rules_free(struct bfly_rules *rules)
{
	unsigned int i;

	if (!rules)
		return;
	for (i = 0; i < rules->count; i++) {
		bfly_rule_free(rules->rule[i]);
		if (!(i % 1024))
			cond_resched();
	}
	kvfree(rules);
}

struct bfly_rule *bfly_rules_find(const struct bfly_rules *rules,
				  const struct bfly_rule *rule)
{
	unsigned int low = 0, high = rules->count;

	while (low < high) {
		unsigned int mid = low + (high - low) / 2;
		int diff = bfly_rule_cmp(rule, rules->rule[mid]);

		if (!diff)
			return rules->rule[mid];
		if (diff < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

const struct bfly_group *
bfly_policy_set_owner(const struct bfly_policy_set *set,
		      const struct bfly_rule *rule)
{
	const struct bfly_rules *rules;
	unsigned int i;

	ASSERT_RTNL();
	for (i = 0; i < set->count; i++) {
		rules = set->groups[i]->rules;
		/* another group may have the same rule */
		if (rules && bfly_rules_find(rules, rule) == rule)
			return set->groups[i];
	}
	return NULL;
}

/* Rules that were there before go on counting where they were. */
static void keep_hits(const struct bfly_rules *rules,
		      const struct bfly_rules *old)
{
	unsigned int i = 0, j = 0;
	int diff;

	while (old && i < rules->count && j < old->count) {
		diff = bfly_rule_cmp(rules->rule[i], old->rule[j]);
		if (!diff)
			atomic64_add(atomic64_read(&old->rule[j]->hits),
				     &rules->rule[i]->hits);
		i += diff <= 0;
		j += diff >= 0;
	}
}

int bfly_group_set_rules(struct bfly_group *group, struct bfly_rules *rules)
{
	struct bfly_rules *old = group->rules;
	int err;

	err = bfly_policy_sets_build(group, rules);
	if (err)
		return err;
	group->rules = rules;
	bfly_policy_sets_publish(group);
	kvfree(old);
	bfly_switch_changed(group->sw);
	return 0;
}

/* ---- existence ---- */

static struct bfly_members *members_build(const struct bfly_group *group,
					  bool automatic,
					  const struct bfly_addr *addrs,
					  unsigned int count)
{
	struct bfly_members *members;
	unsigned int i;
	int err = 0;

	members = bfly_members_alloc(group->sw);
	if (!members)
		return ERR_PTR(-ENOMEM);
	for (i = 0; !err && i < count; i++) {
		err = bfly_members_add(members, &addrs[i]);
		cond_resched();
	}
	if (!err && automatic)
		err = bfly_members_add_ports(members, group);
	if (err) {
		bfly_members_free(members);
		return ERR_PTR(err);
	}
	return members;
}

/* Makes @members those of the group and lets go of those that were. */
static void members_publish(struct bfly_group *group,
			    struct bfly_members *members)
{
	struct bfly_members *old = rtnl_dereference(group->members);

	rcu_assign_pointer(group->members, members);
	bfly_group_members_changed(group);
	/* who still looks into the old ones must not miss one that is in both */
	if (old && members)
		synchronize_net();
	bfly_members_free(old);
}

int bfly_group_define(struct bfly_group *group, bool automatic,
		      struct bfly_rules *rules,
		      const struct bfly_addr *addrs, unsigned int count)
{
	struct bfly_rules *old = group->rules;
	struct bfly_members *members;
	int err;

	members = members_build(group, automatic, addrs, count);
	if (IS_ERR(members))
		return PTR_ERR(members);
	err = bfly_policy_sets_build(group, rules);
	if (err) {
		bfly_members_free(members);
		return err;
	}

	group->automatic = automatic;
	group->rules = rules;
	if (!group->exists) {
		bfly_group_hold(group);
		group->exists = true;
		group->sw->group_count++;
	}
	members_publish(group, members);
	bfly_policy_sets_publish(group);
	keep_hits(rules, old);
	bfly_rules_free(old);
	bfly_switch_changed(group->sw);
	return 0;
}

int bfly_group_undefine(struct bfly_group *group)
{
	struct bfly_rules *old = group->rules;
	int err;

	err = bfly_policy_sets_build(group, NULL);
	if (err)
		return err;
	group->rules = NULL;
	group->exists = false;
	group->sw->group_count--;
	members_publish(group, NULL);
	bfly_policy_sets_publish(group);
	bfly_rules_free(old);
	bfly_switch_changed(group->sw);
	bfly_group_put(group);
	return 0;
}

int bfly_group_set_automatic(struct bfly_group *group, bool automatic)
{
	struct bfly_members *members = rtnl_dereference(group->members);
	int err;

	if (automatic == group->automatic)
		return 0;
	if (automatic) {
		err = bfly_members_add_ports(members, group);
		if (err) {
			bfly_members_del_ports(members);
			bfly_group_members_changed(group);
			return err;
		}
	} else {
		bfly_members_del_ports(members);
	}
	group->automatic = automatic;
	bfly_group_members_changed(group);
	bfly_switch_changed(group->sw);
	return 0;
}

/* ---- a switch's groups ---- */

int bfly_groups_init(struct bfly_switch *sw)
{
	sw->groups = RB_ROOT;
	sw->group_count = 0;
	INIT_LIST_HEAD(&sw->policy_sets);
	return bfly_members_init(sw);
}

void bfly_groups_fini(struct bfly_switch *sw)
{
	struct bfly_group *group;
	struct rb_node *node;

	/*
	 * Groups may name each other, so all rules go before the groups can. One
	 * that is held stays where it is while others vanish around it.
	 */
	for (node = rb_first(&sw->groups); node; ) {
		group = bfly_group_hold(rb_entry(node, struct bfly_group, node));
		if (group->exists)
			WARN_ON_ONCE(bfly_group_undefine(group));
		node = rb_next(node);
		bfly_group_put(group);
	}
	WARN_ON_ONCE(!RB_EMPTY_ROOT(&sw->groups));
	bfly_members_fini(sw);
}
