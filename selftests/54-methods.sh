#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 54-methods.sh - every method and pair of families, to backends made of the kernel's own devices
# limit: 600
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/methods.sh"
need ip bflyctl nginx jq python3 tcpdump tshark ethtool nft nstat "${method_modules[@]}"

cluster
method_backends
conversation
configure "$lb" < <(method_pools)
configure "$lb" <<-EOF
	service add $vip4:*/tcp pool gre4
	service add [$vip6]:*/tcp pool gre4
EOF
services() {
	configure "$lb" <<-EOF
		service set $vip4:*/tcp pool $1
		service set [$vip6]:*/tcp pool ${2:-$1}
	EOF
}
# through METHOD FAMILY IP POOL: that way from now on; sets $text and $vip
through() {
	text="$1 over IPv$2, IPv$3"
	if [ "$3" = 4 ]; then
		ctl "$lb" service set "$vip4:*/tcp" pool "$4"
		vip=$vip4
	else
		ctl "$lb" service set "[$vip6]:*/tcp" pool "$4"
		vip=$vip6
	fi
}
fresh() {
	ip -n "$client" route flush cache
	ip -n "$client" -6 route flush cache
}

# 1,500 bytes on the way to the backends, and the client's packets are as large: the
# client learns what fits. They are cut on their way to the balancer, which merges them as
# they come in; what is big stays big.
ip -n "$client" link set under mtu 1500
ip -n "$lb" link set under mtu 1500
at "$lan1" ethtool -K port1 tso off > /dev/null
at "$lb" ethtool -K under gro on > /dev/null
# frames: how many came in so far, and how many went out
frames() {
	# shellcheck disable=SC2016	# awk's own
	at "$lb" awk '/under:/ { print $3, $11 }' /proc/net/dev
}
too_big() {
	local text vip in out in2 out2
	through "$1" "$2" "$4" "$5"
	fresh
	read -r in out < <(frames)
	same "$text: an upload" whole "$(act upload "$vip" 3000000)"
	read -r in2 out2 < <(frames)
	check "$text: of $((in2 - in)) frames $((out2 - out)) were made" [ $(((out2 - out) * 4)) -lt $((in2 - in)) ]
	ip -n "$client" route get "$vip" > "$scratch/route"
	check "$text: in packets of $((1500 - $3)) bytes" grep -qw "mtu $((1500 - $3))" "$scratch/route"
	same "$text: web servers" "14 by several" "$(act web "$vip" 14)"
}
before=$(dropped "$lb" too-big)
each_pair too_big
check "what did not fit was dropped at first" [ "$(dropped "$lb" too-big)" -ge $((before + 20)) ]
ip -n "$lb" link set under mtu 2000
at "$lan1" ethtool -K port1 tso on > /dev/null
at "$lb" ethtool -K under gro off > /dev/null
fresh

gre_router
retargeted() {
	local vip
	for vip in $vip4 $vip6; do
		same "$1, $vip: an upload" whole "$(act upload "$vip" 3000000)"
		same "$1, $vip: web servers" "14 by several" "$(act web "$vip" 14)"
	done
}
by_router to4
retargeted "gre-retarget over IPv4"
by_router to6
retargeted "gre-retarget over IPv6"
check "gre-retarget counts packets" [ "$(backends retarget6 packets | sum)" -gt 100 ]
check "gre-retarget knows the flows inside: $(backends retarget4 new-flows | sum)" \
	[ "$(backends retarget4 new-flows | sum)" -ge 28 ]
ip -n "$client" -b - <<-EOF
	route del $vip4 dev to6
	route del $vip6 dev to6
EOF

# dscp, whose sums are no tunnel's to protect
services dscp4 dscp6
for vip in $vip4 $vip6; do
	same "dscp, $vip: an upload" whole "$(act upload "$vip" 3000000)"
	same "dscp, $vip: web servers" "14 by several" "$(act web "$vip" 14)"
done

