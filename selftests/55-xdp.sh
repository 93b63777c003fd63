#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 55-xdp.sh - the XDP program on an uplink: on, off, shown, saved, beside others', left behind
# limit: 600
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl jq nc nginx ethtool

other() { at "$lb" "$(dirname "$0")/../tests/xdp/other" "$@"; }
object=$(dirname "$0")/../tests/xdp/other.bpf.o
xdp() { ctl "$lb" -j uplink show "${1:-under}" | jq -r '.[].xdp'; }
uplinks() { ctl "$lb" uplink show; }
# what the kernel has on the netdev: 1 native, 2 generic, null nothing
kernel_mode() { ip -n "$lb" -j link show "${1:-under}" | jq -r '.[].xdp.mode'; }
# libxdp's pins that were not there before the test
pins() { find /sys/fs/bpf/xdp -mindepth 1 -maxdepth 1 -name 'dispatch-*' 2> /dev/null | sort || :; }
pinned() { comm -13 "$scratch/pins" <(pins); }
forget() { pinned | xargs -r rm -r; }
users() { cat /sys/module/bfly/refcnt; }
one_line() { same "$1" 1 "$(wc -l < "$scratch/out")"; }

pins > "$scratch/pins"
unset BFLY_XDP
cluster
same "an uplink is made without XDP" "under xdp off" "$(uplinks)"
same "and saved so" "uplink replace under xdp off dev bfly0" "$(ctl "$lb" save | grep ^uplink)"
refuse "a mode that is none" 'not one of: off, generic, native' ctl "$lb" uplink set under xdp on
refuse "a netdev that is no uplink" 'lo is no uplink' ctl "$lb" uplink set lo xdp native
check "off is off already" ctl "$lb" uplink set under xdp off

support=$(ctl "$lb" -j switch show | jq -r '.[]."xdp-support"')
if [ "$support" != ready ]; then
	for mode in native generic; do
		refuse "$mode is refused, with the reason" 'without BTF|does not fit' \
			ctl "$lb" uplink set under xdp $mode
		one_line "in one line"
	done
	check "the kernel's log says it" bash -c 'dmesg | grep -q "bfly: no XDP, as"'
	ctl "$lb" uplink del under
	refuse "so is an uplink that is to have it" BTF ctl "$lb" uplink add under xdp generic
	same "which is not made" '' "$(uplinks)"
	refuse "a file with it is not applied" BTF ctl "$lb" apply - <<< "uplink add under xdp native"
	check "the same without it is" ctl "$lb" apply - <<< "uplink add under"
	same "and makes the uplink" "under xdp off" "$(uplinks)"
	[ $failures = 0 ] || exit 1
	skip "no program of XDP can call the module here: $support"
fi
[ -e "$object" ] || skip "needs make -C tests/xdp"
lib=${BFLY_LIB_DIR:-/usr/local/lib/bfly}
need "$lib/xdp_bfly.so"

# A client's connection, to be kept through all that follows
far_end "$lan1" port1
for b in "$b1" "$b2" "$b3"; do repeat "$b" tcp 7; done
configure "$lb" <<-EOF
	pool add p method l2
	backend add p 192.0.2.3
	backend add p 192.0.2.4
	backend add p 192.0.2.5
	service add $vip4:7/tcp pool p
EOF
dial kept "$client" $vip4 7
idle=$(users)

on() {
	check "uplink set xdp $1" ctl "$lb" uplink set under xdp "$1"
	same "show tells of it" "under xdp $1" "$(uplinks)"
	same "the netdev has a program" "$2" "$(kernel_mode)"
	same "which is ours" bfly_uplink "$(other under list)"
	check "and holds the module" [ "$(users)" -gt "$idle" ]
	check "a connection goes on" say kept
}
sent() { at "$lb" ethtool -S under | awk '/xdp_tx:/ { n += $2 } END { print n + 0 }'; }
on native 1
check "which the driver sends" [ "$(sent)" -gt 0 ]
program=$(ip -n "$lb" -j link show under | jq '.[].xdp.prog.id')
on native 1
check "the second time it was replaced" [ "$program" != "$(ip -n "$lb" -j link show under | jq '.[].xdp.prog.id')" ]
on generic 2
on native 1
same "JSON" '{"ifname":"under","xdp":"native","xdp-support":"ready"}' \
	"$(ctl "$lb" -j uplink show under | jq -c '.[] | {ifname, xdp, "xdp-support"}')"
