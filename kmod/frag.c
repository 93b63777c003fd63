// SPDX-License-Identifier: GPL-2.0
#include "frag.h"

#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "net.h"
#include "parse.h"
#include "port.h"
#include "switch.h"

/*
 * What all fragments of a datagram have in common. The protocol is one of them
 * in IPv4 alone: later fragments of IPv6 may tell another one (RFC 8200, 4.5).
 */
struct frag_key {
	struct in6_addr src;
	struct in6_addr dst;
	u32 net;
	u32 id;
	u32 proto;
};

/**
 * struct frag - a datagram in fragments
 * @hash: in &bfly_frags.hash
 * @age: in &bfly_frags.known or &bfly_frags.waiting
 * @datagram: which one
 * @key: of the first fragment, once it has come
 * @expires: jiffies when it is forgotten
 * @edge: where the payload of the first fragment ends
 * @class: enum bfly_class of the first fragment; FRAGMENT until it has come
 * @icmp_type: its type, where it is ICMP
 * @in: port that those in @held came from, or NULL; it takes them along when it
 *	goes
 * @held: fragments that wait for the first one
 */
struct frag {
	struct hlist_node hash;
	struct list_head age;
	struct frag_key datagram;
	struct bfly_key key;
	unsigned long expires;
	u16 edge;
	u8 class;
	u8 icmp_type;
	const struct bfly_port *in;
	struct sk_buff_head held;
};

static struct frag_key frag_key(const struct bfly_parsed *parsed)
{
	const struct bfly_key *key = &parsed->key;

	return (struct frag_key) {
		.src = key->src,
		.dst = key->dst,
		.net = key->net,
		.id = parsed->frag_id,
		.proto = key->family == AF_INET ? 1 + key->proto : 0,
	};
}

static struct hlist_head *bucket(struct bfly_frags *frags,
				 const struct frag_key *fk)
{
	u32 hash = hsiphash(fk, sizeof(*fk), &frags->seed);

	return &frags->hash[hash >> (32 - BFLY_FRAG_HASH_BITS)];
}

static struct frag *frag_find(struct bfly_frags *frags,
			      const struct frag_key *fk)
{
	struct frag *frag;

	hlist_for_each_entry(frag, bucket(frags, fk), hash)
		if (!memcmp(&frag->datagram, fk, sizeof(*fk)))
			return frag;
	return NULL;
}

static bool is_known(const struct frag *frag)
{
	return frag->class != BFLY_CLASS_FRAGMENT;
}

/* What waits goes to @held. */
static void frag_release(struct bfly_frags *frags, struct frag *frag,
			 struct sk_buff_head *held)
{
	struct sk_buff *skb;

	skb_queue_walk(&frag->held, skb)
		frags->held_bytes -= skb->truesize;
	WRITE_ONCE(frags->held, frags->held - skb_queue_len(&frag->held));
	skb_queue_splice_tail_init(&frag->held, held);
}

/* What waits goes to @gone, and counts as dropped for where it came from. */
static void frag_give_up(struct bfly_frags *frags, struct frag *frag,
			 struct sk_buff_head *gone)
{
	u32 packets = skb_queue_len(&frag->held);
	struct bfly_net *net;

	if (!packets)
		return;
	net = frag->in ? NULL : bfly_net_find(frags->sw, frag->datagram.net);
	if (frag->in)
		this_cpu_add(frag->in->stats->rx_dropped, packets);
	else if (net)
		this_cpu_add(net->outside->rx_dropped, packets);
	frag_release(frags, frag, gone);
}

static void frag_del(struct bfly_frags *frags, struct frag *frag,
		     struct sk_buff_head *gone)
{
	frag_give_up(frags, frag, gone);
	hlist_del(&frag->hash);
	list_del(&frag->age);
	frags->count--;
	kfree(frag);
}

/* The one that is missed least: it waits already, or is the oldest. */
static void frag_evict(struct bfly_frags *frags, struct sk_buff_head *gone)
{
	struct frag *frag;

	frag = list_first_entry_or_null(&frags->waiting, struct frag, age) ?:
	       list_first_entry_or_null(&frags->known, struct frag, age);
	if (frag)
		frag_del(frags, frag, gone);
}

/* The caller makes it known or puts it to those that wait. */
static struct frag *frag_new(struct bfly_switch *sw, const struct frag_key *fk,
			     struct sk_buff_head *gone)
{
	struct bfly_frags *frags = sw->frags;
	struct frag *frag;

	if (!READ_ONCE(sw->frag_max))
		return NULL;
	while (frags->count >= READ_ONCE(sw->frag_max))
		frag_evict(frags, gone);
	frag = kzalloc(sizeof(*frag), GFP_ATOMIC);
	if (!frag)
		return NULL;
	frag->datagram = *fk;
	frag->class = BFLY_CLASS_FRAGMENT;
	__skb_queue_head_init(&frag->held);
	INIT_LIST_HEAD(&frag->age);
	hlist_add_head(&frag->hash, bucket(frags, fk));
	if (!frags->count++)
		schedule_delayed_work(&frags->work, BFLY_FRAG_SWEEP);
	return frag;
}

/* Without the lock: to drop a packet takes time. */
static void drop_all(struct bfly_switch *sw, struct sk_buff_head *gone)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(gone)))
		bfly_drop(sw, skb, BFLY_DROP_FRAG_NO_FIRST);
}

