/* SPDX-License-Identifier: GPL-2.0 */
/* What the network says of backends that it does not reach. */
#ifndef _BFLY_UNREACH_H
#define _BFLY_UNREACH_H

#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>

#include "addr.h"
#include "parse.h"

struct bfly_switch;

/**
 * struct bfly_unreach - an ICMP error, "destination unreachable"
 * @from: who sent the packet that it quotes, and gets the error
 * @to: where that packet was to go
 * @proto: its protocol
 * @port: its UDP destination port, host order; 0 if it is not UDP
 * @code: code of the error
 */
struct bfly_unreach {
	struct bfly_addr from;
	struct bfly_addr to;
	u8 proto;
	u16 port;
	u8 code;
};

/**
 * bfly_unreach_parse() - read an ICMP error
 * @view: the packet
 * @un: gets what it says
 *
 * "Fragmentation needed" is none, as the host's path MTU discovery heeds it.
 *
 * Return: whether the packet is such an error.
 */
bool bfly_unreach_parse(struct bfly_view *view, struct bfly_unreach *un);

/* See bfly_unreach_look(). */
void bfly_unreach_receive(struct bfly_switch *sw, struct sk_buff *skb);

/**
 * bfly_unreach_look() - look for an error that tells of a backend
 * @sw: the switch
 * @skb: a packet for the host, from an uplink; skb->data at the network header
 *
 * What was put into a tunnel to a backend and is quoted in an error becomes an
 * event for user space. The packet stays the host's.
 *
 * Context: softirq, RCU read side.
 */
static inline void bfly_unreach_look(struct bfly_switch *sw,
				     struct sk_buff *skb)
{
	bool icmp;

	if (skb->protocol == htons(ETH_P_IP))
		icmp = skb_headlen(skb) >= sizeof(struct iphdr) &&
		       ip_hdr(skb)->protocol == IPPROTO_ICMP;
	else
		icmp = skb->protocol == htons(ETH_P_IPV6) &&
		       skb_headlen(skb) >= sizeof(struct ipv6hdr) &&
		       ipv6_hdr(skb)->nexthdr == IPPROTO_ICMPV6;
	if (unlikely(icmp))
		bfly_unreach_receive(sw, skb);
}

#endif /* _BFLY_UNREACH_H */
