/* SPDX-License-Identifier: GPL-2.0 */
/* The hook at XDP: a kfunc that a program on an uplink calls with each packet. */
#ifndef _BFLY_XDP_H
#define _BFLY_XDP_H

#include <uapi/linux/bfly.h>

struct xdp_md;

/* What programs call, and nothing else. */
int bfly_xdp(struct xdp_md *ctx);

/* Offer the kfunc to programs, where kernel and module can. */
void bfly_xdp_init(void);

/* Whether programs can call it. */
enum bfly_xdp_support bfly_xdp_support(void);

#endif /* _BFLY_XDP_H */
