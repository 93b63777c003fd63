/* SPDX-License-Identifier: GPL-2.0 */
/* A configuration as lines in canonical form, for save and apply. */
#ifndef BFLYCTL_CONFIG_H
#define BFLYCTL_CONFIG_H

#include "bflyctl.h"

/* In an order in which each finds what it names. */
enum section {
	SWITCHES, UPLINKS, NETS, REMOTES, GROUPS, RULES, MEMBERS, PORTS,
	POOLS, BACKENDS, SERVICES, N_SECTIONS
};

struct line {
	enum section section;
	char *text;		/* "42 type vxlan ... dev bfly0" */
	char *key;		/* "42 dev bfly0" */
	char *parent;		/* key of what it lies in or names, or NULL */
	enum section parent_section;
	unsigned int number;	/* in the file */
};

struct config {
	struct line *lines;
	size_t n;
	size_t room;
};

extern const struct object *const section_objects[N_SECTIONS];

const char *word_at(const char *text, int n);
void config_add(struct config *config, enum section section, const char *text,
		unsigned int number);
int config_read_kernel(struct config *config, uint32_t dev);
void config_sort(struct config *config);
const struct line *config_find(const struct config *config,
			       enum section section, const char *key);
void config_free(struct config *config);

#endif /* BFLYCTL_CONFIG_H */
