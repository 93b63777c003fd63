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

#include "parse.h"
#include "pool.h"

/* UDP ports of a pool that has not set its own. */
#define BFLY_PORT_GUE		6080
#define BFLY_PORT_FOU		5555
#define BFLY_PORT_VXLAN		4789

/**
 * struct bfly_wrap - the outer headers of one packet
 * @saddr: outer source; IPv4 in the first word
 * @daddr: outer destination, the backend
 * @family: of both
 * @inner: AF_INET or AF_INET6, what it is put in front of
 * @tos: of the inner header, see &struct bfly_encap
 * @hash: of the flow, for UDP source ports
 * @len: bytes of the packet from its IP header on
 * @dmac: VXLAN: MAC of the backend in the overlay
 * @smac: VXLAN: MAC of the switch
 */
struct bfly_wrap {
	const struct in6_addr *saddr;
	const struct in6_addr *daddr;
	u16 family;
	u16 inner;
	u8 tos;
	u32 hash;
	u32 len;
	const u8 *dmac;
	const u8 *smac;
};

/**
 * bfly_method_overhead() - how much a method puts in front of packets
 * @method: enum bfly_method
 * @family: of the backend's address
 *
 * Return: bytes, 0 for methods that put nothing in front.
 */
unsigned int bfly_method_overhead(u8 method, u16 family);

/**
 * bfly_method_wrap() - write outer headers
 * @buf: where they go: bfly_method_overhead() bytes, the packet follows
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
 * @zero_is_none: a checksum of zero is none, see bfly_method_zero_is_none()
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
 * bfly_method_check_off() - where the transport checksum is
 * @parsed: what the parser found, not in a fragment other than the first
 *
 * Return: offset from the network header, or 0 for protocols whose checksum does
 * not cover the addresses.
 */
unsigned int bfly_method_check_off(const struct bfly_parsed *parsed);

/*
 * Whether that checksum is UDP's: one of zero is none there, over IPv6 in tunnels
 * alone (RFC 6935), and one that comes out as zero is sent as its complement.
 */
bool bfly_method_zero_is_none(const struct bfly_parsed *parsed);

#endif /* _BFLY_METHOD_H */
