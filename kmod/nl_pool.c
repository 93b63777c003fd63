// SPDX-License-Identifier: GPL-2.0
/* Netlink handlers of pools. */
#include <linux/ctype.h>
#include <linux/slab.h>
#include <linux/unaligned.h>

#include "method.h"
#include "nl_pool.h"

struct bfly_pool *bfly_nl_pool(struct genl_info *info, int attrtype)
{
	struct nlattr *attr = info->attrs[attrtype];
	struct bfly_pool *pool;
	int err;

	err = bfly_nl_need(info, attrtype, "name of the pool");
	if (err)
		return ERR_PTR(err);
	pool = bfly_pool_find(bfly_nl_switch(info), nla_data(attr));
	if (!pool)
		return ERR_PTR(bfly_nl_refuse(info, attr, ENOENT,
					      "there is no pool of that name"));
	return pool;
}

/* What only some methods have. */
static int method_fill(struct sk_buff *skb, const struct bfly_pool_conf *conf)
{
	if ((conf->port && nla_put_u16(skb, BFLY_A_POOL_PORT, conf->port)) ||
	    (conf->method == BFLY_METHOD_VXLAN &&
	     nla_put_u32(skb, BFLY_A_POOL_VNI, conf->vni)) ||
	    (conf->dscp && nla_put_u8(skb, BFLY_A_POOL_DSCP, conf->dscp)))
		return -EMSGSIZE;
	return 0;
}

static int pool_fill(struct sk_buff *skb, struct bfly_switch *sw,
		     const void *obj)
{
	struct bfly_pool *pool = (struct bfly_pool *)obj;
	const struct bfly_pool_table *table = bfly_pool_table(pool);
	u8 key[BFLY_KEY_LEN];

	put_unaligned_le64(table->conf.key.key[0], key);
	put_unaligned_le64(table->conf.key.key[1], key + 8);
	if (nla_put_string(skb, BFLY_A_POOL_NAME, pool->name) ||
	    nla_put_u32(skb, BFLY_A_POOL_METHOD, table->conf.method) ||
	    nla_put_u32(skb, BFLY_A_POOL_HASH, table->conf.hash) ||
	    nla_put_u32(skb, BFLY_A_POOL_TABLE, table->conf.size) ||
	    nla_put(skb, BFLY_A_POOL_KEY, sizeof(key), key) ||
	    method_fill(skb, &table->conf) ||
	    nla_put_u32(skb, BFLY_A_POOL_BACKENDS, table->count) ||
	    nla_put_u32(skb, BFLY_A_POOL_SERVICES, bfly_pool_services(pool)))
		return -EMSGSIZE;
	return 0;
}

/* What is left to say of a pool that was deleted. */
static int gone_fill(struct sk_buff *skb, struct bfly_switch *sw,
		     const void *obj)
{
	return nla_put_string(skb, BFLY_A_POOL_NAME, obj);
}

/* "none" is the word for no pool in the tool. */
static int name_check(struct genl_info *info)
{
	struct nlattr *attr = info->attrs[BFLY_A_POOL_NAME];
	const char *name, *c;
	int err;

	err = bfly_nl_need(info, BFLY_A_POOL_NAME, "name of the pool");
	if (err)
		return err;
	name = nla_data(attr);
	for (c = name; *c; c++)
		if (!isascii(*c) || !isgraph(*c))
			return bfly_nl_refuse(info, attr, EINVAL,
					      "name: only printable characters and no blanks");
	if (c == name || !strcmp(name, "none"))
		return bfly_nl_refuse(info, attr, EINVAL,
				      "name: a pool cannot be called that");
	return 0;
}

static int size_from_nl(struct genl_info *info, u32 *size)
{
	struct nlattr *attr = info->attrs[BFLY_A_POOL_TABLE];

	if (!attr)
		return 0;
	if (!bfly_maglev_is_prime(nla_get_u32(attr)))
		return bfly_nl_refuse(info, attr, EINVAL,
				      "table: not a prime, the next one is %u",
				      bfly_maglev_next_prime(nla_get_u32(attr)));
	*size = nla_get_u32(attr);
	return 0;
}

/* Refuses what a method has no use for. */
static int method_check(struct genl_info *info, u8 method)
{
	if (info->attrs[BFLY_A_POOL_PORT] && !bfly_method_is_udp(method))
		return bfly_nl_refuse(info, info->attrs[BFLY_A_POOL_PORT], EINVAL,
				      "port: only gue, fou and vxlan have one");
	if (info->attrs[BFLY_A_POOL_VNI] && method != BFLY_METHOD_VXLAN)
		return bfly_nl_refuse(info, info->attrs[BFLY_A_POOL_VNI], EINVAL,
				      "vni: only vxlan has one");
	if (info->attrs[BFLY_A_POOL_DSCP] && method != BFLY_METHOD_DSCP)
		return bfly_nl_refuse(info, info->attrs[BFLY_A_POOL_DSCP], EINVAL,
				      "dscp: only method dscp has one");
	return 0;
}

