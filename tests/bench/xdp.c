// SPDX-License-Identifier: GPL-2.0
/*
 * xdp - packets for the XDP program of an uplink, one by one, and what each took.
 *
 * usage: xdp pin OBJECT PATH			load the program of a file, pin it
 *        xdp run PATH|base IF KIND FLOWS RUNS	run it: VERDICT GROWTH MEDIAN
 *        xdp send IF MAC KIND FLOWS		send to a MAC what `run` would use
 *
 * KIND is PROTO-VIP: tcp, syn, ack or udp, and an address. The flows of tcp and udp are the
 * same ones each time, of which each run takes one at random; of syn and ack each run has
 * one that nobody has used before. `base` is a program that returns XDP_TX and nothing else.
 *
 * Each run is a BPF_PROG_TEST_RUN of one packet that came in on IF, which has to have a program
 * in native mode. The time is the kernel's, in nanoseconds; GROWTH tells by how many bytes the
 * packet became longer. Where verdicts or growth differ, VERDICT is `mixed`.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

enum { PACKET_LEN = 78, BATCH = 64 };

struct kind {
	int family;
	uint8_t proto;
	bool syn;
	bool fresh;	/* each run has a flow of its own */
	struct in6_addr vip;
};

struct packet {
	size_t len;
	uint8_t data[PACKET_LEN];
};

/* ---- packets ---- */

static struct kind parse_kind(char *text)
{
	char *vip = strchr(text, '-');
	struct kind kind = { .proto = IPPROTO_TCP };

	if (!vip)
		errx(2, "%s is not PROTO-VIP", text);
	*vip++ = '\0';
	kind.family = strchr(vip, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(kind.family, vip, &kind.vip) != 1)
		errx(2, "%s is no address", vip);
	if (!strcmp(text, "udp"))
		kind.proto = IPPROTO_UDP;
	else if (!strcmp(text, "syn"))
		kind.syn = kind.fresh = true;
	else if (!strcmp(text, "ack"))
		kind.fresh = true;
	else if (strcmp(text, "tcp"))
		errx(2, "%s is not tcp, syn, ack or udp", text);
	return kind;
}

static uint16_t checksum(const void *data, size_t len)
{
	const uint8_t *p = data;
	uint32_t sum = 0;

	for (; len > 1; len -= 2, p += 2)
		sum += p[0] << 8 | p[1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

static uint8_t *put_ip(uint8_t *p, const struct kind *kind, uint32_t flow,
		       size_t len)
{
	if (kind->family == AF_INET) {
		struct iphdr ip = {
			.version = 4, .ihl = 5, .ttl = 64, .protocol = kind->proto,
			.tot_len = htons(sizeof(ip) + len), .frag_off = htons(0x4000),
			.saddr = htonl(0x0a400000 | flow >> 8),
		};

		memcpy(&ip.daddr, &kind->vip, sizeof(ip.daddr));
		ip.check = checksum(&ip, sizeof(ip));
		return mempcpy(p, &ip, sizeof(ip));
	}
	struct ipv6hdr ip6 = {
		.version = 6, .hop_limit = 64, .nexthdr = kind->proto,
		.payload_len = htons(len), .daddr = kind->vip,
		.saddr = { .s6_addr = { 0xfd, 0x64 } },
	};

	ip6.saddr.s6_addr32[3] = htonl(flow >> 8);
	return mempcpy(p, &ip6, sizeof(ip6));
}

/* 64 bytes of IPv4 without the checksum of the frame, or a header more of IPv6. */
static struct packet make_packet(const struct kind *kind, const uint8_t *mac,
				 uint32_t flow)
{
	struct ethhdr eth = {
		.h_source = { 2, 0, 0, 0, 0, 0xfe },
		.h_proto = htons(kind->family == AF_INET ? ETH_P_IP : ETH_P_IPV6),
	};
	uint16_t sport = htons(1024 + (flow & 255) * 199);
	struct packet packet = { 0 };
	const size_t l4_len = 26;
	uint8_t *p = packet.data;

	memcpy(eth.h_dest, mac, ETH_ALEN);
	p = mempcpy(p, &eth, sizeof(eth));
	p = put_ip(p, kind, flow, l4_len);
	if (kind->proto == IPPROTO_UDP) {
		struct udphdr udp = { .source = sport, .dest = htons(80),
				      .len = htons(l4_len) };

		memcpy(p, &udp, sizeof(udp));
	} else {
		struct tcphdr tcp = { .source = sport, .dest = htons(80),
				      .doff = 5, .window = htons(64000),
				      .syn = kind->syn, .ack = !kind->syn };

		memcpy(p, &tcp, sizeof(tcp));
	}
	packet.len = p + l4_len - packet.data;
	return packet;
}

/* Flows of fresh kinds begin where those of the others end. */
static uint32_t flow_of(const struct kind *kind, uint32_t flows, uint32_t run)
{
	static uint32_t state = 1;

	if (kind->fresh)
		return flows + run;
	state = state * 1664525 + 1013904223;
	return (uint64_t)(state >> 8) * flows >> 24;
}

/* ---- programs ---- */

static void pin(const char *object, const char *path)
{
	struct bpf_object *obj = bpf_object__open_file(object, NULL);
	struct bpf_program *prog = obj ? bpf_object__next_program(obj, NULL) : NULL;

	if (!prog)
		err(1, "%s", object);
	bpf_program__set_type(prog, BPF_PROG_TYPE_XDP);
	if (bpf_object__load(obj) || bpf_program__pin(prog, path))
		err(1, "cannot load %s", object);
}

static int load_base(void)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_TX },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_prog_load(BPF_PROG_TYPE_XDP, "base", "GPL", insns, 2, NULL);
}

