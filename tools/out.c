// SPDX-License-Identifier: GPL-2.0
/* Printing: text in iproute2's manner, or JSON, from the same calls. */
#include <stdlib.h>
#include <string.h>
#include "bflyctl.h"

/*
 * Text is a line an object: its words as `add` takes them, so a value stands
 * behind its key, and a list's values behind one key.
 * JSON is a list of objects, printed as it comes, for a table may be large.
 */
static struct {
	FILE *file;
	bool json;
	bool show_dev;
	bool begun;		/* JSON: the outer list is open */
	bool first;		/* nothing yet at this level, or in this line */
	int depth;
	const char *lead;
	const char *event;	/* JSON: objects one by one, no outer list */
	const char *list_key;	/* text: to stand before each item, or NULL */
	char **items;		/* canonical text: of the list, to be sorted */
	size_t n_items;
} out = { .first = true };

static FILE *file(void)
{
	return out.file ? out.file : stdout;
}

/*
 * Print canonical text, as save and apply need it, to the file; or, for NULL,
 * what the options say to stdout.
 */
void out_to(FILE *to)
{
	out.file = to;
	out.json = !to && opt.json;
	out.first = true;
}

void out_lead(const char *words)
{
	out.lead = words;
}

void out_event(const char *name)
{
	out.event = name;
}

static int count_switch(const struct bfly_switch *sw, void *arg)
{
	(void)sw;
	++*(int *)arg;
	return 0;
}

void out_begin(const struct args *a)
{
	int switches = 0;

	out_to(NULL);
	out.begun = false;
	out.depth = 0;
	out.show_dev = true;
	if (out.json || opt.details)
		return;
	/* The switch is worth a word where there are several. */
	if (!a->dev)
		bfly_switch_dump(kernel(), NULL, count_switch, &switches);
	out.show_dev = switches > 1;
}

static void indent(void)
{
	if (opt.pretty)
		fprintf(file(), "\n%*s", 4 * out.depth, "");
}

static void open_level(char c)
{
	fputc(c, file());
	out.depth++;
	out.first = true;
}

static void close_level(char c)
{
	out.depth--;
	if (!out.first)
		indent();
	fputc(c, file());
	out.first = false;
}

static void separate(void)
{
	if (!out.first)
		fputc(',', file());
	indent();
	out.first = false;
}

/* Length of the UTF-8 sequence, or 0 when it is none. */
static int utf8_len(const unsigned char *s)
{
	int len = *s < 0x80 ? 1 : *s >= 0xc2 && *s < 0xe0 ? 2 :
		  *s >= 0xe0 && *s < 0xf0 ? 3 : *s >= 0xf0 && *s < 0xf5 ? 4 : 0;
	int i;

	for (i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

static void json_string(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	fputc('"', file());
	while (*s) {
		int len = utf8_len(s);

		if (!len)
			fputs("\\ufffd", file());
		else if (*s == '"' || *s == '\\')
			fprintf(file(), "\\%c", *s);
		else if (*s < 0x20 || *s == 0x7f)
			fprintf(file(), "\\u%04x", *s);
		else
			fwrite(s, 1, len, file());
		s += len ? len : 1;
	}
	fputc('"', file());
}

static void json_key(const char *key)
{
	separate();
	json_string(key);
	fputs(opt.pretty ? ": " : ":", file());
}

/* A word that a batch file and, mostly, a shell read back as one. */
static void text_word(const char *word)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789_.:/@%+,=-*[]<>";
	const unsigned char *s = (const unsigned char *)word;

	if (*s && strspn(word, plain) == strlen(word)) {
		fputs(word, file());
		return;
	}
	fputc('"', file());
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			fprintf(file(), "\\%c", *s);
		else if (*s < 0x20 || *s == 0x7f)
			fprintf(file(), "\\x%02x", *s);
		else
			fputc(*s, file());
	}
	fputc('"', file());
}

static void space(void)
{
	if (!out.first)
		fputc(' ', file());
	out.first = false;
}

void out_object(void)
{
	if (!out.json) {
		if (out.lead)
			fprintf(file(), "%s", out.lead);
		out.first = true;
		return;
	}
	if (out.event) {
		open_level('{');
		out_str("event", out.event);
		return;
	}
	if (!out.begun) {
		open_level('[');
		out.begun = true;
	}
	separate();
	open_level('{');
}

