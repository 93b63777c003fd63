/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Before 6.15 newlink() takes its parameters one by one. The structure that
 * stands for struct rtnl_link_ops has the members that we use; the kernel gets
 * its own, built from them.
 */
#ifndef _BFLY_COMPAT_NET_RTNETLINK_H
#define _BFLY_COMPAT_NET_RTNETLINK_H

#include <linux/version.h>
#include_next <net/rtnetlink.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)

/* It uses the kernel's structure: before its name is taken. */
#include <linux/netdevice.h>

struct rtnl_newlink_params {
	struct net *src_net;
	struct net *link_net;
	struct net *peer_net;
	struct nlattr **tb;
	struct nlattr **data;
};

struct bfly_compat_link_ops {
	struct rtnl_link_ops kernel;
	const char *kind;
	size_t priv_size;
	void (*setup)(struct net_device *dev);
	unsigned int maxtype;
	const struct nla_policy *policy;
	int (*validate)(struct nlattr *tb[], struct nlattr *data[],
			struct netlink_ext_ack *extack);
	int (*newlink)(struct net_device *dev,
		       struct rtnl_newlink_params *params,
		       struct netlink_ext_ack *extack);
	int (*changelink)(struct net_device *dev, struct nlattr *tb[],
			  struct nlattr *data[],
			  struct netlink_ext_ack *extack);
	void (*dellink)(struct net_device *dev, struct list_head *head);
	size_t (*get_size)(const struct net_device *dev);
	int (*fill_info)(struct sk_buff *skb, const struct net_device *dev);
};

int bfly_compat_link_register(struct bfly_compat_link_ops *ops);
void bfly_compat_link_unregister(struct bfly_compat_link_ops *ops);

#define rtnl_link_ops		bfly_compat_link_ops
#define rtnl_link_register	bfly_compat_link_register
#define rtnl_link_unregister	bfly_compat_link_unregister

#endif /* LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0) */

#endif /* _BFLY_COMPAT_NET_RTNETLINK_H */
