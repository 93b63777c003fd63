#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 23-vxlan-strict.sh - a net that listens to its remotes alone
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl ping mod:vxlan

# Two hosts with the kernel's vxlan send to all nets of the one with the switch, over
# both families: $p is a remote of net 42 there, $q one of net 51.
host h
ns p q
wire "$h" "$p" "$q"
vm a "$h" 1
vm b "$h" 1
configure "$h" <<-EOF
	switch set local 192.0.2.1 local 2001:db8::1
	group add all
	rule add all in proto any
	net add 42
	net add 51
	net add 61
	remote add net 42 via 192.0.2.2
	remote add net 51 via 192.0.2.3
	remote add net 61 via 2001:db8::2 mac $(mac 9)
	remote add net 61 via 2001:db8::2
	$(port a 1 net 42 group all)
	$(port b 1 net 61 group all)
EOF
# vtep HOST N VNI FAMILY: the N-th machine, in a namespace of its own
vtep() {
	local name=vx$2$3 local=192.0.2.$2 remote=192.0.2.1
	[ "$4" = 4 ] || local=2001:db8::$2 remote=2001:db8::1
	ns "$name"
	ip -n "$1" link add name "$name" address "$(mac "$2")" mtu 1500 type vxlan id "$3" \
		local "$local" remote "$remote" dstport 4789 dev under
	ip -n "$1" link set dev "$name" netns "${!name}" name eth0
	ip -n "${!name}" -b - <<-EOF
		addr add 10.0.0.$2/24 dev eth0
		addr add fd00::$2/64 dev eth0 nodad
		link set eth0 up
	EOF
}
vtep "$p" 2 42 4
vtep "$q" 3 42 4
vtep "$p" 2 61 6
vtep "$q" 3 61 6

check "a remote is heard" reach "$vx242" 10.0.0.1 fd00::1
check "unless told to be strict, so is a stranger" reach "$vx342" 10.0.0.1
ctl "$h" net set 42 strict on
ctl "$h" net set 61 strict on
check "then the remote is heard" reach "$vx242" 10.0.0.1 fd00::1
check "over IPv6 as well" reach "$vx261" 10.0.0.1 fd00::1
drops "a stranger is not, though another net's remote, and that is counted" "$h" unknown-peer 2 \
	silent "$vx342" 10.0.0.1 fd00::1
drops "over IPv6 neither" "$h" unknown-peer 2 silent "$vx361" 10.0.0.1 fd00::1
learned() {
	ctl "$h" fdb show net "$1" | grep -q "$(mac "$2").*learned"
}
check "MACs behind a remote are learned" learned 42 2

ctl "$h" remote add net 42 via 192.0.2.3
check "a remote that comes is heard at once" reach "$vx342" 10.0.0.1
ctl "$h" remote del net 42 via 192.0.2.3
check "and one that goes is not" silent "$vx342" 10.0.0.1
ctl "$h" remote del net 61 via 2001:db8::2 mac "$(mac 9)"
check "one of two remotes at an address goes: it is heard" reach "$vx261" 10.0.0.1
ctl "$h" remote del net 61 via 2001:db8::2
check "both go: it is not" silent "$vx261" 10.0.0.1

refuse "a remote that is refused" 'at a port' ctl "$h" remote add net 42 via 192.0.2.3 mac "$(mac 1)"
check "is not heard" silent "$vx342" 10.0.0.1
# a has asked the stranger whether it is still there, in vain: it has to be asked itself
ip -n "$vx342" neigh flush dev eth0
ctl "$h" net set 42 strict off
check "until the net is strict no more" reach "$vx342" 10.0.0.1
