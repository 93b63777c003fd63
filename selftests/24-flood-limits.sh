#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 24-flood-limits.sh - unknown unicast flooded or dropped, and so much flooding a port
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/frames.sh"
need ip bflyctl socat

host h1 h2
wire "$h1" "$h2"
vm a "$h1" 1; vm b "$h1" 2; vm c "$h1" 3
configure "$h1" <<-EOF
	switch set local 192.0.2.1
	group add all
	rule add all in proto any
	net add 42
	remote add net 42 via 192.0.2.2
	$(port a 1 net 42 group all)
	$(port b 2 net 42 group all)
	$(port c 3 net 42 bypass on)
EOF
# there each copy that comes counts as an unknown VNI
configure "$h2" <<-EOF
	switch set local 192.0.2.2
	net add 43
EOF
# that nobody sends anything by himself, nor asks whom to send an ICMP error to
for n in "$b" "$c"; do
	ip -n "$n" neigh replace 10.0.0.1 lladdr "$(mac 1)" dev eth0 nud permanent
done
for n in "$a" "$b" "$c" "$h1" "$h2"; do
	at "$n" sysctl -qw net.ipv6.conf.all.disable_ipv6=1
done

good=$(mac 1) all=ff:ff:ff:ff:ff:ff
hello=$(udp 1000 7 00)
unknown=$(eth "$(mac 99)" "$good" 0800)$(ip4 10.0.0.1 10.0.0.99 17 "$hello")
known=$(eth "$(mac 2)" "$good" 0800)$(ip4 10.0.0.1 10.0.0.2 17 "$hello")
broadcast=$(eth "$all" "$good" 0806)$(arp 1 "$good" 10.0.0.1 10.0.0.98)
multicast=$(eth 01:00:5e:00:00:fb "$good" 0800)$(ip4 10.0.0.1 224.0.0.251 17 "$hello")
answered=$(eth "$all" "$good" 0806)$(arp 1 "$good" 10.0.0.1 10.0.0.2)

numbers() {
	counter "$h1" b tx-packets
	counter "$h1" c tx-packets
	dropped "$h2" unknown-vni
	dropped "$h1" no-destination
	dropped "$h1" flood-limit
	counter "$h1" a rx-dropped
}
# sent FRAME COUNT: what that adds: to b, to c, on the wire, and dropped: for want of
# a destination, for the limit, of the port in all
sent() {
	local before after i
	mapfile -t before <<< "$(numbers)"
	send "$a" eth0 "$1" "$2"
	nap 0.2
	mapfile -t after <<< "$(numbers)"
	for i in 0 1 2 3 4 5; do
		after[i]=$((after[i] - before[i]))
	done
	echo "${after[*]}"
}

same "unknown unicast goes to peers and to ports with bypass" "0 5 5 0 0 0" "$(sent "$unknown" 5)"
ctl "$h1" net set 42 unknown drop
same "or to nobody" "0 0 0 5 0 5" "$(sent "$unknown" 5)"
same "known does" "5 0 0 0 0 0" "$(sent "$known" 5)"
same "broadcast, too" "5 5 5 0 0 0" "$(sent "$broadcast" 5)"
same "and multicast" "5 5 5 0 0 0" "$(sent "$multicast" 5)"
ctl "$h1" net set 42 unknown flood
same "flooded again" "0 5 5 0 0 0" "$(sent "$unknown" 5)"

same "no limit" "200 200 200 0 0 0" "$(sent "$broadcast" 200)"
# limited TEXT FRAME COPIES: of 200 in a moment pass the burst of 20 and what the moment adds
limited() {
	local n
	ctl "$h1" port set a flood-limit 20
	nap 1.2
	read -ra n <<< "$(sent "$2" 200)"
	check "$1: ${n[2]} of 200" [ "${n[2]}" -ge 20 -a "${n[2]}" -le 60 ]
	same "each way out had them all" "$(($3 * n[2])) ${n[2]}" "${n[0]} ${n[1]}"
	same "the others are dropped and counted" "$((200 - n[2])) $((200 - n[2]))" "${n[4]} ${n[5]}"
}
limited "a limit of 20 packets a second, broadcast" "$broadcast" 1
limited "multicast" "$multicast" 1
limited "unknown unicast" "$unknown" 0
send "$a" eth0 "$broadcast" 100
same "known unicast has no limit" "200 0 0 0 0 0" "$(sent "$known" 200)"
same "nor what the switch answers" "0 0 0 0 0 0" "$(sent "$answered" 200)"
heard=$(counter "$h1" a tx-packets)
send "$b" eth0 "$(eth "$all" "$(mac 2)" 0806)$(arp 1 "$(mac 2)" 10.0.0.2 10.0.0.98)" 100
same "nor have other ports one" $((heard + 100)) "$(counter "$h1" a tx-packets)"
ctl "$h1" port set a flood-limit 0
same "without it" "200 200 200 0 0 0" "$(sent "$broadcast" 200)"
refuse "a limit out of reason" 'range|10000000' ctl "$h1" port set a flood-limit 10000001
refuse "neither" 'flood, drop' ctl "$h1" net set 42 unknown forward
