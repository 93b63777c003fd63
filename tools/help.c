// SPDX-License-Identifier: GPL-2.0
/* What `help` prints, and the versions. */
#include <string.h>
#include "run.h"

static void print_verb(const struct object *object, const struct verb *verb)
{
	printf("  bflyctl %s%s%s%s%s\n", object->name,
	       object->plain ? "" : " ", object->plain ? "" : verb->name,
	       verb->help[0] ? " " : "", verb->help);
}

static void print_notes(const struct object *object)
{
	if (object->notes)
		printf("\n%s", object->notes);
}

int help_object(const struct object *object)
{
	const struct verb *verb;

	printf("%s: %s\n\n", object->name, object->what);
	for (verb = object->verbs; verb->name; verb++)
		print_verb(object, verb);
	print_notes(object);
	return EXIT_DONE;
}

int help_verb(const struct object *object, const struct verb *verb)
{
	print_verb(object, verb);
	print_notes(object);
	return EXIT_DONE;
}

static int help_all(void)
{
	int i;

	printf("Usage: bflyctl [ OPTIONS ] OBJECT [ COMMAND ] ...\n"
	       "       bflyctl [ OPTIONS ] -b FILE\n\n"
	       "OBJECT:\n");
	for (i = 0; objects[i]; i++)
		printf("  %-9s%s\n", objects[i]->name, objects[i]->what);
	printf("\nCOMMAND: add replace set del show (also list, ls) flush help;\n"
	       "  a beginning that is clear will do. `bflyctl OBJECT help` tells more.\n"
	       "\nOPTIONS:\n"
	       "  -j    JSON                   -p    JSON, indented for people\n"
	       "  -s    counters               -d    details\n"
	       "  -n NETNS  in that namespace  -b FILE  commands of a file, - is stdin\n"
	       "  -force  go on after an error -V    versions\n"
	       "\n`dev DEV` names the switch; it may be left out while there is one.\n"
	       "Exit status: 0 done, 1 usage, 2 the kernel refused.\n");
	return EXIT_DONE;
}

/* help [OBJECT [VERB]] */
int help(int argc, char **argv)
{
	const struct object *object;
	const struct verb *verb;

	if (!argc)
		return help_all();
	object = find_object(argv[0]);
	if (!object)
		return EXIT_USAGE;
	if (argc == 1)
		return help_object(object);
	verb = find_verb(object, argv[1]);
	return verb ? help_verb(object, verb) : EXIT_USAGE;
}

/* The module may not be loaded; that is no error. */
static void read_module_version(char *buf, size_t size)
{
	FILE *file = fopen("/sys/module/bfly/version", "re");

	snprintf(buf, size, "%s", "not loaded");
	if (!file)
		return;
	if (fgets(buf, size, file))
		buf[strcspn(buf, "\n")] = '\0';
	fclose(file);
}

int show_version(void)
{
	char module[64];

	read_module_version(module, sizeof(module));
	out_to(NULL);
	if (!opt.json) {
		printf("bflyctl %s, libbfly %s, module %s\n", BFLY_VERSION,
		       bfly_version(), module);
		return EXIT_DONE;
	}
	out_object();
	out_str("bflyctl", BFLY_VERSION);
	out_str("libbfly", bfly_version());
	out_str("module", module);
	out_object_end();
	out_end();
	return EXIT_DONE;
}

static int version_run(struct args *a)
{
	int err = take_end(a);

	return err ? err : show_version();
}

static const struct verb verbs[] = {
	{ "show", version_run, "" },
	{ NULL }
};

const struct object version_object = {
	.name = "version", .verbs = verbs, .plain = true,
	.what = "versions of tool, library and module",
};
