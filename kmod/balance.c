// SPDX-License-Identifier: GPL-2.0
/*
 * The way of a client's packet to a backend:
 *
 *	bfly_balance_vip	is it for a virtual address? else it is the host's
 *	bfly_parse_view		what is it?
 *	bfly_balance_passes	is it the host's none the less?
 *	bfly_balance_is_echo	an echo request is answered by the hook
 *	bfly_balance_choose	to the backend of its flow, which
 *	  bfly_balance_look	looks for when it has none or something has
 *				changed: what Maglev chooses
 *	  bfly_balance_look_uncommon
 *	    bfly_frag_follow	a later fragment is a packet of its first one's flow
 *	    choose_for_error	an ICMP error goes to the backend of the flow it
 *				quotes
 *	    choose_by_inner	in a tunnel to be retargeted the inner flow counts
 *	bfly_deliver, or	by the pool's method
 *	bfly_deliver_xdp
 *	bfly_balance_sent	counters
 *
 * A TCP flow gets its entry with the first packet after the SYN. Until then,
 * and while the flow table is full, Maglev alone sends its packets, each to the
 * same backend as long as the backends are the same.
 */
#include "balance.h"

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_tunnel.h>
#include <net/tcp.h>

#include "encap.h"
#include "flow.h"
#include "frag.h"
#include "parse_common.h"
#include "pool.h"
#include "quic.h"
#include "service.h"

bool bfly_balance_wants(const struct bfly_parsed *parsed)
{
	switch (parsed->class) {
	case BFLY_CLASS_FLOW:
	case BFLY_CLASS_REPLY:
	case BFLY_CLASS_ERROR:
	case BFLY_CLASS_FRAGMENT:
		return true;
	}
	return false;
}

/* Whether a service takes a packet; the key of an error is of what it quotes. */
static bool is_served(const struct bfly_vip *vip,
		      const struct bfly_parsed *parsed)
{
	return bfly_balance_is_echo(parsed) ||
	       bfly_vip_service(vip, parsed->key.proto,
				ntohs(parsed->key.dport));
}

bool bfly_balance_passes_any(struct bfly_switch *sw, const struct bfly_vip *vip,
			     const struct bfly_parsed *parsed)
{
	struct bfly_parsed first;

	if (!bfly_balance_wants(parsed))
		return true;
	if (likely(!bfly_vip_passes(vip)))
		return false;
	if (parsed->class != BFLY_CLASS_FRAGMENT)
		return !is_served(vip, parsed);
	/* until its first one is known it waits for that */
	first = *parsed;
	return !bfly_frag_follow(sw, &first) && !is_served(vip, &first);
}

/* Whether a flow may go on to its backend. */
static bool stays(const struct bfly_backend *backend,
		  const struct bfly_pool *pool)
{
	return backend && backend->pool == pool &&
	       READ_ONCE(backend->state) != BFLY_BACKEND_STATE_DOWN;
}

/*
 * The connection id of a packet to a UDP service. An error has none: it quotes
 * the id of the client, which says nothing.
 */
static bool quic_cid(struct bfly_balanced *pkt, u64 *cid)
{
	u32 off = pkt->parsed.l4_off + sizeof(struct udphdr);
	const u8 *data;
	u32 len;

	if (pkt->later_fragment || pkt->parsed.class == BFLY_CLASS_ERROR ||
	    pkt->view.len <= off)
		return false;
	len = min_t(u32, pkt->view.len - off, BFLY_QUIC_HEAD);
	data = bfly_view_header(&pkt->view, off, len);
	return data && bfly_quic_cid(data, len, cid);
}

static noinline struct bfly_backend *
maglev_quic(struct bfly_balanced *pkt, const struct bfly_pool *pool)
{
	u64 cid;

	if (quic_cid(pkt, &cid))
		return bfly_pool_choose_cid(pool, cid);
	return bfly_pool_choose(pool, BFLY_HASH_5TUPLE, &pkt->parsed.key);
}

/* What Maglev chooses, by what counts for the service. */
static __always_inline struct bfly_backend *maglev(struct bfly_balanced *pkt,
						   const struct bfly_pool *pool)
{
	u8 hash = READ_ONCE(pkt->service->hash);

	return likely(hash != BFLY_HASH_QUIC) ?
	       bfly_pool_choose(pool, hash, &pkt->parsed.key) :
	       maglev_quic(pkt, pool);
}

/*
 * The flow of an ICMP error is the one that it quotes. The parser gives the key
 * of the quoted packet's answer; the quoted packet is the backend's, from the
 * virtual address, so that is the client's direction.
 */
static noinline enum bfly_drop choose_by_quoted(struct bfly_switch *sw,
						struct bfly_balanced *pkt)
{
	const struct bfly_pool *pool = rcu_dereference(pkt->service->pool);
	const struct bfly_key *key = &pkt->parsed.key;
	struct bfly_backend *backend = NULL;
	struct bfly_flow *flow;

