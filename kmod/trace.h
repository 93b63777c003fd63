/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM bfly

#if !defined(_BFLY_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _BFLY_TRACE_H

#include <linux/netdevice.h>
#include <linux/tracepoint.h>

#include "drop.h"

TRACE_EVENT(bfly_drop,
	TP_PROTO(const struct net_device *dev, int in_ifindex,
		 const struct sk_buff *skb, enum bfly_drop reason),
	TP_ARGS(dev, in_ifindex, skb, reason),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__field(int, in_ifindex)
		__field(const void *, skbaddr)
		__field(const char *, reason)
	),
	TP_fast_assign(
		__entry->ifindex = dev->ifindex;
		__entry->in_ifindex = in_ifindex;
		__entry->skbaddr = skb;
		__entry->reason = bfly_drop_names[reason];
	),
	TP_printk("switch=%d from=%d skb=%p reason=%s", __entry->ifindex,
		  __entry->in_ifindex, __entry->skbaddr, __entry->reason)
);

#endif /* _BFLY_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
