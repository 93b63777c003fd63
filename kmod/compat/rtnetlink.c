// SPDX-License-Identifier: GPL-2.0
#include <net/rtnetlink.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)

/* the kernel's names again */
#undef rtnl_link_ops
#undef rtnl_link_register
#undef rtnl_link_unregister

static int bfly_compat_newlink(struct net *src_net, struct net_device *dev,
			       struct nlattr *tb[], struct nlattr *data[],
			       struct netlink_ext_ack *extack)
{
	struct rtnl_newlink_params params = {
		.src_net = src_net,
		.tb = tb,
		.data = data,
	};
	const struct bfly_compat_link_ops *ops =
		container_of(dev->rtnl_link_ops, struct bfly_compat_link_ops,
			     kernel);

	return ops->newlink(dev, &params, extack);
}

int bfly_compat_link_register(struct bfly_compat_link_ops *ops)
{
	ops->kernel = (struct rtnl_link_ops) {
		.kind		= ops->kind,
		.priv_size	= ops->priv_size,
		.setup		= ops->setup,
		.maxtype	= ops->maxtype,
		.policy		= ops->policy,
		.validate	= ops->validate,
		.newlink	= bfly_compat_newlink,
		.changelink	= ops->changelink,
		.dellink	= ops->dellink,
		.get_size	= ops->get_size,
		.fill_info	= ops->fill_info,
	};
	return rtnl_link_register(&ops->kernel);
}

void bfly_compat_link_unregister(struct bfly_compat_link_ops *ops)
{
	rtnl_link_unregister(&ops->kernel);
}

#endif /* LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0) */
