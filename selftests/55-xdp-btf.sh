#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 55-xdp-btf.sh - the module finds out whether programs of XDP can call it
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl jq modinfo objcopy insmod rmmod

module=$(modinfo -n bfly)
[[ $module == *.ko ]] || skip "the module is compressed"
host h
support() { ctl "$h" -j switch show | jq -r '.[]."xdp-support"'; }
usual=$(support)
log() { dmesg | grep -c "bfly: no XDP, as .*$1" || :; }

# it succeeds without the section, too
objcopy --dump-section .BTF="$scratch/btf" "$module" 2> /dev/null || :
[ "$usual" != no-kernel ] || skip "the kernel has no BTF of modules"
if [ ! -s "$scratch/btf" ]; then
	same "a module without BTF knows it" no-btf "$usual"
	exit 0
fi
same "a module with BTF can be called" ready "$usual"
check "as the kernel knows it" test -e /sys/kernel/btf/bfly

# with SPOILED: the same module, with that BTF instead or without
with() {
	ip -n "$h" link del bfly0
	rmmod bfly
	insmod "$1"
	ip -n "$h" link add name bfly0 type bfly
	ip -n "$h" link add name dumb type dummy
}
later modprobe bfly
later rmmod bfly
later ip -n "$h" link del bfly0

objcopy --remove-section .BTF "$module" "$scratch/none.ko"
said=$(log "was built without BTF")
with "$scratch/none.ko"
same "without BTF" no-btf "$(support)"
same "one line in the log" $((said + 1)) "$(log "was built without BTF")"
refuse "XDP is refused" 'was built without BTF' ctl "$h" uplink add dumb xdp generic

printf 'no BTF' | dd of="$scratch/btf" conv=notrunc 2> /dev/null
objcopy --update-section .BTF="$scratch/btf" "$module" "$scratch/bad.ko"
said=$(log "does not fit")
ip -n "$h" link del dumb
with "$scratch/bad.ko"
check_not "BTF that the kernel does not take" test -e /sys/kernel/btf/bfly
same "is told apart" bad-btf "$(support)"
same "one line in the log" $((said + 1)) "$(log "does not fit")"
refuse "XDP is refused" 'does not fit this kernel' ctl "$h" uplink add dumb xdp generic
