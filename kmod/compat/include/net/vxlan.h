/* SPDX-License-Identifier: GPL-2.0 */
/* It means the kernel's struct rtnl_link_ops, see net/rtnetlink.h. */
#ifndef _BFLY_COMPAT_NET_VXLAN_H
#define _BFLY_COMPAT_NET_VXLAN_H

/* so that the name is taken before, and not in its midst */
#include <net/rtnetlink.h>

#pragma push_macro("rtnl_link_ops")
#undef rtnl_link_ops
#include_next <net/vxlan.h>
#pragma pop_macro("rtnl_link_ops")

#endif /* _BFLY_COMPAT_NET_VXLAN_H */
