// SPDX-License-Identifier: GPL-2.0
/* Builders of the outer headers of tunnels. */
#include <linux/string.h>
#include <net/dsfield.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/vxlan.h>

#include "encap.h"

void bfly_encap_ip4(struct iphdr *iph, const struct bfly_encap *encap,
		    __be32 src, __be32 dst, u8 proto, u32 len)
{
	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tos = encap->tos;
	iph->tot_len = bfly_encap_len(sizeof(*iph) + len);
	iph->id = 0;
	iph->frag_off = encap->df ? htons(IP_DF) : 0;
	iph->ttl = encap->ttl;
	iph->protocol = proto;
	iph->saddr = src;
	iph->daddr = dst;
	ip_send_check(iph);
}

void bfly_encap_ip6(struct ipv6hdr *ip6h, const struct bfly_encap *encap,
		    const struct in6_addr *src, const struct in6_addr *dst,
		    u8 proto, __be32 label, u32 len)
{
	ip6_flow_hdr(ip6h, encap->tos, label & IPV6_FLOWLABEL_MASK);
	ip6h->payload_len = bfly_encap_len(len);
	ip6h->nexthdr = proto;
	ip6h->hop_limit = encap->ttl;
	ip6h->saddr = *src;
	ip6h->daddr = *dst;
}

void bfly_encap_base4(struct bfly_encap_base *base, __be32 src, __be32 dst)
{
	const struct bfly_encap encap = { .ttl = BFLY_ENCAP_TTL, .df = true };
	struct iphdr *iph = &base->ip4;

	bfly_encap_ip4(iph, &encap, src, dst, 0, 0);
	iph->tot_len = 0;
	iph->check = 0;
	base->sum = (__force u16)~ip_fast_csum(iph, iph->ihl);
}

void bfly_encap_base6(struct bfly_encap_base *base, const struct in6_addr *src,
		      const struct in6_addr *dst)
{
	const struct bfly_encap encap = { .ttl = BFLY_ENCAP_TTL };

	bfly_encap_ip6(&base->ip6, &encap, src, dst, 0, 0, 0);
}

void bfly_encap_udp(struct udphdr *uh, const struct bfly_encap *encap, u32 len)
{
	uh->source = encap->sport;
	uh->dest = encap->dport;
	uh->len = bfly_encap_len(sizeof(*uh) + len);
	uh->check = 0;
}

void bfly_encap_vxlan(struct vxlanhdr *vxh, u32 vni)
{
	vxh->vx_flags = VXLAN_HF_VNI;
	vxh->vx_vni = vxlan_vni_field(cpu_to_be32(vni));
}

void bfly_encap_vxlan4(void *buf, const struct bfly_encap *encap,
		       __be32 src, __be32 dst, u32 vni, u32 len)
{
	struct iphdr *iph = buf;
	struct udphdr *uh = (struct udphdr *)(iph + 1);
	struct vxlanhdr *vxh = (struct vxlanhdr *)(uh + 1);

	bfly_encap_vxlan(vxh, vni);
	len += sizeof(*vxh);
	bfly_encap_udp(uh, encap, len);
	len += sizeof(*uh);
	bfly_encap_ip4(iph, encap, src, dst, IPPROTO_UDP, len);
}

void bfly_encap_vxlan6(void *buf, const struct bfly_encap *encap,
		       const struct in6_addr *src, const struct in6_addr *dst,
		       u32 vni, u32 len)
{
	struct ipv6hdr *ip6h = buf;
	struct udphdr *uh = (struct udphdr *)(ip6h + 1);
	struct vxlanhdr *vxh = (struct vxlanhdr *)(uh + 1);

	bfly_encap_vxlan(vxh, vni);
	len += sizeof(*vxh);
	bfly_encap_udp(uh, encap, len);
	len += sizeof(*uh);
	bfly_encap_ip6(ip6h, encap, src, dst, IPPROTO_UDP, 0, len);
}
