// SPDX-License-Identifier: GPL-2.0
/* Requests that are well formed and must be refused for what they mean. */
#include <arpa/inet.h>
#include <err.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "bad_input.h"

static const char mac_port[] = "\2\0\0\0\0\1";		/* of DEV_PORT */
static const char mac_remote[] = "\2\0\0\0\0\2";	/* of the remote in net 10 */
static const char mac_new[] = "\2\0\0\0\0\3";

/* A request that names the switch. */
static struct nlmsghdr *for_switch(uint8_t cmd)
{
	struct nlmsghdr *nlh = request_raw(family_id, cmd, false);

	mnl_attr_put_u32(nlh, BFLY_A_SWITCH_DEV, ifindex[DEV_SWITCH]);
	return nlh;
}

static void put_ip(struct nlmsghdr *nlh, uint16_t type, const char *text)
{
	struct in6_addr ip;
	bool v6 = strchr(text, ':');

	if (inet_pton(v6 ? AF_INET6 : AF_INET, text, &ip) != 1)
		errx(1, "%s", text);
	mnl_attr_put(nlh, type, v6 ? 16 : 4, &ip);
}

static void put_prefix(struct nlmsghdr *nlh, uint16_t type, const char *ip, uint8_t len)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);

	put_ip(nlh, BFLY_A_PREFIX_ADDR, ip);
	mnl_attr_put_u8(nlh, BFLY_A_PREFIX_LEN, len);
	mnl_attr_nest_end(nlh, nest);
}

/* ---- nets and remotes ---- */

static struct nlmsghdr *net(uint8_t cmd, uint32_t id)
{
	struct nlmsghdr *nlh = for_switch(cmd);

	mnl_attr_put_u32(nlh, BFLY_A_NET_ID, id);
	return nlh;
}

static void nets(void)
{
	struct nlmsghdr *nlh;

	refused(net(BFLY_CMD_NET_NEW, 10), NULL, EEXIST, "net-new: id in use");
	refused(net(BFLY_CMD_NET_NEW, 2000), NULL, EEXIST, "net-new: its id is a VNI in use");
	nlh = net(BFLY_CMD_NET_NEW, 31);
	mnl_attr_put_u32(nlh, BFLY_A_NET_VNI, 10);
	refused(nlh, NULL, EEXIST, "net-new: VNI in use");
	nlh = net(BFLY_CMD_NET_NEW, 20);
	mnl_attr_put(nlh, BFLY_A_NET_REPLACE, 0, NULL);
	mnl_attr_put_u32(nlh, BFLY_A_NET_VNI, 10);
	refused(nlh, NULL, ANY, "net-new: replace with a VNI in use");
	nlh = net(BFLY_CMD_NET_NEW, 10);
	mnl_attr_put(nlh, BFLY_A_NET_REPLACE, 0, NULL);
	mnl_attr_put_u32(nlh, BFLY_A_NET_VNI, 11);
	refused(nlh, NULL, ANY, "net-new: another VNI under live ports");
	refused(net(BFLY_CMD_NET_DEL, 10), NULL, EBUSY, "net-del: with ports");
}

/* A net of a type, with an uplink and a VLAN id where they are not 0. */
static struct nlmsghdr *typed_net(uint32_t id, uint32_t type, uint32_t uplink, uint16_t vid)
{
	struct nlmsghdr *nlh = net(BFLY_CMD_NET_NEW, id);

	mnl_attr_put_u32(nlh, BFLY_A_NET_TYPE, type);
	if (uplink)
		mnl_attr_put_u32(nlh, BFLY_A_NET_UPLINK, uplink);
	if (vid)
		mnl_attr_put_u16(nlh, BFLY_A_NET_VID, vid);
	return nlh;
}

static struct nlmsghdr *typed_net_replace(uint32_t id, uint32_t type, uint32_t uplink,
					  uint16_t vid)
{
	struct nlmsghdr *nlh = typed_net(id, type, uplink, vid);

	mnl_attr_put(nlh, BFLY_A_NET_REPLACE, 0, NULL);
	return nlh;
}

