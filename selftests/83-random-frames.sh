#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 83-random-frames.sh - broken frames from everywhere: all are accounted for
# limit: 7200
#
# BFLY_FRAMES=N   how many in all (default 14000); with millions give the runner time, too:
#                 BFLY_FRAMES=10000000 vm -t 7200 run-selftests 83
# BFLY_SEED=N     which ones (printed, so that a failure can be had again)
#
# What a net has taken in is counted once more: as sent on, or as dropped. So that this
# is a sum, each net has two ends, and what is for all is for one.
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl jq
tool=$(dirname "$0")/../tests/frames/frames
[ -x "$tool" ] || skip "needs tests/frames/frames, which make builds"

runs=7
each=$((${BFLY_FRAMES:-14000} / runs + 1))
seed=${BFLY_SEED:-$((SECONDS + $$ + $(date +%s) % 32768))}
echo "BFLY_SEED=$seed"

# $far's frames come in at `under`; servers are at `back`. Neither answers.
host h
ns far back
ip -n "$h" -b - <<-EOF
	link add name under address $(mac 101) mtu 2000 type veth peer name under netns $far address $(mac 102) mtu 2000
	link add name back address $(mac 103) mtu 9000 type veth peer name eth0 netns $back address $(mac 104) mtu 9000
	addr add 192.0.2.1/24 dev under
	addr add 2001:db8::1/64 dev under nodad
	addr add 198.51.100.1/24 dev back
	addr add 2001:db8:b::1/64 dev back nodad
	link set dev under up
	link set dev back up
	neigh replace 192.0.2.2 lladdr $(mac 102) dev under nud permanent
	neigh replace 2001:db8::2 lladdr $(mac 102) dev under nud permanent
	neigh replace 198.51.100.2 lladdr $(mac 104) dev back nud permanent
	neigh replace 2001:db8:b::2 lladdr $(mac 104) dev back nud permanent
EOF
at "$h" sysctl -qw net.ipv6.conf.under.accept_ra=0 net.ipv6.conf.under.accept_redirects=0 \
	net.ipv6.conf.bfly0.disable_ipv6=1
vm a "$h" 1; vm b "$h" 2	# net 1: groups at both ends; b answers
vm c "$h" 3; vm d "$h" 4	# net 2: c with bypass; d answers
vm e "$h" 5			# net 3: with bypass, to a tunnel
vm g "$h" 7			# net 4: from tunnels; g answers
vm f "$h" 6			# net 60: a VLAN of the uplink
vm w "$h" 8			# net 61: the uplink's untagged frames; w answers
for n in a c e f far back; do
	at "${!n}" sysctl -qw net.ipv6.conf.all.disable_ipv6=1
done
for n in a c e f; do
	ip -n "${!n}" addr flush dev eth0
done
# Nothing is too big for a machine, or the switch would tell its sender, in the same net.
for n in a b c d e f g w; do
	ip -n "$h" link set dev $n mtu 65535
	ip -n "${!n}" link set dev eth0 mtu 65535
done
ip -n "$far" link set dev under up
ip -n "$back" link set dev eth0 up
configure "$h" <<-EOF
	switch set local 192.0.2.1 local 2001:db8::1 flow-max 4096 fdb-max 256
	group add some
	rule add some in proto icmp
	rule add some in proto icmpv6
	rule add some in proto tcp port 80
	rule add some in proto udp port 7
	net add 1 vni 11184810
	net add 2 vni 5592405
	net add 3
	net add 4
	net add 5 strict on
	remote add net 3 via 192.0.2.2
	remote add net 4 via 2001:db8::2
	$(port a 1 net 1 group some)
	$(port b 2 net 1 group some)
	$(port c 3 net 2 bypass on)
	$(port d 4 net 2 group some)
	$(port e 5 net 3 bypass on)
	$(port g 7 net 4 group some)
EOF

# What is good of all kinds, in hexadecimal digits. Lengths and checksums are zero:
# the generator fills them in.
hello=03e800070000000011223344556677	# UDP, 1000 to 7
syn=03e9005000000001000000005002d40000000000

# number N: $n has it as two digits
number() {
	printf -v n %02x "$1"
}

