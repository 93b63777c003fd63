/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/bfly.yaml */
/* YNL-GEN kernel header */
/* To regenerate run: tools/net/ynl/ynl-regen.sh */

#ifndef _LINUX_BFLY_GEN_H
#define _LINUX_BFLY_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/bfly.h>

/* Common nested types */
extern const struct nla_policy bfly_backend_nl_policy[BFLY_A_BACKEND_MAC + 1];
extern const struct nla_policy bfly_prefix_nl_policy[BFLY_A_PREFIX_LEN + 1];
extern const struct nla_policy bfly_rule_nl_policy[BFLY_A_RULE_REMOTE_GROUP + 1];

int bfly_nl_pre_doit(const struct genl_split_ops *ops, struct sk_buff *skb,
		     struct genl_info *info);
void
bfly_nl_post_doit(const struct genl_split_ops *ops, struct sk_buff *skb,
		  struct genl_info *info);

int bfly_nl_switch_get_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_switch_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int bfly_nl_switch_set_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_net_new_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_net_set_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_net_del_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_net_get_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_net_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int bfly_nl_remote_new_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_remote_del_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_remote_get_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_remote_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int bfly_nl_fdb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int bfly_nl_uplink_new_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_uplink_del_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_uplink_get_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_uplink_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int bfly_nl_port_new_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_port_set_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_port_del_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_port_get_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int bfly_nl_group_new_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_group_set_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_group_del_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_group_get_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_group_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int bfly_nl_rule_new_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_rule_del_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_rule_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int bfly_nl_member_new_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_member_del_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_member_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int bfly_nl_pool_new_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_pool_set_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_pool_del_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_pool_get_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_pool_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int bfly_nl_backend_new_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_backend_set_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_backend_del_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_backend_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int bfly_nl_service_new_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_service_set_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_service_del_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_service_get_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_service_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int bfly_nl_flow_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int bfly_nl_flow_del_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info);
int bfly_nl_flow_count_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	BFLY_NLGRP_CONFIG,
	BFLY_NLGRP_EVENTS,
};

extern struct genl_family bfly_nl_family;

#endif /* _LINUX_BFLY_GEN_H */
