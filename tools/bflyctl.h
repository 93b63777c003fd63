/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of bflyctl share. */
#ifndef BFLYCTL_H
#define BFLYCTL_H

#include <stdbool.h>
#include <stdio.h>
#include <bfly.h>

/*
 * Exit codes, which are also what commands return. EXIT_GONE becomes 0: what
 * `if-exists` names is not there.
 */
enum { EXIT_GONE = -1, EXIT_DONE = 0, EXIT_USAGE = 1, EXIT_REFUSED = 2 };

struct options {
	bool json;
	bool pretty;
	bool stats;
	bool details;
	bool force;
};

extern struct options opt;

/* ---- a command, args.c ---- */

/* The words of one command that are still to be read. */
struct args {
	int argc;
	char **argv;
	const char *object;
	const char *verb;
	int flags;		/* enum bfly_new_flags of the verb */
	const char *dev_name;	/* `dev DEV`, or NULL */
	uint32_t dev;		/* its index, or 0 */
	bool if_exists;
	struct block *blocks;	/* memory that lives as long as the command */
};

enum word_kind {
	WORD_U8, WORD_U16, WORD_U32, WORD_INHERIT, WORD_ONOFF, WORD_ENUM, WORD_NAME,
	WORD_ADDR, WORD_MAC, WORD_KEY, WORD_PREFIX, WORD_PROTO, WORD_RANGE,
	WORD_IFINDEX,
	/* one or more values; the word may come again */
	WORD_ADDRS, WORD_MACS, WORD_PREFIXES, WORD_NAMES,
};

/* A word that an object's commands take, and where its value goes. */
struct word {
	const char *name;
	enum word_kind kind;
	unsigned int attr;	/* bit in `set`, the first thing of the object */
	size_t off;
	size_t off2;		/* of a list its length, of a range its end */
	const char *const *names;	/* of an enum, by value */
	unsigned int clear;	/* what `none` (or another word, */
	const char *none;	/* of a single value) adds to the object's `clear`, */
	unsigned int clear_attr;	/* whose bit in `set` this is */
	size_t clear_off;
	uint8_t inherit;	/* the number that `inherit` stands for */
};

#define WORD(type, attr_, name_, kind_, member)				\
	{ .name = name_, .kind = WORD_##kind_, .attr = BFLY_A_##attr_,	\
	  .off = offsetof(struct type, member) }
#define WORD_OF(type, attr_, name_, names_, member)			\
	{ .name = name_, .kind = WORD_ENUM, .attr = BFLY_A_##attr_,	\
	  .off = offsetof(struct type, member), .names = names_ }
#define WORD_INHERIT(type, attr_, name_, inherit_, member)		\
	{ .name = name_, .kind = WORD_INHERIT, .attr = BFLY_A_##attr_,	\
	  .off = offsetof(struct type, member), .inherit = inherit_ }
