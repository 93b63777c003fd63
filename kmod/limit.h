/* SPDX-License-Identifier: GPL-2.0 */
/* Limits of packets a second: a token bucket in one number, without a lock. */
#ifndef _BFLY_LIMIT_H
#define _BFLY_LIMIT_H

#include <linux/atomic.h>
#include <linux/minmax.h>
#include <linux/time64.h>

/* Packets a second that a limit may be set to. */
#define BFLY_LIMIT_MAX	10000000

/**
 * bfly_limit_take() - whether one more packet is within the limit
 * @spent: the time up to which tokens are spent, in nanoseconds; from 0 on.
 *	A packet moves it on by what it takes to earn a token; it never falls
 *	behind by more than a second, whose tokens are the greatest burst.
 * @rate: packets a second, 1 to %BFLY_LIMIT_MAX
 * @now: the time, never going back on one CPU
 *
 * Context: any.
 * Return: true and a token is taken, or false.
 */
static inline bool bfly_limit_take(atomic64_t *spent, u32 rate, s64 now)
{
	s64 token = NSEC_PER_SEC / rate, old = atomic64_read(spent), new;

	do {
		new = max_t(s64, old, now - NSEC_PER_SEC) + token;
		if (new > now)
			return false;
	} while (!atomic64_try_cmpxchg(spent, &old, new));
	return true;
}

#endif /* _BFLY_LIMIT_H */
