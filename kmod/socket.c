// SPDX-License-Identifier: GPL-2.0
#include "socket.h"

#include <net/udp_tunnel.h>

#include "mcast.h"
#include "vxlan.h"

/* The sockets of a switch; NULL for a family that it does not use. */
struct sockets {
	struct socket *v4;
	struct socket *v6;
};

/* Only what was joined is heard, and what is sent is not. */
static void set_multicast(struct sock *sk)
{
	inet_clear_bit(MC_ALL, sk);
	if (sk->sk_family != AF_INET6)
		return;
	inet6_clear_bit(MC6_ALL, sk);
	inet6_clear_bit(MC6_LOOP, sk);
}

static struct socket *open_one(struct bfly_switch *sw,
			       const struct bfly_addr *addr, int ifindex,
			       u16 number)
{
	struct udp_tunnel_sock_cfg tunnel = {
		.sk_user_data = sw,
		.encap_type = 1,
		.encap_rcv = bfly_vxlan_receive,
		.encap_err_lookup = bfly_vxlan_error,
		.gro_receive = bfly_vxlan_gro_receive,
		.gro_complete = bfly_vxlan_gro_complete,
	};
	struct udp_port_cfg port = {
		.family = addr->family,
		.bind_ifindex = ifindex,
		.local_udp_port = htons(number),
		.ipv6_v6only = addr->family == AF_INET6,
	};
	struct net *net = dev_net(sw->dev);
	struct socket *sock;
	int err;

	if (addr->family == AF_INET)
		port.local_ip.s_addr = addr->ip4;
	else
		port.local_ip6 = addr->ip6;
	err = udp_sock_create(net, &port, &sock);
	if (err)
		return ERR_PTR(err);
	setup_udp_tunnel_sock(net, sock, &tunnel);
	set_multicast(sock->sk);
	return sock;
}

static const char *bind_error(int err)
{
	switch (err) {
	case -EADDRINUSE:
		return "another switch or socket has it";
	case -EADDRNOTAVAIL:
		return "the local address is not on this host";
	default:
		return "the kernel refuses";
	}
}

struct socket *bfly_socket_new(struct bfly_switch *sw,
			       const struct bfly_addr *addr, int ifindex,
			       u16 port, struct netlink_ext_ack *extack)
{
	struct socket *sock = open_one(sw, addr, ifindex, port);

	if (IS_ERR(sock))
		NL_SET_ERR_MSG_FMT(extack, "cannot bind %s UDP port %u: %s",
				   addr->family == AF_INET ? "IPv4" : "IPv6",
				   port, bind_error(PTR_ERR(sock)));
	return sock;
}

/* What packets under way reach is freed by RCU, so none are waited for. */
void bfly_socket_release(struct socket *sock)
{
	rcu_assign_sk_user_data(sock->sk, NULL);
	kernel_sock_shutdown(sock, SHUT_RDWR);
	sock_release(sock);
}

static int open_family(struct bfly_switch *sw, const struct bfly_underlay *at,
		       int family, struct socket **where,
		       struct netlink_ext_ack *extack)
{
	struct bfly_addr addr = { .family = family };
	struct socket *sock;

	if (family == AF_INET)
		addr.ip4 = at->local4;
	else
		addr.ip6 = at->local6;
	sock = bfly_socket_new(sw, &addr, 0, at->port, extack);
	/* the kernel may do without IPv6; so may a switch that was not told */
	if (family == AF_INET6 && ipv6_addr_any(&at->local6) &&
	    (sock == ERR_PTR(-EAFNOSUPPORT) || sock == ERR_PTR(-EPFNOSUPPORT))) {
		if (extack)
			extack->_msg = NULL;
		return 0;
	}
	if (IS_ERR(sock))
		return PTR_ERR(sock);
	*where = sock;
	return 0;
}

static void release(struct socket *sock, const struct socket *keep)
{
	if (sock && sock != keep)
		udp_tunnel_sock_release(sock);
}

