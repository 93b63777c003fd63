#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 24-vxlan-outer.sh - TTL, DSCP, ECN and checksum of tunnels, as the kernel's vxlan and tshark see them
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/frames.sh"
need ip bflyctl ping tcpdump tshark mergecap socat ethtool iperf3 mod:vxlan

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

# pings PHASE OPTION...: from both machines with both families, captured for `seen PHASE`
pings() {
	local vm addr
	capture "$1"
	for vm in "$a" "$b"; do
		for addr in 10.0.0.2 fd00::2; do
			check "${vm%%-*} reaches $addr ($*)" at "$vm" ping -n -q -c 1 -w 5 "${@:2}" "$addr"
		done
	done
	heard
}
captures=()
# capture PHASE: what the switch sends through the tunnels, until `heard`
capture() {
	captures+=("$1")
	listen "$h" under "$scratch/wire-$1" udp port 4789 and '(src host 192.0.2.1 or src host 2001:db8::1)'
}
fields=(frame.interface_id ip.src ipv6.src icmp.type icmpv6.type ip.ttl ip.dsfield ipv6.hlim ipv6.tclass
	ip.checksum.status udp.checksum.status udp.checksum)
# decode: all captures by one tshark, an interface each; the first of several values is that of the
# outer header
decode() {
	mergecap -a -I none -w "$scratch/wire" "${captures[@]/#/$scratch/wire-}"
	tshark -n -r "$scratch/wire" -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE -E separator=, \
		-E occurrence=f -T fields "${fields[@]/#/-e}" > "$scratch/fields"
}
# each PHASE ECHO FIELD...: what each echo request (1) or each packet (0) of that phase had there. A
# FIELD is that of IPv4, or of IPv4/IPv6.
each() {
	awk -F, -v phase="$1" -v echo="$2" -v "wanted=${*:3}" -v "fields=${fields[*]}" -v "captures=${captures[*]}" '
		BEGIN {
			for (n = split(fields, f, " "); n; n--)
				at[f[n]] = n
			for (n = split(captures, f, " "); n; n--)
				if (f[n] == phase)
					id = n - 1
			wants = split(wanted, want, " ")
		}
		$at["frame.interface_id"] != id { next }
		echo && $at["icmp.type"] != 8 && $at["icmpv6.type"] != 128 { next }
		{
			over = $at["ipv6.src"] ~ /^2001:db8:/ || $at["ip.src"] == "" ? 2 : 1
			line = "over IPv" (over == 1 ? 4 : 6) ":"
			for (i = 1; i <= wants; i++) {
				n = split(want[i], f, "/")
				line = line " " $at[f[n < over ? n : over]]
			}
			print line
		}' "$scratch/fields"
}
seen() {
	each "$@" | sort -u
}

pings unset
pings inner -Q 186 -t 7
for n in 42 51; do
	ctl "$h" net set "$n" ttl 9 tos 32 csum on
done
pings set -Q 187
for n in 42 51; do
	ctl "$h" net set "$n" ttl inherit tos inherit csum off
done
pings inherit -Q 184 -t 33

# big packets, which are taken apart behind the tunnel
iperf_server "$vx4"
iperf_server "$vx6"
for state in on off; do
	ctl "$h" net set 42 csum $state
	ctl "$h" net set 51 csum $state
	capture "tcp-$state"
	check "TCP over IPv4, checksums $state" at "$a" timeout 60 iperf3 -c 10.0.0.2 -n 300K
	check "TCP over IPv6, checksums $state" at "$b" timeout 60 iperf3 -c fd00::2 -n 300K
	heard
done

# What met congestion on the underlay. tunnelled VIA VNI TOS FRAME
tunnelled() {
	local to=UDP4-SENDTO:192.0.2.1:4789,ip-tos=$3 hex
	[ "$1" = 4 ] || to="UDP6-SENDTO:[2001:db8::1]:4789,ipv6-tclass=$3"
	hex=$(printf '08000000%06x00%s' "$2" "$4")
	bytes "$hex"
	at "$far" socat -u - "$to" < "$scratch/bytes"
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
captures+=(a b)
listen "$a" eth0 "$scratch/wire-a" "udp port 7 or ip6 proto 59"
first=$listener
listen "$b" eth0 "$scratch/wire-b" "udp port 7 or ip6 proto 59"
for inner in 4 6; do
	for tos in 0 1 2 3; do
		tunnelled 4 42 $tos "$(frame $inner 0xba)"
		tunnelled 6 51 $tos "$(frame $inner 0xba)"
	done
done
heard
listener=$first heard

decode
outer=(ip.ttl/ipv6.hlim ip.dsfield/ipv6.tclass)
same "TTL, DSCP and checksum unless set" "over IPv4: 64 0x00 3
over IPv6: 64 0x00000000 1" "$(seen unset 1 "${outer[@]}" udp.checksum.status)"
same "DSCP and ECN are the inner packet's, TTL is not" "over IPv4: 64 0xba 3
over IPv6: 64 0x000000ba 1" "$(seen inner 1 "${outer[@]}" udp.checksum.status)"
same "as set, and ECN is still the inner packet's" "over IPv4: 9 0x23 1
over IPv6: 9 0x00000023 1" "$(seen set 1 "${outer[@]}" udp.checksum.status)"
same "TTL as the inner packet's, no checksum" "over IPv4: 33 0xb8 0x0000
over IPv6: 33 0x000000b8 0x0000" "$(seen inherit 1 "${outer[@]}" udp.checksum)"
same "the checksums of big packets" "over IPv4: 1
over IPv6: 1" "$(seen tcp-on 0 udp.checksum.status)"
same "or none" "over IPv4: 0x0000
over IPv6: 0x0000" "$(seen tcp-off 0 udp.checksum)"
for vm in a b; do
	same "ECN of the outer header shows in the inner one, in $vm's net" "over IPv4: 0xb9 1
over IPv4: 0xba 1
over IPv4: 0xba 1
over IPv4: 0xbb 1
over IPv6: 0x000000b9 255
over IPv6: 0x000000ba 255
over IPv6: 0x000000ba 255
over IPv6: 0x000000bb 255" "$(each $vm 0 "${outer[1]}" ip.checksum.status/ipv6.hlim | sort)"
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