static void segments_alone(uint32_t up)
{
	static const enum dev wrong[] = { DEV_FREE, DEV_PORT, DEV_SWITCH, DEV_UPLINK2 };
	struct nlmsghdr *nlh;
	unsigned int i;

	refused(typed_net(40, BFLY_NET_TYPE_VXLAN, up, 0), NULL, EINVAL,
		"net-new: vxlan with an uplink");
	refused(typed_net(40, BFLY_NET_TYPE_VXLAN, 0, 7), NULL, EINVAL,
		"net-new: vxlan with a VLAN id");
	refused(typed_net(40, BFLY_NET_TYPE_VLAN, 0, 7), NULL, EINVAL,
		"net-new: vlan without an uplink");
	refused(typed_net(40, BFLY_NET_TYPE_VLAN, up, 0), NULL, EINVAL,
		"net-new: vlan without a VLAN id");
	refused(typed_net(40, BFLY_NET_TYPE_FLAT, 0, 0), NULL, EINVAL,
		"net-new: flat without an uplink");
	refused(typed_net(40, BFLY_NET_TYPE_FLAT, up, 7), NULL, EINVAL,
		"net-new: flat with a VLAN id");
	nlh = typed_net(40, BFLY_NET_TYPE_VLAN, up, 7);
	mnl_attr_put_u32(nlh, BFLY_A_NET_VNI, 40);
	refused(nlh, NULL, EINVAL, "net-new: vlan with a VNI");
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		refused(typed_net(40, BFLY_NET_TYPE_FLAT, ifindex[wrong[i]], 0), NULL, ENOENT,
			"net-new: flat on what is no uplink (%u)", i);
	refused(typed_net(40, BFLY_NET_TYPE_FLAT, 0x7ffffff0, 0), NULL, ENODEV,
		"net-new: flat on no device");
}

/* With a VLAN and a flat net on the uplink. */
static void segments_taken(uint32_t up)
{
	struct nlmsghdr *nlh;

	refused(typed_net(42, BFLY_NET_TYPE_VLAN, up, 7), NULL, EEXIST,
		"net-new: the VLAN is another net's");
	refused(typed_net(42, BFLY_NET_TYPE_FLAT, up, 0), NULL, EEXIST,
		"net-new: the uplink has a flat net");
	refused(typed_net_replace(40, BFLY_NET_TYPE_VLAN, up, 8), NULL, EINVAL,
		"net-new: replace with another VLAN id");
	refused(typed_net_replace(40, BFLY_NET_TYPE_FLAT, up, 0), NULL, EINVAL,
		"net-new: replace with another type");
	refused(typed_net_replace(10, BFLY_NET_TYPE_FLAT, up, 0), NULL, EINVAL,
		"net-new: replace vxlan with flat");
	nlh = for_switch(BFLY_CMD_UPLINK_DEL);
	mnl_attr_put_u32(nlh, BFLY_A_UPLINK_IFINDEX, up);
	refused(nlh, NULL, EBUSY, "uplink-del: with nets");
	nlh = for_switch(BFLY_CMD_REMOTE_NEW);
	mnl_attr_put_u32(nlh, BFLY_A_REMOTE_NET, 40);
	put_ip(nlh, BFLY_A_REMOTE_VIA, "192.0.2.1");
	refused(nlh, NULL, EINVAL, "remote-new: in a net of type vlan");
}

static void segments(void)
{
	uint32_t up = ifindex[DEV_UPLINK];

	segments_alone(up);
	accepted(typed_net(40, BFLY_NET_TYPE_VLAN, up, 7), "a net of type vlan");
	accepted(typed_net(41, BFLY_NET_TYPE_FLAT, up, 0), "a flat net");
	state_take();
	segments_taken(up);
	accepted(net(BFLY_CMD_NET_DEL, 40), "the net of type vlan goes");
	accepted(net(BFLY_CMD_NET_DEL, 41), "the flat net goes");
	state_take();
}

static struct nlmsghdr *remote(uint8_t cmd, const char *via, const void *mac)
{
	struct nlmsghdr *nlh = for_switch(cmd);

	mnl_attr_put_u32(nlh, BFLY_A_REMOTE_NET, 10);
	put_ip(nlh, BFLY_A_REMOTE_VIA, via);
	if (mac)
		mnl_attr_put(nlh, BFLY_A_REMOTE_MAC, 6, mac);
	return nlh;
}

static struct nlmsghdr *net_with_group(uint8_t cmd, uint32_t id, const char *group, uint32_t via)
{
	struct nlmsghdr *nlh = net(cmd, id);

