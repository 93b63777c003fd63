#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 13-tap.sh - ports on tap devices, as hypervisors use them
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl ping socat mod:tun

# A hypervisor: it moves frames between the host's tap and the guest's network card,
# which is a tap as well. The host's tap is there before it and stays behind it.
hypervisor() {
	local name=$1 host=$2 n=$3 socket=$scratch/$1
	ns "$name"
	at "$host" ip tuntap add "$name" mode tap
	at "${!name}" ip tuntap add eth0 mode tap
	ip -n "$host" link set dev "$name" up
	ip -n "${!name}" -b - <<-EOF
		link set eth0 address $(mac "$n")
		addr add 10.0.0.$n/24 dev eth0
		addr add fd00::$n/64 dev eth0 nodad
		link set eth0 up
	EOF
	start "$name" "$host"
}

start() {
	local name=$1 socket=$scratch/$1
	rm -f "$socket"
	background at "$2" \
		socat "TUN,tun-type=tap,iff-no-pi,tun-name=$name" "UNIX-LISTEN:$socket,type=5"
	emulator[$name]=$!
	until_up test -S "$socket"
	background at "${!name}" \
		socat "UNIX-CONNECT:$socket,type=5" TUN,tun-type=tap,iff-no-pi,tun-name=eth0
}

declare -A emulator
host h
hypervisor a "$h" 1
hypervisor b "$h" 2
vm c "$h" 3
configure "$h" <<-EOF
	net add 42
	group add all
	rule add all in proto any
	$(port a 1 net 42 group all)
	$(port b 2 net 42 group all)
	$(port c 3 net 42 group all)
EOF
check "tap to tap" reach "$a" 10.0.0.2 fd00::2
check "tap to veth" reach "$a" 10.0.0.3 fd00::3
check "veth to tap" reach "$c" 10.0.0.2 fd00::2
check "large packets" at "$a" ping -q -c 3 -i 0.1 -w 10 -s 1472 10.0.0.2
serve "$b" 80
check "TCP" open "$a" 10.0.0.2 80
check "TCP over IPv6" open "$a" fd00::2 80

kill "${emulator[b]}"
check "the hypervisor ends, the machine is silent" silent "$a" 10.0.0.2
check "the tap is still a port" ctl "$h" port show b
start b "$h"
check "the next hypervisor finds it" reach "$a" 10.0.0.2 fd00::2

kill "${emulator[a]}"
ctl "$h" port del a
at "$h" ip tuntap del a mode tap
check "a tap that goes takes its port along" bash -c "! bflyctl -n $h port show a"
check "the others stay" reach "$c" 10.0.0.2
