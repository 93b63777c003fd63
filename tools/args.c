// SPDX-License-Identifier: GPL-2.0
/* Reading the words of a command. */
#include <errno.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "bflyctl.h"

struct block {
	struct block *next;
	max_align_t data[];
};

/* Zeroed memory that is freed with the command. */
void *keep_alive(struct args *a, size_t n, size_t size)
{
	struct block *block = calloc(1, sizeof(*block) + n * size);

	if (!block) {
		complain("out of memory");
		exit(EXIT_REFUSED);
	}
	block->next = a->blocks;
	a->blocks = block;
	return block->data;
}

void args_free(struct args *a)
{
	while (a->blocks) {
		struct block *block = a->blocks;

		a->blocks = block->next;
		free(block);
	}
}

int usage(const struct args *a, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	complain("%s%s%s: %s", a->object, a->verb ? " " : "",
		 a->verb ? a->verb : "", text);
	return EXIT_USAGE;
}

/* The next word, or NULL after the last. */
char *next(struct args *a)
{
	if (!a->argc)
		return NULL;
	a->argc--;
	return *a->argv++;
}

int take_end(struct args *a)
{
	return a->argc ? usage(a, "\"%s\" is one word too many", a->argv[0]) : 0;
}

int take_number(struct args *a, const char *what, const char *text,
		unsigned long max, unsigned long *value)
{
	char *end;

	errno = 0;
	*value = strtoul(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end)
		return usage(a, "%s \"%s\" is not a number", what, text);
	if (errno || *value > max)
		return usage(a, "%s \"%s\" is more than %lu", what, text, max);
	return 0;
}

/* A netdev that is not there is the kernel's kind of error, not of usage. */
int take_netdev(struct args *a, const char *name, uint32_t *ifindex)
{
	*ifindex = if_nametoindex(name);
	if (*ifindex)
		return 0;
	if (a->if_exists)
		return EXIT_GONE;
	complain("there is no device \"%s\"", name);
	return EXIT_REFUSED;
}

int take_dev(struct args *a)
{
	if (!a->dev_name)
		return 0;
	a->dev = dev_index(a->dev_name);
	return a->dev ? 0 : take_netdev(a, a->dev_name, &a->dev);
}

static int take_enum(struct args *a, const struct word *word,
		     const char *value, uint32_t *to)
{
	char known[256] = "";
	uint32_t i;

	for (i = 0; word->names[i]; i++) {
		if (!strcmp(word->names[i], value)) {
			*to = i;
			return 0;
		}
		if (i)
			strncat(known, ", ", sizeof(known) - strlen(known) - 1);
		strncat(known, word->names[i], sizeof(known) - strlen(known) - 1);
	}
	return usage(a, "%s \"%s\" is not one of: %s", word->name, value, known);
}

static int take_onoff(struct args *a, const struct word *word,
		      const char *value, uint8_t *to)
{
	if (strcmp(value, "on") && strcmp(value, "off"))
		return usage(a, "%s \"%s\" is neither on nor off", word->name, value);
	*to = !strcmp(value, "on");
	return 0;
}

static int take_name(struct args *a, const char *what, const char *value,
		     const char **to)
{
	if (strlen(value) > BFLY_NAME_MAX)
		return usage(a, "%s \"%s\" is longer than %d bytes", what, value,
			     BFLY_NAME_MAX);
	*to = value;
	return 0;
}

/* Append to a list; no list is longer than the words that are left. */
static int take_item(struct args *a, const struct word *word, char *obj,
		     const char *value)
{
	static const size_t sizes[] = {
		[WORD_ADDRS] = sizeof(struct bfly_addr),
		[WORD_MACS] = sizeof(struct bfly_mac),
		[WORD_PREFIXES] = sizeof(struct bfly_prefix),
		[WORD_NAMES] = sizeof(char *),
	};
	void **list = (void **)(obj + word->off);
	size_t *count = (size_t *)(obj + word->off2);
	void *at;

	if (!*list)
		*list = keep_alive(a, a->argc + 1, sizes[word->kind]);
	at = (char *)*list + sizes[word->kind] * *count;

	if (word->kind == WORD_ADDRS && bfly_addr_parse(value, at))
		return usage(a, "%s \"%s\" is not an address", word->name, value);
	if (word->kind == WORD_MACS && bfly_mac_parse(value, at))
		return usage(a, "%s \"%s\" is not a MAC address", word->name, value);
	if (word->kind == WORD_PREFIXES && bfly_prefix_parse(value, at))
		return usage(a, "%s \"%s\" is neither an address nor a prefix",
			     word->name, value);
	if (word->kind == WORD_NAMES && take_name(a, word->name, value, at))
		return EXIT_USAGE;
	++*count;
	return 0;
}