	if (group)
		put_ip(nlh, BFLY_A_NET_MCAST, group);
	if (via)
		mnl_attr_put_u32(nlh, BFLY_A_NET_VIA, via);
	return nlh;
}

static void multicast_of(uint8_t cmd, uint32_t id, const char *name)
{
	static const char *const wrong[] = {
		"0.0.0.0", "192.0.2.1", "223.255.255.255", "224.0.0.0", "224.0.0.255",
		"240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "2001:db8::1",
		"::ffff:239.1.1.1", "ff00::7", "ff01::7", "ff02::1", "ff02::2", "ff02::1:ff00:1",
	};
	static const enum dev devs[] = { DEV_SWITCH, DEV_OTHER, DEV_PORT, DEV_CLOSED };
	uint32_t up = ifindex[DEV_UPLINK];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		refused(net_with_group(cmd, id, wrong[i], up), NULL, EINVAL, "%s: group %s",
			name, wrong[i]);
	for (i = 0; i < ARRAY_SIZE(devs); i++)
		refused(net_with_group(cmd, id, "239.1.1.1", ifindex[devs[i]]), NULL, EINVAL,
			"%s: a group on device %u", name, devs[i]);
	refused(net_with_group(cmd, id, "239.1.1.1", if_nametoindex("lo")), NULL, EINVAL,
		"%s: a group on lo", name);
	refused(net_with_group(cmd, id, "ff05::7", 0x7ffffff0), NULL, ENODEV,
		"%s: a group on no device", name);
	refused(net_with_group(cmd, id, "ff05::7", 0), NULL, EINVAL, "%s: a group alone", name);
	refused(net_with_group(cmd, id, NULL, up), NULL, EINVAL, "%s: a group's device alone", name);
}

static void multicast(void)
{
	uint32_t up = ifindex[DEV_UPLINK];
	struct nlmsghdr *nlh;

	multicast_of(BFLY_CMD_NET_NEW, 40, "net-new");
	multicast_of(BFLY_CMD_NET_SET, 20, "net-set");
	nlh = net_with_group(BFLY_CMD_NET_SET, 20, "239.1.1.1", up);
	mnl_attr_put_u32(nlh, BFLY_A_NET_CLEAR, BFLY_NET_CLEAR_MCAST);
	refused(nlh, NULL, EINVAL, "net-set: a group given and taken away");
	nlh = net(BFLY_CMD_NET_SET, 20);
	mnl_attr_put_u8(nlh, BFLY_A_NET_TTL, 9);
	mnl_attr_put_u32(nlh, BFLY_A_NET_CLEAR, BFLY_NET_CLEAR_TTL);
	refused(nlh, NULL, EINVAL, "net-set: a TTL given and taken away");
	nlh = net_with_group(BFLY_CMD_NET_SET, 20, "239.1.1.1", up);
	mnl_attr_put_u8(nlh, BFLY_A_NET_TOS, 3);
	refused(nlh, NULL, EINVAL, "net-set: a right group, but a wrong DSCP");

	accepted(net_with_group(BFLY_CMD_NET_SET, 20, "239.1.1.1", up), "net-set: a group");
	state_take();
	nlh = for_switch(BFLY_CMD_SWITCH_SET);
	put_ip(nlh, BFLY_A_SWITCH_LOCAL, "::1:1");
	refused(nlh, NULL, EADDRNOTAVAIL, "switch-set: no local address of a group's family");
	nlh = net(BFLY_CMD_NET_SET, 20);
	mnl_attr_put_u32(nlh, BFLY_A_NET_CLEAR, BFLY_NET_CLEAR_MCAST);
	accepted(nlh, "net-set: no group");
	state_take();
}

static void remotes(void)
{
	struct nlmsghdr *nlh;
	unsigned int i;

	refused(remote(BFLY_CMD_REMOTE_NEW, "192.0.2.1", mac_remote), NULL, EEXIST,
		"remote-new: it exists");
	refused(remote(BFLY_CMD_REMOTE_NEW, "192.0.2.1", NULL), NULL, EEXIST,
		"remote-new: the flood target exists");
	refused(remote(BFLY_CMD_REMOTE_NEW, "192.0.2.7", mac_remote), NULL, ANY,
		"remote-new: the MAC is behind another peer");
	refused(remote(BFLY_CMD_REMOTE_NEW, "192.0.2.7", mac_port), NULL, ANY,
		"remote-new: the MAC is a port's");
	nlh = remote(BFLY_CMD_REMOTE_NEW, "192.0.2.7", NULL);
	put_ip(nlh, BFLY_A_REMOTE_ADDR, "10.0.0.7");
	refused(nlh, NULL, EINVAL, "remote-new: an address without a MAC");
	nlh = remote(BFLY_CMD_REMOTE_NEW, "192.0.2.7", mac_new);
	for (i = 0; i < 65; i++)
		put_ip(nlh, BFLY_A_REMOTE_ADDR, "10.0.0.7");
	refused(nlh, NULL, ANY, "remote-new: too many addresses");
	refused(remote(BFLY_CMD_REMOTE_DEL, "192.0.2.1", mac_port), NULL, ENOENT,
		"remote-del: of another MAC");
}

