#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 14-host-port.sh - bfly0 itself as a port: the host in a net
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl ping nc socat iperf3 jq tcpdump ethtool nstat

host h h2
wire "$h" "$h2"
vm a "$h" 1; vm b "$h2" 2
for n in 1 2; do
	host=h$n
	[ $n = 2 ] || host=h
	configure "${!host}" <<-EOF
		switch set local 192.0.2.$n local 2001:db8::$n
		group add all
		rule add all in proto any
		net add 42
		net add 51
		remote add net 42 via 192.0.2.$((3 - n))
	EOF
done
configure "$h" <<< "$(port a 1 net 42 group all)"
configure "$h2" <<< "$(port b 2 net 42 group all)"
ip -n "$h" -b - <<-EOF
	addr add 10.0.0.254/24 dev bfly0
	addr add fd00::254/64 dev bfly0 nodad
EOF
drops "what the host sends is dropped while there is no port" "$h" closed 1 silent "$h" 10.0.0.1
check "which ip link counts" bash -c \
	"[ \$(ip -n $h -s -j link show bfly0 | jq '.[0].stats64.tx.dropped') -ge 1 ]"
refuse "and bfly0 does not show" 'not a port' ctl "$h" port show bfly0

check "the host's port" ctl "$h" port add bfly0 net 42 addr 10.0.0.254 addr fd00::254 group all
own=$(ip -n "$h" -j link show bfly0 | jq -r '.[0].address')
same "has the MAC of bfly0" "$own" "$(ctl "$h" -j port show bfly0 | jq -r '.[0].mac[0]')"
check "the host reaches a port" reach "$h" 10.0.0.1 fd00::1
check "and another host's, through the tunnel" reach "$h" 10.0.0.2 fd00::2
check "and is reached" reach "$a" 10.0.0.254 fd00::254
check "through the tunnel" reach "$b" 10.0.0.254 fd00::254
refuse "it is there once" 'bfly0 is a port already' ctl "$h" port add bfly0 net 42

repeat "$a" tcp 7
repeat "$h" tcp 7
dial out "$h" 10.0.0.1 7
dial out6 "$h" fd00::1 7
dial in "$b" 10.0.0.254 7
dial in6 "$a" fd00::254 7
for conn in out out6 in in6; do
	check "TCP: $conn" say $conn
done
iperf_server "$h"
iperf_server "$b"
check "bulk TCP to the host" at "$a" timeout 60 iperf3 -c 10.0.0.254 -n 2M
check "and from it" at "$a" timeout 60 iperf3 -c fd00::254 -n 2M -R
check "through the tunnel" at "$h" timeout 60 iperf3 -c 10.0.0.2 -n 2M
check "and back" at "$h" timeout 60 iperf3 -c fd00::2 -n 2M -R

# counters
figure() { ip -n "$h" -s -j link show bfly0 | jq ".[0].stats64.$1"; }
rx=$(figure rx.packets) tx=$(figure tx.packets) bytes=$(figure rx.bytes)
listen "$h" bfly0 "$scratch/bfly0" icmp
at "$a" ping -q -c 10 -i 0.05 -w 10 10.0.0.254 > /dev/null
heard
check "ip link counts what comes" [ $(($(figure rx.packets) - rx)) -ge 10 ]
check "in bytes" [ $(($(figure rx.bytes) - bytes)) -ge 980 ]
check "and what goes" [ $(($(figure tx.packets) - tx)) -ge 10 ]
same "tcpdump sees both" 20 "$(packets "$scratch/bfly0")"

# what fits: by the tunnels of its net, 2000 bytes being the underlay's
mtu() {
	ip -n "$h" -d -j link show bfly0 | jq -r '.[0] | "\(.mtu) \(.max_mtu)"'
}
mtu_is() {
	[ "$(mtu)" = "$1" ]
}
same "the MTU leaves room for the outer headers" "1950 1950" "$(mtu)"
ctl "$h" remote add net 42 via 2001:db8::2
check "and more of it for those of IPv6" busywait 5 mtu_is "1930 1930"
ctl "$h" remote del net 42 via 2001:db8::2
check "as long as there are any" busywait 5 mtu_is "1950 1950"
ctl "$h" net set 42 mtu 1400
same "the net's own limit counts" "1400 1400" "$(mtu)"
ctl "$h" net set 42 mtu 0
ip -n "$h" link set under mtu 1500
same "it follows the NIC's" "1450 1450" "$(mtu)"
ip -n "$h" route replace 192.0.2.0/24 dev under src 192.0.2.1 mtu 1350
check "and the route's, once a packet goes there" reach "$h" 10.0.0.2
check "  " busywait 5 mtu_is "1300 1300"
refuse "no larger one can be set" 'mtu greater than device maximum' ip -n "$h" link set bfly0 mtu 1301
ip -n "$h" link set bfly0 mtu 1290
ip -n "$h" route replace 192.0.2.0/24 dev under src 192.0.2.1
check "one that is set" reach "$h" 10.0.0.2
check "stays" busywait 5 mtu_is "1290 1450"
ip -n "$h" link set under mtu 1330
same "where it fits" "1280 1280" "$(mtu)"
ip -n "$h" link set under mtu 2000
same "  " "1290 1950" "$(mtu)"
ip -n "$h" link set bfly0 mtu 1950
ip -n "$h" link set under mtu 1900
same "until it is set to what fits" "1850 1850" "$(mtu)"
ip -n "$h" link set under mtu 2000
ctl "$h" port set bfly0 net 51
same "in a net without remotes the NIC with the local address tells" "1930 1930" "$(mtu)"
ctl "$h" port set bfly0 net 42

