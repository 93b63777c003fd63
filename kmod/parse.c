// SPDX-License-Identifier: GPL-2.0
#include "parse.h"

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/sctp.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/tcp.h>

#include "parse_common.h"
#include "vlan.h"

static_assert(BFLY_TCP_CONTROL == (TCPHDR_FIN | TCPHDR_SYN | TCPHDR_RST));

#define ICMPV6_RS		133
#define ICMPV6_REDIRECT		137

/* What the walk over an IP header finds. */
struct ip_walk {
	u32 l4_off;		/* from skb->data */
	u32 end;		/* likewise; where the packet ends by its header */
	u8 proto;
	bool fragment;		/* other than the first */
	bool first_fragment;
	u32 frag_id;
	u16 frag_off;		/* of a fragment, in bytes */
	u32 frag_data;		/* where its payload begins, from skb->data */
};

/* What XDP has is all that there is. */
bool bfly_view_pull(struct bfly_view *view, u32 len)
{
	struct sk_buff *skb = view->skb;

	if (!skb || !pskb_may_pull(skb, len))
		return false;
	view->data = skb->data;
	view->linear = skb_headlen(skb);
	return true;
}

static bool view_is_gso(const struct bfly_view *view)
{
	return view->skb && skb_is_gso(view->skb);
}

static enum bfly_drop walk_ipv4(struct bfly_view *view, u32 off, bool quoted,
				struct bfly_key *key, struct ip_walk *walk)
{
	const struct iphdr *ip = bfly_view_header(view, off, sizeof(*ip));
	u32 len;

	if (!ip || ip->version != 4 || ip->ihl < 5)
		return BFLY_DROP_MALFORMED;
	len = ntohs(ip->tot_len);
	/* the stack leaves 0 in packets too large for the field */
	if (!len && view_is_gso(view))
		len = view->len - off;
	if (len < ip->ihl * 4 || (!quoted && off + len > view->len))
		return BFLY_DROP_MALFORMED;

	key->family = AF_INET;
	key->src.s6_addr32[0] = ip->saddr;
	key->dst.s6_addr32[0] = ip->daddr;
	walk->l4_off = off + ip->ihl * 4;
	walk->end = off + len;
	walk->proto = ip->protocol;
	walk->fragment = ip->frag_off & htons(IP_OFFSET);
	walk->first_fragment = !walk->fragment &&
			       (ip->frag_off & htons(IP_MF));
	walk->frag_id = ntohs(ip->id);
	walk->frag_off = (ntohs(ip->frag_off) & IP_OFFSET) * 8;
	walk->frag_data = walk->l4_off;
	return BFLY_PASS;
}

/* Steps over one extension header; BFLY_PASS with *more false at the end. */
static enum bfly_drop walk_exthdr(struct bfly_view *view, struct ip_walk *walk,
				  bool *more)
{
	const struct ipv6_opt_hdr *opt;
	const struct frag_hdr *frag;

	switch (walk->proto) {
	case NEXTHDR_HOP:
	case NEXTHDR_ROUTING:
	case NEXTHDR_DEST:
	case NEXTHDR_AUTH:
		opt = bfly_view_header(view, walk->l4_off, sizeof(*opt));
		if (!opt)
			return BFLY_DROP_MALFORMED;
		walk->l4_off += walk->proto == NEXTHDR_AUTH ?
				ipv6_authlen(opt) : ipv6_optlen(opt);
		walk->proto = opt->nexthdr;
		return BFLY_PASS;
	case NEXTHDR_FRAGMENT:
		frag = bfly_view_header(view, walk->l4_off, sizeof(*frag));
		if (!frag)
			return BFLY_DROP_MALFORMED;
		walk->fragment = frag->frag_off & htons(IP6_OFFSET);
		walk->first_fragment = !walk->fragment &&
				       (frag->frag_off & htons(IP6_MF));
		walk->frag_id = ntohl(frag->identification);
		walk->frag_off = ntohs(frag->frag_off) & IP6_OFFSET;
		walk->l4_off += sizeof(*frag);
		walk->frag_data = walk->l4_off;
		walk->proto = frag->nexthdr;
		/* what follows in a later fragment is no header */
		*more = !walk->fragment;
		return BFLY_PASS;
	default:
		*more = false;
		return BFLY_PASS;
	}
}

