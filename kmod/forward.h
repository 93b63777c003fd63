/* SPDX-License-Identifier: GPL-2.0 */
/* The way of a packet through a net, see forward.c and flood.c. */
#ifndef _BFLY_FORWARD_H
#define _BFLY_FORWARD_H

#include <linux/skbuff.h>

#include "net.h"
#include "parse.h"
#include "port.h"

/**
 * struct bfly_pkt - a packet in a net
 * @sw: the switch
 * @net: the net
 * @in: port that it came from, or NULL for a tunnel or uplink
 * @conf: configuration of @in, the same for all of the packet's way, or NULL
 * @skb: the packet; the MAC header set, skb->data at the network header
 * @parsed: its headers, once a step has parsed them; not set before
 */
struct bfly_pkt {
	struct bfly_switch *sw;
	struct bfly_net *net;
	struct bfly_port *in;
	const struct bfly_port_conf *conf;
	struct sk_buff *skb;
	struct bfly_parsed parsed;
};

/**
 * bfly_forward() - take a packet through its net
 * @pkt: the packet, all set but @parsed; its skb is consumed
 *
 * Context: softirq, RCU read side.
 */
void bfly_forward(struct bfly_pkt *pkt);

/**
 * bfly_flood() - send a packet to all who may want it
 * @pkt: the packet, not parsed; its destination is broadcast, multicast, or a MAC
 *	that is not known. The skb is consumed.
 *
 * Each receiver judges its copy. Copies never go back to where the packet came
 * from, nor from tunnel to tunnel. Context: softirq, RCU read side.
 */
void bfly_flood(struct bfly_pkt *pkt);

/* Drop a packet and count it for the port that it came from. */
void bfly_pkt_drop(struct bfly_pkt *pkt, enum bfly_drop reason);

/* Take a packet through its net that has come from outside; see bfly_forward(). */
static inline void bfly_outside_forward(struct bfly_net *net,
					struct sk_buff *skb)
{
	struct bfly_pkt pkt;

	pkt.sw = net->sw;
	pkt.net = net;
	pkt.in = NULL;
	pkt.conf = NULL;
	pkt.skb = skb;
	bfly_forward(&pkt);
}

/* Drop a packet that has come from outside, and count it there. */
static inline void bfly_outside_drop(struct bfly_net *net, struct sk_buff *skb,
				     enum bfly_drop reason)
{
	this_cpu_inc(net->outside->rx_dropped);
	bfly_drop(net->sw, skb, reason);
}

/* The same for one on its way there that does not go back to who sent it. */
static inline void bfly_outside_lost(struct bfly_net *net, struct sk_buff *skb,
				     enum bfly_drop reason)
{
	this_cpu_inc(net->outside->tx_dropped);
	bfly_drop(net->sw, skb, reason);
}

#endif /* _BFLY_FORWARD_H */
