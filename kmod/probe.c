// SPDX-License-Identifier: GPL-2.0
/*
 * The MACs of backends, resolved before they are needed.
 *
 * Every few seconds a work item asks the kernel's neighbour table for the next
 * host on the way to each backend, or to some of them where there are many. The
 * table then finds a MAC that it does not know, verifies one that is in doubt,
 * and keeps the entry, which it would forget after a minute without use.
 */
#include "probe.h"

#include <linux/rtnetlink.h>

#include "pool.h"
#include "route.h"

/* Between two rounds; all backends of a full pool take half a minute. */
#define PROBE_PERIOD	(2 * HZ)
/* Most backends a round, so that many do not burst. */
#define PROBE_BATCH	(BFLY_BACKEND_MAX / 16)

static void probe_backend(struct bfly_switch *sw, struct bfly_backend *backend)
{
	const struct bfly_path *path;

	if (backend->state == BFLY_BACKEND_STATE_DOWN)
		return;
	/* as in softirq, which sends packets there */
	local_bh_disable();
	rcu_read_lock();
	path = bfly_route_path(sw, &backend->route, &backend->addr, 0);
	if (path && !bfly_route_mac(&backend->route, path))
		bfly_path_probe(path, &backend->addr);
	rcu_read_unlock();
	local_bh_enable();
}

/*
 * Backends from @skip on, at most @left. Returns how many there are in all up to
 * the last one that was probed, 0 if that was the last of all.
 */
static unsigned int probe_some(struct bfly_switch *sw, unsigned int skip,
			       unsigned int left)
{
	const struct bfly_pool_table *table;
	unsigned int pos = 0;
	struct bfly_pool *pool;
	u32 i;

	list_for_each_entry(pool, &sw->pools, list) {
		table = bfly_pool_table(pool);
		if (skip >= pos + table->count) {
			pos += table->count;
			continue;
		}
		for (i = max(skip, pos) - pos; i < table->count; i++) {
			if (!left--)
				return pos + i;
			probe_backend(sw, table->backends[i]);
		}
		pos += table->count;
	}
	return 0;
}

static void probe_work(struct work_struct *work)
{
	struct bfly_switch *sw = container_of(to_delayed_work(work),
					      struct bfly_switch, probe_work);

	/* who stops the work waits for it with RTNL */
	if (!rtnl_trylock()) {
		schedule_delayed_work(&sw->probe_work, 1);
		return;
	}
	sw->probe_next = probe_some(sw, sw->probe_next, PROBE_BATCH);
	if (sw->pool_count)
		queue_delayed_work(system_power_efficient_wq, &sw->probe_work,
				   PROBE_PERIOD);
	rtnl_unlock();
}

void bfly_probe_start(struct bfly_switch *sw)
{
	ASSERT_RTNL();
	/* all of a batch of changes at once */
	mod_delayed_work(system_power_efficient_wq, &sw->probe_work, HZ / 10);
}

void bfly_probe_init(struct bfly_switch *sw)
{
	INIT_DELAYED_WORK(&sw->probe_work, probe_work);
}

void bfly_probe_fini(struct bfly_switch *sw)
{
	cancel_delayed_work_sync(&sw->probe_work);
}
