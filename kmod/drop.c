// SPDX-License-Identifier: GPL-2.0
#include "drop.h"

#include <linux/skbuff.h>

#include "switch.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

const char *const bfly_drop_names[BFLY_DROP_COUNT] = {
#define BFLY_DROP_NAME(id, name, meaning) [BFLY_DROP_##id] = (name),
	BFLY_DROP_REASONS(BFLY_DROP_NAME)
#undef BFLY_DROP_NAME
};

const char *const bfly_drop_meanings[BFLY_DROP_COUNT] = {
#define BFLY_DROP_MEANING(id, name, meaning) [BFLY_DROP_##id] = (meaning),
	BFLY_DROP_REASONS(BFLY_DROP_MEANING)
#undef BFLY_DROP_MEANING
};

/**
 * bfly_drop() - drop a packet
 * @sw: the switch
 * @skb: the packet, consumed
 * @reason: why, not %BFLY_PASS
 *
 * Context: any with preemption off.
 */
void bfly_drop(struct bfly_switch *sw, struct sk_buff *skb,
	       enum bfly_drop reason)
{
	trace_bfly_drop(sw->dev, skb->skb_iif, skb, reason);
	this_cpu_inc(sw->stats->drops[reason]);
	kfree_skb(skb);
}

/**
 * bfly_drop_xdp() - account for a packet that XDP drops
 * @sw: the switch
 * @dev: where it came from
 * @reason: why, not %BFLY_PASS
 *
 * Context: softirq.
 */
void bfly_drop_xdp(struct bfly_switch *sw, const struct net_device *dev,
		   enum bfly_drop reason)
{
	trace_bfly_drop(sw->dev, dev->ifindex, NULL, reason);
	this_cpu_inc(sw->stats->drops[reason]);
}
