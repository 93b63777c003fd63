/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What has changed of the kernel's routes and neighbours: whoever has looked
 * something up of them may keep it until then.
 */
#ifndef _BFLY_WATCH_H
#define _BFLY_WATCH_H

#include <linux/atomic.h>
#include <linux/jiffies.h>

struct neighbour;
struct net;

/**
 * struct bfly_watch - changes that concern all ways of a switch, zero at first
 * @polled: jiffies32 when @routes was last compared; READ_ONCE
 * @asked: jiffies32 when all was last taken for changed; READ_ONCE
 * @routes4: generation of the namespace's IPv4 routes; READ_ONCE
 * @routes6: of its IPv6 routes; READ_ONCE
 * @changes: how often any of them has changed
 */
struct bfly_watch {
	u32 polled;
	u32 asked;
	int routes4;
	int routes6;
	atomic_t changes;
};

/* See bfly_watch_poll(). */
void bfly_watch_poll_now(struct bfly_watch *watch, const struct net *net,
			 u32 now);

/**
 * bfly_watch_poll() - count changes of routes
 * @watch: where they are counted
 * @net: whose routes
 * @now: jiffies32
 *
 * Once in a tick, however often it is called. What happens without an event, as
 * to the MTU of a path, is taken to have happened once a second.
 *
 * Context: any.
 */
static inline void bfly_watch_poll(struct bfly_watch *watch,
				   const struct net *net, u32 now)
{
	if (unlikely(READ_ONCE(watch->polled) != now))
		bfly_watch_poll_now(watch, net, now);
}

/**
 * bfly_watch_neigh() - where changes of a neighbour are counted
 * @neigh: the neighbour, or NULL for none; it may go and the place stays
 *
 * Others' may be counted there, too.
 */
atomic_t *bfly_watch_neigh(const struct neighbour *neigh);

/* A number of changes; what is looked up after it is as they have left it. */
static inline u32 bfly_watch_count(const atomic_t *changes)
{
	/* pairs with the barrier before one is counted */
	return atomic_read_acquire(changes);
}

/**
 * bfly_watch_sum() - a number that changes with routes and with a neighbour
 * @watch: polled in this tick
 * @neigh: from bfly_watch_neigh()
 *
 * While it is what it was before something was looked up, that still holds.
 */
static inline u32 bfly_watch_sum(const struct bfly_watch *watch,
				 const atomic_t *neigh)
{
	return bfly_watch_count(&watch->changes) + bfly_watch_count(neigh);
}

int bfly_watch_register(void);
void bfly_watch_unregister(void);

#endif /* _BFLY_WATCH_H */
