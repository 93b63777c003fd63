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
#include <linux/types.h>

#include "drop.h"
#include "parse.h"
#include "switch.h"

struct bfly_backend;
struct bfly_flow;
struct bfly_service;
struct bfly_vip;

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
 * @dir: direction in @flow
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
	int dir;
};

/**
 * bfly_balance_vip() - the virtual address that a packet is for
 * @sw: the switch
 * @view: the packet
 *
 * Context: RCU read side.
 * Return: the address, or NULL: it is the host's.
 */
const struct bfly_vip *bfly_balance_vip(struct bfly_switch *sw,
					struct bfly_view *view);

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

	if (likely(key->proto != IPPROTO_ICMP && key->proto != IPPROTO_ICMPV6))
		return false;
	if (parsed->class != BFLY_CLASS_FLOW)
		return false;
	return key->family == AF_INET ? key->proto == IPPROTO_ICMP &&
					parsed->icmp_type == ICMP_ECHO :
					key->proto == IPPROTO_ICMPV6 &&
					parsed->icmp_type == ICMPV6_ECHO_REQUEST;
}

/**
 * bfly_balance_choose() - find where a packet goes
 * @sw: the switch
 * @vip: the address that it is for
 * @pkt: view and parsed are set; gets the rest. No echo request.
 *
 * A fragment whose first one is not known leaves @pkt as it is.
 *
 * Context: RCU read side, softirq.
 * Return: BFLY_PASS, or why the packet is to be dropped.
 */
enum bfly_drop bfly_balance_choose(struct bfly_switch *sw,
				   const struct bfly_vip *vip,
				   struct bfly_balanced *pkt);

/* Account for a packet that was sent to its backend. Context: as above. */
void bfly_balance_sent(struct bfly_switch *sw, const struct bfly_balanced *pkt);

#endif /* _BFLY_BALANCE_H */
