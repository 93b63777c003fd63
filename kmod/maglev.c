// SPDX-License-Identifier: GPL-2.0
/*
 * The Maglev table.
 *
 * In the paper the backends take turns; each takes in its turn the next slot of
 * its permutation that is still free. Weights change who has a turn: a backend
 * of weight w has its k-th turn in round k * max / w, where max is the largest
 * weight, so that the heaviest has a turn in each round and the others
 * proportionally fewer. This is the method of Envoy's Maglev load balancer; a
 * calendar of rounds takes the place of its walk over all backends in every
 * round, which would make the time depend on the weights. With equal weights
 * this is the paper's algorithm to the letter.
 *
 * Almost all the time goes into the search for a free slot, about size *
 * ln(size) steps all in all. The slots that are taken are kept in a bitmap that
 * fits a first or second level cache, and a step is an addition and a
 * conditional subtraction. The last sqrt(size) slots would cost half of all
 * steps; they are found from the other end: for each free slot, its distance
 * along the permutation is (slot - pos) / skip modulo size, and the nearest is
 * the one that the steps would have come to first.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "maglev.h"

#define MAGLEV_NONE		U16_MAX
/* Slots that are filled between two offers to let others run. */
#define MAGLEV_RESCHED		16384

/**
 * struct maglev_cursor - where a backend is in its permutation
 * @pos: next slot to try
 * @skip: step
 * @inverse: of @skip modulo size; for the last slots
 * @scaled: @inverse * 2^32 / size, which saves the division by size in each
 *	multiplication by @inverse
 */
struct maglev_cursor {
	u32 pos;
	u32 skip;
	u32 inverse;
	u32 scaled;
};

/* When a backend has its next turn, by exact integer steps of max / w. */
struct maglev_pace {
	u32 quotient;
	u32 remainder;
	u32 error;
	u16 next;
};

/* Backends that have a turn in a round, in order; a ring of rounds. */
struct maglev_round {
	u16 head;
	u16 tail;
};

/**
 * struct maglev - state of a build
 * @size: slots of the table
 * @filled: slots that are filled
 * @last: from how many filled slots on the rest is looked for in @free
 * @taken: bitmap of the slots that are filled
 * @free: the last free slots, in any order
 * @cursors: by backend
 * @paces: by backend; with unequal weights only
 * @rounds: the calendar; with unequal weights only
 * @ring: number of @rounds, a power of two above the longest step; 0 with equal
 *	weights
 * @heaviest: largest weight
 */
struct maglev {
	u32 size;
	u32 filled;
	u32 last;
	u64 *taken;
	u32 *free;
	struct maglev_cursor *cursors;
	struct maglev_pace *paces;
	struct maglev_round *rounds;
	u32 ring;
	u32 heaviest;
};

bool bfly_maglev_is_prime(u32 n)
{
	u32 i;

	if (n < 4)
		return n > 1;
	if (n % 2 == 0)
		return false;
	for (i = 3; (u64)i * i <= n; i += 2)
		if (n % i == 0)
			return false;
	return true;
}

u32 bfly_maglev_next_prime(u32 n)
{
	while (!bfly_maglev_is_prime(n))
		n++;
	return n;
}

void bfly_maglev_item(struct bfly_maglev_item *item,
		      const struct bfly_addr *addr, u16 weight, u32 size,
		      const siphash_key_t *key)
{
	u64 hash = siphash(&addr->ip6, bfly_addr_len(addr), key);

	/* one hash of 64 bits gives the two of the paper */
	item->offset = ((hash >> 32) * size) >> 32;
	item->skip = (((u64)(u32)hash * (size - 1)) >> 32) + 1;
	item->weight = weight;
	item->slots = 0;
}

/* Length of the calendar, 0 if all that have a weight have the same one. */
static u32 maglev_ring(const struct bfly_maglev_item *items, u32 count,
		       u32 *heaviest)
{
	u32 most = 0, least = U32_MAX;
	u32 i;

	for (i = 0; i < count; i++) {
		if (!items[i].weight)
			continue;
		most = max(most, items[i].weight);
		least = min(least, items[i].weight);
	}
	*heaviest = most;
	return most <= least ? 0 : roundup_pow_of_two(most / least + 2);
}

