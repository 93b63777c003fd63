#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 80-bad-input.sh - bad input to every netlink operation is refused and changes nothing
# limit: 600
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
need ip mod:bfly mod:veth
tool=$(dirname "$0")/../tests/netlink/bad_input
[ -x "$tool" ] || skip "needs tests/netlink/bad_input, which make builds"

ns a
for dev in port closed free uplink uplink2; do
	at "$a" ip link add "$dev" type veth peer name "$dev-peer"
done
at "$a" ip link add bfly0 type bfly
at "$a" ip link add bfly1 type bfly
at "$a" ip link set port master bfly0
at "$a" ip link set closed master bfly0

# what it says of failures is worth more than a check's "failed"
if at "$a" "$tool" ${BFLY_VERBOSE:+-v} bfly0 bfly1 port closed free uplink uplink2 > "$scratch/told"; then
	pass "bad input: $(tail -n 1 "$scratch/told")"
else
	fail "bad input"
	sed 's/^/    /' "$scratch/told"
fi
