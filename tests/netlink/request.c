// SPDX-License-Identifier: GPL-2.0
/* Requests and answers. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include "bad_input.h"

#define SIZE (4 * 1024 * 1024)

int family_id;
static unsigned char *buf;
static unsigned char reply[256 * 1024];
static uint32_t seq;

int nl_open(void)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	struct timeval wait = { .tv_sec = 20 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	int on = 1, size = SIZE;

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		err(1, "netlink");
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	return fd;
}

struct nlmsghdr *request_raw(uint16_t type, uint8_t cmd, bool dump)
{
	struct nlmsghdr *nlh;
	struct genlmsghdr *genl;

	if (!buf) {
		buf = calloc(1, SIZE);
		if (!buf)
			err(1, "memory");
	}
	nlh = mnl_nlmsg_put_header(buf);
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | (dump ? NLM_F_DUMP : 0);
	nlh->nlmsg_seq = ++seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = BFLY_FAMILY_VERSION;
	return nlh;
}

/* The right value of an attribute that is no nest. */
size_t value_of(const struct attr *attr, const void **data)
{
	static uint64_t num;
	static const size_t size[] = { [U8] = 1, [U16] = 2, [U32] = 4 };

	switch (attr->kind) {
	case U8:
	case U16:
	case U32:
		num = attr->dev ? *attr->dev : attr->num;
		*data = &num;		/* little endian, as all machines here */
		return size[attr->kind];
	case FLAG:
		*data = NULL;
		return 0;
	case STRING:
		*data = attr->data;
		return strlen(attr->data) + 1;
	default:
		*data = attr->data;
		return attr->len;
	}
}

static bool holds(const struct set *set, const struct attr *target)
{
	const struct attr *attr;

	if (set->attrs == target)
		return true;
	for (attr = set->attrs; attr->name; attr++)
		if (attr == target ||
		    (attr->inner && holds(attr->inner, target)))
			return true;
	return false;
}

static void put_raw(struct nlmsghdr *nlh, const struct change *change)
{
	struct nlattr *attr = mnl_nlmsg_get_payload_tail(nlh);

	mnl_attr_put(nlh, change->type, change->len, change->data);
	if (change->claim)
		attr->nla_len = change->claim;
}

static void put_set(struct nlmsghdr *nlh, const struct set *set,
		    const struct change *change);

static void put_one(struct nlmsghdr *nlh, const struct attr *attr,
		    const struct change *change)
{
	struct nlattr *nest;
	const void *data;
	size_t len;

	if (attr->kind != NEST) {
		len = value_of(attr, &data);
		mnl_attr_put(nlh, attr->type, len, data);
		return;
	}
	nest = mnl_attr_nest_start(nlh, attr->type);
	put_set(nlh, attr->inner, change);
	mnl_attr_nest_end(nlh, nest);
}

static void put_set(struct nlmsghdr *nlh, const struct set *set,
		    const struct change *change)
{
	const struct attr *target = change ? change->attr : NULL;
	const struct attr *attr;
	unsigned int i;

	for (attr = set->attrs; attr->name; attr++) {
		if (attr == target) {
			if (change->times)
				for (i = 0; i < change->times; i++)
					put_one(nlh, attr, NULL);
			else if (!change->omit)
				put_raw(nlh, change);
		} else if ((attr->flags & GIVEN) ||
			   (change && attr->inner &&
			    holds(attr->inner, target ?: change->level))) {
			put_one(nlh, attr, change);
		}
	}
	if (!change || change->level != set->attrs)
		return;
	if (change->tail) {
		memset(mnl_nlmsg_get_payload_tail(nlh), 0x41, change->tail);
		nlh->nlmsg_len += change->tail;
	} else {
		put_raw(nlh, change);
	}
}

/* A right request, or one that is spoilt by a change. */
struct nlmsghdr *request(const struct op *op, const struct change *change)
{
	struct nlmsghdr *nlh = request_raw(family_id, op->cmd, op->dump);

	put_set(nlh, &op->request, change);
	return nlh;
}

static void read_tlvs(const struct nlmsghdr *nlh, size_t off,
		      struct answer *answer)
{
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	mnl_attr_for_each(attr, nlh, off) {
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			snprintf(answer->text, sizeof(answer->text), "%s",
				 mnl_attr_get_str(attr));
		else if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_OFFS)
			answer->attr_off = mnl_attr_get_u32(attr);
	}
}

/* Returns whether it was the last message. */
static bool read_message(const struct nlmsghdr *nlh, struct answer *answer)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(nlh);
	size_t off = sizeof(*error);

	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		answer->torn = true;
	switch (nlh->nlmsg_type) {
	case NLMSG_ERROR:
		answer->err = -error->error;
		if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
			off += error->msg.nlmsg_len - NLMSG_HDRLEN;
		read_tlvs(nlh, off, answer);
		return true;
	case NLMSG_DONE:
		answer->err = -*(const int *)mnl_nlmsg_get_payload(nlh);
		read_tlvs(nlh, sizeof(int), answer);
		return true;
	default:
		answer->objects++;
		return false;
	}
}

/* Whether it was sent: if not, the answer says why. */
bool request_send(int fd, const struct nlmsghdr *nlh, struct answer *answer)
{
	memset(answer, 0, sizeof(*answer));
	if (send(fd, nlh, nlh->nlmsg_len, 0) >= 0)
		return true;
	answer->err = errno;
	snprintf(answer->text, sizeof(answer->text), "the message could not be sent");
	return false;
}

/* Reads until the end of the answer to the last request; false if that is lost. */
bool request_answer(int fd, struct answer *answer,
		    void (*each)(const struct nlmsghdr *nlh, void *arg), void *arg)
{
	const struct nlmsghdr *pos;
	bool done = false;
	ssize_t len;
	int left;

	while (!done) {
		len = recv(fd, reply, sizeof(reply), 0);
		if (len < 0)
			return false;
		left = len;
		for (pos = (void *)reply; !done && mnl_nlmsg_ok(pos, left);
		     pos = mnl_nlmsg_next(pos, &left)) {
			if (pos->nlmsg_seq != seq)
				continue;
			done = read_message(pos, answer);
			if (!done && each)
				each(pos, arg);
		}
	}
	return true;
}

void request_ask(int fd, struct nlmsghdr *nlh, struct answer *answer,
		 void (*each)(const struct nlmsghdr *nlh, void *arg), void *arg)
{
	if (request_send(fd, nlh, answer) && !request_answer(fd, answer, each, arg))
		err(1, "no answer");
}
