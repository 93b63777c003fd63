#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 41-flow-states.sh - states of TCP flows, resets within the window, timeouts
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/frames.sh"
need ip bflyctl jq nc socat

host h
vm a "$h" 1; vm b "$h" 2
configure "$h" <<-EOF
	net add 42
	group add web
	rule add web in proto tcp
	rule add web in proto udp
	$(port a 1 net 42)
	$(port b 2 net 42 group web)
EOF

fin=1 syn=2 rst=4 ack=16
# segment a|b FLAGS SEQ ACK [WINDOW [OPTIONS]]: of the connection from port $sport of a, in $family
segment() {
	local from=$1 to=$b pair packet
	pair="1 2 $sport 80"
	[ "$from" = a ] || pair="2 1 80 $sport"
	# shellcheck disable=SC2086	# four words
	set -- $pair "${@:2}"
	packet=$(tcp "$3" "$4" "${@:5}")
	if [ "$family" = 4 ]; then
		packet=0800$(ip4 "10.0.0.$1" "10.0.0.$2" 6 "$packet")
	else
		packet=86dd$(ip6 "fd00::$1" "fd00::$2" 6 "$packet")
	fi
	[ "$from" = b ] || to=$a
	send "$to" eth0 "$(eth "$(mac "$2")" "$(mac "$1")" "")$packet"
}
# state of the flow from port $sport, and in how many seconds it is to be forgotten; nothing when
# it is not there
flow() {
	ctl "$h" -j flow show net 42 |
		jq -r --argjson port "$sport" '.[] | select(.sport == $port) | "\(.state) \(.expires)"'
}
# is STATE FROM TO: that is its state, and it is to be forgotten in so many seconds
is() {
	local state left
	read -r state left < <(flow)
	[ "$state" = "$1" ] && [ "$left" -ge "$2" ] && [ "$left" -le "$3" ]
}

for family in 4 6; do
	sport=${family}000
	scale=01030307
	segment a $syn 1000 0 64240 $scale
	check "IPv$family: a SYN begins a new flow" is new 50 60
	segment b $((syn | ack)) 5000 1001 64240 $scale
	segment a $syn 1000 0 64240 $scale
	segment b $((syn | ack)) 5000 1001 64240 $scale
	check "IPv$family: which it is while the server answers" is new 50 60
	drops "IPv$family: what is behind the window of a SYN, which has no scale, is not" \
		"$h" tcp-window 1 segment a $rst 70000 0
	segment a $ack 1001 5001 1000
	check "IPv$family: the client's next packet establishes it" is established 86000 86400
	drops "IPv$family: a reset before the server's window is dropped" "$h" tcp-window 1 \
		segment a $rst 1000 0
	segment b $ack 5001 1001 1000
	drops "IPv$family: one behind it, too" "$h" tcp-window 1 segment a $rst 132074 0
	drops "IPv$family: and one for the client" "$h" tcp-window 1 segment b $rst 4999 0
	check "IPv$family: that changes nothing" is established 86000 86400
	segment a $rst 132073 0
	check "IPv$family: one within the window closes it" is closed 5 10
	segment a $syn 9000 0 64240
	check "IPv$family: a SYN begins another" is new 50 60
	segment b $((syn | ack)) 7000 9001 64240
	segment a $((fin | ack)) 9001 7001 1000
	check "IPv$family: a FIN is the beginning of the end" is closing 110 120
	segment b $((fin | ack)) 7001 9002 1000
	check "IPv$family: two are the end" is closed 5 10
	segment a $ack 9002 7002 1000
	check "IPv$family: with a last acknowledgement" is closed 5 10
	sport=${family}001
	segment a $ack 1000 2000 100
	segment b $ack 2000 1000 100
	check "IPv$family: one that was there before" is new 50 60
	segment a $ack 1000 2000 100
	check "IPv$family: is picked up" is established 86000 86400
	segment a $rst $((1000 + (1 << 21))) 0
	check "IPv$family: its windows may have the largest scale" is closed 5 10
done

# what real ones do
strict=$(dropped "$h" tcp-window)
repeat "$b" tcp 7
family=4
sport=40000
at "$a" socat -u /dev/null TCP4:10.0.0.2:7,sourceport=40000,linger=0
check "a connection that its client resets is closed" is closed 1 10
check_not "a port where nobody listens refuses at once" at "$a" nc -z -w 5 -p 40001 10.0.0.2 9
sport=40001
check "which closes it" is closed 1 10
dial one "$a" fd00::2 7
sport=$(ctl "$h" -j flow show net 42 | jq '.[] | select(.dport == 7 and .src == "fd00::1") | .sport')
check "a real connection is established" is established 86000 86400
same "no reset was outside a window" "$strict" "$(dropped "$h" tcp-window)"

ctl "$h" switch set timeout-tcp-established 100 timeout-tcp-new 2 timeout-other-new 2 \
	timeout-other-established 50
check "a timeout waits for the next packet" is established 86000 86400
check "which the connection has" say one
check "and acts" is established 90 100
family=6
sport=6002
segment a $syn 1000 0 64240
gone() {
	[ -z "$(flow)" ]
}
check_not "a new flow is there" gone
check "and forgotten when its timeout has passed" busywait 5 gone
repeat "$b" udp 53
check "UDP is answered" at "$a" bash -c 'exec 3<> /dev/udp/10.0.0.2/53 && echo x >&3 && head -n 1 <&3'
sport=$(ctl "$h" -j flow show net 42 | jq '.[] | select(.dport == 53) | .sport')
check "and has the timeout of other protocols" is established 40 50
