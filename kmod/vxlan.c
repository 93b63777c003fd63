// SPDX-License-Identifier: GPL-2.0
#include "vxlan.h"

#include <linux/etherdevice.h>
#include <linux/hash.h>
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>
#include <linux/unaligned.h>
#include <net/dsfield.h>
#include <net/gro.h>
#include <net/gso.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ip_tunnels.h>
#include <net/ipv6_stubs.h>
#include <net/udp_tunnel.h>
#include <net/vxlan.h>

#include "encap.h"
#include "fdb.h"
#include "forward.h"
#include "outer.h"
#include "peer.h"
#include "remote.h"
#include "too_big.h"
#include "vlan.h"

#define VXLAN_OVERHEAD	(sizeof(struct udphdr) + sizeof(struct vxlanhdr))

/*
 * Who sent the packet; the outer headers are still in front of skb->data.
 * Returns the outer type of service.
 */
static u8 outer_source(const struct sk_buff *skb, struct bfly_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (ip_hdr(skb)->version == 4) {
		addr->family = AF_INET;
		addr->ip4 = ip_hdr(skb)->saddr;
		return ip_hdr(skb)->tos;
	}
	addr->family = AF_INET6;
	addr->ip6 = ipv6_hdr(skb)->saddr;
	return ipv6_get_dsfield(ipv6_hdr(skb));
}

/* From the UDP header to the inner network header. */
static enum bfly_drop decapsulate(struct bfly_switch *sw, struct sk_buff *skb,
				  u32 *vni)
{
	const struct vxlanhdr *vxh;

	if (!pskb_may_pull(skb, VXLAN_OVERHEAD))
		return BFLY_DROP_VXLAN_HEADER;
	vxh = (const struct vxlanhdr *)(udp_hdr(skb) + 1);
	/* RFC 7348, 5: reserved bits are ignored on receipt */
	if (!(vxh->vx_flags & VXLAN_HF_VNI))
		return BFLY_DROP_VXLAN_HEADER;
	*vni = be32_to_cpu(vxlan_vni(vxh->vx_vni));

	/* which pulls the inner Ethernet header, too */
	if (iptunnel_pull_header(skb, VXLAN_OVERHEAD, htons(ETH_P_TEB), false))
		return BFLY_DROP_MALFORMED;
	skb_reset_mac_header(skb);
	skb->protocol = eth_type_trans(skb, sw->dev);
	skb_postpull_rcsum(skb, eth_hdr(skb), ETH_HLEN);
	skb_reset_network_header(skb);
	/* it is the outer one still, and the way out of a GSO packet reads it */
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		skb_set_transport_header(skb, skb_checksum_start_offset(skb));
	else
		skb_reset_transport_header(skb);
	return BFLY_PASS;
}

/* A peer whose MACs are not in the table is looked up once more. */
static void count_received(struct bfly_net *net, struct bfly_vtep *vtep,
			   const struct bfly_addr *peer, unsigned int bytes)
{
	bfly_count_rx(net->outside, bytes);
	if (unlikely(!vtep))
		vtep = bfly_vtep_find(net->sw, peer);
	if (likely(vtep))
		bfly_count_rx(vtep->counters, bytes);
}

/* Takes a packet into its net: skb->data at the UDP header. Consumes it. */
static void take_in(struct bfly_switch *sw, struct sk_buff *skb)
{
	struct bfly_vtep *vtep;
	struct bfly_addr peer;
	struct bfly_net *net;
	enum bfly_drop drop;
	bool foreign;
	u32 vni;
	u8 tos;

	tos = outer_source(skb, &peer);
	drop = decapsulate(sw, skb, &vni) ?: bfly_outer_ecn(skb, tos);
	if (drop)
		goto drop;
	net = bfly_net_find_vni(sw, vni);
	drop = BFLY_DROP_UNKNOWN_VNI;
	if (!net)
		goto drop;
	if (unlikely(READ_ONCE(net->conf.strict)) &&
	    !bfly_peer_known(net, &peer)) {
		count_received(net, NULL, &peer, skb->len + ETH_HLEN);
		bfly_outside_drop(net, skb, BFLY_DROP_UNKNOWN_PEER);
		return;
	}
	foreign = bfly_fdb_learn(net, eth_hdr(skb)->h_source, &peer, &vtep);
	count_received(net, vtep, &peer, skb->len + ETH_HLEN);
	if (unlikely(!foreign)) {
		bfly_outside_drop(net, skb, BFLY_DROP_SPOOFED_MAC);
		return;
	}
	bfly_outside_forward(net, skb);
	return;

drop:
	bfly_drop(sw, skb, drop);
}

