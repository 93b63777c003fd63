#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 62-capture.sh - tcpdump shows both sides of the firewall, and the tracepoint what is between
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl tcpdump

# $a, who may send to all, the host itself and $c behind a tunnel send to port 7 of $b
# and of the host, which is open, and to port 8, which is not.
host h h2
wire "$h" "$h2"
vm a "$h" 1; vm b "$h" 2
vm c "$h2" 3
for n in 1 2; do
	host=h$n
	[ $n = 2 ] || host=h
	configure "${!host}" <<-EOF
		switch set local 192.0.2.$n
		group add some
		rule add some in proto udp port 7
		net add 42
		remote add net 42 via 192.0.2.$((3 - n))
	EOF
done
configure "$h" <<-EOF
	$(port a 1 net 42)
	$(port b 2 net 42 group some)
	port add bfly0 net 42 addr 10.0.0.254 addr fd00::254 group some
EOF
configure "$h2" <<< "$(port c 3 net 42)"
ip -n "$h" -b - <<-EOF
	addr add 10.0.0.254/24 dev bfly0
	addr add fd00::254/64 dev bfly0 nodad
EOF

declare -A listeners
# tap NAME DEVICE OPTION...
tap() {
	listen "$h" "$2" "$scratch/$1" "${@:3}"
	listeners[$1]=$listener
}
# tapped NAME: where its packets were to go, once each
tapped() {
	tcpdump -n -r "$scratch/$1" 2> /dev/null |
		grep -oE '> [0-9a-f.:]+\.[78]: UDP' | sed 's/^> //; s/: UDP$//' | sort -u | tr '\n' ' '
}
# datagrams NS ADDR...: one to each port of each address
datagrams() {
	# shellcheck disable=SC2016	# the inner bash expands it
	at "$1" bash -c 'for to; do echo > "/dev/udp/$to/7"; echo > "/dev/udp/$to/8"; done' - "${@:2}"
}
tap a-in a -Q in udp
tap a-out a -Q out udp
tap b-out b -Q out udp
tap bfly0-in bfly0 -Q in udp
tap bfly0-out bfly0 -Q out udp
tap under under -Q in udp port 4789
trace=/sys/kernel/tracing
later bash -c "echo 0 > $trace/events/bfly/bfly_drop/enable; echo > $trace/trace"
echo > $trace/trace
echo 1 > $trace/events/bfly/bfly_drop/enable
datagrams "$a" 10.0.0.2 fd00::2 10.0.0.254 fd00::254
datagrams "$h" 10.0.0.1 fd00::1 10.0.0.2 fd00::2
datagrams "$c" 10.0.0.2 fd00::2
# the last of all packets
arrived() {
	[[ $(tapped under) == *fd00::2.8* && $(tapped bfly0-out) == *fd00::2.8* ]]
}
busywait 10 arrived
echo 0 > $trace/events/bfly/bfly_drop/enable
grep -o 'bfly_drop:.*' $trace/trace > "$scratch/drops" || :
for listener in "${listeners[@]}"; do
	heard
done

open4=10.0.0.2.7 open6=fd00::2.7 shut4=10.0.0.2.8 shut6=fd00::2.8
host_open="10.0.0.254.7 fd00::254.7"
same "the sender's port shows all that it sends" \
	"$open4 $shut4 10.0.0.254.7 10.0.0.254.8 $open6 $shut6 fd00::254.7 fd00::254.8 " "$(tapped a-in)"
same "the receiver's what its groups allow" "$open4 $open6 " "$(tapped b-out)"
same "so does bfly0" "$host_open " "$(tapped bfly0-in)"
same "bfly0 shows all that the host sends" \
	"10.0.0.1.7 10.0.0.1.8 $open4 $shut4 fd00::1.7 fd00::1.8 $open6 $shut6 " "$(tapped bfly0-out)"
same "of which a port without groups gets nothing" "" "$(tapped a-out)"
same "the underlay shows all that a peer sends" "$open4 $shut4 $open6 $shut6 " "$(tapped under)"
check "what was dropped between shows in the tracepoint: $(grep -c no-rule-in "$scratch/drops")" \
	[ "$(grep -c no-rule-in "$scratch/drops")" -ge 12 ]
