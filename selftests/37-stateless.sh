#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 37-stateless.sh - ports whose rules judge each packet by itself
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl ping nc socat jq

host h1 h2
wire "$h1" "$h2"
vm a "$h1" 1; vm s "$h1" 2; vm t "$h1" 3; vm far "$h2" 4
for n in 1 2; do
	host=h$n
	configure "${!host}" <<-EOF
		switch set local 192.0.2.$n
		net add 42
		remote add net 42 via 192.0.2.$((3 - n))
		group add asked
		rule add asked in proto udp port 7
		rule add asked in proto tcp port 7
		rule add asked in proto icmp type 8
		rule add asked in proto icmpv6 type 128
		group add answers
		rule add answers in proto udp port 5000
		rule add answers in proto tcp port 5000
		rule add answers in proto icmp type 0
		rule add answers in proto icmpv6 type 129
		group add errors
		rule add errors in proto icmp type 3 code 3
		rule add errors in proto icmpv6 type 1
		group add quiet
		rule add quiet out proto any remote 203.0.113.1
	EOF
done
configure "$h1" <<-EOF
	$(port a 1 net 42 group asked)
	$(port s 2 net 42 group asked stateless on)
	$(port t 3 net 42 stateless on)
EOF
configure "$h2" <<< "$(port far 4 net 42 group asked)"
for vm in "$a" "$s" "$far"; do
	background at "$vm" socat -b 70000 UDP6-RECVFROM:7,fork,ipv6only=0 PIPE
	repeat "$vm" tcp 7
	until_up echo_udp "$vm" 127.0.0.1 7 0.5
done
flows() {
	ctl "$h1" flow count "$@"
}
# asks NS ADDR [SIZE]: a datagram from port 5000 comes back
asks() {
	head -c "${3:-100}" /dev/urandom > "$scratch/sent"
	at "$1" socat -t 1 -b 70000 - "UDP:$2:7,sourceport=5000,reuseaddr" < "$scratch/sent" > "$scratch/back" 2> /dev/null || return 1
	cmp "$scratch/sent" "$scratch/back"
}
# connects NS ADDR: so does what is said over a connection from port 5000
connects() {
	# shellcheck disable=SC2016	# the inner bash expands it
	[ "$(echo hello | at "$1" timeout 3 socat -t 1 - "TCP:$2:7,sourceport=5000,reuseaddr")" = hello ]
}
same "the port says so" true "$(ctl "$h1" -j port show s | jq '.[0].stateless')"
check "and in words" eval "ctl $h1 port show s | grep -q 'stateless on'"

# both ends without state
check_not "an answer needs a rule" asks "$t" 10.0.0.2
check "which an echo reply needs, too" silent "$t" 10.0.0.2 fd00::2
ctl "$h1" port set t group answers
check "with the rule it comes" asks "$t" 10.0.0.2
check "over IPv6" asks "$t" '[fd00::2]'
check "on a connection" connects "$t" 10.0.0.2
check "to a ping" reach "$t" 10.0.0.2 fd00::2
same "there are no flows" 0 "$(flows)"
drops "what the rule does not name does not come" "$h1" no-rule-in 1 \
	at "$t" socat -t 0.3 - UDP:10.0.0.2:7,sourceport=5001 < "$scratch/sent"
hits() {
	ctl "$h1" -j -s rule show answers | jq 'map(select(.proto == "udp"))[0].hits'
}
before=$(hits)
asks "$t" 10.0.0.2
asks "$t" 10.0.0.2
same "each packet is a hit" $((before + 2)) "$(hits)"
ctl "$h1" port set s group asked group quiet
drops "what it sends is up to the out rules, answers too" "$h1" no-rule-out 1 asks "$t" 10.0.0.2
ctl "$h1" rule add quiet out proto udp
check "one that names them is enough" asks "$t" 10.0.0.2
ctl "$h1" port set s group asked

# fragments pass with the ports of their first
check "fragments pass" asks "$t" 10.0.0.2 4000
check "over IPv6" asks "$t" '[fd00::2]' 4000
ctl "$h1" rule del answers in proto udp port 5000
before=$(dropped "$h1" frag-no-first)
check_not "and not with a first that does not" asks "$t" 10.0.0.2 4000
check "the others wait for it in vain" busywait 5 eval "[ \"\$(dropped $h1 frag-no-first)\" -ge $((before + 2)) ]"
ctl "$h1" rule add answers in proto udp port 5000
same "there are no flows still" 0 "$(flows)"

# ICMP errors are packets of a type and code
unreachable() {
	# shellcheck disable=SC2016	# the inner bash expands it
	at "$t" bash -c 'exec 3<> "/dev/udp/$0/9"; echo x >&3; sleep 0.3; ! echo y >&3' "$1"
}
ctl "$h1" rule add asked in proto udp port 9
check_not "an error is not let in for what it quotes" unreachable 10.0.0.2
ctl "$h1" port set t group answers group errors
check "but by a rule" unreachable 10.0.0.2
check "over IPv6" unreachable fd00::2
configure "$h1" <<-EOF
	rule del errors in proto icmp type 3 code 3
	rule add errors in proto icmp type 3 code 1
EOF
check_not "that has its code" unreachable 10.0.0.2
same "nor are there flows for that" 0 "$(flows)"

# a port with state at the other end
check "to a port with state" asks "$t" 10.0.0.1
same "there is a flow" 1 "$(flows proto udp src 10.0.0.3 state established)"
check "a connection" connects "$t" 10.0.0.1
check "pings" reach "$t" 10.0.0.1 fd00::1
ctl "$h1" port set t group none
check_not "the stateless end judges answers still" asks "$t" 10.0.0.1
ctl "$h1" port set t group answers
ctl "$h1" rule add answers out proto any
check "and what it asks, by its rules" asks "$t" 10.0.0.1
ctl "$h1" rule del asked in proto udp port 7
check_not "the one with state judges what begins" asks "$t" 10.0.0.1
ctl "$h1" flow flush
check_not "always" asks "$t" 10.0.0.1
ctl "$h1" rule add asked in proto udp port 7

check "from a port with state the answer passes there by its flow" asks "$a" 10.0.0.2
check "over IPv6" asks "$a" '[fd00::2]'
check "a connection" connects "$a" 10.0.0.2
check "pings" reach "$a" 10.0.0.2 fd00::2
check "fragments" asks "$a" 10.0.0.2 4000
drops "which the stateless one cannot begin" "$h1" no-rule-in 1 \
	at "$s" socat -u - UDP:10.0.0.1:5000,sourceport=7001 < "$scratch/sent"
dial kept "$a" 10.0.0.2 7
check "a connection" say kept
ctl "$h1" rule del asked in proto tcp port 7
check_not "is cut when the rule goes" say kept 1
ctl "$h1" rule add asked in proto tcp port 7
check "and goes on when it is there again" say kept 10
ctl "$h1" port set s stateless off
check "it goes on when the port gets state" say kept 10
ctl "$h1" port set s stateless on
check "and when it loses it" say kept 10
ctl "$h1" port set a bypass on
ctl "$h1" flow flush
check "a port with bypass is no reason for a flow" asks "$a" 10.0.0.2
same "so there is none" 0 "$(flows proto udp)"

# a tunnel is none either
check "through a tunnel" asks "$t" 10.0.0.4
check "over IPv6" asks "$t" '[fd00::4]'
check "and the other way" asks "$far" 10.0.0.2
same "without a flow" 0 "$(flows proto udp)"
