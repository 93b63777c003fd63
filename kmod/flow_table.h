/* SPDX-License-Identifier: GPL-2.0 */
/* The inside of the flow table: for flow.c, for those who list it, and look-ups inline. */
#ifndef _BFLY_FLOW_TABLE_H
#define _BFLY_FLOW_TABLE_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "flow.h"
#include "hash.h"
#include "switch.h"

#define BFLY_FLOW_BUCKETS	BIT(18)
#define BFLY_FLOW_LOCKS		256

/**
 * struct bfly_flow_table - the flows of a switch
 * @buckets: heads of the chains; RCU, written under the bucket's lock
 * @mask: number of buckets less one; fixed
 * @secret: random key of the hash, as packets choose what is hashed; fixed
 * @count: entries, and those about to become such
 * @gc: looks for expired entries, part after part
 * @gc_next: bucket where it goes on; @gc only
 * @locks: guard the chains against changes; bucket modulo their number
 */
struct bfly_flow_table {
	struct bfly_flow __rcu **buckets;
	u32 mask;
	struct bfly_hash_secret secret;
	atomic_t count;
	struct delayed_work gc;
	u32 gc_next;
	spinlock_t locks[BFLY_FLOW_LOCKS]; /* softirq takes them */
};

/* In jiffies; the longest that can be set is less than half their range. */
static inline u32 bfly_flow_timeout(const struct bfly_switch *sw, u8 proto,
				    u8 state)
{
	int first = proto == IPPROTO_TCP ? BFLY_TIMEOUT_TCP_NEW :
					   BFLY_TIMEOUT_OTHER_NEW;

	return READ_ONCE(sw->timeouts[first + state]) * HZ;
}

static inline bool bfly_flow_expired(const struct bfly_flow *flow, u32 now)
{
	return (s32)(READ_ONCE(flow->expires) - now) <= 0;
}

static __always_inline u32 bfly_flow_hash(const struct bfly_flow_table *table,
					  const struct bfly_key *key)
{
	return bfly_hash(&table->secret, key->family == AF_INET6,
			 (__force const u32 *)key->src.s6_addr32,
			 (__force const u32 *)key->dst.s6_addr32,
			 (__force u32)key->ports,
			 key->net << 8 | key->proto) >> 32;
}

static inline bool bfly_flow_key_equal(const struct bfly_key *a,
				       const struct bfly_key *b)
{
	if (a->src.s6_addr32[0] != b->src.s6_addr32[0] ||
	    a->dst.s6_addr32[0] != b->dst.s6_addr32[0] ||
	    a->ports != b->ports ||
	    a->net != b->net || a->proto != b->proto ||
	    a->family != b->family)
		return false;
	return a->family == AF_INET || (ipv6_addr_equal(&a->src, &b->src) &&
					ipv6_addr_equal(&a->dst, &b->dst));
}

/* The flow with a canonical key, whether it has expired or not. Context: RCU read side. */
static inline struct bfly_flow *bfly_flow_at(struct bfly_flow_table *table,
					     u32 hash,
					     const struct bfly_key *canon)
{
	struct bfly_flow *flow;

	for (flow = rcu_dereference(table->buckets[hash & table->mask]); flow;
	     flow = rcu_dereference(flow->next))
		if (bfly_flow_key_equal(&flow->key, canon))
			return flow;
	return NULL;
}

/**
 * bfly_flow_find_served() - look a service's flow up
 * @sw: the switch
 * @key: key of a packet, of no net
 * @hash: gets the hash of the key, for bfly_flow_slot_served()
 *
 * All packets of the flow go in its one direction. Context and result are as
 * those of bfly_flow_find().
 */
static inline struct bfly_flow *
bfly_flow_find_served(struct bfly_switch *sw, const struct bfly_key *key,
		      u32 *hash)
{
	struct bfly_flow_table *table = sw->flows;
	struct bfly_flow *flow;

	*hash = bfly_flow_hash(table, key);
	flow = bfly_flow_at(table, *hash, key);
	return flow && !bfly_flow_expired(flow, (u32)jiffies) ? flow : NULL;
}

bool bfly_flow_matches(const struct bfly_flow *flow,
		       const struct bfly_flow_filter *filter);

#endif /* _BFLY_FLOW_TABLE_H */
