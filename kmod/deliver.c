// SPDX-License-Identifier: GPL-2.0
/*
 * The last steps of a client's packet: on its way to a backend.
 *
 * The route comes from the kernel's tables and is kept with the backend; the
 * MAC comes from the kernel's neighbour table with each packet, which resolves
 * it when it is not known and follows its changes.
 */
#include <linux/etherdevice.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/dsfield.h>
#include <net/ip.h>
#include <net/ip_tunnels.h>

#include "answer.h"
#include "deliver.h"
#include "encap.h"

/**
 * struct deliver - a packet on its way
 * @sw: the switch
 * @backend: the backend
 * @path: the way to it
 * @skb: the packet
 * @fragment: it has to be fragmented once it is in its outer header
 */
struct deliver {
	struct bfly_switch *sw;
	struct bfly_backend *backend;
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

/* The frame goes out: skb->data at the network header. */
static enum bfly_drop deliver_send(struct deliver *d)
{
	struct net_device *dev = d->path->dst->dev;
	u64 mac = READ_ONCE(d->backend->mac);
	struct sk_buff *skb = d->skb;
	u8 dmac[ETH_ALEN];

	skb_scrub_packet(skb, false);
	skb_clear_tstamp(skb);
	skb->dev = dev;
	if (mac && d->path->direct) {
		u64_to_ether_addr(mac, dmac);
		if (dev_hard_header(skb, dev, ntohs(skb->protocol), dmac, NULL,
				    skb->len) < 0)
			return BFLY_DROP_NO_ROUTE;
		dev_queue_xmit(skb);
		return BFLY_PASS;
	}
	return bfly_path_output(d->path, &d->backend->addr, skb);
}

/* Method l2: a new Ethernet header, the rest as it came. */
static enum bfly_drop deliver_l2(struct deliver *d)
{
	u16 family = d->skb->protocol == htons(ETH_P_IP) ? AF_INET : AF_INET6;
	struct dst_entry *dst = d->path->dst;
	enum bfly_drop reason;

	if (d->backend->addr.family != family)
		return BFLY_DROP_NO_BACKEND;
	if (!d->path->direct || dst_xfrm(dst) || dst->lwtstate)
		return BFLY_DROP_NO_ROUTE;
	if (!bfly_skb_fits(d->skb, dst_mtu(dst))) {
		/* the host's way to take packets apart would route them by the VIP */
		bfly_answer_too_big(d->sw, d->skb, dst_mtu(dst));
		return BFLY_DROP_TOO_BIG;
	}
	reason = deliver_make_room(d, 0);
	if (reason)
		return reason;
	skb_forward_csum(d->skb);
	deliver_count_hop(d->skb);
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

static void deliver_push_outer(struct deliver *d)
{
	const struct bfly_path *path = d->path;
	const struct bfly_addr *addr = &d->backend->addr;
	struct bfly_encap encap = { .ttl = BFLY_ENCAP_TTL, .df = true };
	struct sk_buff *skb = d->skb;
	u32 len = skb->len;
	u8 proto;

	if (skb->protocol == htons(ETH_P_IP)) {
		encap.tos = ip_hdr(skb)->tos;
		proto = IPPROTO_IPIP;
	} else {
		encap.tos = ipv6_get_dsfield(ipv6_hdr(skb));
		proto = IPPROTO_IPV6;
	}
	skb_set_inner_ipproto(skb, proto);
	if (addr->family == AF_INET) {
		skb_push(skb, sizeof(struct iphdr));
		skb_reset_network_header(skb);
		skb->protocol = htons(ETH_P_IP);
		bfly_encap_ip4(ip_hdr(skb), &encap, path->saddr.s6_addr32[0],
			       addr->ip4, proto, len);
	} else {
		skb_push(skb, sizeof(struct ipv6hdr));
		skb_reset_network_header(skb);
		skb->protocol = htons(ETH_P_IPV6);
		bfly_encap_ip6(ipv6_hdr(skb), &encap, &path->saddr, &addr->ip6,
			       proto, 0, len);
	}
	skb_reset_mac_header(skb);
}

/* Method ipip: an outer header, IPv4 or IPv6 as the backend's address is. */
static enum bfly_drop deliver_ipip(struct deliver *d)
{
	struct dst_entry *dst = d->path->dst;
	bool ip4 = d->backend->addr.family == AF_INET;
	int outer = ip4 ? sizeof(struct iphdr) :
				   sizeof(struct ipv6hdr);
	int mtu = (int)dst_mtu(dst) - outer;
	enum bfly_drop reason;

	d->fragment = !bfly_skb_fits(d->skb, mtu);
	if (d->fragment && bfly_answer_too_big(d->sw, d->skb, mtu))
		return BFLY_DROP_TOO_BIG;
	reason = deliver_make_room(d, outer);
	if (reason)
		return reason;
	skb_forward_csum(d->skb);
	deliver_count_hop(d->skb);

	/* the inner packet has no Ethernet header any more */
	skb_reset_mac_header(d->skb);
	if (iptunnel_handle_offloads(d->skb, ip4 ? SKB_GSO_IPXIP4 :
						   SKB_GSO_IPXIP6))
		return BFLY_DROP_NO_MEMORY;
	deliver_push_outer(d);
	if (d->fragment || dst_xfrm(dst) || dst->lwtstate)
		return deliver_by_host(d);
	return deliver_send(d);
}

enum bfly_drop bfly_deliver(struct bfly_switch *sw,
			    struct bfly_backend *backend, struct sk_buff *skb)
{
	const struct bfly_pool_table *table =
		rcu_dereference(backend->pool->table);
	struct deliver d = { .sw = sw, .backend = backend, .skb = skb };

	if (!table)
		return BFLY_DROP_NO_BACKEND;
	d.path = bfly_route_path(sw, &backend->route, &backend->addr, 0);
	/* a server on this host is not reached through a NIC */
	if (!d.path || d.path->dst->dev->flags & IFF_LOOPBACK)
		return BFLY_DROP_NO_ROUTE;
	switch (table->conf.method) {
	case BFLY_METHOD_L2:
		return deliver_l2(&d);
	case BFLY_METHOD_IPIP:
		return deliver_ipip(&d);
	}
	return BFLY_DROP_NO_BACKEND;
}
