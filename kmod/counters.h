/* SPDX-License-Identifier: GPL-2.0 */
/* Counters of packets that came and went: of a port, a peer, a net's tunnels. */
#ifndef _BFLY_COUNTERS_H
#define _BFLY_COUNTERS_H

#include <linux/percpu.h>
#include <linux/skbuff.h>

/**
 * struct bfly_counters - counters, one set a CPU, or their sum
 * @rx_packets: packets that came from there
 * @rx_bytes: bytes of them, Ethernet header included
 * @tx_packets: packets that went there
 * @tx_bytes: bytes of them
 * @rx_dropped: of what came, dropped
 * @tx_dropped: what was to go there, dropped
 *
 * The module is for 64-bit machines, where a counter is read whole.
 */
struct bfly_counters {
	u64 rx_packets;
	u64 rx_bytes;
	u64 tx_packets;
	u64 tx_bytes;
	u64 rx_dropped;
	u64 tx_dropped;
};

/* How many packets of the wire a packet is; who sends GSO packets may not say. */
static inline unsigned int bfly_skb_packets(const struct sk_buff *skb)
{
	return skb_shinfo(skb)->gso_segs ?: 1;
}

/* Context: any with preemption off. */
static inline void bfly_count_rx(struct bfly_counters __percpu *counters,
				 unsigned int bytes)
{
	this_cpu_inc(counters->rx_packets);
	this_cpu_add(counters->rx_bytes, bytes);
}

static inline void bfly_count_tx(struct bfly_counters __percpu *counters,
				 unsigned int bytes)
{
	this_cpu_inc(counters->tx_packets);
	this_cpu_add(counters->tx_bytes, bytes);
}

/* Add all CPUs' counters to a sum, or take them away from it. */
void bfly_counters_add(struct bfly_counters *sum,
		       const struct bfly_counters __percpu *counters);
void bfly_counters_sub(struct bfly_counters *sum,
		       const struct bfly_counters __percpu *counters);

#endif /* _BFLY_COUNTERS_H */