# talk FROM TO [ADDRESSES]: from one machine to another
talk() {
	local s d s4 d4 s6 d6 ip4 ip6 back4 back6 n
	number "$1"
	s=0200000000$n s4=0a0000$n s6=fd0000000000000000000000000000$n
	number "$2"
	d=0200000000$n d4=0a0000$n d6=fd0000000000000000000000000000$n
	ip4=${3:-$d$s}0800 ip6=${3:-$d$s}86dd
	back4=45000020000000004011aaaa$d4$s4 back6=6000000000101140$d6$s6
	printf '%s\n' "${ip4}450000000000400040110000$s4$d4$hello" \
		"${ip4}450000000000400040060000$s4$d4$syn" \
		"${ip4}450000000000400040010000$s4${d4}0800000000010001001122334455" \
		"${ip4}450000000000400040010000$s4${d4}0301000000000000$back4$hello" \
		"${ip4}450000000000400040840000$s4${d4}00070007000000000000000001000014" \
		"${ip4}4500000000004000402f0000$s4${d4}0000080000112233445566778899" \
		"${ip4}460000000000000040110000$s4${d4}01010100$hello" \
		"${ip4}450000001234200040110000$s4$d4$hello" \
		"${ip4}450000001234000240110000$s4$d4$hello" \
		"${3:-$d$s}08060001080006040001$s$s4$s$d4" \
		"${ip6}6000000000001140$s6$d6$hello" \
		"${ip6}6000000000000640$s6$d6$syn" \
		"${ip6}6000000000003a40$s6${d6}80000000000100010011" \
		"${ip6}6000000000003a40$s6${d6}0300000000000000$back6$hello" \
		"${ip6}6000000000003aff$s6${d6}8700000000000000$d6" \
		"${ip6}6000000000003aff$s6${d6}8800000060000000$s6" \
		"${ip6}6000000000000040$s6${d6}3c000502000000001100010400000000$hello" \
		"${ip6}6000000000002b40$s6${d6}3c000000000000001100010400000000$hello" \
		"${ip6}6000000000002c40$s6${d6}1100000112345678$hello"
}

# shout FROM ABOUT: what a machine says to all
shout() {
	local s s4 s6 t4 t6 n ll=fe800000000000000000000000000001 ff=ff020000000000000000
	number "$1"
	s=0200000000$n s4=0a0000$n s6=fd0000000000000000000000000000$n
	number "$2"
	t4=0a0000$n t6=fd0000000000000000000000000000$n
	printf '%s\n' "ffffffffffff${s}08060001080006040001$s$s4$s$t4" \
		"ffffffffffff${s}080045000000000040004011000000000000ffffffff004400430000000001010101" \
		"3333ff0000$n${s}86dd6000000000003aff$s6${ff}0001ff0000${n}8700000000000000$t6" \
		"333300000016${s}86dd6000000000003a01$ll${ff}0000000000168f00000000000000" \
		"333300000001${s}86dd6000000000003aff$ll${ff}000000000001860000004000070800000000" \
		"0180c2000000${s}0027424203000000" \
		"020000000063${s}0800450000000000400040110000${s4}0a000063$hello"
}

to_host=020000000065020000000066
under4=c0000202c0000201
under6=20010db800000000000000000000000220010db8000000000000000000000001
# tunnel 4|6 VNI < FRAMES
tunnel() {
	local inner vxlan
	while read -r inner; do
		printf -v vxlan 'c35012b50000000008000000%06x00%s' "$2" "$inner"
		if [ "$1" = 4 ]; then
			echo "${to_host}0800450000000000400040110000$under4$vxlan"
		else
			echo "${to_host}86dd6000000000001140$under6$vxlan"
		fi
	done
}

# tagged VLAN < FRAMES
tagged() {
	sed -E "s/^(.{24})/\\1$(printf 8100%04x "$1")/"
}

for ends in a,1,2 c,3,4 e,5,9 f,6,9 inner,9,7; do
	IFS=, read -r name from to <<< "$ends"
	{
		talk "$from" "$to"
		shout "$from" "$to"
	} > "$scratch/$name"
done
{
	sed -n '1~2p' "$scratch/inner" | tunnel 4 3
	sed -n '2~3p' "$scratch/inner" | tunnel 4 4
	sed -n '1~3p' "$scratch/inner" | tunnel 6 4
	sed -n '1~8p' "$scratch/inner" | tunnel 4 5
	sed -n '1p' "$scratch/inner" | tunnel 4 5 | tunnel 6 4
	talk 9 7 "$to_host" | sed -n '1p;3p;10p;11p'
} > "$scratch/far"
{
	sed -n '1~3p' "$scratch/far"
	talk 9 6 | sed -n '1~2p' | tagged 60
	shout 9 6 | tagged 60
	talk 9 8 | sed -n '2~3p'
	shout 9 8
	client4=c0000202 client6=20010db8000000000000000000000002
	to4=cb007101 to6=20010db8000f00000000000000000001	# $vip4 and $vip6
	printf "$to_host%s\\n" "0800450000000000400040110000$client4${to4}03e800350000000011223344" \
		"0800450000000000400040060000$client4$to4$syn" \
		"0800450000000000400040060000$client4$to4${syn/5002/5010}" \
		"0800450000000000400040010000$client4${to4}0800000000010001001122334455" \
		"0800450000000000400040010000$client4${to4}0304000000000500450000200000000040110000$to4${client4}003503e8000c0000" \
		"86dd6000000000001140$client6${to6}03e800350000000011223344" \
		"86dd6000000000003a40$client6${to6}8000000000010001001122334455"
} > "$scratch/uplink"