/* Fills in what @socks, those that stay as they are, does not have. */
static int open_missing(struct bfly_switch *sw, const struct bfly_underlay *at,
			struct sockets *socks, struct netlink_ext_ack *extack)
{
	struct sockets kept = *socks;
	int err = 0;

	if (bfly_underlay_has(at, AF_INET) && !socks->v4)
		err = open_family(sw, at, AF_INET, &socks->v4, extack);
	if (!err && bfly_underlay_has(at, AF_INET6) && !socks->v6)
		err = open_family(sw, at, AF_INET6, &socks->v6, extack);
	if (!err)
		err = bfly_mcasts_prepare(sw, at, socks->v4, socks->v6, extack);
	if (!err)
		return 0;
	release(socks->v4, kept.v4);
	release(socks->v6, kept.v6);
	*socks = kept;
	return err;
}

/* What the packets find from now on; closes what is not among it. */
static void publish(struct bfly_switch *sw, const struct bfly_underlay *at,
		    const struct sockets *socks)
{
	struct socket *old4 = rtnl_dereference(sw->sock4);
	struct socket *old6 = rtnl_dereference(sw->sock6);

	RCU_INIT_POINTER(sw->sock4, NULL);
	RCU_INIT_POINTER(sw->sock6, NULL);
	/* those who send hold the sockets by RCU alone */
	synchronize_net();
	sw->underlay = *at;
	rcu_assign_pointer(sw->sock4, socks->v4);
	rcu_assign_pointer(sw->sock6, socks->v6);
	bfly_mcasts_publish(sw);
	release(old4, socks->v4);
	release(old6, socks->v6);
}

int bfly_sockets_open(struct bfly_switch *sw, struct netlink_ext_ack *extack)
{
	struct bfly_underlay at = sw->underlay;
	struct sockets socks = {};
	int err;

	ASSERT_RTNL();
	err = open_missing(sw, &at, &socks, extack);
	if (!err)
		publish(sw, &at, &socks);
	return err;
}

void bfly_sockets_close(struct bfly_switch *sw)
{
	struct bfly_underlay at = sw->underlay;

	publish(sw, &at, &(struct sockets){});
}

/* Sockets that are open and that the new underlay has, too. */
static struct sockets in_common(const struct bfly_switch *sw,
				const struct bfly_underlay *at)
{
	const struct bfly_underlay *is = &sw->underlay;
	struct sockets socks = {};

	if (at->port != is->port)
		return socks;
	if (at->local4 && at->local4 == is->local4)
		socks.v4 = rtnl_dereference(sw->sock4);
	if (!ipv6_addr_any(&at->local6) &&
	    ipv6_addr_equal(&at->local6, &is->local6))
		socks.v6 = rtnl_dereference(sw->sock6);
	return socks;
}

int bfly_sockets_move(struct bfly_switch *sw, const struct bfly_underlay *at,
		      struct netlink_ext_ack *extack)
{
	struct sockets socks = in_common(sw, at);
	int err;

	ASSERT_RTNL();
	err = bfly_mcasts_check(sw, at, extack);
	if (err)
		return err;
	err = open_missing(sw, at, &socks, extack);
	if (err == -EADDRINUSE && at->port == sw->underlay.port) {
		/* any address is in the way of one, and one in that of any */
		bfly_sockets_close(sw);
		memset(&socks, 0, sizeof(socks));
		err = open_missing(sw, at, &socks, extack);
		if (err && bfly_sockets_open(sw, NULL))
			netdev_err(sw->dev, "cannot open the sockets again\n");
		/* nor is what was in the way worth a warning */
		if (!err && extack)
			extack->_msg = NULL;
	}
	if (!err)
		publish(sw, at, &socks);
	return err;
}

bool bfly_sockets_are_open(const struct bfly_switch *sw)
{
	return rcu_access_pointer(sw->sock4) || rcu_access_pointer(sw->sock6);
}
