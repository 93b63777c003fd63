// SPDX-License-Identifier: GPL-2.0
#include "flow.h"

#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/tcp.h>

#include "flow_quota.h"
#include "flow_table.h"
#include "pool.h"
#include "port.h"
#include "service.h"
#include "switch.h"

/* The whole table is looked through for expired flows in this many seconds. */
#define GC_ROUND	8

static struct kmem_cache *flow_cache;

/* Of a switch that has not set its own. */
static const u32 default_timeouts[BFLY_TIMEOUT_COUNT] = {
	[BFLY_TIMEOUT_TCP_NEW] = 60,
	[BFLY_TIMEOUT_TCP_ESTABLISHED] = 24 * 60 * 60,
	[BFLY_TIMEOUT_TCP_CLOSING] = 120,
	[BFLY_TIMEOUT_TCP_CLOSED] = 10,
	[BFLY_TIMEOUT_OTHER_NEW] = 30,
	[BFLY_TIMEOUT_OTHER_ESTABLISHED] = 180,
};

/*
 * Seconds after its last packet for which a flow is kept that the rules do not
 * allow any more; longer than TCP waits between retransmissions.
 */
#define REFUSED_TIMEOUT	180

static u32 now32(void)
{
	return (u32)jiffies;
}

/* Addresses and ports of a key the other way round. */
static void key_turned(const struct bfly_key *key, struct bfly_key *turned)
{
	*turned = *key;
	turned->src = key->dst;
	turned->dst = key->src;
	turned->sport = key->dport;
	turned->dport = key->sport;
}

/* An end of an IPv4 flow as a number. */
static u64 end4(const struct in6_addr *ip, __be16 port)
{
	return (u64)(__force u32)ip->s6_addr32[0] << 16 | (__force u16)port;
}

/*
 * Whether the canonical key is the other way round: its first end is the lesser
 * one. Which is lesser does not matter, only that it is always the same. Packets
 * of services come from one side alone.
 */
static __always_inline bool key_is_swapped(const struct bfly_key *key)
{
	int order;

	if (!key->net)
		return false;
	if (likely(key->family == AF_INET))
		return end4(&key->src, key->sport) > end4(&key->dst, key->dport);
	order = memcmp(&key->src, &key->dst, sizeof(key->src));
	return order > 0 || (!order && (__force u16)key->sport >
				       (__force u16)key->dport);
}

static spinlock_t *bucket_lock(struct bfly_flow_table *table, u32 hash)
{
	return &table->locks[hash & (BFLY_FLOW_LOCKS - 1)];
}

struct bfly_flow *bfly_flow_find(struct bfly_switch *sw,
				 const struct bfly_key *key,
				 struct bfly_flow_slot *slot, int *dir)
{
	struct bfly_flow *flow;

	slot->swapped = key_is_swapped(key);
	if (slot->swapped) {
		key_turned(key, &slot->turned);
		key = &slot->turned;
	}
	slot->key = key;
	slot->hash = bfly_flow_hash(sw->flows, key);
	flow = bfly_flow_at(sw->flows, slot->hash, key);
	if (!flow || bfly_flow_expired(flow, now32()))
		return NULL;
	*dir = slot->swapped != flow->swapped;
	return flow;
}

/* The references of a service's flow, by which both count their flows. */
static void serving_get(const struct bfly_serving *by)
{
	bfly_backend_flow_get(by->backend);
	bfly_service_hold(by->service);
}

static void serving_put(const struct bfly_serving *by)
{
	bfly_backend_flow_put(by->backend);
	bfly_service_put(by->service);
}

static void flow_free_rcu(struct rcu_head *head)
{
	kmem_cache_free(flow_cache, container_of(head, struct bfly_flow, rcu));
}

/*
 * Unlinks the flow that *@link points to; the bucket's lock is held. From here
 * on nobody counts it, however long its readers keep it.
 */
static void flow_unlink(struct bfly_flow_table *table,
			struct bfly_flow __rcu **link, struct bfly_flow *flow)
{
	rcu_assign_pointer(*link, rcu_dereference_raw(flow->next));
	bfly_flow_leave(table, flow->quota);
	if (!flow->key.net) {
		serving_put(&(struct bfly_serving){
			.service = flow->service, .backend = flow->backend,
		});
		flow->gone = true;
	}
	call_rcu(&flow->rcu, flow_free_rcu);
}

