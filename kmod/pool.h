/* SPDX-License-Identifier: GPL-2.0 */
/* Pools of backends; backends themselves are in backend.c. */
#ifndef _BFLY_POOL_H
#define _BFLY_POOL_H

#include <linux/atomic.h>
#include <linux/etherdevice.h>
#include <linux/refcount.h>
#include <linux/rhashtable.h>
#include <linux/rtnetlink.h>
#include <linux/siphash.h>
#include <linux/spinlock.h>
#include <net/dst.h>
#include <uapi/linux/bfly.h>

#include "addr.h"
#include "hash.h"
#include "maglev.h"
#include "parse.h"
#include "route.h"
#include "switch.h"

struct bfly_pool;

/**
 * struct bfly_share - per-CPU counters of a backend or service
 * @packets: packets sent, segments of GSO packets
 * @bytes: bytes of them, from the IP header on
 * @new_flows: flows that began
 */
struct bfly_share {
	u64 packets;
	u64 bytes;
	u64 new_flows;
};

/**
 * struct bfly_backend - a server of a pool
 * @addr: address; fixed
 * @pool: its pool; a reference is held; fixed
 * @state: enum bfly_backend_state; READ_ONCE, written under RTNL
 * @weight: weight as configured; RTNL
 * @slots: slots of the pool's table; RTNL
 * @state_changes: how often @state was changed; RTNL
 * @unreach_told: jiffies32 of the last event that it is unreachable; READ_ONCE,
 *	written by cmpxchg()
 * @mac: MAC as bfly_mac_pack() packs it, 0 to ask the neighbour table; of
 *	method vxlan that in the overlay, 0 drops its packets; READ_ONCE, written under RTNL
 * @node: in &bfly_switch.backends
 * @route: the way to it
 * @refs: references, of the pool and of flows
 * @flows: flows that hold it
 * @share: counters; fixed
 * @rcu: first to put the pool's reference, then to free
 *
 * The pool's table points to it and gives up its reference a grace period
 * after the table without it was published, as the switch's table of addresses
 * does. So whoever finds a backend in a table in an RCU read-side section may
 * take a reference there. Flows hold a
 * reference each. The last put frees it after one more grace period, as readers
 * may have found it through a flow that has just let go.
 */
struct bfly_backend {
	struct bfly_addr addr;
	u8 state;
	u16 weight;
	u64 mac;
	struct bfly_route route;
	struct bfly_pool *pool;
	struct bfly_share __percpu *share;
	refcount_t refs;
	atomic_t flows;
	u32 slots;
	u64 state_changes;
	u32 unreach_told;
	struct rhlist_head node;
	struct rcu_head rcu;
};

/**
 * struct bfly_pool_conf - what is configured of a pool beside its backends
 * @method: enum bfly_method
 * @hash: enum bfly_hash
 * @dscp: of method dscp, else 0
 * @port: UDP port of methods gue, fou and vxlan, else 0
 * @vni: of method vxlan, else 0
 * @size: slots of the Maglev table, a prime
 * @key: key of the Maglev hash
 */
struct bfly_pool_conf {
	u8 method;
	u8 hash;
	u8 dscp;
	u16 port;
	u32 vni;
	u32 size;
	siphash_key_t key;
};

/* Whether a method leaves the packet's own IP header the first one. */
static inline bool bfly_method_is_plain(u8 method)
{
	return method == BFLY_METHOD_L2 || method == BFLY_METHOD_DSCP ||
	       method == BFLY_METHOD_GRE_RETARGET;
}

/* Whether a method has an outer UDP header. */
static inline bool bfly_method_is_udp(u8 method)
{
	return method == BFLY_METHOD_GUE || method == BFLY_METHOD_FOU ||
	       method == BFLY_METHOD_VXLAN;
}

/**
 * struct bfly_backend_conf - what is configured of a backend
 * @addr: address
 * @state: enum bfly_backend_state
 * @weight: weight
 * @mac: see &bfly_backend.mac
 */
struct bfly_backend_conf {
	struct bfly_addr addr;
	u8 state;
	u16 weight;
	u64 mac;
};

