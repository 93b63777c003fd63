// SPDX-License-Identifier: GPL-2.0
/* Well formed requests that must be refused for what they mean: groups. */
#include <arpa/inet.h>
#include "special.h"

struct rule {
	const char *what;
	int proto, min, max, type, code;	/* -1 for none */
	const char *remote, *group;
	uint8_t len;
};

static void put_rule(struct nlmsghdr *nlh, const struct rule *rule)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, BFLY_A_GROUP_RULE);

	mnl_attr_put_u32(nlh, BFLY_A_RULE_DIRECTION, BFLY_DIRECTION_IN);
	if (rule->proto >= 0)
		mnl_attr_put_u8(nlh, BFLY_A_RULE_PROTO, rule->proto);
	if (rule->min >= 0)
		mnl_attr_put_u16(nlh, BFLY_A_RULE_PORT_MIN, rule->min);
	if (rule->max >= 0)
		mnl_attr_put_u16(nlh, BFLY_A_RULE_PORT_MAX, rule->max);
	if (rule->type >= 0)
		mnl_attr_put_u8(nlh, BFLY_A_RULE_ICMP_TYPE, rule->type);
	if (rule->code >= 0)
		mnl_attr_put_u8(nlh, BFLY_A_RULE_ICMP_CODE, rule->code);
	if (rule->remote)
		put_prefix(nlh, BFLY_A_RULE_REMOTE, rule->remote, rule->len);
	if (rule->group)
		mnl_attr_put_strz(nlh, BFLY_A_RULE_REMOTE_GROUP, rule->group);
	mnl_attr_nest_end(nlh, nest);
}

static struct nlmsghdr *group(uint8_t cmd, const char *name)
{
	struct nlmsghdr *nlh = for_switch(cmd);

	mnl_attr_put_strz(nlh, BFLY_A_GROUP_NAME, name);
	return nlh;
}

static void rules(void)
{
	static const struct rule wrong[] = {
		{ "ports turned round", IPPROTO_TCP, 90, 80, -1, -1, NULL, NULL, 0 },
		{ "a last port alone", IPPROTO_TCP, -1, 80, -1, -1, NULL, NULL, 0 },
		{ "ports without a protocol", -1, 80, -1, -1, -1, NULL, NULL, 0 },
		{ "ports with any protocol", IPPROTO_GRE, 80, -1, -1, -1, NULL, NULL, 0 },
		{ "ports with icmp", IPPROTO_ICMP, 80, -1, -1, -1, NULL, NULL, 0 },
		{ "an ICMP type with tcp", IPPROTO_TCP, -1, -1, 8, -1, NULL, NULL, 0 },
		{ "an ICMP type without a protocol", -1, -1, -1, 8, -1, NULL, NULL, 0 },
		{ "an ICMP code without a type", IPPROTO_ICMP, -1, -1, -1, 0, NULL, NULL, 0 },
		{ "ports and an ICMP type", IPPROTO_ICMP, 80, -1, 8, -1, NULL, NULL, 0 },
		{ "icmp with an IPv6 remote", IPPROTO_ICMP, -1, -1, -1, -1, "2001:db8::1", NULL, 64 },
		{ "icmpv6 with an IPv4 remote", IPPROTO_ICMPV6, -1, -1, -1, -1, "10.0.0.0", NULL, 8 },
		{ "a remote and a remote group", IPPROTO_TCP, 80, -1, -1, -1, "10.0.0.0", "web", 8 },
		{ "prefix length 33 of IPv4", IPPROTO_TCP, 80, -1, -1, -1, "10.0.0.0", NULL, 33 },
	};
	static const struct rule right = {
		"right", IPPROTO_TCP, 22, -1, -1, -1, NULL, "nobody", 0
	};
	static const struct rule there = {
		"there", IPPROTO_TCP, 80, 89, -1, -1, "10.0.0.1", NULL, 32
	};
	static const uint8_t cmds[] = { BFLY_CMD_RULE_NEW, BFLY_CMD_RULE_DEL, BFLY_CMD_GROUP_NEW };
	struct nlmsghdr *nlh;
	unsigned int i, k;

	for (k = 0; k < ARRAY_SIZE(cmds); k++)
		for (i = 0; i < ARRAY_SIZE(wrong); i++) {
			nlh = group(cmds[k], cmds[k] == BFLY_CMD_GROUP_NEW ? "fresh" : "web");
			/* the right ones before it must not stay */
			put_rule(nlh, cmds[k] == BFLY_CMD_RULE_DEL ? &there : &right);
			put_rule(nlh, &wrong[i]);
			refused(nlh, NULL, EINVAL, "command %u: %s", cmds[k], wrong[i].what);
		}
	nlh = group(BFLY_CMD_RULE_NEW, "web");
	put_rule(nlh, &right);
	put_rule(nlh, &there);
	refused(nlh, NULL, EEXIST, "rule-new: one of two is there");
	nlh = group(BFLY_CMD_RULE_DEL, "web");
	put_rule(nlh, &there);
	put_rule(nlh, &right);
	refused(nlh, NULL, ENOENT, "rule-del: one of two is not there");
	nlh = group(BFLY_CMD_RULE_NEW, "web");
	for (i = 0; i < 65537; i++)
		put_rule(nlh, &(struct rule){ "", 1 + i % 200, -1, -1, -1, -1, NULL, NULL, 0 });
	refused(nlh, NULL, ANY, "rule-new: too many");
}

static void groups(void)
{
	struct nlmsghdr *nlh;
	unsigned int i;

	refused(group(BFLY_CMD_GROUP_NEW, "web"), NULL, EEXIST, "group-new: it exists");
	nlh = group(BFLY_CMD_GROUP_NEW, "web");
	mnl_attr_put(nlh, BFLY_A_GROUP_REPLACE, 0, NULL);
	put_ip(nlh, BFLY_A_GROUP_MEMBER, "10.1.1.1");
	mnl_attr_put(nlh, BFLY_A_GROUP_MEMBER, 5, "12345");
	refused(nlh, NULL, ANY, "group-new: replace, with a bad member");
	nlh = group(BFLY_CMD_MEMBER_NEW, "web");
	put_ip(nlh, BFLY_A_GROUP_MEMBER, "10.1.1.1");
	put_ip(nlh, BFLY_A_GROUP_MEMBER, "10.9.9.9");
	refused(nlh, NULL, EEXIST, "member-new: one of two is there");
	nlh = group(BFLY_CMD_MEMBER_DEL, "web");
	put_ip(nlh, BFLY_A_GROUP_MEMBER, "10.9.9.9");
	put_ip(nlh, BFLY_A_GROUP_MEMBER, "10.1.1.1");
	refused(nlh, NULL, ENOENT, "member-del: one of two is not there");
	nlh = group(BFLY_CMD_MEMBER_NEW, "web");
	for (i = 0; i < 65537; i++)
		mnl_attr_put_u32(nlh, BFLY_A_GROUP_MEMBER, htonl(0x0b000000 + i));
	refused(nlh, NULL, ANY, "member-new: too many");
}

void special_groups(void)
{
	groups();
	rules();
}
