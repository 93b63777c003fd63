// SPDX-License-Identifier: LGPL-2.1
#include "core.h"

static const struct bfly_field fields[] = {
	BFLY_FIELD(bfly_remote, REMOTE_DEV, "dev", U32, dev),
	BFLY_FIELD(bfly_remote, REMOTE_NET, "net", U32, net),
	BFLY_FIELD(bfly_remote, REMOTE_VIA, "via", ADDR, via),
	BFLY_FIELD(bfly_remote, REMOTE_MAC, "mac", MAC, mac),
	BFLY_ARRAY(bfly_remote, REMOTE_ADDR, "addr", ADDRS, addr),
	BFLY_FIELD(bfly_remote, REMOTE_RX_PACKETS, "rx-packets", UINT, rx_packets),
	BFLY_FIELD(bfly_remote, REMOTE_RX_BYTES, "rx-bytes", UINT, rx_bytes),
	BFLY_FIELD(bfly_remote, REMOTE_TX_PACKETS, "tx-packets", UINT, tx_packets),
	BFLY_FIELD(bfly_remote, REMOTE_TX_BYTES, "tx-bytes", UINT, tx_bytes),
};

const struct bfly_layout bfly_remote_layout = BFLY_LAYOUT(bfly_remote, fields);

BFLY_API int bfly_remote_new(struct bfly_ctl *ctl, const struct bfly_remote *remote,
			 enum bfly_new_flags flags)
{
	return bfly_change(ctl, BFLY_CMD_REMOTE_NEW, flags,
			   &bfly_remote_layout, remote);
}

BFLY_API int bfly_remote_del(struct bfly_ctl *ctl, const struct bfly_remote *remote)
{
	return bfly_change(ctl, BFLY_CMD_REMOTE_DEL, BFLY_ADD, &bfly_remote_layout, remote);
}

BFLY_DEFINE_GET(remote, remote, bfly_remote_layout, BFLY_CMD_REMOTE_GET)
BFLY_DEFINE_DUMP(remote, remote, bfly_remote_layout, BFLY_CMD_REMOTE_GET)
