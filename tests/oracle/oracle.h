/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A slow and plain judge of packets between two ports with random groups, and what it
 * takes to ask the switch the same questions.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define SIDES		2	/* port a, port b */
#define PORT_ADDRS	4
#define GROUPS		4
#define NO_GROUP	GROUPS	/* its name is used, and nobody made it */
#define RULES_MAX	12
#define MEMBERS_MAX	3
#define FRAGMENTS_MAX	3
#define FRAME_MAX	512
#define ANY		(-1)

/* An address with a prefix length, which is that of the family for a host. */
struct prefix {
	bool ip6;
	uint8_t addr[16];
	unsigned int len;
};

enum direction { IN, OUT };
enum remote { ANYBODY, IN_PREFIX, IN_GROUP };

/*
 * A rule; `low` to `high` are ports or, of ICMP, type << 8 | code. `proto` may be ANY.
 */
struct rule {
	enum direction direction;
	int proto;
	unsigned int low, high;
	enum remote remote;
	struct prefix prefix;
	unsigned int group;
};

struct group {
	bool automatic;
	struct rule rules[RULES_MAX];
	unsigned int rule_count;
	struct prefix members[MEMBERS_MAX];
	unsigned int member_count;
};

struct port {
	struct prefix addrs[PORT_ADDRS];
	bool carries[GROUPS];
};

struct policy {
	struct group groups[GROUPS];
	struct port ports[SIDES];
};

/*
 * What is judged of a packet. `what` is its destination port or ICMP's type << 8 | code,
 * `sport` its source port or ICMP's identifier; both are 0 where there is none.
 */
struct packet {
	int from;	/* which side sends it */
	bool ip6;
	uint8_t src[16], dst[16];
	int proto;
	unsigned int sport, what;
};

enum kind { WHOLE, FRAGMENTS, ERROR };

/**
 * struct question - a packet in the form in which it is sent
 * @kind: how
 * @packet: itself or, of an ERROR, the one that it quotes
 * @src: of an ERROR, who tells of it
 * @dst: and whom he tells
 * @extensions: IPv6 extension headers, or words of IPv4 options
 * @fragments: number of FRAGMENTS
 * @last_first: they are sent in reverse order
 * @tcp_flags: byte 13 of a TCP header
 */
struct question {
	enum kind kind;
	struct packet packet;
	uint8_t src[16], dst[16];
	unsigned int extensions;
	unsigned int fragments;
	bool last_first;
	uint8_t tcp_flags;
};

/* policy.c */
void seed(uint64_t value);
uint32_t any_of(uint32_t count);
bool one_in(uint32_t count);
void random_policy(struct policy *policy);
void random_address(const struct policy *policy, int side, bool ip6,
		    uint8_t *addr);
unsigned int random_port(void);
void print_policy(const struct policy *policy, FILE *file);

/* verdict.c */
bool is_icmp(const struct packet *packet);
bool is_answer(const struct packet *packet);
struct packet answer_to(const struct packet *packet);
void forget_flows(void);
bool verdict(const struct policy *policy, const struct question *question);

/* packet.c: the frames of a question, each of which ends with its number */
struct frame {
	uint8_t data[FRAME_MAX];
	size_t len;
};

void random_question(const struct policy *policy, struct question *question);
unsigned int build(const struct question *question, uint32_t number,
		   struct frame *frames);
void build_mark(int from, uint32_t number, struct frame *frame);
uint32_t frame_number(const uint8_t *data, size_t len);
void print_question(const struct question *question, FILE *file);

/* wire.c */
void open_side(int side, const char *netns, const char *device);
void send_frame(int side, const struct frame *frame);
/* Returns false when nothing more has come in a second. */
bool receive(int side, uint32_t *number);

#endif /* ORACLE_H */
