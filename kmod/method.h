/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How packets reach backends: what each method of a pool puts in front of a
 * packet or writes into it. Nothing here knows of skb or XDP: both hooks use it.
 */
#ifndef _BFLY_METHOD_H
#define _BFLY_METHOD_H

#include <linux/if_ether.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/dsfield.h>

#include "encap.h"
#include "parse.h"
#include "pool.h"

/* UDP ports of a pool that has not set its own. */
#define BFLY_PORT_GUE		6080
#define BFLY_PORT_FOU		5555
#define BFLY_PORT_VXLAN		4789

/* Bytes between the outer IP header and the packet; @method: not a plain one. */
unsigned int bfly_method_shim_len(u8 method);

/**
 * bfly_method_overhead() - how much a method puts in front of packets
 * @method: enum bfly_method
 * @family: of the backend's address
 *
 * Return: bytes, 0 for methods that put nothing in front.
 */
static inline unsigned int bfly_method_overhead(u8 method, u16 family)
{
	unsigned int len = family == AF_INET ? sizeof(struct iphdr) :
					       sizeof(struct ipv6hdr);

	if (likely(method == BFLY_METHOD_IPIP))
		return len;
	if (bfly_method_is_plain(method))
		return 0;
	return len + bfly_method_shim_len(method);
}

/* The IP protocol of a packet in a tunnel, by its family. */
static inline u8 bfly_method_inner_proto(u16 inner)
{
	return inner == AF_INET ? IPPROTO_IPIP : IPPROTO_IPV6;
}

static inline u8 bfly_method_inner_tos(const void *ip, u16 inner)
{
	return inner == AF_INET ? ((const struct iphdr *)ip)->tos :
				  ipv6_get_dsfield(ip);
}

/**
 * bfly_method_wrap_ip() - put an outer IP header alone in front of a packet
 * @buf: where it goes, the packet's IP header follows
 * @outer: prepared
 * @family: of @outer
 * @inner: AF_INET or AF_INET6, of the packet
 * @len: bytes of the packet from its IP header on
 *
 * It takes over the type of service, ECN bits included: the normal mode of
 * RFC 6040.
 */
static inline void bfly_method_wrap_ip(void *buf,
				       const struct bfly_encap_base *outer,
				       u16 family, u16 inner, u32 len)
{
	u8 proto = bfly_method_inner_proto(inner);

	if (family == AF_INET)
		bfly_encap_put4(buf, outer,
				bfly_method_inner_tos(buf + sizeof(outer->ip4),
						      inner), proto, len);
	else
		bfly_encap_put6(buf, outer,
				bfly_method_inner_tos(buf + sizeof(outer->ip6),
						      inner), proto, len);
}

/**
 * struct bfly_wrap - what outer headers say of one packet and its way
 * @outer: the IP header, prepared
 * @family: of @outer
 * @inner: AF_INET or AF_INET6, of the packet
 * @hash: of the flow, for UDP source ports
 * @len: bytes of the packet from its IP header on
 * @dmac: VXLAN: MAC of the backend in the overlay, as bfly_mac_pack() packs it
 * @smac: VXLAN: MAC of the switch
 */
struct bfly_wrap {
	const struct bfly_encap_base *outer;
	u16 family;
	u16 inner;
	u32 hash;
	u32 len;
	u64 dmac;
	const u8 *smac;
};

/**
 * bfly_method_wrap() - write outer headers
 * @buf: where they go: bfly_method_overhead() bytes, the packet's IP header
 *	follows
 * @conf: the pool's configuration; its method is not a plain one
 * @wrap: the rest
 *
 * A UDP checksum is left zero. Over IPv6 there has to be one (RFC 8200, 8.1): it
 * is the caller's to set, who knows the offloads.
 */
void bfly_method_wrap(void *buf, const struct bfly_pool_conf *conf,
		      const struct bfly_wrap *wrap);

/**
 * struct bfly_rewrite - a change of addresses in place
 * @saddr: new source address, or NULL to leave it
 * @daddr: new destination address; IPv4 in the first word
 * @dscp: new DSCP, or negative to leave it
 * @check: the transport checksum, which covers the addresses; NULL where there
 *	is none
 * @zero_is_none: the checksum is UDP's: one of zero is none, over IPv6 in tunnels
 *	alone (RFC 6935), and one that comes out as zero is sent as its complement
 * @partial: @check is only the sum of the pseudo header, as CHECKSUM_PARTIAL
 *	leaves it
 */
struct bfly_rewrite {
	const struct in6_addr *saddr;
	const struct in6_addr *daddr;
	int dscp;
	__sum16 *check;
	bool zero_is_none;
	bool partial;
};

/* Change an IP header and the checksums over it. @ip: writable. */
void bfly_method_rewrite4(struct iphdr *ip,
			  const struct bfly_rewrite *rewrite);
void bfly_method_rewrite6(struct ipv6hdr *ip,
			  const struct bfly_rewrite *rewrite);

/**
 * bfly_method_check_off() - where a checksum is that a method has to change
 * @conf: the pool's configuration; its method is dscp or gre-retarget
 * @parsed: what the parser found, not in a fragment other than the first
 *
 * That is a transport checksum which covers the addresses. What gre-retarget
 * changes is in front of GRE, whose checksum does not.
 *
 * Return: offset from the network header, or 0 if there is none.
 */
unsigned int bfly_method_check_off(const struct bfly_pool_conf *conf,
				   const struct bfly_parsed *parsed);

/**
 * bfly_method_rewrite() - what methods dscp and gre-retarget write
 * @ip: the packet's IP header, writable up to the checksum
 * @conf: the pool's configuration
 * @to: address of the backend, of the packet's family
 * @parsed: what the parser found
 * @check_off: see above; 0 in a fragment other than the first
 * @partial: see &struct bfly_rewrite
 */
void bfly_method_rewrite(void *ip, const struct bfly_pool_conf *conf,
			 const struct bfly_addr *to,
			 const struct bfly_parsed *parsed,
			 unsigned int check_off, bool partial);

#endif /* _BFLY_METHOD_H */
