// SPDX-License-Identifier: GPL-2.0
#include "bflyctl.h"

static void print_line(const char *name, uint64_t value, const char *meaning)
{
	printf("%-24s %12llu  %s\n", name, (unsigned long long)value, meaning);
}

static void print_text(const struct bfly_stats *stats)
{
	const struct bfly_drop *drop;

	print_line("flow-full", stats->flow_full,
		   "flows that found the flow table full");
	print_line("flow-evicted", stats->flow_evicted,
		   "flows that made room for others");
	print_line("fdb-full", stats->fdb_full,
		   "MACs not learned as the net's table was full");
	for (drop = stats->drop; drop; drop = drop->next)
		if (HAS(drop, DROP_REASON) && (drop->packets || !opt.stats))
			print_line(drop->reason, drop->packets,
				   HAS(drop, DROP_MEANING) ? drop->meaning : "");
}

static void print_drops(const struct bfly_drop *drop)
{
	out_list("drop");
	for (; drop; drop = drop->next) {
		out_nest();
		if (HAS(drop, DROP_REASON))
			out_str("reason", drop->reason);
		if (HAS(drop, DROP_MEANING))
			out_str("meaning", drop->meaning);
		out_num("packets", drop->packets);
		out_nest_end();
	}
	out_list_end();
}

static int print_stats(const struct bfly_stats *stats, void *arg)
{
	(void)arg;
	if (!out_is_json()) {
		print_text(stats);
		return 0;
	}
	out_object();
	out_dev(stats->dev);
	out_num("flow-full", stats->flow_full);
	out_num("flow-evicted", stats->flow_evicted);
	out_num("fdb-full", stats->fdb_full);
	print_drops(stats->drop);
	out_object_end();
	return 0;
}

static int print_of_switch(const struct bfly_switch *sw, void *arg)
{
	struct bfly_stats stats = {
		.set = BFLY_F(STATS_DEV), .dev = sw->dev,
	};

	if (!out_is_json() && arg)
		printf("%s:\n", sw->ifname ? sw->ifname : "");
	return bfly_stats_get(kernel(), &stats, print_stats, NULL);
}

static int count_switch(const struct bfly_switch *sw, void *arg)
{
	(void)sw;
	++*(int *)arg;
	return 0;
}

static int stats_show(struct args *a)
{
	struct bfly_stats stats = { 0 };
	int switches = 0;
	int err = take_end(a);

	if (err)
		return err;
	TAKE_DEV(a, STATS, &stats);
	out_begin(a);
	if (a->dev) {
		err = bfly_stats_get(kernel(), &stats, print_stats, NULL);
	} else {
		err = bfly_switch_dump(kernel(), NULL, count_switch, &switches);
		if (!err)
			err = bfly_switch_dump(kernel(), NULL, print_of_switch,
					       switches > 1 ? &switches : NULL);
	}
	if (!err)
		out_end();
	return finish(a, err);
}

static const struct verb verbs[] = {
	{ "show", stats_show, "" },
	{ NULL }
};

const struct object stats_object = {
	.name = "stats", .verbs = verbs,
	.what = "counters of a switch, drops by reason among them",
	.notes = "With -s only the reasons that have happened.\n",
};
