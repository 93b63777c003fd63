/* SPDX-License-Identifier: GPL-2.0 */
/* What the handlers of other objects need of nl_net.c. */
#ifndef _BFLY_NL_NET_H
#define _BFLY_NL_NET_H

#include <net/genetlink.h>

struct bfly_net;

/* The net that an attribute names, which must be there. Context: RTNL. */
struct bfly_net *bfly_nl_net(struct genl_info *info, int attrtype);

#endif /* _BFLY_NL_NET_H */
