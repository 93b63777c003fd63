// SPDX-License-Identifier: GPL-2.0
#include "route.h"

#include <linux/jiffies.h>
#include <linux/netfilter.h>
#include <linux/slab.h>
#include <net/arp.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/ipv6_stubs.h>
#include <net/ndisc.h>
#include <net/route.h>

#include "host.h"
#include "switch.h"

static void path_free_rcu(struct rcu_head *rcu)
{
	struct bfly_path *path = container_of(rcu, struct bfly_path, rcu);

	dst_release(path->dst);
	kfree(path);
}

static void path_replace(struct bfly_route *route, struct bfly_path *path)
{
	struct bfly_path *old = rcu_replace_pointer(route->path, path,
						    lockdep_is_held(&route->lock));

	if (old)
		call_rcu(&old->rcu, path_free_rcu);
}

/* Of the kinds of route those to one host, or to a group by way of a netdev. */
static bool is_usable(const struct rtable *rt, int oif)
{
	return rt->rt_type == RTN_UNICAST || rt->rt_type == RTN_LOCAL ||
	       (oif && rt->rt_type == RTN_MULTICAST);
}

static struct dst_entry *find4(struct bfly_switch *sw,
			       const struct bfly_addr *addr, int oif, u8 proto,
			       struct bfly_path *path)
{
	struct flowi4 fl4 = {
		.flowi4_oif = oif,
		.daddr = addr->ip4,
		.saddr = READ_ONCE(sw->underlay.local4),
		.flowi4_proto = proto,
	};
	struct rtable *rt;

	if (proto == IPPROTO_UDP)
		fl4.fl4_dport = htons(sw->underlay.port);
	rt = ip_route_output_key(dev_net(sw->dev), &fl4);
	if (IS_ERR(rt))
		return NULL;
	if (!is_usable(rt, oif)) {
		ip_rt_put(rt);
		return NULL;
	}
	path->direct = !rt->rt_gw_family;
	path->saddr.s6_addr32[0] = fl4.saddr;
	return &rt->dst;
}

/* Through the stub, which refuses when IPv6 is disabled at boot. */
static struct dst_entry *find6(struct bfly_switch *sw,
			       const struct bfly_addr *addr, int oif, u8 proto,
			       struct bfly_path *path)
{
	struct flowi6 fl6 = {
		.flowi6_oif = oif,
		.daddr = addr->ip6,
		.saddr = sw->underlay.local6,
		.flowi6_proto = proto,
	};
	struct dst_entry *dst;
	struct rt6_info *rt;

	if (proto == IPPROTO_UDP)
		fl6.fl6_dport = htons(sw->underlay.port);
	dst = ipv6_stub->ipv6_dst_lookup_flow(dev_net(sw->dev), NULL, &fl6,
					      NULL);
	if (IS_ERR(dst))
		return NULL;
	rt = dst_rt6_info(dst);
	if (rt->rt6i_flags & (RTF_REJECT | RTF_ANYCAST)) {
		dst_release(dst);
		return NULL;
	}
	path->direct = !(rt->rt6i_flags & RTF_GATEWAY);
	path->saddr = fl6.saddr;
	path->cookie = rt6_get_cookie(rt);
	return dst;
}

/* Whether a frame's header is what eth_header() writes. */
static bool is_ethernet(const struct net_device *dev)
{
	return dev->header_ops && dev->header_ops->create == eth_header;
}

void bfly_path_init(struct bfly_switch *sw, struct bfly_path *path,
		    const struct bfly_addr *addr)
{
	struct dst_entry *dst = path->dst;

	path->ethernet = is_ethernet(dst->dev);
	path->special = dst_xfrm(dst) || dst->lwtstate;
	path->plain = path->ethernet && !path->special;
	path->known = (u32)jiffies - 1;
	path->neigh = bfly_watch_neigh(NULL);
	path->seen = bfly_watch_sum(&sw->watch, path->neigh) - 1;
	if (addr->family == AF_INET)
		bfly_encap_base4(&path->outer, path->saddr.s6_addr32[0],
				 addr->ip4);
	else
		bfly_encap_base6(&path->outer, &path->saddr, &addr->ip6);
}

static struct bfly_path *path_find(struct bfly_switch *sw,
				   const struct bfly_addr *addr, int oif,
				   u8 proto)
{
	struct bfly_path *path = kzalloc(sizeof(*path),
					 GFP_ATOMIC | __GFP_NOWARN);

	if (!path)
		return NULL;
	if (addr->family == AF_INET)
		path->dst = find4(sw, addr, oif, proto, path);
	else
		path->dst = find6(sw, addr, oif, proto, path);
	if (!path->dst)
		goto err_free_path;
	bfly_path_init(sw, path, addr);
	/* a host behind the switch itself: packets would go round */
	if (path->dst->dev == sw->dev)
		goto err_put_dst;
	return path;

err_put_dst:
	dst_release(path->dst);
err_free_path:
	kfree(path);
	return NULL;
}

static bool path_valid(const struct bfly_path *path)
{
	return path && dst_check(path->dst, path->cookie);
}

