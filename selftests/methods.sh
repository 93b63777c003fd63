# SPDX-License-Identifier: GPL-2.0
# methods.sh - backends for every method of the balancer, and what is seen on the wire.
# Sourced after topology.sh.
#
#	need "${method_modules[@]}" tshark
#	cluster
#	method_backends			# $b1, $b2, $b3 take all methods
#	configure "$lb" < <(method_pools)	# gue4, gue6, fou4-ip6 ...
#	each_pair CMD			# CMD METHOD FAMILY ADDED IP POOL for every pair of families
#	conversation			# from here on, act WHAT VIP N: what a client saw of servers
#	decode FILE > "$scratch/seen"	# what a capture holds of each method, and what is wrong in it
#
# shellcheck shell=bash disable=SC2154	# `ns` sets variables by name

here=$(dirname "$0")

# shellcheck disable=SC2034	# the tests use it
method_modules=(mod:ipip mod:sit mod:ip6_tunnel mod:ip_gre mod:ip6_gre mod:fou mod:vxlan mod:nf_tables)

# the kernel's own devices
method_backends() {
	local b n
	# they come with devices of their own in every namespace
	later modprobe -q -r fou6 fou ip6_gre ip_gre ipip sit ip6_tunnel
	ip_tunnels
	for n in 3 4 5; do
		b=b$((n - 2))
		ip -n "${!b}" -b - <<-EOF
			link add name g4 type gre local 192.0.2.$n remote any
			link add name g6 type ip6gre local 2001:db8::$n remote ::
			link add name vx4 address $(mac $n) type vxlan id 77 local 192.0.2.$n dstport 4789
			link add name vx6 address $(mac $n) type vxlan id 78 local 2001:db8::$n dstport 4789
			link set g4 up
			link set g6 up
			link set vx4 up
			link set vx6 up
			fou add port 6080 gue
			fou add port 6080 gue -6
			fou add port 5555 ipproto 4
			fou add port 5555 ipproto 4 -6
			fou add port 5556 ipproto 41
			fou add port 5556 ipproto 41 -6
		EOF
		# what the hint stands for; no connection is tracked
		at "${!b}" nft -f - <<-EOF
			table inet raw {
				chain restore {
					type filter hook prerouting priority raw
					ip daddr 192.0.2.$n ip dscp 11 ip daddr set $vip4
					ip6 daddr 2001:db8::$n ip6 dscp 12 ip6 daddr set $vip6
				}
			}
		EOF
	done
}

# method_pool NAME METHOD FAMILY [WORD...]: with all backends
method_pool() {
	local n
	echo "pool add $1 method $2 ${*:4}"
	for n in 3 4 5; do
		if [ "$3" = 4 ]; then
			echo -n "backend add $1 192.0.2.$n"
		else
			echo -n "backend add $1 2001:db8::$n"
		fi
		if [ "$2" = vxlan ]; then
			echo " mac $(mac $n)"
		else
			echo
		fi
	done
}

method_pools() {
	local f
	for f in 4 6; do
		method_pool l2$f l2 $f
		method_pool ipip$f ipip $f
		method_pool gre$f gre $f
		method_pool gue$f gue $f
		method_pool fou$f fou $f
		method_pool fou$f-ip6 fou $f port 5556
		method_pool retarget$f gre-retarget $f
	done
	method_pool vxlan4 vxlan 4 vni 77
	method_pool vxlan6 vxlan 6 vni 78
	method_pool dscp4 dscp 4 dscp 11
	method_pool dscp6 dscp 6 dscp 12
}

# each_pair CMD: for every tunnel and pair of families CMD METHOD FAMILY ADDED IP POOL: the
# family outside, the bytes that the tunnel adds, the family inside, the pool
each_pair() {
	local method family added ip pool
	while read -rd '|' method family added; do
		for ip in 4 6; do
			pool=$method$family
			[ "$method$ip" != fou6 ] || pool+=-ip6
			"$1" "$method" "$family" "$added" $ip "$pool"
		done
	done <<< "ipip 4 20|ipip 6 40|gre 4 24|gre 6 44|gue 4 32|gue 6 52|fou 4 28|fou 6 48|vxlan 4 50|vxlan 6 70|"
}

# A router that puts packets into GRE, to an address of the balancer. It says nothing itself.
gre_router() {
	ip -n "$client" -b - <<-EOF
		link add name to4 type gre local 192.0.2.2 remote 203.0.113.9 ttl 64
		link add name to6 type ip6gre local 2001:db8::2 remote 2001:db8:f::9 encaplimit none
		link set dev to4 addrgenmode none
		link set dev to6 addrgenmode none
		link set to4 up
		link set to6 up
	EOF
	configure "$lb" <<-EOF
		service add 203.0.113.9:*/gre pool retarget4
		service add [2001:db8:f::9]:*/gre pool retarget6
	EOF
}
# by_router to4|to6: from now on it does
by_router() {
	ip -n "$client" -b - <<-EOF
		route replace $vip4 dev $1
		route replace $vip6 dev $1
	EOF
}

conversation() {
	mkfifo "$scratch/questions" "$scratch/answers"
	exec 3<> "$scratch/questions" 4<> "$scratch/answers"
	python3 "$here/conversation.py" "$vip4" "$vip6" "$client" "$b1" "$b2" "$b3" \
		< "$scratch/questions" > "$scratch/answers" 2> "$scratch/err" 3>&- 4>&- &
	later kill $!
	read -r -t 60 -u 4 || { cat "$scratch/err"; return 1; }
}

# act WHAT VIP N: what the client says of it
act() {
	local reply
	echo "$*" >&3
	read -r -t 60 -u 4 reply && echo "$reply"
}

# decode FILE: the packets of a capture on their way to backends, by method, families and what
# is inside, and what is wrong with others, a line each
decode() {
	local field fields=()
	for field in frame.protocols frame.len frame.cap_len ip.len ip.ttl ip.flags.df ip.checksum.status \
			ip.dsfield.dscp ipv6.plen ipv6.hlim ipv6.tclass.dscp tcp.checksum.status tcp.checksum \
			tcp.checksum_calculated udp.srcport udp.dstport udp.length udp.checksum.status \
			gre.flags_and_version gue.head vxlan.flags vxlan.vni eth.dst; do
		fields+=(-e "$field")
	done
	tshark -n -r "$1" -X "lua_script:$here/gue.lua" -d udp.port==5555,ip -d udp.port==5556,ipv6 \
		-o ip.check_checksum:TRUE -o udp.check_checksum:TRUE -o tcp.check_checksum:TRUE \
		-o tcp.analyze_sequence_numbers:FALSE -T fields -E header=y -E 'separator=|' "${fields[@]}" \
		2> "$scratch/tshark" > "$scratch/fields" || { cat "$scratch/tshark"; return 1; }
	awk -F '|' -f "$here/wire.awk" "$scratch/fields"
}

# on_wire KEY COLUMN MIN: of the packets that were decoded; column 2 are those of full size
on_wire() {
	local n
	n=$(awk -F ': ' -v key="$1" -v column="$2" \
		'$1 == key { split($2, n, /[, ]+/); print n[column] }' "$scratch/seen")
	check "on the wire: $1: ${n:-none}" [ "${n:-0}" -ge "$3" ]
}
