/* SPDX-License-Identifier: GPL-2.0 */
/* What a port may send: source checks. */
#ifndef _BFLY_GUARD_H
#define _BFLY_GUARD_H

#include <linux/etherdevice.h>
#include <linux/skbuff.h>

#include "parse.h"
#include "port.h"

/* Whether the source MAC is the port's. Context: RCU read side. */
static inline bool bfly_guard_mac(const struct bfly_port_conf *conf,
				  const u8 *mac)
{
	unsigned int i = 0;

	do {
		if (ether_addr_equal(conf->macs[i], mac))
			return true;
	} while (++i < conf->mac_count);
	return false;
}

/* Whether an address is one of the port's. Context: RCU read side. */
bool bfly_guard_owns(const struct bfly_port_conf *conf,
		     const struct in6_addr *ip, u8 family);

/* Whether a packet is a DHCP client's, or an answer to one. */
bool bfly_guard_dhcp_client(const struct bfly_key *key);
bool bfly_guard_dhcp_server(const struct bfly_key *key);

/**
 * bfly_guard() - check the sources that a port's packet names
 * @conf: the port's configuration
 * @skb: the packet; skb->data at the network header
 * @parsed: what bfly_parse() found in it
 *
 * Context: softirq, RCU read side.
 * Return: BFLY_PASS or why the port may not send it.
 */
enum bfly_drop bfly_guard(const struct bfly_port_conf *conf,
			  const struct sk_buff *skb,
			  const struct bfly_parsed *parsed);

#endif /* _BFLY_GUARD_H */