/* ---- devices ---- */

static struct nlmsghdr *uplink(uint8_t cmd, uint32_t index)
{
	struct nlmsghdr *nlh = for_switch(cmd);

	mnl_attr_put_u32(nlh, BFLY_A_UPLINK_IFINDEX, index);
	return nlh;
}

static void uplinks(void)
{
	static const enum dev wrong[] = {
		DEV_SWITCH, DEV_OTHER, DEV_PORT, DEV_CLOSED,
	};
	unsigned int i;

	refused(uplink(BFLY_CMD_UPLINK_NEW, ifindex[DEV_UPLINK]), NULL, EEXIST,
		"uplink-new: it is one");
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		refused(uplink(BFLY_CMD_UPLINK_NEW, ifindex[wrong[i]]), NULL, ANY,
			"uplink-new: a switch or port (%u)", i);
	refused(uplink(BFLY_CMD_UPLINK_NEW, if_nametoindex("lo")), NULL, ANY,
		"uplink-new: the loopback device");
	refused(uplink(BFLY_CMD_UPLINK_DEL, ifindex[DEV_FREE]), NULL, ENOENT,
		"uplink-del: none");
	refused(uplink(BFLY_CMD_UPLINK_DEL, ifindex[DEV_PORT]), NULL, ENOENT,
		"uplink-del: a port");
	refused(uplink(BFLY_CMD_UPLINK_GET, ifindex[DEV_PORT]), NULL, ENOENT,
		"uplink-get: a port");
}

static struct nlmsghdr *port(uint8_t cmd, uint32_t index, uint32_t id, const void *mac)
{
	struct nlmsghdr *nlh = for_switch(cmd);

	mnl_attr_put_u32(nlh, BFLY_A_PORT_IFINDEX, index);
	if (id)
		mnl_attr_put_u32(nlh, BFLY_A_PORT_NET, id);
	if (mac)
		mnl_attr_put(nlh, BFLY_A_PORT_MAC, 6, mac);
	return nlh;
}

static void port_devices(void)
{
	static const enum dev wrong[] = { DEV_OTHER, DEV_UPLINK };
	static const uint8_t cmds[] = { BFLY_CMD_PORT_SET, BFLY_CMD_PORT_DEL, BFLY_CMD_PORT_GET };
	static const enum dev none[] = { DEV_FREE, DEV_UPLINK, DEV_SWITCH, DEV_CLOSED };
	unsigned int i, k;

	refused(port(BFLY_CMD_PORT_NEW, ifindex[DEV_PORT], 10, mac_port), NULL, EEXIST,
		"port-new: it is one");
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		refused(port(BFLY_CMD_PORT_NEW, ifindex[wrong[i]], 10, mac_new), NULL, ANY,
			"port-new: another switch or an uplink (%u)", i);
	refused(port(BFLY_CMD_PORT_NEW, if_nametoindex("lo"), 10, mac_new), NULL, ANY,
		"port-new: the loopback device");
	for (i = 0; i < ARRAY_SIZE(cmds); i++)
		for (k = 0; k < ARRAY_SIZE(none); k++)
			/* a closed port can be looked at */
			if (cmds[i] != BFLY_CMD_PORT_GET || none[k] != DEV_CLOSED)
				refused(port(cmds[i], ifindex[none[k]], 0, NULL), NULL, ENOENT,
					"port command %u: no configured port (%u)", cmds[i], k);
}

