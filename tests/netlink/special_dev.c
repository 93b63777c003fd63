// SPDX-License-Identifier: GPL-2.0
/* Well formed requests that must be refused for what they mean: uplinks and ports. */
#include <net/if.h>
#include "special.h"

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

void special_devs(void)
{
	uplinks();
	ports();
}
