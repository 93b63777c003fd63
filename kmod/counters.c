// SPDX-License-Identifier: GPL-2.0
#include "counters.h"

#include <linux/compiler.h>
#include <linux/cpumask.h>

void bfly_counters_add(struct bfly_counters *sum,
		       const struct bfly_counters __percpu *counters)
{
	const struct bfly_counters *one;
	int cpu;

	for_each_possible_cpu(cpu) {
		one = per_cpu_ptr(counters, cpu);
		sum->rx_packets += READ_ONCE(one->rx_packets);
		sum->rx_bytes += READ_ONCE(one->rx_bytes);
		sum->tx_packets += READ_ONCE(one->tx_packets);
		sum->tx_bytes += READ_ONCE(one->tx_bytes);
		sum->rx_dropped += READ_ONCE(one->rx_dropped);
		sum->tx_dropped += READ_ONCE(one->tx_dropped);
	}
}

void bfly_counters_sub(struct bfly_counters *sum,
		       const struct bfly_counters __percpu *counters)
{
	struct bfly_counters less = {};

	bfly_counters_add(&less, counters);
	sum->rx_packets -= less.rx_packets;
	sum->rx_bytes -= less.rx_bytes;
	sum->tx_packets -= less.tx_packets;
	sum->tx_bytes -= less.tx_bytes;
	sum->rx_dropped -= less.rx_dropped;
	sum->tx_dropped -= less.tx_dropped;
}
