// SPDX-License-Identifier: GPL-2.0
#include "forward.h"

#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/tcp.h>

#include "fdb.h"
#include "flow.h"
#include "frag.h"
#include "guard.h"
#include "judge.h"
#include "vlan.h"
#include "vxlan.h"

void bfly_pkt_drop(struct bfly_pkt *pkt, enum bfly_drop reason)
{
	if (!pkt->in) {
		bfly_outside_drop(pkt->net, pkt->skb, reason);
		return;
	}
	bfly_port_count_drop(pkt->in, true);
	bfly_drop(pkt->sw, pkt->skb, reason);
}

static const u8 *pkt_dmac(const struct bfly_pkt *pkt)
{
	return eth_hdr(pkt->skb)->h_dest;
}

/* Configuration of the port that a hop is; an error stands for none. */
static enum bfly_drop hop_conf(struct bfly_hop *hop,
			       const struct bfly_port_conf **conf)
{
	*conf = NULL;
	if (hop->kind != BFLY_HOP_PORT)
		return BFLY_PASS;
	*conf = rcu_dereference(bfly_hop_port(hop)->conf);
	return *conf ? BFLY_PASS : BFLY_DROP_CLOSED;
}

/* Where the destination MAC is, and that a packet from here may go there. */
static enum bfly_drop find_hop(struct bfly_pkt *pkt, struct bfly_hop **hop)
{
	*hop = bfly_fdb_find(pkt->net, pkt_dmac(pkt)) ?: &pkt->net->flood;
	switch ((*hop)->kind) {
	case BFLY_HOP_PORT:
		return bfly_hop_port(*hop) == pkt->in ? BFLY_DROP_HAIRPIN :
							BFLY_PASS;
	case BFLY_HOP_VTEP:
	case BFLY_HOP_UPLINK:
		return pkt->in ? BFLY_PASS : BFLY_DROP_HAIRPIN;
	default:
		return BFLY_PASS;
	}
}

/* Where a packet may go, and the configuration there. */
static enum bfly_drop find_way(struct bfly_pkt *pkt, struct bfly_hop **hop,
			       const struct bfly_port_conf **out_conf)
{
	return find_hop(pkt, hop) ?: hop_conf(*hop, out_conf);
}

static enum bfly_drop guard_source(const struct bfly_pkt *pkt)
{
	return bfly_conf_open(pkt->conf) ?
	       BFLY_PASS : bfly_guard(pkt->conf, pkt->skb, &pkt->parsed);
}

/* The same, for a packet whose source is to be checked first. */
static enum bfly_drop guard_way(struct bfly_pkt *pkt, struct bfly_hop **hop,
				const struct bfly_port_conf **out_conf)
{
	return guard_source(pkt) ?: find_way(pkt, hop, out_conf);
}

static void send(struct bfly_pkt *pkt, struct bfly_hop *hop)
{
	enum bfly_drop drop;

	switch (hop->kind) {
	case BFLY_HOP_PORT:
		bfly_port_xmit(bfly_hop_port(hop), pkt->skb);
		return;
	case BFLY_HOP_VTEP:
		drop = bfly_vxlan_xmit(pkt->net, bfly_hop_vtep(hop), pkt->skb);
		if (unlikely(drop))
			bfly_pkt_drop(pkt, drop);
		return;
	case BFLY_HOP_UPLINK:
		drop = bfly_vlan_xmit(pkt->net, pkt->skb);
		if (unlikely(drop))
			bfly_pkt_drop(pkt, drop);
		return;
	case BFLY_HOP_FLOOD:
		bfly_flood(pkt);
		return;
	}
}

/* Last of all, when nothing else is against the packet. */
static enum bfly_drop account(struct bfly_pkt *pkt, struct bfly_flow *flow,
			      int dir)
{
	if (unlikely(pkt->parsed.tcp_flags & TCPHDR_RST) &&
	    !bfly_flow_takes_reset(flow, dir, &pkt->parsed))
		return BFLY_DROP_TCP_WINDOW;
	bfly_flow_seen(pkt->sw, flow, dir, &pkt->parsed,
		       bfly_skb_packets(pkt->skb), pkt->skb->len + ETH_HLEN);
	return BFLY_PASS;
}

