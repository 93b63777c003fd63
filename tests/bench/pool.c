// SPDX-License-Identifier: GPL-2.0
/*
 * usage: pool BACKENDS SLOTS TIMES
 *
 * Gives a pool that many backends in one request, and changes the key of its hash again
 * and again, so that its Maglev table is built anew. Prints how many microseconds the
 * requests took, all that there is of them: the median and the longest.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <bfly.h>

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e6 + ts.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void make_backends(struct bfly_backend *backends, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		backends[i].set = BFLY_F(BACKEND_ADDR);
		backends[i].addr = (struct bfly_addr){
			.len = 4, .bytes = { 198, 18, i >> 8, i & 255 },
		};
		backends[i].next = i + 1 < count ? &backends[i + 1] : NULL;
	}
}

static double rebuild(struct bfly_ctl *ctl, unsigned int turn)
{
	struct bfly_pool pool = {
		.set = BFLY_F(POOL_NAME) | BFLY_F(POOL_KEY), .name = "bench",
	};
	double start = now();

	memcpy(pool.key, &turn, sizeof(turn));
	if (bfly_pool_set(ctl, &pool))
		errx(1, "%s", bfly_ctl_error(ctl));
	return now() - start;
}

int main(int argc, char **argv)
{
	struct bfly_pool pool = {
		.set = BFLY_F(POOL_NAME) | BFLY_F(POOL_TABLE) |
		       BFLY_F(POOL_METHOD) | BFLY_F(POOL_BACKEND),
		.name = "bench", .method = BFLY_METHOD_IPIP,
	};
	unsigned int count, times, turn;
	struct bfly_ctl *ctl;
	double *took;

	if (argc != 4)
		errx(2, "see the head of %s", __FILE__);
	count = strtoul(argv[1], NULL, 0);
	pool.table = strtoul(argv[2], NULL, 0);
	times = strtoul(argv[3], NULL, 0);
	pool.backend = calloc(count, sizeof(*pool.backend));
	took = calloc(times, sizeof(*took));
	ctl = bfly_ctl_new();
	if (!count || !times || !pool.backend || !took || !ctl)
		errx(1, "too many or too few");
	make_backends(pool.backend, count);
	if (bfly_pool_new(ctl, &pool, 0))
		errx(1, "%s", bfly_ctl_error(ctl));
	for (turn = 0; turn < times; turn++)
		took[turn] = rebuild(ctl, turn + 1);
	qsort(took, times, sizeof(*took), by_size);
	printf("%.0f %.0f\n", took[times / 2], took[times - 1]);
	pool.set = BFLY_F(POOL_NAME);
	if (bfly_pool_del(ctl, &pool))
		errx(1, "%s", bfly_ctl_error(ctl));
	bfly_ctl_free(ctl);
	return 0;
}
