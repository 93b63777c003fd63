-- SPDX-License-Identifier: GPL-2.0
-- gue.lua - the one method of the balancer that tshark does not know
local gue = Proto("gue", "Generic UDP Encapsulation")
gue.fields.head = ProtoField.uint32("gue.head", "Header", base.HEX)
local inside = DissectorTable.get("ip.proto")
function gue.dissector(buf, pinfo, tree)
	tree:add(gue, buf(0, 4)):add(gue.fields.head, buf(0, 4))
	inside:try(buf(1, 1):uint(), buf(4):tvb(), pinfo, tree)
end
DissectorTable.get("udp.port"):add(6080, gue)
