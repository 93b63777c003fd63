#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 21-learning.sh - so many MACs are learned and no more, never over what was configured
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/frames.sh"
need ip bflyctl socat tcpdump jq

host h
ns p q
wire "$h" "$p" "$q"
vm a "$h" 1
configure "$h" <<-EOF
	switch set local 192.0.2.1 local 2001:db8::1 fdb-max 3
	net add 42
	net add 51
	remote add net 42 via 192.0.2.2
	remote add net 42 via 192.0.2.2 mac $(mac 2)
	remote add net 51 via 2001:db8::2 mac $(mac 2)
	$(port a 1 net 42 bypass on)
EOF
# tunnelled NS 4|6 VNI SOURCE: a datagram to a, or to nobody, from the N-th machine
tunnelled() {
	local to=UDP4-SENDTO:192.0.2.1:4789 frame
	[ "$2" = 4 ] || to="UDP6-SENDTO:[2001:db8::1]:4789"
	frame=$(eth "$(mac 1)" "$(mac "$4")" 0800)$(ip4 "10.0.0.$4" 10.0.0.1 17 "$(udp 7 7 00)")
	bytes "$(printf '08000000%06x00%s' "$3" "$frame")"
	at "$1" socat -u - "$to" < "$scratch/bytes"
}
# entries NET: last byte of the MAC, peer, and whether it was learned
entries() {
	ctl "$h" -j fdb show net "$1" |
		jq -r '.[] | select(.via) | "\(.mac[15:]) \(.via) \(.learned // false)"' | sort
}
# is_entry NET LINE: soon, as a first packet waits for its sender to find the switch's MAC
is_entry() {
	busywait 2 entry_is "$@"
}
entry_is() {
	entries "$1" | grep -qx "$2"
}
full() {
	ctl "$h" -j stats | jq '.[] | ."fdb-full"'
}

for n in 11 12 13 14; do
	tunnelled "$p" 4 42 "$n"
done
is_entry 42 '0d 192.0.2.2 true'
same "MACs are learned up to the limit" "02 192.0.2.2 false
0b 192.0.2.2 true
0c 192.0.2.2 true
0d 192.0.2.2 true" "$(entries 42)"
same "a refusal is counted" 1 "$(full)"
tunnelled "$p" 6 51 11
is_entry 51 '0b 2001:db8::2 true'
same "each net has that many" "02 2001:db8::2 false
0b 2001:db8::2 true" "$(entries 51)"
listen "$a" eth0 "$scratch/a" 'udp port 7'
tunnelled "$p" 4 42 14
heard
same "who is not learned is heard all the same" 1 "$(packets "$scratch/a")"

tunnelled "$q" 4 42 11
check "a MAC that moves needs no room" is_entry 42 '0b 192.0.2.3 true'
tunnelled "$q" 4 42 2
tunnelled "$q" 6 51 2
check "a remote's MAC does not move" is_entry 42 '02 192.0.2.2 false'
check "over IPv6 neither" is_entry 51 '02 2001:db8::2 false'
ctl "$h" switch set fdb-max 4
tunnelled "$p" 4 42 14
check "a higher limit counts at once" is_entry 42 '0e 192.0.2.2 true'
ctl "$h" remote add net 42 via 192.0.2.2 mac "$(mac 11)"
check "a remote takes the place of what was learned" is_entry 42 '0b 192.0.2.2 false'

# frames between bridges, which are for nobody behind them
listen "$h" under "$scratch/wire" 'udp port 4789 and udp[28:2] = 0x88cc'
for last in 00 02 0e 0f; do
	drops "01:80:c2:00:00:$last does not pass" "$h" link-local 1 \
		send "$a" eth0 "$(eth "01:80:c2:00:00:$last" "$(mac 1)" 88cc)00"
done
heard
same "none was on the wire" 0 "$(packets "$scratch/wire")"
