/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The flow table: one entry a flow, both directions, for nets and services.
 *
 * An entry is found under the canonical form of its key, in which the lesser of
 * the two ends comes first, so that both directions find it with one look-up; a
 * service's packets come from one side alone and are found under their own key.
 * Readers take no lock; writers take the lock of the bucket. Entries are freed
 * by RCU.
 */
#ifndef _BFLY_FLOW_H
#define _BFLY_FLOW_H

#include <linux/bits.h>
#include <linux/etherdevice.h>
#include <linux/jiffies.h>
#include <linux/types.h>
#include <uapi/linux/bfly.h>

#include "addr.h"
#include "hop.h"
#include "parse.h"

struct bfly_backend;
struct bfly_flow_quota;
struct bfly_port;
struct bfly_service;
struct bfly_switch;

/**
 * struct bfly_flow_path - what is known of one direction of a net's flow
 * @gen: generation of the net that the rest was found in; 0 while it is not to
 *	be used. Read before and after the rest, see bfly_flow_path_get().
 * @in: where packets come from: a port, or NULL for a tunnel
 * @hop: where they go
 * @dmac: the destination MAC that led there
 * @window: TCP: length in bits of the window that its sender has last
 *	advertised; 0 while it has advertised none. READ_ONCE
 * @wscale: TCP: what the windows of its sender are to be shifted by; READ_ONCE
 */
struct bfly_flow_path {
	u64 gen;
	const struct bfly_port *in;
	struct bfly_hop *hop;
	u8 dmac[ETH_ALEN] __aligned(2);
	u8 window;
	u8 wscale;
};

/**
 * struct bfly_flow_count - packets and bytes of one direction
 * @packets: packets, segments of GSO packets each
 * @bytes: bytes, Ethernet header included
 *
 * Not atomic: where two CPUs handle one direction at once a packet may be lost
 * to the count. The counters of ports, services and backends are exact.
 */
struct bfly_flow_count {
	u64 packets;
	u64 bytes;
};

/* What was seen of a TCP connection; the other side's FIN is the bit above. */
#define BFLY_TCP_FIN		BIT(0)
#define BFLY_TCP_FINS		(BFLY_TCP_FIN | BFLY_TCP_FIN << 1)
#define BFLY_TCP_ANSWERED	BIT(2)

/**
 * struct bfly_flow - an entry
 * @next: next in the bucket; RCU, written under the bucket's lock
 * @key: canonical key; fixed
 * @expires: jiffies32 when it is forgotten; READ_ONCE
 * @state: enum bfly_flow_state of the uapi; READ_ONCE
 * @swapped: whether the flow began against the canonical direction; fixed
 * @tcp: BFLY_TCP_*, what was seen of a connection
 * @seq: grows along the chain, so that a dump finds its place again; fixed
 * @count: by direction, 0 is from the side that began
 * @path: net flows, by direction
 * @backend: service flows; a reference is held while it is in the table;
 *	READ_ONCE, written under the bucket's lock
 * @service: service flows; likewise
 * @serve_gen: service flows: generation of the switch in which @service was found
 *	to take its packets and @backend to be up to them; 0 while they have to be
 *	looked up
 * @followed: service flows: jiffies32 when its expiry was last put off; READ_ONCE
 * @gone: service flows: it has left the table, and given its references back;
 *	bucket's lock
 * @tcp_ack: net flows of TCP: what the sender of a direction has last
 *	acknowledged, while its path has a window; READ_ONCE
 * @quota: of the port that it belongs to, a reference is held; or NULL; fixed
 * @rcu: to free it
 */
struct bfly_flow {
	struct bfly_flow __rcu *next;
	struct bfly_key key;
	u32 expires;
	u8 state;
	bool swapped;
	u8 tcp;
	u32 seq;
	struct bfly_flow_count count[2];
	union {
		struct bfly_flow_path path[2];
		struct {
			struct bfly_backend *backend;
			struct bfly_service *service;
			u64 serve_gen;
			u32 followed;
			bool gone;
		};
	};
	__be32 tcp_ack[2];
	struct bfly_flow_quota *quota;
	struct rcu_head rcu;
};

static_assert(sizeof(struct bfly_flow) <= 192);

/**
 * struct bfly_serving - who serves a flow
 * @service: the service, which counts the flow among its own
 * @backend: where its packets go
 * @gen: generation of the switch that this holds in; 0 if it holds for one packet
 *	alone
 */
