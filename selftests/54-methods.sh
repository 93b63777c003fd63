#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 54-methods.sh - every method and pair of families, to backends made of the kernel's own devices
# limit: 600
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl nginx jq python3 tcpdump ethtool nft nstat mod:ipip mod:sit mod:ip6_tunnel mod:ip_gre \
	mod:ip6_gre mod:fou mod:vxlan mod:nf_tables
# they come with devices of their own in every namespace
later modprobe -q -r fou6 fou ip6_gre ip_gre ipip sit ip6_tunnel

cluster
ip_tunnels
vni4=77 vni6=78
for n in 3 4 5; do
	b=b$((n - 2))
	ip -n "${!b}" -b - <<-EOF
		link add name g4 type gre local 192.0.2.$n remote any
		link add name g6 type ip6gre local 2001:db8::$n remote ::
		link add name vx4 address $(mac $n) type vxlan id $vni4 local 192.0.2.$n dstport 4789
		link add name vx6 address $(mac $n) type vxlan id $vni6 local 2001:db8::$n dstport 4789
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

# TCP 7000 tells what it was sent, and who it is
cat > "$scratch/server.py" <<'END'
import socket, sys, threading, zlib

def answer(c):
    n = crc = 0
    while data := c.recv(1 << 20):
        n += len(data)
        crc = zlib.crc32(data, crc)
    c.sendall(b"%d %d %s" % (n, crc, sys.argv[1].encode()))
    c.close()

s = socket.create_server(("::", 7000), family=socket.AF_INET6, dualstack_ipv6=True, backlog=100)
while True:
    threading.Thread(target=answer, args=(s.accept()[0],)).start()
END
# The client, one for all cases: a line in, a line out.
cat > "$scratch/client.py" <<'END'
import os, re, socket, sys, zlib

def connect(vip, port, source):
    six = ":" in vip
    s = socket.socket(socket.AF_INET6 if six else socket.AF_INET)
    s.settimeout(15)
    s.bind(("fd64::%x" % source if six else "10.64.0.%d" % source, 0))
    s.connect((vip, port))
    return s

def rest(s):
    got = b""
    while data := s.recv(65536):
        got += data
    return got.decode()

# so many clients of the web servers; how many were answered, and by whom
def ask(vip, n):
    names = []
    for source in range(1, n + 1):
        s = connect(vip, 80, source)
        s.sendall(b"GET / HTTP/1.0\r\n\r\n")
        names.append(rest(s).split()[-1])
        s.close()
    return "%d by %s" % (len(names), "several" if len(set(names)) > 1 else names[0])

def upload(vip, n):
    data = os.urandom(n)
    s = connect(vip, 7000, 1)
    s.sendall(data)
    s.shutdown(socket.SHUT_WR)
    return "whole" if rest(s).startswith("%d %d " % (n, zlib.crc32(data))) else "broken"

for line in sys.stdin:
    what, vip, n = line.split()
    try:
        print({"ask": ask, "upload": upload}[what](vip, int(n)), flush=True)
    except OSError as e:
        print(e, flush=True)
END
for b in b1 b2 b3; do
	background at "${!b}" python3 "$scratch/server.py" $b
done
mkfifo "$scratch/questions" "$scratch/answers-of-client"
exec 3<> "$scratch/questions" 4<> "$scratch/answers-of-client"
at "$client" python3 "$scratch/client.py" < "$scratch/questions" > "$scratch/answers-of-client" 2> "$scratch/err" 3>&- 4>&- &
later kill $!
# act WHAT VIP N: what the client says of it
act() {
	local reply
	echo "$*" >&3
	read -r -t 30 -u 4 reply && echo "$reply"
}

