// SPDX-License-Identifier: GPL-2.0
/*
 * The way of a client's packet to a backend:
 *
 *	balance_vip	is it for a virtual address? else it is the host's
 *	bfly_parse	what is it?
 *	balance_echo	an echo request is answered here
 *	balance_error	an ICMP error goes to the backend of the flow it quotes
 *	balance_flow	anything else to the backend of its flow, or to the one
 *			that Maglev chooses
 *	balance_send	counters, and off by bfly_deliver()
 *
 * A TCP flow gets its entry with the first packet after the SYN. Until then,
 * and while the flow table is full, Maglev alone sends its packets, each to the
 * same backend as long as the backends are the same.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/tcp.h>

#include "answer.h"
#include "balance.h"
#include "counters.h"
#include "deliver.h"
#include "flow.h"
#include "parse.h"
#include "pool.h"
#include "service.h"

/* The virtual address that a packet is for, without a full parse. */
static const struct bfly_vip *balance_vip(struct bfly_switch *sw,
					  const struct sk_buff *skb)
{
	struct in6_addr buf = {};
	const void *ip;

	if (skb_vlan_tag_present(skb))
		return NULL;
	if (skb->protocol == htons(ETH_P_IP)) {
		ip = skb_header_pointer(skb, offsetof(struct iphdr, daddr),
					sizeof(__be32), &buf.s6_addr32[0]);
		if (!ip)
			return NULL;
		buf.s6_addr32[0] = get_unaligned((const __be32 *)ip);
		return bfly_vip_find(sw, &buf, AF_INET);
	}
	if (skb->protocol == htons(ETH_P_IPV6)) {
		ip = skb_header_pointer(skb, offsetof(struct ipv6hdr, daddr),
					sizeof(buf), &buf);
		return ip ? bfly_vip_find(sw, ip, AF_INET6) : NULL;
	}
	return NULL;
}

static bool balance_is_echo(const struct bfly_parsed *p)
{
	if (p->key.family == AF_INET)
		return p->key.proto == IPPROTO_ICMP &&
		       p->icmp_type == ICMP_ECHO;
	return p->key.proto == IPPROTO_ICMPV6 &&
	       p->icmp_type == ICMPV6_ECHO_REQUEST;
}

static enum bfly_drop balance_echo(struct sk_buff *skb,
				   const struct bfly_parsed *p)
{
	return p->first_fragment ? BFLY_DROP_FRAG_NO_FIRST :
				   bfly_answer_echo(skb, p);
}

static bool balance_ttl_left(const struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP))
		return ip_hdr(skb)->ttl > 1;
	return ipv6_hdr(skb)->hop_limit > 1;
}

static void balance_count(struct bfly_share __percpu *share,
			  unsigned int packets, unsigned int bytes)
{
	this_cpu_add(share->packets, packets);
	this_cpu_add(share->bytes, bytes);
}

static enum bfly_drop balance_send(struct bfly_switch *sw,
				   struct bfly_service *service,
				   struct bfly_backend *backend,
				   struct sk_buff *skb)
{
	unsigned int packets = bfly_skb_packets(skb);
	unsigned int bytes = skb->len;
	enum bfly_drop reason;

	reason = bfly_deliver(sw, backend, skb);
	if (reason)
		return reason;
	balance_count(service->share, packets, bytes);
	balance_count(backend->share, packets, bytes);
	return BFLY_PASS;
}

/* Whether a flow may go on to its backend. */
static bool balance_stays(const struct bfly_backend *backend,
			  const struct bfly_pool *pool)
{
	return backend && backend->pool == pool &&
	       READ_ONCE(backend->state) != BFLY_BACKEND_STATE_DOWN;
}

/*
 * The flow of an ICMP error is the one that it quotes. The parser gives the key
 * of the quoted packet's answer; the quoted packet is the backend's, from the
 * virtual address, so that is the client's direction.
 */
static enum bfly_drop balance_error(struct bfly_switch *sw,
				    const struct bfly_vip *vip,
				    struct sk_buff *skb,
				    const struct bfly_parsed *p)
{
	struct bfly_backend *backend = NULL;
	struct bfly_service *service;
	struct bfly_flow_slot slot;
	struct bfly_flow *flow;
	struct bfly_pool *pool;
	int dir;

	if (bfly_vip_find(sw, &p->key.dst, p->key.family) != vip)
		return BFLY_DROP_NO_FLOW;
	service = bfly_vip_service(vip, p->key.proto, ntohs(p->key.dport));
	if (!service)
		return BFLY_DROP_NO_FLOW;
	if (!balance_ttl_left(skb))
		return BFLY_DROP_TTL;

	pool = rcu_dereference(service->pool);
	flow = bfly_flow_find(sw, &p->key, &slot, &dir);
	if (flow)
		backend = READ_ONCE(flow->backend);
	if (!balance_stays(backend, pool))
		backend = bfly_pool_choose(pool, &p->key);
	if (!backend)
		return BFLY_DROP_NO_BACKEND;
	return balance_send(sw, service, backend, skb);
}

/* A SYN is not enough: a flood of them would fill the table. */
static bool balance_makes_flow(const struct bfly_parsed *p)
{
	if (p->key.proto != IPPROTO_TCP)
		return true;
	return (p->tcp_flags & (TCPHDR_SYN | TCPHDR_RST | TCPHDR_ACK)) ==
	       TCPHDR_ACK;
}