static enum bfly_drop walk_ipv6(struct bfly_view *view, u32 off, bool quoted,
				struct bfly_key *key, struct ip_walk *walk)
{
	const struct ipv6hdr *ip = bfly_view_header(view, off, sizeof(*ip));
	enum bfly_drop drop;
	bool more = true;
	int i;

	if (!ip || ip->version != 6)
		return BFLY_DROP_MALFORMED;
	key->family = AF_INET6;
	key->src = ip->saddr;
	key->dst = ip->daddr;
	walk->l4_off = off + sizeof(*ip);
	walk->end = walk->l4_off + ntohs(ip->payload_len);
	/* a jumbogram, or one that the stack made by GRO */
	if (!ip->payload_len && view_is_gso(view))
		walk->end = view->len;
	if (!quoted && walk->end > view->len)
		return BFLY_DROP_MALFORMED;
	walk->proto = ip->nexthdr;
	walk->fragment = false;
	walk->first_fragment = false;
	walk->frag_id = 0;
	walk->frag_off = 0;
	walk->frag_data = 0;

	for (i = 0; more; i++) {
		if (i > BFLY_EXTHDR_MAX)
			return BFLY_DROP_EXTHDR;
		drop = walk_exthdr(view, walk, &more);
		if (drop)
			return drop;
		if (walk->l4_off > walk->end)
			return BFLY_DROP_MALFORMED;
	}
	return BFLY_PASS;
}

static bool icmp4_query(u8 type, u8 *request)
{
	switch (type) {
	case ICMP_ECHO:
	case ICMP_TIMESTAMP:
	case ICMP_INFO_REQUEST:
	case ICMP_ADDRESS:
		*request = type;
		return true;
	case ICMP_ECHOREPLY:
		*request = ICMP_ECHO;
		return true;
	case ICMP_TIMESTAMPREPLY:
	case ICMP_INFO_REPLY:
	case ICMP_ADDRESSREPLY:
		*request = type - 1;
		return true;
	default:
		return false;
	}
}

static bool icmp6_query(u8 type, u8 *request)
{
	switch (type) {
	case ICMPV6_ECHO_REQUEST:
	case ICMPV6_ECHO_REPLY:
		*request = ICMPV6_ECHO_REQUEST;
		return true;
	case ICMPV6_NI_QUERY:
	case ICMPV6_NI_REPLY:
		*request = ICMPV6_NI_QUERY;
		return true;
	default:
		return false;
	}
}

static bool icmp_is_error(const struct bfly_key *key, u8 type)
{
	if (key->family == AF_INET6)
		return type < 128;
	return type == ICMP_DEST_UNREACH || type == ICMP_SOURCE_QUENCH ||
	       type == ICMP_TIME_EXCEEDED || type == ICMP_PARAMETERPROB;
}

/* ICMPv6 over IPv4 or the other way round is just another protocol. */
static bool key_is_icmp(const struct bfly_key *key)
{
	return key->proto == (key->family == AF_INET ? IPPROTO_ICMP :
						       IPPROTO_ICMPV6);
}

/* A query's two "ports", in the direction of this packet; see struct bfly_key */
static enum bfly_class icmp_query_key(struct bfly_key *key, u8 type, u8 code,
				      u8 request, __be16 id)
{
	__be16 what = htons(request << 8 | code);

	if (type == request) {
		key->sport = id;
		key->dport = what;
		return BFLY_CLASS_FLOW;
	}
	key->sport = what;
	key->dport = id;
	return BFLY_CLASS_REPLY;
}

/* Upper-layer header at @off: ports, or what stands for them. */
static enum bfly_drop parse_ports(struct bfly_view *view, u32 off,
				  struct bfly_parsed *parsed)
{
	struct bfly_key *key = &parsed->key;
	const __be16 *ports;

	switch (key->proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_SCTP:
	case IPPROTO_UDPLITE:
	case IPPROTO_DCCP:
		ports = bfly_view_header(view, off, 4);
		if (!ports)
			return BFLY_DROP_MALFORMED;
		key->sport = ports[0];
		key->dport = ports[1];
	}
	parsed->class = BFLY_CLASS_FLOW;
	return BFLY_PASS;
}

static enum bfly_drop parse_tcp(struct bfly_view *view, u32 off, u32 end,
				struct bfly_parsed *parsed)
{
	const struct tcphdr *tcp = bfly_view_header(view, off, sizeof(*tcp));

