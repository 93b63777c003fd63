/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BFLY_COMPAT_NET_ROUTE_H
#define _BFLY_COMPAT_NET_ROUTE_H

#include_next <net/route.h>

/* 6.10, and some stable kernels */
#ifndef dst_rtable
#define dst_rtable(ptr)		container_of_const(ptr, struct rtable, dst)
#endif

#endif /* _BFLY_COMPAT_NET_ROUTE_H */
