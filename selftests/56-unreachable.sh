#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 56-unreachable.sh - ICMP errors about packets in tunnels to backends become events
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl jq python3

host lb
ns client b1 b2
wire "$lb" "$client" "$b1" "$b2"
at "$b2" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.icmp_ratelimit=0 \
	net.ipv6.icmp.ratelimit=0
at "$b1" sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
ip -n "$b2" -b - <<-EOL
	route add unreachable 198.51.100.9
	route add unreachable 2001:db8:99::9
EOL
ip -n "$lb" -b - <<-EOL
	route add 198.51.100.0/24 via 192.0.2.4
	route add 2001:db8:99::/64 via 2001:db8::4
EOL
ip -n "$client" -b - <<-EOL
	route add 203.0.113.0/24 via 192.0.2.1
	route add 2001:db8:f::/64 via 2001:db8::1
EOL
# nobody listens to GUE on b1; b2 is a router that does not reach the others
configure "$lb" <<-EOL
	uplink add under
	pool add gue method gue
	backend add gue 192.0.2.3
	pool add gue6 method gue
	backend add gue6 2001:db8::3
	pool add far method ipip
	backend add far 198.51.100.9
	pool add far6 method gre
	backend add far6 2001:db8:99::9
	pool add plain method l2
	backend add plain 192.0.2.3
	service add $vip4:1/udp pool gue
	service add $vip4:2/udp pool gue6
	service add $vip4:3/udp pool far
	service add [$vip6]:4/udp pool far6
	service add $vip4:5/udp pool plain
EOL
background bflyctl -n "$lb" monitor
plain=$!
background bflyctl -n "$lb" -j monitor
json=$!
heard_of() {
	ctl "$lb" net add 9
	ctl "$lb" net del 9
	grep -q 9 "$scratch/$1"
}
busywait 10 heard_of "$plain"
busywait 10 heard_of "$json"

# tells TEXT ADDR PORT POOL BACKEND CODE
told_of() {
	at "$client" bash -c "echo x > /dev/udp/$1/$2"
	nap 0.2
	jq -se --arg pool "$3" --arg addr "$4" --argjson code "$5" 'any(.[]; .event == "backend-unreachable" and
		.name == $pool and .addr == $addr and .["icmp-code"] == $code and .dev == "bfly0")' "$scratch/$json"
}
check "a port that is closed, over IPv4" busywait 10 told_of $vip4 1 gue 192.0.2.3 3
check "over IPv6" busywait 10 told_of $vip4 2 gue6 2001:db8::3 4
check "a host that a router does not reach, in IP in IP" busywait 10 told_of $vip4 3 far 198.51.100.9 1
check "in GRE over IPv6" busywait 10 told_of $vip6 4 far6 2001:db8:99::9 0
check "as text" grep -q '^Unreachable backend gue 192.0.2.3 icmp-code 3' "$scratch/$plain"

# forge COUNT CODE SOURCE DESTINATION PROTO PORT: errors that quote such a packet
cat > "$scratch/forge.py" <<'END'
import socket, struct, sys

count, code, source, dest, proto, port = sys.argv[1:7]
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
quote = struct.pack(">BBHHHBBH4s4sHHHH", 0x45, 0, 100, 0, 0, 60, int(proto), 0,
                    socket.inet_aton(source), socket.inet_aton(dest), 50000, int(port), 80, 0)
icmp = struct.pack(">BBHI", 3, int(code), 0, 1400) + quote
total = sum(struct.unpack(">%dH" % (len(icmp) // 2), icmp))
total = (total & 0xffff) + (total >> 16)
total = (total & 0xffff) + (total >> 16)
icmp = icmp[:2] + struct.pack(">H", ~total & 0xffff) + icmp[4:]
for i in range(int(count)):
    s.sendto(icmp, ("192.0.2.1", 0))
END
# events CMD...: how many there are by that
events() {
	local before
	nap 1.2
	before=$(grep -c backend-unreachable "$scratch/$json" || :)
	at "$client" python3 "$scratch/forge.py" "$@"
	nap 0.5
	echo $(($(grep -c backend-unreachable "$scratch/$json" || :) - before))
}
same "a single error is a single event" 1 "$(events 1 1 192.0.2.1 192.0.2.3 17 6080)"
check "many are one a second" [ "$(events 300 1 192.0.2.1 192.0.2.3 17 6080)" -le 2 ]
same "none where fragmentation is needed" 0 "$(events 1 4 192.0.2.1 192.0.2.3 17 6080)"
same "none for a packet of another protocol" 0 "$(events 1 1 192.0.2.1 192.0.2.3 4 0)"
same "none for another port" 0 "$(events 1 1 192.0.2.1 192.0.2.3 17 6081)"
same "none for a host that is no backend" 0 "$(events 1 1 192.0.2.1 192.0.2.99 17 6080)"
same "none for a packet of somebody else" 0 "$(events 1 1 192.0.2.2 192.0.2.3 17 6080)"
ctl "$lb" service del $vip4:1/udp
ctl "$lb" pool del gue
same "none for a backend that is gone" 0 "$(events 1 1 192.0.2.1 192.0.2.3 17 6080)"
