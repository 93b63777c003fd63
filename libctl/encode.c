// SPDX-License-Identifier: LGPL-2.1
/* Structs to attributes, by their layout. */
#include <errno.h>
#include <string.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include "core.h"

static int put_prefix(struct nl_msg *msg, int attr, const struct bfly_prefix *p)
{
	struct nlattr *nest = nla_nest_start(msg, NLA_F_NESTED | attr);

	if (!nest || nla_put(msg, BFLY_A_PREFIX_ADDR, p->addr.len, p->addr.bytes) ||
	    nla_put_u8(msg, BFLY_A_PREFIX_LEN, p->len))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_array(struct nl_msg *msg, const struct bfly_field *field,
		     const void *array, size_t count)
{
	const struct bfly_addr *addrs = array;
	const struct bfly_prefix *prefixes = array;
	const struct bfly_mac *macs = array;
	const char *const *strings = array;
	int err = 0;
	size_t i;

	for (i = 0; !err && i < count; i++) {
		switch (field->kind) {
		case BFLY_ADDRS:
			err = nla_put(msg, field->attr, addrs[i].len,
				      addrs[i].bytes);
			break;
		case BFLY_MACS:
			err = nla_put(msg, field->attr, 6, macs[i].bytes);
			break;
		case BFLY_PREFIXES:
			err = put_prefix(msg, field->attr, &prefixes[i]);
			break;
		case BFLY_STRS:
			err = nla_put_string(msg, field->attr, strings[i]);
			break;
		}
	}
	return err;
}

static int put_list(struct nl_msg *msg, const struct bfly_field *field,
		    const char *item)
{
	int err = 0;

	while (!err && item) {
		struct nlattr *nest = nla_nest_start(msg, NLA_F_NESTED | field->attr);

		if (!nest)
			return -EMSGSIZE;
		err = bfly_encode(msg, field->nest, item);
		nla_nest_end(msg, nest);
		item = *(char *const *)(item + sizeof(uint64_t));
	}
	return err;
}

static int put_field(struct nl_msg *msg, const struct bfly_field *field,
		     const char *obj)
{
	const void *at = obj + field->off;
	const struct bfly_addr *addr = at;

	switch (field->kind) {
	case BFLY_U8:
		return nla_put_u8(msg, field->attr, *(const uint8_t *)at);
	case BFLY_U16:
		return nla_put_u16(msg, field->attr, *(const uint16_t *)at);
	case BFLY_U32:
		return nla_put_u32(msg, field->attr, *(const uint32_t *)at);
	case BFLY_UINT:
		return nla_put_u64(msg, field->attr, *(const uint64_t *)at);
	case BFLY_FLAG:
		return nla_put_flag(msg, field->attr);
	case BFLY_STR:
		return nla_put_string(msg, field->attr, *(const char *const *)at);
	case BFLY_ADDR:
		return nla_put(msg, field->attr, addr->len, addr->bytes);
	case BFLY_MAC:
		return nla_put(msg, field->attr, 6, at);
	case BFLY_KEY:
		return nla_put(msg, field->attr, BFLY_KEY_LEN, at);
	case BFLY_PREFIX:
		return put_prefix(msg, field->attr, at);
	case BFLY_NESTS:
		return put_list(msg, field, *(const char *const *)at);
	default:
		return put_array(msg, field, *(const void *const *)at,
				 *(const size_t *)(obj + field->count_off));
	}
}

/*
 * Put the fields of @obj that are set.
 * Return: 0, or -EMSGSIZE when the message has no room.
 */
int bfly_encode(struct nl_msg *msg, const struct bfly_layout *layout,
		const void *obj)
{
	const uint64_t set = *(const uint64_t *)obj;
	size_t i;

	for (i = 0; i < layout->n_fields; i++)
		if (set & UINT64_C(1) << layout->fields[i].attr &&
		    put_field(msg, &layout->fields[i], obj))
			return -EMSGSIZE;
	return 0;
}
