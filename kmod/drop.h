/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Why packets are dropped. Every drop goes through bfly_drop(): a per-CPU
 * counter a reason, a tracepoint, and the port's own counter.
 */
#ifndef _BFLY_DROP_H
#define _BFLY_DROP_H

#include <linux/types.h>

struct bfly_switch;
struct net_device;
struct sk_buff;

/* name, meaning; the order is internal, user space sees names only */
#define BFLY_DROP_REASONS(X) \
	X(CLOSED, "closed", "the port is not configured") \
	X(MALFORMED, "malformed", "a header is cut short or contradicts itself") \
	X(NOT_IP, "not-ip", "neither ARP nor IP, on a port with groups") \
	X(EXTHDR, "exthdr", "too many IPv6 extension headers") \
	X(SPOOFED_MAC, "spoofed-mac", "source MAC is not the port's") \
	X(SPOOFED_IP, "spoofed-ip", "source address is not the port's") \
	X(SPOOFED_ARP, "spoofed-arp", "ARP sender is not the port's, or it is RARP") \
	X(SPOOFED_ND, "spoofed-nd", "ND target is not the port's") \
	X(ROGUE_SERVER, "rogue-server", \
	  "DHCP server or router advertisement from a port that may not") \
	X(NO_RULE_OUT, "no-rule-out", "no rule of the sending port allows it") \
	X(NO_RULE_IN, "no-rule-in", "no rule of the receiving port allows it") \
	X(NO_FLOW, "no-flow", "an ICMP error or reply that belongs to no flow") \
	X(FRAG_NO_FIRST, "frag-no-first", "a fragment whose first fragment is not known") \
	X(FLOW_FULL, "flow-full", "the flow table is full") \
	X(HAIRPIN, "hairpin", "the way out is the way in") \
	X(LINK_LOCAL, "link-local", "a bridge control frame") \
	X(NO_DESTINATION, "no-destination", "nobody to send it to") \
	X(TOO_BIG, "too-big", "larger than the way out carries") \
	X(NO_ROUTE, "no-route", "no route to the peer or backend") \
	X(NO_MEMORY, "no-memory", "memory ran out") \
	X(VXLAN_HEADER, "vxlan-header", "a bad VXLAN header") \
	X(UNKNOWN_VNI, "unknown-vni", "a VNI that no net has") \
	X(UNKNOWN_PEER, "unknown-peer", "a tunnel peer that the net does not have") \
	X(ECN, "ecn", "congestion on the way of a packet that cannot tell of it") \
	X(NO_SERVICE, "no-service", "no service at this port of a virtual address") \
	X(NO_BACKEND, "no-backend", "the pool has no backend that may be used") \
	X(TTL, "ttl", "time to live or hop limit ran out") \
	X(VLAN_TAG, "vlan-tag", "a frame with a VLAN tag, in a flat net") \
	X(FLOOD_LIMIT, "flood-limit", "the port had more flooded than it may") \
	X(TCP_WINDOW, "tcp-window", "a TCP reset outside the receiver's window") \
	X(FLOW_PORT_FULL, "flow-port-full", "the port has as many flows as it may")

/*
 * enum bfly_drop - reason to drop a packet. BFLY_PASS, zero, is no reason: the
 * packet goes on. Names and meanings are in BFLY_DROP_REASONS().
 */
enum bfly_drop {
	BFLY_PASS = 0,
#define BFLY_DROP_ENUM(id, name, meaning) BFLY_DROP_##id,
	BFLY_DROP_REASONS(BFLY_DROP_ENUM)
#undef BFLY_DROP_ENUM
	BFLY_DROP_COUNT
};

extern const char *const bfly_drop_names[BFLY_DROP_COUNT];
extern const char *const bfly_drop_meanings[BFLY_DROP_COUNT];

void bfly_drop(struct bfly_switch *sw, struct sk_buff *skb,
	       enum bfly_drop reason);
void bfly_drop_xdp(struct bfly_switch *sw, const struct net_device *dev,
		   enum bfly_drop reason);

#endif /* _BFLY_DROP_H */