static size_t maglev_bitmap_size(u32 size)
{
	return DIV_ROUND_UP(size, 64) * sizeof(u64);
}

/* How many slots are filled last and otherwise; even, for the alignment. */
static u32 maglev_last(u32 size)
{
	return int_sqrt(size) & ~1U;
}

size_t bfly_maglev_scratch_size(const struct bfly_maglev_item *items, u32 count,
				u32 size)
{
	size_t bytes = maglev_bitmap_size(size) +
		       maglev_last(size) * sizeof(u32) +
		       count * sizeof(struct maglev_cursor);
	u32 heaviest;
	u32 ring = maglev_ring(items, count, &heaviest);

	if (ring)
		bytes += count * sizeof(struct maglev_pace) +
			 ring * sizeof(struct maglev_round);
	return bytes;
}

static void maglev_init(struct maglev *m, u32 size,
			struct bfly_maglev_item *items, u32 count,
			void *scratch)
{
	u32 last = maglev_last(size);
	u32 i;

	m->size = size;
	m->filled = 0;
	m->last = size - last;
	m->ring = maglev_ring(items, count, &m->heaviest);
	m->taken = scratch;
	m->free = scratch + maglev_bitmap_size(size);
	m->cursors = (void *)(m->free + last);
	m->paces = (void *)(m->cursors + count);
	m->rounds = (void *)(m->paces + count);

	memset(m->taken, 0, maglev_bitmap_size(size));
	for (i = 0; i < count; i++) {
		m->cursors[i].pos = items[i].offset;
		m->cursors[i].skip = items[i].skip;
		items[i].slots = 0;
	}
}

static u32 maglev_mul(u32 a, u32 b, u32 size)
{
	return (u64)a * b % size;
}

/* By Fermat's little theorem, as size is a prime. */
static u32 maglev_inverse(u32 a, u32 size)
{
	u32 result = 1;
	u32 exponent;

	for (exponent = size - 2; exponent; exponent /= 2) {
		if (exponent % 2)
			result = maglev_mul(result, a, size);
		a = maglev_mul(a, a, size);
	}
	return result;
}

/*
 * Inverts all skips with one inversion: that of their product, from which each
 * is had by multiplying with the others.
 */
static void maglev_invert_skips(struct maglev *m, u32 count)
{
	struct maglev_cursor *c;
	u32 product = 1;
	u32 inverse;
	u32 i;

	for (i = 0; i < count; i++) {
		m->cursors[i].inverse = product; /* of those before */
		product = maglev_mul(product, m->cursors[i].skip, m->size);
	}
	inverse = maglev_inverse(product, m->size);
	while (i--) {
		c = &m->cursors[i];
		c->inverse = maglev_mul(c->inverse, inverse, m->size);
		c->scaled = div_u64((u64)c->inverse << 32, m->size);
		inverse = maglev_mul(inverse, c->skip, m->size);
	}
}

/* From here on m->free is looked through instead of m->taken. */
static void maglev_begin_last(struct maglev *m, u32 count)
{
	u32 found = 0;
	u32 pos;

	for (pos = 0; pos < m->size; pos++)
		if (!(m->taken[pos / 64] >> (pos % 64) & 1))
			m->free[found++] = pos;
	maglev_invert_skips(m, count);
}

/* Takes the free slot that is nearest along the permutation. */
static u32 maglev_take_last(struct maglev *m, struct maglev_cursor *cursor)
{
	u32 left = m->size - m->filled;
	u32 least = U32_MAX;
	u32 nearest = 0;
	u32 i, ahead, steps;

	for (i = 0; i < left; i++) {
		ahead = m->free[i] - cursor->pos;
		ahead += m->free[i] < cursor->pos ? m->size : 0;
		/* ahead * inverse % size, Shoup's way: under 2 * size */
		steps = ahead * cursor->inverse -
			(u32)((u64)ahead * cursor->scaled >> 32) * m->size;
		steps -= steps >= m->size ? m->size : 0;
		if (steps < least) {
			least = steps;
			nearest = i;
		}
	}
	cursor->pos = m->free[nearest];
	m->free[nearest] = m->free[left - 1];
	return cursor->pos;
}