int bfly_vxlan_receive(struct sock *sk, struct sk_buff *skb)
{
	struct bfly_switch *sw = rcu_dereference_sk_user_data(sk);

	/* of a datagram that UDP has split the next part hangs on, its own yet */
	skb_mark_not_on_list(skb);
	if (sw)
		take_in(sw, skb);
	else
		kfree_skb(skb);
	return 0;
}

/*
 * Before the packet comes to anybody: the NIC's NAPI merges it with others of its
 * inner flow, if their outer and VXLAN headers are alike.
 */
struct sk_buff *bfly_vxlan_gro_receive(struct sock *sk,
				       struct list_head *head,
				       struct sk_buff *skb)
{
	unsigned int off = skb_gro_offset(skb);
	const struct vxlanhdr *vxh, *other;
	struct sk_buff *done = NULL;
	struct sk_buff *held;
	bool flush = true;

	vxh = skb_gro_header(skb, off + sizeof(*vxh), off);
	if (unlikely(!vxh))
		goto out;
	list_for_each_entry(held, head, list) {
		if (!NAPI_GRO_CB(held)->same_flow)
			continue;
		other = (const struct vxlanhdr *)(held->data + off);
		if (vxh->vx_flags != other->vx_flags ||
		    vxh->vx_vni != other->vx_vni)
			NAPI_GRO_CB(held)->same_flow = 0;
	}
	skb_gro_pull(skb, sizeof(*vxh));
	skb_gro_postpull_rcsum(skb, vxh, sizeof(*vxh));
	done = call_gro_receive(eth_gro_receive, head, skb);
	flush = false;
out:
	skb_gro_flush_final(skb, done, flush);
	return done;
}

int bfly_vxlan_gro_complete(struct sock *sk, struct sk_buff *skb, int off)
{
	return eth_gro_complete(skb, off + sizeof(struct vxlanhdr));
}

/* The packet's UDP header, if all of the packet is there and nothing else. */
static const struct udphdr *outer_udp(struct sk_buff *skb, unsigned int off,
				      unsigned int end)
{
	const struct udphdr *uh;

	if (end > skb->len || end < off + VXLAN_OVERHEAD)
		return NULL;
	/* Ethernet pads short frames, and a GSO packet's lengths may not be set */
	if (skb_is_gso(skb) ? end != skb->len : pskb_trim_rcsum(skb, end))
		return NULL;
	if (!pskb_may_pull(skb, off + VXLAN_OVERHEAD))
		return NULL;
	uh = (const struct udphdr *)(skb->data + off);
	return ntohs(uh->len) == end - off ? uh : NULL;
}

/* Offset of the UDP header of a packet that the host would give to our socket, or 0. */
static unsigned int for_us4(const struct bfly_switch *sw, struct sk_buff *skb)
{
	const struct iphdr *ip = ip_hdr(skb);
	struct in_device *in_dev;
	const struct udphdr *uh;

	if (!pskb_may_pull(skb, sizeof(*ip)))
		return 0;
	ip = ip_hdr(skb);
	if (!sw->underlay.local4 || ip->daddr != sw->underlay.local4 ||
	    *(const u8 *)ip != 0x45 || ip->protocol != IPPROTO_UDP ||
	    ip_is_fragment(ip) || ip_fast_csum(ip, 5))
		return 0;
	in_dev = __in_dev_get_rcu(skb->dev);
	if (!in_dev || IN_DEV_RPFILTER(in_dev))
		return 0;
	uh = outer_udp(skb, sizeof(*ip), ntohs(ip->tot_len));
	if (!uh || uh->dest != htons(sw->underlay.port) ||
	    (uh->check && !skb_csum_unnecessary(skb)))
		return 0;
	return sizeof(*ip);
}

static unsigned int for_us6(const struct bfly_switch *sw, struct sk_buff *skb)
{
	const struct ipv6hdr *ip;
	const struct udphdr *uh;

	if (!pskb_may_pull(skb, sizeof(*ip)))
		return 0;
	ip = ipv6_hdr(skb);
	if (ipv6_addr_any(&sw->underlay.local6) ||
	    !ipv6_addr_equal(&ip->daddr, &sw->underlay.local6) ||
	    ip->version != 6 || ip->nexthdr != IPPROTO_UDP)
		return 0;
	uh = outer_udp(skb, sizeof(*ip), sizeof(*ip) + ntohs(ip->payload_len));
	if (!uh || uh->dest != htons(sw->underlay.port) || !uh->check ||
	    !skb_csum_unnecessary(skb))
		return 0;
	return sizeof(*ip);
}

