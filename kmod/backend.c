// SPDX-License-Identifier: GPL-2.0
/* Backends, the servers of pools. */
#include <linux/slab.h>

#include "pool.h"

static const struct rhashtable_params backend_params = {
	.key_len = offsetofend(struct bfly_addr, family),
	.key_offset = offsetof(struct bfly_backend, addr),
	.head_offset = offsetof(struct bfly_backend, node),
	.automatic_shrinking = true,
};

int bfly_backends_init(struct bfly_switch *sw)
{
	return rhltable_init(&sw->backends, &backend_params);
}

void bfly_backends_fini(struct bfly_switch *sw)
{
	rhltable_destroy(&sw->backends);
}

struct rhlist_head *bfly_backends_at(struct bfly_switch *sw,
				     const struct bfly_addr *addr)
{
	return rhltable_lookup(&sw->backends, addr, backend_params);
}

struct bfly_backend *bfly_backend_new(struct bfly_switch *sw,
				      struct bfly_pool *pool,
				      const struct bfly_backend_conf *conf)
{
	struct bfly_backend *backend;
	int err = -ENOMEM;

	backend = kzalloc(sizeof(*backend), GFP_KERNEL_ACCOUNT);
	if (!backend)
		return ERR_PTR(-ENOMEM);
	backend->share = alloc_percpu_gfp(struct bfly_share,
					  GFP_KERNEL_ACCOUNT);
	if (!backend->share)
		goto err_free_backend;
	backend->addr = conf->addr;
	backend->state = conf->state;
	backend->weight = conf->weight;
	backend->mac = conf->mac;
	backend->pool = pool;
	refcount_inc(&pool->refs);
	refcount_set(&backend->refs, 1);
	backend->unreach_told = (u32)jiffies - HZ;
	bfly_route_init(&backend->route, 0);
	err = rhltable_insert(&sw->backends, &backend->node, backend_params);
	if (err)
		goto err_put_pool;
	return backend;

err_put_pool:
	bfly_pool_put(pool);
	free_percpu(backend->share);
err_free_backend:
	kfree(backend);
	return ERR_PTR(err);
}

static void backend_free(struct bfly_backend *backend)
{
	bfly_route_end(&backend->route);
	bfly_pool_put(backend->pool);
	free_percpu(backend->share);
	kfree(backend);
}

static void backend_free_rcu(struct rcu_head *rcu)
{
	backend_free(container_of(rcu, struct bfly_backend, rcu));
}

void bfly_backend_put(struct bfly_backend *backend)
{
	if (refcount_dec_and_test(&backend->refs))
		call_rcu(&backend->rcu, backend_free_rcu);
}

static void backend_unlink_rcu(struct rcu_head *rcu)
{
	bfly_backend_put(container_of(rcu, struct bfly_backend, rcu));
}

void bfly_backend_unlink(struct bfly_switch *sw, struct bfly_backend *backend)
{
	ASSERT_RTNL();
	rhltable_remove(&sw->backends, &backend->node, backend_params);
	/* flows that hold it move with their next packet */
	WRITE_ONCE(backend->state, BFLY_BACKEND_STATE_DOWN);

	/* no device or namespace waits for a flow to let go of the route */
	bfly_route_end(&backend->route);

	call_rcu(&backend->rcu, backend_unlink_rcu);
}

void bfly_share_sum(struct bfly_share *sum,
		    const struct bfly_share __percpu *share)
{
	const struct bfly_share *cpu_share;
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		cpu_share = per_cpu_ptr(share, cpu);
		sum->packets += READ_ONCE(cpu_share->packets);
		sum->bytes += READ_ONCE(cpu_share->bytes);
		sum->new_flows += READ_ONCE(cpu_share->new_flows);
	}
}
