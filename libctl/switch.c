// SPDX-License-Identifier: LGPL-2.1
#include "core.h"

static const struct bfly_field fields[] = {
	BFLY_FIELD(bfly_switch, SWITCH_DEV, "dev", U32, dev),
	BFLY_FIELD(bfly_switch, SWITCH_IFNAME, "ifname", STR, ifname),
	BFLY_ARRAY(bfly_switch, SWITCH_LOCAL, "local", ADDRS, local),
	BFLY_FIELD(bfly_switch, SWITCH_DSTPORT, "dstport", U16, dstport),
	BFLY_FIELD(bfly_switch, SWITCH_FLOW_MAX, "flow-max", U32, flow_max),
	BFLY_FIELD(bfly_switch, SWITCH_FDB_MAX, "fdb-max", U32, fdb_max),
	BFLY_FIELD(bfly_switch, SWITCH_FRAG_MAX, "frag-max", U32, frag_max),
	BFLY_FIELD(bfly_switch, SWITCH_FLOWS, "flows", UINT, flows),
	BFLY_FIELD(bfly_switch, SWITCH_FRAGS_WAITING, "frags-waiting", U32, frags_waiting),
	BFLY_FIELD(bfly_switch, SWITCH_NETS, "nets", U32, nets),
	BFLY_FIELD(bfly_switch, SWITCH_PORTS, "ports", U32, ports),
	BFLY_FIELD(bfly_switch, SWITCH_GROUPS, "groups", U32, groups),
	BFLY_FIELD(bfly_switch, SWITCH_POOLS, "pools", U32, pools),
	BFLY_FIELD(bfly_switch, SWITCH_SERVICES, "services", U32, services),
	BFLY_FIELD(bfly_switch, SWITCH_CLEAR, "clear", U32, clear),
	BFLY_FIELD(bfly_switch, SWITCH_TIMEOUT_TCP_NEW, "timeout-tcp-new", U32, timeout_tcp_new),
	BFLY_FIELD(bfly_switch, SWITCH_TIMEOUT_TCP_ESTABLISHED, "timeout-tcp-established", U32, timeout_tcp_established),
	BFLY_FIELD(bfly_switch, SWITCH_TIMEOUT_TCP_CLOSING, "timeout-tcp-closing", U32, timeout_tcp_closing),
	BFLY_FIELD(bfly_switch, SWITCH_TIMEOUT_TCP_CLOSED, "timeout-tcp-closed", U32, timeout_tcp_closed),
	BFLY_FIELD(bfly_switch, SWITCH_TIMEOUT_OTHER_NEW, "timeout-other-new", U32, timeout_other_new),
	BFLY_FIELD(bfly_switch, SWITCH_TIMEOUT_OTHER_ESTABLISHED, "timeout-other-established", U32, timeout_other_established),
	BFLY_FIELD(bfly_switch, SWITCH_XDP_SUPPORT, "xdp-support", U32, xdp_support),
};

const struct bfly_layout bfly_switch_layout = BFLY_LAYOUT(bfly_switch, fields);

BFLY_API int bfly_switch_set(struct bfly_ctl *ctl, const struct bfly_switch *sw)
{
	return bfly_change(ctl, BFLY_CMD_SWITCH_SET, BFLY_ADD, &bfly_switch_layout, sw);
}

BFLY_DEFINE_GET(switch, switch, bfly_switch_layout, BFLY_CMD_SWITCH_GET)
BFLY_DEFINE_DUMP(switch, switch, bfly_switch_layout, BFLY_CMD_SWITCH_GET)
