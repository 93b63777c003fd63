/* SPDX-License-Identifier: GPL-2.0 */
/* Ways to hosts on the underlay: peers of tunnels, backends of pools. */
#ifndef _BFLY_ROUTE_H
#define _BFLY_ROUTE_H

#include <linux/if_vlan.h>
#include <linux/in6.h>
#include <linux/jiffies.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/unaligned.h>
#include <net/dst.h>
#include <net/gso.h>

#include "addr.h"
#include "drop.h"
#include "encap.h"
#include "switch.h"
#include "watch.h"

/**
 * struct bfly_path - how packets get to a host
 * @dst: route to the host; a reference is held, users take none; fixed
 * @cookie: of IPv6 routes, see dst_check(); fixed
 * @saddr: source address for a tunnel, of the host's family; fixed
 * @direct: there is no gateway on the way; fixed
 * @ethernet: frames have a plain Ethernet header; fixed
 * @special: IPsec or a lightweight tunnel has to see the packets; fixed
 * @plain: @ethernet and not @special; fixed
 * @known: jiffies32 when what follows was true, see bfly_route_next(); READ_ONCE
 * @seen: bfly_watch_sum() before it was looked up; READ_ONCE, written under
 *	&bfly_route.lock
 * @neigh: where changes of the next host are counted; the same
 * @mtu: of the route; the same
 * @mac: of the next host as bfly_mac_pack() packs it, as it is configured or as
 *	the neighbour table has it; 0 while it is not known. The same
 * @outer: outer header of tunnels to the host; fixed
 * @rcu: to free it
 */
struct bfly_path {
	struct dst_entry *dst;
	u32 cookie;
	bool direct;
	bool ethernet;
	bool special;
	bool plain;
	u32 known;
	u32 seen;
	u32 mtu;
	const atomic_t *neigh;
	u64 mac;
	struct bfly_encap_base outer;
	struct in6_addr saddr;
	struct rcu_head rcu;
};

/**
 * struct bfly_route - what is known of the way to a host, or to a group of them
 * @path: the way, or NULL when it has to be found; RCU, written under @lock
 * @mac: MAC of the host as bfly_mac_pack() packs it, 0 to ask the neighbour table;
 *	READ_ONCE, see bfly_route_set_mac()
 * @oif: index of the netdev that it has to lead through, or 0; fixed
 * @lock: guards the rest against changes
 * @ended: no way is looked for any more; @lock
 */
struct bfly_route {
	struct bfly_path __rcu *path;
	u64 mac;
	int oif;
	spinlock_t lock; /* softirq takes it */
	bool ended;
};

/**
 * bfly_route_path() - the way to a host, looked up when it is not known
 * @sw: the switch, whose underlay addresses are the source
 * @route: what is known
 * @addr: the host's address, always the same for one @route
 * @proto: IP protocol that is spoken with it, 0 for any; IPPROTO_UDP means VXLAN
 *
 * Context: RCU read side, in which the path stays valid; softirq.
 * Return: the path, or NULL: the host is not to be reached.
 */
const struct bfly_path *bfly_route_path(struct bfly_switch *sw,
					struct bfly_route *route,
					const struct bfly_addr *addr, u8 proto);

/* A MAC in a u64, never 0, so that it is read and written at once. */
static inline u64 bfly_mac_pack(const u8 *mac)
{
	return BIT_ULL(63) | (u64)get_unaligned_le16(mac + 4) << 32 |
	       get_unaligned_le32(mac);
}

static inline void bfly_mac_unpack(u64 packed, u8 *mac)
{
	put_unaligned_le32(packed, mac);
	put_unaligned_le16(packed >> 32, mac + 4);
}

/*
 * What follows from the route of a new path, from its source address and from
 * where it leads; what has to be looked up is not known yet.
 */
void bfly_path_init(struct bfly_switch *sw, struct bfly_path *path,
		    const struct bfly_addr *addr);

/* Whether what was looked up still holds; see bfly_route_next(). */
static inline bool bfly_path_known(struct bfly_switch *sw,
				   struct bfly_path *path)
{
	u32 now = jiffies;

	/* pairs with smp_store_release() in bfly_route_look() */
	if (smp_load_acquire(&path->known) == now)
		return true;
	bfly_watch_poll(&sw->watch, dev_net(sw->dev), now);
	if (bfly_watch_sum(&sw->watch, READ_ONCE(path->neigh)) !=
	    READ_ONCE(path->seen))
		return false;
	WRITE_ONCE(path->known, now);
	return true;
}

/* See bfly_route_next(). */
const struct bfly_path *bfly_route_look(struct bfly_switch *sw,
					struct bfly_route *route,
					const struct bfly_addr *addr);

