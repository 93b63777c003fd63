// SPDX-License-Identifier: GPL-2.0
#include "balance_packets.h"

#include <net/ip.h>

static unsigned int transport_len(u8 proto)
{
	return proto == IPPROTO_TCP ? 20 : proto == IPPROTO_SCTP ? 12 : 8;
}

unsigned int bfly_put_ip(struct fixture *fx, u8 *ip, u16 family, u8 proto,
			 u8 ttl, unsigned int len)
{
	const struct bfly_addr to = vip(family);
	u8 head[8];

	prandom_bytes_state(&fx->rnd, head, sizeof(head));
	if (family == AF_INET) {
		struct iphdr *iph = (struct iphdr *)ip;

		*iph = (struct iphdr) {
			.version = 4, .ihl = 5, .tos = head[0],
			.tot_len = htons(20 + len), .id = htons(head[1] << 8 | head[2]),
			.frag_off = head[3] & 1 ? htons(IP_DF) : 0, .ttl = ttl,
			.protocol = proto, .daddr = to.ip4,
			.saddr = htonl(0x0a400000 | head[4] << 8 | head[5]),
		};
		iph->check = htons((u16)~folded(add_words(0, iph, 20)));
		return 20;
	}
	ip[0] = 0x60 | (head[0] & 0x0f);
	ip[1] = head[1];
	ip[2] = head[2];
	ip[3] = head[3];
	ip[4] = len >> 8;
	ip[5] = len;
	ip[6] = proto;
	ip[7] = ttl;
	memset(ip + 8, 0, 16);
	ip[8] = 0xfd;
	ip[9] = 0x64;
	ip[22] = head[4];
	ip[23] = head[5];
	memcpy(ip + 24, &to.ip6, 16);
	return 40;
}

void bfly_put_check(u8 *ip, const struct spec *spec)
{
	u8 *l4 = ip + (spec->family == AF_INET ? 20 : 40);
	unsigned int off = check_at(spec->proto);
	u16 sum;

	if (!off)
		return;
	l4[off] = 0;
	l4[off + 1] = 0;
	sum = ~transport_sum(ip, spec->family, spec->proto);
	if (!sum && spec->proto == IPPROTO_UDP)
		sum = 0xffff;
	l4[off] = sum >> 8;
	l4[off + 1] = sum;
}

unsigned int bfly_put_packet(struct fixture *fx, u8 *ip,
			     const struct spec *spec)
{
	unsigned int l4_len = transport_len(spec->proto), len = l4_len + spec->len;
	unsigned int head = bfly_put_ip(fx, ip, spec->family, spec->proto, spec->ttl, len);
	u8 *l4 = ip + head;

	prandom_bytes_state(&fx->rnd, l4, len);
	l4[2] = spec->dport >> 8;
	l4[3] = spec->dport;
	if (spec->proto == IPPROTO_TCP) {
		l4[12] = 0x50;
		/* of a flow that goes on, or a SYN */
		l4[13] = l4[13] & 1 ? 0x10 : 0x02;
	} else if (spec->proto == IPPROTO_UDP) {
		l4[4] = len >> 8;
		l4[5] = len;
	}
	if (spec->tail && spec->len >= 2) {
		l4[len - 2] = spec->tail >> 8;
		l4[len - 1] = spec->tail;
	}
	bfly_put_check(ip, spec);
	return head + len;
}

unsigned int bfly_put_eth(struct fixture *fx, u16 family)
{
	struct ethhdr *eth = (struct ethhdr *)fx->in;

	ether_addr_copy(eth->h_dest, uplink_mac);
	ether_addr_copy(eth->h_source, client_mac);
	eth->h_proto = family == AF_INET ? htons(ETH_P_IP) : htons(ETH_P_IPV6);
	return ETH_HLEN;
}

unsigned int bfly_put_frame(struct fixture *fx, const struct spec *spec)
{
	unsigned int len = bfly_put_eth(fx, spec->family);

	len += bfly_put_packet(fx, fx->in + len, spec);
	prandom_bytes_state(&fx->rnd, fx->in + len, spec->pad);
	return len + spec->pad;
}

unsigned int bfly_put_gre(struct fixture *fx, const struct spec *spec,
			  u16 inner)
{
	const struct spec in = {
		.family = inner, .proto = IPPROTO_TCP, .dport = 80,
		.len = spec->len, .ttl = 9,
	};
	u8 *ip = fx->in + bfly_put_eth(fx, spec->family), *gre;
	unsigned int head = spec->family == AF_INET ? 20 : 40, len = 4;

	gre = ip + head;
	prandom_bytes_state(&fx->rnd, gre, 16);
	/* checksum, key, sequence number: RFC 2784, RFC 2890 */
	gre[0] &= 0xb0;
	gre[1] = 0;
	gre[2] = inner == AF_INET ? 0x08 : 0x86;
	gre[3] = inner == AF_INET ? 0x00 : 0xdd;
	len += 4 * (!!(gre[0] & 0x80) + !!(gre[0] & 0x20) + !!(gre[0] & 0x10));
	len += bfly_put_packet(fx, gre + len, &in);
	bfly_put_ip(fx, ip, spec->family, IPPROTO_GRE, spec->ttl, len);
	return ETH_HLEN + head + len;
}
