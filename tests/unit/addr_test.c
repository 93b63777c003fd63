// SPDX-License-Identifier: GPL-2.0
/* Addresses, prefixes and MACs: text to value and back. */
#include "test.h"
#include "bfly.h"

static void good_addrs(void **state)
{
	static const struct { const char *in, *out; } cases[] = {
		{ "0.0.0.0", "0.0.0.0" },
		{ "192.0.2.1", "192.0.2.1" },
		{ "255.255.255.255", "255.255.255.255" },
		{ "::", "::" },
		{ "0::", "::" },
		{ "2001:DB8:0:0:0:0:0:1", "2001:db8::1" },
		{ "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
	};
	char buf[BFLY_ADDR_STRLEN];
	struct bfly_addr addr;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(bfly_addr_parse(cases[i].in, &addr), 0);
		assert_int_equal(addr.len, strchr(cases[i].in, ':') ? 16 : 4);
		assert_string_equal(bfly_addr_format(&addr, buf), cases[i].out);
	}
}

static void bad_addrs(void **state)
{
	static const char *const cases[] = {
		"", " ", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.4 ",
		" 1.2.3.4", "01.2.3.4x", "1.2.3.-4", ":", ":::", "1::2::3",
		"12345::", "fe80::1%eth0", "[::1]", "1.2.3.4/32", "none",
		"2001:db8::g", "::1.2.3", "localhost",
	};
	struct bfly_addr addr;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_not_equal(bfly_addr_parse(cases[i], &addr), 0);
}

static void good_prefixes(void **state)
{
	static const struct { const char *in, *out; } cases[] = {
		{ "10.0.0.0/8", "10.0.0.0/8" },
		{ "10.0.0.1", "10.0.0.1/32" },
		{ "0.0.0.0/0", "0.0.0.0/0" },
		{ "::0/0", "::/0" },
		{ "0::/0", "::/0" },
		{ "2001:db8::/32", "2001:db8::/32" },
		{ "2001:db8::1", "2001:db8::1/128" },
		{ "1.2.3.4/032", "1.2.3.4/32" },
	};
	char buf[BFLY_PREFIX_STRLEN];
	struct bfly_prefix prefix;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(bfly_prefix_parse(cases[i].in, &prefix), 0);
		assert_string_equal(bfly_prefix_format(&prefix, buf), cases[i].out);
	}
}

static void bad_prefixes(void **state)
{
	static const char *const cases[] = {
		"", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1",
		"10.0.0.0/8/8", "10.0.0.0/ 8", "10.0.0.0/8 ", "10.0.0.0/+8",
		"10.0.0.0/0x8", "10.0.0.0/0008", "::/129", "::/999", "::/1e1",
		"10.0.0.0/4294967304", "10.0.0/8", "x/8",
		"1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111/8",
	};
	struct bfly_prefix prefix;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_not_equal(bfly_prefix_parse(cases[i], &prefix), 0);
}

static void macs(void **state)
{
	static const char *const bad[] = {
		"", "0", "02:00:00:00:00", "02:00:00:00:00:01:02",
		"02:00:00:00:00:1", "2:0:0:0:0:1", "02-00-00-00-00-01",
		"0200.0000.0001", "02:00:00:00:00:0g", "02:00:00:00:00:01 ",
		" 02:00:00:00:00:01", "02:00:00:00:00:01:", "::::::",
	};
	char buf[BFLY_MAC_STRLEN];
	struct bfly_mac mac;
	size_t i;

	(void)state;
	assert_int_equal(bfly_mac_parse("02:aB:Cd:00:fF:99", &mac), 0);
	assert_string_equal(bfly_mac_format(&mac, buf), "02:ab:cd:00:ff:99");
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_not_equal(bfly_mac_parse(bad[i], &mac), 0);
}

/* Whatever is read is written so that it reads back the same. */
static void any_value_reads_back(void **state)
{
	char buf[BFLY_PREFIX_STRLEN];
	struct bfly_prefix in, out;
	int i, j;

	(void)state;
	srandom(1);
	for (i = 0; i < 20000; i++) {
		memset(&in, 0, sizeof(in));
		memset(&out, 0, sizeof(out));
		in.addr.len = random() & 1 ? 4 : 16;
		for (j = 0; j < in.addr.len; j++)
			in.addr.bytes[j] = random() & 3 ? random() : 0;
		in.len = random() % (in.addr.len * 8 + 1);
		bfly_prefix_format(&in, buf);
		assert_int_equal(bfly_prefix_parse(buf, &out), 0);
		assert_memory_equal(&in, &out, sizeof(in));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_addrs),
		cmocka_unit_test(bad_addrs),
		cmocka_unit_test(good_prefixes),
		cmocka_unit_test(bad_prefixes),
		cmocka_unit_test(macs),
		cmocka_unit_test(any_value_reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
