/* SPDX-License-Identifier: GPL-2.0 */
/* VXLAN (RFC 7348) on the underlay: decapsulation, encapsulation. */
#ifndef _BFLY_VXLAN_H
#define _BFLY_VXLAN_H

#include <linux/skbuff.h>

#include "net.h"
#include "vtep.h"

/**
 * bfly_vxlan_receive() - take a packet that came to a socket
 * @sk: the socket, whose user data is the switch
 * @skb: the packet; skb->data at the UDP header. Consumed.
 *
 * The net is found by its VNI alone, whichever address the packet went to.
 * Context: softirq, RCU read side.
 * Return: 0, as &struct udp_sock.encap_rcv has to.
 */
int bfly_vxlan_receive(struct sock *sk, struct sk_buff *skb);

/**
 * bfly_vxlan_error() - whether an ICMP error is for a packet that we sent
 * @sk: the socket
 * @skb: the error; skb->data at the quoted packet
 *
 * The kernel then remembers what the path's MTU is.
 * Context: softirq, RCU read side.
 * Return: 0 or why not, as &struct udp_sock.encap_err_lookup has to.
 */
int bfly_vxlan_error(struct sock *sk, struct sk_buff *skb);

/*
 * Merge packets of a flow in a tunnel, as &struct udp_sock.gro_receive and
 * gro_complete have to.
 */
struct sk_buff *bfly_vxlan_gro_receive(struct sock *sk, struct list_head *head,
				       struct sk_buff *skb);
int bfly_vxlan_gro_complete(struct sock *sk, struct sk_buff *skb, int off);

/**
 * bfly_vxlan_uplink() - take VXLAN straight from a NIC
 * @sw: the switch
 * @skb: packet of an uplink, skb->data at the network header
 *
 * Spares the way through the host's IP and UDP where that would only find our
 * socket. What it might treat otherwise is left to it: options, fragments,
 * checksums to compute, netfilter rules, IPsec, reverse path filters, packets to
 * a group, and a switch without a local address.
 *
 * Context: softirq, RCU read side.
 * Return: true if the packet was ours and is consumed.
 */
bool bfly_vxlan_uplink(struct bfly_switch *sw, struct sk_buff *skb);

/**
 * bfly_vxlan_mtu() - the largest packet that all tunnels of a net carry whole
 * @net: the net, of type vxlan
 *
 * Those to its remotes; where there is no way to any, what the NICs with the
 * switch's local addresses let expect. Context: RTNL.
 * Return: its length from its IP header on, or 0 if nothing is known.
 */
unsigned int bfly_vxlan_mtu(const struct bfly_net *net);

/**
 * bfly_vxlan_xmit() - send a frame to a peer, or to the net's group
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
