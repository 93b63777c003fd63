# SPDX-License-Identifier: GPL-2.0
# topology.sh - hosts, virtual machines and wires. Sourced after lib.sh.
#
#	host h1 h2			# two namespaces with a switch bfly0 in each
#	wire "$h1" "$h2"		# an underlay: 192.0.2.1 and .2, 2001:db8::1 and ::2
#	vm a "$h1" 1			# $a: eth0 has 10.0.0.1, fd00::1, 02:00:00:00:00:01
#	configure "$h1" <<-EOF		# lines of bflyctl
#		switch set local 192.0.2.1
#		net add 42
#		$(port a 1 net 42 group web)
#	EOF
#	check "a reaches b" reach "$a" 10.0.0.2
#	check "a does not reach c" silent "$a" 10.0.0.3
#
# Processes are dear in an emulated guest: ip and bflyctl take many lines at once, and
# what must not be answered is tried all at the same time.
#
# shellcheck shell=bash disable=SC2154	# `ns` sets variables by name

# host NAME...: make namespaces with a switch each
host() {
	local name
	ns_without_lo "$@"
	for name; do
		ip -n "${!name}" -b - <<-EOF
			link set lo up
			link add bfly0 type bfly
			link set bfly0 up
		EOF
	done
}

# ctl HOST WORD...: bflyctl there
ctl() {
	local host=$1
	shift
	bflyctl -n "$host" "$@"
}

# configure HOST: the lines of the standard input are commands of bflyctl
configure() {
	bflyctl -n "$1" -b -
}

mac() {
	printf '02:00:00:00:00:%02x' "$1"
}

# vm NAME HOST N: a namespace whose eth0 has the N-th address of each subnet, and is
# the device NAME on the host
vm() {
	local name=$1 host=$2 n=$3 mac
	printf -v mac '02:00:00:00:00:%02x' "$n"
	ns_without_lo "$name"
	ip -n "$host" -b - <<-EOF
		link add name $name type veth peer name eth0 netns ${!name} address $mac
		link set dev $name up addrgenmode none
	EOF
	ip -n "${!name}" -b - <<-EOF
		addr add 10.0.0.$n/24 dev eth0
		addr add fd00::$n/64 dev eth0 nodad
		link set lo up
		link set eth0 up
	EOF
}

# port NAME N [WORD...]: the line of bflyctl that makes the N-th machine's port
port() {
	printf 'port add %s mac 02:00:00:00:00:%02x addr 10.0.0.%d addr fd00::%s %s\n' \
		"$1" "$2" "$2" "$2" "${*:3}"
}

# wire HOST HOST...: join hosts by an underlay; the device is `under` in each. Its MTU
# leaves room for tunnels around packets of 1500 bytes.
wires=0
wire() {
	local n=0 host lan=lan$((++wires)) ports="link set lo up
link add name lan type bridge mcast_snooping 0
link set lan up"
	ns_without_lo "$lan"
	for host; do
		n=$((n + 1))
		ports+="
link add name port$n mtu 2000 type veth peer name under netns $host mtu 2000
link set port$n master lan
link set port$n up"
	done
	ip -n "${!lan}" -b - <<< "$ports"
	n=0
	for host; do
		n=$((n + 1))
		ip -n "$host" -b - <<-EOF
			addr add 192.0.2.$n/24 dev under
			addr add 2001:db8::$n/64 dev under nodad
			link set under up
		EOF
	done
}

# reach NS ADDR...: every address answers a ping
reach() {
	local ns=$1 addr
	for addr in "${@:2}"; do
		# an error ends ping: that of a look for the neighbour which began
		# before it was there, and is over now
		pinged "$ns" "$addr" || pinged "$ns" "$addr" || return 1
	done
}
pinged() {
	at "$1" ping -n -q -i 0.2 -c 1 -w 5 "$2"
}

# silent NS ADDR...: no address answers
silent() {
	local ns=$1 addr pid pids=() answered=0
	for addr in "${@:2}"; do
		at "$ns" ping -n -q -i 0.2 -c 2 -W 0.6 "$addr" &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		! wait "$pid" || answered=1
	done
	return $answered
}

# open NS ADDR PORT...: TCP connections are accepted
open() {
	local p
	for p in "${@:3}"; do
		at "$1" nc -z -w 5 "$2" "$p" || return 1
	done
}

# shut NS ADDR PORT...: none is, and none is refused either: the packets vanish
shut() {
	local p pids=()
	for p in "${@:3}"; do
		at "$1" nc -v -z -w 1 "$2" "$p" > "$scratch/shut-$p" 2>&1 &
		pids+=($!)
	done
	wait "${pids[@]}" || :
	for p in "${@:3}"; do
		cat "$scratch/shut-$p"
		grep -q 'timed out' "$scratch/shut-$p" || return 1
	done
}

