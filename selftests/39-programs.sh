#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 39-programs.sh - what people run: DNS, iperf3, traceroute, path MTU discovery
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl ping iperf3 dnsmasq nc busybox

# a may only begin; b serves; $r forwards to $far over a link with a smaller MTU.
host h
vm a "$h" 1; vm b "$h" 2; vm r "$h" 9
ns far
ip -n "$r" -b - <<-EOF
	link add name side mtu 1300 type veth peer name eth0 netns $far mtu 1300
	addr add 198.51.100.1/24 dev side
	addr add 2001:db8:c::1/64 dev side nodad
	link set dev side up
EOF
ip -n "$far" -b - <<-EOF
	addr add 198.51.100.2/24 dev eth0
	addr add 2001:db8:c::2/64 dev eth0 nodad
	link set dev eth0 up
	route add default via 198.51.100.1
	route add default via 2001:db8:c::1
EOF
ip -n "$a" -b - <<-EOF
	route add default via 10.0.0.9
	route add default via fd00::9
EOF
at "$r" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
configure "$h" <<-EOF
	net add 42
	group add client
	group add server
	rule add server in proto udp port 53
	rule add server in proto tcp port 5201
	rule add server in proto udp port 5201
	group add router
	rule add router in proto any
	$(port a 1 net 42 group client)
	$(port b 2 net 42 group server)
	$(port r 9 net 42 addr 198.51.100.0/24 addr 2001:db8:c::/64 group router)
EOF

background at "$b" dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --user=root \
	--address=/www.example/192.0.2.80 --address=/www.example/2001:db8::80
resolve() {
	at "$a" busybox nslookup "-type=$2" www.example "$1" | grep -qF "$3"
}
check "a name is asked for over UDP" busywait 10 resolve 10.0.0.2 a 192.0.2.80
check "and over IPv6" busywait 10 resolve fd00::2 aaaa 2001:db8::80

iperf_server "$b"
check "iperf3 there" at "$a" iperf3 -c 10.0.0.2 -n 4M
check "and back" at "$a" iperf3 -c 10.0.0.2 -n 4M -R
check "iperf3 over IPv6 there" at "$a" iperf3 -c fd00::2 -n 4M
check "and back" at "$a" iperf3 -c fd00::2 -n 4M -R
check "iperf3 over UDP there" at "$a" iperf3 -c 10.0.0.2 -u -b 10M -n 200K -l 1200
check "and back" at "$a" iperf3 -c 10.0.0.2 -u -b 10M -n 200K -l 1200 -R

# hops COMMAND...: what traceroute found, in a line
hops() {
	at "$a" busybox "$@" 2> /dev/null | awk '$1 ~ /^[0-9]+$/ { printf "%s ", $2 }'
}
same "traceroute with UDP sees the router and the far end" "10.0.0.9 198.51.100.2 " \
	"$(hops traceroute -n -q 1 -w 5 -m 4 198.51.100.2)"
same "with ICMP as well" "10.0.0.9 198.51.100.2 " \
	"$(hops traceroute -n -I -q 1 -w 5 -m 4 198.51.100.2)"
same "over IPv6 as well" "fd00::9 2001:db8:c::2 " \
	"$(hops traceroute6 -n -q 1 -w 5 -m 4 2001:db8:c::2)"

told_mtu() {
	at "$a" ping -n -c 3 -i 0.2 -w 5 -M "do" -s 1400 "$1" 2>&1 | grep -qiE 'mtu ?[=:] ?1300'
}
check "a packet too big for the way is told of" told_mtu 198.51.100.2
check "over IPv6 too" told_mtu 2001:db8:c::2
ip -n "$a" route flush cache
ip -n "$a" -6 route flush cache
# upload ADDR PORT: 300,000 bytes arrive, though the first packets are too big
upload() {
	local pid
	at "$far" timeout 20 nc -l -N "$1" "$2" > "$scratch/got" < /dev/null &
	pid=$!
	until_up at "$far" grep -qi "$(printf ':%04X ' "$2")" /proc/net/tcp /proc/net/tcp6
	head -c 300000 /dev/zero | at "$a" nc -N -w 15 "$1" "$2"
	wait "$pid"
	[ "$(wc -c < "$scratch/got")" = 300000 ]
}
check "TCP finds out the MTU of the way" upload 198.51.100.2 2000
check "over IPv6 too" upload 2001:db8:c::2 2001
