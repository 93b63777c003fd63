// SPDX-License-Identifier: GPL-2.0
/* Every operation: its attributes with their bounds, and a request that is right. */
#include <netinet/in.h>
#include "bad_input.h"

#define OF(n)		.data = (n), .len = sizeof(n) - 1
#define INDEX(d)	.dev = &ifindex[d]
#define NO_DEVICE	.none = 0x7ffffff0, .none_err = ENODEV
#define NO_NUMBER	.none = 16000000, .none_err = ENOENT
#define NO_NAME		.none_data = "nosuch", .none_err = ENOENT

#define NET_10		"\x0a\x00\x00\x01"	/* of the port in net 10 */
#define MAC_PORT	"\x02\x00\x00\x00\x00\x01"
#define MAC_REMOTE	"\x02\x00\x00\x00\x00\x02"
#define MAC_NEW		"\x02\x00\x00\x00\x00\x03"
#define VIA		"\xc0\x00\x02\x01"	/* 192.0.2.1 */
#define VIA_NEW		"\xc0\x00\x02\x03"
#define VIA_NONE	"\xc0\x00\x02\x63"
#define HOST_REMOTE	"\x0a\x00\x00\x05"
#define MEMBER		"\x0a\x09\x09\x09"
#define MEMBER_NEW	"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x09"
#define BACKEND		"\xc0\x00\x02\x0b"
#define BACKEND_NEW	"\xc0\x00\x02\x0d"
#define BACKEND_NONE	"\xc0\x00\x02\x62"
#define VIP		"\xc6\x33\x64\x01"
#define VIP_NEW		"\xc6\x33\x64\x02"
#define MCAST		"\xff\x05\0\0\0\0\0\0\0\0\0\0\0\0\0\x07"
#define KEY		"0123456789abcdef"

#define SET(a, m)	{ .attrs = (a), .max = (m) }
#define END		{ 0 }

/* There are two switches: a do operation has to name one. */
#define DEV_OF(kind)	{ "dev", BFLY_A_##kind##_DEV, U32, NEED | GIVEN, \
			  1, UINT32_MAX, INDEX(DEV_SWITCH), NO_DEVICE }
#define DUMP_DEV(kind)	{ "dev", BFLY_A_##kind##_DEV, U32, GIVEN, \
			  1, UINT32_MAX, INDEX(DEV_SWITCH), NO_DEVICE }
#define REPLACE(kind)	{ "replace", BFLY_A_##kind##_REPLACE, FLAG }

/* ---- switch ---- */

static const struct attr switch_get[] = { DEV_OF(SWITCH), END };
static const struct attr switch_dump[] = { DUMP_DEV(SWITCH), END };

