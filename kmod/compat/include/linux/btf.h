/* SPDX-License-Identifier: GPL-2.0 */
/* What marks a kfunc. */
#ifndef _BFLY_COMPAT_LINUX_BTF_H
#define _BFLY_COMPAT_LINUX_BTF_H

#include_next <linux/btf.h>

#ifndef __bpf_kfunc
#define __bpf_kfunc __used noinline
#endif

#ifndef __bpf_kfunc_start_defs
#define __bpf_kfunc_start_defs()					\
	__diag_push();							\
	__diag_ignore_all("-Wmissing-declarations",			\
			  "kfuncs are called by BPF alone");		\
	__diag_ignore_all("-Wmissing-prototypes",			\
			  "kfuncs are called by BPF alone")
#define __bpf_kfunc_end_defs() __diag_pop()
#endif

#endif /* _BFLY_COMPAT_LINUX_BTF_H */
