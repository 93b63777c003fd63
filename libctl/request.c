// SPDX-License-Identifier: LGPL-2.1
/* A request: build it, send it, read the answer, restart a torn dump. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <netlink/msg.h>
#include <netlink/genl/genl.h>
#include "core.h"

#define MSG_MIN		(16 * 1024)
#define MSG_MAX		(256 * 1024 * 1024)
#define DUMP_TRIES	32

/* One number in every set that has it. */
#define BFLY_A_REPLACE	BFLY_A_NET_REPLACE
#define SAME(attr)	_Static_assert((int)attr == (int)BFLY_A_REPLACE, "")
SAME(BFLY_A_REMOTE_REPLACE);
SAME(BFLY_A_UPLINK_REPLACE);
SAME(BFLY_A_PORT_REPLACE);
SAME(BFLY_A_GROUP_REPLACE);
SAME(BFLY_A_POOL_REPLACE);
SAME(BFLY_A_SERVICE_REPLACE);

static int build(struct bfly_ctl *ctl, const struct bfly_call *call,
		 size_t room, struct nl_msg **ret)
{
	struct nl_msg *msg = nlmsg_alloc_size(room);
	int err = 0;

	if (!msg)
		return -ENOMEM;

	genlmsg_put(msg, NL_AUTO_PORT, ctl->seq, ctl->family, 0,
		    NLM_F_REQUEST | NLM_F_ACK | (call->dump ? NLM_F_DUMP : 0),
		    call->cmd, BFLY_FAMILY_VERSION);
	if (call->replace)
		err = nla_put_flag(msg, BFLY_A_REPLACE);
	if (call->obj && !err)
		err = bfly_encode(msg, call->layout, call->obj);
	if (err)
		nlmsg_free(msg);
	else
		*ret = msg;
	return err;
}

/* A group may have 65,536 rules: the room is found by trying. */
static int build_any_size(struct bfly_ctl *ctl, const struct bfly_call *call,
			  struct nl_msg **msg)
{
	size_t room;
	int err = -EMSGSIZE;

	for (room = MSG_MIN; err == -EMSGSIZE && room <= MSG_MAX; room *= 4)
		err = build(ctl, call, room, msg);
	if (err)
		return bfly_fail(ctl, err, "cannot build the request: %s",
				 strerror(-err));
	return 0;
}

