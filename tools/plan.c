// SPDX-License-Identifier: GPL-2.0
/* From the difference of two configurations to commands. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include "plan.h"
#include "run.h"

/* What is no verb: the net lets go of its multicast group. */
static const char LEAVE[] = "leave";

static void plan_add(struct plan *plan, const char *verb, const struct line *line)
{
	if (plan->n == plan->room) {
		plan->room = 2 * plan->room + 64;
		plan->steps = realloc(plan->steps, plan->room * sizeof(*plan->steps));
		if (!plan->steps)
			abort();
	}
	plan->steps[plan->n++] = (struct step){ verb, line };
}

/* What goes with its group or pool needs no command of its own. */
static bool goes_along(const struct line *line, const struct config *want)
{
	return (line->section == RULES || line->section == MEMBERS ||
		line->section == BACKENDS) &&
	       !config_find(want, line->parent_section, line->parent);
}

static bool method_differs(const struct line *a, const struct line *b)
{
	const char *x = strstr(a->text, " method "), *y = strstr(b->text, " method ");

	return x && y && strncmp(x, y, strcspn(x + 8, " ") + 9);
}

/* The verb that makes what is there what is wanted. */
static const char *verb_for(const struct line *want, const struct line *have)
{
	if (!have)
		return want->section == SWITCHES ? "set" : "add";
	switch (want->section) {
	case SWITCHES:
	case GROUPS:	/* a replaced one would be empty */
		return "set";
	case POOLS:
		return method_differs(want, have) ? "replace" : "set";
	default:
		return "replace";
	}
}

static const struct line *counterpart(const struct line *line,
				      const struct config *other)
{
	return config_find(other, line->section, line->key);
}

/* A pool that is replaced loses the backends that it has. */
static bool is_emptied(const struct line *backend, const struct config *have,
		       const struct config *want)
{
	const struct line *old = config_find(have, POOLS, backend->parent);
	const struct line *new = config_find(want, POOLS, backend->parent);

	return old && new && method_differs(old, new);
}

/* Whether a port leaves this net for another. */
static bool is_left(const struct line *net, const struct config *have,
		    const struct config *want)
{
	size_t i;

	for (i = 0; i < have->n; i++)
		if (have->lines[i].section == PORTS &&
		    !strcmp(have->lines[i].parent, net->key) &&
		    counterpart(&have->lines[i], want))
			return true;
	return false;
}

/*
 * What goes before anything comes, as its MAC, VNI or the like may be needed.
 * The rest goes last, when nothing wanted names it any more.
 */
static bool goes_first(const struct line *line, const struct config *have,
		       const struct config *want)
{
	switch (line->section) {
	case SERVICES:
	case PORTS:
	case REMOTES:
		return true;
	case NETS:
		return !is_left(line, have, want);
	default:
		return false;
	}
}

static void plan_deletions(struct plan *plan, bool first,
			   const struct config *have, const struct config *want)
{
	size_t i;

	for (i = have->n; i-- > 0;) {
		const struct line *line = &have->lines[i];

		if (line->section == SWITCHES || goes_along(line, want) ||
		    counterpart(line, want))
			continue;
		if (goes_first(line, have, want) == first)
			plan_add(plan, "del", line);
	}
}

static bool switches_differ(const struct config *have, const struct config *want)
{
	const struct line *new;
	size_t i;

	for (i = 0; i < have->n; i++) {
		new = counterpart(&have->lines[i], want);
		if (have->lines[i].section == SWITCHES && new &&
		    strcmp(have->lines[i].text, new->text))
			return true;
	}
	return false;
}

static bool groups_differ(const struct line *a, const struct line *b)
{
	const char *x = strstr(a->text, " mcast "), *y = strstr(b->text, " mcast ");

	return !x || !y || strcmp(x, y);
}

/* A group that a net has not for long must not hold the switch's local address. */
static void plan_leaves(struct plan *plan, const struct config *have,
			const struct config *want)
{
	size_t i;

	if (!switches_differ(have, want))
		return;
	for (i = 0; i < have->n; i++) {
		const struct line *line = &have->lines[i];
		const struct line *new = counterpart(line, want);

		if (line->section != NETS || !strstr(line->text, " mcast "))
			continue;
		if (new ? groups_differ(line, new) : is_left(line, have, want))
			plan_add(plan, LEAVE, line);
	}
}

static void plan_changes(struct plan *plan, const struct config *have,
			 const struct config *want)
{
	size_t i;

	for (i = 0; i < want->n; i++) {
		const struct line *line = &want->lines[i];
		const struct line *old = counterpart(line, have);

		/* A rule may stand twice in the file. */
		if (i && line->section == line[-1].section &&
		    !strcmp(line->text, line[-1].text))
			continue;
		if (line->section == BACKENDS && is_emptied(line, have, want))
			old = NULL;
		if (!old || strcmp(old->text, line->text))
			plan_add(plan, verb_for(line, old), line);
	}
}

void make_plan(struct plan *plan, const struct config *have,
	       const struct config *want)
{
	plan_deletions(plan, true, have, want);
	plan_leaves(plan, have, want);
	plan_changes(plan, have, want);
	plan_deletions(plan, false, have, want);
}

