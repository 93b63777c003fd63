// SPDX-License-Identifier: GPL-2.0
#include "vtep.h"

#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "encap.h"

static const struct rhashtable_params vtep_params = {
	.key_len = offsetofend(struct bfly_addr, family),
	.key_offset = offsetof(struct bfly_vtep, addr),
	.head_offset = offsetof(struct bfly_vtep, node),
	.automatic_shrinking = true,
};

struct bfly_vtep *bfly_vtep_find(struct bfly_switch *sw,
				 const struct bfly_addr *addr)
{
	return rhashtable_lookup(&sw->vteps, addr, vtep_params);
}

/* The same with a reference. */
static struct bfly_vtep *vtep_find(struct bfly_switch *sw,
				   const struct bfly_addr *addr)
{
	struct bfly_vtep *vtep;

	rcu_read_lock();
	vtep = bfly_vtep_find(sw, addr);
	if (vtep && !refcount_inc_not_zero(&vtep->refs))
		vtep = NULL;
	rcu_read_unlock();
	return vtep;
}

int bfly_vtep_init(struct bfly_vtep *vtep, struct bfly_switch *sw,
		   const struct bfly_addr *addr, int oif, gfp_t gfp)
{
	vtep->counters = alloc_percpu_gfp(struct bfly_counters,
					  gfp | __GFP_NOWARN);
	if (!vtep->counters)
		return -ENOMEM;
	bfly_route_init(&vtep->route, oif);
	vtep->hop.kind = BFLY_HOP_VTEP;
	vtep->ttl = BFLY_ENCAP_TTL;
	vtep->addr = *addr;
	vtep->sw = sw;
	return 0;
}

void bfly_vtep_fini(struct bfly_vtep *vtep)
{
	free_percpu(vtep->counters);
}

static struct bfly_vtep *vtep_alloc(struct bfly_switch *sw,
				    const struct bfly_addr *addr, gfp_t gfp)
{
	struct bfly_vtep *vtep = kzalloc(sizeof(*vtep), gfp | __GFP_NOWARN);

	if (!vtep)
		return NULL;
	if (bfly_vtep_init(vtep, sw, addr, 0, gfp)) {
		kfree(vtep);
		return NULL;
	}
	refcount_set(&vtep->refs, 1);
	return vtep;
}

static void vtep_free(struct bfly_vtep *vtep)
{
	bfly_vtep_fini(vtep);
	kfree(vtep);
}

static void vtep_free_rcu(struct rcu_head *head)
{
	vtep_free(container_of(head, struct bfly_vtep, rcu));
}

struct bfly_vtep *bfly_vtep_get(struct bfly_switch *sw,
				const struct bfly_addr *addr, gfp_t gfp)
{
	struct bfly_vtep *vtep, *other;

	vtep = vtep_find(sw, addr);
	if (vtep)
		return vtep;
	vtep = vtep_alloc(sw, addr, gfp);
	if (!vtep)
		return NULL;

	spin_lock_bh(&sw->vtep_lock);
	/* under the lock what is in the table has a reference */
	other = vtep_find(sw, addr);
	if (!other && rhashtable_insert_fast(&sw->vteps, &vtep->node,
					     vtep_params)) {
		spin_unlock_bh(&sw->vtep_lock);
		vtep_free(vtep);
		return NULL;
	}
	spin_unlock_bh(&sw->vtep_lock);
	if (other) {
		vtep_free(vtep);
		return other;
	}
	return vtep;
}

void bfly_vtep_put(struct bfly_vtep *vtep)
{
	struct bfly_switch *sw = vtep->sw;

	local_bh_disable();
	if (refcount_dec_and_lock(&vtep->refs, &sw->vtep_lock)) {
		rhashtable_remove_fast(&sw->vteps, &vtep->node, vtep_params);
		spin_unlock(&sw->vtep_lock);
		bfly_route_end(&vtep->route);
		call_rcu(&vtep->rcu, vtep_free_rcu);
	}
	local_bh_enable();
}

void bfly_vteps_forget(struct bfly_switch *sw, const struct net_device *dev)
{
	struct rhashtable_iter iter;
	struct bfly_vtep *vtep;

	rhashtable_walk_enter(&sw->vteps, &iter);
	rhashtable_walk_start(&iter);
	while ((vtep = rhashtable_walk_next(&iter)))
		if (!IS_ERR(vtep))
			bfly_route_forget(&vtep->route, dev);
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
}

int bfly_vteps_init(struct bfly_switch *sw)
{
	spin_lock_init(&sw->vtep_lock);
	return rhashtable_init(&sw->vteps, &vtep_params);
}

/* All references are gone. */
void bfly_vteps_fini(struct bfly_switch *sw)
{
	rhashtable_destroy(&sw->vteps);
}
