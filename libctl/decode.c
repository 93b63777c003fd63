// SPDX-License-Identifier: LGPL-2.1
/* Attributes to structs, by their layout. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <netlink/attr.h>
#include "core.h"

struct bfly_chunk {
	struct bfly_chunk *next;
	max_align_t data[];
};

static void *alloc(struct bfly_arena *arena, size_t n, size_t size)
{
	struct bfly_chunk *chunk = calloc(1, sizeof(*chunk) + n * size);

	if (!chunk)
		return NULL;
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	return chunk->data;
}

void bfly_arena_free(struct bfly_arena *arena)
{
	while (arena->chunks) {
		struct bfly_chunk *chunk = arena->chunks;

		arena->chunks = chunk->next;
		free(chunk);
	}
}

static int get_int(const struct nlattr *nla, uint64_t *value)
{
	const void *data = nla_data(nla);

	switch (nla_len(nla)) {
	case 1:
		*value = *(const uint8_t *)data;
		return 0;
	case 2: {
		uint16_t v;

		memcpy(&v, data, sizeof(v));
		*value = v;
		return 0;
	}
	case 4: {
		uint32_t v;

		memcpy(&v, data, sizeof(v));
		*value = v;
		return 0;
	}
	case 8:
		memcpy(value, data, sizeof(*value));
		return 0;
	default:
		return -EBADMSG;
	}
}

static int get_addr(const struct nlattr *nla, struct bfly_addr *addr)
{
	int len = nla_len(nla);

	if (len != 4 && len != 16)
		return -EBADMSG;
	addr->len = len;
	memcpy(addr->bytes, nla_data(nla), len);
	return 0;
}

static int get_prefix(const struct nlattr *nest, struct bfly_prefix *prefix)
{
	struct nlattr *nla;
	bool has_len = false;
	int left, err = -EBADMSG;

	nla_for_each_nested(nla, nest, left) {
		if (nla_type(nla) == BFLY_A_PREFIX_ADDR) {
			err = get_addr(nla, &prefix->addr);
		} else if (nla_type(nla) == BFLY_A_PREFIX_LEN && nla_len(nla)) {
			prefix->len = *(uint8_t *)nla_data(nla);
			has_len = true;
		}
	}
	if (!has_len)
		prefix->len = prefix->addr.len * 8;
	return err;
}

static int get_bytes(const struct nlattr *nla, void *to, int len)
{
	if (nla_len(nla) != len)
		return -EBADMSG;
	memcpy(to, nla_data(nla), len);
	return 0;
}

/* A string may come without its final zero. */
static int get_string(struct bfly_arena *arena, const struct nlattr *nla,
		      const char **to)
{
	char *copy = alloc(arena, nla_len(nla) + 1, 1);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, nla_data(nla), nla_len(nla));
	*to = copy;
	return 0;
}

static int get_one(struct bfly_arena *arena, const struct bfly_field *field,
		   const struct nlattr *nla, void *at)
{
	uint64_t value = 1;
	int err = 0;

	switch (field->kind) {
	case BFLY_U8:
	case BFLY_U16:
	case BFLY_U32:
	case BFLY_UINT:
		err = get_int(nla, &value);
		break;
	case BFLY_STR:
	case BFLY_STRS:
		return get_string(arena, nla, at);
	case BFLY_ADDR:
	case BFLY_ADDRS:
		return get_addr(nla, at);
	case BFLY_MAC:
	case BFLY_MACS:
		return get_bytes(nla, at, 6);
	case BFLY_KEY:
		return get_bytes(nla, at, BFLY_KEY_LEN);
	case BFLY_PREFIX:
	case BFLY_PREFIXES:
		return get_prefix(nla, at);
	}

	if (field->kind == BFLY_U8 || field->kind == BFLY_FLAG)
		*(uint8_t *)at = value;
	else if (field->kind == BFLY_U16)
		*(uint16_t *)at = value;
	else if (field->kind == BFLY_U32)
		*(uint32_t *)at = value;
	else
		*(uint64_t *)at = value;
	return err;
}

static size_t item_size(const struct bfly_field *field)
{
	switch (field->kind) {
	case BFLY_ADDRS:
		return sizeof(struct bfly_addr);
	case BFLY_MACS:
		return sizeof(struct bfly_mac);
	case BFLY_PREFIXES:
		return sizeof(struct bfly_prefix);
	case BFLY_STRS:
		return sizeof(char *);
	default:
		return 0;
	}
}

/* All attributes of the field's type, of which @nla is the first. */
static int get_array(struct bfly_arena *arena, const struct bfly_field *field,
		     const struct nlattr *nla, int left, char *obj)
{
	size_t *count = (size_t *)(obj + field->count_off);
	size_t size = item_size(field), n = 0;
	const struct nlattr *pos;
	int err, rest = left;
	char *items;

	for (pos = nla; nla_ok(pos, rest); pos = nla_next(pos, &rest))
		n += nla_type(pos) == field->attr;
	items = alloc(arena, n, size);
	if (!items)
		return -ENOMEM;
	*(void **)(obj + field->off) = items;

	for (pos = nla; nla_ok(pos, left); pos = nla_next(pos, &left)) {
		if (nla_type(pos) != field->attr)
			continue;
		err = get_one(arena, field, pos, items + size * *count);
		if (err)
			return err;
		++*count;
	}
	return 0;
}

static int get_list(struct bfly_arena *arena, const struct bfly_field *field,
		    const struct nlattr *nla, int left, char *obj)
{
	char **tail = (char **)(obj + field->off);
	int err;

	for (; nla_ok(nla, left); nla = nla_next(nla, &left)) {
		if (nla_type(nla) != field->attr)
			continue;
		*tail = alloc(arena, 1, field->nest->size);
		if (!*tail)
			return -ENOMEM;
		err = bfly_decode(arena, field->nest, nla_data(nla),
				  nla_len(nla), *tail);
		if (err)
			return err;
		tail = (char **)(*tail + sizeof(uint64_t));
	}
	return 0;
}

static const struct bfly_field *field_of(const struct bfly_layout *layout,
					 int attr)
{
	size_t i;

	for (i = 0; i < layout->n_fields; i++)
		if (layout->fields[i].attr == attr)
			return &layout->fields[i];
	return NULL;
}

/*
 * Fill @obj, which is all zero, from the attributes. What a newer kernel sends
 * and the layout does not know is skipped.
 * Return: 0, -EBADMSG for an attribute of a wrong size, or -ENOMEM.
 */
int bfly_decode(struct bfly_arena *arena, const struct bfly_layout *layout,
		const struct nlattr *attrs, int len, void *obj)
{
	uint64_t *set = obj;
	const struct nlattr *nla;
	int left = len, err;

	for (nla = attrs; nla_ok(nla, left); nla = nla_next(nla, &left)) {
		const struct bfly_field *field = field_of(layout, nla_type(nla));
		uint64_t bit;

		if (!field)
			continue;
		bit = UINT64_C(1) << field->attr;
		if (field->kind == BFLY_NESTS)
			err = *set & bit ? 0 : get_list(arena, field, nla, left, obj);
		else if (item_size(field))
			err = *set & bit ? 0 : get_array(arena, field, nla, left, obj);
		else
			err = get_one(arena, field, nla, (char *)obj + field->off);
		if (err)
			return err;
		*set |= bit;
	}
	return 0;
}