/**
 * struct bfly_pool_table - the published form of a pool; never changed
 * @conf: configuration
 * @secret: of the hash of flows, derived from @conf.key
 * @rcu: to free it
 * @slot: the Maglev table, @conf.size indices into @backends; NULL if no backend
 *	may get new flows
 * @count: number of backends
 * @backends: all backends, whatever their state, sorted by address
 */
struct bfly_pool_table {
	struct bfly_pool_conf conf;
	struct bfly_hash_secret secret;
	struct rcu_head rcu;
	u16 *slot;
	u32 count;
	struct bfly_backend *backends[] __counted_by(count);
};

/**
 * struct bfly_pool - a pool
 * @table: published form; NULL once the pool is deleted. RCU, written under
 *	RTNL
 * @name: name; fixed
 * @list: in &bfly_switch.pools, sorted by name; RTNL
 * @refs: references, of the switch and of backends
 * @services4: services with an IPv4 address that use it; RTNL
 * @services6: the same for IPv6
 * @rcu: to free it
 *
 * A pool that services use is not deleted.
 */
struct bfly_pool {
	struct bfly_pool_table __rcu *table;
	struct list_head list;
	refcount_t refs;
	unsigned int services4;
	unsigned int services6;
	struct rcu_head rcu;
	char name[BFLY_NAME_MAX + 1];
};

static inline unsigned int bfly_pool_services(const struct bfly_pool *pool)
{
	return pool->services4 + pool->services6;
}

/* Configuration and backends as they are. Context: RTNL. */
static inline struct bfly_pool_table *bfly_pool_table(struct bfly_pool *pool)
{
	return rtnl_dereference(pool->table);
}

/* Context: RTNL. */
struct bfly_pool *bfly_pool_find(struct bfly_switch *sw, const char *name);

/**
 * bfly_pool_new() - make a pool
 * @sw: the switch
 * @name: name, which no pool has
 * @conf: configuration, checked
 * @want: its backends, sorted by address, each once; may be NULL
 * @count: how many, at most BFLY_BACKEND_MAX
 *
 * Context: RTNL, may sleep.
 * Return: the pool or ERR_PTR(-ENOMEM).
 */
struct bfly_pool *bfly_pool_new(struct bfly_switch *sw, const char *name,
				const struct bfly_pool_conf *conf,
				const struct bfly_backend_conf *want,
				u32 count);

/**
 * bfly_pool_apply() - make a pool exactly this, in one step
 * @sw: the switch
 * @pool: the pool
 * @conf: configuration, checked
 * @want: the backends, sorted by address, each once
 * @count: how many, at most BFLY_BACKEND_MAX
 *
 * A backend whose address stays is the same object as before, with its flows
 * and counters.
 *
 * Context: RTNL, may sleep.
 * Return: 0, or -ENOMEM and nothing has changed.
 */
int bfly_pool_apply(struct bfly_switch *sw, struct bfly_pool *pool,
		    const struct bfly_pool_conf *conf,
		    const struct bfly_backend_conf *want, u32 count);

/* Deletes a pool that no service uses. Context: RTNL. */
void bfly_pool_del(struct bfly_switch *sw, struct bfly_pool *pool);

/**
 * bfly_pool_family_ok() - whether a pool may have services and backends so
 * @method: the pool's method
 * @ip4_services: it has services with an IPv4 address
 * @ip6_services: it has services with an IPv6 address
 * @backend: family of a backend
 *
 * Without an outer header the families have to be the same.
 *
 * Return: whether that is so.
 */
static inline bool bfly_pool_family_ok(u8 method, bool ip4_services,
				       bool ip6_services, u16 backend)
{
	if (!bfly_method_is_plain(method))
		return true;
	return backend == AF_INET ? !ip6_services : !ip4_services;
}

/* Of a service that has no choice of its own: enum bfly_hash of the pool. */
#define BFLY_HASH_OF_POOL	U8_MAX

/* The general case of bfly_pool_hash(). */
u64 bfly_pool_hash_any(const struct bfly_hash_secret *secret, u8 hash,
		       const struct bfly_key *key);

/**
 * bfly_pool_hash() - the hash that chooses a backend
 * @secret: that of the pool
 * @hash: enum bfly_hash, but not quic
 * @key: key of the packet, in the client's direction
 *
 * Of words in host order, so that nodes of either endianness agree.
 *
 * Return: as bfly_hash(), the same on every node.
 */
