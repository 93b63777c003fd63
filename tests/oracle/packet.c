// SPDX-License-Identifier: GPL-2.0
/* Random packets and their frames. */
#include <arpa/inet.h>
#include <string.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include "oracle.h"

#define HISTORY		64
#define PIECE		32	/* bytes of a fragment, of which the last 8 are its mark */
#define MARK		"bfly"
#define MARK_LEN	8
#define TCP_SYN		0x02
#define TCP_ACK		0x10

static struct packet history[HISTORY];
static unsigned int asked;

/* ---- what to ask ---- */

static void random_packet(const struct policy *policy, struct packet *packet)
{
	static const int protos[] = {
		IPPROTO_TCP, IPPROTO_TCP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDP,
		IPPROTO_SCTP, IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_GRE, 99,
	};

	memset(packet, 0, sizeof(*packet));
	packet->from = any_of(SIDES);
	packet->ip6 = one_in(2);
	packet->proto = protos[any_of(10)];
	random_address(policy, one_in(16) ? !packet->from : packet->from,
		       packet->ip6, packet->src);
	random_address(policy, !packet->from, packet->ip6, packet->dst);
	if (is_icmp(packet)) {
		packet->sport = any_of(65536);
		packet->what = (packet->ip6 ? 128 : 8) << 8 | any_of(2);
		if (one_in(16))
			*packet = answer_to(&(struct packet){
				.from = !packet->from, .ip6 = packet->ip6,
				.proto = packet->proto, .what = packet->what });
	} else if (packet->proto == IPPROTO_TCP || packet->proto == IPPROTO_UDP ||
		   packet->proto == IPPROTO_SCTP) {
		packet->sport = 1024 + any_of(64512);
		packet->what = random_port();
	}
}

static void random_form(struct question *question)
{
	static const unsigned int extensions[] = { 1, 3, 7, 8, 9, 12 };

	if (one_in(8))
		question->extensions = extensions[any_of(6)];
	if (one_in(8)) {
		question->kind = FRAGMENTS;
		question->fragments = 2 + any_of(FRAGMENTS_MAX - 1);
		question->last_first = one_in(2);
		question->extensions = any_of(3);
	}
}

void random_question(const struct policy *policy, struct question *question)
{
	const struct packet *before = &history[any_of(HISTORY)];

	memset(question, 0, sizeof(*question));
	question->tcp_flags = TCP_SYN;
	if (asked < HISTORY || one_in(2)) {
		random_packet(policy, &question->packet);
		random_form(question);
	} else if (one_in(4)) {
		question->kind = ERROR;
		question->packet = *before;
		memcpy(question->src, before->dst, 16);
		memcpy(question->dst, before->src, 16);
		/* a router on the way may tell, too, but none behind this port */
		if (one_in(4))
			random_address(policy, !before->from, before->ip6,
				       question->src);
		if (one_in(8))
			random_address(policy, before->from, before->ip6,
				       question->dst);
	} else {
		question->packet = one_in(4) ? *before : answer_to(before);
		question->tcp_flags = TCP_SYN | TCP_ACK;
		random_form(question);
	}
	if (question->kind != ERROR)
		history[asked++ % HISTORY] = question->packet;
}

void print_question(const struct question *question, FILE *file)
{
	static const char *const kinds[] = { "packet", "fragments of", "error about" };
	const struct packet *packet = &question->packet;
	int family = packet->ip6 ? AF_INET6 : AF_INET;
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];

	inet_ntop(family, packet->src, src, sizeof(src));
	inet_ntop(family, packet->dst, dst, sizeof(dst));
	fprintf(file, "%s %c to %c: proto %d, %s %u to %s %u (type %u code %u)",
		kinds[question->kind], 'a' + packet->from, 'a' + !packet->from,
		packet->proto, src, packet->sport, dst, packet->what,
		packet->what >> 8, packet->what & 255);
	if (question->extensions)
		fprintf(file, ", %u extensions", question->extensions);
	if (question->last_first)
		fprintf(file, ", last one first");
	if (question->kind == ERROR) {
		inet_ntop(family, question->src, src, sizeof(src));
		inet_ntop(family, question->dst, dst, sizeof(dst));
		fprintf(file, ", told by %s to %s", src, dst);
	}
	fprintf(file, "\n");
}

