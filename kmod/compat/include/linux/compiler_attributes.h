/* SPDX-License-Identifier: GPL-2.0 */
/* Attributes that not all kernels know. */
#ifndef _BFLY_COMPAT_LINUX_COMPILER_ATTRIBUTES_H
#define _BFLY_COMPAT_LINUX_COMPILER_ATTRIBUTES_H

#include <linux/version.h>
#include_next <linux/compiler_attributes.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0) && !defined(__counted_by)
#define __counted_by(member)
#endif

/*
 * A variable that is written before it is read on every way: where the kernel is
 * built to clear all others (INIT_STACK_ALL_ZERO) that would cost a store for
 * each eight bytes of it, packet by packet.
 */
#ifndef __uninitialized
#if __has_attribute(__uninitialized__)
#define __uninitialized		__attribute__((__uninitialized__))
#else
#define __uninitialized
#endif
#endif

#endif /* _BFLY_COMPAT_LINUX_COMPILER_ATTRIBUTES_H */
