// SPDX-License-Identifier: GPL-2.0
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "bflyctl.h"

static const struct word words[] = {
	WORD(bfly_port, PORT_NET, "net", U32, net),
	WORD_LIST(bfly_port, PORT_MAC, "mac", MACS, mac),
	WORD_CLEAR(bfly_port, PORT, ADDR, "addr", PREFIXES, addr),
	WORD_CLEAR(bfly_port, PORT, GROUP, "group", NAMES, group),
	WORD(bfly_port, PORT_ANTISPOOF, "antispoof", ONOFF, antispoof),
	WORD(bfly_port, PORT_BYPASS, "bypass", ONOFF, bypass),
	WORD(bfly_port, PORT_STATELESS, "stateless", ONOFF, stateless),
	WORD(bfly_port, PORT_DHCP_SERVER, "dhcp-server", ONOFF, dhcp_server),
	WORD(bfly_port, PORT_FLOOD_LIMIT, "flood-limit", U32, flood_limit),
	WORD(bfly_port, PORT_FLOW_MAX, "flow-max", U32, flow_max),
	WORD(bfly_port, PORT_LABEL, "label", NAME, label),
	WORD_END
};

static const struct word if_word =
	WORD(bfly_port, PORT_IFINDEX, "IF", IFINDEX, ifindex);

static const struct word filter_words[] = {
	WORD(bfly_port, PORT_NET, "net", U32, net),
	WORD_END
};

static int take_if(struct args *a, struct bfly_port *port)
{
	if (!a->argc)
		return usage(a, "the port's IF is missing");
	TAKE_DEV(a, PORT, port);
	return take_value(a, &if_word, port, next(a));
}

static int take_port(struct args *a, struct bfly_port *port)
{
	int err = take_if(a, port);

	return err ? err : take_words(a, words, port);
}

static int port_new(struct args *a)
{
	struct bfly_port port = { 0 };
	int err = take_port(a, &port);

	return err ? err : finish(a, bfly_port_new(kernel(), &port, a->flags));
}

static int port_set(struct args *a)
{
	struct bfly_port port = { 0 };
	int err = take_port(a, &port);

	return err ? err : finish(a, bfly_port_set(kernel(), &port));
}

static int port_del(struct args *a)
{
	struct bfly_port port = { 0 };
	int err = take_if(a, &port);

	if (!err)
		err = take_end(a);
	return err ? err : finish(a, bfly_port_del(kernel(), &port));
}

static void print_macs(const struct bfly_port *port)
{
	char buf[BFLY_MAC_STRLEN];
	size_t i;

	if (!port->n_mac)
		return;
	out_list("mac");
	for (i = 0; i < port->n_mac; i++)
		out_item(bfly_mac_format(&port->mac[i], buf));
	out_list_end();
}

static void print_addrs(const struct bfly_port *port)
{
	char buf[BFLY_PREFIX_STRLEN];
	size_t i;

	if (!port->n_addr)
		return;
	out_list("addr");
	for (i = 0; i < port->n_addr; i++)
		out_item(bfly_prefix_format(&port->addr[i], buf));
	out_list_end();
}

static void print_groups(const struct bfly_port *port)
{
	size_t i;

	if (!port->n_group)
		return;
	out_list_each("group");
	for (i = 0; i < port->n_group; i++)
		out_item(port->group[i]);
	out_list_end();
}

static void print_flags(const struct bfly_port *port)
{
	bool all = out_wants(opt.details) || out_canonical();

	/* In text only what is not as always. */
	if (HAS(port, PORT_ANTISPOOF) && (all || !port->antispoof))
		out_onoff("antispoof", port->antispoof);
	if (HAS(port, PORT_BYPASS) && (all || port->bypass))
		out_onoff("bypass", port->bypass);
	if (HAS(port, PORT_STATELESS) && (all || port->stateless))
		out_onoff("stateless", port->stateless);
	if (HAS(port, PORT_DHCP_SERVER) && (all || port->dhcp_server))
		out_onoff("dhcp-server", port->dhcp_server);
	if (HAS(port, PORT_FLOOD_LIMIT) && (all || port->flood_limit))
		out_num("flood-limit", port->flood_limit);
	if (HAS(port, PORT_FLOW_MAX) && (all || port->flow_max))
		out_num("flow-max", port->flow_max);
	if (HAS(port, PORT_LABEL) && port->label[0])
		out_str("label", port->label);
}

static void print_counters(const struct bfly_port *port)
{
	out_more();
	out_num("rx-packets", port->rx_packets);
	out_num("rx-bytes", port->rx_bytes);
	out_num("rx-dropped", port->rx_dropped);
	out_more();
	out_num("tx-packets", port->tx_packets);
	out_num("tx-bytes", port->tx_bytes);
	out_num("tx-dropped", port->tx_dropped);
}

