#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 25-vxlan-multicast.sh - nets whose peers find each other by a multicast group of the underlay
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl ping tcpdump socat mod:vxlan

# Net 42 has an IPv4 group, net 51 an IPv6 one. $h1 has local addresses, $h2 none but an
# uplink, $far the kernel's own vxlan; none has a remote.
host h1 h2
ns far
wire "$h1" "$h2" "$far"
# a bridge that looks into IGMP and MLD sends a group to those alone who have joined it
if at "$lan1" test -e /sys/class/net/lan/bridge/multicast_snooping; then
	ip -n "$lan1" link set lan type bridge mcast_query_response_interval 100 \
		mcast_last_member_interval 10 mcast_igmp_version 3 mcast_mld_version 2 \
		mcast_querier 1 mcast_snooping 1
fi
vm a1 "$h1" 1; vm a2 "$h2" 2	# net 42
vm b1 "$h1" 1; vm b2 "$h2" 2	# net 51
listen "$h1" under "$scratch/wire" igmp or 'ip6[6] == 0' or udp port 4789
for n in 1 2; do
	host=h$n
	configure "${!host}" <<-EOF
		$([ $n = 2 ] || echo switch set local 192.0.2.1 local 2001:db8::1)
		$([ $n = 1 ] || echo uplink add under)
		group add all
		rule add all in proto any
		net add 42 mcast 239.1.1.1 via under
		net add 51 mcast ff05::51 via under
		$(port "a$n" $n net 42 group all)
		$(port "b$n" $n net 51 group all)
	EOF
done
# vtep NAME OPTIONS...
vtep() {
	ns "$1"
	ip -n "$far" link add name "$1" address "$(mac 3)" mtu 1500 type vxlan "${@:2}" dstport 4789 dev under
	ip -n "$far" link set dev "$1" netns "${!1}" name eth0
	ip -n "${!1}" -b - <<-EOF
		addr add 10.0.0.3/24 dev eth0
		addr add fd00::3/64 dev eth0 nodad
		link set eth0 up
	EOF
}
vtep vx4 id 42 group 239.1.1.1 local 192.0.2.3
vtep vx6 id 51 group ff05::51 local 2001:db8::3

# groups HOST: those of the test that the kernel has joined on the underlay
groups() {
	ip -n "$1" maddr show dev under | grep -owE '239[0-9.]+|ff05::[0-9]+' | sort | tr '\n' ' '
}
same "joined, by sockets of its own" "239.1.1.1 ff05::51 " "$(groups "$h1")"
same "joined, by the switch's sockets" "239.1.1.1 ff05::51 " "$(groups "$h2")"
check "all find each other, over IPv4" reach "$a1" 10.0.0.2 fd00::2 10.0.0.3 fd00::3
check "from there" reach "$a2" 10.0.0.1 fd00::3
check "from the kernel's vxlan" reach "$vx4" 10.0.0.1 fd00::2
check "over IPv6" reach "$b1" 10.0.0.2 fd00::2 10.0.0.3 fd00::3
check "from there" reach "$b2" 10.0.0.1 fd00::3
check "from the kernel's vxlan" reach "$vx6" 10.0.0.1 fd00::2
fdb=$(ctl "$h1" fdb show)
for where in "$(mac 2) via 192.0.2.2" "$(mac 3) via 192.0.2.3" "$(mac 2) via 2001:db8::2" "$(mac 3) via 2001:db8::3"; do
	check "learned: $where" grep -q "$where" <<< "$fdb"
done

# to an unknown MAC, and the TTL is another
for vm in "$a1" "$b1"; do
	ip -n "$vm" neigh add 10.0.0.99 lladdr "$(mac 99)" dev eth0
done
unknown() {
	local vm
	for vm in "$a1" "$b1"; do
		at "$vm" ping -n -q -c 1 -W 0.1 10.0.0.99 > /dev/null || :
	done
}
unknown
for n in 42 51; do
	ctl "$h1" net set $n ttl 7
done
unknown
for n in 42 51; do
	ctl "$h1" net set $n ttl auto
