// SPDX-License-Identifier: GPL-2.0
#include "too_big.h"

#include <linux/etherdevice.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ratelimit.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "encap.h"
#include "fdb.h"
#include "port.h"
#include "route.h"
#include "vlan.h"
#include "vxlan.h"

/* Answers a second; as the kernel's ICMP. */
#define TOO_BIG_RATE	1000

/* What precedes the quoted packet, and an answer has at most with it. */
#define HEAD4	(sizeof(struct iphdr) + sizeof(struct icmphdr))
#define HEAD6	(sizeof(struct ipv6hdr) + sizeof(struct icmp6hdr))

/* Neither a group nor nobody is answered, nor answers. */
static bool is_host(const void *ip, u16 family)
{
	struct bfly_addr addr = { .family = family };

	memcpy(&addr.ip6, ip, family == AF_INET ? sizeof(addr.ip4) :
						  sizeof(addr.ip6));
	return bfly_addr_is_unicast(&addr);
}

static bool icmp_is_error(struct sk_buff *skb, unsigned int off, bool ip4)
{
	const u8 *type;
	u8 buf;

	type = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!type)
		return true;
	if (ip4)
		return icmp_is_err(*type);
	return icmpv6_is_err(*type) || *type == NDISC_REDIRECT;
}

/* Whether an answer is due, RFC 1812, 4.3.2.7. */
static bool is_due4(struct sk_buff *skb)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;

	if (iph->ihl < 5 || iph->frag_off & htons(IP_OFFSET) ||
	    !is_host(&iph->saddr, AF_INET) || !is_host(&iph->daddr, AF_INET))
		return false;
	return iph->protocol != IPPROTO_ICMP ||
	       !icmp_is_error(skb, iph->ihl * 4, true);
}

/* RFC 4443, 2.4. */
static bool is_due6(struct sk_buff *skb)
{
	const struct ipv6hdr *ip6h = (const struct ipv6hdr *)skb->data;
	u8 proto = ip6h->nexthdr;
	__be16 frag_off;
	int off;

	if (!is_host(&ip6h->saddr, AF_INET6) || !is_host(&ip6h->daddr, AF_INET6))
		return false;
	off = ipv6_skip_exthdr(skb, sizeof(*ip6h), &proto, &frag_off);
	if (off < 0 || frag_off & htons(IP6_OFFSET))
		return false;
	return proto != IPPROTO_ICMPV6 || !icmp_is_error(skb, off, false);
}

static void fill4(struct sk_buff *answer, const struct iphdr *to,
		  unsigned int mtu)
{
	const struct bfly_encap encap = { .ttl = BFLY_ENCAP_TTL, .df = true };
	unsigned int len = answer->len - sizeof(struct iphdr);
	struct iphdr *iph = (struct iphdr *)answer->data;
	struct icmphdr *icmph = (struct icmphdr *)(iph + 1);

	*icmph = (struct icmphdr){
		.type = ICMP_DEST_UNREACH, .code = ICMP_FRAG_NEEDED,
		.un.frag.mtu = htons(mtu),
	};
	icmph->checksum = ip_compute_csum(icmph, len);
	bfly_encap_ip4(iph, &encap, to->daddr, to->saddr, IPPROTO_ICMP, len);
}

static void fill6(struct sk_buff *answer, const struct ipv6hdr *to,
		  unsigned int mtu)
{
	const struct bfly_encap encap = { .ttl = BFLY_ENCAP_TTL };
	unsigned int len = answer->len - sizeof(struct ipv6hdr);
	struct ipv6hdr *ip6h = (struct ipv6hdr *)answer->data;
	struct icmp6hdr *icmp6h = (struct icmp6hdr *)(ip6h + 1);

	*icmp6h = (struct icmp6hdr){
		.icmp6_type = ICMPV6_PKT_TOOBIG, .icmp6_mtu = htonl(mtu),
	};
	icmp6h->icmp6_cksum = csum_ipv6_magic(&to->daddr, &to->saddr, len,
					      IPPROTO_ICMPV6,
					      csum_partial(icmp6h, len, 0));
	bfly_encap_ip6(ip6h, &encap, &to->daddr, &to->saddr, IPPROTO_ICMPV6, 0,
		       len);
}

