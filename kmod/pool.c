// SPDX-License-Identifier: GPL-2.0
/*
 * Pools.
 *
 * The published form of a pool is one table, see struct bfly_pool_table. A
 * change, of one backend or of all, is always made by bfly_pool_apply(): it
 * merges what is wanted with what is there, builds the new table aside and
 * swaps it in.
 */
#include <linux/slab.h>

#include "flow.h"
#include "pool.h"
#include "probe.h"

static struct bfly_pool_table *
pool_table_alloc(const struct bfly_pool_conf *conf, u32 count)
{
	struct bfly_pool_table *table;
	size_t bytes;

	/* counts and sizes are limited far below what could overflow */
	bytes = struct_size(table, backends, count) +
		array_size(conf->size, sizeof(*table->slot));
	table = kvmalloc(bytes, GFP_KERNEL_ACCOUNT);
	if (!table)
		return NULL;
	table->conf = *conf;
	bfly_hash_secret_derive(&table->secret, &conf->key);
	table->count = count;
	table->slot = (void *)table + struct_size(table, backends, count);
	return table;
}

/* What a backend counts for in the Maglev table. */
static u16 share_weight(u8 state, u16 weight)
{
	return state == BFLY_BACKEND_STATE_UP ? weight : 0;
}

/**
 * struct pool_change - a change in the making
 * @sw: the switch
 * @conf: wanted configuration
 * @want: wanted backends, sorted
 * @table: the new table
 * @items: by wanted backend, input and result of Maglev
 */
struct pool_change {
	struct bfly_switch *sw;
	const struct bfly_pool_conf *conf;
	const struct bfly_backend_conf *want;
	struct bfly_pool_table *table;
	struct bfly_maglev_item *items;
};

/* Frees backends of the new table that are not in the old one. */
static void change_free_backends(struct pool_change *change,
				 const struct bfly_pool_table *old, u32 count)
{
	u32 i, k = 0;

	for (i = 0; i < count; i++) {
		while (old && k < old->count &&
		       bfly_addr_cmp(&old->backends[k]->addr,
				     &change->want[i].addr) < 0)
			k++;
		if (old && k < old->count &&
		    old->backends[k] == change->table->backends[i])
			continue;
		bfly_backend_unlink(change->sw, change->table->backends[i]);
	}
}

/* Backends of the new table: those that are there, and new ones. */
static int change_find_backends(struct pool_change *change,
				struct bfly_pool *pool,
				const struct bfly_pool_table *old)
{
	struct bfly_backend *backend;
	int cmp = -1;
	u32 i, k = 0;

	for (i = 0; i < change->table->count; i++) {
		for (; old && k < old->count; k++) {
			cmp = bfly_addr_cmp(&old->backends[k]->addr,
					    &change->want[i].addr);
			if (cmp >= 0)
				break;
		}
		if (old && k < old->count && cmp == 0) {
			change->table->backends[i] = old->backends[k];
			continue;
		}
		backend = bfly_backend_new(change->sw, pool, &change->want[i]);
		if (IS_ERR(backend)) {
			change_free_backends(change, old, i);
			return PTR_ERR(backend);
		}
		change->table->backends[i] = backend;
	}
	return 0;
}

/* Whether the old table's slots are those of the new one, too. */
static bool change_keeps_slots(const struct pool_change *change,
			       const struct bfly_pool_table *old)
{
	const struct bfly_backend *backend;
	u32 i;

	if (!old || old->count != change->table->count ||
	    old->conf.size != change->conf->size ||
	    memcmp(&old->conf.key, &change->conf->key, sizeof(old->conf.key)))
		return false;
	for (i = 0; i < old->count; i++) {
		backend = old->backends[i];
		if (backend != change->table->backends[i] ||
		    share_weight(backend->state, backend->weight) !=
		    share_weight(change->want[i].state, change->want[i].weight))
			return false;
	}
	return true;
}

static int change_build_slots(struct pool_change *change)
{
	const struct bfly_pool_conf *conf = change->conf;
	const struct bfly_backend_conf *want = change->want;
	u32 count = change->table->count;
	void *scratch;
	u32 i;

	for (i = 0; i < count; i++)
		bfly_maglev_item(&change->items[i], &want[i].addr,
				 share_weight(want[i].state, want[i].weight),
				 conf->size, &conf->key);
	scratch = kvmalloc(bfly_maglev_scratch_size(change->items, count,
						    conf->size),
			   GFP_KERNEL_ACCOUNT);
	if (!scratch)
		return -ENOMEM;
	if (!bfly_maglev_fill(change->table->slot, conf->size, change->items,
			      count, scratch))
		change->table->slot = NULL;
	kvfree(scratch);
	return 0;
}