/* Of GSO packets those that came as one in a tunnel, or were merged in one. */
static bool is_one_datagram(const struct sk_buff *skb)
{
	return !skb_is_gso(skb) ||
	       skb_shinfo(skb)->gso_type & (SKB_GSO_UDP_TUNNEL |
					    SKB_GSO_UDP_TUNNEL_CSUM);
}

bool bfly_vxlan_uplink(struct bfly_switch *sw, struct sk_buff *skb)
{
	unsigned int off = 0;

	if (skb_vlan_tag_present(skb) || !is_one_datagram(skb))
		return false;
	if (skb->protocol == htons(ETH_P_IP) && rcu_access_pointer(sw->sock4) &&
	    !bfly_host_filters(dev_net(sw->dev), AF_INET))
		off = for_us4(sw, skb);
	else if (skb->protocol == htons(ETH_P_IPV6) &&
		 rcu_access_pointer(sw->sock6) &&
		 !bfly_host_filters(dev_net(sw->dev), AF_INET6))
		off = for_us6(sw, skb);
	if (!off)
		return false;
	skb_set_transport_header(skb, off);
	skb_pull_rcsum(skb, off);
	/* the NIC may have checked the outer checksum and not the inner one */
	__skb_decr_checksum_unnecessary(skb);
	take_in(sw, skb);
	return true;
}

static u64 mix(u64 hash, u64 word)
{
	return rol64(hash ^ word, 32) * GOLDEN_RATIO_64;
}

static bool has_ports(u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP ||
	       proto == IPPROTO_SCTP;
}

static u64 hash_ipv4(u64 hash, const struct iphdr *ip)
{
	hash = mix(hash, get_unaligned((const u64 *)&ip->saddr));
	/* all fragments of a packet go one way, and only the first has ports */
	if (ip->ihl != 5 || ip_is_fragment(ip) || !has_ports(ip->protocol))
		return mix(hash, ip->protocol);
	return mix(hash, get_unaligned((const u32 *)(ip + 1)));
}

static u64 hash_ipv6(u64 hash, const struct ipv6hdr *ip)
{
	hash = mix(hash, get_unaligned((const u64 *)&ip->saddr));
	hash = mix(hash, get_unaligned((const u64 *)&ip->saddr.s6_addr[8]));
	hash = mix(hash, get_unaligned((const u64 *)&ip->daddr));
	hash = mix(hash, get_unaligned((const u64 *)&ip->daddr.s6_addr[8]));
	if (!has_ports(ip->nexthdr))
		return mix(hash, ip->nexthdr);
	return mix(hash, get_unaligned((const u32 *)(ip + 1)));
}

/*
 * Hash of the inner flow, for the outer source port (RFC 7348, 5). What it cannot
 * tell apart, such as flows behind extension headers, shares a port.
 */
static u32 flow_hash(const struct sk_buff *skb)
{
	static u64 key __read_mostly;
	const void *data = skb->data;
	u64 hash;

	if (skb->l4_hash)
		return skb->hash;
	net_get_random_once(&key, sizeof(key));
	if (skb->protocol == htons(ETH_P_IP) &&
	    skb_headlen(skb) >= sizeof(struct iphdr) + 4)
		hash = hash_ipv4(key, data);
	else if (skb->protocol == htons(ETH_P_IPV6) &&
		 skb_headlen(skb) >= sizeof(struct ipv6hdr) + 4)
		hash = hash_ipv6(key, data);
	else
		hash = mix(mix(key, bfly_fdb_key(eth_hdr(skb)->h_dest)),
			   bfly_fdb_key(eth_hdr(skb)->h_source));
	return hash >> 32;
}

/* Room for the outer headers, offloads set for a tunnel, the frame at skb->data. */
static enum bfly_drop prepare(struct sk_buff *skb, const struct dst_entry *dst,
			      unsigned int outer_len, bool csum)
{
	__skb_push(skb, ETH_HLEN);
	skb_scrub_packet(skb, false);
	skb_clear_tstamp(skb);
	if (skb_cow_head(skb, LL_RESERVED_SPACE(dst->dev) + dst->header_len +
			      outer_len))
		return BFLY_DROP_NO_MEMORY;
	/* beside the data it would become one of the outer frame */
	if (unlikely(skb_vlan_tag_present(skb))) {
		if (!bfly_vlan_is_priority(skb) &&
		    __vlan_insert_tag(skb, skb->vlan_proto,
				      skb_vlan_tag_get(skb)))
			return BFLY_DROP_NO_MEMORY;
		__vlan_hwaccel_clear_tag(skb);
	}
	/* nothing to offload, as for most packets that are forwarded */
	if (!csum && skb->ip_summed != CHECKSUM_PARTIAL && !skb_is_gso(skb)) {
		skb->ip_summed = CHECKSUM_NONE;
		skb->encapsulation = 0;
		return BFLY_PASS;
	}
	if (udp_tunnel_handle_offloads(skb, csum))
		return BFLY_DROP_NO_MEMORY;
	skb_set_inner_protocol(skb, htons(ETH_P_TEB));
	return BFLY_PASS;
}

