// SPDX-License-Identifier: GPL-2.0
/*
 * Virtual addresses.
 *
 * They are in one hash table, prefixes among them, so that a packet for none of
 * them costs one probe, and one for each length of prefixes in use. The hash has
 * no secret, and need not have one: who sends packets makes no chain longer. Each
 * virtual address has a small hash table of its services by protocol
 * and port, which is replaced by a new one when a service comes, and points to
 * the next wider one that holds it.
 */
#include <linux/bitmap.h>
#include <linux/hash.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "service.h"
#include "vip_table.h"

static struct hlist_head *vip_chain(struct bfly_switch *sw,
				    const struct bfly_vip_key *key)
{
	return key->family == AF_INET ?
	       bfly_vip_chain4(sw, key->ip.s6_addr32[0], key->len) :
	       bfly_vip_chain6(sw, &key->ip, key->len);
}

static bool vip_key_equal(const struct bfly_vip_key *a, const struct bfly_vip_key *b)
{
	if (a->ip.s6_addr32[0] != b->ip.s6_addr32[0] || a->len != b->len ||
	    a->family != b->family)
		return false;
	return a->family == AF_INET || ipv6_addr_equal(&a->ip, &b->ip);
}

static struct bfly_vip *vip_find(struct bfly_switch *sw,
				 const struct bfly_vip_key *key)
{
	struct bfly_vip *vip;

	hlist_for_each_entry_rcu(vip, vip_chain(sw, key), node,
				 lockdep_rtnl_is_held())
		if (vip_key_equal(&vip->key, key))
			return vip;
	return NULL;
}

static void vip_ports_enter(struct bfly_vip_ports *ports,
			    struct bfly_service *service)
{
	u32 id = bfly_vip_port_id(service->key.proto, service->key.port);
	u32 i = bfly_vip_port_slot(ports, id);

	while (ports->slots[i].id)
		i = (i + 1) & ports->mask;
	ports->slots[i].id = id;
	ports->slots[i].service = service;
	ports->count++;
}

/* The services of @old, which may be NULL, and one more. */
static struct bfly_vip_ports *vip_ports_build(const struct bfly_vip_ports *old,
					      struct bfly_service *add)
{
	u32 count = old ? old->count + 1 : 1;
	u32 bits = ilog2(roundup_pow_of_two(2 * count));
	struct bfly_vip_ports *ports;
	u32 i;

	ports = kvzalloc(struct_size(ports, slots, BIT(bits)),
			 GFP_KERNEL_ACCOUNT);
	if (!ports)
		return NULL;
	ports->shift = 32 - bits;
	ports->mask = BIT(bits) - 1;
	for (i = 0; old && i <= old->mask; i++)
		if (old->slots[i].service)
			vip_ports_enter(ports, old->slots[i].service);
	vip_ports_enter(ports, add);
	return ports;
}

/* In place, so that it cannot fail: a look-up goes on over the slot. */
static void vip_ports_remove(struct bfly_vip_ports *ports,
			     const struct bfly_service *service)
{
	u32 i = 0;

	while (ports->slots[i].service != service)
		i++;
	WRITE_ONCE(ports->slots[i].service, NULL);
	ports->count--;
}

/* ---- looking up ---- */

static u64 *vip_lens(struct bfly_switch *sw, u16 family)
{
	return family == AF_INET ? &sw->vip_lens4 : &sw->vip_lens6;
}

/* Longest first, so that the first prefix that holds the address is the one. */
static const struct bfly_vip *vip_find_prefix(struct bfly_switch *sw,
					      const struct in6_addr *ip,
					      u16 family, u64 lens)
{
	struct bfly_vip_key key = { .family = family };
	const struct bfly_vip *vip = NULL;

	for (; lens && !vip; lens >>= 8) {
		key.len = (u8)lens;
		ipv6_addr_prefix(&key.ip, ip, key.len);
		vip = vip_find(sw, &key);
	}
	return vip;
}

