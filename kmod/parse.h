/* SPDX-License-Identifier: GPL-2.0 */
/* The packet parser: the only code that reads headers of unknown packets. */
#ifndef _BFLY_PARSE_H
#define _BFLY_PARSE_H

#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/in6.h>
#include <linux/minmax.h>
#include <linux/skbuff.h>

#include "drop.h"

/**
 * struct bfly_key - what names a flow, in the direction of one packet
 * @src: source address; IPv4 in the first word, the rest zero
 * @dst: destination address, likewise
 * @sport: source port. An ICMP query has its identifier here and
 *	type << 8 | code in @dport; its reply has the two swapped and the type of
 *	the query, so that it is the query's key reversed. 0 where there are no
 *	ports.
 * @dport: destination port
 * @ports: both, as they are in a header
 * @net: id of the net; 0 in flows of services
 * @proto: IP protocol, past IPv6 extension headers
 * @family: AF_INET or AF_INET6
 * @pad: zero
 */
struct bfly_key {
	struct in6_addr src;
	struct in6_addr dst;
	union {
		struct {
			__be16 sport;
			__be16 dport;
		};
		__be32 ports;
	};
	u32 net;
	u8 proto;
	u8 family;
	u16 pad;
};

/* The key of the answer. */
static inline void bfly_key_reverse(struct bfly_key *key)
{
	swap(key->src, key->dst);
	swap(key->sport, key->dport);
}

/**
 * enum bfly_class - how a packet is judged
 * @BFLY_CLASS_OTHER: neither ARP nor IP; VLAN-tagged frames are such
 * @BFLY_CLASS_ARP: ARP for IPv4 over Ethernet
 * @BFLY_CLASS_RARP: reverse ARP
 * @BFLY_CLASS_FLOW: IP that belongs to a flow that its key names
 * @BFLY_CLASS_REPLY: an ICMP reply; like FLOW, but it never begins a flow
 * @BFLY_CLASS_ERROR: an ICMP error; the key is that of the quoted packet,
 *	reversed, that is as the quoted flow's answer would have it
 * @BFLY_CLASS_ND: router or neighbour discovery, ICMPv6 133 to 137
 * @BFLY_CLASS_MLD: multicast listener discovery, ICMPv6 130 to 132 and 143
 * @BFLY_CLASS_FRAGMENT: a fragment other than the first; no ports in the key
 */
enum bfly_class {
	BFLY_CLASS_OTHER,
	BFLY_CLASS_ARP,
	BFLY_CLASS_RARP,
	BFLY_CLASS_FLOW,
	BFLY_CLASS_REPLY,
	BFLY_CLASS_ERROR,
	BFLY_CLASS_ND,
	BFLY_CLASS_MLD,
	BFLY_CLASS_FRAGMENT,
};

#define BFLY_TCP_NO_WSCALE	U8_MAX

/*
 * TCPHDR_FIN, TCPHDR_SYN and TCPHDR_RST: flags of the segments that may change
 * the state of an established flow.
 */
#define BFLY_TCP_CONTROL	0x07

/**
 * struct bfly_parsed - what the parser found; offsets, never pointers
 * @key: see &struct bfly_key; @key.net is the caller's to fill. Valid for
 *	FLOW, REPLY, ERROR and FRAGMENT; ND and MLD have addresses, proto and
 *	type << 8 | code in dport.
 * @class: &enum bfly_class
 * @common: TCP or UDP and no fragment, as nearly all packets are; @class is FLOW
 * @icmp_type: ICMP or ICMPv6 type of the packet itself, where it is one
 * @tcp_flags: byte 13 of a TCP header (RFC 9293, 3.1), TCPHDR_*; 0 otherwise,
 *	and then the other fields of TCP mean nothing
 * @tcp_wscale: of a SYN, its window scale option (RFC 7323), or
 *	%BFLY_TCP_NO_WSCALE; from bfly_parse() alone
 * @tcp_window: the window as it is in the header
 * @tcp_seq: sequence number
 * @tcp_ack: acknowledgment number
 * @first_fragment: the packet is the first of several fragments
 * @l3_off: offset of the IP or ARP header from the data
 * @l4_off: offset of the upper layer's header from skb->data
 * @quoted_off: of an ERROR, offset of the quoted IP header from skb->data
 * @frag_id: identification of a fragmented packet, host order as it is
 * @frag_edge: in bytes of the whole packet's payload, where a first fragment ends
 *	and where another one begins
 * @tot_len: bytes from the IP header to the end of the packet as the IP header
 *	tells it; the frame may be longer by padding. 0 for jumbo and GSO.
 */
