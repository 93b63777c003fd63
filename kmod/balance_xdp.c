// SPDX-License-Identifier: GPL-2.0
/* The balancer at XDP: what is peculiar to a frame that is no skb yet. */
#include "balance_xdp.h"

#include <linux/etherdevice.h>
#include <linux/filter.h>
#include <net/dsfield.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/xdp.h>

#include "answer.h"
#include "balance.h"
#include "method.h"
#include "parse_common.h"
#include "pool.h"
#include "switch.h"

/**
 * struct xdp_way - where a frame goes
 * @path: the way to the backend
 * @dev: netdev that it leaves by
 * @mac: of the next host, as bfly_mac_pack() packs it
 */
struct xdp_way {
	const struct bfly_path *path;
	struct net_device *dev;
	u64 mac;
};

/* Whether a netdev sends frames of XDP's. */
static noinline bool can_redirect(const struct net_device *dev)
{
	return bfly_compat_xdp_features(dev) & NETDEV_XDP_ACT_NDO_XMIT;
}

/* Whether XDP can send a packet of @len bytes to the backend by itself. */
static __always_inline bool find_way(struct bfly_switch *sw,
				     const struct xdp_buff *xdp,
				     struct bfly_backend *backend, u8 method,
				     u32 len, struct xdp_way *way)
{
	const struct bfly_path *path;

	path = bfly_route_next(sw, &backend->route, &backend->addr);
	if (unlikely(!path))
		return false;
	way->path = path;
	way->dev = path->dst->dev;
	way->mac = READ_ONCE(path->mac);
	if (unlikely(way->dev != xdp->rxq->dev && !can_redirect(way->dev)))
		return false;
	return way->mac && path->plain && len <= READ_ONCE(path->mtu) &&
	       (method != BFLY_METHOD_L2 || path->direct);
}

static void count_hop(const struct bfly_view *view)
{
	if (bfly_view_family(view) == AF_INET)
		ip_decrease_ttl((struct iphdr *)view->data);
	else
		((struct ipv6hdr *)view->data)->hop_limit--;
}

/* Room for outer headers in front of the IP header, what lies beside it moved. */
static bool make_room(struct xdp_buff *xdp, unsigned int outer)
{
	void *hard_start = xdp->data_hard_start + sizeof(struct xdp_frame);
	bool has_meta = !xdp_data_meta_unsupported(xdp);

	if (has_meta && xdp->data_meta != xdp->data)
		return false;
	if (xdp->data - outer < hard_start)
		return false;
	xdp->data -= outer;
	if (has_meta)
		xdp->data_meta = xdp->data;
	return true;
}

/* Over IPv6 UDP has a checksum (RFC 8200, 8.1), and nobody else counts it. */
static void set_udp6_check(struct ipv6hdr *ip6h)
{
	struct udphdr *uh = (struct udphdr *)(ip6h + 1);
	unsigned int len = ntohs(uh->len);

	uh->check = csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, len,
				    IPPROTO_UDP, csum_partial(uh, len, 0)) ?:
		    CSUM_MANGLED_0;
}

/* What is more than an outer IP header. */
static noinline void wrap_more(struct bfly_switch *sw,
			       const struct bfly_balanced *pkt,
			       const struct bfly_pool_conf *conf,
			       const struct bfly_path *path, u8 *buf)
{
	const struct bfly_backend *backend = pkt->backend;
	const struct bfly_wrap wrap = {
		.outer = &path->outer, .family = backend->addr.family,
		.inner = bfly_view_family(&pkt->view), .hash = pkt->hash,
		.len = pkt->view.len, .dmac = READ_ONCE(backend->mac),
		.smac = sw->dev->dev_addr,
	};

	bfly_method_wrap(buf, conf, &wrap);
	if (wrap.family == AF_INET6 && bfly_method_is_udp(conf->method))
		set_udp6_check((struct ipv6hdr *)buf);
}

/* The outer headers; @outer bytes in front of the packet are free. */
static void wrap(struct bfly_switch *sw, const struct bfly_balanced *pkt,
		 const struct bfly_pool_conf *conf,
		 const struct bfly_path *path, unsigned int outer)
{
	u8 *buf = (u8 *)pkt->view.data - outer;

	if (likely(conf->method == BFLY_METHOD_IPIP))
		bfly_method_wrap_ip(buf, &path->outer,
				    pkt->backend->addr.family,
				    bfly_view_family(&pkt->view),
				    pkt->view.len);
	else
		wrap_more(sw, pkt, conf, path, buf);
}

static noinline void rewrite(const struct bfly_balanced *pkt,
			     const struct bfly_pool_conf *conf)
{
	bfly_method_rewrite((u8 *)pkt->view.data, conf, &pkt->backend->addr,
			    &pkt->parsed,
			    bfly_method_check_off(conf, &pkt->parsed), false);
}

static void put_ethernet(struct xdp_buff *xdp, const struct xdp_way *way,
			 u16 family)
{
	struct ethhdr *eth = xdp->data;

	bfly_mac_unpack(way->mac, eth->h_dest);
	ether_addr_copy(eth->h_source, way->dev->dev_addr);
	eth->h_proto = family == AF_INET ? htons(ETH_P_IP) : htons(ETH_P_IPV6);
}

