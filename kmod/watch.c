// SPDX-License-Identifier: GPL-2.0
#include "watch.h"

#include <linux/hash.h>
#include <net/neighbour.h>
#include <net/net_namespace.h>
#include <net/netevent.h>

/*
 * Neighbours share counters by the hash of their pointers: an event costs little
 * and holds nothing, and has few others looked up in vain.
 */
#define NEIGH_BITS	12

static atomic_t neigh_changes[BIT(NEIGH_BITS)];

/* What has no event is asked for that often. */
#define ASK_PERIOD	HZ

atomic_t *bfly_watch_neigh(const struct neighbour *neigh)
{
	return &neigh_changes[hash_ptr(neigh, NEIGH_BITS)];
}

static void count(atomic_t *changes)
{
	/*
	 * Who sees the count sees what has changed. Pairs with
	 * atomic_read_acquire() in bfly_watch_count().
	 */
	smp_mb__before_atomic();
	atomic_inc(changes);
}

/* Whether a generation is not the one that was seen last. */
static bool is_news(int *seen, int now)
{
	if (READ_ONCE(*seen) == now)
		return false;
	WRITE_ONCE(*seen, now);
	return true;
}

void bfly_watch_poll_now(struct bfly_watch *watch, const struct net *net,
			 u32 now)
{
	bool news;

	/* one CPU is enough; who is late compares again in the next tick */
	if (xchg(&watch->polled, now) == now)
		return;
	news = is_news(&watch->routes4, rt_genid_ipv4(net));
	news |= is_news(&watch->routes6, rt_genid_ipv6(net));
	if (now - READ_ONCE(watch->asked) >= ASK_PERIOD) {
		WRITE_ONCE(watch->asked, now);
		news = true;
	}
	if (news)
		count(&watch->changes);
}

/* Also when it is in doubt, so that it is asked again, and when it goes. */
static int neigh_event(struct notifier_block *nb, unsigned long event,
		       void *ptr)
{
	if (event == NETEVENT_NEIGH_UPDATE)
		count(bfly_watch_neigh(ptr));
	return NOTIFY_DONE;
}

static struct notifier_block neigh_notifier = {
	.notifier_call = neigh_event,
};

int bfly_watch_register(void)
{
	return register_netevent_notifier(&neigh_notifier);
}

void bfly_watch_unregister(void)
{
	unregister_netevent_notifier(&neigh_notifier);
}
