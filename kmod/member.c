// SPDX-License-Identifier: GPL-2.0
/*
 * Who is a member of a group.
 *
 * The members of all groups of a switch lie in one hash table, so that a group
 * costs little and one more member costs the same in a group of many. Explicit
 * members are addresses and hold in every net, which is net 0 here; automatic
 * ones are the addresses and prefixes of ports, and hold in the port's net. A
 * look-up is one probe for each prefix length that the group has.
 */

#include <linux/bitmap.h>
#include <linux/rculist.h>
#include <linux/rhashtable.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "group.h"
#include "net.h"
#include "port.h"
#include "switch.h"

/* What a member is found by; without padding, as it is hashed and compared. */
struct member_key {
	const struct bfly_members *members;
	struct in6_addr ip;
	u32 net;
	u16 family;
	u16 len;
};

/**
 * struct bfly_member - an address or prefix in a group's members
 * @node: in &bfly_switch.members
 * @key: what it is; fixed
 * @list: in &bfly_members.explicit_list or .auto_list; RTNL
 * @refs: ports that have it; 1 for an explicit one; RTNL
 * @rcu: to free it
 */
struct bfly_member {
	struct rhash_head node;
	struct member_key key;
	struct list_head list;
	unsigned int refs;
	struct rcu_head rcu;
};

/**
 * struct bfly_members - the members of a group
 * @table: &bfly_switch.members; fixed
 * @explicit_count: by family, IPv4 first; READ_ONCE, written under RTNL
 * @lens4: prefix lengths of automatic IPv4 members; RCU, written under RTNL
 * @lens6: the same for IPv6
 * @count4: members of each of these lengths; RTNL
 * @count6: the same for IPv6
 * @explicit_list: explicit members in the order that they came; RTNL
 * @auto_list: automatic ones; RTNL
 * @rcu: to free it
 *
 * Readers may see the parts of a change in any order; bfly_net_changed() after it
 * makes them look again.
 */
struct bfly_members {
	struct rhashtable *table;
	u32 explicit_count[2];
	DECLARE_BITMAP(lens4, 33);
	DECLARE_BITMAP(lens6, 129);
	u32 count4[33];
	u32 count6[129];
	struct list_head explicit_list;
	struct list_head auto_list;
	struct rcu_head rcu;
};

static const struct rhashtable_params member_params = {
	.head_offset = offsetof(struct bfly_member, node),
	.key_offset = offsetof(struct bfly_member, key),
	.key_len = sizeof(struct member_key),
	.automatic_shrinking = true,
};

static struct member_key member_key(const struct bfly_members *members, u32 net,
				    const struct in6_addr *ip, u16 family,
				    u16 len)
{
	struct member_key key = {
		.members = members, .net = net, .family = family, .len = len,
	};

	BUILD_BUG_ON(sizeof(key) != sizeof(members) + sizeof(*ip) + 8);
	/* IPv4 has the first 32 bits, and the rest is zero */
	ipv6_addr_prefix(&key.ip, ip, len);
	return key;
}

static struct bfly_member *find(const struct bfly_members *members, u32 net,
				const struct in6_addr *ip, u16 family, u16 len)
{
	struct member_key key = member_key(members, net, ip, family, len);

	return rhashtable_lookup(members->table, &key, member_params);
}

bool bfly_group_has_member(const struct bfly_group *group, u32 net,
			   const struct in6_addr *ip, u8 family)
{
	const struct bfly_members *members = rcu_dereference(group->members);
	const unsigned long *lens;
	unsigned int bits, len;

	if (!members)
		return false;
	bits = family == AF_INET ? 32 : 128;
	if (READ_ONCE(members->explicit_count[family != AF_INET]) &&
	    find(members, 0, ip, family, bits))
		return true;
	lens = family == AF_INET ? members->lens4 : members->lens6;
	for_each_set_bit(len, lens, bits + 1)
		if (find(members, net, ip, family, len))
			return true;
	return false;
}

/* ---- changes, all under RTNL ---- */

/* Under RTNL, which a look-up in a hash table does not know to be enough. */
static struct bfly_member *find_rtnl(const struct bfly_members *members, u32 net,
				     const struct bfly_prefix *prefix)
{
	struct bfly_member *member;

	ASSERT_RTNL();
	rcu_read_lock();
	member = find(members, net, &prefix->addr.ip6, prefix->addr.family,
		      prefix->len);
	rcu_read_unlock();
	return member;
}

