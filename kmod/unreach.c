// SPDX-License-Identifier: GPL-2.0
/*
 * What the network says of backends that it does not reach: errors about packets
 * that were put into a tunnel come to the host, who has not sent them.
 */
#include "unreach.h"

#include <linux/icmp.h>
#include <linux/jiffies.h>
#include <linux/timekeeping.h>
#include <linux/udp.h>
#include <net/ip.h>

#include "limit.h"
#include "nl_pool.h"
#include "pool.h"
#include "switch.h"

/* Errors a second that are looked at: anybody can send them. */
#define UNREACH_RATE	1000
/* Time between two events of a backend. */
#define UNREACH_PERIOD	HZ

static void parse_port(struct bfly_view *view, u32 off,
		       struct bfly_unreach *un)
{
	const struct udphdr *uh = NULL;

	if (un->proto == IPPROTO_UDP)
		uh = bfly_view_header(view, off, sizeof(*uh));
	un->port = uh ? ntohs(uh->dest) : 0;
}

static bool parse4(struct bfly_view *view, struct bfly_unreach *un)
{
	const struct icmphdr *icmph;
	const struct iphdr *iph;
	u32 off, quoted;

	iph = bfly_view_header(view, 0, sizeof(*iph));
	if (!iph || iph->ihl < 5 || iph->protocol != IPPROTO_ICMP ||
	    ip_is_fragment(iph))
		return false;
	off = iph->ihl * 4;
	icmph = bfly_view_header(view, off, sizeof(*icmph));
	if (!icmph || icmph->type != ICMP_DEST_UNREACH ||
	    icmph->code == ICMP_FRAG_NEEDED)
		return false;
	un->code = icmph->code;

	quoted = off + sizeof(*icmph);
	iph = bfly_view_header(view, quoted, sizeof(*iph));
	if (!iph || iph->version != 4 || iph->ihl < 5)
		return false;
	un->from = (struct bfly_addr){ .family = AF_INET, .ip4 = iph->saddr };
	un->to = (struct bfly_addr){ .family = AF_INET, .ip4 = iph->daddr };
	un->proto = iph->protocol;
	parse_port(view, quoted + iph->ihl * 4, un);
	/* whoever sent the packet gets the error */
	iph = (const struct iphdr *)view->data;
	return iph->daddr == un->from.ip4;
}

/* Neither header has extensions: we put none in, and an error needs none. */
static bool parse6(struct bfly_view *view, struct bfly_unreach *un)
{
	u32 quoted = sizeof(struct ipv6hdr) + sizeof(struct icmp6hdr);
	const struct icmp6hdr *icmp6h;
	const struct ipv6hdr *ip6h;

	ip6h = bfly_view_header(view, 0, sizeof(*ip6h));
	if (!ip6h || ip6h->nexthdr != IPPROTO_ICMPV6)
		return false;
	icmp6h = bfly_view_header(view, sizeof(*ip6h), sizeof(*icmp6h));
	if (!icmp6h || icmp6h->icmp6_type != ICMPV6_DEST_UNREACH)
		return false;
	un->code = icmp6h->icmp6_code;

	ip6h = bfly_view_header(view, quoted, sizeof(*ip6h));
	if (!ip6h || ip6h->version != 6)
		return false;
	un->from = (struct bfly_addr){ .family = AF_INET6, .ip6 = ip6h->saddr };
	un->to = (struct bfly_addr){ .family = AF_INET6, .ip6 = ip6h->daddr };
	un->proto = ip6h->nexthdr;
	parse_port(view, quoted + sizeof(*ip6h), un);
	ip6h = (const struct ipv6hdr *)view->data;
	return ipv6_addr_equal(&ip6h->daddr, &un->from.ip6);
}

bool bfly_unreach_parse(struct bfly_view *view, struct bfly_unreach *un)
{
	if (view->protocol == htons(ETH_P_IP))
		return parse4(view, un);
	return view->protocol == htons(ETH_P_IPV6) && parse6(view, un);
}

/* Whether a pool puts packets into what the error quotes. */
static bool is_of_method(const struct bfly_unreach *un,
			 const struct bfly_pool_conf *conf)
{
	switch (conf->method) {
	case BFLY_METHOD_IPIP:
		return un->proto == IPPROTO_IPIP || un->proto == IPPROTO_IPV6;
	case BFLY_METHOD_GRE:
		return un->proto == IPPROTO_GRE;
	case BFLY_METHOD_GUE:
	case BFLY_METHOD_FOU:
	case BFLY_METHOD_VXLAN:
		return un->proto == IPPROTO_UDP && un->port == conf->port;
	default:
		return false;
	}
}

/* Whether the quoted packet may be one of ours to the backend. */
static bool is_ours(const struct bfly_unreach *un,
		    const struct bfly_backend *backend)
{
	const struct bfly_pool_table *table =
		rcu_dereference(backend->pool->table);
	const struct bfly_path *path = rcu_dereference(backend->route.path);

	return table && path && is_of_method(un, &table->conf) &&
	       ipv6_addr_equal(&path->saddr, &un->from.ip6);
}

static bool may_tell(struct bfly_backend *backend)
{
	u32 now = (u32)jiffies, last = READ_ONCE(backend->unreach_told);

	return now - last >= UNREACH_PERIOD &&
	       cmpxchg(&backend->unreach_told, last, now) == last;
}

void bfly_unreach_receive(struct bfly_switch *sw, struct sk_buff *skb)
{
	struct bfly_view view = {
		.data = skb->data, .linear = skb_headlen(skb), .len = skb->len,
		.protocol = skb->protocol, .skb = skb,
	};
	struct rhlist_head *list, *pos;
	struct bfly_backend *backend;
	struct bfly_unreach un;

	if (!bfly_unreach_parse(&view, &un) ||
	    !bfly_limit_take(&sw->unreach_spent, UNREACH_RATE,
			     ktime_get_ns()))
		return;
	list = bfly_backends_at(sw, &un.to);
	rhl_for_each_entry_rcu(backend, pos, list, node)
		if (is_ours(&un, backend) && may_tell(backend))
			bfly_nl_backend_unreachable(sw, backend, un.code);
}
