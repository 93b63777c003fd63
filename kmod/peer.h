/* SPDX-License-Identifier: GPL-2.0 */
/* Peers of a net: the addresses of its remotes, each once. */
#ifndef _BFLY_PEER_H
#define _BFLY_PEER_H

#include "addr.h"
#include "net.h"

/**
 * bfly_peer_known() - whether a net has a remote at an address
 * @net: the net
 * @addr: underlay address
 *
 * Context: RCU read side.
 */
bool bfly_peer_known(struct bfly_net *net, const struct bfly_addr *addr);

/**
 * bfly_peer_add() - a remote has come
 * @net: its net
 * @addr: its underlay address; other remotes of the net may have it, too
 *
 * Context: RTNL.
 * Return: 0 or an error.
 */
int bfly_peer_add(struct bfly_net *net, const struct bfly_addr *addr);
/* A remote has gone; the last one at its address takes it along. Context: RTNL. */
void bfly_peer_del(struct bfly_net *net, const struct bfly_addr *addr);

int bfly_peers_init(struct bfly_net *net);
/* All remotes are gone. */
void bfly_peers_fini(struct bfly_net *net);

#endif /* _BFLY_PEER_H */
