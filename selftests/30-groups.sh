#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 30-groups.sh - security groups: closed until a rule opens, replies and errors pass
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl ping nginx nc socat

host h
vm client "$h" 1; vm server "$h" 2; vm other "$h" 3
configure "$h" <<-EOF
	net add 42
	group add web
	$(port client 1 net 42)
	$(port server 2 net 42 group web)
	$(port other 3 net 42)
EOF
serve "$server" 80 443 8000 8001 8009 8010
serve "$client" 80
repeat "$server" udp 53

drops "a group without rules lets nothing in" "$h" no-rule-in 2 \
	shut "$client" 10.0.0.2 80 443
check "neither pings" silent "$client" 10.0.0.2 fd00::2
check "a port without groups is not reached" shut "$server" 10.0.0.1 80
check "whoever asks" silent "$other" 10.0.0.1 fd00::1

ctl "$h" rule add web in proto tcp port 80
check "TCP 80 is open" open "$client" 10.0.0.2 80
check "and over IPv6" open "$client" fd00::2 80
check "real HTTP passes" at "$client" curl -sSf -m 10 http://10.0.0.2/
check "443 is shut" shut "$client" 10.0.0.2 443
check "and over IPv6" shut "$client" fd00::2 443
check "a ping is no TCP" silent "$client" 10.0.0.2 fd00::2
check_not "nor is UDP" echo_udp "$client" 10.0.0.2 53 1
check "the server may open flows, but where a rule lets them in" shut "$server" 10.0.0.1 80
check "to itself nobody is let in by that" shut "$other" 10.0.0.1 80

ctl "$h" rule add web in proto tcp port 8000-8009
check "a range is open from end to end" open "$client" 10.0.0.2 8000 8001 8009
check "and over IPv6" open "$client" fd00::2 8000 8009
check "and no further" shut "$client" 10.0.0.2 8010 443
ctl "$h" rule del web in proto tcp port 8000-8009
check "the range is shut again" shut "$client" 10.0.0.2 8000 8009
check "80 stays" open "$client" 10.0.0.2 80

configure "$h" <<-EOF
	rule add web in proto tcp port 443 remote 10.0.0.1/32
	rule add web in proto tcp port 443 remote fd00::2:0/112
	rule add web in proto tcp port 443 remote fd00::3
EOF
check "a prefix lets its addresses in" open "$client" 10.0.0.2 443
check "and no others" shut "$other" 10.0.0.2 443
check "an IPv6 one" open "$other" fd00::2 443
check "and no others" shut "$client" fd00::2 443
ctl "$h" rule add web in proto tcp port 443 remote 0.0.0.0/0
check "0.0.0.0/0 is all of IPv4" open "$other" 10.0.0.2 443
check "and none of IPv6" shut "$client" fd00::2 443
ctl "$h" rule add web in proto tcp port 443 remote ::/0
check "::/0 is" open "$client" fd00::2 443

ctl "$h" rule add web in proto udp
check "all of UDP" echo_udp "$client" 10.0.0.2 53
check "over IPv6" echo_udp "$client" fd00::2 53
# an ICMP error belongs to the flow: a closed port refuses at once
refused() {
	# shellcheck disable=SC2016	# the inner bash expands it
	at "$client" bash -c 'exec 3<> "/dev/udp/$0/9"; echo x >&3; sleep 0.3; ! echo y >&3' "$1"
}
check "port unreachable comes back" refused 10.0.0.2
check "and over IPv6" refused fd00::2

# the default for out, and what replaces it
ctl "$h" rule add web in proto icmp
ctl "$h" rule add web in proto icmpv6
check "pings pass" reach "$client" 10.0.0.2 fd00::2
configure "$h" <<-EOF
	group add strict
	rule add strict out proto tcp port 443
	port set client group strict
EOF
check "the first out rule replaces the default" open "$client" 10.0.0.2 443
drops "what it does not name stays inside" "$h" no-rule-out 1 shut "$client" 10.0.0.2 80
check "pings neither" silent "$client" 10.0.0.2 fd00::2
ctl "$h" rule add strict in proto tcp port 80 remote 10.0.0.3
check "replies to what was let in pass without an out rule" open "$other" 10.0.0.1 80
ctl "$h" rule add strict out proto icmp remote 10.0.0.2
check "an out rule to one address" reach "$client" 10.0.0.2
check "is not one to the other family" silent "$client" fd00::2
ctl "$h" group replace strict
check "a group that is replaced without rules is empty: the default is back" open "$client" 10.0.0.2 80

refuse "a port needs a protocol that has ports" 'port' ctl "$h" rule add web in proto icmp port 80
refuse "a range begins before it ends" 'port' ctl "$h" rule add web in proto tcp port 90-80
refuse "ICMP is of IPv4" 'icmp|famil' ctl "$h" rule add web in proto icmp remote ::/0
refuse "a rule is there once" 'has it|exist' ctl "$h" rule add web in proto tcp port 80
check "replace is quiet" ctl "$h" rule replace web in proto tcp port 80
refuse "what is not there is not deleted" 'not have it|no such' ctl "$h" rule del web in proto tcp port 81
check "but with if-exists" ctl "$h" rule del web in proto tcp port 81 if-exists
check "the canonical form is found" ctl "$h" rule del web in proto 6 port 443 remote 0::0/0
check "and is gone" shut "$client" fd00::2 443
