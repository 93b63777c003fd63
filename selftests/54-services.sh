#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 54-services.sh - prefixes of virtual addresses, hashes of services, what no service takes, counters
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl nginx curl jq python3 socat nc ping

wide4=203.0.113.64/28 wide6=2001:db8:f::100/120
cluster
for b in "$b1" "$b2" "$b3"; do
	ip -n "$b" -b - <<-EOL
		route add local $wide4 dev lo
		route add local $wide6 dev lo
	EOL
done
configure "$lb" <<-EOL
	pool add one method l2
	backend add one 192.0.2.3
	pool add two method l2
	backend add two 192.0.2.4
	pool add one6 method l2
	backend add one6 2001:db8::3
	pool add two6 method l2
	backend add two6 2001:db8::4
	pool add all method l2
	backend add all 192.0.2.3
	backend add all 192.0.2.4
	backend add all 192.0.2.5
	pool add all6 method l2
	backend add all6 2001:db8::3
	backend add all6 2001:db8::4
	backend add all6 2001:db8::5
	service add $wide4:80/tcp pool one
	service add [$wide6]:80/tcp pool one6
EOL

# ---- prefixes ----

# who answers at an address
who() {
	at "$client" curl -sS -m 10 "http://$1/" | awk '{ print $NF }'
}
for a in 203.0.113.64 203.0.113.79 '[2001:db8:f::100]' '[2001:db8:f::1ff]'; do
	same "a service of a prefix answers at $a" b1 "$(who "$a")"
done
check "the addresses of a prefix answer pings" reach "$client" 203.0.113.77 2001:db8:f::177
drops "another port of the prefix is dropped" "$lb" no-service 1 shut "$client" 203.0.113.70 82
drops "and over IPv6" "$lb" no-service 1 shut "$client" 2001:db8:f::170 82
before=$(dropped "$lb" no-service)
check "an address beside the prefix is nobody's" shut "$client" 203.0.113.80 80
same "nor dropped for want of a service" "$before" "$(dropped "$lb" no-service)"

repeat "$b2" tcp 81
configure "$lb" <<-EOL
	service add 203.0.113.65:80/tcp pool two
	service add 203.0.113.66:81/tcp pool two
	service add [2001:db8:f::101]:80/tcp pool two6
EOL
same "a service of an address takes it out of the prefix" b2 "$(who 203.0.113.65)"
same "and over IPv6" b2 "$(who '[2001:db8:f::101]')"
same "the next address stays in it" b1 "$(who 203.0.113.66)"
check "and has a port of its own" open "$client" 203.0.113.66 81
ctl "$lb" service add 203.0.113.64/30:80/tcp pool two
same "a longer prefix comes first" b2 "$(who 203.0.113.67)"
same "the rest is as it was" b1 "$(who 203.0.113.68)"
same "each is told with its length" '28 30 32' \
	"$(ctl "$lb" -j service show | jq -r '[.[] | select(.addr | startswith("203.0.113.6")) | .len] | unique | join(" ")')"
same "and is shown by its name" 1 "$(ctl "$lb" -j service show $wide4:80/tcp | jq length)"
ctl "$lb" service del 203.0.113.64/30:80/tcp
ctl "$lb" service del 203.0.113.65:80/tcp
same "what is deleted falls back to the prefix" b1 "$(who 203.0.113.65)"

# ---- hashes ----

# from_one VIP: how many backends answer one client address
from_one() {
	local i
	for ((i = 0; i < 16; i++)); do
		[ "$i" = 0 ] || echo next
		printf 'url = "http://%s/"\ninterface = %s\nmax-time = 15\n' "$1" "$2"
	done | at "$client" curl -Z --parallel-immediate --parallel-max 20 -K - 2> /dev/null |
		awk '{ print $NF }' | sort -u | wc -l
}
configure "$lb" <<-EOL
	service add $vip4:80/tcp pool all hash source
	service add [$vip6]:80/tcp pool all6 hash source
EOL
same "hash source: all of a client's to one backend" 1 "$(from_one $vip4 10.64.0.9)"
same "and over IPv6" 1 "$(from_one "[$vip6]" fd64::9)"
ctl "$lb" service set $vip4:80/tcp hash pool
ctl "$lb" flow flush
check "without it they are spread as the pool says" [ "$(from_one $vip4 10.64.0.9)" -gt 1 ]

# A line in: VIP SOURCE PORT FORM ID..., one datagram for each connection id. PORT+ is another
# port for each. A line out when they are through.
cat > "$scratch/quic.py" <<'END'
import socket, sys, time

for line in sys.stdin:
    vip, source, port, form, *ids = line.split()
    for i, text in enumerate(ids):
        s = socket.socket(socket.AF_INET6 if ":" in vip else socket.AF_INET, socket.SOCK_DGRAM)
        s.bind((source, int(port.rstrip("+")) + (i if "+" in port else 0)))
        cid = bytes.fromhex(text)
        head = b"\xc3\0\0\0\1" + bytes([len(cid)]) if form == "long" else b"\x43"
        s.sendto(head + cid + bytes(20), (vip, 443))
        s.close()
    time.sleep(0.05)
    print("sent", flush=True)
