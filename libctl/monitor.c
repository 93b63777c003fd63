// SPDX-License-Identifier: LGPL-2.1
/* The multicast groups that tell of each change, and of what happens. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <netlink/netlink.h>
#include <netlink/msg.h>
#include <netlink/genl/genl.h>
#include <netlink/genl/ctrl.h>
#include "core.h"

static int find_group(struct bfly_ctl *ctl, const char *name)
{
	int group = genl_ctrl_resolve_grp(ctl->sk, BFLY_FAMILY_NAME, name);

	if (group < 0)
		bfly_fail(ctl, -ENOENT,
			  "the kernel has no multicast group \"%s\"", name);
	return group;
}

BFLY_API int bfly_monitor_open(struct bfly_ctl *ctl)
{
	const int room = 1 << 20;
	struct nl_sock *sk;
	int config, events, err;

	err = bfly_ctl_connect(ctl);
	if (err)
		return err;
	if (ctl->monitor)
		return nl_socket_get_fd(ctl->monitor);

	config = find_group(ctl, BFLY_MCGRP_CONFIG);
	events = find_group(ctl, BFLY_MCGRP_EVENTS);
	if (config < 0 || events < 0)
		return -ENOENT;

	sk = nl_socket_alloc();
	if (!sk)
		return bfly_fail(ctl, -ENOMEM, "out of memory");
	if (genl_connect(sk) ||
	    nl_socket_add_memberships(sk, config, events, 0)) {
		err = errno ? -errno : -EIO;
		nl_socket_free(sk);
		return bfly_fail(ctl, err, "cannot listen for changes: %s",
				 strerror(-err));
	}

	/* An apply of a large file is a burst; force it where that may be. */
	err = nl_socket_get_fd(sk);
	if (setsockopt(err, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)))
		setsockopt(err, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	ctl->monitor = sk;
	return err;
}

static const struct bfly_layout *layout_of(int cmd)
{
	switch (cmd) {
	case BFLY_CMD_NET_NEW_NTF:
	case BFLY_CMD_NET_DEL_NTF:
		return &bfly_net_layout;
	case BFLY_CMD_REMOTE_NEW_NTF:
	case BFLY_CMD_REMOTE_DEL_NTF:
		return &bfly_remote_layout;
	case BFLY_CMD_UPLINK_NEW_NTF:
	case BFLY_CMD_UPLINK_DEL_NTF:
		return &bfly_uplink_layout;
	case BFLY_CMD_PORT_NEW_NTF:
	case BFLY_CMD_PORT_DEL_NTF:
		return &bfly_port_layout;
	case BFLY_CMD_GROUP_NEW_NTF:
	case BFLY_CMD_GROUP_DEL_NTF:
	case BFLY_CMD_RULE_NEW_NTF:
	case BFLY_CMD_RULE_DEL_NTF:
	case BFLY_CMD_MEMBER_NEW_NTF:
	case BFLY_CMD_MEMBER_DEL_NTF:
		return &bfly_group_layout;
	case BFLY_CMD_POOL_NEW_NTF:
	case BFLY_CMD_POOL_DEL_NTF:
	case BFLY_CMD_BACKEND_NEW_NTF:
	case BFLY_CMD_BACKEND_DEL_NTF:
	case BFLY_CMD_BACKEND_UNREACHABLE_NTF:
		return &bfly_pool_layout;
	case BFLY_CMD_SERVICE_NEW_NTF:
	case BFLY_CMD_SERVICE_DEL_NTF:
		return &bfly_service_layout;
	default:
		return NULL;
	}
}

struct closure {
	bfly_event_cb *cb;
	void *arg;
	int cmd;
};

static int hand_event(const void *obj, void *arg)
{
	struct closure *c = arg;

	return c->cb(&(struct bfly_event){ .cmd = c->cmd, .obj.any = obj },
		     c->arg);
}

static int hand_all(struct bfly_ctl *ctl, const struct bfly_buf *buf,
		    struct closure *c)
{
	const struct nlmsghdr *nlh = (void *)buf->data;
	int left = buf->len, err = 0;

	for (; !err && NLMSG_OK(nlh, (unsigned int)left); nlh = NLMSG_NEXT(nlh, left)) {
		const struct genlmsghdr *genl = NLMSG_DATA(nlh);
		const struct bfly_layout *layout;

		if (nlh->nlmsg_type != ctl->family ||
		    nlh->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN)
			continue;
		c->cmd = genl->cmd;
		layout = layout_of(c->cmd);
		if (layout)
			err = bfly_hand_out(ctl, nlh, layout, hand_event, c);
	}
	return err;
}

BFLY_API int bfly_monitor_read(struct bfly_ctl *ctl, bfly_event_cb *cb, void *arg)
{
	struct closure c = { .cb = cb, .arg = arg };
	struct bfly_buf buf = { 0 };
	int err;

	ctl->error[0] = '\0';
	if (!ctl->monitor)
		return bfly_fail(ctl, -EBADF, "the monitor is not open");

	err = bfly_receive(ctl, nl_socket_get_fd(ctl->monitor), &buf);
	if (err == -ENOBUFS) {
		ctl->error[0] = '\0';
		err = cb(&(struct bfly_event){ .cmd = 0 }, arg);
	} else if (!err) {
		err = hand_all(ctl, &buf, &c);
	}
	free(buf.data);
	return err;
}
