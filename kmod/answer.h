/* SPDX-License-Identifier: GPL-2.0 */
/* What the balancer answers clients itself, in the name of the address. */
#ifndef _BFLY_ANSWER_H
#define _BFLY_ANSWER_H

#include "drop.h"
#include "parse.h"

struct bfly_switch;

/**
 * bfly_answer_echo() - answer an echo request
 * @skb: the request, the MAC header set, skb->data at the network
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

/* Whether an echo request may be answered: BFLY_PASS, or why it is to be dropped. */
enum bfly_drop bfly_answer_check(const struct bfly_parsed *parsed);

/* Make the answer of a request that may be answered. @ip: its IP header, writable. */
void bfly_answer_turn(void *ip, u16 family);

/**
 * bfly_answer_too_big() - what becomes of a packet that is too big for its backend
 * @sw: the switch
 * @skb: the packet, as above. Its data may be reallocated.
 * @mtu: what would fit, from the network header on
 *
 * As bfly_too_big_refuse(); the answer leaves by the way that the packet came.
 *
 * Context: softirq.
 * Return: whether the packet is to be dropped; it may go on in fragments if not.
 */
bool bfly_answer_too_big(struct bfly_switch *sw, struct sk_buff *skb, int mtu);

#endif /* _BFLY_ANSWER_H */
