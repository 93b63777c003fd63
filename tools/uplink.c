// SPDX-License-Identifier: GPL-2.0
#include <net/if.h>
#include "bflyctl.h"

static const struct word if_word =
	WORD(bfly_uplink, UPLINK_IFINDEX, "IF", IFINDEX, ifindex);

static int take_uplink(struct args *a, struct bfly_uplink *uplink)
{
	int err;

	if (!a->argc)
		return usage(a, "the uplink's IF is missing");
	TAKE_DEV(a, UPLINK, uplink);
	err = take_value(a, &if_word, uplink, next(a));
	return err ? err : take_end(a);
}

static int uplink_new(struct args *a)
{
	struct bfly_uplink uplink = { 0 };
	int err = take_uplink(a, &uplink);

	return err ? err : finish(a, bfly_uplink_new(kernel(), &uplink, a->flags));
}

static int uplink_del(struct args *a)
{
	struct bfly_uplink uplink = { 0 };
	int err = take_uplink(a, &uplink);

	return err ? err : finish(a, bfly_uplink_del(kernel(), &uplink));
}

int print_uplink(const struct bfly_uplink *uplink, void *arg)
{
	(void)arg;
	out_object();
	out_key("ifname", uplink->ifname ? uplink->ifname : "");
	if (out_is_json())
		out_num("ifindex", uplink->ifindex);
	out_dev(uplink->dev);
	out_object_end();
	return 0;
}

static int uplink_canonical(struct args *a)
{
	struct bfly_uplink uplink = { 0 };
	char name[IF_NAMESIZE];
	int err = take_uplink(a, &uplink);

	if (err)
		return err;
	uplink.ifname = if_indextoname(uplink.ifindex, name);
	return print_uplink(&uplink, NULL);
}

static int uplink_show(struct args *a)
{
	struct bfly_uplink uplink = { 0 };
	bool one = a->argc;
	int err = one ? take_uplink(a, &uplink) : 0;

	if (err)
		return err;
	TAKE_DEV(a, UPLINK, &uplink);
	out_begin(a);
	err = one ? bfly_uplink_get(kernel(), &uplink, print_uplink, NULL) :
		    bfly_uplink_dump(kernel(), &uplink, print_uplink, NULL);
	if (!err)
		out_end();
	return finish(a, err);
}

static const struct verb verbs[] = {
	{ "add", uplink_new, "IF", BFLY_ADD },
	{ "replace", uplink_new, "IF", BFLY_REPLACE },
	{ "del", uplink_del, "IF [if-exists]" },
	{ "show", uplink_show, "[IF]" },
	{ NULL }
};

const struct object uplink_object = {
	.name = "uplink", .verbs = verbs, .canonical = uplink_canonical,
	.what = "a physical NIC handed to the switch",
};
