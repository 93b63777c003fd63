#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 80-save-apply.sh - what save prints, apply makes; and is quiet when it is there already
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl ping

host h
wire "$h"
vm a "$h" 1; vm b "$h" 2
configure "$h" <<-EOF
	switch set local 192.0.2.1 local 2001:db8::1 dstport 8472 flow-max 5000
	switch set timeout-tcp-new 20 timeout-tcp-established 7200 timeout-other-established 90
	net add 42 learning off ageing 17 neigh-suppress off unknown drop
	net add 51 vni 7 strict on ttl inherit tos 184 csum off mtu 1400 mcast ff05::51 via under
	net add 52 ttl 64 mcast 239.1.1.52 via under
	remote add net 42 via 192.0.2.2
	remote add net 51 via 2001:db8::2 mac 02:00:00:00:00:07 addr 10.0.0.7 addr fd00::7
	group add web auto off
	rule add web in proto tcp port 80
	rule add web in proto icmp type 8
	rule add web in proto any remote 2001:db8::/32
	rule add web out proto udp port 53-54 group friends
	member add web 198.51.100.1 2001:db8::99
	group add empty
	$(port a 1 net 42 group web group friends label "'vm 1 (blue)'")
	$(port b 2 net 42 bypass on stateless on dhcp-server on flood-limit 500 flow-max 200)
	uplink add under
	net add 60 type vlan uplink under vid 100
	net add 61 type flat uplink under ageing 17
	pool add p method ipip hash source table 251 key 000102030405060708090a0b0c0d0e0f
	backend add p 192.0.2.11 weight 2 state drain
	backend add p 2001:db8::11
	pool add q method l2
	backend add q 192.0.2.12 mac 02:00:00:00:00:12
	pool add gue method gue
	backend add gue 2001:db8::12
	pool add fou method fou port 5556
	pool add vxlan method vxlan vni 77 port 8472
	backend add vxlan 192.0.2.13 mac 02:00:00:00:00:13
	pool add dscp method dscp dscp 11
	backend add dscp 192.0.2.14
	pool add gre method gre
	pool add retarget method gre-retarget
	backend add retarget 192.0.2.15
	service add 203.0.113.1:*/gre pool retarget
	service add 203.0.113.1:443/tcp pool p
	service add [2001:db8:f::1]:*/udp pool p
	service add 203.0.113.64/28:80/tcp pool q
	service add [2001:db8:f::/64]:443/tcp pool p
	service add 203.0.113.1:443/udp pool p hash quic
	service add 203.0.113.1:444/udp pool p hash 3tuple unknown pass
EOF
save() { ctl "$h" save > "$scratch/$1"; }
save 1
check "there is something to save" test -s "$scratch/1"
save 2
check "save has a fixed order" cmp "$scratch/1" "$scratch/2"
same "apply of what is there says nothing" '' "$(ctl "$h" apply "$scratch/1" 2>&1)"
save 2
check "and changes nothing" cmp "$scratch/1" "$scratch/2"

# Now all is otherwise.
configure "$h" <<-EOF
	net set 42 learning on neigh-suppress on unknown flood
	port set a flood-limit 9 flow-max 11
	net set 51 strict off ttl 9 tos inherit csum on mtu 0 mcast none
	net set 52 mcast ff05::52 via under ttl auto
	switch set local 2001:db8::1
	remote add net 42 via 192.0.2.99
	remote del net 51 via 2001:db8::2 mac 02:00:00:00:00:07
	rule del web in proto tcp port 80
	rule add web in proto tcp port 81
	member del web 198.51.100.1
	group add stranger
	port set a group none
	port del b
	net add 99
	net del 60
	net add 62 type vlan uplink under vid 100
	backend set p 192.0.2.11 state up weight 1
	backend del p 2001:db8::11
	pool set gue port 6081
	pool replace fou method gue
	pool set vxlan vni 78 port 4789
	pool set dscp dscp 12
	pool del gre
	service del 203.0.113.1:443/tcp
	service add 203.0.113.2:443/tcp pool q
	service del 203.0.113.64/28:80/tcp
	service set 203.0.113.1:443/udp hash pool
	service set 203.0.113.1:444/udp hash source unknown drop
	service add 203.0.113.64/29:80/tcp pool q
	switch set flow-max 77 timeout-tcp-established 3600 timeout-tcp-closed 5
EOF
save 2
check_not "a change shows" cmp "$scratch/1" "$scratch/2"
check "a dry run" ctl "$h" apply "$scratch/1" --dry-run
save 3
check "changes nothing" cmp "$scratch/2" "$scratch/3"
check "apply" ctl "$h" apply "$scratch/1"
save 2
check "makes all as it was" cmp "$scratch/1" "$scratch/2"
diff "$scratch/1" "$scratch/2" || :

# A new switch, from the file alone.
ip -n "$h" -b - <<-EOF
	link del bfly0
	link add bfly0 type bfly
EOF
check "apply to a new switch" ctl "$h" apply "$scratch/1"
save 2
check "makes it the same" cmp "$scratch/1" "$scratch/2"
diff "$scratch/1" "$scratch/2" || :
printf 'net add 42\nnonsense\n' > "$scratch/bad"
check_not "a file with a mistake is refused" ctl "$h" apply "$scratch/bad"
save 3
check "and changes nothing" cmp "$scratch/2" "$scratch/3"
check "traffic passes as configured" reach "$b" 10.0.0.1
