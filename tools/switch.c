// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include "bflyctl.h"
#include "xdp.h"

static const struct word words[] = {
	WORD_CLEAR(bfly_switch, SWITCH, LOCAL, "local", ADDRS, local),
	WORD(bfly_switch, SWITCH_DSTPORT, "dstport", U16, dstport),
	WORD(bfly_switch, SWITCH_FLOW_MAX, "flow-max", U32, flow_max),
	WORD(bfly_switch, SWITCH_FDB_MAX, "fdb-max", U32, fdb_max),
	WORD(bfly_switch, SWITCH_FRAG_MAX, "frag-max", U32, frag_max),
	WORD(bfly_switch, SWITCH_TIMEOUT_TCP_NEW, "timeout-tcp-new", U32, timeout_tcp_new),
	WORD(bfly_switch, SWITCH_TIMEOUT_TCP_ESTABLISHED, "timeout-tcp-established", U32, timeout_tcp_established),
	WORD(bfly_switch, SWITCH_TIMEOUT_TCP_CLOSING, "timeout-tcp-closing", U32, timeout_tcp_closing),
	WORD(bfly_switch, SWITCH_TIMEOUT_TCP_CLOSED, "timeout-tcp-closed", U32, timeout_tcp_closed),
	WORD(bfly_switch, SWITCH_TIMEOUT_OTHER_NEW, "timeout-other-new", U32, timeout_other_new),
	WORD(bfly_switch, SWITCH_TIMEOUT_OTHER_ESTABLISHED, "timeout-other-established", U32, timeout_other_established),
	WORD_END
};

static bool is_word(const char *name)
{
	const struct word *word;

	for (word = words; word->name; word++)
		if (!strcmp(word->name, name))
			return true;
	return false;
}

/* [DEV], or `dev DEV`, which was taken out before. */
static int take_switch(struct args *a, struct bfly_switch *sw)
{
	int err = 0;

	if (a->argc && !a->dev_name && !is_word(a->argv[0]))
		err = take_netdev(a, next(a), &a->dev);
	TAKE_DEV(a, SWITCH, sw);
	return err;
}

static int switch_set(struct args *a)
{
	struct bfly_switch sw = { 0 };
	int err = take_switch(a, &sw);

	if (!err)
		err = take_words(a, words, &sw);
	return err ? err : finish(a, bfly_switch_set(kernel(), &sw));
}

static void print_locals(const struct bfly_switch *sw)
{
	char buf[BFLY_ADDR_STRLEN];
	size_t i;

	if (!sw->n_local) {
		/* not to be said is not to be changed */
		if (out_canonical())
			out_text("local", "none");
		return;
	}
	out_list("local");
	for (i = 0; i < sw->n_local; i++)
		out_item(bfly_addr_format(&sw->local[i], buf));
	out_list_end();
}

static void print_timeouts(const struct bfly_switch *sw)
{
	out_num("timeout-tcp-new", sw->timeout_tcp_new);
	out_num("timeout-tcp-established", sw->timeout_tcp_established);
	out_num("timeout-tcp-closing", sw->timeout_tcp_closing);
	out_num("timeout-tcp-closed", sw->timeout_tcp_closed);
	out_num("timeout-other-new", sw->timeout_other_new);
	out_num("timeout-other-established", sw->timeout_other_established);
}

static void print_counts(const struct bfly_switch *sw)
{
	out_num("flows", sw->flows);
	out_num("frags-waiting", sw->frags_waiting);
	out_num("nets", sw->nets);
	out_num("ports", sw->ports);
	out_num("groups", sw->groups);
	out_num("pools", sw->pools);
	out_num("services", sw->services);
}

int print_switch(const struct bfly_switch *sw, void *arg)
{
	(void)arg;
	out_object();
	out_key("ifname", sw->ifname ? sw->ifname : "");
	if (out_is_json())
		out_dev(sw->dev);
	print_locals(sw);
	out_num("dstport", sw->dstport);
	out_num("flow-max", sw->flow_max);
	out_num("fdb-max", sw->fdb_max);
	out_num("frag-max", sw->frag_max);
	if (out_wants(opt.details))
		out_more();
	if (out_wants(opt.details) || out_canonical())
		print_timeouts(sw);
	if (out_wants(opt.details))
		out_enum("xdp-support", xdp_support_names, sw->xdp_support);
	if (out_wants(opt.stats || opt.details)) {
		out_more();
		print_counts(sw);
	}
	out_object_end();
	return 0;
}

/* What the words name, and of all else what the switch has. */
static int fill(const struct bfly_switch *now, void *arg)
{
	struct bfly_switch sw = *now, *want = arg;
	const struct word *word;

	if (HAS(want, SWITCH_CLEAR))
		sw.n_local = 0;
	if (HAS(want, SWITCH_LOCAL)) {
		sw.local = want->local;
		sw.n_local = want->n_local;
	}
	if (HAS(want, SWITCH_DSTPORT))
		sw.dstport = want->dstport;
	for (word = words; word->name; word++)
		if (word->kind == WORD_U32 && want->set & 1ULL << word->attr)
			memcpy((char *)&sw + word->off,
			       (char *)want + word->off, sizeof(uint32_t));
	return print_switch(&sw, NULL);
}

static int switch_canonical(struct args *a)
{
	struct bfly_switch key = { 0 }, want = { 0 };
	int err = take_switch(a, &want);

	if (!err)
		err = take_words(a, words, &want);
	if (err)
		return err;
	TAKE_DEV(a, SWITCH, &key);
	return finish(a, bfly_switch_get(kernel(), &key, fill, &want));
}

static int switch_show(struct args *a)
{
	struct bfly_switch sw = { 0 };
	int err = take_switch(a, &sw);

	if (!err)
		err = take_end(a);
	if (err)
		return err;

	out_begin(a);
	if (a->dev)
		err = bfly_switch_get(kernel(), &sw, print_switch, NULL);
	else
		err = bfly_switch_dump(kernel(), NULL, print_switch, NULL);
	if (!err)
		out_end();
	return finish(a, err);
}

#define TIMEOUTS \
	"[timeout-tcp-new SEC] [timeout-tcp-established SEC] [timeout-tcp-closing SEC] " \
	"[timeout-tcp-closed SEC] [timeout-other-new SEC] [timeout-other-established SEC]"

static const struct verb verbs[] = {
	{ "show", switch_show, "[DEV]" },
	{ "set", switch_set,
	  "[DEV] [local ADDR...|none] [dstport N] [flow-max N] [fdb-max N] [frag-max N] "
	  TIMEOUTS },
	{ NULL }
};

const struct object switch_object = {
	.name = "switch", .verbs = verbs, .canonical = switch_canonical,
	.what = "a virtual switch, made by `ip link add DEV type bfly`",
	.notes = "local     underlay address of tunnels, at most one a family\n"
		 "          any address unless set, `none` for any again\n"
		 "dstport   UDP port of VXLAN, 4789 unless set\n"
		 "flow-max  most entries of the flow table\n"
		 "fdb-max   most learned MACs of a net\n"
		 "frag-max  most datagrams of which fragments are followed, 4096 unless set\n"
		 "timeout-tcp-new, timeout-tcp-established, timeout-tcp-closing, timeout-tcp-closed,\n"
		 "timeout-other-new, timeout-other-established\n"
		 "          seconds without a packet after which a flow in that state is forgotten\n",
};
