// SPDX-License-Identifier: GPL-2.0
/*
 * Every operation's right request, spoilt in all the ways that follow from what
 * its attributes are.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "bad_input.h"

/**
 * struct place - where a walk is
 * @op: operation
 * @set: level
 * @attr: attribute
 * @path: its name with those of the nests that it is in
 */
struct place {
	const struct op *op;
	const struct set *set;
	const struct attr *attr;
	char path[96];
};

static void spoilt(const struct place *place, const struct change *change, int err,
		   const char *fmt, ...) __attribute__((format(printf, 4, 5)));

static void spoilt(const struct place *place, const struct change *change, int err,
		   const char *fmt, ...)
{
	struct nlmsghdr *nlh = request(place->op, change);
	char what[96];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	refused(nlh, place->op->undo, err, "%s: %s: %s", place->op->name,
		place->path, what);
}

/* The attribute with other contents. */
static void instead(const struct place *place, const void *data, size_t len, int err,
		    const char *what)
{
	struct change change = {
		.attr = place->attr, .type = place->attr->type, .data = data, .len = len,
	};

	if (place->attr->kind == NEST)
		change.type |= NLA_F_NESTED;
	spoilt(place, &change, err, "%s (%zu bytes)", what, len);
}

static void instead_num(const struct place *place, uint64_t num, int err,
			const char *what)
{
	static const size_t size[] = { [U8] = 1, [U16] = 2, [U32] = 4 };
	struct change change = {
		.attr = place->attr, .type = place->attr->type,
		.data = &num, .len = size[place->attr->kind],
	};

	spoilt(place, &change, err, "%s (%llu)", what, (unsigned long long)num);
}

