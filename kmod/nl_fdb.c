// SPDX-License-Identifier: GPL-2.0
#include "fdb.h"
#include "netlink.h"
#include "nl_net.h"
#include "port.h"
#include "uplink.h"
#include "vtep.h"

/* An entry as a message tells it. */
struct fdb_obj {
	const struct bfly_net *net;
	const struct bfly_fdb_entry *entry;
};

static int fdb_put_dev(struct sk_buff *skb, int attrtype,
		       const struct net_device *dev)
{
	if (nla_put_u32(skb, attrtype, dev->ifindex))
		return -EMSGSIZE;
	return nla_put_string(skb, BFLY_A_FDB_IFNAME, dev->name);
}

static int fdb_put_hop(struct sk_buff *skb, const struct bfly_net *net,
		       struct bfly_hop *hop)
{
	const struct bfly_uplink *uplink;

	switch (hop->kind) {
	case BFLY_HOP_VTEP:
		return bfly_addr_to_nl(skb, BFLY_A_FDB_VIA,
				       &bfly_hop_vtep(hop)->addr);
	case BFLY_HOP_UPLINK:
		uplink = rtnl_dereference(net->uplink);
		return uplink ? fdb_put_dev(skb, BFLY_A_FDB_UPLINK,
					    uplink->dev) : 0;
	default:
		return fdb_put_dev(skb, BFLY_A_FDB_PORT,
				   bfly_hop_port(hop)->dev);
	}
}

static int fdb_fill(struct sk_buff *skb, struct bfly_switch *sw,
		    const void *obj)
{
	const struct fdb_obj *o = obj;
	unsigned long age = jiffies - READ_ONCE(o->entry->heard);
	u8 mac[ETH_ALEN];

	bfly_fdb_mac(o->entry->key, mac);
	if (nla_put_u32(skb, BFLY_A_FDB_NET, o->net->id) ||
	    nla_put(skb, BFLY_A_FDB_MAC, ETH_ALEN, mac) ||
	    fdb_put_hop(skb, o->net, READ_ONCE(o->entry->hop)))
		return -EMSGSIZE;
	if (!o->entry->learned)
		return 0;
	if (nla_put_flag(skb, BFLY_A_FDB_LEARNED) ||
	    nla_put_u32(skb, BFLY_A_FDB_AGE, age / HZ))
		return -EMSGSIZE;
	return 0;
}

/* The next message is to carry NLM_F_DUMP_INTR. */
static void fdb_dump_torn(struct netlink_callback *cb)
{
	cb->prev_seq = cb->seq + 1;
}

/* To where the last message ended, unless the table was resized since then. */
static void fdb_dump_resume(struct rhashtable_iter *iter,
			    struct netlink_callback *cb,
			    struct bfly_nl_dump *state)
{
	u32 table = iter->walker.tbl->hash_rnd;

	if (state->table == table) {
		iter->slot = state->sub;
		iter->skip = state->skip;
	} else if (state->table) {
		fdb_dump_torn(cb);
	}
}

static void fdb_dump_note(const struct rhashtable_iter *iter,
			  struct bfly_nl_dump *state)
{
	state->table = iter->walker.tbl->hash_rnd;
	state->sub = iter->slot;
	state->skip = iter->skip;
}

/*
 * The table may be learned into at any time: a MAC may be told twice or, when
 * another one leaves its bucket meanwhile, not at all. When the table is resized
 * all are told again, and that is marked as an interrupted dump.
 */
static int fdb_dump_net(struct sk_buff *skb, struct netlink_callback *cb,
			struct bfly_net *net, struct bfly_nl_dump *state)
{
	struct fdb_obj obj = { .net = net };
	struct bfly_fdb_entry *entry;
	struct rhashtable_iter iter;
	int err = 0;

	rhashtable_walk_enter(&net->fdb, &iter);
	rhashtable_walk_start(&iter);
	fdb_dump_resume(&iter, cb, state);
	while (!err && (entry = rhashtable_walk_next(&iter))) {
		if (IS_ERR(entry)) {
			fdb_dump_torn(cb);
			continue;
		}
		obj.entry = entry;
		err = bfly_nl_dump_put(skb, cb, BFLY_CMD_FDB_GET, fdb_fill,
				       net->sw, &obj);
		if (!err)
			fdb_dump_note(&iter, state);
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
	return err;
}

static int fdb_dump(struct sk_buff *skb, struct netlink_callback *cb,
		    struct bfly_switch *sw, struct bfly_nl_dump *state)
{
	return bfly_nl_dump_nets(skb, cb, sw, state,
				 bfly_nl_dump_attr(cb, BFLY_A_FDB_NET),
				 fdb_dump_net);
}

int bfly_nl_fdb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return bfly_nl_dump_switches(skb, cb, fdb_dump);
}
