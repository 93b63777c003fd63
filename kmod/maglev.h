/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Maglev table: Eisenbud et al., "Maglev: A Fast and Reliable Software
 * Network Load Balancer", NSDI 2016, section 3.4.
 *
 * All that the table depends on is the size, the key, and the addresses and
 * weights of the backends in the order of their addresses: every node with the
 * same configuration builds the same table.
 */
#ifndef _BFLY_MAGLEV_H
#define _BFLY_MAGLEV_H

#include <linux/siphash.h>
#include <linux/types.h>

#include "addr.h"

#define BFLY_MAGLEV_SIZE_MIN	251
#define BFLY_MAGLEV_SIZE_MAX	655373
#define BFLY_MAGLEV_SIZE	65537

/**
 * struct bfly_maglev_item - what the table is built over
 * @offset: where the backend's permutation of the slots begins
 * @skip: step of the permutation, 1 to size - 1
 * @weight: share of the slots relative to the others, 0 for none
 * @slots: result: slots that it has got
 */
struct bfly_maglev_item {
	u32 offset;
	u32 skip;
	u32 weight;
	u32 slots;
};

bool bfly_maglev_is_prime(u32 n);

/* The least prime that is not less than n. */
u32 bfly_maglev_next_prime(u32 n);

/**
 * bfly_maglev_item() - the permutation of a backend
 * @item: where the result goes
 * @addr: its address
 * @weight: its weight
 * @size: size of the table
 * @key: key of the pool
 */
void bfly_maglev_item(struct bfly_maglev_item *item,
		      const struct bfly_addr *addr, u16 weight, u32 size,
		      const siphash_key_t *key);

/* Bytes of scratch memory that bfly_maglev_fill() needs for these. */
size_t bfly_maglev_scratch_size(const struct bfly_maglev_item *items, u32 count,
				u32 size);

/**
 * bfly_maglev_fill() - fill a table
 * @slot: the table; gets an index into @items in each slot
 * @size: number of slots, a prime
 * @items: the backends, sorted by address
 * @count: number of backends, less than 65535
 * @scratch: bfly_maglev_scratch_size() bytes, aligned for u64
 *
 * Context: process; may sleep.
 * Return: false, and @slot is as it was, when no backend has a weight.
 */
bool bfly_maglev_fill(u16 *slot, u32 size, struct bfly_maglev_item *items,
		      u32 count, void *scratch);

/**
 * bfly_maglev_slot() - the slot of a packet
 * @hash: hash of the packet
 * @size: size of the table
 *
 * Scaling takes the place of the paper's modulo; it is as even and needs no
 * division.
 *
 * Return: the slot, below @size.
 */
static inline u32 bfly_maglev_slot(u64 hash, u32 size)
{
	return ((hash >> 32) * size) >> 32;
}

#endif /* _BFLY_MAGLEV_H */
