// SPDX-License-Identifier: GPL-2.0
/*
 * Services.
 *
 * Virtual addresses are in one hash table with a random seed, so that a packet
 * for none of them costs one probe. Each has a small hash table of its services
 * by protocol and port, which is replaced by a new one when a service comes.
 */
#include <linux/hash.h>
#include <linux/random.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "service.h"

/**
 * struct vip_key - key of &bfly_switch.vips, without holes
 * @ip: address; IPv4 in the first word, the rest zero
 * @family: AF_INET or AF_INET6
 */
struct vip_key {
	struct in6_addr ip;
	u32 family;
};

/**
 * struct vip_ports - the services of a virtual address
 * @rcu: to free it
 * @bits: logarithm of the number of slots
 * @count: services; RTNL
 * @slots: at most half of them taken; a service is at the slot that its id
 *	hashes to or, if others are there, in the next free one
 * @slots.id: vip_port_id(), 0 if the slot is free; fixed
 * @slots.service: NULL if it was deleted; READ_ONCE, written under RTNL
 */
struct vip_ports {
	struct rcu_head rcu;
	u32 bits;
	u32 count;
	struct {
		u32 id;
		struct bfly_service *service;
	} slots[];
};

/**
 * struct bfly_vip - a virtual address
 * @node: in &bfly_switch.vips
 * @key: address; fixed
 * @ports: its services; RCU, written under RTNL
 * @rcu: to free it
 *
 * It is there while it has services.
 */
struct bfly_vip {
	struct rhash_head node;
	struct vip_key key;
	struct vip_ports __rcu *ports;
	struct rcu_head rcu;
};

static const struct rhashtable_params vip_params = {
	.key_len = sizeof(struct vip_key),
	.key_offset = offsetof(struct bfly_vip, key),
	.head_offset = offsetof(struct bfly_vip, node),
	.automatic_shrinking = true,
};

/* Protocols of services are not 0, and so is no id. */
static u32 vip_port_id(u8 proto, u16 port)
{
	return (u32)proto << 16 | port;
}

static struct bfly_service *vip_ports_find(const struct vip_ports *ports,
					   u32 id)
{
	u32 mask = BIT(ports->bits) - 1;
	u32 i = hash_32(id, ports->bits);

	for (; ports->slots[i].id; i = (i + 1) & mask)
		if (ports->slots[i].id == id)
			return READ_ONCE(ports->slots[i].service);
	return NULL;
}

static void vip_ports_enter(struct vip_ports *ports,
			    struct bfly_service *service)
{
	u32 id = vip_port_id(service->key.proto, service->key.port);
	u32 mask = BIT(ports->bits) - 1;
	u32 i = hash_32(id, ports->bits);

	while (ports->slots[i].id)
		i = (i + 1) & mask;
	ports->slots[i].id = id;
	ports->slots[i].service = service;
	ports->count++;
}

/* The services of @old, which may be NULL, and one more. */
static struct vip_ports *vip_ports_build(const struct vip_ports *old,
					 struct bfly_service *add)
{
	u32 count = old ? old->count + 1 : 1;
	u32 bits = ilog2(roundup_pow_of_two(2 * count));
	struct vip_ports *ports;
	u32 i;

	ports = kvzalloc(struct_size(ports, slots, BIT(bits)),
			 GFP_KERNEL_ACCOUNT);
	if (!ports)
		return NULL;
	ports->bits = bits;
	for (i = 0; old && i < BIT(old->bits); i++)
		if (old->slots[i].service)
			vip_ports_enter(ports, old->slots[i].service);
	vip_ports_enter(ports, add);
	return ports;
}

/* In place, so that it cannot fail: a look-up goes on over the slot. */
static void vip_ports_remove(struct vip_ports *ports,
			     const struct bfly_service *service)
{
	u32 i = 0;

	while (ports->slots[i].service != service)
		i++;
	WRITE_ONCE(ports->slots[i].service, NULL);
	ports->count--;
}

const struct bfly_vip *bfly_vip_find(struct bfly_switch *sw,
				     const struct in6_addr *ip, u16 family)
{
	struct vip_key key = { .ip = *ip, .family = family };

	return rhashtable_lookup(&sw->vips, &key, vip_params);
}

struct bfly_service *bfly_vip_service(const struct bfly_vip *vip, u8 proto,
				      u16 port)
{
	const struct vip_ports *ports = rcu_dereference_rtnl(vip->ports);
	struct bfly_service *service;

	service = vip_ports_find(ports, vip_port_id(proto, port));
	if (!service)
		service = vip_ports_find(ports, vip_port_id(proto, 0));
	return service;
}

