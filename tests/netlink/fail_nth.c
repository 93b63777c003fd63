// SPDX-License-Identifier: GPL-2.0
/*
 * usage: fail_nth [-v] SWITCH OTHER PORT CLOSED FREE UPLINK UPLINK2
 *
 * Runs every operation again and again, and lets the first, the second, the
 * third ... allocation fail that it makes, until none is left to fail. What
 * fails has changed nothing. Needs a kernel with fault injection of slabs; the
 * arguments are those of bad_input.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bad_input.h"

#define MOST 500	/* allocations of one request */

static int knob;

/* Lets the nth allocation of this task fail; 0 for none. */
static void fail(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(knob, text, len, 0) != len)
		err(1, "fail-nth");
}

/* Whether there has been an nth. */
static bool has_failed(void)
{
	char text[16] = "";

	if (pread(knob, text, sizeof(text) - 1, 0) < 0)
		err(1, "fail-nth");
	return atoi(text) == 0;
}


/* Returns whether there was an nth allocation. */
static bool once(const struct op *op, unsigned int nth)
{
	struct nlmsghdr *nlh = request(op, NULL);
	int fd = nl_open();
	struct answer answer;
	bool sent, failed, known = true;
	char what[128];

	fail(nth);
	sent = request_send(fd, nlh, &answer);
	failed = has_failed();
	fail(0);
	if (sent)
		known = request_answer(fd, &answer, NULL, NULL);
	close(fd);

	snprintf(what, sizeof(what), "%s: without memory, time %u", op->name, nth);
	if (known && answer.err)
		result(state_same(), what, &answer, "something has changed");
	else if (op->undo && (known || !state_same()))
		accepted(request(op->undo, NULL), "%s: undoing it", what);
	if (!answer.err)
		state_take();
	return failed;
}

static void try_all(const struct op *op)
{
	unsigned int nth = 1;
	char what[128];

	while (nth < MOST && once(op, nth))
		nth++;
	snprintf(what, sizeof(what), "%s: runs through after %u", op->name, nth - 1);
	result(nth > 1 && nth < MOST, what, NULL, "it does not");
}

int main(int argc, char **argv)
{
	unsigned int i;

	knob = open("/proc/thread-self/fail-nth", O_RDWR);
	if (knob < 0)
		err(4, "/proc/thread-self/fail-nth");
	start(argc, argv);
	state_take();
	for (i = 0; i < op_count; i++)
		try_all(ops[i]);
	return finish();
}
