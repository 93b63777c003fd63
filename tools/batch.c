// SPDX-License-Identifier: GPL-2.0
/* Files of commands, one a line. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "run.h"

#define MAX_WORDS 100000

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' :
	       c >= 'a' && c <= 'f' ? c - 'a' + 10 :
	       c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One character behind a backslash. */
static char *unescape(char *from, char *to)
{
	if (from[0] == 'x' && hex(from[1]) >= 0 && hex(from[2]) >= 0) {
		*to = hex(from[1]) << 4 | hex(from[2]);
		return from + 3;
	}
	*to = *from;
	return from + 1;
}

/*
 * Cut a line into words, in place: space parts them, quotes of both kinds and
 * a backslash keep together, # begins a comment.
 * Return: their number; -1 for an open quote, -2 for more than max.
 */
int split_line(char *line, char **words, int max)
{
	char *from = line;
	int n = 0;

	for (;;) {
		char quote = 0, *to;

		from += strspn(from, " \t\r\n");
		if (!*from || *from == '#')
			return n;
		if (n == max)
			return -2;
		words[n++] = to = from;
		while (*from && (quote || !strchr(" \t\r\n", *from))) {
			if (*from == '\\' && quote != '\'' && from[1])
				from = unescape(from + 1, to++);
			else if (quote ? *from == quote : *from == '"' || *from == '\'')
				quote = quote ? 0 : *from, from++;
			else
				*to++ = *from++;
		}
		if (quote)
			return -1;
		if (*from)
			from++;
		*to = '\0';
	}
}

/* Join lines that end in a backslash. */
static ssize_t read_line(FILE *file, char **line, size_t *room,
			 unsigned int *number)
{
	ssize_t len = getline(line, room, file);
	char *more = NULL;
	size_t more_room = 0;

	++*number;
	while (len >= 2 && !strcmp(*line + len - 2, "\\\n")) {
		ssize_t n = getline(&more, &more_room, file);
		char *joined;

		if (n < 0)
			break;
		joined = realloc(*line, len + n);
		if (!joined)
			break;
		memcpy(joined + len - 2, more, n + 1);
		*line = joined;
		*room = len + n;
		len += n - 2;
		++*number;
	}
	free(more);
	return len;
}

static int run_line(char *line, char **words,
		    int (*run)(int argc, char **argv, void *arg), void *arg)
{
	int n = split_line(line, words, MAX_WORDS);

	if (n == -1)
		complain("a quote is not closed");
	else if (n < 0)
		complain("more than %d words", MAX_WORDS);
	if (n < 0)
		return EXIT_USAGE;
	return n ? run(n, words, arg) : 0;
}

/* Run each line of a file, "-" being stdin, up to the first that fails. */
int read_batch(const char *name,
	       int (*run)(int argc, char **argv, void *arg), void *arg)
{
	bool is_stdin = !strcmp(name, "-");
	FILE *file = is_stdin ? stdin : fopen(name, "re");
	char **words = calloc(MAX_WORDS, sizeof(*words)), *line = NULL;
	unsigned int number = 0;
	size_t room = 0;
	int err = 0;

	if (!file || !words) {
		complain("%s: %s", name, strerror(errno));
		err = EXIT_USAGE;
		goto out;
	}
	for (;;) {
		unsigned int first = number + 1;
		int ret;

		if (read_line(file, &line, &room, &number) < 0)
			break;
		complain_at(is_stdin ? "stdin" : name, first);
		ret = run_line(line, words, run, arg);
		err = ret ? ret : err;
		if (ret && !opt.force)
			break;
	}
	complain_at(NULL, 0);
out:
	if (file && !is_stdin)
		fclose(file);
	free(words);
	free(line);
	return err;
}

static int run_words(int argc, char **argv, void *arg)
{
	(void)arg;
	return run_command(argc, argv);
}

int run_batch(const char *name)
{
	return read_batch(name, run_words, NULL);
}
