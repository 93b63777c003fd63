// SPDX-License-Identifier: GPL-2.0
#include <net/if.h>
#include "bflyctl.h"
#include "xdp.h"

/**
 * struct wish - what the words say of an uplink
 * @set: bit 0 when they name a mode
 * @xdp: the mode, enum xdp_mode
 * @name: the netdev
 * @uplink: the request
 */
struct wish {
	uint64_t set;
	uint32_t xdp;
	const char *name;
	struct bfly_uplink uplink;
};

static const struct word if_word =
	WORD(bfly_uplink, UPLINK_IFINDEX, "IF", IFINDEX, ifindex);

/* No attribute of the kernel's objects: the program is on the netdev. */
static const struct word words[] = {
	{ .name = "xdp", .kind = WORD_ENUM, .attr = 0,
	  .off = offsetof(struct wish, xdp), .names = xdp_names },
	WORD_END
};

static int take_if(struct args *a, struct wish *wish)
{
	if (!a->argc)
		return usage(a, "the uplink's IF is missing");
	TAKE_DEV(a, UPLINK, &wish->uplink);
	wish->name = next(a);
	return take_value(a, &if_word, &wish->uplink, wish->name);
}

static int take_key(struct args *a, struct wish *wish)
{
	int err = take_if(a, wish);

	return err ? err : take_end(a);
}

static int take_wish(struct args *a, struct wish *wish)
{
	int err = take_if(a, wish);

	return err ? err : take_words(a, words, wish);
}

static int note_support(const struct bfly_uplink *uplink, void *arg)
{
	*(uint32_t *)arg = uplink->xdp_support;
	return 0;
}

/* Make the netdev of an uplink as the words want it. */
static int uplink_xdp(struct args *a, const struct wish *wish)
{
	uint32_t support = 0;
	int err = 0;

	if (wish->xdp != XDP_OFF)
		err = finish(a, bfly_uplink_get(kernel(), &wish->uplink,
						note_support, &support));
	if (!err)
		err = xdp_check(a, wish->name, support);
	return err ? err : xdp_set(a, wish->name, wish->uplink.ifindex, wish->xdp);
}

static int ignore(const struct bfly_uplink *uplink, void *arg)
{
	(void)uplink;
	(void)arg;
	return 0;
}

/* An uplink that cannot have the mode that it shall be made with is not made. */
static int uplink_new(struct args *a)
{
	struct wish wish = { 0 };
	int err = take_wish(a, &wish);
	bool made;

	if (err)
		return err;
	made = !(a->flags & BFLY_REPLACE) ||
	       bfly_uplink_get(kernel(), &wish.uplink, ignore, NULL);
	err = finish(a, bfly_uplink_new(kernel(), &wish.uplink, a->flags));
	if (err)
		return err;
	err = uplink_xdp(a, &wish);
	if (err && made)
		bfly_uplink_del(kernel(), &wish.uplink);
	return err;
}

static int uplink_set(struct args *a)
{
	struct wish wish = { 0 };
	int err = take_wish(a, &wish);

	if (!err)
		err = finish(a, bfly_uplink_get(kernel(), &wish.uplink, ignore, NULL));
	if (!err && wish.set)
		err = uplink_xdp(a, &wish);
	return err;
}

static int note_use(const struct bfly_uplink *uplink, void *arg)
{
	uint32_t *ifindex = arg;

	if (uplink->ifindex == *ifindex)
		*ifindex = 0;
	return 0;
}

/* Whether no switch has the netdev, so that a program of ours is a left-over. */
static bool is_unused(uint32_t ifindex)
{
	int err = bfly_uplink_dump(kernel(), NULL, note_use, &ifindex);

	return !err && ifindex;
}

/* The program goes even if the uplink has gone already, with its switch. */
static int uplink_del(struct args *a)
{
	struct wish wish = { 0 };
	int err = take_key(a, &wish);
	int xdp = 0;

	if (err)
		return err;
	err = finish(a, bfly_uplink_del(kernel(), &wish.uplink));
	if (is_unused(wish.uplink.ifindex))
		xdp = xdp_set(a, wish.name, wish.uplink.ifindex, XDP_OFF);
	return err > 0 ? err : xdp ? xdp : err;
}

static int print(const struct bfly_uplink *uplink, const char *xdp)
{
	out_object();
	out_key("ifname", uplink->ifname ? uplink->ifname : "");
	if (out_is_json())
		out_num("ifindex", uplink->ifindex);
	out_str("xdp", xdp);
	if (out_wants(opt.details))
		out_enum("xdp-support", xdp_support_names, uplink->xdp_support);
	out_dev(uplink->dev);
	out_object_end();
	return 0;
}

int print_uplink(const struct bfly_uplink *uplink, void *arg)
{
	(void)arg;
	return print(uplink, xdp_mode(uplink->ifindex));
}

static int uplink_canonical(struct args *a)
{
	struct wish wish = { 0 };
	char name[IF_NAMESIZE];
	int err = take_wish(a, &wish);

	if (err)
		return err;
	wish.uplink.ifname = if_indextoname(wish.uplink.ifindex, name);
	return print(&wish.uplink, xdp_names[wish.xdp]);
}

static int uplink_show(struct args *a)
{
	struct wish wish = { 0 };
	bool one = a->argc;
	int err = one ? take_key(a, &wish) : 0;

	if (err)
		return err;
	TAKE_DEV(a, UPLINK, &wish.uplink);
	out_begin(a);
	err = one ? bfly_uplink_get(kernel(), &wish.uplink, print_uplink, NULL) :
		    bfly_uplink_dump(kernel(), &wish.uplink, print_uplink, NULL);
	if (!err)
		out_end();
	return finish(a, err);
}

static const struct verb verbs[] = {
	{ "add", uplink_new, "IF [xdp off|generic|native]", BFLY_ADD },
	{ "replace", uplink_new, "IF [xdp off|generic|native]", BFLY_REPLACE },
	{ "set", uplink_set, "IF xdp off|generic|native" },
	{ "del", uplink_del, "IF [if-exists]" },
	{ "show", uplink_show, "[IF]" },
	{ NULL }
};

const struct object uplink_object = {
	.name = "uplink", .verbs = verbs, .canonical = uplink_canonical,
	.what = "a physical NIC handed to the switch",
	.notes = "xdp  where services' packets are taken: by a program in the NIC's driver (native),\n"
		 "     by one in front of the host's stack (generic), or by none (off, unless set).\n"
		 "     Said again, `set IF xdp MODE` puts the program there anew, in one swap\n",
};
