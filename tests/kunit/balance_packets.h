/* SPDX-License-Identifier: GPL-2.0 */
/* Packets of clients for the suites of the balancer. */
#ifndef _BFLY_BALANCE_PACKETS_H
#define _BFLY_BALANCE_PACKETS_H

#include "balance_fixture.h"
#include "sum.h"

/**
 * struct spec - a packet
 * @family: of its headers
 * @proto: of what it carries
 * @dport: where to
 * @len: bytes after the transport header
 * @ttl: time to live
 * @pad: bytes after the packet
 * @tail: word at the end of the data, if @len is even
 */
struct spec {
	u16 family;
	u8 proto;
	u16 dport;
	unsigned int len;
	u8 ttl;
	unsigned int pad;
	u16 tail;
};

/* Of a packet at @ip without options: 0xffff if its transport's sum is right. */
static inline u16 transport_sum(const u8 *ip, u16 family, u8 proto)
{
	unsigned int len = family == AF_INET ? (ip[2] << 8 | ip[3]) - 20 :
					       ip[4] << 8 | ip[5];
	u32 sum = family == AF_INET ? add_words(proto + len, ip + 12, 8) :
				      add_words(proto + len, ip + 8, 32);

	return folded(add_words(sum, ip + (family == AF_INET ? 20 : 40), len));
}

static inline unsigned int check_at(u8 proto)
{
	return proto == IPPROTO_TCP ? 16 : proto == IPPROTO_UDP ? 6 : 0;
}

/* Ethernet's header, as what the fixture gets begins with it; its length. */
unsigned int bfly_put_eth(struct fixture *fx, u16 family);

/**
 * bfly_put_ip() - write an IP header from some client to the virtual address
 * @fx: the fixture
 * @ip: where to
 * @family: AF_INET or AF_INET6
 * @proto: what comes after it
 * @ttl: time to live
 * @len: bytes after it
 *
 * Return: its length.
 */
unsigned int bfly_put_ip(struct fixture *fx, u8 *ip, u16 family, u8 proto,
			 u8 ttl, unsigned int len);

/* The transport's sum of a packet at @ip. */
void bfly_put_check(u8 *ip, const struct spec *spec);

/* A packet at @ip; its length. */
unsigned int bfly_put_packet(struct fixture *fx, u8 *ip,
			     const struct spec *spec);

/* A frame with such a packet, at the fixture's @in; its length. */
unsigned int bfly_put_frame(struct fixture *fx, const struct spec *spec);

/* What a router has put into GRE, with some of the fields that there are. */
unsigned int bfly_put_gre(struct fixture *fx, const struct spec *spec,
			  u16 inner);

#endif /* _BFLY_BALANCE_PACKETS_H */
