// SPDX-License-Identifier: GPL-2.0
/*
 * usage: bad_input [-v] SWITCH OTHER PORT CLOSED FREE UPLINK UPLINK2
 *
 * The first two are switches, the second without objects; PORT and CLOSED are
 * Ethernet devices in the first switch that are not configured; the others are
 * in none. What fails is told, with -v all; the last line counts.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "bad_input.h"

static const char *wrong(const struct answer *answer, int expected, bool textless)
{
	static char why[64];

	if (!answer->err)
		return "was accepted";
	if (expected == POLICY) {
		if (answer->err != EINVAL && answer->err != ERANGE)
			return "should be EINVAL or ERANGE";
	} else if (expected != ANY && answer->err != expected) {
		snprintf(why, sizeof(why), "should be %s", strerrorname_np(expected));
		return why;
	}
	if (!answer->text[0] && !textless)
		return "no reason given";
	return NULL;
}

/* A request that must be refused, with a reason unless the kernel's core does it. */
void refused_by(int fd, struct nlmsghdr *nlh, const struct op *undo, int err,
		bool textless, const char *fmt, ...)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	struct answer answer, ignored;
	uint8_t cmd = genl->cmd;
	const char *why;
	char what[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);

	request_ask(fd, nlh, &answer, NULL, NULL);
	why = wrong(&answer, err, textless);
	if (answer.err && !state_same_for(cmd))
		why = "was refused, but something has changed";
	if (!answer.err) {
		if (undo)
			request_ask(sock, request(undo, NULL), &ignored, NULL, NULL);
		state_take();
	}
	result(!why, what, &answer, why);
}

int main(int argc, char **argv)
{
	start(argc, argv);
	mutate_all();
	special_all();
	rights_all();
	return finish();
}
