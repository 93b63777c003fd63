/* SPDX-License-Identifier: GPL-2.0 */
/* What the handlers of pools, backends and services share. All under RTNL. */
#ifndef _BFLY_NL_POOL_H
#define _BFLY_NL_POOL_H

#include "netlink.h"
#include "pool.h"

/* A refusal because memory ran out. */
static inline int bfly_nl_no_memory(struct genl_info *info)
{
	NL_SET_ERR_MSG(info->extack, "memory ran out");
	return -ENOMEM;
}

/* The pool that an attribute names, or ERR_PTR(), explained. */
struct bfly_pool *bfly_nl_pool(struct genl_info *info, int attrtype);

/**
 * bfly_nl_pool_apply() - make a pool exactly this, and tell of what changed
 * @info: the request
 * @pool: the pool
 * @conf: as in bfly_pool_apply()
 * @want: likewise
 * @count: likewise
 *
 * Return: 0 or an error, explained.
 */
int bfly_nl_pool_apply(struct genl_info *info, struct bfly_pool *pool,
		       const struct bfly_pool_conf *conf,
		       const struct bfly_backend_conf *want, u32 count);

/* nl_backend.c */

/**
 * struct bfly_nl_backend - a backend of a request
 * @conf: what it says, defaults where it does not
 * @attr: the attribute
 * @has_weight: it names the weight
 * @has_state: it names the state
 * @has_mac: it names the MAC
 */
struct bfly_nl_backend {
	struct bfly_backend_conf conf;
	const struct nlattr *attr;
	bool has_weight;
	bool has_state;
	bool has_mac;
};

/**
 * bfly_nl_backends_read() - the backends of a request
 * @info: the request
 * @count: how many there are
 *
 * Return: the backends, sorted by address, each once, the caller's to free with
 * kvfree(); or ERR_PTR(), explained.
 */
struct bfly_nl_backend *bfly_nl_backends_read(struct genl_info *info,
					      u32 *count);

/**
 * bfly_nl_backends_fit() - refuse backends whose family does not fit the pool
 * @info: the request
 * @pool: the pool, for its services; NULL for one that has none yet
 * @method: method that it has or gets
 * @items: backends of the request
 * @count: how many
 *
 * Return: 0 or -EINVAL, explained.
 */
int bfly_nl_backends_fit(struct genl_info *info, const struct bfly_pool *pool,
			 u8 method, const struct bfly_nl_backend *items,
			 u32 count);

/* What is configured of a pool's backends, with room for @more; or NULL. */
struct bfly_backend_conf *bfly_nl_backend_confs(struct bfly_pool *pool,
						u32 more);

/* Tell of an ICMP error about a packet to a backend. Context: any, RCU read side. */
void bfly_nl_backend_unreachable(struct bfly_switch *sw,
				 const struct bfly_backend *backend, u8 code);

/* Tell of the differences between what was and what a pool is now. */
void bfly_nl_backends_notify(struct bfly_switch *sw, struct bfly_pool *pool,
			     const struct bfly_backend_conf *old, u32 count);

#endif /* _BFLY_NL_POOL_H */
