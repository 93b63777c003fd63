/* SPDX-License-Identifier: GPL-2.0 */
/* The inside of virtual addresses: for vip.c, and for look-ups inline. */
#ifndef _BFLY_VIP_TABLE_H
#define _BFLY_VIP_TABLE_H

#include <linux/hash.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <net/ipv6.h>

#include "switch.h"
#include "vip.h"

/**
 * struct bfly_vip_key - key of &bfly_switch.vips, without holes
 * @ip: address; IPv4 in the first word, the rest zero
 * @family: AF_INET or AF_INET6
 * @len: length of the prefix, all bits of a single address
 */
struct bfly_vip_key {
	struct in6_addr ip;
	u16 family;
	u16 len;
};

/**
 * struct bfly_vip_ports - the services of a virtual address
 * @rcu: to free it
 * @shift: leaves as many bits of 32 as number the slots
 * @mask: number of slots less one
 * @count: services; RTNL
 * @slots: at most half of them taken; a service is at the slot that its id
 *	hashes to or, if others are there, in the next free one
 * @slots.id: bfly_vip_port_id(), 0 if the slot is free; fixed
 * @slots.service: NULL if it was deleted; READ_ONCE, written under RTNL
 */
struct bfly_vip_ports {
	struct rcu_head rcu;
	u32 shift;
	u32 mask;
	u32 count;
	struct {
		u32 id;
		struct bfly_service *service;
	} slots[];
};

/**
 * struct bfly_vip - a virtual address, or a prefix of them
 * @node: in &bfly_switch.vips
 * @key: address; fixed
 * @ports: its services; RCU, written under RTNL
 * @wider: the longest prefix that holds all of it and has services, or NULL;
 *	RCU, written under RTNL
 * @passing: its services that let pass what no service takes; READ_ONCE, written
 *	under RTNL
 * @rcu: to free it
 *
 * It is there while it has services.
 */
struct bfly_vip {
	struct hlist_node node;
	struct bfly_vip_key key;
	struct bfly_vip_ports __rcu *ports;
	struct bfly_vip __rcu *wider;
	unsigned int passing;
	struct rcu_head rcu;
};

/* As many chains as there can be virtual addresses. */
#define BFLY_VIP_BITS	12
static_assert(BIT(BFLY_VIP_BITS) >= BFLY_SERVICE_MAX);

static inline struct hlist_head *bfly_vip_chain4(struct bfly_switch *sw,
						 __be32 ip, u16 len)
{
	u32 hash = (__force u32)ip ^ len;

	return &sw->vips[hash_32(hash, BFLY_VIP_BITS)];
}

static inline struct hlist_head *bfly_vip_chain6(struct bfly_switch *sw,
						 const struct in6_addr *addr,
						 u16 len)
{
	const u32 *ip = (__force const u32 *)addr->s6_addr32;
	u64 hash = ((u64)ip[0] << 32 | ip[1]) * GOLDEN_RATIO_64;

	hash ^= ((u64)ip[2] << 32 | ip[3]) ^ len;
	return &sw->vips[hash_64(hash, BFLY_VIP_BITS)];
}

/* Protocols of services are not 0, and so is no id. */
static inline u32 bfly_vip_port_id(u8 proto, u16 port)
{
	return (u32)proto << 16 | port;
}

/* Where an id is, unless others were there before. */
static inline u32 bfly_vip_port_slot(const struct bfly_vip_ports *ports, u32 id)
{
	return __hash_32(id) >> ports->shift;
}

static inline struct bfly_service *
bfly_vip_ports_find(const struct bfly_vip_ports *ports, u32 id)
{
	u32 i = bfly_vip_port_slot(ports, id);

	for (; ports->slots[i].id; i = (i + 1) & ports->mask)
		if (ports->slots[i].id == id)
			return READ_ONCE(ports->slots[i].service);
	return NULL;
}

/* Among the prefixes, of these lengths. */
const struct bfly_vip *bfly_vip_find_prefix4(struct bfly_switch *sw, __be32 ip,
					     u64 lens);
const struct bfly_vip *bfly_vip_find_prefix6(struct bfly_switch *sw,
					     const struct in6_addr *ip,
					     u64 lens);

/* See bfly_vip_find(). */
static inline const struct bfly_vip *bfly_vip_find4(struct bfly_switch *sw,
						    __be32 ip)
{
	u16 len = bfly_family_bits(AF_INET);
	const struct bfly_vip *vip;
	u64 lens;

	hlist_for_each_entry_rcu(vip, bfly_vip_chain4(sw, ip, len), node)
		if (vip->key.ip.s6_addr32[0] == ip && vip->key.len == len &&
		    vip->key.family == AF_INET)
			return vip;
	lens = READ_ONCE(sw->vip_lens4);
	return unlikely(lens) ? bfly_vip_find_prefix4(sw, ip, lens) : NULL;
}

static inline const struct bfly_vip *
bfly_vip_find6(struct bfly_switch *sw, const struct in6_addr *ip)
{
	u16 len = bfly_family_bits(AF_INET6);
	const struct bfly_vip *vip;
	u64 lens;

	hlist_for_each_entry_rcu(vip, bfly_vip_chain6(sw, ip, len), node)
		if (ipv6_addr_equal(&vip->key.ip, ip) && vip->key.len == len)
			return vip;
	lens = READ_ONCE(sw->vip_lens6);
	return unlikely(lens) ? bfly_vip_find_prefix6(sw, ip, lens) : NULL;
}

/**
 * bfly_vip_find() - look a virtual address up
 * @sw: the switch
 * @ip: address; IPv4 in the first word
 * @family: AF_INET or AF_INET6
 *
 * One probe, and one more for each length of prefixes in use.
 *
 * Context: RCU read side.
 * Return: the one with the longest prefix that holds the address, or NULL.
 */
static inline const struct bfly_vip *bfly_vip_find(struct bfly_switch *sw,
						   const struct in6_addr *ip,
						   u16 family)
{
	return family == AF_INET ? bfly_vip_find4(sw, ip->s6_addr32[0]) :
				   bfly_vip_find6(sw, ip);
}

/* By way of every port, and of wider prefixes. */
struct bfly_service *bfly_vip_service_other(const struct bfly_vip *vip,
					    u8 proto, u16 port);

/**
 * bfly_vip_service() - the service of a packet for a virtual address
 * @vip: what bfly_vip_find() found for its destination
 * @proto: protocol of the packet
 * @port: destination port, host order
 *
 * The one with the longest prefix among the services that fit, and of two with
 * the same prefix the one that names the port. The time that it takes does not
 * depend on the number of services.
 *
 * Context: RCU read side.
 * Return: the service or NULL.
 */
static inline struct bfly_service *
bfly_vip_service(const struct bfly_vip *vip, u8 proto, u16 port)
{
	struct bfly_service *service;

	service = bfly_vip_ports_find(rcu_dereference_rtnl(vip->ports),
				      bfly_vip_port_id(proto, port));
	return likely(service) ? service :
				 bfly_vip_service_other(vip, proto, port);
}

#endif /* _BFLY_VIP_TABLE_H */