/* An empty frame back to the sender with room for headers and the quote. */
static struct sk_buff *answer_frame(struct sk_buff *skb, unsigned int head,
				    unsigned int max)
{
	unsigned int quote = min(skb->len, max - head);
	struct sk_buff *answer;
	struct ethhdr *eth;

	answer = alloc_skb(NET_SKB_PAD + NET_IP_ALIGN + ETH_HLEN + head + quote,
			   GFP_ATOMIC | __GFP_NOWARN);
	if (!answer)
		return NULL;
	skb_reserve(answer, NET_SKB_PAD + NET_IP_ALIGN);
	skb_reset_mac_header(answer);
	eth = skb_put(answer, ETH_HLEN);
	ether_addr_copy(eth->h_dest, eth_hdr(skb)->h_source);
	ether_addr_copy(eth->h_source, eth_hdr(skb)->h_dest);
	eth->h_proto = skb->protocol;
	__skb_pull(answer, ETH_HLEN);
	skb_reset_network_header(answer);
	answer->protocol = skb->protocol;
	skb_put_zero(answer, head);
	skb_copy_bits(skb, 0, skb_put(answer, quote), quote);
	return answer;
}

struct sk_buff *bfly_too_big_answer(struct sk_buff *skb, unsigned int mtu)
{
	bool ip4 = skb->protocol == htons(ETH_P_IP);
	struct sk_buff *answer;

	if (is_multicast_ether_addr(eth_hdr(skb)->h_dest) ||
	    !(ip4 ? is_due4(skb) : is_due6(skb)))
		return NULL;
	answer = answer_frame(skb, ip4 ? HEAD4 : HEAD6,
			      ip4 ? BFLY_MTU_MIN4 : BFLY_MTU_MIN6);
	if (!answer)
		return NULL;
	if (ip4)
		fill4(answer, (const struct iphdr *)skb->data, mtu);
	else
		fill6(answer, (const struct ipv6hdr *)skb->data, mtu);
	return answer;
}

static enum bfly_drop send_outside(struct bfly_net *net, struct bfly_hop *hop,
				   struct sk_buff *answer)
{
	switch (hop->kind) {
	case BFLY_HOP_VTEP:
		return bfly_vxlan_xmit(net, bfly_hop_vtep(hop), answer);
	case BFLY_HOP_UPLINK:
		return bfly_vlan_xmit(net, answer);
	default:
		return BFLY_DROP_NO_DESTINATION;
	}
}

/* To where the net has the sender. Nobody sent it: if it is lost that is no drop. */
static void send_into(struct bfly_net *net, struct sk_buff *answer)
{
	struct bfly_hop *hop = bfly_fdb_find(net, eth_hdr(answer)->h_dest);

	if (hop && hop->kind == BFLY_HOP_PORT)
		bfly_port_xmit(bfly_hop_port(hop), answer);
	else if (!hop || send_outside(net, hop, answer))
		kfree_skb(answer);
}

static bool may_be_fragmented(struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IPV6))
		return !pskb_may_pull(skb, sizeof(struct ipv6hdr));
	return skb->protocol != htons(ETH_P_IP) ||
	       !pskb_may_pull(skb, sizeof(struct iphdr)) ||
	       !(((const struct iphdr *)skb->data)->frag_off & htons(IP_DF));
}

void bfly_too_big_limit(struct ratelimit_state *limit)
{
	ratelimit_state_init(limit, HZ, TOO_BIG_RATE);
	/* the kernel's log is not to tell of it */
	ratelimit_set_flags(limit, RATELIMIT_MSG_ON_RELEASE);
}

bool bfly_too_big_refuse(struct sk_buff *skb, int mtu,
			 struct ratelimit_state *limit, struct sk_buff **answer)
{
	int min = skb->protocol == htons(ETH_P_IP) ? BFLY_MTU_MIN4 :
						     BFLY_MTU_MIN6;

	*answer = NULL;
	if (may_be_fragmented(skb))
		return false;
	if (mtu < min) {
		mtu = min;
		if (bfly_skb_fits(skb, mtu))
			return false;
	}
	if (__ratelimit(limit))
		*answer = bfly_too_big_answer(skb, mtu);
	return true;
}

bool bfly_too_big(struct bfly_net *net, struct sk_buff *skb, int mtu)
{
	struct sk_buff *answer;
	bool refused = bfly_too_big_refuse(skb, mtu, &net->too_big, &answer);

	if (answer)
		send_into(net, answer);
	return refused;
}
