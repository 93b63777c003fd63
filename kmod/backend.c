// SPDX-License-Identifier: GPL-2.0
/* Backends, the servers of pools, and the ways to them. */
#include <linux/slab.h>
#include <net/ip6_fib.h>
#include <net/ipv6_stubs.h>
#include <net/route.h>

#include "pool.h"

static void path_free_rcu(struct rcu_head *rcu)
{
	struct bfly_path *path = container_of(rcu, struct bfly_path, rcu);

	dst_release(path->dst);
	kfree(path);
}

/* Context: &bfly_backend.path_lock, or nobody else has the backend. */
static void path_replace(struct bfly_backend *backend, struct bfly_path *path)
{
	struct bfly_path *old = rcu_replace_pointer(backend->path, path, true);

	if (old)
		call_rcu(&old->rcu, path_free_rcu);
}

static struct dst_entry *path_route4(struct bfly_switch *sw,
				     const struct bfly_backend *backend,
				     struct bfly_path *path)
{
	struct flowi4 fl4 = {
		.daddr = backend->addr.ip4,
		.saddr = READ_ONCE(sw->underlay.local4),
	};
	struct rtable *rt;

	rt = ip_route_output_key(dev_net(sw->dev), &fl4);
	if (IS_ERR(rt))
		return NULL;
	if (rt->rt_type != RTN_UNICAST) {
		ip_rt_put(rt);
		return NULL;
	}
	path->direct = !rt->rt_gw_family;
	path->saddr.s6_addr32[0] = fl4.saddr;
	return &rt->dst;
}

/* Through the stub, which refuses when IPv6 is disabled at boot. */
static struct dst_entry *path_route6(struct bfly_switch *sw,
				     const struct bfly_backend *backend,
				     struct bfly_path *path)
{
	struct flowi6 fl6 = {
		.daddr = backend->addr.ip6,
		.saddr = sw->underlay.local6,
	};
	struct dst_entry *dst;
	struct rt6_info *rt;

	dst = ipv6_stub->ipv6_dst_lookup_flow(dev_net(sw->dev), NULL, &fl6,
					      NULL);
	if (IS_ERR(dst))
		return NULL;
	rt = dst_rt6_info(dst);
	if (rt->rt6i_flags & (RTF_REJECT | RTF_LOCAL | RTF_ANYCAST)) {
		dst_release(dst);
		return NULL;
	}
	path->direct = !(rt->rt6i_flags & RTF_GATEWAY);
	path->saddr = fl6.saddr;
	path->cookie = rt6_get_cookie(rt);
	return dst;
}

static struct bfly_path *path_find(struct bfly_switch *sw,
				   const struct bfly_backend *backend)
{
	struct bfly_path *path = kzalloc(sizeof(*path), GFP_ATOMIC);

	if (!path)
		return NULL;
	if (backend->addr.family == AF_INET)
		path->dst = path_route4(sw, backend, path);
	else
		path->dst = path_route6(sw, backend, path);
	if (!path->dst)
		goto err_free_path;
	/* a server on this host is not reached through a NIC */
	if (path->dst->dev->flags & IFF_LOOPBACK)
		goto err_put_dst;
	return path;

err_put_dst:
	dst_release(path->dst);
err_free_path:
	kfree(path);
	return NULL;
}

static bool path_valid(const struct bfly_path *path)
{
	return path && dst_check(path->dst, path->cookie);
}

/*
 * The look-up is made under the lock, so that bfly_backend_forget() also
 * forgets what was looked up before it.
 */
static const struct bfly_path *path_renew(struct bfly_switch *sw,
					  struct bfly_backend *backend)
{
	struct bfly_path *path;

	spin_lock_bh(&backend->path_lock);
	path = rcu_dereference_protected(backend->path,
					 lockdep_is_held(&backend->path_lock));
	if (!path_valid(path)) {
		path = backend->gone ? NULL : path_find(sw, backend);
		path_replace(backend, path);
	}
	spin_unlock_bh(&backend->path_lock);
	return path;
}

const struct bfly_path *bfly_backend_path(struct bfly_switch *sw,
					  struct bfly_backend *backend)
{
	const struct bfly_path *path = rcu_dereference(backend->path);

	return likely(path_valid(path)) ? path : path_renew(sw, backend);
}

void bfly_backend_forget(struct bfly_backend *backend,
			 const struct net_device *dev)
{
	struct bfly_path *path;

	spin_lock_bh(&backend->path_lock);
	path = rcu_dereference_protected(backend->path,
					 lockdep_is_held(&backend->path_lock));
	if (path && (!dev || path->dst->dev == dev))
		path_replace(backend, NULL);
	spin_unlock_bh(&backend->path_lock);
}

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
	spin_lock_init(&backend->path_lock);
	return backend;
}

void bfly_backend_free(struct bfly_backend *backend)
{
	path_replace(backend, NULL);
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
	spin_lock_bh(&backend->path_lock);
	backend->gone = true;
	path_replace(backend, NULL);
	spin_unlock_bh(&backend->path_lock);

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
