#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 36-flow-show.sh - flows are chosen in the kernel, and tell which rules allow them
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl nc socat jq

host h
vm a "$h" 1; vm b "$h" 2; vm c "$h" 3
configure "$h" <<-EOF
	net add 42
	group add web
	rule add web in proto tcp port 7-9 remote 10.0.0.0/24
	rule add web in proto tcp remote fd00::/64
	rule add web in proto udp port 5000
	group add strict
	rule add strict out proto tcp port 1-100
	$(port a 1 net 42)
	$(port b 2 net 42 group web)
	$(port c 3 net 42 bypass on)
EOF
repeat "$b" tcp 7
dial one "$a" 10.0.0.2 7
dial two "$a" fd00::2 7
dial three "$c" 10.0.0.2 7
echo x | at "$a" socat -u - UDP4-SENDTO:10.0.0.2:5000

# flows WORD...: how many there are
flows() {
	ctl "$h" flow count "$@"
}
same "all" 4 "$(flows)"
same "JSON" 4 "$(ctl "$h" -j flow count net 42 | jq '.[0].count')"
same "by protocol" 1 "$(flows proto udp)"
same "by source" 2 "$(flows src 10.0.0.1)"
same "by a prefix of it" 3 "$(flows src 10.0.0.0/30)"
same "over IPv6" 1 "$(flows src fd00::1)"
same "by destination" 3 "$(flows dst 10.0.0.2)"
same "which is not the source" 0 "$(flows dst 10.0.0.1)"
same "by state" 3 "$(flows state established)"
same "by the other" 1 "$(flows state new)"
same "by all at once" 1 "$(flows net 42 port a proto tcp src 10.0.0.1/32 dst 10.0.0.0/24 state established)"
same "show takes the same words" 1 "$(ctl "$h" flow show proto tcp src fd00::/64 | wc -l)"
refuse "ends are of one family" 'family' ctl "$h" flow show src 10.0.0.1 dst fd00::2
refuse "a source is an address or prefix" 'neither an address' ctl "$h" flow flush src 10.0.0
refuse "a state has a name" 'not one of: new' ctl "$h" flow count state old
refuse "a net is there" 'no net 43' ctl "$h" flow count net 43

# allowed WHERE FLOW...: what `-d flow show` says of an end of the flow
allowed() {
	ctl "$h" -d flow show "${@:2}" | sed -n "s/^ *$1 \(.*\)/\1/p"
}
same "the default lets it out" default "$(allowed out src 10.0.0.1 proto tcp)"
same "a rule in" "rule web in proto tcp port 7-9 remote 10.0.0.0/24" "$(allowed in src 10.0.0.1 proto tcp)"
same "another one over IPv6" "rule web in proto tcp remote fd00::/64" "$(allowed in src fd00::1)"
same "and a datagram" "rule web in proto udp port 5000" "$(allowed in proto udp)"
same "a port with bypass needs none" '' "$(allowed out src 10.0.0.3)"
same "but who it talks to" "rule web in proto tcp port 7-9 remote 10.0.0.0/24" "$(allowed in src 10.0.0.3)"
same "JSON" '["default","rule","web",7]' "$(ctl "$h" -d -j flow show src 10.0.0.1 proto tcp |
	jq -c '.[0] | [.out, .in, ."in-group", ."in-rule"."port-min"]')"
check_not "not without -d" eval "ctl $h flow show | grep web"
configure "$h" <<-EOF
	port set a group strict
	rule del web in proto tcp port 7-9 remote 10.0.0.0/24
EOF
same "a rule lets it out now" "rule strict out proto tcp port 1-100" "$(allowed out src 10.0.0.1 proto tcp)"
same "and none in" none "$(allowed in src 10.0.0.1 proto tcp)"
same "nor the datagram out" none "$(allowed out proto udp)"

ctl "$h" flow flush proto udp
same "flush takes the same words" '0 3' "$(flows proto udp) $(flows)"
same "and tells how many" 2 "$(ctl "$h" -j flow flush dst 10.0.0.2/32 | jq '.[0].deleted')"
same "one is left" 1 "$(flows)"
