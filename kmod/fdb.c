// SPDX-License-Identifier: GPL-2.0
#include "fdb.h"

#include <linux/hash.h>
#include <linux/slab.h>

#include "vtep.h"

/*
 * Multiplication by a number that nobody knows, the random seed of the table; its
 * upper half depends on all bits of the key (Dietzfelbinger et al., 1997).
 */
static u32 fdb_hash(const void *key, u32 len, u32 seed)
{
	u64 product = *(const u64 *)key * (seed * GOLDEN_RATIO_64 | 1);

	return product >> 48 ^ product >> 32;
}

static int fdb_differs(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct bfly_fdb_entry *entry = obj;

	return entry->key != *(const u64 *)arg->key;
}

static u32 fdb_entry_hash(const void *obj, u32 len, u32 seed)
{
	const struct bfly_fdb_entry *entry = obj;

	return fdb_hash(&entry->key, len, seed);
}

static const struct rhashtable_params fdb_params = {
	.key_len = sizeof_field(struct bfly_fdb_entry, key),
	.key_offset = offsetof(struct bfly_fdb_entry, key),
	.head_offset = offsetof(struct bfly_fdb_entry, node),
	.hashfn = fdb_hash,
	.obj_hashfn = fdb_entry_hash,
	.obj_cmpfn = fdb_differs,
	.automatic_shrinking = true,
};

static struct bfly_fdb_entry *fdb_lookup(struct bfly_net *net, const u8 *mac)
{
	u64 key = bfly_fdb_key(mac);

	return rhashtable_lookup(&net->fdb, &key, fdb_params);
}

struct bfly_hop *bfly_fdb_find(struct bfly_net *net, const u8 *mac)
{
	struct bfly_fdb_entry *entry = fdb_lookup(net, mac);

	return entry ? READ_ONCE(entry->hop) : NULL;
}

/* The hop to where a packet came from, see bfly_fdb_learn(), or NULL. */
static struct bfly_hop *hop_get(struct bfly_net *net,
				const struct bfly_addr *addr)
{
	struct bfly_vtep *vtep;

	if (!addr)
		return &net->wire;
	vtep = bfly_vtep_get(net->sw, addr, GFP_ATOMIC);
	return vtep ? &vtep->hop : NULL;
}

/* Whether a hop, which is no port, is the one that hop_get() would give. */
static bool hop_is(struct bfly_hop *hop, const struct bfly_addr *addr)
{
	return hop->kind == BFLY_HOP_UPLINK ||
	       bfly_addr_equal(&bfly_hop_vtep(hop)->addr, addr);
}

static void hop_put(struct bfly_hop *hop)
{
	if (hop->kind == BFLY_HOP_VTEP)
		bfly_vtep_put(bfly_hop_vtep(hop));
}

static struct bfly_fdb_entry *fdb_insert(struct bfly_net *net, const u8 *mac,
					 struct bfly_hop *hop, bool learned)
{
	struct bfly_fdb_entry *entry;
	int err;

	entry = kzalloc(sizeof(*entry), GFP_ATOMIC | __GFP_NOWARN);
	if (!entry)
		return ERR_PTR(-ENOMEM);
	entry->key = bfly_fdb_key(mac);
	entry->hop = hop;
	entry->learned = learned;
	entry->heard = jiffies;
	err = rhashtable_lookup_insert_key(&net->fdb, &entry->key, &entry->node,
					   fdb_params);
	if (err) {
		kfree(entry);
		return ERR_PTR(err);
	}
	return entry;
}

static void fdb_remove(struct bfly_net *net, struct bfly_fdb_entry *entry)
{
	lockdep_assert_held(&net->fdb_lock);
	rhashtable_remove_fast(&net->fdb, &entry->node, fdb_params);
	if (entry->learned)
		net->learned--;
	/* no flow may follow the hop once its reference is gone */
	bfly_net_changed(net);
	hop_put(entry->hop);
	kfree_rcu(entry, rcu);
}

/* Whether an entry that was found without the lock is still in the table. */
static bool fdb_linked(struct bfly_net *net, const struct bfly_fdb_entry *entry)
{
	lockdep_assert_held(&net->fdb_lock);
	return rhashtable_lookup(&net->fdb, &entry->key, fdb_params) ==
	       entry;
}

int bfly_fdb_add(struct bfly_net *net, const u8 *mac, struct bfly_hop *hop)
{
	struct bfly_fdb_entry *entry;
	int err = 0;

	ASSERT_RTNL();
	rcu_read_lock();
	spin_lock_bh(&net->fdb_lock);
	entry = fdb_lookup(net, mac);
	if (entry && !entry->learned) {
		err = -EEXIST;
		goto unlock;
	}
	if (entry)
		fdb_remove(net, entry);
	entry = fdb_insert(net, mac, hop, false);
	if (IS_ERR(entry))
		err = PTR_ERR(entry);
unlock:
	spin_unlock_bh(&net->fdb_lock);
	rcu_read_unlock();
	return err;
}

