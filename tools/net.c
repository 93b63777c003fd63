// SPDX-License-Identifier: GPL-2.0
#include <net/if.h>
#include "bflyctl.h"

static const char *const types[] = {
	[BFLY_NET_TYPE_VXLAN] = "vxlan", [BFLY_NET_TYPE_VLAN] = "vlan",
	[BFLY_NET_TYPE_FLAT] = "flat", NULL
};
static const char *const unknowns[] = {
	[BFLY_UNKNOWN_FLOOD] = "flood", [BFLY_UNKNOWN_DROP] = "drop", NULL
};

static const char *const csums[] = {
	[BFLY_CSUM_AUTO] = "auto", [BFLY_CSUM_ON] = "on",
	[BFLY_CSUM_OFF] = "off", NULL
};

/* As the inner packet's. */
enum { TTL_INHERIT = 0, TOS_INHERIT = 1 };

/* What a live net takes. */
#define SETTINGS							\
	WORD(bfly_net, NET_LEARNING, "learning", ONOFF, learning),	\
	WORD(bfly_net, NET_AGEING, "ageing", U32, ageing),		\
	WORD(bfly_net, NET_STRICT, "strict", ONOFF, strict),		\
	WORD(bfly_net, NET_NEIGH_SUPPRESS, "neigh-suppress", ONOFF, neigh_suppress), \
	WORD_OF(bfly_net, NET_UNKNOWN, "unknown", unknowns, unknown),	\
	{ .name = "ttl", .kind = WORD_INHERIT, .attr = BFLY_A_NET_TTL,	\
	  .off = offsetof(struct bfly_net, ttl), .inherit = TTL_INHERIT, \
	  CLEARED(bfly_net, NET, TTL, "auto") },			\
	WORD_INHERIT(bfly_net, NET_TOS, "tos", TOS_INHERIT, tos),	\
	WORD_OF(bfly_net, NET_CSUM, "csum", csums, csum),		\
	WORD(bfly_net, NET_MTU, "mtu", U32, mtu),			\
	{ .name = "mcast", .kind = WORD_ADDR, .attr = BFLY_A_NET_MCAST,	\
	  .off = offsetof(struct bfly_net, mcast),			\
	  CLEARED(bfly_net, NET, MCAST, "none") },			\
	WORD(bfly_net, NET_VIA, "via", IFINDEX, via)

static const struct word new_words[] = {
	WORD_OF(bfly_net, NET_TYPE, "type", types, type),
	WORD(bfly_net, NET_VNI, "vni", U32, vni),
	WORD(bfly_net, NET_UPLINK, "uplink", IFINDEX, uplink),
	WORD(bfly_net, NET_VID, "vid", U16, vid),
	SETTINGS,
	WORD_END
};

static const struct word set_words[] = { SETTINGS, WORD_END };

static const struct word id_word = WORD(bfly_net, NET_ID, "id", U32, id);

static int take_id(struct args *a, struct bfly_net *net)
{
	if (!a->argc)
		return usage(a, "the net's ID is missing");
	TAKE_DEV(a, NET, net);
	return take_value(a, &id_word, net, next(a));
}

static int take_net(struct args *a, struct bfly_net *net)
{
	int err = take_id(a, net);

	net->set |= BFLY_F(NET_TYPE);
	net->type = BFLY_NET_TYPE_VXLAN;
	return err ? err : take_words(a, new_words, net);
}

static int net_new(struct args *a)
{
	struct bfly_net net = { 0 };
	int err = take_net(a, &net);

	return err ? err : finish(a, bfly_net_new(kernel(), &net, a->flags));
}

static int net_set(struct args *a)
{
	struct bfly_net net = { 0 };
	int err = take_id(a, &net);

	if (!err)
		err = take_words(a, set_words, &net);
	return err ? err : finish(a, bfly_net_set(kernel(), &net));
}

static int net_del(struct args *a)
{
	struct bfly_net net = { 0 };
	int err = take_id(a, &net);

	if (!err)
		err = take_end(a);
	return err ? err : finish(a, bfly_net_del(kernel(), &net));
}

static void print_uplink_of(const struct bfly_net *net)
{
	if (HAS(net, NET_UPLINK) && out_is_json())
		out_num("uplink", net->uplink);
	if (HAS(net, NET_IFNAME))
		out_str(out_is_json() ? "ifname" : "uplink", net->ifname);
	if (HAS(net, NET_VID))
		out_num("vid", net->vid);
}

static void print_mcast(const struct bfly_net *net)
{
	if (!HAS(net, NET_MCAST))
		return;
	out_addr("mcast", &net->mcast);
	if (out_is_json())
		out_num("via", net->via);
	if (HAS(net, NET_VIA_IFNAME))
		out_str(out_is_json() ? "via-ifname" : "via", net->via_ifname);
}

static void print_counters(const struct bfly_net *net)
{
	out_more();
	out_num("rx-packets", net->rx_packets);
	out_num("rx-bytes", net->rx_bytes);
	out_num("rx-dropped", net->rx_dropped);
	out_more();
	out_num("tx-packets", net->tx_packets);
	out_num("tx-bytes", net->tx_bytes);
	out_num("tx-dropped", net->tx_dropped);
}

static void out_inherit(const char *key, uint8_t value, uint8_t inherit)
{
	if (value == inherit)
		out_str(key, "inherit");
	else
		out_num(key, value);
}

