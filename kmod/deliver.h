/* SPDX-License-Identifier: GPL-2.0 */
/* The last steps of a client's packet: on its way to a backend. */
#ifndef _BFLY_DELIVER_H
#define _BFLY_DELIVER_H

#include "balance.h"
#include "drop.h"

/**
 * bfly_deliver() - send a packet to a backend by its pool's method
 * @sw: the switch
 * @pkt: what was decided of the packet
 * @skb: IPv4 or IPv6, its time to live more than one; skb->data at the network
 *	header, the transport header set. Consumed if all goes well.
 *
 * The packet meets neither the host's netfilter nor its routing of the virtual
 * address; its time to live goes down by one as at any router. When it is too
 * big its sender is told.
 *
 * Warning: this function may reallocate the skb's data.
 *
 * Context: softirq, RCU read side.
 * Return: BFLY_PASS, or why the packet is to be dropped.
 */
enum bfly_drop bfly_deliver(struct bfly_switch *sw,
			    const struct bfly_balanced *pkt,
			    struct sk_buff *skb);

#endif /* _BFLY_DELIVER_H */
