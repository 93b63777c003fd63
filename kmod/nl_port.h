/* SPDX-License-Identifier: GPL-2.0 */
/* What the rest of the module needs of nl_port.c. */
#ifndef _BFLY_NL_PORT_H
#define _BFLY_NL_PORT_H

#include <linux/types.h>

struct bfly_port;

/* Tell the config group of a port; @cmd is PORT_NEW_NTF or PORT_DEL_NTF. */
void bfly_nl_port_notify(const struct bfly_port *port, u8 cmd);

#endif /* _BFLY_NL_PORT_H */
