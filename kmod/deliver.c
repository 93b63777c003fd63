// SPDX-License-Identifier: GPL-2.0
/*
 * The last steps of a client's packet: on its way to a backend.
 *
 * The route comes from the kernel's tables and is kept with the backend; the
 * MAC comes from the kernel's neighbour table, which resolves it when it is not
 * known and whose changes are followed within a tick.
 */
#include <linux/etherdevice.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/dsfield.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ip_tunnels.h>

#include "answer.h"
#include "deliver.h"
#include "encap.h"
#include "method.h"
#include "outer.h"
#include "pool.h"
#include "switch.h"

/**
 * struct deliver - a packet on its way
 * @sw: the switch
 * @pkt: what was decided of it
 * @backend: the backend
 * @conf: configuration of the backend's pool
 * @path: the way to it
 * @skb: the packet
 * @fragment: it has to be fragmented once it is in its outer header
 */
struct deliver {
	struct bfly_switch *sw;
	const struct bfly_balanced *pkt;
	const struct bfly_backend *backend;
	const struct bfly_pool_conf *conf;
	const struct bfly_path *path;
	struct sk_buff *skb;
	bool fragment;
};

/* Room for what is put in front, and a private header to write to. */
static enum bfly_drop deliver_make_room(struct deliver *d, unsigned int outer)
{
	struct dst_entry *dst = d->path->dst;

	if (skb_cow_head(d->skb, LL_RESERVED_SPACE(dst->dev) +
				 dst->header_len + outer))
		return BFLY_DROP_NO_MEMORY;
	return BFLY_PASS;
}

static void deliver_count_hop(struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP))
		ip_decrease_ttl(ip_hdr(skb));
	else
		ipv6_hdr(skb)->hop_limit--;
}

/* What its way until here has left on a packet. */
static void deliver_scrub(struct sk_buff *skb)
{
	skb_dst_drop(skb);
	skb_ext_reset(skb);
	nf_reset_ct(skb);
	nf_reset_trace(skb);
	skb_clear_tstamp(skb);
}

static void deliver_push_ethernet(struct sk_buff *skb, u64 mac)
{
	struct ethhdr *eth = skb_push(skb, ETH_HLEN);

	skb_reset_mac_header(skb);
	bfly_mac_unpack(mac, eth->h_dest);
	ether_addr_copy(eth->h_source, skb->dev->dev_addr);
	eth->h_proto = skb->protocol;
}

/* To a netdev whose frames have another header, or by the neighbour table. */
static noinline enum bfly_drop deliver_send_other(struct deliver *d, u64 mac)
{
	struct sk_buff *skb = d->skb;
	u8 dmac[ETH_ALEN];

	if (!mac)
		return bfly_path_output(d->path, &d->backend->addr, skb);
	bfly_mac_unpack(mac, dmac);
	if (dev_hard_header(skb, skb->dev, ntohs(skb->protocol), dmac, NULL,
			    skb->len) < 0)
		return BFLY_DROP_NO_ROUTE;
	dev_queue_xmit(skb);
	return BFLY_PASS;
}

/* The frame goes out: skb->data at the network header. */
static __always_inline enum bfly_drop deliver_send(struct deliver *d)
{
	struct sk_buff *skb = d->skb;
	u64 mac = READ_ONCE(d->path->mac);

	deliver_scrub(skb);
	skb->dev = d->path->dst->dev;
	if (unlikely(!mac || !d->path->ethernet))
		return deliver_send_other(d, mac);
	deliver_push_ethernet(skb, mac);
	dev_queue_xmit(skb);
	return BFLY_PASS;
}

/* The family of the packet's own, outermost IP header. */
static u16 deliver_family(const struct deliver *d)
{
	return d->skb->protocol == htons(ETH_P_IP) ? AF_INET : AF_INET6;
}

/*
 * Whether the transport checksum is the sum of the pseudo header alone. What is
 * left to be summed may also be a packet in a tunnel, behind that checksum.
 */
static bool deliver_is_partial(const struct sk_buff *skb)
{
	if (skb_is_gso(skb) && skb->encapsulation)
		return skb_shinfo(skb)->gso_type & SKB_GSO_UDP_TUNNEL_CSUM;
	return skb->ip_summed == CHECKSUM_PARTIAL &&
	       skb_checksum_start_offset(skb) == skb_transport_offset(skb);
}

