#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 20-vxlan.sh - nets across two switches, over IPv4 and IPv6
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl jq ping socat

host h1 h2
wire "$h1" "$h2"
vm a1 "$h1" 1; vm a2 "$h2" 2	# net 42, over IPv4
vm b1 "$h1" 1; vm b2 "$h2" 2	# net 51, over IPv6
for n in 1 2; do
	host=h$n
	configure "${!host}" <<-EOF
		switch set local 192.0.2.$n local 2001:db8::$n
		group add all
		rule add all in proto any
		net add 42
		net add 51
		remote add net 42 via 192.0.2.$((3 - n))
		remote add net 51 via 2001:db8::$((3 - n))
		$(port "a$n" "$n" net 42 group all)
		$(port "b$n" "$n" net 51 group all)
	EOF
done
check "over IPv4" reach "$a1" 10.0.0.2 fd00::2
check "over IPv6" reach "$b1" 10.0.0.2 fd00::2
check "and back" reach "$a2" 10.0.0.1 fd00::1
check "and back over IPv6" reach "$b2" 10.0.0.1 fd00::1
check "large packets" at "$a1" ping -q -c 2 -i 0.1 -w 10 -s 1472 10.0.0.2
repeat "$b2" tcp 7
dial conn "$b1" 10.0.0.2 7
check "TCP" say conn

# an address that is only in one of the nets tells them apart
ip -n "$b2" addr add 10.0.0.77/24 dev eth0
ctl "$h2" port set b2 addr 10.0.0.2 addr fd00::2 addr 10.0.0.77
check "a neighbour of the one net" reach "$b1" 10.0.0.77
check "is not there in the other" silent "$a1" 10.0.0.77

# a remote with a MAC is an entry, not a target of floods
for n in 1 2; do
	host=h$n
	configure "${!host}" <<-EOF
		remote del net 42 via 192.0.2.$((3 - n))
		remote del net 51 via 2001:db8::$((3 - n))
		net set 42 learning off
		net set 51 learning off
		remote add net 42 via 192.0.2.$((3 - n)) mac $(mac $((3 - n))) addr 10.0.0.$((3 - n))
		remote add net 51 via 2001:db8::$((3 - n)) mac $(mac $((3 - n)))
	EOF
	for vm in "a$n" "b$n"; do
		ip -n "${!vm}" -b - <<-EOF
			neigh replace 10.0.0.$((3 - n)) lladdr $(mac $((3 - n))) dev eth0 nud permanent
			neigh replace fd00::$((3 - n)) lladdr $(mac $((3 - n))) dev eth0 nud permanent
			neigh replace 10.0.0.9 lladdr $(mac 9) dev eth0 nud permanent
		EOF
	done
done
check "a remote with a MAC, over IPv4" reach "$a1" 10.0.0.2 fd00::2
check "a remote with a MAC, over IPv6" reach "$b1" 10.0.0.2 fd00::2
check "the connection goes on" say conn
drops "an unknown MAC has no way when there is no remote for all" "$h1" no-destination 2 silent "$a1" 10.0.0.9

# a net that the other end does not have
configure "$h1" <<-EOF
	net add 60 learning off
	remote add net 60 via 192.0.2.2
	$(port a1 1 net 60 group all | sed 's/add/replace/')
EOF
drops "an unknown VNI is dropped and counted" "$h2" unknown-vni 2 silent "$a1" 10.0.0.2
configure "$h2" <<-EOF
	net add 7 vni 60
	remote add net 7 via 192.0.2.1
	$(port a2 2 net 7 group all | sed 's/add/replace/')
EOF
check "nets meet by VNI, whatever their ids" reach "$a1" 10.0.0.2 fd00::2

ctl "$h1" switch set dstport 8472
check "another UDP port on one side only" silent "$a1" 10.0.0.2
check "over IPv6 neither" silent "$b1" 10.0.0.2
ctl "$h2" switch set dstport 8472
check "on both sides" reach "$a1" 10.0.0.2 fd00::2
check "over IPv6 as well" reach "$b1" 10.0.0.2 fd00::2

