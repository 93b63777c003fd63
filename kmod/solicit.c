// SPDX-License-Identifier: GPL-2.0
#include "solicit.h"

#include <linux/etherdevice.h>
#include <net/addrconf.h>
#include <net/ip6_checksum.h>
#include <net/ndisc.h>

#include "forward.h"
#include "neigh.h"

#define ND_HOP_LIMIT	255

static void addr_set4(struct bfly_addr *addr, __be32 ip)
{
	*addr = (struct bfly_addr){ .ip4 = ip, .family = AF_INET };
}

static void addr_set6(struct bfly_addr *addr, const struct in6_addr *ip)
{
	*addr = (struct bfly_addr){ .ip6 = *ip, .family = AF_INET6 };
}

static bool read_arp(const struct sk_buff *skb, struct bfly_solicit *solicit)
{
	/* the parser has pulled it */
	const struct bfly_arp *arp = (const void *)skb->data;

	if (arp->head.ar_op != htons(ARPOP_REQUEST) ||
	    arp->sender_ip == arp->target_ip)
		return false;
	addr_set4(&solicit->target, arp->target_ip);
	addr_set4(&solicit->sender, arp->sender_ip);
	ether_addr_copy(solicit->mac, arp->sender_mac);
	return true;
}

static bool checksum_good(const struct sk_buff *skb,
			  const struct bfly_parsed *parsed)
{
	const struct ipv6hdr *ip = (const void *)skb->data;
	u32 len = parsed->tot_len - parsed->l4_off;

	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return true;
	return !csum_ipv6_magic(&ip->saddr, &ip->daddr, len, IPPROTO_ICMPV6,
				skb_checksum(skb, parsed->l4_off, len, 0));
}

static bool read_nd(const struct sk_buff *skb, const struct bfly_parsed *parsed,
		    struct bfly_solicit *solicit)
{
	const struct ipv6hdr *ip = (const void *)skb->data;
	const struct nd_msg *nd;
	struct nd_msg buf;

	/* RFC 6980: nor may it be in fragments */
	if (ip->hop_limit != ND_HOP_LIMIT || parsed->first_fragment ||
	    parsed->tot_len < parsed->l4_off + sizeof(*nd))
		return false;
	nd = skb_header_pointer(skb, parsed->l4_off, sizeof(buf), &buf);
	if (!nd || nd->icmph.icmp6_code || ipv6_addr_is_multicast(&nd->target))
		return false;
	if (ipv6_addr_any(&ip->saddr) && !ipv6_addr_is_solict_mult(&ip->daddr))
		return false;
	if (!checksum_good(skb, parsed))
		return false;
	addr_set6(&solicit->target, &nd->target);
	addr_set6(&solicit->sender, &ip->saddr);
	ether_addr_copy(solicit->mac, eth_hdr(skb)->h_source);
	return true;
}

bool bfly_solicit_read(const struct sk_buff *skb,
		       const struct bfly_parsed *parsed,
		       struct bfly_solicit *solicit)
{
	if (parsed->class == BFLY_CLASS_ARP)
		return read_arp(skb, solicit);
	return parsed->class == BFLY_CLASS_ND &&
	       parsed->icmp_type == NDISC_NEIGHBOUR_SOLICITATION &&
	       read_nd(skb, parsed, solicit);
}

void bfly_solicit_arp(struct bfly_arp *arp, const struct bfly_solicit *solicit,
		      const u8 *mac)
{
	arp->head = (struct arphdr){
		.ar_hrd = htons(ARPHRD_ETHER),
		.ar_pro = htons(ETH_P_IP),
		.ar_hln = ETH_ALEN,
		.ar_pln = sizeof(__be32),
		.ar_op = htons(ARPOP_REPLY),
	};
	ether_addr_copy(arp->sender_mac, mac);
	arp->sender_ip = solicit->target.ip4;
	ether_addr_copy(arp->target_mac, solicit->mac);
	arp->target_ip = solicit->sender.ip4;
}

