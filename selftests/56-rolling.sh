#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 56-rolling.sh - ten backends go and come back in turn under 1,000 connections, and none breaks that should live
# limit: 600
# shellcheck disable=SC2154	# ns sets variables by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/topology.sh"
need ip bflyctl jq python3

farm=(w1 w2 w3 w4 w5 w6 w7 w8 w9 w10)
host lb
ns client "${farm[@]}"
wire "$lb" "$client" "$w1" "$w2" "$w3" "$w4" "$w5" "$w6" "$w7" "$w8" "$w9" "$w10"
ip -n "$client" -b - <<-EOF
	route add local 10.64.0.0/16 dev lo
	route add 203.0.113.0/24 via 192.0.2.1
EOF
for w in "${farm[@]}"; do
	at "${!w}" sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
	ip -n "${!w}" -b - <<-EOF
		addr add $vip4/32 dev lo
		route add 10.64.0.0/16 via 192.0.2.2
	EOF
done

# One process serves in all namespaces: a line in, the number of the namespace out.
cat > "$scratch/server.py" <<'END'
import ctypes, os, resource, selectors, socket, sys

resource.setrlimit(resource.RLIMIT_NOFILE, (8192, 8192))
libc = ctypes.CDLL(None, use_errno=True)
events = selectors.DefaultSelector()
for i, name in enumerate(sys.argv[1:], 1):
    with open("/run/netns/" + name) as f:
        if libc.setns(f.fileno(), 0):
            sys.exit(os.strerror(ctypes.get_errno()))
    s = socket.create_server(("", 7000), backlog=1000)
    events.register(s, selectors.EVENT_READ, (True, i))
print("ready", flush=True)
while True:
    for key, _ in events.select():
        listens, i = key.data
        if listens:
            s = key.fileobj.accept()[0]
            events.register(s, selectors.EVENT_READ, (False, i))
            continue
        try:
            data = key.fileobj.recv(1000)
            key.fileobj.sendall(b"%d\n" % i * data.count(b"\n"))
        except OSError:
            data = b""
        if not data:
            events.unregister(key.fileobj)
            key.fileobj.close()
END
# The client: a line in, a line out.
cat > "$scratch/client.py" <<'END'
import resource, socket, sys

resource.setrlimit(resource.RLIMIT_NOFILE, (8192, 8192))
vip = sys.argv[1]
held = []  # [connection, who answered first]
opened = 0

def connect():
    global opened
    opened += 1
    s = socket.socket()
    s.settimeout(20)
    s.bind(("10.64.%d.%d" % (opened // 250 % 250, opened % 250 + 1), 0))
    s.connect((vip, 7000))
    return s

# all at once; who answered, or None
def talk(some):
    answers = []
    for s, _ in some:
        try:
            s.sendall(b"x\n")
        except OSError:
            pass
    for s, _ in some:
        try:
            answers.append(int(s.recv(100)))
        except (OSError, ValueError):
            answers.append(None)
    return answers

# as many as there should be; who got new ones, 0 for none
def fill(n):
    new = [[connect(), None] for _ in range(n - len(held))]
    for one, who in zip(new, talk(new)):
        one[1] = who
    held.extend(new)
    return "%d at %s" % (len(held), ",".join(str(w) for w in sorted({w or 0 for _, w in new})))

# how many answer, and do so as ever
def check(_):
    answers = talk(held)
    return "%d alive, %d moved" % (sum(a is not None for a in answers),
                                   sum(a is not None and a != who for a, (_, who) in zip(answers, held)))

# clients of a server end, but for two
def leave(i):
    some = [one for one in held if one[1] == i]
    for one in some[2:]:
        one[0].close()
        held.remove(one)
    return "%d stay" % len(some[:2])

# those are cut
def cut(i):
    some = [one for one in held if one[1] == i]
    answers = talk(some)
    for one in some:
        one[0].close()
        held.remove(one)
    return "%d of %d cut" % (answers.count(None), len(some))

for line in sys.stdin:
    what, n = line.split()
    try:
        print({"fill": fill, "check": check, "leave": leave, "cut": cut}[what](int(n)), flush=True)
    except OSError as e:
        print(e, flush=True)
END
names=()
for w in "${farm[@]}"; do
	names+=("${!w}")
done
background python3 "$scratch/server.py" "${names[@]}"
busywait 30 grep -q ready "$scratch/$!"
mkfifo "$scratch/questions" "$scratch/answers-of-client"
exec 3<> "$scratch/questions" 4<> "$scratch/answers-of-client"
at "$client" python3 "$scratch/client.py" $vip4 < "$scratch/questions" > "$scratch/answers-of-client" 2> "$scratch/err" 3>&- 4>&- &
later kill $!
act() {
	local reply
	echo "$*" >&3
	read -r -t 120 -u 4 reply && echo "$reply"
}

configure "$lb" <<-EOF
	uplink add under
	pool add farm method l2
	$(for n in 3 4 5 6 7 8 9 10 11 12; do
		echo "backend add farm 192.0.2.$n"
	done)
	service add $vip4:7000/tcp pool farm
EOF

same "1,000 connections, at all backends" "1000 at 1,2,3,4,5,6,7,8,9,10" "$(act fill 1000)"
same "they go on" "1000 alive, 0 moved" "$(act check 0)"
same "each has an entry" 1000 "$(backends farm flows | sum)"
for i in 1 2 3 4 5 6 7 8 9 10; do
	addr=192.0.2.$((i + 2))
	before=$(backends farm new-flows $addr)
	ctl "$lb" backend set farm $addr state drain
	same "backend $i drains, its clients end but for two" "2 stay" "$(act leave $i)"
	act fill 1000 > "$scratch/filled"
	check_not "others come, none to it: $(cat "$scratch/filled")" grep -qE "[ ,]$i(,|\$)" "$scratch/filled"
	same "it gets no new flow" "$before" "$(backends farm new-flows $addr)"
	ctl "$lb" backend set farm $addr state down
	same "it goes down, and those two with it" "2 of 2 cut" "$(act cut $i)"
	ctl "$lb" backend set farm $addr state up
	[ $i != 5 ] || same "half way all go on" "998 alive, 0 moved" "$(act check 0)"
done
act fill 1000 > "$scratch/filled"
check "backend 10 is back, and all are: $(cat "$scratch/filled")" grep -q '^1000 at' "$scratch/filled"
same "no other connection has broken or moved" "1000 alive, 0 moved" "$(act check 0)"
same "nothing was dropped for want of a backend" 0 "$(dropped "$lb" no-backend)"
