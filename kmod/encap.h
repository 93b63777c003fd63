/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Builders of the outer headers of tunnels.
 *
 * They only write into the buffer that they are given, which needs no alignment
 * beyond that of the network header, and know neither skb nor device: both
 * hooks use them. Lengths are those of what follows the header. A length that
 * the header's 16-bit field cannot carry, as GSO packets may have, leaves the
 * field zero, as the kernel does for BIG TCP.
 */
#ifndef _BFLY_ENCAP_H
#define _BFLY_ENCAP_H

#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ipv6.h>

/* <net/vxlan.h> is included by who looks into it. */
struct vxlanhdr;

/* Outer headers of VXLAN, from the IP header to the inner Ethernet header. */
#define BFLY_ENCAP_VXLAN4_LEN \
	(sizeof(struct iphdr) + sizeof(struct udphdr) + sizeof(struct vxlanhdr))
#define BFLY_ENCAP_VXLAN6_LEN \
	(sizeof(struct ipv6hdr) + sizeof(struct udphdr) + \
	 sizeof(struct vxlanhdr))

/* Outer TTL and hop limit. */
#define BFLY_ENCAP_TTL	64

/* Source ports of tunnels lie in the dynamic range, RFC 7348, 5. */
#define BFLY_ENCAP_SPORT_MIN	49152
#define BFLY_ENCAP_SPORT_MAX	65535

/**
 * struct bfly_encap - what the outer headers have in common
 * @tos: type of service or traffic class: that of the inner packet, ECN bits
 *	included, which is the normal mode of RFC 6040; 0 where there is none
 * @ttl: time to live or hop limit
 * @csum: UDP: a checksum is wanted; it is the caller's to set
 * @df: IPv4: set "don't fragment"
 * @sport: UDP source port, see bfly_encap_sport()
 * @dport: UDP destination port
 */
struct bfly_encap {
	u8 tos;
	u8 ttl;
	bool csum;
	bool df;
	__be16 sport;
	__be16 dport;
};

/**
 * struct bfly_gre - the fixed part of a GRE header, RFC 2784
 * @flags: GRE_*, which tell of optional fields, and the version
 * @protocol: EtherType of what follows
 */
struct bfly_gre {
	__be16 flags;
	__be16 protocol;
};

/**
 * bfly_encap_sport() - UDP source port of a flow
 * @hash: hash of the inner flow, all bits equally good; as skb_get_hash()
 *
 * Return: the port.
 */
static inline __be16 bfly_encap_sport(u32 hash)
{
	u32 range = BFLY_ENCAP_SPORT_MAX - BFLY_ENCAP_SPORT_MIN + 1;

	return htons(BFLY_ENCAP_SPORT_MIN + (((u64)hash * range) >> 32));
}

/**
 * bfly_encap_ip4() - fill an IPv4 header without options
 * @iph: where it goes; all 20 bytes are written
 * @encap: tos, ttl, df
 * @src: source address
 * @dst: destination address
 * @proto: protocol of what follows
 * @len: bytes that follow
 *
 * The identification is zero, which suits a packet that is never fragmented
 * (RFC 6864): without @encap->df the caller sets one, and the checksum again.
 */
void bfly_encap_ip4(struct iphdr *iph, const struct bfly_encap *encap,
		    __be32 src, __be32 dst, u8 proto, u32 len);

/**
 * bfly_encap_ip6() - fill an IPv6 header
 * @ip6h: where it goes; all 40 bytes are written
 * @encap: tos, ttl
 * @src: source address
 * @dst: destination address
 * @proto: protocol of what follows
 * @label: flow label, 20 bits, or 0
 * @len: bytes that follow
 */
void bfly_encap_ip6(struct ipv6hdr *ip6h, const struct bfly_encap *encap,
		    const struct in6_addr *src, const struct in6_addr *dst,
		    u8 proto, __be32 label, u32 len);

/**
 * struct bfly_encap_base - an outer IP header, but for what differs from packet
 * to packet
 * @ip4: an IPv4 header without type of service, length, protocol and checksum
 * @ip6: an IPv6 header without traffic class, length and next header
 * @sum: of @ip4's words
 */
struct bfly_encap_base {
	union {
		struct iphdr ip4;
		struct ipv6hdr ip6;
	};
	u32 sum;
};

/* Prepare a base: "don't fragment", BFLY_ENCAP_TTL. */
void bfly_encap_base4(struct bfly_encap_base *base, __be32 src, __be32 dst);
void bfly_encap_base6(struct bfly_encap_base *base, const struct in6_addr *src,
		      const struct in6_addr *dst);

/* A length field of 16 bits; see the head of this file. */
static inline __be16 bfly_encap_len(u32 len)
{
	return len > U16_MAX ? 0 : htons(len);
}

/**
 * bfly_encap_put4() - fill an IPv4 header from what is prepared
 * @iph: where it goes; all 20 bytes are written
 * @base: of IPv4
 * @tos: type of service
 * @proto: protocol of what follows
 * @len: bytes that follow
 */
static inline void bfly_encap_put4(struct iphdr *iph,
				   const struct bfly_encap_base *base, u8 tos,
				   u8 proto, u32 len)
{
	__be16 tot_len = bfly_encap_len(sizeof(*iph) + len);

	*iph = base->ip4;
	iph->tos = tos;
	iph->tot_len = tot_len;
	iph->protocol = proto;
	iph->check = csum_fold((__force __wsum)(base->sum +
						(__force u32)tot_len +
						(__force u32)htons(tos) +
						(__force u32)htons(proto)));
}

/* The same of IPv6; all 40 bytes are written. */
static inline void bfly_encap_put6(struct ipv6hdr *ip6h,
				   const struct bfly_encap_base *base, u8 tos,
				   u8 proto, u32 len)
{
	*ip6h = base->ip6;
	ip6_flow_hdr(ip6h, tos, 0);
	ip6h->payload_len = bfly_encap_len(len);
	ip6h->nexthdr = proto;
}

/**
 * bfly_encap_udp() - fill a UDP header
 * @uh: where it goes
 * @encap: sport, dport
 * @len: bytes that follow
 *
 * The checksum is left zero: none. Where @encap->csum wants one the caller sets
 * it with udp_set_csum() or udp6_set_csum(), which know the skb's offloads.
 */
void bfly_encap_udp(struct udphdr *uh, const struct bfly_encap *encap, u32 len);

/* Fill a VXLAN header, RFC 7348, 5. */
void bfly_encap_vxlan(struct vxlanhdr *vxh, u32 vni);

/**
 * bfly_encap_vxlan4() - fill outer IPv4, UDP and VXLAN headers
 * @buf: where they go, BFLY_ENCAP_VXLAN4_LEN bytes
 * @encap: all of it
 * @src: source address
 * @dst: destination address
 * @vni: VXLAN network identifier
 * @len: bytes that follow: the inner frame
 */
void bfly_encap_vxlan4(void *buf, const struct bfly_encap *encap,
		       __be32 src, __be32 dst, u32 vni, u32 len);

/* The same over IPv6, BFLY_ENCAP_VXLAN6_LEN bytes; no UDP checksum yet. */
void bfly_encap_vxlan6(void *buf, const struct bfly_encap *encap,
		       const struct in6_addr *src, const struct in6_addr *dst,
		       u32 vni, u32 len);

#endif /* _BFLY_ENCAP_H */