static void spoil_number(const struct place *place)
{
	static const size_t sizes[] = { 0, 1, 2, 3, 4, 5, 8, 16 };
	static const size_t right[] = { [U8] = 1, [U16] = 2, [U32] = 4 };
	const struct attr *attr = place->attr;
	uint64_t most = (1ULL << (8 * right[attr->kind])) - 1;
	unsigned char bytes[16] = { 1 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		if (sizes[i] != right[attr->kind])
			instead(place, bytes, sizes[i], POLICY,
				sizes[i] < right[attr->kind] ? "too short" : "too long");
	if (attr->min)
		instead_num(place, attr->min - 1, POLICY, "too little");
	if (attr->max >= most)
		return;
	instead_num(place, attr->max + 1, POLICY, "too much");
	if (attr->max + 1 < most)
		instead_num(place, most, POLICY, "far too much");
}

static void spoil_flag(const struct place *place)
{
	instead(place, "\1", 1, POLICY, "with a value");
	instead(place, "\1\0\0\0", 4, POLICY, "with a value");
}

static void spoil_name(const struct place *place)
{
	static const char *const names[] = {
		"", "none", "two words", "tab\t", "line\nfeed", "bell\a", "delete\177",
		"\xc3\xa4", " leading", "trailing ",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		instead(place, names[i], strlen(names[i]) + 1, ANY, "bad name");
}

static void spoil_string(const struct place *place)
{
	const struct attr *attr = place->attr;
	char text[1024];
	size_t len;

	memset(text, 'x', sizeof(text));
	if (attr->flags & (NAME | NEED))
		instead(place, text, 0, POLICY, "nothing");
	if (!(attr->flags & OPEN)) {
		instead(place, text, 1, POLICY, "no final zero");
		instead(place, text, attr->max, POLICY, "no final zero");
	}
	instead(place, text, attr->max + 1, POLICY, "no final zero, too long");
	for (len = attr->max + 1; len < sizeof(text); len = 2 * len + 5) {
		text[len] = 0;
		instead(place, text, len + 1, POLICY, "too long");
		text[len] = 'x';
	}
	if (attr->flags & NAME)
		spoil_name(place);
}

static void spoil_bytes(const struct place *place, size_t right)
{
	size_t sizes[] = { 0, 1, right - 1, right + 1, 2 * right, 300 };
	unsigned char bytes[300] = { 2 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		instead(place, bytes, sizes[i], POLICY,
			sizes[i] < right ? "too short" : "too long");
}

static void spoil_mac(const struct place *place)
{
	spoil_bytes(place, 6);
	if (!(place->attr->flags & HOST))
		return;
	instead(place, "\0\0\0\0\0", 6, EINVAL, "zero");
	instead(place, "\xff\xff\xff\xff\xff\xff", 6, EINVAL, "broadcast");
	instead(place, "\x01\x00\x5e\x00\x00\x01", 6, EINVAL, "multicast");
	instead(place, "\x03\x00\x00\x00\x00\x01", 6, EINVAL, "group bit");
}

static void spoil_addr(const struct place *place)
{
	static const size_t sizes[] = { 0, 1, 3, 5, 6, 8, 12, 15, 17, 20, 32, 300 };
	static const struct {
		const char *what, *data;
		size_t len;
	} strange[] = {
		{ "zero", "\0\0\0", 4 },
		{ "loopback", "\x7f\0\0\1", 4 },
		{ "multicast", "\xe0\0\0\1", 4 },
		{ "multicast", "\xef\xff\xff\xff", 4 },
		{ "broadcast", "\xff\xff\xff\xff", 4 },
		{ "zero", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16 },
		{ "loopback", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16 },
		{ "multicast", "\xff\2\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16 },
		{ "IPv4 in IPv6", "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\1", 16 },
	};
	unsigned char bytes[300] = { 10, 0, 0, 1 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		instead(place, bytes, sizes[i], POLICY, "no address");
	if (!(place->attr->flags & HOST))
		return;
	for (i = 0; i < ARRAY_SIZE(strange); i++)
		instead(place, strange[i].data, strange[i].len, ANY, strange[i].what);
}

/* Attributes at a level that do not belong there, and broken ones. */
static void spoil_level(const struct place *place)
{
	uint32_t num = 1;
	struct change change = { .level = place->set->attrs, .data = &num, .len = 4 };
	const struct attr *attr;
	uint16_t type;

	for (type = 1; type <= place->set->max; type++) {
		for (attr = place->set->attrs; attr->name; attr++)
			if (attr->type == type)
				break;
		change.type = type;
		if (!attr->name)
			spoilt(place, &change, POLICY, "attribute %u is not for requests", type);
	}
	for (type = place->set->max + 1; type < place->set->max + 4; type++) {
		change.type = type;
		spoilt(place, &change, EINVAL, "unknown attribute %u", type);
	}
	change.type = (uint16_t)NLA_TYPE_MASK;
	spoilt(place, &change, EINVAL, "the greatest attribute number");
	change.type = 0;
	spoilt(place, &change, EINVAL, "attribute 0");

	change.type = 1;
	for (change.claim = 1; change.claim < 4; change.claim++)
		spoilt(place, &change, POLICY, "an attribute that says %u bytes",
		       change.claim);
	change.claim = 9;
	spoilt(place, &change, POLICY, "an attribute longer than its level");
	change.claim = UINT16_MAX;
	spoilt(place, &change, POLICY, "an attribute of 65535 bytes");
	for (change.tail = 1; change.tail < 4; change.tail++)
		spoilt(place, &change, EINVAL, "%u bytes left over", change.tail);
}

static void spoil_attrs(const struct place *place);

static void spoil_nest(const struct place *place)
{
	const struct attr *attr = place->attr;
	struct place inner = { .op = place->op, .set = attr->inner };
	struct change flat = { .attr = attr, .type = attr->type };
	/* an inner attribute 1 of four bytes, which is right for none of ours */
	static const unsigned char inside[] = { 8, 0, 1, 0, 1, 0, 0, 0 };

	instead(place, NULL, 0, ANY, "empty");
	instead(place, "\4", 1, POLICY, "no room for an attribute");
	instead(place, "\4\0\1", 3, POLICY, "no room for an attribute");
	flat.data = inside;
	flat.len = sizeof(inside);
	spoilt(place, &flat, EINVAL, "not marked as a nest");
	flat.len = 0;
	spoilt(place, &flat, EINVAL, "empty and not marked as a nest");
	instead(place, "\x08\0\x01\xc0\1\0\0\0", 8, POLICY, "with all flags inside");

	snprintf(inner.path, sizeof(inner.path), "%s", place->path);
	spoil_level(&inner);
	spoil_attrs(&inner);
}

static void spoil_list(const struct place *place)
{
	struct change twice = { .attr = place->attr, .times = 2 };
	unsigned int flags = place->attr->flags;

	/* replace takes doubles, but ours are without it */
	if ((flags & LIST) && (flags & UNIQUE))
		spoilt(place, &twice, ANY, "one twice");
}

static void spoil_attr(const struct place *place)
{
	const struct attr *attr = place->attr;
	struct change change = { .attr = attr, .omit = true };

	if (attr->flags & NEED)
		spoilt(place, &change, EINVAL, "missing");
	switch (attr->kind) {
	case U8:
	case U16:
	case U32:
		spoil_number(place);
		break;
	case FLAG:
		spoil_flag(place);
		break;
	case STRING:
		spoil_string(place);
		break;
	case BYTES:
		spoil_bytes(place, attr->max);
		break;
	case MAC:
		spoil_mac(place);
		break;
	case ADDR:
		spoil_addr(place);
		break;
	case NEST:
		spoil_nest(place);
		break;
	}
	spoil_list(place);

	if (attr->kind != NEST) {
		change.omit = false;
		change.type = attr->type | NLA_F_NESTED;
		change.len = value_of(attr, &change.data);
		spoilt(place, &change, EINVAL, "marked as a nest");
	}
	if (!attr->none_err)
		return;
	if (attr->kind == STRING)
		instead(place, attr->none_data, strlen(attr->none_data) + 1,
			attr->none_err, "does not exist");
	else if (attr->none_data)
		instead(place, attr->none_data, attr->len, attr->none_err,
			"does not exist");
	else
		instead_num(place, attr->none, attr->none_err, "does not exist");
}

static void spoil_attrs(const struct place *place)
{
	struct place here = *place;
	const struct attr *attr;
	size_t len = strlen(here.path);

	for (attr = place->set->attrs; attr->name; attr++) {
		snprintf(here.path + len, sizeof(here.path) - len, "%s%s",
			 len ? "." : "", attr->name);
		here.attr = attr;
		spoil_attr(&here);
	}
}

static bool has_dump(uint8_t cmd, bool dump)
{
	unsigned int i;

	for (i = 0; i < op_count; i++)
		if (ops[i]->cmd == cmd && ops[i]->dump == dump)
			return true;
	return false;
}

/* The headers in front of the attributes. */
static void spoil_headers(const struct op *op)
{
	static const uint16_t flags[] = {
		NLM_F_ROOT, NLM_F_MATCH, NLM_F_ATOMIC, NLM_F_APPEND, NLM_F_DUMP_INTR,
		NLM_F_DUMP_FILTERED, 0x1000, 0x8000,
	};
	struct nlmsghdr *nlh;
	struct genlmsghdr *genl;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		if (op->dump && (flags[i] & NLM_F_DUMP))
			continue;
		nlh = request(op, NULL);
		nlh->nlmsg_flags |= flags[i];
		refused(nlh, op->undo, EINVAL, "%s: message flag %#x", op->name, flags[i]);
	}
	nlh = request(op, NULL);
	genl = mnl_nlmsg_get_payload(nlh);
	genl->reserved = 1;
	refused(nlh, op->undo, EINVAL, "%s: reserved field", op->name);

	nlh = request(op, NULL);
	nlh->nlmsg_len = NLMSG_HDRLEN + 3;
	refused_by(sock, nlh, op->undo, EINVAL, true, "%s: header cut off", op->name);

	if (!has_dump(op->cmd, !op->dump)) {
		nlh = request(op, NULL);
		nlh->nlmsg_flags ^= NLM_F_DUMP;
		refused_by(sock, nlh, op->undo, EOPNOTSUPP, true, "%s: as a %s", op->name,
			   op->dump ? "do" : "dump");
	}
}

static void mutate(const struct op *op)
{
	struct place place = { .op = op, .set = &op->request };

	/* only if the right request is right do the wrong ones say something */
	accepted(request(op, NULL), "%s: the right request", op->name);
	if (op->undo)
		accepted(request(op->undo, NULL), "%s: what undoes it", op->name);
	state_take();

	spoil_headers(op);
	spoil_level(&place);
	spoil_attrs(&place);
	if (!op->dump)
		refused(request_raw(family_id, op->cmd, false), op->undo, EINVAL,
			"%s: nothing named", op->name);
}

void mutate_all(void)
{
	unsigned int i;

	for (i = 0; i < op_count; i++) {
		mutate(ops[i]);
		result(state_same(), ops[i]->name, NULL, "objects of other kinds have changed");
	}
}