static u16 default_port(u8 method)
{
	switch (method) {
	case BFLY_METHOD_GUE:
		return BFLY_PORT_GUE;
	case BFLY_METHOD_FOU:
		return BFLY_PORT_FOU;
	case BFLY_METHOD_VXLAN:
		return BFLY_PORT_VXLAN;
	default:
		return 0;
	}
}

/* What a new pool has to name beside its method. */
static int method_need(struct genl_info *info, u8 method)
{
	if (method == BFLY_METHOD_VXLAN)
		return bfly_nl_need(info, BFLY_A_POOL_VNI, "vni");
	if (method == BFLY_METHOD_DSCP)
		return bfly_nl_need(info, BFLY_A_POOL_DSCP, "dscp");
	return 0;
}

static int method_from_nl(struct genl_info *info, struct bfly_pool_conf *conf)
{
	int err = method_check(info, conf->method);

	if (err)
		return err;
	if (info->attrs[BFLY_A_POOL_PORT])
		conf->port = nla_get_u16(info->attrs[BFLY_A_POOL_PORT]);
	if (info->attrs[BFLY_A_POOL_VNI])
		conf->vni = nla_get_u32(info->attrs[BFLY_A_POOL_VNI]);
	if (info->attrs[BFLY_A_POOL_DSCP])
		conf->dscp = nla_get_u8(info->attrs[BFLY_A_POOL_DSCP]);
	return 0;
}

/* Takes over what a request names. */
static int conf_from_nl(struct genl_info *info, struct bfly_pool_conf *conf)
{
	const struct nlattr *attr;
	int err;

	err = method_from_nl(info, conf);
	if (err)
		return err;
	attr = info->attrs[BFLY_A_POOL_HASH];
	if (attr)
		conf->hash = nla_get_u32(attr);
	if (conf->hash == BFLY_HASH_QUIC)
		return bfly_nl_refuse(info, attr, EINVAL,
				      "hash: quic is for a service of udp to say");
	attr = info->attrs[BFLY_A_POOL_KEY];
	if (attr) {
		conf->key.key[0] = get_unaligned_le64(nla_data(attr));
		conf->key.key[1] = get_unaligned_le64(nla_data(attr) + 8);
	}
	return size_from_nl(info, &conf->size);
}

int bfly_nl_pool_apply(struct genl_info *info, struct bfly_pool *pool,
		       const struct bfly_pool_conf *conf,
		       const struct bfly_backend_conf *want, u32 count)
{
	struct bfly_switch *sw = bfly_nl_switch(info);
	u32 old_count = bfly_pool_table(pool)->count;
	struct bfly_backend_conf *old;
	int err;

	old = bfly_nl_backend_confs(pool, 0);
	if (!old)
		return bfly_nl_no_memory(info);
	err = bfly_pool_apply(sw, pool, conf, want, count);
	if (err)
		err = bfly_nl_no_memory(info);
	else
		bfly_nl_backends_notify(sw, pool, old, old_count);
	kvfree(old);
	return err;
}

static int pool_create(struct genl_info *info,
		       const struct bfly_pool_conf *conf,
		       const struct bfly_backend_conf *want, u32 count)
{
	struct bfly_switch *sw = bfly_nl_switch(info);
	struct nlattr *attr = info->attrs[BFLY_A_POOL_NAME];
	struct bfly_pool *pool;

	if (sw->pool_count >= BFLY_POOL_MAX)
		return bfly_nl_refuse(info, attr, ENOSPC,
				      "a switch has at most %d pools",
				      BFLY_POOL_MAX);
	pool = bfly_pool_new(sw, nla_data(attr), conf, want, count);
	if (IS_ERR(pool))
		return bfly_nl_no_memory(info);
	bfly_nl_notify(sw, BFLY_CMD_POOL_NEW_NTF, pool_fill, pool);
	bfly_nl_backends_notify(sw, pool, NULL, 0);
	return 0;
}

static int pool_replace(struct genl_info *info, struct bfly_pool *pool,
			const struct bfly_pool_conf *conf,
			const struct bfly_backend_conf *want, u32 count)
{
	int err = bfly_nl_pool_apply(info, pool, conf, want, count);

	if (!err)
		bfly_nl_notify(bfly_nl_switch(info), BFLY_CMD_POOL_NEW_NTF,
			       pool_fill, pool);
	return err;
}

