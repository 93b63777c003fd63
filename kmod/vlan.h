/* SPDX-License-Identifier: GPL-2.0 */
/* Nets of type vlan (IEEE 802.1Q) and flat, on uplinks. */
#ifndef _BFLY_VLAN_H
#define _BFLY_VLAN_H

#include <linux/skbuff.h>

#include "net.h"
#include "uplink.h"

/* The net of an uplink with that VLAN id, 0 for the flat one. Context: RTNL. */
struct bfly_net *bfly_vlan_find(const struct bfly_uplink *uplink, u16 vid);

/**
 * bfly_vlan_attach() - give a net its uplink
 * @net: the net, of type vlan or flat, without an uplink
 * @uplink: the uplink, which carries no net with that VLAN id
 * @extack: where a failure is explained
 *
 * From then on packets come in. Context: RTNL.
 * Return: 0, or an error and nothing has changed.
 */
int bfly_vlan_attach(struct bfly_net *net, struct bfly_uplink *uplink,
		     struct netlink_ext_ack *extack);

/*
 * Takes a net off its uplink, if it has one. Packets under way may use both until
 * a grace period is over. Context: RTNL.
 */
void bfly_vlan_detach(struct bfly_net *net);

/**
 * bfly_vlan_detach_all() - take all nets off an uplink that goes
 * @uplink: the uplink, which takes no packets any more
 *
 * What they have learned is forgotten. Context: RTNL.
 */
void bfly_vlan_detach_all(struct bfly_uplink *uplink);

/*
 * Whether a frame's tag is that of VLAN 0, which tells its priority alone: the
 * frame is one of its net, as without the tag. IEEE 802.1Q, 6.9.1.
 */
static inline bool bfly_vlan_is_priority(const struct sk_buff *skb)
{
	return skb_vlan_tag_present(skb) && !skb_vlan_tag_get_id(skb) &&
	       skb->vlan_proto == htons(ETH_P_8021Q);
}

/**
 * bfly_vlan_receive() - a frame has come in on an uplink
 * @uplink: the uplink
 * @pskb: the frame, in an rx_handler; shared ones are cloned
 *
 * Context: softirq, RCU read side.
 * Return: RX_HANDLER_CONSUMED if it belongs to a net alone, else
 * RX_HANDLER_PASS; a net has got a copy if the frame is for net and host.
 */
rx_handler_result_t bfly_vlan_receive(const struct bfly_uplink *uplink,
				      struct sk_buff **pskb);

/**
 * bfly_vlan_xmit() - send a frame out of its net's uplink
 * @net: the frame's net
 * @skb: the frame; the MAC header set, skb->data at the network header. Consumed.
 *
 * Context: softirq, RCU read side.
 * Return: BFLY_PASS, or why the frame was not sent; it is then the caller's.
 */
enum bfly_drop bfly_vlan_xmit(struct bfly_net *net, struct sk_buff *skb);

#endif /* _BFLY_VLAN_H */
