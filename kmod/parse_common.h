/* SPDX-License-Identifier: GPL-2.0 */
/* The parser's straight line, for those who parse each packet. */
#ifndef _BFLY_PARSE_COMMON_H
#define _BFLY_PARSE_COMMON_H

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/tcp.h>

#include "parse.h"

/*
 * Nearly all packets: TCP and UDP in IPv4 without options or IPv6 without
 * extension headers, not in fragments, all headers there to be read.
 * In a straight line what bfly_parse_general() does for all; false leaves the
 * packet to that.
 */
static __always_inline bool
bfly_parse_common(const struct bfly_view *view, struct bfly_parsed *parsed)
{
	struct bfly_key *key = &parsed->key;
	const struct ipv6hdr *ip6h;
	const struct tcphdr *tcp;
	const struct iphdr *iph;
	u32 l4_off, end, l4_len;

	if (view->protocol == htons(ETH_P_IP)) {
		iph = (const struct iphdr *)view->data;
		l4_off = sizeof(*iph);
		if (unlikely(view->linear < l4_off + sizeof(*tcp) ||
			     *view->data != 0x45 ||
			     iph->frag_off & htons(IP_MF | IP_OFFSET)))
			return false;
		end = ntohs(iph->tot_len);
		key->src = (struct in6_addr){ .s6_addr32 = { iph->saddr } };
		key->dst = (struct in6_addr){ .s6_addr32 = { iph->daddr } };
		key->proto = iph->protocol;
		key->family = AF_INET;
	} else if (view->protocol == htons(ETH_P_IPV6)) {
		ip6h = (const struct ipv6hdr *)view->data;
		l4_off = sizeof(*ip6h);
		if (unlikely(view->linear < l4_off + sizeof(*tcp) ||
			     ip6h->version != 6))
			return false;
		end = l4_off + ntohs(ip6h->payload_len);
		key->src = ip6h->saddr;
		key->dst = ip6h->daddr;
		key->proto = ip6h->nexthdr;
		key->family = AF_INET6;
	} else {
		return false;
	}
	key->net = 0;
	key->pad = 0;

	/* all that is not found below */
	memset_after(parsed, 0, key);
	tcp = (const struct tcphdr *)(view->data + l4_off);
	if (key->proto == IPPROTO_TCP) {
		l4_len = tcp->doff * 4;
		if (unlikely(l4_len < sizeof(*tcp)))
			return false;
		parsed->tcp_flags = tcp_flag_byte(tcp);
		parsed->tcp_seq = tcp->seq;
		parsed->tcp_ack = tcp->ack_seq;
		parsed->tcp_window = ntohs(tcp->window);
	} else if (key->proto == IPPROTO_UDP) {
		l4_len = sizeof(struct udphdr);
	} else {
		return false;
	}
	/* a length of zero is that of a packet too large for the field */
	if (unlikely(end < l4_off + l4_len || end > view->len))
		return false;
	key->sport = tcp->source;
	key->dport = tcp->dest;
	parsed->class = BFLY_CLASS_FLOW;
	parsed->common = true;
	parsed->l4_off = l4_off;
	parsed->tot_len = end;
	return true;
}

/* The same for any packet; see bfly_parse_view(). */
enum bfly_drop bfly_parse_general(struct bfly_view *view,
				  struct bfly_parsed *parsed);

/**
 * bfly_parse_view() - bfly_parse() for what is not an skb
 * @view: the packet, without a VLAN tag; what has to be pulled changes it
 * @parsed: as above, offsets are from @view->data
 *
 * Context: as above.
 * Return: as above. Headers that lie beyond @view->linear of a view without skb
 * are as if they were missing.
 */
static __always_inline enum bfly_drop
bfly_parse_view(struct bfly_view *view, struct bfly_parsed *parsed)
{
	if (likely(bfly_parse_common(view, parsed)))
		return BFLY_PASS;
	return bfly_parse_general(view, parsed);
}

#endif /* _BFLY_PARSE_COMMON_H */