static struct bfly_member *member_new(struct bfly_members *members, u32 net,
				      const struct bfly_prefix *prefix)
{
	struct bfly_member *member;
	int err;

	member = kzalloc(sizeof(*member), GFP_KERNEL_ACCOUNT);
	if (!member)
		return ERR_PTR(-ENOMEM);
	member->key = member_key(members, net, &prefix->addr.ip6,
				 prefix->addr.family, prefix->len);
	member->refs = 1;
	err = rhashtable_insert_fast(members->table, &member->node,
				     member_params);
	if (err) {
		kfree(member);
		return ERR_PTR(err);
	}
	return member;
}

static void member_free(struct bfly_members *members, struct bfly_member *member)
{
	list_del(&member->list);
	rhashtable_remove_fast(members->table, &member->node, member_params);
	kfree_rcu(member, rcu);
}

struct bfly_members *bfly_members_alloc(struct bfly_switch *sw)
{
	struct bfly_members *members;

	members = kzalloc(sizeof(*members), GFP_KERNEL_ACCOUNT);
	if (!members)
		return NULL;
	members->table = &sw->members;
	INIT_LIST_HEAD(&members->explicit_list);
	INIT_LIST_HEAD(&members->auto_list);
	return members;
}

void bfly_members_free(struct bfly_members *members)
{
	struct bfly_member *member, *next;

	if (!members)
		return;
	bfly_members_del_ports(members);
	list_for_each_entry_safe(member, next, &members->explicit_list, list) {
		member_free(members, member);
		cond_resched();
	}
	kfree_rcu(members, rcu);
}

static struct bfly_prefix whole(const struct bfly_addr *addr)
{
	return (struct bfly_prefix){ .addr = *addr,
				     .len = bfly_addr_bits(addr) };
}

int bfly_members_add(struct bfly_members *members, const struct bfly_addr *addr)
{
	u32 *count = &members->explicit_count[addr->family != AF_INET];
	struct bfly_prefix prefix = whole(addr);
	struct bfly_member *member;

	if (find_rtnl(members, 0, &prefix))
		return -EEXIST;
	member = member_new(members, 0, &prefix);
	if (IS_ERR(member))
		return PTR_ERR(member);
	list_add_tail(&member->list, &members->explicit_list);
	WRITE_ONCE(*count, *count + 1);
	return 0;
}

int bfly_members_del(struct bfly_members *members, const struct bfly_addr *addr)
{
	u32 *count = &members->explicit_count[addr->family != AF_INET];
	struct bfly_prefix prefix = whole(addr);
	struct bfly_member *member = find_rtnl(members, 0, &prefix);

	if (!member)
		return -ENOENT;
	member_free(members, member);
	WRITE_ONCE(*count, *count - 1);
	return 0;
}

bool bfly_members_have(const struct bfly_members *members,
		       const struct bfly_addr *addr)
{
	struct bfly_prefix prefix = whole(addr);

	return find_rtnl(members, 0, &prefix);
}

unsigned int bfly_members_count(const struct bfly_members *members)
{
	return members->explicit_count[0] + members->explicit_count[1];
}

const struct bfly_member *bfly_members_next(const struct bfly_members *members,
					    const struct bfly_member *pos)
{
	const struct list_head *next = pos ? pos->list.next :
					     members->explicit_list.next;

	ASSERT_RTNL();
	if (next == &members->explicit_list)
		return NULL;
	return list_entry(next, struct bfly_member, list);
}

struct bfly_addr bfly_member_addr(const struct bfly_member *member)
{
	return (struct bfly_addr){ .ip6 = member->key.ip,
				   .family = member->key.family };
}

/* How often a length is in use, and the bitmap that tells that it is. */
static u32 *len_count(struct bfly_members *members, u16 family, u16 len,
		      unsigned long **lens)
{
	if (family == AF_INET) {
		*lens = members->lens4;
		return &members->count4[len];
	}
	*lens = members->lens6;
	return &members->count6[len];
}

static int add_auto(struct bfly_members *members, u32 net,
		    const struct bfly_prefix *prefix)
{
	u16 family = prefix->addr.family;
	struct bfly_member *member;
	unsigned long *lens;
	u32 *count;

	member = find_rtnl(members, net, prefix);
	if (member) {
		member->refs++;
		return 0;
	}
	member = member_new(members, net, prefix);
	if (IS_ERR(member))
		return PTR_ERR(member);
	list_add_tail(&member->list, &members->auto_list);
	count = len_count(members, family, prefix->len, &lens);
	if (!(*count)++)
		set_bit(prefix->len, lens);
	return 0;
}

