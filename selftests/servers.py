# SPDX-License-Identifier: GPL-2.0
# servers.py - servers in the namespaces of all backends, in one process: TCP 7000 tells the
# length and the checksum of what it was sent, UDP 443 and 7001 who they are, and the same.
#
# usage: servers.py ADDR[,ADDR...] NS...
import ctypes, os, select, socket, sys, threading, zlib

libc = ctypes.CDLL(None, use_errno=True)

def enter(ns):
    fd = os.open("/run/netns/" + ns, os.O_RDONLY)
    if libc.setns(fd, 0x40000000):
        raise OSError(ctypes.get_errno(), ns)
    os.close(fd)

def family(addr):
    return socket.AF_INET6 if ":" in addr else socket.AF_INET

def told(n, crc):
    return b"%d %d" % (n, crc)

def answer(c):
    n = crc = 0
    while data := c.recv(1 << 20):
        n += len(data)
        crc = zlib.crc32(data, crc)
    c.sendall(told(n, crc))
    c.close()

def accept(s):
    while True:
        threading.Thread(target=answer, args=(s.accept()[0],), daemon=True).start()

def reply(names):
    while True:
        for s in select.select(list(names), [], [])[0]:
            data, peer = s.recvfrom(65536)
            s.sendto(names[s] + b" " + told(len(data), zlib.crc32(data)), peer)

# Their threads, which end with the process. The caller is in another namespace then.
def start(addrs, namespaces):
    names = {}
    for ns in namespaces:
        enter(ns)
        s = socket.create_server(("::", 7000), family=socket.AF_INET6, dualstack_ipv6=True, backlog=100)
        # whatever becomes of a packet, a server that is late does not drop it
        s.setsockopt(socket.SOL_SOCKET, 33, 4 << 20)  # SO_RCVBUFFORCE
        threading.Thread(target=accept, args=(s,), daemon=True).start()
        for addr in addrs:
            for port in 443, 7001:
                s = socket.socket(family(addr), socket.SOCK_DGRAM)
                s.bind((addr, port))
                names[s] = ns.split("-")[0].encode()
    threading.Thread(target=reply, args=(names,), daemon=True).start()

if __name__ == "__main__":
    start(sys.argv[1].split(","), sys.argv[2:])
    print("ready", flush=True)
    threading.Event().wait()