/*
 * Takes the next free slot of a permutation. As the size is a prime the
 * permutation comes by all slots, so while one is free this ends.
 */
static u32 maglev_take_next(struct maglev *m, struct maglev_cursor *cursor)
{
	const u64 *taken = m->taken;
	u32 skip = cursor->skip;
	u32 pos = cursor->pos;
	u32 size = m->size;

	while (taken[pos / 64] >> (pos % 64) & 1) {
		pos += skip;
		pos -= pos >= size ? size : 0;
	}
	m->taken[pos / 64] |= BIT_ULL(pos % 64);
	cursor->pos = pos;
	return pos;
}

/* A backend's turn. False when the table is full. */
static bool maglev_turn(struct maglev *m, u16 *slot,
			struct bfly_maglev_item *items, u32 count, u32 index)
{
	struct maglev_cursor *cursor = &m->cursors[index];
	u32 pos;

	if (m->filled < m->last) {
		pos = maglev_take_next(m, cursor);
	} else {
		if (m->filled == m->last)
			maglev_begin_last(m, count);
		pos = maglev_take_last(m, cursor);
	}
	slot[pos] = index;
	items[index].slots++;
	if (++m->filled % MAGLEV_RESCHED == 0)
		cond_resched();
	return m->filled < m->size;
}

/* All that have a weight have a turn in every round. */
static void maglev_fill_equal(struct maglev *m, u16 *slot,
			      struct bfly_maglev_item *items, u32 count)
{
	u32 i = 0;

	while (!items[i].weight || maglev_turn(m, slot, items, count, i))
		if (++i == count)
			i = 0;
}

static void maglev_enter(struct maglev *m, u32 round, u16 index)
{
	struct maglev_round *r = &m->rounds[round & (m->ring - 1)];

	m->paces[index].next = MAGLEV_NONE;
	if (r->head == MAGLEV_NONE)
		r->head = index;
	else
		m->paces[r->tail].next = index;
	r->tail = index;
}

static u32 maglev_step(struct maglev_pace *pace, u32 weight)
{
	pace->error += pace->remainder;
	if (pace->error < weight)
		return pace->quotient;
	pace->error -= weight;
	return pace->quotient + 1;
}

/* All have a turn in round 0, so that no weight is too small for a slot. */
static void maglev_calendar_init(struct maglev *m,
				 const struct bfly_maglev_item *items,
				 u32 count)
{
	u32 i;

	for (i = 0; i < m->ring; i++)
		m->rounds[i].head = MAGLEV_NONE;
	for (i = 0; i < count; i++) {
		if (!items[i].weight)
			continue;
		m->paces[i].quotient = m->heaviest / items[i].weight;
		m->paces[i].remainder = m->heaviest % items[i].weight;
		m->paces[i].error = 0;
		maglev_enter(m, 0, i);
	}
}

static void maglev_fill_weighted(struct maglev *m, u16 *slot,
				 struct bfly_maglev_item *items, u32 count)
{
	struct maglev_round *r;
	u32 round;
	u16 i, next;

	maglev_calendar_init(m, items, count);
	for (round = 0;; round++) {
		r = &m->rounds[round & (m->ring - 1)];
		i = r->head;
		r->head = MAGLEV_NONE;
		for (; i != MAGLEV_NONE; i = next) {
			next = m->paces[i].next;
			if (!maglev_turn(m, slot, items, count, i))
				return;
			maglev_enter(m, round + maglev_step(&m->paces[i],
							    items[i].weight),
				     i);
		}
	}
}

bool bfly_maglev_fill(u16 *slot, u32 size, struct bfly_maglev_item *items,
		      u32 count, void *scratch)
{
	struct maglev m;

	maglev_init(&m, size, items, count, scratch);
	if (!m.heaviest)
		return false;
	if (m.ring)
		maglev_fill_weighted(&m, slot, items, count);
	else
		maglev_fill_equal(&m, slot, items, count);
	return true;
}
