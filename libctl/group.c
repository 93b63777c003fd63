// SPDX-License-Identifier: LGPL-2.1
#include "core.h"

static const struct bfly_field rule_fields[] = {
	BFLY_FIELD(bfly_rule, RULE_DIRECTION, "direction", U32, direction),
	BFLY_FIELD(bfly_rule, RULE_PROTO, "proto", U8, proto),
	BFLY_FIELD(bfly_rule, RULE_PORT_MIN, "port-min", U16, port_min),
	BFLY_FIELD(bfly_rule, RULE_PORT_MAX, "port-max", U16, port_max),
	BFLY_FIELD(bfly_rule, RULE_ICMP_TYPE, "icmp-type", U8, icmp_type),
	BFLY_FIELD(bfly_rule, RULE_ICMP_CODE, "icmp-code", U8, icmp_code),
	BFLY_FIELD(bfly_rule, RULE_REMOTE, "remote", PREFIX, remote),
	BFLY_FIELD(bfly_rule, RULE_REMOTE_GROUP, "remote-group", STR, remote_group),
};

const struct bfly_layout bfly_rule_layout = BFLY_LAYOUT(bfly_rule, rule_fields);

static const struct bfly_field fields[] = {
	BFLY_FIELD(bfly_group, GROUP_DEV, "dev", U32, dev),
	BFLY_FIELD(bfly_group, GROUP_NAME, "name", STR, name),
	BFLY_FIELD(bfly_group, GROUP_AUTO, "auto", U8, auto_members),
	BFLY_LIST(bfly_group, GROUP_RULE, "rule", &bfly_rule_layout, rule),
	BFLY_ARRAY(bfly_group, GROUP_MEMBER, "member", ADDRS, member),
	BFLY_FIELD(bfly_group, GROUP_RULES, "rules", U32, rules),
	BFLY_FIELD(bfly_group, GROUP_MEMBERS, "members", U32, members),
	BFLY_FIELD(bfly_group, GROUP_PORTS, "ports", U32, ports),
	BFLY_FIELD(bfly_group, GROUP_HITS, "hits", UINT, hits),
};

const struct bfly_layout bfly_group_layout = BFLY_LAYOUT(bfly_group, fields);

BFLY_API int bfly_group_new(struct bfly_ctl *ctl, const struct bfly_group *group,
			 enum bfly_new_flags flags)
{
	return bfly_change(ctl, BFLY_CMD_GROUP_NEW, flags,
			   &bfly_group_layout, group);
}

BFLY_API int bfly_group_set(struct bfly_ctl *ctl, const struct bfly_group *group)
{
	return bfly_change(ctl, BFLY_CMD_GROUP_SET, BFLY_ADD, &bfly_group_layout, group);
}

BFLY_API int bfly_group_del(struct bfly_ctl *ctl, const struct bfly_group *group)
{
	return bfly_change(ctl, BFLY_CMD_GROUP_DEL, BFLY_ADD, &bfly_group_layout, group);
}

BFLY_DEFINE_GET(group, group, bfly_group_layout, BFLY_CMD_GROUP_GET)
BFLY_DEFINE_DUMP(group, group, bfly_group_layout, BFLY_CMD_GROUP_GET)
