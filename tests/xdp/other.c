// SPDX-License-Identifier: GPL-2.0
/*
 * other - programs of XDP on a netdev, as others than bflyctl handle them.
 *
 * usage: other IF list			names in the order in which they run
 *        other IF native|generic OBJECT	attach the program of a file
 *        other IF alone OBJECT		the same, generic, without libxdp's dispatcher
 */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xdp/libxdp.h>

static int fail(const char *what, int err)
{
	fprintf(stderr, "other: %s: %s\n", what, strerror(-err));
	return 1;
}

static int list(int ifindex)
{
	struct xdp_multiprog *all = xdp_multiprog__get_from_ifindex(ifindex);
	struct xdp_program *prog = NULL;

	if (libxdp_get_error(all))
		return libxdp_get_error(all) != -ENOENT;
	if (xdp_multiprog__is_legacy(all))
		puts(xdp_program__name(xdp_multiprog__main_prog(all)));
	else
		while ((prog = xdp_multiprog__next_prog(prog, all)))
			puts(xdp_program__name(prog));
	xdp_multiprog__close(all);
	return 0;
}

static int attach(int ifindex, const char *how, const char *object)
{
	enum xdp_attach_mode mode = strcmp(how, "native") ? XDP_MODE_SKB : XDP_MODE_NATIVE;
	struct xdp_program *prog = xdp_program__open_file(object, "xdp", NULL);
	int err = libxdp_get_error(prog);

	if (err)
		return fail(object, err);
	if (!strcmp(how, "alone"))
		setenv("LIBXDP_SKIP_DISPATCHER", "1", 1);
	err = xdp_program__attach(prog, ifindex, mode, 0);
	xdp_program__close(prog);
	return err ? fail("attach", err) : 0;
}

int main(int argc, char **argv)
{
	int ifindex = argc > 2 ? if_nametoindex(argv[1]) : 0;

	if (!ifindex || argc != (strcmp(argv[2], "list") ? 4 : 3)) {
		fprintf(stderr, "usage: other IF list | IF native|generic|alone OBJECT\n");
		return 2;
	}
	return argc == 3 ? list(ifindex) : attach(ifindex, argv[2], argv[3]);
}
