/* SPDX-License-Identifier: GPL-2.0 */
/* What marks a kfunc. */
#ifndef _BFLY_COMPAT_LINUX_BTF_H
#define _BFLY_COMPAT_LINUX_BTF_H

#include_next <linux/btf.h>

#ifndef __bpf_kfunc
#define __bpf_kfunc __used noinline
#endif

#endif /* _BFLY_COMPAT_LINUX_BTF_H */
