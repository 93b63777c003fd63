/* SPDX-License-Identifier: GPL-2.0 */
/* Next hops: where a packet leaves the switch. */
#ifndef _BFLY_HOP_H
#define _BFLY_HOP_H

#include <linux/types.h>

/**
 * enum bfly_hop_kind - what a &struct bfly_hop lies in
 * @BFLY_HOP_PORT: struct bfly_port
 * @BFLY_HOP_VTEP: struct bfly_vtep
 * @BFLY_HOP_UPLINK: struct bfly_net; out of the net's uplink
 * @BFLY_HOP_FLOOD: struct bfly_net; to all who may have the unknown MAC
 */
enum bfly_hop_kind {
	BFLY_HOP_PORT,
	BFLY_HOP_VTEP,
	BFLY_HOP_UPLINK,
	BFLY_HOP_FLOOD,
};

/**
 * struct bfly_hop - common head of what a packet can be sent to
 * @kind: enum bfly_hop_kind; fixed
 *
 * A hop lives in an object that is freed by RCU after it left its net's
 * tables and the net's generation was raised. Flows keep pointers to hops, and
 * follow one only while the generation is still the one they were judged in.
 */
struct bfly_hop {
	u8 kind;
};

#endif /* _BFLY_HOP_H */
