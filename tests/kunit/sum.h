/* SPDX-License-Identifier: GPL-2.0 */
/* Internet checksums, unlike the kernel makes them. */
#ifndef _BFLY_KUNIT_SUM_H
#define _BFLY_KUNIT_SUM_H

#include <linux/types.h>

/* A sum as RFC 1071 says it, and unlike the kernel does it. */
static inline u32 add_words(u32 sum, const void *data, size_t len)
{
	const u8 *bytes = data;
	size_t i;

	for (i = 0; i < len; i += 2)
		sum += bytes[i] << 8 | (i + 1 < len ? bytes[i + 1] : 0);
	return sum;
}

static inline u16 folded(u32 sum)
{
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

#endif /* _BFLY_KUNIT_SUM_H */
