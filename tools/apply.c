// SPDX-License-Identifier: GPL-2.0
/*
 * Make the kernel equal to a file: both become canonical lines, and what
 * differs becomes a plan. The file is read whole before anything is changed.
 */
#include <stdlib.h>
#include <string.h>
#include "config.h"
#include "plan.h"
#include "run.h"

/* ---- the file ---- */

#define MAX_SWITCHES 64

struct reading {
	struct config *want;
	uint32_t dev;			/* of lines that name no switch, or 0 */
	uint32_t devs[MAX_SWITCHES];	/* that the file is about */
	int n_devs;
};

static int note_dev(struct args *a, struct reading *reading, uint32_t dev)
{
	int i;

	for (i = 0; i < reading->n_devs; i++)
		if (reading->devs[i] == dev)
			return 0;
	if (i == MAX_SWITCHES)
		return usage(a, "more than %d switches in one file", MAX_SWITCHES);
	reading->devs[reading->n_devs++] = dev;
	return 0;
}

static int section_of(const struct object *object)
{
	int section;

	for (section = 0; section < N_SECTIONS; section++)
		if (section_objects[section] == object)
			return section;
	return -1;
}

/* Print the line's object in full, into the configuration. */
static int add_canonical(struct args *a, enum section section,
			 struct config *want)
{
	char *text = NULL, *line, *rest;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	int err;

	if (!file)
		return EXIT_REFUSED;
	out_to(file);
	err = section_objects[section]->canonical(a);
	out_to(NULL);
	fclose(file);
	for (rest = text; !err && (line = strsep(&rest, "\n")) && rest;)
		config_add(want, section, line, batch_number());
	free(text);
	return err;
}

static int read_command(int argc, char **argv, void *arg)
{
	struct reading *reading = arg;
	const struct object *object = find_object(argv[0]);
	struct args a = { .argc = argc - 1, .argv = argv + 1 };
	const struct verb *verb;
	int section, err;

	if (!object)
		return EXIT_USAGE;
	a.object = object->name;
	extract(&a, false);
	verb = a.argc ? find_verb(object, next(&a)) : NULL;
	if (!verb)
		return a.argc ? EXIT_USAGE : usage(&a, "a command is missing");
	a.verb = verb->name;

	section = section_of(object);
	if (section < 0 || (section == SWITCHES ? strcmp(a.verb, "set") :
			    strcmp(a.verb, "add") && strcmp(a.verb, "replace")))
		return usage(&a, "a file to apply has add, replace and switch set only");

	err = take_dev(&a);
	if (!err && !a.dev)
		a.dev = reading->dev;
	if (!err && !a.dev && (section != SWITCHES || !a.argc))
		err = usage(&a, "dev DEV is missing, as there is not one switch");
	if (!err)
		err = add_canonical(&a, section, reading->want);
	if (!err)
		err = note_dev(&a, reading, a.dev);
	args_free(&a);
	return err;
}

/* Nothing twice, nothing in what is not there. */
static int check(const char *name, const struct config *want)
{
	size_t i;
	int err = 0;

	for (i = 0; !err && i < want->n; i++) {
		const struct line *line = &want->lines[i];
		const struct line *before = i ? line - 1 : NULL;
		const char *object = section_objects[line->section]->name;
		bool many = line->section == RULES || line->section == MEMBERS;

		complain_at(name, line->number);
		if (before && !many && before->section == line->section &&
		    !strcmp(before->key, line->key)) {
			complain("%s %s comes twice", object, line->key);
			err = EXIT_USAGE;
		} else if (line->parent && !config_find(want, line->parent_section,
							line->parent)) {
			complain("%s %s is not in the file",
				 section_objects[line->parent_section]->name,
				 line->parent);
			err = EXIT_USAGE;
		}
	}
	complain_at(NULL, 0);
	return err;
}

/* ---- the command ---- */

struct switches {
	uint32_t dev;
	int n;
};

static int count_switch(const struct bfly_switch *sw, void *arg)
{
	struct switches *switches = arg;

	switches->dev = sw->dev;
	switches->n++;
	return 0;
}

/* Read what the kernel has of the switches that the file is about. */
static int read_kernel(struct args *a, struct reading *reading,
		       struct config *have)
{
	int i, err = 0;

	if (!reading->n_devs && !reading->dev)
		return usage(a, "the file names no switch, and there is not one");
	if (!reading->n_devs)
		err = note_dev(a, reading, reading->dev);
	for (i = 0; !err && i < reading->n_devs; i++)
		err = finish(a, config_read_kernel(have, reading->devs[i]));
	return err;
}

static int apply(struct args *a)
{
	struct config want = { 0 }, have = { 0 };
	struct switches switches = { 0 };
	struct reading reading = { .want = &want };
	struct plan plan = { 0 };
	const char *name = next(a);
	bool dry = a->argc && !strcmp(a->argv[0], "--dry-run");
	int err;

	if (!name)
		return usage(a, "FILE is missing");
	if (dry)
		next(a);
	err = take_end(a);
	if (err)
		return err;

	err = finish(a, bfly_switch_dump(kernel(), NULL, count_switch, &switches));
	if (err)
		return err;
	reading.dev = a->dev ? a->dev : switches.n == 1 ? switches.dev : 0;
	err = read_batch(name, read_command, &reading);
	config_sort(&want);
	if (!err)
		err = check(name, &want);
	if (!err)
		err = read_kernel(a, &reading, &have);
	if (!err) {
		config_sort(&have);
		make_plan(&plan, &have, &want);
		err = run_plan(&plan, dry);
	}
	free(plan.steps);
	config_free(&want);
	config_free(&have);
	return err;
}

static const struct verb verbs[] = {
	{ "apply", apply, "FILE [--dry-run]" },
	{ NULL }
};

const struct object apply_object = {
	.name = "apply", .verbs = verbs, .plain = true,
	.what = "make the kernel equal to a file",
	.notes = "FILE, or - for stdin, has what save prints: add or replace of objects and\n"
		 "switch set. What it does not name is deleted; what is equal already is left\n"
		 "alone. --dry-run prints the commands instead.\n",
};
