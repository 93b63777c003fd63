// SPDX-License-Identifier: LGPL-2.1
#include "core.h"

static const struct bfly_field fields[] = {
	BFLY_FIELD(bfly_net, NET_DEV, "dev", U32, dev),
	BFLY_FIELD(bfly_net, NET_ID, "id", U32, id),
	BFLY_FIELD(bfly_net, NET_TYPE, "type", U32, type),
	BFLY_FIELD(bfly_net, NET_VNI, "vni", U32, vni),
	BFLY_FIELD(bfly_net, NET_LEARNING, "learning", U8, learning),
	BFLY_FIELD(bfly_net, NET_AGEING, "ageing", U32, ageing),
	BFLY_FIELD(bfly_net, NET_PORTS, "ports", U32, ports),
	BFLY_FIELD(bfly_net, NET_LEARNED, "learned", U32, learned),
	BFLY_FIELD(bfly_net, NET_UPLINK, "uplink", U32, uplink),
	BFLY_FIELD(bfly_net, NET_IFNAME, "ifname", STR, ifname),
	BFLY_FIELD(bfly_net, NET_VID, "vid", U16, vid),
	BFLY_FIELD(bfly_net, NET_NEIGH_SUPPRESS, "neigh-suppress", U8, neigh_suppress),
	BFLY_FIELD(bfly_net, NET_UNKNOWN, "unknown", U32, unknown),
	BFLY_FIELD(bfly_net, NET_RX_PACKETS, "rx-packets", UINT, rx_packets),
	BFLY_FIELD(bfly_net, NET_RX_BYTES, "rx-bytes", UINT, rx_bytes),
	BFLY_FIELD(bfly_net, NET_TX_PACKETS, "tx-packets", UINT, tx_packets),
	BFLY_FIELD(bfly_net, NET_TX_BYTES, "tx-bytes", UINT, tx_bytes),
	BFLY_FIELD(bfly_net, NET_RX_DROPPED, "rx-dropped", UINT, rx_dropped),
	BFLY_FIELD(bfly_net, NET_TX_DROPPED, "tx-dropped", UINT, tx_dropped),
	BFLY_FIELD(bfly_net, NET_STRICT, "strict", U8, strict),
	BFLY_FIELD(bfly_net, NET_TTL, "ttl", U8, ttl),
	BFLY_FIELD(bfly_net, NET_TOS, "tos", U8, tos),
	BFLY_FIELD(bfly_net, NET_CSUM, "csum", U32, csum),
	BFLY_FIELD(bfly_net, NET_MTU, "mtu", U32, mtu),
	BFLY_FIELD(bfly_net, NET_CLEAR, "clear", U32, clear),
	BFLY_FIELD(bfly_net, NET_MCAST, "mcast", ADDR, mcast),
	BFLY_FIELD(bfly_net, NET_VIA, "via", U32, via),
	BFLY_FIELD(bfly_net, NET_VIA_IFNAME, "via-ifname", STR, via_ifname),
};

const struct bfly_layout bfly_net_layout = BFLY_LAYOUT(bfly_net, fields);

BFLY_API int bfly_net_new(struct bfly_ctl *ctl, const struct bfly_net *net,
			 enum bfly_new_flags flags)
{
	return bfly_change(ctl, BFLY_CMD_NET_NEW, flags,
			   &bfly_net_layout, net);
}

BFLY_API int bfly_net_set(struct bfly_ctl *ctl, const struct bfly_net *net)
{
	return bfly_change(ctl, BFLY_CMD_NET_SET, BFLY_ADD, &bfly_net_layout, net);
}

BFLY_API int bfly_net_del(struct bfly_ctl *ctl, const struct bfly_net *net)
{
	return bfly_change(ctl, BFLY_CMD_NET_DEL, BFLY_ADD, &bfly_net_layout, net);
}

BFLY_DEFINE_GET(net, net, bfly_net_layout, BFLY_CMD_NET_GET)
BFLY_DEFINE_DUMP(net, net, bfly_net_layout, BFLY_CMD_NET_GET)
