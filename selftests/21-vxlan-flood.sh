#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 21-vxlan-flood.sh - broadcast goes to every peer once; learning sends the rest to one
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl ping arping tcpdump

host h1 h2 h3
wire "$h1" "$h2" "$h3"
for n in 1 2 3; do
	host=h$n
	vm "a$n" "${!host}" "$n"
	configure "${!host}" <<-EOF
		switch set local 192.0.2.$n local 2001:db8::$n
		group add all
		rule add all in proto any
		net add 42 ageing 2
		$(port "a$n" "$n" net 42 group all)
	EOF
done
# over IPv4 between 1 and the others, over IPv6 between 2 and 3
configure "$h1" <<-EOF
	remote add net 42 via 192.0.2.2
	remote add net 42 via 192.0.2.3
EOF
configure "$h2" <<-EOF
	remote add net 42 via 192.0.2.1
	remote add net 42 via 2001:db8::3
EOF
configure "$h3" <<-EOF
	remote add net 42 via 192.0.2.1
	remote add net 42 via 2001:db8::2
EOF
check "1 reaches 2 and 3" reach "$a1" 10.0.0.2 10.0.0.3 fd00::2 fd00::3
check "2 reaches 3" reach "$a2" 10.0.0.3 fd00::3

# ARP for an address that nobody has, seen on the wire (inner type, inner target address)
arp='udp port 4789 and udp[28:2] = 0x0806 and udp[54:4] = 0x0a000063'
listen "$h1" under "$scratch/h1" "$arp"
first=$listener
listen "$a3" eth0 "$scratch/a3" "arp and arp[24:4] = 0x0a000063"
at "$a1" arping -q -b -c 5 -w 10 -I eth0 10.0.0.99 || :
heard
listener=$first heard
same "broadcast goes to each peer once: to 2" 5 "$(packets "$scratch/h1" dst host 192.0.2.2)"
same "to 3" 5 "$(packets "$scratch/h1" dst host 192.0.2.3)"
same "and is not sent back" 10 "$(packets "$scratch/h1")"
same "a machine there gets it once" 5 "$(packets "$scratch/a3")"

# On host 3 net 42 goes away: there each copy of a flood counts as an unknown VNI.
configure "$h3" <<-EOF
	port del a3
	net del 42
	net add 43
EOF
learned() {
	local json
	json=$(ctl "$h1" -j fdb show net 42)
	json=${json//[[:space:]]/}
	[[ $json == *"\"mac\":\"02:00:00:00:00:02\""* && $json == *'"learned":true'* && $json == *192.0.2.2* ]]
}
stray() {
	local before after
	before=$(dropped "$h3" unknown-vni)
	at "$a1" ping -q -c 10 -i 0.05 -w 10 10.0.0.2 > /dev/null
	after=$(dropped "$h3" unknown-vni)
	echo $((after - before))
}
# the machines shall not be heard by asking for their neighbours
for n in 1 2; do
	vm=a$n
	at "${!vm}" sysctl -qw net.ipv6.conf.all.disable_ipv6=1
	ip -n "${!vm}" -b - <<-EOF
		neigh flush dev eth0
		neigh replace 10.0.0.$((3 - n)) lladdr $(mac $((3 - n))) dev eth0 nud permanent
	EOF
done
reach "$a1" 10.0.0.2
check "the peer's MAC is learned" learned
n=$(stray)
check "what is learned is not flooded: $n of 10 packets" [ "$n" -lt 5 ]
forgotten() { ! learned; }
check "what is not heard is forgotten" busywait 8 forgotten

reach "$a1" 10.0.0.2
ctl "$h1" net set 42 learning off
check "without learning what was learned stays" learned
heard_again() {
	at "$a1" ping -q -c 30 -i 0.1 -w 10 10.0.0.2 > /dev/null && forgotten
}
check "until it is forgotten, heard or not" heard_again
n=$(stray)
check "without learning all is flooded: $n of 10 packets" [ "$n" -ge 10 ]
check "and nothing is learned" forgotten

# ageing 0 is never
ctl "$h1" net set 42 learning on ageing 0
reach "$a1" 10.0.0.2
nap 2.5
check "with ageing 0 it stays" learned
ctl "$h1" remote del net 42 via 192.0.2.2
check "a MAC is not learned over a port's" bash -c "bflyctl -n $h1 fdb show net 42 | grep -q '02:00:00:00:00:01.*a1'"

# the same machine, now elsewhere
ctl "$h1" remote add net 42 via 192.0.2.2
configure "$h3" <<-EOF
	net add 42
	remote add net 42 via 192.0.2.1
	$(port a3 2 net 42 group all)
EOF
ip -n "$h2" link set a2 down
ip -n "$a3" -b - <<-EOF
	link set eth0 address 02:00:00:00:00:02
	addr flush dev eth0 scope global
	addr add 10.0.0.2/24 dev eth0
EOF
check "a machine that moved is reached as soon as it was heard" reach "$a3" 10.0.0.1
check "at its new place" reach "$a1" 10.0.0.2