/*
 * The look-up is made under the lock, so that bfly_route_forget() also forgets
 * what was looked up before it.
 */
static struct bfly_path *path_renew(struct bfly_switch *sw,
				    struct bfly_route *route,
				    const struct bfly_addr *addr, u8 proto)
{
	struct bfly_path *path;

	spin_lock_bh(&route->lock);
	path = rcu_dereference_protected(route->path,
					 lockdep_is_held(&route->lock));
	if (!path_valid(path)) {
		path = route->ended ? NULL :
				      path_find(sw, addr, route->oif, proto);
		path_replace(route, path);
	}
	spin_unlock_bh(&route->lock);
	/* by another way something else may fit */
	if (path)
		bfly_host_update_mtu_soon(sw);
	return path;
}

static struct bfly_path *route_path(struct bfly_switch *sw,
				    struct bfly_route *route,
				    const struct bfly_addr *addr, u8 proto)
{
	struct bfly_path *path = rcu_dereference(route->path);

	return likely(path_valid(path)) ? path :
					  path_renew(sw, route, addr, proto);
}

const struct bfly_path *bfly_route_path(struct bfly_switch *sw,
					struct bfly_route *route,
					const struct bfly_addr *addr, u8 proto)
{
	return route_path(sw, route, addr, proto);
}

/* The neighbour that is next, if the kernel has it. */
static struct neighbour *next_neigh(const struct bfly_path *path,
				    const struct bfly_addr *addr)
{
	struct dst_entry *dst = path->dst;
	const struct rtable *rt;

	if (addr->family == AF_INET6)
		return __ipv6_neigh_lookup_noref_stub(dst->dev,
						      rt6_nexthop(dst_rt6_info(dst),
								  &addr->ip6));
	if (path->direct)
		return __ipv4_neigh_lookup_noref(dst->dev,
						 (__force u32)addr->ip4);
	rt = dst_rtable(dst);
	if (rt->rt_gw_family == AF_INET)
		return __ipv4_neigh_lookup_noref(dst->dev,
						 (__force u32)rt->rt_gw4);
	return __ipv6_neigh_lookup_noref_stub(dst->dev, &rt->rt_gw6);
}

static u64 neigh_mac(struct neighbour *neigh, const struct net_device *dev)
{
	u8 mac[ETH_ALEN];

	if (READ_ONCE(neigh->dead))
		return 0;
	/* one that is in doubt is asked again, and used while it may answer */
	if (!(READ_ONCE(neigh->nud_state) & NUD_CONNECTED) &&
	    neigh_event_send(neigh, NULL))
		return 0;
	neigh_ha_snapshot(mac, neigh, dev);
	return bfly_mac_pack(mac);
}

const struct bfly_path *bfly_route_look(struct bfly_switch *sw,
					struct bfly_route *route,
					const struct bfly_addr *addr)
{
	struct neighbour *neigh = NULL;
	const atomic_t *changes;
	struct bfly_path *path;
	u32 now = jiffies;
	u32 seen;
	u64 mac;

	/* changes are counted first: those from here on are not seen yet */
	bfly_watch_poll(&sw->watch, dev_net(sw->dev), now);
	seen = bfly_watch_count(&sw->watch.changes);
	path = route_path(sw, route, addr, 0);
	if (!path)
		return NULL;
	mac = bfly_route_mac(route, path);
	if (!mac && path->ethernet)
		neigh = next_neigh(path, addr);
	changes = bfly_watch_neigh(neigh);
	seen += bfly_watch_count(changes);
	if (neigh)
		mac = neigh_mac(neigh, path->dst->dev);

	/* all of one look, also where CPUs do this at once */
	spin_lock_bh(&route->lock);
	WRITE_ONCE(path->mtu, dst_mtu(path->dst));
	WRITE_ONCE(path->mac, mac);
	WRITE_ONCE(path->neigh, changes);
	/* while the MAC is not known it is looked for with each packet */
	WRITE_ONCE(path->seen, mac ? seen : seen - 1);
	/* pairs with smp_load_acquire() in bfly_path_known() */
	smp_store_release(&path->known, now - !mac);
	spin_unlock_bh(&route->lock);
	return path;
}

void bfly_route_forget(struct bfly_route *route, const struct net_device *dev)
{
	struct bfly_path *path;

	spin_lock_bh(&route->lock);
	path = rcu_dereference_protected(route->path,
					 lockdep_is_held(&route->lock));
	if (path && (!dev || path->dst->dev == dev))
		path_replace(route, NULL);
	spin_unlock_bh(&route->lock);
}

void bfly_route_set_mac(struct bfly_route *route, u64 mac)
{
	if (mac == route->mac)
		return;
	WRITE_ONCE(route->mac, mac);
	bfly_route_forget(route, NULL);
}

void bfly_route_init(struct bfly_route *route, int oif)
{
	route->oif = oif;
	route->mac = 0;
	RCU_INIT_POINTER(route->path, NULL);
	spin_lock_init(&route->lock);
	route->ended = false;
}

void bfly_route_end(struct bfly_route *route)
{
	spin_lock_bh(&route->lock);
	route->ended = true;
	path_replace(route, NULL);
	spin_unlock_bh(&route->lock);
}

