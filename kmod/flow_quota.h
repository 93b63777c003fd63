/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many flows there may be, in a switch and of a port, and which one makes
 * room for another.
 */
#ifndef _BFLY_FLOW_QUOTA_H
#define _BFLY_FLOW_QUOTA_H

#include <linux/atomic.h>
#include <linux/types.h>

#include "drop.h"

struct bfly_flow_table;
struct bfly_switch;

/* What a port may have of the switch's flows unless it is set. */
#define BFLY_FLOW_SHARE		8

/**
 * struct bfly_flow_quota - how many flows may belong to a port
 * @refs: flows that belong to it, and one while there is the port
 * @max: most flows, 0 for its share of the switch's; READ_ONCE, written under
 *	RTNL
 * @rcu: readers of its flows may have it still
 *
 * A flow belongs to the port that began it, or if it began outside, to the one
 * that it goes to. Flows outlive ports; who lets go last frees it.
 */
struct bfly_flow_quota {
	atomic_t refs;
	u32 max;
	struct rcu_head rcu;
};

/* That of a new port, whose reference it has; or NULL. Context: may sleep. */
struct bfly_flow_quota *bfly_flow_quota_new(void);

/* Let go of a reference. NULL is none. Context: any. */
void bfly_flow_quota_put(struct bfly_flow_quota *quota);

/* Flows that belong to a port. Context: the port is there. */
static inline u32 bfly_flow_quota_flows(const struct bfly_flow_quota *quota)
{
	return atomic_read(&quota->refs) - 1;
}

/**
 * bfly_flow_enter() - take a place for a new flow
 * @sw: the switch
 * @quota: that of the port which it belongs to, or NULL
 * @hash: hash of its key
 * @evict: whether another flow may have to make room
 *
 * Where there is none a flow is evicted, one of the port if that has too many:
 * the least worthy of a small sample. That is one that has expired, else one of
 * TCP that is closed, then one that had no answer or whose handshake is not
 * complete, then one that closes, then one that was idle for a while; and of
 * its kind the one that was idle for longest. Of the first two kinds after the
 * expired ones those of ports that have more than their share of the switch's
 * flows go before all others.
 *
 * Context: RCU read side, softirq.
 * Return: BFLY_PASS; FLOW_PORT_FULL; FLOW_FULL, which is counted.
 */
enum bfly_drop bfly_flow_enter(struct bfly_switch *sw,
			       struct bfly_flow_quota *quota, u32 hash,
			       bool evict);

/* Give the place back. Context: any. */
void bfly_flow_leave(struct bfly_flow_table *table,
		     struct bfly_flow_quota *quota);

#endif /* _BFLY_FLOW_QUOTA_H */