#define TIMEOUT(name, NAME, sec)						\
	{ "timeout-" name, BFLY_A_SWITCH_TIMEOUT_##NAME, U32, GIVEN, 1, 1000000, sec }
#define SWITCH_SET(flows, sec)						\
	DEV_OF(SWITCH),							\
	{ "local", BFLY_A_SWITCH_LOCAL, ADDR, LIST | HOST, OF(VIA) },	\
	{ "dstport", BFLY_A_SWITCH_DSTPORT, U16, 0, 1, UINT16_MAX, 4789 }, \
	{ "flow-max", BFLY_A_SWITCH_FLOW_MAX, U32, GIVEN, 1, 16777216, flows }, \
	{ "fdb-max", BFLY_A_SWITCH_FDB_MAX, U32, GIVEN, 0, 16777216, 65536 }, \
	{ "frag-max", BFLY_A_SWITCH_FRAG_MAX, U32, GIVEN, 0, 16777216, 4096 }, \
	TIMEOUT("tcp-new", TCP_NEW, sec),				\
	TIMEOUT("tcp-established", TCP_ESTABLISHED, sec),		\
	TIMEOUT("tcp-closing", TCP_CLOSING, sec),			\
	TIMEOUT("tcp-closed", TCP_CLOSED, sec),				\
	TIMEOUT("other-new", OTHER_NEW, sec),				\
	TIMEOUT("other-established", OTHER_ESTABLISHED, sec),		\
	{ "clear", BFLY_A_SWITCH_CLEAR, U32, 0, 0, 1, 1 }

static const struct attr switch_set[] = { SWITCH_SET(5000, 20), END };
static const struct attr switch_set_back[] = { SWITCH_SET(1 << 20, 60), END };

/* ---- net ---- */

#define NET_ID(type, n)	{ "id", type, U32, NEED | GIVEN, 1, 16777215, n }
#define NET_REF(type, n, f) { "net", type, U32, f, 1, 16777215, n, NO_NUMBER }
#define NET_THERE(n)	{ "id", BFLY_A_NET_ID, U32, NEED | GIVEN, 1, 16777215, n, NO_NUMBER }

#define NET_NEW(n, v, group)						\
	DEV_OF(NET), REPLACE(NET), NET_ID(BFLY_A_NET_ID, n),		\
	{ "type", BFLY_A_NET_TYPE, U32, GIVEN, 0, 2, BFLY_NET_TYPE_VXLAN }, \
	{ "vni", BFLY_A_NET_VNI, U32, GIVEN, 0, 16777215, v },		\
	{ "learning", BFLY_A_NET_LEARNING, U8, GIVEN, 0, 1, 1 },	\
	{ "ageing", BFLY_A_NET_AGEING, U32, GIVEN, 0, 31536000, 300 },	\
	{ "uplink", BFLY_A_NET_UPLINK, U32, 0, 1, UINT32_MAX, INDEX(DEV_UPLINK) }, \
	{ "vid", BFLY_A_NET_VID, U16, 0, 1, 4094, 7 }, \
	{ "neigh-suppress", BFLY_A_NET_NEIGH_SUPPRESS, U8, GIVEN, 0, 1, 1 },	\
	{ "unknown", BFLY_A_NET_UNKNOWN, U32, GIVEN, 0, 1, BFLY_UNKNOWN_FLOOD }, \
	{ "strict", BFLY_A_NET_STRICT, U8, GIVEN, 0, 1, 0 },		\
	{ "ttl", BFLY_A_NET_TTL, U8, GIVEN, 0, UINT8_MAX, 64 },		\
	{ "tos", BFLY_A_NET_TOS, U8, GIVEN, 0, UINT8_MAX, 1 },		\
	{ "csum", BFLY_A_NET_CSUM, U32, GIVEN, 0, 2, BFLY_CSUM_AUTO },	\
	{ "mtu", BFLY_A_NET_MTU, U32, GIVEN, 0, 65535, 0 },		\
	{ "mcast", BFLY_A_NET_MCAST, ADDR, group, OF(MCAST) },		\
	{ "via", BFLY_A_NET_VIA, U32, group, 1, UINT32_MAX, INDEX(DEV_UPLINK), NO_DEVICE }
#define NET_SET(on, seconds)						\
	DEV_OF(NET), NET_THERE(20),					\
	{ "learning", BFLY_A_NET_LEARNING, U8, GIVEN, 0, 1, on },	\
	{ "ageing", BFLY_A_NET_AGEING, U32, GIVEN, 0, 31536000, seconds }, \
	{ "neigh-suppress", BFLY_A_NET_NEIGH_SUPPRESS, U8, GIVEN, 0, 1, on },	\
	{ "unknown", BFLY_A_NET_UNKNOWN, U32, GIVEN, 0, 1, !(on) }, \
	{ "strict", BFLY_A_NET_STRICT, U8, GIVEN, 0, 1, 1 - (on) },	\
	{ "ttl", BFLY_A_NET_TTL, U8, GIVEN, 0, UINT8_MAX, on },		\
	{ "tos", BFLY_A_NET_TOS, U8, GIVEN, 0, UINT8_MAX, 4 * (on) },	\
	{ "csum", BFLY_A_NET_CSUM, U32, GIVEN, 0, 2, on },		\
	{ "mtu", BFLY_A_NET_MTU, U32, GIVEN, 0, 65535, 1400 * (1 - (on)) }, \
	{ "clear", BFLY_A_NET_CLEAR, U32, 0, 0, 3, BFLY_NET_CLEAR_MCAST }, \
	{ "mcast", BFLY_A_NET_MCAST, ADDR, 0, OF(MCAST) },		\
	{ "via", BFLY_A_NET_VIA, U32, 0, 1, UINT32_MAX, INDEX(DEV_UPLINK) }

static const struct attr net_new[] = { NET_NEW(30, 3000, GIVEN), END };
static const struct attr net_new_10[] = { NET_NEW(10, 10, 0), END };
static const struct attr net_new_20[] = { NET_NEW(20, 2000, 0), END };
static const struct attr net_set[] = { NET_SET(0, 60), END };
static const struct attr net_set_back[] = { NET_SET(1, 300), END };
static const struct attr net_del[] = { DEV_OF(NET), NET_THERE(20), END };
static const struct attr net_del_30[] = { DEV_OF(NET), NET_THERE(30), END };
static const struct attr net_get[] = { DEV_OF(NET), NET_THERE(10), END };
static const struct attr net_dump[] = { DUMP_DEV(NET), END };

/* ---- remote, fdb ---- */

#define REMOTE_KEY(via_, mac_, n, e)					\
	NET_REF(BFLY_A_REMOTE_NET, 10, NEED | GIVEN),			\
	{ "via", BFLY_A_REMOTE_VIA, ADDR, NEED | GIVEN | HOST, OF(via_), \
	  .none_data = n, .none_err = e },				\
	{ "mac", BFLY_A_REMOTE_MAC, MAC, GIVEN | HOST, OF(mac_) }
#define REMOTE_NEW(via, mac)						\
	DEV_OF(REMOTE), REPLACE(REMOTE), REMOTE_KEY(via, mac, NULL, 0),	\
	{ "addr", BFLY_A_REMOTE_ADDR, ADDR, GIVEN | LIST | HOST, OF(HOST_REMOTE) }

static const struct attr remote_new[] = { REMOTE_NEW(VIA_NEW, MAC_NEW), END };
static const struct attr remote_new_base[] = { REMOTE_NEW(VIA, MAC_REMOTE), END };
static const struct attr remote_new_flood[] = {
	DEV_OF(REMOTE), REPLACE(REMOTE), NET_REF(BFLY_A_REMOTE_NET, 10, NEED | GIVEN),
	{ "via", BFLY_A_REMOTE_VIA, ADDR, NEED | GIVEN | HOST, OF(VIA) }, END
};
static const struct attr remote_del[] = {
	DEV_OF(REMOTE), REMOTE_KEY(VIA, MAC_REMOTE, VIA_NONE, ENOENT), END
};
static const struct attr remote_del_new[] = {
	DEV_OF(REMOTE), REMOTE_KEY(VIA_NEW, MAC_NEW, VIA_NONE, ENOENT), END
};
static const struct attr remote_dump[] = {
	DUMP_DEV(REMOTE), { "net", BFLY_A_REMOTE_NET, U32, GIVEN, 1, 16777215, 10 }, END
};
static const struct attr fdb_dump[] = {
	DUMP_DEV(FDB), { "net", BFLY_A_FDB_NET, U32, GIVEN, 1, 16777215, 10 }, END
};

/* ---- uplink ---- */

#define UPLINK(d, ...)							\
	{ "ifindex", BFLY_A_UPLINK_IFINDEX, U32, NEED | GIVEN, 1, UINT32_MAX, \
	  INDEX(d), NO_DEVICE }

static const struct attr uplink_new[] = {
	DEV_OF(UPLINK), REPLACE(UPLINK), UPLINK(DEV_UPLINK2), END
};
static const struct attr uplink_new_base[] = {
	DEV_OF(UPLINK), REPLACE(UPLINK), UPLINK(DEV_UPLINK), END
};
static const struct attr uplink_del[] = { DEV_OF(UPLINK), UPLINK(DEV_UPLINK), END };
static const struct attr uplink_del_2[] = { DEV_OF(UPLINK), UPLINK(DEV_UPLINK2), END };
static const struct attr uplink_dump[] = { DUMP_DEV(UPLINK), END };

/* ---- port ---- */

static const struct attr prefix_of_port[] = {
	{ "addr", BFLY_A_PREFIX_ADDR, ADDR, NEED | GIVEN | HOST, OF(NET_10) },
	{ "len", BFLY_A_PREFIX_LEN, U8, 0, 0, 32, 32 },
	END
};
static const struct set port_prefix = SET(prefix_of_port, BFLY_A_PREFIX_MAX);

#define PORT_DEV(d)							\
	{ "ifindex", BFLY_A_PORT_IFINDEX, U32, NEED | GIVEN, 1, UINT32_MAX, \
	  INDEX(d), NO_DEVICE }
#define PORT_CONF(mac_, need, label_)					\
	NET_REF(BFLY_A_PORT_NET, 10, need | GIVEN),			\
	{ "mac", BFLY_A_PORT_MAC, MAC, need | GIVEN | LIST | UNIQUE | HOST, OF(mac_) }, \
	{ "addr", BFLY_A_PORT_ADDR, NEST, GIVEN | LIST, .inner = &port_prefix }, \
	{ "group", BFLY_A_PORT_GROUP, STRING, GIVEN | LIST | NAME | OPEN, \
	  .max = BFLY_NAME_MAX, .data = "web" },			\
	{ "antispoof", BFLY_A_PORT_ANTISPOOF, U8, GIVEN, 0, 1, 1 },	\
	{ "bypass", BFLY_A_PORT_BYPASS, U8, GIVEN, 0, 1, 0 },		\
	{ "stateless", BFLY_A_PORT_STATELESS, U8, GIVEN, 0, 1, 0 },	\
	{ "dhcp-server", BFLY_A_PORT_DHCP_SERVER, U8, GIVEN, 0, 1, 0 },	\
	{ "label", BFLY_A_PORT_LABEL, STRING, GIVEN, .max = BFLY_NAME_MAX, .data = label_ }, \
	{ "flood-limit", BFLY_A_PORT_FLOOD_LIMIT, U32, GIVEN, 0, 10000000, 100 }, \
	{ "flow-max", BFLY_A_PORT_FLOW_MAX, U32, GIVEN, 0, 16777216, 1000 }
#define PORT_SET(mac, label)						\
	DEV_OF(PORT), PORT_DEV(DEV_PORT), PORT_CONF(mac, 0, label),	\
	{ "clear", BFLY_A_PORT_CLEAR, U32, 0, 0, 3, 1 }

static const struct attr port_new[] = {
	DEV_OF(PORT), REPLACE(PORT), PORT_DEV(DEV_CLOSED), PORT_CONF(MAC_NEW, NEED, "new"), END
};
static const struct attr port_new_base[] = {
	DEV_OF(PORT), REPLACE(PORT), PORT_DEV(DEV_PORT), PORT_CONF(MAC_PORT, NEED, "base"), END
};
static const struct attr port_set[] = { PORT_SET(MAC_NEW, "other"), END };
static const struct attr port_set_back[] = { PORT_SET(MAC_PORT, "base"), END };
static const struct attr port_del[] = { DEV_OF(PORT), PORT_DEV(DEV_PORT), END };
static const struct attr port_del_new[] = { DEV_OF(PORT), PORT_DEV(DEV_CLOSED), END };
static const struct attr port_dump[] = {
	DUMP_DEV(PORT), { "net", BFLY_A_PORT_NET, U32, GIVEN, 1, 16777215, 10 }, END
};

/* ---- group, rule, member ---- */

static const struct attr prefix_of_rule[] = {
	{ "addr", BFLY_A_PREFIX_ADDR, ADDR, NEED | GIVEN, OF(NET_10) },
	{ "len", BFLY_A_PREFIX_LEN, U8, GIVEN, 0, 32, 32 },
	END
};
static const struct set rule_prefix = SET(prefix_of_rule, BFLY_A_PREFIX_MAX);

#define RULE(port)							\
	{ "direction", BFLY_A_RULE_DIRECTION, U32, NEED | GIVEN, 0, 1, BFLY_DIRECTION_IN }, \
	{ "proto", BFLY_A_RULE_PROTO, U8, NEED | GIVEN, 0, UINT8_MAX, IPPROTO_TCP }, \
	{ "port-min", BFLY_A_RULE_PORT_MIN, U16, NEED | GIVEN, 0, port + 9, port }, \
	{ "port-max", BFLY_A_RULE_PORT_MAX, U16, GIVEN, port, UINT16_MAX, port + 9 }, \
	{ "icmp-type", BFLY_A_RULE_ICMP_TYPE, U8, 0, 0, UINT8_MAX, 8 },	\
	{ "icmp-code", BFLY_A_RULE_ICMP_CODE, U8, 0, 0, UINT8_MAX, 0 },	\
	{ "remote", BFLY_A_RULE_REMOTE, NEST, GIVEN, .inner = &rule_prefix }, \
	{ "remote-group", BFLY_A_RULE_REMOTE_GROUP, STRING, NAME,	\
	  .max = BFLY_NAME_MAX, .data = "web" }

static const struct attr rule_base[] = { RULE(80), END };
static const struct attr rule_other[] = { RULE(443), END };
static const struct set base_rule = SET(rule_base, BFLY_A_RULE_MAX);
static const struct set other_rule = SET(rule_other, BFLY_A_RULE_MAX);

#define GROUP(n)	{ "name", BFLY_A_GROUP_NAME, STRING, NEED | GIVEN | NAME, \
			  .max = BFLY_NAME_MAX, .data = n }