/**
 * bfly_route_next() - the way to a host and the next host on it
 * @sw: as above
 * @route: as above
 * @addr: as above
 *
 * Route, MTU and neighbour are looked up when they have changed, which is asked
 * once in a tick: what the kernel learns holds from the next tick on.
 *
 * Context: as above.
 * Return: the path, with @mtu and @mac that were true within the last tick, or
 * for an MTU that a router on the way has told, within a second; or
 * NULL.
 */
static inline const struct bfly_path *
bfly_route_next(struct bfly_switch *sw, struct bfly_route *route,
		const struct bfly_addr *addr)
{
	struct bfly_path *path = rcu_dereference(route->path);

	if (likely(path && bfly_path_known(sw, path)))
		return path;
	return bfly_route_look(sw, route, addr);
}

/* The MAC of the next host if that is configured, or 0. Context: as above. */
static inline u64 bfly_route_mac(const struct bfly_route *route,
				 const struct bfly_path *path)
{
	/* a gateway has one of its own */
	return path->direct ? READ_ONCE(route->mac) : 0;
}

/* Configure the MAC of the host, from the next packet on. Context: RTNL. */
void bfly_route_set_mac(struct bfly_route *route, u64 mac);

/* Look the way up anew, if it leads through @dev or @dev is NULL. */
void bfly_route_forget(struct bfly_route *route, const struct net_device *dev);

/* @oif: index of the netdev to lead through, which a group needs, or 0 */
void bfly_route_init(struct bfly_route *route, int oif);
/* Nobody finds a way any more: no device or namespace waits for the owner. */
void bfly_route_end(struct bfly_route *route);

/**
 * bfly_path_probe() - have the MAC of the next host on the way found or verified
 * @path: the way
 * @addr: where it leads
 *
 * Context: RCU read side, softirq or BH off.
 */
void bfly_path_probe(const struct bfly_path *path,
		     const struct bfly_addr *addr);

/**
 * bfly_path_output() - send a packet to the next host on the way
 * @path: the way
 * @addr: where it leads
 * @skb: the packet, skb->data at the network header of @addr's family, room for
 *	the link's header in front; consumed unless an error comes back
 *
 * The MAC is that of the kernel's neighbour table, which resolves it when it is
 * not known and follows its changes.
 *
 * Context: RCU read side, softirq.
 * Return: BFLY_PASS or BFLY_DROP_NO_ROUTE.
 */
enum bfly_drop bfly_path_output(const struct bfly_path *path,
				const struct bfly_addr *addr,
				struct sk_buff *skb);

/* The same by the host's IP output, which does all that a host can do. */
void bfly_path_output_host(struct bfly_switch *sw, const struct bfly_path *path,
			   struct sock *sk, struct sk_buff *skb);

/**
 * bfly_path_output_tunnel() - send a packet that the host itself has made
 * @sw: the switch
 * @path: the way
 * @addr: where it leads
 * @sk: the tunnel's socket, or NULL
 * @skb: as for bfly_path_output(), not larger than the path's MTU
 *
 * To the neighbour at once, unless netfilter, IPsec or a lightweight tunnel have
 * to see it first, or it is for the host itself.
 *
 * Context: RCU read side, softirq.
 * Return: BFLY_PASS or BFLY_DROP_NO_ROUTE.
 */
enum bfly_drop bfly_path_output_tunnel(struct bfly_switch *sw,
				       const struct bfly_path *path,
				       const struct bfly_addr *addr,
				       struct sock *sk, struct sk_buff *skb);

/**
 * bfly_host_filters() - does the host treat packets to itself in any way?
 * @net: the host's namespace
 * @family: AF_INET or AF_INET6
 *
 * By netfilter before or after routing, or by IPsec policies.
 */
bool bfly_host_filters(const struct net *net, u8 family);

/* Whether a packet, skb->data at its network header, goes through an MTU whole. */
static inline bool bfly_skb_fits(const struct sk_buff *skb, int mtu)
{
	if (unlikely(mtu <= 0))
		return false;
	if (skb_is_gso(skb))
		return skb_gso_validate_network_len(skb, mtu);
	return skb->len <= mtu;
}

/*
 * Whether a netdev is up and its MTU has room for a frame, skb->data at the MAC
 * header, or for each packet that it becomes.
 */
static inline bool bfly_dev_takes(const struct net_device *dev,
				  const struct sk_buff *skb)
{
	unsigned int mtu;

	if (unlikely(!is_skb_forwardable(dev, skb)))
		return false;
	if (likely(!skb_is_gso(skb)))
		return true;
	mtu = READ_ONCE(dev->mtu);
	/* a tag among the data is counted, and has room beside the MTU */
	if (eth_type_vlan(skb->protocol))
		mtu += VLAN_HLEN;
	return skb_gso_validate_network_len(skb, mtu);
}

#endif /* _BFLY_ROUTE_H */
