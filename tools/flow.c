// SPDX-License-Identifier: GPL-2.0
#include <netinet/in.h>
#include "bflyctl.h"

static const char *const states[] = {
	[BFLY_FLOW_STATE_NEW] = "new",
	[BFLY_FLOW_STATE_ESTABLISHED] = "established",
	[BFLY_FLOW_STATE_CLOSING] = "closing",
	[BFLY_FLOW_STATE_CLOSED] = "closed", NULL
};

static const char *const allowed[] = {
	[BFLY_ALLOWED_NONE] = "none", [BFLY_ALLOWED_DEFAULT] = "default",
	[BFLY_ALLOWED_RULE] = "rule", NULL
};

static const struct word words[] = {
	WORD(bfly_flow, FLOW_NET, "net", U32, net),
	WORD(bfly_flow, FLOW_PORT, "port", IFINDEX, port),
	WORD(bfly_flow, FLOW_PROTO, "proto", PROTO, proto),
	WORD(bfly_flow, FLOW_SRC_PREFIX, "src", PREFIX, src_prefix),
	WORD(bfly_flow, FLOW_DST_PREFIX, "dst", PREFIX, dst_prefix),
	WORD_OF(bfly_flow, FLOW_STATE, "state", states, state),
	WORD_END
};

static int take_filter(struct args *a, struct bfly_flow *flow)
{
	TAKE_DEV(a, FLOW, flow);
	return take_words(a, words, flow);
}

static void print_ports(const struct bfly_flow *flow)
{
	bool icmp = flow->proto == IPPROTO_ICMP || flow->proto == IPPROTO_ICMPV6;

	if (icmp && !out_is_json()) {
		out_num("id", flow->sport);
		out_num("type", flow->dport >> 8);
		out_num("code", flow->dport & 0xff);
		return;
	}
	if (HAS(flow, FLOW_SPORT))
		out_num("sport", flow->sport);
	if (HAS(flow, FLOW_DPORT))
		out_num("dport", flow->dport);
}

static void print_counters(const struct bfly_flow *flow)
{
	out_more();
	out_num("packets", flow->packets);
	out_num("bytes", flow->bytes);
	if (HAS(flow, FLOW_REPLY_PACKETS)) {
		out_num("reply-packets", flow->reply_packets);
		out_num("reply-bytes", flow->reply_bytes);
	}
}

/* Text: a line, with the words that `rule add` takes. */
static void print_allowed(const char *const keys[3], uint32_t by,
			  const char *group, const struct bfly_rule *rule)
{
	out_more();
	out_enum(keys[0], allowed, by);
	if (!group || !rule)
		return;
	out_key(keys[1], group);
	out_nest_key(keys[2]);
	print_rule(rule);
	out_nest_end();
}

static void print_details(const struct bfly_flow *flow)
{
	static const char *const out[] = { "out", "out-group", "out-rule" };
	static const char *const in[] = { "in", "in-group", "in-rule" };

	if (HAS(flow, FLOW_OUT))
		print_allowed(out, flow->out, flow->out_group, flow->out_rule);
	if (HAS(flow, FLOW_IN))
		print_allowed(in, flow->in, flow->in_group, flow->in_rule);
}

static int print_flow(const struct bfly_flow *flow, void *arg)
{
	char buf[4];

	(void)arg;
	out_object();
	if (HAS(flow, FLOW_NET))
		out_num("net", flow->net);
	out_str("proto", proto_name(flow->proto, buf));
	if (HAS(flow, FLOW_SRC))
		out_addr("src", &flow->src);
	if (HAS(flow, FLOW_DST))
		out_addr("dst", &flow->dst);
	print_ports(flow);
	if (HAS(flow, FLOW_STATE))
		out_enum("state", states, flow->state);
	if (HAS(flow, FLOW_EXPIRES))
		out_num("expires", flow->expires);
	if (HAS(flow, FLOW_POOL))
		out_str("pool", flow->pool);
	if (HAS(flow, FLOW_BACKEND))
		out_addr("backend", &flow->backend);
	out_dev(flow->dev);
	if (out_wants(opt.stats) && HAS(flow, FLOW_PACKETS))
		print_counters(flow);
	print_details(flow);
	out_object_end();
	return 0;
}

static int flow_show(struct args *a)
{
	struct bfly_flow flow = { 0 };
	int err = take_filter(a, &flow);

	if (err)
		return err;
	if (opt.details)
		flow.set |= BFLY_F(FLOW_DETAILS);
	out_begin(a);
	err = bfly_flow_dump(kernel(), &flow, print_flow, NULL);
	if (!err)
		out_end();
	return finish(a, err);
}

static int flow_flush(struct args *a)
{
	struct bfly_flow flow = { 0 };
	uint64_t deleted = 0;
	int err = take_filter(a, &flow);

	if (err)
		return err;
	err = bfly_flow_del(kernel(), &flow, &deleted);
	if (err)
		return finish(a, err);

	out_begin(a);
	if (out_wants(opt.stats)) {
		out_object();
		out_num("deleted", deleted);
		out_object_end();
	}
	out_end();
	return finish(a, 0);
}

static int flow_count(struct args *a)
{
	struct bfly_flow flow = { 0 };
	uint64_t count = 0;
	int err = take_filter(a, &flow);

	if (err)
		return err;
	err = bfly_flow_count(kernel(), &flow, &count);
	if (err)
		return finish(a, err);
	out_begin(a);
	out_object();
	out_key_num("count", count);
	out_object_end();
	out_end();
	return finish(a, 0);
}

#define FILTER "[net ID] [port IF] [proto PROTO] [src PREFIX] [dst PREFIX] " \
	"[state new|established|closing|closed]"

static const struct verb verbs[] = {
	{ "show", flow_show, FILTER },
	{ "flush", flow_flush, FILTER },
	{ "count", flow_count, FILTER },
	{ NULL }
};

const struct object flow_object = {
	.name = "flow", .verbs = verbs,
	.what = "an entry of the flow table",
	.notes = "src is the side that began it. All that is given has to hold. Of an ICMP query the sport is the identifier,\n"
		 "the dport 256 times the type plus the code. `-s flow flush` tells the number,\n"
		 "`-d flow show` which rules allow a flow where it comes from and where it goes.\n",
};
