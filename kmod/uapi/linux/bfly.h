/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/bfly.yaml */
/* YNL-GEN uapi header */
/* To regenerate run: tools/net/ynl/ynl-regen.sh */

#ifndef _UAPI_LINUX_BFLY_H
#define _UAPI_LINUX_BFLY_H

#define BFLY_FAMILY_NAME	"bfly"
#define BFLY_FAMILY_VERSION	1

#define BFLY_NAME_MAX	63
#define BFLY_KEY_LEN	16

/**
 * enum bfly_net_type - What carries the frames of a net between switches.
 * @BFLY_NET_TYPE_VXLAN: VXLAN, RFC 7348.
 * @BFLY_NET_TYPE_VLAN: A VLAN of an uplink, IEEE 802.1Q.
 * @BFLY_NET_TYPE_FLAT: The untagged frames of an uplink.
 */
enum bfly_net_type {
	BFLY_NET_TYPE_VXLAN,
	BFLY_NET_TYPE_VLAN,
	BFLY_NET_TYPE_FLAT,
};

/**
 * enum bfly_unknown - What becomes of unicast to a MAC that a net does not
 *   know.
 * @BFLY_UNKNOWN_FLOOD: It goes to all who may have the MAC.
 * @BFLY_UNKNOWN_DROP: It is dropped.
 */
enum bfly_unknown {
	BFLY_UNKNOWN_FLOOD,
	BFLY_UNKNOWN_DROP,
};

/**
 * enum bfly_csum - Whether tunnels' packets have a UDP checksum.
 * @BFLY_CSUM_AUTO: Over IPv6 only, where RFC 8200 asks for one.
 * @BFLY_CSUM_ON: Always.
 * @BFLY_CSUM_OFF: Never; over IPv6 as RFC 6935 allows.
 */
enum bfly_csum {
	BFLY_CSUM_AUTO,
	BFLY_CSUM_ON,
	BFLY_CSUM_OFF,
};

/**
 * enum bfly_direction - Which way a rule looks, seen from the port that
 *   carries the group.
 * @BFLY_DIRECTION_IN: Towards the port.
 * @BFLY_DIRECTION_OUT: From the port.
 */
enum bfly_direction {
	BFLY_DIRECTION_IN,
	BFLY_DIRECTION_OUT,
};

/**
 * enum bfly_xdp_support - Whether programs of XDP can call the module.
 * @BFLY_XDP_SUPPORT_READY: They can.
 * @BFLY_XDP_SUPPORT_NO_KERNEL: The kernel was built without BPF, or without
 *   BTF of modules.
 * @BFLY_XDP_SUPPORT_NO_BTF: The module was built without BTF.
 * @BFLY_XDP_SUPPORT_BAD_BTF: The module's BTF does not fit this kernel, which
 *   ignores it.
 */
enum bfly_xdp_support {
	BFLY_XDP_SUPPORT_READY,
	BFLY_XDP_SUPPORT_NO_KERNEL,
	BFLY_XDP_SUPPORT_NO_BTF,
	BFLY_XDP_SUPPORT_BAD_BTF,
};

/**
 * enum bfly_method - How a pool hands packets to its backends.
 * @BFLY_METHOD_L2: New destination MAC, the rest as it came; the backend is on
 *   a directly connected subnet.
 * @BFLY_METHOD_IPIP: IP in IP, all four pairs of families (RFC 2003, RFC 2473,
 *   RFC 4213).
 * @BFLY_METHOD_GRE: Generic Routing Encapsulation without options (RFC 2784),
 *   all four pairs of families.
 * @BFLY_METHOD_GUE: Generic UDP Encapsulation, variant 0
 *   (draft-ietf-intarea-gue), all four pairs of families.
 * @BFLY_METHOD_FOU: IP in UDP without a header between, all four pairs of
 *   families.
 * @BFLY_METHOD_VXLAN: A frame for the backend's MAC in a VXLAN network (RFC
 *   7348), all four pairs of families.
 * @BFLY_METHOD_GRE_RETARGET: A GRE packet to the virtual address goes on to
 *   the backend that the flow in it chooses.
 * @BFLY_METHOD_DSCP: The backend's address in place of the virtual one, which
 *   a DSCP tells to the backend.
 */
