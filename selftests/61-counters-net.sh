#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 61-counters-net.sh - nets and remotes count what passes
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/frames.sh"
need ip bflyctl jq socat

host h1 h2
wire "$h1" "$h2"
vm a "$h1" 1; vm b "$h1" 2	# in the same switch
vm c "$h2" 3			# behind the peer
for n in 1 2; do
	host=h$n
	configure "${!host}" <<-EOF
		switch set local 192.0.2.$n local 2001:db8::$n
		net add 42
		net add 51
		group add udp
		rule add udp in proto udp port 7
		remote add net 42 via 192.0.2.$((3 - n))
		remote add net 51 via 2001:db8::$((3 - n))
	EOF
done
configure "$h1" <<-EOF
	$(port a 1 net 42 group udp)
	$(port b 2 net 42 group udp)
	remote add net 42 via 192.0.2.2 mac $(mac 3)
EOF
configure "$h2" <<-EOF
	$(port c 3 net 42 group udp)
	remote add net 42 via 192.0.2.1 mac $(mac 1)
EOF
# that nobody sends anything by himself, nor is there anybody to send an error to
for n in "$a" "$b" "$c"; do
	at "$n" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv4.icmp_ratelimit=0
	ip -n "$n" addr flush dev eth0
done

counters='[.[] | ."rx-packets", ."rx-bytes", ."tx-packets", ."tx-bytes"]'
# numbers: of the net and the remote, a line each, here and there
numbers() {
	{
		printf '%s\n' "net show 42" "remote show net 42 via 192.0.2.2" | ctl "$h1" -j -b -
		printf '%s\n' "net show 42" "remote show net 42 via 192.0.2.1" | ctl "$h2" -j -b -
	} | jq -sc "(.[0, 2] |= ($counters + [.[] | .\"rx-dropped\", .\"tx-dropped\"])) | (.[1, 3] |= $counters) | .[]"
}
# sent NS FRAME COUNT: by how much the numbers grow: net and remote here, net and remote there
sent() {
	numbers > "$scratch/before"
	send "$1" eth0 "$2" "$3"
	nap 0.3
	numbers > "$scratch/after"
	jq -sc '(.[:4] | map(.)) as $b | .[4:] | to_entries | map([.value, $b[.key]] | transpose | map(.[0] - .[1]))' \
		"$scratch/before" "$scratch/after" | sed 's/\],\[/ /g; s/[][]//g'
}
frame() {
	eth "$(mac "$2")" "$(mac "$1")" 0800
	ip4 "10.0.0.$1" "10.0.0.$2" 17 "$(udp 1000 "$3" "$(printf '%0200d' 0)")"
}
same "from port to port" "10,1420,10,1420,0,0 0,0,0,0 0,0,0,0,0,0 0,0,0,0" \
	"$(sent "$a" "$(frame 1 2 7)" 10)"
same "from a port to a peer, and there to a port" \
	"10,1420,10,1420,0,0 0,0,10,1420 10,1420,10,1420,0,0 10,1420,0,0" \
	"$(sent "$a" "$(frame 1 3 7)" 10)"
same "and back" "10,1420,10,1420,0,0 10,1420,0,0 10,1420,10,1420,0,0 0,0,10,1420" \
	"$(sent "$c" "$(frame 3 1 7)" 10)"
same "dropped before it goes" "5,710,0,0,5,0 0,0,0,0 0,0,0,0,0,0 0,0,0,0" \
	"$(sent "$a" "$(frame 1 2 8)" 5)"
same "dropped when it has come" "5,710,5,710,0,0 0,0,5,710 5,710,0,0,5,0 5,710,0,0" \
	"$(sent "$a" "$(frame 1 3 8)" 5)"
request=$(eth ff:ff:ff:ff:ff:ff "$(mac 1)" 0806)$(arp 1 "$(mac 1)" 10.0.0.1 10.0.0.99)
same "flooded, to a port and a peer" "4,168,8,336,0,0 0,0,4,168 4,168,4,168,0,0 4,168,0,0" \
	"$(sent "$a" "$request" 4)"
multicast=$(eth 01:00:5e:00:00:fb "$(mac 1)" 0800)$(ip4 10.0.0.1 224.0.0.251 17 "$(udp 5353 5353 00)")
same "refused by the ports alone" "4,172,4,172,0,4 0,0,4,172 4,172,0,0,0,4 4,172,0,0" \
	"$(sent "$a" "$multicast" 4)"
# whose MAC is another's there
same "a peer that sends with a port's MAC" "3,426,3,426,0,0 0,0,3,426 3,426,0,0,3,0 3,426,0,0" \
	"$(configure "$h1" <<< "port set a bypass on"
	sent "$a" "$(eth "$(mac 3)" "$(mac 3)" 0800)$(ip4 10.0.0.1 10.0.0.3 17 "$(udp 1000 7 "$(printf '%0200d' 0)")")" 3)"
configure "$h1" <<< "port set a bypass off"

# a MAC that is not in the table does not hide who sent it
ctl "$h2" remote del net 42 via 192.0.2.1 mac "$(mac 1)"
ctl "$h2" net set 42 learning off
same "without learning the peer counts" \
	"10,1420,10,1420,0,0 0,0,10,1420 10,1420,10,1420,0,0 10,1420,0,0" \
	"$(sent "$a" "$(frame 1 3 7)" 10)"

# a net keeps what its ports counted; a port brings nothing along
same "a port that leaves" "0,0,0,0,0,0" "$(
	ctl "$h1" -j net show 42 | jq -c "$counters + [.[] | .\"rx-dropped\", .\"tx-dropped\"]" > "$scratch/before"
	ctl "$h1" port del b
	ctl "$h1" -j net show 42 | jq -c "$counters + [.[] | .\"rx-dropped\", .\"tx-dropped\"]" |
		jq -sc '[.[1], .[0]] | transpose | map(.[0] - .[1])' - "$scratch/before" | tr -d '[]')"
configure "$h1" <<< "$(port b 2 net 51 group udp)"
same "and one that comes" "[0,0,0,0]" "$(ctl "$h1" -j net show 51 | jq -c "$counters")"
check "in text with -s" bash -c "bflyctl -n $h1 -s net show 42 | grep -q 'rx-packets [1-9].*rx-bytes'"
check "remotes too" bash -c "bflyctl -n $h1 -s remote show | grep -q 'tx-packets [1-9].*tx-bytes'"
check_not "not without" bash -c "bflyctl -n $h1 net show 42 | grep packets"
