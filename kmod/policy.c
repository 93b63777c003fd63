// SPDX-License-Identifier: GPL-2.0
/* Compiled policy, see policy.h. Knows rules and packets, and no locks. */

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "group.h"
#include "policy.h"

/* Rules of a set at most; keeps every index well inside a u32. */
#define POLICY_RULE_MAX		(BFLY_PORT_GROUP_MAX * BFLY_RULE_MAX)

/* No node. */
#define NONE			U32_MAX

/* Service numbers from first to last. */
struct policy_span {
	u32 first;
	u32 last;
};

/* What one prefix or group may use; spans of a node do not overlap. */
struct policy_node {
	u32 begin;	/* its spans, and their rules: from this one */
	u32 end;	/* to the one before this; never none */
	u32 parent;	/* node of the next shorter prefix around it, or NONE */
};

/* From this address to the next start, the longest prefix is this node's. */
struct policy_start4 {
	u32 ip;
	u32 node;
};

struct policy_start6 {
	u64 hi;
	u64 lo;
	u32 node;
};

/* One direction. The first start of a family, if there is any, is address 0. */
struct policy_side {
	u32 any;	/* node of rules without remote, or NONE */
	u32 count4;
	u32 count6;
	u32 remote_begin;
	u32 remote_end;
	struct policy_start4 *start4;
	struct policy_start6 *start6;
};

/* All arrays lie behind it in the same block. */
struct bfly_policy {
	struct policy_side side[2];
	struct policy_node *nodes;
	struct policy_span *spans;
	struct bfly_rule **rules;	/* of each span, apart from what is searched */
	struct bfly_policy_remote *remotes;
	u32 remote_count;
	bool has_out;
	struct rcu_head rcu;
};

/* The halves of an address as numbers; IPv4 has the upper half of the first. */
static u64 addr_hi(const struct in6_addr *ip)
{
	return (u64)be32_to_cpu(ip->s6_addr32[0]) << 32 |
	       be32_to_cpu(ip->s6_addr32[1]);
}

static u64 addr_lo(const struct in6_addr *ip)
{
	return (u64)be32_to_cpu(ip->s6_addr32[2]) << 32 |
	       be32_to_cpu(ip->s6_addr32[3]);
}

/* ---- looking up ---- */

static u32 find_start4(const struct policy_side *side, __be32 addr)
{
	const struct policy_start4 *base = side->start4;
	u32 ip = be32_to_cpu(addr);
	u32 n = side->count4;

	if (!n)
		return NONE;
	while (n > 1) {
		u32 half = n / 2;

		base = base[half].ip <= ip ? base + half : base;
		n -= half;
	}
	return base->node;
}

static u32 find_start6(const struct policy_side *side,
		       const struct in6_addr *addr)
{
	const struct policy_start6 *base = side->start6;
	u64 hi, lo;
	u32 n = side->count6;

	if (!n)
		return NONE;
	hi = addr_hi(addr);
	lo = addr_lo(addr);
	while (n > 1) {
		u32 half = n / 2;

		if (base[half].hi < hi ||
		    (base[half].hi == hi && base[half].lo <= lo))
			base += half;
		n -= half;
	}
	return base->node;
}

static struct bfly_rule *node_find(const struct bfly_policy *policy, u32 node,
				   u32 service)
{
	u32 begin = policy->nodes[node].begin;
	u32 n = policy->nodes[node].end - begin;
	const struct policy_span *base = policy->spans + begin;

	while (n > 1) {
		u32 half = n / 2;

		base = base[half].first <= service ? base + half : base;
		n -= half;
	}
	if (base->first > service || base->last < service)
		return NULL;
	return policy->rules[base - policy->spans];
}

struct bfly_rule *bfly_policy_find(const struct bfly_policy *policy,
				   int direction, const struct bfly_key *key)
{
	const struct policy_side *side = &policy->side[direction];
	const struct bfly_policy_remote *remote;
	u32 service = bfly_service(key);
	struct bfly_rule *rule = NULL;
	const struct in6_addr *ip;
	u32 i, node;

	/* cheapest first: most rules are for anybody */
	if (side->any != NONE)
		rule = node_find(policy, side->any, service);
	if (rule)
		return rule;

	ip = direction == BFLY_DIRECTION_OUT ? &key->dst : &key->src;
	node = key->family == AF_INET ? find_start4(side, ip->s6_addr32[0]) :
					find_start6(side, ip);
	for (; node != NONE; node = policy->nodes[node].parent) {
		rule = node_find(policy, node, service);
		if (rule)
			return rule;
	}

	for (i = side->remote_begin; i < side->remote_end; i++) {
		remote = &policy->remotes[i];
		rule = node_find(policy, remote->node, service);
		if (rule && bfly_group_has_member(remote->group, key->net, ip,
						  key->family))
			return rule;
	}
	return NULL;
}

