// SPDX-License-Identifier: GPL-2.0
#include "vlan.h"

#include <linux/etherdevice.h>
#include <linux/if_bridge.h>
#include <linux/slab.h>

#include "fdb.h"
#include "forward.h"
#include "host.h"
#include "nl_net.h"
#include "route.h"
#include "too_big.h"

/* The kernel has taken the outer tag off, if the NIC has not. */
static struct bfly_net *frame_net(const struct bfly_uplink *uplink,
				  const struct sk_buff *skb)
{
	struct bfly_uplink_nets *nets = rcu_dereference(uplink->nets);
	u16 vid = 0;

	if (!nets)
		return NULL;
	if (skb_vlan_tag_present(skb)) {
		if (skb->vlan_proto != htons(ETH_P_8021Q))
			return NULL;
		vid = skb_vlan_tag_get_id(skb);
		/* VLAN id 0 is a priority alone; a tag behind it counts */
		if (!vid && eth_type_vlan(skb->protocol))
			return NULL;
	}
	return rcu_dereference(nets->by_vid[vid]);
}

static enum bfly_drop check_frame(struct bfly_net *net,
				  const struct ethhdr *eth)
{
	struct bfly_vtep *none;

	/* of a flat net these are the host's */
	if (unlikely(is_link_local_ether_addr(eth->h_dest)))
		return BFLY_DROP_LINK_LOCAL;
	if (unlikely(!bfly_fdb_learn(net, eth->h_source, NULL, &none)))
		return BFLY_DROP_SPOOFED_MAC;
	return BFLY_PASS;
}

static void enter(struct bfly_net *net, struct sk_buff *skb)
{
	enum bfly_drop drop;

	if (skb_vlan_tag_present(skb)) {
		/* for the queues on its way: the net's frames have no tag */
		skb->priority = skb_vlan_tag_get_prio(skb);
		__vlan_hwaccel_clear_tag(skb);
	}
	bfly_count_rx(net->outside, skb->len + ETH_HLEN);
	drop = check_frame(net, eth_hdr(skb));
	if (unlikely(drop))
		bfly_outside_drop(net, skb, drop);
	else
		bfly_outside_forward(net, skb);
}

static rx_handler_result_t receive_tagged(struct bfly_net *net,
					  struct sk_buff *skb)
{
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (likely(skb))
		enter(net, skb);
	return RX_HANDLER_CONSUMED;
}

/*
 * The host goes on using the NIC: it keeps what is for its own MAC, and what
 * NICs and switches tell each other; what is for all goes to both.
 */
static rx_handler_result_t receive_untagged(struct bfly_net *net,
					    struct sk_buff *skb)
{
	const u8 *dest = eth_hdr(skb)->h_dest;

	if (skb->pkt_type == PACKET_HOST || is_link_local_ether_addr(dest))
		return RX_HANDLER_PASS;
	if (is_multicast_ether_addr(dest)) {
		skb = skb_clone(skb, GFP_ATOMIC);
		if (likely(skb))
			enter(net, skb);
		return RX_HANDLER_PASS;
	}
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (likely(skb))
		enter(net, skb);
	return RX_HANDLER_CONSUMED;
}

rx_handler_result_t bfly_vlan_receive(const struct bfly_uplink *uplink,
				      struct sk_buff **pskb)
{
	struct bfly_net *net = frame_net(uplink, *pskb);

	if (!net || (*pskb)->pkt_type == PACKET_LOOPBACK)
		return RX_HANDLER_PASS;
	return net->vid ? receive_tagged(net, *pskb) :
			  receive_untagged(net, *pskb);
}

/* The NIC is down, or the frame at skb->data too big for it. */
static enum bfly_drop refuse(struct bfly_net *net, const struct net_device *dev,
			     struct sk_buff *skb)
{
	if (!(dev->flags & IFF_UP))
		return BFLY_DROP_NO_ROUTE;
	__skb_pull(skb, ETH_HLEN);
	bfly_too_big(net, skb, READ_ONCE(dev->mtu));
	return BFLY_DROP_TOO_BIG;
}

/* Takes a priority off its frame, as a tag without a VLAN id. */
static u16 take_priority(struct sk_buff *skb)
{
	u16 tci = 0;

	if (unlikely(bfly_vlan_is_priority(skb))) {
		tci = skb_vlan_tag_get(skb);
		__vlan_hwaccel_clear_tag(skb);
	}
	return tci;
}

/* Behind a tag of its own a frame could get into any VLAN of the wire. */
static bool is_tagged(const struct sk_buff *skb)
{
	return skb_vlan_tag_present(skb) || eth_type_vlan(skb->protocol);
}

enum bfly_drop bfly_vlan_xmit(struct bfly_net *net, struct sk_buff *skb)
{
	const struct bfly_uplink *uplink = rcu_dereference(net->uplink);
	unsigned int bytes;
	u16 priority;

