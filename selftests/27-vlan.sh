#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 27-vlan.sh - nets of type vlan on an uplink, real 802.1Q devices at the far ends
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl ping nc socat tcpdump ethtool iperf3 jq tc

host h
ns x y
wire "$h" "$x" "$y"
vm a "$h" 1; vm c "$h" 3	# VLAN 100, where x is
vm b "$h" 1			# VLAN 200, where y is, with the same addresses
tagged() {
	ip -n "$1" -b - <<-EOF
		link add link under name v$2 type vlan id $2
		addr add 10.0.0.9/24 dev v$2
		addr add fd00::9/64 dev v$2 nodad
		link set v$2 up
	EOF
}
tagged "$x" 100
tagged "$y" 200
configure "$h" <<-EOF
	uplink add under
	net add 42 type vlan uplink under vid 100
	net add 51 type vlan uplink under vid 200
	group add all
	rule add all in proto any
	$(port a 1 net 42 group all)
	$(port c 3 net 42 group all)
	$(port b 1 net 51 group all)
EOF
same "no socket is open for them" '' "$(at "$h" ss -Hlun 'sport = :4789')"
check "to a VLAN, both families" reach "$a" 10.0.0.9 fd00::9
check "and back" reach "$x" 10.0.0.1 fd00::1
check "to the other VLAN" reach "$b" 10.0.0.9 fd00::9
check "and back" reach "$y" 10.0.0.1 fd00::1
check "between ports" reach "$a" 10.0.0.3 fd00::3

# an address that is only in one of the VLANs tells them apart
ip -n "$y" addr add 10.0.0.77/24 dev v200
check "a neighbour in the one VLAN" reach "$b" 10.0.0.77
check "is not there in the other" silent "$a" 10.0.0.77

# TCP either way
repeat "$x" tcp 7
repeat "$a" tcp 7
dial out "$a" 10.0.0.9 7
dial out6 "$a" fd00::9 7
dial in "$x" 10.0.0.1 7
dial in6 "$x" fd00::1 7
check "TCP out" say out
check "TCP out, IPv6" say out6
check "TCP in" say in
check "TCP in, IPv6" say in6

# MACs behind the uplink are learned
v100=$(ip -n "$x" -j link show v100 | jq -r '.[0].address')
learned() {
	ctl "$h" -j fdb show net 42 | jq -e --arg mac "$v100" \
		'.[] | select(.mac == $mac) | .learned and .ifname == "under" and .uplink > 0' > /dev/null
}
check "the far end's MAC is learned" learned
check "and shown with the uplink" bash -c "bflyctl -n $h fdb show net 42 | grep -q '$v100 uplink under learned'"
ctl "$h" net set 42 ageing 1
forgotten() { ! learned; }
check "and forgotten" busywait 20 forgotten
ctl "$h" net set 42 ageing 300

# on the wire
tags() {
	listen "$x" under "$scratch/wire$1"
	at "$a" ping -q -c 3 -i 0.1 -w 5 10.0.0.9 > /dev/null
	heard
	check "requests have the tag$2" [ "$(packets "$scratch/wire$1" vlan 100 and icmp and src 10.0.0.1)" -ge 3 ]
	same "nothing goes untagged$2" 0 "$(packets "$scratch/wire$1" icmp)"
}
tags 1 ""
for end in "$h" "$x"; do
	at "$end" ethtool -K under rxvlan off txvlan off > /dev/null
done
tags 2 ", without acceleration"
check "both families, without acceleration" reach "$a" 10.0.0.9 fd00::9
check "and back" reach "$x" 10.0.0.1 fd00::1
check "the other VLAN, at whose end tags are accelerated" reach "$b" 10.0.0.9 fd00::9
check "TCP goes on" say out
check "TCP in goes on, IPv6" say in6
for end in "$h" "$x"; do
	at "$end" ethtool -K under rxvlan on txvlan on > /dev/null
done

# Priorities: a machine's, in a tag without a VLAN, gets into the net's; the wire's is for
# the port's queues.
ip -n "$a" -b - <<-EOF
	link add link eth0 name p0 type vlan id 0 egress-qos-map 0:5
	link set p0 up
	route add 10.0.0.9/32 dev p0 src 10.0.0.1
	neigh replace 10.0.0.9 lladdr $v100 dev p0
EOF
listen "$x" under "$scratch/priority" vlan 100 and icmp
check "a machine with priorities" reach "$a" 10.0.0.9
heard
same "is heard with them" 1 "$(tcpdump -e -n -r "$scratch/priority" 2> /dev/null | grep -c 'vlan 100, p 5,.*echo request')"
ip -n "$a" link del p0
at "$h" tc qdisc add dev a root handle 1: prio
ip -n "$x" link set v100 type vlan egress-qos-map 0:6
check "the wire's priority" reach "$x" 10.0.0.1
first_band() {
	at "$h" tc -s class show dev a | awk '/prio 1:1/ { getline; n = $4 } END { print n }'
}
check "is known to the port's queues" [ "$(first_band)" -ge 1 ]
at "$h" tc qdisc del dev a root
ip -n "$x" link set v100 type vlan egress-qos-map 0:0

