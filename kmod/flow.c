// SPDX-License-Identifier: GPL-2.0
#include "flow.h"

#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/rtnetlink.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <net/tcp.h>

#include "flow_table.h"
#include "pool.h"
#include "port.h"
#include "switch.h"

/* The whole table is looked through for expired flows in this many seconds. */
#define GC_ROUND	8

static struct kmem_cache *flow_cache;

/* Seconds without a packet after which a flow is forgotten. */
static const u32 tcp_timeouts[] = {
	[BFLY_FLOW_STATE_NEW] = 60,
	[BFLY_FLOW_STATE_ESTABLISHED] = 24 * 60 * 60,
	[BFLY_FLOW_STATE_CLOSING] = 120,
	[BFLY_FLOW_STATE_CLOSED] = 10,
};

static const u32 other_timeouts[] = {
	[BFLY_FLOW_STATE_NEW] = 30,
	[BFLY_FLOW_STATE_ESTABLISHED] = 180,
};

/*
 * Seconds after its last packet for which a flow is kept that the rules do not
 * allow any more; longer than TCP waits between retransmissions.
 */
#define REFUSED_TIMEOUT	180

static u32 flow_timeout(u8 proto, u8 state)
{
	if (proto == IPPROTO_TCP)
		return tcp_timeouts[state] * HZ;
	return other_timeouts[state] * HZ;
}

static u32 now32(void)
{
	return (u32)jiffies;
}

static bool flow_expired(const struct bfly_flow *flow, u32 now)
{
	return (s32)(READ_ONCE(flow->expires) - now) <= 0;
}

/* Which is lesser does not matter, only that it is always the same. */
static int cmp_u32(u32 a, u32 b)
{
	return (a > b) - (a < b);
}

/* The first end is the lesser one; tells whether that took a swap. */
static bool key_canonical(const struct bfly_key *key, struct bfly_key *canon)
{
	bool swapped;
	int order;

	if (key->family == AF_INET)
		order = cmp_u32((__force u32)key->src.s6_addr32[0],
				(__force u32)key->dst.s6_addr32[0]);
	else
		order = memcmp(&key->src, &key->dst, sizeof(key->src));
	swapped = order > 0 ||
		  (!order && (__force u16)key->sport > (__force u16)key->dport);

	*canon = *key;
	if (swapped) {
		canon->src = key->dst;
		canon->dst = key->src;
		canon->sport = key->dport;
		canon->dport = key->sport;
	}
	return swapped;
}

static u32 key_hash(const struct bfly_flow_table *table,
		    const struct bfly_key *key)
{
	if (key->family == AF_INET)
		return hsiphash_4u32((__force u32)key->src.s6_addr32[0],
				     (__force u32)key->dst.s6_addr32[0],
				     (__force u32)key->sport << 16 |
				     (__force u32)key->dport,
				     key->net << 8 | key->proto, &table->seed);
	return hsiphash(key, sizeof(*key), &table->seed);
}

static bool key_equal(const struct bfly_key *a, const struct bfly_key *b)
{
	if (a->src.s6_addr32[0] != b->src.s6_addr32[0] ||
	    a->dst.s6_addr32[0] != b->dst.s6_addr32[0] ||
	    a->sport != b->sport || a->dport != b->dport ||
	    a->net != b->net || a->proto != b->proto ||
	    a->family != b->family)
		return false;
	return a->family == AF_INET || (ipv6_addr_equal(&a->src, &b->src) &&
					ipv6_addr_equal(&a->dst, &b->dst));
}

static spinlock_t *bucket_lock(struct bfly_flow_table *table, u32 hash)
{
	return &table->locks[hash & (BFLY_FLOW_LOCKS - 1)];
}

static struct bfly_flow *bucket_find(struct bfly_flow_table *table, u32 hash,
				     const struct bfly_key *canon)
{
	struct bfly_flow *flow;

	for (flow = rcu_dereference(table->buckets[hash & table->mask]); flow;
	     flow = rcu_dereference(flow->next))
		if (key_equal(&flow->key, canon))
			return flow;
	return NULL;
}