	if (unlikely(!uplink))
		return BFLY_DROP_NO_ROUTE;
	skb_push(skb, ETH_HLEN);
	bytes = skb->len;
	if (unlikely(!bfly_dev_takes(uplink->dev, skb)))
		return refuse(net, uplink->dev, skb);
	priority = take_priority(skb);
	if (net->vid) {
		/* the NIC puts it in, or the kernel if the NIC cannot */
		if (unlikely(skb_vlan_push(skb, htons(ETH_P_8021Q),
					   priority | net->vid)))
			return BFLY_DROP_NO_MEMORY;
	} else if (unlikely(is_tagged(skb))) {
		return BFLY_DROP_VLAN_TAG;
	}
	skb_forward_csum(skb);
	skb_clear_tstamp(skb);
	nf_reset_ct(skb);
	skb->dev = uplink->dev;
	bfly_count_tx(net->outside, bytes);
	dev_queue_xmit(skb);
	return BFLY_PASS;
}

struct bfly_net *bfly_vlan_find(const struct bfly_uplink *uplink, u16 vid)
{
	struct bfly_uplink_nets *nets = rtnl_dereference(uplink->nets);

	return nets ? rtnl_dereference(nets->by_vid[vid]) : NULL;
}

/* A VLAN device of the host takes its frames before the switch sees them. */
static int check_vid(struct net_device *dev, u16 vid,
		     struct netlink_ext_ack *extack)
{
	const struct net_device *host = NULL;

	rcu_read_lock();
	if (vid)
		host = __vlan_find_dev_deep_rcu(dev, htons(ETH_P_8021Q), vid);
	if (host)
		NL_SET_ERR_MSG_FMT(extack, "VLAN %u of %s is the host's %s",
				   vid, dev->name, host->name);
	rcu_read_unlock();
	return host ? -EBUSY : 0;
}

static struct bfly_uplink_nets *uplink_nets(struct bfly_uplink *uplink)
{
	struct bfly_uplink_nets *nets = rtnl_dereference(uplink->nets);

	if (nets)
		return nets;
	nets = kvzalloc(sizeof(*nets), GFP_KERNEL_ACCOUNT);
	if (nets)
		rcu_assign_pointer(uplink->nets, nets);
	return nets;
}

/* What a NIC has to do for its nets: hear all MACs, and all VLANs of theirs. */
static int nic_prepare(struct bfly_uplink *uplink, u16 vid)
{
	struct net_device *dev = uplink->dev;
	int err = 0;

	if (!uplink->net_count)
		err = dev_set_promiscuity(dev, 1);
	if (err || !vid)
		return err;
	err = vlan_vid_add(dev, htons(ETH_P_8021Q), vid);
	if (err && !uplink->net_count)
		dev_set_promiscuity(dev, -1);
	return err;
}

int bfly_vlan_attach(struct bfly_net *net, struct bfly_uplink *uplink,
		     struct netlink_ext_ack *extack)
{
	struct bfly_uplink_nets *nets;
	int err;

	ASSERT_RTNL();
	err = check_vid(uplink->dev, net->vid, extack);
	if (err)
		return err;
	nets = uplink_nets(uplink);
	if (!nets)
		return -ENOMEM;
	err = nic_prepare(uplink, net->vid);
	if (err) {
		NL_SET_ERR_MSG_FMT(extack, "%s cannot take the net",
				   uplink->dev->name);
		return err;
	}
	uplink->net_count++;
	rcu_assign_pointer(net->uplink, uplink);
	rcu_assign_pointer(nets->by_vid[net->vid], net);
	bfly_host_update_mtu_soon(net->sw);
	return 0;
}

void bfly_vlan_detach(struct bfly_net *net)
{
	struct bfly_uplink *uplink = rtnl_dereference(net->uplink);
	struct bfly_uplink_nets *nets;

	if (!uplink)
		return;
	nets = rtnl_dereference(uplink->nets);
	RCU_INIT_POINTER(nets->by_vid[net->vid], NULL);
	RCU_INIT_POINTER(net->uplink, NULL);
	if (net->vid)
		vlan_vid_del(uplink->dev, htons(ETH_P_8021Q), net->vid);
	if (!--uplink->net_count)
		dev_set_promiscuity(uplink->dev, -1);
	bfly_host_update_mtu_soon(net->sw);
}

void bfly_vlan_detach_all(struct bfly_uplink *uplink)
{
	struct bfly_net *net;
	u16 vid;

	for (vid = 0; vid < VLAN_N_VID && uplink->net_count; vid++) {
		net = bfly_vlan_find(uplink, vid);
		if (!net)
			continue;
		bfly_vlan_detach(net);
		bfly_fdb_forget(net);
		bfly_nl_net_notify(net);
	}
	/* ports may be about to transmit */
	synchronize_net();
}
