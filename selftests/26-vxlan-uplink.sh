#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 26-vxlan-uplink.sh - VXLAN straight from an uplink, and to the neighbour, unless the host filters
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl ping nft tcpdump nginx curl

host h1 h2
wire "$h1" "$h2"
vm a1 "$h1" 1; vm a2 "$h2" 2	# net 42, over IPv4
vm b1 "$h1" 1; vm b2 "$h2" 2	# net 51, over IPv6
for n in 1 2; do
	host=h$n
	configure "${!host}" <<-EOF
		switch set local 192.0.2.$n local 2001:db8::$n
		uplink add under
		group add all
		rule add all in proto any
		net add 42
		net add 51
		remote add net 42 via 192.0.2.$((3 - n))
		remote add net 51 via 2001:db8::$((3 - n))
		$(port "a$n" "$n" net 42 group all)
		$(port "b$n" "$n" net 51 group all)
	EOF
done

# udp NS: datagrams that the host's own UDP has taken in, of both families
udp() {
	at "$1" cat /proc/net/snmp /proc/net/snmp6 |
		awk '/^Udp: [0-9]/ { n += $2 } /^Udp6InDatagrams/ { n += $2 } END { print n }'
}
# hosts_part CMD...: datagrams that h2's own UDP takes in meanwhile
hosts_part() {
	local before
	before=$(udp "$h2")
	quietly "$@" || return 1
	echo $(($(udp "$h2") - before))
}

check "over IPv4" reach "$a1" 10.0.0.2 fd00::2
same "past the host's UDP" 0 "$(hosts_part reach "$a1" 10.0.0.2 fd00::2)"
check "over IPv6" reach "$b1" 10.0.0.2 fd00::2
for n in a b; do
	from=${n}1 to=${n}2
	serve "${!to}" 80
	for addr in 10.0.0.2 '[fd00::2]'; do
		same "a download, net of $from, from $addr" 225001 \
			"$(at "${!from}" curl -s -m 20 "http://$addr/fast" | wc -c)"
	done
done

listen "$h2" under "$scratch/wire" udp port 4789
reach "$a1" 10.0.0.2
heard
check "a capture on the uplink sees it" [ "$(packets "$scratch/wire" src host 192.0.2.1)" -ge 1 ]

# what the host filters, it does
at "$h2" nft -f - <<-EOF
	table inet filter {
		chain in {
			type filter hook input priority 0
			udp dport 4789 drop
		}
	}
EOF
check "the host's input rules hold" silent "$a1" 10.0.0.2 fd00::2
check "over IPv6 too" silent "$b1" 10.0.0.2 fd00::2
at "$h2" nft flush ruleset
check "and no more without them" reach "$a1" 10.0.0.2 fd00::2
at "$h1" nft -f - <<-EOF
	table inet filter {
		chain out {
			type filter hook output priority 0
			udp dport 4789 drop
		}
	}
EOF
check "its output rules hold" silent "$a1" 10.0.0.2 fd00::2
check "over IPv6 too" silent "$b1" 10.0.0.2 fd00::2
at "$h1" nft flush ruleset
check "and no more without them" reach "$b1" 10.0.0.2 fd00::2
at "$h2" sysctl -qw net.ipv4.conf.under.rp_filter=1
check "where the host checks the reverse path it takes them in itself" \
	[ "$(hosts_part reach "$a1" 10.0.0.2)" -ge 1 ]
at "$h2" sysctl -qw net.ipv4.conf.under.rp_filter=0
ctl "$h2" uplink del under
check "without the uplink all goes on" reach "$a1" 10.0.0.2 fd00::2
check "over IPv6 as well" reach "$b1" 10.0.0.2 fd00::2

# another peer's datagrams, with a checksum and without
ctl "$h2" uplink add under
ip -n "$h1" link del bfly0
ip -n "$h1" -b - <<-EOF
	link add name br0 type bridge
	link add name vx0 type vxlan id 42 local 192.0.2.1 remote 192.0.2.2 dstport 4789 udpcsum
	link set dev vx0 master br0
	link set dev a1 master br0
	link set dev vx0 up
	link set dev br0 up
EOF
check "the kernel's vxlan at the other end, with checksums" reach "$a1" 10.0.0.2 fd00::2
at "$h1" ethtool -K under tx off > /dev/null
check "computed ones" reach "$a1" 10.0.0.2 fd00::2