enum bfly_method {
	BFLY_METHOD_L2,
	BFLY_METHOD_IPIP,
	BFLY_METHOD_GRE,
	BFLY_METHOD_GUE,
	BFLY_METHOD_FOU,
	BFLY_METHOD_VXLAN,
	BFLY_METHOD_GRE_RETARGET,
	BFLY_METHOD_DSCP,
};

/**
 * enum bfly_hash - The fields of a packet that choose the backend.
 * @BFLY_HASH_5TUPLE: Addresses, protocol and ports.
 * @BFLY_HASH_3TUPLE: Addresses and protocol.
 * @BFLY_HASH_SOURCE: Source address.
 * @BFLY_HASH_QUIC: First 8 bytes of the QUIC destination connection id, 5tuple
 *   where there are none; services of udp only.
 */
enum bfly_hash {
	BFLY_HASH_5TUPLE,
	BFLY_HASH_3TUPLE,
	BFLY_HASH_SOURCE,
	BFLY_HASH_QUIC,
};

/**
 * enum bfly_backend_state - What a backend is given.
 * @BFLY_BACKEND_STATE_UP: New flows and the packets of its flows.
 * @BFLY_BACKEND_STATE_DRAIN: The packets of the flows that it has, no new
 *   flows.
 * @BFLY_BACKEND_STATE_DOWN: Nothing; its flows move to other backends with
 *   their next packet.
 */
enum bfly_backend_state {
	BFLY_BACKEND_STATE_UP,
	BFLY_BACKEND_STATE_DRAIN,
	BFLY_BACKEND_STATE_DOWN,
};

/**
 * enum bfly_flow_state - How far a flow has come.
 * @BFLY_FLOW_STATE_NEW: Packets in one direction so far; TCP, the handshake is
 *   not complete.
 * @BFLY_FLOW_STATE_ESTABLISHED: Packets in both directions, or, for a service,
 *   a flow with a backend.
 * @BFLY_FLOW_STATE_CLOSING: TCP, a FIN was seen.
 * @BFLY_FLOW_STATE_CLOSED: TCP, an RST or both FINs were seen.
 */
enum bfly_flow_state {
	BFLY_FLOW_STATE_NEW,
	BFLY_FLOW_STATE_ESTABLISHED,
	BFLY_FLOW_STATE_CLOSING,
	BFLY_FLOW_STATE_CLOSED,
};

/**
 * enum bfly_allowed - What allows a flow at one of its ends.
 * @BFLY_ALLOWED_NONE: Nothing does now; its next packet is dropped.
 * @BFLY_ALLOWED_DEFAULT: The default for ports without out rules, or for DHCP.
 * @BFLY_ALLOWED_RULE: A rule.
 */
enum bfly_allowed {
	BFLY_ALLOWED_NONE,
	BFLY_ALLOWED_DEFAULT,
	BFLY_ALLOWED_RULE,
};

/**
 * enum bfly_switch_list - Lists of a switch that switch-set can empty.
 * @BFLY_SWITCH_LIST_LOCAL: The local addresses; the switch then has any
 *   address.
 */
enum bfly_switch_list {
	BFLY_SWITCH_LIST_LOCAL = 1,
};

/**
 * enum bfly_net_clear - Settings of a net that net-set can take away.
 * @BFLY_NET_CLEAR_MCAST: The multicast group.
 * @BFLY_NET_CLEAR_TTL: The outer TTL; it is then 64 to a peer and 1 to the
 *   multicast group.
 */
enum bfly_net_clear {
	BFLY_NET_CLEAR_MCAST = 1,
	BFLY_NET_CLEAR_TTL = 2,
};

/**
 * enum bfly_service_unknown - What becomes of packets for a port or protocol
 *   of a virtual address that no service has.
 * @BFLY_SERVICE_UNKNOWN_DROP: They are dropped and counted.
 * @BFLY_SERVICE_UNKNOWN_PASS: They are the host's.
 */
enum bfly_service_unknown {
	BFLY_SERVICE_UNKNOWN_DROP,
	BFLY_SERVICE_UNKNOWN_PASS,
};

