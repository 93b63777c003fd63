#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 90-teardown.sh - all that can go goes in any order, under traffic
# limit: 900
#
# BFLY_ROUNDS=N   how many rounds (default 5)
# BFLY_SEED=N     which ones (printed, so that a failure can be had again)
#
# Each round makes a host with a switch, two machines, a far end of the tunnel and a
# client of a service, starts traffic from all of them and a stream of changes, and
# takes things away in random order while all of that runs. The runner looks at the
# kernel's log and for leaks.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl ping

rounds=${BFLY_ROUNDS:-5}
seed=${BFLY_SEED:-$((SECONDS + $$ + $(date +%s) % 32768))}
echo "BFLY_SEED=$seed"
RANDOM=$seed

h=h-$$ a=a-$$ b=b-$$ far=far-$$
later sweep
sweep() {
	local ns
	for ns in $a $b $far $h; do
		if ip netns list | grep -q "^$ns"; then
			end_ns "$ns"
		fi
	done
}

build() {
	ip -b - <<-EOF
		netns add $h
		netns add $a
		netns add $b
		netns add $far
		link add name bfly0 netns $h type bfly
		link add name va netns $h type veth peer name eth0 netns $a address $(mac 1)
		link add name vb netns $h type veth peer name eth0 netns $b address $(mac 2)
		link add name vf netns $h type veth peer name eth1 netns $b address $(mac 4)
		link add name under netns $h type veth peer name under netns $far
	EOF
	ip -n $h -b - <<-EOF
		link set dev bfly0 up
		addr add 10.0.0.254/24 dev bfly0
		link set dev va up
		link set dev vb up
		link set dev vf up
		addr add 192.0.2.1/24 dev under
		addr add 2001:db8::1/64 dev under nodad
		link set dev under up
	EOF
	ip -n $a -b - <<-EOF
		addr add 10.0.0.1/24 dev eth0
		addr add fd00::1/64 dev eth0 nodad
		link set dev eth0 up
	EOF
	ip -n $b -b - <<-EOF
		addr add 10.0.0.2/24 dev eth0
		addr add fd00::2/64 dev eth0 nodad
		link set dev eth0 up
		addr add 10.1.0.2/24 dev eth1
		link set dev eth1 up
	EOF
	ip -n $far -b - <<-EOF
		addr add 192.0.2.2/24 dev under
		addr add 10.1.0.3/24 dev under
		addr add 2001:db8::2/64 dev under nodad
		link set dev under up
		route add 203.0.113.0/24 via 192.0.2.1
		link add name vx type vxlan id 42 local 192.0.2.2 remote 192.0.2.1 dstport 4789 dev under
		link set dev vx address $(mac 3) up
		addr add 10.0.0.3/24 dev vx
	EOF
	configure $h <<-EOF
		switch set local 192.0.2.1 local 2001:db8::1
		net add 42 ageing 1 mcast 239.1.1.1 via under
		net add 51 mcast ff05::51 via under
		remote add net 42 via 192.0.2.2
		remote add net 51 via 2001:db8::2
		group add all
		rule add all in proto any
		$(port va 1 net 42 group all)
		$(port vb 2 net 42 group all)
		uplink add under
		net add 60 type vlan uplink under vid 60
		net add 61 type flat uplink under ageing 1
		port add bfly0 net 42 addr 10.0.0.254 group all
		port add vf net 61 mac $(mac 4) addr 10.1.0.2 group all
		pool add p method l2 table 251
		backend add p 192.0.2.2
		pool add q method ipip table 251
		backend add q 2001:db8::2
		service add 203.0.113.1:53/udp pool p
		service add 203.0.113.1:54/udp pool q
	EOF
}

# Traffic is nice, so that on one CPU it fills the time in which changes wait, and the
# changes do not wait for it. Each datagram is a flow of its own.
datagrams() {
	# shellcheck disable=SC2016	# the inner bash expands it
	exec nice -n 10 ip netns exec "$1" bash -c 'while :; do for to; do echo x > "/dev/udp/$to"; done; done' - "${@:2}"
}

