// SPDX-License-Identifier: GPL-2.0
/* Switches' names and indices, asked once a command and not once a line. */
#include <net/if.h>
#include <string.h>
#include "bflyctl.h"

static char known_name[IF_NAMESIZE];
static uint32_t known_index;

/* To be called where names may have changed. */
void dev_forget(void)
{
	known_index = 0;
}

uint32_t dev_index(const char *name)
{
	uint32_t index;

	if (known_index && !strcmp(name, known_name))
		return known_index;
	index = if_nametoindex(name);
	if (index) {
		snprintf(known_name, sizeof(known_name), "%s", name);
		known_index = index;
	}
	return index;
}

/* A netdev that is gone is called by its index. */
const char *dev_name(uint32_t index)
{
	if (known_index && index == known_index)
		return known_name;
	known_index = index;
	if (!if_indextoname(index, known_name)) {
		snprintf(known_name, sizeof(known_name), "%u", index);
		known_index = 0;
	}
	return known_name;
}
