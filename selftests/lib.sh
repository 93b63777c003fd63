# SPDX-License-Identifier: GPL-2.0
# lib.sh - what the selftests share. Sourced, never run.
#
# A selftest is selftests/NN-name.sh, run by root under bash, in a lab kernel or
# on a machine whose kernel has bfly:
#
#	#!/bin/bash
#	# SPDX-License-Identifier: GPL-2.0
#	# 10-example.sh - two ports of a net reach each other
#	. "$(dirname "$0")/lib.sh"
#	need ping mod:veth		# skip if one is missing
#	ns a b				# two namespaces: $a and $b hold their names
#	ip link add va type veth peer name eth0 netns "$a"
#	later ip link del va		# undone at the end, last one first
#	check "a reaches b" at "$a" ping -qc 1 -W 1 10.0.0.2
#	check_not "a stranger is heard" at "$b" ping -qc 1 -W 1 10.9.9.9
#	refuse "a net has a number" 'invalid|range' bflyctl net add 0
#
# Commands run under `set -eu`: what is not under a check must succeed or the test
# fails there. A failed check does not end the test. The exit status is 0 when
# all checks passed, 1 when one did not, 4 when the test does not apply here.
# A line `# limit: SECONDS` among the first ten gives a test more time than the
# runner's usual limit.
#
# shellcheck shell=bash

set -eu

