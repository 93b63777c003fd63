// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include "bflyctl.h"

static const struct word words[] = {
	WORD(bfly_group, GROUP_AUTO, "auto", ONOFF, auto_members),
	WORD_END
};

static const struct word name_word =
	WORD(bfly_group, GROUP_NAME, "NAME", NAME, name);

int take_group(struct args *a, struct bfly_group *group)
{
	if (!a->argc)
		return usage(a, "the group's NAME is missing");
	TAKE_DEV(a, GROUP, group);
	return take_value(a, &name_word, group, next(a));
}

static int take_new(struct args *a, struct bfly_group *group)
{
	int err = take_group(a, group);

	if (!err && !strcmp(group->name, "none"))
		return usage(a, "a port could not carry a group \"none\"");
	return err ? err : take_words(a, words, group);
}

static int group_new(struct args *a)
{
	struct bfly_group group = { 0 };
	int err = take_new(a, &group);

	return err ? err : finish(a, bfly_group_new(kernel(), &group, a->flags));
}

static int group_set(struct args *a)
{
	struct bfly_group group = { 0 };
	int err = take_group(a, &group);

	if (!err)
		err = take_words(a, words, &group);
	return err ? err : finish(a, bfly_group_set(kernel(), &group));
}

static int group_del(struct args *a)
{
	struct bfly_group group = { 0 };
	int err = take_group(a, &group);

	if (!err)
		err = take_end(a);
	return err ? err : finish(a, bfly_group_del(kernel(), &group));
}

int print_group(const struct bfly_group *group, void *arg)
{
	(void)arg;
	out_object();
	out_key("name", group->name ? group->name : "");
	if (HAS(group, GROUP_AUTO))
		out_onoff("auto", group->auto_members);
	out_dev(group->dev);
	if (out_wants(opt.details) && HAS(group, GROUP_RULES)) {
		out_more();
		out_num("rules", group->rules);
		out_num("members", group->members);
		out_num("ports", group->ports);
	}
	out_object_end();
	return 0;
}

static int group_canonical(struct args *a)
{
	struct bfly_group group = { .auto_members = 1 };
	int err = take_new(a, &group);

	group.set |= BFLY_F(GROUP_AUTO);
	return err ? err : print_group(&group, NULL);
}

/* [NAME] of a command that shows; then the output begins. */
static int begin_show(struct args *a, struct bfly_group *group, bool *one)
{
	int err;

	*one = a->argc;
	err = *one ? take_group(a, group) : 0;
	if (!err)
		err = take_end(a);
	if (err)
		return err;

	TAKE_DEV(a, GROUP, group);
	out_begin(a);
	return 0;
}

static int group_show(struct args *a)
{
	struct bfly_group group = { 0 };
	bool one;
	int err = begin_show(a, &group, &one);

	if (err)
		return err;
	err = one ? bfly_group_get(kernel(), &group, print_group, NULL) :
		    bfly_group_dump(kernel(), &group, print_group, NULL);
	if (!err)
		out_end();
	return finish(a, err);
}

static int print_nothing(const struct bfly_group *group, void *arg)
{
	(void)group;
	(void)arg;
	return 0;
}

int show_of_group(struct args *a, group_dump *dump, bfly_group_cb *print)
{
	struct bfly_group group = { 0 };
	bool some = false, one;
	int err = begin_show(a, &group, &one);

	if (err)
		return err;
	err = dump(kernel(), &group, print, &some);
	/* An empty group, or no such group? */
	if (!err && one && !some)
		err = bfly_group_get(kernel(), &group, print_nothing, NULL);
	if (!err)
		out_end();
	return finish(a, err);
}

static const struct verb verbs[] = {
	{ "add", group_new, "NAME [auto on|off]", BFLY_ADD },
	{ "replace", group_new, "NAME [auto on|off]", BFLY_REPLACE },
	{ "set", group_set, "NAME [auto on|off]" },
	{ "del", group_del, "NAME [if-exists]" },
	{ "show", group_show, "[NAME]" },
	{ NULL }
};

const struct object group_object = {
	.name = "group", .verbs = verbs, .canonical = group_canonical,
	.what = "a security group",
	.notes = "auto  whether the addresses of the ports that carry the group are members,\n"
		 "      on unless set\n"
		 "`replace` empties the group: it has no rules and members then.\n",
};
