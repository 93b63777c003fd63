/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BFLY_COMPAT_LINUX_NETLINK_H
#define _BFLY_COMPAT_LINUX_NETLINK_H

#include <linux/version.h>
#include_next <linux/netlink.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)

#include <linux/kernel.h>

#define NETLINK_MAX_FMTMSG_LEN 80

/* Memory for a formatted text, see netlink.c. */
char *bfly_compat_extack_text(void);

#define NL_SET_ERR_MSG_ATTR_FMT(extack, attr, fmt, args...) do {	\
	struct netlink_ext_ack *__ext = (extack);			\
									\
	if (__ext) {							\
		NL_SET_ERR_MSG_FMT(__ext, fmt, ##args);			\
		NL_SET_BAD_ATTR(__ext, attr);				\
	}								\
} while (0)

#define NL_SET_ERR_MSG_FMT(extack, fmt, args...) do {			\
	struct netlink_ext_ack *__extack = (extack);			\
	char *__text;							\
									\
	if (__extack) {							\
		__text = bfly_compat_extack_text();			\
		snprintf(__text, NETLINK_MAX_FMTMSG_LEN, fmt, ##args);	\
		do_trace_netlink_extack(__text);			\
		__extack->_msg = __text;				\
	}								\
} while (0)

#define NL_SET_ERR_MSG_FMT_MOD(extack, fmt, args...)	\
	NL_SET_ERR_MSG_FMT((extack), KBUILD_MODNAME ": " fmt, ##args)

#define NL_SET_ERR_MSG_WEAK(extack, msg) do {		\
	if ((extack) && !(extack)->_msg)		\
		NL_SET_ERR_MSG((extack), msg);		\
} while (0)

#define NL_SET_ERR_MSG_WEAK_MOD(extack, msg) do {	\
	if ((extack) && !(extack)->_msg)		\
		NL_SET_ERR_MSG_MOD((extack), msg);	\
} while (0)

#endif /* LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0) */

#endif /* _BFLY_COMPAT_LINUX_NETLINK_H */
