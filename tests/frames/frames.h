/* SPDX-License-Identifier: GPL-2.0 */
/* Broken frames: made from good ones, sent, and counted where they go. */
#ifndef FRAMES_H
#define FRAMES_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/virtio_net.h>

#define FRAME_MAX	9000

/**
 * struct frame - a frame to send
 * @claims: what PACKET_VNET_HDR tells the kernel of it; right before @data
 * @data: from the Ethernet header on
 * @len: bytes of @data
 */
struct frame {
	struct virtio_net_hdr claims;
	uint8_t data[FRAME_MAX];
	unsigned int len;
};

/**
 * struct tally - what became of the frames at the sender
 * @sent: given to the device
 * @refused: too short or too long for it, or their claims did not hold
 * @cut: of those sent, with an outer VLAN tag that is cut short: the kernel drops
 *	them before any device above the receiving one sees them
 * @cut_inner: where a further tag is, behind ones that give a priority alone: the
 *	same, where nobody took them at the device
 * @groups: of those sent, untagged, to a group other than those that bridges keep
 *	to themselves: a flat net and the host get them both
 */
struct tally {
	unsigned long sent;
	unsigned long refused;
	unsigned long cut;
	unsigned long cut_inner;
	unsigned long groups;
};

/* break.c: frames of all kinds; the same ones again from the same seed */
void seed(uint64_t value);
void add_template(const char *hex);
void make_frame(struct frame *frame, unsigned int max, bool claims);

/* send.c */
void open_device(const char *name, bool claims);
unsigned int largest_frame(void);
void send_frames(const struct frame *frames, unsigned int count,
		 struct tally *tally);

/* count.c: packets that go to a host, past all that take them off its device */
void count_at(char *where);
void print_counts(void);

#endif /* FRAMES_H */