static struct bfly_flow *flow_alloc(const struct bfly_switch *sw,
				    const struct bfly_flow_slot *slot,
				    struct bfly_flow_quota *quota,
				    const struct bfly_serving *by)
{
	struct bfly_flow *flow = kmem_cache_zalloc(flow_cache, GFP_ATOMIC);

	if (!flow)
		return NULL;
	flow->key = *slot->key;
	flow->swapped = slot->swapped;
	flow->quota = quota;
	if (by) {
		/* a service's flow shows one direction only */
		flow->state = BFLY_FLOW_STATE_ESTABLISHED;
		serving_get(by);
		flow->backend = by->backend;
		flow->service = by->service;
		flow->serve_gen = by->gen;
		flow->followed = now32();
	} else {
		flow->state = BFLY_FLOW_STATE_NEW;
		flow->path[0].wscale = TCP_MAX_WSCALE;
		flow->path[1].wscale = TCP_MAX_WSCALE;
	}
	flow->expires = now32() +
			bfly_flow_timeout(sw, slot->key->proto, flow->state);
	return flow;
}

/* Enters @flow unless its key is there; returns what is in the table then. */
static struct bfly_flow *bucket_insert(struct bfly_flow_table *table, u32 hash,
				       struct bfly_flow *flow)
{
	struct bfly_flow __rcu **link = &table->buckets[hash & table->mask];
	spinlock_t *lock = bucket_lock(table, hash);
	struct bfly_flow *old;
	u32 seq = 0;

	spin_lock(lock);
	while ((old = rcu_dereference_protected(*link, lockdep_is_held(lock)))) {
		if (bfly_flow_key_equal(&old->key, &flow->key)) {
			if (!bfly_flow_expired(old, now32()))
				break;
			flow_unlink(table, link, old);
			continue;
		}
		seq = old->seq + 1;
		link = &old->next;
	}
	if (!old) {
		flow->seq = seq;
		rcu_assign_pointer(*link, flow);
	}
	spin_unlock(lock);
	return old ?: flow;
}

enum bfly_drop bfly_flow_new(struct bfly_switch *sw,
			     const struct bfly_flow_slot *slot,
			     struct bfly_flow_quota *quota,
			     const struct bfly_serving *by,
			     struct bfly_flow **flow, int *dir)
{
	struct bfly_flow_table *table = sw->flows;
	struct bfly_flow *new, *there;
	enum bfly_drop drop;

	/* the balancer can do without an entry, so none has to go for one */
	drop = bfly_flow_enter(sw, quota, slot->hash, !by);
	if (unlikely(drop))
		return drop;
	new = flow_alloc(sw, slot, quota, by);
	if (!new) {
		bfly_flow_leave(table, quota);
		return BFLY_DROP_NO_MEMORY;
	}

	there = bucket_insert(table, slot->hash, new);
	if (there != new) {
		bfly_flow_leave(table, quota);
		if (by)
			serving_put(by);
		kmem_cache_free(flow_cache, new);
	}
	*dir = slot->swapped != there->swapped;
	*flow = there;
	return BFLY_PASS;
}

bool bfly_flow_del(struct bfly_switch *sw, struct bfly_flow *flow)
{
	struct bfly_flow_table *table = sw->flows;
	u32 hash = bfly_flow_hash(table, &flow->key);
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
	return other;
}

/*
 * A connection is established when the side that began it goes on after an
 * answer: whoever forges the sender of a SYN does not see the answer, and what
 * he began is soon forgotten. One that is picked up in its midst gets there in
 * the same way, without SYNs.
 */
