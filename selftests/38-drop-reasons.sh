#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 38-drop-reasons.sh - each reason of the firewall is counted for itself
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/frames.sh"
need ip bflyctl socat jq

host h
vm a "$h" 1; vm b "$h" 2; vm closed "$h" 3
configure "$h" <<-EOF
	net add 42
	group add client
	rule add client out proto udp port 7-8
	rule add client out proto icmp
	group add server
	rule add server in proto udp port 7
	$(port a 1 net 42 group client)
	$(port b 2 net 42 group server)
EOF
ip -n "$h" link set closed master bfly0
# that nobody sends anything by himself
ip -n "$b" neigh replace 10.0.0.1 lladdr "$(mac 1)" dev eth0 nud permanent
for n in "$a" "$b" "$closed" "$h"; do
	at "$n" sysctl -qw net.ipv6.conf.all.disable_ipv6=1
done

reasons() {
	ctl "$h" -j stats | jq -r '.[0].drop[] | "\(.reason) \(.packets)"'
}
# grown: which counters have, and by how much
grown() {
	local reason packets found=
	local -A was=()
	while read -r reason packets; do
		was[$reason]=$packets
	done <<< "$before"
	while read -r reason packets; do
		[ "$packets" = "${was[$reason]:-}" ] || found+=", $reason $((packets - ${was[$reason]:-0}))"
	done < <(reasons)
	echo "${found#, }"
}
has_grown() {
	[ -n "$(grown)" ]
}
# only TEXT REASON HEX [NS]: the frame is dropped for that, and nothing else is
only() {
	before=$(reasons)
	send "${4:-$a}" eth0 "$3"
	busywait 5 has_grown || :
	same "$1" "$2 1" "$(grown)"
}
good=$(mac 1) evil=$(mac 9)
to4=$(eth "$(mac 2)" "$good" 0800) to6=$(eth "$(mac 2)" "$good" 86dd)
hello=$(udp 7 7 68656c6c6f)
udp4() {
	printf %s "$to4$(ip4 10.0.0.1 10.0.0.2 17 "$(udp "$1" "$2" 00)")"
}
options=
for ((i = 0; i < 9; i++)); do options+=3c00010400000000; done

only "a port that is not configured" closed \
	"$(eth "$(mac 2)" "$(mac 3)" 0800)$(ip4 10.0.0.3 10.0.0.2 17 "$hello")" "$closed"
only "half of a header" malformed "${to4}4500002800004000"
only "neither ARP nor IP" not-ip "$(eth "$(mac 2)" "$good" 9000)0000"
only "too many extension headers" exthdr "$to6$(ip6 fd00::1 fd00::2 60 "$options")"
only "another's MAC" spoofed-mac "$(eth "$(mac 2)" "$evil" 0800)$(ip4 10.0.0.1 10.0.0.2 17 "$hello")"
only "another's IPv4 address" spoofed-ip "$to4$(ip4 10.0.0.9 10.0.0.2 17 "$hello")"
only "another's IPv6 address" spoofed-ip "$to6$(icmp6 fd00::9 fd00::2 128 00010001)"
only "another's address in ARP" spoofed-arp "$(eth "$(mac 2)" "$good" 0806)$(arp 2 "$good" 10.0.0.9 10.0.0.2)"
only "another's address in neighbour discovery" spoofed-nd \
	"$to6$(icmp6 fd00::1 fd00::2 136 "20000000$(ip_hex fd00::9)0201${good//:/}")"
only "a router advertisement" rogue-server \
	"$(eth 33:33:00:00:00:01 "$good" 86dd)$(icmp6 fe80::ff:fe00:1 ff02::1 134 400007080000000000000000)"
only "no rule for out" no-rule-out "$(udp4 7 9)"
only "no rule for in" no-rule-in "$(udp4 7 8)"
only "a reply that nobody asked for" no-flow "$to4$(ip4 10.0.0.1 10.0.0.2 1 0000fffe00010000)"
quoted=$(ip4 10.0.0.2 10.0.0.1 17 "$hello")
only "an error for what nobody sent" no-flow \
	"$to4$(ip4 10.0.0.1 10.0.0.2 1 "0303$(checksum "030300000000000000$quoted")00000000$quoted")"
data=$(printf '%032d' 0)
head=45000024000a00064011
addrs=$(ip_hex 10.0.0.1)$(ip_hex 10.0.0.2)
only "a fragment without its first" frag-no-first "$to4$head$(checksum "${head}0000$addrs")$addrs$data"

# a flow that is as good as any, and one more than the port or the table may have
send "$a" eth0 "$(udp4 7 7)"
send "$b" eth0 "$(eth "$good" "$(mac 2)" 0800)$(ip4 10.0.0.2 10.0.0.1 17 "$hello")"
same "one flow" 1 "$(ctl "$h" flow count state established)"
ctl "$h" port set a flow-max 1
only "a port with all its flows" flow-port-full "$(udp4 8 7)"
configure "$h" <<-EOF
	port set a flow-max 9
	switch set flow-max 1
EOF
only "a full table" flow-full "$(udp4 8 7)"
check "each has an explanation" eval \
	"ctl $h -j stats | jq -e 'all(.[0].drop[]; .meaning | length > 8)'"