/**
 * struct result - what a run gave
 * @verdict: action of XDP
 * @growth: bytes by which the packet is longer
 */
struct result {
	uint32_t verdict;
	int growth;
};

static uint32_t run_one(int prog, int ifindex, const struct packet *packet,
			struct result *result)
{
	struct xdp_md ctx = { .data_end = packet->len, .ingress_ifindex = ifindex };
	uint8_t out[512];
	LIBBPF_OPTS(bpf_test_run_opts, opts,
		.data_in = packet->data, .data_size_in = packet->len,
		.data_out = out, .data_size_out = sizeof(out),
		.ctx_in = &ctx, .ctx_size_in = sizeof(ctx), .repeat = 1);

	if (bpf_prog_test_run_opts(prog, &opts))
		err(1, "cannot run it; has the netdev a program in native mode?");
	*result = (struct result){ opts.retval, (int)opts.data_size_out - (int)packet->len };
	return opts.duration;
}

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void get_mac(const char *ifname, uint8_t *mac)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq ifr = { 0 };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", ifname);
	if (fd < 0 || ioctl(fd, SIOCGIFHWADDR, &ifr))
		err(1, "%s", ifname);
	memcpy(mac, ifr.ifr_hwaddr.sa_data, ETH_ALEN);
	close(fd);
}

static void run(const char *path, const char *ifname, const struct kind *kind,
		uint32_t flows, uint32_t runs)
{
	static const char *const verdicts[] = {
		"aborted", "drop", "pass", "tx", "redirect"
	};
	int prog = strcmp(path, "base") ? bpf_obj_get(path) : load_base();
	uint32_t *took = calloc(runs, sizeof(*took)), i;
	struct result first = { 0 }, result;
	struct packet packet;
	uint8_t mac[ETH_ALEN];
	bool mixed = false;

	if (prog < 0)
		err(1, "%s", path);
	if (!took)
		err(1, "memory");
	get_mac(ifname, mac);
	for (i = 0; i < runs; i++) {
		packet = make_packet(kind, mac, flow_of(kind, flows, i));
		took[i] = run_one(prog, if_nametoindex(ifname), &packet, &result);
		if (!i)
			first = result;
		mixed |= result.verdict != first.verdict || result.growth != first.growth;
	}
	qsort(took, runs, sizeof(*took), compare);
	printf("%s %d %u\n", mixed ? "mixed" : first.verdict < 5 ? verdicts[first.verdict] : "?",
	       first.growth, took[runs / 2]);
}

/* ---- real packets ---- */

static void send_batch(int fd, struct mmsghdr *msgs, unsigned int count)
{
	unsigned int done = 0;
	int n;

	while (done < count) {
		n = sendmmsg(fd, msgs + done, count - done, 0);
		if (n < 0 && errno != ENOBUFS && errno != EAGAIN)
			err(1, "send");
		done += n > 0 ? n : 0;
	}
}

static void send_flows(const char *ifname, const char *to, struct kind *kind,
		       uint32_t flows)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET,
				    .sll_ifindex = if_nametoindex(ifname) };
	struct packet packets[BATCH];
	struct mmsghdr msgs[BATCH] = { 0 };
	struct iovec iov[BATCH];
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	uint8_t mac[ETH_ALEN];
	uint32_t i, n;

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		err(1, "%s", ifname);
	if (sscanf(to, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1], &mac[2],
		   &mac[3], &mac[4], &mac[5]) != 6)
		errx(2, "%s is no MAC", to);
	for (i = 0; i < flows; i += n) {
		for (n = 0; n < BATCH && i + n < flows; n++) {
			packets[n] = make_packet(kind, mac, i + n);
			iov[n] = (struct iovec){ packets[n].data, packets[n].len };
			msgs[n].msg_hdr.msg_iov = &iov[n];
			msgs[n].msg_hdr.msg_iovlen = 1;
		}
		send_batch(fd, msgs, n);
	}
	close(fd);
}

int main(int argc, char **argv)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	struct kind kind;

	setrlimit(RLIMIT_MEMLOCK, &all);
	if (argc == 4 && !strcmp(argv[1], "pin")) {
		pin(argv[2], argv[3]);
	} else if (argc == 7 && !strcmp(argv[1], "run")) {
		kind = parse_kind(argv[4]);
		run(argv[2], argv[3], &kind, atoi(argv[5]), atoi(argv[6]));
	} else if (argc == 6 && !strcmp(argv[1], "send")) {
		kind = parse_kind(argv[4]);
		send_flows(argv[2], argv[3], &kind, atoi(argv[5]));
	} else {
		errx(2, "usage: xdp pin OBJECT PATH | run PATH|base IF KIND FLOWS RUNS | "
		     "send IF MAC KIND FLOWS");
	}
	return 0;
}
