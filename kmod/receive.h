/* SPDX-License-Identifier: GPL-2.0 */
/* Where packets of ports enter and leave the switch, see receive.c. */
#ifndef _BFLY_RECEIVE_H
#define _BFLY_RECEIVE_H

#include <linux/netdevice.h>

/* rx_handler of ports; the handler's data is the struct bfly_port. */
rx_handler_result_t bfly_port_receive(struct sk_buff **pskb);

#endif /* _BFLY_RECEIVE_H */
