# SPDX-License-Identifier: GPL-2.0
# frames.sh - frames byte by byte, for what no honest program sends. Sourced after lib.sh.
#
#	send "$a" eth0 "$(eth "$(mac 2)" "$(mac 1)" 0806)$(arp 1 "$(mac 1)" 10.0.0.9 10.0.0.2)"
#
# Each function prints hexadecimal digits.
#
# shellcheck shell=bash

# bytes HEX [COUNT]: what the digits stand for, that often
bytes() {
	local i hex=$1 escaped=
	while [ -n "$hex" ]; do
		escaped+=\\x${hex:0:2}
		hex=${hex:2}
	done
	for ((i = 0; i < ${2:-1}; i++)); do
		# shellcheck disable=SC2059	# the escapes are meant
		printf "$escaped"
	done
}

# send NS DEVICE HEX [COUNT]
send() {
	bytes "$3" "${4:-1}" | at "$1" socat -u -b $((${#3} / 2)) - "INTERFACE:$2"
}

# ip_hex ADDR: an address of either family
ip_hex() {
	local IFS=': ' word words gap
	case $1 in
	*::*)
		read -ra words <<< "${1/::/:z:}"
		gap=$((4 * (9 - ${#words[@]})))
		[ -n "${words[0]}" ] || gap=$((gap + 4))
		for word in "${words[@]}"; do
			case $word in
			'')	;;
			z)	printf '%0*d' $gap 0 ;;
			*)	printf '%04x' "0x$word" ;;
			esac
		done
		;;
	*:*)
		read -ra words <<< "$1"
		printf '%04x' "${words[@]/#/0x}"
		;;
	*)
		IFS=.
		read -ra words <<< "$1"
		printf '%02x' "${words[@]}"
		;;
	esac
}

# checksum HEX: the Internet checksum, RFC 1071
checksum() {
	local hex=$1 sum=0
	[ $((${#hex} % 4)) = 0 ] || hex+=00
	while [ -n "$hex" ]; do
		sum=$((sum + 16#${hex:0:4}))
		hex=${hex:4}
	done
	while [ $((sum >> 16)) != 0 ]; do
		sum=$(((sum & 0xffff) + (sum >> 16)))
	done
	printf '%04x' $((sum ^ 0xffff))
}

# eth DST SRC TYPE
eth() {
	printf %s "${1//:/}${2//:/}$3"
}

# arp OPERATION SENDER-MAC SENDER-IP TARGET-IP
arp() {
	printf '00010800060400%02x%s%s000000000000%s' "$1" "${2//:/}" "$(ip_hex "$3")" "$(ip_hex "$4")"
}

# ip4 SRC DST PROTO PAYLOAD [TOS]
ip4() {
	local head
	head=$(printf '45%02x%04x0000400040%02x' "${5:-0}" $((20 + ${#4} / 2)) "$3")
	local addrs
	addrs=$(ip_hex "$1")$(ip_hex "$2")
	printf %s "$head$(checksum "${head}0000$addrs")$addrs$4"
}

# ip6 SRC DST PROTO PAYLOAD [TCLASS]
ip6() {
	printf '6%02x00000%04x%02xff%s%s%s' "${5:-0}" $((${#4} / 2)) "$3" "$(ip_hex "$1")" "$(ip_hex "$2")" "$4"
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
	local len sum
	printf -v len %04x $((8 + ${#5} / 2))
	sum=$(checksum "$(ip_hex "$1")$(ip_hex "$2")0011$len$(printf '%04x%04x' "$3" "$4")$len$5")
	printf '%04x%04x%s%s%s' "$3" "$4" "$len" "$sum" "$5"
}

# icmp6 SRC DST TYPE BODY: with the IPv6 header; the body follows the checksum
icmp6() {
	local sum
	sum=$(checksum "$(ip_hex "$1")$(ip_hex "$2")$(printf '%08x0000003a%02x000000%s' \
		$((4 + ${#4} / 2)) "$3" "$4")")
	ip6 "$1" "$2" 58 "$(printf '%02x00%s%s' "$3" "$sum" "$4")"
}
