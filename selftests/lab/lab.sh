# SPDX-License-Identifier: GPL-2.0
# lab.sh - what the lab's scripts share. Sourced, never run.
# shellcheck shell=bash
# shellcheck disable=SC2034	# the sourcing script reads these

lab=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=${lab%/selftests/lab}
build=$top/build			# what can be rebuilt in a minute; git ignores it
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/bfly-lab	# what takes longer
series="6.12 6.1"			# the stock kernels, the first one first
source_series=6.12			# the linux-source that UML is built from

die() { echo "${0##*/}: $*" >&2; exit 1; }
note() { echo "${0##*/}: $*" >&2; }

# usage: a script's own header is its help text
usage() {
	sed -n '/^# SPDX/d; 2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2
	exit 2
}
