// SPDX-License-Identifier: LGPL-2.1
#include "core.h"

static const struct bfly_field fields[] = {
	BFLY_FIELD(bfly_port, PORT_DEV, "dev", U32, dev),
	BFLY_FIELD(bfly_port, PORT_IFINDEX, "ifindex", U32, ifindex),
	BFLY_FIELD(bfly_port, PORT_IFNAME, "ifname", STR, ifname),
	BFLY_FIELD(bfly_port, PORT_NET, "net", U32, net),
	BFLY_ARRAY(bfly_port, PORT_MAC, "mac", MACS, mac),
	BFLY_ARRAY(bfly_port, PORT_ADDR, "addr", PREFIXES, addr),
	BFLY_ARRAY(bfly_port, PORT_GROUP, "group", STRS, group),
	BFLY_FIELD(bfly_port, PORT_ANTISPOOF, "antispoof", U8, antispoof),
	BFLY_FIELD(bfly_port, PORT_BYPASS, "bypass", U8, bypass),
	BFLY_FIELD(bfly_port, PORT_DHCP_SERVER, "dhcp-server", U8, dhcp_server),
	BFLY_FIELD(bfly_port, PORT_LABEL, "label", STR, label),
	BFLY_FIELD(bfly_port, PORT_CLEAR, "clear", U32, clear),
	BFLY_FIELD(bfly_port, PORT_RX_PACKETS, "rx-packets", UINT, rx_packets),
	BFLY_FIELD(bfly_port, PORT_RX_BYTES, "rx-bytes", UINT, rx_bytes),
	BFLY_FIELD(bfly_port, PORT_TX_PACKETS, "tx-packets", UINT, tx_packets),
	BFLY_FIELD(bfly_port, PORT_TX_BYTES, "tx-bytes", UINT, tx_bytes),
	BFLY_FIELD(bfly_port, PORT_RX_DROPPED, "rx-dropped", UINT, rx_dropped),
	BFLY_FIELD(bfly_port, PORT_TX_DROPPED, "tx-dropped", UINT, tx_dropped),
	BFLY_FIELD(bfly_port, PORT_FLOOD_LIMIT, "flood-limit", U32, flood_limit),
	BFLY_FIELD(bfly_port, PORT_FLOW_MAX, "flow-max", U32, flow_max),
	BFLY_FIELD(bfly_port, PORT_FLOWS, "flows", U32, flows),
	BFLY_FIELD(bfly_port, PORT_STATELESS, "stateless", U8, stateless),
};

const struct bfly_layout bfly_port_layout = BFLY_LAYOUT(bfly_port, fields);

BFLY_API int bfly_port_new(struct bfly_ctl *ctl, const struct bfly_port *port,
			 enum bfly_new_flags flags)
{
	return bfly_change(ctl, BFLY_CMD_PORT_NEW, flags,
			   &bfly_port_layout, port);
}

BFLY_API int bfly_port_set(struct bfly_ctl *ctl, const struct bfly_port *port)
{
	return bfly_change(ctl, BFLY_CMD_PORT_SET, BFLY_ADD, &bfly_port_layout, port);
}

BFLY_API int bfly_port_del(struct bfly_ctl *ctl, const struct bfly_port *port)
{
	return bfly_change(ctl, BFLY_CMD_PORT_DEL, BFLY_ADD, &bfly_port_layout, port);
}

BFLY_DEFINE_GET(port, port, bfly_port_layout, BFLY_CMD_PORT_GET)
BFLY_DEFINE_DUMP(port, port, bfly_port_layout, BFLY_CMD_PORT_GET)