/* What is refused late must not leave a free device in the switch. */
static void ports_of(enum dev dev, const char *which)
{
	struct nlmsghdr *nlh;
	unsigned int i;

	refused(port(BFLY_CMD_PORT_NEW, ifindex[dev], 99, mac_new), NULL, ENOENT,
		"port-new %s: no such net", which);
	refused(port(BFLY_CMD_PORT_NEW, ifindex[dev], 10, mac_port), NULL, ANY,
		"port-new %s: the MAC is another port's", which);
	refused(port(BFLY_CMD_PORT_NEW, ifindex[dev], 10, mac_remote), NULL, ANY,
		"port-new %s: the MAC is a remote's", which);
	nlh = port(BFLY_CMD_PORT_NEW, ifindex[dev], 10, mac_new);
	mnl_attr_put(nlh, BFLY_A_PORT_MAC, 6, mac_port);
	refused(nlh, NULL, ANY, "port-new %s: one of two MACs is another port's", which);
	nlh = port(BFLY_CMD_PORT_NEW, ifindex[dev], 10, mac_new);
	put_prefix(nlh, BFLY_A_PORT_ADDR, "10.0.0.0", 24);
	put_prefix(nlh, BFLY_A_PORT_ADDR, "10.0.0.1", 33);
	refused(nlh, NULL, EINVAL, "port-new %s: prefix length 33 of IPv4", which);
	nlh = port(BFLY_CMD_PORT_NEW, ifindex[dev], 10, NULL);
	for (i = 0; i < 65; i++)
		mnl_attr_put(nlh, BFLY_A_PORT_MAC, 6,
			     (char[]){ 2, 0, 0, 0, 1, (char)i });
	refused(nlh, NULL, ANY, "port-new %s: too many MACs", which);
	nlh = port(BFLY_CMD_PORT_NEW, ifindex[dev], 10, mac_new);
	for (i = 0; i < 1025; i++)
		put_prefix(nlh, BFLY_A_PORT_ADDR, "10.0.0.0", 24);
	refused(nlh, NULL, ANY, "port-new %s: too many addresses", which);
	nlh = port(BFLY_CMD_PORT_NEW, ifindex[dev], 10, mac_new);
	for (i = 0; i < 65; i++)
		mnl_attr_put_strz(nlh, BFLY_A_PORT_GROUP, "web");
	refused(nlh, NULL, ANY, "port-new %s: too many groups", which);
	nlh = port(BFLY_CMD_PORT_NEW, ifindex[dev], 10, mac_new);
	mnl_attr_put_strz(nlh, BFLY_A_PORT_GROUP, "web");
	mnl_attr_put_strz(nlh, BFLY_A_PORT_GROUP, "not a name");
	refused(nlh, NULL, ANY, "port-new %s: one bad group of two", which);
	nlh = port(BFLY_CMD_PORT_NEW, ifindex[dev], 10, mac_new);
	mnl_attr_put_strz(nlh, BFLY_A_PORT_LABEL, "two\nlines");
	refused(nlh, NULL, ANY, "port-new %s: a label of two lines", which);
}

static void ports(void)
{
	struct nlmsghdr *nlh;

	port_devices();
	ports_of(DEV_FREE, "on a free device");
	ports_of(DEV_CLOSED, "on a closed port");
	ports_of(DEV_SWITCH, "on the switch itself");
	refused(port(BFLY_CMD_PORT_NEW, ifindex[DEV_FREE], 10, NULL), NULL, EINVAL,
		"port-new: no MAC on a free device");
	refused(port(BFLY_CMD_PORT_SET, ifindex[DEV_PORT], 0, mac_remote), NULL, ANY,
		"port-set: the MAC is a remote's");
	refused(port(BFLY_CMD_PORT_SET, ifindex[DEV_PORT], 99, NULL), NULL, ENOENT,
		"port-set: no such net");
	nlh = port(BFLY_CMD_PORT_SET, ifindex[DEV_PORT], 20, NULL);
	mnl_attr_put_strz(nlh, BFLY_A_PORT_LABEL, "moved");
	put_prefix(nlh, BFLY_A_PORT_ADDR, "ff02::1", 128);
	refused(nlh, NULL, ANY, "port-set: a multicast address, and much that is right");
}

/* ---- groups ---- */

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
	rules();
}

/* ---- balancer ---- */

static struct nlmsghdr *pool(uint8_t cmd, const char *name)
{
	struct nlmsghdr *nlh = for_switch(cmd);

	mnl_attr_put_strz(nlh, BFLY_A_POOL_NAME, name);
	return nlh;
}