/*
 * A new connection with the ports of one that has ended. The servers' FINs do
 * not come by, so the client's alone has to do.
 */
static bool balance_begins_anew(const struct bfly_flow *flow,
				const struct bfly_parsed *p)
{
	u8 state = READ_ONCE(flow->state);

	return (state == BFLY_FLOW_STATE_CLOSING ||
		state == BFLY_FLOW_STATE_CLOSED) &&
	       (p->tcp_flags & (TCPHDR_SYN | TCPHDR_ACK)) == TCPHDR_SYN;
}

/**
 * balance_new_flow() - enter a flow
 * @sw: the switch
 * @service: its service
 * @backend: the backend that Maglev chose; another one comes back if another
 *	CPU was faster and chose from another table
 * @p: its first packet
 * @slot: its place in the table
 * @dir: as in bfly_flow_new()
 *
 * Return: the flow, or NULL if it gets no entry.
 */
static struct bfly_flow *balance_new_flow(struct bfly_switch *sw,
					  struct bfly_service *service,
					  struct bfly_backend **backend,
					  const struct bfly_parsed *p,
					  const struct bfly_flow_slot *slot,
					  int *dir)
{
	struct bfly_backend *entered;
	struct bfly_flow *flow;

	if (!balance_makes_flow(p))
		return NULL;
	if (bfly_flow_new(sw, slot, NULL, *backend, &flow, dir))
		return NULL;
	entered = READ_ONCE(flow->backend);
	if (balance_stays(entered, (*backend)->pool))
		*backend = entered;
	this_cpu_inc(service->share->new_flows);
	this_cpu_inc((*backend)->share->new_flows);
	return flow;
}

static enum bfly_drop balance_flow(struct bfly_switch *sw,
				   struct bfly_service *service,
				   struct sk_buff *skb,
				   const struct bfly_parsed *p)
{
	unsigned int packets = bfly_skb_packets(skb);
	struct bfly_pool *pool = rcu_dereference(service->pool);
	struct bfly_backend *backend = NULL;
	struct bfly_flow_slot slot;
	struct bfly_flow *flow;
	int dir = 0;

	flow = bfly_flow_find(sw, &p->key, &slot, &dir);
	if (flow && balance_begins_anew(flow, p)) {
		bfly_flow_del(sw, flow);
		flow = NULL;
	}
	if (flow)
		backend = READ_ONCE(flow->backend);
	if (!balance_stays(backend, pool)) {
		backend = bfly_pool_choose(pool, &p->key);
		if (!backend)
			return BFLY_DROP_NO_BACKEND;
		if (!flow) {
			flow = balance_new_flow(sw, service, &backend, p, &slot,
						&dir);
		} else {
			bfly_flow_set_backend(sw, &slot, flow, backend);
			this_cpu_inc(backend->share->new_flows);
		}
	}
	if (flow)
		bfly_flow_seen(sw, flow, dir, p, packets, skb->len + ETH_HLEN);
	return balance_send(sw, service, backend, skb);
}

/* Ethernet pads short frames, and the padding does not go into a tunnel. */
static bool balance_trim(struct sk_buff *skb, const struct bfly_parsed *p)
{
	unsigned int len = p->l3_off + p->tot_len;

	return !p->tot_len || len >= skb->len || !pskb_trim_rcsum(skb, len);
}

static enum bfly_drop balance_packet(struct bfly_switch *sw,
				     const struct bfly_vip *vip,
				     struct sk_buff *skb,
				     const struct bfly_parsed *p)
{
	struct bfly_service *service;

	if (!balance_trim(skb, p))
		return BFLY_DROP_NO_MEMORY;
	skb_set_transport_header(skb, p->l4_off);
	if (p->class == BFLY_CLASS_FRAGMENT)
		return BFLY_DROP_FRAG_NO_FIRST;
	if (p->class == BFLY_CLASS_ERROR)
		return balance_error(sw, vip, skb, p);
	if (balance_is_echo(p))
		return balance_echo(skb, p);

	service = bfly_vip_service(vip, p->key.proto, ntohs(p->key.dport));
	if (!service)
		return BFLY_DROP_NO_SERVICE;
	if (!balance_ttl_left(skb))
		return BFLY_DROP_TTL;
	return balance_flow(sw, service, skb, p);
}

/* Neighbour discovery for a virtual address is the host's, who has it. */
static bool balance_wants(const struct bfly_parsed *p)
{
	switch (p->class) {
	case BFLY_CLASS_FLOW:
	case BFLY_CLASS_REPLY:
	case BFLY_CLASS_ERROR:
	case BFLY_CLASS_FRAGMENT:
		return true;
	}
	return false;
}

bool bfly_balance(struct bfly_switch *sw, struct sk_buff *skb)
{
	const struct bfly_vip *vip;
	struct bfly_parsed parsed;
	enum bfly_drop reason;

	if (!READ_ONCE(sw->service_count))
		return false;
	vip = balance_vip(sw, skb);
	if (!vip)
		return false;

	reason = bfly_parse(skb, &parsed);
	if (!reason) {
		if (!balance_wants(&parsed))
			return false;
		reason = balance_packet(sw, vip, skb, &parsed);
	}
	if (reason)
		bfly_drop(sw, skb, reason);
	return true;
}
