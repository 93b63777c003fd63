// SPDX-License-Identifier: GPL-2.0
/*
 * Virtual addresses: of random services with prefixes the one that a plain look
 * through all of them finds, while services come and go.
 */

#include <kunit/test.h>
#include <linux/prandom.h>
#include <linux/rtnetlink.h>

#include "service.h"
#include "switch.h"
#include "vip_table.h"

#define SERVICES	300
#define PACKETS		4000

/**
 * struct vips - a switch with services and nothing else
 * @sw: the switch
 * @pool: pool of all of them
 * @conf: what is configured of all of them
 * @rnd: what is chosen at random
 * @services: services, NULL where there is none
 */
struct vips {
	struct bfly_switch sw;
	struct bfly_pool pool;
	struct bfly_service_conf conf;
	struct rnd_state rnd;
	struct bfly_service *services[SERVICES];
};

static int vips_init(struct kunit *test)
{
	struct vips *vips = kunit_kzalloc(test, sizeof(*vips), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, vips);
	vips->conf.pool = &vips->pool;
	vips->conf.hash = BFLY_HASH_OF_POOL;
	prandom_seed_state(&vips->rnd, 7);
	test->priv = vips;
	return bfly_services_init(&vips->sw);
}

static void vips_exit(struct kunit *test)
{
	struct vips *vips = test->priv;

	rtnl_lock();
	bfly_services_fini(&vips->sw);
	rtnl_unlock();
	rcu_barrier();
}

/* Few different bits, so that prefixes lie within each other. */
static struct bfly_addr random_addr(struct rnd_state *rnd, u16 family)
{
	struct bfly_addr addr = { .family = family };
	u32 bits = prandom_u32_state(rnd);

	if (family == AF_INET) {
		addr.ip4 = htonl(0xc0000000 | (bits & 0x01010103));
		return addr;
	}
	addr.ip6.s6_addr32[0] = htonl(0x20010db8);
	addr.ip6.s6_addr32[1] = htonl(bits & 0x10001);
	addr.ip6.s6_addr32[3] = htonl(bits >> 8 & 0x80000003);
	return addr;
}

static struct bfly_service_key random_key(struct rnd_state *rnd)
{
	static const u8 lens4[] = { 32, 32, 32, 8, 15, 16, 24, 31 };
	static const u8 lens6[] = { 128, 128, 128, 32, 48, 64, 97, 127 };
	static const u8 protos[] = { IPPROTO_TCP, IPPROTO_UDP };
	u32 bits = prandom_u32_state(rnd);
	struct bfly_service_key key = {
		.proto = protos[bits & 1],
		.port = bits >> 1 & 3,
	};
	bool ip4 = bits & 8;

	key.prefix.addr = random_addr(rnd, ip4 ? AF_INET : AF_INET6);
	key.prefix.len = (ip4 ? lens4 : lens6)[bits >> 4 & 7];
	bfly_prefix_canonical(&key.prefix);
	return key;
}

/* What the documentation says, word by word. */
static struct bfly_service *plain_service(struct vips *vips,
					  const struct bfly_addr *addr,
					  u8 proto, u16 port)
{
	struct bfly_service *service, *best = NULL;
	const struct bfly_service_key *key;
	int rank, most = -1;

	list_for_each_entry(service, &vips->sw.services, list) {
		key = &service->key;
		if (!bfly_prefix_contains(&key->prefix, &addr->ip6,
					  addr->family) ||
		    key->proto != proto || (key->port && key->port != port))
			continue;
		rank = 2 * key->prefix.len + !!key->port;
		if (rank > most) {
			most = rank;
			best = service;
		}
	}
	return best;
}

static bool plain_is_vip(struct vips *vips, const struct bfly_addr *addr)
{
	struct bfly_service *service;

	list_for_each_entry(service, &vips->sw.services, list)
		if (bfly_prefix_contains(&service->key.prefix, &addr->ip6,
					 addr->family))
			return true;
	return false;
}