static __always_inline u64 bfly_pool_hash(const struct bfly_hash_secret *secret,
					  u8 hash, const struct bfly_key *key)
{
	u32 src, dst;

	if (unlikely(hash != BFLY_HASH_5TUPLE || key->family != AF_INET))
		return bfly_pool_hash_any(secret, hash, key);
	src = be32_to_cpu(key->src.s6_addr32[0]);
	dst = be32_to_cpu(key->dst.s6_addr32[0]);
	return bfly_hash(secret, false, &src, &dst,
			 be32_to_cpu(key->ports), key->proto);
}

/* The same of a QUIC connection id, see bfly_quic_cid(). */
u64 bfly_pool_hash_cid(const struct bfly_pool_conf *conf, u64 cid);

/* The backend that has the slot of a hash; the table has slots. */
static inline struct bfly_backend *
bfly_pool_at(const struct bfly_pool_table *table, u64 hash)
{
	u32 slot = bfly_maglev_slot(hash, table->conf.size);

	return table->backends[table->slot[slot]];
}

/**
 * bfly_pool_choose() - a backend for a new flow, by Maglev
 * @pool: the pool
 * @hash: the service's enum bfly_hash, but not quic; or BFLY_HASH_OF_POOL
 * @key: key of the packet, in the client's direction
 *
 * Context: RCU read side.
 * Return: the backend, or NULL if none may be used.
 */
static __always_inline struct bfly_backend *
bfly_pool_choose(const struct bfly_pool *pool, u8 hash,
		 const struct bfly_key *key)
{
	const struct bfly_pool_table *table = rcu_dereference(pool->table);

	if (unlikely(!table || !table->slot))
		return NULL;
	if (hash == BFLY_HASH_OF_POOL)
		hash = table->conf.hash;
	return bfly_pool_at(table, bfly_pool_hash(&table->secret, hash, key));
}

/* The same by a QUIC connection id. */
struct bfly_backend *bfly_pool_choose_cid(const struct bfly_pool *pool,
					  u64 cid);

int bfly_pools_init(struct bfly_switch *sw);
void bfly_pools_fini(struct bfly_switch *sw);

/**
 * bfly_pools_forget() - find the ways to backends anew
 * @sw: the switch
 * @dev: forget those that lead out of this netdev, or NULL for all, as after a
 *	change of the switch's underlay addresses
 *
 * Context: RTNL.
 */
void bfly_pools_forget(struct bfly_switch *sw, const struct net_device *dev);

/* At module exit, after the last switch: wait until all is freed. */
void bfly_pools_exit(void);

/* Drop one of the references on a pool. */
void bfly_pool_put(struct bfly_pool *pool);

/* backend.c */

int bfly_backends_init(struct bfly_switch *sw);
/* After the last pool. */
void bfly_backends_fini(struct bfly_switch *sw);

/* A backend of a pool, one reference held; or ERR_PTR(). Context: RTNL. */
struct bfly_backend *bfly_backend_new(struct bfly_switch *sw,
				      struct bfly_pool *pool,
				      const struct bfly_backend_conf *conf);

/*
 * Gives the pool's reference up a grace period after the table without the
 * backend was published, or never one with it. Context: RTNL.
 */
void bfly_backend_unlink(struct bfly_switch *sw, struct bfly_backend *backend);

/* List of the backends with an address, of all pools. Context: RCU read side. */
struct rhlist_head *bfly_backends_at(struct bfly_switch *sw,
				     const struct bfly_addr *addr);

/* Context: any; a reference is held or the backend was found by RCU. */
static inline void bfly_backend_hold(struct bfly_backend *backend)
{
	refcount_inc(&backend->refs);
}

void bfly_backend_put(struct bfly_backend *backend);

/* A flow's reference, which is counted. Context: any. */
static inline void bfly_backend_flow_get(struct bfly_backend *backend)
{
	bfly_backend_hold(backend);
	atomic_inc(&backend->flows);
}

static inline void bfly_backend_flow_put(struct bfly_backend *backend)
{
	atomic_dec(&backend->flows);
	bfly_backend_put(backend);
}

/* Sum of counters over all CPUs. */
void bfly_share_sum(struct bfly_share *sum,
		    const struct bfly_share __percpu *share);

#endif /* _BFLY_POOL_H */
