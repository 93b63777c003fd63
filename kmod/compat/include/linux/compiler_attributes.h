/* SPDX-License-Identifier: GPL-2.0 */
/* Early releases of 6.1 do not know the attribute, later ones do. */
#ifndef _BFLY_COMPAT_LINUX_COMPILER_ATTRIBUTES_H
#define _BFLY_COMPAT_LINUX_COMPILER_ATTRIBUTES_H

#include <linux/version.h>
#include_next <linux/compiler_attributes.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0) && !defined(__counted_by)
#define __counted_by(member)
#endif

#endif /* _BFLY_COMPAT_LINUX_COMPILER_ATTRIBUTES_H */
