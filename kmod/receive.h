/* SPDX-License-Identifier: GPL-2.0 */
/* Where packets of ports enter and leave the switch, see receive.c. */
#ifndef _BFLY_RECEIVE_H
#define _BFLY_RECEIVE_H

#include <linux/netdevice.h>

struct bfly_port;

/* rx_handler of ports; the handler's data is the struct bfly_port. */
rx_handler_result_t bfly_port_receive(struct sk_buff **pskb);

/**
 * bfly_port_enter() - a port's packet goes into its net, if it may
 * @port: the port
 * @skb: the packet, not shared; the MAC header set, skb->data at the network
 *	header. Consumed.
 *
 * Context: softirq, RCU read side.
 */
void bfly_port_enter(struct bfly_port *port, struct sk_buff *skb);

#endif /* _BFLY_RECEIVE_H */
