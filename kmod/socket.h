/* SPDX-License-Identifier: GPL-2.0 */
/* The UDP sockets at which a switch receives VXLAN. */
#ifndef _BFLY_SOCKET_H
#define _BFLY_SOCKET_H

#include "switch.h"

struct socket;

/**
 * bfly_socket_new() - open a socket at which the switch receives VXLAN
 * @sw: the switch
 * @addr: address of the host, group, or any of a family
 * @ifindex: netdev that packets have to come by, or 0
 * @port: UDP port
 * @extack: where a failure is explained
 *
 * It has joined no group. Context: RTNL.
 * Return: the socket or ERR_PTR().
 */
struct socket *bfly_socket_new(struct bfly_switch *sw,
			       const struct bfly_addr *addr, int ifindex,
			       u16 port, struct netlink_ext_ack *extack);
/* The socket has left all groups. Context: RTNL. */
void bfly_socket_release(struct socket *sock);

/**
 * bfly_sockets_open() - open the switch's UDP sockets
 * @sw: the switch; its local addresses and port say where
 * @extack: where a failure is explained
 *
 * With no local address set it is reached at any address of both families, with
 * one at that alone, and by the groups of its nets. Context: RTNL.
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
