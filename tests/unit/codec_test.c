// SPDX-License-Identifier: GPL-2.0
/* Structs to attributes and back, and attributes that nobody should send. */
#include <netlink/msg.h>
#include <netlink/attr.h>
#include <errno.h>
#include "test.h"
#include "core.h"

static const struct bfly_layout *const layouts[] = {
	&bfly_switch_layout, &bfly_net_layout, &bfly_remote_layout,
	&bfly_uplink_layout, &bfly_port_layout, &bfly_group_layout,
	&bfly_pool_layout, &bfly_service_layout,
};

static struct nl_msg *encode(const struct bfly_layout *layout, const void *obj)
{
	struct nl_msg *msg = nlmsg_alloc_size(1 << 20);

	nlmsg_put(msg, 0, 0, 0, 0, 0);
	assert_int_equal(bfly_encode(msg, layout, obj), 0);
	return msg;
}

static int decode(struct bfly_arena *arena, const struct bfly_layout *layout,
		  struct nl_msg *msg, void *obj)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);

	return bfly_decode(arena, layout, nlmsg_attrdata(nlh, 0),
			   nlmsg_attrlen(nlh, 0), obj);
}

static void port_round_trip(void **state)
{
	static const struct bfly_mac macs[] = { { { 2, 0, 0, 0, 0, 1 } }, { { 2, 0, 0, 0, 0, 2 } } };
	static const struct bfly_prefix addrs[] = {
		{ { 4, { 10, 0, 0, 1 } }, 32 }, { { 16, { 0xfd } }, 64 }, { { 4, { 0 } }, 0 },
	};
	static const char *const groups[] = { "web", "", "a b" };
	const struct bfly_port in = {
		.set = (BFLY_F(PORT_STATELESS) * 2 - 1) & ~1 & ~BFLY_F(PORT_REPLACE),
		.dev = 1, .ifindex = 0xffffffff, .ifname = "veth0", .net = 0xffffff,
		.mac = macs, .n_mac = 2, .addr = addrs, .n_addr = 3,
		.group = groups, .n_group = 3, .antispoof = 1, .bypass = 0,
		.dhcp_server = 1, .label = "x", .clear = 3, .rx_packets = UINT64_MAX,
		.tx_dropped = 1, .flood_limit = 77, .flow_max = 78, .flows = 79,
		.stateless = 1,
	};
	struct bfly_arena arena = { 0 };
	struct bfly_port out = { 0 };
	struct nl_msg *msg = encode(&bfly_port_layout, &in);
	size_t i;

	(void)state;
	assert_int_equal(decode(&arena, &bfly_port_layout, msg, &out), 0);
	assert_true(out.set == in.set);
	assert_int_equal(out.ifindex, in.ifindex);
	assert_string_equal(out.ifname, "veth0");
	assert_int_equal(out.n_mac, 2);
	assert_memory_equal(out.mac, macs, sizeof(macs));
	assert_int_equal(out.n_addr, 3);
	for (i = 0; i < 3; i++) {
		assert_int_equal(out.addr[i].len, addrs[i].len);
		assert_memory_equal(&out.addr[i].addr, &addrs[i].addr, sizeof(addrs[i].addr));
	}
	assert_int_equal(out.n_group, 3);
	for (i = 0; i < 3; i++)
		assert_string_equal(out.group[i], groups[i]);
	assert_true(out.rx_packets == UINT64_MAX);
	assert_int_equal(out.tx_dropped, 1);
	assert_int_equal(out.flood_limit, 77);
	assert_int_equal(out.flow_max, 78);
	assert_int_equal(out.flows, 79);
	assert_int_equal(out.stateless, 1);
	bfly_arena_free(&arena);
	nlmsg_free(msg);
}

static void group_round_trip(void **state)
{
	struct bfly_rule rules[3] = {
		{ .set = BFLY_F(RULE_DIRECTION) | BFLY_F(RULE_PROTO) | BFLY_F(RULE_PORT_MIN) |
			 BFLY_F(RULE_PORT_MAX) | BFLY_F(RULE_REMOTE),
		  .next = &rules[1], .direction = BFLY_DIRECTION_OUT, .proto = 6,
		  .port_min = 80, .port_max = 65535,
		  .remote = { { 16, { 0x20, 0x01 } }, 32 } },
		{ .set = BFLY_F(RULE_DIRECTION) | BFLY_F(RULE_REMOTE_GROUP),
		  .next = &rules[2], .remote_group = "friends" },
		{ .set = BFLY_F(RULE_DIRECTION) | BFLY_F(RULE_ICMP_TYPE) | BFLY_F(RULE_ICMP_CODE),
		  .icmp_type = 255, .icmp_code = 1 },
	};
	const struct bfly_group in = {
		.set = BFLY_F(GROUP_NAME) | BFLY_F(GROUP_AUTO) | BFLY_F(GROUP_RULE),
		.name = "web", .rule = rules,
	};
	struct nl_msg *msg = encode(&bfly_group_layout, &in);
	struct bfly_arena arena = { 0 };
	struct bfly_group out = { 0 };
	struct bfly_rule *rule;
	int n = 0;

	(void)state;
	assert_int_equal(decode(&arena, &bfly_group_layout, msg, &out), 0);
	assert_true(out.set == in.set);
	for (rule = out.rule; rule; rule = rule->next, n++) {
		assert_true(rule->set == rules[n].set);
		assert_int_equal(rule->direction, rules[n].direction);
		assert_int_equal(rule->port_max, rules[n].port_max);
		assert_memory_equal(&rule->remote, &rules[n].remote, sizeof(rule->remote));
		assert_int_equal(rule->icmp_type, rules[n].icmp_type);
	}
	assert_int_equal(n, 3);
	assert_string_equal(out.rule->next->remote_group, "friends");
	bfly_arena_free(&arena);
	nlmsg_free(msg);
}

