/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ENTER_H
#define ENTER_H

/* Go to a namespace of the network by its name, or end. */
void enter(const char *name);

#endif
