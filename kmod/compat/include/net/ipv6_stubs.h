/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BFLY_COMPAT_NET_IPV6_STUBS_H
#define _BFLY_COMPAT_NET_IPV6_STUBS_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 2, 0)
#include_next <net/ipv6_stubs.h>
#else

/* IPv6 is no module any more: no stubs, but functions that are always there. */
#include <net/ipv6.h>

struct bfly_compat_ipv6_stub {
	struct dst_entry *(*ipv6_dst_lookup_flow)(struct net *net,
						  const struct sock *sk,
						  struct flowi6 *fl6,
						  const struct in6_addr *final);
	int (*ipv6_sock_mc_join)(struct sock *sk, int ifindex,
				 const struct in6_addr *addr);
	int (*ipv6_sock_mc_drop)(struct sock *sk, int ifindex,
				 const struct in6_addr *addr);
};

static const struct bfly_compat_ipv6_stub bfly_compat_ipv6_stub
__maybe_unused = {
	.ipv6_dst_lookup_flow = ip6_dst_lookup_flow,
	.ipv6_sock_mc_join = ipv6_sock_mc_join,
	.ipv6_sock_mc_drop = ipv6_sock_mc_drop,
};

#define ipv6_stub (&bfly_compat_ipv6_stub)

#endif /* LINUX_VERSION_CODE < KERNEL_VERSION(7, 2, 0) */

#endif /* _BFLY_COMPAT_NET_IPV6_STUBS_H */