const struct bfly_vip *bfly_vip_find_prefix4(struct bfly_switch *sw, __be32 ip,
					     u64 lens)
{
	struct in6_addr ip6 = { .s6_addr32 = { ip } };

	return vip_find_prefix(sw, &ip6, AF_INET, lens);
}

const struct bfly_vip *bfly_vip_find_prefix6(struct bfly_switch *sw,
					     const struct in6_addr *ip,
					     u64 lens)
{
	return vip_find_prefix(sw, ip, AF_INET6, lens);
}

struct bfly_service *bfly_vip_service_other(const struct bfly_vip *vip,
					    u8 proto, u16 port)
{
	struct bfly_service *service = NULL;
	const struct bfly_vip_ports *ports;

	for (; vip && !service; vip = rcu_dereference_rtnl(vip->wider)) {
		ports = rcu_dereference_rtnl(vip->ports);
		service = bfly_vip_ports_find(ports, bfly_vip_port_id(proto, port)) ?:
			  bfly_vip_ports_find(ports, bfly_vip_port_id(proto, 0));
	}
	return service;
}

bool bfly_vip_passes(const struct bfly_vip *vip)
{
	for (; vip; vip = rcu_dereference_rtnl(vip->wider))
		if (READ_ONCE(vip->passing))
			return true;
	return false;
}

static struct bfly_vip *vip_get(struct bfly_switch *sw,
				const struct bfly_prefix *prefix)
{
	struct bfly_vip_key key = {
		.ip = prefix->addr.ip6,
		.family = prefix->addr.family,
		.len = prefix->len,
	};

	return vip_find(sw, &key);
}

struct bfly_service *bfly_vip_get_service(struct bfly_switch *sw,
					  const struct bfly_prefix *prefix,
					  u8 proto, u16 port)
{
	struct bfly_vip *vip = vip_get(sw, prefix);

	if (!vip)
		return NULL;
	return bfly_vip_ports_find(rtnl_dereference(vip->ports),
			      bfly_vip_port_id(proto, port));
}

/* ---- changing ---- */

bool bfly_vip_takes_len(const struct bfly_switch *sw,
			const struct bfly_prefix *prefix)
{
	bool ip4 = prefix->addr.family == AF_INET;
	u64 lens = ip4 ? sw->vip_lens4 : sw->vip_lens6;
	int count = 0;

	ASSERT_RTNL();
	for (; lens; lens >>= 8, count++)
		if ((u8)lens == prefix->len)
			return true;
	return count < BFLY_VIP_LENS ||
	       prefix->len == bfly_addr_bits(&prefix->addr);
}

/* The lengths of listed services' prefixes, and, unless it is 0, one more. */
static void vip_update_lens(struct bfly_switch *sw, u16 family, u8 more)
{
	int len = bfly_family_bits(family), shift = 0;
	const struct bfly_service *service;
	DECLARE_BITMAP(used, 128 + 1) = {};
	u64 lens = 0;

	list_for_each_entry(service, &sw->services, list)
		if (service->key.prefix.addr.family == family)
			__set_bit(service->key.prefix.len, used);
	__set_bit(more, used);
	/* a byte each, the lowest first; single addresses need none */
	while (--len > 0) {
		if (!test_bit(len, used))
			continue;
		lens |= (u64)len << shift;
		shift += 8;
	}
	WRITE_ONCE(*vip_lens(sw, family), lens);
}

static bool vip_is_prefix(const struct bfly_vip *vip)
{
	return vip->key.len < bfly_family_bits(vip->key.family);
}

static bool vip_holds(const struct bfly_vip *vip, const struct bfly_vip *other)
{
	return vip->key.family == other->key.family &&
	       vip->key.len < other->key.len &&
	       ipv6_prefix_equal(&vip->key.ip, &other->key.ip, vip->key.len);
}