/* ---- bytes ---- */

static void put8(struct frame *frame, unsigned int value)
{
	frame->data[frame->len++] = value;
}

static void put16(struct frame *frame, unsigned int value)
{
	put8(frame, value >> 8);
	put8(frame, value & 255);
}

static void put32(struct frame *frame, uint32_t value)
{
	put16(frame, value >> 16);
	put16(frame, value & 65535);
}

static void put_bytes(struct frame *frame, const void *bytes, size_t len)
{
	memcpy(frame->data + frame->len, bytes, len);
	frame->len += len;
}

static void put_mark(struct frame *frame, uint32_t number)
{
	put_bytes(frame, MARK, 4);
	put32(frame, number);
}

uint32_t frame_number(const uint8_t *data, size_t len)
{
	const uint8_t *mark = data + len - MARK_LEN;

	if (len < ETH_HLEN + MARK_LEN || memcmp(mark, MARK, 4))
		return 0;
	return (uint32_t)mark[4] << 24 | mark[5] << 16 | mark[6] << 8 | mark[7];
}

static void put_ethernet(struct frame *frame, int from, unsigned int type)
{
	static const uint8_t macs[SIDES][ETH_ALEN] = { { 2, 0, 0, 0, 0, 1 },
						       { 2, 0, 0, 0, 0, 2 } };

	frame->len = 0;
	put_bytes(frame, macs[!from], ETH_ALEN);
	put_bytes(frame, macs[from], ETH_ALEN);
	put16(frame, type);
}

/* RFC 1071, over the header from @at on. */
static void set_ipv4_checksum(struct frame *frame, size_t at, size_t len)
{
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i < len; i += 2)
		sum += frame->data[at + i] << 8 | frame->data[at + i + 1];
	while (sum >> 16)
		sum = (sum & 65535) + (sum >> 16);
	frame->data[at + 10] = ~sum >> 8;
	frame->data[at + 11] = ~sum;
}

/* A piece of a packet that is in pieces; none has an offset and no more. */
struct piece {
	unsigned int offset;
	bool more;
	uint32_t id;
};

static void put_ipv4(struct frame *frame, const struct packet *packet,
		     unsigned int options, const struct piece *piece, size_t len)
{
	size_t at = frame->len, head = 20 + 4 * options;
	unsigned int i;

	put8(frame, 0x40 | head / 4);
	put8(frame, 0);
	put16(frame, head + len);
	put16(frame, piece->id);
	put16(frame, piece->more << 13 | piece->offset / 8);
	put8(frame, 64);
	put8(frame, packet->proto);
	put16(frame, 0);
	put_bytes(frame, packet->src, 4);
	put_bytes(frame, packet->dst, 4);
	for (i = 0; i < options; i++)
		put32(frame, 0x01010101);
	set_ipv4_checksum(frame, at, head);
}

static void put_ipv6(struct frame *frame, const struct packet *packet,
		     unsigned int extensions, const struct piece *piece, size_t len)
{
	bool whole = !piece->more && !piece->offset;
	int proto = whole ? packet->proto : IPPROTO_FRAGMENT;

	put32(frame, 0x60000000);
	put16(frame, 8 * extensions + (whole ? 0 : 8) + len);
	put8(frame, extensions ? IPPROTO_DSTOPTS : proto);
	put8(frame, 64);
	put_bytes(frame, packet->src, 16);
	put_bytes(frame, packet->dst, 16);
	while (extensions--) {
		put8(frame, extensions ? IPPROTO_DSTOPTS : proto);
		put8(frame, 0);
		put16(frame, 0x0104);	/* padding, 4 bytes of it */
		put32(frame, 0);
	}
	if (whole)
		return;
	put8(frame, packet->proto);
	put8(frame, 0);
	put16(frame, piece->offset | piece->more);
	put32(frame, piece->id);
}

