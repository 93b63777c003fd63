/* SPDX-License-Identifier: GPL-2.0 */
/* What the handlers of other objects need of nl_net.c. */
#ifndef _BFLY_NL_NET_H
#define _BFLY_NL_NET_H

#include "net.h"
#include "netlink.h"

/* The net that an attribute names, which must be there. Context: RTNL. */
struct bfly_net *bfly_nl_net(struct genl_info *info, int attrtype);
/* Tell the config group of a net that is not as it was. Context: RTNL. */
void bfly_nl_net_notify(const struct bfly_net *net);

/**
 * bfly_nl_dump_nets() - run a part of a dump over what nets hold
 * @skb: message to fill
 * @cb: the dump
 * @sw: the switch
 * @state: as in bfly_nl_dump_switches(); @state->pos counts nets
 * @id: attribute with the id of the only net wanted, or NULL for all
 * @one: dumps what there is of a net, and notes in the other fields of @state,
 *	which are zero at first, where it stopped
 *
 * Context: RTNL.
 * Return: 0 or -EMSGSIZE.
 */
int bfly_nl_dump_nets(struct sk_buff *skb, struct netlink_callback *cb,
		      struct bfly_switch *sw, struct bfly_nl_dump *state,
		      const struct nlattr *id,
		      int (*one)(struct sk_buff *skb,
				 struct netlink_callback *cb,
				 struct bfly_net *net,
				 struct bfly_nl_dump *state));

#endif /* _BFLY_NL_NET_H */