# echo_udp NS ADDR PORT [SECONDS]: a datagram comes back
echo_udp() {
	# shellcheck disable=SC2016	# the inner bash expands it
	at "$1" bash -c 'exec 3<> "/dev/udp/$0/$1" && echo hello >&3 &&
		[ "$(timeout "$2" head -n 1 <&3)" = hello ]' "$2" "$3" "${4:-5}"
}

# serve NS PORT...: a web server on these ports of all addresses; it answers with a
# line: client's address, client's port, name of the namespace. /slow takes 15 seconds, and
# is too long for what a connection sends without an acknowledgement.
serve() {
	local ns=$1 dir=$scratch/nginx-$1 p
	mkdir -p "$dir"
	printf '%0225000d\n' 0 > "$dir/slow"
	{
		cat <<-EOF
			daemon off; master_process off; worker_rlimit_nofile 8192;
			pid $dir/pid; error_log $dir/log;
			events { worker_connections 4096; }
			http {
				access_log off;
				client_body_temp_path $dir/1; proxy_temp_path $dir/2; fastcgi_temp_path $dir/3;
				uwsgi_temp_path $dir/4; scgi_temp_path $dir/5;
				server {
					root $dir;
					add_header X-Backend ${ns%-*};
					location = / { return 200 "\$remote_addr \$remote_port ${ns%-*}\n"; }
					location = /slow { limit_rate 15000; }
					location = /fast { alias $dir/slow; }
		EOF
		for p in "${@:2}"; do
			echo "listen $p backlog=4096; listen [::]:$p backlog=4096;"
		done
		echo "} }"
	} > "$dir/conf"
	background at "$ns" nginx -c "$dir/conf"
	until_up at "$ns" nc -z 127.0.0.1 "$2"
}

# repeat NS tcp|udp PORT [ADDR]: a server that sends back what it gets. Over UDP its
# answers come from ADDR, an IPv4 address, where one is given.
repeat() {
	if [ "$2" = tcp ]; then
		background at "$1" socat "TCP6-LISTEN:$3,fork,reuseaddr,ipv6only=0" PIPE
		until_up at "$1" nc -z 127.0.0.1 "$3"
	elif [ -n "${4:-}" ]; then
		background at "$1" socat "UDP4-RECVFROM:$3,bind=$4,fork" PIPE
		until_up echo_udp "$1" "$4" "$3" 0.5
	else
		background at "$1" socat "UDP6-RECVFROM:$3,fork,ipv6only=0" PIPE
		until_up echo_udp "$1" 127.0.0.1 "$3" 0.5
	fi
}

# iperf_server NS: iperf3's, once it listens. It is not found out by a connection: it has one client
# at a time, and while the one goes the next is turned away.
iperf_server() {
	background at "$1" iperf3 -s
	until_up listens "$1" 5201
}
listens() {
	at "$1" ss -Hltn "sport = :$2" | grep -q .
}

# dial NAME NS ADDR PORT: a TCP connection to a repeating server, to be kept
declare -A line_in line_out
dial() {
	local fifo=$scratch/$1 fd
	mkfifo "$fifo.in" "$fifo.out"
	exec {fd}<> "$fifo.in"
	line_in[$1]=$fd
	exec {fd}<> "$fifo.out"
	line_out[$1]=$fd
	at "$2" nc "$3" "$4" < "$fifo.in" > "$fifo.out" 2> /dev/null &
	later kill "$!"
	say "$1"
}

# say NAME [SECONDS]: what is sent over the connection comes back in that time
say() {
	local token=$RANDOM$RANDOM reply
	echo "$token" >&"${line_in[$1]}"
	while read -r -t "${2:-5}" -u "${line_out[$1]}" reply; do
		[ "$reply" != "$token" ] || return 0
	done
	return 1
}

# dropped HOST REASON: how many packets its switch dropped for that
dropped() {
	local json
	spawn -v json bflyctl -n "$1" -j stats
	json=${json//[[:space:]]/}
	[[ $json =~ \"reason\":\"$2\"[^}]*\"packets\":([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

# drops TEXT HOST REASON MIN CMD...: the command makes that counter grow by MIN or more
drops() {
	local text=$1 host=$2 reason=$3 min=$4 before after
	before=$(dropped "$host" "$reason")
	quietly "${@:5}" || :
	after=$(dropped "$host" "$reason")
	if [ $((after - before)) -ge "$min" ]; then
		pass "$text"
	else
		fail "$text"
		echo "    $reason went from $before to $after, not by $min: ${*:5}"
		told
	fi
}

# counter HOST PORT NAME: a counter of a port, such as rx-packets
counter() {
	local json
	spawn -v json bflyctl -n "$1" -j port show "$2"
	json=${json//[[:space:]]/}
	[[ $json =~ \"$3\":([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

# listen NS DEVICE FILE FILTER...: capture until `heard`
listen() {
	background at "$1" tcpdump --immediate-mode -U -n -p -i "$2" -w "$3" "${@:4}"
	listener=$!
	until_up grep -q 'listening on' "$scratch/$listener"
}

# heard: end the capture, so that its file is whole
heard() {
	nap 0.3
	kill "$listener"
	wait "$listener" || :
}

# packets FILE [FILTER]: how many of a capture's packets match
packets() {
	tcpdump -n --count -r "$1" "${@:2}" 2> /dev/null | cut -d ' ' -f 1
}

# far_end NS DEVICE: make it the other end of a veth whose program sends packets back. They
# stay in the ring unless there is a program here, too, and go on without a checksum where one
# was left to the device.
far_end() {
	at "$1" ethtool -K "$2" tx off > "$scratch/ethtool"
	ip -n "$1" link set "$2" xdpdrv obj "$(dirname "$0")/../tests/xdp/other.bpf.o" sec xdp
}

# The balancer's topology: $lb with the uplink `under`, a client with 10.64/16 and
# fd64::/64, and the backends b1, b2, b3 (192.0.2.3, .4, .5), all on one LAN. The
# virtual addresses $vip4 and $vip6 are on the backends' loopback; their answers go
# straight to the client. BFLY_XDP=MODE gives the uplink a program.
# shellcheck disable=SC2034	# the tests use them
vip4=203.0.113.1 vip6=2001:db8:f::1
cluster() {
	local b lan
	host lb
	ns client b1 b2 b3
	wire "$lb" "$client" "$b1" "$b2" "$b3"
	lan=lan$wires
	at "$client" sysctl -qw net.ipv6.ip_nonlocal_bind=1
	ip -n "$client" -b - <<-EOF
		route add local 10.64.0.0/16 dev lo
		route add 203.0.113.0/24 via 192.0.2.1
		route add local fd64::/64 dev lo
		route add 2001:db8:f::/64 via 2001:db8::1
	EOF
	for b in "$b1" "$b2" "$b3" "$lb"; do
		ip -n "$b" -b - <<-EOF
			route add 10.64.0.0/16 via 192.0.2.2
			route add fd64::/64 via 2001:db8::2
		EOF
	done
	for b in "$b1" "$b2" "$b3"; do
		at "$b" sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
		ip -n "$b" -b - <<-EOF
			addr add $vip4/32 dev lo
			addr add $vip6/128 dev lo nodad
		EOF
		serve "$b" 80
	done
	if [ -n "${BFLY_XDP:-}" ]; then
		far_end "${!lan}" port1
		# with the namespace alone libxdp's pins would stay, and hold the module
		later ctl "$lb" uplink del under if-exists
	fi
	configure "$lb" <<< "uplink add under xdp ${BFLY_XDP:-off}"
}

# ip_tunnels: the cluster's servers take IP in IP, all pairs of families
ip_tunnels() {
	local b n
	for n in 3 4 5; do
		b=b$((n - 2))
		ip -n "${!b}" -b - <<-EOF
			link add name v4in4 type ipip local 192.0.2.$n remote any
			link add name v6in4 type sit local 192.0.2.$n remote any
			link add name in6 type ip6tnl mode any local 2001:db8::$n remote ::
			link set v4in4 up
			link set v6in4 up
			link set in6 up
		EOF
	done
}

# transfers COUNT ADDR PATH OPTION...: a configuration for curl: that many transfers,
# each from a client address of its own
transfers() {
	local i
	for ((i = 1; i <= $1; i++)); do
		[ "$i" = 1 ] || echo next
		case $2 in
		*:*)	printf 'url = "http://[%s]%s"\ninterface = fd64::%x\n' "$2" "$3" "$i" ;;
		*)	printf 'url = "http://%s%s"\ninterface = 10.64.%d.%d\n' "$2" "$3" $((i / 250)) $((i % 250 + 1)) ;;
		esac
		printf '%s\n' "${@:4}"
	done
}

# ask COUNT ADDR: requests by the client; what was answered, a line each
ask() {
	transfers "$1" "$2" / "max-time = 15" |
		at "$client" curl -Z --parallel-immediate --parallel-max 20 -K - 2> /dev/null || :
}

# answers NAME < LINES: how many came from that backend
answers() {
	grep -c " $1\$" || :
}

# sum < NUMBERS
sum() {
	awk '{ n += $1 } END { print n + 0 }'
}

# backends POOL FIELD [ADDR]: a counter of each backend, or of one, a line each
backends() {
	ctl "$lb" -j backend show "$1" | jq -r --arg field "$2" --arg addr "${3:-}" \
		'.[] | select($addr == "" or .addr == $addr) | .[$field]'
}
