// SPDX-License-Identifier: GPL-2.0
#include "forward.h"

#include <linux/etherdevice.h>
#include <linux/rculist.h>

#include "frag.h"
#include "guard.h"
#include "judge.h"
#include "limit.h"
#include "mcast.h"
#include "remote.h"
#include "solicit.h"
#include "vlan.h"
#include "vxlan.h"

/**
 * struct flood - a packet on its way to many
 * @pkt: the packet
 * @multicast: its destination is a group; otherwise an unknown MAC
 * @copies: copies that were made or refused
 */
struct flood {
	struct bfly_pkt *pkt;
	bool multicast;
	unsigned int copies;
};

/* Whether a port is to have a copy, and if its groups refuse it, that counted. */
static bool wanted(struct flood *flood, struct bfly_port *port)
{
	const struct bfly_port_conf *conf = rcu_dereference(port->conf);
	struct bfly_pkt *pkt = flood->pkt;
	enum bfly_drop drop;

	if (!conf || port == pkt->in)
		return false;
	if (conf->bypass)
		return true;
	/* all MACs of a port without bypass are known */
	if (!flood->multicast)
		return false;
	drop = bfly_judge_in(conf, pkt->skb, &pkt->parsed);
	if (!drop)
		return true;
	flood->copies++;
	bfly_port_count_drop(port, false);
	this_cpu_inc(pkt->sw->stats->drops[drop]);
	return false;
}

static struct sk_buff *copy(struct flood *flood)
{
	struct bfly_pkt *pkt = flood->pkt;
	struct sk_buff *skb = skb_clone(pkt->skb, GFP_ATOMIC);

	flood->copies++;
	if (!skb)
		this_cpu_inc(pkt->sw->stats->drops[BFLY_DROP_NO_MEMORY]);
	return skb;
}

static void flood_ports(struct flood *flood)
{
	struct bfly_port *port;
	struct sk_buff *skb;

	list_for_each_entry_rcu(port, &flood->pkt->net->ports, net_list) {
		if (!wanted(flood, port))
			continue;
		skb = copy(flood);
		if (skb)
			bfly_port_xmit(port, skb);
	}
}

static void flood_vtep(struct flood *flood, struct bfly_vtep *vtep)
{
	struct bfly_net *net = flood->pkt->net;
	struct sk_buff *skb = copy(flood);
	enum bfly_drop drop;

	if (!skb)
		return;
	drop = bfly_vxlan_xmit(net, vtep, skb);
	if (drop)
		bfly_outside_lost(net, skb, drop);
}

/* Head-end replication, one copy a peer, and one to the group. */
static void flood_vteps(struct flood *flood)
{
	struct bfly_net *net = flood->pkt->net;
	struct bfly_mcast *mcast = rcu_dereference(net->mcast);
	struct bfly_remote *remote;

	list_for_each_entry_rcu(remote, &net->flood_vteps, flood_list)
		flood_vtep(flood, remote->vtep);
	if (mcast)
		flood_vtep(flood, &mcast->vtep);
}

/* One copy to the wire; only vlan and flat nets have an uplink. */
static void flood_uplink(struct flood *flood)
{
	struct bfly_net *net = flood->pkt->net;
	struct sk_buff *skb;
	enum bfly_drop drop;

	if (!rcu_access_pointer(net->uplink))
		return;
	skb = copy(flood);
	if (!skb)
		return;
	drop = bfly_vlan_xmit(net, skb);
	if (drop)
		bfly_outside_lost(net, skb, drop);
}

static enum bfly_drop judge_sender(struct bfly_pkt *pkt, bool multicast)
{
	enum bfly_drop drop = bfly_parse(pkt->skb, &pkt->parsed);

	pkt->parsed.key.net = pkt->net->id;
	/* unicast was judged as the flow that it belongs to */
	if (!multicast)
		return BFLY_PASS;
	if (!drop && pkt->parsed.class == BFLY_CLASS_FRAGMENT)
		drop = bfly_frag_follow(pkt->sw, &pkt->parsed);
	if (bfly_conf_open(pkt->conf))
		drop = BFLY_PASS;
	else
		drop = drop ?: bfly_guard(pkt->conf, pkt->skb, &pkt->parsed) ?:
		       bfly_judge_out(pkt->conf, pkt->skb, &pkt->parsed);
	if (!drop && pkt->parsed.first_fragment &&
	    pkt->parsed.class == BFLY_CLASS_FLOW)
		bfly_frag_first(pkt->sw, &pkt->parsed, pkt->in, NULL);
	return drop;
}

/* Whether the net floods such packets, and the port so many. */
static enum bfly_drop may_flood(const struct flood *flood)
{
	const struct bfly_pkt *pkt = flood->pkt;

	if (!flood->multicast && READ_ONCE(pkt->net->conf.unknown_drop))
		return BFLY_DROP_NO_DESTINATION;
	if (pkt->in && pkt->conf->flood_limit &&
	    !bfly_limit_take(&pkt->in->flood_spent, pkt->conf->flood_limit,
			     ktime_get_ns()))
		return BFLY_DROP_FLOOD_LIMIT;
	return BFLY_PASS;
}

void bfly_flood(struct bfly_pkt *pkt)
{
	struct flood flood = {
		.pkt = pkt,
		.multicast =
			is_multicast_ether_addr(eth_hdr(pkt->skb)->h_dest),
	};
	enum bfly_drop drop = judge_sender(pkt, flood.multicast);

	if (!drop && flood.multicast && bfly_solicit_answer(pkt)) {
		consume_skb(pkt->skb);
		return;
	}
	drop = drop ?: may_flood(&flood);
	if (!drop) {
		flood_ports(&flood);
		if (pkt->in) {
			flood_vteps(&flood);
			flood_uplink(&flood);
		}
		if (!flood.copies)
			drop = BFLY_DROP_NO_DESTINATION;
	}
	if (drop)
		bfly_pkt_drop(pkt, drop);
	else
		consume_skb(pkt->skb);
}