static int take_inherit(struct args *a, const struct word *word,
			const char *value, uint8_t *to)
{
	unsigned long number = word->inherit;
	int err = 0;

	if (strcmp(value, "inherit"))
		err = take_number(a, word->name, value, UINT8_MAX, &number);
	*to = number;
	return err;
}

/* Give the object's field the value. */
int take_value(struct args *a, const struct word *word, void *obj,
	       const char *value)
{
	void *at = (char *)obj + word->off;
	unsigned long number = 0;
	int err = 0;

	*(uint64_t *)obj |= UINT64_C(1) << word->attr;
	switch (word->kind) {
	case WORD_U8:
		err = take_number(a, word->name, value, UINT8_MAX, &number);
		*(uint8_t *)at = number;
		return err;
	case WORD_U16:
		err = take_number(a, word->name, value, UINT16_MAX, &number);
		*(uint16_t *)at = number;
		return err;
	case WORD_U32:
		err = take_number(a, word->name, value, UINT32_MAX, &number);
		*(uint32_t *)at = number;
		return err;
	case WORD_INHERIT:
		return take_inherit(a, word, value, at);
	case WORD_ONOFF:
		return take_onoff(a, word, value, at);
	case WORD_ENUM:
		return take_enum(a, word, value, at);
	case WORD_NAME:
		return take_name(a, word->name, value, at);
	case WORD_IFINDEX:
		return take_netdev(a, value, at);
	case WORD_ADDR:
		if (!bfly_addr_parse(value, at))
			return 0;
		return usage(a, "%s \"%s\" is not an address", word->name, value);
	case WORD_MAC:
		if (!bfly_mac_parse(value, at))
			return 0;
		return usage(a, "%s \"%s\" is not a MAC address", word->name, value);
	case WORD_PREFIX:
		if (!bfly_prefix_parse(value, at))
			return 0;
		return usage(a, "%s \"%s\" is neither an address nor a prefix",
			     word->name, value);
	case WORD_KEY:
		if (!key_parse(value, at))
			return 0;
		return usage(a, "%s \"%s\" is not %d hexadecimal digits",
			     word->name, value, 2 * BFLY_KEY_LEN);
	case WORD_PROTO:
		if (!strcmp(value, "any"))
			*(uint64_t *)obj &= ~(UINT64_C(1) << word->attr);
		else if (proto_parse(value, at))
			return usage(a, "%s \"%s\" is not a protocol", word->name, value);
		return 0;
	case WORD_RANGE:
		*(uint64_t *)obj |= UINT64_C(1) << (word->attr + 1);
		if (!range_parse(value, at, (void *)((char *)obj + word->off2)))
			return 0;
		return usage(a, "%s \"%s\" is neither a port nor a range A-B",
			     word->name, value);
	default:
		return take_item(a, word, obj, value);
	}
}

static const struct word *find_word(const struct word *words, const char *name)
{
	for (; words->name; words++)
		if (!strcmp(words->name, name))
			return words;
	return NULL;
}

/* Nothing to a new object, a request to an old one. */
static int take_none(struct args *a, const struct word *word, void *obj)
{
	uint32_t *clear = (void *)((char *)obj + word->clear_off);

	*(uint64_t *)obj &= ~(UINT64_C(1) << word->attr);
	if (strcmp(a->verb, "set"))
		return 0;
	if (!word->clear)
		return usage(a, "%s cannot be emptied", word->name);
	*(uint64_t *)obj |= UINT64_C(1) << word->clear_attr;
	*clear |= word->clear;
	return 0;
}

static int take_list(struct args *a, const struct word *words,
		     const struct word *word, void *obj)
{
	int err;

	if (!strcmp(a->argv[0], "none")) {
		next(a);
		if (*(size_t *)((char *)obj + word->off2))
			return usage(a, "%s has both \"none\" and values", word->name);
		return take_none(a, word, obj);
	}
	do {
		err = take_value(a, word, obj, next(a));
	} while (!err && a->argc && !find_word(words, a->argv[0]));
	return err;
}

static int take_one(struct args *a, const struct word *word, void *obj,
		    const char *value)
{
	if (word->none && !strcmp(value, word->none))
		return take_none(a, word, obj);
	return take_value(a, word, obj, value);
}

/* Read pairs of a word and its value, or values, up to the end. */
int take_words(struct args *a, const struct word *words, void *obj)
{
	uint64_t seen = 0;
	int err = 0;

	while (!err && a->argc) {
		const char *name = next(a);
		const struct word *word = find_word(words, name);
		uint64_t bit;

		if (!word)
			return usage(a, "\"%s\" is not known here", name);
		if (!a->argc)
			return usage(a, "%s lacks a value", name);

		bit = UINT64_C(1) << word->attr;
		if (word->kind >= WORD_ADDRS) {
			err = take_list(a, words, word, obj);
		} else {
			if (seen & bit)
				return usage(a, "%s comes twice", name);
			err = take_one(a, word, obj, next(a));
		}
		seen |= bit;
	}
	return err;
}
