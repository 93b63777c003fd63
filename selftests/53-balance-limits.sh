#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 53-balance-limits.sh - packets of services that are too big, too old, errors or fragments
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl jq python3 nstat nginx mod:ipip mod:sit mod:ip6_tunnel
# they come with devices of their own in every namespace
later modprobe -q -r ipip sit ip6_tunnel

cluster
# 1,500 bytes everywhere: with what the tunnel adds a full packet does not fit
for host in "$lb" "$client"; do
	ip -n "$host" link set under mtu 1500
done
ip_tunnels

# what the client does; the answer is printed
cat > "$scratch/client.py" <<'END'
import socket, struct, sys, time

what, vip = sys.argv[1:3]
family = socket.AF_INET6 if ":" in vip else socket.AF_INET

def connect():
    s = socket.socket(family)
    s.settimeout(20)
    s.connect((vip, 7000))
    return s

def upload():
    s = connect()
    s.sendall(bytes(300000))
    s.shutdown(socket.SHUT_WR)
    print(s.recv(100).decode().split()[0])

def datagram():
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.setsockopt(socket.IPPROTO_IP, 10, 0)  # IP_MTU_DISCOVER, IP_PMTUDISC_DONT
    s.settimeout(4)
    s.sendto(bytes(int(sys.argv[3])), (vip, 7001))
    print(s.recv(100).decode().split()[1])

def old():
    s = socket.socket(family, socket.SOCK_DGRAM)
    if family == socket.AF_INET:
        s.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 1)
    else:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, 1)
    s.sendto(b"x", (vip, 7001))

def hold():
    s = connect()
    s.sendall(b"x")
    print(s.getsockname()[1], flush=True)
    time.sleep(1000)

# a router on a server's way back tells the service that an answer was too big
def error():
    me, port = sys.argv[3], int(sys.argv[4])
    vip_bytes, me_bytes = (socket.inet_pton(family, a) for a in (vip, me))
    if family == socket.AF_INET:
        s = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        quote = struct.pack(">BBHHHBBH4s4sHHI", 0x45, 0, 1500, 0, 0x4000, 60, 6, 0,
                            vip_bytes, me_bytes, 7000, port, 1)
        icmp = struct.pack(">BBHHH", 3, 4, 0, 0, 1400) + quote
        total = sum(struct.unpack(">%dH" % (len(icmp) // 2), icmp))
        while total > 0xffff:
            total = (total & 0xffff) + (total >> 16)
        icmp = icmp[:2] + struct.pack(">H", ~total & 0xffff) + icmp[4:]
    else:
        # the kernel puts the checksum in
        s = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
        quote = struct.pack(">IHBB16s16sHHI", 0x60000000, 1460, 6, 60,
                            vip_bytes, me_bytes, 7000, port, 1)
        icmp = struct.pack(">BBHI", 2, 0, 0, 1400) + quote
    s.sendto(icmp, (vip, 0))

globals()[what]()
END

# they tell how much they were sent
background python3 "$(dirname "$0")/servers.py" $vip4,$vip6 "$b1" "$b2" "$b3"
busywait 30 grep -q ready "$scratch/$!"
act() {
	at "$client" python3 "$scratch/client.py" "$@"
}

configure "$lb" <<-EOF
	pool add four method ipip
	backend add four 192.0.2.3
	pool add six method ipip
	backend add six 2001:db8::3
	pool add near method l2
	backend add near 192.0.2.3
	backend add near 192.0.2.4
	backend add near 192.0.2.5
	pool add near6 method l2
	backend add near6 2001:db8::3
	backend add near6 2001:db8::4
	backend add near6 2001:db8::5
	service add $vip4:*/tcp pool four
	service add $vip4:*/udp pool four
	service add [$vip6]:*/tcp pool four
	service add [$vip6]:*/udp pool four
EOF

# too_big TEXT VIP MTU: an upload goes on in packets that fit
told_mtu() {
	ip -n "$client" route get "$1" | grep -qw "mtu $2"
}
upload() {
	[ "$(act upload "$1")" = 300000 ]
}
too_big() {
	local before
	before=$(dropped "$lb" too-big)
	ip -n "$client" route flush cache
	ip -n "$client" -6 route flush cache
	check "$1: an upload arrives" upload "$2"
	check "$1: its packets were too big at first" [ "$(dropped "$lb" too-big)" -gt "$before" ]
	check "$1: the client was told $3" told_mtu "$2" "$3"
}
too_big "IPv4 in IPv4" $vip4 1480
too_big "IPv6 in IPv4" $vip6 1480
ip -n "$client" route flush cache
same "IPv4 that may be fragmented arrives in fragments" 1472 "$(act datagram $vip4 1472)"
for service in "$vip4:*/tcp" "$vip4:*/udp" "[$vip6]:*/tcp" "[$vip6]:*/udp"; do
	ctl "$lb" service set "$service" pool six
done
too_big "IPv4 in IPv6" $vip4 1460
too_big "IPv6 in IPv6" $vip6 1460
ip -n "$client" route flush cache
same "also over IPv6" 1472 "$(act datagram $vip4 1472)"

drops "a TTL that has run out" "$lb" ttl 1 act old $vip4
drops "a hop limit" "$lb" ttl 1 act old $vip6
same "a datagram in fragments, of which only the first has ports" 2000 "$(act datagram $vip4 2000)"

# a connection that is refused has been answered by a server, but gets no entry
check_not "nobody listens" at "$client" nc -z -w 5 $vip4 7777
same "a SYN makes no entry" 0 "$(ctl "$lb" -j flow show | jq '[.[] | select(.dport == 7777)] | length')"

# errors go to the backend that has the flow, though it would not be chosen any more
errors() {
	local name=IcmpInDestUnreachs
	[ "$2" = 4 ] || name=Icmp6InPktTooBigs
	at "$1" nstat -asz $name | awk -v name=$name '$1 == name { print $2 }'
}
seen() {
	[ "$(errors "$1" "$2")" = 1 ]
}
error_reaches() {
	local family=$1 vip=$2 pool=$3 me port owner b total=0
	act hold "$vip" > "$scratch/hold$family" &
	later kill $!
	busywait 10 test -s "$scratch/hold$family"
	port=$(cat "$scratch/hold$family")
	busywait 5 flow_of "$port"
	flow_of "$port"
	owner=$(jq -r .backend "$scratch/flow")
	me=$(jq -r .src "$scratch/flow")
	ctl "$lb" backend set "$pool" "$owner" state drain
	act error "$vip" "$me" "$port"
	b=b$((${owner##*[.:]} - 2))
	check "IPv$family: an error about a flow reaches its backend" busywait 5 seen "${!b}" "$family"
	for b in "$b1" "$b2" "$b3"; do
		total=$((total + $(errors "$b" "$family")))
	done
	same "IPv$family: and nobody else" 1 $total
}
flow_of() {
	ctl "$lb" -j flow show |
		jq -e --argjson port "$1" '.[] | select(.sport == $port and .dport == 7000)' > "$scratch/flow"
}
ctl "$lb" service set "$vip4:*/tcp" pool near
ctl "$lb" service set "[$vip6]:*/tcp" pool near6
error_reaches 4 $vip4 near
error_reaches 6 $vip6 near6