int print_port(const struct bfly_port *port, void *arg)
{
	(void)arg;
	out_object();
	out_key("ifname", port->ifname ? port->ifname : "");
	if (out_is_json())
		out_num("ifindex", port->ifindex);
	if (HAS(port, PORT_NET))
		out_num("net", port->net);
	else
		out_text("closed", NULL);
	print_macs(port);
	print_addrs(port);
	print_groups(port);
	print_flags(port);
	out_dev(port->dev);
	if (out_wants(opt.stats || opt.details) && HAS(port, PORT_FLOWS)) {
		out_more();
		out_num("flows", port->flows);
	}
	if (out_wants(opt.stats) && HAS(port, PORT_RX_PACKETS))
		print_counters(port);
	out_object_end();
	return 0;
}

static int is_there(const struct bfly_switch *sw, void *arg)
{
	(void)sw;
	(void)arg;
	return 0;
}

/* A switch's own port has the switch's MAC, unless there is another. */
static void default_mac(struct bfly_port *port, const char *name,
			struct bfly_mac *mac)
{
	struct bfly_switch sw = {
		.set = BFLY_F(SWITCH_DEV), .dev = port->ifindex,
	};
	struct ifreq ifr = { 0 };
	int fd;

	if (bfly_switch_get(kernel(), &sw, is_there, NULL))
		return;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	if (fd >= 0 && !ioctl(fd, SIOCGIFHWADDR, &ifr)) {
		memcpy(mac->bytes, ifr.ifr_hwaddr.sa_data, sizeof(mac->bytes));
		port->set |= BFLY_F(PORT_MAC);
		port->mac = mac;
		port->n_mac = 1;
	}
	if (fd >= 0)
		close(fd);
}

static int port_canonical(struct args *a)
{
	struct bfly_port port = { .antispoof = 1 };
	char name[IF_NAMESIZE];
	struct bfly_mac mac;
	int err = take_port(a, &port);

	if (!err && !HAS(&port, PORT_NET))
		err = usage(a, "net ID is missing");
	if (err)
		return err;
	port.set |= BFLY_F(PORT_ANTISPOOF) | BFLY_F(PORT_BYPASS) |
		    BFLY_F(PORT_STATELESS) | BFLY_F(PORT_DHCP_SERVER) |
		    BFLY_F(PORT_FLOOD_LIMIT) |
		    BFLY_F(PORT_FLOW_MAX);
	port.ifname = if_indextoname(port.ifindex, name);
	if (!HAS(&port, PORT_MAC) && port.ifname)
		default_mac(&port, name, &mac);
	return print_port(&port, NULL);
}

static int port_show(struct args *a)
{
	struct bfly_port port = { 0 };
	bool one = a->argc == 1;
	int err;

	if (one) {
		err = take_if(a, &port);
	} else {
		TAKE_DEV(a, PORT, &port);
		err = take_words(a, filter_words, &port);
	}
	if (err)
		return err;

	out_begin(a);
	err = one ? bfly_port_get(kernel(), &port, print_port, NULL) :
		    bfly_port_dump(kernel(), &port, print_port, NULL);
	if (!err)
		out_end();
	return finish(a, err);
}

#define FLAGS "[antispoof on|off] [bypass on|off] [stateless on|off] [dhcp-server on|off] [flood-limit N] [flow-max N] [label TEXT]"
#define WORDS "IF net ID [mac MAC...] [addr IP[/LEN]]... [group NAME]... " FLAGS

static const struct verb verbs[] = {
	{ "add", port_new, WORDS, BFLY_ADD },
	{ "replace", port_new, WORDS, BFLY_REPLACE },
	{ "set", port_set,
	  "IF [net ID] [mac MAC...] [addr IP[/LEN]...|none] [group NAME...|none] " FLAGS },
	{ "del", port_del, "IF [if-exists]" },
	{ "show", port_show, "[IF | net ID]" },
	{ NULL }
};

const struct object port_object = {
	.name = "port", .verbs = verbs, .canonical = port_canonical,
	.what = "the interface of a VM or container",
	.notes = "IF may be the switch: the host's own port.\n"
		 "mac          MACs that the port may use; the switch's own unless set\n"
		 "addr         addresses and prefixes that the port may use\n"
		 "group        security groups; without one nothing reaches the port\n"
		 "antispoof    whether source addresses are checked, on unless set\n"
		 "bypass       switches groups and source checks off\n"
		 "stateless    rules judge each packet by itself, in both directions\n"
		 "dhcp-server  whether the port may answer DHCP\n"
		 "flood-limit  packets a second that it may have flooded, 0 for no limit\n"
		 "flow-max     flows that may belong to it, 0 for an eighth of the switch's\n"
		 "`set` replaces whole lists; `none` empties one.\n",
};