/* What methods dscp and gre-retarget write into the IP header. */
static noinline enum bfly_drop deliver_rewrite(struct deliver *d)
{
	const struct bfly_parsed *parsed = &d->pkt->parsed;
	bool partial = deliver_is_partial(d->skb);
	struct sk_buff *skb = d->skb;
	unsigned int off;

	off = d->pkt->later_fragment ? 0 : bfly_method_check_off(d->conf, parsed);
	if (skb_ensure_writable(skb, off ? off + sizeof(__sum16) :
					   skb_transport_offset(skb)))
		return BFLY_DROP_NO_MEMORY;
	bfly_method_rewrite(skb->data, d->conf, &d->backend->addr, parsed, off,
			    partial);
	return BFLY_PASS;
}

/* Methods that put nothing in front of the packet. */
static __always_inline enum bfly_drop deliver_plain(struct deliver *d)
{
	bool l2 = d->conf->method == BFLY_METHOD_L2;
	enum bfly_drop reason;

	if (d->backend->addr.family != deliver_family(d))
		return BFLY_DROP_NO_BACKEND;
	if ((l2 && !d->path->direct) || d->path->special)
		return BFLY_DROP_NO_ROUTE;
	if (!bfly_skb_fits(d->skb, READ_ONCE(d->path->mtu))) {
		/* the host's way to take packets apart would route them by the VIP */
		bfly_answer_too_big(d->sw, d->skb, READ_ONCE(d->path->mtu));
		return BFLY_DROP_TOO_BIG;
	}
	reason = deliver_make_room(d, 0);
	if (reason)
		return reason;
	skb_forward_csum(d->skb);
	deliver_count_hop(d->skb);
	if (!l2) {
		reason = deliver_rewrite(d);
		if (reason)
			return reason;
	}
	return deliver_send(d);
}

/* The packet's way through the host's own output, which can do more. */
static enum bfly_drop deliver_by_host(struct deliver *d)
{
	struct sk_buff *skb = d->skb;

	skb_scrub_packet(skb, false);
	skb_clear_tstamp(skb);
	skb->ignore_df = d->fragment;
	if (d->fragment && d->backend->addr.family == AF_INET) {
		ip_hdr(skb)->frag_off = 0;
		__ip_select_ident(dev_net(d->sw->dev), ip_hdr(skb), 1);
	}
	bfly_path_output_host(d->sw, d->path, NULL, skb);
	return BFLY_PASS;
}

/* The types of segmentation that a method's headers need. */
static int deliver_gso(u8 method, bool ip4)
{
	int ipip = ip4 ? SKB_GSO_IPXIP4 : SKB_GSO_IPXIP6;
	/* over IPv6 there is a checksum */
	int udp = ip4 ? SKB_GSO_UDP_TUNNEL : SKB_GSO_UDP_TUNNEL_CSUM;

	switch (method) {
	case BFLY_METHOD_GRE:
		return SKB_GSO_GRE;
	case BFLY_METHOD_VXLAN:
		return udp;
	case BFLY_METHOD_GUE:
	case BFLY_METHOD_FOU:
		return ipip | udp;
	default:
		return ipip;
	}
}

/* What offloads have to know of the packet behind the headers. */
static noinline enum bfly_drop deliver_set_inner(struct deliver *d)
{
	struct sk_buff *skb = d->skb;
	bool ip4 = deliver_family(d) == AF_INET;

	if (iptunnel_handle_offloads(skb, deliver_gso(d->conf->method,
						      d->backend->addr.family ==
						      AF_INET)))
		return BFLY_DROP_NO_MEMORY;
	switch (d->conf->method) {
	case BFLY_METHOD_GRE:
		skb_set_inner_protocol(skb, skb->protocol);
		break;
	case BFLY_METHOD_VXLAN:
		/* the inner frame begins with a MAC header of its own */
		skb_set_inner_mac_header(skb, -ETH_HLEN);
		skb_set_inner_protocol(skb, htons(ETH_P_TEB));
		break;
	default:
		skb_set_inner_ipproto(skb, ip4 ? IPPROTO_IPIP : IPPROTO_IPV6);
	}
	return BFLY_PASS;
}

static enum bfly_drop deliver_prepare_inner(struct deliver *d)
{
	struct sk_buff *skb = d->skb;
	bool csum = d->backend->addr.family == AF_INET6 &&
		    bfly_method_is_udp(d->conf->method);

	/* the inner packet has no Ethernet header any more */
	skb_reset_mac_header(skb);
	if (unlikely(csum || skb_is_gso(skb) ||
		     skb->ip_summed == CHECKSUM_PARTIAL))
		return deliver_set_inner(d);
	/* nothing to offload, as for most packets */
	skb->ip_summed = CHECKSUM_NONE;
	skb->encapsulation = 0;
	return BFLY_PASS;
}

