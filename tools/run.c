// SPDX-License-Identifier: GPL-2.0
/* One command: OBJECT [VERB] WORDS. */
#include <string.h>
#include "run.h"

const struct object *const objects[] = {
	&switch_object, &net_object, &remote_object, &fdb_object,
	&uplink_object, &port_object, &group_object, &rule_object,
	&member_object, &pool_object, &backend_object, &service_object,
	&flow_object, &stats_object, &monitor_object, &save_object,
	&apply_object, &version_object, NULL
};

static const struct {
	const char *name;
	const char *verb;
} synonyms[] = {
	{ "list", "show" }, { "ls", "show" }, { "lst", "show" },
	{ "delete", "del" }, { "remove", "del" }, { "create", "add" },
};

#define N_SYNONYMS (sizeof(synonyms) / sizeof(synonyms[0]))

static bool begins(const char *whole, const char *part)
{
	return part[0] && !strncmp(whole, part, strlen(part));
}

/* The object of that name, or the only one whose name begins so. */
const struct object *find_object(const char *name)
{
	const struct object *found = NULL;
	int i;

	for (i = 0; objects[i]; i++) {
		if (!strcmp(objects[i]->name, name))
			return objects[i];
		if (!begins(objects[i]->name, name))
			continue;
		if (found) {
			complain("\"%s\" may be %s or %s", name, found->name,
				 objects[i]->name);
			return NULL;
		}
		found = objects[i];
	}
	if (!found)
		complain("object \"%s\" is not known; try `bflyctl help`", name);
	return found;
}

static const struct verb *exact_verb(const struct object *object,
				     const char *name)
{
	const struct verb *verb;
	size_t i;

	for (verb = object->verbs; verb->name; verb++)
		if (!strcmp(verb->name, name))
			return verb;
	for (i = 0; i < N_SYNONYMS; i++)
		if (!strcmp(synonyms[i].name, name))
			return exact_verb(object, synonyms[i].verb);
	return NULL;
}

const struct verb *find_verb(const struct object *object, const char *name)
{
	const struct verb *verb, *found = exact_verb(object, name);
	size_t i;

	if (found)
		return found;
	for (verb = object->verbs; verb->name; verb++) {
		if (!begins(verb->name, name))
			continue;
		if (found) {
			complain("%s: \"%s\" may be %s or %s", object->name, name,
				 found->name, verb->name);
			return NULL;
		}
		found = verb;
	}
	for (i = 0; !found && i < N_SYNONYMS; i++)
		if (begins(synonyms[i].name, name))
			found = exact_verb(object, synonyms[i].verb);
	if (!found)
		complain("%s: command \"%s\" is not known; try `bflyctl %s help`",
			 object->name, name, object->name);
	return found;
}

/* Take word i, and the n - 1 after it, out of the command. */
static void cut(struct args *a, int i, int n)
{
	memmove(a->argv + i, a->argv + i + n,
		(a->argc - i - n) * sizeof(*a->argv));
	a->argc -= n;
}

/* Whether word i is a port's label, which is a label whatever it says. */
static bool is_label(const struct args *a, int i)
{
	return !strcmp(a->object, "port") && i > 0 &&
	       !strcmp(a->argv[i - 1], "label");
}

/*
 * Take out `dev DEV`, which may stand anywhere, and the `if-exists` of a del.
 * The last one counts, so that a name may be "dev", too.
 */
void extract(struct args *a, bool del)
{
	int i;

	for (i = a->argc - 1; i >= 0; i--) {
		if (is_label(a, i))
			continue;
		if (!strcmp(a->argv[i], "dev") && i + 1 < a->argc && !a->dev_name) {
			a->dev_name = a->argv[i + 1];
			cut(a, i, 2);
		} else if (del && !strcmp(a->argv[i], "if-exists")) {
			a->if_exists = true;
			cut(a, i, 1);
		}
	}
}

static const struct verb *default_verb(const struct object *object)
{
	return object->plain ? object->verbs : exact_verb(object, "show");
}

int run_command(int argc, char **argv)
{
	struct args a = { .argc = argc - 1, .argv = argv + 1 };
	const struct object *object;
	const struct verb *verb;
	int err;

	dev_forget();
	if (!strcmp(argv[0], "help"))
		return help(argc - 1, argv + 1);
	object = find_object(argv[0]);
	if (!object)
		return EXIT_USAGE;
	if (a.argc && !strcmp(a.argv[0], "help"))
		return help(1, argv);

	a.object = object->name;
	extract(&a, false);
	if (object->plain || !a.argc) {
		verb = default_verb(object);
	} else {
		verb = find_verb(object, a.argv[0]);
		next(&a);
	}
	if (!verb)
		return EXIT_USAGE;
	if (a.argc && !strcmp(a.argv[0], "help"))
		return help_verb(object, verb);

	a.verb = object->plain ? NULL : verb->name;
	a.flags = verb->flags;
	if (!strcmp(verb->name, "del"))
		extract(&a, true);
	err = take_dev(&a);
	if (!err)
		err = verb->run(&a);
	args_free(&a);
	return err == EXIT_GONE ? EXIT_DONE : err;
}
