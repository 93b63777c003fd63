// SPDX-License-Identifier: GPL-2.0
/* Protocols, services, ranges and keys: text to value and back. */
#include "test.h"
#include "bflyctl.h"

static void protos(void **state)
{
	static const struct { const char *in, *out; int number; } cases[] = {
		{ "tcp", "tcp", 6 }, { "udp", "udp", 17 }, { "icmp", "icmp", 1 },
		{ "icmpv6", "icmpv6", 58 }, { "ipv6-icmp", "icmpv6", 58 },
		{ "sctp", "sctp", 132 }, { "6", "tcp", 6 }, { "1", "icmp", 1 },
		{ "0", "0", 0 }, { "255", "255", 255 }, { "89", "89", 89 },
	};
	static const char *const bad[] = {
		"", "any", "TCP", "256", "-1", "6 ", " 6", "0x6", "tcp6", "1000000000",
		"4294967302",
	};
	uint8_t proto;
	char buf[4];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(proto_parse(cases[i].in, &proto), 0);
		assert_int_equal(proto, cases[i].number);
		assert_string_equal(proto_name(proto, buf), cases[i].out);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_not_equal(proto_parse(bad[i], &proto), 0);
}

static void services(void **state)
{
	static const struct { const char *in, *out; } cases[] = {
		{ "192.0.2.1:80/tcp", "192.0.2.1:80/tcp" },
		{ "192.0.2.1:80/6", "192.0.2.1:80/tcp" },
		{ "192.0.2.1:*/udp", "192.0.2.1:*/udp" },
		{ "[2001:DB8::0:1]:443/tcp", "[2001:db8::1]:443/tcp" },
		{ "[::]:65535/sctp", "[::]:65535/sctp" },
		{ "[::ffff:1.2.3.4]:1/udp", "[::ffff:1.2.3.4]:1/udp" },
		{ "192.0.2.0/28:80/tcp", "192.0.2.0/28:80/tcp" },
		{ "192.0.2.9/28:*/udp", "192.0.2.0/28:*/udp" },
		{ "192.0.2.1/32:80/tcp", "192.0.2.1:80/tcp" },
		{ "[2001:db8::7/64]:443/tcp", "[2001:db8::/64]:443/tcp" },
		{ "[2001:db8::7/128]:443/tcp", "[2001:db8::7]:443/tcp" },
		{ "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/127]:65535/132",
		  "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127]:65535/sctp" },
	};
	static const char *const bad[] = {
		"", ":", "/", ":/", ":/tcp", "[]:80/tcp", "[", "[:", "[/tcp", "]:80/tcp",
		"192.0.2.1", "192.0.2.1:80", "192.0.2.1/tcp", "192.0.2.1:/tcp",
		"192.0.2.1:80/", "192.0.2.1:80/any", "192.0.2.1:80/tcp/", "192.0.2.1:0/tcp",
		"192.0.2.1:65536/tcp", "192.0.2.1:-1/tcp", "192.0.2.1:**/tcp",
		"192.0.2.1:8*/tcp", "192.0.2.1: 80/tcp", "192.0.2.1 :80/tcp",
		"2001:db8::1:443/tcp", "[192.0.2.1]:80/tcp", "[2001:db8::1]443/tcp",
		"[2001:db8::1]/tcp", "[2001:db8::1:443/tcp", "192.0.2.1:80:80/tcp",
		"192.0.2.0/33:80/tcp", "192.0.2.0/:80/tcp", "192.0.2.0/-1:80/tcp",
		"192.0.2.0/2/3:80/tcp", "/28:80/tcp", "192.0.2.0:80/28/tcp",
		"[2001:db8::]/64:80/tcp", "[2001:db8::/129]:80/tcp", "[192.0.2.0/28]:80/tcp",
		"192.0.2:80/tcp", "[2001:db8::1]:443/256", "name:80/tcp",
		"[1111111111111111111111111111111111111111111111111111]:1/tcp",
	};
	struct bfly_service service;
	char buf[SERVICE_STRLEN];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(&service, 0, sizeof(service));
		assert_int_equal(service_parse(cases[i].in, &service), 0);
		assert_string_equal(service_format(&service, buf), cases[i].out);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		memset(&service, 0, sizeof(service));
		assert_int_not_equal(service_parse(bad[i], &service), 0);
	}
}

static void ranges(void **state)
{
	static const char *const bad[] = {
		"", "-", "1-", "-1", "2-1", "1-2-3", "65536", "1-65536", "a", "1-b",
		" 1", "1 ", "1- 2", "0x1", "1,2", "1000000000000",
	};
	uint16_t min, max;
	size_t i;

	(void)state;
	assert_int_equal(range_parse("80", &min, &max), 0);
	assert_int_equal(min, 80);
	assert_int_equal(max, 80);
	assert_int_equal(range_parse("0-65535", &min, &max), 0);
	assert_int_equal(min, 0);
	assert_int_equal(max, 65535);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_not_equal(range_parse(bad[i], &min, &max), 0);
}

static void keys(void **state)
{
	static const char *const bad[] = {
		"", "00", "000102030405060708090a0b0c0d0e0", "000102030405060708090a0b0c0d0e0f0",
		"000102030405060708090a0b0c0d0e0g", "0x0102030405060708090a0b0c0d0e0f",
		" 00102030405060708090a0b0c0d0e0f", "-00102030405060708090a0b0c0d0e0f",
	};
	uint8_t key[BFLY_KEY_LEN];
	char buf[KEY_STRLEN];
	size_t i;

	(void)state;
	assert_int_equal(key_parse("000102030405060708090A0b0c0d0eFF", key), 0);
	assert_string_equal(key_format(key, buf), "000102030405060708090a0b0c0d0eff");
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_not_equal(key_parse(bad[i], key), 0);
}

/* No text, however odd, makes a parser read past it. */
static void noise(void **state)
{
	static const char alphabet[] = "0123456789abcdef:./[]*-tcpudp% ";
	struct bfly_service service;
	struct bfly_prefix prefix;
	struct bfly_mac mac;
	uint16_t min, max;
	int i, j;

	(void)state;
	srandom(2);
	for (i = 0; i < 200000; i++) {
		int len = random() % 64;
		char *text = malloc(len + 1);	/* for the sanitizer, exactly */

		for (j = 0; j < len; j++)
			text[j] = alphabet[random() % (sizeof(alphabet) - 1)];
		text[len] = '\0';
		service_parse(text, &service);
		bfly_prefix_parse(text, &prefix);
		bfly_mac_parse(text, &mac);
		range_parse(text, &min, &max);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(protos),
		cmocka_unit_test(services),
		cmocka_unit_test(ranges),
		cmocka_unit_test(keys),
		cmocka_unit_test(noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