static noinline u8 tcp_next_state(struct bfly_flow *flow, int dir,
				  u8 tcp_flags, u8 state)
{
	u8 seen = READ_ONCE(flow->tcp);

	if (tcp_flags & TCPHDR_RST)
		return BFLY_FLOW_STATE_CLOSED;
	if (tcp_flags & TCPHDR_FIN) {
		seen |= BFLY_TCP_FIN << dir;
		WRITE_ONCE(flow->tcp, seen);
		return (seen & BFLY_TCP_FINS) == BFLY_TCP_FINS ?
		       BFLY_FLOW_STATE_CLOSED : BFLY_FLOW_STATE_CLOSING;
	}
	if (state != BFLY_FLOW_STATE_NEW)
		return state;
	if (dir == 1)
		WRITE_ONCE(flow->tcp, seen | BFLY_TCP_ANSWERED);
	else if (seen & BFLY_TCP_ANSWERED && !(tcp_flags & TCPHDR_SYN))
		return BFLY_FLOW_STATE_ESTABLISHED;
	return state;
}

/*
 * A SYN tells the window scale, which both sides' SYNs must have for it to
 * hold. Until one was seen it is taken for the largest.
 */
static noinline void tcp_note_wscale(struct bfly_flow *flow, int dir,
				     const struct bfly_parsed *parsed)
{
	struct bfly_flow_path *path = flow->path;

	if (parsed->tcp_wscale == BFLY_TCP_NO_WSCALE) {
		WRITE_ONCE(path[0].wscale, 0);
		WRITE_ONCE(path[1].wscale, 0);
	} else {
		WRITE_ONCE(path[dir].wscale, parsed->tcp_wscale);
	}
	/* what was acknowledged until now was another connection's */
	if (!(parsed->tcp_flags & TCPHDR_ACK))
		WRITE_ONCE(path[dir].window, 0);
}

/*
 * Follows what a side takes. The two numbers belong together but are not read
 * together: a window is rarely other than the last one, and a reset that is
 * wrongly judged for that is no worse than one that is lost.
 */
static void tcp_note_window(struct bfly_flow *flow, int dir,
			    const struct bfly_parsed *parsed)
{
	struct bfly_flow_path *path = &flow->path[dir];
	u8 window = fls(parsed->tcp_window | 1);

	if (unlikely(parsed->tcp_flags & TCPHDR_SYN))
		tcp_note_wscale(flow, dir, parsed);
	else
		window += READ_ONCE(path->wscale);
	if (unlikely((parsed->tcp_flags & (TCPHDR_ACK | TCPHDR_RST)) !=
		     TCPHDR_ACK))
		return;
	if (READ_ONCE(flow->tcp_ack[dir]) != parsed->tcp_ack)
		WRITE_ONCE(flow->tcp_ack[dir], parsed->tcp_ack);
	if (unlikely(READ_ONCE(path->window) != window))
		WRITE_ONCE(path->window, window);
}

bool bfly_flow_takes_reset(const struct bfly_flow *flow, int dir,
			   const struct bfly_parsed *parsed)
{
	u8 window = READ_ONCE(flow->path[!dir].window);
	u32 ack = ntohl(READ_ONCE(flow->tcp_ack[!dir]));

	return !window || ntohl(parsed->tcp_seq) - ack <= 1U << window;
}

/* A packet came, in which nothing was to be seen but the new state. */
static void flow_put_off(const struct bfly_switch *sw, struct bfly_flow *flow,
			 u8 old, u8 state)
{
	u32 expires;

	if (unlikely(state != old))
		WRITE_ONCE(flow->state, state);
	/* a write a second is enough, and leaves the cache line alone */
	expires = now32() + bfly_flow_timeout(sw, flow->key.proto, state);
	if (state != old ||
	    abs((s32)(expires - READ_ONCE(flow->expires))) >= HZ)
		WRITE_ONCE(flow->expires, expires);
}

void bfly_flow_seen(const struct bfly_switch *sw, struct bfly_flow *flow,
		    int dir, const struct bfly_parsed *parsed,
		    unsigned int packets, unsigned int bytes)
{
	struct bfly_flow_count *count = &flow->count[dir];
	u8 old = READ_ONCE(flow->state);
	u8 state = old;

	WRITE_ONCE(count->packets, count->packets + packets);
	WRITE_ONCE(count->bytes, count->bytes + bytes);

	if (parsed->tcp_flags) {
		if (unlikely(old != BFLY_FLOW_STATE_ESTABLISHED ||
			     parsed->tcp_flags & BFLY_TCP_CONTROL))
			state = tcp_next_state(flow, dir, parsed->tcp_flags,
					       old);
		tcp_note_window(flow, dir, parsed);
	} else if (dir == 1 && old == BFLY_FLOW_STATE_NEW &&
		   flow->key.proto != IPPROTO_TCP) {
		state = BFLY_FLOW_STATE_ESTABLISHED;
	}
	flow_put_off(sw, flow, old, state);
}

