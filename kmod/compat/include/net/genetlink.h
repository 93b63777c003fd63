/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Generic netlink as of Linux 6.12 for kernels before 6.6, see genetlink.c.
 *
 * The kernel's own structures hide behind the names that the macros at the end
 * give to ours; what takes them is here again with the same meaning.
 */
#ifndef _BFLY_COMPAT_NET_GENETLINK_H
#define _BFLY_COMPAT_NET_GENETLINK_H

#include <linux/version.h>
#include_next <net/genetlink.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)

#include <net/netlink.h>

struct bfly_compat_split_ops;
struct bfly_compat_info;

struct bfly_compat_family {
	struct genl_family kernel;
	unsigned int hdrsize;
	char name[GENL_NAMSIZ];
	unsigned int version;
	u8 netnsok:1;
	u8 parallel_ops:1;
	u8 n_split_ops;
	u8 n_mcgrps;
	u8 resv_start_op;
	const struct bfly_compat_split_ops *split_ops;
	const struct genl_multicast_group *mcgrps;
	struct module *module;
};

struct bfly_compat_info {
	u32 snd_seq;
	u32 snd_portid;
	const struct bfly_compat_family *family;
	const struct nlmsghdr *nlhdr;
	struct genlmsghdr *genlhdr;
	struct nlattr **attrs;
	possible_net_t _net;
	void *user_ptr[2];
	struct netlink_ext_ack *extack;
};

struct bfly_compat_split_ops {
	union {
		struct {
			int (*pre_doit)(const struct bfly_compat_split_ops *ops,
					struct sk_buff *skb,
					struct bfly_compat_info *info);
			int (*doit)(struct sk_buff *skb,
				    struct bfly_compat_info *info);
			void (*post_doit)(const struct bfly_compat_split_ops *ops,
					  struct sk_buff *skb,
					  struct bfly_compat_info *info);
		};
		struct {
			int (*start)(struct netlink_callback *cb);
			int (*dumpit)(struct sk_buff *skb,
				      struct netlink_callback *cb);
			int (*done)(struct netlink_callback *cb);
		};
	};
	const struct nla_policy *policy;
	unsigned int maxattr;
	u8 cmd;
	u8 internal_flags;
	u8 flags;
	u8 validate;
};

struct bfly_compat_dumpit_info {
	struct bfly_compat_split_ops op;
	struct bfly_compat_info info;
};

int bfly_compat_register_family(struct bfly_compat_family *family);
int bfly_compat_unregister_family(struct bfly_compat_family *family);

/* The first element of the kernel's array of attributes points to ours. */
static inline const struct bfly_compat_dumpit_info *
bfly_compat_dumpit_info(struct netlink_callback *cb)
{
	return (void *)genl_dumpit_info(cb)->attrs[0];
}

static inline const struct bfly_compat_info *
bfly_compat_info_dump(struct netlink_callback *cb)
{
	return &bfly_compat_dumpit_info(cb)->info;
}

static inline struct net *
bfly_compat_info_net(const struct bfly_compat_info *info)
{
	return read_pnet(&info->_net);
}

static inline void *bfly_compat_put(struct sk_buff *skb, u32 portid, u32 seq,
				    const struct bfly_compat_family *family,
				    int flags, u8 cmd)
{
	return genlmsg_put(skb, portid, seq, &family->kernel, flags, cmd);
}

static inline void *
bfly_compat_put_reply(struct sk_buff *skb, const struct bfly_compat_info *info,
		      const struct bfly_compat_family *family, int flags, u8 cmd)
{
	return bfly_compat_put(skb, info->snd_portid, info->snd_seq, family,
			       flags, cmd);
}

static inline void *bfly_compat_iput(struct sk_buff *skb,
				     const struct bfly_compat_info *info)
{
	return bfly_compat_put_reply(skb, info, info->family, 0,
				     info->genlhdr->cmd);
}

static inline int bfly_compat_reply(struct sk_buff *skb,
				    const struct bfly_compat_info *info)
{
	return genlmsg_unicast(bfly_compat_info_net(info), skb,
			       info->snd_portid);
}

static inline int
bfly_compat_multicast_netns(const struct bfly_compat_family *family,
			    struct net *net, struct sk_buff *skb, u32 portid,
			    unsigned int group, gfp_t flags)
{
	return genlmsg_multicast_netns(&family->kernel, net, skb, portid, group,
				       flags);
}

static inline int
bfly_compat_has_listeners(const struct bfly_compat_family *family,
			  struct net *net, unsigned int group)
{
	return genl_has_listeners(&family->kernel, net, group);
}

static inline int bfly_compat_set_err(const struct bfly_compat_family *family,
				      struct net *net, u32 portid, u32 group,
				      int code)
{
	return genl_set_err(&family->kernel, net, portid, group, code);
}

static inline void bfly_compat_notify(const struct bfly_compat_family *family,
				      struct sk_buff *skb,
				      const struct bfly_compat_info *info,
				      u32 group, gfp_t flags)
{
	nlmsg_notify(bfly_compat_info_net(info)->genl_sock, skb,
		     info->snd_portid, family->kernel.mcgrp_offset + group,
		     nlmsg_report(info->nlhdr), flags);
}

#define genl_family		bfly_compat_family
#define genl_info		bfly_compat_info
#define genl_split_ops		bfly_compat_split_ops
#define genl_dumpit_info	bfly_compat_dumpit_info
#define genl_register_family	bfly_compat_register_family
#define genl_unregister_family	bfly_compat_unregister_family
#define genl_info_dump		bfly_compat_info_dump
#define genl_info_net		bfly_compat_info_net
#define genlmsg_put		bfly_compat_put
#define genlmsg_put_reply	bfly_compat_put_reply
#define genlmsg_iput		bfly_compat_iput
#define genlmsg_reply		bfly_compat_reply
#define genlmsg_multicast_netns	bfly_compat_multicast_netns
#define genl_has_listeners	bfly_compat_has_listeners
#define genl_set_err		bfly_compat_set_err
#define genl_notify		bfly_compat_notify

#define GENL_SET_ERR_MSG_FMT(info, msg, args...) \
	NL_SET_ERR_MSG_FMT((info)->extack, msg, ##args)

#undef GENL_REQ_ATTR_CHECK
#define GENL_REQ_ATTR_CHECK(info, attr) ({				\
	const struct genl_info *__info = (info);			\
									\
	NL_REQ_ATTR_CHECK(__info->extack, NULL, __info->attrs, (attr));	\
})

#endif /* LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0) */

#endif /* _BFLY_COMPAT_NET_GENETLINK_H */