static void put_backend(struct nlmsghdr *nlh, const char *ip)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, BFLY_A_POOL_BACKEND);

	put_ip(nlh, BFLY_A_BACKEND_ADDR, ip);
	mnl_attr_nest_end(nlh, nest);
}

/* A request for a new pool of a method, with what some methods have. */
static struct nlmsghdr *method_pool(uint32_t method, bool vni, bool dscp)
{
	struct nlmsghdr *nlh = pool(BFLY_CMD_POOL_NEW, "fresh");

	mnl_attr_put_u32(nlh, BFLY_A_POOL_METHOD, method);
	if (vni)
		mnl_attr_put_u32(nlh, BFLY_A_POOL_VNI, 7);
	if (dscp)
		mnl_attr_put_u8(nlh, BFLY_A_POOL_DSCP, 11);
	return nlh;
}

/* What only some methods have is refused for all others. */
static void methods(void)
{
	static const struct {
		uint32_t method;
		bool port, vni, dscp;
	} cases[] = {
		{ BFLY_METHOD_L2 }, { BFLY_METHOD_IPIP }, { BFLY_METHOD_GRE },
		{ BFLY_METHOD_GUE, .port = true }, { BFLY_METHOD_FOU, .port = true },
		{ BFLY_METHOD_VXLAN, .port = true, .vni = true },
		{ BFLY_METHOD_GRE_RETARGET }, { BFLY_METHOD_DSCP, .dscp = true },
	};
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		uint32_t method = cases[i].method;

		if (!cases[i].port) {
			nlh = method_pool(method, cases[i].vni, cases[i].dscp);
			mnl_attr_put_u16(nlh, BFLY_A_POOL_PORT, 6080);
			refused(nlh, NULL, EINVAL, "pool-new: method %u with a port", method);
		}
		if (!cases[i].vni) {
			nlh = method_pool(method, true, cases[i].dscp);
			refused(nlh, NULL, EINVAL, "pool-new: method %u with a VNI", method);
		}
		if (!cases[i].dscp) {
			nlh = method_pool(method, cases[i].vni, true);
			refused(nlh, NULL, EINVAL, "pool-new: method %u with a DSCP", method);
		}
	}
	refused(method_pool(BFLY_METHOD_VXLAN, false, false), NULL, EINVAL,
		"pool-new: vxlan without a VNI");
	refused(method_pool(BFLY_METHOD_DSCP, false, false), NULL, EINVAL,
		"pool-new: dscp without one");
	nlh = method_pool(BFLY_METHOD_VXLAN, true, false);
	put_backend(nlh, "192.0.2.30");
	refused(nlh, NULL, EINVAL, "pool-new: vxlan and a backend without a MAC");

	nlh = pool(BFLY_CMD_POOL_SET, "web");
	mnl_attr_put_u32(nlh, BFLY_A_POOL_HASH, BFLY_HASH_SOURCE);
	mnl_attr_put_u16(nlh, BFLY_A_POOL_PORT, 6080);
	refused(nlh, NULL, EINVAL, "pool-set: ipip with a port");
	nlh = pool(BFLY_CMD_POOL_NEW, "web");
	mnl_attr_put(nlh, BFLY_A_POOL_REPLACE, 0, NULL);
	mnl_attr_put_u32(nlh, BFLY_A_POOL_METHOD, BFLY_METHOD_GRE_RETARGET);
	refused(nlh, NULL, EBUSY, "pool-new: replace by gre-retarget under services");
}

