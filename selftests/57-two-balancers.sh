#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 57-two-balancers.sh - two balancers of one configuration choose alike, and downloads survive the death of one
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl nginx curl jq python3

host lb1 lb2
ns client router b1 b2 b3
wire "$lb1" "$lb2" "$router" "$b1" "$b2" "$b3"
ip -n "$router" link add name clients type veth peer name eth0 netns "$client"
at "$client" sysctl -qw net.ipv6.ip_nonlocal_bind=1
ip -n "$client" -b - <<-EOF
	addr add 198.51.100.2/24 dev eth0
	addr add fdcc::2/64 dev eth0 nodad
	link set eth0 up
	route add local 10.64.0.0/16 dev lo
	route add local fd64::/64 dev lo
	route add default via 198.51.100.1
	route add default via fdcc::1
EOF
at "$router" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
	net.ipv4.fib_multipath_hash_policy=1 net.ipv6.fib_multipath_hash_policy=1
ip -n "$router" -b - <<-EOF
	addr add 198.51.100.1/24 dev clients
	addr add fdcc::1/64 dev clients nodad
	link set clients up
	route add 10.64.0.0/16 via 198.51.100.2
	route add fd64::/64 via fdcc::2
EOF
for b in "$b1" "$b2" "$b3"; do
	at "$b" sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
	ip -n "$b" -b - <<-EOF
		addr add $vip4/32 dev lo
		addr add $vip6/128 dev lo nodad
		route add 10.64.0.0/16 via 192.0.2.3
		route add fd64::/64 via 2001:db8::3
	EOF
	serve "$b" 80
done
for lb in "$lb1" "$lb2"; do
	configure "$lb" <<-EOF
		uplink add under
		pool add web4 method l2 key 00112233445566778899aabbccddeeff
		pool add web6 method l2 key 00112233445566778899aabbccddeeff
	EOF
done
# the second one got them the other way round
lines=()
for n in 4 5 6; do
	lines+=("backend add web4 192.0.2.$n weight $n" "backend add web6 2001:db8::$n weight $n")
done
lines+=("service add $vip4:80/tcp pool web4" "service add [$vip6]:80/tcp pool web6"
	"service add $vip4:53/udp pool web4" "service add [$vip6]:53/udp pool web6")
printf '%s\n' "${lines[@]}" | configure "$lb1"
printf '%s\n' "${lines[@]}" | tac | grep backend | configure "$lb2"
printf '%s\n' "${lines[@]}" | grep service | configure "$lb2"

# by N...: the router's ways to the virtual addresses
by() {
	local n hops4=() hops6=()
	for n; do
		hops4+=(nexthop via "192.0.2.$n")
		hops6+=(nexthop via "2001:db8::$n")
	done
	ip -n "$router" -6 route replace 2001:db8:f::/64 "${hops6[@]}"
	ip -n "$router" route replace 203.0.113.0/24 "${hops4[@]}"
}

# 2,000 flows, through the one and then through the other
cat > "$scratch/flows.py" <<'END'
import socket, sys

for i in range(1000):
    for vip, source in (sys.argv[1], "10.64.%d.%d" % (i // 250, i % 250 + 1)), (sys.argv[2], "fd64::%x" % i):
        s = socket.socket(socket.AF_INET6 if ":" in vip else socket.AF_INET, socket.SOCK_DGRAM)
        s.bind((source, 1024 + i * 37 % 60000))
        s.sendto(b"x", (vip, 53))
        s.close()
END
choices() {
	ctl "$1" -j flow show proto udp | jq -r '.[] | "\(.src) \(.sport) \(.dst) \(.backend)"' | sort
}
quietly reach "$lb1" 192.0.2.4 192.0.2.5 192.0.2.6 2001:db8::4 2001:db8::5 2001:db8::6
quietly reach "$lb2" 192.0.2.4 192.0.2.5 192.0.2.6 2001:db8::4 2001:db8::5 2001:db8::6
# who forwards, and who sends from an address of another device, asks for a neighbour by his
# link-local address, which is new and not yet his
quietly reach "$router" 192.0.2.1 192.0.2.2 2001:db8::1 2001:db8::2
quietly reach "$client" 198.51.100.1 fdcc::1
for n in 1 2; do
	lb=lb$n
	by $n
	at "$client" python3 "$scratch/flows.py" $vip4 $vip6
	choices "${!lb}" > "$scratch/chosen$n"
	ctl "${!lb}" flow flush
done
same "2,000 flows" 2000 "$(wc -l < "$scratch/chosen1")"
check "go to the same backends by either balancer" cmp "$scratch/chosen1" "$scratch/chosen2"
for n in 4 5 6; do
	check "and to 192.0.2.$n by its weight: $(grep -c " 192.0.2.$n\$" "$scratch/chosen1")" \
		[ "$(grep -c " 192.0.2.$n\$" "$scratch/chosen1")" -gt 150 ]
done

# Both at once.
by 1 2
downloads=0
for family in 4 6; do
	vip=vip$family
	transfers 16 "${!vip}" /slow "max-time = 60" "output = /dev/null" \
		'write-out = "%header{x-backend} %{exitcode} %{size_download}\n"' > "$scratch/slow"
	at "$client" curl -Z --parallel-immediate --parallel-max 100 -K "$scratch/slow" \
		>> "$scratch/ended" 2> /dev/null &
	held+=($!)
	later kill $!
	downloads=$((downloads + 16))
done
holding() {
	[ "$(at "$client" ss -Htn state established dport = :80 | wc -l)" = $downloads ]
}
busywait 20 holding
flows() {
	backends web4 flows
	backends web6 flows
}
first=$(lb=$lb1 && flows | sum)
second=$(lb=$lb2 && flows | sum)
check "downloads through both: $first and $second" [ "$first" -gt 0 -a "$second" -gt 0 ]
# one dies, and the router notices
ip -n "$lb1" link set under down
by 2
wait "${held[@]}" || :
same "all downloads end well" $downloads "$(grep -c ' 0 225001$' "$scratch/ended")"
check "the other balancer has all of them: $(lb=$lb2 && flows | sum)" [ "$(lb=$lb2 && flows | sum)" -ge $downloads ]
