#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 12-ports.sh - ports of a net reach each other and nobody else; closed until configured
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl ping

host h
vm a1 "$h" 1; vm a2 "$h" 2	# net 42
vm b1 "$h" 1; vm b2 "$h" 2	# net 51, with the same addresses
vm c "$h" 3			# not configured at first

ip -n "$h" addr add 10.0.0.254/24 dev c
check "without a switch the host answers" reach "$c" 10.0.0.254
ip -n "$h" link set dev c master bfly0
ip -n "$h" link set dev a1 master bfly0
drops "an enslaved port that is not configured is closed, to the host too" \
	"$h" closed 1 silent "$c" 10.0.0.254 10.0.0.1

configure "$h" <<-EOF
	net add 42
	net add 51
	group add all
	rule add all in proto any
	$(port a1 1 net 42 group all)
	$(port a2 2 net 42 group all)
	$(port b1 1 net 51 group all)
	$(port b2 2 net 51 group all)
EOF
check "port add enslaves" bash -c "ip -n $h -o link show a2 | grep -q 'master bfly0'"
check "two ports of a net, both families" reach "$a1" 10.0.0.2 fd00::2
check "and back" reach "$a2" 10.0.0.1 fd00::1
check "the other net with the same addresses" reach "$b1" 10.0.0.2 fd00::2
check "a net ends at its ports" silent "$a1" 10.0.0.3 fd00::3

# who answered? An address that is only there in one of the nets tells.
ip -n "$b2" -b - <<-EOF
	addr add 10.0.0.77/24 dev eth0
	addr add fd00::77/64 dev eth0 nodad
EOF
ctl "$h" port set b2 addr 10.0.0.2 addr fd00::2 addr 10.0.0.77 addr fd00::77
check "a neighbour of the one net" reach "$b1" 10.0.0.77 fd00::77
check "is not there in the other" silent "$a1" 10.0.0.77 fd00::77

before=$(counter "$h" a2 tx-packets)
at "$a1" ping -q -c 10 -i 0.05 -w 10 10.0.0.2 > /dev/null
after=$(counter "$h" a2 tx-packets)
check "counters of the port grow" [ $((after - before)) -ge 10 ]

ctl "$h" port del a2
check "port del closes the port" silent "$a1" 10.0.0.2 fd00::2
check "which stays with the switch" bash -c "ip -n $h -o link show a2 | grep -q 'master bfly0'"
check "and shows as closed" bash -c "bflyctl -n $h port show a2 | grep -q closed"
ip -n "$h" addr add 10.0.0.254/24 dev a2
check "so that nothing reaches the host" silent "$a2" 10.0.0.254
ip -n "$h" link set a2 nomaster
ip -n "$h" addr del 10.0.0.254/24 dev c
check "nomaster gives it back" reach "$a2" 10.0.0.254
check "port add brings it back to the net" configure "$h" <<< "$(port a2 2 net 42 group all)"
check "where it is reached" reach "$a1" 10.0.0.2 fd00::2

check "a port moves to another net" ctl "$h" port set a2 net 51 mac 02:00:00:00:00:09
ip -n "$a2" link set eth0 address 02:00:00:00:00:09
ip -n "$a2" addr add fd00::9/64 dev eth0 nodad
ip -n "$a2" addr add 10.0.0.9/24 dev eth0
ctl "$h" port set a2 addr 10.0.0.9 addr fd00::9
check "and is reached there" reach "$b1" 10.0.0.9 fd00::9
check "and not where it was" silent "$a1" 10.0.0.2 10.0.0.9 fd00::9

refuse "two ports of a net cannot have one MAC" 'another port' \
	ctl "$h" port set a2 mac 02:00:00:00:00:01
refuse "a group address is no MAC of a port" 'MAC|mac' ctl "$h" port set a2 mac 01:00:5e:00:00:01
refuse "a port has a net" 'net' ctl "$h" port add c mac 02:00:00:00:00:03 net 99
refuse "a net with ports is not deleted" 'port' ctl "$h" net del 42
refuse "the host's loopback is no port" 'lo|loopback' configure "$h" <<< "$(port lo 8 net 42)"
ip -n "$h" link add bfly1 type bfly
refuse "a switch is no port of another" 'switch' configure "$h" <<< "$(port bfly1 8 net 42) dev bfly0"
ip -n "$h" link del bfly1
check "after refusals all is as it was" reach "$b1" 10.0.0.9 10.0.0.2

ip -n "$h" link del b2
check "a port ends with its netdev" bash -c "! bflyctl -n $h port show b2"
ctl "$h" port del a1
check "the net goes when its last port went" ctl "$h" net del 42
