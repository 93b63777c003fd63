// SPDX-License-Identifier: GPL-2.0
/* Well formed requests that must be refused for what they mean: nets and remotes. */
#include <net/if.h>
#include "special.h"

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

void special_nets(void)
{
	nets();
	segments();
	multicast();
	remotes();
}
