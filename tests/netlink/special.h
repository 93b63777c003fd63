/* SPDX-License-Identifier: GPL-2.0 */
/* What the cases that need to know what a request means have in common. */
#ifndef SPECIAL_H
#define SPECIAL_H

#include "bad_input.h"

extern const char mac_port[];	/* of DEV_PORT */
extern const char mac_remote[];	/* of the remote in net 10 */
extern const char mac_new[];

/* A request that names the switch. */
struct nlmsghdr *for_switch(uint8_t cmd);
void put_ip(struct nlmsghdr *nlh, uint16_t type, const char *text);
void put_prefix(struct nlmsghdr *nlh, uint16_t type, const char *ip, uint8_t len);

void special_nets(void);
void special_devs(void);
void special_groups(void);
void special_pools(void);

#endif
