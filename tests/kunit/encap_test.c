// SPDX-License-Identifier: GPL-2.0
/* Outer headers, byte by byte. */

#include <kunit/test.h>
#include <linux/string.h>
#include <net/vxlan.h>

#include "encap.h"

#define GUARD	0xa5

static const struct in6_addr src6 = { .in6_u.u6_addr8 = {
	0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6 } };
static const struct in6_addr dst6 = { .in6_u.u6_addr8 = {
	0x20, 0x01, 0x0d, 0xb8, 0, 7, 0, 8, 0, 9, 0, 10, 0, 11, 0, 12 } };

/* As RFC 1071 says it, and unlike the kernel does it. */
static u16 plain_sum(const u8 *data, size_t len)
{
	u32 sum = 0;
	size_t i;

	for (i = 0; i < len; i += 2)
		sum += data[i] << 8 | (i + 1 < len ? data[i + 1] : 0);
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* The buffer has just these bytes, and nothing behind them was touched. */
static void expect_bytes(struct kunit *test, const u8 *buf, size_t size,
			 const u8 *want, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		KUNIT_EXPECT_EQ_MSG(test, want[i], buf[i], "byte %zu", i);
	for (; i < size; i++)
		KUNIT_EXPECT_EQ_MSG(test, GUARD, buf[i], "byte %zu", i);
}

/* An IPv4 header with its checksum put in by other means. */
static void expect_ip4(struct kunit *test, const u8 *buf, size_t size,
		       const u8 want[20])
{
	u8 header[20];
	u16 sum;

	memcpy(header, want, sizeof(header));
	sum = ~plain_sum(header, sizeof(header));
	header[10] = sum >> 8;
	header[11] = sum & 0xff;
	expect_bytes(test, buf, size, header, sizeof(header));
	KUNIT_EXPECT_EQ(test, 0xffff, plain_sum(buf, sizeof(header)));
}

static void encap_ip4_in_ip4(struct kunit *test)
{
	static const u8 want[20] = {
		0x45, 0xba, 0x05, 0xc8, 0, 0, 0x40, 0, 64, 4, 0, 0,
		192, 0, 2, 1, 198, 51, 100, 2,
	};
	struct bfly_encap encap = { .tos = 0xba, .ttl = 64, .df = true };
	u8 buf[24] __aligned(4);

	memset(buf, GUARD, sizeof(buf));
	bfly_encap_ip4((struct iphdr *)buf, &encap, htonl(0xc0000201),
		       htonl(0xc6336402), IPPROTO_IPIP, 1460);
	expect_ip4(test, buf, sizeof(buf), want);
}

static void encap_ip6_in_ip4(struct kunit *test)
{
	static const u8 want[20] = {
		0x45, 0x03, 0, 60, 0, 0, 0, 0, 1, 41, 0, 0,
		10, 0, 0, 1, 10, 255, 255, 254,
	};
	struct bfly_encap encap = { .tos = 3, .ttl = 1 };
	u8 buf[24] __aligned(4);

	memset(buf, GUARD, sizeof(buf));
	bfly_encap_ip4((struct iphdr *)buf, &encap, htonl(0x0a000001),
		       htonl(0x0afffffe), IPPROTO_IPV6, 40);
	expect_ip4(test, buf, sizeof(buf), want);
}

static void expect_ip6(struct kunit *test, u8 proto, u8 tos, u8 ttl,
		       u32 label, u32 len, const u8 want[8])
{
	struct bfly_encap encap = { .tos = tos, .ttl = ttl, .df = true };
	u8 all[40], buf[44] __aligned(4);

	memcpy(all, want, 8);
	memcpy(all + 8, &src6, 16);
	memcpy(all + 24, &dst6, 16);
	memset(buf, GUARD, sizeof(buf));
	bfly_encap_ip6((struct ipv6hdr *)buf, &encap, &src6, &dst6, proto,
		       htonl(label), len);
	expect_bytes(test, buf, sizeof(buf), all, sizeof(all));
}

static void encap_ip4_in_ip6(struct kunit *test)
{
	static const u8 want[8] = { 0x6b, 0xa0, 0, 0, 0x05, 0xb4, 4, 64 };

	expect_ip6(test, IPPROTO_IPIP, 0xba, 64, 0, 1460, want);
}

static void encap_ip6_in_ip6(struct kunit *test)
{
	static const u8 want[8] = { 0x60, 0x1f, 0xed, 0xcb, 0, 40, 41, 255 };
	static const u8 label[8] = { 0x60, 0x1f, 0xfe, 0xdc, 0, 40, 41, 255 };

	expect_ip6(test, IPPROTO_IPV6, 1, 255, 0xfedcb, 40, want);
	/* a label is 20 bits and does not spill over */
	expect_ip6(test, IPPROTO_IPV6, 1, 255, 0xfffffedc, 40, label);
}

static void encap_vxlan_over_ip4(struct kunit *test)
{
	static const u8 ip[20] = {
		0x45, 0, 0, 136, 0, 0, 0x40, 0, 64, 17, 0, 0,
		192, 0, 2, 1, 198, 51, 100, 2,
	};
	static const u8 rest[16] = {
		0xc0, 0x01, 0x12, 0xb5, 0, 116, 0, 0,
		0x08, 0, 0, 0, 0x12, 0x34, 0x56, 0,
	};
	struct bfly_encap encap = {
		.ttl = 64,
		.df = true,
		.sport = htons(0xc001),
		.dport = htons(4789),
	};
	u8 buf[40] __aligned(4);

	KUNIT_ASSERT_EQ(test, 36, BFLY_ENCAP_VXLAN4_LEN);
	memset(buf, GUARD, sizeof(buf));
	bfly_encap_vxlan4(buf, &encap, htonl(0xc0000201), htonl(0xc6336402),
			  0x123456, 100);
	expect_ip4(test, buf, 20, ip);
	expect_bytes(test, buf + 20, sizeof(buf) - 20, rest, sizeof(rest));
}

static void encap_vxlan_over_ip6(struct kunit *test)
{
	static const u8 ip[8] = { 0x62, 0x80, 0, 0, 0, 116, 17, 7 };
	static const u8 rest[16] = {
		0xff, 0xff, 0x21, 0x18, 0, 116, 0, 0,
		0x08, 0, 0, 0, 0xff, 0xff, 0xff, 0,
	};
	struct bfly_encap encap = {
		.tos = 0x28,
		.ttl = 7,
		.sport = htons(0xffff),
		.dport = htons(8472),
	};
	u8 all[56], buf[60] __aligned(4);

	KUNIT_ASSERT_EQ(test, 56, BFLY_ENCAP_VXLAN6_LEN);
	memcpy(all, ip, 8);
	memcpy(all + 8, &src6, 16);
	memcpy(all + 24, &dst6, 16);
	memcpy(all + 40, rest, sizeof(rest));
	memset(buf, GUARD, sizeof(buf));
	bfly_encap_vxlan6(buf, &encap, &src6, &dst6, 0xffffff, 100);
	expect_bytes(test, buf, sizeof(buf), all, sizeof(all));
}

/* A GSO packet can be longer than the header can say. */
static void encap_long(struct kunit *test)
{
	struct bfly_encap encap = { .ttl = 64, .df = true };
	struct ipv6hdr ip6h;
	struct udphdr uh;
	struct iphdr iph;

	bfly_encap_ip4(&iph, &encap, 0, 0, IPPROTO_IPIP, 65515);
	KUNIT_EXPECT_EQ(test, 65535, ntohs(iph.tot_len));
	bfly_encap_ip4(&iph, &encap, 0, 0, IPPROTO_IPIP, 65516);
	KUNIT_EXPECT_EQ(test, 0, ntohs(iph.tot_len));
	KUNIT_EXPECT_EQ(test, 0xffff, plain_sum((u8 *)&iph, sizeof(iph)));
	bfly_encap_ip6(&ip6h, &encap, &src6, &dst6, IPPROTO_IPIP, 0, 65535);
	KUNIT_EXPECT_EQ(test, 65535, ntohs(ip6h.payload_len));
	bfly_encap_ip6(&ip6h, &encap, &src6, &dst6, IPPROTO_IPIP, 0, 65536);
	KUNIT_EXPECT_EQ(test, 0, ntohs(ip6h.payload_len));
	bfly_encap_udp(&uh, &encap, 65527);
	KUNIT_EXPECT_EQ(test, 65535, ntohs(uh.len));
	bfly_encap_udp(&uh, &encap, 65528);
	KUNIT_EXPECT_EQ(test, 0, ntohs(uh.len));
}

/* For many headers, as a checksum is easily right by chance. */
static void encap_checksums(struct kunit *test)
{
	struct bfly_encap encap = {};
	u32 i, seed = 1, wrong = 0;
	struct iphdr iph;

	for (i = 0; i < 100000; i++) {
		seed = seed * 1664525 + 1013904223;
		encap.tos = seed >> 24;
		encap.ttl = seed >> 16;
		encap.df = seed >> 15 & 1;
		bfly_encap_ip4(&iph, &encap, htonl(seed), htonl(~seed * 7),
			       seed >> 8, seed & 0x7fff);
		wrong += plain_sum((u8 *)&iph, sizeof(iph)) != 0xffff;
	}
	KUNIT_EXPECT_EQ(test, 0, wrong);
}

static void encap_source_ports(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 49152, ntohs(bfly_encap_sport(0)));
	KUNIT_EXPECT_EQ(test, 57344, ntohs(bfly_encap_sport(1U << 31)));
	KUNIT_EXPECT_EQ(test, 65535, ntohs(bfly_encap_sport(U32_MAX)));
}

static struct kunit_case encap_cases[] = {
	KUNIT_CASE(encap_ip4_in_ip4),
	KUNIT_CASE(encap_ip6_in_ip4),
	KUNIT_CASE(encap_ip4_in_ip6),
	KUNIT_CASE(encap_ip6_in_ip6),
	KUNIT_CASE(encap_vxlan_over_ip4),
	KUNIT_CASE(encap_vxlan_over_ip6),
	KUNIT_CASE(encap_long),
	KUNIT_CASE(encap_checksums),
	KUNIT_CASE(encap_source_ports),
	{}
};

static struct kunit_suite encap_suite = {
	.name = "bfly-encap",
	.test_cases = encap_cases,
};

kunit_test_suites(&encap_suite);
