/* SPDX-License-Identifier: GPL-2.0 */
/* What a tunnel's outer header takes from the inner one, and gives it back. */
#ifndef _BFLY_OUTER_H
#define _BFLY_OUTER_H

#include <linux/skbuff.h>
#include <net/inet_ecn.h>

#include "drop.h"
#include "encap.h"
#include "net.h"

/*
 * Whether a packet is in a tunnel already and leaves something to offloads, which
 * know of one tunnel in a packet: it is to be finished in software.
 */
static inline bool bfly_outer_is_second(const struct sk_buff *skb)
{
	return skb->encapsulation &&
	       (skb_is_gso(skb) || skb->ip_summed == CHECKSUM_PARTIAL);
}

/**
 * bfly_outer_fill() - fill in what the net's settings and the packet decide
 * @conf: the net's settings
 * @skb: the packet; skb->data at the network header. Its data may be
 *	reallocated.
 * @ip4: whether the outer header is IPv4
 * @encap: tos and csum are set, and ttl unless the net leaves it as it is
 */
void bfly_outer_fill(const struct bfly_net_conf *conf, struct sk_buff *skb,
		     bool ip4, struct bfly_encap *encap);

enum bfly_drop bfly_outer_mark(struct sk_buff *skb, u8 outer);

/**
 * bfly_outer_ecn() - let a packet keep what its tunnel learned of congestion
 * @skb: the packet, decapsulated; skb->data at the network header. Its data may
 *	be reallocated.
 * @outer: type of service or traffic class of the outer header
 *
 * As RFC 6040, 4.2. Context: softirq.
 * Return: BFLY_PASS, or ECN or NO_MEMORY: the packet is to be dropped.
 */
static inline enum bfly_drop bfly_outer_ecn(struct sk_buff *skb, u8 outer)
{
	/* neither Not-ECT nor ECT(0) changes the inner header: bit 0 is clear */
	if (likely(!(outer & INET_ECN_ECT_1)))
		return BFLY_PASS;
	return bfly_outer_mark(skb, outer);
}

#endif /* _BFLY_OUTER_H */
