/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BFLY_COMPAT_NET_UDP_TUNNEL_H
#define _BFLY_COMPAT_NET_UDP_TUNNEL_H

#include <linux/version.h>
#include_next <net/udp_tunnel.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 2, 0)

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

#endif /* LINUX_VERSION_CODE >= KERNEL_VERSION(7, 2, 0) */

#endif /* _BFLY_COMPAT_NET_UDP_TUNNEL_H */
