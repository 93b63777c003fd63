# SPDX-License-Identifier: GPL-2.0
# conversation.py - a client, and the servers. A line in: WHAT VIP N. A line out: what the
# client saw.
#
# usage: conversation.py VIP4 VIP6 CLIENT-NS SERVER-NS...
import os, select, socket, struct, sys, zlib

from servers import enter, family, start, told

vips, client, backends = sys.argv[1:3], sys.argv[3], sys.argv[4:]

def by(n, names):
    return "%d by %s" % (n, "several" if len(set(names)) > 1 else names[0] if names else "nobody")

def source(vip, n):
    return "fd64::%x" % n if ":" in vip else "10.64.0.%d" % n

def connect(vip, port, n):
    s = socket.socket(family(vip))
    s.settimeout(15)
    s.bind((source(vip, n), 0))
    s.connect((vip, port))
    return s

def rest(s):
    got = b""
    while data := s.recv(65536):
        got += data
    return got.decode()

# so many clients of the web servers; how many were answered, and by whom
def web(vip, n):
    names = []
    for i in range(1, n + 1):
        s = connect(vip, 80, i)
        s.sendall(b"GET / HTTP/1.0\r\n\r\n")
        names.append(rest(s).split()[-1])
        s.close()
    return by(len(names), names)

def upload(vip, n):
    # a prime length, so that no two segments are alike: random bytes are dear
    data = (os.urandom(8191) * (n // 8191 + 1))[:n]
    s = connect(vip, 7000, 1)
    s.sendall(data)
    s.shutdown(socket.SHUT_WR)
    return "whole" if rest(s) == told(n, zlib.crc32(data)).decode() else "broken"

# Each question from an address of its own, all at once: what came back to each.
def ask(vip, port, questions):
    waiting, replies = {}, [b""] * len(questions)
    for i, (address, data) in enumerate(questions):
        s = socket.socket(family(vip), socket.SOCK_DGRAM)
        s.bind((source(vip, address), 0))
        s.connect((vip, port))
        s.send(data)
        waiting[s] = i
    while waiting and (ready := select.select(list(waiting), [], [], 5)[0]):
        for s in ready:
            replies[waiting.pop(s)] = s.recv(4096)
            s.close()
    return replies

# so many questions to the name servers, each of which has an address of its own to tell
def dns(vip, n):
    end = b"\3who\7example\0" + struct.pack(">HH", 1, 1)
    replies = ask(vip, 53, [(i, struct.pack(">6H", i, 0x100, 1, 0, 0, 0) + end) for i in range(1, n + 1)])
    names = [socket.inet_ntoa(r[-4:]) for i, r in enumerate(replies, 1)
             if r[:2] == struct.pack(">H", i) and r[2] & 0x80 and r[3] & 15 == 0 and r[6:8] == b"\0\1"]
    return by(len(names), names)

# So many connections, all of which change their address and port three times, the id made
# longer by the server: how many were answered by one and the same server.
def quic(vip, n):
    ids = [os.urandom(8) for i in range(n)]
    names = [set() for i in range(n)]
    for turn in range(4):
        datagrams = []
        for i, cid in enumerate(ids):
            head = b"\x43" + cid + os.urandom(2) if turn else b"\xc3\0\0\0\1\x08" + cid
            datagrams.append((1 + i + turn * n, head + os.urandom(200 + 100 * turn + i)))
        for i, reply in enumerate(ask(vip, 443, datagrams)):
            name, _, said = reply.decode().partition(" ")
            data = datagrams[i][1]
            names[i].add(name if said == told(len(data), zlib.crc32(data)).decode() else "nobody")
    same = [list(s)[0] for s in names if len(s) == 1 and "nobody" not in s]
    return by(len(same), same)

start(vips, backends)
enter(client)
print("ready", flush=True)
for line in sys.stdin:
    what, vip, n = line.split()
    try:
        print(globals()[what](vip, int(n)), flush=True)
    except (OSError, ValueError, IndexError) as e:
        print(repr(e), flush=True)
os._exit(0)
