/* SPDX-License-Identifier: GPL-2.0 */
/* The keyed hash of flows: their place in the flow table, their slot in a pool. */
#ifndef _BFLY_HASH_H
#define _BFLY_HASH_H

#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/types.h>

/**
 * struct bfly_hash_secret - the key
 * @word: added to the words of what is hashed, one to each
 * @factor: an odd one, which mixes the sum
 */
struct bfly_hash_secret {
	u32 word[10];
	u64 factor;
};

/* One that nobody knows, for what is looked up on this host alone. */
static inline void bfly_hash_secret_random(struct bfly_hash_secret *secret)
{
	get_random_bytes(secret, sizeof(*secret));
	secret->factor |= 1;
}

/* The one that belongs to a key of 128 bits, the same on every host. */
static inline void bfly_hash_secret_derive(struct bfly_hash_secret *secret,
					   const siphash_key_t *key)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(secret->word); i++)
		secret->word[i] = siphash_1u64(i, key);
	secret->factor = siphash_1u64(i, key) | 1;
}

/* A product of NH. */
static __always_inline u64 bfly_hash_nh(const u32 *word, u32 a, u32 b)
{
	return (u64)(a + word[0]) * (b + word[1]);
}

/**
 * bfly_hash() - the hash of a flow, or of a part of what names it
 * @secret: the key
 * @ip6: whether there are four words of each address, or one
 * @src: source address
 * @dst: destination address
 * @ports: source and destination port
 * @rest: what else there is
 *
 * NH (RFC 4418, 5.2.2): the sums of two inputs of a family are the same for one
 * in 2^32 secrets at most, whatever the inputs are. The sum is then mixed by a
 * secret factor, so that what two inputs of one bucket have in common tells
 * nothing of a third one. It takes a quarter of SipHash-1-3's instructions, which
 * is made for who sees the results. Nobody sees those of the flow table; of a
 * pool's a client sees the backend, which it could find out by trying, too.
 *
 * Return: 64 bits, the upper 32 of which are equally good.
 */
static __always_inline u64 bfly_hash(const struct bfly_hash_secret *secret,
				     bool ip6, const u32 *src, const u32 *dst,
				     u32 ports, u32 rest)
{
	const u32 *word = secret->word;
	u64 sum = bfly_hash_nh(word, src[0], dst[0]) +
		  bfly_hash_nh(word + 2, ports, rest);

	if (unlikely(ip6))
		sum += bfly_hash_nh(word + 4, src[1], dst[1]) +
		       bfly_hash_nh(word + 6, src[2], dst[2]) +
		       bfly_hash_nh(word + 8, src[3], dst[3]);
	return (sum ^ sum >> 32) * secret->factor;
}

#endif /* _BFLY_HASH_H */
