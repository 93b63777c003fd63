// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/bfly.yaml */
/* YNL-GEN kernel source */
/* To regenerate run: tools/net/ynl/ynl-regen.sh */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink_gen.h"

#include <uapi/linux/bfly.h>

/* Integer value ranges */
static const struct netlink_range_validation bfly_a_switch_flow_max_range = {
	.min	= 1ULL,
	.max	= 16777216ULL,
};

static const struct netlink_range_validation bfly_a_switch_fdb_max_range = {
	.max	= 16777216ULL,
};

static const struct netlink_range_validation bfly_a_switch_frag_max_range = {
	.max	= 16777216ULL,
};

static const struct netlink_range_validation bfly_a_switch_timeout_tcp_new_range = {
	.min	= 1ULL,
	.max	= 1000000ULL,
};

static const struct netlink_range_validation bfly_a_switch_timeout_tcp_established_range = {
	.min	= 1ULL,
	.max	= 1000000ULL,
};

static const struct netlink_range_validation bfly_a_switch_timeout_tcp_closing_range = {
	.min	= 1ULL,
	.max	= 1000000ULL,
};

static const struct netlink_range_validation bfly_a_switch_timeout_tcp_closed_range = {
	.min	= 1ULL,
	.max	= 1000000ULL,
};

static const struct netlink_range_validation bfly_a_switch_timeout_other_new_range = {
	.min	= 1ULL,
	.max	= 1000000ULL,
};

static const struct netlink_range_validation bfly_a_switch_timeout_other_established_range = {
	.min	= 1ULL,
	.max	= 1000000ULL,
};

static const struct netlink_range_validation bfly_a_net_id_range = {
	.min	= 1ULL,
	.max	= 16777215ULL,
};

static const struct netlink_range_validation bfly_a_net_vni_range = {
	.max	= 16777215ULL,
};

static const struct netlink_range_validation bfly_a_net_ageing_range = {
	.max	= 31536000ULL,
};

static const struct netlink_range_validation bfly_a_net_mtu_range = {
	.max	= 65535ULL,
};

static const struct netlink_range_validation bfly_a_remote_net_range = {
	.min	= 1ULL,
	.max	= 16777215ULL,
};

static const struct netlink_range_validation bfly_a_fdb_net_range = {
	.min	= 1ULL,
	.max	= 16777215ULL,
};

static const struct netlink_range_validation bfly_a_port_net_range = {
	.min	= 1ULL,
	.max	= 16777215ULL,
};

static const struct netlink_range_validation bfly_a_port_flood_limit_range = {
	.max	= 10000000ULL,
};

static const struct netlink_range_validation bfly_a_port_flow_max_range = {
	.max	= 16777216ULL,
};

static const struct netlink_range_validation bfly_a_pool_table_range = {
	.min	= 251ULL,
	.max	= 655373ULL,
};

static const struct netlink_range_validation bfly_a_pool_vni_range = {
	.max	= 16777215ULL,
};

static const struct netlink_range_validation bfly_a_flow_net_range = {
	.min	= 1ULL,
	.max	= 16777215ULL,
};

/* Common nested types */
const struct nla_policy bfly_backend_nl_policy[BFLY_A_BACKEND_MAC + 1] = {
	[BFLY_A_BACKEND_ADDR] = NLA_POLICY_MAX_LEN(16),
	[BFLY_A_BACKEND_WEIGHT] = { .type = NLA_U16, },
	[BFLY_A_BACKEND_STATE] = NLA_POLICY_MAX(NLA_U32, 2),
	[BFLY_A_BACKEND_MAC] = NLA_POLICY_EXACT_LEN(6),
};

