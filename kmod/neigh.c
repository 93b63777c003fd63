// SPDX-License-Identifier: GPL-2.0
#include "neigh.h"

#include <linux/rhashtable.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

static const struct rhashtable_params neigh_params = {
	.key_len = offsetofend(struct bfly_addr, family),
	.key_offset = offsetof(struct bfly_neigh, addr),
	.head_offset = offsetof(struct bfly_neigh, node),
	.automatic_shrinking = true,
};

struct bfly_neighs *bfly_neighs_new(unsigned int max)
{
	struct bfly_neighs *neighs;

	neighs = kvmalloc(struct_size(neighs, neigh, max), GFP_KERNEL_ACCOUNT);
	if (neighs)
		neighs->count = 0;
	return neighs;
}

void bfly_neighs_put(struct bfly_neighs *neighs, const struct bfly_addr *addr,
		     const u8 *mac, const struct bfly_hop *hop)
{
	struct bfly_neigh *neigh;
	unsigned int i;

	for (i = 0; i < neighs->count; i++)
		if (bfly_addr_equal(&neighs->neigh[i].addr, addr))
			return;
	neigh = &neighs->neigh[neighs->count++];
	neigh->addr = *addr;
	ether_addr_copy(neigh->mac, mac);
	neigh->hop = hop;
}

/* Takes the first @count out again. */
static void neighs_remove(struct bfly_net *net, struct bfly_neighs *neighs,
			  unsigned int count)
{
	while (count--)
		rhltable_remove(&net->neighs, &neighs->neigh[count].node,
				neigh_params);
}

int bfly_neighs_add(struct bfly_net *net, struct bfly_neighs *neighs)
{
	unsigned int i;
	int err;

	ASSERT_RTNL();
	for (i = 0; i < neighs->count; i++) {
		err = rhltable_insert(&net->neighs, &neighs->neigh[i].node,
				      neigh_params);
		if (err) {
			neighs_remove(net, neighs, i);
			/* a reader may have found what was there for a moment */
			if (i)
				synchronize_net();
			return err;
		}
	}
	return 0;
}

void bfly_neighs_del(struct bfly_net *net, struct bfly_neighs *neighs)
{
	ASSERT_RTNL();
	if (!neighs)
		return;
	neighs_remove(net, neighs, neighs->count);
	kvfree_rcu(neighs, rcu);
}

const struct bfly_neigh *bfly_neigh_find(struct bfly_net *net,
					 const struct bfly_addr *addr)
{
	struct rhlist_head *owners;

	owners = rhltable_lookup(&net->neighs, addr, neigh_params);
	if (!owners || rcu_access_pointer(owners->next))
		return NULL;
	return container_of(owners, struct bfly_neigh, node);
}

int bfly_neighs_init(struct bfly_net *net)
{
	return rhltable_init(&net->neighs, &neigh_params);
}

void bfly_neighs_fini(struct bfly_net *net)
{
	rhltable_destroy(&net->neighs);
}