static void push_ipv4(struct bfly_net *net, const struct bfly_vtep *vtep,
		      const struct bfly_path *path, struct sk_buff *skb,
		      const struct bfly_encap *encap)
{
	u32 len = skb->len;

	bfly_encap_vxlan4(__skb_push(skb, BFLY_ENCAP_VXLAN4_LEN), encap,
			  path->saddr.s6_addr32[0], vtep->addr.ip4, net->vni,
			  len);
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, sizeof(struct iphdr));
	if (encap->csum)
		udp_set_csum(false, skb, path->saddr.s6_addr32[0],
			     vtep->addr.ip4, skb->len - sizeof(struct iphdr));
	skb->protocol = htons(ETH_P_IP);
	/* what may be fragmented on its way has to have a number */
	if (!encap->df)
		__ip_select_ident(dev_net(net->sw->dev), ip_hdr(skb),
				  bfly_skb_packets(skb));
}

static void push_ipv6(struct bfly_net *net, const struct bfly_vtep *vtep,
		      const struct bfly_path *path, struct sk_buff *skb,
		      const struct bfly_encap *encap)
{
	u32 len = skb->len;

	bfly_encap_vxlan6(__skb_push(skb, BFLY_ENCAP_VXLAN6_LEN), encap,
			  &path->saddr, &vtep->addr.ip6, net->vni, len);
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, sizeof(struct ipv6hdr));
	skb->protocol = htons(ETH_P_IPV6);
	udp6_set_csum(!encap->csum, skb, &path->saddr, &vtep->addr.ip6,
		      skb->len - sizeof(struct ipv6hdr));
}

static int outer_length(const struct bfly_addr *peer)
{
	return peer->family == AF_INET ? BFLY_ENCAP_VXLAN4_LEN :
					 BFLY_ENCAP_VXLAN6_LEN;
}

/* Largest packet that goes into the tunnel whole, from its IP header on. */
static int tunnel_mtu(const struct bfly_net *net, const struct dst_entry *dst,
		      int outer_len)
{
	int mtu = (int)dst_mtu(dst) - outer_len - ETH_HLEN;
	int limit = READ_ONCE(net->conf.mtu);

	return unlikely(limit) ? min(mtu, limit) : mtu;
}

static int remotes_mtu(const struct bfly_net *net)
{
	const struct bfly_path *path;
	const struct rb_node *node;
	struct bfly_vtep *vtep;
	int mtu = INT_MAX;

	for (node = rb_first(&net->remotes); node; node = rb_next(node)) {
		vtep = rb_entry(node, struct bfly_remote, node)->vtep;
		path = bfly_route_path(net->sw, &vtep->route, &vtep->addr,
				       IPPROTO_UDP);
		if (path)
			mtu = min(mtu, tunnel_mtu(net, path->dst,
						  outer_length(&vtep->addr)));
	}
	return mtu;
}

/* That of a NIC; an address on the loopback device tells nothing. */
static int local_mtu(const struct net_device *dev, int outer_len)
{
	if (IS_ERR_OR_NULL(dev) || dev->flags & IFF_LOOPBACK)
		return INT_MAX;
	return (int)dev->mtu - outer_len - ETH_HLEN;
}

static int locals_mtu(const struct bfly_switch *sw)
{
	const struct bfly_underlay *at = &sw->underlay;
	struct net *net = dev_net(sw->dev);
	int mtu = INT_MAX;

	if (at->local4)
		mtu = local_mtu(__ip_dev_find(net, at->local4, false),
				BFLY_ENCAP_VXLAN4_LEN);
	if (ipv6_addr_any(&at->local6))
		return mtu;
	return min(mtu, local_mtu(ipv6_stub->ipv6_dev_find(net, &at->local6,
							   NULL),
				  BFLY_ENCAP_VXLAN6_LEN));
}

