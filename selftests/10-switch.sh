#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 10-switch.sh - switches side by side: made, shown, set, refused and deleted
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl

# has TEXT REGEX HOST WORD...: what bflyctl prints, on one line, matches
has() {
	local out
	out=$(ctl "${@:3}" 2>&1) || out="failed: $out"
	if [[ ${out//$'\n'/ } =~ $2 ]]; then
		pass "$1"
	else
		fail "$1"
		printf '    expected: %s\n         got: %s\n' "$2" "$out"
	fi
}

ns a b
refuse "without a switch a command says so" 'switch' ctl "$a" net add 42
same "without a switch there is nothing to show" '[]' "$(ctl "$a" -j switch show)"

ip -n "$a" -b - <<-EOF
	link add bfly0 type bfly
	addr add 192.0.2.7/32 dev lo
EOF
has "defaults are shown" 'bfly0 dstport 4789 flow-max 1048576 fdb-max 65536 frag-max 4096' "$a" switch show
check "both families of the underlay are set" ctl "$a" switch set local 192.0.2.1 local 2001:db8::1
has "and shown" 'local 192.0.2.1 2001:db8::1' "$a" switch show bfly0
check "one family replaces both" ctl "$a" switch set bfly0 local 192.0.2.7
has "as shown" 'local 192.0.2.7 dstport' "$a" switch show
check "the UDP port is set" ctl "$a" switch set dstport 8472
has "and shown" 'dstport 8472' "$a" switch show
check "limits are set" ctl "$a" switch set flow-max 1000 fdb-max 10 frag-max 100
has "and shown" 'flow-max 1000 fdb-max 10 frag-max 100' "$a" switch show
has "the timeouts of flows are details" \
	'timeout-tcp-new 60 timeout-tcp-established 86400 timeout-tcp-closing 120 timeout-tcp-closed 10 timeout-other-new 30 timeout-other-established 180' \
	"$a" -d switch show
check "they are set" ctl "$a" switch set timeout-tcp-closed 1 timeout-other-established 1000000
has "one by one" 'timeout-tcp-new 60 .*timeout-tcp-closed 1 timeout-other-new 30 timeout-other-established 1000000' \
	"$a" -d switch show
refuse "not to nothing" 'timeout-tcp-new|range|least' ctl "$a" switch set timeout-tcp-new 0
refuse "nor to for ever" 'timeout-other-new|range|most' ctl "$a" switch set timeout-other-new 1000001

refuse "one family has one address" 'local|famil' ctl "$a" switch set local 192.0.2.1 local 192.0.2.2
refuse "an address is a host's" 'local|unicast|address' ctl "$a" switch set local 224.0.0.1
refuse "port 0 is no port" 'dstport|range|least' ctl "$a" switch set dstport 0
refuse "an unknown switch is refused" 'bfly9' ctl "$a" switch show bfly9
refuse "a netdev of another kind is no switch" 'lo|switch' ctl "$a" switch show lo
has "a refused request changes nothing" 'local 192.0.2.7 dstport 8472 flow-max 1000 fdb-max 10 frag-max 100' \
	"$a" switch show

ip -n "$a" link add bfly1 type bfly
has "two switches are told apart" 'bfly0 .*bfly1 ' "$a" switch show
refuse "which of two is to be said" 'dev|switch' ctl "$a" net add 42
check "dev says it" ctl "$a" net add 42 dev bfly0
check "the same net again, in the other switch" ctl "$a" net add 42 dev bfly1
has "each has its own" '42 .*dev bfly0 .*42 .*dev bfly1' "$a" net show
check "a net is deleted in one" ctl "$a" net del 42 dev bfly0
has "and stays in the other" '^42 type' "$a" net show dev bfly1
same "the one is empty" '' "$(ctl "$a" net show dev bfly0)"
refuse "what is gone is not shown" '42' ctl "$a" net show 42 dev bfly0

ip -n "$b" link add bfly0 type bfly
check "the next namespace has a switch of that name too" ctl "$b" net add 42 vni 7
has "with nets of its own" '42 .*vni 7' "$b" net show
refuse "a net cannot be there twice" 'exist' ctl "$b" net add 42
refuse "a VNI cannot either" 'vni|VNI' ctl "$b" net add 43 vni 7
refuse "net 0 is none" 'range|net' ctl "$b" net add 0
refuse "24 bits are the end" 'range|net' ctl "$b" net add 16777216
check "the last net" ctl "$b" net add 16777215
check "replace makes what is not there" ctl "$b" net replace 44
check "and what is there as the request says" ctl "$b" net replace 44 ageing 5 learning off
has "as shown" '44 .*learning off ageing 5' "$b" net show 44
check "if-exists is quiet" ctl "$b" net del 45 if-exists
refuse "without it there is an error" '45' ctl "$b" net del 45

check "a switch goes with all it holds" ip -n "$b" link del bfly0
same "and is not shown" '[]' "$(ctl "$b" -j switch show)"
check "a switch goes to the next namespace, or is refused" \
	bash -c "ip -n $a link set bfly1 netns $b || ! ip -n $b link show bfly1"