	flow = bfly_flow_find_served(sw, key, &pkt->hash);
	if (flow)
		backend = READ_ONCE(flow->backend);
	if (!stays(backend, pool))
		backend = maglev(pkt, pool);
	pkt->backend = backend;
	return backend ? BFLY_PASS : BFLY_DROP_NO_BACKEND;
}

static enum bfly_drop choose_for_error(struct bfly_switch *sw,
				       const struct bfly_vip *vip,
				       struct bfly_balanced *pkt)
{
	const struct bfly_key *key = &pkt->parsed.key;

	if (bfly_vip_find(sw, &key->dst, key->family) != vip)
		return BFLY_DROP_NO_FLOW;
	pkt->service = bfly_vip_service(vip, key->proto, ntohs(key->dport));
	if (!pkt->service)
		return BFLY_DROP_NO_FLOW;
	return choose_by_quoted(sw, pkt);
}

/* A SYN is not enough: a flood of them would fill the table. */
static bool makes_flow(const struct bfly_parsed *p)
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
static bool begins_anew(const struct bfly_flow *flow,
			const struct bfly_parsed *p)
{
	u8 state;

	if (likely((p->tcp_flags & (TCPHDR_SYN | TCPHDR_ACK)) != TCPHDR_SYN))
		return false;
	state = READ_ONCE(flow->state);
	return state == BFLY_FLOW_STATE_CLOSING ||
	       state == BFLY_FLOW_STATE_CLOSED;
}

/*
 * Enters a flow with the backend that Maglev chose; it stays without an entry
 * where there is no room. If another CPU was faster and chose from another table
 * the packet goes to that one's backend.
 */
static void enter_flow(struct bfly_switch *sw, struct bfly_balanced *pkt,
		       u64 gen)
{
	const struct bfly_serving by = {
		.service = pkt->service, .backend = pkt->backend, .gen = gen,
	};
	struct bfly_flow_slot slot __uninitialized;
	struct bfly_backend *entered;
	int dir;

	bfly_flow_slot_served(&slot, &pkt->parsed.key, pkt->hash);
	if (bfly_flow_new(sw, &slot, NULL, &by, &pkt->flow, &dir))
		return;
	entered = READ_ONCE(pkt->flow->backend);
	if (likely(entered == pkt->backend) ||
	    stays(entered, pkt->backend->pool))
		pkt->backend = entered;
	else
		bfly_flow_serve(sw, pkt->flow, pkt->hash, &by);
	this_cpu_inc(pkt->service->share->new_flows);
	this_cpu_inc(pkt->backend->share->new_flows);
}

static __always_inline enum bfly_drop
choose_for_new(struct bfly_switch *sw, struct bfly_balanced *pkt, u64 gen)
{
	pkt->backend = maglev(pkt, rcu_dereference(pkt->service->pool));
	if (!pkt->backend)
		return BFLY_DROP_NO_BACKEND;
	if (makes_flow(&pkt->parsed))
		enter_flow(sw, pkt, gen);
	return BFLY_PASS;
}

/* The flow's backend, or another one if that went down. */
static noinline enum bfly_drop
choose_for_known(struct bfly_switch *sw, struct bfly_balanced *pkt, u64 gen)
{
	const struct bfly_pool *pool = rcu_dereference(pkt->service->pool);
	struct bfly_serving by = { .service = pkt->service, .gen = gen };

	pkt->backend = READ_ONCE(pkt->flow->backend);
	if (!stays(pkt->backend, pool)) {
		pkt->backend = maglev(pkt, pool);
		if (!pkt->backend)
			return BFLY_DROP_NO_BACKEND;
		this_cpu_inc(pkt->backend->share->new_flows);
	}
	by.backend = pkt->backend;
	bfly_flow_serve(sw, pkt->flow, pkt->hash, &by);
	return BFLY_PASS;
}

/* By the packet's service, which holds for its flow in @gen. */
static __always_inline enum bfly_drop
choose_for_service(struct bfly_switch *sw, struct bfly_balanced *pkt, u64 gen)
{
	if (pkt->flow && begins_anew(pkt->flow, &pkt->parsed)) {
		bfly_flow_del(sw, pkt->flow);
		pkt->flow = NULL;
	}
	return pkt->flow ? choose_for_known(sw, pkt, gen) :
			   choose_for_new(sw, pkt, gen);
}

enum bfly_drop bfly_balance_look(struct bfly_switch *sw,
				 const struct bfly_vip *vip,
				 struct bfly_balanced *pkt, u64 gen)
{
	const struct bfly_key *key = &pkt->parsed.key;

	pkt->service = bfly_vip_service(vip, key->proto, ntohs(key->dport));
	if (!pkt->service)
		return BFLY_DROP_NO_SERVICE;
	return choose_for_service(sw, pkt, gen);
}

