/* SPDX-License-Identifier: LGPL-2.1 */
/* What the files of libbfly share and its users do not see. */
#ifndef LIBBFLY_CORE_H
#define LIBBFLY_CORE_H

#include <stdbool.h>
#include <linux/netlink.h>
#include "bfly.h"

struct nl_msg;
struct nl_sock;
struct nlattr;

#define BFLY_API __attribute__((visibility("default")))

/* How a field lies in its struct and travels in its attribute. */
enum bfly_kind {
	BFLY_U8,
	BFLY_U16,
	BFLY_U32,
	BFLY_UINT,	/* 4 or 8 bytes on the wire */
	BFLY_FLAG,	/* no payload */
	BFLY_STR,
	BFLY_ADDR,
	BFLY_MAC,
	BFLY_KEY,	/* BFLY_KEY_LEN bytes */
	BFLY_PREFIX,	/* nest */
	/* pointer to an array, and its length in another field */
	BFLY_ADDRS,
	BFLY_MACS,
	BFLY_PREFIXES,
	BFLY_STRS,
	/* linked list of structs with a layout of their own */
	BFLY_NESTS,
};

struct bfly_field {
	const char *name;	/* as in the spec */
	uint8_t attr;
	uint8_t kind;
	uint16_t off;
	uint16_t count_off;
	const struct bfly_layout *nest;
};

/*
 * A struct begins with the uint64_t `set`, of which bit @attr belongs to the
 * field; a struct that is listed has the pointer `next` after it.
 */
struct bfly_layout {
	const struct bfly_field *fields;
	size_t n_fields;
	size_t size;
};

#define BFLY_FIELD(type, attr_, name_, kind_, member)			\
	{ .name = name_, .attr = BFLY_A_##attr_, .kind = BFLY_##kind_,	\
	  .off = offsetof(struct type, member) }
#define BFLY_ARRAY(type, attr_, name_, kind_, member)			\
	{ .name = name_, .attr = BFLY_A_##attr_, .kind = BFLY_##kind_,	\
	  .off = offsetof(struct type, member),				\
	  .count_off = offsetof(struct type, n_##member) }
#define BFLY_LIST(type, attr_, name_, layout, member)			\
	{ .name = name_, .attr = BFLY_A_##attr_, .kind = BFLY_NESTS,	\
	  .off = offsetof(struct type, member), .nest = layout }
#define BFLY_LAYOUT(type, fields_)					\
	{ .fields = fields_, .size = sizeof(struct type),		\
	  .n_fields = sizeof(fields_) / sizeof((fields_)[0]) }

extern const struct bfly_layout bfly_switch_layout;
extern const struct bfly_layout bfly_net_layout;
extern const struct bfly_layout bfly_remote_layout;
extern const struct bfly_layout bfly_uplink_layout;
extern const struct bfly_layout bfly_port_layout;
extern const struct bfly_layout bfly_group_layout;
extern const struct bfly_layout bfly_rule_layout;
extern const struct bfly_layout bfly_pool_layout;
extern const struct bfly_layout bfly_service_layout;

struct bfly_ctl {
	struct nl_sock *sk;	/* NULL until connected */
	struct nl_sock *monitor;
	int fd;			/* of sk */
	int family;
	uint32_t seq;
	int sndbuf;		/* what was asked for */
	char error[512];
};

/* One request. */
struct bfly_call {
	int cmd;
	bool dump;
	bool replace;
	bool stream;		/* hand out as replies arrive */
	const struct bfly_layout *layout;
	const void *obj;	/* NULL for an empty request */
	int (*hand)(const void *obj, void *arg);
	void *arg;
};

/* core.c */
int bfly_fail(struct bfly_ctl *ctl, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* request.c */
int bfly_call(struct bfly_ctl *ctl, const struct bfly_call *call);
int bfly_change(struct bfly_ctl *ctl, int cmd, enum bfly_new_flags flags,
		const struct bfly_layout *layout, const void *obj);

/* receive.c */
struct bfly_buf {
	char *data;
	size_t len;
	size_t room;
};

int bfly_receive(struct bfly_ctl *ctl, int fd, struct bfly_buf *buf);
int bfly_hand_out(struct bfly_ctl *ctl, const struct nlmsghdr *nlh,
		  const struct bfly_layout *layout,
		  int (*hand)(const void *obj, void *arg), void *arg);

/* extack.c */
int bfly_extack(struct bfly_ctl *ctl, const struct nlmsghdr *reply,
		const struct nlmsghdr *request,
		const struct bfly_layout *layout);

/* encode.c */
int bfly_encode(struct nl_msg *msg, const struct bfly_layout *layout,
		const void *obj);

/* decode.c */
struct bfly_arena {
	struct bfly_chunk *chunks;
};

int bfly_decode(struct bfly_arena *arena, const struct bfly_layout *layout,
		const struct nlattr *attrs, int len, void *obj);
void bfly_arena_free(struct bfly_arena *arena);

/*
 * Define bfly_<name>_get() or _dump(): the typed callback is called through a
 * typed function, never through a cast one.
 */
#define BFLY_DEFINE_READ(name, verb, object, layout_, cmd_, dump_, stream_) \
struct name##_##verb##_closure {					\
	bfly_##object##_cb *cb;						\
	void *arg;							\
};									\
static int name##_##verb##_hand(const void *obj, void *arg)		\
{									\
	struct name##_##verb##_closure *c = arg;			\
									\
	return c->cb(obj, c->arg);					\
}									\
BFLY_API int bfly_##name##_##verb(struct bfly_ctl *ctl,			\
				  const struct bfly_##object *obj,	\
				  bfly_##object##_cb *cb, void *arg)	\
{									\
	struct name##_##verb##_closure closure = { cb, arg };		\
									\
	return bfly_call(ctl, &(struct bfly_call){			\
		.cmd = cmd_, .dump = dump_, .stream = stream_,	\
		.layout = &(layout_), .obj = obj,			\
		.hand = name##_##verb##_hand, .arg = &closure,		\
	});								\
}

#define BFLY_DEFINE_GET(name, object, layout, cmd) \
	BFLY_DEFINE_READ(name, get, object, layout, cmd, false, false)
#define BFLY_DEFINE_DUMP(name, object, layout, cmd) \
	BFLY_DEFINE_READ(name, dump, object, layout, cmd, true, false)

#endif /* LIBBFLY_CORE_H */
