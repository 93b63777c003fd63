// SPDX-License-Identifier: GPL-2.0
#include "peer.h"

#include <linux/rhashtable.h>
#include <linux/slab.h>

/**
 * struct peer - an address that remotes of a net have
 * @addr: the address, the key; fixed
 * @node: in &bfly_net.peers
 * @remotes: how many have it; RTNL
 * @rcu: to free it
 */
struct peer {
	struct bfly_addr addr;
	struct rhash_head node;
	unsigned int remotes;
	struct rcu_head rcu;
};

static const struct rhashtable_params peer_params = {
	.key_len = offsetofend(struct bfly_addr, family),
	.key_offset = offsetof(struct peer, addr),
	.head_offset = offsetof(struct peer, node),
	.automatic_shrinking = true,
};

bool bfly_peer_known(struct bfly_net *net, const struct bfly_addr *addr)
{
	return rhashtable_lookup(&net->peers, addr, peer_params);
}

int bfly_peer_add(struct bfly_net *net, const struct bfly_addr *addr)
{
	struct peer *peer;
	int err;

	ASSERT_RTNL();
	peer = rhashtable_lookup_fast(&net->peers, addr, peer_params);
	if (peer) {
		peer->remotes++;
		return 0;
	}
	peer = kzalloc(sizeof(*peer), GFP_KERNEL_ACCOUNT);
	if (!peer)
		return -ENOMEM;
	peer->addr = *addr;
	peer->remotes = 1;
	err = rhashtable_insert_fast(&net->peers, &peer->node, peer_params);
	if (err)
		kfree(peer);
	return err;
}

void bfly_peer_del(struct bfly_net *net, const struct bfly_addr *addr)
{
	struct peer *peer;

	ASSERT_RTNL();
	peer = rhashtable_lookup_fast(&net->peers, addr, peer_params);
	if (WARN_ON_ONCE(!peer) || --peer->remotes)
		return;
	rhashtable_remove_fast(&net->peers, &peer->node, peer_params);
	kfree_rcu(peer, rcu);
}

int bfly_peers_init(struct bfly_net *net)
{
	return rhashtable_init(&net->peers, &peer_params);
}

void bfly_peers_fini(struct bfly_net *net)
{
	rhashtable_destroy(&net->peers);
}