static u32 count_wrong(struct vips *vips, u32 packets)
{
	static const u8 protos[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP };
	const struct bfly_service *service;
	const struct bfly_vip *vip;
	struct bfly_addr addr;
	u32 bits, wrong = 0;
	u16 port;
	u8 proto;

	while (packets--) {
		bits = prandom_u32_state(&vips->rnd);
		addr = random_addr(&vips->rnd, bits & 1 ? AF_INET : AF_INET6);
		proto = protos[(bits >> 1 & 3) % 3];
		port = 1 + (bits >> 3 & 3);
		rcu_read_lock();
		vip = bfly_vip_find(&vips->sw, &addr.ip6, addr.family);
		wrong += !vip == plain_is_vip(vips, &addr);
		service = vip ? bfly_vip_service(vip, proto, port) : NULL;
		wrong += service != plain_service(vips, &addr, proto, port);
		rcu_read_unlock();
	}
	return wrong;
}

static bool passes(struct vips *vips, const struct bfly_addr *addr)
{
	bool passes;

	rcu_read_lock();
	passes = bfly_vip_passes(bfly_vip_find(&vips->sw, &addr->ip6,
					       addr->family));
	rcu_read_unlock();
	return passes;
}

/* One more service, unless its place or its name is taken; or one less. */
static void random_change(struct kunit *test, struct vips *vips)
{
	struct bfly_service **at =
		&vips->services[prandom_u32_state(&vips->rnd) % SERVICES];
	struct bfly_service_key key = random_key(&vips->rnd);

	if (*at) {
		bfly_service_del(&vips->sw, *at);
		*at = NULL;
		return;
	}
	if (bfly_service_find(&vips->sw, &key))
		return;
	KUNIT_ASSERT_TRUE(test, bfly_vip_takes_len(&vips->sw, &key.prefix));
	*at = bfly_service_new(&vips->sw, &key, &vips->conf);
	KUNIT_ASSERT_FALSE(test, IS_ERR(*at));
}

static void vip_most_specific(struct kunit *test)
{
	struct vips *vips = test->priv;
	u32 i, wrong = 0;

	rtnl_lock();
	for (i = 0; i < SERVICES; i++)
		random_change(test, vips);
	KUNIT_EXPECT_GT(test, vips->sw.service_count, 50);
	wrong += count_wrong(vips, PACKETS);
	for (i = 0; i < SERVICES; i++) {
		random_change(test, vips);
		wrong += count_wrong(vips, 20);
	}
	for (i = 0; i < SERVICES; i++) {
		if (vips->services[i])
			bfly_service_del(&vips->sw, vips->services[i]);
		wrong += count_wrong(vips, 10);
	}
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, 0, wrong);
	KUNIT_EXPECT_EQ(test, 0, vips->sw.service_count);
	KUNIT_EXPECT_EQ(test, 0, vips->sw.vip_lens4);
	KUNIT_EXPECT_EQ(test, 0, vips->sw.vip_lens6);
}