static bool retargets(const struct bfly_service *service)
{
	const struct bfly_pool *pool = rcu_dereference(service->pool);
	const struct bfly_pool_table *table = rcu_dereference(pool->table);

	return table && table->conf.method == BFLY_METHOD_GRE_RETARGET;
}

/* With the optional fields of RFC 2784 and RFC 2890. */
static u32 gre_len(__be16 flags)
{
	u32 fields = !!(flags & GRE_CSUM) + !!(flags & GRE_KEY) +
		     !!(flags & GRE_SEQ);

	return sizeof(struct bfly_gre) + 4 * fields;
}

/* The packet in a GRE packet: its view; false if there is none. */
static bool view_in_gre(struct bfly_balanced *pkt, struct bfly_view *inner)
{
	const struct bfly_gre *gre;
	u32 off = pkt->parsed.l4_off;

	gre = bfly_view_header(&pkt->view, off, sizeof(*gre));
	if (!gre || gre->flags & (GRE_VERSION | GRE_ROUTING))
		return false;
	*inner = (struct bfly_view) { .protocol = gre->protocol };
	off += gre_len(gre->flags);
	/* as much as the parser may want; it pulls nothing itself */
	bfly_view_header(&pkt->view, off,
			 min(pkt->view.len - min(off, pkt->view.len), 128U));
	if (off >= pkt->view.linear)
		return false;
	inner->data = pkt->view.data + off;
	inner->linear = pkt->view.linear - off;
	inner->len = pkt->view.len - off;
	return inner->protocol == htons(ETH_P_IP) ||
	       inner->protocol == htons(ETH_P_IPV6);
}

/*
 * The flow of the packet in a tunnel may be that of packets without one, too:
 * nothing holds for longer than this packet.
 */
static enum bfly_drop choose_for_inner(struct bfly_switch *sw,
				       struct bfly_balanced *pkt)
{
	pkt->flow = bfly_flow_find_served(sw, &pkt->parsed.key, &pkt->hash);
	return choose_for_service(sw, pkt, 0);
}

/* The packet goes where the one that is in it would go. */
static noinline enum bfly_drop choose_by_inner(struct bfly_switch *sw,
					       struct bfly_balanced *pkt)
{
	u32 l4_off = pkt->parsed.l4_off;
	struct bfly_parsed parsed;
	struct bfly_view inner;
	enum bfly_drop drop;

	if (pkt->later_fragment || pkt->parsed.first_fragment)
		return BFLY_DROP_FRAG_NO_FIRST;
	if (!view_in_gre(pkt, &inner))
		return BFLY_DROP_MALFORMED;
	drop = bfly_parse_general(&inner, &parsed);
	if (drop)
		return drop;
	if (!bfly_balance_wants(&parsed))
		return BFLY_DROP_NOT_IP;
	if (parsed.class == BFLY_CLASS_FRAGMENT) {
		drop = bfly_frag_follow(sw, &parsed);
		if (drop)
			return drop;
	} else if (parsed.first_fragment) {
		bfly_frag_first(sw, &parsed, NULL, NULL);
	}
	pkt->parsed = parsed;
	pkt->parsed.l4_off = l4_off;
	pkt->parsed.first_fragment = false;
	return parsed.class == BFLY_CLASS_ERROR ? choose_by_quoted(sw, pkt) :
						  choose_for_inner(sw, pkt);
}

static noinline enum bfly_drop
choose_for_gre(struct bfly_switch *sw, const struct bfly_vip *vip,
	       struct bfly_balanced *pkt, u64 gen)
{
	pkt->service = bfly_vip_service(vip, IPPROTO_GRE, 0);
	if (!pkt->service)
		return BFLY_DROP_NO_SERVICE;
	return retargets(pkt->service) ? choose_by_inner(sw, pkt) :
					 bfly_balance_look(sw, vip, pkt, gen);
}

enum bfly_drop bfly_balance_look_uncommon(struct bfly_switch *sw,
					  const struct bfly_vip *vip,
					  struct bfly_balanced *pkt)
{
	struct bfly_parsed *parsed = &pkt->parsed;
	u64 gen = bfly_switch_serve_gen(sw);
	enum bfly_drop drop;

	pkt->flow = NULL;
	pkt->later_fragment = parsed->class == BFLY_CLASS_FRAGMENT;
	if (pkt->later_fragment) {
		drop = bfly_frag_follow(sw, parsed);
		if (drop)
			return drop;
	}
	if (bfly_view_ttl(&pkt->view) <= 1)
		return BFLY_DROP_TTL;
	if (parsed->class == BFLY_CLASS_ERROR)
		return choose_for_error(sw, vip, pkt);
	pkt->flow = bfly_flow_find_served(sw, &parsed->key, &pkt->hash);
	return parsed->key.proto == IPPROTO_GRE ?
	       choose_for_gre(sw, vip, pkt, gen) :
	       bfly_balance_look(sw, vip, pkt, gen);
}
