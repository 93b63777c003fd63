/* SPDX-License-Identifier: GPL-2.0 */
/* What the balancer answers clients itself, in the name of the address. */
#ifndef _BFLY_ANSWER_H
#define _BFLY_ANSWER_H

#include "drop.h"
#include "parse.h"

struct dst_entry;

/**
 * bfly_answer_echo() - answer an echo request
 * @skb: the request, unfragmented, the MAC header set, skb->data at the network
 *	header; consumed if all goes well
 * @parsed: of it
 *
 * The answer leaves by the way that the request came.
 *
 * Context: softirq.
 * Return: BFLY_PASS, or why it is to be dropped.
 */
enum bfly_drop bfly_answer_echo(struct sk_buff *skb,
				const struct bfly_parsed *parsed);

/**
 * bfly_answer_too_big() - tell the sender that its packet was too big
 * @skb: the packet, as above, not changed; the caller drops it
 * @dst: the way that it does not fit
 * @headroom: bytes that would have been added to it
 *
 * Does nothing where no answer is due, as to an ICMP error or to an IPv4 packet
 * that may be fragmented.
 *
 * Context: softirq.
 */
void bfly_answer_too_big(struct sk_buff *skb, struct dst_entry *dst,
			 unsigned int headroom);

#endif /* _BFLY_ANSWER_H */