#define GROUP_THERE(n, f)						\
	{ "name", BFLY_A_GROUP_NAME, STRING, f | GIVEN | NAME,		\
	  .max = BFLY_NAME_MAX, .data = n, NO_NAME }
#define AUTO(on)	{ "auto", BFLY_A_GROUP_AUTO, U8, GIVEN, 0, 1, on }
#define RULES(r, f)	{ "rule", BFLY_A_GROUP_RULE, NEST, f | GIVEN | LIST | UNIQUE, \
			  .inner = r }
#define MEMBERS(a, f)	{ "member", BFLY_A_GROUP_MEMBER, ADDR, f | GIVEN | LIST | UNIQUE, \
			  OF(a) }
#define GROUP_NEW(n)							\
	DEV_OF(GROUP), REPLACE(GROUP), GROUP(n), AUTO(1), RULES(&base_rule, 0), MEMBERS(MEMBER, 0)

static const struct attr group_new[] = { GROUP_NEW("new"), END };
static const struct attr group_new_web[] = { GROUP_NEW("web"), END };
static const struct attr group_new_spare[] = { GROUP_NEW("spare"), END };
static const struct attr group_set[] = { DEV_OF(GROUP), GROUP_THERE("web", NEED), AUTO(0), END };
static const struct attr group_set_back[] = {
	DEV_OF(GROUP), GROUP_THERE("web", NEED), AUTO(1), END
};
static const struct attr group_del[] = { DEV_OF(GROUP), GROUP_THERE("spare", NEED), END };
static const struct attr group_del_new[] = { DEV_OF(GROUP), GROUP_THERE("new", NEED), END };
static const struct attr group_get[] = { DEV_OF(GROUP), GROUP_THERE("web", NEED), END };
static const struct attr group_dump[] = { DUMP_DEV(GROUP), END };
static const struct attr rule_new[] = {
	DEV_OF(GROUP), REPLACE(GROUP), GROUP_THERE("web", NEED), RULES(&other_rule, NEED), END
};
static const struct attr rule_new_base[] = {
	DEV_OF(GROUP), REPLACE(GROUP), GROUP_THERE("web", NEED), RULES(&base_rule, NEED), END
};
static const struct attr rule_del[] = {
	DEV_OF(GROUP), GROUP_THERE("web", NEED), RULES(&base_rule, NEED), END
};
static const struct attr rule_del_other[] = {
	DEV_OF(GROUP), GROUP_THERE("web", NEED), RULES(&other_rule, NEED), END
};
static const struct attr rule_dump[] = { DUMP_DEV(GROUP), GROUP_THERE("web", 0), END };
static const struct attr member_new[] = {
	DEV_OF(GROUP), REPLACE(GROUP), GROUP_THERE("web", NEED), MEMBERS(MEMBER_NEW, NEED), END
};
static const struct attr member_new_base[] = {
	DEV_OF(GROUP), REPLACE(GROUP), GROUP_THERE("web", NEED), MEMBERS(MEMBER, NEED), END
};
static const struct attr member_del[] = {
	DEV_OF(GROUP), GROUP_THERE("web", NEED), MEMBERS(MEMBER, NEED), END
};
static const struct attr member_del_new[] = {
	DEV_OF(GROUP), GROUP_THERE("web", NEED), MEMBERS(MEMBER_NEW, NEED), END
};

