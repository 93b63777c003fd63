// SPDX-License-Identifier: GPL-2.0
/* All that can be read of the switches, counters left out. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bad_input.h"

#define BIT(n) (1U << (n))

/* What changes by itself: counters, and the order in a hash table that may be resized. */
static const struct {
	uint8_t cmd;
	uint32_t counters;
	bool unordered;
} dumps[] = {
	{ BFLY_CMD_SWITCH_GET, BIT(BFLY_A_SWITCH_FLOWS) | BIT(BFLY_A_SWITCH_FRAGS_WAITING) },
	{ BFLY_CMD_NET_GET, BIT(BFLY_A_NET_LEARNED) |
			    BIT(BFLY_A_NET_RX_PACKETS) | BIT(BFLY_A_NET_RX_BYTES) |
			    BIT(BFLY_A_NET_TX_PACKETS) | BIT(BFLY_A_NET_TX_BYTES) |
			    BIT(BFLY_A_NET_RX_DROPPED) | BIT(BFLY_A_NET_TX_DROPPED) },
	{ BFLY_CMD_REMOTE_GET, BIT(BFLY_A_REMOTE_RX_PACKETS) | BIT(BFLY_A_REMOTE_RX_BYTES) |
			       BIT(BFLY_A_REMOTE_TX_PACKETS) | BIT(BFLY_A_REMOTE_TX_BYTES) },
	{ BFLY_CMD_FDB_GET, BIT(BFLY_A_FDB_AGE), .unordered = true },
	{ BFLY_CMD_UPLINK_GET, 0 },
	{ BFLY_CMD_PORT_GET, BIT(BFLY_A_PORT_RX_PACKETS) | BIT(BFLY_A_PORT_RX_BYTES) |
			     BIT(BFLY_A_PORT_TX_PACKETS) | BIT(BFLY_A_PORT_TX_BYTES) |
			     BIT(BFLY_A_PORT_RX_DROPPED) | BIT(BFLY_A_PORT_TX_DROPPED) |
			     BIT(BFLY_A_PORT_FLOWS) },
	{ BFLY_CMD_GROUP_GET, 0 },
	{ BFLY_CMD_RULE_GET, BIT(BFLY_A_GROUP_HITS) },
	{ BFLY_CMD_MEMBER_GET, 0 },
	{ BFLY_CMD_POOL_GET, 0 },
	{ BFLY_CMD_BACKEND_GET, BIT(BFLY_A_POOL_PACKETS) | BIT(BFLY_A_POOL_BYTES) |
				BIT(BFLY_A_POOL_NEW_FLOWS) | BIT(BFLY_A_POOL_FLOWS) |
				BIT(BFLY_A_POOL_STATE_CHANGES) },
	{ BFLY_CMD_SERVICE_GET, BIT(BFLY_A_SERVICE_PACKETS) | BIT(BFLY_A_SERVICE_BYTES) |
				BIT(BFLY_A_SERVICE_NEW_FLOWS) | BIT(BFLY_A_SERVICE_FLOWS) },
};

/* An object as a dump tells it, without counters. */
struct object {
	size_t len;
	unsigned char data[504];
};

/**
 * struct state - one of the dumps
 * @objects: what it told
 * @count: how many objects
 * @counters: attributes that are left out
 */
struct state {
	struct object objects[128];
	unsigned int count;
	uint32_t counters;
};

static struct state before[ARRAY_SIZE(dumps)], after[ARRAY_SIZE(dumps)];

static void add(struct object *object, const void *data, size_t len)
{
	if (object->len + len > sizeof(object->data))
		errx(1, "an object of the test does not fit");
	memcpy(object->data + object->len, data, len);
	object->len += len;
}

static void add_object(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *attr;
	struct state *state = arg;
	struct object *object;

	if (state->count == ARRAY_SIZE(state->objects))
		errx(1, "the test's objects do not fit");
	object = &state->objects[state->count++];
	object->len = 0;
	add(object, mnl_nlmsg_get_payload(nlh), sizeof(struct genlmsghdr));
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (!(state->counters & BIT(mnl_attr_get_type(attr))))
			add(object, attr, mnl_attr_get_len(attr));
}

static int compare(const void *left, const void *right)
{
	const struct object *a = left, *b = right;

	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return memcmp(a->data, b->data, a->len);
}

static bool equal(const struct state *a, const struct state *b)
{
	unsigned int i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++)
		if (compare(&a->objects[i], &b->objects[i]))
			return false;
	return true;
}

static void read_state(struct state *state, unsigned int i)
{
	struct answer answer;

	state->counters = dumps[i].counters;
	do {
		state->count = 0;
		request_ask(sock, request_raw(family_id, dumps[i].cmd, true), &answer,
			    add_object, state);
	} while (answer.torn);
	if (answer.err)
		errx(1, "dump %u: %s (%s)", dumps[i].cmd, strerror(answer.err),
		     answer.text);
	if (dumps[i].unordered)
		qsort(state->objects, state->count, sizeof(*state->objects), compare);
}

/* Remember what there is. */
void state_take(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(dumps); i++)
		read_state(&before[i], i);
}

/* A change is remembered, so that it is told once. */
static bool same(unsigned int i)
{
	bool same;

	read_state(&after[i], i);
	same = equal(&before[i], &after[i]);
	if (!same)
		before[i] = after[i];
	return same;
}

/* Whether all is as it was remembered. */
bool state_same(void)
{
	bool all = true;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(dumps); i++)
		all &= same(i);
	return all;
}

/*
 * Whether the switch, which counts its objects, and the objects that a command
 * is for are: all dumps for each of thousands of cases take too long in an
 * emulated machine.
 */
bool state_same_for(uint8_t cmd)
{
	bool all = same(0);
	unsigned int i;

	/* a get follows the commands that change its objects */
	for (i = 1; i < ARRAY_SIZE(dumps); i++)
		if (dumps[i].cmd >= cmd)
			return all & same(i);
	return all;
}
