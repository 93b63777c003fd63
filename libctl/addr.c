// SPDX-License-Identifier: LGPL-2.1
/* Addresses, prefixes and MACs as text. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "core.h"

BFLY_API int bfly_addr_parse(const char *text, struct bfly_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (inet_pton(AF_INET, text, addr->bytes) == 1)
		addr->len = 4;
	else if (inet_pton(AF_INET6, text, addr->bytes) == 1)
		addr->len = 16;
	else
		return -EINVAL;
	return 0;
}

/* One to three digits and nothing else. */
static int parse_len(const char *text, unsigned int max, uint8_t *len)
{
	unsigned int value = 0, n;

	for (n = 0; text[n] >= '0' && text[n] <= '9' && n < 3; n++)
		value = value * 10 + text[n] - '0';
	if (!n || text[n] || value > max)
		return -EINVAL;
	*len = value;
	return 0;
}

BFLY_API int bfly_prefix_parse(const char *text, struct bfly_prefix *prefix)
{
	const char *slash = strchr(text, '/');
	size_t n = slash ? (size_t)(slash - text) : strlen(text);
	char addr[BFLY_ADDR_STRLEN];

	if (n >= sizeof(addr))
		return -EINVAL;
	memcpy(addr, text, n);
	addr[n] = '\0';
	if (bfly_addr_parse(addr, &prefix->addr))
		return -EINVAL;

	prefix->len = prefix->addr.len * 8;
	return slash ? parse_len(slash + 1, prefix->len, &prefix->len) : 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

BFLY_API int bfly_mac_parse(const char *text, struct bfly_mac *mac)
{
	int i, high, low;

	for (i = 0; i < 6; i++, text += 3) {
		high = hex_digit(text[0]);
		low = high < 0 ? -1 : hex_digit(text[1]);
		if (low < 0 || text[2] != (i < 5 ? ':' : '\0'))
			return -EINVAL;
		mac->bytes[i] = high << 4 | low;
	}
	return 0;
}

BFLY_API char *bfly_addr_format(const struct bfly_addr *addr, char *buf)
{
	if (!inet_ntop(addr->len == 4 ? AF_INET : AF_INET6, addr->bytes, buf,
		       BFLY_ADDR_STRLEN))
		buf[0] = '\0';
	return buf;
}

BFLY_API char *bfly_prefix_format(const struct bfly_prefix *prefix, char *buf)
{
	size_t n = strlen(bfly_addr_format(&prefix->addr, buf));

	snprintf(buf + n, BFLY_PREFIX_STRLEN - n, "/%u", prefix->len);
	return buf;
}

BFLY_API char *bfly_mac_format(const struct bfly_mac *mac, char *buf)
{
	const uint8_t *b = mac->bytes;

	snprintf(buf, BFLY_MAC_STRLEN, "%02x:%02x:%02x:%02x:%02x:%02x",
		 b[0], b[1], b[2], b[3], b[4], b[5]);
	return buf;
}
