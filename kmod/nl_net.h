/* SPDX-License-Identifier: GPL-2.0 */
/* What the handlers of other objects need of nl_net.c. */
#ifndef _BFLY_NL_NET_H
#define _BFLY_NL_NET_H

#include <net/genetlink.h>

struct bfly_net;

/* The net that an attribute names, which must be there. Context: RTNL. */
struct bfly_net *bfly_nl_net(struct genl_info *info, int attrtype);
/* Tell the config group of a net that is not as it was. Context: RTNL. */
void bfly_nl_net_notify(const struct bfly_net *net);

#endif /* _BFLY_NL_NET_H */
