// SPDX-License-Identifier: GPL-2.0
#include "method.h"

#include <linux/etherdevice.h>
#include <linux/icmpv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/dsfield.h>
#include <net/gue.h>
#include <net/vxlan.h>

unsigned int bfly_method_shim_len(u8 method)
{
	switch (method) {
	case BFLY_METHOD_GRE:
		return sizeof(struct bfly_gre);
	case BFLY_METHOD_GUE:
		return sizeof(struct udphdr) + sizeof(struct guehdr);
	case BFLY_METHOD_FOU:
		return sizeof(struct udphdr);
	case BFLY_METHOD_VXLAN:
		return sizeof(struct udphdr) + sizeof(struct vxlanhdr) +
		       ETH_HLEN;
	default:
		return 0;
	}
}

static __be16 inner_ethertype(const struct bfly_wrap *wrap)
{
	return htons(wrap->inner == AF_INET ? ETH_P_IP : ETH_P_IPV6);
}

/* RFC 2784 without any of its options. */
static void put_gre(void *buf, const struct bfly_wrap *wrap)
{
	struct bfly_gre *gre = buf;

	gre->flags = 0;
	gre->protocol = inner_ethertype(wrap);
}

/* Generic UDP Encapsulation, variant 0 of draft-ietf-intarea-gue, no options. */
static void put_gue(void *buf, const struct bfly_wrap *wrap)
{
	struct guehdr *gue = buf;

	gue->word = 0;
	gue->proto_ctype = bfly_method_inner_proto(wrap->inner);
}

/* The frame that a host on the overlay would have sent. */
static void put_vxlan(void *buf, const struct bfly_pool_conf *conf,
		      const struct bfly_wrap *wrap)
{
	struct vxlanhdr *vxh = buf;
	struct ethhdr *eth = (struct ethhdr *)(vxh + 1);

	bfly_encap_vxlan(vxh, conf->vni);
	bfly_mac_unpack(wrap->dmac, eth->h_dest);
	ether_addr_copy(eth->h_source, wrap->smac);
	eth->h_proto = inner_ethertype(wrap);
}

/* What is between the outer IP header and the packet; its IP protocol. */
static u8 put_shim(void *buf, const struct bfly_pool_conf *conf,
		   const struct bfly_wrap *wrap, u32 shim)
{
	const struct bfly_encap encap = {
		.sport = bfly_encap_sport(wrap->hash),
		.dport = htons(conf->port),
	};

	switch (conf->method) {
	case BFLY_METHOD_IPIP:
		return bfly_method_inner_proto(wrap->inner);
	case BFLY_METHOD_GRE:
		put_gre(buf, wrap);
		return IPPROTO_GRE;
	case BFLY_METHOD_GUE:
		put_gue(buf + sizeof(struct udphdr), wrap);
		break;
	case BFLY_METHOD_VXLAN:
		put_vxlan(buf + sizeof(struct udphdr), conf, wrap);
		break;
	}
	bfly_encap_udp(buf, &encap, shim - sizeof(struct udphdr) + wrap->len);
	return IPPROTO_UDP;
}

void bfly_method_wrap(void *buf, const struct bfly_pool_conf *conf,
		      const struct bfly_wrap *wrap)
{
	bool ip4 = wrap->family == AF_INET;
	u32 ip_len = ip4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
	u32 shim = bfly_method_shim_len(conf->method);
	u32 len = shim + wrap->len;
	u8 proto, tos;

	tos = bfly_method_inner_tos(buf + ip_len + shim, wrap->inner);
	proto = put_shim(buf + ip_len, conf, wrap, shim);
	if (ip4)
		bfly_encap_put4(buf, wrap->outer, tos, proto, len);
	else
		bfly_encap_put6(buf, wrap->outer, tos, proto, len);
}

/* The sum @check after a part of what it covers has changed by @diff. */
static void fix_check(const struct bfly_rewrite *rewrite, __wsum diff)
{
	__sum16 *check = rewrite->check;

	if (!check || (rewrite->zero_is_none && !*check && !rewrite->partial))
		return;
	if (rewrite->partial) {
		*check = ~csum_fold(csum_add(diff, csum_unfold(*check)));
		return;
	}
	*check = csum_fold(csum_add(diff, ~csum_unfold(*check)));
	if (rewrite->zero_is_none && !*check)
		*check = CSUM_MANGLED_0;
}