#define WORD_LIST(type, attr_, name_, kind_, member)			\
	{ .name = name_, .kind = WORD_##kind_, .attr = BFLY_A_##attr_,	\
	  .off = offsetof(struct type, member),				\
	  .off2 = offsetof(struct type, n_##member) }
/* A list that `set` can empty. */
#define WORD_CLEAR(type, SET, attr_, name_, kind_, member)		\
	{ .name = name_, .kind = WORD_##kind_,				\
	  .attr = BFLY_A_##SET##_##attr_,				\
	  .off = offsetof(struct type, member),				\
	  .off2 = offsetof(struct type, n_##member),			\
	  .clear = BFLY_##SET##_LIST_##attr_,				\
	  .clear_attr = BFLY_A_##SET##_CLEAR,				\
	  .clear_off = offsetof(struct type, clear) }
/* A value that `set` can take away by the word @none_. */
#define CLEARED(type, SET, attr_, none_)				\
	.none = none_, .clear = BFLY_##SET##_CLEAR_##attr_,		\
	.clear_attr = BFLY_A_##SET##_CLEAR,				\
	.clear_off = offsetof(struct type, clear)
#define WORD_END { .name = NULL }

int usage(const struct args *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
char *next(struct args *a);
int take_words(struct args *a, const struct word *words, void *obj);
int take_value(struct args *a, const struct word *word, void *obj,
	       const char *value);
int take_end(struct args *a);
int take_dev(struct args *a);
int take_netdev(struct args *a, const char *name, uint32_t *ifindex);
int take_number(struct args *a, const char *what, const char *text,
		unsigned long max, unsigned long *value);
void *keep_alive(struct args *a, size_t n, size_t size);
void args_free(struct args *a);

/* Read into `set` and `dev` of an object. */
#define TAKE_DEV(a, SET, obj) do {					\
	if ((a)->dev) {							\
		(obj)->set |= BFLY_F(SET##_DEV);			\
		(obj)->dev = (a)->dev;					\
	}								\
} while (0)

/* ---- the kernel, bflyctl.c ---- */

struct bfly_ctl *kernel(void);
int finish(struct args *a, int err);
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* ---- objects ---- */

/* Whether the kernel, or the user, named an attribute. */
#define HAS(obj, attr) ((obj)->set & BFLY_F(attr))

struct verb {
	const char *name;
	int (*run)(struct args *a);
	const char *help;	/* its words */
	int flags;
};

struct object {
	const char *name;
	const char *what;	/* one line */
	const struct verb *verbs;
	const char *notes;	/* what the words mean */
	bool plain;		/* its name alone is the command */
	/* Print what `add` with these words would make, all of it said. */
	int (*canonical)(struct args *a);
};

extern const struct object switch_object, net_object, remote_object,
	fdb_object, uplink_object, port_object, group_object, rule_object,
	member_object, pool_object, backend_object, service_object,
	flow_object, stats_object, monitor_object, save_object, apply_object,
	version_object;

extern const struct object *const objects[];

/* Print one object; also for monitor and save. */
int print_switch(const struct bfly_switch *sw, void *arg);
int print_net(const struct bfly_net *net, void *arg);
int print_remote(const struct bfly_remote *remote, void *arg);
int print_uplink(const struct bfly_uplink *uplink, void *arg);
int print_port(const struct bfly_port *port, void *arg);
int print_group(const struct bfly_group *group, void *arg);
int print_rules(const struct bfly_group *group, void *arg);
int print_members(const struct bfly_group *group, void *arg);
int print_pool(const struct bfly_pool *pool, void *arg);
int print_backend(const struct bfly_pool *pool, void *arg);
int print_service(const struct bfly_service *service, void *arg);

/* The words of a rule after its group's name. */
void print_rule(const struct bfly_rule *rule);

int take_group(struct args *a, struct bfly_group *group);
int take_rule(struct args *a, struct bfly_group *group, struct bfly_rule *rule);
int take_members(struct args *a, struct bfly_group *group);
int take_backend(struct args *a, struct bfly_pool *pool,
		 struct bfly_backend *backend);

/* Show what groups have. @print makes its `bool *arg` true when it printed. */
typedef int group_dump(struct bfly_ctl *ctl, const struct bfly_group *filter,
		       bfly_group_cb *cb, void *arg);
int show_of_group(struct args *a, group_dump *dump, bfly_group_cb *print);

/* ---- dev.c ---- */

uint32_t dev_index(const char *name);	/* 0 when it is not there */
const char *dev_name(uint32_t index);
void dev_forget(void);

/* ---- names.c ---- */

int proto_parse(const char *text, uint8_t *proto);
const char *proto_name(uint8_t proto, char *buf);	/* buf of 4 */
void prefix_mask(struct bfly_prefix *prefix);
int service_parse(const char *text, struct bfly_service *service);
char *service_format(const struct bfly_service *service, char *buf);
#define SERVICE_STRLEN 72
int range_parse(const char *text, uint16_t *min, uint16_t *max);
int key_parse(const char *text, uint8_t *key);
char *key_format(const uint8_t *key, char *buf);
#define KEY_STRLEN (2 * BFLY_KEY_LEN + 1)

/* ---- output, out.c: one list of objects a command ---- */

void out_begin(const struct args *a);
void out_end(void);
void out_object(void);
void out_object_end(void);
void out_more(void);			/* text: an indented line */
bool out_is_json(void);
bool out_wants(bool option);		/* JSON has everything */
void out_to(FILE *file);
void out_lead(const char *words);	/* text: before each object */
void out_event(const char *name);	/* JSON: objects one by one */
bool out_canonical(void);

void out_dev(uint32_t dev);
void out_key(const char *key, const char *value);	/* text: value alone */
void out_key_num(const char *key, uint64_t value);
void out_text(const char *key, const char *text);	/* not in JSON */
void out_str(const char *key, const char *value);
void out_num(const char *key, uint64_t value);
void out_onoff(const char *key, bool value);
void out_enum(const char *key, const char *const *names, uint32_t value);
void out_addr(const char *key, const struct bfly_addr *addr);
void out_mac(const char *key, const struct bfly_mac *mac);
void out_prefix(const char *key, const struct bfly_prefix *prefix);
void out_list(const char *key);
void out_list_each(const char *key);
void out_item(const char *value);
void out_list_end(void);
void out_nest(void);
void out_nest_key(const char *key);
void out_nest_end(void);

#endif /* BFLYCTL_H */
