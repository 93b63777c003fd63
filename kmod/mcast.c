// SPDX-License-Identifier: GPL-2.0
#include "mcast.h"

#include <linux/igmp.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/ipv6.h>
#include <net/ipv6_stubs.h>

#include "device.h"
#include "port.h"
#include "socket.h"

const char *bfly_mcast_refuse_addr(const struct bfly_addr *addr)
{
	if (addr->family == AF_INET) {
		if (!ipv4_is_multicast(addr->ip4))
			return "the group is not a multicast address";
		if (ipv4_is_local_multicast(addr->ip4))
			return "224.0.0.0/24 is for the link's own protocols";
		return NULL;
	}
	if (!ipv6_addr_is_multicast(&addr->ip6))
		return "the group is not a multicast address";
	if (IPV6_ADDR_MC_SCOPE(&addr->ip6) < IPV6_ADDR_SCOPE_LINKLOCAL)
		return "packets to the group do not leave the host";
	if (ipv6_addr_is_ll_all_nodes(&addr->ip6) ||
	    ipv6_addr_is_ll_all_routers(&addr->ip6) ||
	    ipv6_addr_is_solict_mult(&addr->ip6))
		return "the group is for the link's own protocols";
	return NULL;
}

const char *bfly_mcast_refuse_dev(const struct net_device *dev)
{
	if (bfly_dev_is_switch(dev))
		return "a switch";
	if (bfly_port_of_dev(dev))
		return "a port of a switch";
	if (dev->flags & IFF_LOOPBACK)
		return "the loopback device";
	if (!(dev->flags & IFF_MULTICAST))
		return "a device without multicast";
	return NULL;
}

static bool is_v4(const struct bfly_mcast *mcast)
{
	return mcast->vtep.addr.family == AF_INET;
}

static int join(const struct bfly_mcast *mcast, struct sock *sk)
{
	struct ip_mreqn mreq = {
		.imr_multiaddr.s_addr = mcast->vtep.addr.ip4,
		.imr_ifindex = mcast->dev->ifindex,
	};
	int err;

	lock_sock(sk);
	if (is_v4(mcast))
		err = ip_mc_join_group(sk, &mreq);
	else
		err = ipv6_stub->ipv6_sock_mc_join(sk, mcast->dev->ifindex,
						   &mcast->vtep.addr.ip6);
	release_sock(sk);
	return err;
}

/* Of a netdev that is gone the socket alone has to be told. */
static void leave(const struct bfly_mcast *mcast, struct sock *sk)
{
	struct ip_mreqn mreq = {
		.imr_multiaddr.s_addr = mcast->vtep.addr.ip4,
		.imr_ifindex = mcast->dev->ifindex,
	};

	lock_sock(sk);
	if (is_v4(mcast))
		ip_mc_leave_group(sk, &mreq);
	else
		ipv6_stub->ipv6_sock_mc_drop(sk, mcast->dev->ifindex,
					     &mcast->vtep.addr.ip6);
	release_sock(sk);
}

static const char *join_error(const struct bfly_mcast *mcast, int err)
{
	switch (err) {
	case -EINVAL:
	case -ENODEV:
		return is_v4(mcast) ? "it has no IPv4" : "it has no IPv6";
	case -ENOBUFS:
		return "no more by sysctl igmp_max_memberships";
	default:
		return "the kernel refuses";
	}
}

static int refuse_family(const struct bfly_mcast *mcast,
			 struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG_FMT(extack, "the switch has no local %s address for a net's group",
			   is_v4(mcast) ? "IPv4" : "IPv6");
	return -EADDRNOTAVAIL;
}

/* Leaves before the socket is let go, which would take RTNL for it. */
static void member_end(const struct bfly_mcast *mcast,
		       struct bfly_mcast_member *member)
{
	if (!member->sock)
		return;
	leave(mcast, member->sock->sk);
	if (member->own)
		bfly_socket_release(member->sock);
	member->sock = NULL;
}

/*
 * What is bound to an address of the host gets nothing that is for a group, and
 * what is bound to none is in the way of another: @base, the switch's socket, is
 * the group's if it is bound to none, else the group has one of its own.
 */
static int member_begin(const struct bfly_mcast *mcast,
			const struct bfly_underlay *at, struct socket *base,
			struct bfly_mcast_member *member,
			struct netlink_ext_ack *extack)
{
	const struct bfly_addr *addr = &mcast->vtep.addr;
	struct socket *sock = base;
	bool own;
	int err;

	if (!base)
		return refuse_family(mcast, extack);
	own = !bfly_underlay_is_any(at, addr->family);
	if (own) {
		sock = bfly_socket_new(mcast->vtep.sw, addr,
				       mcast->dev->ifindex, at->port, extack);
		if (IS_ERR(sock))
			return PTR_ERR(sock);
	}
	err = join(mcast, sock->sk);
	if (err) {
		NL_SET_ERR_MSG_FMT(extack, "cannot join the group on %s: %s",
				   mcast->dev->name, join_error(mcast, err));
		if (own)
			bfly_socket_release(sock);
		return err;
	}
	member->sock = sock;
	member->own = own;
	return 0;
}

