#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 15-many.sh - dumps of more remotes and MACs than a message holds, each told once
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl jq shuf

# remotes NET COUNT: a line of bflyctl each, three MACs a peer and every tenth peer a
# target of floods, in no order
remotes() {
	local i
	for ((i = 0; i < $2; i++)); do
		printf 'remote add net %d via 198.51.%d.%d mac 02:00:00:00:%02x:%02x\n' \
			"$1" $((i / 300)) $((i / 3 % 100 + 1)) $((i / 256)) $((i % 256))
		[ $((i % 30)) != 0 ] ||
			printf 'remote add net %d via 198.51.%d.%d\n' "$1" $((i / 300)) $((i / 3 % 100 + 1))
	done | shuf
}

# wanted FILE: what the lines of it are to be shown as: by peer, MAC
wanted() {
	awk '{ split($6, ip, "."); print $4, ip[3] * 256 + ip[4], $6, $8 }' "$1" |
		sort -k 1n -k 2n -k 4 | awk '{ print $1, $3, $4 }'
}

shown() {
	bflyctl -n "$h1" -j "$@" |
		jq -r '.[] | select(.via) | "\(.net) \(.via) \(.mac // "")"'
}

host h1
remotes 42 900 > "$scratch/42"
remotes 43 600 > "$scratch/43"
{
	echo "net add 42"
	echo "net add 43"
	cat "$scratch/42" "$scratch/43"
} | configure "$h1"

same "remotes of a net" "$(wanted "$scratch/42")" "$(shown remote show net 42)"
same "remotes of all nets" "$(sort <(wanted "$scratch/42") <(wanted "$scratch/43"))" \
	"$(shown remote show | sort)"
same "MACs of all nets" "$(wanted <(grep -h mac "$scratch/42" "$scratch/43") | sort)" \
	"$(shown fdb show | sort)"
refuse "one that is there" "the remote exists" configure "$h1" < "$scratch/42"
sed 's/ add / replace /' "$scratch/42" | configure "$h1"
same "replaced, they are as they were" "$(wanted "$scratch/42")" "$(shown remote show net 42)"

awk 'NR % 3' "$scratch/42" > "$scratch/away"
awk 'NR % 3 == 0' "$scratch/42" > "$scratch/42.left"
sed 's/ add / del /' "$scratch/away" | configure "$h1"
same "some are gone" "$(wanted "$scratch/42.left")" "$(shown remote show net 42)"
configure "$h1" <<-EOF
	net del 42
EOF
same "and with their net all" "$(wanted "$scratch/43")" "$(shown remote show)"