/* Tells a virtual address the next wider one, if @wider is that. */
static void vip_offer_wider(struct bfly_vip *vip, struct bfly_vip *wider)
{
	const struct bfly_vip *now = rtnl_dereference(vip->wider);

	if (vip_holds(wider, vip) && (!now || now->key.len < wider->key.len))
		rcu_assign_pointer(vip->wider, wider);
}

/*
 * Where a new one belongs among those that are there. It is not looked up yet,
 * but who comes by a narrower one may meet it.
 */
static void vip_join(struct bfly_switch *sw, struct bfly_vip *vip)
{
	const struct bfly_service *service;

	if (!vip_is_prefix(vip) && !*vip_lens(sw, vip->key.family))
		return;
	list_for_each_entry(service, &sw->services, list)
		vip_offer_wider(vip, service->vip);
	if (!vip_is_prefix(vip))
		return;
	list_for_each_entry(service, &sw->services, list)
		vip_offer_wider(service->vip, vip);
	vip_update_lens(sw, vip->key.family, vip->key.len);
}

/* Nobody meets it any more, but who has met it already. */
static void vip_leave(struct bfly_switch *sw, struct bfly_vip *vip)
{
	const struct bfly_service *service;

	if (!vip_is_prefix(vip))
		return;
	list_for_each_entry(service, &sw->services, list)
		if (rcu_access_pointer(service->vip->wider) == vip)
			rcu_assign_pointer(service->vip->wider,
					   rtnl_dereference(vip->wider));
	vip_update_lens(sw, vip->key.family, 0);
}

static int vip_new(struct bfly_switch *sw, struct bfly_service *service,
		   struct bfly_vip_ports *ports)
{
	const struct bfly_prefix *prefix = &service->key.prefix;
	struct bfly_vip *vip;

	vip = kzalloc(sizeof(*vip), GFP_KERNEL_ACCOUNT);
	if (!vip)
		return -ENOMEM;
	vip->key.ip = prefix->addr.ip6;
	vip->key.family = prefix->addr.family;
	vip->key.len = prefix->len;
	RCU_INIT_POINTER(vip->ports, ports);
	hlist_add_head_rcu(&vip->node, vip_chain(sw, &vip->key));
	service->vip = vip;
	vip_join(sw, vip);
	return 0;
}

void bfly_vip_pass(struct bfly_switch *sw, struct bfly_vip *vip, int change)
{
	ASSERT_RTNL();
	WRITE_ONCE(sw->vips_passing, sw->vips_passing + change);
	WRITE_ONCE(vip->passing, vip->passing + change);
}

int bfly_vip_link(struct bfly_switch *sw, struct bfly_service *service)
{
	struct bfly_vip *vip = vip_get(sw, &service->key.prefix);
	struct bfly_vip_ports *old = vip ? rtnl_dereference(vip->ports) : NULL;
	struct bfly_vip_ports *ports = vip_ports_build(old, service);
	int err;

	if (!ports)
		return -ENOMEM;
	if (vip) {
		service->vip = vip;
		rcu_assign_pointer(vip->ports, ports);
		kvfree_rcu(old, rcu);
		return 0;
	}
	err = vip_new(sw, service, ports);
	if (err)
		kvfree(ports);
	return err;
}

void bfly_vip_unlink(struct bfly_switch *sw, struct bfly_service *service)
{
	struct bfly_vip *vip = service->vip;
	struct bfly_vip_ports *ports = rtnl_dereference(vip->ports);

	vip_ports_remove(ports, service);
	if (ports->count)
		return;
	hlist_del_rcu(&vip->node);
	vip_leave(sw, vip);
	kvfree_rcu(ports, rcu);
	kfree_rcu(vip, rcu);
}

int bfly_vips_init(struct bfly_switch *sw)
{
	sw->vips = kvcalloc(BIT(BFLY_VIP_BITS), sizeof(*sw->vips), GFP_KERNEL_ACCOUNT);
	return sw->vips ? 0 : -ENOMEM;
}

/* After the last service. */
void bfly_vips_fini(struct bfly_switch *sw)
{
	kvfree(sw->vips);
}
