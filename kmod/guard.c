// SPDX-License-Identifier: GPL-2.0
#include "guard.h"

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#define DHCP_SERVER	67
#define DHCP_CLIENT	68
#define DHCP6_CLIENT	546
#define DHCP6_SERVER	547

bool bfly_guard_owns(const struct bfly_port_conf *conf,
		     const struct in6_addr *ip, u8 family)
{
	unsigned int i;

	for (i = 0; i < conf->addr_count; i++)
		if (bfly_prefix_contains(&conf->addrs[i], ip, family))
			return true;
	return false;
}

static bool udp_between(const struct bfly_key *key, u16 sport, u16 dport)
{
	return key->proto == IPPROTO_UDP && key->sport == htons(sport) &&
	       key->dport == htons(dport);
}

bool bfly_guard_dhcp_client(const struct bfly_key *key)
{
	if (key->family == AF_INET)
		return udp_between(key, DHCP_CLIENT, DHCP_SERVER);
	return udp_between(key, DHCP6_CLIENT, DHCP6_SERVER);
}

bool bfly_guard_dhcp_server(const struct bfly_key *key)
{
	if (key->family == AF_INET)
		return udp_between(key, DHCP_SERVER, DHCP_CLIENT);
	return udp_between(key, DHCP6_SERVER, DHCP6_CLIENT);
}

static enum bfly_drop guard_arp(const struct bfly_port_conf *conf,
				const struct sk_buff *skb)
{
	/* the parser checked its form */
	const struct bfly_arp *arp = (const void *)skb->data;
	struct in6_addr sender = {};

	if (!bfly_guard_mac(conf, arp->sender_mac))
		return BFLY_DROP_SPOOFED_ARP;
	sender.s6_addr32[0] = arp->sender_ip;
	/* a probe (RFC 5227) has no sender address */
	if (!conf->antispoof || !arp->sender_ip ||
	    bfly_guard_owns(conf, &sender, AF_INET))
		return BFLY_PASS;
	return BFLY_DROP_SPOOFED_ARP;
}

/* Unspecified and link-local sources are anybody's, in ND and MLD alone. */
static bool local_source(const struct in6_addr *ip)
{
	return ipv6_addr_any(ip) ||
	       ipv6_addr_type(ip) & IPV6_ADDR_LINKLOCAL;
}

static enum bfly_drop guard_nd(const struct bfly_port_conf *conf,
			       const struct sk_buff *skb,
			       const struct bfly_parsed *parsed)
{
	const struct nd_msg *nd;
	struct nd_msg buf;

	if (parsed->icmp_type == NDISC_ROUTER_ADVERTISEMENT ||
	    parsed->icmp_type == NDISC_REDIRECT)
		return BFLY_DROP_ROGUE_SERVER;
	if (!local_source(&parsed->key.src) &&
	    !bfly_guard_owns(conf, &parsed->key.src, AF_INET6))
		return BFLY_DROP_SPOOFED_IP;
	if (parsed->icmp_type != NDISC_NEIGHBOUR_ADVERTISEMENT)
		return BFLY_PASS;
	nd = skb_header_pointer(skb, parsed->l4_off, sizeof(buf), &buf);
	if (!nd)
		return BFLY_DROP_MALFORMED;
	if (ipv6_addr_type(&nd->target) & IPV6_ADDR_LINKLOCAL ||
	    bfly_guard_owns(conf, &nd->target, AF_INET6))
		return BFLY_PASS;
	return BFLY_DROP_SPOOFED_ND;
}

/* The packet's own source: an error's key is that of the packet it quotes. */
static void packet_source(const struct sk_buff *skb, struct in6_addr *src,
			  u8 *family)
{
	memset(src, 0, sizeof(*src));
	if (skb->protocol == htons(ETH_P_IP)) {
		*family = AF_INET;
		src->s6_addr32[0] = ((const struct iphdr *)skb->data)->saddr;
	} else {
		*family = AF_INET6;
		*src = ((const struct ipv6hdr *)skb->data)->saddr;
	}
}

static bool dhcp_source(const struct bfly_parsed *parsed)
{
	const struct bfly_key *key = &parsed->key;

	if (parsed->class != BFLY_CLASS_FLOW || !bfly_guard_dhcp_client(key))
		return false;
	if (key->family == AF_INET)
		return !key->src.s6_addr32[0];
	return ipv6_addr_type(&key->src) & IPV6_ADDR_LINKLOCAL;
}

static enum bfly_drop guard_ip(const struct bfly_port_conf *conf,
			       const struct sk_buff *skb,
			       const struct bfly_parsed *parsed)
{
	struct in6_addr src;
	u8 family;

	if (parsed->class == BFLY_CLASS_FLOW && !conf->dhcp_server &&
	    bfly_guard_dhcp_server(&parsed->key))
		return BFLY_DROP_ROGUE_SERVER;
	packet_source(skb, &src, &family);
	if (bfly_guard_owns(conf, &src, family) || dhcp_source(parsed))
		return BFLY_PASS;
	return BFLY_DROP_SPOOFED_IP;
}

enum bfly_drop bfly_guard(const struct bfly_port_conf *conf,
			  const struct sk_buff *skb,
			  const struct bfly_parsed *parsed)
{
	switch (parsed->class) {
	case BFLY_CLASS_ARP:
		return guard_arp(conf, skb);
	case BFLY_CLASS_RARP:
		return BFLY_DROP_SPOOFED_ARP;
	case BFLY_CLASS_OTHER:
		return BFLY_DROP_NOT_IP;
	default:
		break;
	}
	if (!conf->antispoof)
		return BFLY_PASS;
	if (parsed->class == BFLY_CLASS_ND)
		return guard_nd(conf, skb, parsed);
	if (parsed->class == BFLY_CLASS_MLD && local_source(&parsed->key.src))
		return BFLY_PASS;
	return guard_ip(conf, skb, parsed);
}
