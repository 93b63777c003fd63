#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 60-counters.sh - what comes in goes out or is dropped for a reason, and all is counted
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/frames.sh"
need ip bflyctl socat jq

host h
vm a "$h" 1; vm b "$h" 2
configure "$h" <<-EOF
	net add 42
	group add udp
	rule add udp in proto udp port 7
	$(port a 1 net 42)
	$(port b 2 net 42 group udp)
EOF
# that nobody sends anything by himself, not even the switch, nor asks for a neighbour
ip -n "$b" neigh replace 10.0.0.1 lladdr "$(mac 1)" dev eth0 nud permanent
for n in "$a" "$b" "$h"; do
	at "$n" sysctl -qw net.ipv6.conf.all.disable_ipv6=1
done

all_drops() {
	ctl "$h" -j stats | jq '[.. | objects | select(has("reason")) | .packets] | add'
}
numbers() {
	local name
	for name in rx-packets rx-bytes rx-dropped; do
		counter "$h" a $name
	done
	for name in tx-packets tx-bytes tx-dropped; do
		counter "$h" b $name
	done
	dropped "$h" no-rule-in
	dropped "$h" spoofed-ip
	all_drops
	counter "$h" b rx-dropped
}
to=$(eth "$(mac 2)" "$(mac 1)" 0800)
hello=$(udp 1000 7 "$(printf '%0200d' 0)")
mapfile -t before <<< "$(numbers)"
send "$a" eth0 "$to$(ip4 10.0.0.1 10.0.0.2 17 "$hello")" 100
send "$a" eth0 "$to$(ip4 10.0.0.1 10.0.0.2 17 "$(udp 1000 8 00)")" 30
send "$a" eth0 "$to$(ip4 10.0.0.9 10.0.0.2 17 "$hello")" 20
mapfile -t after <<< "$(numbers)"
grown() {
	echo $((after[$1] - before[$1]))
}
# less what b sent and lost, which did not come in at a
same "packets in are packets out and packets dropped" "$(grown 0)" \
	$(($(grown 3) + $(grown 8) - $(grown 9)))
same "packets in" 150 "$(grown 0)"
same "packets out" 100 "$(grown 3)"
same "dropped, where they came in" 50 "$(grown 2)"
same "and counted once" 0 "$(grown 5)"
same "no rule" 30 "$(grown 6)"
same "spoofed" 20 "$(grown 7)"
same "bytes out are those of the frames" 14200 "$(grown 4)"

flow=$(ctl "$h" -j flow show net 42 | jq -c '.[] | select(.dport == 7)')
same "one flow" 1 "$(wc -l <<< "$flow")"
same "with its packets" 100 "$(jq .packets <<< "$flow")"
same "and bytes" 14200 "$(jq .bytes <<< "$flow")"

# the flow table's limit: flows that go on keep their places
ctl "$h" flow flush
ctl "$h" switch set flow-max 5
ctl "$h" port set a flow-max 100
asks() {
	echo "$to$(ip4 10.0.0.1 10.0.0.2 17 "$(udp $((2000 + $1)) 7 00)")"
}
burst=
for i in 1 2 3 4 5 6 7 8 9 10; do
	burst+="$(asks "$i") "
done
many() {
	local frame
	for frame in $burst; do
		send "$a" eth0 "$frame"
	done
}
back=$(eth "$(mac 1)" "$(mac 2)" 0800)
for i in 1 2 3 4 5; do
	send "$a" eth0 "$(asks "$i")"
	send "$b" eth0 "$back$(ip4 10.0.0.2 10.0.0.1 17 "$(udp 7 $((2000 + i)) 00)")"
done
same "as many flows as may be" 5 "$(ctl "$h" flow count state established)"
drops "a full flow table refuses new flows" "$h" flow-full 5 many
same "and has those that it had" 5 "$(ctl "$h" flow count state established)"
same "and no more" 5 "$(ctl "$h" -j switch show | jq '.[0].flows')"
check "and it is told" [ "$(ctl "$h" -j stats | jq '.[0]["flow-full"]')" -ge 5 ]
ctl "$h" switch set flow-max 1000
passed=$(counter "$h" b tx-packets)
many
check "with room they pass" [ "$(counter "$h" b tx-packets)" -ge $((passed + 10)) ]