struct bfly_flow *bfly_flow_find(struct bfly_switch *sw,
				 const struct bfly_key *key, int *dir)
{
	struct bfly_key canon;
	struct bfly_flow *flow;
	bool swapped;

	swapped = key_canonical(key, &canon);
	flow = bucket_find(sw->flows, key_hash(sw->flows, &canon), &canon);
	if (!flow || flow_expired(flow, now32()))
		return NULL;
	*dir = swapped != flow->swapped;
	return flow;
}

static void flow_free_rcu(struct rcu_head *head)
{
	struct bfly_flow *flow = container_of(head, struct bfly_flow, rcu);

	if (!flow->key.net)
		bfly_backend_flow_put(flow->backend);
	kmem_cache_free(flow_cache, flow);
}

/* Unlinks the flow that *@link points to; the bucket's lock is held. */
static void flow_unlink(struct bfly_flow_table *table,
			struct bfly_flow __rcu **link, struct bfly_flow *flow)
{
	rcu_assign_pointer(*link, rcu_dereference_raw(flow->next));
	flow->dead = true;
	atomic_dec(&table->count);
	call_rcu(&flow->rcu, flow_free_rcu);
}

static struct bfly_flow *flow_alloc(const struct bfly_key *canon, bool swapped,
				    struct bfly_backend *backend)
{
	struct bfly_flow *flow = kmem_cache_zalloc(flow_cache, GFP_ATOMIC);

	if (!flow)
		return NULL;
	flow->key = *canon;
	flow->swapped = swapped;
	/* a service's flow shows one direction only */
	flow->state = backend ? BFLY_FLOW_STATE_ESTABLISHED :
				BFLY_FLOW_STATE_NEW;
	flow->expires = now32() + flow_timeout(canon->proto, flow->state);
	if (backend) {
		bfly_backend_flow_get(backend);
		flow->backend = backend;
	}
	return flow;
}

/* Enters @flow unless its key is there; returns what is in the table then. */
static struct bfly_flow *bucket_insert(struct bfly_flow_table *table, u32 hash,
				       struct bfly_flow *flow)
{
	struct bfly_flow __rcu **link = &table->buckets[hash & table->mask];
	spinlock_t *lock = bucket_lock(table, hash);
	struct bfly_flow *old;

	spin_lock_bh(lock);
	while ((old = rcu_dereference_protected(*link, lockdep_is_held(lock)))) {
		if (key_equal(&old->key, &flow->key)) {
			if (!flow_expired(old, now32()))
				break;
			flow_unlink(table, link, old);
			continue;
		}
		link = &old->next;
	}
	if (!old)
		rcu_assign_pointer(*link, flow);
	spin_unlock_bh(lock);
	return old ?: flow;
}

struct bfly_flow *bfly_flow_new(struct bfly_switch *sw,
				const struct bfly_key *key,
				struct bfly_backend *backend, int *dir)
{
	struct bfly_flow_table *table = sw->flows;
	struct bfly_flow *flow, *there;
	struct bfly_key canon;
	bool swapped;

	if (atomic_inc_return(&table->count) > READ_ONCE(sw->flow_max)) {
		atomic_dec(&table->count);
		this_cpu_inc(sw->stats->flow_full);
		return NULL;
	}
	swapped = key_canonical(key, &canon);
	flow = flow_alloc(&canon, swapped, backend);
	if (!flow) {
		atomic_dec(&table->count);
		return NULL;
	}

	there = bucket_insert(table, key_hash(table, &canon), flow);
	if (there != flow) {
		atomic_dec(&table->count);
		if (backend)
			bfly_backend_flow_put(backend);
		kmem_cache_free(flow_cache, flow);
	}
	*dir = swapped != there->swapped;
	return there;
}

void bfly_flow_del(struct bfly_switch *sw, struct bfly_flow *flow)
{
	struct bfly_flow_table *table = sw->flows;
	u32 hash = key_hash(table, &flow->key);
	struct bfly_flow __rcu **link = &table->buckets[hash & table->mask];
	spinlock_t *lock = bucket_lock(table, hash);
	struct bfly_flow *other;

	spin_lock_bh(lock);
	while ((other = rcu_dereference_protected(*link,
						  lockdep_is_held(lock)))) {
		if (other == flow) {
			flow_unlink(table, link, flow);
			break;
		}
		link = &other->next;
	}
	spin_unlock_bh(lock);
}