bool bfly_policy_has_out(const struct bfly_policy *policy)
{
	return policy->has_out;
}

struct bfly_policy_remote *bfly_policy_remotes(struct bfly_policy *policy,
					       unsigned int *count)
{
	*count = policy->remote_count;
	return policy->remotes;
}

void bfly_policy_free_rcu(struct bfly_policy *policy)
{
	if (policy)
		kvfree_rcu(policy, rcu);
}

/* ---- order ---- */

static int cmp_u32(u32 a, u32 b)
{
	return a < b ? -1 : a > b;
}

/* Direction and remote; rules that are 0 here share a node. */
static int cmp_node(const struct bfly_rule *a, const struct bfly_rule *b)
{
	int diff = cmp_u32(a->direction, b->direction);

	if (diff)
		return diff;
	if (a->group || b->group) {
		if (a->group == b->group)
			return 0;
		/* by name, for an order that users know again */
		return !a->group ? -1 : !b->group ? 1 :
		       strcmp(a->group->name, b->group->name);
	}
	diff = cmp_u32(a->remote.addr.family, b->remote.addr.family);
	if (!diff)
		diff = memcmp(&a->remote.addr.ip6, &b->remote.addr.ip6,
			      sizeof(a->remote.addr.ip6));
	if (!diff)
		diff = cmp_u32(a->remote.len, b->remote.len);
	return diff;
}

int bfly_rule_cmp(const struct bfly_rule *a, const struct bfly_rule *b)
{
	int diff = cmp_node(a, b);

	if (!diff)
		diff = cmp_u32(a->first, b->first);
	if (!diff)
		diff = cmp_u32(a->last, b->last);
	return diff;
}

/* The end of the rules from @begin on that are in order. */
static size_t run_end(struct bfly_rule *const *rules, size_t begin,
		      size_t count)
{
	size_t end = begin;

	do {
		end++;
	} while (end < count && bfly_rule_cmp(rules[end - 1], rules[end]) <= 0);
	return min(end, count);
}

/* Merges the rules from @a to @b and from @b to @end, each in order. */
static void merge_runs(struct bfly_rule **dst, struct bfly_rule *const *src,
		       size_t a, size_t b, size_t end)
{
	size_t mid = b;
	size_t to = a;

	while (a < mid && b < end)
		dst[to++] = bfly_rule_cmp(src[a], src[b]) <= 0 ? src[a++] :
								 src[b++];
	while (a < mid)
		dst[to++] = src[a++];
	while (b < end)
		dst[to++] = src[b++];
}

int bfly_rules_sort(struct bfly_rule **rules, size_t count)
{
	struct bfly_rule **tmp, **src, **dst;
	size_t a, b, end, runs;

	if (run_end(rules, 0, count) == count)
		return 0;
	tmp = kvmalloc_array(count, sizeof(*tmp), GFP_KERNEL);
	if (!tmp)
		return -ENOMEM;
	src = rules;
	dst = tmp;
	do {
		runs = 0;
		for (a = 0; a < count; a = end) {
			b = run_end(src, a, count);
			end = b < count ? run_end(src, b, count) : b;
			merge_runs(dst, src, a, b, end);
			runs++;
			cond_resched();
		}
		swap(src, dst);
	} while (runs > 1);
	if (src != rules)
		memcpy(rules, src, array_size(count, sizeof(*rules)));
	kvfree(tmp);
	return 0;
}

/* ---- compiling ---- */

/* A prefix that the sweep over addresses is in, and where it ends. */
struct open_prefix {
	u64 hi;		/* first address past it */
	u64 lo;
	u32 node;
	bool last;	/* it goes on to the end of all addresses */
};

/* What is counted first, and then filled in. */
struct policy_build {
	struct bfly_policy *policy;
	u32 nodes;
	u32 spans;
	u32 remotes;
	u32 prefixes[2][2];	/* by direction; IPv4, IPv6 */
	int depth;
	struct open_prefix open[129];	/* one a prefix length at most */
};

