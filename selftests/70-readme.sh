#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 70-readme.sh - the tour of the README, command by command, in order
# limit: 300
#
# What lies between `<!-- tour -->` and `<!-- /tour -->` in ```sh fences is run by one
# shell. A line of the form `# fails: TEXT` makes the next command's failure the
# expected outcome.
. "$(dirname "$0")/lib.sh"
readme=$(dirname "$0")/../README.md
need ip bflyctl
[ -e "$readme" ] || skip "there is no README.md"
grep -q '^<!-- tour -->' "$readme" || skip "the README has no tour"

awk '	/^<!-- tour -->/	{ tour = 1 }
	/^<!-- \/tour -->/	{ tour = 0 }
	tour && /^```sh/	{ code = 1; next }
	/^```/			{ code = 0 }
	tour && code' "$readme" > "$scratch/tour"
check "the tour has commands" test -s "$scratch/tour"

# A command may go over several lines: one is whole when bash can read it.
cleanup() {
	ip -all netns del
	ip -o link show type bfly | awk -F': ' '{ print $2 }' | xargs -r -n 1 ip link del
}
later cleanup
command='' fails=''
while IFS= read -r line; do
	case $line in
	'# fails:'*)	fails=${line#'# fails:'}; continue ;;
	'#'*)		[ -n "$command" ] || continue ;;
	'')		[ -n "$command" ] || continue ;;
	esac
	command+=$line$'\n'
	[[ $line != *\\ ]] || continue
	bash -n <<< "$command" 2> /dev/null || continue
	text=${command%%$'\n'*}
	text=${text#sudo }
	status=0
	eval "${command//sudo /}" > "$scratch/out" 2>&1 < /dev/null || status=$?
	if [ -n "$fails" ]; then
		check_not "$text: $fails" [ $status = 0 ]
	elif [ $status = 0 ]; then
		pass "$text"
	else
		fail "$text: exit status $status"
		told
	fi
	command='' fails=''
done < "$scratch/tour"
same "nothing is left over" '' "$command"
