/* SPDX-License-Identifier: GPL-2.0 */
/* The balancer at netdev receive. */
#ifndef _BFLY_BALANCE_RX_H
#define _BFLY_BALANCE_RX_H

#include <linux/types.h>

struct bfly_switch;
struct sk_buff;

/**
 * bfly_balance_rx() - take a packet for a virtual address off an uplink
 * @sw: the switch
 * @skb: a packet from the uplink, not shared; as rx handlers get it
 *
 * Context: softirq, RCU read side.
 * Return: whether the packet was taken: sent to a backend, answered, or dropped
 * with a reason. What is for no virtual address is the host's.
 */
bool bfly_balance_rx(struct bfly_switch *sw, struct sk_buff *skb);

#endif /* _BFLY_BALANCE_RX_H */
