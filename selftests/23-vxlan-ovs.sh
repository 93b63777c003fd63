#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 23-vxlan-ovs.sh - Open vSwitch at the other end of a tunnel, over both families
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
# On Linux 6.1 the module has netfilter's hooks in each namespace that is made after it
# came, and tests to follow would find a host that filters.
unload() { busywait 10 modprobe -qr vport-vxlan openvswitch; }
[ -d /sys/module/openvswitch ] || later unload
need ip bflyctl ping nc iperf3 ovs-vsctl ovsdb-server ovs-vswitchd mod:openvswitch
# In the first ten seconds after boot it counts no CPUs, and starts no handlers.
booted() {
	local uptime
	read -r uptime _ < /proc/uptime
	[ "${uptime%.*}" -gt 10 ]
}
busywait 20 booted

# Its daemons run in $far, with all that they keep in this test's folder.
host h
ns far
wire "$h" "$far"
vm a "$h" 1; vm b "$h" 1	# net 42 over IPv4, net 51 over IPv6
vm x "$far" 2; vm y "$far" 2
configure "$h" <<-EOF
	switch set local 192.0.2.1 local 2001:db8::1
	group add all
	rule add all in proto any
	net add 42
	net add 51 vni 1048577
	remote add net 42 via 192.0.2.2
	remote add net 51 via 2001:db8::2
	$(port a 1 net 42 group all)
	$(port b 1 net 51 group all)
EOF

ovs=$scratch/ovs
export OVS_RUNDIR=$ovs OVS_LOGDIR=$ovs OVS_DBDIR=$ovs OVS_SYSCONFDIR=$ovs
mkdir "$ovs"
ovsdb-tool create "$ovs/conf.db" /usr/share/openvswitch/vswitch.ovsschema
background ip netns exec "$far" ovsdb-server --remote="punix:$ovs/db.sock" "$ovs/conf.db"
until_up ovs-vsctl --no-wait init
background ip netns exec "$far" ovs-vswitchd
later ovs-appctl exit --cleanup
ovs-vsctl --timeout=20 \
	-- add-br br42 -- add-port br42 x \
	-- add-port br42 vx42 -- set interface vx42 type=vxlan options:local_ip=192.0.2.2 \
		options:remote_ip=192.0.2.1 options:key=42 \
	-- add-br br51 -- add-port br51 y \
	-- add-port br51 vx51 -- set interface vx51 type=vxlan options:local_ip=2001:db8::2 \
		options:remote_ip=2001:db8::1 options:key=1048577

check "to Open vSwitch, over IPv4" reach "$a" 10.0.0.2 fd00::2
check "from it" reach "$x" 10.0.0.1 fd00::1
check "to it, over IPv6" reach "$b" 10.0.0.2 fd00::2
check "from it" reach "$y" 10.0.0.1 fd00::1

for n in "$x" "$y"; do
	iperf_server "$n"
done
sent() {
	ip netns exec "$h" cat "/sys/class/net/under/statistics/tx_$1"
}
# bulk NS ADDR TEXT: TCP both ways, in packets larger than the wire carries
bulk() {
	local count bytes
	count=$(sent packets) bytes=$(sent bytes)
	check "bulk TCP to $2, $3" at "$1" timeout 60 iperf3 -c "$2" -n 2M
	count=$(($(sent packets) - count)) bytes=$(($(sent bytes) - bytes))
	check "  in packets of $((bytes / count)) bytes" [ $((bytes / count)) -ge 4000 ]
	check "bulk TCP from $2, $3" at "$1" timeout 60 iperf3 -c "$2" -n 2M -R
}
bulk "$a" 10.0.0.2 "over IPv4"
bulk "$b" fd00::2 "over IPv6"