static __wsum diff4(__be32 from, __be32 to)
{
	return csum_add(~(__force __wsum)from, (__force __wsum)to);
}

static __wsum diff6(const struct in6_addr *from, const struct in6_addr *to)
{
	return csum_partial(to, sizeof(*to),
			    ~csum_partial(from, sizeof(*from), 0));
}

void bfly_method_rewrite4(struct iphdr *ip, const struct bfly_rewrite *rewrite)
{
	__be32 daddr = rewrite->daddr->s6_addr32[0];
	__wsum diff = diff4(ip->daddr, daddr);

	if (rewrite->saddr) {
		__be32 saddr = rewrite->saddr->s6_addr32[0];

		diff = csum_add(diff, diff4(ip->saddr, saddr));
		ip->saddr = saddr;
	}
	ip->daddr = daddr;
	ip->check = csum_fold(csum_add(diff, ~csum_unfold(ip->check)));
	if (rewrite->dscp >= 0)
		ipv4_change_dsfield(ip, INET_ECN_MASK, rewrite->dscp << 2);
	fix_check(rewrite, diff);
}

void bfly_method_rewrite6(struct ipv6hdr *ip,
			  const struct bfly_rewrite *rewrite)
{
	__wsum diff = diff6(&ip->daddr, rewrite->daddr);

	if (rewrite->saddr) {
		diff = csum_add(diff, diff6(&ip->saddr, rewrite->saddr));
		ip->saddr = *rewrite->saddr;
	}
	ip->daddr = *rewrite->daddr;
	if (rewrite->dscp >= 0)
		ipv6_change_dsfield(ip, INET_ECN_MASK, rewrite->dscp << 2);
	fix_check(rewrite, diff);
}

unsigned int bfly_method_check_off(const struct bfly_pool_conf *conf,
				   const struct bfly_parsed *parsed)
{
	if (conf->method != BFLY_METHOD_DSCP)
		return 0;
	/* of an ICMP error the key is the quoted packet's */
	if (parsed->class == BFLY_CLASS_ERROR)
		return parsed->key.family == AF_INET6 ?
		       parsed->l4_off + offsetof(struct icmp6hdr, icmp6_cksum) :
		       0;
	switch (parsed->key.proto) {
	case IPPROTO_TCP:
		return parsed->l4_off + offsetof(struct tcphdr, check);
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		return parsed->l4_off + offsetof(struct udphdr, check);
	case IPPROTO_ICMPV6:
		return parsed->l4_off + offsetof(struct icmp6hdr, icmp6_cksum);
	default:
		return 0;
	}
}

static bool check_is_udp(const struct bfly_parsed *parsed)
{
	return parsed->class != BFLY_CLASS_ERROR &&
	       (parsed->key.proto == IPPROTO_UDP ||
		parsed->key.proto == IPPROTO_UDPLITE);
}

void bfly_method_rewrite(void *ip, const struct bfly_pool_conf *conf,
			 const struct bfly_addr *to,
			 const struct bfly_parsed *parsed,
			 unsigned int check_off, bool partial)
{
	struct bfly_rewrite change = {
		.daddr = &to->ip6, .dscp = -1, .partial = partial,
		.check = check_off ? ip + check_off : NULL,
		.zero_is_none = check_is_udp(parsed),
	};
	struct ipv6hdr *ip6h = ip;
	struct iphdr *iph = ip;
	struct in6_addr vip = {};

	if (conf->method == BFLY_METHOD_DSCP)
		change.dscp = conf->dscp;
	else
		change.saddr = &vip;
	if (to->family == AF_INET) {
		vip.s6_addr32[0] = iph->daddr;
		bfly_method_rewrite4(iph, &change);
	} else {
		vip = ip6h->daddr;
		bfly_method_rewrite6(ip6h, &change);
	}
}