/* ---- pool, backend ---- */

#define BACKEND_OF(a, w, n, e)						\
	{ "addr", BFLY_A_BACKEND_ADDR, ADDR, NEED | GIVEN | HOST, OF(a),	\
	  .none_data = n, .none_err = e },				\
	{ "weight", BFLY_A_BACKEND_WEIGHT, U16, GIVEN, 0, UINT16_MAX, w }, \
	{ "state", BFLY_A_BACKEND_STATE, U32, GIVEN, 0, 2, BFLY_BACKEND_STATE_UP }, \
	{ "mac", BFLY_A_BACKEND_MAC, MAC, GIVEN | HOST, OF(MAC_NEW) }

static const struct attr backend_base[] = { BACKEND_OF(BACKEND, 1, NULL, 0), END };
static const struct attr backend_other[] = { BACKEND_OF(BACKEND_NEW, 1, NULL, 0), END };
static const struct attr backend_there[] = { BACKEND_OF(BACKEND, 1, BACKEND_NONE, ENOENT), END };
static const struct attr backend_heavy[] = { BACKEND_OF(BACKEND, 7, BACKEND_NONE, ENOENT), END };
static const struct set base_backend = SET(backend_base, BFLY_A_BACKEND_MAX);
static const struct set other_backend = SET(backend_other, BFLY_A_BACKEND_MAX);
static const struct set there_backend = SET(backend_there, BFLY_A_BACKEND_MAX);
static const struct set heavy_backend = SET(backend_heavy, BFLY_A_BACKEND_MAX);

