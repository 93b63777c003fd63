#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 55-xdp-balance.sh - the balancer's tests once more, with the uplink's program in each mode
# limit: 1200
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl jq ethtool
[ -e "$(dirname "$0")/../tests/xdp/other.bpf.o" ] || skip "needs make -C tests/xdp"

host h
support=$(ctl "$h" -j switch show | jq -r '.[]."xdp-support"')
[ "$support" = ready ] || skip "no program of XDP can call the module here: $support"
again() {
	local mode=$1 name
	for name in "${@:2}"; do
		check "$name, $mode" env BFLY_XDP="$mode" bash "$(dirname "$0")/$name.sh"
	done
}
again native 50-balance 51-balance-ipip 52-balance-drain 54-services 54-methods-servers
# the program is the same; what differs is how a frame comes to it, and the room before that
again generic 50-balance 51-balance-ipip