static u8 tcp_next_state(struct bfly_flow *flow, int dir, u8 tcp_flags)
{
	u8 state = READ_ONCE(flow->state);

	if (tcp_flags & TCPHDR_RST)
		return BFLY_FLOW_STATE_CLOSED;
	if (tcp_flags & TCPHDR_FIN) {
		WRITE_ONCE(flow->fins, flow->fins | 1 << dir);
		return flow->fins == 3 ? BFLY_FLOW_STATE_CLOSED :
					 BFLY_FLOW_STATE_CLOSING;
	}
	if (dir == 1 && state == BFLY_FLOW_STATE_NEW)
		return BFLY_FLOW_STATE_ESTABLISHED;
	return state;
}

void bfly_flow_seen(struct bfly_flow *flow, int dir, u8 tcp_flags,
		    unsigned int packets, unsigned int bytes)
{
	struct bfly_flow_count *count = &flow->count[dir];
	u8 old = READ_ONCE(flow->state);
	u8 state = old;
	u32 expires;

	WRITE_ONCE(count->packets, count->packets + packets);
	WRITE_ONCE(count->bytes, count->bytes + bytes);

	if (flow->key.proto == IPPROTO_TCP)
		state = tcp_next_state(flow, dir, tcp_flags);
	else if (dir == 1 && old == BFLY_FLOW_STATE_NEW)
		state = BFLY_FLOW_STATE_ESTABLISHED;
	if (unlikely(state != old))
		WRITE_ONCE(flow->state, state);

	/* a write a second is enough, and leaves the cache line alone */
	expires = now32() + flow_timeout(flow->key.proto, state);
	if (state != old || (s32)(expires - READ_ONCE(flow->expires)) >= HZ)
		WRITE_ONCE(flow->expires, expires);
}

void bfly_flow_refused(struct bfly_flow *flow)
{
	WRITE_ONCE(flow->expires, now32() + REFUSED_TIMEOUT * HZ);
}

void bfly_flow_path_set(struct bfly_switch *sw, struct bfly_flow *flow, int dir,
			u64 gen, const struct bfly_port *in,
			struct bfly_hop *hop, const u8 *dmac)
{
	spinlock_t *lock = bucket_lock(sw->flows,
				       key_hash(sw->flows, &flow->key));
	struct bfly_flow_path *path = &flow->path[dir];

	spin_lock_bh(lock);
	/* no reader may see the generation with half of what it stands for */
	WRITE_ONCE(path->gen, 0);
	smp_wmb(); /* pairs with smp_rmb() in bfly_flow_path_get() */
	WRITE_ONCE(path->in, in);
	WRITE_ONCE(path->hop, hop);
	ether_addr_copy(path->dmac, dmac);
	/* pairs with smp_load_acquire() in bfly_flow_path_get() */
	smp_store_release(&path->gen, gen);
	spin_unlock_bh(lock);
}

void bfly_flow_set_backend(struct bfly_switch *sw, struct bfly_flow *flow,
			   struct bfly_backend *backend)
{
	spinlock_t *lock = bucket_lock(sw->flows,
				       key_hash(sw->flows, &flow->key));
	struct bfly_backend *old;

	bfly_backend_flow_get(backend);
	spin_lock_bh(lock);
	old = flow->backend;
	WRITE_ONCE(flow->backend, backend);
	spin_unlock_bh(lock);
	bfly_backend_flow_put(old);
}

static bool flow_at_port(const struct bfly_flow *flow,
			 const struct bfly_port *port)
{
	int dir;

	if (!flow->key.net)
		return false;
	for (dir = 0; dir < 2; dir++)
		if (READ_ONCE(flow->path[dir].in) == port ||
		    READ_ONCE(flow->path[dir].hop) == &port->hop)
			return true;
	return false;
}

static bool flow_backend_down(const struct bfly_flow *flow)
{
	const struct bfly_backend *backend;

	if (flow->key.net)
		return false;
	backend = READ_ONCE(flow->backend);
	return READ_ONCE(backend->state) == BFLY_BACKEND_STATE_DOWN;
}

/* Whether an end of the flow, as its first packet had them, is in a prefix. */
static bool flow_end_in(const struct bfly_flow *flow, bool src,
			const struct bfly_prefix *prefix)
{
	const struct bfly_key *key = &flow->key;

	return prefix->addr.family == AF_UNSPEC ||
	       bfly_prefix_contains(prefix, src != flow->swapped ? &key->src :
								   &key->dst,
				    key->family);
}

