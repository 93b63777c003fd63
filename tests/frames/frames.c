// SPDX-License-Identifier: GPL-2.0
/*
 * usage: frames [-g] [-n COUNT] [-s SEED] [-c NAME:NETNS:DEVICE:TYPE[:ADDR]]... DEVICE
 *   -g   with offloads to be done, as a virtual machine may ask for them
 *   -n   how many (default 1000)
 *   -s   which ones (default 1)
 *   -c   count meanwhile what a device in another network namespace gives to its
 *        host, of an Ethernet type (hexadecimal), and from an address if one is given
 *
 * Sends broken frames. They are made from good ones, which it reads from the standard
 * input, a line of hexadecimal digits each. Prints what became of them, a name and a
 * number a line; see struct tally.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "frames.h"

#define BATCH	64

static struct frame frames[BATCH];

static void read_templates(void)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while ((len = getline(&line, &size, stdin)) > 0) {
		line[strcspn(line, "\n")] = '\0';
		add_template(line);
	}
	free(line);
}

static void run(unsigned long count, bool claims, struct tally *tally)
{
	unsigned int max = largest_frame(), n, i;

	for (; count; count -= n) {
		n = count < BATCH ? count : BATCH;
		for (i = 0; i < n; i++)
			make_frame(&frames[i], max, claims);
		send_frames(frames, n, tally);
	}
}

int main(int argc, char **argv)
{
	unsigned long count = 1000;
	struct tally tally = {};
	bool claims = false;
	int opt;

	seed(1);
	while ((opt = getopt(argc, argv, "gn:s:c:")) != -1) {
		switch (opt) {
		case 'g':
			claims = true;
			break;
		case 'n':
			count = strtoul(optarg, NULL, 0);
			break;
		case 's':
			seed(strtoull(optarg, NULL, 0));
			break;
		case 'c':
			count_at(optarg);
			break;
		default:
			return 1;
		}
	}
	if (optind != argc - 1)
		errx(1, "see the head of %s", __FILE__);
	read_templates();
	open_device(argv[optind], claims);
	run(count, claims, &tally);
	printf("sent %lu\nrefused %lu\ncut %lu\ncut-inner %lu\ngroups %lu\n",
	       tally.sent, tally.refused, tally.cut, tally.cut_inner,
	       tally.groups);
	print_counts();
	return 0;
}
