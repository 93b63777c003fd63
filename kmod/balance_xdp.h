/* SPDX-License-Identifier: GPL-2.0 */
/* The balancer at XDP. */
#ifndef _BFLY_BALANCE_XDP_H
#define _BFLY_BALANCE_XDP_H

struct bfly_switch;
struct xdp_buff;

/**
 * bfly_balance_xdp() - balance a packet before it becomes an skb
 * @sw: the switch that the netdev is an uplink of
 * @xdp: the packet
 *
 * Decisions, counters and bytes on the wire are those of netdev receive. What
 * needs more than XDP can do is passed on to there: fragments, packets in
 * several buffers, backends whose MAC is not known yet or that are reached
 * through another kind of netdev, packets that are too big.
 *
 * Context: softirq, RCU read side.
 * Return: enum xdp_action, or the negative index of the netdev to redirect to.
 */
int bfly_balance_xdp(struct bfly_switch *sw, struct xdp_buff *xdp);

#endif /* _BFLY_BALANCE_XDP_H */
