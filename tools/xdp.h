/* SPDX-License-Identifier: GPL-2.0 */
/* The mode of XDP on a netdev, xdp.c. */
#ifndef BFLYCTL_XDP_H
#define BFLYCTL_XDP_H

#include "bflyctl.h"
#include "xdp/xdp_bfly.h"

extern const char *const xdp_names[];		/* by enum xdp_mode */
extern const char *const xdp_support_names[];

const char *xdp_mode(uint32_t ifindex);
int xdp_check(struct args *a, const char *name, uint32_t support);
int xdp_set(struct args *a, const char *name, uint32_t ifindex,
	    enum xdp_mode mode);

#endif /* BFLYCTL_XDP_H */
