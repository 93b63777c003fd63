// SPDX-License-Identifier: GPL-2.0
#include "addr.h"

#include <net/netlink.h>

#include "netlink_gen.h"

/**
 * bfly_addr_is_unicast() - whether an address can be that of one host
 * @addr: the address
 *
 * Return: false for unspecified, loopback, multicast and broadcast addresses.
 */
bool bfly_addr_is_unicast(const struct bfly_addr *addr)
{
	if (addr->family == AF_INET)
		return !ipv4_is_zeronet(addr->ip4) &&
		       !ipv4_is_loopback(addr->ip4) &&
		       !ipv4_is_multicast(addr->ip4) &&
		       !ipv4_is_lbcast(addr->ip4);
	return !ipv6_addr_any(&addr->ip6) && !ipv6_addr_loopback(&addr->ip6) &&
	       !ipv6_addr_is_multicast(&addr->ip6) &&
	       !ipv6_addr_v4mapped(&addr->ip6);
}

/**
 * bfly_prefix_canonical() - clear the bits past the prefix length
 * @prefix: the prefix
 */
void bfly_prefix_canonical(struct bfly_prefix *prefix)
{
	struct in6_addr masked;

	ipv6_addr_prefix(&masked, &prefix->addr.ip6, prefix->len);
	prefix->addr.ip6 = masked;
}

/**
 * bfly_addr_from_nl() - read an address attribute
 * @addr: where it goes
 * @attr: the attribute, of any length
 * @extack: where a refusal is explained
 *
 * Return: 0 or -EINVAL.
 */
int bfly_addr_from_nl(struct bfly_addr *addr, const struct nlattr *attr,
		      struct netlink_ext_ack *extack)
{
	memset(addr, 0, sizeof(*addr));
	switch (nla_len(attr)) {
	case sizeof(struct in_addr):
		addr->family = AF_INET;
		break;
	case sizeof(struct in6_addr):
		addr->family = AF_INET6;
		break;
	default:
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "an address has 4 or 16 bytes");
		return -EINVAL;
	}
	memcpy(&addr->ip6, nla_data(attr), nla_len(attr));
	return 0;
}

/**
 * bfly_prefix_from_nl() - read a nested prefix attribute
 * @prefix: where it goes; bits past its length stay as they were given
 * @attr: the nest
 * @extack: where a refusal is explained
 *
 * Return: 0 or -EINVAL.
 */
int bfly_prefix_from_nl(struct bfly_prefix *prefix, const struct nlattr *attr,
			struct netlink_ext_ack *extack)
{
	struct nlattr *tb[BFLY_A_PREFIX_LEN + 1];
	int err;

	err = nla_parse_nested(tb, BFLY_A_PREFIX_LEN, attr,
			       bfly_prefix_nl_policy, extack);
	if (err)
		return err;
	if (!tb[BFLY_A_PREFIX_ADDR]) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "a prefix needs an address");
		return -EINVAL;
	}
	err = bfly_addr_from_nl(&prefix->addr, tb[BFLY_A_PREFIX_ADDR], extack);
	if (err)
		return err;

	prefix->len = bfly_addr_bits(&prefix->addr);
	if (!tb[BFLY_A_PREFIX_LEN])
		return 0;
	if (nla_get_u8(tb[BFLY_A_PREFIX_LEN]) > prefix->len) {
		NL_SET_ERR_MSG_ATTR(extack, tb[BFLY_A_PREFIX_LEN],
				    "prefix length is more than the address has bits");
		return -EINVAL;
	}
	prefix->len = nla_get_u8(tb[BFLY_A_PREFIX_LEN]);
	return 0;
}

int bfly_addr_to_nl(struct sk_buff *skb, int type, const struct bfly_addr *addr)
{
	return nla_put(skb, type, bfly_addr_len(addr), &addr->ip6);
}

int bfly_prefix_to_nl(struct sk_buff *skb, int type,
		      const struct bfly_prefix *prefix)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	if (bfly_addr_to_nl(skb, BFLY_A_PREFIX_ADDR, &prefix->addr) ||
	    nla_put_u8(skb, BFLY_A_PREFIX_LEN, prefix->len)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}