/* The end of the rules from @begin on that share a node. */
static size_t node_end(struct bfly_rule *const *rules, size_t begin,
		       size_t count)
{
	size_t end = begin + 1;

	while (end < count && !cmp_node(rules[begin], rules[end]))
		end++;
	return end;
}

static void count_nodes(struct policy_build *build,
			struct bfly_rule *const *rules, size_t count)
{
	const struct bfly_rule *rule;
	size_t i;

	for (i = 0; i < count; i = node_end(rules, i, count)) {
		rule = rules[i];
		build->nodes++;
		if (rule->group)
			build->remotes++;
		else if (rule->remote.addr.family == AF_INET)
			build->prefixes[rule->direction][0]++;
		else if (rule->remote.addr.family == AF_INET6)
			build->prefixes[rule->direction][1]++;
	}
}

/* A place in the block behind the policy; @size is how much is given away. */
static size_t reserve(size_t *size, size_t count, size_t each)
{
	size_t offset = ALIGN(*size, sizeof(u64));

	*size = size_add(offset, size_mul(count, each));
	return offset;
}

/* Each prefix begins one interval of addresses and ends one; 0 begins one. */
static size_t starts_of(u32 prefixes)
{
	return prefixes ? 2 * (size_t)prefixes + 1 : 0;
}

static struct bfly_policy *policy_alloc(const struct policy_build *build,
					size_t count)
{
	size_t size = sizeof(struct bfly_policy);
	size_t start4[2], start6[2], nodes, spans, rules, remotes;
	struct bfly_policy *policy;
	int dir;

	remotes = reserve(&size, build->remotes, sizeof(*policy->remotes));
	nodes = reserve(&size, build->nodes, sizeof(*policy->nodes));
	spans = reserve(&size, count, sizeof(*policy->spans));
	rules = reserve(&size, count, sizeof(*policy->rules));
	for (dir = 0; dir < 2; dir++) {
		start4[dir] = reserve(&size, starts_of(build->prefixes[dir][0]),
				      sizeof(struct policy_start4));
		start6[dir] = reserve(&size, starts_of(build->prefixes[dir][1]),
				      sizeof(struct policy_start6));
	}
	policy = kvzalloc(size, GFP_KERNEL_ACCOUNT);
	if (!policy)
		return NULL;
	policy->remotes = (void *)policy + remotes;
	policy->nodes = (void *)policy + nodes;
	policy->spans = (void *)policy + spans;
	policy->rules = (void *)policy + rules;
	for (dir = 0; dir < 2; dir++) {
		policy->side[dir].start4 = (void *)policy + start4[dir];
		policy->side[dir].start6 = (void *)policy + start6[dir];
		policy->side[dir].any = NONE;
	}
	return policy;
}

/*
 * A node of rules that share one; their services are sorted by the first. What
 * those before have left of a rule is therefore in one piece, at its end.
 */
static u32 add_node(struct policy_build *build, struct bfly_rule *const *rules,
		    size_t begin, size_t end)
{
	struct bfly_policy *policy = build->policy;
	struct policy_node *node = &policy->nodes[build->nodes];
	u32 left = 0;	/* the first service that is not taken yet */

	node->begin = build->spans;
	node->parent = NONE;
	for (; begin < end; begin++) {
		struct bfly_rule *rule = rules[begin];

		if (rule->last < left)
			continue;
		policy->spans[build->spans].first = max(rule->first, left);
		policy->spans[build->spans].last = rule->last;
		policy->rules[build->spans++] = rule;
		left = rule->last + 1;
	}
	node->end = build->spans;
	return build->nodes++;
}

/* From this address on, it is @node's. Calls come in the order of addresses. */
static void add_start(struct policy_side *side, u16 family, u64 hi, u64 lo,
		      u32 node)
{
	if (family == AF_INET) {
		struct policy_start4 *start = side->start4 + side->count4;
		u32 ip = hi >> 32;

		if (side->count4 && start[-1].ip == ip)
			start--;
		else
			side->count4++;
		*start = (struct policy_start4){ .ip = ip, .node = node };
	} else {
		struct policy_start6 *start = side->start6 + side->count6;

		if (side->count6 && start[-1].hi == hi && start[-1].lo == lo)
			start--;
		else
			side->count6++;
		*start = (struct policy_start6){ hi, lo, node };
	}
}

