// SPDX-License-Identifier: GPL-2.0
/*
 * usage: oracle [-s SEED] [-r POLICIES] [-n PACKETS] HOST A B
 *   -s   which ones (default 1)
 *   -r   how many policies (default 10)
 *   -n   packets to each (default 500)
 *
 * Gives the switch in the network namespace HOST random groups, sends packets between its
 * ports a and b, whose far ends are eth0 in the namespaces A and B, and compares which of
 * them arrive with what a plain judge says. The namespaces must not answer by themselves.
 * Prints what differs, and at the end how many there were. Exit status: 0 when all agree.
 */
#include <err.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "oracle.h"

#define BATCH		32
#define BATCH_FRAMES	(BATCH * FRAGMENTS_MAX + 1)

static const char *host;
static struct policy policy;
static unsigned long allowed, wrong;

/* Whether the judge allows a good part of the packets, or else a comparison says little. */
static bool worth_asking(unsigned long packets)
{
	struct question question;
	unsigned long passed = 0, i;

	forget_flows();
	for (i = 0; i < packets; i++) {
		random_question(&policy, &question);
		passed += verdict(&policy, &question);
	}
	return passed * 8 >= packets;
}

static void configure(void)
{
	char command[256];
	FILE *pipe;

	snprintf(command, sizeof(command), "exec bflyctl -n %s -b - > /dev/null", host);
	pipe = popen(command, "w");
	if (!pipe)
		err(1, "bflyctl");
	print_policy(&policy, pipe);
	if (pclose(pipe)) {
		print_policy(&policy, stdout);
		errx(1, "bflyctl refused these");
	}
}

/* What a side has got up to the frame with this number, which must come. */
static void collect(int side, uint32_t last, uint32_t base, bool *arrived)
{
	uint32_t number;

	do {
		if (!receive(side, &number))
			errx(1, "%c got nothing in a second", 'a' + side);
		if (number >= base && number < base + BATCH_FRAMES)
			arrived[number - base] = true;
	} while (number != last);
}

static void compare(const struct question *question, bool expected,
		    const bool *arrived, unsigned int frames)
{
	unsigned int i;

	allowed += expected;
	for (i = 0; i < frames; i++) {
		if (arrived[i] == expected)
			continue;
		wrong++;
		printf("%s, but %s: ", expected ? "allowed" : "not allowed",
		       arrived[i] ? "arrived" : "lost");
		print_question(question, stdout);
		return;
	}
}

/* Questions one after the other, then a mark each way, behind which nothing comes. */
static void ask(unsigned int count, uint32_t base)
{
	static struct question questions[BATCH];
	struct frame frames[FRAGMENTS_MAX];
	bool arrived[BATCH_FRAMES] = {}, expected[BATCH];
	unsigned int first[BATCH + 1] = {}, i, j, n;
	int side;

	for (i = 0; i < count; i++) {
		random_question(&policy, &questions[i]);
		expected[i] = verdict(&policy, &questions[i]);
		n = build(&questions[i], base + first[i], frames);
		side = questions[i].packet.from;
		if (questions[i].kind == ERROR)
			side = !side;
		for (j = 0; j < n; j++)
			send_frame(side, &frames[j]);
		first[i + 1] = first[i] + n;
	}
	for (side = 0; side < SIDES; side++) {
		build_mark(side, base + BATCH_FRAMES + side, &frames[0]);
		send_frame(side, &frames[0]);
		collect(!side, base + BATCH_FRAMES + side, base, arrived);
	}
	for (i = 0; i < count; i++)
		compare(&questions[i], expected[i], &arrived[first[i]],
			first[i + 1] - first[i]);
}

int main(int argc, char **argv)
{
	unsigned long policies = 10, packets = 500, asked = 0, i, left, n;
	uint32_t base = 1;
	cpu_set_t cpus;
	int opt;

	seed(1);
	while ((opt = getopt(argc, argv, "s:r:n:")) != -1) {
		switch (opt) {
		case 's':
			seed(strtoull(optarg, NULL, 0));
			break;
		case 'r':
			policies = strtoul(optarg, NULL, 0);
			break;
		case 'n':
			packets = strtoul(optarg, NULL, 0);
			break;
		default:
			return 2;
		}
	}
	if (optind != argc - 3)
		errx(2, "see the head of %s", __FILE__);
	host = argv[optind];
	for (i = 0; i < SIDES; i++)
		open_side(i, argv[optind + 1 + i], "eth0");
	/* packets of one CPU do not overtake each other */
	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		err(1, "sched_setaffinity");

	for (i = 0; i < policies; i++) {
		do
			random_policy(&policy);
		while (!worth_asking(packets));
		configure();
		forget_flows();
		for (left = packets; left; left -= n) {
			n = left < BATCH ? left : BATCH;
			ask(n, base);
			base += BATCH_FRAMES + SIDES;
			asked += n;
		}
		if (!wrong)
			continue;
		print_policy(&policy, stdout);
		break;
	}
	printf("policies %lu\npackets %lu\nallowed %lu\nwrong %lu\n", i,
	       asked, allowed, wrong);
	return wrong != 0;
}
