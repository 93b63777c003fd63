// SPDX-License-Identifier: GPL-2.0
/* Connection ids of QUIC packets, and the hash over them. */

#include <kunit/test.h>

#include "pool.h"
#include "quic.h"

/* An Initial packet as RFC 9001, A.2, has it, up to its token. */
static const u8 initial[] = {
	0xc0, 0x00, 0x00, 0x00, 0x01,
	8, 0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08,
	0, 0, 0x44, 0x9e,
};

/* A short header with the same id, and a byte of the id that does not count. */
static const u8 one_rtt[] = {
	0x4c, 0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08, 0xfe, 0xff,
};

#define INITIAL_CID	0x0857513ef0c89483

/* The packet is copied, so that what lies behind it is seen by KASAN. */
static bool cid_of(struct kunit *test, const u8 *data, unsigned int len,
		   u64 *cid)
{
	u8 *copy = kunit_kmalloc(test, len ?: 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, data, len);
	*cid = 0;
	return bfly_quic_cid(copy, len, cid);
}

static void quic_long(struct kunit *test)
{
	unsigned int len;
	u64 cid;

	for (len = 0; len <= sizeof(initial); len++) {
		KUNIT_EXPECT_EQ(test, len >= BFLY_QUIC_HEAD,
				cid_of(test, initial, len, &cid));
		if (len >= BFLY_QUIC_HEAD)
			KUNIT_EXPECT_EQ(test, INITIAL_CID, cid);
	}
}

static void quic_short(struct kunit *test)
{
	unsigned int len;
	u64 cid;

	for (len = 0; len <= sizeof(one_rtt); len++) {
		KUNIT_EXPECT_EQ(test, len >= 1 + BFLY_QUIC_CID_LEN,
				cid_of(test, one_rtt, len, &cid));
		if (len >= 1 + BFLY_QUIC_CID_LEN)
			KUNIT_EXPECT_EQ(test, INITIAL_CID, cid);
	}
}

/* A client may begin with a shorter id only against RFC 9000, 7.2. */
static void quic_length_of_id(struct kunit *test)
{
	u8 packet[300] = {};
	unsigned int i;
	u64 cid;

	memcpy(packet, initial, sizeof(initial));
	for (i = 0; i < 256; i++) {
		packet[5] = i;
		KUNIT_EXPECT_EQ(test, i >= BFLY_QUIC_CID_LEN,
				cid_of(test, packet, sizeof(packet), &cid));
		KUNIT_EXPECT_EQ(test, i < BFLY_QUIC_CID_LEN ? 0 : INITIAL_CID,
				cid);
	}
}

/* Neither the version nor what its own bits say counts. */
static void quic_any_version(struct kunit *test)
{
	u8 packet[sizeof(initial)];
	unsigned int i;
	u64 cid;

	memcpy(packet, initial, sizeof(initial));
	for (i = 0; i < 128; i++) {
		packet[0] = 0x80 | i;
		packet[1] = i * 2;
		packet[4] = i;
		KUNIT_EXPECT_TRUE(test, cid_of(test, packet, sizeof(packet),
					       &cid));
		KUNIT_EXPECT_EQ(test, INITIAL_CID, cid);
	}
}

/* All nodes must agree, whatever their version and byte order. */
static void quic_hash_fixed(struct kunit *test)
{
	struct bfly_pool_conf conf = {
		.key = { { 0x0123456789abcdef, 0xfedcba9876543210 } },
	};
	u64 sum = bfly_pool_hash_cid(&conf, INITIAL_CID);

	KUNIT_EXPECT_EQ(test, siphash_1u64(INITIAL_CID, &conf.key), sum);
	KUNIT_EXPECT_NE(test, sum, bfly_pool_hash_cid(&conf, INITIAL_CID + 1));
	conf.key.key[1]++;
	KUNIT_EXPECT_NE(test, sum, bfly_pool_hash_cid(&conf, INITIAL_CID));
}

static struct kunit_case quic_cases[] = {
	KUNIT_CASE(quic_long),
	KUNIT_CASE(quic_short),
	KUNIT_CASE(quic_length_of_id),
	KUNIT_CASE(quic_any_version),
	KUNIT_CASE(quic_hash_fixed),
	{}
};

static struct kunit_suite quic_suite = {
	.name = "bfly-quic",
	.test_cases = quic_cases,
};

kunit_test_suites(&quic_suite);