done
heard
seen() {
	packets "$scratch/wire" "udp port 4789 and $1"
}
from4='src host 192.0.2.1' from6='src host 2001:db8::1' mac99='udp[16:4] == 0x02000000 and udp[20:2] == 0x63'
mac99v6='ip6[56:4] == 0x02000000 and ip6[60:2] == 0x63'
same "unknown unicast goes to the group once, TTL 1" 1 "$(seen "$from4 and dst host 239.1.1.1 and ip[8] == 1 and $mac99")"
same "over IPv6" 1 "$(seen "$from6 and dst host ff05::51 and ip6[7] == 1 and $mac99v6")"
same "with the net's TTL, if it has one" 1 "$(seen "$from4 and dst host 239.1.1.1 and ip[8] == 7 and $mac99")"
same "over IPv6" 1 "$(seen "$from6 and dst host ff05::51 and ip6[7] == 7 and $mac99v6")"
same "and nowhere else" "2 2" "$(seen "$mac99") $(seen "$mac99v6")"
check "ARP and the like do so, too" [ "$(seen "$from4 and dst host 239.1.1.1 and ip[8] == 1")" -ge 3 ]
check "what goes to a peer has the TTL of peers" [ "$(seen "$from4 and dst host 192.0.2.2 and ip[8] == 64")" -ge 1 ]
same "and that alone" 0 "$(seen "$from4 and not dst host 239.1.1.1 and ip[8] == 1")"
reports() {
	tcpdump -n -v -r "$scratch/wire" "$1" 2> /dev/null | grep -E 'igmp v3 report|multicast listener report'
}
check "the join is seen as IGMP" grep -q 'gaddr 239.1.1.1 to_ex' <<< "$(reports "igmp and $from4")"
check "and as MLD" grep -q 'gaddr ff05::51 to_ex' <<< "$(reports 'ip6[6] == 0')"

# other groups, while it runs; two nets in one
listen "$h1" under "$scratch/wire" igmp or 'ip6[6] == 0'
for host in "$h1" "$h2"; do
	ctl "$host" net set 42 mcast 239.1.1.2 via under
done
same "another group" "239.1.1.2 ff05::51 " "$(groups "$h1")"
same "another group" "239.1.1.2 ff05::51 " "$(groups "$h2")"
check "shows" grep -q 'ttl auto.* mcast 239.1.1.2 via under' <<< "$(ctl "$h1" net show 42)"
check "and in JSON" grep -q '"mcast":"239.1.1.2","via":[0-9]*,"via-ifname":"under"' <<< "$(ctl "$h1" -j net show 42)"
# forget and ask again
fresh() {
	local vm
	for vm in "$a1" "$a2" "$b1" "$b2" "$vx4" "$vx6"; do
		ip -n "$vm" neigh flush dev eth0
	done
	configure "$h1" <<< "net set 42 learning off"
	configure "$h1" <<< "net set 42 learning on"
}
fresh
check "those in it find each other" reach "$a1" 10.0.0.2 fd00::2
check "who is not in it is not found" silent "$a1" 10.0.0.3
for host in "$h1" "$h2"; do
	ctl "$host" net replace 51 mcast 239.1.1.2 via under
done
same "two nets have one group" "239.1.1.2 " "$(groups "$h1")"
fresh
check "over which one is reached" reach "$a1" 10.0.0.2 fd00::2
check "and the other" reach "$b1" 10.0.0.2 fd00::2
ctl "$h1" net set 42 mcast none
same "one leaves it" "239.1.1.2 " "$(groups "$h1")"
check_not "which shows" grep -q mcast <<< "$(ctl "$h1" net show 42)"
ip -n "$b1" neigh flush dev eth0
check "the other goes on" reach "$b1" 10.0.0.2 fd00::2
ctl "$h1" net set 51 mcast none
same "both have left" "" "$(groups "$h1")"
left() {
	reports "igmp and $from4" | grep 'gaddr 239.1.1.2 to_in'
}
check "the last leave comes" busywait 5 left
heard
check "the leave is seen as IGMP" grep -q 'gaddr 239.1.1.1 to_in' <<< "$(reports "igmp and $from4")"
check "and as MLD" grep -q 'gaddr ff05::51 to_in' <<< "$(reports 'ip6[6] == 0')"