static int change_fill_slots(struct pool_change *change,
			     const struct bfly_pool_table *old)
{
	u32 i;

	if (!change_keeps_slots(change, old))
		return change_build_slots(change);

	if (old->slot)
		memcpy(change->table->slot, old->slot,
		       array_size(old->conf.size, sizeof(*old->slot)));
	else
		change->table->slot = NULL;
	for (i = 0; i < old->count; i++)
		change->items[i].slots = old->backends[i]->slots;
	return 0;
}

/*
 * Nothing fails from here on. Tells whether backends went down or away: their
 * flows have to move.
 */
static bool change_publish(struct pool_change *change, struct bfly_pool *pool,
			   struct bfly_pool_table *old)
{
	struct bfly_pool_table *table = change->table;
	const struct bfly_backend_conf *want = change->want;
	struct bfly_backend *backend;
	bool down = false;
	u32 i, k;

	rcu_assign_pointer(pool->table, table);
	for (i = 0; i < table->count; i++) {
		backend = table->backends[i];
		if (want[i].state == BFLY_BACKEND_STATE_DOWN &&
		    backend->state != BFLY_BACKEND_STATE_DOWN)
			down = true;
		backend->state_changes += backend->state != want[i].state;
		WRITE_ONCE(backend->state, want[i].state);
		WRITE_ONCE(backend->mac, want[i].mac);
		/* method vxlan has another use for it */
		bfly_route_set_mac(&backend->route,
				   table->conf.method == BFLY_METHOD_VXLAN ?
				   0 : want[i].mac);
		backend->weight = want[i].weight;
		backend->slots = table->slot ? change->items[i].slots : 0;
	}
	if (!old)
		return false;
	for (i = 0, k = 0; k < old->count; k++) {
		while (i < table->count &&
		       bfly_addr_cmp(&table->backends[i]->addr,
				     &old->backends[k]->addr) < 0)
			i++;
		if (i < table->count && table->backends[i] == old->backends[k])
			continue;
		bfly_backend_unlink(change->sw, old->backends[k]);
		down = true;
	}
	kvfree_rcu(old, rcu);
	return down;
}

static int pool_change(struct bfly_switch *sw, struct bfly_pool *pool,
		       const struct bfly_pool_conf *conf,
		       const struct bfly_backend_conf *want, u32 count,
		       bool *down)
{
	struct bfly_pool_table *old = bfly_pool_table(pool);
	struct pool_change change = { .sw = sw, .conf = conf, .want = want };
	int err = -ENOMEM;

	change.items = kvcalloc(count, sizeof(*change.items),
				GFP_KERNEL_ACCOUNT);
	if (!change.items)
		return -ENOMEM;
	change.table = pool_table_alloc(conf, count);
	if (!change.table)
		goto out_free_items;
	err = change_find_backends(&change, pool, old);
	if (err)
		goto err_free_table;
	err = change_fill_slots(&change, old);
	if (err)
		goto err_free_backends;
	*down = change_publish(&change, pool, old);
	bfly_switch_serving_changed(sw);
	goto out_free_items;

err_free_backends:
	change_free_backends(&change, old, count);
err_free_table:
	kvfree(change.table);
out_free_items:
	kvfree(change.items);
	return err;
}

/*
 * A flow moves with its next packet anyway, but one that has no next packet
 * would count as its backend's, and keep it, until it is forgotten.
 */
static void pool_flush_down(struct bfly_switch *sw)
{
	static const struct bfly_flow_filter down = { .down = true };

	bfly_flow_flush(sw, &down);
}

int bfly_pool_apply(struct bfly_switch *sw, struct bfly_pool *pool,
		    const struct bfly_pool_conf *conf,
		    const struct bfly_backend_conf *want, u32 count)
{
	bool down;
	int err;

	err = pool_change(sw, pool, conf, want, count, &down);
	if (err)
		return err;
	if (down)
		pool_flush_down(sw);
	bfly_probe_start(sw);
	bfly_switch_changed(sw);
	return 0;
}

struct bfly_pool *bfly_pool_find(struct bfly_switch *sw, const char *name)
{
	struct bfly_pool *pool;

	ASSERT_RTNL();
	list_for_each_entry(pool, &sw->pools, list)
		if (!strcmp(pool->name, name))
			return pool;
	return NULL;
}