static struct bfly_vip *vip_get(struct bfly_switch *sw,
				const struct bfly_addr *addr)
{
	struct vip_key key = { .ip = addr->ip6, .family = addr->family };

	return rhashtable_lookup_fast(&sw->vips, &key, vip_params);
}

struct bfly_service *bfly_service_find(struct bfly_switch *sw,
				       const struct bfly_service_key *key)
{
	struct bfly_vip *vip = vip_get(sw, &key->addr);

	if (!vip)
		return NULL;
	return vip_ports_find(rtnl_dereference(vip->ports),
			      vip_port_id(key->proto, key->port));
}

static int service_cmp(const struct bfly_service_key *a,
		       const struct bfly_service_key *b)
{
	int cmp = bfly_addr_cmp(&a->addr, &b->addr);

	if (cmp)
		return cmp;
	return vip_port_id(a->proto, a->port) < vip_port_id(b->proto, b->port) ?
	       -1 : 1;
}

/* Puts a service under its address; that is made if this is its first. */
static int service_link(struct bfly_switch *sw, struct bfly_service *service)
{
	struct bfly_vip *vip = vip_get(sw, &service->key.addr);
	struct vip_ports *old = vip ? rtnl_dereference(vip->ports) : NULL;
	struct vip_ports *ports = vip_ports_build(old, service);
	int err = -ENOMEM;

	if (!ports)
		return -ENOMEM;
	if (vip) {
		service->vip = vip;
		rcu_assign_pointer(vip->ports, ports);
		kvfree_rcu(old, rcu);
		return 0;
	}

	vip = kzalloc(sizeof(*vip), GFP_KERNEL_ACCOUNT);
	if (!vip)
		goto err_free_ports;
	vip->key.ip = service->key.addr.ip6;
	vip->key.family = service->key.addr.family;
	service->vip = vip;
	RCU_INIT_POINTER(vip->ports, ports);
	err = rhashtable_insert_fast(&sw->vips, &vip->node, vip_params);
	if (err)
		goto err_free_vip;
	return 0;

err_free_vip:
	kfree(vip);
err_free_ports:
	kvfree(ports);
	return err;
}

static void vip_free(struct bfly_vip *vip)
{
	kvfree_rcu(rtnl_dereference(vip->ports), rcu);
	kfree_rcu(vip, rcu);
}

static void service_unlink(struct bfly_switch *sw,
			   struct bfly_service *service)
{
	struct bfly_vip *vip = service->vip;
	struct vip_ports *ports = rtnl_dereference(vip->ports);

	vip_ports_remove(ports, service);
	if (ports->count)
		return;
	rhashtable_remove_fast(&sw->vips, &vip->node, vip_params);
	vip_free(vip);
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
	if (service->key.addr.family == AF_INET)
		pool->services4 += change;
	else
		pool->services6 += change;
}

static void service_free_rcu(struct rcu_head *rcu)
{
	struct bfly_service *service =
		container_of(rcu, struct bfly_service, rcu);

	free_percpu(service->share);
	kfree(service);
}

struct bfly_service *bfly_service_new(struct bfly_switch *sw,
				      const struct bfly_service_key *key,
				      struct bfly_pool *pool)
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
	service->key = *key;
	RCU_INIT_POINTER(service->pool, pool);
	err = service_link(sw, service);
	if (err)
		goto err_free_share;
	service_use_pool(service, pool, 1);
	service_list(sw, service);
	bfly_switch_changed(sw);
	return service;

err_free_share:
	free_percpu(service->share);
err_free_service:
	kfree(service);
	return ERR_PTR(err);
}

void bfly_service_set_pool(struct bfly_switch *sw, struct bfly_service *service,
			   struct bfly_pool *pool)
{
	service_use_pool(service, rtnl_dereference(service->pool), -1);
	service_use_pool(service, pool, 1);
	rcu_assign_pointer(service->pool, pool);
	bfly_switch_changed(sw);
}

void bfly_service_del(struct bfly_switch *sw, struct bfly_service *service)
{
	service_unlink(sw, service);
	service_use_pool(service, rtnl_dereference(service->pool), -1);
	list_del(&service->list);
	WRITE_ONCE(sw->service_count, sw->service_count - 1);
	call_rcu(&service->rcu, service_free_rcu);
	bfly_switch_changed(sw);
}

int bfly_services_init(struct bfly_switch *sw)
{
	INIT_LIST_HEAD(&sw->services);
	return rhashtable_init(&sw->vips, &vip_params);
}

void bfly_services_fini(struct bfly_switch *sw)
{
	struct bfly_service *service, *next;

	list_for_each_entry_safe(service, next, &sw->services, list)
		bfly_service_del(sw, service);
	rhashtable_destroy(&sw->vips);
}
