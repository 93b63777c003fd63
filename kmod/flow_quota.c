// SPDX-License-Identifier: GPL-2.0
#include "flow_quota.h"

#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "flow_table.h"
#include "switch.h"

/*
 * The sample, which bounds the work for a flow that finds no room. Buckets that
 * are empty cost next to nothing, and most are where few flows may be.
 */
#define SAMPLE_BUCKETS	1024
#define SAMPLE_FLOWS	32

/*
 * Where all of them were empty a full table is searched further: somewhere it
 * has flows, and nobody shall be refused for where his hash points. A port that
 * is full is not worth it, since it harms itself alone.
 */
#define SEARCH_BUCKETS	BIT(16)

/* An established flow that had a packet in so many seconds is not evicted. */
#define IDLE_SECONDS	30

#define UNWORTHY_EXPIRED	U32_MAX
#define UNWORTHY_IDLE_BITS	29

/* By state, the higher the less an entry is worth. */
static const u32 unworthy_states[] = {
	[BFLY_FLOW_STATE_NEW] = 2,
	[BFLY_FLOW_STATE_ESTABLISHED] = 0,
	[BFLY_FLOW_STATE_CLOSING] = 1,
	[BFLY_FLOW_STATE_CLOSED] = 3,
};

/*
 * Added for a port that has more than its share, where the state is at least
 * this: what others still need after a connection's end, such as the answer to
 * a FIN that was sent twice, does not go for one port's floods.
 */
#define UNWORTHY_BORROWED	2

/**
 * struct sample - the search for a flow to evict
 * @sw: the switch
 * @quota: that which the flow has to belong to, or NULL for any flow
 * @now: the time, in jiffies
 * @share: flows that a port may have unless it is set
 * @left: flows that may still be looked at
 * @unworthy: how unworthy @flow is
 * @flow: the least worthy one up to now, or NULL
 */
struct sample {
	const struct bfly_switch *sw;
	const struct bfly_flow_quota *quota;
	u32 now;
	u32 share;
	unsigned int left;
	u32 unworthy;
	struct bfly_flow *flow;
};

struct bfly_flow_quota *bfly_flow_quota_new(void)
{
	struct bfly_flow_quota *quota;

	quota = kzalloc(sizeof(*quota), GFP_KERNEL_ACCOUNT);
	if (quota)
		atomic_set(&quota->refs, 1);
	return quota;
}

void bfly_flow_quota_put(struct bfly_flow_quota *quota)
{
	/* who finds a flow may look at what it belonged to */
	if (quota && atomic_dec_and_test(&quota->refs))
		kfree_rcu(quota, rcu);
}

static u32 default_share(u32 all)
{
	return max(all / BFLY_FLOW_SHARE, 1U);
}

/* Whether the flow's port has more than its share, as it was set to. */
static bool flow_borrows(const struct sample *sample,
			 const struct bfly_flow *flow)
{
	const struct bfly_flow_quota *quota = flow->quota;

	/* and the port's own reference */
	return quota && atomic_read(&quota->refs) > (int)sample->share + 1;
}

/* The kind in the upper bits, how long it was idle in the others; 0 stays. */
static u32 flow_unworthy(const struct sample *sample,
			 const struct bfly_flow *flow)
{
	s32 left = READ_ONCE(flow->expires) - sample->now;
	u8 state = READ_ONCE(flow->state);
	u32 kind = unworthy_states[state];
	s32 idle;

	if (left <= 0)
		return UNWORTHY_EXPIRED;
	/* less than nothing after a timeout was shortened */
	idle = bfly_flow_timeout(sample->sw, flow->key.proto, state) - left;
	idle = clamp(idle, 0, (1 << UNWORTHY_IDLE_BITS) - 1);
	if (state == BFLY_FLOW_STATE_ESTABLISHED && idle < IDLE_SECONDS * HZ)
		return 0;
	if (kind >= UNWORTHY_BORROWED && flow_borrows(sample, flow))
		kind += UNWORTHY_BORROWED;
	return kind << UNWORTHY_IDLE_BITS | idle;
}

static void sample_bucket(struct sample *sample, u32 bucket)
{
	struct bfly_flow *flow;
	u32 unworthy;

	for (flow = rcu_dereference(sample->sw->flows->buckets[bucket]);
	     flow && sample->left; flow = rcu_dereference(flow->next)) {
		sample->left--;
		if (sample->quota && flow->quota != sample->quota)
			continue;
		unworthy = flow_unworthy(sample, flow);
		if (unworthy > sample->unworthy) {
			sample->unworthy = unworthy;
			sample->flow = flow;
		}
	}
}

/* Whether one more bucket is looked into, after @seen of them. */
static bool sample_goes_on(const struct sample *sample, u32 seen)
{
	if (!sample->left || sample->unworthy == UNWORTHY_EXPIRED)
		return false;
	return seen < SAMPLE_BUCKETS ||
	       (!sample->flow && !sample->quota && seen < SEARCH_BUCKETS);
}

/* Takes a flow out of the table, of those that belong to @quota if not NULL. */
static bool flow_evict(struct bfly_switch *sw,
		       const struct bfly_flow_quota *quota, u32 hash)
{
	struct sample sample = {
		.sw = sw, .quota = quota, .now = (u32)jiffies,
		.share = default_share(READ_ONCE(sw->flow_max)),
		.left = SAMPLE_FLOWS,
	};
	u32 i;

	for (i = 0; sample_goes_on(&sample, i); i++)
		sample_bucket(&sample, (hash + i) & sw->flows->mask);
	if (!sample.flow || !bfly_flow_del(sw, sample.flow))
		return false;
	if (sample.unworthy != UNWORTHY_EXPIRED)
		this_cpu_inc(sw->stats->flow_evicted);
	return true;
}

/*
 * Counts one more in @count. Where a limit was lowered one flow is evicted for
 * each that is refused, until it holds.
 */
static bool count_up(struct bfly_switch *sw, atomic_t *count, u32 max,
		     const struct bfly_flow_quota *quota, u32 hash, bool evict)
{
	if (likely(atomic_inc_return(count) <= max))
		return true;
	if (evict && flow_evict(sw, quota, hash) && atomic_read(count) <= max)
		return true;
	atomic_dec(count);
	return false;
}

enum bfly_drop bfly_flow_enter(struct bfly_switch *sw,
			       struct bfly_flow_quota *quota, u32 hash,
			       bool evict)
{
	u32 all = READ_ONCE(sw->flow_max), share;

	if (quota) {
		share = READ_ONCE(quota->max) ?: default_share(all);
		/* and the port's own reference */
		if (!count_up(sw, &quota->refs, share + 1, quota, hash, evict))
			return BFLY_DROP_FLOW_PORT_FULL;
	}
	if (count_up(sw, &sw->flows->count, all, NULL, hash, evict))
		return BFLY_PASS;
	bfly_flow_quota_put(quota);
	this_cpu_inc(sw->stats->flow_full);
	return BFLY_DROP_FLOW_FULL;
}

void bfly_flow_leave(struct bfly_flow_table *table,
		     struct bfly_flow_quota *quota)
{
	atomic_dec(&table->count);
	bfly_flow_quota_put(quota);
}
