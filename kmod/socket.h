/* SPDX-License-Identifier: GPL-2.0 */
/* The UDP sockets at which a switch receives VXLAN. */
#ifndef _BFLY_SOCKET_H
#define _BFLY_SOCKET_H

#include "switch.h"

/**
 * bfly_sockets_open() - open the switch's UDP sockets
 * @sw: the switch; its local addresses and port say where
 * @extack: where a failure is explained
 *
 * With no local address set it is reached at any address of both families, with
 * one at that alone. Context: RTNL.
 *
 * Return: 0, or an error and no socket is open.
 */
int bfly_sockets_open(struct bfly_switch *sw, struct netlink_ext_ack *extack);
/**
 * bfly_sockets_move() - change the underlay of a switch whose sockets are open
 * @sw: the switch
 * @at: its new underlay
 * @extack: where a failure is explained
 *
 * Context: RTNL.
 * Return: 0, or an error and nothing has changed.
 */
int bfly_sockets_move(struct bfly_switch *sw, const struct bfly_underlay *at,
		      struct netlink_ext_ack *extack);
/* Closes them and waits until no packet is on its way. Context: RTNL. */
void bfly_sockets_close(struct bfly_switch *sw);
bool bfly_sockets_are_open(const struct bfly_switch *sw);

#endif /* _BFLY_SOCKET_H */
