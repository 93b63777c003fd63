// SPDX-License-Identifier: GPL-2.0
#include "outer.h"

#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/dsfield.h>

/* Of a packet that is not IP, or is cut short: as if nothing was said. */
static void inner_fields(struct sk_buff *skb, u8 *tos, u8 *ttl)
{
	*tos = 0;
	*ttl = BFLY_ENCAP_TTL;
	if (skb->protocol == htons(ETH_P_IP) &&
	    pskb_may_pull(skb, sizeof(struct iphdr))) {
		const struct iphdr *iph = (const struct iphdr *)skb->data;

		*tos = iph->tos;
		*ttl = iph->ttl;
	} else if (skb->protocol == htons(ETH_P_IPV6) &&
		   pskb_may_pull(skb, sizeof(struct ipv6hdr))) {
		const struct ipv6hdr *ip6h = (const struct ipv6hdr *)skb->data;

		*tos = ipv6_get_dsfield(ip6h);
		*ttl = ip6h->hop_limit;
	}
}

void bfly_outer_fill(const struct bfly_net_conf *conf, struct sk_buff *skb,
		     bool ip4, struct bfly_encap *encap)
{
	u8 tos = READ_ONCE(conf->tos), csum = READ_ONCE(conf->csum);
	u16 ttl = READ_ONCE(conf->ttl);
	u8 inner_tos, inner_ttl;

	inner_fields(skb, &inner_tos, &inner_ttl);
	if (tos == BFLY_TOS_INHERIT)
		tos = inner_tos;
	/* ECN is copied whatever the DSCP is: the normal mode of RFC 6040, 4.1 */
	encap->tos = (tos & ~INET_ECN_MASK) | (inner_tos & INET_ECN_MASK);
	if (ttl != BFLY_TTL_AUTO)
		encap->ttl = ttl == BFLY_TTL_INHERIT ? inner_ttl : ttl;
	encap->csum = csum == BFLY_CSUM_AUTO ? !ip4 : csum == BFLY_CSUM_ON;
}

/* The outer header said ECT(1) or CE. */
enum bfly_drop bfly_outer_mark(struct sk_buff *skb, u8 outer)
{
	bool ip4 = skb->protocol == htons(ETH_P_IP);
	unsigned int len = ip4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
	u8 inner;

	if ((!ip4 && skb->protocol != htons(ETH_P_IPV6)) || skb->len < len)
		return BFLY_PASS;
	if (skb_ensure_writable(skb, len))
		return BFLY_DROP_NO_MEMORY;
	inner = ip4 ? ip_hdr(skb)->tos : ipv6_get_dsfield(ipv6_hdr(skb));
	return INET_ECN_decapsulate(skb, outer, inner) > 1 ? BFLY_DROP_ECN :
							     BFLY_PASS;
}
