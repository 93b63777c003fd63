# SPDX-License-Identifier: GPL-2.0
# wire.awk - judges packets on their way to backends, as tshark tells of them: lines of
# fields, whose names are in the first line. A field that is in a packet several times has
# commas between, the outermost first.
function need(ok, what) {
	if (!ok && bad == "")
		bad = what
}
# the n-th of a field
function nth(name, n,   part) {
	split(f[name], part, ",")
	return part[n]
}
# One that comes out as zero the kernel writes as its complement, as if for UDP: every
# receiver takes that, and tshark calls it bad.
function tcp_checksum_good() {
	return f["tcp.checksum.status"] == 1 ||
	       (f["tcp.checksum"] == "0xffff" && f["tcp.checksum_calculated"] == "0x0000")
}
NR == 1 {
	for (i = 1; i <= NF; i++)
		name[i] = $i
	next
}
{
	bad = ""
	for (i = 1; i <= NF; i++)
		f[name[i]] = $i
	protocols = f["frame.protocols"]
	sub(/^eth:ethertype:/, "", protocols)
	gsub(/ipv6/, "ip6", protocols)
	gsub(/ip:/, "ip4:", protocols)
	outer = substr(protocols, 3, 1)
	method = "?"
	if (match(protocols, /^ip[46]:ip[46]:/))
		method = "ipip"
	else if (match(protocols, /^ip[46]:gre:ip[46]:/))
		method = "gre"
	else if (match(protocols, /^ip[46]:udp:gue:ip[46]:/))
		method = "gue"
	else if (match(protocols, /^ip[46]:udp:ip[46]:/))
		method = "fou"
	else if (match(protocols, /^ip[46]:udp:vxlan:eth:ethertype:ip[46]:/))
		method = "vxlan"
	else if (match(protocols, /^ip[46]:/))
		method = "dscp"
	inner = substr(protocols, RLENGTH - 1, 1)
	inside = substr(protocols, RLENGTH + 1)
	udp = method == "gue" || method == "fou" || method == "vxlan"

	need(f["frame.len"] == f["frame.cap_len"] && f["frame.len"] <= 2014, "length of the frame")
	need(f["ip.checksum.status"] !~ /[^1,]/, "checksum of IPv4")
	if (inside ~ /^gre:ip4:tcp/)
		kind = "TCP in GRE"
	else if (inside ~ /^tcp/)
		kind = "TCP"
	else if (inside ~ /^udp/)
		kind = "UDP"
	else
		kind = "nothing known"
	need(kind ~ /TCP/ ? tcp_checksum_good() : nth("udp.checksum.status", 1 + udp) == 1, \
	     "checksum inside")
	if (method == "dscp") {
		need(outer == 4 ? f["ip.dsfield.dscp"] == 11 : f["ipv6.tclass.dscp"] == 12, "DSCP")
	} else {
		need(nth(outer == 4 ? "ip.ttl" : "ipv6.hlim", 1) == 64, "TTL")
		need(outer == 6 || nth("ip.flags.df", 1) ~ /^(1|True)$/, "DF")
		# one header around the other, without anything beside it
		long = outer == 4 ? nth("ip.len", 1) : nth("ipv6.plen", 1) + 40
		n = 1 + (inner == outer)
		short = inner == 4 ? nth("ip.len", n) : nth("ipv6.plen", n) + 40
		split("ipip 0 gre 4 gue 12 fou 8 vxlan 30", word, " ")
		for (i = 1; word[i] != method; i += 2)
			;
		need(long - short == (outer == 4 ? 20 : 40) + word[i + 1], "lengths")
		need(kind != "TCP in GRE" || nth("ip.len", n + 1) == short - 24, "length inside")
	}
	if (method == "gre")
		need(nth("gre.flags_and_version", 1) == "0x0000", "flags of GRE")
	if (udp) {
		need(nth("udp.srcport", 1) >= 49152, "source port")
		need(nth("udp.length", 1) == long - (outer == 4 ? 20 : 40), "length of UDP")
		# 1 is good, 3 that there is none
		need(nth("udp.checksum.status", 1) == (outer == 4 ? 3 : 1), "checksum of UDP")
	}
	if (method == "gue")
		need(f["gue.head"] == (inner == 4 ? "0x00040000" : "0x00290000"), "header of GUE")
	if (method == "fou")
		need(nth("udp.dstport", 1) == (inner == 4 ? 5555 : 5556), "port of FOU")
	if (method == "vxlan") {
		need(f["vxlan.flags"] == "0x0800" && f["vxlan.vni"] == (outer == 4 ? 77 : 78), "header of VXLAN")
		need(nth("eth.dst", 2) ~ /^02:00:00:00:00:0[345]$/, "MAC inside")
	}
	if (bad != "") {
		wrong[bad " in " protocols]++
		next
	}
	key = method " over IPv" outer ", IPv" inner ", " kind
	seen[key]++
	if (f["frame.len"] > 1500)
		full[key]++
}
END {
	for (key in seen)
		printf "%s: %d, %d full\n", key, seen[key], full[key]
	for (what in wrong)
		printf "wrong: %s: %d\n", what, wrong[what]
}
