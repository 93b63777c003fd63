/* SPDX-License-Identifier: GPL-2.0 */
/* The inside of the flow table, for flow.c and those who list it. */
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

bool bfly_flow_matches(const struct bfly_flow *flow,
		       const struct bfly_flow_filter *filter);

#endif /* _BFLY_FLOW_TABLE_H */
