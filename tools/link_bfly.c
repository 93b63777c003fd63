// SPDX-License-Identifier: GPL-2.0
/*
 * Plug-in of ip(8): ip link add DEV type bfly [ local ADDR ]... [ dstport N ].
 *
 * ip loads it from its plug-in folder, or from $IP_LIB_DIR, and reads
 * bfly_link_util. Its headers are private: what is declared here was compared
 * with iproute2 6.1, 6.15 and 7.1, and the functions are of the ip binary.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/bfly_link.h>

/* include/ip_common.h */
struct link_util {
	struct link_util *next;
	const char *id;
	int maxattr;
	int (*parse_opt)(struct link_util *lu, int argc, char **argv,
			 struct nlmsghdr *n);
	void (*print_opt)(struct link_util *lu, FILE *f, struct rtattr *tb[]);
	void (*print_xstats)(struct link_util *lu, FILE *f,
			     struct rtattr *xstats);
	void (*print_help)(struct link_util *lu, int argc, char **argv,
			   FILE *f);
	int (*parse_ifla_xstats)(struct link_util *lu, int argc, char **argv);
	int (*print_ifla_xstats)(struct nlmsghdr *n, void *arg);
};

/* include/json_print.h */
enum output_type { PRINT_FP = 1, PRINT_JSON = 2, PRINT_ANY = 4 };

int print_color_string(enum output_type type, int color, const char *key,
		       const char *fmt, const char *value);
int print_color_uint(enum output_type type, int color, const char *key,
		     const char *fmt, unsigned int value);
int addattr_l(struct nlmsghdr *n, int maxlen, int type, const void *data,
	      int alen);

#define COLOR_NONE	6	/* enum color_attr, lib/color.c */
#define MESSAGE_MAX	1024	/* room that ip link gives for the options */

extern struct link_util bfly_link_util;

static void print_usage(FILE *f)
{
	fprintf(f, "Usage: ... bfly [ local ADDR ]... [ dstport PORT ]\n"
		"\n"
		"ADDR is an underlay address, at most one IPv4 and one IPv6;\n"
		"PORT the UDP port of VXLAN, 4789 unless set.\n"
		"All else is bflyctl's: `bflyctl help`.\n");
}

static int refuse(const char *what, const char *value)
{
	fprintf(stderr, "Error: %s \"%s\".\n", what, value);
	return -1;
}

static int add_local(struct nlmsghdr *n, const char *text, unsigned int *seen)
{
	unsigned char addr[16];
	int type, len;

	if (inet_pton(AF_INET, text, addr) == 1) {
		type = IFLA_BFLY_LOCAL;
		len = 4;
	} else if (inet_pton(AF_INET6, text, addr) == 1) {
		type = IFLA_BFLY_LOCAL6;
		len = 16;
	} else {
		return refuse("local is not an address:", text);
	}
	if (*seen & 1u << type)
		return refuse("a second local of that family:", text);
	*seen |= 1u << type;
	return addattr_l(n, MESSAGE_MAX, type, addr, len);
}

static int add_dstport(struct nlmsghdr *n, const char *text, unsigned int *seen)
{
	unsigned long value;
	unsigned short port;
	char *end;

	value = strtoul(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end || !value || value > 65535)
		return refuse("dstport is not a port:", text);
	if (*seen & 1u << IFLA_BFLY_DSTPORT)
		return refuse("a second dstport:", text);
	*seen |= 1u << IFLA_BFLY_DSTPORT;
	port = value;
	return addattr_l(n, MESSAGE_MAX, IFLA_BFLY_DSTPORT, &port, sizeof(port));
}

static int parse_opt(struct link_util *lu, int argc, char **argv,
		     struct nlmsghdr *n)
{
	unsigned int seen = 0;

	(void)lu;
	while (argc > 0) {
		bool local = !strcmp(argv[0], "local");

		if (!strcmp(argv[0], "help")) {
			print_usage(stdout);
			return -1;
		}
		if (!local && strcmp(argv[0], "dstport"))
			return refuse("not an option of type bfly:", argv[0]);
		if (argc < 2)
			return refuse("a value lacks behind", argv[0]);
		if (local ? add_local(n, argv[1], &seen) :
			    add_dstport(n, argv[1], &seen))
			return -1;
		argc -= 2;
		argv += 2;
	}
	return 0;
}

static void print_local(const struct rtattr *attr, const char *key, int family,
			size_t len)
{
	char text[INET6_ADDRSTRLEN];

	if (!attr || RTA_PAYLOAD(attr) != len ||
	    !inet_ntop(family, RTA_DATA(attr), text, sizeof(text)))
		return;
	print_color_string(PRINT_JSON, COLOR_NONE, key, NULL, text);
	print_color_string(PRINT_FP, COLOR_NONE, NULL, "local %s ", text);
}

static void print_opt(struct link_util *lu, FILE *f, struct rtattr *tb[])
{
	const struct rtattr *attr;
	unsigned short port;

	(void)lu;
	(void)f;
	if (!tb)
		return;
	print_local(tb[IFLA_BFLY_LOCAL], "local", AF_INET, 4);
	print_local(tb[IFLA_BFLY_LOCAL6], "local6", AF_INET6, 16);
	attr = tb[IFLA_BFLY_DSTPORT];
	if (attr && RTA_PAYLOAD(attr) == sizeof(port)) {
		memcpy(&port, RTA_DATA(attr), sizeof(port));
		print_color_uint(PRINT_ANY, COLOR_NONE, "dstport", "dstport %u ",
				 port);
	}
}

static void print_help(struct link_util *lu, int argc, char **argv, FILE *f)
{
	(void)lu;
	(void)argc;
	(void)argv;
	print_usage(f);
}

struct link_util bfly_link_util = {
	.id = "bfly",
	.maxattr = IFLA_BFLY_MAX,
	.parse_opt = parse_opt,
	.print_opt = print_opt,
	.print_help = print_help,
};
