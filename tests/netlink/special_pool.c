// SPDX-License-Identifier: GPL-2.0
/* Well formed requests that must be refused for what they mean: pools and services. */
#include <arpa/inet.h>
#include <stdio.h>
#include "special.h"

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

void special_pools(void)
{
	pools();
	methods();
	services();
}