struct bfly_serving {
	struct bfly_service *service;
	struct bfly_backend *backend;
	u64 gen;
};

/**
 * struct bfly_flow_slot - where a packet's flow is in the table, or would be
 * @key: canonical key: the packet's own, which has to stay, or @turned
 * @turned: of a packet that goes against the canonical direction
 * @hash: of the canonical key
 * @swapped: whether the packet goes against the canonical direction
 */
struct bfly_flow_slot {
	const struct bfly_key *key;
	struct bfly_key turned;
	u32 hash;
	bool swapped;
};

/**
 * bfly_flow_find() - look a flow up
 * @sw: the switch
 * @key: key of a packet, in the packet's direction
 * @slot: gets the flow's place, for who enters it
 * @dir: 0 if the packet goes as the first one did, 1 for an answer
 *
 * An entry that has expired is not found.
 *
 * Context: RCU read side.
 * Return: the flow or NULL.
 */
struct bfly_flow *bfly_flow_find(struct bfly_switch *sw,
				 const struct bfly_key *key,
				 struct bfly_flow_slot *slot, int *dir);

/* Where bfly_flow_find_served() has looked for a flow. */
static inline void bfly_flow_slot_served(struct bfly_flow_slot *slot,
					 const struct bfly_key *key, u32 hash)
{
	slot->key = key;
	slot->hash = hash;
	slot->swapped = false;
}

/**
 * bfly_flow_new() - enter a flow
 * @sw: the switch
 * @slot: its place, as bfly_flow_find() found it for its first packet
 * @quota: of the port that it belongs to; NULL for none
 * @by: who serves a service's flow, which takes references of its own; else NULL
 * @flow: gets the flow; one that was there already if another CPU was faster
 * @dir: as in bfly_flow_find(); 1 when another CPU has just entered the
 *	answer
 *
 * Where there is no room a net's flow takes the place of another one, see
 * bfly_flow_enter(). Context: RCU read side, softirq.
 * Return: BFLY_PASS, or why there is no entry: FLOW_FULL, FLOW_PORT_FULL,
 * NO_MEMORY.
 */
enum bfly_drop bfly_flow_new(struct bfly_switch *sw,
			     const struct bfly_flow_slot *slot,
			     struct bfly_flow_quota *quota,
			     const struct bfly_serving *by,
			     struct bfly_flow **flow, int *dir);

/*
 * Takes a flow out of the table; whether it was still there. Context: RCU read
 * side, softirq or BH off.
 */
bool bfly_flow_del(struct bfly_switch *sw, struct bfly_flow *flow);

/**
 * bfly_flow_seen() - account a packet, follow the state, put off the expiry
 * @sw: the switch
 * @flow: the flow of a net
 * @dir: its direction
 * @parsed: what the parser found in the packet
 * @packets: segments of a GSO packet, else 1
 * @bytes: bytes
 *
 * Context: RCU read side.
 */
void bfly_flow_seen(const struct bfly_switch *sw, struct bfly_flow *flow,
		    int dir, const struct bfly_parsed *parsed,
		    unsigned int packets, unsigned int bytes);

/* See bfly_flow_forwarded(). */
void bfly_flow_follow(const struct bfly_switch *sw, struct bfly_flow *flow,
		      const struct bfly_parsed *parsed);

/**
 * bfly_flow_forwarded() - the same for the flow of a service
 * @sw: the switch
 * @flow: the flow, whose packets all go in the one direction
 * @parsed: what the parser found in the packet
 * @packets: segments of a GSO packet, else 1
 * @bytes: bytes
 *
 * Context: RCU read side.
 */
static inline void bfly_flow_forwarded(const struct bfly_switch *sw,
				       struct bfly_flow *flow,
				       const struct bfly_parsed *parsed,
				       unsigned int packets, unsigned int bytes)
{
	struct bfly_flow_count *count = &flow->count[0];

	WRITE_ONCE(count->packets, count->packets + packets);
	WRITE_ONCE(count->bytes, count->bytes + bytes);
	/* a look a second is enough, and leaves the cache line alone */
	if (unlikely(parsed->tcp_flags & BFLY_TCP_CONTROL ||
		     (u32)jiffies - READ_ONCE(flow->followed) >= HZ))
		bfly_flow_follow(sw, flow, parsed);
}