/* The ends that keep no state judge each packet by itself. */
static enum bfly_drop judge_stateless(const struct bfly_pkt *pkt,
				      const struct bfly_port_conf *out_conf)
{
	enum bfly_drop drop = BFLY_PASS;

	if (bfly_conf_stateless(pkt->conf))
		drop = bfly_judge_out(pkt->conf, pkt->skb, &pkt->parsed);
	if (!drop && bfly_conf_stateless(out_conf))
		drop = bfly_judge_in(out_conf, pkt->skb, &pkt->parsed);
	return drop;
}

/* A flow is there for ends that keep state. */
static bool needs_flow(const struct bfly_pkt *pkt,
		       const struct bfly_port_conf *out_conf)
{
	return bfly_conf_stateful(pkt->conf) || bfly_conf_stateful(out_conf);
}

/* The rules by which a flow passes at its ends, NULL where there is none. */
struct grant {
	struct bfly_rule *out;
	struct bfly_rule *in;
};

/*
 * Whether the groups at the ends that keep state let the flow begin, as its
 * first packet did, whichever direction this packet has.
 */
static enum bfly_drop judge_begin(struct bfly_pkt *pkt, int dir,
				  const struct bfly_port_conf *out_conf,
				  struct grant *grant)
{
	const struct bfly_port_conf *from = pkt->conf, *to = out_conf;
	const struct bfly_key *key = &pkt->parsed.key;
	struct bfly_key reversed;
	enum bfly_drop drop;

	if (dir == 1) {
		reversed = *key;
		bfly_key_reverse(&reversed);
		key = &reversed;
		swap(from, to);
	}
	if (bfly_conf_stateful(from)) {
		drop = bfly_judge_begin_out(from, key, &grant->out);
		if (drop)
			return drop;
	}
	return bfly_conf_stateful(to) ?
	       bfly_judge_begin_in(to, key, &grant->in) : BFLY_PASS;
}

/* The quota of the port that a flow belongs to which a packet begins. */
static struct bfly_flow_quota *flow_owner(const struct bfly_pkt *pkt,
					  struct bfly_hop *hop)
{
	if (pkt->in)
		return pkt->in->flows;
	return hop->kind == BFLY_HOP_PORT ? bfly_hop_port(hop)->flows : NULL;
}

/* A flow has begun by these rules. */
static void count_hits(const struct grant *grant)
{
	bfly_rule_hit(grant->out);
	bfly_rule_hit(grant->in);
}

/*
 * Remember where packets of a direction come from and go to. With a stateless
 * end the next one is judged all the same: generation 0 never holds.
 */
static void keep_path(const struct bfly_pkt *pkt,
		      const struct bfly_flow_slot *slot, struct bfly_flow *flow,
		      int dir, u64 gen, struct bfly_hop *hop, bool stateless)
{
	const struct bfly_flow_path *path = &flow->path[dir];

	if (stateless) {
		if (READ_ONCE(path->in) == pkt->in &&
		    READ_ONCE(path->hop) == hop)
			return;
		gen = 0;
	}
	bfly_flow_path_set(pkt->sw, slot, flow, dir, gen, pkt->in, hop,
			   pkt_dmac(pkt));
}

/*
 * A packet of a new flow, or of one that has to be judged again; or one between
 * ends without state, which has none.
 */
static enum bfly_drop judge_anew(struct bfly_pkt *pkt, u64 gen,
				 const struct bfly_flow_slot *slot,
				 struct bfly_flow *flow, int dir,
				 struct bfly_hop **hop)
{
	const struct bfly_port_conf *out_conf;
	struct grant grant = {};
	enum bfly_drop drop;

	drop = guard_way(pkt, hop, &out_conf);
	drop = drop ?: judge_stateless(pkt, out_conf);
	if (drop || !needs_flow(pkt, out_conf))
		return drop;
	if (!flow && pkt->parsed.class == BFLY_CLASS_REPLY)
		return BFLY_DROP_NO_FLOW;

