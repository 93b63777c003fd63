// SPDX-License-Identifier: LGPL-2.1
#include "core.h"

static const struct bfly_field fields[] = {
	BFLY_FIELD(bfly_uplink, UPLINK_DEV, "dev", U32, dev),
	BFLY_FIELD(bfly_uplink, UPLINK_IFINDEX, "ifindex", U32, ifindex),
	BFLY_FIELD(bfly_uplink, UPLINK_IFNAME, "ifname", STR, ifname),
	BFLY_FIELD(bfly_uplink, UPLINK_XDP_SUPPORT, "xdp-support", U32, xdp_support),
};

const struct bfly_layout bfly_uplink_layout = BFLY_LAYOUT(bfly_uplink, fields);

BFLY_API int bfly_uplink_new(struct bfly_ctl *ctl, const struct bfly_uplink *uplink,
			 enum bfly_new_flags flags)
{
	return bfly_change(ctl, BFLY_CMD_UPLINK_NEW, flags,
			   &bfly_uplink_layout, uplink);
}

BFLY_API int bfly_uplink_del(struct bfly_ctl *ctl, const struct bfly_uplink *uplink)
{
	return bfly_change(ctl, BFLY_CMD_UPLINK_DEL, BFLY_ADD, &bfly_uplink_layout, uplink);
}

BFLY_DEFINE_GET(uplink, uplink, bfly_uplink_layout, BFLY_CMD_UPLINK_GET)
BFLY_DEFINE_DUMP(uplink, uplink, bfly_uplink_layout, BFLY_CMD_UPLINK_GET)
