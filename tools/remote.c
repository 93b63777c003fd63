// SPDX-License-Identifier: GPL-2.0
#include "bflyctl.h"

static const struct word words[] = {
	WORD(bfly_remote, REMOTE_NET, "net", U32, net),
	WORD(bfly_remote, REMOTE_VIA, "via", ADDR, via),
	WORD(bfly_remote, REMOTE_MAC, "mac", MAC, mac),
	WORD_LIST(bfly_remote, REMOTE_ADDR, "addr", ADDRS, addr),
	WORD_END
};

static int take_remote(struct args *a, struct bfly_remote *remote)
{
	int err;

	TAKE_DEV(a, REMOTE, remote);
	err = take_words(a, words, remote);
	if (err)
		return err;
	if (!HAS(remote, REMOTE_NET))
		return usage(a, "net ID is missing");
	if (!HAS(remote, REMOTE_VIA))
		return usage(a, "via VTEP is missing");
	return 0;
}

static int remote_new(struct args *a)
{
	struct bfly_remote remote = { 0 };
	int err = take_remote(a, &remote);

	return err ? err : finish(a, bfly_remote_new(kernel(), &remote, a->flags));
}

/* The words of `add` will do; the addresses are not part of the key. */
static int remote_del(struct args *a)
{
	struct bfly_remote remote = { 0 };
	int err = take_remote(a, &remote);

	remote.set &= ~BFLY_F(REMOTE_ADDR);
	return err ? err : finish(a, bfly_remote_del(kernel(), &remote));
}

static void print_counters(const struct bfly_remote *remote)
{
	out_more();
	out_num("rx-packets", remote->rx_packets);
	out_num("rx-bytes", remote->rx_bytes);
	out_more();
	out_num("tx-packets", remote->tx_packets);
	out_num("tx-bytes", remote->tx_bytes);
}

int print_remote(const struct bfly_remote *remote, void *arg)
{
	char buf[BFLY_ADDR_STRLEN];
	size_t i;

	(void)arg;
	out_object();
	out_num("net", remote->net);
	out_addr("via", &remote->via);
	if (HAS(remote, REMOTE_MAC))
		out_mac("mac", &remote->mac);
	if (remote->n_addr) {
		out_list("addr");
		for (i = 0; i < remote->n_addr; i++)
			out_item(bfly_addr_format(&remote->addr[i], buf));
		out_list_end();
	}
	out_dev(remote->dev);
	if (out_wants(opt.stats) && HAS(remote, REMOTE_RX_PACKETS))
		print_counters(remote);
	out_object_end();
	return 0;
}

static int remote_canonical(struct args *a)
{
	struct bfly_remote remote = { 0 };
	int err = take_remote(a, &remote);

	return err ? err : print_remote(&remote, NULL);
}

static int remote_show(struct args *a)
{
	struct bfly_remote remote = { 0 };
	int err;

	TAKE_DEV(a, REMOTE, &remote);
	err = take_words(a, words, &remote);
	if (err)
		return err;

	out_begin(a);
	err = HAS(&remote, REMOTE_VIA) ?
	      bfly_remote_get(kernel(), &remote, print_remote, NULL) :
	      bfly_remote_dump(kernel(), &remote, print_remote, NULL);
	if (!err)
		out_end();
	return finish(a, err);
}

#define WORDS "net ID via VTEP [mac MAC] [addr IP]..."

static const struct verb verbs[] = {
	{ "add", remote_new, WORDS, BFLY_ADD },
	{ "replace", remote_new, WORDS, BFLY_REPLACE },
	{ "del", remote_del, "net ID via VTEP [mac MAC] [if-exists]" },
	{ "show", remote_show, "[net ID [via VTEP [mac MAC]]]" },
	{ NULL }
};

const struct object remote_object = {
	.name = "remote", .verbs = verbs, .canonical = remote_canonical,
	.what = "a static peer of a net",
	.notes = "VTEP  underlay address of the peer; without a mac it gets broadcast,\n"
		 "      multicast and unknown unicast\n"
		 "mac   MAC behind the peer\n"
		 "addr  IP address of the host with that MAC, for ARP and ND\n",
};