/**
 * enum bfly_service_clear - Settings of a service that service-set can take
 *   away.
 * @BFLY_SERVICE_CLEAR_HASH: Its own hash; the pool's counts then.
 */
enum bfly_service_clear {
	BFLY_SERVICE_CLEAR_HASH = 1,
};

/**
 * enum bfly_port_list - Lists of a port that port-set can empty.
 * @BFLY_PORT_LIST_ADDR: The addresses.
 * @BFLY_PORT_LIST_GROUP: The groups.
 */
enum bfly_port_list {
	BFLY_PORT_LIST_ADDR = 1,
	BFLY_PORT_LIST_GROUP = 2,
};

enum {
	BFLY_A_SWITCH_DEV = 1,
	BFLY_A_SWITCH_IFNAME,
	BFLY_A_SWITCH_LOCAL,
	BFLY_A_SWITCH_DSTPORT,
	BFLY_A_SWITCH_FLOW_MAX,
	BFLY_A_SWITCH_FDB_MAX,
	BFLY_A_SWITCH_FLOWS,
	BFLY_A_SWITCH_NETS,
	BFLY_A_SWITCH_PORTS,
	BFLY_A_SWITCH_GROUPS,
	BFLY_A_SWITCH_POOLS,
	BFLY_A_SWITCH_SERVICES,
	BFLY_A_SWITCH_CLEAR,
	BFLY_A_SWITCH_FRAG_MAX,
	BFLY_A_SWITCH_FRAGS_WAITING,
	BFLY_A_SWITCH_TIMEOUT_TCP_NEW,
	BFLY_A_SWITCH_TIMEOUT_TCP_ESTABLISHED,
	BFLY_A_SWITCH_TIMEOUT_TCP_CLOSING,
	BFLY_A_SWITCH_TIMEOUT_TCP_CLOSED,
	BFLY_A_SWITCH_TIMEOUT_OTHER_NEW,
	BFLY_A_SWITCH_TIMEOUT_OTHER_ESTABLISHED,
	BFLY_A_SWITCH_XDP_SUPPORT,

	__BFLY_A_SWITCH_MAX,
	BFLY_A_SWITCH_MAX = (__BFLY_A_SWITCH_MAX - 1)
};

enum {
	BFLY_A_NET_DEV = 1,
	BFLY_A_NET_REPLACE,
	BFLY_A_NET_ID,
	BFLY_A_NET_TYPE,
	BFLY_A_NET_VNI,
	BFLY_A_NET_LEARNING,
	BFLY_A_NET_AGEING,
	BFLY_A_NET_PORTS,
	BFLY_A_NET_LEARNED,
	BFLY_A_NET_UPLINK,
	BFLY_A_NET_IFNAME,
	BFLY_A_NET_VID,
	BFLY_A_NET_NEIGH_SUPPRESS,
	BFLY_A_NET_UNKNOWN,
	BFLY_A_NET_RX_PACKETS,
	BFLY_A_NET_RX_BYTES,
	BFLY_A_NET_TX_PACKETS,
	BFLY_A_NET_TX_BYTES,
	BFLY_A_NET_RX_DROPPED,
	BFLY_A_NET_TX_DROPPED,
	BFLY_A_NET_STRICT,
	BFLY_A_NET_TTL,
	BFLY_A_NET_TOS,
	BFLY_A_NET_CSUM,
	BFLY_A_NET_MTU,
	BFLY_A_NET_CLEAR,
	BFLY_A_NET_MCAST,
	BFLY_A_NET_VIA,
	BFLY_A_NET_VIA_IFNAME,

	__BFLY_A_NET_MAX,
	BFLY_A_NET_MAX = (__BFLY_A_NET_MAX - 1)
};

enum {
	BFLY_A_REMOTE_DEV = 1,
	BFLY_A_REMOTE_REPLACE,
	BFLY_A_REMOTE_NET,
	BFLY_A_REMOTE_VIA,
	BFLY_A_REMOTE_MAC,
	BFLY_A_REMOTE_ADDR,
	BFLY_A_REMOTE_RX_PACKETS,
	BFLY_A_REMOTE_RX_BYTES,
	BFLY_A_REMOTE_TX_PACKETS,
	BFLY_A_REMOTE_TX_BYTES,