/* Ends the innermost prefix: what is past it is again that around it. */
static void close_prefix(struct policy_build *build, struct policy_side *side,
			 u16 family)
{
	const struct open_prefix *open = &build->open[--build->depth];

	if (!open->last)
		add_start(side, family, open->hi, open->lo,
			  build->depth ? open[-1].node : NONE);
}

static void open_prefix(struct policy_build *build,
			const struct bfly_prefix *prefix, u64 hi, u64 lo,
			u32 node)
{
	struct open_prefix *open = &build->open[build->depth++];

	open->node = node;
	open->lo = 0;
	if (!prefix->len) {
		open->hi = 0;
	} else if (prefix->len <= 64) {
		open->hi = hi + (1ULL << (64 - prefix->len));
	} else {
		open->lo = lo + (1ULL << (128 - prefix->len));
		open->hi = hi + !open->lo;
	}
	open->last = !open->hi && !open->lo;
}

/*
 * The sweep: prefixes come by address, those around before those within. Two
 * are apart or one within the other, so that those which are open nest.
 */
static void add_prefix(struct policy_build *build, struct policy_side *side,
		       const struct bfly_prefix *prefix, u32 node)
{
	u64 hi = addr_hi(&prefix->addr.ip6);
	u64 lo = addr_lo(&prefix->addr.ip6);
	u16 family = prefix->addr.family;
	const struct open_prefix *top;

	if (!(family == AF_INET ? side->count4 : side->count6))
		add_start(side, family, 0, 0, NONE);
	while (build->depth) {
		top = &build->open[build->depth - 1];
		if (top->last || hi < top->hi || (hi == top->hi && lo < top->lo))
			break;
		close_prefix(build, side, family);
	}
	if (build->depth)
		build->policy->nodes[node].parent =
			build->open[build->depth - 1].node;
	add_start(side, family, hi, lo, node);
	open_prefix(build, prefix, hi, lo, node);
}

static void add_remote(struct policy_build *build, struct policy_side *side,
		       struct bfly_group *group, u32 node)
{
	struct bfly_policy *policy = build->policy;
	struct bfly_policy_remote *remote;

	if (side->remote_begin == side->remote_end)
		side->remote_begin = policy->remote_count;
	remote = &policy->remotes[policy->remote_count++];
	remote->group = group;
	remote->node = node;
	INIT_LIST_HEAD(&remote->list);
	side->remote_end = policy->remote_count;
}

static void fill(struct policy_build *build, struct bfly_rule *const *rules,
		 size_t count)
{
	const struct bfly_rule *rule;
	struct policy_side *side;
	size_t i, end;
	u16 family;
	u32 node;

	for (i = 0; i < count; i = end) {
		end = node_end(rules, i, count);
		node = add_node(build, rules, i, end);
		rule = rules[i];
		side = &build->policy->side[rule->direction];
		family = rule->remote.addr.family;
		if (rule->group)
			add_remote(build, side, rule->group, node);
		else if (family == AF_UNSPEC)
			side->any = node;
		else
			add_prefix(build, side, &rule->remote, node);

		/* the last prefix of its direction and family */
		if (build->depth &&
		    (end == count || rules[end]->group ||
		     rules[end]->direction != rule->direction ||
		     rules[end]->remote.addr.family != family))
			while (build->depth)
				close_prefix(build, side, family);
		if (rule->direction == BFLY_DIRECTION_OUT)
			build->policy->has_out = true;
		if (!(node % 1024))
			cond_resched();
	}
}

struct bfly_policy *bfly_policy_compile(struct bfly_rule **rules, size_t count)
{
	struct policy_build *build;
	struct bfly_policy *policy;

	if (count > POLICY_RULE_MAX)
		return ERR_PTR(-E2BIG);
	if (bfly_rules_sort(rules, count))
		return ERR_PTR(-ENOMEM);
	build = kzalloc(sizeof(*build), GFP_KERNEL);
	if (!build)
		return ERR_PTR(-ENOMEM);
	count_nodes(build, rules, count);
	policy = policy_alloc(build, count);
	if (!policy) {
		kfree(build);
		return ERR_PTR(-ENOMEM);
	}
	build->policy = policy;
	build->nodes = 0;
	fill(build, rules, count);
	kfree(build);
	return policy;
}
