#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 35-rule-hits.sh - rules count the flows and single packets that they allow
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl nc socat jq

host h
vm a "$h" 1; vm b "$h" 2
configure "$h" <<-EOF
	net add 42
	group add web
	rule add web in proto tcp port 7-9
	rule add web in proto tcp port 7-20
	rule add web in proto tcp remote 10.0.0.1
	rule add web in proto udp port 5000 group clients
	group add clients
	rule add clients out proto any
	$(port a 1 net 42 group clients)
	$(port b 2 net 42 group web)
EOF

# hits GROUP WORD...: of the rule that `rule show` prints with these words
hits() {
	ctl "$h" -s rule show "$1" | sed -n "s|^$1 ${*:2} hits \([0-9]*\)\$|\1|p"
}
# datagrams PORT ADDR...: one to each address
datagrams() {
	local addr
	for addr in "${@:2}"; do
		echo x | at "$a" socat -u - "UDP4-DATAGRAM:$addr:$1,broadcast"
	done
}
same "a rule that nothing has met" 0 "$(hits web in proto tcp port 7-9)"
check "JSON has it too" eval "ctl $h -j rule show web | jq -e 'all(.[]; .hits == 0)'"
check_not "without -s it is not shown" eval "ctl $h rule show web | grep hits"

repeat "$b" tcp 7
repeat "$b" tcp 10
repeat "$b" tcp 30
dial one "$a" 10.0.0.2 7
check "a connection goes on" say one
same "it counts once" 1 "$(hits web in proto tcp port 7-9)"
same "where rules overlap, in the first alone" 0 "$(hits web in proto tcp port 7-20)"
same "and in the sender's" 1 "$(hits clients out proto any)"
dial two "$a" 10.0.0.2 10
same "the second has what the first leaves" 1 "$(hits web in proto tcp port 7-20)"
dial three "$a" 10.0.0.2 30
same "a prefix comes after rules for anybody" 1 "$(hits web in proto tcp remote 10.0.0.1/32)"
datagrams 5000 10.0.0.2
same "and then a group" 1 "$(hits web in proto udp port 5000 group clients)"

ctl "$h" rule add web in proto icmp
check "flows are judged again" say one
same "which does not count" 1 "$(hits web in proto tcp port 7-9)"
at "$a" nc -z -w 1 10.0.0.2 31 || :
same "a new one does" 2 "$(hits web in proto tcp remote 10.0.0.1/32)"
ctl "$h" rule del web in proto icmp
same "other rules come and go: it stays" 2 "$(hits web in proto tcp remote 10.0.0.1/32)"
configure "$h" <<-EOF
	group replace clients
	rule add clients out proto any
EOF
same "a rule that is made anew begins at 0" 0 "$(hits clients out proto any)"
datagrams 5001 10.0.0.2
same "what the other end refuses does not count" 0 "$(hits clients out proto any)"

# packets that make no flow count each
ctl "$h" rule add web in proto udp port 6000
datagrams 6000 10.0.0.255 10.0.0.255 10.0.0.255
same "broadcast counts a packet" 3 "$(hits web in proto udp port 6000)"
same "at both ends" 3 "$(hits clients out proto any)"
