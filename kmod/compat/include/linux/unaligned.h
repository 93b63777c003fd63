/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BFLY_COMPAT_LINUX_UNALIGNED_H
#define _BFLY_COMPAT_LINUX_UNALIGNED_H

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include_next <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#endif /* _BFLY_COMPAT_LINUX_UNALIGNED_H */