/* What no service takes passes where any service of the address says so. */
static void vip_pass(struct kunit *test)
{
	struct bfly_service_key key = { .proto = IPPROTO_TCP, .port = 80 };
	struct vips *vips = test->priv;
	struct bfly_service *wide, *narrow;
	struct bfly_addr in, out;

	in = (struct bfly_addr){ .family = AF_INET, .ip4 = htonl(0xc0000201) };
	out = (struct bfly_addr){ .family = AF_INET, .ip4 = htonl(0xc0000202) };
	rtnl_lock();
	key.prefix = (struct bfly_prefix){ .addr = in, .len = 24 };
	bfly_prefix_canonical(&key.prefix);
	wide = bfly_service_new(&vips->sw, &key, &vips->conf);
	KUNIT_ASSERT_FALSE(test, IS_ERR(wide));
	key.prefix = (struct bfly_prefix){ .addr = in, .len = 32 };
	narrow = bfly_service_new(&vips->sw, &key, &vips->conf);
	KUNIT_ASSERT_FALSE(test, IS_ERR(narrow));
	KUNIT_EXPECT_EQ(test, 0, passes(vips, &in) + passes(vips, &out));

	vips->conf.unknown = BFLY_SERVICE_UNKNOWN_PASS;
	bfly_service_apply(&vips->sw, narrow, &vips->conf);
	bfly_service_apply(&vips->sw, narrow, &vips->conf);
	KUNIT_EXPECT_TRUE(test, passes(vips, &in));
	KUNIT_EXPECT_FALSE(test, passes(vips, &out));
	bfly_service_apply(&vips->sw, wide, &vips->conf);
	KUNIT_EXPECT_TRUE(test, passes(vips, &out));
	vips->conf.unknown = BFLY_SERVICE_UNKNOWN_DROP;
	bfly_service_apply(&vips->sw, narrow, &vips->conf);
	KUNIT_EXPECT_TRUE(test, passes(vips, &in));
	bfly_service_del(&vips->sw, wide);
	KUNIT_EXPECT_FALSE(test, passes(vips, &in));
	rtnl_unlock();
}

/* Longest first, each once, single addresses not at all, and no ninth. */
static void vip_lengths(struct kunit *test)
{
	static const u8 lens[] = { 24, 32, 28, 8, 24, 31, 16 };
	struct bfly_service_key key = { .proto = IPPROTO_TCP };
	struct vips *vips = test->priv;
	struct bfly_service *first;
	u32 i;

	key.prefix.addr = (struct bfly_addr){
		.family = AF_INET, .ip4 = htonl(0xc0000000),
	};
	rtnl_lock();
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		key.prefix.len = lens[i];
		key.port = 1 + i;
		first = bfly_service_new(&vips->sw, &key, &vips->conf);
		KUNIT_ASSERT_FALSE(test, IS_ERR(first));
		vips->services[i] = first;
	}
	KUNIT_EXPECT_EQ(test, 0x0810181c1f, vips->sw.vip_lens4);
	KUNIT_EXPECT_EQ(test, 0, vips->sw.vip_lens6);
	/* two of 24 bits */
	bfly_service_del(&vips->sw, vips->services[0]);
	KUNIT_EXPECT_EQ(test, 0x0810181c1f, vips->sw.vip_lens4);
	bfly_service_del(&vips->sw, vips->services[4]);
	KUNIT_EXPECT_EQ(test, 0x08101c1f, vips->sw.vip_lens4);

	for (i = 1; i <= 4; i++) {
		key.prefix.len = i;
		KUNIT_EXPECT_TRUE(test, bfly_vip_takes_len(&vips->sw,
							   &key.prefix));
		first = bfly_service_new(&vips->sw, &key, &vips->conf);
		KUNIT_ASSERT_FALSE(test, IS_ERR(first));
	}
	KUNIT_EXPECT_EQ(test, 0x0102030408101c1f, vips->sw.vip_lens4);
	KUNIT_EXPECT_TRUE(test, bfly_vip_takes_len(&vips->sw, &key.prefix));
	key.prefix.len = 32;
	KUNIT_EXPECT_TRUE(test, bfly_vip_takes_len(&vips->sw, &key.prefix));
	key.prefix.len = 5;
	KUNIT_EXPECT_FALSE(test, bfly_vip_takes_len(&vips->sw, &key.prefix));
	key.prefix.addr.family = AF_INET6;
	KUNIT_EXPECT_TRUE(test, bfly_vip_takes_len(&vips->sw, &key.prefix));
	rtnl_unlock();
}

static struct kunit_case vip_cases[] = {
	KUNIT_CASE_SLOW(vip_most_specific),
	KUNIT_CASE(vip_pass),
	KUNIT_CASE(vip_lengths),
	{}
};

static struct kunit_suite vip_suite = {
	.name = "bfly-vip",
	.init = vips_init,
	.exit = vips_exit,
	.test_cases = vip_cases,
};

kunit_test_suites(&vip_suite);
