#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 01-load.sh - the module comes by its name and by the kind of its devices, and goes
. "$(dirname "$0")/lib.sh"
need ip modprobe

loaded() { [ -d /sys/module/bfly ]; }

later ip link del bfly0

rmmod bfly 2> /dev/null || :
check "modprobe loads it" modprobe bfly
check "it is there" loaded
check "it unloads unused" rmmod bfly

check "ip link add alone loads it" ip link add bfly0 type bfly
check "it is there" loaded
check "a switch shows its kind" ip -d link show type bfly dev bfly0
check "a switch comes up" ip link set bfly0 up
refuse "a second device of that name is refused" 'exists' ip link add bfly0 type bfly
check "a switch goes" ip link del bfly0
check_not "it is gone" ip link show bfly0

ip link add bfly0 type bfly
check "unloading takes the switches along, or waits for them" \
	bash -c 'rmmod bfly 2> /dev/null || { ip link del bfly0; rmmod bfly; }'
check_not "it is gone" loaded