	if (!tcp || tcp->doff < 5 || off + tcp->doff * 4 > end)
		return BFLY_DROP_MALFORMED;
	parsed->key.sport = tcp->source;
	parsed->key.dport = tcp->dest;
	parsed->tcp_flags = tcp_flag_byte(tcp);
	parsed->tcp_seq = tcp->seq;
	parsed->tcp_ack = tcp->ack_seq;
	parsed->tcp_window = ntohs(tcp->window);
	parsed->class = BFLY_CLASS_FLOW;
	return BFLY_PASS;
}

static enum bfly_drop parse_udp(struct bfly_view *view, u32 off, u32 end,
				struct bfly_parsed *parsed)
{
	const struct udphdr *udp = bfly_view_header(view, off, sizeof(*udp));

	if (!udp || off + sizeof(*udp) > end)
		return BFLY_DROP_MALFORMED;
	parsed->key.sport = udp->source;
	parsed->key.dport = udp->dest;
	parsed->class = BFLY_CLASS_FLOW;
	return BFLY_PASS;
}

/* The packet that an ICMP error at @off quotes; its key, reversed. */
static enum bfly_drop parse_quoted(struct bfly_view *view, u32 off,
				   struct bfly_parsed *parsed)
{
	struct bfly_key *key = &parsed->key;
	const struct icmphdr *icmp;
	enum bfly_drop drop;
	struct ip_walk walk __uninitialized;
	u8 request;

	parsed->quoted_off = off;
	memset(key, 0, sizeof(*key));
	if (view->protocol == htons(ETH_P_IPV6))
		drop = walk_ipv6(view, off, true, key, &walk);
	else
		drop = walk_ipv4(view, off, true, key, &walk);
	if (drop)
		return drop;
	/* a later fragment quotes no ports: it belongs to no flow we know */
	if (walk.fragment)
		return BFLY_DROP_NO_FLOW;

	key->proto = walk.proto;
	if (key_is_icmp(key)) {
		icmp = bfly_view_header(view, walk.l4_off, 8);
		if (!icmp)
			return BFLY_DROP_MALFORMED;
		if (!(key->family == AF_INET ?
		      icmp4_query(icmp->type, &request) :
		      icmp6_query(icmp->type, &request)))
			return BFLY_DROP_NO_FLOW;
		icmp_query_key(key, icmp->type, icmp->code, request,
			       icmp->un.echo.id);
	} else {
		drop = parse_ports(view, walk.l4_off, parsed);
		if (drop)
			return drop;
	}
	bfly_key_reverse(key);
	parsed->class = BFLY_CLASS_ERROR;
	return BFLY_PASS;
}

static enum bfly_drop parse_icmp(struct bfly_view *view, u32 off, u32 end,
				 struct bfly_parsed *parsed)
{
	const struct icmphdr *icmp = bfly_view_header(view, off, sizeof(*icmp));
	struct bfly_key *key = &parsed->key;
	bool v6 = key->family == AF_INET6;
	u8 type, request;

	if (!icmp || off + sizeof(*icmp) > end)
		return BFLY_DROP_MALFORMED;
	type = icmp->type;
	parsed->icmp_type = type;
	if (icmp_is_error(key, type))
		return parse_quoted(view, off + sizeof(*icmp), parsed);
	if (v6 ? icmp6_query(type, &request) : icmp4_query(type, &request)) {
		parsed->class = icmp_query_key(key, type, icmp->code, request,
					       icmp->un.echo.id);
		return BFLY_PASS;
	}

	key->dport = htons(type << 8 | icmp->code);
	parsed->class = BFLY_CLASS_FLOW;
	if (v6 && type >= ICMPV6_RS && type <= ICMPV6_REDIRECT)
		parsed->class = BFLY_CLASS_ND;
	else if (v6 && ((type >= ICMPV6_MGM_QUERY &&
			 type <= ICMPV6_MGM_REDUCTION) ||
			type == ICMPV6_MLD2_REPORT))
		parsed->class = BFLY_CLASS_MLD;
	return BFLY_PASS;
}

static enum bfly_drop parse_ip(struct bfly_view *view, struct bfly_parsed *parsed)
{
	struct bfly_key *key = &parsed->key;
	enum bfly_drop drop;
	struct ip_walk walk __uninitialized;