#define POOL(n)		{ "name", BFLY_A_POOL_NAME, STRING, NEED | GIVEN | NAME, \
			  .max = BFLY_NAME_MAX, .data = n }
#define POOL_THERE(n, f)						\
	{ "name", BFLY_A_POOL_NAME, STRING, f | GIVEN | NAME,		\
	  .max = BFLY_NAME_MAX, .data = n, NO_NAME }
#define POOL_CONF(h)							\
	{ "hash", BFLY_A_POOL_HASH, U32, GIVEN, 0, 2, h },		\
	{ "table", BFLY_A_POOL_TABLE, U32, GIVEN, 251, 655373, 251 },	\
	{ "key", BFLY_A_POOL_KEY, BYTES, GIVEN, .max = BFLY_KEY_LEN, OF(KEY) }, \
	{ "port", BFLY_A_POOL_PORT, U16, 0, 1, UINT16_MAX, 6080 },	\
	{ "vni", BFLY_A_POOL_VNI, U32, 0, 0, 16777215, 7 },		\
	{ "dscp", BFLY_A_POOL_DSCP, U8, 0, 1, 63, 11 }
#define BACKENDS(b, f)	{ "backend", BFLY_A_POOL_BACKEND, NEST, f | GIVEN | LIST | UNIQUE, \
			  .inner = b }
#define POOL_NEW(n)							\
	DEV_OF(POOL), REPLACE(POOL), POOL(n),				\
	{ "method", BFLY_A_POOL_METHOD, U32, NEED | GIVEN, 0, 7, BFLY_METHOD_IPIP }, \
	POOL_CONF(BFLY_HASH_5TUPLE), BACKENDS(&base_backend, 0)