test_name=${0##*/} test_name=${test_name%.sh}
checks=0
failures=0
undo=()
scratch=$(mktemp -d)		# a folder of the test's own

# later CMD...: run it when the test ends, however it ends
later() {
	undo+=("$(printf '%q ' "$@")")
}

finish() {
	local status=$? i
	# bash runs it in a subshell that dies of a syntax error, too
	[ "$BASHPID" = $$ ] || exit "$status"
	trap - EXIT ERR
	set +e
	for ((i = ${#undo[@]} - 1; i >= 0; i--)); do
		eval "${undo[i]}" > /dev/null 2>&1
	done
	rm -rf "$scratch"
	[ "$status" = 4 ] && exit 4
	if [ "$status" != 0 ]; then
		echo "$test_name: ended early with status $status"
	elif [ "$failures" != 0 ]; then
		status=1
	elif [ "$checks" = 0 ]; then
		echo "$test_name: no check was made"
		status=1
	fi
	exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
# the line itself: of a function that returns $BASH_COMMAND has no more than `return`
trap 'echo "$test_name: ${BASH_SOURCE[0]##*/}:$LINENO failed: $(sed -n "${LINENO}p" "${BASH_SOURCE[0]}")"' ERR
set -E

pass() {
	checks=$((checks + 1))
	echo "ok - $*"
}

fail() {
	checks=$((checks + 1))
	failures=$((failures + 1))
	echo "not ok - $*"
}

# skip WHY: this test cannot run here. The last word, so not what bash says of whom `finish` kills.
skip() {
	echo "$*"
	exec 2> /dev/null
	exit 4
}

# need WHAT...: a command, or mod:NAME for a kernel module
need() {
	local what
	for what; do
		case $what in
		mod:*)
			[ -e "/sys/module/${what#mod:}" ] || modprobe -q "${what#mod:}" ||
				skip "needs the kernel module ${what#mod:}"
			;;
		*)	type -P "$what" > /dev/null || skip "needs the command $what" ;;
		esac
	done
}

# jq 1.6 compiles a library of its own each time, which takes an emulated guest a fifth of a second
if command -v gojq > /dev/null; then
	jq() { gojq "$@"; }
fi

# need_kernel 6.12: not for older ones
need_kernel() {
	printf '%s\n' "$1" "$(uname -r)" | sort -VC || skip "needs Linux $1"
}

# ns NAME...: make namespaces; the variable NAME gets the real, unique name
ns() {
	local name
	ns_without_lo "$@"
	for name; do
		ip -n "${!name}" link set lo up
	done
}

# the same for who gives `ip` more to do in them anyway
own_ns=()
ns_suffix=-$$
ns_without_lo() {
	local name lines
	[ ${#own_ns[@]} -gt 0 ] || later end_own_ns
	for name; do
		printf -v "$name" %s "$name$ns_suffix"
		own_ns+=("${!name}")
	done
	printf -v lines "netns add %s$ns_suffix\n" "$@"
	ip -b - <<< "$lines"
}

end_own_ns() {
	end_ns "${own_ns[@]}"
}

# end_ns NS...: with the processes in them
end_ns() {
	local ns process lines
	for process in /proc/[0-9]*; do
		for ns; do
			if [ "$process/ns/net" -ef "/run/netns/$ns" ]; then
				kill -9 "${process#/proc/}" 2> /dev/null || :
			fi
		done
	done
	printf -v lines 'netns del %s\n' "$@"
	ip -force -b - <<< "$lines"
}

# spawn [-n NS] [-v VAR] PROGRAM...: start it without a copy of this shell, by a builtin for bash.
# What tests start most often is started by it without saying so; `|| return`, so that who fails is
# the caller, as with a program. Where the tests are not built bash does what it does.
netns_tools=$(cd "${BASH_SOURCE[0]%/*}/../tests/netns" && pwd)
if enable -f "$netns_tools/spawn.so" spawn 2> /dev/null; then
	for program in ip bflyctl grep gojq curl ethtool tc; do
		eval "$program() { spawn $program \"\$@\" || return; }"
	done
	unset program
else
	spawn() {
		local ns='' var='' said status=0
		[ "$1" != -n ] || { ns=$2; shift 2; }
		[ "$1" != -v ] || { var=$2; shift 2; }
		[ -z "$ns" ] || set -- nsenter --net="/run/netns/$ns" -- "$@"
		if [ -n "$var" ]; then
			said=$(command "$@") || status=$?
			printf -v "$var" %s "$said"
		else
			command "$@" || status=$?
		fi
		return $status
	}
fi

# at NS CMD...: run a command in a namespace of the network. /sys stays the caller's: to mount
# another, as `ip netns exec` does, costs more than most commands.
at() {
	spawn -n "$@" || return
}

# quietly CMD...: keep its output for when it is wanted
quietly() {
	"$@" > "$scratch/out" 2>&1
}

told() {
	sed 's/^/    /' "$scratch/out"
}

# check TEXT CMD...: the command succeeds
check() {
	local text=$1
	shift
	if quietly "$@"; then
		pass "$text"
	else
		fail "$text"
		echo "    failed: $*"
		told
	fi
}

# check_not TEXT CMD...: the command fails
check_not() {
	local text=$1
	shift
	if quietly "$@"; then
		fail "$text"
		echo "    should have failed: $*"
		told
	else
		pass "$text"
	fi
}

# refuse TEXT REGEX CMD...: the command fails and says something that matches
refuse() {
	local text=$1 regex=$2
	shift 2
	if quietly "$@"; then
		fail "$text"
		echo "    should have been refused: $*"
	elif grep -qE -- "$regex" "$scratch/out"; then
		pass "$text"
	else
		fail "$text"
		echo "    was refused, but not with \"$regex\": $*"
		told
	fi
}

# same TEXT EXPECTED ACTUAL
same() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1"
		printf '    expected: %s\n         got: %s\n' "$2" "$3"
	fi
}

# nap SECONDS: a sleep that starts no process
exec {never}<> <(:)
nap() {
	read -r -t "$1" -u "$never" || :
}

# busywait SECONDS CMD...: until the command succeeds, or fail after that long
busywait() {
	local end=$((SECONDS + $1))
	shift
	until "$@" > /dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		nap 0.1
	done
}

# until_up CMD...: until it succeeds, which tells that a program in the background is at work.
# The first start of a large one takes long where the machine is busy with other guests.
until_up() {
	busywait 60 "$@"
}

# background [at NS] CMD...: start it; it is killed at the end. Its output: $scratch/PID
background() {
	# not the function, whose shell would be killed in place of the command
	if [ "$1" = at ] && [ -x "$netns_tools/at" ]; then
		set -- "$netns_tools/at" "${@:2}"
	elif [ "$1" = at ]; then
		set -- nsenter --net="/run/netns/$2" -- "${@:3}"
	fi
	exec "$@" >> "$scratch/$BASHPID" 2>&1 < /dev/null &
	: >> "$scratch/$!"		# the child may be late
	later kill "$!"
}