# big packets stay big
iperf_server "$x"
sent() {
	ip netns exec "$h" cat "/sys/class/net/under/statistics/tx_$1"
}
bulk() {
	local count bytes
	count=$(sent packets) bytes=$(sent bytes)
	check "bulk TCP to $1" at "$a" timeout 60 iperf3 -c "$1" -n 2M
	count=$(($(sent packets) - count)) bytes=$(($(sent bytes) - bytes))
	check "  in packets of $((bytes / count)) bytes" [ $((bytes / count)) -ge 4000 ]
	check "bulk TCP from $1" at "$a" timeout 60 iperf3 -c "$1" -n 2M -R
}
bulk 10.0.0.9
bulk fd00::9

# groups and anti-spoofing
ctl "$h" port set a group none
check "a port without groups is not reached" silent "$x" 10.0.0.1 fd00::1
check "but gets its replies" reach "$a" 10.0.0.9 fd00::9
check "the connection that it began goes on" say out
check_not "the one that it accepted does not" say in 2
ctl "$h" port set a group all
ip -n "$a" addr add 10.0.0.66/24 dev eth0
drops "a stolen address" "$h" spoofed-arp 1 bash -c \
	"ip netns exec $a ping -q -c 2 -W 0.6 -I 10.0.0.66 10.0.0.99"
ip -n "$x" link set v100 address "$(mac 3)"
drops "a port's MAC, heard on the wire" "$h" spoofed-mac 1 silent "$x" 10.0.0.1
ip -n "$x" link set v100 address "$v100"

# the host goes on: untagged, and with VLANs of its own
check "the host's own traffic" reach "$h" 192.0.2.2 2001:db8::2
for end in "$h" "$x"; do
	ip -n "$end" -b - <<-EOF
		link add link under name v300 type vlan id 300
		link set v300 up
	EOF
done
ip -n "$h" addr add 198.51.100.1/24 dev v300
ip -n "$x" addr add 198.51.100.2/24 dev v300
check "a VLAN of the host's" reach "$h" 198.51.100.2
refuse "is not a net's" "is the host's v300" ctl "$h" net add 60 type vlan uplink under vid 300

# saved and applied
ctl "$h" save > "$scratch/1"
check "save has the net" grep -q 'net replace 42 type vlan uplink under vid 100 ' "$scratch/1"
same "apply of what is there says nothing" '' "$(ctl "$h" apply "$scratch/1" 2>&1)"
ip -n "$h" -b - <<-EOF
	link del bfly0
	link add bfly0 type bfly
EOF
check "apply to a new switch" ctl "$h" apply "$scratch/1"
ctl "$h" save > "$scratch/2"
check "makes it the same" cmp "$scratch/1" "$scratch/2"
check "traffic goes on" reach "$a" 10.0.0.9 fd00::9

refuse "a VLAN has one net" 'net 42 has VLAN 100 of under' ctl "$h" net add 60 type vlan uplink under vid 100
refuse "a net keeps its VLAN" 'VLAN 100, which cannot change' ctl "$h" net replace 42 type vlan uplink under vid 101
refuse "a net keeps its type" 'type of net 42' ctl "$h" net replace 42 type flat uplink under
refuse "an uplink is needed" 'uplink is missing' ctl "$h" net add 60 type vlan vid 7
refuse "and one of the switch" 'a is no uplink' ctl "$h" net add 60 type vlan uplink a vid 7
refuse "a VLAN id, too" 'VLAN id is missing' ctl "$h" net add 60 type vlan uplink under
refuse "from 1" 'range|vid' ctl "$h" net add 60 type vlan uplink under vid 0
refuse "to 4094" 'range|vid' ctl "$h" net add 60 type vlan uplink under vid 4095
refuse "a VNI is for vxlan" 'has no VNI' ctl "$h" net add 60 type vlan uplink under vid 7 vni 7
refuse "and an uplink is not" 'has no uplink' ctl "$h" net add 60 uplink under
refuse "there are no remotes" 'has an uplink, not remotes' ctl "$h" remote add net 42 via 192.0.2.2
refuse "an uplink with nets is not deleted" 'under carries 2 nets' ctl "$h" uplink del under

# a NIC that goes takes the way with it, not the net
background bflyctl -n "$h" monitor
monitor=$!
monitored() {
	ctl "$h" net set 51 ageing 299
	grep -q 'ageing 299' "$scratch/$monitor"
}
busywait 10 monitored
ip -n "$h" link del under
check "the nets stay without their uplink" bash -c "bflyctl -n $h net show 42 | grep -q 'type vlan vid 100'"
check "as monitor tells" busywait 5 grep -q '42 type vlan vid 100' "$scratch/$monitor"
same "what they have learned is forgotten" '' "$(ctl "$h" fdb show | grep learned || :)"
ip -n "$a" neigh replace 10.0.0.200 lladdr "$(mac 200)" dev eth0 nud permanent
drops "there is no way out" "$h" no-destination 1 silent "$a" 10.0.0.200
check "but from port to port" reach "$a" 10.0.0.3
ip -n "$lan1" -b - <<-EOF
	link add name port9 type veth peer name under netns $h
	link set port9 master lan
	link set port9 up
EOF
ip -n "$h" link set under up
ctl "$h" uplink add under
check "a NIC of that name is given to them" ctl "$h" apply "$scratch/1"
check "and they are whole again" reach "$a" 10.0.0.9 fd00::9
ctl "$h" port del b
ctl "$h" net del 51
check "a net goes" bash -c "! bflyctl -n $h net show 51"
