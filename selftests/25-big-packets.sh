#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 25-big-packets.sh - GSO packets pass switch and tunnel unsplit, checksums left to the end
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/frames.sh"
need ip bflyctl iperf3 ethtool nc nstat socat

host h1 h2
wire "$h1" "$h2"
vm a1 "$h1" 1; vm a2 "$h2" 2
vm b1 "$h1" 3; vm b2 "$h2" 4
for n in 1 2; do
	host=h$n
	configure "${!host}" <<-EOF
		switch set local 192.0.2.$n local 2001:db8::$n
		group add all
		rule add all in proto any
		net add 42
		net add 51
		remote add net 42 via 192.0.2.$((3 - n))
		remote add net 51 via 2001:db8::$((3 - n))
		$(port "a$n" "$n" net 42 group all)
		$(port "b$n" $((n + 2)) net 51 group all)
	EOF
done
iperf_server "$a2"
iperf_server "$b2"

# mean NS DEVICE CMD...: $mean is the bytes of a packet that the device sends meanwhile
mean() {
	local stats=/sys/class/net/$2/statistics before after
	before=$(ip netns exec "$1" cat "$stats/tx_packets" "$stats/tx_bytes")
	quietly "${@:3}" || return 1
	after=$(ip netns exec "$1" cat "$stats/tx_packets" "$stats/tx_bytes")
	mean=$(((${after#*$'\n'} - ${before#*$'\n'}) / (${after%$'\n'*} - ${before%$'\n'*})))
}
# bulk TEXT NS ADDR MIN OPTION...: two megabytes; the mean packet on the wire is MIN or more
bulk() {
	check "$1" mean "$h1" under at "$2" timeout 60 iperf3 -c "$3" -n 2M "${@:5}"
	check "  and the packets on the wire are of $mean bytes" [ "$mean" -ge "$4" ]
}
bulk "TCP over IPv4" "$a1" 10.0.0.2 4000
bulk "TCP over IPv4, IPv6 inside" "$a1" fd00::2 4000
bulk "TCP over IPv6" "$b1" 10.0.0.4 4000
bulk "TCP over IPv6, IPv6 inside" "$b1" fd00::4 4000
check "the other way" at "$a1" timeout 60 iperf3 -c 10.0.0.2 -n 2M -R
check "the other way, over IPv6" at "$b1" timeout 60 iperf3 -c 10.0.0.4 -n 2M -R

# machines that have tunnels of their own: one in the other is more than a packet can leave to others
for n in 1 2; do
	for vm in a b; do
		at=$vm$n i=$n
		[ $vm = a ] || i=$((n + 2))
		ip -n "${!at}" -b - <<-EOF
			link add name inner type vxlan id 7 local 10.0.0.$i remote 10.0.0.$((i % 2 ? i + 1 : i - 1)) dstport 4790
			addr add 10.9.0.$i/24 dev inner
			link set inner mtu 1400 up
		EOF
	done
done
# what big packets lose comes again in small ones
again() {
	at "$1" nstat -asz TcpRetransSegs | awk '/Retrans/ { print $2 }'
}
nested() {
	local before
	before=$(again "$2")
	check "bulk TCP $1" at "$2" timeout 60 iperf3 -c "$3" -n 500K
	check "  almost without loss" [ $(($(again "$2") - before)) -le 20 ]
}
nested "in a machine's tunnel" "$a1" 10.9.0.2
nested "in one over IPv6" "$b1" 10.9.0.4
for vm in "$a1" "$b1" "$a2" "$b2"; do
	ip -n "$vm" link del inner
done

# the tag of a machine's VLAN is the inner frame's
for n in 1 2; do
	at=a$n host=h$n
	ctl "${!host}" port set a$n bypass on
	ip -n "${!at}" -b - <<-EOF
		link add link eth0 name v5 type vlan id 5
		addr add 10.5.0.$n/24 dev v5
		link set v5 up
	EOF
done
check "a machine's VLAN" reach "$a1" 10.5.0.2
nested "by its VLAN" "$a1" 10.5.0.2
for n in 1 2; do
	host=h$n
	ctl "${!host}" port set a$n bypass off
done

# A wire that splits all, as every wire does, and a NIC that merges what it gets: by the
# switch's socket, then by an uplink. Without `tx` the checksums are computed as well.
at "$lan1" ethtool -K port2 tso off > /dev/null
at "$h2" ethtool -K under gro on > /dev/null
old=0
printf '%s\n' 6.9 "$(uname -r)" | sort -VC || old=1
merged() {
	check "merged, $1" mean "$lan1" port2 at "$2" timeout 60 iperf3 -c "$4" -n 1M
	check "  from packets of $mean bytes" [ "$mean" -le 2000 ]
	check "  and again" mean "$h2" "$3" at "$2" timeout 60 iperf3 -c "$4" -n 1M
	check "  to packets of $mean bytes" [ "$mean" -ge 4000 ]
}
# before 6.9 the kernel's GRO does not know a socket that is bound to an address
if [ $old = 0 ]; then
	merged "over IPv4" "$a1" a2 10.0.0.2
	merged "over IPv6, IPv6 inside" "$b1" b2 fd00::4
	ctl "$h2" uplink add under
	for tx in on off; do
		at "$lan1" ethtool -K port2 tx $tx > /dev/null
		at "$lan1" ethtool -K port2 tso off > /dev/null
		merged "by an uplink, tx $tx" "$a1" a2 fd00::2
		merged "over IPv6" "$b1" b2 10.0.0.4
	done
else
	check "not merged" at "$a1" timeout 60 iperf3 -c 10.0.0.2 -n 1M
	ctl "$h2" switch set local none
	merged "without a local address" "$a1" a2 10.0.0.2
	merged "over IPv6" "$b1" b2 fd00::4
	ctl "$h2" switch set local 192.0.2.2 local 2001:db8::2
	ctl "$h2" uplink add under
fi

# The NIC may have checked the outer checksum; the inner one is the machine's to check.
datagrams() {
	at "$a2" nstat -asz "$1" | awk -v name="$1" '$1 == name { print $2 }'
}
datagram() {
	local inner
	inner=$(eth "$(mac 2)" "$(mac 1)" 0800)$(ip4 10.0.0.1 10.0.0.2 17 "$1")
	send "$h1" under "$(eth "$(cat_mac "$h2")" "$(cat_mac "$h1")" 0800)$(ip4 192.0.2.1 192.0.2.2 17 \
		"$(udp_sum 192.0.2.1 192.0.2.2 5000 4789 "0800000000002a00$inner")")"
}
cat_mac() {
	ip netns exec "$1" cat /sys/class/net/under/address
}
right=$(udp_sum 10.0.0.1 10.0.0.2 5000 9 c0ffee00)
refused=$(datagrams UdpNoPorts)
datagram "$right"
came() {
	[ "$(datagrams UdpNoPorts)" -gt "$refused" ]
}
check "a datagram with the right checksums" busywait 5 came
wrong=$(datagrams UdpInCsumErrors)
datagram "${right%c0ffee00}c0ffee01"
found() {
	[ "$(datagrams UdpInCsumErrors)" -gt "$wrong" ]
}
check "one that is wrong inside stays wrong" busywait 5 found

# a NIC that can do nothing: all is split and summed in software, and is right
for h in "$h1" "$h2"; do
	at "$h" ethtool -K under tx off gso off tso off gro off > /dev/null
done
bulk "without offloads, over IPv4" "$a1" 10.0.0.2 500
bulk "without offloads, over IPv6" "$b1" fd00::4 500