int print_net(const struct bfly_net *net, void *arg)
{
	(void)arg;
	out_object();
	out_key_num("id", net->id);
	if (HAS(net, NET_TYPE))
		out_enum("type", types, net->type);
	if (HAS(net, NET_VNI))
		out_num("vni", net->vni);
	print_uplink_of(net);
	if (HAS(net, NET_LEARNING))
		out_onoff("learning", net->learning);
	if (HAS(net, NET_AGEING))
		out_num("ageing", net->ageing);
	if (HAS(net, NET_NEIGH_SUPPRESS))
		out_onoff("neigh-suppress", net->neigh_suppress);
	if (HAS(net, NET_UNKNOWN))
		out_enum("unknown", unknowns, net->unknown);
	if (HAS(net, NET_STRICT))
		out_onoff("strict", net->strict);
	if (HAS(net, NET_TTL))
		out_inherit("ttl", net->ttl, TTL_INHERIT);
	else if (HAS(net, NET_TOS))
		out_str("ttl", "auto");
	if (HAS(net, NET_TOS))
		out_inherit("tos", net->tos, TOS_INHERIT);
	if (HAS(net, NET_CSUM))
		out_enum("csum", csums, net->csum);
	if (HAS(net, NET_MTU))
		out_num("mtu", net->mtu);
	print_mcast(net);
	out_dev(net->dev);
	if (out_wants(opt.details) && HAS(net, NET_PORTS)) {
		out_more();
		out_num("ports", net->ports);
		out_num("learned", net->learned);
	}
	if (out_wants(opt.stats) && HAS(net, NET_RX_PACKETS))
		print_counters(net);
	out_object_end();
	return 0;
}

static int net_canonical(struct args *a)
{
	struct bfly_net net = {
		.learning = 1, .ageing = 300, .neigh_suppress = 1,
		.tos = TOS_INHERIT,
	};
	char name[IF_NAMESIZE], via[IF_NAMESIZE];
	int err = take_net(a, &net);

	if (err)
		return err;
	if (net.type == BFLY_NET_TYPE_VXLAN && !HAS(&net, NET_VNI)) {
		net.vni = net.id;
		net.set |= BFLY_F(NET_VNI);
	}
	if (net.type == BFLY_NET_TYPE_VXLAN)
		net.set |= BFLY_F(NET_STRICT) | BFLY_F(NET_TOS) |
			   BFLY_F(NET_CSUM) | BFLY_F(NET_MTU);
	if (HAS(&net, NET_UPLINK)) {
		net.ifname = if_indextoname(net.uplink, name);
		net.set |= BFLY_F(NET_IFNAME);
	}
	if (HAS(&net, NET_VIA)) {
		net.via_ifname = if_indextoname(net.via, via);
		net.set |= BFLY_F(NET_VIA_IFNAME);
	}
	net.set |= BFLY_F(NET_LEARNING) | BFLY_F(NET_AGEING) |
		   BFLY_F(NET_NEIGH_SUPPRESS) | BFLY_F(NET_UNKNOWN);
	return print_net(&net, NULL);
}

static int net_show(struct args *a)
{
	struct bfly_net net = { 0 };
	bool one = a->argc;
	int err = one ? take_id(a, &net) : 0;

	if (!err)
		err = take_end(a);
	if (err)
		return err;

	TAKE_DEV(a, NET, &net);
	out_begin(a);
	err = one ? bfly_net_get(kernel(), &net, print_net, NULL) :
		    bfly_net_dump(kernel(), &net, print_net, NULL);
	if (!err)
		out_end();
	return finish(a, err);
}

#define SET_WORDS "[learning on|off] [ageing SEC] [neigh-suppress on|off] [unknown flood|drop] " \
		  "[strict on|off] [ttl N|inherit|auto] [tos N|inherit] [csum auto|on|off] [mtu N] " \
		  "[mcast ADDR via IF|none]"
#define WORDS "[type vxlan|vlan|flat] [vni N] [uplink IF] [vid N] " SET_WORDS

static const struct verb verbs[] = {
	{ "add", net_new, "ID " WORDS, BFLY_ADD },
	{ "replace", net_new, "ID " WORDS, BFLY_REPLACE },
	{ "set", net_set, "ID " SET_WORDS },
	{ "del", net_del, "ID [if-exists]" },
	{ "show", net_show, "[ID]" },
	{ NULL }
};

const struct object net_object = {
	.name = "net", .verbs = verbs, .canonical = net_canonical,
	.what = "a tenant's network",
	.notes = "ID        1 to 16777215\n"
		 "type      what carries it, vxlan unless set\n"
		 "vni       vxlan: network identifier, the ID unless set\n"
		 "uplink    vlan and flat: the uplink\n"
		 "vid       vlan: VLAN id, 1 to 4094\n"
		 "learning  whether MACs are learned from tunnels or the uplink\n"
		 "ageing    seconds until a silent MAC is forgotten, 0 never\n"
		 "neigh-suppress  whether the switch answers ARP and neighbour discovery\n"
		 "          for the addresses of ports and remotes, on unless set\n"
		 "unknown   what becomes of unicast to an unknown MAC, flood unless set\n"
		 "strict    vxlan: whether only remotes are listened to\n"
		 "ttl       vxlan: outer TTL, or that of the inner packet; auto, which it is\n"
		 "          unless set, is 64 to a peer and 1 to the multicast group\n"
		 "tos       vxlan: outer DSCP as a byte, or that of the inner packet\n"
		 "csum      vxlan: outer UDP checksum; auto is over IPv6 only\n"
		 "mtu       vxlan: most that goes into a tunnel, 0 for what the way carries\n"
		 "mcast     vxlan: multicast group of the underlay, joined on the device IF, that\n"
		 "          gets a copy of what is flooded; `none` for none again\n",
};