static void put_ip(struct frame *frame, const struct packet *packet,
		   unsigned int extensions, const struct piece *piece, size_t len)
{
	if (packet->ip6)
		put_ipv6(frame, packet, extensions, piece, len);
	else
		put_ipv4(frame, packet, extensions < 10 ? extensions : 10, piece,
			 len);
}

/* The upper layer's header and padding up to @len bytes. */
static void put_upper(struct frame *frame, const struct packet *packet,
		      uint8_t tcp_flags, size_t len)
{
	size_t end = frame->len + len;

	if (is_icmp(packet)) {
		put16(frame, packet->what);
		put16(frame, 0);
		put16(frame, packet->sport);
	} else if (packet->proto == IPPROTO_TCP || packet->proto == IPPROTO_UDP ||
		   packet->proto == IPPROTO_SCTP) {
		put16(frame, packet->sport);
		put16(frame, packet->what);
		if (packet->proto == IPPROTO_UDP)
			put16(frame, len);
		if (packet->proto == IPPROTO_TCP) {
			put32(frame, 1);
			put32(frame, 0);
			put8(frame, 5 << 4);
			put8(frame, tcp_flags);
		}
	}
	while (frame->len < end)
		put8(frame, 0);
}

static void build_piece(const struct question *question, unsigned int i,
			uint32_t number, struct frame *frame)
{
	const struct packet *packet = &question->packet;
	unsigned int pieces = question->kind == FRAGMENTS ? question->fragments : 1;
	const struct piece piece = { .offset = i * PIECE, .more = i + 1 < pieces,
				     .id = number & 65535 };

	put_ethernet(frame, packet->from, packet->ip6 ? ETHERTYPE_IPV6 : ETHERTYPE_IP);
	put_ip(frame, packet, question->extensions, &piece, PIECE);
	if (i)
		put_upper(frame, &(struct packet){}, 0, PIECE - MARK_LEN);
	else
		put_upper(frame, packet, question->tcp_flags, PIECE - MARK_LEN);
	put_mark(frame, number + i);
}

static void build_error(const struct question *question, uint32_t number,
			struct frame *frame)
{
	const struct packet *quoted = &question->packet;
	size_t quoted_len = (quoted->ip6 ? 40 : 20) + 8 + PIECE;
	struct packet packet = { .from = !quoted->from, .ip6 = quoted->ip6 };
	const struct piece piece = {};

	memcpy(packet.src, question->src, 16);
	memcpy(packet.dst, question->dst, 16);
	packet.proto = packet.ip6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	/* port unreachable */
	packet.what = packet.ip6 ? 1 << 8 | 4 : 3 << 8 | 3;
	put_ethernet(frame, packet.from, packet.ip6 ? ETHERTYPE_IPV6 : ETHERTYPE_IP);
	put_ip(frame, &packet, 0, &piece, quoted_len + MARK_LEN);
	put_upper(frame, &packet, 0, 8);
	put_ip(frame, quoted, 0, &piece, PIECE);
	put_upper(frame, quoted, question->tcp_flags, PIECE);
	put_mark(frame, number);
}

/* Numbers its frames from @number on; returns how many they are, in their order. */
unsigned int build(const struct question *question, uint32_t number,
		   struct frame *frames)
{
	unsigned int i, n = 1;

	if (question->kind == ERROR) {
		build_error(question, number, frames);
		return 1;
	}
	if (question->kind == FRAGMENTS)
		n = question->fragments;
	for (i = 0; i < n; i++)
		build_piece(question, i, number,
			    &frames[question->last_first ? n - 1 - i : i]);
	return n;
}

/* What always passes: an ARP answer to the other side. */
void build_mark(int from, uint32_t number, struct frame *frame)
{
	const uint8_t *macs;

	put_ethernet(frame, from, ETHERTYPE_ARP);
	macs = frame->data;
	put16(frame, 1);
	put16(frame, ETHERTYPE_IP);
	put16(frame, 0x0604);
	put16(frame, 2);
	put_bytes(frame, macs + ETH_ALEN, ETH_ALEN);
	put32(frame, 0x0a000001 + from);
	put_bytes(frame, macs, ETH_ALEN);
	put32(frame, 0x0a000001 + !from);
	put_mark(frame, number);
}
