// SPDX-License-Identifier: LGPL-2.1
/* The kernel's answer to a request: its error, its text, its attribute. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/genl/genl.h>
#include "core.h"

/* NLMSGERR_ATTR_*, of which some headers lack the newest. */
enum {
	ACK_MSG = 1, ACK_OFFS = 2, ACK_MISS_TYPE = 5, ACK_MISS_NEST = 6, ACK_MAX = 6
};

struct ack {
	int err;
	const char *text;
	const struct nlattr *offs, *miss_type, *miss_nest;
};

/* Errors come as a number and, behind what else the message has, attributes. */
static int parse_ack(const struct nlmsghdr *reply, struct ack *ack)
{
	struct nlattr *tb[ACK_MAX + 1] = { NULL };
	size_t len = reply->nlmsg_len, skip = NLMSG_HDRLEN + sizeof(int);
	const struct nlmsgerr *e = nlmsg_data(reply);

	if (len < skip) {
		/* A DONE may come without a number. */
		return reply->nlmsg_type == NLMSG_DONE ? 0 : -EBADMSG;
	}
	memcpy(&ack->err, nlmsg_data(reply), sizeof(int));
	if (!(reply->nlmsg_flags & NLM_F_ACK_TLVS))
		return 0;

	if (reply->nlmsg_type == NLMSG_ERROR) {
		skip = NLMSG_HDRLEN + sizeof(*e);
		if (len < skip)
			return 0;
		if (!(reply->nlmsg_flags & NLM_F_CAPPED))
			skip += NLMSG_ALIGN(e->msg.nlmsg_len) - NLMSG_HDRLEN;
	}
	if (len < skip)
		return 0;

	nla_parse(tb, ACK_MAX, (void *)((char *)reply + skip), len - skip, NULL);
	if (tb[ACK_MSG] && nla_len(tb[ACK_MSG]) > 0 &&
	    memchr(nla_data(tb[ACK_MSG]), '\0', nla_len(tb[ACK_MSG])))
		ack->text = nla_data(tb[ACK_MSG]);
#define U32_ATTR(a) (tb[a] && nla_len(tb[a]) >= 4 ? tb[a] : NULL)
	ack->offs = U32_ATTR(ACK_OFFS);
	ack->miss_type = U32_ATTR(ACK_MISS_TYPE);
	ack->miss_nest = U32_ATTR(ACK_MISS_NEST);
#undef U32_ATTR
	return 0;
}

/* Attributes of a prefix have no layout: they are no struct's fields. */
static const struct bfly_field prefix_fields[] = {
	{ .name = "addr", .attr = BFLY_A_PREFIX_ADDR },
	{ .name = "len", .attr = BFLY_A_PREFIX_LEN },
};
static const struct bfly_layout prefix_layout = {
	.fields = prefix_fields, .n_fields = 2,
};

static const struct bfly_field *find_field(const struct bfly_layout *layout,
					   unsigned int attr)
{
	size_t i;

	for (i = 0; layout && i < layout->n_fields; i++)
		if (layout->fields[i].attr == attr)
			return &layout->fields[i];
	return NULL;
}

static const struct bfly_layout *nest_of(const struct bfly_field *field)
{
	if (field->kind == BFLY_PREFIX || field->kind == BFLY_PREFIXES)
		return &prefix_layout;
	return field->nest;
}

/*
 * Walk the request to the attribute at @offs and write its path, "rule.proto",
 * to @path; *layout is then that of what the attribute nests.
 */
static const char *locate(const struct nlmsghdr *request, uint32_t offs,
			  const struct bfly_layout **layout,
			  char *path, size_t size)
{
	const char *base = (const char *)request;
	const struct nlattr *nla = (void *)(base + NLMSG_HDRLEN + GENL_HDRLEN);
	int left = request->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;
	const char *last = "";

	path[0] = '\0';
	while (nla_ok(nla, left)) {
		uint32_t at = (const char *)nla - base;
		const struct bfly_field *field;

		if (offs >= at + NLA_ALIGN(nla->nla_len)) {
			nla = nla_next(nla, &left);
			continue;
		}
		field = find_field(*layout, nla_type(nla));
		if (!field)
			break;
		snprintf(path + strlen(path), size - strlen(path), "%s%s",
			 path[0] ? "." : "", field->name);
		last = field->name;
		*layout = nest_of(field);
		if (offs == at || !*layout)
			break;
		left = nla_len(nla);
		nla = nla_data(nla);
	}
	return last;
}

/* "there is no net 99" needs no attribute's name; "invalid" does. */
static bool says_enough(const struct ack *ack, const char *name)
{
	return ack->text && (ack->err == -ENOENT || ack->err == -EEXIST ||
			     strstr(ack->text, name));
}

/*
 * Note the text of the kernel's answer.
 * Return: its error.
 */
int bfly_extack(struct bfly_ctl *ctl, const struct nlmsghdr *reply,
		const struct nlmsghdr *request,
		const struct bfly_layout *layout)
{
	struct ack ack = { 0 };
	const char *last = "", *text;
	char path[128] = "";

	if (parse_ack(reply, &ack) || ack.err > 0)
		return bfly_fail(ctl, -EBADMSG, "the kernel's answer is cut short");
	if (!ack.err && !ack.text)
		return 0;

	text = ack.text ? ack.text : strerror(-ack.err);
	if (ack.miss_type) {
		const struct bfly_field *field;

		if (ack.miss_nest)
			locate(request, nla_get_u32(ack.miss_nest), &layout,
			       path, sizeof(path));
		field = find_field(layout, nla_get_u32(ack.miss_type));
		if (field && !says_enough(&ack, field->name))
			return bfly_fail(ctl, ack.err, "%s (missing: %s%s%s)",
					 text, path, path[0] ? "." : "",
					 field->name);
	} else if (ack.offs) {
		last = locate(request, nla_get_u32(ack.offs), &layout, path,
			      sizeof(path));
		if (last[0] && !says_enough(&ack, last))
			return bfly_fail(ctl, ack.err, "%s (attribute %s)", text,
					 path);
	}
	return bfly_fail(ctl, ack.err, "%s", text);
}