check "details" grep -q 'xdp-support ready' <<< "$(ctl "$lb" -d uplink show under)"
check "off" ctl "$lb" uplink set under xdp off
same "the netdev has none then" null "$(kernel_mode)"
same "and the module is free" "$idle" "$(users)"
check "a connection goes on" say kept

# save, apply
ctl "$lb" uplink set under xdp generic
ctl "$lb" save > "$scratch/saved"
same "save has the mode" "uplink replace under xdp generic dev bfly0" "$(grep ^uplink "$scratch/saved")"
same "apply of what is there says nothing" '' "$(ctl "$lb" apply "$scratch/saved" 2>&1)"
ctl "$lb" uplink set under xdp off
same "apply would put it back" "uplink replace under xdp generic dev bfly0" "$(ctl "$lb" apply "$scratch/saved" --dry-run)"
check "apply puts it back" ctl "$lb" apply "$scratch/saved"
same "as it was" generic "$(xdp)"
sed -i 's/ xdp generic//' "$scratch/saved"
check "a file that does not name it" ctl "$lb" apply "$scratch/saved"
same "takes it off" off "$(xdp)"

# Refusals, after which all is as it was
refused() {
	refuse "$1" "$2" "${@:3}"
	one_line "in one line"
}
ip -n "$lb" link add name dumb type dummy
refused "a driver that cannot" 'does not support' ctl "$lb" uplink add dumb xdp native
same "makes no uplink" "under xdp off" "$(uplinks)"
check "but generic it can" ctl "$lb" uplink add dumb xdp generic
refused "native then is refused" 'does not support' ctl "$lb" uplink set dumb xdp native
same "and generic stays" generic "$(xdp dumb)"
check "replace without the word takes it off" ctl "$lb" uplink replace dumb
same "and the netdev has none" null "$(kernel_mode dumb)"
ctl "$lb" uplink del dumb
at "$lan1" ip link set port1 mtu 9000
refused "packets too large for the driver" MTU ctl "$lb" uplink set under xdp native
at "$lan1" ip link set port1 mtu 2000
mkdir "$scratch/empty" "$scratch/half"
refused "without the plug-in" 'without libxdp' env BFLY_LIB_DIR="$scratch/empty" bflyctl -n "$lb" uplink set under xdp native
cp "$lib/xdp_bfly.so" "$scratch/half"
refused "without the program" 'bfly_xdp.bpf.o is not there' env BFLY_LIB_DIR="$scratch/half" bflyctl -n "$lb" uplink set under xdp native
echo nonsense > "$scratch/half/bfly_xdp.bpf.o"
refused "with a file that is none" 'no program of XDP' env BFLY_LIB_DIR="$scratch/half" bflyctl -n "$lb" uplink set under xdp native
refused "where no bpffs is" 'no bpffs is mounted' ip netns exec "$lb" bflyctl uplink set under xdp native
# not every kernel can do without it
if sysctl -qw net.core.bpf_jit_enable=0 2> /dev/null; then
	later sysctl -qw net.core.bpf_jit_enable=1
	refused "without BPF's compiler" bpf_jit_enable ctl "$lb" uplink set under xdp native
	sysctl -qw net.core.bpf_jit_enable=1
fi
same "none of them changes anything" null "$(kernel_mode)"
ctl "$lb" uplink set under xdp native
refused "nor is a program lost for another one that is none" 'no program of XDP' \
	env BFLY_LIB_DIR="$scratch/half" bflyctl -n "$lb" uplink set under xdp generic
