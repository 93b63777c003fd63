// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include "bflyctl.h"

static const char *const directions[] = {
	[BFLY_DIRECTION_IN] = "in", [BFLY_DIRECTION_OUT] = "out", NULL
};

static const struct word words[] = {
	WORD(bfly_rule, RULE_PROTO, "proto", PROTO, proto),
	{ .name = "port", .kind = WORD_RANGE, .attr = BFLY_A_RULE_PORT_MIN,
	  .off = offsetof(struct bfly_rule, port_min),
	  .off2 = offsetof(struct bfly_rule, port_max) },
	WORD(bfly_rule, RULE_ICMP_TYPE, "type", U8, icmp_type),
	WORD(bfly_rule, RULE_ICMP_CODE, "code", U8, icmp_code),
	WORD(bfly_rule, RULE_REMOTE, "remote", PREFIX, remote),
	WORD(bfly_rule, RULE_REMOTE_GROUP, "group", NAME, remote_group),
	WORD_END
};

static const struct word direction_word =
	WORD_OF(bfly_rule, RULE_DIRECTION, "direction", directions, direction);

/* GROUP in|out WORDS */
int take_rule(struct args *a, struct bfly_group *group, struct bfly_rule *rule)
{
	int err = take_group(a, group);

	if (err)
		return err;
	if (!a->argc)
		return usage(a, "in or out is missing");
	err = take_value(a, &direction_word, rule, next(a));
	if (err)
		return err;
	err = take_words(a, words, rule);
	if (err)
		return err;
	if (HAS(rule, RULE_REMOTE) && HAS(rule, RULE_REMOTE_GROUP))
		return usage(a, "remote and group stand together");

	group->set |= BFLY_F(GROUP_RULE);
	group->rule = rule;
	return 0;
}

static int rule_new(struct args *a)
{
	struct bfly_group group = { 0 };
	struct bfly_rule rule = { 0 };
	int err = take_rule(a, &group, &rule);

	return err ? err : finish(a, bfly_rule_new(kernel(), &group, a->flags));
}

static int rule_del(struct args *a)
{
	struct bfly_group group = { 0 };
	struct bfly_rule rule = { 0 };
	int err = take_rule(a, &group, &rule);

	return err ? err : finish(a, bfly_rule_del(kernel(), &group));
}

static void print_ports(const struct bfly_rule *rule)
{
	uint16_t max = HAS(rule, RULE_PORT_MAX) ? rule->port_max : rule->port_min;
	char buf[16];

	if (out_is_json()) {
		out_num("port-min", rule->port_min);
		out_num("port-max", max);
		return;
	}
	snprintf(buf, sizeof(buf), max == rule->port_min ? "%u" : "%u-%u",
		 rule->port_min, max);
	out_text("port", buf);
}

void print_rule(const struct bfly_rule *rule)
{
	bool json = out_is_json();
	char buf[4];

	if (json)
		out_enum("direction", directions, rule->direction);
	else
		out_text(directions[rule->direction == BFLY_DIRECTION_OUT], NULL);
	if (HAS(rule, RULE_PROTO))
		out_str("proto", proto_name(rule->proto, buf));
	else
		out_text("proto", "any");
	if (HAS(rule, RULE_PORT_MIN))
		print_ports(rule);
	if (HAS(rule, RULE_ICMP_TYPE))
		out_num(json ? "icmp-type" : "type", rule->icmp_type);
	if (HAS(rule, RULE_ICMP_CODE))
		out_num(json ? "icmp-code" : "code", rule->icmp_code);
	if (HAS(rule, RULE_REMOTE))
		out_prefix("remote", &rule->remote);
	if (HAS(rule, RULE_REMOTE_GROUP))
		out_str(json ? "remote-group" : "group", rule->remote_group);
}

int print_rules(const struct bfly_group *group, void *arg)
{
	const struct bfly_rule *rule;

	for (rule = group->rule; rule; rule = rule->next) {
		out_object();
		out_key("name", group->name ? group->name : "");
		print_rule(rule);
		out_dev(group->dev);
		if (out_wants(opt.stats) && HAS(group, GROUP_HITS))
			out_num("hits", group->hits);
		out_object_end();
		if (arg)
			*(bool *)arg = true;
	}
	return 0;
}

static int rule_canonical(struct args *a)
{
	struct bfly_group group = { 0 };
	struct bfly_rule rule = { 0 };
	int err = take_rule(a, &group, &rule);

	prefix_mask(&rule.remote);
	return err ? err : print_rules(&group, NULL);
}

static int rule_show(struct args *a)
{
	return show_of_group(a, bfly_rule_dump, print_rules);
}

#define WORDS "GROUP in|out proto PROTO [port A[-B]] [type N [code N]] " \
	"[remote PREFIX | group NAME]"

static const struct verb verbs[] = {
	{ "add", rule_new, WORDS, BFLY_ADD },
	{ "replace", rule_new, WORDS, BFLY_REPLACE },
	{ "del", rule_del, WORDS " [if-exists]" },
	{ "show", rule_show, "[GROUP]" },
	{ NULL }
};

const struct object rule_object = {
	.name = "rule", .verbs = verbs, .canonical = rule_canonical,
	.what = "a rule of a group: it allows, what none allows is dropped",
	.notes = "in, out   towards the port that carries the group, or from it\n"
		 "PROTO     tcp, udp, icmp, icmpv6, sctp, any, a number\n"
		 "port      destination port or range of tcp, udp, sctp\n"
		 "type      ICMP type, and with it a code\n"
		 "remote    the other side: an address or prefix\n"
		 "group     the other side: the members of that group\n"
		 "`del` takes the words of `add`; `replace` adds quietly what may be there.\n",
};