const struct nla_policy bfly_prefix_nl_policy[BFLY_A_PREFIX_LEN + 1] = {
	[BFLY_A_PREFIX_ADDR] = NLA_POLICY_MAX_LEN(16),
	[BFLY_A_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
};

const struct nla_policy bfly_rule_nl_policy[BFLY_A_RULE_REMOTE_GROUP + 1] = {
	[BFLY_A_RULE_DIRECTION] = NLA_POLICY_MAX(NLA_U32, 1),
	[BFLY_A_RULE_PROTO] = { .type = NLA_U8, },
	[BFLY_A_RULE_PORT_MIN] = { .type = NLA_U16, },
	[BFLY_A_RULE_PORT_MAX] = { .type = NLA_U16, },
	[BFLY_A_RULE_ICMP_TYPE] = { .type = NLA_U8, },
	[BFLY_A_RULE_ICMP_CODE] = { .type = NLA_U8, },
	[BFLY_A_RULE_REMOTE] = NLA_POLICY_NESTED(bfly_prefix_nl_policy),
	[BFLY_A_RULE_REMOTE_GROUP] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
};

/* BFLY_CMD_SWITCH_GET - do */
static const struct nla_policy bfly_switch_get_do_nl_policy[BFLY_A_SWITCH_DEV + 1] = {
	[BFLY_A_SWITCH_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* BFLY_CMD_SWITCH_GET - dump */
static const struct nla_policy bfly_switch_get_dump_nl_policy[BFLY_A_SWITCH_DEV + 1] = {
	[BFLY_A_SWITCH_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* BFLY_CMD_SWITCH_SET - do */
static const struct nla_policy bfly_switch_set_nl_policy[BFLY_A_SWITCH_TIMEOUT_OTHER_ESTABLISHED + 1] = {
	[BFLY_A_SWITCH_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_SWITCH_LOCAL] = NLA_POLICY_MAX_LEN(16),
	[BFLY_A_SWITCH_DSTPORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[BFLY_A_SWITCH_FLOW_MAX] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_switch_flow_max_range),
	[BFLY_A_SWITCH_FDB_MAX] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_switch_fdb_max_range),
	[BFLY_A_SWITCH_FRAG_MAX] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_switch_frag_max_range),
	[BFLY_A_SWITCH_CLEAR] = NLA_POLICY_MASK(NLA_U32, 0x1),
	[BFLY_A_SWITCH_TIMEOUT_TCP_NEW] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_switch_timeout_tcp_new_range),
	[BFLY_A_SWITCH_TIMEOUT_TCP_ESTABLISHED] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_switch_timeout_tcp_established_range),
	[BFLY_A_SWITCH_TIMEOUT_TCP_CLOSING] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_switch_timeout_tcp_closing_range),
	[BFLY_A_SWITCH_TIMEOUT_TCP_CLOSED] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_switch_timeout_tcp_closed_range),
	[BFLY_A_SWITCH_TIMEOUT_OTHER_NEW] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_switch_timeout_other_new_range),
	[BFLY_A_SWITCH_TIMEOUT_OTHER_ESTABLISHED] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_switch_timeout_other_established_range),
};

/* BFLY_CMD_NET_NEW - do */
static const struct nla_policy bfly_net_new_nl_policy[BFLY_A_NET_VIA + 1] = {
	[BFLY_A_NET_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_NET_REPLACE] = { .type = NLA_FLAG, },
	[BFLY_A_NET_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_net_id_range),
	[BFLY_A_NET_TYPE] = NLA_POLICY_MAX(NLA_U32, 2),
	[BFLY_A_NET_VNI] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_net_vni_range),
	[BFLY_A_NET_LEARNING] = NLA_POLICY_MAX(NLA_U8, 1),
	[BFLY_A_NET_AGEING] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_net_ageing_range),
	[BFLY_A_NET_UPLINK] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_NET_VID] = NLA_POLICY_RANGE(NLA_U16, 1, 4094),
	[BFLY_A_NET_NEIGH_SUPPRESS] = NLA_POLICY_MAX(NLA_U8, 1),
	[BFLY_A_NET_UNKNOWN] = NLA_POLICY_MAX(NLA_U32, 1),
	[BFLY_A_NET_STRICT] = NLA_POLICY_MAX(NLA_U8, 1),
	[BFLY_A_NET_TTL] = { .type = NLA_U8, },
	[BFLY_A_NET_TOS] = { .type = NLA_U8, },
	[BFLY_A_NET_CSUM] = NLA_POLICY_MAX(NLA_U32, 2),
	[BFLY_A_NET_MTU] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_net_mtu_range),
	[BFLY_A_NET_MCAST] = NLA_POLICY_MAX_LEN(16),
	[BFLY_A_NET_VIA] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* BFLY_CMD_NET_SET - do */
static const struct nla_policy bfly_net_set_nl_policy[BFLY_A_NET_VIA + 1] = {
	[BFLY_A_NET_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_NET_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_net_id_range),
	[BFLY_A_NET_LEARNING] = NLA_POLICY_MAX(NLA_U8, 1),
	[BFLY_A_NET_AGEING] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_net_ageing_range),
	[BFLY_A_NET_NEIGH_SUPPRESS] = NLA_POLICY_MAX(NLA_U8, 1),
	[BFLY_A_NET_UNKNOWN] = NLA_POLICY_MAX(NLA_U32, 1),
	[BFLY_A_NET_STRICT] = NLA_POLICY_MAX(NLA_U8, 1),
	[BFLY_A_NET_TTL] = { .type = NLA_U8, },
	[BFLY_A_NET_TOS] = { .type = NLA_U8, },
	[BFLY_A_NET_CSUM] = NLA_POLICY_MAX(NLA_U32, 2),
	[BFLY_A_NET_MTU] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_net_mtu_range),
	[BFLY_A_NET_CLEAR] = NLA_POLICY_MASK(NLA_U32, 0x3),
	[BFLY_A_NET_MCAST] = NLA_POLICY_MAX_LEN(16),
	[BFLY_A_NET_VIA] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* BFLY_CMD_NET_DEL - do */
static const struct nla_policy bfly_net_del_nl_policy[BFLY_A_NET_ID + 1] = {
	[BFLY_A_NET_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_NET_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_net_id_range),
};

/* BFLY_CMD_NET_GET - do */
static const struct nla_policy bfly_net_get_do_nl_policy[BFLY_A_NET_ID + 1] = {
	[BFLY_A_NET_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_NET_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_net_id_range),
};