# GSO packets from the host's own TCP, and a VLAN device's on it
sent() {
	ip netns exec "$h" cat "/sys/class/net/under/statistics/tx_$1"
}
count=$(sent packets) bytes=$(sent bytes)
at "$h" timeout 60 iperf3 -c 10.0.0.2 -n 2M > /dev/null
check "big packets go out" [ $((($(sent bytes) - bytes) / ($(sent packets) - count))) -ge 4000 ]
# what comes in pieces is merged for the host
received() {
	at "$h" nstat -asz TcpInSegs | awk '/TcpInSegs/ { print $2 }'
}
at "$a" ethtool -K eth0 tso off gso off > /dev/null
count=$(received)
at "$a" timeout 60 iperf3 -c 10.0.0.254 -n 2M > /dev/null
check "what comes in pieces is merged: $(($(received) - count)) of 1400" [ $(($(received) - count)) -le 1000 ]

# groups and anti-spoofing
ctl "$h" port set bfly0 group none
check "without groups the host is not reached" silent "$a" 10.0.0.254 fd00::254
check "but gets its replies" reach "$h" 10.0.0.1 fd00::2
check "the connection that it began goes on" say out
check_not "the one that it accepted does not" say in 2
ctl "$h" port set a group none
check "a port without groups is not reached by the host" silent "$h" 10.0.0.1
ctl "$h" port set a group all
ctl "$h" port set bfly0 group all
check "the connection is back" say in 20
dropped_tx=$(figure tx.dropped)
ctl "$h" port set bfly0 addr 10.0.0.253
drops "the host's address is checked" "$h" spoofed-ip 1 silent "$h" 10.0.0.1
check "and that counted" [ "$(figure tx.dropped)" -gt "$dropped_tx" ]
ctl "$h" port set bfly0 addr 10.0.0.254 addr fd00::254

# saved and applied
ctl "$h" save > "$scratch/1"
check "save has the port" grep -q "^port replace bfly0 net 42 mac $own" "$scratch/1"
same "apply of what is there says nothing" '' "$(ctl "$h" apply "$scratch/1" 2>&1)"
sed "s/ mac $own//" "$scratch/1" > "$scratch/2"
same "without the MAC it is the same" '' "$(ctl "$h" apply "$scratch/2" --dry-run 2>&1)"
ctl "$h" port del bfly0
check "apply brings it back" ctl "$h" apply "$scratch/1"
check "and it is reached" reach "$a" 10.0.0.254

check "another net" ctl "$h" port set bfly0 net 51
check "it has left the old one" silent "$h" 10.0.0.1
refuse "the new one has a port" 'net 51 has 1 ports' ctl "$h" net del 51
check "another MAC, as well as its own" ctl "$h" port set bfly0 net 42 mac "$own" mac 02:00:00:00:00:77
check "and back" reach "$h" 10.0.0.1
refuse "a MAC is one port's" 'another port' ctl "$h" port set bfly0 mac "$(mac 1)"

check "port del closes it" ctl "$h" port del bfly0
check "for who sends to it" silent "$a" 10.0.0.254
drops "and what it sends" "$h" closed 1 silent "$h" 10.0.0.1
refuse "and it is gone" 'not a port' ctl "$h" port show bfly0
refuse "once" 'not a configured port' ctl "$h" port del bfly0

# it ends with its switch, and with it alone
ctl "$h" port add bfly0 net 42 addr 10.0.0.254 addr fd00::254 bypass on
check "with bypass" reach "$a" 10.0.0.254 fd00::254
ip -n "$h" link set bfly0 down
check "down it is silent" silent "$a" 10.0.0.254
ip -n "$h" -b - <<-EOF
	link set bfly0 up
	addr replace fd00::254/64 dev bfly0 nodad
EOF
check "up it is not" reach "$a" 10.0.0.254 fd00::254
# not a flood, which goes on for as long as the processor has no time for the rest
background at "$a" ping -q -i 0.002 10.0.0.254
background at "$h" ping -q -i 0.002 10.0.0.1
check "the switch goes while all send" ip -n "$h" link del bfly0
