// SPDX-License-Identifier: GPL-2.0
#include "bflyctl.h"

static const char *const states[] = {
	[BFLY_BACKEND_STATE_UP] = "up", [BFLY_BACKEND_STATE_DRAIN] = "drain",
	[BFLY_BACKEND_STATE_DOWN] = "down", NULL
};

static const struct word words[] = {
	WORD(bfly_backend, BACKEND_WEIGHT, "weight", U16, weight),
	WORD_OF(bfly_backend, BACKEND_STATE, "state", states, state),
	WORD(bfly_backend, BACKEND_MAC, "mac", MAC, mac),
	WORD_END
};

static const struct word name_word =
	WORD(bfly_pool, POOL_NAME, "POOL", NAME, name);
static const struct word addr_word =
	WORD(bfly_backend, BACKEND_ADDR, "backend", ADDR, addr);

static int take_pool(struct args *a, struct bfly_pool *pool)
{
	if (!a->argc)
		return usage(a, "the POOL is missing");
	TAKE_DEV(a, POOL, pool);
	return take_value(a, &name_word, pool, next(a));
}

/* POOL ADDR */
static int take_key(struct args *a, struct bfly_pool *pool,
		    struct bfly_backend *backend)
{
	int err = take_pool(a, pool);

	if (err)
		return err;
	if (!a->argc)
		return usage(a, "the backend's ADDR is missing");
	pool->set |= BFLY_F(POOL_BACKEND);
	pool->backend = backend;
	return take_value(a, &addr_word, backend, next(a));
}

/* POOL ADDR WORDS */
int take_backend(struct args *a, struct bfly_pool *pool,
		 struct bfly_backend *backend)
{
	int err = take_key(a, pool, backend);

	return err ? err : take_words(a, words, backend);
}

static int backend_new(struct args *a)
{
	struct bfly_backend backend = { 0 };
	struct bfly_pool pool = { 0 };
	int err = take_backend(a, &pool, &backend);

	return err ? err : finish(a, bfly_backend_new(kernel(), &pool, a->flags));
}

static int backend_set(struct args *a)
{
	struct bfly_backend backend = { 0 };
	struct bfly_pool pool = { 0 };
	int err = take_backend(a, &pool, &backend);

	return err ? err : finish(a, bfly_backend_set(kernel(), &pool));
}

static int backend_del(struct args *a)
{
	struct bfly_backend backend = { 0 };
	struct bfly_pool pool = { 0 };
	int err = take_key(a, &pool, &backend);

	if (!err)
		err = take_end(a);
	return err ? err : finish(a, bfly_backend_del(kernel(), &pool));
}

static void print_counters(const struct bfly_pool *pool)
{
	out_more();
	out_num("slots", pool->slots);
	out_num("flows", pool->flows);
	out_num("new-flows", pool->new_flows);
	out_num("packets", pool->packets);
	out_num("bytes", pool->bytes);
	out_num("state-changes", pool->state_changes);
}

static void print_one(const struct bfly_pool *pool,
		      const struct bfly_backend *backend)
{
	char buf[BFLY_ADDR_STRLEN];

	out_object();
	out_key("name", pool->name ? pool->name : "");
	out_key("addr", bfly_addr_format(&backend->addr, buf));
	if (HAS(backend, BACKEND_WEIGHT))
		out_num("weight", backend->weight);
	if (HAS(backend, BACKEND_STATE))
		out_enum("state", states, backend->state);
	if (HAS(backend, BACKEND_MAC))
		out_mac("mac", &backend->mac);
	if (HAS(pool, POOL_ICMP_CODE))
		out_num("icmp-code", pool->icmp_code);
	out_dev(pool->dev);
	if (out_wants(opt.stats) && HAS(pool, POOL_PACKETS))
		print_counters(pool);
	out_object_end();
}

int print_backend(const struct bfly_pool *pool, void *arg)
{
	const struct bfly_backend *backend;

	for (backend = pool->backend; backend; backend = backend->next) {
		print_one(pool, backend);
		if (arg)
			*(bool *)arg = true;
	}
	return 0;
}

static int backend_canonical(struct args *a)
{
	struct bfly_backend backend = {
		.weight = 1, .state = BFLY_BACKEND_STATE_UP,
	};
	struct bfly_pool pool = { 0 };
	int err = take_backend(a, &pool, &backend);

	backend.set |= BFLY_F(BACKEND_WEIGHT) | BFLY_F(BACKEND_STATE);
	return err ? err : print_backend(&pool, NULL);
}

static int no_pool(const struct bfly_pool *pool, void *arg)
{
	(void)pool;
	(void)arg;
	return 0;
}

static int backend_show(struct args *a)
{
	struct bfly_pool pool = { 0 };
	bool some = false, one = a->argc;
	int err = one ? take_pool(a, &pool) : 0;

	if (!err)
		err = take_end(a);
	if (err)
		return err;

	TAKE_DEV(a, POOL, &pool);
	out_begin(a);
	err = bfly_backend_dump(kernel(), &pool, print_backend, &some);
	/* No backends, or no such pool? */
	if (!err && one && !some)
		err = bfly_pool_get(kernel(), &pool, no_pool, NULL);
	if (!err)
		out_end();
	return finish(a, err);
}

#define WORDS "POOL ADDR [weight N] [state up|drain|down] [mac MAC]"

static const struct verb verbs[] = {
	{ "add", backend_new, WORDS, BFLY_ADD },
	{ "replace", backend_new, WORDS, BFLY_REPLACE },
	{ "set", backend_set, WORDS },
	{ "del", backend_del, "POOL ADDR [if-exists]" },
	{ "show", backend_show, "[POOL]" },
	{ NULL }
};

const struct object backend_object = {
	.name = "backend", .verbs = verbs, .canonical = backend_canonical,
	.what = "a server of a pool",
	.notes = "weight  share of new flows, 1 unless set, 0 none\n"
		 "state   drain: keeps its flows, gets no new ones; down: its flows move\n"
		 "mac     instead of what the kernel's neighbour table has; with vxlan that\n"
		 "        in the tunnel\n",
};