void bfly_flow_follow(const struct bfly_switch *sw, struct bfly_flow *flow,
		      const struct bfly_parsed *parsed)
{
	u8 old = READ_ONCE(flow->state);
	u8 state = old;

	if (parsed->tcp_flags & BFLY_TCP_CONTROL)
		state = tcp_next_state(flow, 0, parsed->tcp_flags, old);
	flow_put_off(sw, flow, old, state);
	WRITE_ONCE(flow->followed, now32());
}

void bfly_flow_refused(struct bfly_flow *flow)
{
	WRITE_ONCE(flow->expires, now32() + REFUSED_TIMEOUT * HZ);
}

void bfly_flow_path_set(struct bfly_switch *sw,
			const struct bfly_flow_slot *slot,
			struct bfly_flow *flow, int dir, u64 gen,
			const struct bfly_port *in, struct bfly_hop *hop,
			const u8 *dmac)
{
	spinlock_t *lock = bucket_lock(sw->flows, slot->hash);
	struct bfly_flow_path *path = &flow->path[dir];

	spin_lock(lock);
	/* no reader may see the generation with half of what it stands for */
	WRITE_ONCE(path->gen, 0);
	smp_wmb(); /* pairs with smp_rmb() in bfly_flow_path_get() */
	WRITE_ONCE(path->in, in);
	WRITE_ONCE(path->hop, hop);
	ether_addr_copy(path->dmac, dmac);
	/* pairs with smp_load_acquire() in bfly_flow_path_get() */
	smp_store_release(&path->gen, gen);
	spin_unlock(lock);
}

/* The lock of the flow's bucket is held. */
static void flow_serve(struct bfly_flow *flow, const struct bfly_serving *by)
{
	const struct bfly_serving old = {
		.service = flow->service, .backend = flow->backend,
	};

	serving_get(by);
	/*
	 * A reader at this very moment may still take service and backend of two
	 * answers for its one packet; no later one does.
	 */
	WRITE_ONCE(flow->serve_gen, 0);
	smp_wmb(); /* the generation goes before what it stands for */
	WRITE_ONCE(flow->service, by->service);
	WRITE_ONCE(flow->backend, by->backend);
	/* pairs with smp_load_acquire() in bfly_flow_is_served() */
	smp_store_release(&flow->serve_gen, by->gen);
	/* last, when no new reader finds them here */
	serving_put(&old);
}

void bfly_flow_serve(struct bfly_switch *sw, struct bfly_flow *flow, u32 hash,
		     const struct bfly_serving *by)
{
	spinlock_t *lock = bucket_lock(sw->flows, hash);

	if (READ_ONCE(flow->service) == by->service &&
	    READ_ONCE(flow->backend) == by->backend &&
	    READ_ONCE(flow->serve_gen) == by->gen)
		return;
	spin_lock(lock);
	if (!flow->gone)
		flow_serve(flow, by);
	spin_unlock(lock);
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
		} else if (!bfly_flow_expired(flow, now)) {
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
	bfly_hash_secret_random(&table->secret);
	for (i = 0; i < BFLY_FLOW_LOCKS; i++)
		spin_lock_init(&table->locks[i]);
	INIT_DELAYED_WORK(&table->gc, flow_gc);
	queue_delayed_work(system_power_efficient_wq, &table->gc, HZ);
	sw->flows = table;
	memcpy(sw->timeouts, default_timeouts, sizeof(sw->timeouts));
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
	flow_cache = KMEM_CACHE(bfly_flow, SLAB_HWCACHE_ALIGN);
	return flow_cache ? 0 : -ENOMEM;
}

/* After the last switch is gone; waits for its flows. */
void bfly_flow_cache_exit(void)
{
	rcu_barrier();
	kmem_cache_destroy(flow_cache);
}
