/* SPDX-License-Identifier: GPL-2.0 */
/* The way of a client's packet to a backend, see balance.c. */
#ifndef _BFLY_BALANCE_H
#define _BFLY_BALANCE_H

#include <linux/skbuff.h>

#include "switch.h"

/**
 * bfly_balance() - take a packet that came in on an uplink to a backend
 * @sw: the switch
 * @skb: the packet; the MAC header set, skb->data at the network header
 *
 * Context: softirq, RCU read side.
 * Return: true if the packet was for a service (or a virtual address) and is
 * consumed; false if it is untouched and the host's stack's.
 */
bool bfly_balance(struct bfly_switch *sw, struct sk_buff *skb);

#endif /* _BFLY_BALANCE_H */
