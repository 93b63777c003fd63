// SPDX-License-Identifier: GPL-2.0
/* What the programs share: how they start, what they say. */
#include <err.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "bad_input.h"

uint32_t ifindex[DEV_COUNT];
int sock;
bool verbose;
static unsigned int passed, failed;

void result(bool ok, const char *what, const struct answer *answer, const char *why)
{
	if (ok)
		passed++;
	else
		failed++;
	if (ok && !verbose)
		return;
	printf("%s - %s", ok ? "ok" : "not ok", what);
	if (!ok && why)
		printf(": %s", why);
	if (answer && answer->err)
		printf(" [%s: %s]", strerrorname_np(answer->err) ?: "?", answer->text);
	printf("\n");
	fflush(stdout);
}

/* A request that must be right. */
void accepted(struct nlmsghdr *nlh, const char *fmt, ...)
{
	struct answer answer;
	char what[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	request_ask(sock, nlh, &answer, NULL, NULL);
	result(!answer.err, what, &answer, answer.err ? "was refused" : NULL);
}

/* Reads the arguments, finds the family and makes the objects. */
void start(int argc, char **argv)
{
	const char *name = argv[0];
	unsigned int before, i;

	if (argc > 1 && !strcmp(argv[1], "-v")) {
		verbose = true;
		argc--;
		argv++;
	}
	if (argc != 1 + DEV_COUNT)
		errx(1, "usage: %s [-v] SWITCH OTHER PORT CLOSED FREE UPLINK UPLINK2", name);
	for (i = 0; i < DEV_COUNT; i++) {
		ifindex[i] = if_nametoindex(argv[1 + i]);
		if (!ifindex[i])
			err(1, "%s", argv[1 + i]);
	}
	sock = nl_open();
	family_check();
	if (!family_id)
		errx(1, "the module is not loaded");
	before = failed;
	for (i = 0; i < base_count; i++)
		accepted(request(base[i], NULL), "making the objects: %s", base[i]->name);
	if (failed > before)
		errx(1, "the objects cannot be made");
}

/* The exit status. */
int finish(void)
{
	printf("%u passed, %u failed\n", passed, failed);
	return failed != 0;
}
