#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 31-groups-protocols.sh - ICMP types, SCTP, protocols by number, fragments, ARP and ND, DHCP
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl ping socat busybox arping

host h
vm a "$h" 1; vm b "$h" 2
configure "$h" <<-EOF
	net add 42
	group add g
	$(port a 1 net 42)
	$(port b 2 net 42 group g)
EOF

# ARP and ND need no rule
neighbour() {
	ip -n "$a" neigh flush dev eth0
	silent "$a" 10.0.0.2 fd00::2
	[ "$(ip -n "$a" neigh show dev eth0 | grep -c 'lladdr 02:00:00:00:00:02')" -ge 2 ]
}
check "ARP and neighbour discovery pass without a rule" neighbour
check "arping as well" at "$a" arping -q -c 1 -w 5 -I eth0 10.0.0.2

ctl "$h" rule add g in proto icmp type 8 code 0
check "a type of ICMP" reach "$a" 10.0.0.2
check "is none of ICMPv6" silent "$a" fd00::2
ctl "$h" rule add g in proto icmpv6 type 128
check "a type of ICMPv6" reach "$a" fd00::2
ctl "$h" group replace g
configure "$h" <<-EOF
	rule add g in proto icmp type 13
	rule add g in proto icmpv6 type 127
EOF
check "another type is not it" silent "$a" 10.0.0.2 fd00::2

# a protocol by its number: 253 is for experiments
listen_raw() {
	background at "$b" socat -u "IP$1-RECVFROM:253,fork" "OPEN:$scratch/raw$1,creat,append"
}
raw() {
	local i
	for i in 1 2 3 4 5; do
		echo hello | at "$a" socat -u - "IP$1-SENDTO:$2:253"
		! grep -q hello "$scratch/raw$1" || return 0
	done
	return 1
}
listen_raw 4
listen_raw 6
drops "an unknown protocol is dropped" "$h" no-rule-in 5 raw 4 10.0.0.2
ctl "$h" rule add g in proto 253
check "unless a rule has its number" raw 4 10.0.0.2
check "for both families" raw 6 '[fd00::2]'

ctl "$h" group replace g
if modprobe -q sctp; then
	background at "$b" socat SCTP6-LISTEN:7,fork,reuseaddr,ipv6only=0 PIPE
	sctp() {
		local out
		out=$(echo hello | at "$a" timeout "$1" socat -t 3 - "SCTP:$2:7,shut-none")
		[ "$out" = hello ]
	}
	check_not "SCTP needs a rule" sctp 1 10.0.0.2
	ctl "$h" rule add g in proto sctp port 7
	check "and passes by it" sctp 10 10.0.0.2
	check "and over IPv6" sctp 10 '[fd00::2]'
fi

# DHCP: b serves, a has no address yet
cat > "$scratch/udhcpd" <<-EOF
	start 10.0.0.50
	end 10.0.0.60
	interface eth0
	max_leases 5
	lease_file $scratch/leases
	pidfile $scratch/udhcpd.pid
	option subnet 255.255.255.0
	option lease 600
EOF
cat > "$scratch/bound" <<-EOF
	#!/bin/sh
	[ "\$1" != bound ] || echo "\$ip" > $scratch/lease
EOF
chmod +x "$scratch/bound"
touch "$scratch/leases"
lease() {
	rm -f "$scratch/lease"
	at "$a" busybox udhcpc -i eth0 -f -q -n -t 3 -T 1 -s "$scratch/bound"
	grep '^10.0.0' "$scratch/lease"
}
ip -n "$a" addr flush dev eth0 scope global
ip -n "$a" link set eth0 address 02:00:00:00:00:05
configure "$h" <<-EOF
	port replace a net 42 mac 02:00:00:00:00:05
	group replace g
	rule add g in proto udp port 67
EOF
background at "$b" busybox udhcpd -f -I 10.0.0.2 "$scratch/udhcpd"
drops "a port that does not serve DHCP cannot" "$h" rogue-server 1 lease
check_not "so there is no lease" test -s "$scratch/lease"
ctl "$h" port set b dhcp-server on
check "a port without addresses gets a lease" lease
addr=$(cat "$scratch/lease" || echo 10.0.0.50)
ip -n "$a" addr add "$addr/24" dev eth0
ctl "$h" rule add g in proto icmp
check "but may not use it yet" silent "$a" 10.0.0.2
ctl "$h" port set a addr "$addr"
check "until the port has it" reach "$a" 10.0.0.2
