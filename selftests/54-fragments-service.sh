#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 54-fragments-service.sh - all fragments of a datagram for a service reach one backend, in any order
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl nginx jq python3 mod:ipip mod:sit mod:ip6_tunnel
# they come with devices of their own in every namespace
later modprobe -q -r ipip sit ip6_tunnel

cluster
ip_tunnels

# The client cuts datagrams itself. A line in: VIP PORT COUNT ORDER, where ORDER is of
# fragments: 0 the first of three, 2 the last, x one that lies over the first. A line
# out: how many were answered, by how many backends.
cat > "$scratch/client.py" <<'END'
import os, select, socket, struct, sys, zlib

lb, me = (bytes.fromhex(mac.replace(":", "")) for mac in sys.argv[1:3])
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
wire.bind(("under", 0))
ident = 1000

def total(data):
    if len(data) % 2:
        data += b"\0"
    n = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while n > 0xffff:
        n = (n & 0xffff) + (n >> 16)
    return n

def fragment(src, dst, ident, offset, more, data):
    if len(src) == 4:
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(data), ident, offset >> 3 | more << 13, 64, 17, 0)
        check = total(head + src + dst) ^ 0xffff
        packet = head[:10] + struct.pack(">H", check) + src + dst + data
        return lb + me + b"\x08\x00" + packet
    head = struct.pack(">IHBB", 6 << 28, 8 + len(data), 44, 64) + src + dst
    return lb + me + b"\x86\xdd" + head + struct.pack(">BBHI", 17, 0, offset | more, ident) + data

def datagram(addr, vip, port, sport, payload):
    family = socket.AF_INET6 if ":" in vip else socket.AF_INET
    src, dst = socket.inet_pton(family, addr), socket.inet_pton(family, vip)
    length = 8 + len(payload)
    udp = struct.pack(">HHHH", sport, port, length, 0)
    check = total(src + dst + struct.pack(">HH", 17, length) + udp + payload) ^ 0xffff
    return src, dst, udp[:6] + struct.pack(">H", check or 0xffff) + payload

def cut(src, dst, whole, order):
    global ident
    ident += 1
    parts = {"0": (0, 1, whole[:1200]), "1": (1200, 1, whole[1200:2400]), "2": (2400, 0, whole[2400:]),
             "x": (8, 1, bytes(1200))}
    return [fragment(src, dst, ident, *parts[c]) for c in order]

for line in sys.stdin:
    vip, port, count, order = line.split()
    family = socket.AF_INET6 if ":" in vip else socket.AF_INET
    waiting, frames = {}, []
    for i in range(1, int(count) + 1):
        addr = "fd64::%x" % i if family == socket.AF_INET6 else "10.64.0.%d" % i
        s = socket.socket(family, socket.SOCK_DGRAM)
        s.bind((addr, 0))
        payload = os.urandom(3000)
        waiting[s] = zlib.crc32(payload)
        frames.append(cut(*datagram(addr, vip, int(port), s.getsockname()[1], payload), order))
    # those of all datagrams in turn, so that they are mixed
    for turn in zip(*frames):
        for frame in turn:
            wire.send(frame)
    names, good = set(), 0
    while waiting:
        ready = select.select(list(waiting), [], [], 3 if "0" in order else 1)[0]
        if not ready:
            break
        for s in ready:
            name, _, crc = s.recv(100).decode().split()
            good += int(crc) == waiting.pop(s)
            names.add(name)
    print(good, "by", "several" if len(names) > 1 else "one" if names else "nobody", flush=True)
END
# they tell who got the datagram, and its checksum
background python3 "$(dirname "$0")/servers.py" $vip4,$vip6 "$b1" "$b2" "$b3"
busywait 20 grep -q ready "$scratch/$!"
address() {
	ip -n "$1" -j link show under | jq -r '.[0].address'
}
mkfifo "$scratch/questions" "$scratch/answers-of-client"
exec 3<> "$scratch/questions" 4<> "$scratch/answers-of-client"
at "$client" python3 "$scratch/client.py" "$(address "$lb")" "$(address "$client")" \
	< "$scratch/questions" > "$scratch/answers-of-client" 2> "$scratch/err" 3>&- 4>&- &
later kill $!
# fragments VIP PORT COUNT ORDER
fragments() {
	local reply
	echo "$*" >&3
	read -r -t 30 -u 4 reply && echo "$reply"
}

configure "$lb" <<-EOF
	pool add near4 method l2
	backend add near4 192.0.2.3
	backend add near4 192.0.2.4
	backend add near4 192.0.2.5
	pool add near6 method l2
	backend add near6 2001:db8::3
	backend add near6 2001:db8::4
	backend add near6 2001:db8::5
	pool add in4 method ipip
	backend add in4 192.0.2.3
	backend add in4 192.0.2.4
	backend add in4 192.0.2.5
	pool add in6 method ipip
	backend add in6 2001:db8::3
	backend add in6 2001:db8::4
	backend add in6 2001:db8::5
	service add $vip4:7001/udp pool near4
	service add [$vip6]:7001/udp pool near6
EOF
quietly reach "$client" 192.0.2.3 192.0.2.4 192.0.2.5 2001:db8::3 2001:db8::4 2001:db8::5

# refused TEXT REASON COUNT EXPECTED FRAGMENTS...: so many are dropped for that, at last
refused() {
	local before
	before=$(dropped "$lb" "$2")
	same "$1" "$4" "$(fragments "${@:5}")"
	check "$1: $2" busywait 10 eval "[ \"\$(dropped $lb $2)\" = $((before + $3)) ]"
}
waiting() {
	ctl "$lb" -j switch show | jq '.[0]["frags-waiting"]'
}
for vip in $vip4 $vip6; do
	pool=near4 service=$vip4:7001/udp
	[ "$vip" = $vip4 ] || pool=near6 service=[$vip6]:7001/udp
	packets=$(backends $pool packets | sum)
	same "$vip: in order" "30 by several" "$(fragments "$vip" 7001 30 012)"
	same "$vip: the last one first" "30 by several" "$(fragments "$vip" 7001 30 210)"
	same "$vip: the first one in between" "30 by several" "$(fragments "$vip" 7001 30 102)"
	same "$vip: each fragment is counted" $((packets + 270)) "$(backends $pool packets | sum)"
	refused "$vip: without a first one" frag-no-first 8 "0 by nobody" "$vip" 7001 4 12
	refused "$vip: one that lies over the first is dropped, the datagram arrives" malformed 30 \
		"30 by several" "$vip" 7001 30 0x12
	refused "$vip: the first one is for no service" no-service 4 "0 by nobody" "$vip" 7009 4 012
	check "$vip: nor are those that follow" [ "$(dropped "$lb" frag-no-first)" -ge 16 ]
	for p in in4 in6; do
		ctl "$lb" service set "$service" pool $p
		same "$vip, $p: in a tunnel" "30 by several" "$(fragments "$vip" 7001 30 102)"
	done
done
same "none waits any more" 0 "$(waiting)"

# a switch that follows none
ctl "$lb" switch set frag-max 0
refused "with no room none is followed" frag-no-first 8 "0 by nobody" $vip4 7001 4 012
ctl "$lb" switch set frag-max 4096
same "with room they are" "30 by several" "$(fragments $vip4 7001 30 012)"
