#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 52-balance-drain.sh - drain keeps flows and gets no new ones, down moves them at once
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl nginx curl jq

cluster
configure "$lb" <<-EOF
	pool add web method l2
	backend add web 192.0.2.3
	backend add web 192.0.2.4
	backend add web 192.0.2.5
	service add $vip4:80/tcp pool web
EOF

# hold COUNT: slow downloads in the background; each ends in a line: backend, curl's code
hold() {
	transfers "$1" $vip4 /slow "max-time = 60" "output = /dev/null" \
		'write-out = "%header{x-backend} %{exitcode}\n"' > "$scratch/slow"
	ip netns exec "$client" curl -Z --parallel-immediate --parallel-max 100 -K "$scratch/slow" \
		> "$scratch/held" 2> /dev/null &
	held=$!
	later kill "$held"
	busywait 20 holding "$1"
}
holding() {
	[ "$(at "$client" ss -Htn state established dst $vip4 | wc -l)" -ge "$1" ]
}
ended() {
	grep -c "^$1 $2\$" "$scratch/held" || :
}

hold 24
served=$(backends web new-flows 192.0.2.4)
ctl "$lb" backend set web 192.0.2.4 state drain
check "b2 has some of the downloads: $(backends web flows 192.0.2.4)" \
	[ "$(backends web flows 192.0.2.4)" -gt 0 ]
ask 40 $vip4 > "$scratch/answers"
same "while b2 drains every client is answered" 40 "$(wc -l < "$scratch/answers")"
same "none by b2" 0 "$(answers b2 < "$scratch/answers")"
same "b2 got no new flow" "$served" "$(backends web new-flows 192.0.2.4)"
wait "$held" || :
same "all of them end well" 24 "$(ended 'b[123]' 0)"
check "those of b2 too" [ "$(ended b2 0)" -gt 0 ]

ctl "$lb" backend set web 192.0.2.4 state up
hold 24
ctl "$lb" backend set web 192.0.2.4 state down
packets=$(backends web packets 192.0.2.4)
ask 40 $vip4 > "$scratch/answers"
same "with b2 down every client is answered" 40 "$(wc -l < "$scratch/answers")"
same "none by b2" 0 "$(answers b2 < "$scratch/answers")"
wait "$held" || :
same "b2 got no packet more" "$packets" "$(backends web packets 192.0.2.4)"
same "downloads from the others end well" 24 $(($(ended b1 0) + $(ended b3 0) + $(grep -vc ' 0$' "$scratch/held")))
same "those from b2 do not" 0 "$(ended b2 0)"
check "for they are cut" [ "$(ended b2 '[1-9][0-9]*')" -gt 0 ]
same "and none else" 0 "$(ended 'b[13]' '[1-9][0-9]*')"

ctl "$lb" backend set web 192.0.2.4 state up
ask 60 $vip4 > "$scratch/answers"
check "b2 is back: $(answers b2 < "$scratch/answers")" [ "$(answers b2 < "$scratch/answers")" -gt 5 ]
ctl "$lb" backend del web 192.0.2.4
ask 30 $vip4 > "$scratch/answers"
same "without b2" "30 0" "$(wc -l < "$scratch/answers") $(answers b2 < "$scratch/answers")"
ctl "$lb" backend set web 192.0.2.3 weight 0
ask 20 $vip4 > "$scratch/answers"
same "weight 0 gets nothing" 20 "$(answers b3 < "$scratch/answers")"
ctl "$lb" backend set web 192.0.2.5 state down
# shellcheck disable=SC2016
drops "with no backend left packets are dropped" "$lb" no-backend 1 at "$client" curl -s -m 1 http://$vip4/
ctl "$lb" backend set web 192.0.2.3 weight 1

# the neighbour table is followed: b1 gets another network card
ip -n "$b1" link set dev under down
ip -n "$b1" link set dev under address 02:00:00:00:00:99
ip -n "$b1" link set dev under up
ip -n "$b1" -b - <<-EOF
	route replace 10.64.0.0/16 via 192.0.2.2
EOF
ip -n "$lb" neigh flush dev under
ask 10 $vip4 > "$scratch/answers"
same "a backend's new MAC is found" 10 "$(answers b1 < "$scratch/answers")"
