#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 22-vxlan-interop.sh - a switch here, the kernel's own vxlan device there, and tshark between
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl ping tcpdump tshark socat ethtool mod:vxlan

host h
ns far
wire "$h" "$far"
vm a "$h" 1; vm b "$h" 1
configure "$h" <<-EOF
	switch set local 192.0.2.1 local 2001:db8::1
	group add all
	rule add all in proto any
	net add 42
	net add 51 vni 1048577
	remote add net 42 via 192.0.2.2
	remote add net 51 via 2001:db8::2
	$(port a 1 net 42 group all)
	$(port b 1 net 51 group all)
EOF
# vtep NAME OPTIONS...: the device's socket stays in the far host, the device goes to a
# namespace of its own, for the tenants' addresses overlap
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
vtep vx6 id 1048577 local 2001:db8::2 remote 2001:db8::1

# so that a capture shows the checksums as a wire has them
at "$h" ethtool -K under tx off > /dev/null
listen "$h" under "$scratch/wire" udp port 4789
check "to the kernel's vxlan, over IPv4" reach "$a" 10.0.0.2 fd00::2
check "from it" reach "$vx4" 10.0.0.1 fd00::1
check "to it, over IPv6" reach "$b" 10.0.0.2 fd00::2
check "from it" reach "$vx6" 10.0.0.1 fd00::1
repeat "$vx4" tcp 7
repeat "$a" tcp 7
repeat "$vx6" udp 7
dial there "$a" 10.0.0.2 7
dial back "$vx4" fd00::1 7
check "TCP to it" say there
check "TCP from it" say back
check "UDP to it, over IPv6" echo_udp "$b" fd00::2 7
heard

fields=(ip.src ip.dst ipv6.src ipv6.dst ip.flags.df ip.ttl ipv6.hlim udp.srcport udp.dstport
	udp.checksum.status vxlan.flags vxlan.vni _ws.malformed)
tshark -n -r "$scratch/wire" -o udp.check_checksum:TRUE -E separator=, -E occurrence=f -T fields \
	"${fields[@]/#/-e}" > "$scratch/fields"

# column FIELD SOURCE: its values in what the switch sent, sorted
column() {
	awk -F, -v name="$1" -v "fields=${fields[*]}" -v "from=$2" '
		BEGIN	{ n = split(fields, f, " "); for (i = 1; i <= n; i++) at[f[i]] = i }
		$at["ip.src"] == from || $at["ipv6.src"] == from { print $at[name] }' "$scratch/fields" |
		sort -u | tr '\n' ' '
}
for us in 192.0.2.1,192.0.2.2,ip.dst,ip.ttl,0x00002a 2001:db8::1,2001:db8::2,ipv6.dst,ipv6.hlim,0x100001; do
	IFS=, read -r src dst dst_field ttl_field vni <<< "$us"
	same "$src: destination" "$dst " "$(column "$dst_field" "$src")"
	same "$src: VNI" "$((vni)) " "$(column vxlan.vni "$src")"
	same "$src: flags" "0x0800 " "$(column vxlan.flags "$src")"
	same "$src: UDP port" "4789 " "$(column udp.dstport "$src")"
	same "$src: TTL" "64 " "$(column "$ttl_field" "$src")"
	same "$src: nothing malformed" " " "$(column _ws.malformed "$src")"
	ports=$(column udp.srcport "$src")
	bad=0
	for p in $ports; do
		[ "$p" -ge 49152 ] || bad=$p
	done
	same "$src: source ports in the dynamic range" 0 "$bad"
	check "$src: flows have different ones: $ports" [ "$(wc -w <<< "$ports")" -gt 1 ]
done
same "reserved bits are zero" 0 "$(packets "$scratch/wire" \
	'(src host 192.0.2.1 and (udp[8:4] != 0x08000000 or udp[15] != 0)) or
	 (src host 2001:db8::1 and (ip6[48:4] != 0x08000000 or ip6[55] != 0))')"
same "2001:db8::1: UDP checksums are there and right" "1 " "$(column udp.checksum.status 2001:db8::1)"
