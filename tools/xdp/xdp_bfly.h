/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What bflyctl has xdp_bfly.so do, the one part that is linked with libxdp. It is
 * loaded where a netdev has a program or shall get one, so that the tool starts
 * without libxdp, and works where there is none.
 */
#ifndef XDP_BFLY_H
#define XDP_BFLY_H

#include <stddef.h>

enum xdp_mode { XDP_OFF, XDP_GENERIC, XDP_NATIVE };

/**
 * struct xdp_plugin - the functions of xdp_bfly.so
 * @mode: The mode in which our program is on a netdev, or a negative errno. One
 *	that is there among programs that cannot be read is not seen.
 * @set: Have the program of the file @object on the netdev in that mode, and no
 *	other one of ours. Other programs stay. In place of one in the same mode
 *	it comes by one atomic swap; it runs beside it until that is taken off.
 *	Returns 0, or -1 with the reason in @why; what was there is there then.
 */
struct xdp_plugin {
	int (*mode)(int ifindex);
	int (*set)(int ifindex, enum xdp_mode mode, const char *object,
		   char *why, size_t size);
};

#define XDP_PLUGIN		bfly_xdp_plugin
#define XDP_PLUGIN_NAME		"bfly_xdp_plugin"

#endif /* XDP_BFLY_H */
