/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The balancer: what becomes of packets for virtual addresses. What is decided
 * here is the same at both hooks, which have an adapter each: balance_rx.c and
 * balance_xdp.c.
 */
#ifndef _BFLY_BALANCE_H
#define _BFLY_BALANCE_H

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/types.h>
#include <net/tcp.h>

#include "drop.h"
#include "flow.h"
#include "flow_table.h"
#include "parse.h"
#include "pool.h"
#include "service.h"
#include "switch.h"
#include "vip_table.h"

/**
 * struct bfly_balanced - a packet for a virtual address, and where it goes
 * @view: the packet, from its IP header on
 * @parsed: what the parser found; of a later fragment the key is that of the
 *	first one, in a tunnel to be retargeted that of the inner packet
 * @packets: 1, or segments of a GSO packet
 * @later_fragment: it has no transport header
 * @hash: of its flow
 * @service: its service
 * @backend: where it goes
 * @flow: its flow, or NULL
 */
struct bfly_balanced {
	struct bfly_view view;
	struct bfly_parsed parsed;
	unsigned int packets;
	bool later_fragment;
	u32 hash;
	struct bfly_service *service;
	struct bfly_backend *backend;
	struct bfly_flow *flow;
};

/**
 * bfly_balance_vip() - the virtual address that a packet is for
 * @sw: the switch
 * @view: the packet
 *
 * Context: RCU read side.
 * Return: the address, or NULL: it is the host's.
 */
static inline const struct bfly_vip *bfly_balance_vip(struct bfly_switch *sw,
						      struct bfly_view *view)
{
	const struct ipv6hdr *ip6h;
	const struct iphdr *iph;

	if (view->protocol == htons(ETH_P_IP)) {
		iph = bfly_view_header(view, 0, sizeof(*iph));
		return iph ? bfly_vip_find4(sw, iph->daddr) : NULL;
	}
	if (view->protocol == htons(ETH_P_IPV6)) {
		ip6h = bfly_view_header(view, 0, sizeof(*ip6h));
		return ip6h ? bfly_vip_find6(sw, &ip6h->daddr) : NULL;
	}
	return NULL;
}

/* Neighbour discovery for a virtual address is the host's, who has it. */
bool bfly_balance_wants(const struct bfly_parsed *parsed);

bool bfly_balance_passes_any(struct bfly_switch *sw, const struct bfly_vip *vip,
			     const struct bfly_parsed *parsed);

/**
 * bfly_balance_passes() - whether a packet for a virtual address is the host's
 * @sw: the switch
 * @vip: the address that it is for
 * @parsed: what the parser found
 *
 * What the balancer does not want is, and what no service takes, where one says
 * so.
 *
 * Context: RCU read side, softirq.
 */
static inline bool bfly_balance_passes(struct bfly_switch *sw,
				       const struct bfly_vip *vip,
				       const struct bfly_parsed *parsed)
{
	if (likely(parsed->class == BFLY_CLASS_FLOW &&
		   !READ_ONCE(sw->vips_passing)))
		return false;
	return bfly_balance_passes_any(sw, vip, parsed);
}

/* Whether a packet is an echo request, which the balancer answers itself. */
static inline bool bfly_balance_is_echo(const struct bfly_parsed *parsed)
{
	const struct bfly_key *key = &parsed->key;

	if (likely(parsed->common))
		return false;
	if (parsed->class != BFLY_CLASS_FLOW)
		return false;
	return key->family == AF_INET ? key->proto == IPPROTO_ICMP &&
					parsed->icmp_type == ICMP_ECHO :
					key->proto == IPPROTO_ICMPV6 &&
					parsed->icmp_type == ICMPV6_ECHO_REQUEST;
}

/* See bfly_balance_choose(): of a flow that is not known, or was not told in @gen. */
enum bfly_drop bfly_balance_look(struct bfly_switch *sw,
				 const struct bfly_vip *vip,
				 struct bfly_balanced *pkt, u64 gen);

/* The same of a packet that is not one of the many. */
enum bfly_drop bfly_balance_look_uncommon(struct bfly_switch *sw,
					  const struct bfly_vip *vip,
					  struct bfly_balanced *pkt);

static inline u8 bfly_view_ttl(const struct bfly_view *view)
{
	return bfly_view_family(view) == AF_INET ?
	       ((const struct iphdr *)view->data)->ttl :
	       ((const struct ipv6hdr *)view->data)->hop_limit;
}

/**
 * bfly_balance_choose() - find where a packet goes
 * @sw: the switch
 * @vip: the address that it is for
 * @pkt: view and parsed are set; gets the rest. No echo request.
 *
 * What was found for its flow's last packet holds while nothing has changed. A
 * fragment whose first one is not known leaves @pkt as it is.
 *
 * Context: RCU read side, softirq.
 * Return: BFLY_PASS, or why the packet is to be dropped.
 */
static inline enum bfly_drop bfly_balance_choose(struct bfly_switch *sw,
						 const struct bfly_vip *vip,
						 struct bfly_balanced *pkt)
{
	const struct bfly_parsed *parsed = &pkt->parsed;
	u64 gen = bfly_switch_serve_gen(sw);
	struct bfly_flow *flow;

	pkt->later_fragment = false;
	if (unlikely(!parsed->common))
		return bfly_balance_look_uncommon(sw, vip, pkt);
	flow = bfly_flow_find_served(sw, &parsed->key, &pkt->hash);
	pkt->flow = flow;
	if (unlikely(bfly_view_ttl(&pkt->view) <= 1))
		return BFLY_DROP_TTL;
	if (unlikely(!flow || !bfly_flow_is_served(flow, gen) ||
		     parsed->tcp_flags & TCPHDR_SYN))
		return bfly_balance_look(sw, vip, pkt, gen);
	pkt->service = READ_ONCE(flow->service);
	pkt->backend = READ_ONCE(flow->backend);
	return BFLY_PASS;
}

static inline void bfly_balance_count(struct bfly_share __percpu *share,
				      const struct bfly_balanced *pkt)
{
	this_cpu_add(share->packets, pkt->packets);
	this_cpu_add(share->bytes, pkt->view.len);
}

/* Account for a packet that was sent to its backend. Context: as above. */
static inline void bfly_balance_sent(struct bfly_switch *sw,
				     const struct bfly_balanced *pkt)
{
	if (likely(pkt->flow))
		bfly_flow_forwarded(sw, pkt->flow, &pkt->parsed, pkt->packets,
				    pkt->view.len + ETH_HLEN);
	bfly_balance_count(pkt->service->share, pkt);
	bfly_balance_count(pkt->backend->share, pkt);
}

#endif /* _BFLY_BALANCE_H */
