// SPDX-License-Identifier: GPL-2.0
/* Protocols, services, ranges of ports and keys as text. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include "bflyctl.h"

static const struct {
	const char *name;
	uint8_t number;
} protos[] = {
	/* the first name of a number is the one that is printed */
	{ "icmp", IPPROTO_ICMP },
	{ "tcp", IPPROTO_TCP },
	{ "udp", IPPROTO_UDP },
	{ "gre", IPPROTO_GRE },
	{ "esp", IPPROTO_ESP },
	{ "ah", IPPROTO_AH },
	{ "icmpv6", IPPROTO_ICMPV6 },
	{ "ipv6-icmp", IPPROTO_ICMPV6 },
	{ "sctp", IPPROTO_SCTP },
};

#define N_PROTOS (sizeof(protos) / sizeof(protos[0]))

/* Digits and nothing else, up to max. */
static int number_parse(const char *text, size_t len, unsigned int max,
			unsigned int *value)
{
	size_t i;

	*value = 0;
	for (i = 0; i < len && i < 6; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -EINVAL;
		*value = *value * 10 + text[i] - '0';
	}
	return !len || i < len || *value > max ? -EINVAL : 0;
}

int proto_parse(const char *text, uint8_t *proto)
{
	unsigned int value;
	size_t i;

	for (i = 0; i < N_PROTOS; i++) {
		if (!strcmp(protos[i].name, text)) {
			*proto = protos[i].number;
			return 0;
		}
	}
	if (number_parse(text, strlen(text), UINT8_MAX, &value))
		return -EINVAL;
	*proto = value;
	return 0;
}

const char *proto_name(uint8_t proto, char *buf)
{
	size_t i;

	for (i = 0; i < N_PROTOS; i++)
		if (protos[i].number == proto)
			return protos[i].name;
	snprintf(buf, 4, "%u", proto);
	return buf;
}

/* Prefixes compare as the kernel has them: no bit is set past the length. */
void prefix_mask(struct bfly_prefix *prefix)
{
	int bit;

	for (bit = prefix->len; bit < prefix->addr.len * 8; bit++)
		prefix->addr.bytes[bit / 8] &= ~(0x80 >> bit % 8);
}

/* The address of a service, or its prefix. */
static int service_addr_parse(const char *text, size_t len,
			      struct bfly_service *service)
{
	char copy[BFLY_PREFIX_STRLEN];
	struct bfly_prefix prefix;

	if (len >= sizeof(copy))
		return -EINVAL;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (bfly_prefix_parse(copy, &prefix))
		return -EINVAL;
	prefix_mask(&prefix);
	service->addr = prefix.addr;
	service->len = prefix.len;
	return 0;
}

/* ADDR[/LEN]:PORT/PROTO or [ADDR[/LEN]]:PORT/PROTO, where a PORT of "*" is 0. */
int service_parse(const char *text, struct bfly_service *service)
{
	const char *slash = strrchr(text, '/');
	const char *begin = text, *end, *port;
	unsigned int number = 0;
	bool v6 = text[0] == '[';

	if (!slash || proto_parse(slash + 1, &service->proto))
		return -EINVAL;
	if (v6) {
		begin++;
		end = strchr(begin, ']');
		port = end ? end + 1 : text;
	} else {
		end = port = strchr(begin, ':');
	}
	if (!end || *port != ':' || port >= slash)
		return -EINVAL;
	if (service_addr_parse(begin, end - begin, service) ||
	    service->addr.len != (v6 ? 16 : 4))
		return -EINVAL;

	port++;
	if (slash - port != 1 || *port != '*')
		if (number_parse(port, slash - port, UINT16_MAX, &number) || !number)
			return -EINVAL;
	service->port = number;
	service->set |= BFLY_F(SERVICE_ADDR) | BFLY_F(SERVICE_LEN) |
			BFLY_F(SERVICE_PROTO) | BFLY_F(SERVICE_PORT);
	return 0;
}

/* A prefix of all bits is the address. */
static char *service_addr_format(const struct bfly_service *service, char *buf)
{
	struct bfly_prefix prefix = { service->addr, service->len };

	if (!(service->set & BFLY_F(SERVICE_LEN)) ||
	    prefix.len == prefix.addr.len * 8)
		return bfly_addr_format(&service->addr, buf);
	return bfly_prefix_format(&prefix, buf);
}

char *service_format(const struct bfly_service *service, char *buf)
{
	bool v6 = service->addr.len == 16;
	char addr[BFLY_PREFIX_STRLEN], port[8] = "*", proto[4];

	if (service->port)
		snprintf(port, sizeof(port), "%u", service->port);
	snprintf(buf, SERVICE_STRLEN, "%s%s%s:%s/%s", v6 ? "[" : "",
		 service_addr_format(service, addr), v6 ? "]" : "", port,
		 proto_name(service->proto, proto));
	return buf;
}

int range_parse(const char *text, uint16_t *min, uint16_t *max)
{
	const char *dash = strchr(text, '-');
	size_t len = dash ? (size_t)(dash - text) : strlen(text);
	unsigned int first, last;

	if (number_parse(text, len, UINT16_MAX, &first))
		return -EINVAL;
	last = first;
	if (dash && number_parse(dash + 1, strlen(dash + 1), UINT16_MAX, &last))
		return -EINVAL;
	if (last < first)
		return -EINVAL;
	*min = first;
	*max = last;
	return 0;
}

int key_parse(const char *text, uint8_t *key)
{
	char pair[3] = "";
	int i;

	if (strlen(text) != 2 * BFLY_KEY_LEN ||
	    strspn(text, "0123456789abcdefABCDEF") != 2 * BFLY_KEY_LEN)
		return -EINVAL;
	for (i = 0; i < BFLY_KEY_LEN; i++) {
		memcpy(pair, text + 2 * i, 2);
		key[i] = strtoul(pair, NULL, 16);
	}
	return 0;
}

char *key_format(const uint8_t *key, char *buf)
{
	int i;

	for (i = 0; i < BFLY_KEY_LEN; i++)
		sprintf(buf + 2 * i, "%02x", key[i]);
	return buf;
}
