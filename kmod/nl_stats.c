// SPDX-License-Identifier: GPL-2.0
#include "netlink.h"

static u64 drop_sum(const struct bfly_switch *sw, enum bfly_drop reason)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(sw->stats, cpu)->drops[reason]);
	return sum;
}

static int stats_put_drop(struct sk_buff *skb, const struct bfly_switch *sw,
			  enum bfly_drop reason)
{
	struct nlattr *nest = nla_nest_start(skb, BFLY_A_STATS_DROP);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_string(skb, BFLY_A_DROP_REASON, bfly_drop_names[reason]) ||
	    nla_put_string(skb, BFLY_A_DROP_MEANING,
			   bfly_drop_meanings[reason]) ||
	    nla_put_uint(skb, BFLY_A_DROP_PACKETS, drop_sum(sw, reason)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int stats_fill(struct sk_buff *skb, struct bfly_switch *sw,
		      const void *obj)
{
	u64 flow_full = 0, flow_evicted = 0, fdb_full = 0;
	const struct bfly_switch_stats *stats;
	int cpu, reason;

	for (reason = 1; reason < BFLY_DROP_COUNT; reason++)
		if (stats_put_drop(skb, sw, reason))
			return -EMSGSIZE;
	for_each_possible_cpu(cpu) {
		stats = per_cpu_ptr(sw->stats, cpu);
		flow_full += READ_ONCE(stats->flow_full);
		flow_evicted += READ_ONCE(stats->flow_evicted);
		fdb_full += READ_ONCE(stats->fdb_full);
	}
	if (nla_put_uint(skb, BFLY_A_STATS_FLOW_FULL, flow_full) ||
	    nla_put_uint(skb, BFLY_A_STATS_FLOW_EVICTED, flow_evicted) ||
	    nla_put_uint(skb, BFLY_A_STATS_FDB_FULL, fdb_full))
		return -EMSGSIZE;
	return 0;
}

int bfly_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return bfly_nl_reply(info, stats_fill, NULL);
}
