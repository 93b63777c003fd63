// SPDX-License-Identifier: GPL-2.0
/*
 * usage: replace GROUP RULES TIMES
 *
 * Replaces all rules of a group in one request, again and again, by others of the same
 * number; the last one lets UDP to port 9 in, and another one out. Prints how many
 * microseconds the requests took: the median and the longest.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <bfly.h>

#define PROTO_UDP	17

/* Each allows a port from a prefix of its own; @turn makes others of them. */
static void set_rule(struct bfly_rule *rule, unsigned int i, unsigned int turn)
{
	unsigned int port = 1024 + (i + turn) % 60000;
	struct bfly_addr net = { .len = 4,
				 .bytes = { 10, i >> 14, i >> 6 & 255, i << 2 & 255 } };

	rule->set = BFLY_F(RULE_DIRECTION) | BFLY_F(RULE_PROTO) |
		    BFLY_F(RULE_PORT_MIN) | BFLY_F(RULE_PORT_MAX) |
		    BFLY_F(RULE_REMOTE);
	rule->direction = i & 1 ? BFLY_DIRECTION_OUT : BFLY_DIRECTION_IN;
	rule->proto = PROTO_UDP;
	rule->port_min = port;
	rule->port_max = port + 3;
	rule->remote.addr = net;
	rule->remote.len = 30;
}

static void open_port(struct bfly_rule *rule, unsigned int direction)
{
	rule->set &= ~(BFLY_F(RULE_REMOTE) | BFLY_F(RULE_PORT_MAX));
	rule->direction = direction;
	rule->port_min = 9;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e6 + ts.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double replace(struct bfly_ctl *ctl, const char *name,
		      struct bfly_rule *rules, unsigned int count,
		      unsigned int turn)
{
	const struct bfly_group group = {
		.set = BFLY_F(GROUP_NAME) | BFLY_F(GROUP_RULE),
		.name = name, .rule = rules,
	};
	unsigned int i;
	double start;

	for (i = 0; i < count; i++) {
		set_rule(&rules[i], i, turn);
		rules[i].next = i + 1 < count ? &rules[i + 1] : NULL;
	}
	open_port(&rules[count - 2], BFLY_DIRECTION_OUT);
	open_port(&rules[count - 1], BFLY_DIRECTION_IN);
	start = now();
	if (bfly_group_new(ctl, &group, BFLY_REPLACE))
		errx(1, "%s", bfly_ctl_error(ctl));
	return now() - start;
}

int main(int argc, char **argv)
{
	unsigned int count, times, turn;
	struct bfly_rule *rules;
	struct bfly_ctl *ctl;
	double *took;

	if (argc != 4)
		errx(2, "see the head of %s", __FILE__);
	count = strtoul(argv[2], NULL, 0);
	times = strtoul(argv[3], NULL, 0);
	rules = calloc(count, sizeof(*rules));
	took = calloc(times, sizeof(*took));
	ctl = bfly_ctl_new();
	if (count < 2 || !times || !rules || !took || !ctl)
		errx(1, "too many or too few");
	for (turn = 0; turn < times; turn++)
		took[turn] = replace(ctl, argv[1], rules, count, turn);
	qsort(took, times, sizeof(*took), by_size);
	printf("%.0f %.0f\n", took[times / 2], took[times - 1]);
	bfly_ctl_free(ctl);
	return 0;
}
