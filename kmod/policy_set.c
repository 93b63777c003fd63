// SPDX-License-Identifier: GPL-2.0
/*
 * Sets of groups: each distinct set that ports carry has one compiled policy,
 * which they share. All under RTNL.
 */

#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "group.h"
#include "net.h"
#include "port.h"
#include "switch.h"

/* ---- policies ---- */

/* The rules of a set's groups; those of @changed are to be @rules. */
static const struct bfly_rules *rules_of(const struct bfly_group *group,
					 const struct bfly_group *changed,
					 const struct bfly_rules *rules)
{
	return group == changed ? rules : group->rules;
}

static struct bfly_policy *compile(const struct bfly_policy_set *set,
				   const struct bfly_group *changed,
				   const struct bfly_rules *new_rules)
{
	const struct bfly_rules *rules;
	struct bfly_policy *policy;
	struct bfly_rule **all;
	size_t total = 0;
	unsigned int i;

	for (i = 0; i < set->count; i++) {
		rules = rules_of(set->groups[i], changed, new_rules);
		total += rules ? rules->count : 0;
	}
	if (!total)
		return bfly_policy_compile(NULL, 0);
	all = kvmalloc_array(total, sizeof(*all), GFP_KERNEL);
	if (!all)
		return ERR_PTR(-ENOMEM);
	total = 0;
	for (i = 0; i < set->count; i++) {
		rules = rules_of(set->groups[i], changed, new_rules);
		if (!rules)
			continue;
		memcpy(all + total, rules->rule,
		       array_size(rules->count, sizeof(*all)));
		total += rules->count;
	}
	policy = bfly_policy_compile(all, total);
	kvfree(all);
	return policy;
}

/* Lets the groups that the policy names know of the set, or forget it. */
static void link_remotes(struct bfly_policy_set *set, struct bfly_policy *policy)
{
	struct bfly_policy_remote *remotes;
	unsigned int i, count;

	remotes = bfly_policy_remotes(policy, &count);
	for (i = 0; i < count; i++) {
		remotes[i].set = set;
		list_add(&remotes[i].list, &remotes[i].group->users);
	}
}

static void unlink_remotes(struct bfly_policy *policy)
{
	struct bfly_policy_remote *remotes;
	unsigned int i, count;

	remotes = bfly_policy_remotes(policy, &count);
	for (i = 0; i < count; i++)
		list_del(&remotes[i].list);
}

/* Flows of the set's ports are to be judged again. */
static void set_changed(const struct bfly_policy_set *set)
{
	const struct bfly_port_conf *conf;
	const struct bfly_port *port;

	list_for_each_entry(port, &set->ports, set_list) {
		conf = rtnl_dereference(port->conf);
		if (conf)
			bfly_net_changed(conf->net);
	}
}

static void set_publish(struct bfly_policy_set *set)
{
	struct bfly_policy *old = rtnl_dereference(set->policy);

	rcu_assign_pointer(set->policy, set->next);
	link_remotes(set, set->next);
	set->next = NULL;
	set_changed(set);
	unlink_remotes(old);
	bfly_policy_free_rcu(old);
}

int bfly_policy_sets_build(struct bfly_group *group,
			   const struct bfly_rules *rules)
{
	struct bfly_policy *policy;
	struct bfly_set_link *link;

	ASSERT_RTNL();
	list_for_each_entry(link, &group->sets, list) {
		policy = compile(link->set, group, rules);
		if (IS_ERR(policy))
			goto err_free_policies;
		link->set->next = policy;
	}
	return 0;

err_free_policies:
	list_for_each_entry_continue_reverse(link, &group->sets, list) {
		bfly_policy_free_rcu(link->set->next);
		link->set->next = NULL;
	}
	return PTR_ERR(policy);
}

void bfly_policy_sets_publish(struct bfly_group *group)
{
	struct bfly_set_link *link;

	ASSERT_RTNL();
	list_for_each_entry(link, &group->sets, list)
		set_publish(link->set);
}

void bfly_group_members_changed(const struct bfly_group *group)
{
	const struct bfly_policy_remote *remote;

	ASSERT_RTNL();
	list_for_each_entry(remote, &group->users, list)
		set_changed(remote->set);
}