# counters: a name and a number a line. outsideN is what net N got from tunnels or
# the uplink.
counters() {
	{
		printf '%s\n' "net show" "port show" "service show" stats | ctl "$h" -j -b -
		ip -n "$h" -j -s link show
	} | jq -rs '
		.[1] as $ports |
		(.[0][] | .id as $net |
			"rx\($net) \(."rx-packets")", "tx\($net) \(."tx-packets")",
			"lost\($net) \(."rx-dropped" + ."tx-dropped")",
			"outside\($net) \([."rx-packets", ($ports[] | select(.net == $net) | -."rx-packets")] | add)"),
		($ports[] | "rx-\(.ifname) \(."rx-packets")", "tx-\(.ifname) \(."tx-packets")"),
		"services \([.[2][].packets] | add // 0)",
		"reasons \([.[3][0].drop[].packets] | add)",
		(.[4][] | "dev-\(.ifname) \(.stats64.rx.packets)", "refused-\(.ifname) \(.stats64.rx.dropped)")'
	at "$h" cat /proc/net/snmp /proc/net/snmp6 |
		awk '/^Udp: [0-9]/ { n += $2 } /^Udp6InDatagrams/ { n += $2 } END { print "udp", n }'
}

# Fragments are dropped when they have waited for their first one in vain.
none_wait() {
	[[ $(ctl "$h" -s switch show) == *"frags-waiting 0 "* ]]
}

declare -A was grown said
# grow: by how much the counters have grown since the last time, in $grown. They are
# read until they stand still.
grow() {
	local name value
	busywait 10 none_wait
	counters > "$scratch/now"
	until mv "$scratch/now" "$scratch/before" && counters > "$scratch/now" &&
		cmp -s "$scratch/before" "$scratch/now"; do
		:
	done
	while read -r name value; do
		grown[$name]=$((value - ${was[$name]:-0}))
		was[$name]=$value
	done < "$scratch/now"
}

# total NAME: over all nets
total() {
	local n=0 name
	for name in "${!grown[@]}"; do
		[[ $name != "$1"[0-9]* ]] || n=$((n + grown[$name]))
	done
	echo $n
}

# generate NS DEVICE FRAMES [OPTION...]
generate() {
	local name value
	seed=$((seed + 1))
	at "$1" "$tool" -n "$each" -s "$seed" "${@:4}" "$2" < "$scratch/$3" > "$scratch/said"
	while read -r name value; do
		said[$name]=$value
	done < "$scratch/said"
	grow
}

# balanced NET [ANSWERS]: what came went on or was dropped, but for answers of the
# switch itself
balanced() {
	local came=${grown[rx$1]} went=${grown[tx$1]} lost=${grown[lost$1]}
	same "net $1: $came came in, $went went out, $lost were dropped" $((came + ${2:-0})) $((went + lost))
}

# from_port PORT NET [alone]: alone it has nobody to answer it but the switch
from_port() {
	local tx=tx-$1
	generate "${!1}" eth0 "$1" -g
	echo "port $1: ${said[sent]} sent, ${said[refused]} refused by the kernel, ${said[cut]} cut short"
	same "port $1: all ${grown[dev-$1]} came in" "${grown[dev-$1]}" "$((grown[rx-$1] + said[cut]))"
	balanced "$2" "${3:+${grown[$tx]}}"
	same "each drop has its reason" "$(total lost)" "${grown[reasons]}"
}

to_hosts=()
for type in 0800 86dd 0806 0004; do
	to_hosts+=(-c "$type:$h:under:$type")
done
# from_far FRAMES "NET..." [OPTION...]
from_far() {
	local net outside early hosts answers
	said=([vip4]=0 [vip6]=0)
	generate "$far" under "$1" "${to_hosts[@]}" "${@:3}"
	hosts=$((said[0800] + said[86dd] + said[0806] + said[0004] + grown[refused-under]))
	outside=$(total outside)
	# before there was a net, or by the balancer
	early=$((grown[reasons] - $(total lost)))
	answers=$((said[vip4] + said[vip6]))
	echo "$1: ${said[sent]} sent, ${said[refused]} refused by the kernel, ${said[cut]} cut short; $hosts for the" \
		"host, ${grown[udp]} of them to the tunnel; $outside came to nets, $early were dropped before;" \
		"${grown[services]} to servers, $answers answered"
	# who listens to groups of a flat net gets them beside the host
	[ -z "${grown[outside61]:-}" ] || outside=$((outside - said[groups]))
	same "$1: all ${grown[dev-under]} came in" "${grown[dev-under]}" \
		"$((said[cut] + said[cut-inner] + hosts - grown[udp] + outside + early + grown[services] + answers))"
	for net in $2; do
		balanced "$net"
	done
}

grow
from_port a 1
from_port c 2
from_port e 3 alone
from_far far "3 4 5"
configure "$h" <<-EOF
	uplink add under
	net add 60 type vlan uplink under vid 60
	net add 61 type flat uplink under
	$(port f 6 net 60 group some)
	$(port w 8 net 61 bypass on)
EOF
grow
from_port f 60 alone
from_far far "3 4 5 60 61" -g
configure "$h" <<-EOF
	pool add p method l2 table 251
	backend add p 198.51.100.2
	pool add q method ipip table 251
	backend add q 2001:db8:b::2
	service add $vip4:53/udp pool p
	service add $vip4:80/tcp pool q
	service add [$vip6]:53/udp pool q
EOF
from_far uplink "3 4 5 60 61" -c "vip4:$far:under:0800:$vip4" -c "vip6:$far:under:86dd:$vip6"
