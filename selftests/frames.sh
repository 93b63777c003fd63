# SPDX-License-Identifier: GPL-2.0
# frames.sh - frames byte by byte, for what no honest program sends. Sourced after lib.sh.
#
#	send "$a" eth0 "$(eth "$(mac 2)" "$(mac 1)" 0806)$(arp 1 "$(mac 1)" 10.0.0.9 10.0.0.2)"
#
# Each function prints hexadecimal digits.
#
# shellcheck shell=bash

# bytes HEX: what the digits stand for, in $scratch/bytes. Not in a pipe: bash writes a line at
# a time, and who reads from a pipe may take the first one for all.
bytes() {
	local hex=$1 escaped=
	while [ -n "$hex" ]; do
		escaped+=\\x${hex:0:2}
		hex=${hex:2}
	done
	# shellcheck disable=SC2059	# the escapes are meant
	printf "$escaped" > "$scratch/bytes"
}

[ -x "$netns_tools/send" ] || skip "needs tests/netns/send, which make check-build builds"
# send NS DEVICE HEX [COUNT[@OFFSET]]: so often; the two bytes at that offset count
send() {
	send_all "$1" "$2" "$3x${4:-1}"
}

# send_all NS DEVICE HEX...: one right after the other
send_all() {
	spawn "$netns_tools/send" "$@"
}

# ip_hex ADDR: an address of either family
ip_hex() {
	set_ip_hex "$1"
	printf %s "$REPLY"
}

# set_ip_hex, set_checksum: the same in $REPLY, without the process of a substitution
set_ip_hex() {
	local IFS=': ' word words gap
	REPLY=
	case $1 in
	*::*)
		read -ra words <<< "${1/::/:z:}"
		gap=$((4 * (9 - ${#words[@]})))
		[ -n "${words[0]}" ] || gap=$((gap + 4))
		for word in "${words[@]}"; do
			case $word in
			'')	continue ;;
			z)	printf -v word '%0*d' $gap 0 ;;
			*)	printf -v word '%04x' "0x$word" ;;
			esac
			REPLY+=$word
		done
		;;
	*:*)
		read -ra words <<< "$1"
		printf -v REPLY '%04x' "${words[@]/#/0x}"
		;;
	*)
		IFS=.
		read -ra words <<< "$1"
		printf -v REPLY '%02x' "${words[@]}"
		;;
	esac
}

# checksum HEX: the Internet checksum, RFC 1071
checksum() {
	set_checksum "$1"
	printf %s "$REPLY"
}

set_checksum() {
	local hex=$1 sum=0 i
	[ $((${#hex} % 4)) = 0 ] || hex+=00
	for ((i = 0; i < ${#hex}; i += 4)); do
		sum=$((sum + 16#${hex:i:4}))
	done
	while [ $((sum >> 16)) != 0 ]; do
		sum=$(((sum & 0xffff) + (sum >> 16)))
	done
	printf -v REPLY '%04x' $((sum ^ 0xffff))
}

# eth DST SRC TYPE
eth() {
	printf %s "${1//:/}${2//:/}$3"
}

# arp OPERATION SENDER-MAC SENDER-IP TARGET-IP
arp() {
	local sender
	set_ip_hex "$3"
	sender=$REPLY
	set_ip_hex "$4"
	printf '00010800060400%02x%s%s000000000000%s' "$1" "${2//:/}" "$sender" "$REPLY"
}

# set_addrs SRC DST: both in $addrs
set_addrs() {
	set_ip_hex "$1"
	addrs=$REPLY
	set_ip_hex "$2"
	addrs+=$REPLY
}

# ip4 SRC DST PROTO PAYLOAD [TOS]
ip4() {
	local head addrs
	printf -v head '45%02x%04x0000400040%02x' "${5:-0}" $((20 + ${#4} / 2)) "$3"
	set_addrs "$1" "$2"
	set_checksum "${head}0000$addrs"
	printf %s "$head$REPLY$addrs$4"
}

# ip6 SRC DST PROTO PAYLOAD [TCLASS]
ip6() {
	local addrs
	set_addrs "$1" "$2"
	printf '6%02x00000%04x%02xff%s%s' "${5:-0}" $((${#4} / 2)) "$3" "$addrs" "$4"
}

# udp SPORT DPORT PAYLOAD: without a checksum, IPv4 only
udp() {
	printf '%04x%04x%04x0000%s' "$1" "$2" $((8 + ${#3} / 2)) "$3"
}

# tcp SPORT DPORT FLAGS SEQ ACK [WINDOW [OPTIONS]]: without a checksum, so that no machine heeds it
tcp() {
	local options=${7:-}
	printf '%04x%04x%08x%08x%x0%02x%04x00000000%s' "$1" "$2" "$4" "$5" \
		$((5 + ${#options} / 8)) "$3" "${6:-0}" "$options"
}

# udp_sum SRC DST SPORT DPORT PAYLOAD: with one, of either family
udp_sum() {
	local addrs ports len
	printf -v len %04x $((8 + ${#5} / 2))
	printf -v ports %04x "$3" "$4"
	set_addrs "$1" "$2"
	set_checksum "${addrs}0011$len$ports$len$5"
	printf %s "$ports$len$REPLY$5"
}

# icmp6 SRC DST TYPE BODY: with the IPv6 header; the body follows the checksum
icmp6() {
	local addrs rest
	printf -v rest '%08x0000003a%02x000000%s' $((4 + ${#4} / 2)) "$3" "$4"
	set_addrs "$1" "$2"
	set_checksum "$addrs$rest"
	printf -v rest '%02x00%s%s' "$3" "$REPLY" "$4"
	ip6 "$1" "$2" 58 "$rest"
}