void bfly_fdb_del(struct bfly_net *net, const u8 *mac)
{
	struct bfly_fdb_entry *entry;

	ASSERT_RTNL();
	rcu_read_lock();
	spin_lock_bh(&net->fdb_lock);
	entry = fdb_lookup(net, mac);
	if (!WARN_ON_ONCE(!entry || entry->learned))
		fdb_remove(net, entry);
	spin_unlock_bh(&net->fdb_lock);
	rcu_read_unlock();
}

/* A learned MAC was heard from another peer than before. */
static void fdb_move(struct bfly_net *net, struct bfly_fdb_entry *entry,
		     const struct bfly_addr *addr)
{
	struct bfly_hop *hop = hop_get(net, addr);
	struct bfly_hop *old = hop;

	if (!hop)
		return;
	spin_lock(&net->fdb_lock);
	if (fdb_linked(net, entry)) {
		old = entry->hop;
		WRITE_ONCE(entry->hop, hop);
		bfly_net_changed(net);
	}
	spin_unlock(&net->fdb_lock);
	hop_put(old);
}

static void fdb_learn_new(struct bfly_net *net, const u8 *mac,
			  const struct bfly_addr *addr)
{
	struct bfly_fdb_entry *entry;
	struct bfly_hop *hop;

	if (READ_ONCE(net->learned) >= READ_ONCE(net->sw->fdb_max)) {
		this_cpu_inc(net->sw->stats->fdb_full);
		return;
	}
	hop = hop_get(net, addr);
	if (!hop)
		return;
	spin_lock(&net->fdb_lock);
	entry = fdb_insert(net, mac, hop, true);
	if (!IS_ERR(entry) && !net->learned++)
		queue_delayed_work(system_power_efficient_wq, &net->age_work,
				   HZ);
	spin_unlock(&net->fdb_lock);
	if (IS_ERR(entry))
		hop_put(hop);
}

bool bfly_fdb_learn(struct bfly_net *net, const u8 *mac,
		    const struct bfly_addr *addr, struct bfly_vtep **from)
{
	struct bfly_fdb_entry *entry = fdb_lookup(net, mac);
	struct bfly_hop *hop;
	bool known;

	*from = NULL;
	if (unlikely(!entry)) {
		if (READ_ONCE(net->conf.learning) && is_valid_ether_addr(mac))
			fdb_learn_new(net, mac, addr);
		return true;
	}
	hop = READ_ONCE(entry->hop);
	if (unlikely(hop->kind == BFLY_HOP_PORT))
		return false;
	known = hop_is(hop, addr);
	if (known && addr)
		*from = bfly_hop_vtep(hop);
	if (!entry->learned || !READ_ONCE(net->conf.learning))
		return true;
	if (unlikely(!known))
		fdb_move(net, entry, addr);
	/* a write a jiffy at most, which leaves the cache line shared */
	if (time_before(READ_ONCE(entry->heard), jiffies))
		WRITE_ONCE(entry->heard, jiffies);
	return true;
}

static bool fdb_expired(const struct bfly_net *net,
			const struct bfly_fdb_entry *entry)
{
	unsigned long ageing = (unsigned long)READ_ONCE(net->conf.ageing) * HZ;

	return entry->learned && ageing &&
	       time_after_eq(jiffies, READ_ONCE(entry->heard) + ageing);
}

static bool fdb_learned(const struct bfly_net *net,
			const struct bfly_fdb_entry *entry)
{
	return entry->learned;
}

static void fdb_sweep(struct bfly_net *net,
		      bool (*goes)(const struct bfly_net *net,
				   const struct bfly_fdb_entry *entry))
{
	struct bfly_fdb_entry *entry;
	struct rhashtable_iter iter;

	rhashtable_walk_enter(&net->fdb, &iter);
	rhashtable_walk_start(&iter);
	while ((entry = rhashtable_walk_next(&iter))) {
		/* the table was resized; what was missed comes next time */
		if (IS_ERR(entry) || !goes(net, entry))
			continue;
		spin_lock_bh(&net->fdb_lock);
		if (fdb_linked(net, entry))
			fdb_remove(net, entry);
		spin_unlock_bh(&net->fdb_lock);
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
}

void bfly_fdb_forget(struct bfly_net *net)
{
	fdb_sweep(net, fdb_learned);
}

static void fdb_age(struct work_struct *work)
{
	struct bfly_net *net = container_of(to_delayed_work(work),
					    struct bfly_net, age_work);

	fdb_sweep(net, fdb_expired);
	if (READ_ONCE(net->learned))
		queue_delayed_work(system_power_efficient_wq, &net->age_work,
				   HZ);
}

int bfly_fdb_init(struct bfly_net *net)
{
	spin_lock_init(&net->fdb_lock);
	INIT_DELAYED_WORK(&net->age_work, fdb_age);
	return rhashtable_init(&net->fdb, &fdb_params);
}

static void fdb_free(void *ptr, void *arg)
{
	struct bfly_fdb_entry *entry = ptr;

	hop_put(entry->hop);
	kfree_rcu(entry, rcu);
}

void bfly_fdb_fini(struct bfly_net *net)
{
	cancel_delayed_work_sync(&net->age_work);
	rhashtable_free_and_destroy(&net->fdb, fdb_free, NULL);
}
