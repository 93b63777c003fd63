/* SPDX-License-Identifier: GPL-2.0 */
/* From words to a command: dispatch, batch files, help. */
#ifndef BFLYCTL_RUN_H
#define BFLYCTL_RUN_H

#include "bflyctl.h"

/* run.c */
const struct object *find_object(const char *name);
const struct verb *find_verb(const struct object *object, const char *name);
int run_command(int argc, char **argv);
void extract(struct args *a, bool del);

/* batch.c */
int split_line(char *line, char **words, int max);
int read_batch(const char *name,
	       int (*run)(int argc, char **argv, void *arg), void *arg);
int run_batch(const char *name);

/* help.c */
int help(int argc, char **argv);
int help_object(const struct object *object);
int help_verb(const struct object *object, const struct verb *verb);
int show_version(void);

/* bflyctl.c */
void complain_at(const char *name, unsigned int line);
unsigned int batch_number(void);

#endif /* BFLYCTL_RUN_H */
