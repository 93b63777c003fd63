/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BFLY_COMPAT_NET_IP6_FIB_H
#define _BFLY_COMPAT_NET_IP6_FIB_H

#include_next <net/ip6_fib.h>

/* 6.10, and some stable kernels */
#ifndef dst_rt6_info
#define dst_rt6_info(ptr)	container_of_const(ptr, struct rt6_info, dst)
#endif

#endif /* _BFLY_COMPAT_NET_IP6_FIB_H */
