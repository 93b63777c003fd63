#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 23-neigh-suppress.sh - the switch answers ARP and neighbour discovery for what it knows
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/frames.sh"
need ip bflyctl ping arping socat tcpdump tshark

host h1 h2
wire "$h1" "$h2"
vm a "$h1" 1; vm b "$h1" 2	# in the same switch
vm c "$h2" 3			# behind the peer
configure "$h1" <<-EOF
	switch set local 192.0.2.1
	group add all
	rule add all in proto any
	net add 42
	remote add net 42 via 192.0.2.2
	remote add net 42 via 192.0.2.2 mac $(mac 3) addr 10.0.0.3 addr fd00::3
	$(port a 1 net 42 group all)
	$(port b 2 net 42 group all)
EOF
configure "$h2" <<-EOF
	switch set local 192.0.2.2
	group add all
	rule add all in proto any
	net add 42
	remote add net 42 via 192.0.2.1
	remote add net 42 via 192.0.2.1 mac $(mac 1) addr 10.0.0.1 addr fd00::1
	$(port c 3 net 42 group all)
EOF

# what asks for addresses within the tunnel: ARP, or ICMPv6 of type 135
asking='udp port 4789 and (udp[28:2] = 0x0806 or (udp[28:2] = 0x86dd and udp[36] = 58 and udp[70] = 135))'
# asked CMD...: how many questions were on the wire meanwhile
asked() {
	local ns
	for ns in "$a" "$b" "$c"; do
		ip -n "$ns" neigh flush dev eth0
	done
	listen "$h1" under "$scratch/wire" "$asking ${whom:-}"
	"$@" > /dev/null 2>&1 || :
	heard
	packets "$scratch/wire"
}
on_wire() {
	local min=$1 text=$2 n
	n=$(asked "${@:3}")
	check "$text: $n" [ "$n" -ge "$min" ]
}
# arpings NS ADDR [N]: broadcasts alone
arpings() {
	at "$1" arping -q -b -c "${3:-3}" -w 5 -I eth0 "$2"
}

# the machines have asked whether somebody has their own addresses
settled() {
	[[ -z $(ip -n "$1" -6 addr show dev eth0 tentative) ]]
}
for vm in "$a" "$b" "$c"; do
	busywait 10 settled "$vm"
done
whom='and udp[16] & 1 = 1'		# all, not whether one is still there
same "a peer's host and a neighbour are reached without a question on the wire" 0 \
	"$(asked reach "$a" 10.0.0.2 10.0.0.3 fd00::2 fd00::3)"
check "they were" reach "$a" 10.0.0.2 10.0.0.3 fd00::2 fd00::3
same "neither for the way back" 0 "$(asked reach "$c" 10.0.0.1 fd00::1)"
whom=

# the answers, field by field, also to who has no address yet
ll=fe80::ff:fe00:1 all=ff:ff:ff:ff:ff:ff
node2=33:33:ff:00:00:02 node3=33:33:ff:00:00:03
for vm in "$a" "$b"; do
	ip -n "$vm" neigh flush dev eth0
done
listen "$b" eth0 "$scratch/b" 'ether src 02:00:00:00:00:01 and (arp or (icmp6 and ip6[40] = 135))'
at_b=$listener
listen "$a" eth0 "$scratch/a" 'arp or icmp6'
send "$a" eth0 "$(eth "$all" "$(mac 1)" 0806)$(arp 1 "$(mac 1)" 10.0.0.1 10.0.0.3)"
send "$a" eth0 "$(eth "$all" "$(mac 1)" 0806)$(arp 1 "$(mac 1)" 0.0.0.0 10.0.0.2)"
send "$a" eth0 "$(eth $node3 "$(mac 1)" 86dd)$(icmp6 fd00::1 ff02::1:ff00:3 135 \
	"00000000$(ip_hex fd00::3)0101020000000001")"
send "$a" eth0 "$(eth $node2 "$(mac 1)" 86dd)$(icmp6 "$ll" ff02::1:ff00:2 135 \
	"00000000$(ip_hex fd00::2)0101020000000001")"
send "$a" eth0 "$(eth $node2 "$(mac 1)" 86dd)$(icmp6 :: ff02::1:ff00:2 135 \
	"00000000$(ip_hex fd00::2)")"
heard
listener=$at_b heard
tshark -n -r "$scratch/a" -o ipv6.defragment:FALSE -Y 'arp.opcode == 2 or icmpv6.type == 136' \
	-T fields -E 'separator= ' -e eth.type -e eth.src -e eth.dst \
	-e arp.src.hw_mac -e arp.src.proto_ipv4 -e arp.dst.hw_mac -e arp.dst.proto_ipv4 \
	-e ipv6.src -e ipv6.dst -e ipv6.hlim -e icmpv6.checksum.status -e icmpv6.nd.na.flag.r \
	-e icmpv6.nd.na.flag.s -e icmpv6.nd.na.flag.o -e icmpv6.nd.na.target_address -e icmpv6.opt.type \
	-e icmpv6.opt.linkaddr 2> "$scratch/tshark" |
	sed 's/True/1/g; s/False/0/g; s/Good/1/g; s/  */ /g; s/ $//' > "$scratch/answers"