same "which is there" native "$(xdp)"
same "without the plug-in that cannot be read" unknown \
	"$(BFLY_LIB_DIR=$scratch/empty ctl "$lb" -j uplink show | jq -r '.[].xdp')"
ctl "$lb" uplink set under xdp off

# Others' programs
other under native "$object"
same "another's program is not ours" off "$(xdp)"
check "ours comes beside it" ctl "$lb" uplink set under xdp native
same "behind it" "other_pass bfly_uplink" "$(other under list | xargs)"
check "again" ctl "$lb" uplink set under xdp native
same "both are there once" "other_pass bfly_uplink" "$(other under list | xargs)"
check "a connection goes on" say kept
refused "the mode of both is the other's, too" 'other_pass, in native mode' ctl "$lb" uplink set under xdp generic
same "both stay" "other_pass bfly_uplink" "$(other under list | xargs)"
other under native "$object"
same "another one may come" "other_pass other_pass bfly_uplink" "$(other under list | xargs)"
check "off" ctl "$lb" uplink set under xdp off
same "theirs stay" "other_pass other_pass" "$(other under list | xargs)"
check "off is off already" ctl "$lb" uplink set under xdp off
check "theirs and ours" ctl "$lb" uplink set under xdp native
check "an uplink that is deleted" ctl "$lb" uplink del under
same "leaves theirs" "other_pass other_pass" "$(other under list | xargs)"
ip -n "$lb" link set under xdp off
forget
other under alone "$object"
refused "a program that others cannot join" 'did not come by libxdp' ctl "$lb" uplink add under xdp generic
same "no uplink is made then" '' "$(uplinks)"
check "without XDP it is" ctl "$lb" uplink add under
same "and the program stays" other_pass "$(other under list)"
ip -n "$lb" link set under xdpgeneric off
check "a connection goes on" say kept

# The module is replaced as the manual says
ctl "$lb" uplink set under xdp native
ctl "$lb" save > "$scratch/saved"
check_not "a module that programs call stays" rmmod bfly
ctl "$lb" uplink set under xdp off
ip -n "$lb" link del bfly0
rmmod bfly
modprobe bfly
ip -n "$lb" link add name bfly0 type bfly
check "a file for a new module" ctl "$lb" apply "$scratch/saved"
same "brings the mode" "under xdp native" "$(uplinks)"
check "and connections go on" say kept

# What is left behind
ctl "$lb" uplink set under xdp native
ip -n "$lb" link add name bfly1 type bfly
refuse "an uplink of another switch is not deleted" 'no uplink of the switch' ctl "$lb" uplink del under dev bfly1
same "and keeps its program" 1 "$(kernel_mode)"
ip -n "$lb" link del bfly1
ip -n "$lb" link del bfly0
check "with the switch gone, all is the host's" reach "$client" 192.0.2.1 2001:db8::1
same "the program is there" 1 "$(kernel_mode)"
ip -n "$lb" link add name bfly0 type bfly
check "a new uplink without XDP" ctl "$lb" uplink add under
same "has no program" null "$(kernel_mode)"
ctl "$lb" uplink set under xdp native
ip -n "$lb" link del bfly0
check_not "del of what is no uplink says so" ctl "$lb" uplink del under
same "and takes the program off" null "$(kernel_mode)"
same "the module is free" "$idle" "$(users)"

released() { [ "$(users)" = "$idle" ]; }
ip -n "$lb" -b - <<-EOF
	link add name bfly0 type bfly
	link add name one type veth peer name two
	link set one up
	link set two up
EOF
ctl "$lb" uplink add one xdp native
ip -n "$lb" link del one
same "a NIC that goes, goes as an uplink" '' "$(uplinks)"
check "and leaves libxdp's pins" [ -n "$(pinned)" ]
forget
check "without which the module is free" busywait 10 released
ctl "$lb" uplink add under xdp native
end_ns "$lb"
forget
check "a namespace goes with all of it" busywait 10 released
