/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bad input to every netlink operation: each is refused with a reason and
 * changes nothing.
 *
 * ops.c describes each operation by a request that is right; mutate.c spoils
 * these requests in all the ways that hold for any attribute of a kind;
 * special*.c have the cases that need to know what a request means; rights.c
 * those of who asks; family.c compares the description with the kernel's own.
 */
#ifndef BAD_INPUT_H
#define BAD_INPUT_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/bfly.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Interfaces that the test is started with. */
enum dev {
	DEV_SWITCH,	/* the switch that has all objects */
	DEV_OTHER,	/* another switch, empty */
	DEV_PORT,	/* a port that the test configures */
	DEV_CLOSED,	/* a port that nobody configured */
	DEV_FREE,	/* an Ethernet device in no switch */
	DEV_UPLINK,	/* to be an uplink */
	DEV_UPLINK2,	/* another one, not in use */
	DEV_COUNT,
};

extern uint32_t ifindex[DEV_COUNT];

enum kind { U8, U16, U32, FLAG, STRING, BYTES, MAC, ADDR, NEST };

/* What holds for an attribute; the first four of its place in the request. */
#define NEED	0x01	/* the request is refused without it */
#define GIVEN	0x02	/* it is in the right request */
#define LIST	0x04	/* there may be several */
#define UNIQUE	0x08	/* and no two of them the same */
#define HOST	0x10	/* an address or MAC of one host */
#define NAME	0x20	/* printable, not empty, not "none" */
#define OPEN	0x40	/* a string without a final zero is allowed, too */

struct attr;

/**
 * struct set - attributes of one level
 * @attrs: those that are allowed, up to one without a name
 * @max: the greatest number in the attribute set
 */
struct set {
	const struct attr *attrs;
	uint16_t max;
};

/**
 * struct attr - an attribute of an operation
 * @name: as in the spec
 * @type: its number
 * @kind: what is in it
 * @flags: see above
 * @min: least value
 * @max: greatest value, or length of a string or of bytes
 * @num: the right value
 * @dev: the right value is the index of this interface
 * @data: the right value if it is not a number; a string's has no length
 * @len: length of it
 * @inner: what is in a nest
 * @none: a value of an object that does not exist: the same kind as @num
 * @none_data: or @data
 * @none_err: what that is refused with, 0 if it is not
 */
struct attr {
	const char *name;
	uint16_t type;
	enum kind kind;
	unsigned int flags;
	uint64_t min, max;
	uint64_t num;
	const uint32_t *dev;
	const void *data;
	size_t len;
	const struct set *inner;
	uint64_t none;
	const void *none_data;
	int none_err;
};

/**
 * struct op - an operation and a right request
 * @name: as in the spec
 * @cmd: command
 * @dump: it is the dump of the command
 * @request: attributes of its requests
 * @undo: operation that undoes it, or NULL if there is nothing to undo
 */
struct op {
	const char *name;
	uint8_t cmd;
	bool dump;
	struct set request;
	const struct op *undo;
};

extern const struct op *const ops[];
extern const unsigned int op_count;
/* Makes what the right requests speak of, in this order. */
extern const struct op *const base[];
extern const unsigned int base_count;

/**
 * struct change - how a right request is spoilt
 * @attr: the attribute that is left out or replaced, or NULL
 * @omit: it is left out
 * @times: it is given that often (0 is once)
 * @level: a level that the raw attribute is put behind
 * @type: number and flags of the raw attribute
 * @len: its length
 * @claim: the length that it says it has, if not 0
 * @data: what is in it
 * @tail: bytes after the last attribute of @level
 */
struct change {
	const struct attr *attr;
	bool omit;
	unsigned int times;
	const struct attr *level;
	uint16_t type;
	size_t len;
	uint16_t claim;
	const void *data;
	unsigned int tail;
};

/* What a refusal may be. */
#define ANY	0	/* any errno */
#define POLICY	-1	/* EINVAL or ERANGE, as the kernel's own parser says */

/**
 * struct answer - what came back
 * @err: errno, 0 for success
 * @attr_off: offset of the attribute that is blamed, 0 for none
 * @text: the reason
 * @objects: messages of objects that came
 * @torn: it is a dump of what changed meanwhile, to be asked for again
 */
struct answer {
	int err;
	uint32_t attr_off;
	char text[256];
	unsigned int objects;
	bool torn;
};

/* request.c */
int nl_open(void);
extern int family_id;
struct nlmsghdr *request_raw(uint16_t type, uint8_t cmd, bool dump);
struct nlmsghdr *request(const struct op *op, const struct change *change);
bool request_send(int fd, const struct nlmsghdr *nlh, struct answer *answer);
bool request_answer(int fd, struct answer *answer,
		    void (*each)(const struct nlmsghdr *nlh, void *arg), void *arg);
void request_ask(int fd, struct nlmsghdr *nlh, struct answer *answer,
		 void (*each)(const struct nlmsghdr *nlh, void *arg), void *arg);
size_t value_of(const struct attr *attr, const void **data);

/* start.c */
extern int sock;
extern bool verbose;
void start(int argc, char **argv);
int finish(void);
void result(bool ok, const char *what, const struct answer *answer,
	    const char *why);
void accepted(struct nlmsghdr *nlh, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* bad_input.c */
void refused_by(int fd, struct nlmsghdr *nlh, const struct op *undo, int err,
		bool textless, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));
#define refused(nlh, undo, err, ...) \
	refused_by(sock, nlh, undo, err, false, __VA_ARGS__)

/* state.c */
void state_take(void);
bool state_same(void);
bool state_same_for(uint8_t cmd);

void mutate_all(void);
void special_all(void);
void rights_all(void);
void family_check(void);

#endif
