// SPDX-License-Identifier: LGPL-2.1
/* What comes from the kernel, until an object is made of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <netlink/msg.h>
#include <netlink/genl/genl.h>
#include "core.h"

static int grow(struct bfly_buf *buf, size_t room)
{
	char *data;

	if (room <= buf->room)
		return 0;
	data = realloc(buf->data, room);
	if (!data)
		return -ENOMEM;
	buf->data = data;
	buf->room = room;
	return 0;
}

static ssize_t receive(int fd, struct bfly_buf *buf, int flags,
		       struct sockaddr_nl *from)
{
	struct iovec iov = { buf->data, buf->room };
	struct msghdr msg = {
		.msg_name = from, .msg_namelen = sizeof(*from),
		.msg_iov = &iov, .msg_iovlen = 1,
	};
	ssize_t n;

	memset(from, 0, sizeof(*from));
	do {
		n = recvmsg(fd, &msg, flags);
	} while (n < 0 && errno == EINTR);
	return n;
}

/* Read one datagram of the kernel into buf, which the caller frees. */
int bfly_receive(struct bfly_ctl *ctl, int fd, struct bfly_buf *buf)
{
	struct sockaddr_nl from;
	ssize_t n;

	if (grow(buf, 32 * 1024))
		return bfly_fail(ctl, -ENOMEM, "out of memory");
	do {
		n = receive(fd, buf, MSG_PEEK | MSG_TRUNC, &from);
		if (n > 0 && grow(buf, n))
			return bfly_fail(ctl, -ENOMEM, "out of memory");
		if (n >= 0)
			n = receive(fd, buf, 0, &from);
	} while (n >= 0 && from.nl_pid);	/* another process's is no answer */

	if (n < 0)
		return bfly_fail(ctl, -errno, "cannot read the answer: %s",
				 strerror(errno));
	buf->len = n;
	return 0;
}

/* Decode a message and give the object to the callback. */
int bfly_hand_out(struct bfly_ctl *ctl, const struct nlmsghdr *nlh,
		  const struct bfly_layout *layout,
		  int (*hand)(const void *obj, void *arg), void *arg)
{
	struct bfly_arena arena = { 0 };
	void *obj;
	int err;

	if (nlh->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN)
		return bfly_fail(ctl, -EBADMSG, "the kernel's answer is cut short");

	obj = calloc(1, layout->size);
	if (!obj)
		return bfly_fail(ctl, -ENOMEM, "out of memory");

	err = bfly_decode(&arena, layout,
			  (void *)((char *)nlh + NLMSG_HDRLEN + GENL_HDRLEN),
			  nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN, obj);
	if (err)
		bfly_fail(ctl, err, "cannot read the kernel's answer: %s",
			  strerror(-err));
	else
		err = hand(obj, arg);

	bfly_arena_free(&arena);
	free(obj);
	return err;
}