	__BFLY_A_REMOTE_MAX,
	BFLY_A_REMOTE_MAX = (__BFLY_A_REMOTE_MAX - 1)
};

enum {
	BFLY_A_FDB_DEV = 1,
	BFLY_A_FDB_NET,
	BFLY_A_FDB_MAC,
	BFLY_A_FDB_PORT,
	BFLY_A_FDB_IFNAME,
	BFLY_A_FDB_VIA,
	BFLY_A_FDB_LEARNED,
	BFLY_A_FDB_AGE,
	BFLY_A_FDB_UPLINK,

	__BFLY_A_FDB_MAX,
	BFLY_A_FDB_MAX = (__BFLY_A_FDB_MAX - 1)
};

enum {
	BFLY_A_UPLINK_DEV = 1,
	BFLY_A_UPLINK_REPLACE,
	BFLY_A_UPLINK_IFINDEX,
	BFLY_A_UPLINK_IFNAME,
	BFLY_A_UPLINK_XDP_SUPPORT,

	__BFLY_A_UPLINK_MAX,
	BFLY_A_UPLINK_MAX = (__BFLY_A_UPLINK_MAX - 1)
};

enum {
	BFLY_A_PREFIX_ADDR = 1,
	BFLY_A_PREFIX_LEN,

	__BFLY_A_PREFIX_MAX,
	BFLY_A_PREFIX_MAX = (__BFLY_A_PREFIX_MAX - 1)
};

enum {
	BFLY_A_PORT_DEV = 1,
	BFLY_A_PORT_REPLACE,
	BFLY_A_PORT_IFINDEX,
	BFLY_A_PORT_IFNAME,
	BFLY_A_PORT_NET,
	BFLY_A_PORT_MAC,
	BFLY_A_PORT_ADDR,
	BFLY_A_PORT_GROUP,
	BFLY_A_PORT_ANTISPOOF,
	BFLY_A_PORT_BYPASS,
	BFLY_A_PORT_DHCP_SERVER,
	BFLY_A_PORT_LABEL,
	BFLY_A_PORT_CLEAR,
	BFLY_A_PORT_RX_PACKETS,
	BFLY_A_PORT_RX_BYTES,
	BFLY_A_PORT_TX_PACKETS,
	BFLY_A_PORT_TX_BYTES,
	BFLY_A_PORT_RX_DROPPED,
	BFLY_A_PORT_TX_DROPPED,
	BFLY_A_PORT_FLOOD_LIMIT,
	BFLY_A_PORT_FLOW_MAX,
	BFLY_A_PORT_FLOWS,
	BFLY_A_PORT_STATELESS,

	__BFLY_A_PORT_MAX,
	BFLY_A_PORT_MAX = (__BFLY_A_PORT_MAX - 1)
};

enum {
	BFLY_A_GROUP_DEV = 1,
	BFLY_A_GROUP_REPLACE,
	BFLY_A_GROUP_NAME,
	BFLY_A_GROUP_AUTO,
	BFLY_A_GROUP_RULE,
	BFLY_A_GROUP_MEMBER,
	BFLY_A_GROUP_RULES,
	BFLY_A_GROUP_MEMBERS,
	BFLY_A_GROUP_PORTS,
	BFLY_A_GROUP_HITS,

	__BFLY_A_GROUP_MAX,
	BFLY_A_GROUP_MAX = (__BFLY_A_GROUP_MAX - 1)
};

enum {
	BFLY_A_RULE_DIRECTION = 1,
	BFLY_A_RULE_PROTO,
	BFLY_A_RULE_PORT_MIN,
	BFLY_A_RULE_PORT_MAX,
	BFLY_A_RULE_ICMP_TYPE,
	BFLY_A_RULE_ICMP_CODE,
	BFLY_A_RULE_REMOTE,
	BFLY_A_RULE_REMOTE_GROUP,

	__BFLY_A_RULE_MAX,
	BFLY_A_RULE_MAX = (__BFLY_A_RULE_MAX - 1)
};

