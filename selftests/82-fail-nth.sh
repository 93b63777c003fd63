#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 82-fail-nth.sh - every allocation of every netlink operation fails once, and nothing breaks
# limit: 900
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
need ip mod:bfly mod:veth
tool=$(dirname "$0")/../tests/netlink/fail_nth
knobs=/sys/kernel/debug/failslab
[ -x "$tool" ] || skip "needs tests/netlink/fail_nth, which make builds"
if ! [ -e /proc/self/fail-nth ] || ! [ -d $knobs ]; then
	skip "needs a kernel with fault injection"
fi

# also those that may sleep, and without a stack trace for each
for knob in ignore-gfp-wait:N verbose:0; do
	later sh -c "echo $(cat "$knobs/${knob%:*}") > $knobs/${knob%:*}"
	echo "${knob#*:}" > "$knobs/${knob%:*}"
done

ns a
for dev in port closed free uplink uplink2; do
	at "$a" ip link add "$dev" type veth peer name "$dev-peer"
done
at "$a" ip link add bfly0 type bfly
at "$a" ip link add bfly1 type bfly
at "$a" ip link set port master bfly0
at "$a" ip link set closed master bfly0

if at "$a" "$tool" bfly0 bfly1 port closed free uplink uplink2 > "$scratch/told"; then
	pass "failing allocations: $(tail -n 1 "$scratch/told")"
else
	fail "failing allocations"
	sed 's/^/    /' "$scratch/told"
fi
