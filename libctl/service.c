// SPDX-License-Identifier: LGPL-2.1
#include "core.h"

static const struct bfly_field fields[] = {
	BFLY_FIELD(bfly_service, SERVICE_DEV, "dev", U32, dev),
	BFLY_FIELD(bfly_service, SERVICE_ADDR, "addr", ADDR, addr),
	BFLY_FIELD(bfly_service, SERVICE_PROTO, "proto", U8, proto),
	BFLY_FIELD(bfly_service, SERVICE_PORT, "port", U16, port),
	BFLY_FIELD(bfly_service, SERVICE_POOL, "pool", STR, pool),
	BFLY_FIELD(bfly_service, SERVICE_PACKETS, "packets", UINT, packets),
	BFLY_FIELD(bfly_service, SERVICE_BYTES, "bytes", UINT, bytes),
	BFLY_FIELD(bfly_service, SERVICE_NEW_FLOWS, "new-flows", UINT, new_flows),
	BFLY_FIELD(bfly_service, SERVICE_LEN, "len", U8, len),
	BFLY_FIELD(bfly_service, SERVICE_CLEAR, "clear", U32, clear),
	BFLY_FIELD(bfly_service, SERVICE_HASH, "hash", U32, hash),
	BFLY_FIELD(bfly_service, SERVICE_UNKNOWN, "unknown", U32, unknown),
	BFLY_FIELD(bfly_service, SERVICE_FLOWS, "flows", UINT, flows),
};

const struct bfly_layout bfly_service_layout = BFLY_LAYOUT(bfly_service, fields);

BFLY_API int bfly_service_new(struct bfly_ctl *ctl, const struct bfly_service *service,
			 enum bfly_new_flags flags)
{
	return bfly_change(ctl, BFLY_CMD_SERVICE_NEW, flags,
			   &bfly_service_layout, service);
}

BFLY_API int bfly_service_set(struct bfly_ctl *ctl, const struct bfly_service *service)
{
	return bfly_change(ctl, BFLY_CMD_SERVICE_SET, BFLY_ADD, &bfly_service_layout, service);
}

BFLY_API int bfly_service_del(struct bfly_ctl *ctl, const struct bfly_service *service)
{
	return bfly_change(ctl, BFLY_CMD_SERVICE_DEL, BFLY_ADD, &bfly_service_layout, service);
}

BFLY_DEFINE_GET(service, service, bfly_service_layout, BFLY_CMD_SERVICE_GET)
BFLY_DEFINE_DUMP(service, service, bfly_service_layout, BFLY_CMD_SERVICE_GET)
