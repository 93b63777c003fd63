/* SPDX-License-Identifier: GPL-2.0 */
/* Answers to packets that are too big for their way out. */
#ifndef _BFLY_TOO_BIG_H
#define _BFLY_TOO_BIG_H

#include <linux/ratelimit_types.h>
#include <linux/skbuff.h>

struct bfly_net;

/*
 * What every way has to carry, if need be in fragments: senders are told of no
 * smaller MTU. RFC 791 and RFC 8200, 5.
 */
#define BFLY_MTU_MIN4	576
#define BFLY_MTU_MIN6	1280

/**
 * bfly_too_big_refuse() - what becomes of a packet that does not fit
 * @skb: the packet; the MAC header set, skb->data at the network header. Its data
 *	may be reallocated.
 * @mtu: what would fit, from the network header on
 * @limit: of answers, see bfly_too_big_limit()
 * @answer: the answer to its sender, to be sent; NULL if there is none
 *
 * Where a router would tell the sender, of IPv6 and of IPv4 with "don't
 * fragment", so does the switch: in the name of the destination, for there is
 * no router at this place. The rest may go on in fragments.
 *
 * Context: softirq.
 * Return: whether the packet is to be dropped.
 */
bool bfly_too_big_refuse(struct sk_buff *skb, int mtu,
			 struct ratelimit_state *limit,
			 struct sk_buff **answer);
/* Make a limit of answers. */
void bfly_too_big_limit(struct ratelimit_state *limit);

/* The same in a net, into which the answer is sent. Context: RCU read side too. */
bool bfly_too_big(struct bfly_net *net, struct sk_buff *skb, int mtu);

/**
 * bfly_too_big_answer() - build the answer to a packet that is too big
 * @skb: the packet, as above, its IP header linear
 * @mtu: what would fit
 *
 * Return: a packet like @skb, or NULL where no answer is due, as to ICMP errors,
 * or memory ran out.
 */
struct sk_buff *bfly_too_big_answer(struct sk_buff *skb, unsigned int mtu);

#endif /* _BFLY_TOO_BIG_H */