static const struct attr pool_new[] = { POOL_NEW("new"), END };
static const struct attr pool_new_web[] = { POOL_NEW("web"), END };
static const struct attr pool_new_spare[] = { POOL_NEW("spare"), END };
static const struct attr pool_set[] = {
	DEV_OF(POOL), POOL_THERE("web", NEED), POOL_CONF(BFLY_HASH_SOURCE), END
};
static const struct attr pool_set_back[] = {
	DEV_OF(POOL), POOL_THERE("web", NEED), POOL_CONF(BFLY_HASH_5TUPLE), END
};
static const struct attr pool_del[] = { DEV_OF(POOL), POOL_THERE("spare", NEED), END };
static const struct attr pool_del_new[] = { DEV_OF(POOL), POOL_THERE("new", NEED), END };
static const struct attr pool_get[] = { DEV_OF(POOL), POOL_THERE("web", NEED), END };
static const struct attr pool_dump[] = { DUMP_DEV(POOL), END };
static const struct attr backend_new[] = {
	DEV_OF(POOL), REPLACE(POOL), POOL_THERE("web", NEED), BACKENDS(&other_backend, NEED), END
};
static const struct attr backend_new_base[] = {
	DEV_OF(POOL), REPLACE(POOL), POOL_THERE("web", NEED), BACKENDS(&base_backend, NEED), END
};
static const struct attr backend_set[] = {
	DEV_OF(POOL), POOL_THERE("web", NEED), BACKENDS(&heavy_backend, NEED), END
};
static const struct attr backend_set_back[] = {
	DEV_OF(POOL), POOL_THERE("web", NEED), BACKENDS(&there_backend, NEED), END
};
static const struct attr backend_del[] = {
	DEV_OF(POOL), POOL_THERE("web", NEED), BACKENDS(&there_backend, NEED), END
};
static const struct attr backend_del_new[] = {
	DEV_OF(POOL), POOL_THERE("web", NEED), BACKENDS(&other_backend, NEED), END
};
static const struct attr backend_dump[] = { DUMP_DEV(POOL), POOL_THERE("web", 0), END };

/* ---- service ---- */

#define SERVICE_KEY(a)							\
	{ "addr", BFLY_A_SERVICE_ADDR, ADDR, NEED | GIVEN | HOST, OF(a) }, \
	{ "proto", BFLY_A_SERVICE_PROTO, U8, NEED | GIVEN, 0, UINT8_MAX, IPPROTO_TCP }, \
	{ "port", BFLY_A_SERVICE_PORT, U16, NEED | GIVEN, 0, UINT16_MAX, 80 }, \
	{ "len", BFLY_A_SERVICE_LEN, U8, GIVEN, 1, 32, 32 }
#define SERVICE_THERE(a)						\
	{ "addr", BFLY_A_SERVICE_ADDR, ADDR, NEED | GIVEN | HOST, OF(a), \
	  .none_data = VIA_NONE, .none_err = ENOENT },			\
	{ "proto", BFLY_A_SERVICE_PROTO, U8, NEED | GIVEN, 0, UINT8_MAX, IPPROTO_TCP, \
	  .none = IPPROTO_UDP, .none_err = ENOENT },			\
	{ "port", BFLY_A_SERVICE_PORT, U16, NEED | GIVEN, 0, UINT16_MAX, 80, \
	  .none = 81, .none_err = ENOENT },				\
	{ "len", BFLY_A_SERVICE_LEN, U8, GIVEN, 1, 32, 32,		\
	  .none = 24, .none_err = ENOENT }
#define SERVICE_POOL(n, f)						\
	{ "pool", BFLY_A_SERVICE_POOL, STRING, f | GIVEN | NAME,	\
	  .max = BFLY_NAME_MAX, .data = n, NO_NAME }

#define SERVICE_CONF(h)							\
	{ "hash", BFLY_A_SERVICE_HASH, U32, GIVEN, 0, 3, h },		\
	{ "unknown", BFLY_A_SERVICE_UNKNOWN, U32, GIVEN, 0, 1, (h) == BFLY_HASH_SOURCE }
#define SERVICE_CLEAR							\
	{ "clear", BFLY_A_SERVICE_CLEAR, U32, 0, 0, 1, BFLY_SERVICE_CLEAR_HASH }

static const struct attr service_new[] = {
	DEV_OF(SERVICE), REPLACE(SERVICE), SERVICE_KEY(VIP_NEW), SERVICE_POOL("web", NEED),
	SERVICE_CONF(BFLY_HASH_SOURCE), END
};
static const struct attr service_new_base[] = {
	DEV_OF(SERVICE), REPLACE(SERVICE), SERVICE_KEY(VIP), SERVICE_POOL("web", NEED),
	SERVICE_CONF(BFLY_HASH_3TUPLE), END
};
static const struct attr service_set[] = {
	DEV_OF(SERVICE), SERVICE_THERE(VIP), SERVICE_POOL("spare", 0),
	SERVICE_CONF(BFLY_HASH_SOURCE), SERVICE_CLEAR, END
};
static const struct attr service_set_back[] = {
	DEV_OF(SERVICE), SERVICE_THERE(VIP), SERVICE_POOL("web", 0),
	SERVICE_CONF(BFLY_HASH_3TUPLE), SERVICE_CLEAR, END
};
static const struct attr service_del[] = { DEV_OF(SERVICE), SERVICE_THERE(VIP), END };
static const struct attr service_del_new[] = { DEV_OF(SERVICE), SERVICE_THERE(VIP_NEW), END };
static const struct attr service_dump[] = { DUMP_DEV(SERVICE), END };

/* ---- flow, stats ---- */

static const struct attr prefix_of_flow[] = {
	{ "addr", BFLY_A_PREFIX_ADDR, ADDR, NEED | GIVEN, OF(NET_10) },
	{ "len", BFLY_A_PREFIX_LEN, U8, GIVEN, 0, 32, 32 },
	END
};
static const struct set flow_prefix = SET(prefix_of_flow, BFLY_A_PREFIX_MAX);