void out_object_end(void)
{
	if (out.json) {
		close_level('}');
		if (!out.event)
			return;
	}
	fputc('\n', file());
	out.first = true;
}

void out_end(void)
{
	if (!out.json)
		return;
	if (!out.begun)
		open_level('[');
	close_level(']');
	fputc('\n', file());
	out.begun = false;
	out.first = true;
}

void out_more(void)
{
	if (!out.json)
		fputs("\n   ", file());
}

bool out_is_json(void)
{
	return out.json;
}

bool out_wants(bool option)
{
	return out.json || (option && !out.file);
}

bool out_canonical(void)
{
	return out.file;
}

void out_text(const char *key, const char *text)
{
	if (out.json)
		return;
	space();
	fputs(key, file());
	if (text) {
		fputc(' ', file());
		text_word(text);
	}
}

void out_key(const char *key, const char *value)
{
	if (out.json) {
		json_key(key);
		json_string(value);
	} else {
		space();
		text_word(value);
	}
}

void out_key_num(const char *key, uint64_t value)
{
	if (out.json)
		return out_num(key, value);
	space();
	fprintf(file(), "%llu", (unsigned long long)value);
}

void out_str(const char *key, const char *value)
{
	if (!out.json)
		out_text(key, value);
	else
		out_key(key, value);
}

void out_num(const char *key, uint64_t value)
{
	if (out.json) {
		json_key(key);
	} else {
		space();
		fprintf(file(), "%s ", key);
	}
	fprintf(file(), "%llu", (unsigned long long)value);
}

void out_onoff(const char *key, bool value)
{
	if (out.json) {
		json_key(key);
		fputs(value ? "true" : "false", file());
	} else {
		out_text(key, value ? "on" : "off");
	}
}

/* A value that is newer than this tool is printed as its number. */
void out_enum(const char *key, const char *const *names, uint32_t value)
{
	char number[12];
	uint32_t i;

	for (i = 0; names[i]; i++)
		if (i == value)
			return out_str(key, names[i]);
	snprintf(number, sizeof(number), "%u", value);
	out_str(key, number);
}

void out_addr(const char *key, const struct bfly_addr *addr)
{
	char buf[BFLY_ADDR_STRLEN];

	out_str(key, bfly_addr_format(addr, buf));
}

void out_mac(const char *key, const struct bfly_mac *mac)
{
	char buf[BFLY_MAC_STRLEN];

	out_str(key, bfly_mac_format(mac, buf));
}

void out_prefix(const char *key, const struct bfly_prefix *prefix)
{
	char buf[BFLY_PREFIX_STRLEN];

	out_str(key, bfly_prefix_format(prefix, buf));
}

void out_dev(uint32_t dev)
{
	if (out.show_dev || out.file)
		out_str("dev", dev_name(dev));
}

void out_list(const char *key)
{
	out.list_key = NULL;
	if (out.json) {
		json_key(key);
		open_level('[');
	} else {
		out_text(key, NULL);
	}
}

/* For values that could be taken for words: text has the key before each. */
void out_list_each(const char *key)
{
	if (out.json)
		out_list(key);
	else
		out.list_key = key;
}

static void text_item(const char *value)
{
	if (out.list_key) {
		out_text(out.list_key, value);
	} else {
		space();
		text_word(value);
	}
}

void out_item(const char *value)
{
	char **items;

	if (out.json) {
		separate();
		json_string(value);
		return;
	}
	if (!out.file) {
		text_item(value);
		return;
	}
	items = realloc(out.items, (out.n_items + 1) * sizeof(*items));
	if (!items)
		abort();
	out.items = items;
	items[out.n_items++] = strdup(value);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void out_list_end(void)
{
	size_t i;

	if (out.json)
		return close_level(']');
	if (out.n_items)
		qsort(out.items, out.n_items, sizeof(*out.items), compare);
	for (i = 0; i < out.n_items; i++) {
		text_item(out.items[i]);
		free(out.items[i]);
	}
	free(out.items);
	out.items = NULL;
	out.n_items = 0;
}

void out_nest(void)
{
	if (out.json) {
		separate();
		open_level('{');
	}
}

void out_nest_key(const char *key)
{
	if (out.json) {
		json_key(key);
		open_level('{');
	}
}

void out_nest_end(void)
{
	if (out.json)
		close_level('}');
}