/* The kernel refuses a message that is larger than the send buffer. */
static void grow_send_buffer(struct bfly_ctl *ctl, size_t len)
{
	int size = len + 4096;

	if (len < MSG_MIN || size <= ctl->sndbuf)
		return;
	if (setsockopt(ctl->fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		setsockopt(ctl->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	ctl->sndbuf = size;
}

static int transmit(struct bfly_ctl *ctl, const struct nlmsghdr *nlh)
{
	ssize_t n;

	grow_send_buffer(ctl, nlh->nlmsg_len);
	do {
		n = send(ctl->fd, nlh, nlh->nlmsg_len, 0);
	} while (n < 0 && errno == EINTR);
	if (n >= 0)
		return 0;
	if (errno == EMSGSIZE)
		return bfly_fail(ctl, -EMSGSIZE,
				 "the request has %u bytes, more than net.core.wmem_max lets a socket send",
				 nlh->nlmsg_len);
	return bfly_fail(ctl, -errno, "cannot send the request: %s",
			 strerror(errno));
}

static int keep(struct bfly_buf *kept, const struct nlmsghdr *nlh)
{
	size_t len = NLMSG_ALIGN(nlh->nlmsg_len);

	if (kept->len + len > kept->room) {
		size_t room = 2 * kept->room + len + 4096;
		char *data = realloc(kept->data, room);

		if (!data)
			return -ENOMEM;
		kept->data = data;
		kept->room = room;
	}
	memset(kept->data + kept->len, 0, len);
	memcpy(kept->data + kept->len, nlh, nlh->nlmsg_len);
	kept->len += len;
	return 0;
}

struct answer {
	struct bfly_buf kept;	/* the replies */
	int stopped;		/* what a streaming callback returned */
	bool torn;		/* the table changed while it was dumped */
};

/* Return: 1 when the answer is complete, 0 when not yet, or an error. */
static int take(struct bfly_ctl *ctl, const struct bfly_call *call,
		const struct nlmsghdr *request, const struct nlmsghdr *nlh,
		struct answer *answer)
{
	int err;

	if (nlh->nlmsg_seq != request->nlmsg_seq)
		return 0;	/* of a request that was given up */
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		answer->torn = true;

	switch (nlh->nlmsg_type) {
	case NLMSG_NOOP:
		return 0;
	case NLMSG_ERROR:
	case NLMSG_DONE:
		err = bfly_extack(ctl, nlh, request, call->layout);
		return err ? err : 1;
	}

	if (!call->hand || answer->stopped)
		return 0;
	if (!call->stream) {
		err = keep(&answer->kept, nlh);
		return err ? bfly_fail(ctl, err, "out of memory") : 0;
	}
	answer->stopped = bfly_hand_out(ctl, nlh, call->layout, call->hand,
					call->arg);
	return 0;
}

static int read_answer(struct bfly_ctl *ctl, const struct bfly_call *call,
		       const struct nlmsghdr *request, struct answer *answer)
{
	struct bfly_buf buf = { 0 };
	int err = 0;

	while (!err) {
		const struct nlmsghdr *nlh;
		int left;

		err = bfly_receive(ctl, ctl->fd, &buf);
		if (err)
			break;
		left = buf.len;
		for (nlh = (void *)buf.data; !err && NLMSG_OK(nlh, (unsigned int)left);
		     nlh = NLMSG_NEXT(nlh, left))
			err = take(ctl, call, request, nlh, answer);
	}

	free(buf.data);
	return err < 0 ? err : 0;
}

static int hand_out_kept(struct bfly_ctl *ctl, const struct bfly_call *call,
			 const struct bfly_buf *kept)
{
	size_t pos = 0;
	int err = 0;

	while (!err && pos < kept->len) {
		const struct nlmsghdr *nlh = (void *)(kept->data + pos);

		err = bfly_hand_out(ctl, nlh, call->layout, call->hand,
				    call->arg);
		pos += NLMSG_ALIGN(nlh->nlmsg_len);
	}
	return err;
}

static int call_once(struct bfly_ctl *ctl, const struct bfly_call *call,
		     bool *torn)
{
	struct answer answer = { 0 };
	struct nl_msg *msg = NULL;
	int err;

	ctl->seq++;
	err = build_any_size(ctl, call, &msg);
	if (err)
		return err;

	err = transmit(ctl, nlmsg_hdr(msg));
	if (!err)
		err = read_answer(ctl, call, nlmsg_hdr(msg), &answer);
	if (!err)
		err = answer.stopped;

	*torn = answer.torn && !call->stream;
	if (!err && !*torn && call->hand)
		err = hand_out_kept(ctl, call, &answer.kept);

	free(answer.kept.data);
	nlmsg_free(msg);
	return err;
}

int bfly_call(struct bfly_ctl *ctl, const struct bfly_call *call)
{
	bool torn = true;
	int tries, err;

	err = bfly_ctl_connect(ctl);
	for (tries = 0; !err && torn; tries++) {
		if (tries == DUMP_TRIES)
			return bfly_fail(ctl, -EAGAIN,
					 "the table changed during each of %d reads",
					 DUMP_TRIES);
		err = call_once(ctl, call, &torn);
	}
	return err;
}

/* A request that is answered by yes or no. */
int bfly_change(struct bfly_ctl *ctl, int cmd, enum bfly_new_flags flags,
		const struct bfly_layout *layout, const void *obj)
{
	return bfly_call(ctl, &(struct bfly_call){
		.cmd = cmd, .replace = flags & BFLY_REPLACE, .layout = layout,
		.obj = obj,
	});
}