#define FLOW_FILTER							\
	NET_REF(BFLY_A_FLOW_NET, 10, GIVEN),				\
	{ "port", BFLY_A_FLOW_PORT, U32, GIVEN, 1, UINT32_MAX, INDEX(DEV_PORT), \
	  .none = 0x7ffffff0, .none_err = ENOENT },			\
	{ "proto", BFLY_A_FLOW_PROTO, U8, GIVEN, 0, UINT8_MAX, IPPROTO_TCP }, \
	{ "state", BFLY_A_FLOW_STATE, U32, GIVEN, 0, 3, BFLY_FLOW_STATE_NEW }, \
	{ "src-prefix", BFLY_A_FLOW_SRC_PREFIX, NEST, GIVEN, .inner = &flow_prefix }, \
	{ "dst-prefix", BFLY_A_FLOW_DST_PREFIX, NEST, GIVEN, .inner = &flow_prefix }

static const struct attr flow_dump[] = {
	DUMP_DEV(FLOW), FLOW_FILTER,
	{ "details", BFLY_A_FLOW_DETAILS, FLAG, GIVEN }, END
};
static const struct attr flow_del[] = { DEV_OF(FLOW), FLOW_FILTER, END };
static const struct attr flow_count[] = { DEV_OF(FLOW), FLOW_FILTER, END };
static const struct attr stats_get[] = { DEV_OF(STATS), END };

/* ---- the operations ---- */

