#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 54-methods-servers.sh - the web, DNS, and QUIC whose clients move, by every method and pair of families
# limit: 600
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/methods.sh"
need ip bflyctl nginx jq python3 tcpdump tshark ethtool nft dnsmasq "${method_modules[@]}"

cluster
method_backends
conversation
# each name server has an address of its own to tell
for n in 3 4 5; do
	b=b$((n - 2))
	background at "${!b}" dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --user=root \
		--address="/who.example/192.0.2.$n"
done
configure "$lb" < <(method_pools)
configure "$lb" <<-EOF
	service add $vip4:80/tcp pool l24
	service add $vip4:53/udp pool l24
	service add $vip4:443/udp pool l24 hash quic
	service add [$vip6]:80/tcp pool l26
	service add [$vip6]:53/udp pool l26
	service add [$vip6]:443/udp pool l26 hash quic
EOF
# by all of them: of 60 clients each has one
answered() {
	[ "$(act dns "$1" 60)" = "60 by several" ]
}
busywait 20 answered $vip4
busywait 20 answered $vip6

# What the switch leaves to a network card is done in software on the way out. Frames are
# looked at as they come into the LAN: those of XDP pass no tap on their way out. A place in the
# ring is as large as a packet may be.
at "$lb" ethtool -K under tx off > /dev/null
filter="(ip or ip6) and not icmp and not icmp6 and not ip6 multicast and not dst host $vip4 and not dst host $vip6"
if [ -n "${BFLY_XDP:-}" ]; then
	listen "$lb" under "$scratch/passed" -Q out "$filter"
	passed=$listener
fi
listen "$lan1" port1 "$scratch/wire" -Q in -B 8192 -s 4096 "$filter"
# talk TEXT IP POOL
talk() {
	local vip=$vip4
	[ "$2" = 4 ] || vip=[$vip6]
	configure "$lb" <<-EOF
		service set $vip:80/tcp pool $3
		service set $vip:53/udp pool $3
		service set $vip:443/udp pool $3
	EOF
	vip=vip$2
	same "$1: web pages" "14 by several" "$(act web "${!vip}" 14)"
	same "$1: names" "14 by several" "$(act dns "${!vip}" 14)"
	same "$1: connections, wherever they come from" "14 by several" "$(act quic "${!vip}" 14)"
}
pair() {
	talk "$1 over IPv$2, IPv$4" "$4" "$5"
}
for ip in 4 6; do
	talk "l2, IPv$ip" $ip l2$ip
	talk "dscp, IPv$ip" $ip dscp$ip
done
each_pair pair
heard
if [ -n "${BFLY_XDP:-}" ]; then
	listener=$passed
	heard
	passed=$(packets "$scratch/passed")
	check "XDP sends by itself, but for what has no MAC yet: $passed" [ "$passed" -lt 100 ]
fi

gre_router
for family in 4 6; do
	by_router to$family
	same "gre-retarget over IPv$family, IPv4: web pages" "14 by several" "$(act web $vip4 14)"
	same "gre-retarget over IPv$family, IPv4: names" "14 by several" "$(act dns $vip4 14)"
	same "gre-retarget over IPv$family, IPv6: web pages" "14 by several" "$(act web $vip6 14)"
	same "gre-retarget over IPv$family, IPv6: names" "14 by several" "$(act dns $vip6 14)"
done

decode "$scratch/wire" > "$scratch/seen"
for f in 4 6; do
	on_wire "dscp over IPv$f, IPv$f, TCP" 1 56
	on_wire "dscp over IPv$f, IPv$f, UDP" 1 70
done
looked_at() {
	on_wire "$1 over IPv$2, IPv$4, TCP" 1 56
	on_wire "$1 over IPv$2, IPv$4, UDP" 1 70
}
each_pair looked_at
same "and nothing that is wrong" "" "$(sed -n '/^wrong/p' "$scratch/seen")"
