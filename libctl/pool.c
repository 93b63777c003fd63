// SPDX-License-Identifier: LGPL-2.1
#include "core.h"

static const struct bfly_field backend_fields[] = {
	BFLY_FIELD(bfly_backend, BACKEND_ADDR, "addr", ADDR, addr),
	BFLY_FIELD(bfly_backend, BACKEND_WEIGHT, "weight", U16, weight),
	BFLY_FIELD(bfly_backend, BACKEND_STATE, "state", U32, state),
	BFLY_FIELD(bfly_backend, BACKEND_MAC, "mac", MAC, mac),
};

static const struct bfly_layout backend_layout =
	BFLY_LAYOUT(bfly_backend, backend_fields);

static const struct bfly_field fields[] = {
	BFLY_FIELD(bfly_pool, POOL_DEV, "dev", U32, dev),
	BFLY_FIELD(bfly_pool, POOL_NAME, "name", STR, name),
	BFLY_FIELD(bfly_pool, POOL_METHOD, "method", U32, method),
	BFLY_FIELD(bfly_pool, POOL_HASH, "hash", U32, hash),
	BFLY_FIELD(bfly_pool, POOL_TABLE, "table", U32, table),
	BFLY_FIELD(bfly_pool, POOL_KEY, "key", KEY, key),
	BFLY_FIELD(bfly_pool, POOL_PORT, "port", U16, port),
	BFLY_FIELD(bfly_pool, POOL_VNI, "vni", U32, vni),
	BFLY_FIELD(bfly_pool, POOL_DSCP, "dscp", U8, dscp),
	BFLY_LIST(bfly_pool, POOL_BACKEND, "backend", &backend_layout, backend),
	BFLY_FIELD(bfly_pool, POOL_BACKENDS, "backends", U32, backends),
	BFLY_FIELD(bfly_pool, POOL_SERVICES, "services", U32, services),
	BFLY_FIELD(bfly_pool, POOL_PACKETS, "packets", UINT, packets),
	BFLY_FIELD(bfly_pool, POOL_BYTES, "bytes", UINT, bytes),
	BFLY_FIELD(bfly_pool, POOL_NEW_FLOWS, "new-flows", UINT, new_flows),
	BFLY_FIELD(bfly_pool, POOL_SLOTS, "slots", U32, slots),
	BFLY_FIELD(bfly_pool, POOL_FLOWS, "flows", UINT, flows),
	BFLY_FIELD(bfly_pool, POOL_STATE_CHANGES, "state-changes", UINT, state_changes),
	BFLY_FIELD(bfly_pool, POOL_ICMP_CODE, "icmp-code", U8, icmp_code),
};

const struct bfly_layout bfly_pool_layout = BFLY_LAYOUT(bfly_pool, fields);

BFLY_API int bfly_pool_new(struct bfly_ctl *ctl, const struct bfly_pool *pool,
			 enum bfly_new_flags flags)
{
	return bfly_change(ctl, BFLY_CMD_POOL_NEW, flags,
			   &bfly_pool_layout, pool);
}

BFLY_API int bfly_pool_set(struct bfly_ctl *ctl, const struct bfly_pool *pool)
{
	return bfly_change(ctl, BFLY_CMD_POOL_SET, BFLY_ADD, &bfly_pool_layout, pool);
}

BFLY_API int bfly_pool_del(struct bfly_ctl *ctl, const struct bfly_pool *pool)
{
	return bfly_change(ctl, BFLY_CMD_POOL_DEL, BFLY_ADD, &bfly_pool_layout, pool);
}

BFLY_DEFINE_GET(pool, pool, bfly_pool_layout, BFLY_CMD_POOL_GET)
BFLY_DEFINE_DUMP(pool, pool, bfly_pool_layout, BFLY_CMD_POOL_GET)