void bfly_frag_first(struct bfly_switch *sw, const struct bfly_parsed *parsed,
		     const struct bfly_port *in, struct sk_buff_head *held)
{
	struct frag_key fk = frag_key(parsed);
	struct bfly_frags *frags = sw->frags;
	struct sk_buff_head gone;
	struct frag *frag;

	__skb_queue_head_init(&gone);
	spin_lock_bh(&frags->lock);
	frag = frag_find(frags, &fk) ?: frag_new(sw, &fk, &gone);
	if (frag) {
		frag->key = parsed->key;
		frag->class = parsed->class;
		frag->icmp_type = parsed->icmp_type;
		frag->edge = parsed->frag_edge;
		frag->expires = jiffies + BFLY_FRAG_KNOWN;
		list_move_tail(&frag->age, &frags->known);
		if (held && frag->in == in)
			frag_release(frags, frag, held);
		else
			frag_give_up(frags, frag, &gone);
	}
	spin_unlock_bh(&frags->lock);
	drop_all(sw, &gone);
}

enum bfly_drop bfly_frag_follow(struct bfly_switch *sw,
				struct bfly_parsed *parsed)
{
	struct frag_key fk = frag_key(parsed);
	struct bfly_frags *frags = sw->frags;
	enum bfly_drop drop = BFLY_DROP_FRAG_NO_FIRST;
	struct frag *frag;

	spin_lock_bh(&frags->lock);
	frag = frag_find(frags, &fk);
	if (frag && is_known(frag)) {
		drop = parsed->frag_edge < frag->edge ? BFLY_DROP_MALFORMED :
							BFLY_PASS;
		parsed->key = frag->key;
		parsed->class = frag->class;
		parsed->icmp_type = frag->icmp_type;
	}
	spin_unlock_bh(&frags->lock);
	return drop;
}

/* A packet that waits must not hold on to a device, a socket or a route. */
static void detach(struct sk_buff *skb)
{
	skb_orphan(skb);
	skb_dst_drop(skb);
	nf_reset_ct(skb);
	skb->dev = NULL;
}

bool bfly_frag_hold(struct bfly_switch *sw, const struct bfly_parsed *parsed,
		    const struct bfly_port *in, struct sk_buff *skb)
{
	struct frag_key fk = frag_key(parsed);
	struct bfly_frags *frags = sw->frags;
	struct sk_buff_head gone;
	struct frag *frag;
	bool taken = false;

	__skb_queue_head_init(&gone);
	spin_lock_bh(&frags->lock);
	frag = frag_find(frags, &fk);
	if (!frag) {
		frag = frag_new(sw, &fk, &gone);
		if (!frag)
			goto out;
		frag->in = in;
		frag->expires = jiffies + BFLY_FRAG_WAIT;
		list_add_tail(&frag->age, &frags->waiting);
	}
	if (is_known(frag) || frag->in != in ||
	    skb_queue_len(&frag->held) >= BFLY_FRAG_HELD_MAX ||
	    frags->held_bytes + skb->truesize > BFLY_FRAG_HELD_BYTES)
		goto out;
	detach(skb);
	frags->held_bytes += skb->truesize;
	WRITE_ONCE(frags->held, frags->held + 1);
	__skb_queue_tail(&frag->held, skb);
	taken = true;
out:
	spin_unlock_bh(&frags->lock);
	drop_all(sw, &gone);
	return taken;
}

static void expire_list(struct bfly_frags *frags, struct list_head *list,
			unsigned long now, struct sk_buff_head *gone)
{
	struct frag *frag, *next;

	list_for_each_entry_safe(frag, next, list, age) {
		if (time_before(now, frag->expires))
			break;
		frag_del(frags, frag, gone);
	}
}

void bfly_frags_expire(struct bfly_switch *sw, unsigned long now)
{
	struct bfly_frags *frags = sw->frags;
	struct sk_buff_head gone;

	__skb_queue_head_init(&gone);
	spin_lock_bh(&frags->lock);
	expire_list(frags, &frags->known, now, &gone);
	expire_list(frags, &frags->waiting, now, &gone);
	spin_unlock_bh(&frags->lock);
	drop_all(sw, &gone);
}

void bfly_frags_forget(struct bfly_switch *sw, const struct bfly_port *in)
{
	struct bfly_frags *frags = sw->frags;
	struct frag *frag, *next;
	struct sk_buff_head gone;

	__skb_queue_head_init(&gone);
	spin_lock_bh(&frags->lock);
	list_for_each_entry_safe(frag, next, &frags->waiting, age)
		if (frag->in == in)
			frag_del(frags, frag, &gone);
	spin_unlock_bh(&frags->lock);
	drop_all(sw, &gone);
}

static void frags_work(struct work_struct *work)
{
	struct bfly_frags *frags = container_of(to_delayed_work(work),
						struct bfly_frags, work);

	bfly_frags_expire(frags->sw, jiffies);
	spin_lock_bh(&frags->lock);
	if (frags->count)
		schedule_delayed_work(&frags->work, BFLY_FRAG_SWEEP);
	spin_unlock_bh(&frags->lock);
}

int bfly_frags_init(struct bfly_switch *sw)
{
	struct bfly_frags *frags = kvzalloc(sizeof(*frags), GFP_KERNEL);

	if (!frags)
		return -ENOMEM;
	frags->sw = sw;
	spin_lock_init(&frags->lock);
	get_random_bytes(&frags->seed, sizeof(frags->seed));
	INIT_LIST_HEAD(&frags->known);
	INIT_LIST_HEAD(&frags->waiting);
	INIT_DELAYED_WORK(&frags->work, frags_work);
	sw->frags = frags;
	return 0;
}

void bfly_frags_fini(struct bfly_switch *sw)
{
	struct bfly_frags *frags = sw->frags;
	struct sk_buff_head gone;

	cancel_delayed_work_sync(&frags->work);
	__skb_queue_head_init(&gone);
	while (frags->count)
		frag_evict(frags, &gone);
	drop_all(sw, &gone);
	kvfree(frags);
}
