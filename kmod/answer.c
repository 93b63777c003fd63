// SPDX-License-Identifier: GPL-2.0
/* What the balancer answers clients itself, in the name of the address. */
#include <linux/etherdevice.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "addr.h"
#include "answer.h"
#include "switch.h"
#include "too_big.h"

#define ANSWER_TTL	64

/* An answer to a group or to nobody would do harm. */
static bool answer_wanted(const struct bfly_key *key)
{
	struct bfly_addr src = { .ip6 = key->src, .family = key->family };

	return bfly_addr_is_unicast(&src) &&
	       !ipv6_addr_equal(&key->src, &key->dst);
}

/* skb->data at the Ethernet header, which is for the uplink it came from */
static void answer_send(struct sk_buff *skb)
{
	skb_scrub_packet(skb, false);
	skb_clear_tstamp(skb);
	dev_queue_xmit(skb);
}

static void echo_turn4(struct iphdr *iph)
{
	struct icmphdr *icmph = (struct icmphdr *)(iph + 1);

	swap(iph->saddr, iph->daddr);
	iph->ttl = ANSWER_TTL;
	iph->tos = 0;
	ip_send_check(iph);

	/* the checksum may have been wrong, then it stays wrong */
	icmph->type = ICMP_ECHOREPLY;
	csum_replace2(&icmph->checksum, htons(ICMP_ECHO << 8),
		      htons(ICMP_ECHOREPLY << 8));
}

static void echo_turn6(struct ipv6hdr *ip6h)
{
	struct icmp6hdr *icmp6h = (struct icmp6hdr *)(ip6h + 1);

	swap(ip6h->saddr, ip6h->daddr);
	ip6h->hop_limit = ANSWER_TTL;
	ip6_flow_hdr(ip6h, 0, 0);

	icmp6h->icmp6_type = ICMPV6_ECHO_REPLY;
	csum_replace2(&icmp6h->icmp6_cksum, htons(ICMPV6_ECHO_REQUEST << 8),
		      htons(ICMPV6_ECHO_REPLY << 8));
}

enum bfly_drop bfly_answer_check(const struct bfly_parsed *parsed)
{
	unsigned int ip_len = parsed->key.family == AF_INET ?
			      sizeof(struct iphdr) : sizeof(struct ipv6hdr);

	if (parsed->first_fragment)
		return BFLY_DROP_FRAG_NO_FIRST;
	/* neither source routes nor routing headers are turned round */
	if (parsed->l4_off - parsed->l3_off != ip_len ||
	    !answer_wanted(&parsed->key))
		return BFLY_DROP_MALFORMED;
	return BFLY_PASS;
}

void bfly_answer_turn(void *ip, u16 family)
{
	if (family == AF_INET)
		echo_turn4(ip);
	else
		echo_turn6(ip);
}

enum bfly_drop bfly_answer_echo(struct sk_buff *skb,
				const struct bfly_parsed *parsed)
{
	enum bfly_drop drop = bfly_answer_check(parsed);
	unsigned int l4_off = parsed->l4_off;
	struct net_device *dev = skb->dev;
	u8 client[ETH_ALEN];

	if (drop)
		return drop;
	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb))
		return BFLY_DROP_NO_MEMORY;
	if (skb_ensure_writable(skb, l4_off + sizeof(struct icmphdr)) ||
	    skb_cow_head(skb, LL_RESERVED_SPACE(dev)))
		return BFLY_DROP_NO_MEMORY;
	skb->ip_summed = CHECKSUM_NONE;

	bfly_answer_turn(skb_network_header(skb), parsed->key.family);
	ether_addr_copy(client, eth_hdr(skb)->h_source);
	if (dev_hard_header(skb, dev, ntohs(skb->protocol), client, NULL,
			    skb->len) < 0)
		return BFLY_DROP_NO_ROUTE;
	answer_send(skb);
	return BFLY_PASS;
}

bool bfly_answer_too_big(struct bfly_switch *sw, struct sk_buff *skb, int mtu)
{
	struct sk_buff *answer;
	bool refused;

	refused = bfly_too_big_refuse(skb, mtu, &sw->too_big, &answer);
	if (!answer)
		return refused;
	skb_push(answer, ETH_HLEN);
	answer->dev = skb->dev;
	answer_send(answer);
	return refused;
}
