#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 35-oracle.sh - random groups and packets: the switch judges as a slow and plain judge does
# limit: 3600
#
# BFLY_POLICIES=N   how many random groups (default 8), with 500 packets each
# BFLY_SEED=N       which ones (printed, so that a failure can be had again)
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl
tool=$(dirname "$0")/../tests/oracle/oracle
[ -x "$tool" ] || skip "needs tests/oracle/oracle, which make builds"

policies=${BFLY_POLICIES:-8}
seed=${BFLY_SEED:-$(date +%s%N)}
echo "BFLY_SEED=$seed"

host h
ns a b
for n in a b; do
	at "${!n}" sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1
	ip -n "$h" link add name $n type veth peer name eth0 netns "${!n}"
	ip -n "$h" link set dev $n up addrgenmode none
	# promiscuous: what is not for it is not answered, either
	ip -n "${!n}" link set dev eth0 up promisc on
done
configure "$h" <<< "net add 1"

check "the switch and the judge agree on $policies policies" \
	"$tool" -s "$seed" -r "$policies" -n 500 "$h" "$a" "$b"
while read -r name value; do
	declare "told_$name=$value"
done < <(grep -E '^(packets|allowed|wrong) [0-9]+$' "$scratch/out")
echo "${told_packets:-0} packets, ${told_allowed:-0} allowed"
# or else the comparison says little
check "a good part of the packets is allowed" [ "$((${told_allowed:-0} * 10))" -gt "${told_packets:-0}" ]
check "and a good part is not" [ "$((${told_allowed:-0} * 10))" -lt "$((${told_packets:-0} * 9))" ]
