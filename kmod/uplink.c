// SPDX-License-Identifier: GPL-2.0
/* Uplinks: physical NICs handed to the switch. */
#include "uplink.h"

#include <linux/etherdevice.h>
#include <linux/slab.h>
#include <uapi/linux/bfly.h>

#include "balance_rx.h"
#include "device.h"
#include "nl_uplink.h"
#include "unreach.h"
#include "vlan.h"
#include "vxlan.h"

/* What the switch does not want goes on to the host's stack untouched. */
rx_handler_result_t bfly_uplink_receive(struct sk_buff **pskb)
{
	const struct bfly_uplink *uplink;
	struct sk_buff *skb = *pskb;

	uplink = rcu_dereference(skb->dev->rx_handler_data);
	/* what floods a segment is for nobody's service */
	if (skb->pkt_type == PACKET_HOST) {
		skb = skb_share_check(skb, GFP_ATOMIC);
		if (!skb)
			return RX_HANDLER_CONSUMED;
		*pskb = skb;
		if (bfly_balance_rx(uplink->sw, skb) ||
		    bfly_vxlan_uplink(uplink->sw, skb))
			return RX_HANDLER_CONSUMED;
		if (READ_ONCE(uplink->sw->service_count))
			bfly_unreach_look(uplink->sw, skb);
	}
	return bfly_vlan_receive(uplink, pskb);
}

struct bfly_uplink *bfly_uplink_of_dev(const struct net_device *dev)
{
	ASSERT_RTNL();
	if (rtnl_dereference(dev->rx_handler) != bfly_uplink_receive)
		return NULL;
	return rtnl_dereference(dev->rx_handler_data);
}

static int uplink_check_room(const struct bfly_switch *sw,
			     struct netlink_ext_ack *extack)
{
	const struct bfly_uplink *other;
	unsigned int count = 0;

	list_for_each_entry(other, &sw->uplinks, list)
		count++;
	if (count >= BFLY_UPLINK_MAX) {
		NL_SET_ERR_MSG_FMT(extack, "a switch has at most %d uplinks",
				   BFLY_UPLINK_MAX);
		return -ENOSPC;
	}
	return 0;
}

struct bfly_uplink *bfly_uplink_add(struct bfly_switch *sw,
				    struct net_device *dev,
				    struct netlink_ext_ack *extack)
{
	struct bfly_uplink *uplink;
	int err;

	ASSERT_RTNL();
	err = bfly_dev_check(dev, "an uplink", extack);
	if (!err)
		err = uplink_check_room(sw, extack);
	if (err)
		return ERR_PTR(err);
	uplink = kzalloc(sizeof(*uplink), GFP_KERNEL_ACCOUNT);
	if (!uplink) {
		NL_SET_ERR_MSG(extack, "memory ran out");
		return ERR_PTR(-ENOMEM);
	}
	uplink->sw = sw;
	uplink->dev = dev;
	err = netdev_rx_handler_register(dev, bfly_uplink_receive, uplink);
	if (err) {
		NL_SET_ERR_MSG_FMT(extack, "%s cannot be an uplink", dev->name);
		kfree(uplink);
		return ERR_PTR(err);
	}
	netdev_hold(dev, &uplink->dev_tracker, GFP_KERNEL);
	/* packets merged by the NIC could not be taken apart again */
	dev_disable_lro(dev);
	list_add_tail(&uplink->list, &sw->uplinks);
	bfly_switch_changed(sw);
	return uplink;
}

static void uplink_free(struct bfly_uplink *uplink)
{
	/* waits until no packet is in bfly_uplink_receive() */
	netdev_rx_handler_unregister(uplink->dev);
	if (uplink->net_count)
		bfly_vlan_detach_all(uplink);
	list_del(&uplink->list);
	bfly_switch_changed(uplink->sw);
	netdev_put(uplink->dev, &uplink->dev_tracker);
	kvfree(rtnl_dereference(uplink->nets));
	kfree_rcu(uplink, rcu);
}

void bfly_uplink_release(struct bfly_uplink *uplink)
{
	bfly_nl_uplink_notify(uplink, BFLY_CMD_UPLINK_DEL_NTF);
	uplink_free(uplink);
}

void bfly_uplinks_fini(struct bfly_switch *sw)
{
	struct bfly_uplink *uplink, *next;

	list_for_each_entry_safe(uplink, next, &sw->uplinks, list)
		uplink_free(uplink);
}
