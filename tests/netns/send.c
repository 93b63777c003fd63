// SPDX-License-Identifier: GPL-2.0
/*
 * send NS DEVICE HEX[xCOUNT[@OFFSET]]...: frames, each as often as that; the two bytes at that
 * offset count.
 */
#include <err.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/if_packet.h>
#include "enter.h"

static unsigned char frame[65536];

static size_t parse(const char *hex)
{
	size_t i, digits = strcspn(hex, "x"), len = digits / 2;

	if (digits % 2 || len > sizeof(frame))
		errx(2, "%zu digits are no frame", digits);
	for (i = 0; i < len; i++)
		if (sscanf(hex + 2 * i, "%2hhx", &frame[i]) != 1)
			errx(2, "no hexadecimal digits: %s", hex + 2 * i);
	return len;
}

int main(int argc, char **argv)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET };
	unsigned long count, offset, n;
	char *times;
	size_t len;
	int fd, i;

	if (argc < 4)
		errx(2, "usage: send NS DEVICE HEX[xCOUNT[@OFFSET]]...");
	enter(argv[1]);
	addr.sll_ifindex = if_nametoindex(argv[2]);
	/* no protocol: what comes in is not for this socket */
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0 || !addr.sll_ifindex || bind(fd, (void *)&addr, sizeof(addr)))
		err(1, "%s", argv[2]);
	for (i = 3; i < argc; i++) {
		len = parse(argv[i]);
		times = strchr(argv[i], 'x');
		count = times ? strtoul(times + 1, &times, 10) : 1;
		offset = times && *times == '@' ? strtoul(times + 1, NULL, 10) : len;
		for (n = 0; n < count; n++) {
			if (offset + 2 <= len) {
				frame[offset] = n >> 8;
				frame[offset + 1] = n;
			}
			if (send(fd, frame, len, 0) < 0)
				err(1, "send");
		}
	}
	return 0;
}
