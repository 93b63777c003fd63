// SPDX-License-Identifier: GPL-2.0
/* bflyctl: options, and the way from words to the object's command. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bflyctl.h"
#include "run.h"

struct options opt;

/* Where the command stands in a batch file; line 0 outside of one. */
static const char *batch_name;
static unsigned int batch_line;

void complain(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fputs("bflyctl: ", stderr);
	if (batch_line)
		fprintf(stderr, "%s:%u: ", batch_name, batch_line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

void complain_at(const char *name, unsigned int line)
{
	batch_name = name;
	batch_line = line;
}

unsigned int batch_number(void)
{
	return batch_line;
}

static struct bfly_ctl *ctl;

/* The handle, connected: without the module no command can go on. */
struct bfly_ctl *kernel(void)
{
	if (ctl)
		return ctl;
	ctl = bfly_ctl_new();
	if (!ctl) {
		complain("out of memory");
		exit(EXIT_REFUSED);
	}
	if (bfly_ctl_connect(ctl)) {
		complain("%s", bfly_ctl_error(ctl));
		exit(EXIT_REFUSED);
	}
	return ctl;
}

/* Turn the library's result into the command's, and tell of it. */
int finish(struct args *a, int err)
{
	const char *text = ctl ? bfly_ctl_error(ctl) : "";

	if (err == -ENOENT && a->if_exists)
		return EXIT_GONE;
	if (!err && text[0])
		complain("warning: %s", text);
	if (!err)
		return EXIT_DONE;
	complain("%s%s%s: %s", a->object, a->verb ? " " : "",
		 a->verb ? a->verb : "", text[0] ? text : strerror(-err));
	return EXIT_REFUSED;
}

static int enter_netns(const char *name)
{
	char path[4096];
	int fd, err;

	snprintf(path, sizeof(path), "%s%s",
		 strchr(name, '/') ? "" : "/run/netns/", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	err = fd < 0 || setns(fd, CLONE_NEWNET);
	if (err)
		complain("cannot enter the network namespace \"%s\": %s", name,
			 strerror(errno));
	if (fd >= 0)
		close(fd);
	return err ? EXIT_REFUSED : 0;
}

/* Whether arg is -name or --name, or a beginning of it. */
static bool is_option(const char *arg, const char *name)
{
	arg += arg[1] == '-' ? 2 : 1;
	return *arg && !strncmp(arg, name, strlen(arg));
}

int main(int argc, char **argv)
{
	const char *batch = NULL, *netns = NULL;
	int i, err;

	for (i = 1; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		const char *arg = argv[i];

		if (!strcmp(arg, "-V") || is_option(arg, "Version"))
			return show_version();
		if (is_option(arg, "help"))
			return help(0, NULL);
		if (is_option(arg, "json")) {
			opt.json = true;
		} else if (is_option(arg, "pretty")) {
			opt.pretty = true;
		} else if (is_option(arg, "statistics") || is_option(arg, "stats")) {
			opt.stats = true;
		} else if (is_option(arg, "details")) {
			opt.details = true;
		} else if (is_option(arg, "force")) {
			opt.force = true;
		} else if (is_option(arg, "netns") || is_option(arg, "batch")) {
			if (i + 1 == argc) {
				complain("option \"%s\" lacks a value", arg);
				return EXIT_USAGE;
			}
			*(is_option(arg, "netns") ? &netns : &batch) = argv[++i];
		} else {
			complain("option \"%s\" is not known", arg);
			return EXIT_USAGE;
		}
	}

	if (netns) {
		err = enter_netns(netns);
		if (err)
			return err;
	}
	if (batch) {
		if (i < argc) {
			complain("\"%s\" stands behind a batch file", argv[i]);
			return EXIT_USAGE;
		}
		err = run_batch(batch);
	} else if (i == argc) {
		fprintf(stderr, "Usage: bflyctl [ OPTIONS ] OBJECT [ COMMAND ]; try `bflyctl help`\n");
		return EXIT_USAGE;
	} else {
		err = run_command(argc - i, argv + i);
	}

	if (fflush(stdout) || ferror(stdout)) {
		complain("cannot write: %s", strerror(errno));
		err = err ? err : EXIT_REFUSED;
	}
	return err;
}
