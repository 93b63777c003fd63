/* SPDX-License-Identifier: GPL-2.0 */
/* The MACs of backends, resolved before they are needed. */
#ifndef _BFLY_PROBE_H
#define _BFLY_PROBE_H

#include "switch.h"

/* A switch has, or may have, new backends: begin to probe. Context: RTNL. */
void bfly_probe_start(struct bfly_switch *sw);

void bfly_probe_init(struct bfly_switch *sw);
/* Context: RTNL, may sleep. */
void bfly_probe_fini(struct bfly_switch *sw);

#endif /* _BFLY_PROBE_H */
