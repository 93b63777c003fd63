// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that a device gives to its host. A packet socket of one Ethernet type gets
 * them where the host's own protocols do: behind what took them off the device.
 */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include "frames.h"

#define COUNTERS_MAX	8

static struct counter {
	const char *name;
	int sock;
} counters[COUNTERS_MAX];
static unsigned int counter_count;

static int enter_netns(const char *name)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), fd;
	char path[128];

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (home < 0 || fd < 0 || setns(fd, CLONE_NEWNET))
		err(1, "%s", path);
	close(fd);
	return home;
}

/* Words of an address that a packet's source must be. */
static void filter_source(int sock, const char *text)
{
	bool ip6 = strchr(text, ':');
	unsigned int words = ip6 ? 4 : 1, off = ETH_HLEN + (ip6 ? 8 : 12);
	struct sock_filter code[10], *at = code;
	struct sock_fprog prog = { .filter = code };
	uint32_t addr[4];
	unsigned int i;

	if (inet_pton(ip6 ? AF_INET6 : AF_INET, text, addr) != 1)
		errx(1, "not an address: %s", text);
	for (i = 0; i < words; i++) {
		*at++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						     off + 4 * i);
		*at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
						     ntohl(addr[i]), 0,
						     2 * (words - i - 1) + 1);
	}
	*at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 1);
	*at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
	prog.len = at - code;
	if (setsockopt(sock, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)))
		err(1, "SO_ATTACH_FILTER");
}

static int open_counter(const char *device, unsigned int type, const char *addr)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET, .sll_protocol = htons(type),
		.sll_ifindex = if_nametoindex(device),
	};
	/* none before the filter is there */
	int sock = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), few = 1;

	if (sock < 0 || !at.sll_ifindex)
		err(1, "%s", device);
	/* they are counted, not kept */
	setsockopt(sock, SOL_SOCKET, SO_RCVBUF, &few, sizeof(few));
	if (addr)
		filter_source(sock, addr);
	if (bind(sock, (void *)&at, sizeof(at)))
		err(1, "%s", device);
	return sock;
}

/* NAME:NETNS:DEVICE:TYPE[:ADDR] */
void count_at(char *where)
{
	struct counter *counter = &counters[counter_count++];
	char *netns, *device, *type;
	int home;

	if (counter_count > COUNTERS_MAX)
		errx(1, "too many counters");
	counter->name = strsep(&where, ":");
	netns = strsep(&where, ":");
	device = strsep(&where, ":");
	type = strsep(&where, ":");
	if (!type)
		errx(1, "what is counter %s to count?", counter->name);
	home = enter_netns(netns);
	counter->sock = open_counter(device, strtoul(type, NULL, 16), where);
	if (setns(home, CLONE_NEWNET))
		err(1, "setns");
	close(home);
}

/* Of a CPU's line, the twelfth number is how many packets wait to be taken in. */
static bool some_wait(void)
{
	FILE *stats = fopen("/proc/net/softnet_stat", "re");
	unsigned int len = 0;

	if (!stats)
		err(1, "/proc/net/softnet_stat");
	while (!len && fscanf(stats, "%*x %*x %*x %*x %*x %*x %*x %*x %*x %*x %*x %x%*[^\n]",
			      &len) == 1)
		;
	fclose(stats);
	return len;
}

/* The other end of a veth gets some later, when there was much to do at once. */
static void wait_for_all(void)
{
	unsigned int tries;

	for (tries = 0; some_wait(); tries++) {
		if (tries == 10000)
			errx(1, "packets keep waiting");
		usleep(1000);
	}
}

void print_counts(void)
{
	struct tpacket_stats stats;
	socklen_t len;
	unsigned int i;

	wait_for_all();
	for (i = 0; i < counter_count; i++) {
		len = sizeof(stats);
		if (getsockopt(counters[i].sock, SOL_PACKET, PACKET_STATISTICS,
			       &stats, &len))
			err(1, "PACKET_STATISTICS");
		printf("%s %u\n", counters[i].name, stats.tp_packets);
	}
}