static void pools(void)
{
	static const uint32_t sizes[] = { 252, 253, 256, 1024, 65535, 65536, 655372 };
	char ip[INET_ADDRSTRLEN];
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		nlh = pool(BFLY_CMD_POOL_NEW, "fresh");
		mnl_attr_put_u32(nlh, BFLY_A_POOL_METHOD, BFLY_METHOD_L2);
		mnl_attr_put_u32(nlh, BFLY_A_POOL_TABLE, sizes[i]);
		refused(nlh, NULL, EINVAL, "pool-new: table of %u, no prime", sizes[i]);
		nlh = pool(BFLY_CMD_POOL_SET, "web");
		mnl_attr_put_u32(nlh, BFLY_A_POOL_HASH, BFLY_HASH_SOURCE);
		mnl_attr_put_u32(nlh, BFLY_A_POOL_TABLE, sizes[i]);
		refused(nlh, NULL, EINVAL, "pool-set: table of %u, no prime", sizes[i]);
	}
	nlh = pool(BFLY_CMD_POOL_SET, "web");
	mnl_attr_put_u32(nlh, BFLY_A_POOL_HASH, BFLY_HASH_QUIC);
	refused(nlh, NULL, EINVAL, "pool-set: hash quic, which is a service's");
	nlh = pool(BFLY_CMD_POOL_NEW, "web");
	mnl_attr_put_u32(nlh, BFLY_A_POOL_METHOD, BFLY_METHOD_L2);
	refused(nlh, NULL, EEXIST, "pool-new: it exists");
	refused(pool(BFLY_CMD_POOL_DEL, "web"), NULL, EBUSY, "pool-del: with services");

	nlh = pool(BFLY_CMD_BACKEND_NEW, "web");
	put_backend(nlh, "192.0.2.30");
	put_backend(nlh, "192.0.2.11");
	refused(nlh, NULL, EEXIST, "backend-new: one of two is there");
	nlh = pool(BFLY_CMD_BACKEND_DEL, "web");
	put_backend(nlh, "192.0.2.11");
	put_backend(nlh, "192.0.2.30");
	refused(nlh, NULL, ENOENT, "backend-del: one of two is not there");
	nlh = pool(BFLY_CMD_BACKEND_SET, "web");
	put_backend(nlh, "192.0.2.11");
	put_backend(nlh, "192.0.2.30");
	refused(nlh, NULL, ENOENT, "backend-set: one of two is not there");
	nlh = pool(BFLY_CMD_BACKEND_NEW, "web");
	put_backend(nlh, "fe80::1");
	refused(nlh, NULL, EINVAL, "backend-new: a link-local address");
	nlh = pool(BFLY_CMD_BACKEND_NEW, "web");
	for (i = 0; i < 4097; i++) {
		snprintf(ip, sizeof(ip), "10.7.%u.%u", i / 256, i % 256);
		put_backend(nlh, ip);
	}
	refused(nlh, NULL, ANY, "backend-new: too many");
}

static struct nlmsghdr *service(uint8_t cmd, const char *ip, uint8_t proto, uint16_t number)
{
	struct nlmsghdr *nlh = for_switch(cmd);

	put_ip(nlh, BFLY_A_SERVICE_ADDR, ip);
	mnl_attr_put_u8(nlh, BFLY_A_SERVICE_PROTO, proto);
	mnl_attr_put_u16(nlh, BFLY_A_SERVICE_PORT, number);
	if (cmd == BFLY_CMD_SERVICE_NEW)
		mnl_attr_put_strz(nlh, BFLY_A_SERVICE_POOL, "web");
	return nlh;
}

static void services(void)
{
	static const uint8_t protos[] = { 0, IPPROTO_ICMP, IPPROTO_GRE, IPPROTO_ICMPV6, 255 };
	struct nlmsghdr *nlh;
	unsigned int i;

	refused(service(BFLY_CMD_SERVICE_NEW, "198.51.100.1", IPPROTO_TCP, 80), NULL, EEXIST,
		"service-new: it exists");
	for (i = 0; i < ARRAY_SIZE(protos); i++)
		refused(service(BFLY_CMD_SERVICE_NEW, "198.51.100.9", protos[i], 80), NULL, EINVAL,
			"service-new: protocol %u", protos[i]);
	nlh = service(BFLY_CMD_SERVICE_NEW, "198.51.100.9", IPPROTO_TCP, 443);
	mnl_attr_put_u32(nlh, BFLY_A_SERVICE_HASH, BFLY_HASH_QUIC);
	refused(nlh, NULL, EINVAL, "service-new: hash quic over tcp");
	nlh = service(BFLY_CMD_SERVICE_SET, "198.51.100.1", IPPROTO_TCP, 80);
	mnl_attr_put_u32(nlh, BFLY_A_SERVICE_HASH, BFLY_HASH_QUIC);
	refused(nlh, NULL, EINVAL, "service-set: hash quic over tcp");
	nlh = service(BFLY_CMD_SERVICE_SET, "198.51.100.1", IPPROTO_TCP, 80);
	mnl_attr_put_u32(nlh, BFLY_A_SERVICE_HASH, BFLY_HASH_SOURCE);
	mnl_attr_put_u32(nlh, BFLY_A_SERVICE_CLEAR, BFLY_SERVICE_CLEAR_HASH);
	refused(nlh, NULL, EINVAL, "service-set: a hash given and taken away");
	refused(service(BFLY_CMD_SERVICE_DEL, "198.51.100.1", IPPROTO_TCP, 0), NULL, ENOENT,
		"service-del: every port, which there is not");

	/* as many lengths as there may be, and one more */
	for (i = 0; i < 9; i++) {
		nlh = service(BFLY_CMD_SERVICE_NEW, "198.18.0.0", IPPROTO_TCP, 80);
		mnl_attr_put_u8(nlh, BFLY_A_SERVICE_LEN, 15 + i);
		if (i < 8)
			accepted(nlh, "service-new: a prefix of length %u", 15 + i);
		else
			refused(nlh, NULL, ENOSPC, "service-new: prefixes of nine lengths");
		state_take();
	}
	for (i = 0; i < 8; i++) {
		nlh = service(BFLY_CMD_SERVICE_DEL, "198.18.0.0", IPPROTO_TCP, 80);
		mnl_attr_put_u8(nlh, BFLY_A_SERVICE_LEN, 15 + i);
		accepted(nlh, "service-del: a prefix of length %u", 15 + i);
	}
	state_take();
}

