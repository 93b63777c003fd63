// SPDX-License-Identifier: GPL-2.0
/* The balancer at netdev receive: what is peculiar to an skb. */
#include "balance_rx.h"

#include <linux/if_vlan.h>

#include "answer.h"
#include "balance.h"
#include "counters.h"
#include "deliver.h"
#include "frag.h"
#include "parse_common.h"
#include "switch.h"

/* Ethernet pads short frames, and the padding does not go into a tunnel. */
static bool trim(struct sk_buff *skb, struct bfly_balanced *pkt)
{
	unsigned int len = pkt->parsed.tot_len;

	if (!len || len >= skb->len)
		return true;
	if (pskb_trim_rcsum(skb, len))
		return false;
	pkt->view.data = skb->data;
	pkt->view.linear = skb_headlen(skb);
	pkt->view.len = len;
	return true;
}

/*
 * Fragments that waited for their first one, which was sent: for the same way,
 * or, behind one that is the host's, to the host. They have no device any more.
 */
static void receive_held(struct bfly_switch *sw, struct sk_buff_head *held,
			 struct net_device *dev)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(held))) {
		skb->dev = dev;
		if (!bfly_balance_rx(sw, skb))
			netif_rx(skb);
	}
}

/* A first fragment has gone its way: those that waited for it go after it. */
static noinline void send_held(struct bfly_switch *sw,
			       const struct bfly_parsed *parsed,
			       struct net_device *dev)
{
	struct sk_buff_head held;

	__skb_queue_head_init(&held);
	bfly_frag_first(sw, parsed, NULL, &held);
	receive_held(sw, &held, dev);
}

/* A first fragment that is the host's: what follows it is so, too. */
static noinline void pass_first(struct bfly_switch *sw,
				const struct bfly_parsed *parsed,
				struct net_device *dev)
{
	if (bfly_balance_wants(parsed))
		send_held(sw, parsed, dev);
}

static enum bfly_drop send(struct bfly_switch *sw, struct bfly_balanced *pkt,
			   struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	enum bfly_drop drop;

	pkt->packets = bfly_skb_packets(skb);
	drop = bfly_deliver(sw, pkt, skb);
	if (unlikely(drop))
		return drop;
	bfly_balance_sent(sw, pkt);
	if (unlikely(pkt->parsed.first_fragment))
		send_held(sw, &pkt->parsed, dev);
	return BFLY_PASS;
}

static enum bfly_drop receive(struct bfly_switch *sw,
			      const struct bfly_vip *vip,
			      struct bfly_balanced *pkt, struct sk_buff *skb)
{
	enum bfly_drop drop;

	if (!trim(skb, pkt))
		return BFLY_DROP_NO_MEMORY;
	skb_set_transport_header(skb, pkt->parsed.l4_off);
	if (unlikely(bfly_balance_is_echo(&pkt->parsed)))
		return bfly_answer_echo(skb, &pkt->parsed);
	drop = bfly_balance_choose(sw, vip, pkt);
	if (likely(!drop))
		return send(sw, pkt, skb);
	if (drop == BFLY_DROP_FRAG_NO_FIRST && pkt->later_fragment &&
	    bfly_frag_hold(sw, &pkt->parsed, NULL, skb))
		return BFLY_PASS;
	return drop;
}

static void view_skb(struct bfly_view *view, struct sk_buff *skb)
{
	view->data = skb->data;
	view->linear = skb_headlen(skb);
	view->len = skb->len;
	view->protocol = skb->protocol;
	view->skb = skb;
}

bool bfly_balance_rx(struct bfly_switch *sw, struct sk_buff *skb)
{
	const struct bfly_vip *vip;
	struct bfly_balanced pkt __uninitialized;
	enum bfly_drop drop;

	if (!READ_ONCE(sw->service_count) || skb_vlan_tag_present(skb))
		return false;
	view_skb(&pkt.view, skb);
	vip = bfly_balance_vip(sw, &pkt.view);
	if (!vip)
		return false;
	drop = bfly_parse_view(&pkt.view, &pkt.parsed);
	if (!drop) {
		if (bfly_balance_passes(sw, vip, &pkt.parsed)) {
			if (unlikely(pkt.parsed.first_fragment))
				pass_first(sw, &pkt.parsed, skb->dev);
			return false;
		}
		drop = receive(sw, vip, &pkt, skb);
	}
	if (drop)
		bfly_drop(sw, skb, drop);
	return true;
}
