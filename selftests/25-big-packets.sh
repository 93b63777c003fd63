#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 25-big-packets.sh - GSO packets pass switch and tunnel unsplit, checksums left to the end
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl iperf3 ethtool

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
background at "$a2" iperf3 -s
background at "$b2" iperf3 -s
busywait 10 at "$a2" nc -z 127.0.0.1 5201
busywait 10 at "$b2" nc -z 127.0.0.1 5201

sent() {
	ip netns exec "$h1" cat "/sys/class/net/under/statistics/tx_$1"
}
# bulk TEXT NS ADDR MIN OPTION...: two megabytes; the mean packet on the wire is MIN or more
bulk() {
	local text=$1 min=$4 packets bytes
	packets=$(sent packets) bytes=$(sent bytes)
	check "$text" at "$2" timeout 60 iperf3 -c "$3" -n 2M "${@:5}"
	packets=$(($(sent packets) - packets)) bytes=$(($(sent bytes) - bytes))
	check "  and the packets on the wire are of $((bytes / packets)) bytes" [ $((bytes / packets)) -ge "$min" ]
}
bulk "TCP over IPv4" "$a1" 10.0.0.2 4000
bulk "TCP over IPv4, IPv6 inside" "$a1" fd00::2 4000
bulk "TCP over IPv6" "$b1" 10.0.0.4 4000
bulk "TCP over IPv6, IPv6 inside" "$b1" fd00::4 4000
check "the other way" at "$a1" timeout 60 iperf3 -c 10.0.0.2 -n 2M -R
check "the other way, over IPv6" at "$b1" timeout 60 iperf3 -c 10.0.0.4 -n 2M -R

# a NIC that can do nothing: all is split and summed in software, and is right
for h in "$h1" "$h2"; do
	at "$h" ethtool -K under tx off gso off tso off gro off > /dev/null
done
bulk "without offloads, over IPv4" "$a1" 10.0.0.2 500
bulk "without offloads, over IPv6" "$b1" fd00::4 500
