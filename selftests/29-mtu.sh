#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 29-mtu.sh - who sends what is too big for a tunnel or a port is told what fits
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl ping tcpdump tshark socat iperf3

host h1 h2
wire "$h1" "$h2"
vm a1 "$h1" 1; vm a2 "$h2" 2	# net 42, over IPv4
vm b1 "$h1" 1; vm b2 "$h2" 2	# net 51, over IPv6
vm c1 "$h1" 3			# net 42
for n in 1 2; do
	host=h$n
	ip -n "${!host}" link set under mtu 1500
	configure "${!host}" <<-EOF
		switch set local 192.0.2.$n local 2001:db8::$n
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
configure "$h1" <<< "$(port c1 3 net 42 group all)"
reach "$a1" 10.0.0.2 10.0.0.3 fd00::2 fd00::3
reach "$b1" 10.0.0.2 fd00::2

# forget NS: what it was told before
forget() {
	ip -n "$1" route flush cache
	ip -n "$1" -6 route flush cache
}
# told_mtu NS ADDR MTU: packets of 1500 bytes to it are too big, and that would fit
told_mtu() {
	local size=1472 said
	[ "${2/:/}" = "$2" ] || size=1452
	forget "$1"
	said=$(at "$1" ping -n -M "do" -c 3 -i 0.2 -w 5 -s $size "$2" 2>&1) && return 1
	echo "$said"
	grep -qE "mtu ?= ?$3\\b" <<< "$said" || return 1
	size=$((size - 1500 + $3))
	at "$1" ping -n -q -M "do" -c 1 -w 5 -s $size "$2"
}
listen "$a1" eth0 "$scratch/a1" 'icmp[0] == 3 or icmp6[0] == 2'
check "over IPv4" told_mtu "$a1" 10.0.0.2 1450
check "over IPv4, IPv6 inside" told_mtu "$a1" fd00::2 1450
heard
check "over IPv6" told_mtu "$b1" 10.0.0.2 1430
check "over IPv6, IPv6 inside" told_mtu "$b1" fd00::2 1430
# what tshark makes of the answers; a quoted packet's fields come second
fields=(icmp.type icmpv6.type eth.src eth.dst ip.src ip.dst ipv6.src ipv6.dst ip.ttl ipv6.hlim ip.checksum.status
	icmp.code icmpv6.code icmp.mtu icmpv6.mtu icmp.checksum.status icmpv6.checksum.status)
same "the answers over IPv6 and IPv4" ",2,$(mac 2),$(mac 1),,,fd00::2,fd00::1,,64,,,0,,1450,,1
3,,$(mac 2),$(mac 1),10.0.0.2,10.0.0.1,,,64,,1,4,,1450,,1," \
	"$(tshark -n -r "$scratch/a1" -o ip.check_checksum:TRUE -Y 'icmp.type == 3 or icmpv6.type == 2' \
		-E occurrence=f -E separator=, -T fields "${fields[@]/#/-e}" | sort -u)"
# probes COUNT: datagrams of 1500 bytes by who does not care what it is told
probes() {
	head -c $((1472 * $1)) /dev/zero | at "$a1" socat -u -b 1472 - UDP4-SENDTO:10.0.0.2:9,mtudiscover=3
}
drops "the packet itself is dropped and counted" "$h1" too-big 3 probes 3
forget "$a1"
forget "$b1"
check "what may be fragmented passes" at "$a1" ping -n -q -M dont -c 1 -w 5 -s 1472 10.0.0.2
check "over IPv6 as well" at "$b1" ping -n -q -M dont -c 1 -w 5 -s 1472 10.0.0.2

# all at once: there is an end to answers
listen "$a1" eth0 "$scratch/many" 'icmp[0] == 3'
SECONDS=0
probes 3000
most=$((1000 * (SECONDS + 2)))
heard
n=$(packets "$scratch/many")
check "answers are limited: $n, at most $most" [ "$n" -ge 500 -a "$n" -le "$most" ]
nap 1

iperf_server "$a2"
iperf_server "$b2"
for vm in "$a1" "$b1"; do
	forget "$vm"
	check "TCP finds the way" at "$vm" timeout 60 iperf3 -c 10.0.0.2 -n 1M
	check "over IPv6 inside" at "$vm" timeout 60 iperf3 -c fd00::2 -n 1M
	check "the other way" at "$vm" timeout 60 iperf3 -R -c fd00::2 -n 1M
done

# the underlay's route knows of something smaller
ip -n "$h1" -b - <<-EOF
	route replace 192.0.2.0/24 dev under src 192.0.2.1 mtu 1400
	route replace 2001:db8::2 dev under src 2001:db8::1 mtu 1360
EOF
check "the route's MTU counts" told_mtu "$a1" 10.0.0.2 1350
check "over IPv6" told_mtu "$b1" 10.0.0.2 1290
check "over IPv6, IPv6 inside" told_mtu "$b1" fd00::2 1290
ctl "$h1" net set 42 mtu 1300
check "the net's MTU limits further" told_mtu "$a1" 10.0.0.2 1300
check "IPv6 as well" told_mtu "$a1" fd00::2 1300
ctl "$h1" net set 42 mtu 900
check "it may be small" told_mtu "$a1" 10.0.0.2 900
check "IPv6 goes down to 1280" told_mtu "$a1" fd00::2 1280
ctl "$h1" net set 42 mtu 0
check "without one" told_mtu "$a1" 10.0.0.2 1350

# the port's netdev is the narrow place
for h in "$h1" "$h2"; do
	ip -n "$h" link set under mtu 2000
done
ip -n "$h1" -b - <<-EOF
	route replace 192.0.2.0/24 dev under src 192.0.2.1
	link set c1 mtu 1400
EOF
check "a port's MTU" told_mtu "$a1" 10.0.0.3 1400
check "IPv6 as well" told_mtu "$a1" fd00::3 1400
check "through a tunnel" told_mtu "$a2" 10.0.0.3 1400
check "through a tunnel, IPv6" told_mtu "$a2" fd00::3 1400

# the segments of big packets are to fit as others are
iperf_server "$c1"
told_tcp() {
	local before
	forget "$a1"
	before=$(dropped "$h1" too-big)
	at "$a1" timeout 60 iperf3 -c "$1" -n 1M || return 1
	[ "$(dropped "$h1" too-big)" -gt "$before" ] && ip -n "$a1" route get "$1" | grep -w 'mtu 1400'
}
check "TCP's segments are too big for it" told_tcp 10.0.0.3
check "IPv6 as well" told_tcp fd00::3

refuse "an MTU that is too small" '576' ctl "$h1" net set 42 mtu 575
refuse "and one that is too large" '65535|range' ctl "$h1" net set 42 mtu 65536