/* The services of a pool are for GRE packets, or none of them is. */
static int method_change_check(struct genl_info *info, struct bfly_pool *pool,
			       u8 method)
{
	bool was = bfly_pool_table(pool)->conf.method == BFLY_METHOD_GRE_RETARGET;
	bool will = method == BFLY_METHOD_GRE_RETARGET;

	if (!bfly_pool_services(pool) || was == will)
		return 0;
	return bfly_nl_refuse(info, info->attrs[BFLY_A_POOL_METHOD], EBUSY,
			      "method: %u services use the pool, and gre-retarget is for others",
			      bfly_pool_services(pool));
}

/* Makes a pool, or one that is there exactly this. */
static int pool_define(struct genl_info *info, struct bfly_pool *pool,
		       const struct bfly_pool_conf *conf)
{
	struct bfly_nl_backend *items;
	struct bfly_backend_conf *want;
	u32 i, count;
	int err;

	err = pool ? method_change_check(info, pool, conf->method) : 0;
	if (err)
		return err;
	items = bfly_nl_backends_read(info, &count);
	if (IS_ERR(items))
		return PTR_ERR(items);
	err = bfly_nl_backends_fit(info, pool, conf->method, items, count);
	if (err)
		goto out_free_items;
	want = kvcalloc(count, sizeof(*want), GFP_KERNEL_ACCOUNT);
	if (!want) {
		err = bfly_nl_no_memory(info);
		goto out_free_items;
	}
	for (i = 0; i < count; i++)
		want[i] = items[i].conf;
	err = pool ? pool_replace(info, pool, conf, want, count) :
		     pool_create(info, conf, want, count);
	kvfree(want);
out_free_items:
	kvfree(items);
	return err;
}

int bfly_nl_pool_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_pool_conf conf = {
		.hash = BFLY_HASH_5TUPLE,
		.size = BFLY_MAGLEV_SIZE,
	};
	struct bfly_pool *pool;
	int err;

	err = name_check(info);
	if (err)
		return err;
	err = bfly_nl_need(info, BFLY_A_POOL_METHOD, "method");
	if (err)
		return err;
	conf.method = nla_get_u32(info->attrs[BFLY_A_POOL_METHOD]);
	conf.port = default_port(conf.method);
	err = method_need(info, conf.method);
	if (!err)
		err = conf_from_nl(info, &conf);
	if (err)
		return err;
	pool = bfly_pool_find(bfly_nl_switch(info),
			      nla_data(info->attrs[BFLY_A_POOL_NAME]));
	if (pool && !bfly_nl_replace(info))
		return bfly_nl_refuse(info, info->attrs[BFLY_A_POOL_NAME],
				      EEXIST, "the pool exists");
	return pool_define(info, pool, &conf);
}

int bfly_nl_pool_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_pool *pool = bfly_nl_pool(info, BFLY_A_POOL_NAME);
	struct bfly_backend_conf *want;
	struct bfly_pool_conf conf;
	int err;

	if (IS_ERR(pool))
		return PTR_ERR(pool);
	conf = bfly_pool_table(pool)->conf;
	err = conf_from_nl(info, &conf);
	if (err)
		return err;
	want = bfly_nl_backend_confs(pool, 0);
	if (!want)
		return bfly_nl_no_memory(info);
	err = pool_replace(info, pool, &conf, want,
			   bfly_pool_table(pool)->count);
	kvfree(want);
	return err;
}

int bfly_nl_pool_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_switch *sw = bfly_nl_switch(info);
	struct bfly_pool *pool = bfly_nl_pool(info, BFLY_A_POOL_NAME);

	if (IS_ERR(pool))
		return PTR_ERR(pool);
	if (bfly_pool_services(pool))
		return bfly_nl_refuse(info, info->attrs[BFLY_A_POOL_NAME],
				      EBUSY, "%u services use the pool",
				      bfly_pool_services(pool));
	bfly_pool_del(sw, pool);
	/* the message tells only the name */
	bfly_nl_notify(sw, BFLY_CMD_POOL_DEL_NTF, gone_fill,
		       nla_data(info->attrs[BFLY_A_POOL_NAME]));
	return 0;
}

int bfly_nl_pool_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_pool *pool = bfly_nl_pool(info, BFLY_A_POOL_NAME);

	if (IS_ERR(pool))
		return PTR_ERR(pool);
	return bfly_nl_reply(info, pool_fill, pool);
}

static int dump_switch(struct sk_buff *skb, struct netlink_callback *cb,
		       struct bfly_switch *sw, struct bfly_nl_dump *state)
{
	struct bfly_pool *pool;
	u32 pos = 0;
	int err;

	list_for_each_entry(pool, &sw->pools, list) {
		if (pos++ < state->pos)
			continue;
		err = bfly_nl_dump_put(skb, cb, BFLY_CMD_POOL_GET, pool_fill,
				       sw, pool);
		if (err)
			return err;
		state->pos = pos;
	}
	return 0;
}

int bfly_nl_pool_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return bfly_nl_dump_switches(skb, cb, dump_switch);
}