/* ---- switches ---- */

static void switches(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t len = sizeof(addr);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct nlmsghdr *nlh;

	nlh = for_switch(BFLY_CMD_SWITCH_SET);
	put_ip(nlh, BFLY_A_SWITCH_LOCAL, "192.0.2.100");
	put_ip(nlh, BFLY_A_SWITCH_LOCAL, "192.0.2.101");
	refused(nlh, NULL, EINVAL, "switch-set: two addresses of a family");
	nlh = for_switch(BFLY_CMD_SWITCH_SET);
	mnl_attr_put_u32(nlh, BFLY_A_SWITCH_FLOW_MAX, 77);
	put_ip(nlh, BFLY_A_SWITCH_LOCAL, "192.0.2.100");
	refused(nlh, NULL, EADDRNOTAVAIL, "switch-set: nobody's address");

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    getsockname(fd, (struct sockaddr *)&addr, &len))
		err(1, "UDP socket");
	nlh = for_switch(BFLY_CMD_SWITCH_SET);
	mnl_attr_put_u32(nlh, BFLY_A_SWITCH_FLOW_MAX, 77);
	mnl_attr_put_u16(nlh, BFLY_A_SWITCH_DSTPORT, ntohs(addr.sin_port));
	refused(nlh, NULL, EADDRINUSE, "switch-set: UDP port in use");
	close(fd);
}

/* Whether an operation speaks of nothing but the switch and what it makes. */
static bool is_free_of_objects(const struct op *op)
{
	switch (op->cmd) {
	case BFLY_CMD_SWITCH_GET:
	case BFLY_CMD_SWITCH_SET:
	case BFLY_CMD_NET_NEW:
	case BFLY_CMD_UPLINK_NEW:
	case BFLY_CMD_GROUP_NEW:
	case BFLY_CMD_POOL_NEW:
	case BFLY_CMD_STATS_GET:
		return true;
	default:
		return false;
	}
}

static void other_switches(void)
{
	const struct attr *dev;
	struct change change = { .len = 4 };
	unsigned int i;

	for (i = 0; i < op_count; i++) {
		dev = ops[i]->request.attrs;
		if (!dev->name)
			continue;
		change.attr = dev;
		change.type = dev->type;
		change.data = &ifindex[DEV_FREE];
		refused(request(ops[i], &change), ops[i]->undo, EINVAL,
			"%s: the device is no switch", ops[i]->name);
		change.data = &ifindex[DEV_PORT];
		refused(request(ops[i], &change), ops[i]->undo, EINVAL,
			"%s: the device is a port", ops[i]->name);
		if (ops[i]->dump || is_free_of_objects(ops[i]))
			continue;
		change.data = &ifindex[DEV_OTHER];
		refused(request(ops[i], &change), ops[i]->undo, ANY,
			"%s: objects of another switch", ops[i]->name);
	}
}

void special_all(void)
{
	state_take();
	nets();
	segments();
	multicast();
	remotes();
	uplinks();
	ports();
	groups();
	pools();
	methods();
	services();
	switches();
	other_switches();
	result(state_same(), "special cases", NULL, "objects of other kinds have changed");
}
