// SPDX-License-Identifier: GPL-2.0
#include <linux/atomic.h>
#include <linux/netlink.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)

#define TEXTS 256

/*
 * Formatted extack texts, where struct netlink_ext_ack has no room for them.
 * A text is read when the answer to its request is built, soon after the
 * handler returns; by then it is overwritten only if 255 others were refused in
 * between, and then another text is told. The last byte of each is always 0.
 */
static char bfly_compat_texts[TEXTS][NETLINK_MAX_FMTMSG_LEN];
static atomic_t bfly_compat_next = ATOMIC_INIT(0);

char *bfly_compat_extack_text(void)
{
	unsigned int i = atomic_inc_return(&bfly_compat_next);

	return bfly_compat_texts[i % TEXTS];
}

#endif /* LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0) */
