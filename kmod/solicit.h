/* SPDX-License-Identifier: GPL-2.0 */
/* Questions for an address, by ARP and neighbour discovery, and answers to them. */
#ifndef _BFLY_SOLICIT_H
#define _BFLY_SOLICIT_H

#include <linux/icmpv6.h>
#include <linux/if_ether.h>
#include <linux/ipv6.h>

#include "addr.h"
#include "parse.h"

struct bfly_pkt;

/**
 * struct bfly_solicit - an ARP request or a neighbour solicitation
 * @target: the address that is asked for
 * @sender: address of who asks; unspecified in a probe for duplicates
 * @mac: MAC of who asks
 */
struct bfly_solicit {
	struct bfly_addr target;
	struct bfly_addr sender;
	u8 mac[ETH_ALEN];
};

/**
 * struct bfly_advert - a neighbour advertisement, as the switch sends it
 * @ip: IPv6 header
 * @icmp: ICMPv6 header with the flags
 * @target: the address
 * @opt_type: of the option that follows: target link-layer address
 * @opt_len: its length in units of 8 bytes
 * @mac: the MAC of the address
 */
struct bfly_advert {
	struct ipv6hdr ip;
	struct icmp6hdr icmp;
	struct in6_addr target;
	u8 opt_type;
	u8 opt_len;
	u8 mac[ETH_ALEN];
} __packed;

/**
 * bfly_solicit_read() - whether a packet asks for an address
 * @skb: the packet; the MAC header set, skb->data at the network header
 * @parsed: what bfly_parse() found in it
 * @solicit: where the question goes
 *
 * A gratuitous ARP request asks nobody. A solicitation that RFC 4861, 7.1.1 has
 * receivers discard is none.
 *
 * Return: whether it does.
 */
bool bfly_solicit_read(const struct sk_buff *skb,
		       const struct bfly_parsed *parsed,
		       struct bfly_solicit *solicit);

/* The ARP reply to a question: @mac has the address. */
void bfly_solicit_arp(struct bfly_arp *arp, const struct bfly_solicit *solicit,
		      const u8 *mac);
/* The neighbour advertisement, of which a probe's goes to all nodes. */
void bfly_solicit_advert(struct bfly_advert *advert,
			 const struct bfly_solicit *solicit, const u8 *mac);

/**
 * bfly_solicit_answer() - answer a port's question for an address we know
 * @pkt: a packet to a group address, judged and parsed
 *
 * Context: softirq, RCU read side.
 * Return: whether it was answered; the packet is the caller's either way.
 */
bool bfly_solicit_answer(struct bfly_pkt *pkt);

#endif /* _BFLY_SOLICIT_H */