/* ---- doing it ---- */

/* The words of a command; the caller frees them. */
static char *step_words(const struct step *step)
{
	const struct line *line = step->line;
	const char *text = strcmp(step->verb, "del") ? line->text : line->key;
	const char *rest = text;
	char *words;

	if (step->verb == LEAVE) {
		if (asprintf(&words, "net set %s mcast none", line->key) < 0)
			abort();
		return words;
	}
	/* `pool set NAME` takes no method. */
	if (line->section == POOLS && !strcmp(step->verb, "set"))
		rest = word_at(text, 3);
	if (asprintf(&words, "%s %s %.*s%s", section_objects[line->section]->name,
		     step->verb, rest == text ? 0 : (int)(word_at(text, 1) - text),
		     text, rest) < 0)
		abort();
	return words;
}

static int run_one(const struct step *step)
{
	char *line = step_words(step), *words[1024];
	int n = split_line(line, words, 1024);
	int err = n > 0 ? run_command(n, words) : EXIT_USAGE;

	free(line);
	return err;
}

/* Make the words of a step those that are to be read. */
static int read_step(struct args *a, const struct step *step)
{
	char *copy = keep_alive(a, strlen(step->line->text) + 1, 1);
	char **words = keep_alive(a, 64, sizeof(*words));

	a->object = section_objects[step->line->section]->name;
	a->verb = step->verb;
	a->flags = !strcmp(step->verb, "replace") ? BFLY_REPLACE : BFLY_ADD;
	a->argv = words;
	a->argc = split_line(strcpy(copy, step->line->text), words, 64);
	a->dev_name = NULL;
	extract(a, false);
	return take_dev(a);
}

static int run_rules(struct args *a, const struct step *steps, size_t n)
{
	struct bfly_group group = { 0 };
	struct bfly_rule *first = NULL, **tail = &first;
	size_t i;
	int err = 0;

	for (i = 0; !err && i < n; i++) {
		*tail = keep_alive(a, 1, sizeof(**tail));
		err = read_step(a, &steps[i]);
		if (!err)
			err = take_rule(a, &group, *tail);
		tail = &(*tail)->next;
	}
	group.rule = first;
	if (err)
		return err;
	return finish(a, strcmp(a->verb, "del") ?
		      bfly_rule_new(kernel(), &group, a->flags) :
		      bfly_rule_del(kernel(), &group));
}

static int run_members(struct args *a, const struct step *steps, size_t n)
{
	struct bfly_group group = { 0 };
	char **words = keep_alive(a, n + 1, sizeof(*words));
	size_t i;
	int err = 0;

	for (i = 0; !err && i < n; i++) {
		err = read_step(a, &steps[i]);
		words[0] = a->argv[0];
		words[i + 1] = a->argv[1];
	}
	a->argv = words;
	a->argc = n + 1;
	if (!err)
		err = take_members(a, &group);
	if (err)
		return err;
	return finish(a, strcmp(a->verb, "del") ?
		      bfly_member_new(kernel(), &group, a->flags) :
		      bfly_member_del(kernel(), &group));
}

static int run_backends(struct args *a, const struct step *steps, size_t n)
{
	struct bfly_pool pool = { 0 };
	struct bfly_backend *first = NULL, **tail = &first;
	size_t i;
	int err = 0;

	for (i = 0; !err && i < n; i++) {
		*tail = keep_alive(a, 1, sizeof(**tail));
		err = read_step(a, &steps[i]);
		if (!err)
			err = take_backend(a, &pool, *tail);
		tail = &(*tail)->next;
	}
	pool.backend = first;
	if (err)
		return err;
	return finish(a, strcmp(a->verb, "del") ?
		      bfly_backend_new(kernel(), &pool, a->flags) :
		      bfly_backend_del(kernel(), &pool));
}

/*
 * Run the first step, and those behind it that fit into the same request: a
 * group with its rules, or a pool with its backends, is made in one step each.
 * Return: their number, or 0 after an error, which is in *err.
 */
static size_t run_some(const struct step *steps, size_t n, int *err)
{
	enum section section = steps[0].line->section;
	struct args a = { 0 };
	size_t i = 1;

	if (section != RULES && section != MEMBERS && section != BACKENDS) {
		*err = run_one(steps);
		return *err ? 0 : 1;
	}
	while (i < n && steps[i].line->section == section &&
	       !strcmp(steps[i].verb, steps[0].verb) &&
	       !strcmp(steps[i].line->parent, steps[0].line->parent))
		i++;
	*err = section == RULES ? run_rules(&a, steps, i) :
	       section == MEMBERS ? run_members(&a, steps, i) :
	       run_backends(&a, steps, i);
	args_free(&a);
	return *err ? 0 : i;
}

int run_plan(const struct plan *plan, bool dry)
{
	size_t i = 0, done;
	int err = 0;

	while (!err && i < plan->n) {
		if (dry) {
			char *words = step_words(&plan->steps[i++]);

			puts(words);
			free(words);
			continue;
		}
		done = run_some(plan->steps + i, plan->n - i, &err);
		i += done;
	}
	return err;
}