# Now with nothing left to a network card: what the switch leaves to segmentation and
# checksums is done in software on the way out, and looked at on the wire.
at "$lb" ethtool -K under tx off tso off gso off > /dev/null
listen "$lb" under "$scratch/wire" -Q out -B 8192 -s 4096 \
	'(ip or ip6) and not icmp and not icmp6 and not ip6 multicast and not host 192.0.2.2 and not host 2001:db8::2'
in_segments() {
	local text vip
	through "$1" "$2" "$4" "$5"
	same "$text: an upload in segments" whole "$(act upload "$vip" 60000)"
}
for vip in $vip4 $vip6; do
	same "dscp, $vip: an upload in segments" whole "$(act upload "$vip" 60000)"
done
each_pair in_segments

# A tunnel of the client's own to a service for it, in which big packets are big already. The
# servers' tunnels go without GRO, which mixes up packets that came in order: clones pass it by,
# and over veth a segment that may be sent again is one; and it takes the packets of an ip6gre
# device for as many flows.
ip -n "$client" -b - <<-EOF
	link add name own mtu 1400 type gre local 192.0.2.2 remote $vip4
	link set dev own addrgenmode none
	link set own up
	route add 10.99.0.1 dev own
EOF
for b in "$b1" "$b2" "$b3"; do
	ip -n "$b" -b - <<-EOF
		link add name own mtu 1400 type gre local $vip4 remote 192.0.2.2
		addr add 10.99.0.1/32 dev own
		link set own up
	EOF
	for dev in own v4in4 in6 g6 vx4; do
		at "$b" ethtool -K $dev gro off
	done
done
ctl "$lb" service add "$vip4:*/gre" pool ipip4
# what the servers got ahead of what was lost or late, or with wrong sums
missed() {
	local b
	for b in "$b1" "$b2" "$b3"; do
		at "$b" nstat -asz TcpExtTCPOFOQueue TcpInCsumErrors Udp6InCsumErrors IpInHdrErrors IpExtInTruncatedPkts
	done | awk '!/^#/ { n += $2 } END { print n }'
}
# what the switch dropped of the services' packets; bfly0 is not configured
dropped_all() {
	ctl "$lb" -j stats | jq -c '[.. | objects | select(.reason and .reason != "closed" and .packets > 0) |
		"\(.reason) \(.packets)"]'
}
tunnel() {
	local p
	for p in ipip4 gre6 gue6 vxlan4; do
		ctl "$lb" service set "$vip4:*/gre" pool $p
		same "a tunnel in $p, $1: an upload" whole "$(act upload 10.99.0.1 300000)"
	done
}
late=$(missed) lost=$(dropped_all)
tunnel "in segments"
heard
at "$lb" ethtool -K under tx on tso on gso on > /dev/null
tunnel "left to the network card"
same "no server had to wait for a segment" "$late" "$(missed)"
same "none was dropped" "$lost" "$(dropped_all)"

decode "$scratch/wire" > "$scratch/seen"
for f in 4 6; do
	on_wire "dscp over IPv$f, IPv$f, TCP" 2 30
done
looked_at() {
	on_wire "$1 over IPv$2, IPv$4, TCP" 2 30
}
each_pair looked_at
for key in "ipip over IPv4" "gre over IPv6" "gue over IPv6" "vxlan over IPv4"; do
	on_wire "$key, IPv4, TCP in GRE" 1 200
done
same "and nothing that is wrong" "" "$(sed -n '/^wrong/p' "$scratch/seen")"

refuse "gre-retarget is for GRE alone" 'gre-retarget is for' ctl "$lb" service set "$vip4:*/tcp" pool retarget4
refuse "vxlan needs the backend's MAC" 'mac' ctl "$lb" backend add vxlan4 192.0.2.99
ctl "$lb" service set "$vip4:*/tcp" pool dscp4
refuse "dscp needs backends of the service's family" 'famil' ctl "$lb" backend add dscp4 2001:db8::99
refuse "gre has no port" 'port' ctl "$lb" pool set gre4 port 7
