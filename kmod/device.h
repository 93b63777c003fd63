/* SPDX-License-Identifier: GPL-2.0 */
/* The netdev of a switch, see device.c. */
#ifndef _BFLY_DEVICE_H
#define _BFLY_DEVICE_H

#include <linux/netdevice.h>

struct net;

bool bfly_dev_is_switch(const struct net_device *dev);

/**
 * bfly_dev_check() - whether a netdev may become a part of a switch
 * @dev: the netdev
 * @what: what it is to be, with its article
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: 0, or an error.
 */
int bfly_dev_check(struct net_device *dev, const char *what,
		   struct netlink_ext_ack *extack);

/* The switches of a namespace, in the order of index. Context: RTNL. */
struct list_head *bfly_switches(const struct net *net);

int bfly_device_init(void);
void bfly_device_exit(void);

#endif /* _BFLY_DEVICE_H */