void bfly_solicit_advert(struct bfly_advert *advert,
			 const struct bfly_solicit *solicit, const u8 *mac)
{
	bool probe = ipv6_addr_any(&solicit->sender.ip6);
	unsigned int len = sizeof(*advert) - sizeof(advert->ip);

	memset(advert, 0, sizeof(*advert));
	ip6_flow_hdr(&advert->ip, 0, 0);
	advert->ip.payload_len = htons(len);
	advert->ip.nexthdr = IPPROTO_ICMPV6;
	advert->ip.hop_limit = ND_HOP_LIMIT;
	advert->ip.saddr = solicit->target.ip6;
	advert->ip.daddr = probe ? in6addr_linklocal_allnodes :
				   solicit->sender.ip6;
	advert->icmp.icmp6_type = NDISC_NEIGHBOUR_ADVERTISEMENT;
	advert->icmp.icmp6_solicited = !probe;
	advert->icmp.icmp6_override = 1;
	advert->target = solicit->target.ip6;
	advert->opt_type = ND_OPT_TARGET_LL_ADDR;
	advert->opt_len = 1;
	ether_addr_copy(advert->mac, mac);
	advert->icmp.icmp6_cksum =
		csum_ipv6_magic(&advert->ip.saddr, &advert->ip.daddr, len,
				IPPROTO_ICMPV6,
				csum_partial(&advert->icmp, len, 0));
}

/* A frame for a port, with @len bytes to be filled at skb->data. */
static struct sk_buff *frame_new(const struct net_device *dev, u16 proto,
				 unsigned int len)
{
	unsigned int room = LL_RESERVED_SPACE(dev);
	struct sk_buff *skb = alloc_skb(room + len, GFP_ATOMIC | __GFP_NOWARN);

	if (!skb)
		return NULL;
	skb_reserve(skb, room);
	skb_put(skb, len);
	skb_set_mac_header(skb, -ETH_HLEN);
	skb_reset_network_header(skb);
	skb->protocol = htons(proto);
	eth_hdr(skb)->h_proto = skb->protocol;
	return skb;
}

static struct sk_buff *answer_arp(const struct bfly_port *port,
				  const struct bfly_solicit *solicit,
				  const u8 *mac)
{
	struct sk_buff *skb;

	skb = frame_new(port->dev, ETH_P_ARP, sizeof(struct bfly_arp));
	if (!skb)
		return NULL;
	bfly_solicit_arp((void *)skb->data, solicit, mac);
	ether_addr_copy(eth_hdr(skb)->h_dest, solicit->mac);
	return skb;
}

static struct sk_buff *answer_nd(const struct bfly_port *port,
				 const struct bfly_solicit *solicit,
				 const u8 *mac)
{
	struct bfly_advert *advert;
	struct sk_buff *skb;

	skb = frame_new(port->dev, ETH_P_IPV6, sizeof(*advert));
	if (!skb)
		return NULL;
	advert = (void *)skb->data;
	bfly_solicit_advert(advert, solicit, mac);
	if (ipv6_addr_is_multicast(&advert->ip.daddr))
		ipv6_eth_mc_map(&advert->ip.daddr, eth_hdr(skb)->h_dest);
	else
		ether_addr_copy(eth_hdr(skb)->h_dest, solicit->mac);
	return skb;
}

bool bfly_solicit_answer(struct bfly_pkt *pkt)
{
	const struct bfly_neigh *neigh;
	struct bfly_solicit solicit;
	struct sk_buff *skb;

	if (!pkt->in || !READ_ONCE(pkt->net->conf.neigh_suppress) ||
	    !bfly_solicit_read(pkt->skb, &pkt->parsed, &solicit))
		return false;
	neigh = bfly_neigh_find(pkt->net, &solicit.target);
	if (!neigh || neigh->hop == &pkt->in->hop)
		return false;
	skb = solicit.target.family == AF_INET ?
	      answer_arp(pkt->in, &solicit, neigh->mac) :
	      answer_nd(pkt->in, &solicit, neigh->mac);
	if (!skb)
		return false;
	ether_addr_copy(eth_hdr(skb)->h_source, neigh->mac);
	bfly_port_xmit(pkt->in, skb);
	return true;
}