enum {
	BFLY_A_POOL_DEV = 1,
	BFLY_A_POOL_REPLACE,
	BFLY_A_POOL_NAME,
	BFLY_A_POOL_METHOD,
	BFLY_A_POOL_HASH,
	BFLY_A_POOL_TABLE,
	BFLY_A_POOL_KEY,
	BFLY_A_POOL_BACKEND,
	BFLY_A_POOL_BACKENDS,
	BFLY_A_POOL_SERVICES,
	BFLY_A_POOL_PACKETS,
	BFLY_A_POOL_BYTES,
	BFLY_A_POOL_NEW_FLOWS,
	BFLY_A_POOL_SLOTS,
	BFLY_A_POOL_FLOWS,
	BFLY_A_POOL_PORT,
	BFLY_A_POOL_VNI,
	BFLY_A_POOL_DSCP,
	BFLY_A_POOL_STATE_CHANGES,
	BFLY_A_POOL_ICMP_CODE,

	__BFLY_A_POOL_MAX,
	BFLY_A_POOL_MAX = (__BFLY_A_POOL_MAX - 1)
};

enum {
	BFLY_A_BACKEND_ADDR = 1,
	BFLY_A_BACKEND_WEIGHT,
	BFLY_A_BACKEND_STATE,
	BFLY_A_BACKEND_MAC,

	__BFLY_A_BACKEND_MAX,
	BFLY_A_BACKEND_MAX = (__BFLY_A_BACKEND_MAX - 1)
};

enum {
	BFLY_A_SERVICE_DEV = 1,
	BFLY_A_SERVICE_REPLACE,
	BFLY_A_SERVICE_ADDR,
	BFLY_A_SERVICE_PROTO,
	BFLY_A_SERVICE_PORT,
	BFLY_A_SERVICE_POOL,
	BFLY_A_SERVICE_PACKETS,
	BFLY_A_SERVICE_BYTES,
	BFLY_A_SERVICE_NEW_FLOWS,
	BFLY_A_SERVICE_LEN,
	BFLY_A_SERVICE_CLEAR,
	BFLY_A_SERVICE_HASH,
	BFLY_A_SERVICE_UNKNOWN,
	BFLY_A_SERVICE_FLOWS,

	__BFLY_A_SERVICE_MAX,
	BFLY_A_SERVICE_MAX = (__BFLY_A_SERVICE_MAX - 1)
};

enum {
	BFLY_A_FLOW_DEV = 1,
	BFLY_A_FLOW_NET,
	BFLY_A_FLOW_PORT,
	BFLY_A_FLOW_PROTO,
	BFLY_A_FLOW_SRC,
	BFLY_A_FLOW_DST,
	BFLY_A_FLOW_SPORT,
	BFLY_A_FLOW_DPORT,
	BFLY_A_FLOW_STATE,
	BFLY_A_FLOW_EXPIRES,
	BFLY_A_FLOW_POOL,
	BFLY_A_FLOW_BACKEND,
	BFLY_A_FLOW_PACKETS,
	BFLY_A_FLOW_BYTES,
	BFLY_A_FLOW_REPLY_PACKETS,
	BFLY_A_FLOW_REPLY_BYTES,
	BFLY_A_FLOW_DELETED,
	BFLY_A_FLOW_SRC_PREFIX,
	BFLY_A_FLOW_DST_PREFIX,
	BFLY_A_FLOW_COUNT,
	BFLY_A_FLOW_DETAILS,
	BFLY_A_FLOW_OUT,
	BFLY_A_FLOW_OUT_GROUP,
	BFLY_A_FLOW_OUT_RULE,
	BFLY_A_FLOW_IN,
	BFLY_A_FLOW_IN_GROUP,
	BFLY_A_FLOW_IN_RULE,

	__BFLY_A_FLOW_MAX,
	BFLY_A_FLOW_MAX = (__BFLY_A_FLOW_MAX - 1)
};

enum {
	BFLY_A_DROP_REASON = 1,
	BFLY_A_DROP_MEANING,
	BFLY_A_DROP_PACKETS,

	__BFLY_A_DROP_MAX,
	BFLY_A_DROP_MAX = (__BFLY_A_DROP_MAX - 1)
};

