/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Switches of a device that were feature bits before. They are only ever set to
 * true, and what is assigned ends in a nameless variable. And what it does at XDP.
 */
#ifndef _BFLY_COMPAT_LINUX_NETDEVICE_H
#define _BFLY_COMPAT_LINUX_NETDEVICE_H

#include <linux/version.h>
#include_next <linux/netdevice.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define lltx		features |= NETIF_F_LLTX, (bool){ false }
#define netns_immutable	features |= NETIF_F_NETNS_LOCAL, (bool){ false }
#elif LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 114) || \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0) && \
	 LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0))
#define netns_immutable	netns_local
#endif

/* Before 6.3 a device did not tell what it can do at XDP. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#define NETDEV_XDP_ACT_NDO_XMIT		0
#define bfly_compat_xdp_features(dev)	0
#else
#define bfly_compat_xdp_features(dev)	READ_ONCE((dev)->xdp_features)
#endif

#endif /* _BFLY_COMPAT_LINUX_NETDEVICE_H */
