// SPDX-License-Identifier: LGPL-2.1
#include "core.h"

static const struct bfly_field drop_fields[] = {
	BFLY_FIELD(bfly_drop, DROP_REASON, "reason", STR, reason),
	BFLY_FIELD(bfly_drop, DROP_MEANING, "meaning", STR, meaning),
	BFLY_FIELD(bfly_drop, DROP_PACKETS, "packets", UINT, packets),
};

static const struct bfly_layout drop_layout = BFLY_LAYOUT(bfly_drop, drop_fields);

static const struct bfly_field fields[] = {
	BFLY_FIELD(bfly_stats, STATS_DEV, "dev", U32, dev),
	BFLY_LIST(bfly_stats, STATS_DROP, "drop", &drop_layout, drop),
	BFLY_FIELD(bfly_stats, STATS_FLOW_FULL, "flow-full", UINT, flow_full),
	BFLY_FIELD(bfly_stats, STATS_FDB_FULL, "fdb-full", UINT, fdb_full),
	BFLY_FIELD(bfly_stats, STATS_FLOW_EVICTED, "flow-evicted", UINT, flow_evicted),
};

static const struct bfly_layout bfly_stats_layout = BFLY_LAYOUT(bfly_stats, fields);

BFLY_DEFINE_GET(stats, stats, bfly_stats_layout, BFLY_CMD_STATS_GET)
