// SPDX-License-Identifier: LGPL-2.1
/* The handle: its socket, its error text. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <netlink/netlink.h>
#include <netlink/errno.h>
#include <netlink/genl/genl.h>
#include <netlink/genl/ctrl.h>
#include "core.h"

#ifndef BFLY_VERSION
#define BFLY_VERSION "unknown"
#endif

BFLY_API const char *bfly_version(void)
{
	return BFLY_VERSION;
}

BFLY_API struct bfly_ctl *bfly_ctl_new(void)
{
	struct bfly_ctl *ctl = calloc(1, sizeof(*ctl));

	if (ctl)
		ctl->fd = -1;
	return ctl;
}

BFLY_API void bfly_ctl_free(struct bfly_ctl *ctl)
{
	if (!ctl)
		return;
	nl_socket_free(ctl->monitor);
	nl_socket_free(ctl->sk);
	free(ctl);
}

BFLY_API const char *bfly_ctl_error(const struct bfly_ctl *ctl)
{
	return ctl->error;
}

/* Note what went wrong; returns err so that a caller can return it. */
int bfly_fail(struct bfly_ctl *ctl, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(ctl->error, sizeof(ctl->error), fmt, ap);
	va_end(ap);
	return err;
}

static void set_options(int fd)
{
	const int on = 1;

	/* Kernels without one of these still answer, only with less. */
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
}

BFLY_API int bfly_ctl_connect(struct bfly_ctl *ctl)
{
	struct nl_sock *sk;
	int err;

	ctl->error[0] = '\0';
	if (ctl->sk)
		return 0;

	sk = nl_socket_alloc();
	if (!sk)
		return bfly_fail(ctl, -ENOMEM, "out of memory");

	err = genl_connect(sk);
	if (err) {
		err = errno ? -errno : -EIO;
		bfly_fail(ctl, err, "cannot open a netlink socket: %s",
			  strerror(-err));
		goto err_free_sk;
	}

	err = genl_ctrl_resolve(sk, BFLY_FAMILY_NAME);
	if (err < 0) {
		if (err == -NLE_OBJ_NOTFOUND)
			err = bfly_fail(ctl, -ENOENT,
					"the kernel has no netlink family \"%s\": load the module bfly",
					BFLY_FAMILY_NAME);
		else
			err = bfly_fail(ctl, -EIO,
					"cannot look up the netlink family: %s",
					nl_geterror(err));
		goto err_free_sk;
	}

	ctl->family = err;
	ctl->fd = nl_socket_get_fd(sk);
	ctl->sk = sk;
	set_options(ctl->fd);
	return 0;

err_free_sk:
	nl_socket_free(sk);
	return err;
}
