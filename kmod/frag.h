/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fragments follow their first fragment: it alone has ports. Once it is let
 * through, its ports are known for the rest of the datagram, whose fragments
 * become packets of its flow. Those that come before it wait a while.
 */
#ifndef _BFLY_FRAG_H
#define _BFLY_FRAG_H

#include <linux/list.h>
#include <linux/siphash.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "drop.h"

struct bfly_parsed;
struct bfly_port;
struct bfly_switch;

/* How long a first fragment is remembered, that of RFC 791's example. */
#define BFLY_FRAG_KNOWN		(30 * HZ)
/* How long others wait for it: reordering, not loss, is what they survive. */
#define BFLY_FRAG_WAIT		(HZ / 2)
/* How often those that are too old are looked for. */
#define BFLY_FRAG_SWEEP		(HZ / 2)
/* Waiting fragments of a datagram: 64 KiB in packets of 1280 bytes. */
#define BFLY_FRAG_HELD_MAX	54
/* Waiting fragments of a switch, in bytes of memory. */
#define BFLY_FRAG_HELD_BYTES	(4 << 20)
#define BFLY_FRAG_HASH_BITS	10

/**
 * struct bfly_frags - datagrams of which fragments were seen
 * @sw: the switch; fixed
 * @lock: guards the rest
 * @seed: of the hash, so that nobody can choose a bucket
 * @hash: &struct frag by source, destination, net and identification
 * @known: those whose first fragment was let through, oldest first
 * @waiting: those whose first fragment has not come, oldest first
 * @count: of both
 * @held: fragments that wait; READ_ONCE for those without the lock
 * @held_bytes: their memory
 * @work: forgets what is too old, at times while there is anything
 */
struct bfly_frags {
	struct bfly_switch *sw;
	spinlock_t lock; /* softirq takes it */
	hsiphash_key_t seed;
	struct hlist_head hash[1 << BFLY_FRAG_HASH_BITS];
	struct list_head known;
	struct list_head waiting;
	unsigned int count;
	unsigned int held;
	unsigned int held_bytes;
	struct delayed_work work;
};

int bfly_frags_init(struct bfly_switch *sw);
/* Context: process; no packet is on its way in the switch any more. */
void bfly_frags_fini(struct bfly_switch *sw);

/**
 * bfly_frag_first() - a first fragment is let through
 * @sw: the switch
 * @parsed: what the parser found, of class FLOW or REPLY
 * @in: port that it came from, or NULL
 * @held: gets the fragments that have waited for it, from the same port; NULL to
 *	drop them
 *
 * Context: softirq.
 */
void bfly_frag_first(struct bfly_switch *sw, const struct bfly_parsed *parsed,
		     const struct bfly_port *in, struct sk_buff_head *held);

/**
 * bfly_frag_follow() - make a later fragment a packet of its first one's flow
 * @sw: the switch
 * @parsed: what the parser found, of class FRAGMENT; gets class and key of the
 *	first fragment
 *
 * Context: softirq.
 * Return: BFLY_PASS; FRAG_NO_FIRST, then @parsed is as it was; MALFORMED when it
 * would overwrite a part of the first fragment (RFC 1858, RFC 5722).
 */
enum bfly_drop bfly_frag_follow(struct bfly_switch *sw,
				struct bfly_parsed *parsed);

/**
 * bfly_frag_hold() - let a later fragment wait for its first one
 * @sw: the switch
 * @parsed: what the parser found, of class FRAGMENT
 * @in: port that it came from, or NULL
 * @skb: the packet; it belongs to the table if it is taken, which counts it as
 *	dropped when no first fragment comes
 *
 * Context: softirq.
 * Return: whether it was taken. It is not when there is no room.
 */
bool bfly_frag_hold(struct bfly_switch *sw, const struct bfly_parsed *parsed,
		    const struct bfly_port *in, struct sk_buff *skb);

/* Drop what waits from a port, from which none comes any more. */
void bfly_frags_forget(struct bfly_switch *sw, const struct bfly_port *in);

/* Forget what was too old at @now, in jiffies; what waited is dropped. */
void bfly_frags_expire(struct bfly_switch *sw, unsigned long now);

#endif /* _BFLY_FRAG_H */
