// SPDX-License-Identifier: GPL-2.0
/* Requests that are well formed and must be refused for what they mean. */
#include <arpa/inet.h>
#include <err.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "special.h"

const char mac_port[] = "\2\0\0\0\0\1";
const char mac_remote[] = "\2\0\0\0\0\2";
const char mac_new[] = "\2\0\0\0\0\3";

struct nlmsghdr *for_switch(uint8_t cmd)
{
	struct nlmsghdr *nlh = request_raw(family_id, cmd, false);

	mnl_attr_put_u32(nlh, BFLY_A_SWITCH_DEV, ifindex[DEV_SWITCH]);
	return nlh;
}

void put_ip(struct nlmsghdr *nlh, uint16_t type, const char *text)
{
	struct in6_addr ip;
	bool v6 = strchr(text, ':');

	if (inet_pton(v6 ? AF_INET6 : AF_INET, text, &ip) != 1)
		errx(1, "%s", text);
	mnl_attr_put(nlh, type, v6 ? 16 : 4, &ip);
}

void put_prefix(struct nlmsghdr *nlh, uint16_t type, const char *ip, uint8_t len)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);

	put_ip(nlh, BFLY_A_PREFIX_ADDR, ip);
	mnl_attr_put_u8(nlh, BFLY_A_PREFIX_LEN, len);
	mnl_attr_nest_end(nlh, nest);
}

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
	special_nets();
	special_devs();
	special_groups();
	special_pools();
	switches();
	other_switches();
	result(state_same(), "special cases", NULL, "objects of other kinds have changed");
}
