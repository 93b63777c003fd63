// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include "bflyctl.h"

static const struct word member_word =
	WORD_LIST(bfly_group, GROUP_MEMBER, "member", ADDRS, member);

int take_members(struct args *a, struct bfly_group *group)
{
	int err = take_group(a, group);

	if (!err && !a->argc)
		return usage(a, "an ADDR is missing");
	while (!err && a->argc)
		err = take_value(a, &member_word, group, next(a));
	return err;
}

static int member_new(struct args *a)
{
	struct bfly_group group = { 0 };
	int err = take_members(a, &group);

	return err ? err : finish(a, bfly_member_new(kernel(), &group, a->flags));
}

static int member_del(struct args *a)
{
	struct bfly_group group = { 0 };
	int err = take_members(a, &group);

	return err ? err : finish(a, bfly_member_del(kernel(), &group));
}

int print_members(const struct bfly_group *group, void *arg)
{
	char buf[BFLY_ADDR_STRLEN];
	size_t i;

	for (i = 0; i < group->n_member; i++) {
		out_object();
		out_key("name", group->name ? group->name : "");
		if (out_is_json())
			out_str("member", bfly_addr_format(&group->member[i], buf));
		else
			out_text(bfly_addr_format(&group->member[i], buf), NULL);
		out_dev(group->dev);
		out_object_end();
		if (arg)
			*(bool *)arg = true;
	}
	return 0;
}

static int member_canonical(struct args *a)
{
	struct bfly_group group = { 0 };
	int err = take_members(a, &group);

	return err ? err : print_members(&group, NULL);
}

static int member_show(struct args *a)
{
	return show_of_group(a, bfly_member_dump, print_members);
}

static const struct verb verbs[] = {
	{ "add", member_new, "GROUP ADDR...", BFLY_ADD },
	{ "replace", member_new, "GROUP ADDR...", BFLY_REPLACE },
	{ "del", member_del, "GROUP ADDR... [if-exists]" },
	{ "show", member_show, "[GROUP]" },
	{ NULL }
};

const struct object member_object = {
	.name = "member", .verbs = verbs, .canonical = member_canonical,
	.what = "an address that is explicitly a member of a group",
	.notes = "`replace` adds quietly what may be there.\n",
};