/* What is more than an outer IP header. */
static noinline void deliver_wrap(const struct deliver *d, void *buf, u32 len)
{
	const struct bfly_wrap wrap = {
		.outer = &d->path->outer, .family = d->backend->addr.family,
		.inner = deliver_family(d), .hash = d->pkt->hash, .len = len,
		.dmac = READ_ONCE(d->backend->mac),
		.smac = d->sw->dev->dev_addr,
	};

	bfly_method_wrap(buf, d->conf, &wrap);
}

static void deliver_push_outer(struct deliver *d, unsigned int outer)
{
	const struct bfly_addr *addr = &d->backend->addr;
	bool ip4 = addr->family == AF_INET;
	struct sk_buff *skb = d->skb;
	unsigned int ip_len = ip4 ? sizeof(struct iphdr) :
				    sizeof(struct ipv6hdr);
	u32 len = skb->len;

	if (likely(d->conf->method == BFLY_METHOD_IPIP))
		bfly_method_wrap_ip(skb_push(skb, outer), &d->path->outer,
				    addr->family, deliver_family(d), len);
	else
		deliver_wrap(d, skb_push(skb, outer), len);
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, ip_len);
	skb->protocol = ip4 ? htons(ETH_P_IP) : htons(ETH_P_IPV6);
	if (!ip4 && bfly_method_is_udp(d->conf->method))
		udp6_set_csum(false, skb, &d->path->saddr, &addr->ip6,
			      skb->len - ip_len);
}

/* Methods that put headers in front, IPv4 or IPv6 as the backend's address is. */
static noinline enum bfly_drop deliver_wrapped(struct deliver *d)
{
	unsigned int outer = bfly_method_overhead(d->conf->method,
						  d->backend->addr.family);
	int mtu = (int)READ_ONCE(d->path->mtu) - (int)outer;
	enum bfly_drop reason;

	d->fragment = !bfly_skb_fits(d->skb, mtu);
	if (d->fragment && bfly_answer_too_big(d->sw, d->skb, mtu))
		return BFLY_DROP_TOO_BIG;
	reason = deliver_make_room(d, outer);
	if (reason)
		return reason;
	skb_forward_csum(d->skb);
	deliver_count_hop(d->skb);

	reason = deliver_prepare_inner(d);
	if (reason)
		return reason;
	deliver_push_outer(d, outer);
	if (d->fragment || d->path->special)
		return deliver_by_host(d);
	return deliver_send(d);
}

/* Does in software what a packet left to be done, and sends what it becomes. */
static noinline enum bfly_drop deliver_finished(struct deliver *d)
{
	struct sk_buff *segs, *next, *skb = d->skb;
	unsigned int l4_off = d->pkt->parsed.l4_off;
	enum bfly_drop drop;

	if (!skb_is_gso(skb)) {
		if (skb_checksum_help(skb))
			return BFLY_DROP_NO_MEMORY;
		return deliver_wrapped(d);
	}
	__skb_push(skb, ETH_HLEN);
	segs = skb_gso_segment(skb, NETIF_F_SG | NETIF_F_HIGHDMA);
	if (IS_ERR_OR_NULL(segs))
		return BFLY_DROP_NO_MEMORY;
	consume_skb(skb);
	skb_list_walk_safe(segs, skb, next) {
		skb_mark_not_on_list(skb);
		__skb_pull(skb, ETH_HLEN);
		skb_set_transport_header(skb, l4_off);
		d->skb = skb;
		drop = deliver_wrapped(d);
		if (drop)
			bfly_drop(d->sw, skb, drop);
	}
	return BFLY_PASS;
}

enum bfly_drop bfly_deliver(struct bfly_switch *sw,
			    const struct bfly_balanced *pkt,
			    struct sk_buff *skb)
{
	struct bfly_backend *backend = pkt->backend;
	const struct bfly_pool_table *table =
		rcu_dereference(backend->pool->table);
	struct deliver d = {
		.sw = sw, .pkt = pkt, .backend = backend, .skb = skb,
	};

	if (!table)
		return BFLY_DROP_NO_BACKEND;
	d.conf = &table->conf;
	d.path = bfly_route_next(sw, &backend->route, &backend->addr);
	/* a server on this host is not reached through a NIC */
	if (!d.path || d.path->dst->dev->flags & IFF_LOOPBACK)
		return BFLY_DROP_NO_ROUTE;
	if (bfly_method_is_plain(d.conf->method))
		return deliver_plain(&d);
	return unlikely(bfly_outer_is_second(skb)) ? deliver_finished(&d) :
						     deliver_wrapped(&d);
}