struct bfly_parsed {
	struct bfly_key key;
	u8 class;
	bool common;
	u8 icmp_type;
	u8 tcp_flags;
	bool first_fragment;
	u8 tcp_wscale;
	u16 tcp_window;
	__be32 tcp_seq;
	__be32 tcp_ack;
	u16 l3_off;
	u16 l4_off;
	u16 quoted_off;
	u16 frag_edge;
	u32 frag_id;
	u32 tot_len;
};

/**
 * struct bfly_arp - what a BFLY_CLASS_ARP packet has at its network header
 * @head: its form
 * @sender_mac: MAC of who sends it
 * @sender_ip: address of who sends it, or 0
 * @target_mac: of a request nothing
 * @target_ip: the address that it is about
 */
struct bfly_arp {
	struct arphdr head;
	u8 sender_mac[ETH_ALEN];
	__be32 sender_ip;
	u8 target_mac[ETH_ALEN];
	__be32 target_ip;
} __packed;

/**
 * struct bfly_view - a packet as the parser sees it, at either hook
 * @data: its bytes, from the network header on
 * @linear: how many of them are there to be read
 * @len: bytes of the whole packet
 * @protocol: EtherType of the network header
 * @skb: where more of an skb comes from; NULL at XDP
 */
struct bfly_view {
	const u8 *data;
	u32 linear;
	u32 len;
	__be16 protocol;
	struct sk_buff *skb;
};

/* The family of a view that is one of IP. */
static inline u16 bfly_view_family(const struct bfly_view *view)
{
	return view->protocol == htons(ETH_P_IP) ? AF_INET : AF_INET6;
}

/* More of an skb into view->data; whether @len bytes are there then. */
bool bfly_view_pull(struct bfly_view *view, u32 len);

/**
 * bfly_view_header() - read a header
 * @view: the packet
 * @off: where the header is
 * @len: its bytes
 *
 * Of an skb it is pulled into the linear part, so that later readers find it
 * too; that may invalidate pointers into the packet.
 *
 * Return: the header, or NULL if the packet is too short.
 */
static inline const void *bfly_view_header(struct bfly_view *view, u32 off,
					   u32 len)
{
	if (likely(off + len <= view->linear))
		return view->data + off;
	return bfly_view_pull(view, off + len) ? view->data + off : NULL;
}

/* IPv6 extension headers that are walked before a packet is given up. */
#define BFLY_EXTHDR_MAX 8

/**
 * bfly_parse() - read the headers of a packet
 * @skb: the packet; skb->data at the network header, skb->protocol set, as
 *	eth_type_trans() leaves it. May be non-linear, cloned, GSO.
 * @parsed: where the result goes; @parsed->key.net is set to 0
 *
 * Warning: this function may reallocate the skb's data. Any pointer into it is
 * invalid afterwards.
 *
 * Context: softirq or any other in which skb data may be read.
 * Return: BFLY_PASS, or why the packet cannot be judged: MALFORMED, EXTHDR,
 *	NO_MEMORY. A hardware-accelerated or inline VLAN tag makes the packet
 *	BFLY_CLASS_OTHER.
 */
enum bfly_drop bfly_parse(struct sk_buff *skb, struct bfly_parsed *parsed);

#endif /* _BFLY_PARSE_H */