/**
 * bfly_flow_takes_reset() - whether a TCP reset may end a flow
 * @flow: a net's flow of TCP
 * @dir: direction of the reset
 * @parsed: what the parser found in it
 *
 * It may when its receiver would heed it: when its sequence number is within
 * the window after what the receiver has last acknowledged (RFC 9293, 3.5.3),
 * or when that is not known. Context: RCU read side.
 */
bool bfly_flow_takes_reset(const struct bfly_flow *flow, int dir,
			   const struct bfly_parsed *parsed);

/**
 * bfly_flow_refused() - the rules do not allow a flow any more
 * @flow: the flow
 *
 * The entry stays for as long as either side goes on, and a while after that:
 * without it the side that may send would begin the same flow anew. When a rule
 * allows the flow again it goes on. Context: RCU read side.
 */
void bfly_flow_refused(struct bfly_flow *flow);

/* Store and read a direction's path. Context: RCU read side, softirq. */
void bfly_flow_path_set(struct bfly_switch *sw,
			const struct bfly_flow_slot *slot,
			struct bfly_flow *flow, int dir, u64 gen,
			const struct bfly_port *in, struct bfly_hop *hop,
			const u8 *dmac);

/**
 * bfly_flow_path_get() - the next hop of a direction, if it still holds
 * @flow: the flow
 * @dir: direction
 * @gen: the net's generation
 * @in: where the packet comes from
 * @dmac: its destination MAC
 *
 * Context: RCU read side.
 * Return: the hop, or NULL: judge the flow again.
 */
static inline struct bfly_hop *
bfly_flow_path_get(const struct bfly_flow *flow, int dir, u64 gen,
		   const struct bfly_port *in, const u8 *dmac)
{
	const struct bfly_flow_path *path = &flow->path[dir];
	struct bfly_hop *hop;

	/* pairs with smp_store_release() in bfly_flow_path_set() */
	if (smp_load_acquire(&path->gen) != gen)
		return NULL;
	hop = READ_ONCE(path->hop);
	if (READ_ONCE(path->in) != in || !ether_addr_equal(path->dmac, dmac))
		return NULL;
	smp_rmb(); /* pairs with smp_wmb() there */
	return READ_ONCE(path->gen) == gen ? hop : NULL;
}

/**
 * bfly_flow_serve() - tell a service's flow what was found for its packet
 * @sw: the switch
 * @flow: the flow, which takes references of its own
 * @hash: of its key
 * @by: what was found; may be of the flow itself
 *
 * A flow that has left the table meanwhile is not told.
 *
 * Context: RCU read side, softirq.
 */
void bfly_flow_serve(struct bfly_switch *sw, struct bfly_flow *flow, u32 hash,
		     const struct bfly_serving *by);

/* Whether what it was told holds in @gen. Context: RCU read side. */
static inline bool bfly_flow_is_served(const struct bfly_flow *flow, u64 gen)
{
	/* pairs with smp_store_release() in bfly_flow_serve() */
	return smp_load_acquire(&flow->serve_gen) == gen;
}

/**
 * struct bfly_flow_filter - which flows are meant
 * @net: net id, or 0 for all nets and services
 * @port: port at either end, or NULL for all
 * @src: prefix that the side which began is in; AF_UNSPEC for all
 * @dst: prefix that the other side is in; AF_UNSPEC for all
 * @by_proto: only flows of @proto
 * @by_state: only flows in @state
 * @proto: IP protocol
 * @state: enum bfly_flow_state
 * @down: only flows of services whose backend is down or not in its pool any
 *	more
 */
struct bfly_flow_filter {
	u32 net;
	const struct bfly_port *port;
	struct bfly_prefix src;
	struct bfly_prefix dst;
	bool by_proto;
	bool by_state;
	u8 proto;
	u8 state;
	bool down;
};

/* Delete what matches, and tell how many. Context: RTNL, may sleep. */
u32 bfly_flow_flush(struct bfly_switch *sw,
		    const struct bfly_flow_filter *filter);
u32 bfly_flow_entries(const struct bfly_switch *sw);

int bfly_flows_init(struct bfly_switch *sw);
void bfly_flows_fini(struct bfly_switch *sw);
int bfly_flow_cache_init(void);
void bfly_flow_cache_exit(void);

#endif /* _BFLY_FLOW_H */
