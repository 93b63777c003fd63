/* SPDX-License-Identifier: GPL-2.0 */
/* Services: virtual addresses and the pools behind them. */
#ifndef _BFLY_SERVICE_H
#define _BFLY_SERVICE_H

#include "addr.h"
#include "pool.h"
#include "switch.h"

struct bfly_vip;

/**
 * struct bfly_service_key - what names a service
 * @prefix: virtual address, or a canonical prefix of them
 * @proto: IP protocol
 * @port: destination port, host order; 0 is every port of the protocol that has
 *	no service of its own
 */
struct bfly_service_key {
	struct bfly_prefix prefix;
	u8 proto;
	u16 port;
};

/**
 * struct bfly_service_conf - what is configured of a service beside its key
 * @pool: its pool
 * @hash: enum bfly_hash, or BFLY_HASH_OF_POOL
 * @unknown: enum bfly_service_unknown
 */
struct bfly_service_conf {
	struct bfly_pool *pool;
	u8 hash;
	u8 unknown;
};

/**
 * struct bfly_service - a service
 * @pool: its pool; RCU, written under RTNL
 * @hash: see &struct bfly_service_conf; READ_ONCE, written under RTNL
 * @unknown: see there; RTNL
 * @share: counters; fixed
 * @key: name; fixed
 * @vip: its virtual address; RTNL
 * @list: in &bfly_switch.services, sorted by key; RTNL
 * @refs: references, of its virtual address and of flows
 * @rcu: first to put that of its virtual address, then to free
 *
 * The virtual address gives up its reference a grace period after it let go. So
 * whoever finds a service there in an RCU read-side section may take a reference
 * there. Flows hold a reference each, by which they are counted. The last put
 * frees it after one more grace period, as readers may have found it through a
 * flow that has just let go.
 */
struct bfly_service {
	struct bfly_pool __rcu *pool;
	struct bfly_share __percpu *share;
	u8 hash;
	u8 unknown;
	struct bfly_service_key key;
	struct bfly_vip *vip;
	struct list_head list;
	refcount_t refs;
	struct rcu_head rcu;
};

/* Context: any; a reference is held or the service was found by RCU. */
static inline void bfly_service_hold(struct bfly_service *service)
{
	refcount_inc(&service->refs);
}

void bfly_service_put(struct bfly_service *service);

/* Flows that it has now. Context: RTNL, while it is listed. */
static inline u32 bfly_service_flows(const struct bfly_service *service)
{
	return refcount_read(&service->refs) - 1;
}

/* Context: RTNL. */
struct bfly_service *bfly_service_find(struct bfly_switch *sw,
				       const struct bfly_service_key *key);

/**
 * bfly_service_new() - make a service
 * @sw: the switch
 * @key: its key, which no service has
 * @conf: its configuration, checked
 *
 * Context: RTNL, may sleep.
 * Return: the service or ERR_PTR().
 */
struct bfly_service *bfly_service_new(struct bfly_switch *sw,
				      const struct bfly_service_key *key,
				      const struct bfly_service_conf *conf);

/* Makes a service exactly this; with another pool flows move. Context: RTNL. */
void bfly_service_apply(struct bfly_switch *sw, struct bfly_service *service,
			const struct bfly_service_conf *conf);

/* What is configured of a service. Context: RTNL. */
static inline void bfly_service_conf_get(const struct bfly_service *service,
					 struct bfly_service_conf *conf)
{
	conf->pool = rtnl_dereference(service->pool);
	conf->hash = service->hash;
	conf->unknown = service->unknown;
}

/* Context: RTNL. */
void bfly_service_del(struct bfly_switch *sw, struct bfly_service *service);

int bfly_services_init(struct bfly_switch *sw);
void bfly_services_fini(struct bfly_switch *sw);

#endif /* _BFLY_SERVICE_H */
