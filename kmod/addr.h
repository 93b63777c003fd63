/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses and prefixes of either family. */
#ifndef _BFLY_ADDR_H
#define _BFLY_ADDR_H

#include <linux/in6.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <net/ipv6.h>

struct nlattr;
struct netlink_ext_ack;
struct sk_buff;

/**
 * struct bfly_addr - an IPv4 or IPv6 address
 * @ip6: the address; an IPv4 address lies in the first four bytes and the
 *	rest is zero, so that two addresses compare as bytes
 * @ip4: the same, as IPv4
 * @family: AF_INET or AF_INET6
 */
struct bfly_addr {
	union {
		struct in6_addr ip6;
		__be32 ip4;
	};
	u16 family;
};

/**
 * struct bfly_prefix - an address with a prefix length
 * @addr: the address, bits past @len included as they were given
 * @len: length in bits, 0 to 32 or 128
 */
struct bfly_prefix {
	struct bfly_addr addr;
	u8 len;
};

static inline bool bfly_addr_equal(const struct bfly_addr *a,
				   const struct bfly_addr *b)
{
	return a->family == b->family && ipv6_addr_equal(&a->ip6, &b->ip6);
}

/* An order of addresses, the same on every machine. */
static inline int bfly_addr_cmp(const struct bfly_addr *a,
				const struct bfly_addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(&a->ip6, &b->ip6, sizeof(a->ip6));
}

static inline u8 bfly_family_bits(u16 family)
{
	return family == AF_INET ? 32 : 128;
}

static inline u8 bfly_addr_bits(const struct bfly_addr *addr)
{
	return bfly_family_bits(addr->family);
}

/* Byte length, as an attribute carries it. */
static inline int bfly_addr_len(const struct bfly_addr *addr)
{
	return addr->family == AF_INET ? 4 : 16;
}

static inline bool bfly_prefix_contains(const struct bfly_prefix *prefix,
					const struct in6_addr *ip, u16 family)
{
	return prefix->addr.family == family &&
	       ipv6_prefix_equal(&prefix->addr.ip6, ip, prefix->len);
}

bool bfly_addr_is_unicast(const struct bfly_addr *addr);
void bfly_prefix_canonical(struct bfly_prefix *prefix);
int bfly_addr_from_nl(struct bfly_addr *addr, const struct nlattr *attr,
		      struct netlink_ext_ack *extack);
int bfly_prefix_from_nl(struct bfly_prefix *prefix, const struct nlattr *attr,
			struct netlink_ext_ack *extack);
int bfly_addr_to_nl(struct sk_buff *skb, int type, const struct bfly_addr *addr);
int bfly_prefix_to_nl(struct sk_buff *skb, int type,
		      const struct bfly_prefix *prefix);

#endif /* _BFLY_ADDR_H */
