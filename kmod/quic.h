/* SPDX-License-Identifier: GPL-2.0 */
/* QUIC, as far as it is the same in all its versions (RFC 8999). */
#ifndef _BFLY_QUIC_H
#define _BFLY_QUIC_H

#include <linux/types.h>

/* First bytes of a connection id that choose the backend. */
#define BFLY_QUIC_CID_LEN	8

/* Bytes of a datagram's payload that bfly_quic_cid() may want to see. */
#define BFLY_QUIC_HEAD		(1 + 4 + 1 + BFLY_QUIC_CID_LEN)

/**
 * bfly_quic_cid() - the destination connection id of a QUIC packet
 * @data: payload of the datagram
 * @len: bytes of it that are there; more than BFLY_QUIC_HEAD are not looked at
 * @cid: gets the first BFLY_QUIC_CID_LEN bytes of the id, as a number that is
 *	the same on every machine
 *
 * A long header tells the length of the id. In a short one the id follows the
 * first byte and only the server knows how long it is: it is taken to be long
 * enough, as the ids of a server behind a service that hashes by them have to
 * be.
 *
 * Return: false if the id, or the packet, is too short for that.
 */
bool bfly_quic_cid(const u8 *data, unsigned int len, u64 *cid);

#endif /* _BFLY_QUIC_H */
