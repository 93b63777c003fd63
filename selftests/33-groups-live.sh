#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 33-groups-live.sh - changes act on running connections, with their next packet
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl nc socat

host h
vm a "$h" 1; vm b "$h" 2
configure "$h" <<-EOF
	net add 42
	group add web
	rule add web in proto tcp port 7
	group add other
	rule add other in proto tcp port 7
	$(port a 1 net 42)
	$(port b 2 net 42 group web)
EOF
repeat "$b" tcp 7
repeat "$b" udp 7

dial one "$a" 10.0.0.2 7
dial two "$a" fd00::2 7
check "a connection runs" say one
check "and one over IPv6" say two
established() {
	[[ $(ctl "$h" flow show net 42) =~ tcp.*10.0.0.1.*10.0.0.2.*established ]]
}
check "the flow table has it" established

# a server that sends by itself, to a client that only listens
background at "$b" socat TCP-LISTEN:8,reuseaddr 'SYSTEM:while echo hello; do sleep 0.1; done'
until_up bash -c "ip netns exec $b ss -Hltn | grep -q :8"
ctl "$h" rule add web in proto tcp port 8
at "$a" nc 10.0.0.2 8 > "$scratch/pushed" < /dev/null &
later kill "$!"
size() { stat -c %s "$scratch/pushed"; }
grows() {
	local before
	before=$(size)
	nap 1
	[ "$(size)" -gt "$before" ]
}
check "what a server sends by itself arrives" busywait 10 grows
ctl "$h" rule del web in proto tcp port 8
check_not "and no more when the rule goes" grows
ctl "$h" rule add web in proto tcp port 8
check "and again when it comes back" busywait 30 grows
configure "$h" <<-EOF
	group add open
	rule add open in proto any
	port set a group open
	rule del web in proto tcp port 8
EOF
nap 0.5
check_not "the server, who may begin connections to such a port, may not go on with one" grows
ctl "$h" rule add web in proto tcp port 8
check "which is there still when the rule comes back" busywait 30 grows
ctl "$h" port set a group none

ctl "$h" rule del web in proto tcp port 7
drops "a rule goes, and cuts it with its next packet" "$h" no-rule-in 1 say one 1
check_not "over IPv6 too" say two 1
ctl "$h" rule add web in proto tcp port 7
check "the rule comes back, and the connection goes on" say one 10
check "over IPv6 too" say two 10

ctl "$h" rule add web in proto tcp port 0-1000
ctl "$h" rule del web in proto tcp port 7
check "another rule that allows it is enough" say one
ctl "$h" port set b group web group other
check "a second group changes nothing" say one
ctl "$h" port set b group other
check "nor does it that the first goes" say one
ctl "$h" port set b group none
check_not "the last group goes: cut" say one 1
ctl "$h" port set b group web
check "a group comes back: goes on" say one 10
ctl "$h" group del web
check_not "the group is deleted: cut" say one 1
configure "$h" <<-EOF
	group add web
	rule add web in proto tcp port 7 remote 10.0.0.0/24
	rule add web in proto udp port 7
EOF
check "and made anew: goes on" say one 10
check_not "where its rules allow it" say two 1

# out rules and addresses of the side that began
configure "$h" <<-EOF
	group add narrow
	rule add narrow out proto tcp port 9
	port set a group narrow
EOF
drops "an out rule that does not name it cuts" "$h" no-rule-out 1 say one 1
ctl "$h" port set a group none
ctl "$h" group del narrow
ctl "$h" port set a group web
check "without it: goes on" say one 10
ctl "$h" port set a addr 10.0.0.9
drops "the port loses the address: cut" "$h" spoofed-ip 1 say one 1
ctl "$h" port set a addr 10.0.0.1 addr fd00::1
check "and gets it back: goes on" say one 10
ctl "$h" port set b addr 10.0.0.9
drops "the other port loses it: its replies are cut" "$h" spoofed-ip 1 say one 1
ctl "$h" port set b addr 10.0.0.2 addr fd00::2
check "and gets it back: goes on" say one 10

check "UDP passes" echo_udp "$a" 10.0.0.2 7
ctl "$h" rule del web in proto udp port 7
check_not "and not without its rule" echo_udp "$a" 10.0.0.2 7 1

n=$(ctl "$h" -j flow show net 42 | grep -o '"proto"' | wc -l)
check "flows are shown: $n" [ "$n" -ge 1 ]
ctl "$h" flow flush net 42
same "and flushed" '[]' "$(ctl "$h" -j flow show net 42)"
check "what rules allow goes on all the same" say one 10
