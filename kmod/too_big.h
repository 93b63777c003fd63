/* SPDX-License-Identifier: GPL-2.0 */
/* Answers to packets that are too big for their way out of a net. */
#ifndef _BFLY_TOO_BIG_H
#define _BFLY_TOO_BIG_H

#include <linux/skbuff.h>

#include "net.h"

/*
 * What every way has to carry, if need be in fragments: senders are told of no
 * smaller MTU. RFC 791 and RFC 8200, 5.
 */
#define BFLY_MTU_MIN4	576
#define BFLY_MTU_MIN6	1280

/**
 * bfly_too_big() - what becomes of a packet that does not fit
 * @net: its net
 * @skb: the packet; the MAC header set, skb->data at the network header. Its data
 *	may be reallocated.
 * @mtu: what would fit, from the network header on
 *
 * Where a router would tell the sender, of IPv6 and of IPv4 with "don't
 * fragment", so does the switch: in the name of the destination, for the net
 * has no router at this place. The rest may go on in fragments.
 *
 * Context: softirq, RCU read side.
 * Return: whether the packet is to be dropped.
 */
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
