#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 55-probe.sh - MACs of backends are known before the first packet, and stay so
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl

host lb
ns b1 b2 b3
wire "$lb" "$b1" "$b2" "$b3"
ip -n "$lb" -b - <<-EOL
	route add 198.51.100.0/24 via 192.0.2.3
	route add 2001:db8:99::/64 via 2001:db8::3
	neigh flush dev under
EOL
known() {
	local a
	for a; do
		ip -n "$lb" neigh show "$a" dev under | grep -q lladdr || return 1
	done
}
configure "$lb" <<-EOL
	pool add p method ipip
	backend add p 192.0.2.2
	backend add p 2001:db8::2
	backend add p 198.51.100.7
	backend add p 2001:db8:99::7
	backend add p 192.0.2.4 mac 02:00:00:00:00:44
	backend add p 192.0.2.77
	backend add p 203.0.113.9
EOL
check "backends' MACs are found without a packet" busywait 10 known 192.0.2.2 2001:db8::2
check "and those of the gateways to others" busywait 10 known 192.0.2.3 2001:db8::3
check_not "not where the MAC is given" known 192.0.2.4
check_not "nor where nobody answers" known 192.0.2.77
ip -n "$lb" neigh flush dev under
check "what is forgotten is found again" busywait 10 known 192.0.2.2 2001:db8::2 192.0.2.3 2001:db8::3
ctl "$lb" backend set p 192.0.2.2 state down
ip -n "$lb" neigh flush dev under
busywait 10 known 2001:db8::2 192.0.2.3
check_not "a backend that is down is left alone" known 192.0.2.2
ctl "$lb" backend set p 192.0.2.2 state up
check "until it is up" busywait 10 known 192.0.2.2

# many: they are taken in turns, and the last one has its turn
for ((i = 0; i < 600; i++)); do
	echo "backend add many 10.99.$((i / 250)).$((i % 250 + 1))"
done > "$scratch/many"
{ echo "pool add many method ipip table 1009"; cat "$scratch/many"; echo "pool add z method l2"; echo "backend add z 192.0.2.4"; } |
	configure "$lb"
check "one behind 600 others is found" busywait 30 known 192.0.2.4
ip -n "$lb" link set under down
sleep 3
ip -n "$lb" link set under up
ctl "$lb" pool del many
check "the netdev may go down and up" busywait 20 known 192.0.2.2
ip -n "$lb" link del under
sleep 3
check "and go" ctl "$lb" backend show p
