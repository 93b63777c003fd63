// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include "bflyctl.h"

static const char *const methods[] = {
	[BFLY_METHOD_L2] = "l2", [BFLY_METHOD_IPIP] = "ipip",
	[BFLY_METHOD_GRE] = "gre", [BFLY_METHOD_GUE] = "gue",
	[BFLY_METHOD_FOU] = "fou", [BFLY_METHOD_VXLAN] = "vxlan",
	[BFLY_METHOD_GRE_RETARGET] = "gre-retarget",
	[BFLY_METHOD_DSCP] = "dscp", NULL
};

#define METHODS "l2|ipip|gre|gue|fou|vxlan|gre-retarget|dscp"

static const char *const hashes[] = {
	[BFLY_HASH_5TUPLE] = "5tuple", [BFLY_HASH_3TUPLE] = "3tuple",
	[BFLY_HASH_SOURCE] = "source", NULL
};

static const struct word new_words[] = {
	WORD_OF(bfly_pool, POOL_METHOD, "method", methods, method),
	WORD_OF(bfly_pool, POOL_HASH, "hash", hashes, hash),
	WORD(bfly_pool, POOL_TABLE, "table", U32, table),
	WORD(bfly_pool, POOL_KEY, "key", KEY, key),
	WORD(bfly_pool, POOL_PORT, "port", U16, port),
	WORD(bfly_pool, POOL_VNI, "vni", U32, vni),
	WORD(bfly_pool, POOL_DSCP, "dscp", U8, dscp),
	WORD_END
};

/* The method cannot be changed. */
static const struct word *const set_words = new_words + 1;

static const struct word name_word =
	WORD(bfly_pool, POOL_NAME, "NAME", NAME, name);

static int take_pool(struct args *a, struct bfly_pool *pool)
{
	if (!a->argc)
		return usage(a, "the pool's NAME is missing");
	TAKE_DEV(a, POOL, pool);
	return take_value(a, &name_word, pool, next(a));
}

static int take_new(struct args *a, struct bfly_pool *pool)
{
	int err = take_pool(a, pool);

	if (!err)
		err = take_words(a, new_words, pool);
	if (!err && !HAS(pool, POOL_METHOD))
		return usage(a, "the method is missing: " METHODS);
	return err;
}

static int pool_new(struct args *a)
{
	struct bfly_pool pool = { 0 };
	int err = take_new(a, &pool);

	return err ? err : finish(a, bfly_pool_new(kernel(), &pool, a->flags));
}

static int pool_set(struct args *a)
{
	struct bfly_pool pool = { 0 };
	int err = take_pool(a, &pool);

	if (!err)
		err = take_words(a, set_words, &pool);
	return err ? err : finish(a, bfly_pool_set(kernel(), &pool));
}

static int pool_del(struct args *a)
{
	struct bfly_pool pool = { 0 };
	int err = take_pool(a, &pool);

	if (!err)
		err = take_end(a);
	return err ? err : finish(a, bfly_pool_del(kernel(), &pool));
}

int print_pool(const struct bfly_pool *pool, void *arg)
{
	static const uint8_t no_key[BFLY_KEY_LEN];
	char buf[KEY_STRLEN];

	(void)arg;
	out_object();
	out_key("name", pool->name ? pool->name : "");
	if (HAS(pool, POOL_METHOD))
		out_enum("method", methods, pool->method);
	if (HAS(pool, POOL_HASH))
		out_enum("hash", hashes, pool->hash);
	if (HAS(pool, POOL_TABLE))
		out_num("table", pool->table);
	if (HAS(pool, POOL_KEY) &&
	    (out_wants(opt.details) || memcmp(pool->key, no_key, sizeof(no_key))))
		out_str("key", key_format(pool->key, buf));
	if (HAS(pool, POOL_PORT))
		out_num("port", pool->port);
	if (HAS(pool, POOL_VNI))
		out_num("vni", pool->vni);
	if (HAS(pool, POOL_DSCP))
		out_num("dscp", pool->dscp);
	out_dev(pool->dev);
	if (out_wants(opt.details) && HAS(pool, POOL_BACKENDS)) {
		out_more();
		out_num("backends", pool->backends);
		out_num("services", pool->services);
	}
	out_object_end();
	return 0;
}

/* What the kernel fills in. */
static uint16_t default_port(uint32_t method)
{
	switch (method) {
	case BFLY_METHOD_GUE:
		return 6080;
	case BFLY_METHOD_FOU:
		return 5555;
	case BFLY_METHOD_VXLAN:
		return 4789;
	default:
		return 0;
	}
}

static int pool_canonical(struct args *a)
{
	struct bfly_pool pool = { .hash = BFLY_HASH_5TUPLE, .table = 65537 };
	int err = take_new(a, &pool);

	if (!HAS(&pool, POOL_PORT)) {
		pool.port = default_port(pool.method);
		pool.set |= pool.port ? BFLY_F(POOL_PORT) : 0;
	}
	pool.set |= BFLY_F(POOL_HASH) | BFLY_F(POOL_TABLE) | BFLY_F(POOL_KEY);
	return err ? err : print_pool(&pool, NULL);
}

static int pool_show(struct args *a)
{
	struct bfly_pool pool = { 0 };
	bool one = a->argc;
	int err = one ? take_pool(a, &pool) : 0;

	if (!err)
		err = take_end(a);
	if (err)
		return err;

	TAKE_DEV(a, POOL, &pool);
	out_begin(a);
	err = one ? bfly_pool_get(kernel(), &pool, print_pool, NULL) :
		    bfly_pool_dump(kernel(), &pool, print_pool, NULL);
	if (!err)
		out_end();
	return finish(a, err);
}

#define WORDS "[hash 5tuple|3tuple|source] [table N] [key HEX] [port N] [vni N] [dscp N]"

static const struct verb verbs[] = {
	{ "add", pool_new, "NAME method " METHODS " " WORDS, BFLY_ADD },
	{ "replace", pool_new, "NAME method " METHODS " " WORDS, BFLY_REPLACE },
	{ "set", pool_set, "NAME " WORDS },
	{ "del", pool_del, "NAME [if-exists]" },
	{ "show", pool_show, "[NAME]" },
	{ NULL }
};

const struct object pool_object = {
	.name = "pool", .verbs = verbs, .canonical = pool_canonical,
	.what = "backends and the Maglev table over them",
	.notes = "method  l2 gives packets a new destination MAC; ipip, gre, gue, fou and vxlan\n"
		 "        put them in a tunnel; gre-retarget gives a GRE packet another end; dscp\n"
		 "        gives packets the backend's address, and the backend a hint\n"
		 "hash    what of a packet chooses the backend, 5tuple unless set\n"
		 "table   size of the table, a prime, 65537 unless set\n"
		 "key     32 hexadecimal digits, the same on all nodes that share traffic\n"
		 "port    UDP port of the backends: gue 6080, fou 5555, vxlan 4789 unless set\n"
		 "vni     VXLAN network identifier, for vxlan\n"
		 "dscp    1 to 63, what the backend knows the virtual address by, for dscp\n"
		 "`replace` empties the pool: it has no backends then.\n",
};
