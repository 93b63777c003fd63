// SPDX-License-Identifier: GPL-2.0
/* Netlink handlers of the backends of pools. */
#include "nl_pool.h"

#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>

/* ---- reading ---- */

/* Text, at most 30 bytes, so that all of it fits with any address. */
static int refuse(struct genl_info *info, const struct bfly_nl_backend *item,
		  int err, const char *text)
{
	if (item->conf.addr.family == AF_INET)
		return bfly_nl_refuse(info, item->attr, err, "backend %pI4: %s",
				      &item->conf.addr.ip4, text);
	return bfly_nl_refuse(info, item->attr, err, "backend %pI6c: %s",
			      &item->conf.addr.ip6, text);
}

static int backend_cmp(const struct bfly_backend_conf *a,
		       const struct bfly_backend_conf *b)
{
	return bfly_addr_cmp(&a->addr, &b->addr);
}

static int item_cmp(const void *a, const void *b)
{
	const struct bfly_nl_backend *x = a, *y = b;

	return backend_cmp(&x->conf, &y->conf);
}

static int read_addr(struct genl_info *info, struct bfly_nl_backend *item,
		     const struct nlattr *attr)
{
	struct bfly_addr *addr = &item->conf.addr;
	int err;

	if (!attr)
		return bfly_nl_refuse(info, item->attr, EINVAL,
				      "backend: its address is missing");
	err = bfly_addr_from_nl(addr, attr, info->extack);
	if (err)
		return err;
	if (!bfly_addr_is_unicast(addr))
		return refuse(info, item, EINVAL, "not a host's address");
	/* it would take a device to be reached */
	if (addr->family == AF_INET6 &&
	    ipv6_addr_type(&addr->ip6) & IPV6_ADDR_LINKLOCAL)
		return refuse(info, item, EINVAL, "link-local address");
	return 0;
}

static int read_backend(struct genl_info *info, struct bfly_nl_backend *item)
{
	struct nlattr *tb[BFLY_A_BACKEND_MAC + 1];
	int err;

	err = nla_parse_nested(tb, BFLY_A_BACKEND_MAC, item->attr,
			       bfly_backend_nl_policy, info->extack);
	if (err)
		return err;
	err = read_addr(info, item, tb[BFLY_A_BACKEND_ADDR]);
	if (err)
		return err;

	item->has_weight = tb[BFLY_A_BACKEND_WEIGHT];
	item->has_state = tb[BFLY_A_BACKEND_STATE];
	item->has_mac = tb[BFLY_A_BACKEND_MAC];
	item->conf.weight = item->has_weight ?
			    nla_get_u16(tb[BFLY_A_BACKEND_WEIGHT]) : 1;
	item->conf.state = item->has_state ?
			   nla_get_u32(tb[BFLY_A_BACKEND_STATE]) :
			   BFLY_BACKEND_STATE_UP;
	if (!item->has_mac)
		return 0;
	if (!is_valid_ether_addr(nla_data(tb[BFLY_A_BACKEND_MAC])))
		return refuse(info, item, EINVAL, "not a host's MAC");
	item->conf.mac = bfly_mac_pack(nla_data(tb[BFLY_A_BACKEND_MAC]));
	return 0;
}

static int read_backends(struct genl_info *info, struct bfly_nl_backend *items)
{
	struct bfly_nl_backend *item = items;
	const struct nlattr *attr;
	int err, rem;

	bfly_nl_for_each(attr, BFLY_A_POOL_BACKEND, info, rem) {
		item->attr = attr;
		err = read_backend(info, item++);
		if (err)
			return err;
	}
	return 0;
}

struct bfly_nl_backend *bfly_nl_backends_read(struct genl_info *info,
					      u32 *count)
{
	u32 all = bfly_nl_count(info, BFLY_A_POOL_BACKEND);
	struct bfly_nl_backend *items;
	int err;
	u32 i;

	if (all > BFLY_BACKEND_MAX)
		return ERR_PTR(bfly_nl_refuse(info,
					      info->attrs[BFLY_A_POOL_BACKEND],
					      ENOSPC,
					      "a pool has at most %d backends",
					      BFLY_BACKEND_MAX));
	items = kvcalloc(all, sizeof(*items), GFP_KERNEL_ACCOUNT);
	if (!items)
		return ERR_PTR(bfly_nl_no_memory(info));
	err = read_backends(info, items);
	if (err)
		goto err_free_items;
	sort(items, all, sizeof(*items), item_cmp, NULL);
	for (i = 1; i < all; i++) {
		if (item_cmp(&items[i - 1], &items[i]))
			continue;
		err = refuse(info, &items[i], EINVAL, "named twice");
		goto err_free_items;
	}
	*count = all;
	return items;

err_free_items:
	kvfree(items);
	return ERR_PTR(err);
}

