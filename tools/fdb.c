// SPDX-License-Identifier: GPL-2.0
#include "bflyctl.h"

static const struct word words[] = {
	WORD(bfly_fdb, FDB_NET, "net", U32, net),
	WORD_END
};

static int print_fdb(const struct bfly_fdb *fdb, void *arg)
{
	(void)arg;
	out_object();
	out_num("net", fdb->net);
	out_mac("mac", &fdb->mac);
	if (HAS(fdb, FDB_PORT) && out_is_json())
		out_num("port", fdb->port);
	if (HAS(fdb, FDB_UPLINK) && out_is_json())
		out_num("uplink", fdb->uplink);
	if (HAS(fdb, FDB_IFNAME))
		out_str(out_is_json() ? "ifname" :
			HAS(fdb, FDB_UPLINK) ? "uplink" : "port", fdb->ifname);
	if (HAS(fdb, FDB_VIA))
		out_addr("via", &fdb->via);
	if (out_is_json())
		out_onoff("learned", HAS(fdb, FDB_LEARNED));
	else
		out_text(HAS(fdb, FDB_LEARNED) ? "learned" : "static", NULL);
	if (HAS(fdb, FDB_AGE))
		out_num("age", fdb->age);
	out_dev(fdb->dev);
	out_object_end();
	return 0;
}

static int fdb_show(struct args *a)
{
	struct bfly_fdb fdb = { 0 };
	int err;

	TAKE_DEV(a, FDB, &fdb);
	err = take_words(a, words, &fdb);
	if (err)
		return err;

	out_begin(a);
	err = bfly_fdb_dump(kernel(), &fdb, print_fdb, NULL);
	if (!err)
		out_end();
	return finish(a, err);
}

static const struct verb verbs[] = {
	{ "show", fdb_show, "[net ID]" },
	{ NULL }
};

const struct object fdb_object = {
	.name = "fdb", .verbs = verbs,
	.what = "where a net has a MAC",
};
