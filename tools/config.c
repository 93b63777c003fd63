// SPDX-License-Identifier: GPL-2.0
/* What the kernel has, or a file wants, as sorted lines. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "config.h"

const struct object *const section_objects[N_SECTIONS] = {
	[SWITCHES] = &switch_object, [UPLINKS] = &uplink_object,
	[NETS] = &net_object, [REMOTES] = &remote_object,
	[GROUPS] = &group_object, [RULES] = &rule_object,
	[MEMBERS] = &member_object, [PORTS] = &port_object,
	[POOLS] = &pool_object, [BACKENDS] = &backend_object,
	[SERVICES] = &service_object,
};

static void *need(void *memory)
{
	if (memory)
		return memory;
	complain("out of memory");
	exit(EXIT_REFUSED);
}

/* Where word number n of the text begins; words in quotes are one. */
const char *word_at(const char *text, int n)
{
	while (n--) {
		bool quoted = false;

		for (; *text && (quoted || *text != ' '); text++) {
			if (*text == '\\' && text[1])
				text++;
			else if (*text == '"')
				quoted = !quoted;
		}
		text += *text == ' ';
	}
	return text;
}

/* " dev bfly0", with which each line but a switch's ends. */
static const char *dev_of(const char *text)
{
	const char *last = text, *pos;

	for (pos = text; (pos = strstr(pos, " dev ")); pos++)
		last = pos;
	return last == text ? "" : last;
}

/* Words first to end, and the switch. */
static char *make_key(const char *text, int first, int end)
{
	const char *from = word_at(text, first), *to = word_at(text, end);
	int len = to - from;
	char *key;

	while (len && from[len - 1] == ' ')
		len--;
	need(asprintf(&key, "%.*s%s", len, from, dev_of(text)) < 0 ? NULL : key);
	return key;
}

static bool word_is(const char *text, int n, const char *word)
{
	size_t len = strlen(word);

	text = word_at(text, n);
	return !strncmp(text, word, len) && (!text[len] || text[len] == ' ');
}

static void find_key(struct line *line)
{
	const char *text = line->text;

	switch (line->section) {
	case REMOTES:	/* net ID via VTEP [mac MAC] */
		line->key = make_key(text, 0, word_is(text, 4, "mac") ? 6 : 4);
		break;
	case BACKENDS:
		line->key = make_key(text, 0, 2);
		break;
	case RULES:
	case MEMBERS:
		line->key = need(strdup(text));
		break;
	default:
		line->key = make_key(text, 0, 1);
	}
}

static void find_parent(struct line *line)
{
	static const struct {
		enum section section;
		enum section parent;
		int word;
	} parents[] = {
		{ REMOTES, NETS, 1 },	/* net ID */
		{ RULES, GROUPS, 0 },
		{ MEMBERS, GROUPS, 0 },
		{ PORTS, NETS, 2 },	/* IF net ID */
		{ BACKENDS, POOLS, 0 },
		{ SERVICES, POOLS, 2 },	/* ADDR pool NAME */
	};
	size_t i;

	for (i = 0; i < sizeof(parents) / sizeof(parents[0]); i++) {
		if (parents[i].section != line->section)
			continue;
		line->parent_section = parents[i].parent;
		line->parent = make_key(line->text, parents[i].word,
					parents[i].word + 1);
	}
}

void config_add(struct config *config, enum section section, const char *text,
		unsigned int number)
{
	struct line *line;

	if (config->n == config->room) {
		config->room = 2 * config->room + 64;
		config->lines = need(realloc(config->lines, config->room *
					     sizeof(*config->lines)));
	}
	line = &config->lines[config->n++];
	*line = (struct line){
		.section = section, .number = number, .text = need(strdup(text)),
	};
	find_key(line);
	find_parent(line);
}

void config_free(struct config *config)
{
	size_t i;

	for (i = 0; i < config->n; i++) {
		free(config->lines[i].text);
		free(config->lines[i].key);
		free(config->lines[i].parent);
	}
	free(config->lines);
}

/* Numbers within texts by their value: net 9 before net 42. */
static int compare(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int diff = (int)x->section - (int)y->section;

	if (!diff)
		diff = strverscmp(x->key, y->key);
	return diff ? diff : strcmp(x->text, y->text);
}

void config_sort(struct config *config)
{
	if (config->n)
		qsort(config->lines, config->n, sizeof(*config->lines), compare);
}

/* In a sorted configuration. */
const struct line *config_find(const struct config *config,
			       enum section section, const char *key)
{
	size_t low = 0, high = config->n;

	while (low < high) {
		size_t mid = (low + high) / 2;
		const struct line *line = &config->lines[mid];
		int diff = (int)section - (int)line->section;

		if (!diff)
			diff = strverscmp(key, line->key);
		if (!diff)
			return line;
		if (diff < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

/* A netdev that is enslaved and not configured is no part of it. */
static int print_open_port(const struct bfly_port *port, void *arg)
{
	return HAS(port, PORT_NET) ? print_port(port, arg) : 0;
}

static int print_section(enum section section, uint32_t dev)
{
	struct bfly_ctl *ctl = kernel();

#define DUMP(object, SET, print)					\
	bfly_##object##_dump(ctl, &(struct bfly_##object){		\
		.set = dev ? BFLY_F(SET##_DEV) : 0, .dev = dev }, print, NULL)
	switch (section) {
	case NETS:
		return DUMP(net, NET, print_net);
	case REMOTES:
		return DUMP(remote, REMOTE, print_remote);
	case UPLINKS:
		return DUMP(uplink, UPLINK, print_uplink);
	case GROUPS:
		return DUMP(group, GROUP, print_group);
	case PORTS:
		return DUMP(port, PORT, print_open_port);
	case POOLS:
		return DUMP(pool, POOL, print_pool);
	case SERVICES:
		return DUMP(service, SERVICE, print_service);
	case SWITCHES:
		if (!dev)
			return bfly_switch_dump(ctl, NULL, print_switch, NULL);
		return bfly_switch_get(ctl, &(struct bfly_switch){
			.set = BFLY_F(SWITCH_DEV), .dev = dev }, print_switch, NULL);
	case RULES:
		return bfly_rule_dump(ctl, &(struct bfly_group){
			.set = dev ? BFLY_F(GROUP_DEV) : 0, .dev = dev },
			print_rules, NULL);
	case MEMBERS:
		return bfly_member_dump(ctl, &(struct bfly_group){
			.set = dev ? BFLY_F(GROUP_DEV) : 0, .dev = dev },
			print_members, NULL);
	case BACKENDS:
		return bfly_backend_dump(ctl, &(struct bfly_pool){
			.set = dev ? BFLY_F(POOL_DEV) : 0, .dev = dev },
			print_backend, NULL);
	default:
		return 0;
	}
#undef DUMP
}

static int read_section(struct config *config, enum section section,
			uint32_t dev)
{
	char *text = NULL, *line, *rest;
	size_t size;
	FILE *file = need(open_memstream(&text, &size));
	int err;

	out_to(file);
	err = print_section(section, dev);
	out_to(NULL);
	if (fclose(file))
		err = err ? err : -ENOMEM;
	for (rest = text; !err && (line = strsep(&rest, "\n")) && rest;)
		config_add(config, section, line, 0);
	free(text);
	return err;
}

/*
 * Add what one switch, or for 0 each, has in the kernel.
 * Return: 0 or the library's error.
 */
int config_read_kernel(struct config *config, uint32_t dev)
{
	enum section section;
	int err = 0;

	for (section = 0; !err && section < N_SECTIONS; section++)
		err = read_section(config, section, dev);
	return err;
}