	drop = judge_begin(pkt, flow ? dir : 0, out_conf, &grant);
	if (drop) {
		/* not for a packet that another port made up */
		if (flow && READ_ONCE(flow->path[dir].in) == pkt->in)
			bfly_flow_refused(flow);
		return drop;
	}
	if (!flow) {
		drop = bfly_flow_new(pkt->sw, slot, flow_owner(pkt, *hop), NULL,
				     &flow, &dir);
		if (drop)
			return drop;
		count_hits(&grant);
	}
	/* an unknown MAC may become known at any time */
	if ((*hop)->kind != BFLY_HOP_FLOOD)
		keep_path(pkt, slot, flow, dir, gen, *hop,
			  bfly_conf_stateless(pkt->conf) ||
			  bfly_conf_stateless(out_conf));
	return account(pkt, flow, dir);
}

/* A SYN on what is left of a closed connection begins another one. */
static bool begins_again(const struct bfly_pkt *pkt,
			 const struct bfly_flow *flow)
{
	return (pkt->parsed.tcp_flags & (TCPHDR_SYN | TCPHDR_ACK)) ==
	       TCPHDR_SYN &&
	       READ_ONCE(flow->state) == BFLY_FLOW_STATE_CLOSED;
}

/* The common case: one look-up, and the flow knows the rest. */
static enum bfly_drop judge_flow(struct bfly_pkt *pkt, struct bfly_hop **hop)
{
	/* read before anything that it vouches for */
	u64 gen = atomic64_read_acquire(&pkt->net->gen);
	struct bfly_flow_slot slot __uninitialized;
	struct bfly_flow *flow;
	int dir;

	flow = bfly_flow_find(pkt->sw, &pkt->parsed.key, &slot, &dir);
	if (flow && unlikely(begins_again(pkt, flow))) {
		bfly_flow_del(pkt->sw, flow);
		flow = NULL;
	}
	if (flow) {
		*hop = bfly_flow_path_get(flow, dir, gen, pkt->in,
					  pkt_dmac(pkt));
		if (likely(*hop))
			return account(pkt, flow, dir);
	}
	return judge_anew(pkt, gen, &slot, flow, dir, hop);
}

/* Whether an ICMP error goes to who sent the packet that it quotes. */
static bool error_to_sender(const struct bfly_pkt *pkt)
{
	const struct bfly_key *key = &pkt->parsed.key;

	if (key->family == AF_INET)
		return ((const struct iphdr *)pkt->skb->data)->daddr ==
		       key->dst.s6_addr32[0];
	return ipv6_addr_equal(&((const struct ipv6hdr *)pkt->skb->data)->daddr,
			       &key->dst);
}

/* Whether the flow that an ICMP error tells of is allowed now. */
static enum bfly_drop judge_quoted(struct bfly_pkt *pkt, u64 gen,
				   const struct bfly_port_conf *out_conf)
{
	struct bfly_flow_slot slot __uninitialized;
	struct bfly_flow *flow;
	struct grant grant;
	int dir;

	if (!error_to_sender(pkt))
		return BFLY_DROP_NO_FLOW;
	flow = bfly_flow_find(pkt->sw, &pkt->parsed.key, &slot, &dir);
	if (!flow)
		return BFLY_DROP_NO_FLOW;
	if (READ_ONCE(flow->path[0].gen) == gen ||
	    READ_ONCE(flow->path[1].gen) == gen)
		return BFLY_PASS;
	/* one with a stateless end is judged anew with each packet */
	if (bfly_conf_stateless(pkt->conf) || bfly_conf_stateless(out_conf))
		return judge_begin(pkt, dir, out_conf, &grant);
	/* what was not judged since the last change may not be allowed now */
	return BFLY_DROP_NO_FLOW;
}

/* An ICMP error passes with the flow that it tells of. */
static enum bfly_drop judge_error(struct bfly_pkt *pkt, struct bfly_hop **hop)
{
	u64 gen = atomic64_read_acquire(&pkt->net->gen);
	const struct bfly_port_conf *out_conf;
	enum bfly_drop drop;