/* Nests carry the flag that strict kernels ask for. */
static void nests_are_marked(void **state)
{
	struct bfly_backend backend = { .set = BFLY_F(BACKEND_ADDR), .addr = { 4, { 1 } } };
	const struct bfly_pool pool = { .set = BFLY_F(POOL_BACKEND), .backend = &backend };
	struct nl_msg *msg = encode(&bfly_pool_layout, &pool);
	const struct nlattr *nla = nlmsg_attrdata(nlmsg_hdr(msg), 0);

	(void)state;
	assert_int_equal(nla->nla_type, BFLY_A_POOL_BACKEND | NLA_F_NESTED);
	nlmsg_free(msg);
}

static void no_room_is_an_error(void **state)
{
	struct bfly_addr members[1000] = { { 4, { 1 } } };
	struct bfly_group group = {
		.set = BFLY_F(GROUP_MEMBER), .member = members, .n_member = 1000,
	};
	struct nl_msg *msg = nlmsg_alloc_size(256);
	size_t i;

	(void)state;
	for (i = 0; i < 1000; i++)
		members[i].len = 4;
	nlmsg_put(msg, 0, 0, 0, 0, 0);
	assert_int_equal(bfly_encode(msg, &bfly_group_layout, &group), -EMSGSIZE);
	nlmsg_free(msg);
}

static void wide_and_narrow_numbers(void **state)
{
	struct nl_msg *msg = nlmsg_alloc();
	struct bfly_arena arena = { 0 };
	struct bfly_port out = { 0 };

	(void)state;
	nlmsg_put(msg, 0, 0, 0, 0, 0);
	nla_put_u32(msg, BFLY_A_PORT_RX_PACKETS, 7);
	nla_put_u64(msg, BFLY_A_PORT_RX_BYTES, 1ULL << 40);
	nla_put(msg, BFLY_A_PORT_LABEL, 3, "abc");	/* no final zero */
	nla_put_u32(msg, 60, 1);			/* of a newer kernel */
	nla_put_u32(msg, 1000, 1);
	assert_int_equal(decode(&arena, &bfly_port_layout, msg, &out), 0);
	assert_int_equal(out.rx_packets, 7);
	assert_true(out.rx_bytes == 1ULL << 40);
	assert_string_equal(out.label, "abc");
	assert_true(out.set == (BFLY_F(PORT_RX_PACKETS) | BFLY_F(PORT_RX_BYTES) | BFLY_F(PORT_LABEL)));
	bfly_arena_free(&arena);
	nlmsg_free(msg);
}

static void wrong_sizes_are_errors(void **state)
{
	static const struct { int attr, len; } cases[] = {
		{ BFLY_A_PORT_NET, 0 }, { BFLY_A_PORT_NET, 3 }, { BFLY_A_PORT_NET, 5 },
		{ BFLY_A_PORT_MAC, 0 }, { BFLY_A_PORT_MAC, 5 }, { BFLY_A_PORT_MAC, 7 },
		{ BFLY_A_PORT_RX_BYTES, 0 }, { BFLY_A_PORT_RX_BYTES, 7 },
		{ BFLY_A_PORT_ADDR, 0 },	/* a prefix without an address */
	};
	static const char zeros[16];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct nl_msg *msg = nlmsg_alloc();
		struct bfly_arena arena = { 0 };
		struct bfly_port out = { 0 };

		nlmsg_put(msg, 0, 0, 0, 0, 0);
		nla_put(msg, cases[i].attr, cases[i].len, zeros);
		assert_int_equal(decode(&arena, &bfly_port_layout, msg, &out), -EBADMSG);
		bfly_arena_free(&arena);
		nlmsg_free(msg);
	}
}

/* Whatever bytes come, nothing is read or written where it should not be. */
static void noise(void **state)
{
	int i, j;

	(void)state;
	srandom(4);
	for (i = 0; i < 100000; i++) {
		const struct bfly_layout *layout = layouts[random() % ARRAY_SIZE(layouts)];
		size_t len = random() % 256;
		unsigned char *data = malloc(len ? len : 1);
		void *obj = calloc(1, layout->size);
		struct bfly_arena arena = { 0 };

		for (j = 0; j < (int)len; j++)
			data[j] = random();
		/* mostly attributes of a likely length and type */
		for (j = 0; j + 4 <= (int)len;) {
			struct nlattr nla = { random() % 40, random() % 24 };

			if (!(random() % 8))
				nla.nla_type |= NLA_F_NESTED;
			memcpy(data + j, &nla, 4);
			j += nla.nla_len < 4 ? 4 : NLA_ALIGN(nla.nla_len);
		}
		bfly_decode(&arena, layout, (void *)data, len, obj);
		bfly_arena_free(&arena);
		free(obj);
		free(data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(port_round_trip),
		cmocka_unit_test(group_round_trip),
		cmocka_unit_test(nests_are_marked),
		cmocka_unit_test(no_room_is_an_error),
		cmocka_unit_test(wide_and_narrow_numbers),
		cmocka_unit_test(wrong_sizes_are_errors),
		cmocka_unit_test(noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
