#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 81-monitor.sh - monitor tells of every change, in text and in JSON
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl jq

host h other
vm a "$h" 1
wire "$h"
background bflyctl -n "$h" monitor
plain=$!
background bflyctl -n "$h" -j monitor
json=$!
background bflyctl -n "$other" monitor
elsewhere=$!
# it has no way to say that it listens: make changes until it tells of one
heard_of() {
	ctl "$h" net add 9
	ctl "$h" net del 9
	grep -q 9 "$scratch/$1"
}
check "monitor starts" busywait 10 heard_of "$plain"
check "and in JSON" busywait 10 heard_of "$json"

configure "$h" <<-EOF
	net add 42
	net set 42 ageing 33
	remote add net 42 via 192.0.2.2
	group add web
	rule add web in proto tcp port 80
	member add web 198.51.100.1
	$(port a 1 net 42 group web)
	port set a label tagged
	uplink add under
	pool add p method l2
	backend add p 192.0.2.11
	backend set p 192.0.2.11 state drain
	service add 203.0.113.1:80/tcp pool p
	service del 203.0.113.1:80/tcp
	pool del p
	uplink del under
	port del a
	group del web
	remote del net 42 via 192.0.2.2
	net del 42
EOF
gone() { grep -q 'Deleted net.* 42' "$scratch/$plain"; }
busywait 5 gone || cat "$scratch/$text"
check "the last change arrives" busywait 5 gone
for what in 'net.* 42' 'ageing 33' 'remote.*192.0.2.2' 'group.*web' 'rule.*web.*port 80' 'member.*198.51.100.1' \
	    'port.* a ' 'tagged' 'uplink.*under' 'pool.* p ' 'backend.*192.0.2.11' 'drain' \
	    'service.*203.0.113.1:80/tcp'; do
	check "it tells of: $what" grep -qE "$what" "$scratch/$plain"
done
for what in service pool uplink port group remote net; do
	check "it tells of a deleted $what" grep -q "^Deleted $what" "$scratch/$plain"
done
check "JSON: a value an event" jq -se '[.. | .event? // empty] |
	length > 15 and any(. == "net-new") and any(. == "port-del")' "$scratch/$json"
check "other namespaces hear nothing" test ! -s "$scratch/$elsewhere"
