#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 34-fragments.sh - fragments pass with their first one, in any order, and not without it
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/frames.sh"
need ip bflyctl ping socat tcpdump jq

host h1 h2
wire "$h1" "$h2"
vm a "$h1" 1; vm b "$h1" 2; vm c "$h2" 3
for n in 1 2; do
	host=h$n
	configure "${!host}" <<-EOF
		switch set local 192.0.2.$n
		net add 42
		remote add net 42 via 192.0.2.$((3 - n))
		group add g
		rule add g in proto udp port 7
		rule add g in proto icmp type 8
		rule add g in proto icmpv6 type 128
	EOF
done
configure "$h1" <<-EOF
	$(port a 1 net 42 group g)
	$(port b 2 net 42 group g)
EOF
configure "$h2" <<< "$(port c 3 net 42 group g)"
for vm in "$b" "$c"; do
	background at "$vm" socat -b 70000 UDP6-RECVFROM:7,fork,ipv6only=0 PIPE
	until_up echo_udp "$vm" 127.0.0.1 7 0.5
done

check "pings of 4000 bytes" at "$a" ping -n -q -c 2 -i 0.2 -w 5 -s 4000 10.0.0.2
check "over IPv6" at "$a" ping -n -q -c 2 -i 0.2 -w 5 -s 4000 fd00::2
check "through the tunnel" at "$a" ping -n -q -c 2 -i 0.2 -w 5 -s 4000 10.0.0.3
check "over IPv6" at "$a" ping -n -q -c 2 -i 0.2 -w 5 -s 4000 fd00::3
# datagram FAMILY ADDR SIZE: it comes back whole
datagram() {
	head -c "$3" /dev/urandom > "$scratch/datagram"
	at "$a" socat -t 2 -b 70000 - "UDP$1:$2:7" < "$scratch/datagram" > "$scratch/echo" 2> /dev/null
	cmp "$scratch/echo" "$scratch/datagram"
}
check "the largest datagram, and its answer" datagram 4 10.0.0.2 65507
check "over IPv6" datagram 6 '[fd00::2]' 65487
check "through the tunnel" datagram 4 10.0.0.3 60000
check "over IPv6" datagram 6 '[fd00::3]' 60000

# fragment FAMILY ID OFFSET MORE HEX: of UDP, from a to b; OFFSET is in units of 8 bytes
fragment() {
	local addrs head
	if [ "$1" = 4 ]; then
		addrs=$(ip_hex 10.0.0.1)$(ip_hex 10.0.0.2)
		head=$(printf '4500%04x%04x%04x4011' $((20 + ${#5} / 2)) "$2" $(($3 | $4 << 13)))
		eth "$(mac 2)" "$(mac 1)" 0800
		echo -n "$head$(checksum "${head}0000$addrs")$addrs$5"
	else
		eth "$(mac 2)" "$(mac 1)" 86dd
		ip6 fd00::1 fd00::2 44 "$(printf '1100%04x%08x%s' $(($3 << 3 | $4)) "$2" "$5")"
	fi
}
data=$(printf '%048d' 0)
# first PORT: a UDP header and 16 of its 64 bytes
first() {
	printf '07d0%04x00480000%s' "$1" "${data:16}"
}
# sends FRAGMENT...: what `fragment` takes after ID, one after the other
sends() {
	local words frames=()
	id=$((id + 1))
	for words; do
		# shellcheck disable=SC2086	# several
		frames+=("$(fragment "$family" $id $words)")
	done
	send_all "$a" eth0 "${frames[@]}"
}
got() {
	[ "$(packets "$scratch/b")" = "$1" ]
}
# refused TEXT REASON COUNT CMD...: so many are dropped for that, at last
refused() {
	local before
	before=$(dropped "$h1" "$2")
	"${@:4}"
	check "IPv$family: $1" busywait 10 eval "[ \"\$(dropped $h1 $2)\" = $((before + $3)) ]"
}
id=1000
for family in 4 6; do
	listen "$b" eth0 "$scratch/b" '(src host 10.0.0.1 and ip[6:2] & 0x3fff != 0) or (src host fd00::1 and ip6[6] = 44)'
	refused "without a first fragment none passes" frag-no-first 1 sends "3 0 $data"
	refused "nor do those of a refused one" frag-no-first 2 sends "6 0 $data" "0 1 $(first 8)" "3 1 $data"
	check "none was delivered" got 0
	sends "6 1 $data" "3 1 $data" "0 1 $(first 7)"
	check "what came before the first has waited" busywait 5 got 3
	sends "0 1 $(first 7)" "3 1 $data" "3 1 $data" "6 0 $data"
	check "any number may follow" busywait 5 got 7
	refused "what would go over the ports of the first" malformed 2 \
		sends "0 1 $(first 7)" "1 1 $data" "2 0 $data"
	check "that is not delivered" busywait 5 got 8
	heard
done

# a rule that goes takes the fragments along
ctl "$h1" rule del g in proto udp port 7
check_not "with the rule goes the datagram" datagram 4 10.0.0.2 4000
ctl "$h1" rule add g in proto udp port 7
check "and comes back with it" datagram 4 10.0.0.2 4000

# a limit
ctl "$h1" switch set frag-max 0
drops "with no room for them none is followed" "$h1" frag-no-first 1 \
	at "$a" ping -n -q -c 1 -W 0.5 -s 4000 10.0.0.2
ctl "$h1" switch set frag-max 1
check "with room for one datagram one is" at "$a" ping -n -q -c 1 -w 5 -s 4000 10.0.0.2
