// SPDX-License-Identifier: GPL-2.0
/* Limits of packets a second, by a clock of our own. */

#include <kunit/test.h>

#include "limit.h"

/* How many of @tries packets pass at a time. */
static unsigned int pass(atomic64_t *spent, u32 rate, s64 now, unsigned int tries)
{
	unsigned int passed = 0;

	while (tries--)
		passed += bfly_limit_take(spent, rate, now);
	return passed;
}

static void burst(struct kunit *test)
{
	static const u32 rates[] = { 1, 2, 3, 7, 10, 999, 1000, 4096 };
	s64 now = 1000 * NSEC_PER_SEC;
	atomic64_t spent;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		atomic64_set(&spent, 0);
		KUNIT_EXPECT_EQ(test, pass(&spent, rates[i], now, 5000), rates[i]);
		/* a second later as many again, an hour later no more */
		KUNIT_EXPECT_EQ(test, pass(&spent, rates[i], now + NSEC_PER_SEC, 5000),
				rates[i]);
		KUNIT_EXPECT_EQ(test, pass(&spent, rates[i], now + 3600 * NSEC_PER_SEC,
					   5000), rates[i]);
	}
}

static void steady(struct kunit *test)
{
	s64 now = 1000 * NSEC_PER_SEC;
	unsigned int i, passed;
	atomic64_t spent;

	atomic64_set(&spent, 0);
	pass(&spent, 100, now, 1000);
	for (i = 0, passed = 0; i < 10000; i++) {
		now += NSEC_PER_MSEC;
		passed += pass(&spent, 100, now, 3);
	}
	KUNIT_EXPECT_EQ(test, passed, 1000);
}

static void below(struct kunit *test)
{
	s64 now = 1000 * NSEC_PER_SEC;
	atomic64_t spent;
	unsigned int i;

	atomic64_set(&spent, 0);
	for (i = 0; i < 1000; i++, now += NSEC_PER_SEC / 50)
		KUNIT_EXPECT_TRUE(test, bfly_limit_take(&spent, 50, now));
}

static void greatest(struct kunit *test)
{
	s64 now = 1000 * NSEC_PER_SEC;
	atomic64_t spent;

	atomic64_set(&spent, 0);
	KUNIT_EXPECT_EQ(test, pass(&spent, BFLY_LIMIT_MAX, now, 1000), 1000);
	atomic64_set(&spent, now);
	KUNIT_EXPECT_EQ(test, pass(&spent, BFLY_LIMIT_MAX, now, 10), 0);
	KUNIT_EXPECT_EQ(test, pass(&spent, BFLY_LIMIT_MAX, now + NSEC_PER_USEC, 100), 10);
}

/* The limit is set anew while it is in use. */
static void changed(struct kunit *test)
{
	s64 now = 1000 * NSEC_PER_SEC;
	atomic64_t spent;

	atomic64_set(&spent, 0);
	KUNIT_EXPECT_EQ(test, pass(&spent, 1, now, 10), 1);
	KUNIT_EXPECT_EQ(test, pass(&spent, 1000, now, 10), 0);
	KUNIT_EXPECT_EQ(test, pass(&spent, 1000, now + 5 * NSEC_PER_MSEC, 10), 5);
	KUNIT_EXPECT_EQ(test, pass(&spent, 1, now + NSEC_PER_SEC, 10), 0);
	KUNIT_EXPECT_EQ(test, pass(&spent, 1, now + NSEC_PER_SEC + 5 * NSEC_PER_MSEC, 10), 1);
}

static struct kunit_case limit_cases[] = {
	KUNIT_CASE(burst),
	KUNIT_CASE(steady),
	KUNIT_CASE(below),
	KUNIT_CASE(greatest),
	KUNIT_CASE(changed),
	{}
};

static struct kunit_suite limit_suite = {
	.name = "bfly-limit",
	.test_cases = limit_cases,
};

kunit_test_suites(&limit_suite);
