/* SPDX-License-Identifier: GPL-2.0 */
/* What the rest of the module needs of nl_uplink.c. */
#ifndef _BFLY_NL_UPLINK_H
#define _BFLY_NL_UPLINK_H

#include <linux/types.h>

struct bfly_uplink;

/* Tell the config group; @cmd is UPLINK_NEW_NTF or UPLINK_DEL_NTF. */
void bfly_nl_uplink_notify(const struct bfly_uplink *uplink, u8 cmd);

#endif /* _BFLY_NL_UPLINK_H */