/* BFLY_CMD_NET_GET - dump */
static const struct nla_policy bfly_net_get_dump_nl_policy[BFLY_A_NET_DEV + 1] = {
	[BFLY_A_NET_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* BFLY_CMD_REMOTE_NEW - do */
static const struct nla_policy bfly_remote_new_nl_policy[BFLY_A_REMOTE_ADDR + 1] = {
	[BFLY_A_REMOTE_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_REMOTE_REPLACE] = { .type = NLA_FLAG, },
	[BFLY_A_REMOTE_NET] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_remote_net_range),
	[BFLY_A_REMOTE_VIA] = NLA_POLICY_MAX_LEN(16),
	[BFLY_A_REMOTE_MAC] = NLA_POLICY_EXACT_LEN(6),
	[BFLY_A_REMOTE_ADDR] = NLA_POLICY_MAX_LEN(16),
};

/* BFLY_CMD_REMOTE_DEL - do */
static const struct nla_policy bfly_remote_del_nl_policy[BFLY_A_REMOTE_MAC + 1] = {
	[BFLY_A_REMOTE_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_REMOTE_NET] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_remote_net_range),
	[BFLY_A_REMOTE_VIA] = NLA_POLICY_MAX_LEN(16),
	[BFLY_A_REMOTE_MAC] = NLA_POLICY_EXACT_LEN(6),
};

/* BFLY_CMD_REMOTE_GET - do */
static const struct nla_policy bfly_remote_get_do_nl_policy[BFLY_A_REMOTE_MAC + 1] = {
	[BFLY_A_REMOTE_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_REMOTE_NET] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_remote_net_range),
	[BFLY_A_REMOTE_VIA] = NLA_POLICY_MAX_LEN(16),
	[BFLY_A_REMOTE_MAC] = NLA_POLICY_EXACT_LEN(6),
};

/* BFLY_CMD_REMOTE_GET - dump */
static const struct nla_policy bfly_remote_get_dump_nl_policy[BFLY_A_REMOTE_NET + 1] = {
	[BFLY_A_REMOTE_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_REMOTE_NET] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_remote_net_range),
};

/* BFLY_CMD_FDB_GET - dump */
static const struct nla_policy bfly_fdb_get_nl_policy[BFLY_A_FDB_NET + 1] = {
	[BFLY_A_FDB_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_FDB_NET] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_fdb_net_range),
};

