// SPDX-License-Identifier: GPL-2.0
/* Packet sockets on the ports' far ends. */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include "oracle.h"

static int socks[SIDES];

static int enter(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(1, "%s", path);
	return fd;
}

void open_side(int side, const char *netns, const char *device)
{
	const struct timeval second = { .tv_sec = 1 };
	struct sockaddr_ll addr = { .sll_family = AF_PACKET,
				    .sll_protocol = htons(ETH_P_ALL) };
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	int size = 4 << 20, on = 1;
	char path[128];

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	close(enter(path));
	addr.sll_ifindex = if_nametoindex(device);
	socks[side] = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (socks[side] < 0 ||
	    setsockopt(socks[side], SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    setsockopt(socks[side], SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second)) ||
	    setsockopt(socks[side], SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)) ||
	    bind(socks[side], (void *)&addr, sizeof(addr)))
		err(1, "%s", device);
	if (home < 0 || setns(home, CLONE_NEWNET))
		err(1, "setns");
	close(home);
}

void send_frame(int side, const struct frame *frame)
{
	if (send(socks[side], frame->data, frame->len, 0) != (ssize_t)frame->len)
		err(1, "send");
}

bool receive(int side, uint32_t *number)
{
	uint8_t data[FRAME_MAX];
	ssize_t len;

	len = recv(socks[side], data, sizeof(data), 0);
	if (len < 0 && errno != EAGAIN)
		err(1, "recv");
	*number = len < 0 ? 0 : frame_number(data, len);
	return len >= 0;
}
