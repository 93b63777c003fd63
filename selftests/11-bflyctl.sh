#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 11-bflyctl.sh - help on every level, exit codes, batch files, and JSON that others can read
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl jq

# exits TEXT STATUS WORD...: and prints to where it should
exits() {
	local status=0
	bflyctl "${@:3}" > "$scratch/stdout" 2> "$scratch/stderr" || status=$?
	same "$1" "$2" "$status"
	if [ "$2" = 0 ] && [ -s "$scratch/stderr" ]; then
		fail "  but wrote to stderr"
	elif [ "$2" != 0 ] && [ ! -s "$scratch/stderr" ]; then
		fail "  but did not say why on stderr"
	fi
}

objects=(switch net remote fdb uplink port group rule member pool backend service flow
	 stats monitor save apply version)

ns a
exits "no words are a mistake" 1
exits "help" 0 help
for object in "${objects[@]}"; do
	grep -qw "$object" "$scratch/stdout" || fail "help does not name $object"
done
printf '%s help\n' "${objects[@]}" | bflyctl -b - > "$scratch/stdout"
helped=0
for object in "${objects[@]}"; do
	! grep -q "bflyctl $object" "$scratch/stdout" || helped=$((helped + 1))
done
same "help on each object" "${#objects[@]}" "$helped"
exits "help on a verb" 0 port add help
exits "and after help" 0 help port
exits "an unknown object" 1 carrot
exits "an unknown verb" 1 net carrot
exits "an unclear verb" 1 net s
exits "an unknown word" 1 -n "$a" net add 42 carrot
exits "a word without its value" 1 -n "$a" net add 42 vni
exits "no number" 1 -n "$a" net add many
exits "an unknown option" 1 -z
exits "the kernel's refusal" 2 -n "$a" net add 42
exits "an unknown namespace" 2 -n no-such-thing net show
exits "versions" 0 version

host h
wire "$h"
vm v "$h" 1
check "a batch" configure "$h" <<-EOF
	# comments and empty lines are nothing

	switch set local 192.0.2.1 local 2001:db8::1
	net add 42
	remote add net 42 via 192.0.2.2
	remote add net 42 via 2001:db8::2 mac 02:00:00:00:00:02 addr 10.0.0.2 addr fd00::2
	group add web
	rule add web in proto tcp port 80
	rule add web in proto tcp port 8000-8080 remote 10.0.0.0/8
	rule add web in proto icmp type 8 code 0 group friends
	rule add web out proto any remote ::/0
	member add web 198.51.100.1 2001:db8::99
	$(port v 1 net 42 group web group friends label 'vm-1')
	uplink add under
	pool add p method ipip hash source table 251 key 000102030405060708090a0b0c0d0e0f
	backend add p 192.0.2.11 weight 2
	backend add p 2001:db8::11 state drain
	service add 203.0.113.1:443/tcp pool p
	service add [2001:db8:f::1]:*/udp pool p
EOF
printf 'net add 50\nnet add 42\nnet add 51\n' > "$scratch/batch"
refuse "a batch stops at the first error and tells its line" ':2: ' ctl "$h" -b "$scratch/batch"
check "what stood before is done" ctl "$h" net show 50
check_not "what stands behind is not" ctl "$h" net show 51
check "-force goes on" bash -c "! bflyctl -n $h -force -b $scratch/batch && bflyctl -n $h net show 51"
ctl "$h" net del 50
ctl "$h" net del 51

bflyctl -n "$h" -j -b - > "$scratch/json" <<-EOF
	switch show
	net show
	remote show
	fdb show
	uplink show
	port show
	group show
	rule show
	member show
	pool show
	backend show
	service show
	flow show
	stats
EOF
ctl "$h" -j -p port show > "$scratch/pretty"

# finds TEXT FILTER: over all that was shown, as one list of lists
finds() {
	check "$1" jq -se "$2" "$scratch/json"
}
finds "JSON: a list from every object" 'length == 14 and all(type == "array")'
finds "JSON: switch, net, remote" '
	(.[0][0] | .ifname == "bfly0" and .local == ["192.0.2.1", "2001:db8::1"] and .dstport == 4789 and
		.["flow-max"] == 1048576 and .nets == 1 and .ports == 1 and .groups == 1 and .pools == 1 and
		.services == 2) and
	(.[1][0] | .id == 42 and .type == "vxlan" and .vni == 42 and .learning == true and .ageing == 300 and
		.ports == 1 and .learned == 0) and
	(.[2] | length == 2 and any(.via == "192.0.2.2" and .mac == null) and
		any(.via == "2001:db8::2" and .mac == "02:00:00:00:00:02" and .addr == ["10.0.0.2", "fd00::2"]))'
finds "JSON: fdb, uplink, port" '
	(.[3] | any(.mac == "02:00:00:00:00:01" and .ifname == "v") and
		any(.mac == "02:00:00:00:00:02" and .via == "2001:db8::2")) and
	(.[4][0].ifname == "under") and
	(.[5][0] | .ifname == "v" and .net == 42 and .mac == ["02:00:00:00:00:01"] and .antispoof == true and
		(.group | sort) == ["friends", "web"] and .bypass == false and .label == "vm-1" and
		(.["rx-packets"] | type) == "number" and (.["tx-dropped"] | type) == "number")'
finds "JSON: group, rule, member" '
	(.[6] | any(.name == "web" and .auto == true and .rules == 4 and .members == 2 and .ports == 1)) and
	(.[7] | [.. | objects | select(has("direction"))] | length == 4 and
		any(.direction == "in" and .["port-min"] == 80) and any(.["remote-group"] == "friends")) and
	(.[8] | tostring | contains("198.51.100.1") and contains("2001:db8::99"))'
finds "JSON: pool, backend, service, flow" '
	(.[9][0] | .name == "p" and .method == "ipip" and .hash == "source" and .table == 251 and
		.key == "000102030405060708090a0b0c0d0e0f" and .backends == 2 and .services == 2) and
	(.[10] | tostring | contains("192.0.2.11") and contains("drain") and contains("slots")) and
	(.[11] | length == 2 and any(.addr == "203.0.113.1" and .port == 443 and .pool == "p")) and
	(.[12] | type == "array")'
finds "JSON: every reason to drop has a name, a meaning and a count" '
	[.[13] | .. | objects | select(has("reason"))] | length > 10 and
	all((.meaning | length) > 5 and (.packets | type) == "number")'
check "JSON for people is the same" \
	bash -c "[ \"\$(jq -c 'map(del(.[\"rx-packets\", \"rx-bytes\", \"rx-dropped\"]))' $scratch/pretty)\" = \
		\"\$(jq -sc '.[5] | map(del(.[\"rx-packets\", \"rx-bytes\", \"rx-dropped\"]))' $scratch/json)\" ]"