/* The neighbour that a packet, with its outer header on, goes to next. */
static struct neighbour *path_neigh(const struct bfly_path *path,
				    const struct bfly_addr *addr,
				    struct sk_buff *skb, bool *foreign)
{
	struct dst_entry *dst = path->dst;

	*foreign = false;
	if (addr->family == AF_INET6)
		return ip_neigh_gw6(dst->dev, rt6_nexthop(dst_rt6_info(dst),
							  &addr->ip6));
	if (path->direct)
		return ip_neigh_gw4(dst->dev, addr->ip4);
	return ip_neigh_for_gw(dst_rtable(dst), skb, foreign);
}

void bfly_path_probe(const struct bfly_path *path, const struct bfly_addr *addr)
{
	struct neighbour *neigh;
	bool foreign;

	if (path->dst->dev->flags & IFF_LOOPBACK)
		return;
	/* the packet tells where to only if there is no gateway */
	neigh = path_neigh(path, addr, NULL, &foreign);
	if (!IS_ERR(neigh))
		neigh_event_send(neigh, NULL);
}

enum bfly_drop bfly_path_output(const struct bfly_path *path,
				const struct bfly_addr *addr,
				struct sk_buff *skb)
{
	struct neighbour *neigh;
	bool foreign;

	skb->dev = path->dst->dev;
	neigh = path_neigh(path, addr, skb, &foreign);
	if (IS_ERR(neigh))
		return BFLY_DROP_NO_ROUTE;
	/* a cached header is of the gateway's family */
	neigh_output(neigh, skb, foreign);
	return BFLY_PASS;
}

void bfly_path_output_host(struct bfly_switch *sw, const struct bfly_path *path,
			   struct sock *sk, struct sk_buff *skb)
{
	struct net *net = dev_net(sw->dev);

	skb_dst_set(skb, dst_clone(path->dst));
	memset(skb->cb, 0, sizeof(skb->cb));
	if (skb->protocol == htons(ETH_P_IP))
		ip_local_out(net, sk, skb);
	else
		ip6_local_out(net, sk, skb);
}

#ifdef CONFIG_NETFILTER
static bool is_hooked(const struct net *net, u8 family, unsigned int hook)
{
	return family == AF_INET ? rcu_access_pointer(net->nf.hooks_ipv4[hook]) :
				   rcu_access_pointer(net->nf.hooks_ipv6[hook]);
}
#else
static bool is_hooked(const struct net *net, u8 family, unsigned int hook)
{
	return false;
}
#endif

bool bfly_host_filters(const struct net *net, u8 family)
{
#ifdef CONFIG_XFRM
	if (net->xfrm.policy_count[XFRM_POLICY_IN])
		return true;
#endif
	return is_hooked(net, family, NF_INET_PRE_ROUTING) ||
	       is_hooked(net, family, NF_INET_LOCAL_IN);
}

/* Whether the host's output has a task of its own before it finds the neighbour. */
static bool needs_host(const struct net *net, const struct bfly_path *path,
		       u8 family)
{
	return path->special || path->dst->dev->flags & IFF_LOOPBACK ||
	       is_hooked(net, family, NF_INET_LOCAL_OUT);
}

/* What the hooks after routing have let pass, maybe with other addresses. */
static int output_routed(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct dst_entry *dst = skb_dst(skb);
	struct neighbour *neigh;
	bool foreign = false;
	int err;

	rcu_read_lock();
	if (skb->protocol == htons(ETH_P_IP))
		neigh = ip_neigh_for_gw(dst_rtable(dst), skb, &foreign);
	else
		neigh = ip_neigh_gw6(dst->dev,
				     rt6_nexthop(dst_rt6_info(dst),
						 &ipv6_hdr(skb)->daddr));
	if (IS_ERR(neigh)) {
		kfree_skb(skb);
		err = PTR_ERR(neigh);
	} else {
		err = neigh_output(neigh, skb, foreign);
	}
	rcu_read_unlock();
	return err;
}

enum bfly_drop bfly_path_output_tunnel(struct bfly_switch *sw,
				       const struct bfly_path *path,
				       const struct bfly_addr *addr,
				       struct sock *sk, struct sk_buff *skb)
{
	struct net *net = dev_net(sw->dev);
	struct dst_entry *dst = path->dst;

	if (unlikely(needs_host(net, path, addr->family))) {
		bfly_path_output_host(sw, path, sk, skb);
		return BFLY_PASS;
	}
	/* there is one on most hosts: AppArmor's, which minds its own marks */
	if (!is_hooked(net, addr->family, NF_INET_POST_ROUTING))
		return bfly_path_output(path, addr, skb);
	skb->dev = dst->dev;
	skb_dst_set_noref(skb, dst);
	memset(skb->cb, 0, sizeof(skb->cb));
	NF_HOOK(addr->family == AF_INET ? NFPROTO_IPV4 : NFPROTO_IPV6,
		NF_INET_POST_ROUTING, net, sk, skb, NULL, dst->dev,
		output_routed);
	return BFLY_PASS;
}
