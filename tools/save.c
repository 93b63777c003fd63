// SPDX-License-Identifier: GPL-2.0
#include "config.h"

static int save(struct args *a)
{
	struct config config = { 0 };
	int err = take_end(a);
	size_t i;

	if (err)
		return err;
	err = config_read_kernel(&config, a->dev);
	if (!err) {
		config_sort(&config);
		for (i = 0; i < config.n; i++)
			printf("%s %s %s\n",
			       section_objects[config.lines[i].section]->name,
			       config.lines[i].section == SWITCHES ? "set" : "replace",
			       config.lines[i].text);
	}
	config_free(&config);
	return finish(a, err);
}

static const struct verb verbs[] = {
	{ "save", save, "" },
	{ NULL }
};

const struct object save_object = {
	.name = "save", .verbs = verbs, .plain = true,
	.what = "print the configuration, as apply and -b take it",
	.notes = "Always in the same order. `dev DEV` saves one switch of several.\n",
};