same "the ARP replies" "$(mac 3) $(mac 1) $(mac 3) 10.0.0.3 $(mac 1) 10.0.0.1
$(mac 2) $(mac 1) $(mac 2) 10.0.0.2 $(mac 1) 0.0.0.0" "$(sed -n 's/^0x0*806 //p' "$scratch/answers")"
same "the neighbour advertisements" "$(mac 3) $(mac 1) fd00::3 fd00::1 255 1 0 1 1 fd00::3 2 $(mac 3)
$(mac 2) $(mac 1) fd00::2 $ll 255 1 0 1 1 fd00::2 2 $(mac 2)
$(mac 2) 33:33:00:00:00:01 fd00::2 ff02::1 255 1 0 0 1 fd00::2 2 $(mac 2)" \
	"$(sed -n 's/^0x0*86dd //p' "$scratch/answers")"
same "nobody else was asked" 0 "$(packets "$scratch/b")"

# what is not answered here goes the usual way
on_wire 3 "nobody's address is asked for on the wire" arpings "$a" 10.0.0.99
on_wire 3 "gratuitous ARP goes out" at "$a" arping -q -b -A -c 3 -w 5 -I eth0 10.0.0.1
on_wire 3 "and a probe for the own address" at "$a" arping -q -b -D -c 3 -w 5 -I eth0 10.0.0.1
unicast() {
	send "$a" eth0 "$(eth "$(mac 3)" "$(mac 1)" 0806)$(arp 1 "$(mac 1)" 10.0.0.1 10.0.0.3)"
}
on_wire 1 "who is asked alone answers himself" unicast
before=$(dropped "$h1" spoofed-arp)
send "$a" eth0 "$(eth "$all" "$(mac 1)" 0806)$(arp 1 "$(mac 1)" 10.0.0.9 10.0.0.2)" 3
same "a spoofed question gets no answer but a drop" $((before + 3)) "$(dropped "$h1" spoofed-arp)"

# off and on
ctl "$h1" net set 42 neigh-suppress off
on_wire 1 "off: ARP on the wire" reach "$a" 10.0.0.3
on_wire 1 "off: neighbour discovery on the wire" reach "$a" fd00::3
on_wire 3 "off: neighbours in the switch are asked for everywhere" arpings "$a" 10.0.0.2
ctl "$h1" net set 42 neigh-suppress on
same "on: no more" 0 "$(asked arpings "$a" 10.0.0.3)"

# changes count at once
ctl "$h1" port set b addr 10.0.0.22 addr fd00::22 addr 10.1.0.0/16
check "an address that was added is answered for" arpings "$a" 10.0.0.22 1
ip -n "$b" addr del 10.0.0.2/24 dev eth0
check_not "one that was taken is not" arpings "$a" 10.0.0.2 1
check_not "nor are prefixes" arpings "$a" 10.1.0.5 1
ctl "$h1" port set b addr 10.0.0.2 addr fd00::2
ctl "$h1" remote replace net 42 via 192.0.2.2 mac "$(mac 3)" addr 10.0.0.33
check "a remote's new address" arpings "$a" 10.0.0.33 1
on_wire 1 "its old one is asked for" arpings "$a" 10.0.0.3 1
ctl "$h1" remote del net 42 via 192.0.2.2 mac "$(mac 3)"
check_not "a remote that went" arpings "$a" 10.0.0.33 1

# who of two owners has an address is theirs to say
ctl "$h1" remote add net 42 via 192.0.2.2 mac "$(mac 3)" addr 10.0.0.2
on_wire 1 "two owners: asked for" arpings "$a" 10.0.0.2 1
ctl "$h1" remote replace net 42 via 192.0.2.2 mac "$(mac 3)" addr 10.0.0.3
same "one is left" 0 "$(asked arpings "$a" 10.0.0.2 1)"
ctl "$h1" port set b mac "$(mac 2)" mac "$(mac 9)"
same "of two MACs the first" "$(mac 2)" \
	"$(at "$a" arping -b -c 1 -w 5 -I eth0 10.0.0.2 | sed -n 's/.*\[\(.*\)\].*/\1/p' | tr A-F a-f)"

# duplicates are found, though the owner is not there to defend his address
ip -n "$b" link set eth0 down
check_not "a duplicate IPv4 address" at "$a" arping -q -D -c 2 -w 5 -I eth0 10.0.0.2
check "a free one" at "$a" arping -q -D -c 2 -w 3 -I eth0 10.0.0.98
ip -n "$a" -b - <<-EOF
	addr add fd00::2/64 dev eth0
	addr add fd00::98/64 dev eth0
EOF
shows() {
	ip -n "$a" -6 addr show dev eth0 | grep -q "$1/64 .*$2"
}
check "a duplicate IPv6 address" busywait 5 shows fd00::2 dadfailed
usable() { ! shows fd00::98 tentative; }
check "one that is free is taken" busywait 5 usable
check_not "without a complaint" shows fd00::98 dadfailed

refuse "on or off" 'neither on nor off' ctl "$h1" net set 42 neigh-suppress 1