static void free_auto(struct bfly_members *members, struct bfly_member *member)
{
	u16 len = member->key.len;
	unsigned long *lens;
	u32 *count;

	count = len_count(members, member->key.family, len, &lens);
	member_free(members, member);
	if (!--(*count))
		clear_bit(len, lens);
}

void bfly_members_del_auto(struct bfly_members *members, u32 net,
			   const struct bfly_prefix *addrs, unsigned int count)
{
	struct bfly_member *member;
	unsigned int i;

	for (i = 0; i < count; i++) {
		member = find_rtnl(members, net, &addrs[i]);
		if (!WARN_ON_ONCE(!member) && !--member->refs)
			free_auto(members, member);
	}
}

int bfly_members_add_auto(struct bfly_members *members, u32 net,
			  const struct bfly_prefix *addrs, unsigned int count)
{
	unsigned int i;
	int err;

	for (i = 0; i < count; i++) {
		err = add_auto(members, net, &addrs[i]);
		if (err) {
			bfly_members_del_auto(members, net, addrs, i);
			return err;
		}
	}
	return 0;
}

int bfly_members_add_ports(struct bfly_members *members,
			   const struct bfly_group *group)
{
	const struct bfly_port_conf *conf;
	const struct bfly_set_link *link;
	const struct bfly_port *port;
	int err;

	list_for_each_entry(link, &group->sets, list) {
		list_for_each_entry(port, &link->set->ports, set_list) {
			conf = rtnl_dereference(port->conf);
			if (!conf)
				continue;
			err = bfly_members_add_auto(members, conf->net->id,
						    conf->addrs,
						    conf->addr_count);
			if (err)
				return err;
			cond_resched();
		}
	}
	return 0;
}

void bfly_members_del_ports(struct bfly_members *members)
{
	struct bfly_member *member, *next;

	list_for_each_entry_safe(member, next, &members->auto_list, list) {
		free_auto(members, member);
		cond_resched();
	}
}

/* ---- ports that come and go ---- */

/* Automatic members hold in one net: its flows are what a change is about. */
static void auto_members_changed(struct bfly_switch *sw, u32 id)
{
	struct bfly_net *net = bfly_net_find(sw, id);

	if (net)
		bfly_net_changed(net);
}

static void del_from(struct bfly_policy_set *set, unsigned int groups, u32 net,
		     const struct bfly_prefix *addrs, unsigned int count)
{
	struct bfly_group *group;
	unsigned int i;

	for (i = 0; i < groups; i++) {
		group = set->groups[i];
		if (group->exists && group->automatic)
			bfly_members_del_auto(rtnl_dereference(group->members),
					      net, addrs, count);
	}
}

int bfly_group_members_add(struct bfly_switch *sw, struct bfly_policy_set *set,
			   u32 net, const struct bfly_prefix *addrs,
			   unsigned int count)
{
	bool named = false;
	struct bfly_group *group;
	unsigned int i;
	int err;

	ASSERT_RTNL();
	for (i = 0; i < set->count; i++) {
		group = set->groups[i];
		if (!group->exists || !group->automatic)
			continue;
		err = bfly_members_add_auto(rtnl_dereference(group->members),
					    net, addrs, count);
		if (err) {
			del_from(set, i, net, addrs, count);
			return err;
		}
		named |= !list_empty(&group->users);
	}
	if (named)
		auto_members_changed(sw, net);
	return 0;
}

void bfly_group_members_del(struct bfly_switch *sw, struct bfly_policy_set *set,
			    u32 net, const struct bfly_prefix *addrs,
			    unsigned int count)
{
	ASSERT_RTNL();
	del_from(set, set->count, net, addrs, count);
	auto_members_changed(sw, net);
}

/* ---- a switch's members ---- */

int bfly_members_init(struct bfly_switch *sw)
{
	return rhashtable_init(&sw->members, &member_params);
}

void bfly_members_fini(struct bfly_switch *sw)
{
	/* a packet may still be looked at that came in before its port went */
	synchronize_net();
	rhashtable_destroy(&sw->members);
}
