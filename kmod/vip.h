/* SPDX-License-Identifier: GPL-2.0 */
/* Virtual addresses: the addresses and prefixes that services have. */
#ifndef _BFLY_VIP_H
#define _BFLY_VIP_H

#include <linux/in6.h>
#include <linux/types.h>

#include "addr.h"

struct bfly_service;
struct bfly_switch;
struct bfly_vip;

/*
 * Lengths of prefixes that a switch may have in use at once, of each family: as
 * many probes does a packet for nobody cost.
 */
#define BFLY_VIP_LENS	8

/**
 * bfly_vip_passes() - whether what no service takes is the host's
 * @vip: what bfly_vip_find() found for the packet's destination
 *
 * It is when any service says so whose address or prefix holds the destination.
 *
 * Context: RCU read side.
 */
bool bfly_vip_passes(const struct bfly_vip *vip);

/* One more service of the virtual address says so, or one less. Context: RTNL. */
void bfly_vip_pass(struct bfly_switch *sw, struct bfly_vip *vip, int change);

/* The service of a virtual address with just this name. Context: RTNL. */
struct bfly_service *bfly_vip_get_service(struct bfly_switch *sw,
					  const struct bfly_prefix *prefix,
					  u8 proto, u16 port);

/* Whether there is room for the length of a prefix. Context: RTNL. */
bool bfly_vip_takes_len(const struct bfly_switch *sw,
			const struct bfly_prefix *prefix);

/**
 * bfly_vip_link() - put a service under its virtual address
 * @sw: the switch
 * @service: the service, not listed yet; its key set, its length of prefix one
 *	that bfly_vip_takes_len()
 *
 * The virtual address is made if this is its first service.
 *
 * Context: RTNL, may sleep.
 * Return: 0 or -ENOMEM.
 */
int bfly_vip_link(struct bfly_switch *sw, struct bfly_service *service);

/*
 * Takes a service, listed no more, from its virtual address, which goes with
 * the last one. Context: RTNL.
 */
void bfly_vip_unlink(struct bfly_switch *sw, struct bfly_service *service);

int bfly_vips_init(struct bfly_switch *sw);
void bfly_vips_fini(struct bfly_switch *sw);

#endif /* _BFLY_VIP_H */
