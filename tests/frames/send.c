// SPDX-License-Identifier: GPL-2.0
/* A packet socket, and what is known of frames before they are sent. */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include "frames.h"

#define BATCH	64
#define TAG_LEN	4

static int sock;
static bool with_claims;
static unsigned int mtu;

void open_device(const char *name, bool claims)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET };
	struct ifreq ifr = {};
	int on = 1;

	strncpy(ifr.ifr_name, name, sizeof(ifr.ifr_name) - 1);
	addr.sll_ifindex = if_nametoindex(name);
	sock = socket(AF_PACKET, SOCK_RAW, 0);
	if (sock < 0 || bind(sock, (void *)&addr, sizeof(addr)) ||
	    ioctl(sock, SIOCGIFMTU, &ifr))
		err(1, "%s", name);
	if (claims && setsockopt(sock, SOL_PACKET, PACKET_VNET_HDR, &on,
				 sizeof(on)))
		err(1, "PACKET_VNET_HDR");
	with_claims = claims;
	mtu = ifr.ifr_mtu;
}

unsigned int largest_frame(void)
{
	return mtu + ETH_HLEN < FRAME_MAX ? mtu + ETH_HLEN : FRAME_MAX;
}

static bool is_tag(const uint8_t *type)
{
	return (type[0] == 0x81 && type[1] == 0x00) ||
	       (type[0] == 0x88 && type[1] == 0xa8);
}

/*
 * The kernel wants to see a tag and the two bytes that say what follows it. Behind a
 * tag that gives a priority alone it looks for another one, and so on.
 */
static void tally_sent(const struct frame *frame, struct tally *tally)
{
	static const uint8_t bridges[] = { 1, 0x80, 0xc2, 0, 0 };
	const uint8_t *outer = frame->data + 2 * ETH_ALEN, *type = outer;
	unsigned int tags;

	tally->sent++;
	for (tags = 0; is_tag(type); tags++) {
		if (frame->len < ETH_HLEN + (tags + 1) * TAG_LEN + 2) {
			if (tags)
				tally->cut_inner++;
			else
				tally->cut++;
			return;
		}
		if ((type[2] & 15) | type[3])
			return;
		type += TAG_LEN;
	}
	/* a flat net takes one priority, and none of 802.1ad */
	if (tags > 1 || (tags && outer[0] != 0x81))
		return;
	if (frame->data[0] & 1 &&
	    (memcmp(frame->data, bridges, sizeof(bridges)) ||
	     frame->data[5] & 0xf0))
		tally->groups++;
}

static unsigned int prepare(const struct frame *frames, unsigned int count,
			    struct iovec *iov, struct mmsghdr *msgs)
{
	unsigned int i;

	memset(msgs, 0, count * sizeof(*msgs));
	for (i = 0; i < count; i++) {
		iov[i].iov_base = (void *)frames[i].data;
		iov[i].iov_len = frames[i].len;
		if (with_claims) {
			iov[i].iov_base = (void *)&frames[i].claims;
			iov[i].iov_len += sizeof(frames[i].claims);
		}
		msgs[i].msg_hdr.msg_iov = &iov[i];
		msgs[i].msg_hdr.msg_iovlen = 1;
	}
	return count;
}

void send_frames(const struct frame *frames, unsigned int count,
		 struct tally *tally)
{
	struct mmsghdr msgs[BATCH];
	struct iovec iov[BATCH];
	unsigned int done = 0;
	int sent;

	count = prepare(frames, count, iov, msgs);
	while (done < count) {
		sent = sendmmsg(sock, msgs + done, count - done, 0);
		if (sent < 0) {
			if (errno == ENETDOWN || errno == ENXIO)
				err(1, "send");
			tally->refused++;
			done++;
			continue;
		}
		while (sent--)
			tally_sent(&frames[done++], tally);
	}
}
