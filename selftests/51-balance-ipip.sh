#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 51-balance-ipip.sh - method ipip, all four pairs of families, to the kernel's own tunnels
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl nginx curl jq mod:ipip mod:sit mod:ip6_tunnel
# they come with devices of their own in every namespace
later modprobe -q -r ipip sit ip6_tunnel

cluster
ip_tunnels
configure "$lb" <<-EOF
	pool add four method ipip
	backend add four 192.0.2.3
	backend add four 192.0.2.4 weight 2
	backend add four 192.0.2.5 weight 0
	pool add six method ipip
	backend add six 2001:db8::3
	backend add six 2001:db8::4
	pool add both method ipip
	backend add both 192.0.2.3
	backend add both 2001:db8::4
	service add $vip4:80/tcp pool four
	service add [$vip6]:80/tcp pool four
EOF
pair() {
	local text=$1 vip=$2 n=$3
	ask "$n" "$vip" > "$scratch/answers"
	same "$text: every client is answered" "$n" "$(sort -u "$scratch/answers" | wc -l)"
	check "$text: by b1 and b2: $(answers b1 < "$scratch/answers"), $(answers b2 < "$scratch/answers")" \
		[ "$(answers b1 < "$scratch/answers")" -gt 0 -a "$(answers b2 < "$scratch/answers")" -gt 0 ]
	same "$text: and by nobody else" 0 "$(answers b3 < "$scratch/answers")"
}
pair "IPv4 in IPv4" $vip4 40
pair "IPv6 in IPv4" $vip6 20
mapfile -t slots <<< "$(backends four slots)"
check "weights share the table: ${slots[*]}" [ "${slots[1]}" -gt $((slots[0] * 19 / 10)) -a \
	"${slots[1]}" -lt $((slots[0] * 21 / 10)) -a "${slots[2]}" = 0 ]
same "all of it" 65537 $((slots[0] + slots[1] + slots[2]))

ctl "$lb" service set $vip4:80/tcp pool six
ctl "$lb" service set [$vip6]:80/tcp pool six
pair "IPv4 in IPv6" $vip4 20
pair "IPv6 in IPv6" $vip6 20
ctl "$lb" service set $vip4:80/tcp pool both
ctl "$lb" service set [$vip6]:80/tcp pool both
pair "IPv4 in both" $vip4 20
pair "IPv6 in both" $vip6 20