traffic() {
	running=()
	datagrams $a 10.0.0.2/7 10.0.0.3/7 fd00::2/7 10.0.0.255/7 & running+=($!)
	datagrams $b 10.1.0.3/7 10.1.0.255/7 & running+=($!)
	datagrams $far 10.1.0.2/7 203.0.113.1/53 203.0.113.1/54 203.0.113.1/55 & running+=($!)
	datagrams $h 10.0.0.1/7 10.0.0.255/7 & running+=($!)
	nice -n 10 ip netns exec $b ping -q -f 10.0.0.1 & running+=($!)
	nice -n 10 ip netns exec $far ping -q -f -s 3000 10.0.0.1 & running+=($!)
	nice -n 10 ip netns exec $a ping -q -f 10.0.0.254 & running+=($!)
	churn & running+=($!)
}

# changes of all kinds, for as long as there is something to change
churn() {
	local i
	for ((i = 0; i < 20; i++)); do
		cat <<-EOF
			group replace all
			rule add all in proto udp port 7
			rule add all in proto any group all
			port set va group none
			port set va group all
			member replace all 10.0.0.$i
			net set 42 learning off
			net set 42 learning on
			net set 42 mcast none
			net set 42 mcast 239.1.1.$((i % 2 + 1)) via under
			net set 51 mcast 239.1.1.1 via under
			net set 51 mcast ff05::51 via under
			net replace 61 type flat uplink under
			port set bfly0 net 51
			port set bfly0 net 42
			port set vf net 60
			port set vf net 61
			backend set p 192.0.2.2 state down
			backend set p 192.0.2.2 state up
			flow flush net 42
			remote replace net 42 via 192.0.2.$((i + 3))
			remote del net 42 via 192.0.2.$((i + 3))
			group del all if-exists
		EOF
	done | exec bflyctl -n $h -force -b -
}

steps=(
	"ctl $h port del va"
	"ip -n $h link set dev vb nomaster"
	"ip -n $h link del va"
	"ip -n $b link del eth0"
	"ip -n $h link del bfly0"
	"ip -n $h link set dev bfly0 down"
	"ip -n $h link del under"
	"ip -n $h link set dev va netns $b"
	"ip netns del $h"
	"ip netns del $a"
	"ctl $h uplink del under"
	"ctl $h net del 51"
	"ctl $h net del 60"
	"ctl $h port del bfly0"
	"ctl $h port set vf net 60"
	"ip -n $h link set dev vf nomaster"
	"ctl $h group del all"
	"ctl $h service del 203.0.113.1:53/udp"
	"ctl $h backend del p 192.0.2.2"
	"ctl $h remote del net 42 via 192.0.2.2"
	"ctl $h switch set dstport 4790"
	"ctl $h switch set local none"
	"ctl $h save"
	"ctl $h flow show"
	"rmmod bfly"
	"rmmod bfly"
)

tear_down() {
	local i j n=${#steps[@]} order=("${steps[@]}") step
	for ((i = n - 1; i > 0; i--)); do
		j=$((RANDOM % (i + 1)))
		step=${order[i]} order[i]=${order[j]} order[j]=$step
	done
	for step in "${order[@]:0:7}"; do
		printf '%s; ' "${step//-$$/}"
		$step > /dev/null 2>&1 || printf '(no) '
	done
	echo
}

silence() {
	kill -9 "${running[@]}" 2> /dev/null || :
	wait "${running[@]}" 2> /dev/null || :
}

for ((round = 1; round <= rounds; round++)); do
	build
	traffic > /dev/null 2>&1
	nap 0.$((RANDOM % 4 + 1))
	printf 'round %d: ' "$round"
	tear_down
	silence
	sweep > /dev/null 2>&1
done
pass "$rounds rounds"

gone() { ! ip netns list | grep -q -- "-$$\\>"; }
check "no namespace hangs" busywait 10 gone
unload() { [ ! -d /sys/module/bfly ] || rmmod bfly; }
check "the module unloads" busywait 10 unload
check "and comes back" modprobe bfly