unsigned int bfly_vxlan_mtu(const struct bfly_net *net)
{
	int mtu, limit = net->conf.mtu;

	ASSERT_RTNL();
	rcu_read_lock();
	mtu = remotes_mtu(net);
	if (mtu == INT_MAX)
		mtu = locals_mtu(net->sw);
	rcu_read_unlock();
	if (limit)
		mtu = min(mtu, limit);
	if (mtu == INT_MAX)
		return 0;
	return max(mtu, BFLY_MTU_MIN4);
}

/* Does in software what a packet left to be done, and sends what it becomes. */
static enum bfly_drop xmit_finished(struct bfly_net *net,
				    struct bfly_vtep *vtep, struct sk_buff *skb)
{
	struct sk_buff *segs, *next;
	enum bfly_drop drop;

	if (!skb_is_gso(skb)) {
		if (skb_checksum_help(skb))
			return BFLY_DROP_NO_MEMORY;
		return bfly_vxlan_xmit(net, vtep, skb);
	}
	__skb_push(skb, ETH_HLEN);
	segs = skb_gso_segment(skb, NETIF_F_SG | NETIF_F_HIGHDMA);
	if (IS_ERR_OR_NULL(segs))
		return BFLY_DROP_NO_MEMORY;
	consume_skb(skb);
	skb_list_walk_safe(segs, skb, next) {
		skb_mark_not_on_list(skb);
		__skb_pull(skb, ETH_HLEN);
		drop = bfly_vxlan_xmit(net, vtep, skb);
		if (drop)
			bfly_outside_lost(net, skb, drop);
	}
	return BFLY_PASS;
}

enum bfly_drop bfly_vxlan_xmit(struct bfly_net *net, struct bfly_vtep *vtep,
			       struct sk_buff *skb)
{
	struct bfly_switch *sw = net->sw;
	bool v4 = vtep->addr.family == AF_INET;
	int outer_len = outer_length(&vtep->addr);
	struct socket *sock = v4 ? rcu_dereference(sw->sock4) :
				   rcu_dereference(sw->sock6);
	struct bfly_encap encap = {
		.ttl = vtep->ttl,
		.dport = htons(sw->underlay.port),
	};
	unsigned int bytes = skb->len + ETH_HLEN;
	const struct bfly_path *path;
	enum bfly_drop drop;
	int mtu;

	/* no socket of this family: its local address is of the other */
	if (unlikely(!sock))
		return BFLY_DROP_NO_ROUTE;
	path = bfly_route_path(sw, &vtep->route, &vtep->addr, IPPROTO_UDP);
	if (unlikely(!path))
		return BFLY_DROP_NO_ROUTE;
	if (unlikely(skb_vlan_tag_present(skb)))
		outer_len += VLAN_HLEN;
	mtu = tunnel_mtu(net, path->dst, outer_len);
	encap.df = bfly_skb_fits(skb, mtu);
	if (unlikely(!encap.df) && bfly_too_big(net, skb, mtu))
		return BFLY_DROP_TOO_BIG;
	if (unlikely(bfly_outer_is_second(skb)))
		return xmit_finished(net, vtep, skb);
	encap.sport = bfly_encap_sport(flow_hash(skb));
	bfly_outer_fill(&net->conf, skb, v4, &encap);
	drop = prepare(skb, path->dst, outer_len, encap.csum);
	if (unlikely(drop))
		return drop;
	if (v4)
		push_ipv4(net, vtep, path, skb, &encap);
	else
		push_ipv6(net, vtep, path, skb, &encap);
	if (likely(encap.df)) {
		drop = bfly_path_output_tunnel(sw, path, &vtep->addr, sock->sk,
					       skb);
	} else {
		/* over IPv6 nobody but the sender takes a packet apart */
		skb->ignore_df = true;
		bfly_path_output_host(sw, path, sock->sk, skb);
	}
	if (likely(!drop)) {
		bfly_count_tx(net->outside, bytes);
		bfly_count_tx(vtep->counters, bytes);
	}
	return drop;
}

int bfly_vxlan_error(struct sock *sk, struct sk_buff *skb)
{
	struct bfly_switch *sw = rcu_dereference_sk_user_data(sk);
	const struct vxlanhdr *vxh;

	if (!sw || !pskb_may_pull(skb, skb_transport_offset(skb) +
				       VXLAN_OVERHEAD))
		return -EINVAL;
	vxh = (const struct vxlanhdr *)(udp_hdr(skb) + 1);
	if (!(vxh->vx_flags & VXLAN_HF_VNI) ||
	    !bfly_net_find_vni(sw, be32_to_cpu(vxlan_vni(vxh->vx_vni))))
		return -ENOENT;
	return 0;
}