/* Whether a flow is among those that a filter means. */
bool bfly_flow_matches(const struct bfly_flow *flow,
		       const struct bfly_flow_filter *filter)
{
	if (filter->net && flow->key.net != filter->net)
		return false;
	if (filter->by_proto && flow->key.proto != filter->proto)
		return false;
	if (filter->by_state && READ_ONCE(flow->state) != filter->state)
		return false;
	if (!flow_end_in(flow, true, &filter->src) ||
	    !flow_end_in(flow, false, &filter->dst))
		return false;
	if (filter->down && !flow_backend_down(flow))
		return false;
	return !filter->port || flow_at_port(flow, filter->port);
}

/* Deletes what is expired and, with a filter, what matches, in one bucket. */
static u32 bucket_clean(struct bfly_flow_table *table, u32 bucket,
			const struct bfly_flow_filter *filter)
{
	struct bfly_flow __rcu **link = &table->buckets[bucket];
	spinlock_t *lock = bucket_lock(table, bucket);
	struct bfly_flow *flow;
	u32 now = now32();
	u32 deleted = 0;

	if (!rcu_access_pointer(*link))
		return 0;
	spin_lock_bh(lock);
	while ((flow = rcu_dereference_protected(*link,
						 lockdep_is_held(lock)))) {
		if (filter && bfly_flow_matches(flow, filter)) {
			deleted++;
		} else if (!flow_expired(flow, now)) {
			link = &flow->next;
			continue;
		}
		flow_unlink(table, link, flow);
	}
	spin_unlock_bh(lock);
	return deleted;
}

u32 bfly_flow_flush(struct bfly_switch *sw,
		    const struct bfly_flow_filter *filter)
{
	struct bfly_flow_table *table = sw->flows;
	u32 bucket, deleted = 0;

	ASSERT_RTNL();
	for (bucket = 0; bucket <= table->mask; bucket++) {
		if (!atomic_read(&table->count))
			break;
		deleted += bucket_clean(table, bucket, filter);
		cond_resched();
	}
	return deleted;
}

static void flow_gc(struct work_struct *work)
{
	struct bfly_flow_table *table =
		container_of(to_delayed_work(work), struct bfly_flow_table, gc);
	u32 left = (table->mask + 1) / GC_ROUND;

	while (left-- && atomic_read(&table->count)) {
		bucket_clean(table, table->gc_next, NULL);
		table->gc_next = (table->gc_next + 1) & table->mask;
		cond_resched();
	}
	queue_delayed_work(system_power_efficient_wq, &table->gc, HZ);
}

u32 bfly_flow_entries(const struct bfly_switch *sw)
{
	return atomic_read(&sw->flows->count);
}

int bfly_flows_init(struct bfly_switch *sw)
{
	struct bfly_flow_table *table;
	int i;

	table = kzalloc(sizeof(*table), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	table->buckets = kvcalloc(BFLY_FLOW_BUCKETS, sizeof(*table->buckets),
				  GFP_KERNEL);
	if (!table->buckets) {
		kfree(table);
		return -ENOMEM;
	}
	table->mask = BFLY_FLOW_BUCKETS - 1;
	get_random_bytes(&table->seed, sizeof(table->seed));
	for (i = 0; i < BFLY_FLOW_LOCKS; i++)
		spin_lock_init(&table->locks[i]);
	INIT_DELAYED_WORK(&table->gc, flow_gc);
	queue_delayed_work(system_power_efficient_wq, &table->gc, HZ);
	sw->flows = table;
	return 0;
}

/* Nothing looks flows up any more. Context: process. */
void bfly_flows_fini(struct bfly_switch *sw)
{
	static const struct bfly_flow_filter all;

	cancel_delayed_work_sync(&sw->flows->gc);
	bfly_flow_flush(sw, &all);
	kvfree(sw->flows->buckets);
	kfree(sw->flows);
}

int __init bfly_flow_cache_init(void)
{
	flow_cache = KMEM_CACHE(bfly_flow, SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT);
	return flow_cache ? 0 : -ENOMEM;
}

/* After the last switch is gone; waits for its flows. */
void bfly_flow_cache_exit(void)
{
	rcu_barrier();
	kmem_cache_destroy(flow_cache);
}