/* ---- sets ---- */

static int cmp_groups(const void *a, const void *b)
{
	const struct bfly_group *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static void put_groups(struct bfly_policy_set *set)
{
	unsigned int i;

	for (i = 0; i < set->count; i++)
		bfly_group_put(set->groups[i]);
}

/* A set with its groups, sorted and distinct; not linked to anything yet. */
static struct bfly_policy_set *set_alloc(struct bfly_switch *sw,
					 const char *const *names,
					 unsigned int count,
					 struct netlink_ext_ack *extack)
{
	struct bfly_policy_set *set;
	struct bfly_group *group;
	unsigned int i, distinct;

	set = kzalloc(struct_size(set, groups, count), GFP_KERNEL_ACCOUNT);
	if (!set)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < count; i++) {
		group = bfly_group_get(sw, names[i], extack);
		if (IS_ERR(group)) {
			put_groups(set);
			kfree(set);
			return ERR_CAST(group);
		}
		set->count = i + 1;
		set->groups[i] = group;
	}
	sort(set->groups, count, sizeof(set->groups[0]), cmp_groups, NULL);
	for (i = distinct = 0; i < count; i++) {
		if (distinct && set->groups[i] == set->groups[distinct - 1])
			bfly_group_put(set->groups[i]);
		else
			set->groups[distinct++] = set->groups[i];
	}
	set->count = distinct;
	return set;
}

static struct bfly_policy_set *set_find(struct bfly_switch *sw,
					const struct bfly_policy_set *like)
{
	struct bfly_policy_set *set;

	list_for_each_entry(set, &sw->policy_sets, list)
		if (set->count == like->count &&
		    !memcmp(set->groups, like->groups,
			    array_size(set->count, sizeof(set->groups[0]))))
			return set;
	return NULL;
}

static int set_link(struct bfly_switch *sw, struct bfly_policy_set *set)
{
	struct bfly_policy *policy;
	unsigned int i;

	set->links = kcalloc(set->count, sizeof(*set->links),
			     GFP_KERNEL_ACCOUNT);
	if (!set->links)
		return -ENOMEM;
	policy = compile(set, NULL, NULL);
	if (IS_ERR(policy)) {
		kfree(set->links);
		return PTR_ERR(policy);
	}
	INIT_LIST_HEAD(&set->ports);
	for (i = 0; i < set->count; i++) {
		set->links[i].set = set;
		list_add(&set->links[i].list, &set->groups[i]->sets);
	}
	rcu_assign_pointer(set->policy, policy);
	link_remotes(set, policy);
	list_add(&set->list, &sw->policy_sets);
	return 0;
}

struct bfly_policy_set *bfly_policy_set_get(struct bfly_switch *sw,
					    const char *const *names,
					    unsigned int count,
					    struct netlink_ext_ack *extack)
{
	struct bfly_policy_set *set, *same;
	int err = 0;

	ASSERT_RTNL();
	if (count > BFLY_PORT_GROUP_MAX) {
		NL_SET_ERR_MSG_FMT(extack, "group: more than %d groups",
				   BFLY_PORT_GROUP_MAX);
		return ERR_PTR(-E2BIG);
	}
	set = set_alloc(sw, names, count, extack);
	if (IS_ERR(set))
		return set;
	same = set_find(sw, set);
	if (!same)
		err = set_link(sw, set);
	if (same || err) {
		put_groups(set);
		kfree(set);
	}
	if (err)
		return ERR_PTR(err);
	if (same)
		set = same;
	set->refs++;
	return set;
}

void bfly_policy_set_put(struct bfly_switch *sw, struct bfly_policy_set *set)
{
	struct bfly_policy *policy;
	unsigned int i;

	ASSERT_RTNL();
	if (--set->refs)
		return;
	WARN_ON_ONCE(!list_empty(&set->ports));
	list_del(&set->list);
	for (i = 0; i < set->count; i++)
		list_del(&set->links[i].list);
	kfree(set->links);
	policy = rtnl_dereference(set->policy);
	unlink_remotes(policy);
	bfly_policy_free_rcu(policy);
	put_groups(set);
	kfree_rcu(set, rcu);
}
