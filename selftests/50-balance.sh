#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 50-balance.sh - a VIP's clients spread over real web servers; method l2, IPv4 and IPv6
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl nginx curl jq ping nc

cluster
configure "$lb" <<-EOF
	pool add web4 method l2
	backend add web4 192.0.2.3
	backend add web4 192.0.2.4
	backend add web4 192.0.2.5
	pool add web6 method l2
	backend add web6 2001:db8::3
	backend add web6 2001:db8::4
	backend add web6 2001:db8::5
	service add $vip4:80/tcp pool web4
	service add [$vip6]:80/tcp pool web6
EOF
spread() {
	local vip=$1 pool=$2 n=$3 b i sum=0
	ask "$n" "$vip" > "$scratch/answers"
	same "$vip: every client is answered" "$n" "$(sort -u "$scratch/answers" | wc -l)"
	for b in b1 b2 b3; do
		i=$(answers $b < "$scratch/answers")
		# a third each, as chance has it: a tenth is once in a million
		check "$vip: $b has its share: $i of $n" [ $((i * 10)) -gt "$n" ]
		sum=$((sum + i))
	done
	same "$vip: the answers add up" "$n" "$sum"
	same "$vip: so do the backends' flows" "$n" "$(backends "$pool" new-flows | sum)"
	ctl "$lb" -j service show > "$scratch/service"
	same "$vip: and the service's" "$n" \
		"$(jq -r --arg vip "$vip" '.[] | select(.addr == $vip) | .["new-flows"]' "$scratch/service")"
	same "$vip: packets of the service are those of the backends" \
		"$(jq -r --arg vip "$vip" '.[] | select(.addr == $vip) | .packets' "$scratch/service")" \
		"$(backends "$pool" packets | sum)"
}
spread $vip4 web4 90
spread $vip6 web6 90

# the same client port goes to the same backend, with another switch of the same key too
# (a port that has just been in use is free at once)
at "$client" sysctl -qw net.ipv4.tcp_max_tw_buckets=0
stays() {
	local i answer first=
	for i in 1 2 3 4; do
		answer=$(at "$client" curl -0 -s -m 10 --interface 10.64.9.9 --local-port $((20000 + $1)) "http://$vip4/")
		[ "${first:=${answer##* }}" = "${answer##* }" ] || return 1
		[ $((i % 2)) = 0 ] || ctl "$lb" flow flush
	done
	echo "$first"
}
check "a client's port goes to one backend, flows or not" stays 1

check "the VIPs answer pings" reach "$client" $vip4 $vip6
drops "an unknown port of a VIP is dropped" "$lb" no-service 1 shut "$client" $vip4 81
drops "and over IPv6" "$lb" no-service 1 shut "$client" $vip6 81
check "what is for no VIP is the host's: ping" reach "$client" 192.0.2.1 2001:db8::1
serve "$lb" 80
check "and TCP to the same port" open "$client" 192.0.2.1 80
check "and over IPv6" open "$client" 2001:db8::1 80

# UDP, and a service for all ports
configure "$lb" <<-EOF
	pool add dns method l2 hash 3tuple
	backend add dns 192.0.2.3
	service add $vip4:53/udp pool dns
	service add [$vip6]:*/tcp pool web6
EOF
repeat "$b1" udp 53 $vip4
check "UDP" echo_udp "$client" $vip4 53
check "a service for every port" at "$client" curl -sSf -m 10 "http://[$vip6]/"
refuse "a service is there once" 'exist|there is' ctl "$lb" service add $vip4:80/tcp pool web4
refuse "a service has a pool that is there" 'nosuch|pool' ctl "$lb" service add $vip4:82/tcp pool nosuch
refuse "a pool in use is not deleted" 'use|service' ctl "$lb" pool del web4
refuse "l2 takes backends of the service's family" 'famil|l2' ctl "$lb" backend add web4 2001:db8::3
refuse "a table has a prime size" 'prime' ctl "$lb" pool add odd method l2 table 1000

ctl "$lb" service del $vip4:80/tcp
drops "a service that goes is no more" "$lb" no-service 1 shut "$client" $vip4 80
ctl "$lb" service del $vip4:53/udp
check "without a service it is no VIP" bash -c "! ip netns exec $client ping -q -c 1 -W 0.6 $vip4"
ctl "$lb" uplink del under
check "without the uplink nothing is balanced" bash -c \
	"! ip netns exec $client curl -s -m 1 http://[$vip6]/"
check "the host's own traffic goes on" reach "$client" 192.0.2.1 2001:db8::1
