/* SPDX-License-Identifier: GPL-2.0 */
/* Sets of kfuncs have a mark of their own since 6.9. */
#ifndef _BFLY_COMPAT_LINUX_BTF_IDS_H
#define _BFLY_COMPAT_LINUX_BTF_IDS_H

#include_next <linux/btf_ids.h>

#ifndef BTF_KFUNCS_START
#define BTF_KFUNCS_START(name)	BTF_SET8_START(name)
#define BTF_KFUNCS_END(name)	BTF_SET8_END(name)
#endif

#endif /* _BFLY_COMPAT_LINUX_BTF_IDS_H */
