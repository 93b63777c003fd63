// SPDX-License-Identifier: GPL-2.0
/* Good frames, and how they are broken. */
#include <arpa/inet.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/if_ether.h>
#include "frames.h"

#define TEMPLATE_MAX	64
#define VXLAN_PORT	4789
#define HEADERS		96	/* where most of what matters is */
#define GSO_UDP_L4	5	/* VIRTIO_NET_HDR_GSO_UDP_L4, which 6.1 does not have */

static struct frame templates[TEMPLATE_MAX];
static unsigned int template_count;
static uint64_t state;

void seed(uint64_t value)
{
	state = value;
}

/* Vigna's splitmix64. */
static uint64_t next(void)
{
	uint64_t z = (state += 0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* One of n numbers from 0 on. */
static unsigned int pick(unsigned int n)
{
	return next() % n;
}

static bool one_in(unsigned int n)
{
	return !pick(n);
}

static uint16_t word_at(const struct frame *frame, unsigned int off)
{
	return frame->data[off] << 8 | frame->data[off + 1];
}

static void put_word(struct frame *frame, unsigned int off, uint16_t word)
{
	frame->data[off] = word >> 8;
	frame->data[off + 1] = word;
}

static void put_noise(struct frame *frame, unsigned int off, unsigned int len)
{
	while (len--)
		frame->data[off++] = next();
}

/* An offset with so many bytes behind it, which there must be. */
static unsigned int somewhere(const struct frame *frame, unsigned int room)
{
	unsigned int n = frame->len - room + 1;

	return pick(n > HEADERS && !one_in(4) ? HEADERS : n);
}

static void flip_bit(struct frame *frame)
{
	if (frame->len)
		frame->data[somewhere(frame, 1)] ^= 1 << pick(8);
}

/* Limits, protocols and extension headers, types of ICMP, lengths. */
static void set_byte(struct frame *frame)
{
	static const uint8_t bytes[] = {
		0, 1, 2, 3, 4, 5, 6, 8, 11, 12, 17, 41, 43, 44, 47, 50, 51, 58,
		60, 0x40, 0x45, 0x4f, 0x60, 128, 129, 132, 134, 135, 136, 255,
	};

	if (frame->len)
		frame->data[somewhere(frame, 1)] = bytes[pick(sizeof(bytes))];
}

static void set_word(struct frame *frame)
{
	static const uint16_t words[] = {
		0, 1, 7, 8, 15, 16, 19, 20, 21, 39, 40, 41, 67, 68, 80, 546,
		547, 1499, 1500, 1501, 0x1fff, 0x2000, 0x4000, 4789, 0x7fff,
		0x8000, 0xfff8, 0xffff, ETH_P_IP, ETH_P_IPV6, ETH_P_ARP,
		ETH_P_RARP, ETH_P_8021Q, ETH_P_8021AD, ETH_P_TEB,
	};
	unsigned int n = sizeof(words) / sizeof(*words), which = pick(n + 2);
	uint16_t word = frame->len + pick(5) - 2;

	if (frame->len < 2)
		return;
	if (which < n)
		word = words[which];
	else if (which == n)
		word = next();
	put_word(frame, somewhere(frame, 2) & ~1u, word);
}

static void cut_short(struct frame *frame)
{
	if (frame->len)
		frame->len = somewhere(frame, 1);
}

static void make_longer(struct frame *frame)
{
	unsigned int n = pick(one_in(16) ? FRAME_MAX : 64);

	if (n > FRAME_MAX - frame->len)
		n = FRAME_MAX - frame->len;
	put_noise(frame, frame->len, n);
	frame->len += n;
}

static void insert(struct frame *frame, unsigned int off, unsigned int n)
{
	if (off > frame->len || n > FRAME_MAX - frame->len)
		return;
	memmove(frame->data + off + n, frame->data + off, frame->len - off);
	frame->len += n;
	put_noise(frame, off, n);
}

static void put_in(struct frame *frame)
{
	insert(frame, somewhere(frame, 0), 4 * (1 + pick(4)));
}

static void take_out(struct frame *frame)
{
	unsigned int n = 1 + pick(16), off;

	if (frame->len < n)
		return;
	off = somewhere(frame, n);
	frame->len -= n;
	memmove(frame->data + off, frame->data + off + n, frame->len - off);
}

static void add_tag(struct frame *frame)
{
	static const uint16_t vids[] = { 0, 60, 61, 4095 };
	unsigned int which = pick(5);

	if (frame->len < ETH_HLEN)
		return;
	insert(frame, 2 * ETH_ALEN, 4);
	put_word(frame, 2 * ETH_ALEN, one_in(4) ? ETH_P_8021AD : ETH_P_8021Q);
	put_word(frame, 2 * ETH_ALEN + 2,
		 which < 4 ? pick(8) << 13 | vids[which] : next());
}

/* The head of the one, the tail of another one. */
static void splice(struct frame *frame)
{
	const struct frame *other = &templates[pick(template_count)];
	unsigned int at = somewhere(frame, 0), from = somewhere(other, 0);
	unsigned int n = other->len - from;

	if (n > FRAME_MAX - at)
		n = FRAME_MAX - at;
	memcpy(frame->data + at, other->data + from, n);
	frame->len = at + n;
}

static void say_again(struct frame *frame)
{
	unsigned int n = 1 + pick(40);

	if (frame->len >= n)
		memmove(frame->data + somewhere(frame, n),
			frame->data + somewhere(frame, n), n);
}

static void garble(struct frame *frame)
{
	unsigned int off = somewhere(frame, 0);

	put_noise(frame, off, frame->len - off);
}

static void (*const ways[])(struct frame *frame) = {
	flip_bit, flip_bit, set_byte, set_byte, set_byte, set_word, set_word,
	set_word, cut_short, make_longer, put_in, take_out, add_tag, splice,
	say_again, garble,
};

static uint32_t sum(const uint8_t *data, unsigned int len, uint32_t start)
{
	for (; len > 1; len -= 2, data += 2)
		start += data[0] << 8 | data[1];
	return len ? start + (data[0] << 8) : start;
}

static uint16_t fold(uint32_t value)
{
	while (value >> 16)
		value = (value & 0xffff) + (value >> 16);
	return ~value;
}

/* The upper layer at @off up to the end, behind so many bytes of addresses. */
static void mend_upper(struct frame *frame, unsigned int off, uint8_t proto,
		       unsigned int addrs)
{
	unsigned int len = frame->len - off, at = off;
	uint32_t start = proto + len;
	uint16_t right;

	switch (proto) {
	case 1:
		addrs = start = 0;
		/* fall through */
	case 58:
		at += 2;
		break;
	case 6:
		at += 16;
		break;
	case 17:
		put_word(frame, off + 4, len);
		at += 6;
		break;
	default:
		return;
	}
	if (at + 2 > frame->len)
		return;
	put_word(frame, at, 0);
	right = fold(sum(frame->data + off - addrs, len + addrs, start));
	put_word(frame, at, right ? right : 0xffff);
}

/*
 * Lengths and checksums from the Ethernet header at @off on as a host wants them, so
 * that it looks what is inside; of what is in a tunnel first.
 */
static void mend(struct frame *frame, unsigned int off)
{
	unsigned int ip = off + ETH_HLEN, upper;
	bool ip6;
	uint8_t proto;

	if (frame->len < ip + 28)
		return;
	ip6 = word_at(frame, ip - 2) == ETH_P_IPV6;
	if (!ip6 && word_at(frame, ip - 2) != ETH_P_IP)
		return;
	upper = ip + (ip6 ? 40 : (frame->data[ip] & 15) * 4);
	proto = frame->data[ip + (ip6 ? 6 : 9)];
	if (frame->len < upper + 8 || upper < ip + 20)
		return;
	if (proto == 17 && word_at(frame, upper + 2) == VXLAN_PORT)
		mend(frame, upper + 16);
	if (ip6) {
		put_word(frame, ip + 4, frame->len - upper);
	} else {
		put_word(frame, ip + 2, frame->len - ip);
		put_word(frame, ip + 10, 0);
		put_word(frame, ip + 10,
			 fold(sum(frame->data + ip, upper - ip, 0)));
	}
	/* of a fragment, or behind options, it is not worth while */
	if (ip6 || upper == ip + 20)
		mend_upper(frame, upper, proto, ip6 ? 32 : 8);
}

void add_template(const char *hex)
{
	struct frame *frame = &templates[template_count];
	unsigned int byte;

	if (template_count == TEMPLATE_MAX)
		errx(1, "too many frames to start from");
	for (; *hex; hex += 2) {
		if (frame->len == FRAME_MAX || sscanf(hex, "%2x", &byte) != 1 ||
		    !hex[1])
			errx(1, "not a frame: %s", hex);
		frame->data[frame->len++] = byte;
	}
	mend(frame, 0);
	template_count++;
}

static uint16_t claim(uint16_t honest)
{
	static const uint16_t words[] = { 0, 1, 14, 34, 1000, 0x7fff, 0xffff };

	if (!one_in(4))
		return honest;
	return one_in(4) ? next() : words[pick(sizeof(words) / 2)];
}

/* What a machine would say of such a packet, and then one that lies. */
static void make_claims(struct frame *frame)
{
	struct virtio_net_hdr *claims = &frame->claims;
	bool ip6 = frame->len >= ETH_HLEN && word_at(frame, 12) == ETH_P_IPV6;
	unsigned int l4 = ETH_HLEN + (ip6 ? 40 : 20);
	bool udp = frame->len > l4 && frame->data[ETH_HLEN + (ip6 ? 6 : 9)] == 17;

	memset(claims, 0, sizeof(*claims));
	if (one_in(2))
		return;
	claims->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	claims->csum_start = claim(l4);
	claims->csum_offset = claim(udp ? 6 : 16);
	if (one_in(2))
		return;
	if (udp)
		claims->gso_type = GSO_UDP_L4;
	else
		claims->gso_type = ip6 ? VIRTIO_NET_HDR_GSO_TCPV6 :
					 VIRTIO_NET_HDR_GSO_TCPV4;
	if (one_in(8))
		claims->gso_type = pick(256);
	claims->gso_size = claim(one_in(2) ? 100 : 1400);
	claims->hdr_len = claim(l4 + (udp ? 8 : 20));
	if (one_in(2))
		make_longer(frame);
}

void make_frame(struct frame *frame, unsigned int max, bool claims)
{
	const struct frame *from = &templates[pick(template_count)];
	unsigned int n = pick(5);

	frame->len = from->len;
	memcpy(frame->data, from->data, from->len);
	while (n--)
		ways[pick(sizeof(ways) / sizeof(*ways))](frame);
	/* what the device refuses tests nothing */
	if (frame->len > max && !one_in(16))
		frame->len = max;
	if (one_in(2))
		mend(frame, 0);
	if (!claims)
		return;
	make_claims(frame);
	/* the far end of a veth counts what is too long and not to be split */
	if (frame->len > max && frame->claims.csum_start +
				frame->claims.gso_size + 60u >= frame->len)
		frame->len = max;
}
