// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>

#include "service.h"
#include "vip.h"

struct bfly_service *bfly_service_find(struct bfly_switch *sw,
				       const struct bfly_service_key *key)
{
	return bfly_vip_get_service(sw, &key->prefix, key->proto, key->port);
}

static int service_cmp(const struct bfly_service_key *a,
		       const struct bfly_service_key *b)
{
	int cmp = bfly_addr_cmp(&a->prefix.addr, &b->prefix.addr);

	if (!cmp)
		cmp = a->prefix.len - b->prefix.len;
	if (!cmp)
		cmp = a->proto - b->proto;
	return cmp ?: a->port - b->port;
}

static void service_list(struct bfly_switch *sw, struct bfly_service *service)
{
	struct bfly_service *other;

	list_for_each_entry(other, &sw->services, list)
		if (service_cmp(&other->key, &service->key) > 0)
			break;
	list_add_tail(&service->list, &other->list);
	/* read by bfly_balance() without a lock */
	WRITE_ONCE(sw->service_count, sw->service_count + 1);
}

/* A pool counts the services that use it, by family. */
static void service_use_pool(const struct bfly_service *service,
			     struct bfly_pool *pool, int change)
{
	if (service->key.prefix.addr.family == AF_INET)
		pool->services4 += change;
	else
		pool->services6 += change;
}

/* A virtual address counts those of its services that let the rest pass. */
static void service_set_unknown(struct bfly_switch *sw,
				struct bfly_service *service, u8 unknown)
{
	if (unknown == service->unknown)
		return;
	service->unknown = unknown;
	bfly_vip_pass(sw, service->vip,
		      unknown == BFLY_SERVICE_UNKNOWN_PASS ? 1 : -1);
}

static void service_free_rcu(struct rcu_head *rcu)
{
	struct bfly_service *service =
		container_of(rcu, struct bfly_service, rcu);

	free_percpu(service->share);
	kfree(service);
}

void bfly_service_put(struct bfly_service *service)
{
	if (refcount_dec_and_test(&service->refs))
		call_rcu(&service->rcu, service_free_rcu);
}

static void service_unlink_rcu(struct rcu_head *rcu)
{
	bfly_service_put(container_of(rcu, struct bfly_service, rcu));
}

struct bfly_service *bfly_service_new(struct bfly_switch *sw,
				      const struct bfly_service_key *key,
				      const struct bfly_service_conf *conf)
{
	struct bfly_service *service;
	int err = -ENOMEM;

	service = kzalloc(sizeof(*service), GFP_KERNEL_ACCOUNT);
	if (!service)
		return ERR_PTR(-ENOMEM);
	service->share = alloc_percpu_gfp(struct bfly_share,
					  GFP_KERNEL_ACCOUNT);
	if (!service->share)
		goto err_free_service;
	refcount_set(&service->refs, 1);
	service->key = *key;
	service->hash = conf->hash;
	RCU_INIT_POINTER(service->pool, conf->pool);
	err = bfly_vip_link(sw, service);
	if (err)
		goto err_free_share;
	service_use_pool(service, conf->pool, 1);
	service_set_unknown(sw, service, conf->unknown);
	service_list(sw, service);
	bfly_switch_serving_changed(sw);
	bfly_switch_changed(sw);
	return service;

err_free_share:
	free_percpu(service->share);
err_free_service:
	kfree(service);
	return ERR_PTR(err);
}

void bfly_service_apply(struct bfly_switch *sw, struct bfly_service *service,
			const struct bfly_service_conf *conf)
{
	service_use_pool(service, rtnl_dereference(service->pool), -1);
	service_use_pool(service, conf->pool, 1);
	rcu_assign_pointer(service->pool, conf->pool);
	WRITE_ONCE(service->hash, conf->hash);
	service_set_unknown(sw, service, conf->unknown);
	bfly_switch_serving_changed(sw);
	bfly_switch_changed(sw);
}

void bfly_service_del(struct bfly_switch *sw, struct bfly_service *service)
{
	service_use_pool(service, rtnl_dereference(service->pool), -1);
	service_set_unknown(sw, service, BFLY_SERVICE_UNKNOWN_DROP);
	list_del(&service->list);
	bfly_vip_unlink(sw, service);
	WRITE_ONCE(sw->service_count, sw->service_count - 1);
	call_rcu(&service->rcu, service_unlink_rcu);
	bfly_switch_serving_changed(sw);
	bfly_switch_changed(sw);
}

int bfly_services_init(struct bfly_switch *sw)
{
	INIT_LIST_HEAD(&sw->services);
	sw->serve_gen = 1;
	return bfly_vips_init(sw);
}

void bfly_services_fini(struct bfly_switch *sw)
{
	struct bfly_service *service, *next;

	list_for_each_entry_safe(service, next, &sw->services, list)
		bfly_service_del(sw, service);
	bfly_vips_fini(sw);
}
