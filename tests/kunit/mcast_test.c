// SPDX-License-Identifier: GPL-2.0
/* What can be a net's multicast group. */

#include <kunit/test.h>
#include <linux/inet.h>

#include "mcast.h"

static struct bfly_addr addr(struct kunit *test, const char *text)
{
	struct bfly_addr addr = { .family = AF_INET };

	if (strchr(text, ':')) {
		addr.family = AF_INET6;
		KUNIT_ASSERT_EQ(test, 1, in6_pton(text, -1, addr.ip6.s6_addr, -1, NULL));
	} else {
		KUNIT_ASSERT_EQ(test, 1, in4_pton(text, -1, (u8 *)&addr.ip4, -1, NULL));
	}
	return addr;
}

static void refused(struct kunit *test)
{
	static const char *const texts[] = {
		"0.0.0.0", "10.0.0.1", "223.255.255.255", "224.0.0.0", "224.0.0.1",
		"224.0.0.255", "240.0.0.0", "255.255.255.255",
		"::", "::1", "fe80::1", "2001:db8::1", "::ffff:239.1.1.1", "feff::1",
		"ff00::1", "ff01::1", "ff11::1", "ff02::1", "ff02::2",
		"ff02::1:ff00:0", "ff02::1:ffff:ffff",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		struct bfly_addr a = addr(test, texts[i]);

		KUNIT_EXPECT_NOT_NULL_MSG(test, bfly_mcast_refuse_addr(&a), "%s", texts[i]);
	}
}

static void taken(struct kunit *test)
{
	static const char *const texts[] = {
		"224.0.1.0", "232.1.1.1", "239.1.1.1", "239.255.255.255",
		"ff02::3", "ff02::1:3", "ff12::1", "ff05::51", "ff0e::1", "ff3e::1", "ffff::1",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		struct bfly_addr a = addr(test, texts[i]);

		KUNIT_EXPECT_NULL_MSG(test, bfly_mcast_refuse_addr(&a), "%s", texts[i]);
	}
}

static struct kunit_case mcast_cases[] = {
	KUNIT_CASE(refused),
	KUNIT_CASE(taken),
	{}
};

static struct kunit_suite mcast_suite = {
	.name = "bfly-mcast",
	.test_cases = mcast_cases,
};

kunit_test_suites(&mcast_suite);
