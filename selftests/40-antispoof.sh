#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 40-antispoof.sh - a port speaks for itself alone: MAC, IP, ARP, ND, RA, DHCP
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/frames.sh"
need ip bflyctl ping socat tcpdump

host h
vm a "$h" 1; vm b "$h" 2
configure "$h" <<-EOF
	net add 42
	group add all
	rule add all in proto any
	$(port a 1 net 42 group all)
	$(port b 2 net 42 group all)
EOF
check "honest traffic passes" reach "$a" 10.0.0.2 fd00::2

good=$(mac 1) evil=$(mac 9) peer=$(mac 2) all=ff:ff:ff:ff:ff:ff
hello=$(udp 7 7 68656c6c6f)
ll=fe80::ff:fe00:1

# what passes and what does not is sent together, and both ends count
spoof() {
	local text=$1 reason=$2
	drops "$text is dropped" "$h" "$reason" 3 send "$a" eth0 "$3" 3
}
listen "$b" eth0 "$scratch/b" 'udp port 7 or arp or udp port 68 or icmp6'

spoof "another's MAC" spoofed-mac "$(eth "$peer" "$evil" 0800)$(ip4 10.0.0.1 10.0.0.2 17 "$hello")"
spoof "a group MAC as source" spoofed-mac "$(eth "$peer" 03:00:00:00:00:01 0800)$(ip4 10.0.0.1 10.0.0.2 17 "$hello")"
spoof "another's MAC in ARP" spoofed-mac "$(eth "$all" "$evil" 0806)$(arp 1 "$good" 10.0.0.1 10.0.0.2)"
spoof "another's IPv4 address" spoofed-ip "$(eth "$peer" "$good" 0800)$(ip4 10.0.0.9 10.0.0.2 17 "$hello")"
spoof "another's IPv6 address" spoofed-ip \
	"$(eth "$peer" "$good" 86dd)$(icmp6 fd00::9 fd00::2 128 00010001)"
spoof "a link-local source, but for ND and MLD" spoofed-ip \
	"$(eth "$peer" "$good" 86dd)$(icmp6 "$ll" fd00::2 128 00010001)"
spoof "no source address" spoofed-ip "$(eth "$peer" "$good" 0800)$(ip4 0.0.0.0 10.0.0.2 17 "$hello")"
spoof "another's address as ARP sender" spoofed-arp \
	"$(eth "$all" "$good" 0806)$(arp 2 "$good" 10.0.0.9 10.0.0.2)"
spoof "another's MAC inside of ARP" spoofed-arp \
	"$(eth "$all" "$good" 0806)$(arp 1 "$evil" 10.0.0.1 10.0.0.2)"
spoof "another's address as ND target" spoofed-nd \
	"$(eth "$peer" "$good" 86dd)$(icmp6 fd00::1 fd00::2 136 "20000000$(ip_hex fd00::9)0201${good//:/}")"
spoof "RARP" spoofed-arp "$(eth "$all" "$good" 8035)$(arp 3 "$good" 10.0.0.1 10.0.0.1)"
spoof "a router advertisement" rogue-server \
	"$(eth 33:33:00:00:00:01 "$good" 86dd)$(icmp6 "$ll" ff02::1 134 400007080000000000000000)"
offer=$(udp 67 68 "020106000000000100008000$(printf '%0456d' 0)63825363350102ff")
spoof "a DHCP offer" rogue-server "$(eth "$all" "$good" 0800)$(ip4 10.0.0.1 255.255.255.255 17 "$offer")"
heard
same "the neighbour saw none of it" 0 "$(packets "$scratch/b" \
	'udp port 7 or udp port 68 or ether src 02:00:00:00:00:09 or src host 10.0.0.9 or src host fd00::9 or
	(icmp6 and ip6[40] = 134) or (arp and arp[14:4] = 0x0a000009)')"

# the port's own rights
spoof_not() {
	local before after
	before=$(counter "$h" a rx-dropped)
	send "$a" eth0 "$2"
	after=$(counter "$h" a rx-dropped)
	same "$1" "$before" "$after"
}
ctl "$h" port set a dhcp-server on
spoof_not "a DHCP offer of a port that serves it" \
	"$(eth "$all" "$good" 0800)$(ip4 10.0.0.1 255.255.255.255 17 "$offer")"
ctl "$h" port set a addr 10.0.0.1 addr 172.16.0.0/12 addr fd00::1 addr fd01::/64
spoof_not "an address of a prefix" "$(eth "$peer" "$good" 0800)$(ip4 172.31.255.254 10.0.0.2 17 "$hello")"
spoof_not "an IPv6 address of a prefix" "$(eth "$peer" "$good" 86dd)$(icmp6 fd01::77 fd00::2 128 00010001)"
spoof "an address beside the prefix" spoofed-ip \
	"$(eth "$peer" "$good" 0800)$(ip4 172.32.0.0 10.0.0.2 17 "$hello")"
ctl "$h" port set a mac "$good" mac "$evil"
spoof_not "a second MAC" "$(eth "$peer" "$evil" 0800)$(ip4 10.0.0.1 10.0.0.2 17 "$hello")"
ctl "$h" port set a mac "$good"

# by default a port may begin flows from its own addresses alone: a rule for the others
ctl "$h" rule add all out proto any
ctl "$h" port set a antispoof off
spoof_not "antispoof off: any address" "$(eth "$peer" "$good" 0800)$(ip4 10.0.0.9 10.0.0.2 17 "$hello")"
spoof "but not any MAC" spoofed-mac "$(eth "$peer" "$evil" 0800)$(ip4 10.0.0.1 10.0.0.2 17 "$hello")"
ctl "$h" port set a antispoof on bypass on
spoof_not "bypass: any MAC" "$(eth "$peer" "$evil" 0800)$(ip4 10.0.0.9 10.0.0.2 17 "$hello")"
spoof_not "bypass: router advertisements" \
	"$(eth 33:33:00:00:00:01 "$good" 86dd)$(icmp6 "$ll" ff02::1 134 400007080000000000000000)"
ctl "$h" rule del all out proto any
ctl "$h" port set a bypass off
spoof "and no more" spoofed-ip "$(eth "$peer" "$good" 0800)$(ip4 10.0.0.9 10.0.0.2 17 "$hello")"

# a port without addresses: DHCP, probes and ND alone
ctl "$h" port set a addr none
spoof "a port without addresses sends no IP" spoofed-ip \
	"$(eth "$peer" "$good" 0800)$(ip4 10.0.0.1 10.0.0.2 17 "$hello")"
spoof_not "but probes for its address" "$(eth "$all" "$good" 0806)$(arp 1 "$good" 0.0.0.0 10.0.0.1)"
spoof_not "and DHCP as a client" "$(eth "$all" "$good" 0800)$(ip4 0.0.0.0 255.255.255.255 17 \
	"$(udp 68 67 "010106000000000100008000$(printf '%0456d' 0)63825363350101ff")")"
