// SPDX-License-Identifier: LGPL-2.1
#include "core.h"

static const struct bfly_field fields[] = {
	BFLY_FIELD(bfly_flow, FLOW_DEV, "dev", U32, dev),
	BFLY_FIELD(bfly_flow, FLOW_NET, "net", U32, net),
	BFLY_FIELD(bfly_flow, FLOW_PORT, "port", U32, port),
	BFLY_FIELD(bfly_flow, FLOW_PROTO, "proto", U8, proto),
	BFLY_FIELD(bfly_flow, FLOW_SRC, "src", ADDR, src),
	BFLY_FIELD(bfly_flow, FLOW_DST, "dst", ADDR, dst),
	BFLY_FIELD(bfly_flow, FLOW_SPORT, "sport", U16, sport),
	BFLY_FIELD(bfly_flow, FLOW_DPORT, "dport", U16, dport),
	BFLY_FIELD(bfly_flow, FLOW_STATE, "state", U32, state),
	BFLY_FIELD(bfly_flow, FLOW_EXPIRES, "expires", U32, expires),
	BFLY_FIELD(bfly_flow, FLOW_POOL, "pool", STR, pool),
	BFLY_FIELD(bfly_flow, FLOW_BACKEND, "backend", ADDR, backend),
	BFLY_FIELD(bfly_flow, FLOW_PACKETS, "packets", UINT, packets),
	BFLY_FIELD(bfly_flow, FLOW_BYTES, "bytes", UINT, bytes),
	BFLY_FIELD(bfly_flow, FLOW_REPLY_PACKETS, "reply-packets", UINT, reply_packets),
	BFLY_FIELD(bfly_flow, FLOW_REPLY_BYTES, "reply-bytes", UINT, reply_bytes),
	BFLY_FIELD(bfly_flow, FLOW_DELETED, "deleted", UINT, deleted),
	BFLY_FIELD(bfly_flow, FLOW_SRC_PREFIX, "src-prefix", PREFIX, src_prefix),
	BFLY_FIELD(bfly_flow, FLOW_DST_PREFIX, "dst-prefix", PREFIX, dst_prefix),
	BFLY_FIELD(bfly_flow, FLOW_COUNT, "count", UINT, count),
	BFLY_FIELD(bfly_flow, FLOW_DETAILS, "details", FLAG, details),
	BFLY_FIELD(bfly_flow, FLOW_OUT, "out", U32, out),
	BFLY_FIELD(bfly_flow, FLOW_OUT_GROUP, "out-group", STR, out_group),
	BFLY_LIST(bfly_flow, FLOW_OUT_RULE, "out-rule", &bfly_rule_layout, out_rule),
	BFLY_FIELD(bfly_flow, FLOW_IN, "in", U32, in),
	BFLY_FIELD(bfly_flow, FLOW_IN_GROUP, "in-group", STR, in_group),
	BFLY_LIST(bfly_flow, FLOW_IN_RULE, "in-rule", &bfly_rule_layout, in_rule),
};

static const struct bfly_layout bfly_flow_layout = BFLY_LAYOUT(bfly_flow, fields);

/* A table with a million entries is neither kept here nor read twice. */
BFLY_DEFINE_READ(flow, dump, flow, bfly_flow_layout, BFLY_CMD_FLOW_GET,
		 true, true)

static int take_deleted(const void *obj, void *arg)
{
	const struct bfly_flow *flow = obj;
	uint64_t *deleted = arg;

	if (flow->set & BFLY_F(FLOW_DELETED))
		*deleted = flow->deleted;
	return 0;
}

BFLY_API int bfly_flow_del(struct bfly_ctl *ctl, const struct bfly_flow *filter,
			   uint64_t *deleted)
{
	uint64_t count = 0;
	int err;

	err = bfly_call(ctl, &(struct bfly_call){
		.cmd = BFLY_CMD_FLOW_DEL, .layout = &bfly_flow_layout,
		.obj = filter, .hand = take_deleted, .arg = &count,
	});
	if (!err && deleted)
		*deleted = count;
	return err;
}

static int take_count(const void *obj, void *arg)
{
	const struct bfly_flow *flow = obj;
	uint64_t *count = arg;

	if (flow->set & BFLY_F(FLOW_COUNT))
		*count = flow->count;
	return 0;
}

BFLY_API int bfly_flow_count(struct bfly_ctl *ctl, const struct bfly_flow *filter,
			     uint64_t *count)
{
	*count = 0;
	return bfly_call(ctl, &(struct bfly_call){
		.cmd = BFLY_CMD_FLOW_COUNT, .layout = &bfly_flow_layout,
		.obj = filter, .hand = take_count, .arg = count,
	});
}
