/* SPDX-License-Identifier: GPL-2.0 */
/* What the rest of the module needs of nl_uplink.c. */
#ifndef _BFLY_NL_UPLINK_H
#define _BFLY_NL_UPLINK_H

#include <net/genetlink.h>

struct bfly_uplink;

/* The uplink that an attribute names, which must be there. Context: RTNL. */
struct bfly_uplink *bfly_nl_uplink(struct genl_info *info, int attrtype);

/* Tell the config group; @cmd is UPLINK_NEW_NTF or UPLINK_DEL_NTF. */
void bfly_nl_uplink_notify(const struct bfly_uplink *uplink, u8 cmd);

#endif /* _BFLY_NL_UPLINK_H */
