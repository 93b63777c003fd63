#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 24-vxlan-outer.sh - TTL, DSCP, ECN and checksum of tunnels, as the kernel's vxlan and tshark see them
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/frames.sh"
need ip bflyctl ping tcpdump tshark socat ethtool iperf3 mod:vxlan

host h
ns far
wire "$h" "$far"
vm a "$h" 1; vm b "$h" 1
configure "$h" <<-EOF
	switch set local 192.0.2.1 local 2001:db8::1
	group add all
	rule add all in proto any
	net add 42
	net add 51
	remote add net 42 via 192.0.2.2
	remote add net 51 via 2001:db8::2
	$(port a 1 net 42 group all)
	$(port b 1 net 51 group all)
EOF
# vtep NAME OPTIONS...
vtep() {
	ns "$1"
	ip -n "$far" link add name "$1" address 02:00:00:00:00:02 mtu 1500 type vxlan "${@:2}" dstport 4789 dev under
	ip -n "$far" link set dev "$1" netns "${!1}" name eth0
	ip -n "${!1}" -b - <<-EOF
		addr add 10.0.0.2/24 dev eth0
		addr add fd00::2/64 dev eth0 nodad
		link set eth0 up
	EOF
}
vtep vx4 id 42 local 192.0.2.2 remote 192.0.2.1
vtep vx6 id 51 local 2001:db8::2 remote 2001:db8::1 udp6zerocsumrx udp6zerocsumtx
# so that a capture shows the checksums as a wire has them
at "$h" ethtool -K under tx off > /dev/null

# pings OPTION...: from both machines with both families; they are in the capture $scratch/wire
pings() {
	local vm addr
	listen "$h" under "$scratch/wire" udp port 4789
	for vm in "$a" "$b"; do
		for addr in 10.0.0.2 fd00::2; do
			check "${vm%%-*} reaches $addr (${*:-})" at "$vm" ping -n -q -c 1 -w 5 "$@" "$addr"
		done
	done
	heard
}
# seen FIELD: what the switch's echo requests over IPv4 had there, then those over IPv6; the
# first of several values is that of the outer header
seen() {
	local over=(-Y '(icmp.type == 8 or icmpv6.type == 128) and ip.src == 192.0.2.1' -e ip.ttl -e ip.dsfield)
	tshark -n -r "$scratch/wire" -o udp.check_checksum:TRUE -E separator=, -E occurrence=f -T fields \
		"${over[@]}" -e "$1" | sort -u | tr '\n' ' '
	over=(-Y '(icmp.type == 8 or icmpv6.type == 128) and ipv6.src == 2001:db8::1' -e ipv6.hlim -e ipv6.tclass)
	tshark -n -r "$scratch/wire" -o udp.check_checksum:TRUE -E separator=, -E occurrence=f -T fields \
		"${over[@]}" -e "$1" | sort -u | tr '\n' ' '
}

pings
same "TTL, DSCP and checksum unless set" '64,0x00,3 64,0x00000000,1 ' "$(seen udp.checksum.status)"
pings -Q 186 -t 7
same "DSCP and ECN are the inner packet's, TTL is not" '64,0xba,3 64,0x000000ba,1 ' \
	"$(seen udp.checksum.status)"
for n in 42 51; do
	ctl "$h" net set "$n" ttl 9 tos 32 csum on
done
pings -Q 187
same "as set, and ECN is still the inner packet's" '9,0x23,1 9,0x00000023,1 ' "$(seen udp.checksum.status)"
for n in 42 51; do
	ctl "$h" net set "$n" ttl inherit tos inherit csum off
done
pings -Q 184 -t 33
same "TTL as the inner packet's, no checksum" '33,0xb8,0x0000 33,0x000000b8,0x0000 ' "$(seen udp.checksum)"

# big packets, which are taken apart behind the tunnel
background ip netns exec "$vx4" iperf3 -s
background ip netns exec "$vx6" iperf3 -s
busywait 10 at "$vx4" nc -z 127.0.0.1 5201
busywait 10 at "$vx6" nc -z 127.0.0.1 5201
for state in on off; do
	ctl "$h" net set 42 csum $state
	ctl "$h" net set 51 csum $state
	listen "$h" under "$scratch/wire" -s 0 udp port 4789 and '(src host 192.0.2.1 or src host 2001:db8::1)'
	check "TCP over IPv4, checksums $state" at "$a" timeout 60 iperf3 -c 10.0.0.2 -n 300K
	check "TCP over IPv6, checksums $state" at "$b" timeout 60 iperf3 -c fd00::2 -n 300K
	heard
	want='1 1 ' field=udp.checksum.status
	[ $state = on ] || want='0x0000 0x0000 ' field=udp.checksum
	same "all of them" "$want" "$(for source in 'ip.src == 192.0.2.1' 'ipv6.src == 2001:db8::1'; do
		tshark -n -r "$scratch/wire" -o udp.check_checksum:TRUE -E occurrence=f -T fields -e $field \
			-Y "$source" | sort -u
	done | tr '\n' ' ')"
done

# What met congestion on the underlay. tunnelled VIA VNI TOS FRAME
tunnelled() {
	local to=UDP4-SENDTO:192.0.2.1:4789,ip-tos=$3 hex
	[ "$1" = 4 ] || to="UDP6-SENDTO:[2001:db8::1]:4789,ipv6-tclass=$3"
	hex=$(printf '08000000%06x00%s' "$2" "$4")
	bytes "$hex" | at "$far" socat -u - "$to"
}
# frame FAMILY TOS
frame() {
	local head
	head=$(mac 1)$(mac 2)
	if [ "$1" = 4 ]; then
		echo "${head//:/}0800$(ip4 10.0.0.2 10.0.0.1 17 "$(udp 7 7 00)" "$2")"
	else
		echo "${head//:/}86dd$(ip6 fd00::2 fd00::1 59 '' "$2")"
	fi
}
listen "$a" eth0 "$scratch/a" "udp port 7 or ip6 proto 59"
first=$listener
listen "$b" eth0 "$scratch/b" "udp port 7 or ip6 proto 59"
for inner in 4 6; do
	for tos in 0 1 2 3; do
		tunnelled 4 42 $tos "$(frame $inner 0xba)"
		tunnelled 6 51 $tos "$(frame $inner 0xba)"
	done
done
heard
listener=$first heard
for vm in a b; do
	same "$vm: ECN of the outer header shows in the inner one" \
		'0xb9 0xba 0xba 0xbb 0x000000b9 0x000000ba 0x000000ba 0x000000bb ' \
		"$({
			tshark -n -r "$scratch/$vm" -T fields -e ip.dsfield -Y 'ip.checksum.status != 0' -o ip.check_checksum:TRUE | sort
			tshark -n -r "$scratch/$vm" -T fields -e ipv6.tclass -Y ipv6 | sort
		} | tr '\n' ' ')"
done
for inner in 4 6; do
	drops "IPv$inner that knows no ECN is dropped" "$h" ecn 1 tunnelled 4 42 3 "$(frame $inner 0xb8)"
	drops "over IPv6 as well" "$h" ecn 1 tunnelled 6 51 3 "$(frame $inner 0xb8)"
done

refuse "ECN is not set by hand" "lower bits" ctl "$h" net set 42 tos 3
refuse "not with a new net either" "lower bits" ctl "$h" net add 60 tos 187
refuse "a TTL fits into its byte" "255" ctl "$h" net set 42 ttl 256
check "what is refused changes nothing" bash -c \
	"bflyctl -n $h net show 42 | grep -q 'ttl inherit tos inherit csum off'"