for host in "$h1" "$h2"; do
	configure "$host" <<-EOF
		net set 42 mcast 239.1.1.1 via under
		net set 51 mcast ff05::51 via under
	EOF
done

# the switches' addresses and ports change
refuse "a group needs a local address" 'no local IPv4' ctl "$h1" switch set local 2001:db8::1
ctl "$h1" switch set local none
ctl "$h2" switch set local 192.0.2.2 local 2001:db8::2
fresh
check "with the local addresses the other way round" reach "$a1" 10.0.0.2 fd00::3
check "over IPv6" reach "$b2" 10.0.0.1 fd00::3
ctl "$h1" switch set dstport 4790
same "another port, the same groups" "239.1.1.1 ff05::51 " "$(groups "$h1")"
ctl "$h1" switch set local 192.0.2.1 local 2001:db8::1
ctl "$h1" switch set dstport 4789
ctl "$h2" switch set local none
fresh
check "all as it was" reach "$a2" 10.0.0.1 fd00::3
check "over IPv6" reach "$vx6" 10.0.0.1 fd00::2

# only remotes are heard, in the group as well
ctl "$h1" net set 51 strict on
ip -n "$b2" neigh flush dev eth0
drops "a stranger in the group is not heard" "$h1" unknown-peer 1 silent "$b2" fd00::1
ctl "$h1" remote add net 51 via 2001:db8::2 mac "$(mac 77)"
check "a remote is" reach "$b2" fd00::1
ctl "$h1" net set 51 strict off

# devices come and go
ip -n "$h1" link add v type veth peer name w
ctl "$h1" net add 99 mcast ff12::99 via v
ip -n "$h1" link set v name u
check "a device gets another name" grep -q 'mcast ff12::99 via u' <<< "$(ctl "$h1" net show 99)"
ctl "$h1" net add 98 mcast 239.1.1.98 via u
ip -n "$h1" link del u
check_not "its groups end with it" grep -q mcast <<< "$(ctl "$h1" net show 99; ctl "$h1" net show 98)"

refuse "a group is multicast" 'not a multicast' ctl "$h1" net set 99 mcast 192.0.2.9 via under
refuse "over IPv6" 'not a multicast' ctl "$h1" net set 99 mcast 2001:db8::9 via under
refuse "none of the link's own" '224.0.0.0/24' ctl "$h1" net set 99 mcast 224.0.0.5 via under
refuse "over IPv6" "the link's own" ctl "$h1" net set 99 mcast ff02::1 via under
refuse "none that stays here" 'do not leave' ctl "$h1" net set 99 mcast ff01::99 via under
refuse "it needs a device" 'via.* is missing' ctl "$h1" net set 99 mcast 239.1.1.1
refuse "and the device a group" 'mcast.* is missing' ctl "$h1" net set 99 via under
refuse "not lo" 'loopback' ctl "$h1" net set 99 mcast 239.1.1.1 via lo
refuse "not the switch" 'a switch' ctl "$h1" net set 99 mcast 239.1.1.1 via bfly0
refuse "not a port" 'a port' ctl "$h1" net set 99 mcast 239.1.1.1 via a1
refuse "no group for a VLAN" 'type vlan has no multicast group' \
	ctl "$h2" net add 97 type vlan uplink under vid 7 mcast 239.1.1.1 via under
at "$h2" sysctl -qw net.ipv4.igmp_max_memberships=1
refuse "the kernel's limit" 'igmp_max_memberships' ctl "$h2" net add 97 mcast 239.1.1.97 via under
background ip netns exec "$h1" socat -u "UDP4-RECV:4789,bind=239.1.1.97" -
busywait 5 grep -q ' 610101EF:12B5 ' "/proc/$!/net/udp"
refuse "a port that somebody has" 'another switch or socket' ctl "$h1" net add 97 mcast 239.1.1.97 via under
refuse "what is refused is not made" 'no net 97' ctl "$h1" net show 97
same "what is refused changes nothing" "239.1.1.1 ff05::51 " "$(groups "$h1")"

ip -n "$h1" link del bfly0
same "a switch that goes leaves its groups" "" "$(groups "$h1")"
