#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 42-flow-flood.sh - a port that floods the flow table harms itself alone
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/frames.sh"
need ip bflyctl jq nc socat

host h far
wire "$h" "$far"
vm bad "$h" 1; vm server "$h" 2; vm client "$h" 3; vm outside "$far" 4
configure "$h" <<-EOF
	switch set local 192.0.2.1 flow-max 4096
	net add 42
	remote add net 42 via 192.0.2.2
	group add open
	rule add open in proto any
	$(port bad 1 net 42)
	$(port server 2 net 42 group open)
	$(port client 3 net 42)
EOF
configure "$far" <<-EOF
	switch set local 192.0.2.2
	net add 42
	remote add net 42 via 192.0.2.1
	$(port outside 4 net 42)
EOF
repeat "$server" tcp 7
repeat "$server" udp 7
dial v4 "$client" 10.0.0.2 7
dial v6 "$client" fd00::2 7

# Floods: COUNT frames from as many ports, or to as many, to an address that the server, who gets
# them, does not have.
to=$(eth "$(mac 2)" "$(mac 1)" 0800)
syn=$to$(ip4 10.0.0.1 10.0.0.77 6 "$(tcp 1 80 2 1 0 64240)")
syns() {
	send "$bad" eth0 "$syn" "$1@34"
}
dgram=$to$(ip4 10.0.0.1 10.0.0.77 17 "$(udp 1 2 00)")
datagrams() {
	send "$bad" eth0 "$dgram" "$1@36"
}
syn6=$(eth "$(mac 2)" "$(mac 1)" 86dd)$(ip6 fd00::1 fd00::77 6 "$(tcp 1 80 2 1 0 64240)")
syns6() {
	send "$bad" eth0 "$syn6" "$1@54"
}

stat() {
	ctl "$h" -j stats | jq --arg name "$1" '.[0][$name]'
}
lost() {
	echo "$(counter "$h" client rx-dropped) $(counter "$h" server rx-dropped) $(stat flow-full)"
}
# others go on: with what they have, and with new flows
others() {
	say v4 && say v6 && open "$client" 10.0.0.2 7 && open "$client" fd00::2 7 &&
		echo_udp "$client" 10.0.0.2 7
}
# during FLOOD COUNT CMD...: three times, and each time such a flood goes on as it begins
during() {
	local flood=
	for _ in 1 2 3; do
		if ! kill -0 "$flood" 2> /dev/null; then
			[ -z "$flood" ] || wait "$flood" || return 1
			"$1" "$2" &
			flood=$!
		fi
		"${@:3}" || return 1
	done
	wait "$flood"
}

share=512
before=$(lost)
check "10,000 SYNs to as many ports: others go on" during syns 10000 others
same "the port has no more than its share" $share "$(counter "$h" bad flows)"
check "others go on when it has" others
evicted=$(stat flow-evicted)
refused=$(dropped "$h" flow-port-full)
check "it took its own flows' place $evicted times and was refused $refused times" \
	[ $((evicted + refused)) -ge $((10000 - share)) -a "$evicted" -gt 0 ]
check "over IPv6" during syns6 10000 others
check "by UDP" during datagrams 10000 others
same "it has its share" $share "$(counter "$h" bad flows)"
same "nobody else was refused anything" "$before" "$(lost)"

# a dump tells each entry once and none that stays is left out, however many come and go
dump() {
	ctl "$h" -j flow show > "$scratch/dump"
	jq -e '
		(map([.proto, .src, .dst, .sport, .dport]) | length == (unique | length)) and
		any(.dport == 7 and .src == "10.0.0.3" and .state == "established") and
		any(.dport == 7 and .src == "fd00::3" and .state == "established")' "$scratch/dump"
}
check "a dump is whole while flows change" during syns 10000 dump

# a whole table of it
ctl "$h" port set bad flow-max 10000
before=$(lost)
check "a port that may fill the table: others go on" during datagrams 10000 others
check "the table is full: $(counter "$h" bad flows) flows of it" \
	[ "$(ctl "$h" -j switch show | jq '.[0].flows')" -ge 4000 ]
check "others go on when it is" others
same "and are refused nothing" "$before" "$(lost)"
lower() {
	ctl "$h" port set bad flow-max 10
	syns 100
}
drops "a lower limit acts on what comes" "$h" flow-port-full 10 lower
ctl "$h" flow flush port bad
same "the end of its flows is the end of the count" 0 "$(counter "$h" bad flows)"

# whose flows are whose
ctl "$h" flow flush
check "the client reaches the server" reach "$client" 10.0.0.2
same "its flow belongs to the client" "1 0" "$(counter "$h" client flows) $(counter "$h" server flows)"
check "so does one from outside" reach "$outside" 10.0.0.2
same "whose flow belongs to the server" "1 1" "$(counter "$h" client flows) $(counter "$h" server flows)"
has_flows() {
	[[ $(ctl "$h" "$1" port show server) =~ flows\ 1 ]]
}
check "which is told with -s" has_flows -s
check "and with -d" has_flows -d
refuse "a limit out of reason" 'range|16777216' ctl "$h" port set bad flow-max 16777217
ctl "$h" port del server
same "what remains is the client's" "[]" "$(ctl "$h" -j flow show port client)"