#define OP(var, command, object, table, ...)				\
	static const struct op var = {					\
		.name = #var, .cmd = BFLY_CMD_##command,		\
		.request = SET(table, BFLY_A_##object##_MAX), __VA_ARGS__ \
	}

OP(do_switch_get, SWITCH_GET, SWITCH, switch_get);
OP(dump_switch, SWITCH_GET, SWITCH, switch_dump, .dump = true);
OP(undo_switch_set, SWITCH_SET, SWITCH, switch_set_back);
OP(do_switch_set, SWITCH_SET, SWITCH, switch_set, .undo = &undo_switch_set);

OP(undo_net_new, NET_DEL, NET, net_del_30);
OP(do_net_new, NET_NEW, NET, net_new, .undo = &undo_net_new);
OP(undo_net_set, NET_SET, NET, net_set_back);
OP(do_net_set, NET_SET, NET, net_set, .undo = &undo_net_set);
OP(base_net_10, NET_NEW, NET, net_new_10);
OP(base_net_20, NET_NEW, NET, net_new_20);
OP(do_net_del, NET_DEL, NET, net_del, .undo = &base_net_20);
OP(do_net_get, NET_GET, NET, net_get);
OP(dump_net, NET_GET, NET, net_dump, .dump = true);

OP(undo_remote_new, REMOTE_DEL, REMOTE, remote_del_new);
OP(do_remote_new, REMOTE_NEW, REMOTE, remote_new, .undo = &undo_remote_new);
OP(base_remote, REMOTE_NEW, REMOTE, remote_new_base);
OP(base_remote_flood, REMOTE_NEW, REMOTE, remote_new_flood);
OP(do_remote_del, REMOTE_DEL, REMOTE, remote_del, .undo = &base_remote);
OP(do_remote_get, REMOTE_GET, REMOTE, remote_del);
OP(dump_remote, REMOTE_GET, REMOTE, remote_dump, .dump = true);
OP(dump_fdb, FDB_GET, FDB, fdb_dump, .dump = true);

OP(undo_uplink_new, UPLINK_DEL, UPLINK, uplink_del_2);
OP(do_uplink_new, UPLINK_NEW, UPLINK, uplink_new, .undo = &undo_uplink_new);
OP(base_uplink, UPLINK_NEW, UPLINK, uplink_new_base);
OP(do_uplink_del, UPLINK_DEL, UPLINK, uplink_del, .undo = &base_uplink);
OP(do_uplink_get, UPLINK_GET, UPLINK, uplink_del);
OP(dump_uplink, UPLINK_GET, UPLINK, uplink_dump, .dump = true);

OP(undo_port_new, PORT_DEL, PORT, port_del_new);
OP(do_port_new, PORT_NEW, PORT, port_new, .undo = &undo_port_new);
OP(undo_port_set, PORT_SET, PORT, port_set_back);
OP(do_port_set, PORT_SET, PORT, port_set, .undo = &undo_port_set);
OP(base_port, PORT_NEW, PORT, port_new_base);
OP(do_port_del, PORT_DEL, PORT, port_del, .undo = &base_port);
OP(do_port_get, PORT_GET, PORT, port_del);
OP(dump_port, PORT_GET, PORT, port_dump, .dump = true);

OP(undo_group_new, GROUP_DEL, GROUP, group_del_new);
OP(do_group_new, GROUP_NEW, GROUP, group_new, .undo = &undo_group_new);
OP(undo_group_set, GROUP_SET, GROUP, group_set_back);
OP(do_group_set, GROUP_SET, GROUP, group_set, .undo = &undo_group_set);
OP(base_group, GROUP_NEW, GROUP, group_new_web);
OP(base_group_spare, GROUP_NEW, GROUP, group_new_spare);
OP(do_group_del, GROUP_DEL, GROUP, group_del, .undo = &base_group_spare);
OP(do_group_get, GROUP_GET, GROUP, group_get);
OP(dump_group, GROUP_GET, GROUP, group_dump, .dump = true);
OP(undo_rule_new, RULE_DEL, GROUP, rule_del_other);
OP(do_rule_new, RULE_NEW, GROUP, rule_new, .undo = &undo_rule_new);
OP(undo_rule_del, RULE_NEW, GROUP, rule_new_base);
OP(do_rule_del, RULE_DEL, GROUP, rule_del, .undo = &undo_rule_del);
OP(dump_rule, RULE_GET, GROUP, rule_dump, .dump = true);
OP(undo_member_new, MEMBER_DEL, GROUP, member_del_new);
OP(do_member_new, MEMBER_NEW, GROUP, member_new, .undo = &undo_member_new);
OP(undo_member_del, MEMBER_NEW, GROUP, member_new_base);
OP(do_member_del, MEMBER_DEL, GROUP, member_del, .undo = &undo_member_del);
OP(dump_member, MEMBER_GET, GROUP, rule_dump, .dump = true);

OP(undo_pool_new, POOL_DEL, POOL, pool_del_new);
OP(do_pool_new, POOL_NEW, POOL, pool_new, .undo = &undo_pool_new);
OP(undo_pool_set, POOL_SET, POOL, pool_set_back);
OP(do_pool_set, POOL_SET, POOL, pool_set, .undo = &undo_pool_set);
OP(base_pool, POOL_NEW, POOL, pool_new_web);
OP(base_pool_spare, POOL_NEW, POOL, pool_new_spare);
OP(do_pool_del, POOL_DEL, POOL, pool_del, .undo = &base_pool_spare);
OP(do_pool_get, POOL_GET, POOL, pool_get);
OP(dump_pool, POOL_GET, POOL, pool_dump, .dump = true);
OP(undo_backend_new, BACKEND_DEL, POOL, backend_del_new);
OP(do_backend_new, BACKEND_NEW, POOL, backend_new, .undo = &undo_backend_new);
OP(undo_backend_set, BACKEND_SET, POOL, backend_set_back);
OP(do_backend_set, BACKEND_SET, POOL, backend_set, .undo = &undo_backend_set);
OP(undo_backend_del, BACKEND_NEW, POOL, backend_new_base);
OP(do_backend_del, BACKEND_DEL, POOL, backend_del, .undo = &undo_backend_del);
OP(dump_backend, BACKEND_GET, POOL, backend_dump, .dump = true);

OP(undo_service_new, SERVICE_DEL, SERVICE, service_del_new);
OP(do_service_new, SERVICE_NEW, SERVICE, service_new, .undo = &undo_service_new);
OP(undo_service_set, SERVICE_SET, SERVICE, service_set_back);
OP(do_service_set, SERVICE_SET, SERVICE, service_set, .undo = &undo_service_set);
OP(base_service, SERVICE_NEW, SERVICE, service_new_base);
OP(do_service_del, SERVICE_DEL, SERVICE, service_del, .undo = &base_service);
OP(do_service_get, SERVICE_GET, SERVICE, service_del);
OP(dump_service, SERVICE_GET, SERVICE, service_dump, .dump = true);

OP(dump_flow, FLOW_GET, FLOW, flow_dump, .dump = true);
OP(do_flow_del, FLOW_DEL, FLOW, flow_del);
OP(do_flow_count, FLOW_COUNT, FLOW, flow_count);
OP(do_stats_get, STATS_GET, STATS, stats_get);

const struct op *const ops[] = {
	&do_switch_get, &dump_switch, &do_switch_set,
	&do_net_new, &do_net_set, &do_net_del, &do_net_get, &dump_net,
	&do_remote_new, &do_remote_del, &do_remote_get, &dump_remote, &dump_fdb,
	&do_uplink_new, &do_uplink_del, &do_uplink_get, &dump_uplink,
	&do_port_new, &do_port_set, &do_port_del, &do_port_get, &dump_port,
	&do_group_new, &do_group_set, &do_group_del, &do_group_get, &dump_group,
	&do_rule_new, &do_rule_del, &dump_rule,
	&do_member_new, &do_member_del, &dump_member,
	&do_pool_new, &do_pool_set, &do_pool_del, &do_pool_get, &dump_pool,
	&do_backend_new, &do_backend_set, &do_backend_del, &dump_backend,
	&do_service_new, &do_service_set, &do_service_del, &do_service_get, &dump_service,
	&dump_flow, &do_flow_del, &do_flow_count, &do_stats_get,
};

const unsigned int op_count = ARRAY_SIZE(ops);

const struct op *const base[] = {
	&base_net_10, &base_net_20, &base_remote, &base_remote_flood, &base_uplink,
	&base_group, &base_group_spare, &base_port, &base_pool, &base_pool_spare, &base_service,
};

const unsigned int base_count = ARRAY_SIZE(base);
