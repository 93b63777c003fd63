/* SPDX-License-Identifier: GPL-2.0 */
/* VXLAN (RFC 7348) on the underlay: sockets, decapsulation, encapsulation. */
#ifndef _BFLY_VXLAN_H
#define _BFLY_VXLAN_H

#include <linux/skbuff.h>

#include "net.h"
#include "vtep.h"

/**
 * bfly_vxlan_open() - open the switch's UDP sockets
 * @sw: the switch; its local addresses and port say where
 * @extack: where a failure is explained
 *
 * With no local address set it is reached at any address of both families, with
 * one at that alone. Context: RTNL.
 *
 * Return: 0, or an error and no socket is open.
 */
int bfly_vxlan_open(struct bfly_switch *sw, struct netlink_ext_ack *extack);
/**
 * bfly_vxlan_move() - change the underlay of a switch whose sockets are open
 * @sw: the switch
 * @at: its new underlay
 * @extack: where a failure is explained
 *
 * Context: RTNL.
 * Return: 0, or an error and nothing has changed.
 */
int bfly_vxlan_move(struct bfly_switch *sw, const struct bfly_underlay *at,
		    struct netlink_ext_ack *extack);
/* Closes them and waits until no packet is on its way. Context: RTNL. */
void bfly_vxlan_close(struct bfly_switch *sw);
bool bfly_vxlan_is_open(const struct bfly_switch *sw);

/**
 * bfly_vxlan_uplink() - take VXLAN straight from a NIC
 * @sw: the switch
 * @skb: packet of an uplink, skb->data at the network header
 *
 * Spares the way through the host's IP and UDP where that would only find our
 * socket. What it might treat otherwise is left to it: options, fragments,
 * checksums to compute, netfilter rules, IPsec, reverse path filters, and a
 * switch without a local address.
 *
 * Context: softirq, RCU read side.
 * Return: true if the packet was ours and is consumed.
 */
bool bfly_vxlan_uplink(struct bfly_switch *sw, struct sk_buff *skb);

/**
 * bfly_vxlan_xmit() - send a frame to a peer
 * @net: the frame's net
 * @vtep: the peer
 * @skb: the frame; the MAC header set, skb->data at the network header. Consumed.
 *
 * Context: softirq, RCU read side.
 * Return: BFLY_PASS, or why the frame was not sent; it is then the caller's.
 */
enum bfly_drop bfly_vxlan_xmit(struct bfly_net *net, struct bfly_vtep *vtep,
			       struct sk_buff *skb);

#endif /* _BFLY_VXLAN_H */
