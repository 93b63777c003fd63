/* SPDX-License-Identifier: GPL-2.0 */
/* What the handlers of all objects share; each object's are in nl_<object>.c. */
#ifndef _BFLY_NETLINK_H
#define _BFLY_NETLINK_H

#include <linux/if_ether.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "addr.h"
#include "counters.h"
#include "netlink_gen.h"
#include "switch.h"

/*
 * "dev", the index of the switch, is the first attribute of every set, and
 * "replace" the second where there is a "new" operation; netlink.c checks that.
 */
#define BFLY_A_DEV	1
#define BFLY_A_REPLACE	2

/* Refuse a request: extack text, offending attribute and errno in one. */
#define bfly_nl_refuse(info, attr, err, fmt, ...) ({			\
	NL_SET_ERR_MSG_ATTR_FMT((info)->extack, attr, fmt, ##__VA_ARGS__); \
	-(err);								\
})

/* The switch of a request; bfly_nl_pre_doit() found it and holds RTNL. */
static inline struct bfly_switch *bfly_nl_switch(const struct genl_info *info)
{
	return info->user_ptr[0];
}

/* Refuse unless the attribute is there. */
int bfly_nl_need(struct genl_info *info, int attrtype, const char *name);

/* The netdev whose index an attribute has, or ERR_PTR(), explained. Context: RTNL. */
struct net_device *bfly_nl_dev(struct genl_info *info, int attrtype,
			       const char *name);

/* Whether a "new" request wants to replace what is there. */
static inline bool bfly_nl_replace(const struct genl_info *info)
{
	return nla_get_flag(info->attrs[BFLY_A_REPLACE]);
}

/*
 * Walk all attributes of one type at the top level of a request, for lists
 * (multi-attr in the spec).
 */
#define bfly_nl_for_each(pos, type, info, rem)				\
	nlmsg_for_each_attr_type(pos, type, (info)->nlhdr,		\
				 GENL_HDRLEN + (info)->family->hdrsize, rem)

unsigned int bfly_nl_count(const struct genl_info *info, int type);

/**
 * typedef bfly_nl_fill_t - put an object's attributes into a message
 * @skb: message; the switch's ifindex is already there
 * @sw: the switch
 * @obj: the object
 *
 * Return: 0 or -EMSGSIZE.
 */
typedef int (*bfly_nl_fill_t)(struct sk_buff *skb, struct bfly_switch *sw,
			      const void *obj);

/* Answer a get with one object. */
int bfly_nl_reply(struct genl_info *info, bfly_nl_fill_t fill,
		  const void *obj);

/* Tell the config group; @cmd is one of the -ntf commands. Context: RTNL. */
void bfly_nl_notify(struct bfly_switch *sw, u8 cmd, bfly_nl_fill_t fill,
		    const void *obj);

/* Tell the events group of something that happened. Context: any. */
void bfly_nl_event(struct bfly_switch *sw, u8 cmd, bfly_nl_fill_t fill,
		   const void *obj);

/**
 * struct bfly_nl_dump - state of a dump in netlink_callback's ctx
 * @sw_index: ifindex of the switch that the dump is in
 * @pos: how many of its objects are done
 * @sub: how many parts of the object at @pos are done
 * @skip: of a net's MACs, how many of the bucket at @sub are done
 * @table: of a net's MACs, which table @sub is of: its random seed
 * @via: of remotes, the last one's address
 * @mac: of remotes, the last one's MAC
 */
struct bfly_nl_dump {
	int sw_index;
	u32 pos;
	u32 sub;
	u32 skip;
	u32 table;
	struct bfly_addr via;
	u8 mac[ETH_ALEN];
};

/**
 * bfly_nl_dump_switches() - run a dump over the switch or switches asked for
 * @skb: message to fill
 * @cb: the dump
 * @one: dumps the objects of one switch. It starts at @state->pos, raises it with
 *	each object that went in (bfly_nl_dump_put()), and returns 0 when
 *	there is no more or -EMSGSIZE when the message is full.
 *
 * Takes RTNL. A change between two messages of a dump of the switch is told by
 * NLM_F_DUMP_INTR.
 *
 * Return: as dumpit() has to.
 */
int bfly_nl_dump_switches(struct sk_buff *skb, struct netlink_callback *cb,
			  int (*one)(struct sk_buff *skb,
				     struct netlink_callback *cb,
				     struct bfly_switch *sw,
				     struct bfly_nl_dump *state));

/* One message of a dump: header, dev, the object. 0 or -EMSGSIZE. */
int bfly_nl_dump_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd,
		     bfly_nl_fill_t fill, struct bfly_switch *sw,
		     const void *obj);

/* An attribute of a dump's request, or NULL. */
struct nlattr *bfly_nl_dump_attr(struct netlink_callback *cb, int type);

/*
 * Put counters, whose attributes follow each other from @first, rx-packets, on:
 * four of traffic, or these and two of drops. 0 or -EMSGSIZE.
 */
int bfly_nl_put_traffic(struct sk_buff *skb, int first,
			const struct bfly_counters *sum);
int bfly_nl_put_counters(struct sk_buff *skb, int first,
			 const struct bfly_counters *sum);

int bfly_netlink_init(void);
void bfly_netlink_exit(void);

#endif /* _BFLY_NETLINK_H */