/* BFLY_CMD_UPLINK_NEW - do */
static const struct nla_policy bfly_uplink_new_nl_policy[BFLY_A_UPLINK_IFINDEX + 1] = {
	[BFLY_A_UPLINK_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_UPLINK_REPLACE] = { .type = NLA_FLAG, },
	[BFLY_A_UPLINK_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* BFLY_CMD_UPLINK_DEL - do */
static const struct nla_policy bfly_uplink_del_nl_policy[BFLY_A_UPLINK_IFINDEX + 1] = {
	[BFLY_A_UPLINK_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_UPLINK_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* BFLY_CMD_UPLINK_GET - do */
static const struct nla_policy bfly_uplink_get_do_nl_policy[BFLY_A_UPLINK_IFINDEX + 1] = {
	[BFLY_A_UPLINK_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_UPLINK_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* BFLY_CMD_UPLINK_GET - dump */
static const struct nla_policy bfly_uplink_get_dump_nl_policy[BFLY_A_UPLINK_DEV + 1] = {
	[BFLY_A_UPLINK_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* BFLY_CMD_PORT_NEW - do */
static const struct nla_policy bfly_port_new_nl_policy[BFLY_A_PORT_STATELESS + 1] = {
	[BFLY_A_PORT_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_PORT_REPLACE] = { .type = NLA_FLAG, },
	[BFLY_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_PORT_NET] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_port_net_range),
	[BFLY_A_PORT_MAC] = NLA_POLICY_EXACT_LEN(6),
	[BFLY_A_PORT_ADDR] = NLA_POLICY_NESTED(bfly_prefix_nl_policy),
	[BFLY_A_PORT_GROUP] = { .type = NLA_STRING, .len = BFLY_NAME_MAX, },
	[BFLY_A_PORT_ANTISPOOF] = NLA_POLICY_MAX(NLA_U8, 1),
	[BFLY_A_PORT_BYPASS] = NLA_POLICY_MAX(NLA_U8, 1),
	[BFLY_A_PORT_DHCP_SERVER] = NLA_POLICY_MAX(NLA_U8, 1),
	[BFLY_A_PORT_LABEL] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
	[BFLY_A_PORT_FLOOD_LIMIT] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_port_flood_limit_range),
	[BFLY_A_PORT_FLOW_MAX] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_port_flow_max_range),
	[BFLY_A_PORT_STATELESS] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* BFLY_CMD_PORT_SET - do */
static const struct nla_policy bfly_port_set_nl_policy[BFLY_A_PORT_STATELESS + 1] = {
	[BFLY_A_PORT_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_PORT_NET] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_port_net_range),
	[BFLY_A_PORT_MAC] = NLA_POLICY_EXACT_LEN(6),
	[BFLY_A_PORT_ADDR] = NLA_POLICY_NESTED(bfly_prefix_nl_policy),
	[BFLY_A_PORT_GROUP] = { .type = NLA_STRING, .len = BFLY_NAME_MAX, },
	[BFLY_A_PORT_ANTISPOOF] = NLA_POLICY_MAX(NLA_U8, 1),
	[BFLY_A_PORT_BYPASS] = NLA_POLICY_MAX(NLA_U8, 1),
	[BFLY_A_PORT_DHCP_SERVER] = NLA_POLICY_MAX(NLA_U8, 1),
	[BFLY_A_PORT_LABEL] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
	[BFLY_A_PORT_CLEAR] = NLA_POLICY_MASK(NLA_U32, 0x3),
	[BFLY_A_PORT_FLOOD_LIMIT] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_port_flood_limit_range),
	[BFLY_A_PORT_FLOW_MAX] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_port_flow_max_range),
	[BFLY_A_PORT_STATELESS] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* BFLY_CMD_PORT_DEL - do */
static const struct nla_policy bfly_port_del_nl_policy[BFLY_A_PORT_IFINDEX + 1] = {
	[BFLY_A_PORT_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* BFLY_CMD_PORT_GET - do */
static const struct nla_policy bfly_port_get_do_nl_policy[BFLY_A_PORT_IFINDEX + 1] = {
	[BFLY_A_PORT_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* BFLY_CMD_PORT_GET - dump */
static const struct nla_policy bfly_port_get_dump_nl_policy[BFLY_A_PORT_NET + 1] = {
	[BFLY_A_PORT_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_PORT_NET] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_port_net_range),
};

/* BFLY_CMD_GROUP_NEW - do */
static const struct nla_policy bfly_group_new_nl_policy[BFLY_A_GROUP_MEMBER + 1] = {
	[BFLY_A_GROUP_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_GROUP_REPLACE] = { .type = NLA_FLAG, },
	[BFLY_A_GROUP_NAME] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
	[BFLY_A_GROUP_AUTO] = NLA_POLICY_MAX(NLA_U8, 1),
	[BFLY_A_GROUP_RULE] = NLA_POLICY_NESTED(bfly_rule_nl_policy),
	[BFLY_A_GROUP_MEMBER] = NLA_POLICY_MAX_LEN(16),
};

/* BFLY_CMD_GROUP_SET - do */
static const struct nla_policy bfly_group_set_nl_policy[BFLY_A_GROUP_AUTO + 1] = {
	[BFLY_A_GROUP_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_GROUP_NAME] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
	[BFLY_A_GROUP_AUTO] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* BFLY_CMD_GROUP_DEL - do */
static const struct nla_policy bfly_group_del_nl_policy[BFLY_A_GROUP_NAME + 1] = {
	[BFLY_A_GROUP_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_GROUP_NAME] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
};

/* BFLY_CMD_GROUP_GET - do */
static const struct nla_policy bfly_group_get_do_nl_policy[BFLY_A_GROUP_NAME + 1] = {
	[BFLY_A_GROUP_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_GROUP_NAME] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
};

/* BFLY_CMD_GROUP_GET - dump */
static const struct nla_policy bfly_group_get_dump_nl_policy[BFLY_A_GROUP_DEV + 1] = {
	[BFLY_A_GROUP_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* BFLY_CMD_RULE_NEW - do */
static const struct nla_policy bfly_rule_new_nl_policy[BFLY_A_GROUP_RULE + 1] = {
	[BFLY_A_GROUP_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_GROUP_REPLACE] = { .type = NLA_FLAG, },
	[BFLY_A_GROUP_NAME] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
	[BFLY_A_GROUP_RULE] = NLA_POLICY_NESTED(bfly_rule_nl_policy),
};

/* BFLY_CMD_RULE_DEL - do */
static const struct nla_policy bfly_rule_del_nl_policy[BFLY_A_GROUP_RULE + 1] = {
	[BFLY_A_GROUP_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_GROUP_NAME] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
	[BFLY_A_GROUP_RULE] = NLA_POLICY_NESTED(bfly_rule_nl_policy),
};

/* BFLY_CMD_RULE_GET - dump */
static const struct nla_policy bfly_rule_get_nl_policy[BFLY_A_GROUP_NAME + 1] = {
	[BFLY_A_GROUP_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_GROUP_NAME] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
};

/* BFLY_CMD_MEMBER_NEW - do */
static const struct nla_policy bfly_member_new_nl_policy[BFLY_A_GROUP_MEMBER + 1] = {
	[BFLY_A_GROUP_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_GROUP_REPLACE] = { .type = NLA_FLAG, },
	[BFLY_A_GROUP_NAME] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
	[BFLY_A_GROUP_MEMBER] = NLA_POLICY_MAX_LEN(16),
};

/* BFLY_CMD_MEMBER_DEL - do */
static const struct nla_policy bfly_member_del_nl_policy[BFLY_A_GROUP_MEMBER + 1] = {
	[BFLY_A_GROUP_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_GROUP_NAME] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
	[BFLY_A_GROUP_MEMBER] = NLA_POLICY_MAX_LEN(16),
};

/* BFLY_CMD_MEMBER_GET - dump */
static const struct nla_policy bfly_member_get_nl_policy[BFLY_A_GROUP_NAME + 1] = {
	[BFLY_A_GROUP_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_GROUP_NAME] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
};

/* BFLY_CMD_POOL_NEW - do */
static const struct nla_policy bfly_pool_new_nl_policy[BFLY_A_POOL_DSCP + 1] = {
	[BFLY_A_POOL_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_POOL_REPLACE] = { .type = NLA_FLAG, },
	[BFLY_A_POOL_NAME] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
	[BFLY_A_POOL_METHOD] = NLA_POLICY_MAX(NLA_U32, 7),
	[BFLY_A_POOL_HASH] = NLA_POLICY_MAX(NLA_U32, 3),
	[BFLY_A_POOL_TABLE] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_pool_table_range),
	[BFLY_A_POOL_KEY] = NLA_POLICY_EXACT_LEN(BFLY_KEY_LEN),
	[BFLY_A_POOL_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[BFLY_A_POOL_VNI] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_pool_vni_range),
	[BFLY_A_POOL_DSCP] = NLA_POLICY_RANGE(NLA_U8, 1, 63),
	[BFLY_A_POOL_BACKEND] = NLA_POLICY_NESTED(bfly_backend_nl_policy),
};

/* BFLY_CMD_POOL_SET - do */
static const struct nla_policy bfly_pool_set_nl_policy[BFLY_A_POOL_DSCP + 1] = {
	[BFLY_A_POOL_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_POOL_NAME] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
	[BFLY_A_POOL_HASH] = NLA_POLICY_MAX(NLA_U32, 3),
	[BFLY_A_POOL_TABLE] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_pool_table_range),
	[BFLY_A_POOL_KEY] = NLA_POLICY_EXACT_LEN(BFLY_KEY_LEN),
	[BFLY_A_POOL_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[BFLY_A_POOL_VNI] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_pool_vni_range),
	[BFLY_A_POOL_DSCP] = NLA_POLICY_RANGE(NLA_U8, 1, 63),
};

/* BFLY_CMD_POOL_DEL - do */
static const struct nla_policy bfly_pool_del_nl_policy[BFLY_A_POOL_NAME + 1] = {
	[BFLY_A_POOL_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_POOL_NAME] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
};

/* BFLY_CMD_POOL_GET - do */
static const struct nla_policy bfly_pool_get_do_nl_policy[BFLY_A_POOL_NAME + 1] = {
	[BFLY_A_POOL_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_POOL_NAME] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
};

/* BFLY_CMD_POOL_GET - dump */
static const struct nla_policy bfly_pool_get_dump_nl_policy[BFLY_A_POOL_DEV + 1] = {
	[BFLY_A_POOL_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* BFLY_CMD_BACKEND_NEW - do */
static const struct nla_policy bfly_backend_new_nl_policy[BFLY_A_POOL_BACKEND + 1] = {
	[BFLY_A_POOL_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_POOL_REPLACE] = { .type = NLA_FLAG, },
	[BFLY_A_POOL_NAME] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
	[BFLY_A_POOL_BACKEND] = NLA_POLICY_NESTED(bfly_backend_nl_policy),
};

/* BFLY_CMD_BACKEND_SET - do */
static const struct nla_policy bfly_backend_set_nl_policy[BFLY_A_POOL_BACKEND + 1] = {
	[BFLY_A_POOL_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_POOL_NAME] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
	[BFLY_A_POOL_BACKEND] = NLA_POLICY_NESTED(bfly_backend_nl_policy),
};

/* BFLY_CMD_BACKEND_DEL - do */
static const struct nla_policy bfly_backend_del_nl_policy[BFLY_A_POOL_BACKEND + 1] = {
	[BFLY_A_POOL_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_POOL_NAME] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
	[BFLY_A_POOL_BACKEND] = NLA_POLICY_NESTED(bfly_backend_nl_policy),
};

/* BFLY_CMD_BACKEND_GET - dump */
static const struct nla_policy bfly_backend_get_nl_policy[BFLY_A_POOL_NAME + 1] = {
	[BFLY_A_POOL_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_POOL_NAME] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
};

/* BFLY_CMD_SERVICE_NEW - do */
static const struct nla_policy bfly_service_new_nl_policy[BFLY_A_SERVICE_UNKNOWN + 1] = {
	[BFLY_A_SERVICE_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_SERVICE_REPLACE] = { .type = NLA_FLAG, },
	[BFLY_A_SERVICE_ADDR] = NLA_POLICY_MAX_LEN(16),
	[BFLY_A_SERVICE_PROTO] = { .type = NLA_U8, },
	[BFLY_A_SERVICE_PORT] = { .type = NLA_U16, },
	[BFLY_A_SERVICE_POOL] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
	[BFLY_A_SERVICE_LEN] = NLA_POLICY_RANGE(NLA_U8, 1, 128),
	[BFLY_A_SERVICE_HASH] = NLA_POLICY_MAX(NLA_U32, 3),
	[BFLY_A_SERVICE_UNKNOWN] = NLA_POLICY_MAX(NLA_U32, 1),
};

/* BFLY_CMD_SERVICE_SET - do */
static const struct nla_policy bfly_service_set_nl_policy[BFLY_A_SERVICE_UNKNOWN + 1] = {
	[BFLY_A_SERVICE_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_SERVICE_ADDR] = NLA_POLICY_MAX_LEN(16),
	[BFLY_A_SERVICE_PROTO] = { .type = NLA_U8, },
	[BFLY_A_SERVICE_PORT] = { .type = NLA_U16, },
	[BFLY_A_SERVICE_POOL] = { .type = NLA_NUL_STRING, .len = BFLY_NAME_MAX, },
	[BFLY_A_SERVICE_LEN] = NLA_POLICY_RANGE(NLA_U8, 1, 128),
	[BFLY_A_SERVICE_HASH] = NLA_POLICY_MAX(NLA_U32, 3),
	[BFLY_A_SERVICE_CLEAR] = NLA_POLICY_MASK(NLA_U32, 0x1),
	[BFLY_A_SERVICE_UNKNOWN] = NLA_POLICY_MAX(NLA_U32, 1),
};

/* BFLY_CMD_SERVICE_DEL - do */
static const struct nla_policy bfly_service_del_nl_policy[BFLY_A_SERVICE_LEN + 1] = {
	[BFLY_A_SERVICE_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_SERVICE_ADDR] = NLA_POLICY_MAX_LEN(16),
	[BFLY_A_SERVICE_PROTO] = { .type = NLA_U8, },
	[BFLY_A_SERVICE_PORT] = { .type = NLA_U16, },
	[BFLY_A_SERVICE_LEN] = NLA_POLICY_RANGE(NLA_U8, 1, 128),
};

/* BFLY_CMD_SERVICE_GET - do */
static const struct nla_policy bfly_service_get_do_nl_policy[BFLY_A_SERVICE_LEN + 1] = {
	[BFLY_A_SERVICE_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_SERVICE_ADDR] = NLA_POLICY_MAX_LEN(16),
	[BFLY_A_SERVICE_PROTO] = { .type = NLA_U8, },
	[BFLY_A_SERVICE_PORT] = { .type = NLA_U16, },
	[BFLY_A_SERVICE_LEN] = NLA_POLICY_RANGE(NLA_U8, 1, 128),
};

/* BFLY_CMD_SERVICE_GET - dump */
static const struct nla_policy bfly_service_get_dump_nl_policy[BFLY_A_SERVICE_DEV + 1] = {
	[BFLY_A_SERVICE_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* BFLY_CMD_FLOW_GET - dump */
static const struct nla_policy bfly_flow_get_nl_policy[BFLY_A_FLOW_DETAILS + 1] = {
	[BFLY_A_FLOW_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_FLOW_NET] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_flow_net_range),
	[BFLY_A_FLOW_PORT] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_FLOW_PROTO] = { .type = NLA_U8, },
	[BFLY_A_FLOW_STATE] = NLA_POLICY_MAX(NLA_U32, 3),
	[BFLY_A_FLOW_SRC_PREFIX] = NLA_POLICY_NESTED(bfly_prefix_nl_policy),
	[BFLY_A_FLOW_DST_PREFIX] = NLA_POLICY_NESTED(bfly_prefix_nl_policy),
	[BFLY_A_FLOW_DETAILS] = { .type = NLA_FLAG, },
};

/* BFLY_CMD_FLOW_DEL - do */
static const struct nla_policy bfly_flow_del_nl_policy[BFLY_A_FLOW_DST_PREFIX + 1] = {
	[BFLY_A_FLOW_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_FLOW_NET] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_flow_net_range),
	[BFLY_A_FLOW_PORT] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_FLOW_PROTO] = { .type = NLA_U8, },
	[BFLY_A_FLOW_STATE] = NLA_POLICY_MAX(NLA_U32, 3),
	[BFLY_A_FLOW_SRC_PREFIX] = NLA_POLICY_NESTED(bfly_prefix_nl_policy),
	[BFLY_A_FLOW_DST_PREFIX] = NLA_POLICY_NESTED(bfly_prefix_nl_policy),
};

/* BFLY_CMD_STATS_GET - do */
static const struct nla_policy bfly_stats_get_nl_policy[BFLY_A_STATS_DEV + 1] = {
	[BFLY_A_STATS_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* BFLY_CMD_FLOW_COUNT - do */
static const struct nla_policy bfly_flow_count_nl_policy[BFLY_A_FLOW_DST_PREFIX + 1] = {
	[BFLY_A_FLOW_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_FLOW_NET] = NLA_POLICY_FULL_RANGE(NLA_U32, &bfly_a_flow_net_range),
	[BFLY_A_FLOW_PORT] = NLA_POLICY_MIN(NLA_U32, 1),
	[BFLY_A_FLOW_PROTO] = { .type = NLA_U8, },
	[BFLY_A_FLOW_STATE] = NLA_POLICY_MAX(NLA_U32, 3),
	[BFLY_A_FLOW_SRC_PREFIX] = NLA_POLICY_NESTED(bfly_prefix_nl_policy),
	[BFLY_A_FLOW_DST_PREFIX] = NLA_POLICY_NESTED(bfly_prefix_nl_policy),
};

/* Ops table for bfly */
static const struct genl_split_ops bfly_nl_ops[] = {
	{
		.cmd		= BFLY_CMD_SWITCH_GET,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_switch_get_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_switch_get_do_nl_policy,
		.maxattr	= BFLY_A_SWITCH_DEV,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_SWITCH_GET,
		.dumpit		= bfly_nl_switch_get_dumpit,
		.policy		= bfly_switch_get_dump_nl_policy,
		.maxattr	= BFLY_A_SWITCH_DEV,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= BFLY_CMD_SWITCH_SET,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_switch_set_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_switch_set_nl_policy,
		.maxattr	= BFLY_A_SWITCH_TIMEOUT_OTHER_ESTABLISHED,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_NET_NEW,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_net_new_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_net_new_nl_policy,
		.maxattr	= BFLY_A_NET_VIA,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_NET_SET,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_net_set_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_net_set_nl_policy,
		.maxattr	= BFLY_A_NET_VIA,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_NET_DEL,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_net_del_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_net_del_nl_policy,
		.maxattr	= BFLY_A_NET_ID,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_NET_GET,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_net_get_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_net_get_do_nl_policy,
		.maxattr	= BFLY_A_NET_ID,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_NET_GET,
		.dumpit		= bfly_nl_net_get_dumpit,
		.policy		= bfly_net_get_dump_nl_policy,
		.maxattr	= BFLY_A_NET_DEV,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= BFLY_CMD_REMOTE_NEW,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_remote_new_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_remote_new_nl_policy,
		.maxattr	= BFLY_A_REMOTE_ADDR,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_REMOTE_DEL,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_remote_del_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_remote_del_nl_policy,
		.maxattr	= BFLY_A_REMOTE_MAC,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_REMOTE_GET,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_remote_get_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_remote_get_do_nl_policy,
		.maxattr	= BFLY_A_REMOTE_MAC,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_REMOTE_GET,
		.dumpit		= bfly_nl_remote_get_dumpit,
		.policy		= bfly_remote_get_dump_nl_policy,
		.maxattr	= BFLY_A_REMOTE_NET,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= BFLY_CMD_FDB_GET,
		.dumpit		= bfly_nl_fdb_get_dumpit,
		.policy		= bfly_fdb_get_nl_policy,
		.maxattr	= BFLY_A_FDB_NET,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= BFLY_CMD_UPLINK_NEW,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_uplink_new_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_uplink_new_nl_policy,
		.maxattr	= BFLY_A_UPLINK_IFINDEX,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_UPLINK_DEL,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_uplink_del_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_uplink_del_nl_policy,
		.maxattr	= BFLY_A_UPLINK_IFINDEX,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_UPLINK_GET,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_uplink_get_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_uplink_get_do_nl_policy,
		.maxattr	= BFLY_A_UPLINK_IFINDEX,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_UPLINK_GET,
		.dumpit		= bfly_nl_uplink_get_dumpit,
		.policy		= bfly_uplink_get_dump_nl_policy,
		.maxattr	= BFLY_A_UPLINK_DEV,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= BFLY_CMD_PORT_NEW,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_port_new_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_port_new_nl_policy,
		.maxattr	= BFLY_A_PORT_STATELESS,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_PORT_SET,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_port_set_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_port_set_nl_policy,
		.maxattr	= BFLY_A_PORT_STATELESS,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_PORT_DEL,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_port_del_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_port_del_nl_policy,
		.maxattr	= BFLY_A_PORT_IFINDEX,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_PORT_GET,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_port_get_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_port_get_do_nl_policy,
		.maxattr	= BFLY_A_PORT_IFINDEX,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_PORT_GET,
		.dumpit		= bfly_nl_port_get_dumpit,
		.policy		= bfly_port_get_dump_nl_policy,
		.maxattr	= BFLY_A_PORT_NET,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= BFLY_CMD_GROUP_NEW,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_group_new_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_group_new_nl_policy,
		.maxattr	= BFLY_A_GROUP_MEMBER,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_GROUP_SET,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_group_set_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_group_set_nl_policy,
		.maxattr	= BFLY_A_GROUP_AUTO,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_GROUP_DEL,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_group_del_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_group_del_nl_policy,
		.maxattr	= BFLY_A_GROUP_NAME,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_GROUP_GET,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_group_get_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_group_get_do_nl_policy,
		.maxattr	= BFLY_A_GROUP_NAME,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_GROUP_GET,
		.dumpit		= bfly_nl_group_get_dumpit,
		.policy		= bfly_group_get_dump_nl_policy,
		.maxattr	= BFLY_A_GROUP_DEV,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= BFLY_CMD_RULE_NEW,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_rule_new_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_rule_new_nl_policy,
		.maxattr	= BFLY_A_GROUP_RULE,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_RULE_DEL,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_rule_del_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_rule_del_nl_policy,
		.maxattr	= BFLY_A_GROUP_RULE,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_RULE_GET,
		.dumpit		= bfly_nl_rule_get_dumpit,
		.policy		= bfly_rule_get_nl_policy,
		.maxattr	= BFLY_A_GROUP_NAME,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= BFLY_CMD_MEMBER_NEW,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_member_new_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_member_new_nl_policy,
		.maxattr	= BFLY_A_GROUP_MEMBER,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_MEMBER_DEL,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_member_del_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_member_del_nl_policy,
		.maxattr	= BFLY_A_GROUP_MEMBER,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_MEMBER_GET,
		.dumpit		= bfly_nl_member_get_dumpit,
		.policy		= bfly_member_get_nl_policy,
		.maxattr	= BFLY_A_GROUP_NAME,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= BFLY_CMD_POOL_NEW,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_pool_new_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_pool_new_nl_policy,
		.maxattr	= BFLY_A_POOL_DSCP,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_POOL_SET,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_pool_set_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_pool_set_nl_policy,
		.maxattr	= BFLY_A_POOL_DSCP,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_POOL_DEL,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_pool_del_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_pool_del_nl_policy,
		.maxattr	= BFLY_A_POOL_NAME,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_POOL_GET,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_pool_get_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_pool_get_do_nl_policy,
		.maxattr	= BFLY_A_POOL_NAME,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_POOL_GET,
		.dumpit		= bfly_nl_pool_get_dumpit,
		.policy		= bfly_pool_get_dump_nl_policy,
		.maxattr	= BFLY_A_POOL_DEV,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= BFLY_CMD_BACKEND_NEW,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_backend_new_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_backend_new_nl_policy,
		.maxattr	= BFLY_A_POOL_BACKEND,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_BACKEND_SET,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_backend_set_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_backend_set_nl_policy,
		.maxattr	= BFLY_A_POOL_BACKEND,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_BACKEND_DEL,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_backend_del_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_backend_del_nl_policy,
		.maxattr	= BFLY_A_POOL_BACKEND,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_BACKEND_GET,
		.dumpit		= bfly_nl_backend_get_dumpit,
		.policy		= bfly_backend_get_nl_policy,
		.maxattr	= BFLY_A_POOL_NAME,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= BFLY_CMD_SERVICE_NEW,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_service_new_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_service_new_nl_policy,
		.maxattr	= BFLY_A_SERVICE_UNKNOWN,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_SERVICE_SET,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_service_set_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_service_set_nl_policy,
		.maxattr	= BFLY_A_SERVICE_UNKNOWN,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_SERVICE_DEL,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_service_del_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_service_del_nl_policy,
		.maxattr	= BFLY_A_SERVICE_LEN,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_SERVICE_GET,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_service_get_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_service_get_do_nl_policy,
		.maxattr	= BFLY_A_SERVICE_LEN,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_SERVICE_GET,
		.dumpit		= bfly_nl_service_get_dumpit,
		.policy		= bfly_service_get_dump_nl_policy,
		.maxattr	= BFLY_A_SERVICE_DEV,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= BFLY_CMD_FLOW_GET,
		.dumpit		= bfly_nl_flow_get_dumpit,
		.policy		= bfly_flow_get_nl_policy,
		.maxattr	= BFLY_A_FLOW_DETAILS,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= BFLY_CMD_FLOW_DEL,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_flow_del_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_flow_del_nl_policy,
		.maxattr	= BFLY_A_FLOW_DST_PREFIX,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_STATS_GET,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_stats_get_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_stats_get_nl_policy,
		.maxattr	= BFLY_A_STATS_DEV,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= BFLY_CMD_FLOW_COUNT,
		.pre_doit	= bfly_nl_pre_doit,
		.doit		= bfly_nl_flow_count_doit,
		.post_doit	= bfly_nl_post_doit,
		.policy		= bfly_flow_count_nl_policy,
		.maxattr	= BFLY_A_FLOW_DST_PREFIX,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
};

static const struct genl_multicast_group bfly_nl_mcgrps[] = {
	[BFLY_NLGRP_CONFIG] = { "config", },
	[BFLY_NLGRP_EVENTS] = { "events", },
};

struct genl_family bfly_nl_family __ro_after_init = {
	.name		= BFLY_FAMILY_NAME,
	.version	= BFLY_FAMILY_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.split_ops	= bfly_nl_ops,
	.n_split_ops	= ARRAY_SIZE(bfly_nl_ops),
	.mcgrps		= bfly_nl_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(bfly_nl_mcgrps),
};
