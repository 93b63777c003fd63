// SPDX-License-Identifier: GPL-2.0
/* Backends, the servers of pools. */
#include <linux/slab.h>

#include "pool.h"

struct bfly_backend *bfly_backend_new(struct bfly_pool *pool,
				      const struct bfly_backend_conf *conf)
{
	struct bfly_backend *backend;

	backend = kzalloc(sizeof(*backend), GFP_KERNEL_ACCOUNT);
	if (!backend)
		return ERR_PTR(-ENOMEM);
	backend->share = alloc_percpu_gfp(struct bfly_share,
					  GFP_KERNEL_ACCOUNT);
	if (!backend->share) {
		kfree(backend);
		return ERR_PTR(-ENOMEM);
	}
	backend->addr = conf->addr;
	backend->state = conf->state;
	backend->weight = conf->weight;
	backend->mac = conf->mac;
	backend->pool = pool;
	refcount_inc(&pool->refs);
	refcount_set(&backend->refs, 1);
	bfly_route_init(&backend->route, 0);
	return backend;
}

void bfly_backend_free(struct bfly_backend *backend)
{
	bfly_route_end(&backend->route);
	bfly_pool_put(backend->pool);
	free_percpu(backend->share);
	kfree(backend);
}

static void backend_free_rcu(struct rcu_head *rcu)
{
	bfly_backend_free(container_of(rcu, struct bfly_backend, rcu));
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

void bfly_backend_unlink(struct bfly_backend *backend)
{
	ASSERT_RTNL();
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