# an underlay that cannot be had leaves the old one as it was
refuse "another host's address" 'IPv4 UDP port 8472: the local address is not on this host' \
	ctl "$h1" switch set local 192.0.2.2 local 2001:db8::1
refuse "in the other family" 'IPv6 UDP port 8472: the local address is not on this host' \
	ctl "$h1" switch set local 192.0.2.1 local 2001:db8::2
background at "$h1" socat -u UDP4-RECV:4789,bind=192.0.2.1 -
busywait 10 bash -c "ip netns exec $h1 ss -Hlun | grep -q 192.0.2.1:4789"
refuse "a port that is taken" 'IPv4 UDP port 4789: another switch or socket has it' \
	ctl "$h1" switch set dstport 4789
ip -n "$h1" addr del 192.0.2.1/24 dev under
refuse "its own address is gone" 'not on this host' ctl "$h1" switch set dstport 8473
ip -n "$h1" addr add 192.0.2.1/24 dev under
check "all goes on" reach "$a1" 10.0.0.2 fd00::2
check "over IPv6 as well" reach "$b1" 10.0.0.2 fd00::2
ctl "$h1" switch set local 192.0.2.1
check "without an address in one family" reach "$a1" 10.0.0.2 fd00::2
check "that one is silent" silent "$b1" 10.0.0.2
ctl "$h1" switch set local 192.0.2.1 local 2001:db8::1
check "until there is one again" reach "$b1" 10.0.0.2 fd00::2
ctl "$h1" switch set local 192.0.2.1
ctl "$h1" switch set local none
same "none is shown as none" '[]' "$(ctl "$h1" -j switch show | jq -c '[.[].local // empty]')"
check "with any address both families have theirs" reach "$a1" 10.0.0.2 fd00::2
check "over IPv6 as well" reach "$b1" 10.0.0.2 fd00::2
check "any address is saved" bash -c "bflyctl -n $h1 save | tee $scratch/any | grep -q '^switch set bfly0 local none '"
ctl "$h1" switch set local 2001:db8::1
check "one is not any" silent "$a1" 10.0.0.2
ctl "$h1" apply "$scratch/any"
check "applied, it is any again" reach "$a1" 10.0.0.2 fd00::2
ctl "$h1" switch set local none local none
check "none where there is none" reach "$b1" 10.0.0.2 fd00::2
refuse "none and one" 'both' ctl "$h1" switch set local 192.0.2.1 local none
ctl "$h1" switch set local 192.0.2.1 local 2001:db8::1

# what comes from a stranger's address, on our port, with our VNI
frame=02000000000202000000000908000000
drops "a VXLAN header without its flag is dropped" "$h2" vxlan-header 1 \
	bash -c "printf '\\x00\\x00\\x00\\x00\\x00\\x00\\x3c\\x00${frame//??/\\x&}' |
		ip netns exec $h1 socat -u - UDP4-SENDTO:192.0.2.2:8472"
drops "a frame that is cut short is dropped" "$h2" malformed 1 \
	bash -c "printf '\\x08\\x00\\x00\\x00\\x00\\x00\\x3c\\x00\\x02\\x00' |
		ip netns exec $h1 socat -u - UDP4-SENDTO:192.0.2.2:8472"

refuse "a net that is not there" '99' ctl "$h1" remote add net 99 via 192.0.2.2
refuse "a remote is one host" 'via|unicast|address' ctl "$h1" remote add net 60 via 255.255.255.255
refuse "what is not there is not deleted" 'no such remote' ctl "$h1" remote del net 60 via 192.0.2.9
check "the remote goes" ctl "$h1" remote del net 60 via 192.0.2.2
check "and the way with it" silent "$a1" 10.0.0.2 fd00::2
