/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BFLYCTL_PLAN_H
#define BFLYCTL_PLAN_H

#include "config.h"

/* One command of the plan. */
struct step {
	const char *verb;
	const struct line *line;
};

struct plan {
	struct step *steps;
	size_t n;
	size_t room;
};

void make_plan(struct plan *plan, const struct config *have,
	       const struct config *want);
int run_plan(const struct plan *plan, bool dry);

#endif /* BFLYCTL_PLAN_H */