static int deliver(struct bfly_switch *sw, struct xdp_buff *xdp,
		   const struct bfly_balanced *pkt)
{
	struct bfly_backend *backend = pkt->backend;
	const struct bfly_pool_table *table =
		rcu_dereference(backend->pool->table);
	u16 family = backend->addr.family;
	const struct bfly_pool_conf *conf;
	struct xdp_way way __uninitialized;
	unsigned int outer;

	if (!table)
		return XDP_PASS;
	conf = &table->conf;
	outer = bfly_method_overhead(conf->method, family);
	if (!outer && family != bfly_view_family(&pkt->view))
		return XDP_PASS;
	if (!find_way(sw, xdp, backend, conf->method, pkt->view.len + outer,
		      &way))
		return XDP_PASS;
	if (outer && !make_room(xdp, outer))
		return XDP_PASS;
	count_hop(&pkt->view);
	if (outer)
		wrap(sw, pkt, conf, way.path, outer);
	else if (conf->method != BFLY_METHOD_L2)
		rewrite(pkt, conf);
	put_ethernet(xdp, &way, family);
	bfly_balance_sent(sw, pkt);
	return way.dev == xdp->rxq->dev ? XDP_TX : -way.dev->ifindex;
}

/* Back by the way that the request came. */
static noinline int answer_echo(struct bfly_switch *sw, struct xdp_buff *xdp,
				const struct bfly_balanced *pkt)
{
	enum bfly_drop drop = bfly_answer_check(&pkt->parsed);
	struct ethhdr *eth = xdp->data;

	if (drop) {
		bfly_drop_xdp(sw, xdp->rxq->dev, drop);
		return XDP_DROP;
	}
	bfly_answer_turn((void *)pkt->view.data, pkt->parsed.key.family);
	ether_addr_copy(eth->h_dest, eth->h_source);
	ether_addr_copy(eth->h_source, xdp->rxq->dev->dev_addr);
	return XDP_TX;
}

/* Ethernet pads short frames, and the padding does not go into a tunnel. */
static void trim(struct xdp_buff *xdp, struct bfly_balanced *pkt)
{
	u32 len = pkt->parsed.tot_len;

	if (len >= pkt->view.len)
		return;
	pkt->view.len = len;
	pkt->view.linear = len;
	xdp->data_end = xdp->data + ETH_HLEN + len;
}

/* Whether a packet is for the host, or for the hook that has all of its parts. */
static bool is_hosts(struct bfly_switch *sw, const struct bfly_vip *vip,
		     const struct bfly_parsed *parsed)
{
	return parsed->class == BFLY_CLASS_FRAGMENT || parsed->first_fragment ||
	       bfly_balance_passes(sw, vip, parsed);
}

static __always_inline int balance(struct bfly_switch *sw,
				   const struct bfly_vip *vip,
				   struct xdp_buff *xdp,
				   struct bfly_balanced *pkt)
{
	bool common = pkt->parsed.common && !READ_ONCE(sw->vips_passing);
	enum bfly_drop drop;

	if (unlikely(!common) && is_hosts(sw, vip, &pkt->parsed))
		return XDP_PASS;
	trim(xdp, pkt);
	if (unlikely(!common) && bfly_balance_is_echo(&pkt->parsed))
		return answer_echo(sw, xdp, pkt);
	pkt->packets = 1;
	drop = bfly_balance_choose(sw, vip, pkt);
	if (likely(!drop))
		return deliver(sw, xdp, pkt);
	bfly_drop_xdp(sw, xdp->rxq->dev, drop);
	return XDP_DROP;
}

/* Whether a frame is one that the balancer looks at; its packet to @view. */
static bool view_frame(struct xdp_buff *xdp, struct bfly_view *view)
{
	const struct ethhdr *eth = xdp->data;

	if (xdp->data + ETH_HLEN > xdp->data_end || xdp_buff_has_frags(xdp) ||
	    !ether_addr_equal_64bits(eth->h_dest, xdp->rxq->dev->dev_addr))
		return false;
	view->data = (const u8 *)(eth + 1);
	view->linear = xdp->data_end - xdp->data - ETH_HLEN;
	view->len = view->linear;
	view->protocol = eth->h_proto;
	view->skb = NULL;
	return true;
}

int bfly_balance_xdp(struct bfly_switch *sw, struct xdp_buff *xdp)
{
	const struct bfly_vip *vip;
	struct bfly_balanced pkt __uninitialized;
	enum bfly_drop drop;

	if (!view_frame(xdp, &pkt.view))
		return XDP_PASS;
	vip = bfly_balance_vip(sw, &pkt.view);
	if (!vip)
		return XDP_PASS;
	drop = bfly_parse_view(&pkt.view, &pkt.parsed);
	if (likely(!drop))
		return balance(sw, vip, xdp, &pkt);
	bfly_drop_xdp(sw, xdp->rxq->dev, drop);
	return XDP_DROP;
}