enum {
	BFLY_A_STATS_DEV = 1,
	BFLY_A_STATS_DROP,
	BFLY_A_STATS_FLOW_FULL,
	BFLY_A_STATS_FDB_FULL,
	BFLY_A_STATS_FLOW_EVICTED,

	__BFLY_A_STATS_MAX,
	BFLY_A_STATS_MAX = (__BFLY_A_STATS_MAX - 1)
};

enum {
	BFLY_CMD_SWITCH_GET = 1,
	BFLY_CMD_SWITCH_SET,
	BFLY_CMD_NET_NEW,
	BFLY_CMD_NET_SET,
	BFLY_CMD_NET_DEL,
	BFLY_CMD_NET_GET,
	BFLY_CMD_NET_NEW_NTF,
	BFLY_CMD_NET_DEL_NTF,
	BFLY_CMD_REMOTE_NEW,
	BFLY_CMD_REMOTE_DEL,
	BFLY_CMD_REMOTE_GET,
	BFLY_CMD_REMOTE_NEW_NTF,
	BFLY_CMD_REMOTE_DEL_NTF,
	BFLY_CMD_FDB_GET,
	BFLY_CMD_UPLINK_NEW,
	BFLY_CMD_UPLINK_DEL,
	BFLY_CMD_UPLINK_GET,
	BFLY_CMD_UPLINK_NEW_NTF,
	BFLY_CMD_UPLINK_DEL_NTF,
	BFLY_CMD_PORT_NEW,
	BFLY_CMD_PORT_SET,
	BFLY_CMD_PORT_DEL,
	BFLY_CMD_PORT_GET,
	BFLY_CMD_PORT_NEW_NTF,
	BFLY_CMD_PORT_DEL_NTF,
	BFLY_CMD_GROUP_NEW,
	BFLY_CMD_GROUP_SET,
	BFLY_CMD_GROUP_DEL,
	BFLY_CMD_GROUP_GET,
	BFLY_CMD_GROUP_NEW_NTF,
	BFLY_CMD_GROUP_DEL_NTF,
	BFLY_CMD_RULE_NEW,
	BFLY_CMD_RULE_DEL,
	BFLY_CMD_RULE_GET,
	BFLY_CMD_RULE_NEW_NTF,
	BFLY_CMD_RULE_DEL_NTF,
	BFLY_CMD_MEMBER_NEW,
	BFLY_CMD_MEMBER_DEL,
	BFLY_CMD_MEMBER_GET,
	BFLY_CMD_MEMBER_NEW_NTF,
	BFLY_CMD_MEMBER_DEL_NTF,
	BFLY_CMD_POOL_NEW,
	BFLY_CMD_POOL_SET,
	BFLY_CMD_POOL_DEL,
	BFLY_CMD_POOL_GET,
	BFLY_CMD_POOL_NEW_NTF,
	BFLY_CMD_POOL_DEL_NTF,
	BFLY_CMD_BACKEND_NEW,
	BFLY_CMD_BACKEND_SET,
	BFLY_CMD_BACKEND_DEL,
	BFLY_CMD_BACKEND_GET,
	BFLY_CMD_BACKEND_NEW_NTF,
	BFLY_CMD_BACKEND_DEL_NTF,
	BFLY_CMD_SERVICE_NEW,
	BFLY_CMD_SERVICE_SET,
	BFLY_CMD_SERVICE_DEL,
	BFLY_CMD_SERVICE_GET,
	BFLY_CMD_SERVICE_NEW_NTF,
	BFLY_CMD_SERVICE_DEL_NTF,
	BFLY_CMD_FLOW_GET,
	BFLY_CMD_FLOW_DEL,
	BFLY_CMD_STATS_GET,
	BFLY_CMD_FLOW_COUNT,
	BFLY_CMD_BACKEND_UNREACHABLE_NTF,

	__BFLY_CMD_MAX,
	BFLY_CMD_MAX = (__BFLY_CMD_MAX - 1)
};

#define BFLY_MCGRP_CONFIG	"config"
#define BFLY_MCGRP_EVENTS	"events"

#endif /* _UAPI_LINUX_BFLY_H */