static struct bfly_mcast *mcast_find(const struct bfly_switch *sw,
				     const struct bfly_mcast_at *at)
{
	struct bfly_mcast *mcast;

	list_for_each_entry(mcast, &sw->mcasts, list)
		if (mcast->dev == at->dev &&
		    bfly_addr_equal(&mcast->vtep.addr, &at->addr))
			return mcast;
	return NULL;
}

static void mcast_free_rcu(struct rcu_head *head)
{
	struct bfly_vtep *vtep = container_of(head, struct bfly_vtep, rcu);

	bfly_vtep_fini(vtep);
	kfree(container_of(vtep, struct bfly_mcast, vtep));
}

static struct bfly_mcast *mcast_new(struct bfly_switch *sw,
				    const struct bfly_mcast_at *at,
				    struct netlink_ext_ack *extack)
{
	struct bfly_mcast *mcast = kzalloc(sizeof(*mcast), GFP_KERNEL_ACCOUNT);
	int err;

	if (!mcast)
		return ERR_PTR(-ENOMEM);
	err = bfly_vtep_init(&mcast->vtep, sw, &at->addr, at->dev->ifindex,
			     GFP_KERNEL_ACCOUNT);
	if (err)
		goto err_free;
	mcast->vtep.ttl = BFLY_MCAST_TTL;
	mcast->dev = at->dev;
	err = member_begin(mcast, &sw->underlay,
			   is_v4(mcast) ? rtnl_dereference(sw->sock4) :
					  rtnl_dereference(sw->sock6),
			   &mcast->member, extack);
	if (err)
		goto err_vtep;
	netdev_hold(mcast->dev, &mcast->dev_tracker, GFP_KERNEL);
	list_add_tail(&mcast->list, &sw->mcasts);
	return mcast;

err_vtep:
	bfly_vtep_fini(&mcast->vtep);
err_free:
	kfree(mcast);
	return ERR_PTR(err);
}

struct bfly_mcast *bfly_mcast_get(struct bfly_switch *sw,
				  const struct bfly_mcast_at *at,
				  struct netlink_ext_ack *extack)
{
	struct bfly_mcast *mcast;

	ASSERT_RTNL();
	mcast = mcast_find(sw, at) ?: mcast_new(sw, at, extack);
	if (!IS_ERR(mcast))
		mcast->nets++;
	return mcast;
}

void bfly_mcast_put(struct bfly_mcast *mcast)
{
	ASSERT_RTNL();
	if (--mcast->nets)
		return;
	member_end(mcast, &mcast->member);
	list_del(&mcast->list);
	netdev_put(mcast->dev, &mcast->dev_tracker);
	bfly_route_end(&mcast->vtep.route);
	call_rcu(&mcast->vtep.rcu, mcast_free_rcu);
}

void bfly_mcasts_forget(struct bfly_switch *sw, const struct net_device *dev)
{
	struct bfly_mcast *mcast;

	ASSERT_RTNL();
	list_for_each_entry(mcast, &sw->mcasts, list)
		bfly_route_forget(&mcast->vtep.route, dev);
}

int bfly_mcasts_check(const struct bfly_switch *sw,
		      const struct bfly_underlay *at,
		      struct netlink_ext_ack *extack)
{
	const struct bfly_mcast *mcast;

	ASSERT_RTNL();
	list_for_each_entry(mcast, &sw->mcasts, list)
		if (!bfly_underlay_has(at, mcast->vtep.addr.family))
			return refuse_family(mcast, extack);
	return 0;
}

/* The one that a group has now will do. */
static bool member_stays(const struct bfly_mcast *mcast,
			 const struct bfly_underlay *at)
{
	const struct bfly_underlay *is = &mcast->vtep.sw->underlay;

	return mcast->member.sock && mcast->member.own &&
	       at->port == is->port &&
	       !bfly_underlay_is_any(at, mcast->vtep.addr.family);
}

static void abandon(struct bfly_switch *sw)
{
	struct bfly_mcast *mcast;

	list_for_each_entry(mcast, &sw->mcasts, list) {
		if (mcast->next.sock != mcast->member.sock)
			member_end(mcast, &mcast->next);
		mcast->next.sock = NULL;
	}
}

int bfly_mcasts_prepare(struct bfly_switch *sw, const struct bfly_underlay *at,
			struct socket *sock4, struct socket *sock6,
			struct netlink_ext_ack *extack)
{
	struct bfly_mcast *mcast;
	int err;

	ASSERT_RTNL();
	list_for_each_entry(mcast, &sw->mcasts, list) {
		if (member_stays(mcast, at)) {
			mcast->next = mcast->member;
			continue;
		}
		err = member_begin(mcast, at, is_v4(mcast) ? sock4 : sock6,
				   &mcast->next, extack);
		if (err) {
			abandon(sw);
			return err;
		}
	}
	return 0;
}

void bfly_mcasts_publish(struct bfly_switch *sw)
{
	struct bfly_mcast *mcast;

	ASSERT_RTNL();
	list_for_each_entry(mcast, &sw->mcasts, list) {
		if (mcast->member.sock != mcast->next.sock)
			member_end(mcast, &mcast->member);
		mcast->member = mcast->next;
		mcast->next.sock = NULL;
	}
}
