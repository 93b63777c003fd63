// SPDX-License-Identifier: GPL-2.0
#include <linux/bits.h>
#include <linux/unaligned.h>

#include "quic.h"

/* First byte: the rest of it is the version's own. */
#define QUIC_LONG	BIT(7)
/* Where the parts of a long header are, after first byte and version. */
#define QUIC_CID_LEN	5
#define QUIC_CID	6

bool bfly_quic_cid(const u8 *data, unsigned int len, u64 *cid)
{
	unsigned int at = 1;

	if (!len)
		return false;
	if (data[0] & QUIC_LONG) {
		if (len < QUIC_CID || data[QUIC_CID_LEN] < BFLY_QUIC_CID_LEN)
			return false;
		at = QUIC_CID;
	}
	if (len < at + BFLY_QUIC_CID_LEN)
		return false;
	*cid = get_unaligned_le64(data + at);
	return true;
}
