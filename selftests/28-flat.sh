#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 28-flat.sh - a net of type flat, beside the host's own traffic on the uplink
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/frames.sh"
need ip bflyctl ping nc socat tcpdump iperf3 jq

host h
ns x
wire "$h" "$x"
vm a "$h" 1; vm b "$h" 2
ip -n "$x" -b - <<-EOF
	addr add 10.0.0.9/24 dev under
	addr add fd00::9/64 dev under nodad
EOF
configure "$h" <<-EOF
	uplink add under
	net add 42 type flat uplink under
	group add all
	rule add all in proto any
	$(port a 1 net 42 group all)
	$(port b 2 net 42 bypass on)
EOF
hears_all() { ip -n "$h" -j -d link show under | jq -e ".[0].promiscuity == $1" > /dev/null; }
check "the NIC hears all MACs" hears_all 1
check "to the wire, both families" reach "$a" 10.0.0.9 fd00::9
check "and back" reach "$x" 10.0.0.1 fd00::1 10.0.0.2 fd00::2
check "the host reaches the wire" reach "$h" 192.0.2.2 2001:db8::2
check "and is reached, when it is asked for anew" bash -c \
	"ip -n $x neigh flush dev under; ip netns exec $x ping -q -c 1 -w 5 192.0.2.1 &&
	 ip netns exec $x ping -q -c 1 -w 5 2001:db8::1"
repeat "$x" tcp 7
repeat "$h" tcp 7
dial vm "$a" 10.0.0.9 7
dial host "$x" 192.0.2.1 7
check "TCP of a VM" say vm
check "TCP of the host" say host
iperf_server "$x"
for to in 10.0.0.9 fd00::9; do
	check "bulk TCP to $to" at "$a" timeout 60 iperf3 -c $to -n 2M
	check "bulk TCP from $to" at "$a" timeout 60 iperf3 -c $to -n 2M -R
done

# the host's address is on the wire's side, which does not send frames back
ip -n "$h" addr add 10.0.0.254/24 dev under
check "the host is not a member of the net" silent "$a" 10.0.0.254
check "for the wire it is there" reach "$x" 10.0.0.254
ip -n "$h" addr del 10.0.0.254/24 dev under

under=$(ip -n "$x" -j link show under | jq -r '.[0].address')
host=$(ip -n "$h" -j link show under | jq -r '.[0].address')
check "the far end's MAC is learned" bash -c \
	"bflyctl -n $h fdb show net 42 | grep -q '$under uplink under learned'"

# who gets what: a datagram of the wire to each of these, captured at the host and at the VMs
listen "$h" under "$scratch/h" -Q in; host_listener=$listener
listen "$a" eth0 "$scratch/a"; a_listener=$listener
listen "$b" eth0 "$scratch/b"
# to MAC PORT [TAG]: from the wire
to() {
	send "$x" under "${1//:/}${under//:/}${3:-}0800$(ip4 10.0.0.9 10.0.0.255 17 "$(udp 5000 "$2" 00)")"
}
to ff:ff:ff:ff:ff:ff 6001
to "$(mac 1)" 6002
to "$host" 6003
to 02:00:00:00:00:99 6004
to ff:ff:ff:ff:ff:ff 6005 8100e000
to ff:ff:ff:ff:ff:ff 6006 81000007
to 01:80:c2:00:00:0e 6007
heard
listener=$a_listener; heard
listener=$host_listener; heard
got() { packets "$scratch/$1" "udp dst port $2"; }
same "broadcast comes to a port" 1 "$(got a 6001)"
same "and to another, once each" 1 "$(got b 6001)"
same "a port's MAC comes to the port" 1 "$(got a 6002)"
same "and to no other" 0 "$(got b 6002)"
same "the host's MAC to none" 0 "$(($(got a 6003) + $(got b 6003)))"
same "an unknown MAC not to a port that has all of its MACs told" 0 "$(got a 6004)"
same "but to one with bypass" 1 "$(got b 6004)"
same "a frame with a priority is an untagged one" 1 "$(got a 6005)"
same "a frame of a VLAN is not of the net" 0 "$(($(got a 6006) + $(got b 6006)))"
same "nor is what switches tell each other" 0 "$(($(got a 6007) + $(got b 6007)))"
same "the host has its own" 1 "$(got h 6003)"
same "and what is for all" 1 "$(got h 6001)"

# no way from the net into a VLAN
ip -n "$b" -b - <<-EOF
	link add link eth0 name v7 type vlan id 7
	addr add 10.7.0.2/24 dev v7
	link set v7 up
EOF
ip -n "$x" -b - <<-EOF
	link add link under name v7 type vlan id 7
	addr add 10.7.0.9/24 dev v7
	link set v7 up
EOF
drops "a tagged frame does not leave a flat net" "$h" vlan-tag 1 silent "$b" 10.7.0.9

ctl "$h" port set a group none
check "a port without groups is not reached" silent "$x" 10.0.0.1 fd00::1
check "the connection that it began goes on" say vm
ctl "$h" port set a group all

# beside a net of type vlan, and a service
configure "$h" <<-EOF
	net add 7 type vlan uplink under vid 7
	$(port a 1 net 7 group all | sed 's/add/replace/') addr 10.7.0.1
EOF
ip -n "$a" addr add 10.7.0.1/24 dev eth0
check "the same uplink carries a VLAN" reach "$a" 10.7.0.9
check "and the flat net" reach "$b" 10.0.0.9
configure "$h" <<-EOF
	pool add p method l2 table 251
	backend add p 192.0.2.2
	service add 203.0.113.1:53/udp pool p
EOF
ip -n "$x" route add 203.0.113.1 via 192.0.2.1
check "and the clients of a service" reach "$x" 203.0.113.1

ctl "$h" save > "$scratch/1"
check "save has the net" grep -q 'net replace 42 type flat uplink under learning' "$scratch/1"
same "apply of what is there says nothing" '' "$(ctl "$h" apply "$scratch/1" 2>&1)"
refuse "an uplink has one flat net" 'net 42 is the flat net of under' ctl "$h" net add 43 type flat uplink under
refuse "which has no VLAN id" 'has no VLAN id' ctl "$h" net add 43 type flat uplink under vid 9

ip -n "$h" link del bfly0
check "the switch goes, the host goes on" reach "$h" 192.0.2.2 2001:db8::2
check "and the NIC is as it was" hears_all 0