END
mkfifo "$scratch/datagrams" "$scratch/sent"
exec 3<> "$scratch/datagrams" 4<> "$scratch/sent"
at "$client" python3 "$scratch/quic.py" < "$scratch/datagrams" > "$scratch/sent" 3>&- 4>&- &
later kill $!
datagrams() {
	echo "$*" >&3
	read -r -t 30 -u 4
}
# moved POOL CMD...: how many packets each backend got by that
moved() {
	local before after
	mapfile -t before <<< "$(backends "$1" packets)"
	"${@:2}"
	mapfile -t after <<< "$(backends "$1" packets)"
	echo $((after[0] - before[0])) $((after[1] - before[1])) $((after[2] - before[2]))
}
# a client that changes its address; the server has made its id longer
roam() {
	datagrams "$1" "$2"1 1001 long 8394c8f03e515708
	datagrams "$1" "$2"2 1002 short 8394c8f03e515708aabb
	datagrams "$1" "$2"3 1003 short 8394c8f03e515708ccdd
	datagrams "$1" "$2"4 1004 long 8394c8f03e515708eeff
}
ids() {
	local i
	for ((i = 0; i < 24; i++)); do
		printf '%016x ' $((i * 7919 + 1))
	done
}
many() {
	# shellcheck disable=SC2046	# one word an id
	datagrams "$1" "$2"5 2000+ short $(ids)
}
configure "$lb" <<-EOL
	service add $vip4:443/udp pool all hash quic
	service add [$vip6]:443/udp pool all6 hash quic
EOL
quic() {
	local text=$1 pool=$2 vip=$3 source=$4 got
	got=$(moved "$pool" roam "$vip" "$source")
	check "$text: a connection stays with its backend wherever it comes from: $got" grep -qw 4 <<< "$got"
	got=$(moved "$pool" many "$vip" "$source")
	check "$text: connections are spread: $got" [ "$(tr ' ' '\n' <<< "$got" | grep -vc '^0$')" -gt 1 ]
	# shellcheck disable=SC2046	# one word an id
	got=$(moved "$pool" datagrams "$vip" "$source"6 3000 short $(ids))
	check "$text: a flow's entry wins: $got" grep -qw 24 <<< "$got"
	got=$(moved "$pool" datagrams "$vip" "$source"7 3001 long 01 0203 040506)
	check "$text: ids too short go by addresses and ports: $got" grep -qw 3 <<< "$got"
}
quic IPv4 all $vip4 10.64.0.
quic IPv6 all6 $vip6 fd64::

# ---- what no service takes ----

ip -n "$lb" -b - <<-EOL
	addr add $vip4/32 dev lo
	addr add $vip6/128 dev lo nodad
EOL
repeat "$lb" tcp 83
background at "$lb" socat -u -b 8192 UDP6-RECV:84,ipv6only=0 "OPEN:$scratch/got,creat,append"
drops "unknown drop: a port that no service has" "$lb" no-service 1 shut "$client" $vip4 83
configure "$lb" <<-EOL
	service set $vip4:443/udp unknown pass
	service set [$vip6]:443/udp unknown pass
EOL
check "unknown pass: it is the host's" open "$client" $vip4 83
check "and over IPv6" open "$client" $vip6 83
same "services go on" b1 "$(ctl "$lb" service set $vip4:80/tcp pool one; who $vip4)"
check "pings are answered" reach "$client" $vip4 $vip6
# larger than the 2,000 bytes of the wire
head -c 5000 /dev/urandom > "$scratch/large"
whole() {
	: > "$scratch/got"
	at "$client" socat -u -b 8192 - "$1" < "$scratch/large"
	busywait 5 cmp "$scratch/large" "$scratch/got"
}
check "fragments follow their first one to the host" whole "UDP4:$vip4:84"
check "and over IPv6" whole "UDP6:[$vip6]:84"
configure "$lb" <<-EOL
	service set $vip4:443/udp unknown drop
	service set [$vip6]:443/udp unknown drop
EOL
drops "unknown drop again" "$lb" no-service 1 shut "$client" $vip4 83

# ---- counters ----

flows() {
	ctl "$lb" -j service show "$1" | jq '.[0].flows'
}
ctl "$lb" flow flush
same "no flow left" 0 "$(flows "$vip4:443/udp")"
datagrams $vip4 10.64.0.1 4000 short 8394c8f03e515708
datagrams $vip4 10.64.0.1 4001 short 8394c8f03e515708
same "a service tells how many flows it has" 2 "$(flows "$vip4:443/udp")"
ctl "$lb" service add $vip4:444/udp pool all
same "another has none of them" 0 "$(flows "$vip4:444/udp")"
# its flows outlive a service, and belong to the one that takes their next packet
ctl "$lb" service del $vip4:443/udp
ctl "$lb" service add $vip4:443/udp pool all
same "a new service begins with none" 0 "$(flows "$vip4:443/udp")"
datagrams $vip4 10.64.0.1 4000 short 8394c8f03e515708
same "and takes over what it is sent" 1 "$(flows "$vip4:443/udp")"
ctl "$lb" flow flush
same "until they are forgotten" 0 "$(flows "$vip4:443/udp")"

configure "$lb" <<-EOL
	backend set all 192.0.2.3 state drain
	backend set all 192.0.2.3 state drain weight 7
	backend set all 192.0.2.3 state down
	backend set all 192.0.2.3 state up
EOL
same "a backend counts the changes of its state" 3 "$(backends all state-changes 192.0.2.3)"
same "and only its own" 0 "$(backends all state-changes 192.0.2.4)"