# pool NAME METHOD FAMILY [WORD...]: with all backends
pool() {
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
configure "$lb" <<-EOF
	$(for f in 4 6; do
		pool ipip$f ipip $f
		pool gre$f gre $f
		pool gue$f gue $f
		pool fou$f fou $f
		pool fou$f-ip6 fou $f port 5556
	done)
	$(pool vxlan4 vxlan 4 vni $vni4)
	$(pool vxlan6 vxlan 6 vni $vni6)
	$(pool dscp4 dscp 4 dscp 11)
	$(pool dscp6 dscp 6 dscp 12)
	$(pool retarget4 gre-retarget 4)
	$(pool retarget6 gre-retarget 6)
	service add $vip4:*/tcp pool gre4
	service add [$vip6]:*/tcp pool gre4
	service add 203.0.113.9:*/gre pool retarget4
	service add [2001:db8:f::9]:*/gre pool retarget6
EOF

# All pairs: method, family of the backends, bytes that it adds.
cases="ipip 4 20|ipip 6 40|gre 4 24|gre 6 44|gue 4 32|gue 6 52|fou 4 28|fou 6 48|vxlan 4 50|vxlan 6 70"
# each CMD: for all pairs CMD TEXT ADDED VIP, the service's pool being set so
each() {
	local method family added ip pool
	while read -rd '|' method family added; do
		for ip in 4 6; do
			pool=$method$family
			[ "$method$ip" != fou6 ] || pool+=-ip6
			if [ $ip = 4 ]; then
				ctl "$lb" service set "$vip4:*/tcp" pool "$pool"
				"$1" "$method over IPv$family, IPv4" "$added" $vip4
			else
				ctl "$lb" service set "[$vip6]:*/tcp" pool "$pool"
				"$1" "$method over IPv$family, IPv6" "$added" $vip6
			fi
		done
	done <<< "$cases|"
}
fresh() {
	ip -n "$client" route flush cache
	ip -n "$client" -6 route flush cache
}

# 1,500 bytes on the way to the backends, and the client's packets are as large: the
# client learns what fits. Its big packets stay big.
ip -n "$client" link set under mtu 1500
ip -n "$lb" link set under mtu 1500
too_big() {
	local mtu=$((1500 - $2))
	fresh
	same "$1: an upload" whole "$(act upload "$3" 3000000)"
	ip -n "$client" route get "$3" > "$scratch/route"
	check "$1: in packets of $mtu bytes" grep -qw "mtu $mtu" "$scratch/route"
	same "$1: web servers" "14 by several" "$(act ask "$3" 14)"
}
before=$(dropped "$lb" too-big)
each too_big
check "what did not fit was dropped at first" [ "$(dropped "$lb" too-big)" -ge $((before + 20)) ]
ip -n "$lb" link set under mtu 2000
fresh

# A router that puts packets into GRE, to an address of the balancer.
ip -n "$client" -b - <<-EOF
	link add name to4 type gre local 192.0.2.2 remote 203.0.113.9 ttl 64
	link add name to6 type ip6gre local 2001:db8::2 remote 2001:db8:f::9 encaplimit none
	link set to4 up
	link set to6 up
EOF
router() {
	ip -n "$client" -b - <<-EOF
		route replace $vip4 dev $1
		route replace $vip6 dev $1
	EOF
}
retargeted() {
	local vip
	for vip in $vip4 $vip6; do
		same "$1, $vip: an upload" whole "$(act upload "$vip" 3000000)"
		same "$1, $vip: web servers" "14 by several" "$(act ask "$vip" 14)"
	done
}
router to4
retargeted "gre-retarget over IPv4"
router to6
retargeted "gre-retarget over IPv6"
check "gre-retarget counts packets" [ "$(backends retarget6 packets | sum)" -gt 100 ]
check "gre-retarget knows the flows inside: $(backends retarget4 new-flows | sum)" \
	[ "$(backends retarget4 new-flows | sum)" -ge 28 ]
ip -n "$client" -b - <<-EOF
	route del $vip4 dev to6
	route del $vip6 dev to6
EOF

# dscp, whose sums are no tunnel's to protect
restored() {
	same "dscp, $1: an upload" whole "$(act upload "$1" 3000000)"
	same "dscp, $1: web servers" "14 by several" "$(act ask "$1" 14)"
}
configure "$lb" <<-EOF
	service set $vip4:*/tcp pool dscp4
	service set [$vip6]:*/tcp pool dscp6
EOF
restored $vip4
restored $vip6

# Now with nothing left to a network card: what the switch leaves to segmentation and
# checksums is done in software on the way out, and looked at on the wire.
cat > "$scratch/wire.py" <<'END'
import collections, struct, sys

def fold(data, total=0):
    if len(data) % 2:
        data += b"\0"
    total += sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    return total

class Bad(Exception):
    pass

def need(ok, what):
    if not ok:
        raise Bad(what)

# an IP header: family, protocol, payload, sum of the pseudo header without length
def ip(data, whole):
    if data[0] >> 4 == 4:
        length = struct.unpack(">H", data[2:4])[0]
        need(data[0] == 0x45 and fold(data[:20]) == 0xffff, "IPv4 header")
        need(length <= len(data) and (length == len(data) or not whole), "IPv4 length")
        return 4, data[9], data[20:length], fold(data[12:20], data[9])
    length = 40 + struct.unpack(">H", data[4:6])[0]
    need(data[0] >> 4 == 6 and length <= len(data), "IPv6 header")
    return 6, data[6], data[40:length], fold(data[8:40], data[6])

def inner(data):
    family, proto, payload, pseudo = ip(data, True)
    need(proto == 6, "TCP inside")
    need(fold(payload, pseudo + len(payload)) == 0xffff, "TCP checksum")
    return family

def outer(frame):
    packet = frame[14:]
    family, proto, payload, pseudo = ip(packet, False)
    need(len(packet) <= 2000, "size")
    if proto == 6:
        need(fold(payload, pseudo + len(payload)) == 0xffff, "TCP checksum")
        need((packet[1] if family == 4 else struct.unpack(">H", packet[:2])[0] >> 4 & 255) >> 2 == (11 if family == 4 else 12), "DSCP")
        return "dscp", family, family
    need(packet[8 if family == 4 else 7] == 64, "TTL")
    need(family == 6 or packet[6:8] == b"\x40\0", "don't fragment")
    if proto == 4 or proto == 41:
        need(inner(payload) == (4 if proto == 4 else 6), "protocol")
        return "ipip", family, 4 if proto == 4 else 6
    if proto == 47:
        need(payload[:2] == b"\0\0", "GRE flags")
        kind = {b"\x08\0": 4, b"\x86\xdd": 6}[payload[2:4]]
        need(inner(payload[4:]) == kind, "GRE protocol")
        return "gre", family, kind
    need(proto == 17, "protocol %d" % proto)
    sport, dport, length, check = struct.unpack(">4H", payload[:8])
    need(sport >= 49152 and length == len(payload), "UDP header")
    if family == 4:
        need(check == 0, "no UDP checksum over IPv4")
    else:
        need(check and fold(payload, pseudo + length) == 0xffff, "UDP checksum")
    if dport == 6080:
        kind = {4: 4, 41: 6}[payload[9]]
        need(payload[8] == 0 and payload[10:12] == b"\0\0", "GUE header")
        need(inner(payload[12:]) == kind, "GUE protocol")
        return "gue", family, kind
    if dport in (5555, 5556):
        kind = inner(payload[8:])
        need(kind == (4 if dport == 5555 else 6), "FOU port")
        return "fou", family, kind
    need(dport == 4789 and payload[8:12] == b"\x08\0\0\0", "VXLAN header")
    need(payload[12:16] == bytes((0, 0, 77 if family == 4 else 78, 0)), "VNI")
    kind = {b"\x08\0": 4, b"\x86\xdd": 6}[payload[28:30]]
    need(payload[16:21] == b"\2\0\0\0\0", "inner MAC")
    need(inner(payload[30:]) == kind, "inner EtherType")
    return "vxlan", family, kind

seen, full, wrong = collections.Counter(), collections.Counter(), collections.Counter()
with open(sys.argv[1], "rb") as f:
    f.read(24)
    while head := f.read(16):
        length, real = struct.unpack("<8xII", head)
        frame = f.read(length)
        try:
            need(length == real, "capture")
            key = outer(frame)
            seen[key] += 1
            full[key] += length > 1500
        except Bad as e:
            wrong[str(e)] += 1
for key, n in sorted(seen.items()):
    print("%s over IPv%d, IPv%d: %s" % (*key, "good" if full[key] >= 30 else "%d, %d full" % (n, full[key])))
print("wrong:", dict(wrong))
END
at "$lb" ethtool -K under tx off tso off gso off > /dev/null
listen "$lb" under "$scratch/wire" -Q out -B 8192 \
	'(ip or ip6) and not icmp and not icmp6 and not host 192.0.2.2 and not host 2001:db8::2'
on_wire() {
	same "$1: an upload in segments" whole "$(act upload "$3" 60000)"
}
on_wire "dscp, IPv4" 0 $vip4
on_wire "dscp, IPv6" 0 $vip6
each on_wire
heard
python3 "$scratch/wire.py" "$scratch/wire" > "$scratch/seen"
for f in 4 6; do
	check "on the wire: dscp, IPv$f" grep -qx "dscp over IPv$f, IPv$f: good" "$scratch/seen"
	for method in ipip gre gue fou vxlan; do
		for ip in 4 6; do
			check "on the wire: $method over IPv$f, IPv$ip" \
				grep -qx "$method over IPv$f, IPv$ip: good" "$scratch/seen"
		done
	done
done
same "and nothing that is wrong" "wrong: {}" "$(grep '^wrong' "$scratch/seen")"
[ "$failures" = 0 ] || sed 's/^/    /' "$scratch/seen"

# A tunnel of the client's own to a service for it, in which big packets are big already. The
# servers' tunnels go without GRO, which mixes up packets that came in order: clones pass it by,
# and over veth a segment that may be sent again is one; and it takes the packets of an ip6gre
# device for as many flows.
ip -n "$client" -b - <<-EOF
	link add name own mtu 1400 type gre local 192.0.2.2 remote $vip4
	link set own up
	route add 10.99.0.1 dev own
EOF
for b in "$b1" "$b2" "$b3"; do
	ip -n "$b" -b - <<-EOF
		link add name own mtu 1400 type gre local $vip4 remote 192.0.2.2
		addr add 10.99.0.1/32 dev own
		link set own up
	EOF
	for dev in own v4in4 in6 g6 vx4; do
		at "$b" ethtool -K $dev gro off
	done
done
ctl "$lb" service add "$vip4:*/gre" pool ipip4
# what the servers got ahead of what was lost or late, or with wrong sums
missed() {
	local b
	for b in "$b1" "$b2" "$b3"; do
		at "$b" nstat -asz TcpExtTCPOFOQueue TcpInCsumErrors Udp6InCsumErrors IpInHdrErrors IpExtInTruncatedPkts
	done | awk '!/^#/ { n += $2 } END { print n }'
}
# what the switch dropped of the services' packets; bfly0 is not configured
dropped_all() {
	ctl "$lb" -j stats | jq -c '[.. | objects | select(.reason and .reason != "closed" and .packets > 0) |
		"\(.reason) \(.packets)"]'
}
tunnel() {
	local p
	for p in ipip4 gre6 gue6 vxlan4; do
		ctl "$lb" service set "$vip4:*/gre" pool $p
		same "a tunnel in $p, $1: an upload" whole "$(act upload 10.99.0.1 300000)"
	done
}
late=$(missed) lost=$(dropped_all)
tunnel "in segments"
at "$lb" ethtool -K under tx on tso on gso on > /dev/null
tunnel "left to the network card"
same "no server had to wait for a segment" "$late" "$(missed)"
same "none was dropped" "$lost" "$(dropped_all)"

refuse "gre-retarget is for GRE alone" 'gre-retarget is for' ctl "$lb" service set "$vip4:*/tcp" pool retarget4
refuse "vxlan needs the backend's MAC" 'mac' ctl "$lb" backend add vxlan4 192.0.2.99
ctl "$lb" service set "$vip4:*/tcp" pool dscp4
refuse "dscp needs backends of the service's family" 'famil' ctl "$lb" backend add dscp4 2001:db8::99
refuse "gre has no port" 'port' ctl "$lb" pool set gre4 port 7
