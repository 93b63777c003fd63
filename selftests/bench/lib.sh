# SPDX-License-Identifier: GPL-2.0
# lib.sh - the topology of all packet cases, and how a packet is measured. Sourced.
#
# Topology:	namespace a [va0]--[va] X [vb]--[vb0] namespace b
# pktgen sends 64-byte UDP datagrams from va0; X is what is measured; what arrives at vb0
# is dropped there by tc and counted.
#
# What is printed as cost is nanoseconds a packet. Under `vm -i` one of the guest is an
# instruction.
# shellcheck shell=bash disable=SC2034	# the cases use them

set -eu
packets=${BFLY_PACKETS:-20000}
starts=2
mac_a=02:00:00:00:00:0a mac_b=02:00:00:00:00:0b
declare -A base=()
arriving=17		# protocol of what comes to the sink: 17, UDP, or 4, IP in IP
extra=()		# more options for pktgen
# A NIC hands over packets that nobody else holds. BFLY_SHARED=1: pktgen keeps a reference,
# as it used to, and who changes a packet has to clone it first.
sharing="flag SHARED"
[ -n "${BFLY_SHARED:-}" ] || sharing="flag !SHARED"

load() {
	local m
	for m; do
		modprobe -q "$m" || { echo "bench: no module $m" >&2; return 1; }
	done
}

# setup: the two namespaces and their wires
setup() {
	local side
	ip -b - <<-EOF
		netns add a
		netns add b
		link add va type veth peer name va0 address $mac_a netns a
		link add vb type veth peer name vb0 address $mac_b netns b
		link set dev va up
		link set dev vb up
	EOF
	for side in a b; do
		ip netns exec $side sysctl -qw net.ipv6.conf.all.disable_ipv6=1
		ip -n $side link set v${side}0 up
	done
	ip -n a addr add 10.0.0.1/24 dev va0
	ip -n b addr add 10.0.0.2/24 dev vb0
	ip -n a neigh replace 10.0.0.2 lladdr $mac_b dev va0
	sink b vb0
}

# sink NS DEVICE: drop what pktgen sent, as it comes or in a tunnel; the protocol that is
# expected first, so that the sink costs the same
sink() {
	local proto prio=0
	ip netns exec "$1" tc qdisc add dev "$2" ingress
	for proto in "$arriving" $((21 - arriving)); do
		prio=$((prio + 1))
		ip netns exec "$1" tc filter add dev "$2" ingress prio $prio protocol ip \
			u32 match ip protocol "$proto" 0xff action drop
	done
}

arrived() {
	ip netns exec b tc -s filter show dev vb0 ingress |
		awk '/Sent/ { n += $4 } END { print n + 0 }'
}

teardown() {
	local dev
	for dev in bfly0 br0 vx0 va vb; do
		ip link del $dev 2> /dev/null || :
	done
	ip netns del a
	ip netns del b
	# what is left of them goes in the background, and is not to be measured
	sleep 0.2
}

# senders FLOWS: options of pktgen for so many flows, 50,000 from an address
senders() {
	local ports=$1 last=0
	if [ "$1" -gt 50000 ]; then
		# no number of addresses divides it: walking through both in step meets
		# each pair
		ports=50021 last=$(($1 / 50000 - 1))
	fi
	printf '%s\n' "src_min 10.0.1.0" "src_max 10.0.1.$last" "udp_src_min 1000" \
		"udp_src_max $((1000 + ports))"
}

# generate DEVICE FLOWS DST-IP DST-MAC: send `starts` times, the first time to warm the
# caches; prints packets a second of the best one
generate() {
	ip netns exec a bash -e <<-EOF
	cd /proc/net/pktgen
	options() {
		local option
		for option; do
			echo "\$option" > $1
		done
	}
	echo rem_device_all > kpktgend_0
	echo add_device $1 > kpktgend_0
	options "pkt_size 64" "clone_skb 0" "dst $3" "dst_mac $4" "$sharing"
	while read -r option; do
		options "\$option"
	done <<< "$(senders "$2")"
	options ${extra[*]@Q}
	if [ $2 -gt $packets ]; then
		options "count $((50021 * ($2 / 50000)))"
		echo start > pgctrl
	fi
	options "count $packets" "flag UDPSRC_RND" "flag IPSRC_RND"
	for ((i = 0; i < $starts; i++)); do
		echo start > pgctrl
		sed -n 's/.* \([0-9]*\)pps.*/\1/p' $1
	done | sed 1d | sort -n | tail -n 1
	EOF
}

# measure CASE FLOWS [BASE [DEVICE [DST-IP DST-MAC]]]: prints CASE FLOWS PPS COST OVER-BASE.
# BASE is the case whose cost is taken off, `base` unless said; a case with that name has
# no other to take off.
measure() {
	local name=$1 flows=$2 of=${3:-base} before pps cost over=0
	before=$(arrived)
	pps=$(generate "${4:-va0}" "$flows" "${5:-10.0.0.2}" "${6:-$mac_b}")
	cost=$((1000000000 / pps))
	if [[ $name = base* ]]; then
		base[$name $flows]=$cost
	# a case whose packets did not arrive measured nothing
	elif [ $(($(arrived) - before)) -lt $((packets * starts)) ]; then
		echo "$name $flows LOST: $(($(arrived) - before)) of $((packets * starts)) arrived"
		return
	else
		over=$((cost - ${base[$of $flows]:-${base[$of 1]}}))
	fi
	echo "$name $flows $pps $cost $over"
}