	if (view->protocol == htons(ETH_P_IP))
		drop = walk_ipv4(view, 0, false, key, &walk);
	else
		drop = walk_ipv6(view, 0, false, key, &walk);
	if (unlikely(drop))
		return drop;
	/* offsets are kept in 16 bits; eight extension headers stay below */
	if (walk.l4_off > U16_MAX)
		return BFLY_DROP_EXTHDR;

	key->proto = walk.proto;
	parsed->l4_off = walk.l4_off;
	parsed->tot_len = walk.end;
	parsed->frag_id = walk.frag_id;
	parsed->first_fragment = walk.first_fragment;
	if (unlikely(walk.fragment)) {
		parsed->class = BFLY_CLASS_FRAGMENT;
		parsed->frag_edge = walk.frag_off;
		return BFLY_PASS;
	}
	if (unlikely(walk.first_fragment))
		parsed->frag_edge = min_t(u32, walk.end - walk.frag_data, U16_MAX);
	parsed->common = !walk.first_fragment && (key->proto == IPPROTO_TCP ||
						  key->proto == IPPROTO_UDP);
	if (key->proto == IPPROTO_TCP)
		return parse_tcp(view, walk.l4_off, walk.end, parsed);
	if (key->proto == IPPROTO_UDP)
		return parse_udp(view, walk.l4_off, walk.end, parsed);
	if (key_is_icmp(key))
		return parse_icmp(view, walk.l4_off, walk.end, parsed);
	return parse_ports(view, walk.l4_off, parsed);
}

static enum bfly_drop parse_arp(struct bfly_view *view, struct bfly_parsed *parsed)
{
	const struct arphdr *arp = bfly_view_header(view, 0, sizeof(struct bfly_arp));

	if (!arp || arp->ar_hrd != htons(ARPHRD_ETHER) ||
	    arp->ar_pro != htons(ETH_P_IP) || arp->ar_hln != ETH_ALEN ||
	    arp->ar_pln != 4)
		return BFLY_DROP_MALFORMED;
	parsed->class = BFLY_CLASS_ARP;
	return BFLY_PASS;
}

enum bfly_drop bfly_parse_general(struct bfly_view *view,
				  struct bfly_parsed *parsed)
{
	memset(parsed, 0, sizeof(*parsed));
	switch (view->protocol) {
	case htons(ETH_P_IP):
	case htons(ETH_P_IPV6):
		return parse_ip(view, parsed);
	case htons(ETH_P_ARP):
		return parse_arp(view, parsed);
	case htons(ETH_P_RARP):
		parsed->class = BFLY_CLASS_RARP;
		return BFLY_PASS;
	default:
		return BFLY_PASS;
	}
}

/* The window scale among @len bytes of options at @opt. */
static u8 tcp_wscale(const u8 *opt, u32 len)
{
	const u8 *end = opt + len;

	while (end - opt >= 2 && *opt != TCPOPT_EOL) {
		if (*opt == TCPOPT_NOP) {
			opt++;
			continue;
		}
		if (opt[1] < 2 || opt[1] > end - opt)
			break;
		if (opt[0] == TCPOPT_WINDOW && opt[1] == TCPOLEN_WINDOW)
			return min_t(u8, opt[2], TCP_MAX_WSCALE);
		opt += opt[1];
	}
	return BFLY_TCP_NO_WSCALE;
}

static noinline enum bfly_drop parse_syn(struct bfly_view *view,
					 struct bfly_parsed *parsed)
{
	const struct tcphdr *tcp;
	u32 len;

	tcp = (const struct tcphdr *)(view->data + parsed->l4_off);
	len = tcp->doff * 4;
	tcp = bfly_view_header(view, parsed->l4_off, len);
	if (!tcp)
		return BFLY_DROP_MALFORMED;
	parsed->tcp_wscale = tcp_wscale((const u8 *)(tcp + 1),
					len - sizeof(*tcp));
	return BFLY_PASS;
}

enum bfly_drop bfly_parse(struct sk_buff *skb, struct bfly_parsed *parsed)
{
	struct bfly_view view = {
		.data = skb->data, .linear = skb_headlen(skb), .len = skb->len,
		.protocol = skb->protocol, .skb = skb,
	};
	enum bfly_drop drop;

	if (unlikely(skb_vlan_tag_present(skb) && !bfly_vlan_is_priority(skb)))
		view.protocol = 0;
	drop = bfly_parse_view(&view, parsed);
	if (unlikely(parsed->tcp_flags & TCPHDR_SYN) && !drop)
		return parse_syn(&view, parsed);
	return drop;
}
