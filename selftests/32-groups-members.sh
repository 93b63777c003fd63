#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 32-groups-members.sh - groups as the other side of a rule: ports' addresses and explicit members
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl ping nginx nc

host h h2
wire "$h" "$h2"
vm a "$h" 1; vm b "$h" 2; vm c "$h" 3
vm far "$h2" 4
configure "$h" <<-EOF
	switch set local 192.0.2.1
	net add 42
	remote add net 42 via 192.0.2.2
	group add db
	rule add db in proto tcp port 80 group app
	$(port a 1 net 42)
	$(port b 2 net 42 group db)
	$(port c 3 net 42)
EOF
configure "$h2" <<-EOF
	switch set local 192.0.2.2
	net add 42
	remote add net 42 via 192.0.2.1
	$(port far 4 net 42)
EOF
serve "$b" 80 81
check "a rule that names a group which does not exist lets nobody in" shut "$a" 10.0.0.2 80
ctl "$h" port set a group app
check "nor does a port that names it too" shut "$a" 10.0.0.2 80
ctl "$h" group add app
check "the group appears: its ports are let in" open "$a" 10.0.0.2 80
check "over IPv6" open "$a" fd00::2 80
check "and nobody else" shut "$c" 10.0.0.2 80
check "to that port alone" shut "$a" 10.0.0.2 81

ctl "$h" port set c group app
check "a port joins" open "$c" 10.0.0.2 80
ctl "$h" port set a group none
check "a port leaves" shut "$a" 10.0.0.2 80
check "the other stays" open "$c" fd00::2 80

ip -n "$c" addr add 10.0.0.33/24 dev eth0
ctl "$h" port set c addr 10.0.0.3 addr fd00::3 addr 10.0.0.33
from() { at "$1" nc -z -w "$4" -s "$2" 10.0.0.2 "$3"; }
check "an address that a port gets is a member" from "$c" 10.0.0.33 80 5
ctl "$h" port set c addr 10.0.0.33
check "the one that stays" from "$c" 10.0.0.33 80 5
check_not "and the one that goes is none" from "$c" 10.0.0.3 80 1

check "a machine elsewhere is not let in" shut "$far" 10.0.0.2 80
ctl "$h" member add app 10.0.0.4 fd00::4
check "as an explicit member it is" open "$far" 10.0.0.2 80
check "over IPv6" open "$far" fd00::2 80
refuse "a member is there once" 'has it|exist' ctl "$h" member add app 10.0.0.4
check "replace is quiet" ctl "$h" member replace app 10.0.0.4
ctl "$h" member del app 10.0.0.4
check "until it goes" shut "$far" 10.0.0.2 80
check "the other family stays" open "$far" fd00::2 80

ctl "$h" group set app auto off
check "auto off: ports' addresses are none" shut "$c" 10.0.0.2 80
check "explicit members are" open "$far" fd00::2 80
ctl "$h" group set app auto on
ctl "$h" port set c addr 10.0.0.3 addr fd00::3
check "auto on: they are again" open "$c" 10.0.0.2 80

# the addresses of a port are members in its own net alone
configure "$h" <<-EOF
	net add 51
	port set a net 51 group app
	net add 52
	port set c group none
EOF
ip -n "$c" addr add 10.0.0.1/24 dev eth0
ctl "$h" port set c addr 10.0.0.1
check_not "the same address in another net is no member" from "$c" 10.0.0.1 80 1
ctl "$h" port set c addr 10.0.0.3 addr fd00::3 group app
ip -n "$c" addr del 10.0.0.1/24 dev eth0

ctl "$h" group del app
check "the group goes: it lets nobody in" shut "$c" 10.0.0.2 80
check "the port goes on naming it" bash -c "bflyctl -n $h port show c | grep -q app"
ctl "$h" group add app
check "and it is there again" open "$c" 10.0.0.2 80

configure "$h" <<-EOF
	group add more
	rule add more in proto tcp port 81 group app
	port set b group db group more
EOF
check "two groups of a port add up" open "$c" 10.0.0.2 80 81
ctl "$h" port set b group more
check "one leaves" shut "$c" 10.0.0.2 80
check "one stays" open "$c" 10.0.0.2 81

# a rule for the group's own members: machines of a kind talk to one another
configure "$h" <<-EOF
	group add peers
	rule add peers in proto any group peers
	port set b group peers
	port set c group peers
EOF
check "members of a group reach one another" reach "$c" 10.0.0.2 fd00::2
check "and are not reached by others" silent "$far" 10.0.0.2 fd00::2
