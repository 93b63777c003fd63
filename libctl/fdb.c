// SPDX-License-Identifier: LGPL-2.1
#include "core.h"

static const struct bfly_field fields[] = {
	BFLY_FIELD(bfly_fdb, FDB_DEV, "dev", U32, dev),
	BFLY_FIELD(bfly_fdb, FDB_NET, "net", U32, net),
	BFLY_FIELD(bfly_fdb, FDB_MAC, "mac", MAC, mac),
	BFLY_FIELD(bfly_fdb, FDB_PORT, "port", U32, port),
	BFLY_FIELD(bfly_fdb, FDB_IFNAME, "ifname", STR, ifname),
	BFLY_FIELD(bfly_fdb, FDB_VIA, "via", ADDR, via),
	BFLY_FIELD(bfly_fdb, FDB_LEARNED, "learned", FLAG, learned),
	BFLY_FIELD(bfly_fdb, FDB_AGE, "age", U32, age),
	BFLY_FIELD(bfly_fdb, FDB_UPLINK, "uplink", U32, uplink),
};

static const struct bfly_layout bfly_fdb_layout = BFLY_LAYOUT(bfly_fdb, fields);

BFLY_DEFINE_DUMP(fdb, fdb, bfly_fdb_layout, BFLY_CMD_FDB_GET)