static void pool_link(struct bfly_switch *sw, struct bfly_pool *pool)
{
	struct bfly_pool *other;

	list_for_each_entry(other, &sw->pools, list)
		if (strcmp(other->name, pool->name) > 0)
			break;
	list_add_tail(&pool->list, &other->list);
	sw->pool_count++;
	bfly_probe_start(sw);
	bfly_switch_changed(sw);
}

struct bfly_pool *bfly_pool_new(struct bfly_switch *sw, const char *name,
				const struct bfly_pool_conf *conf,
				const struct bfly_backend_conf *want, u32 count)
{
	struct bfly_pool *pool;
	bool down;
	int err;

	pool = kzalloc(sizeof(*pool), GFP_KERNEL_ACCOUNT);
	if (!pool)
		return ERR_PTR(-ENOMEM);
	strscpy(pool->name, name, sizeof(pool->name));
	refcount_set(&pool->refs, 1);
	err = pool_change(sw, pool, conf, want, count, &down);
	if (err) {
		bfly_pool_put(pool);
		return ERR_PTR(err);
	}
	pool_link(sw, pool);
	return pool;
}

void bfly_pool_put(struct bfly_pool *pool)
{
	if (refcount_dec_and_test(&pool->refs))
		kfree_rcu(pool, rcu);
}

static void pool_remove(struct bfly_switch *sw, struct bfly_pool *pool)
{
	struct bfly_pool_table *table = bfly_pool_table(pool);
	u32 i;

	list_del(&pool->list);
	sw->pool_count--;
	RCU_INIT_POINTER(pool->table, NULL);
	for (i = 0; i < table->count; i++)
		bfly_backend_unlink(sw, table->backends[i]);
	kvfree_rcu(table, rcu);
	bfly_pool_put(pool);
	bfly_switch_serving_changed(sw);
	bfly_switch_changed(sw);
}

void bfly_pool_del(struct bfly_switch *sw, struct bfly_pool *pool)
{
	bool flows = bfly_pool_table(pool)->count;

	pool_remove(sw, pool);
	if (flows)
		pool_flush_down(sw);
}

u64 bfly_pool_hash_any(const struct bfly_hash_secret *secret, u8 hash,
		       const struct bfly_key *key)
{
	bool ip6 = key->family == AF_INET6, all = hash != BFLY_HASH_SOURCE;
	u32 src[4] = {}, dst[4] = {};
	u32 ports = 0;
	int i;

	for (i = 0; i < (ip6 ? 4 : 1); i++) {
		src[i] = be32_to_cpu(key->src.s6_addr32[i]);
		if (all)
			dst[i] = be32_to_cpu(key->dst.s6_addr32[i]);
	}
	if (hash == BFLY_HASH_5TUPLE)
		ports = be32_to_cpu(key->ports);
	return bfly_hash(secret, ip6, src, dst, ports, all ? key->proto : 0);
}

u64 bfly_pool_hash_cid(const struct bfly_pool_conf *conf, u64 cid)
{
	return siphash_1u64(cid, &conf->key);
}

struct bfly_backend *bfly_pool_choose_cid(const struct bfly_pool *pool, u64 cid)
{
	const struct bfly_pool_table *table = rcu_dereference(pool->table);

	if (unlikely(!table || !table->slot))
		return NULL;
	return bfly_pool_at(table, bfly_pool_hash_cid(&table->conf, cid));
}

void bfly_pools_forget(struct bfly_switch *sw, const struct net_device *dev)
{
	struct bfly_pool_table *table;
	struct bfly_pool *pool;
	u32 i;

	list_for_each_entry(pool, &sw->pools, list) {
		table = bfly_pool_table(pool);
		for (i = 0; i < table->count; i++)
			bfly_route_forget(&table->backends[i]->route, dev);
	}
}

int bfly_pools_init(struct bfly_switch *sw)
{
	INIT_LIST_HEAD(&sw->pools);
	return bfly_backends_init(sw);
}

void bfly_pools_fini(struct bfly_switch *sw)
{
	struct bfly_pool *pool, *next;

	list_for_each_entry_safe(pool, next, &sw->pools, list)
		pool_remove(sw, pool);
	bfly_backends_fini(sw);
}

void bfly_pools_exit(void)
{
	/*
	 * Freeing goes through up to three callbacks, each queued by the one
	 * before: of a flow or of the pool's reference, of the backend, of its
	 * path. That of a service takes two.
	 */
	rcu_barrier();
	rcu_barrier();
	rcu_barrier();
}