	drop = guard_way(pkt, hop, &out_conf);
	drop = drop ?: judge_stateless(pkt, out_conf);
	if (drop || !needs_flow(pkt, out_conf))
		return drop;
	return judge_quoted(pkt, gen, out_conf);
}

/* A later fragment becomes a packet of its first one's flow. */
static enum bfly_drop judge_fragment(struct bfly_pkt *pkt,
				     struct bfly_hop **hop)
{
	/* guarded first, as one that waits is not judged before it goes on */
	return guard_source(pkt) ?: bfly_frag_follow(pkt->sw, &pkt->parsed) ?:
	       judge_flow(pkt, hop);
}

/* A packet that belongs to no flow: each end judges it by itself. */
static enum bfly_drop judge_single(struct bfly_pkt *pkt, struct bfly_hop **hop)
{
	const struct bfly_port_conf *out_conf;
	enum bfly_drop drop;

	drop = guard_way(pkt, hop, &out_conf);
	if (!drop && !bfly_conf_open(pkt->conf))
		drop = bfly_judge_out(pkt->conf, pkt->skb, &pkt->parsed);
	if (!drop && !bfly_conf_open(out_conf))
		drop = bfly_judge_in(out_conf, pkt->skb, &pkt->parsed);
	return drop;
}

static enum bfly_drop judge(struct bfly_pkt *pkt, struct bfly_hop **hop)
{
	enum bfly_drop drop = bfly_parse(pkt->skb, &pkt->parsed);

	if (unlikely(drop))
		return drop;
	pkt->parsed.key.net = pkt->net->id;
	switch (pkt->parsed.class) {
	case BFLY_CLASS_FLOW:
	case BFLY_CLASS_REPLY:
		return judge_flow(pkt, hop);
	case BFLY_CLASS_ERROR:
		return judge_error(pkt, hop);
	case BFLY_CLASS_FRAGMENT:
		return judge_fragment(pkt, hop);
	default:
		return judge_single(pkt, hop);
	}
}

/* Whether neither end of the way has groups: then nothing needs judging. */
static bool way_is_open(struct bfly_pkt *pkt, struct bfly_hop **hop,
			enum bfly_drop *drop)
{
	const struct bfly_port_conf *out_conf;

	*drop = find_way(pkt, hop, &out_conf);
	return *drop || bfly_conf_open(out_conf);
}

static void go_on(struct bfly_pkt *pkt, enum bfly_drop drop,
		  struct bfly_hop *hop)
{
	if (unlikely(drop))
		bfly_pkt_drop(pkt, drop);
	else
		send(pkt, hop);
}

/* A first fragment, which was let through, and those that waited for it. */
static void go_on_first(struct bfly_pkt *pkt, struct bfly_hop *hop)
{
	struct net_device *dev = pkt->skb->dev;
	struct sk_buff_head held;
	enum bfly_drop drop;

	__skb_queue_head_init(&held);
	bfly_frag_first(pkt->sw, &pkt->parsed, pkt->in, &held);
	send(pkt, hop);
	while ((pkt->skb = __skb_dequeue(&held))) {
		pkt->skb->dev = dev;
		drop = judge(pkt, &hop);
		go_on(pkt, drop, hop);
	}
}

static void forward_judged(struct bfly_pkt *pkt)
{
	struct bfly_hop *hop;
	enum bfly_drop drop = judge(pkt, &hop);

	if (unlikely(!drop && pkt->parsed.first_fragment))
		go_on_first(pkt, hop);
	else if (likely(drop != BFLY_DROP_FRAG_NO_FIRST) ||
		 !bfly_frag_hold(pkt->sw, &pkt->parsed, pkt->in, pkt->skb))
		go_on(pkt, drop, hop);
}

void bfly_forward(struct bfly_pkt *pkt)
{
	struct bfly_hop *hop;
	enum bfly_drop drop;

	if (is_multicast_ether_addr(pkt_dmac(pkt)))
		bfly_flood(pkt);
	else if (bfly_conf_open(pkt->conf) && way_is_open(pkt, &hop, &drop))
		go_on(pkt, drop, hop);
	else
		forward_judged(pkt);
}
