/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BFLY_COMPAT_NET_UDP_TUNNEL_H
#define _BFLY_COMPAT_NET_UDP_TUNNEL_H

#include <linux/version.h>
#include_next <net/udp_tunnel.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)

#include <net/inet_sock.h>
#include <net/ipv6.h>

static inline bool bfly_compat_sock_is_bound(const struct sock *sk)
{
#if IS_ENABLED(CONFIG_IPV6)
	if (sk->sk_family == AF_INET6)
		return !ipv6_addr_any(&sk->sk_v6_rcv_saddr);
#endif
	return inet_sk(sk)->inet_rcv_saddr;
}

/*
 * GRO looks for the socket of what it has merged by the inner addresses, finds
 * none that is bound to an address and spoils the packet. Nothing is merged then.
 */
static inline void
bfly_compat_setup_udp_tunnel_sock(struct net *net, struct socket *sock,
				  struct udp_tunnel_sock_cfg *cfg)
{
	if (bfly_compat_sock_is_bound(sock->sk)) {
		cfg->gro_receive = NULL;
		cfg->gro_complete = NULL;
	}
	setup_udp_tunnel_sock(net, sock, cfg);
}

#define setup_udp_tunnel_sock	bfly_compat_setup_udp_tunnel_sock

#elif LINUX_VERSION_CODE >= KERNEL_VERSION(7, 2, 0)

static inline void
bfly_compat_setup_udp_tunnel_sock(struct net *net, struct socket *sock,
				  struct udp_tunnel_sock_cfg *cfg)
{
	setup_udp_tunnel_sock(net, sock->sk, cfg);
}

static inline void bfly_compat_udp_tunnel_sock_release(struct socket *sock)
{
	udp_tunnel_sock_release(sock->sk);
}

#define setup_udp_tunnel_sock	bfly_compat_setup_udp_tunnel_sock
#define udp_tunnel_sock_release	bfly_compat_udp_tunnel_sock_release

#endif

#endif /* _BFLY_COMPAT_NET_UDP_TUNNEL_H */
