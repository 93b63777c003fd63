/* SPDX-License-Identifier: GPL-2.0 */
/* Until 6.5 what is in it was part of linux/skbuff.h. */
#ifndef _BFLY_COMPAT_NET_GSO_H
#define _BFLY_COMPAT_NET_GSO_H

#include <linux/skbuff.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#include_next <net/gso.h>
#endif

#endif /* _BFLY_COMPAT_NET_GSO_H */