int bfly_nl_backends_fit(struct genl_info *info, const struct bfly_pool *pool,
			 u8 method, const struct bfly_nl_backend *items,
			 u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		if (method == BFLY_METHOD_VXLAN && !items[i].conf.mac)
			return refuse(info, &items[i], EINVAL,
				      "vxlan needs its mac");
		if (pool && !bfly_pool_family_ok(method, pool->services4,
						 pool->services6,
						 items[i].conf.addr.family))
			return refuse(info, &items[i], EINVAL,
				      "services' family differs");
	}
	return 0;
}

/* ---- telling ---- */

static int put_backend(struct sk_buff *skb, const struct bfly_pool *pool,
		       const struct bfly_backend_conf *conf)
{
	struct nlattr *nest;
	u8 mac[ETH_ALEN];

	if (nla_put_string(skb, BFLY_A_POOL_NAME, pool->name))
		return -EMSGSIZE;
	nest = nla_nest_start(skb, BFLY_A_POOL_BACKEND);
	if (!nest)
		return -EMSGSIZE;
	bfly_mac_unpack(conf->mac, mac);
	if (bfly_addr_to_nl(skb, BFLY_A_BACKEND_ADDR, &conf->addr) ||
	    nla_put_u16(skb, BFLY_A_BACKEND_WEIGHT, conf->weight) ||
	    nla_put_u32(skb, BFLY_A_BACKEND_STATE, conf->state) ||
	    (conf->mac && nla_put(skb, BFLY_A_BACKEND_MAC, ETH_ALEN, mac)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static struct bfly_backend_conf backend_conf(const struct bfly_backend *backend)
{
	return (struct bfly_backend_conf){
		.addr = backend->addr,
		.state = backend->state,
		.weight = backend->weight,
		.mac = backend->mac,
	};
}

static int backend_fill(struct sk_buff *skb, struct bfly_switch *sw,
			const void *obj)
{
	const struct bfly_backend *backend = obj;
	struct bfly_backend_conf conf = backend_conf(backend);
	struct bfly_share sum;

	bfly_share_sum(&sum, backend->share);
	if (put_backend(skb, backend->pool, &conf) ||
	    nla_put_u32(skb, BFLY_A_POOL_SLOTS, backend->slots) ||
	    nla_put_uint(skb, BFLY_A_POOL_FLOWS, atomic_read(&backend->flows)) ||
	    nla_put_uint(skb, BFLY_A_POOL_PACKETS, sum.packets) ||
	    nla_put_uint(skb, BFLY_A_POOL_BYTES, sum.bytes) ||
	    nla_put_uint(skb, BFLY_A_POOL_NEW_FLOWS, sum.new_flows) ||
	    nla_put_uint(skb, BFLY_A_POOL_STATE_CHANGES,
			 backend->state_changes))
		return -EMSGSIZE;
	return 0;
}

/* A backend that was deleted. */
struct backend_gone {
	const struct bfly_pool *pool;
	const struct bfly_backend_conf *conf;
};

static int gone_fill(struct sk_buff *skb, struct bfly_switch *sw,
		     const void *obj)
{
	const struct backend_gone *gone = obj;

	return put_backend(skb, gone->pool, gone->conf);
}

struct bfly_backend_conf *bfly_nl_backend_confs(struct bfly_pool *pool,
						u32 more)
{
	const struct bfly_pool_table *table = bfly_pool_table(pool);
	struct bfly_backend_conf *confs;
	u32 i;

	confs = kvcalloc(table->count + more, sizeof(*confs),
			 GFP_KERNEL_ACCOUNT);
	if (!confs)
		return NULL;
	for (i = 0; i < table->count; i++)
		confs[i] = backend_conf(table->backends[i]);
	return confs;
}

static bool conf_equal(const struct bfly_backend_conf *conf,
		       const struct bfly_backend *backend)
{
	return conf->state == backend->state &&
	       conf->weight == backend->weight && conf->mac == backend->mac;
}

void bfly_nl_backends_notify(struct bfly_switch *sw, struct bfly_pool *pool,
			     const struct bfly_backend_conf *old, u32 count)
{
	const struct bfly_pool_table *table = bfly_pool_table(pool);
	struct backend_gone gone = { .pool = pool };
	u32 i = 0, k = 0;
	int cmp;

	/* both are sorted: walk them as in a merge */
	while (i < table->count || k < count) {
		if (i == table->count)
			cmp = 1;
		else if (k == count)
			cmp = -1;
		else
			cmp = bfly_addr_cmp(&table->backends[i]->addr,
					    &old[k].addr);
		if (cmp > 0) {
			gone.conf = &old[k];
			bfly_nl_notify(sw, BFLY_CMD_BACKEND_DEL_NTF, gone_fill,
				       &gone);
		} else if (cmp < 0 || !conf_equal(&old[k], table->backends[i])) {
			bfly_nl_notify(sw, BFLY_CMD_BACKEND_NEW_NTF,
				       backend_fill, table->backends[i]);
		}
		i += cmp <= 0;
		k += cmp >= 0;
		cond_resched();
	}
}

/* An ICMP error about a backend. */
struct backend_error {
	const struct bfly_backend *backend;
	u8 code;
};

static int unreachable_fill(struct sk_buff *skb, struct bfly_switch *sw,
			    const void *obj)
{
	const struct backend_error *error = obj;
	struct nlattr *nest;

	if (nla_put_string(skb, BFLY_A_POOL_NAME, error->backend->pool->name) ||
	    nla_put_u8(skb, BFLY_A_POOL_ICMP_CODE, error->code))
		return -EMSGSIZE;
	nest = nla_nest_start(skb, BFLY_A_POOL_BACKEND);
	if (!nest || bfly_addr_to_nl(skb, BFLY_A_BACKEND_ADDR,
				     &error->backend->addr))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

void bfly_nl_backend_unreachable(struct bfly_switch *sw,
				 const struct bfly_backend *backend, u8 code)
{
	const struct backend_error error = { .backend = backend, .code = code };

	bfly_nl_event(sw, BFLY_CMD_BACKEND_UNREACHABLE_NTF, unreachable_fill,
		      &error);
}

/* ---- changing ---- */

/* The position of an address among sorted backends, or where it would be. */
static u32 conf_position(const struct bfly_backend_conf *confs, u32 count,
			 const struct bfly_addr *addr)
{
	u32 low = 0, mid;

	while (low < count) {
		mid = (low + count) / 2;
		if (bfly_addr_cmp(&confs[mid].addr, addr) < 0)
			low = mid + 1;
		else
			count = mid;
	}
	return low;
}

static struct bfly_backend_conf *conf_find(struct bfly_backend_conf *confs,
					   u32 count,
					   const struct bfly_addr *addr)
{
	u32 i = conf_position(confs, count, addr);

	return i < count && bfly_addr_equal(&confs[i].addr, addr) ? &confs[i] :
								    NULL;
}

/**
 * struct backend_edit - the backends of a pool in the making
 * @pool: the pool
 * @items: what the request says, sorted
 * @item_count: how many
 * @confs: the pool's backends, sorted, with room for @item_count more
 * @count: how many
 */
struct backend_edit {
	struct bfly_pool *pool;
	struct bfly_nl_backend *items;
	u32 item_count;
	struct bfly_backend_conf *confs;
	u32 count;
};

static int conf_sort_cmp(const void *a, const void *b)
{
	return backend_cmp(a, b);
}

static int edit_new(struct genl_info *info, struct backend_edit *edit)
{
	struct bfly_backend_conf *there;
	u32 count = edit->count;
	int err;
	u32 i;

	err = bfly_nl_backends_fit(info, edit->pool,
				   bfly_pool_table(edit->pool)->conf.method,
				   edit->items, edit->item_count);
	if (err)
		return err;
	for (i = 0; i < edit->item_count; i++) {
		there = conf_find(edit->confs, edit->count,
				  &edit->items[i].conf.addr);
		if (!there)
			edit->confs[count++] = edit->items[i].conf;
		else if (bfly_nl_replace(info))
			*there = edit->items[i].conf;
		else
			return refuse(info, &edit->items[i], EEXIST,
				      "exists in the pool");
	}
	if (count > BFLY_BACKEND_MAX)
		return bfly_nl_refuse(info, info->attrs[BFLY_A_POOL_BACKEND],
				      ENOSPC, "a pool has at most %d backends",
				      BFLY_BACKEND_MAX);
	edit->count = count;
	sort(edit->confs, count, sizeof(*edit->confs), conf_sort_cmp, NULL);
	return 0;
}

static int edit_set(struct genl_info *info, struct backend_edit *edit)
{
	const struct bfly_nl_backend *item;
	struct bfly_backend_conf *there;
	u32 i;

	for (i = 0; i < edit->item_count; i++) {
		item = &edit->items[i];
		there = conf_find(edit->confs, edit->count, &item->conf.addr);
		if (!there)
			return refuse(info, item, ENOENT, "the pool lacks it");
		if (item->has_weight)
			there->weight = item->conf.weight;
		if (item->has_state)
			there->state = item->conf.state;
		if (item->has_mac)
			there->mac = item->conf.mac;
	}
	return 0;
}

static int edit_del(struct genl_info *info, struct backend_edit *edit)
{
	struct bfly_backend_conf *confs = edit->confs;
	u32 i, left = 0, k = 0;

	for (i = 0; i < edit->item_count; i++)
		if (!conf_find(confs, edit->count, &edit->items[i].conf.addr))
			return refuse(info, &edit->items[i], ENOENT,
				      "the pool lacks it");
	/* both are sorted, and all of the items are among the backends */
	for (i = 0; i < edit->count; i++) {
		if (k < edit->item_count &&
		    bfly_addr_equal(&confs[i].addr, &edit->items[k].conf.addr))
			k++;
		else
			confs[left++] = confs[i];
	}
	edit->count = left;
	return 0;
}

static int edit_pool(struct genl_info *info,
		     int (*change)(struct genl_info *info,
				   struct backend_edit *edit))
{
	struct backend_edit edit = {};
	int err;

	edit.pool = bfly_nl_pool(info, BFLY_A_POOL_NAME);
	if (IS_ERR(edit.pool))
		return PTR_ERR(edit.pool);
	err = bfly_nl_need(info, BFLY_A_POOL_BACKEND, "backend");
	if (err)
		return err;
	edit.items = bfly_nl_backends_read(info, &edit.item_count);
	if (IS_ERR(edit.items))
		return PTR_ERR(edit.items);
	edit.count = bfly_pool_table(edit.pool)->count;
	edit.confs = bfly_nl_backend_confs(edit.pool, edit.item_count);
	if (!edit.confs) {
		err = bfly_nl_no_memory(info);
		goto out_free_items;
	}
	err = change(info, &edit);
	if (!err)
		err = bfly_nl_pool_apply(info, edit.pool,
					 &bfly_pool_table(edit.pool)->conf,
					 edit.confs, edit.count);
	kvfree(edit.confs);
out_free_items:
	kvfree(edit.items);
	return err;
}

int bfly_nl_backend_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return edit_pool(info, edit_new);
}

int bfly_nl_backend_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return edit_pool(info, edit_set);
}

int bfly_nl_backend_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return edit_pool(info, edit_del);
}

/* ---- dump ---- */

static int dump_pool(struct sk_buff *skb, struct netlink_callback *cb,
		     struct bfly_switch *sw, struct bfly_pool *pool,
		     struct bfly_nl_dump *state)
{
	const struct bfly_pool_table *table = bfly_pool_table(pool);
	int err;

	while (state->sub < table->count) {
		err = bfly_nl_dump_put(skb, cb, BFLY_CMD_BACKEND_GET,
				       backend_fill, sw,
				       table->backends[state->sub]);
		if (err)
			return err;
		state->sub++;
	}
	return 0;
}

static int dump_named(struct sk_buff *skb, struct netlink_callback *cb,
		      struct bfly_switch *sw, struct bfly_nl_dump *state,
		      const struct nlattr *name)
{
	struct bfly_pool *pool = bfly_pool_find(sw, nla_data(name));

	if (pool)
		return dump_pool(skb, cb, sw, pool, state);
	if (state->sub)		/* deleted while it was dumped */
		return 0;
	NL_SET_ERR_MSG_ATTR(cb->extack, name, "there is no pool of that name");
	return -ENOENT;
}

static int dump_switch(struct sk_buff *skb, struct netlink_callback *cb,
		       struct bfly_switch *sw, struct bfly_nl_dump *state)
{
	const struct nlattr *name = bfly_nl_dump_attr(cb, BFLY_A_POOL_NAME);
	struct bfly_pool *pool;
	u32 pos = 0;
	int err;

	if (name)
		return dump_named(skb, cb, sw, state, name);
	list_for_each_entry(pool, &sw->pools, list) {
		if (pos++ < state->pos)
			continue;
		err = dump_pool(skb, cb, sw, pool, state);
		if (err)
			return err;
		state->pos = pos;
		state->sub = 0;
	}
	return 0;
}

int bfly_nl_backend_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return bfly_nl_dump_switches(skb, cb, dump_switch);
}
