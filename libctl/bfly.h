/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * libbfly: control of bfly switches through the generic-netlink family "bfly".
 *
 * The library mirrors the netlink interface, kmod/uapi/bfly.yaml: one struct
 * an object, one function an operation. It prints nothing, never exits, keeps
 * no global state.
 *
 * Objects. Bit BFLY_A_<SET>_<NAME> of `set` says that the attribute is there:
 *
 *	struct bfly_net net = {
 *		.set = BFLY_F(NET_ID) | BFLY_F(NET_VNI), .id = 42, .vni = 4242,
 *	};
 *	err = bfly_net_new(ctl, &net, BFLY_ADD);
 *
 * A field without its bit is neither sent nor, in a reply, meaningful. Structs
 * grow at their end only, and the library looks at no field without its bit,
 * so a program built with an older header goes on working. Clear a struct with
 * `= {0}` before use. `dev` may be left out of every request while the
 * namespace has one switch; a dump without it tells of all switches.
 *
 * Lifetime. What a request points to is read during the call only. An object
 * given to a callback, with all that it points to, belongs to the library and
 * is gone when the callback returns.
 *
 * Errors. Calls return 0 or a negative errno; bfly_ctl_error() then has a
 * text, the kernel's own where it sent one. The commonest: -ENOENT not there,
 * -EEXIST there already, -EINVAL and -ERANGE bad value, -EPERM no
 * CAP_NET_ADMIN in the namespace, -ENODEV no such switch, -EBUSY in use,
 * -ENOSPC a limit is reached, -EOPNOTSUPP unknown to this module,
 * -EAGAIN a table kept changing while it was read.
 * A request that is refused has changed nothing.
 *
 * Callbacks return 0 to go on; anything else ends the dump and is returned.
 *
 * Threads. A handle serves one thread at a time; several handles are
 * independent of each other. The parsers and formatters are reentrant.
 */
#ifndef LIBBFLY_BFLY_H
#define LIBBFLY_BFLY_H

#include <stddef.h>
#include <stdint.h>
#include <linux/bfly.h>

#ifdef __cplusplus
extern "C" {
#endif

/** BFLY_F() - Bit of an attribute in `set`: BFLY_F(NET_VNI). */
#define BFLY_F(attr)	(UINT64_C(1) << BFLY_A_##attr)

/* ---- values ---- */

/** struct bfly_addr - An IP address; @len 4 or 16, network order. */
struct bfly_addr {
	uint8_t len;
	uint8_t bytes[16];
};

/** struct bfly_prefix - An address and a prefix length in bits. */
struct bfly_prefix {
	struct bfly_addr addr;
	uint8_t len;
};

/** struct bfly_mac - An Ethernet address. */
struct bfly_mac {
	uint8_t bytes[6];
};

#define BFLY_ADDR_STRLEN	46	/* with the final zero */
#define BFLY_PREFIX_STRLEN	50
#define BFLY_MAC_STRLEN		18

/**
 * bfly_addr_parse(), bfly_prefix_parse(), bfly_mac_parse() - Text to value.
 * A prefix without "/LEN" has all bits. Nothing may follow the value.
 * Return: 0 or -EINVAL.
 */
int bfly_addr_parse(const char *text, struct bfly_addr *addr);
int bfly_prefix_parse(const char *text, struct bfly_prefix *prefix);
int bfly_mac_parse(const char *text, struct bfly_mac *mac);

/**
 * bfly_addr_format(), bfly_prefix_format(), bfly_mac_format() - Value to text
 * in the canonical form. @buf has at least BFLY_*_STRLEN bytes.
 * Return: @buf.
 */
char *bfly_addr_format(const struct bfly_addr *addr, char *buf);
char *bfly_prefix_format(const struct bfly_prefix *prefix, char *buf);
char *bfly_mac_format(const struct bfly_mac *mac, char *buf);

/* ---- handle ---- */

struct bfly_ctl;

/**
 * bfly_ctl_new() - Make a handle.
 *
 * Nothing is connected yet: the first request connects, in the network
 * namespace that its thread is in then.
 * Return: the handle, to be freed by bfly_ctl_free(), or NULL without memory.
 */
struct bfly_ctl *bfly_ctl_new(void);

/** bfly_ctl_free() - Close the sockets and free the handle; NULL is fine. */
void bfly_ctl_free(struct bfly_ctl *ctl);

/**
 * bfly_ctl_connect() - Connect now. Loads the module where the kernel may.
 * Return: 0, -ENOENT without the module, or another negative errno.
 */
int bfly_ctl_connect(struct bfly_ctl *ctl);

/**
 * bfly_ctl_error() - What went wrong in the last call on this handle.
 *
 * One line without a final full stop. After a call that succeeded it is the
 * kernel's warning, or "". Valid until the next call on the handle.
 */
const char *bfly_ctl_error(const struct bfly_ctl *ctl);

/** bfly_version() - Version of the library, such as "0.1.0". */
const char *bfly_version(void);

/** enum bfly_new_flags - What a bfly_*_new() call does with what is there. */
enum bfly_new_flags {
	BFLY_ADD = 0,		/* -EEXIST when it is there */
	BFLY_REPLACE = 1,	/* make it exactly what the request names */
};

/* ---- switch: a netdev of kind bfly ---- */

struct bfly_switch {
	uint64_t set;
	uint32_t dev;			/* ifindex */
	const char *ifname;
	const struct bfly_addr *local;	/* underlay, at most one a family */
	size_t n_local;
	uint16_t dstport;		/* UDP port of VXLAN, host order */
	uint32_t flow_max;		/* most entries of the flow table */
	uint32_t fdb_max;		/* most learned MACs of a net */
	uint32_t frag_max;		/* most datagrams in fragments */
	/* replies only */
	uint64_t flows;
	uint32_t frags_waiting;		/* for their first one */
	uint32_t nets;
	uint32_t ports;
	uint32_t groups;
	uint32_t pools;
	uint32_t services;
	/* requests only */
	uint32_t clear;			/* BFLY_SWITCH_LIST_* */
	/* seconds without a packet after which a flow is forgotten, 1 to 1000000 */
	uint32_t timeout_tcp_new;
	uint32_t timeout_tcp_established;
	uint32_t timeout_tcp_closing;
	uint32_t timeout_tcp_closed;
	uint32_t timeout_other_new;
	uint32_t timeout_other_established;
	/* replies only */
	uint32_t xdp_support;		/* enum bfly_xdp_support */
};

typedef int bfly_switch_cb(const struct bfly_switch *sw, void *arg);

int bfly_switch_set(struct bfly_ctl *ctl, const struct bfly_switch *sw);
int bfly_switch_get(struct bfly_ctl *ctl, const struct bfly_switch *key,
		    bfly_switch_cb *cb, void *arg);
int bfly_switch_dump(struct bfly_ctl *ctl, const struct bfly_switch *filter,
		     bfly_switch_cb *cb, void *arg);

/* ---- net: a tenant's network; the key is id ---- */

struct bfly_net {
	uint64_t set;
	uint32_t dev;
	uint32_t id;
	uint32_t type;		/* enum bfly_net_type */
	uint32_t vni;		/* vxlan: the id unless set */
	uint8_t learning;	/* 0 or 1 */
	uint32_t ageing;	/* seconds, 0 never */
	/* replies only */
	uint32_t ports;
	uint32_t learned;
	uint32_t uplink;	/* vlan and flat: ifindex of the uplink */
	const char *ifname;	/* its name; replies only */
	uint16_t vid;		/* vlan: the VLAN id */
	/* requests too */
	uint8_t neigh_suppress;	/* 0 or 1, 1 unless set */
	uint32_t unknown;	/* enum bfly_unknown, flood unless set */
	/* replies only; rx is what came into the net */
	uint64_t rx_packets;
	uint64_t rx_bytes;
	uint64_t tx_packets;
	uint64_t tx_bytes;
	uint64_t rx_dropped;
	uint64_t tx_dropped;
	/* settings again */
	uint8_t strict;		/* 0 or 1 */
	uint8_t ttl;		/* outer TTL, 0: as the inner packet's; not there
				 * unless set: 64, to the group 1 */
	uint8_t tos;		/* outer DSCP << 2, 1: as the inner packet's */
	uint32_t csum;		/* enum bfly_csum */
	uint32_t mtu;		/* most that goes into a tunnel, 0: the way's */
	uint32_t clear;		/* set only: enum bfly_net_clear */
	struct bfly_addr mcast;	/* vxlan: the multicast group, */
	uint32_t via;		/* ifindex of where it is joined, */
	const char *via_ifname;	/* its name; replies only */
};

typedef int bfly_net_cb(const struct bfly_net *net, void *arg);

int bfly_net_new(struct bfly_ctl *ctl, const struct bfly_net *net,
		 enum bfly_new_flags flags);
int bfly_net_set(struct bfly_ctl *ctl, const struct bfly_net *net);
int bfly_net_del(struct bfly_ctl *ctl, const struct bfly_net *key);
int bfly_net_get(struct bfly_ctl *ctl, const struct bfly_net *key,
		 bfly_net_cb *cb, void *arg);
int bfly_net_dump(struct bfly_ctl *ctl, const struct bfly_net *filter,
		  bfly_net_cb *cb, void *arg);

/* ---- remote: a static peer; the key is net, via and mac ---- */

struct bfly_remote {
	uint64_t set;
	uint32_t dev;
	uint32_t net;
	struct bfly_addr via;		/* underlay address of the peer */
	struct bfly_mac mac;		/* without one: a flood target */
	const struct bfly_addr *addr;	/* of the host with that MAC */
	size_t n_addr;
	/* replies only, of the peer in all nets; rx is what came from it */
	uint64_t rx_packets;
	uint64_t rx_bytes;
	uint64_t tx_packets;
	uint64_t tx_bytes;
};

typedef int bfly_remote_cb(const struct bfly_remote *remote, void *arg);

int bfly_remote_new(struct bfly_ctl *ctl, const struct bfly_remote *remote,
		    enum bfly_new_flags flags);
int bfly_remote_del(struct bfly_ctl *ctl, const struct bfly_remote *key);
int bfly_remote_get(struct bfly_ctl *ctl, const struct bfly_remote *key,
		    bfly_remote_cb *cb, void *arg);
/** bfly_remote_dump() - @filter may name a net. */
int bfly_remote_dump(struct bfly_ctl *ctl, const struct bfly_remote *filter,
		     bfly_remote_cb *cb, void *arg);

/* ---- fdb: where a net has a MAC; read-only ---- */

struct bfly_fdb {
	uint64_t set;
	uint32_t dev;
	uint32_t net;
	struct bfly_mac mac;
	uint32_t port;		/* ifindex of the port that has it, or */
	const char *ifname;	/* name of port or uplink */
	struct bfly_addr via;	/* the peer that has it, or */
	uint8_t learned;	/* 1 when the bit is set */
	uint32_t age;		/* seconds since it was heard */
	uint32_t uplink;	/* ifindex of the uplink that it is behind */
};

typedef int bfly_fdb_cb(const struct bfly_fdb *fdb, void *arg);

/** bfly_fdb_dump() - @filter may name a net. */
int bfly_fdb_dump(struct bfly_ctl *ctl, const struct bfly_fdb *filter,
		  bfly_fdb_cb *cb, void *arg);

/* ---- uplink: a NIC handed to the switch; the key is ifindex ---- */

struct bfly_uplink {
	uint64_t set;
	uint32_t dev;
	uint32_t ifindex;
	/* replies only */
	const char *ifname;
	uint32_t xdp_support;	/* enum bfly_xdp_support, of the module */
};

typedef int bfly_uplink_cb(const struct bfly_uplink *uplink, void *arg);

int bfly_uplink_new(struct bfly_ctl *ctl, const struct bfly_uplink *uplink,
		    enum bfly_new_flags flags);
int bfly_uplink_del(struct bfly_ctl *ctl, const struct bfly_uplink *key);
int bfly_uplink_get(struct bfly_ctl *ctl, const struct bfly_uplink *key,
		    bfly_uplink_cb *cb, void *arg);
int bfly_uplink_dump(struct bfly_ctl *ctl, const struct bfly_uplink *filter,
		     bfly_uplink_cb *cb, void *arg);

/* ---- port: the interface of a VM or container; the key is ifindex ---- */

struct bfly_port {
	uint64_t set;
	uint32_t dev;
	uint32_t ifindex;
	const char *ifname;	/* replies only */
	uint32_t net;		/* not there in a reply: the port is closed */
	const struct bfly_mac *mac;
	size_t n_mac;
	const struct bfly_prefix *addr;
	size_t n_addr;
	const char *const *group;
	size_t n_group;
	uint8_t antispoof;	/* 0 or 1, 1 unless set */
	uint8_t bypass;		/* 0 or 1 */
	uint8_t dhcp_server;	/* 0 or 1 */
	const char *label;
	uint32_t clear;		/* BFLY_PORT_LIST_*, bfly_port_set() only */
	/* replies only; rx is what the switch took from the port */
	uint64_t rx_packets;
	uint64_t rx_bytes;
	uint64_t tx_packets;
	uint64_t tx_bytes;
	uint64_t rx_dropped;
	uint64_t tx_dropped;
	/* requests too */
	uint32_t flood_limit;	/* packets a second, 0 none */
	uint32_t flow_max;	/* flows of its own, 0 an eighth of the switch's */
	uint8_t stateless;	/* 0 or 1 */
	/* replies only */
	uint32_t flows;		/* of its own */
};

typedef int bfly_port_cb(const struct bfly_port *port, void *arg);

/** bfly_port_new() - Also enslaves the netdev where that was not done. */
int bfly_port_new(struct bfly_ctl *ctl, const struct bfly_port *port,
		  enum bfly_new_flags flags);
/** bfly_port_set() - A list that is named replaces the whole list. */
int bfly_port_set(struct bfly_ctl *ctl, const struct bfly_port *port);
int bfly_port_del(struct bfly_ctl *ctl, const struct bfly_port *key);
int bfly_port_get(struct bfly_ctl *ctl, const struct bfly_port *key,
		  bfly_port_cb *cb, void *arg);
/** bfly_port_dump() - @filter may name a net. */
int bfly_port_dump(struct bfly_ctl *ctl, const struct bfly_port *filter,
		   bfly_port_cb *cb, void *arg);

/* ---- group, rule, member: a security group; the key is name ---- */

struct bfly_rule {
	uint64_t set;
	struct bfly_rule *next;
	uint32_t direction;		/* enum bfly_direction */
	uint8_t proto;			/* any unless set */
	uint16_t port_min;		/* host order */
	uint16_t port_max;		/* the first unless set */
	uint8_t icmp_type;
	uint8_t icmp_code;
	struct bfly_prefix remote;	/* anybody unless this or */
	const char *remote_group;	/* this is set */
};

struct bfly_group {
	uint64_t set;
	uint32_t dev;
	const char *name;
	uint8_t auto_members;		/* 0 or 1, 1 unless set */
	struct bfly_rule *rule;		/* list */
	const struct bfly_addr *member;
	size_t n_member;
	/* replies only */
	uint32_t rules;
	uint32_t members;
	uint32_t ports;
	/* bfly_rule_dump() only, of the one rule */
	uint64_t hits;
};

typedef int bfly_group_cb(const struct bfly_group *group, void *arg);

/** bfly_group_new() - Takes all rules and members in one step. */
int bfly_group_new(struct bfly_ctl *ctl, const struct bfly_group *group,
		   enum bfly_new_flags flags);
int bfly_group_set(struct bfly_ctl *ctl, const struct bfly_group *group);
int bfly_group_del(struct bfly_ctl *ctl, const struct bfly_group *key);
int bfly_group_get(struct bfly_ctl *ctl, const struct bfly_group *key,
		   bfly_group_cb *cb, void *arg);
/** bfly_group_dump() - Tells the numbers of rules and members, not these. */
int bfly_group_dump(struct bfly_ctl *ctl, const struct bfly_group *filter,
		    bfly_group_cb *cb, void *arg);

/**
 * bfly_rule_new(), bfly_rule_del() - Add or delete @group->rule, of the group
 * named @group->name: all or, when one is refused, none.
 */
int bfly_rule_new(struct bfly_ctl *ctl, const struct bfly_group *group,
		  enum bfly_new_flags flags);
int bfly_rule_del(struct bfly_ctl *ctl, const struct bfly_group *group);
/**
 * bfly_rule_dump() - Tell the rules of all groups, or of the one that @filter
 * names; each comes in a struct bfly_group with its counter.
 */
int bfly_rule_dump(struct bfly_ctl *ctl, const struct bfly_group *filter,
		   bfly_group_cb *cb, void *arg);

/** bfly_member_new(), bfly_member_del() - As for rules, with ->member. */
int bfly_member_new(struct bfly_ctl *ctl, const struct bfly_group *group,
		    enum bfly_new_flags flags);
int bfly_member_del(struct bfly_ctl *ctl, const struct bfly_group *group);
/** bfly_member_dump() - As for rules. */
int bfly_member_dump(struct bfly_ctl *ctl, const struct bfly_group *filter,
		     bfly_group_cb *cb, void *arg);

/* ---- pool, backend: the key of a pool is name, of a backend addr ---- */

struct bfly_backend {
	uint64_t set;
	struct bfly_backend *next;
	struct bfly_addr addr;
	uint16_t weight;	/* 1 unless set, 0 no new flows */
	uint32_t state;		/* enum bfly_backend_state */
	struct bfly_mac mac;	/* instead of the neighbour table's */
};

struct bfly_pool {
	uint64_t set;
	uint32_t dev;
	const char *name;
	uint32_t method;	/* enum bfly_method */
	uint32_t hash;		/* enum bfly_hash */
	uint32_t table;		/* slots, a prime; 65537 unless set */
	uint8_t key[BFLY_KEY_LEN];
	uint16_t port;		/* of methods gue, fou and vxlan */
	uint32_t vni;		/* of method vxlan, which needs it */
	uint8_t dscp;		/* of method dscp, which needs it */
	struct bfly_backend *backend;	/* list */
	/* replies only */
	uint32_t backends;
	uint32_t services;
	/* bfly_backend_dump() only, of the one backend */
	uint64_t packets;
	uint64_t bytes;		/* from the IP header on */
	uint64_t new_flows;
	uint32_t slots;
	uint64_t flows;
	/* bfly_backend_dump() only, of the one backend */
	uint64_t state_changes;
	/* BFLY_CMD_BACKEND_UNREACHABLE_NTF only */
	uint8_t icmp_code;
};

typedef int bfly_pool_cb(const struct bfly_pool *pool, void *arg);

/** bfly_pool_new() - Takes all backends in one step. */
int bfly_pool_new(struct bfly_ctl *ctl, const struct bfly_pool *pool,
		  enum bfly_new_flags flags);
int bfly_pool_set(struct bfly_ctl *ctl, const struct bfly_pool *pool);
int bfly_pool_del(struct bfly_ctl *ctl, const struct bfly_pool *key);
int bfly_pool_get(struct bfly_ctl *ctl, const struct bfly_pool *key,
		  bfly_pool_cb *cb, void *arg);
int bfly_pool_dump(struct bfly_ctl *ctl, const struct bfly_pool *filter,
		   bfly_pool_cb *cb, void *arg);

/**
 * bfly_backend_new(), bfly_backend_set(), bfly_backend_del() - For
 * @pool->backend, of the pool named @pool->name: all or, when one is refused,
 * none. The key is ->addr.
 */
int bfly_backend_new(struct bfly_ctl *ctl, const struct bfly_pool *pool,
		     enum bfly_new_flags flags);
int bfly_backend_set(struct bfly_ctl *ctl, const struct bfly_pool *pool);
int bfly_backend_del(struct bfly_ctl *ctl, const struct bfly_pool *pool);
/**
 * bfly_backend_dump() - Tell the backends of all pools, or of the one that
 * @filter names; each comes in a struct bfly_pool with its counters.
 */
int bfly_backend_dump(struct bfly_ctl *ctl, const struct bfly_pool *filter,
		      bfly_pool_cb *cb, void *arg);

/* ---- service: a virtual address; the key is addr, len, proto and port ---- */

struct bfly_service {
	uint64_t set;
	uint32_t dev;
	struct bfly_addr addr;
	uint8_t proto;		/* IPPROTO_TCP, _UDP or _SCTP */
	uint16_t port;		/* host order, 0 every other port */
	const char *pool;
	/* replies only */
	uint64_t packets;
	uint64_t bytes;		/* from the IP header on */
	uint64_t new_flows;
	/* requests too */
	uint8_t len;		/* of a prefix, all bits of the address unless set */
	uint32_t clear;		/* BFLY_SERVICE_CLEAR_*, bfly_service_set() only */
	uint32_t hash;		/* enum bfly_hash, the pool's unless set */
	uint32_t unknown;	/* enum bfly_service_unknown */
	/* replies only */
	uint64_t flows;		/* that it has now */
};

typedef int bfly_service_cb(const struct bfly_service *service, void *arg);

int bfly_service_new(struct bfly_ctl *ctl, const struct bfly_service *service,
		     enum bfly_new_flags flags);
int bfly_service_set(struct bfly_ctl *ctl, const struct bfly_service *service);
int bfly_service_del(struct bfly_ctl *ctl, const struct bfly_service *key);
int bfly_service_get(struct bfly_ctl *ctl, const struct bfly_service *key,
		     bfly_service_cb *cb, void *arg);
int bfly_service_dump(struct bfly_ctl *ctl, const struct bfly_service *filter,
		      bfly_service_cb *cb, void *arg);

/* ---- flow: an entry of the flow table ---- */

struct bfly_flow {
	uint64_t set;
	uint32_t dev;
	uint32_t net;		/* not there in a service's flow */
	uint32_t port;		/* ifindex of a port; requests only */
	uint8_t proto;
	struct bfly_addr src;	/* the side that began it */
	struct bfly_addr dst;
	uint16_t sport;		/* host order; ICMP: identifier */
	uint16_t dport;		/* host order; ICMP: type << 8 | code */
	uint32_t state;		/* enum bfly_flow_state */
	uint32_t expires;	/* seconds */
	const char *pool;
	struct bfly_addr backend;
	uint64_t packets;
	uint64_t bytes;		/* with the Ethernet header */
	uint64_t reply_packets;
	uint64_t reply_bytes;
	uint64_t deleted;	/* bfly_flow_del() only */
	struct bfly_prefix src_prefix;	/* that src is in; requests only */
	struct bfly_prefix dst_prefix;	/* that dst is in; requests only */
	uint64_t count;		/* bfly_flow_count() only */
	uint8_t details;	/* requests only: ask for the following */
	uint32_t out;		/* enum bfly_allowed: at the port that began it, */
	const char *out_group;	/* a rule's group, */
	struct bfly_rule *out_rule;	/* and the rule */
	uint32_t in;		/* the same at the other port */
	const char *in_group;
	struct bfly_rule *in_rule;
};

typedef int bfly_flow_cb(const struct bfly_flow *flow, void *arg);

/**
 * bfly_flow_dump() - @filter may name a net, a port, proto, state, src_prefix
 * and dst_prefix: flows that all of them hold for are told.
 *
 * The table lives while it is read: a flow may be missed. Flows are handed
 * out as they arrive, so @cb must make no call on @ctl.
 */
int bfly_flow_dump(struct bfly_ctl *ctl, const struct bfly_flow *filter,
		   bfly_flow_cb *cb, void *arg);
/** bfly_flow_del() - @deleted, when not NULL, gets the number. */
int bfly_flow_del(struct bfly_ctl *ctl, const struct bfly_flow *filter,
		  uint64_t *deleted);
/** bfly_flow_count() - How many flows a dump with this @filter would tell. */
int bfly_flow_count(struct bfly_ctl *ctl, const struct bfly_flow *filter,
		    uint64_t *count);

/* ---- stats: counters of a switch ---- */

struct bfly_drop {
	uint64_t set;
	struct bfly_drop *next;
	const char *reason;
	const char *meaning;
	uint64_t packets;
};

struct bfly_stats {
	uint64_t set;
	uint32_t dev;
	struct bfly_drop *drop;	/* list, all reasons */
	uint64_t flow_full;	/* flows that found the table full */
	uint64_t fdb_full;	/* MACs not learned as the table was full */
	uint64_t flow_evicted;	/* flows that made room for others */
};

typedef int bfly_stats_cb(const struct bfly_stats *stats, void *arg);

int bfly_stats_get(struct bfly_ctl *ctl, const struct bfly_stats *key,
		   bfly_stats_cb *cb, void *arg);

/* ---- monitor: what changes ---- */

/**
 * struct bfly_event - A change of the configuration, or something that happened.
 * @cmd: BFLY_CMD_*_NTF; or 0 when events were lost, as they came faster than
 *	they were read: read all state anew.
 * @obj: The member of the object that the command's attribute set has; a rule
 *	and a member come in a group, a backend in a pool.
 */
struct bfly_event {
	int cmd;
	union {
		const void *any;
		const struct bfly_switch *sw;
		const struct bfly_net *net;
		const struct bfly_remote *remote;
		const struct bfly_uplink *uplink;
		const struct bfly_port *port;
		const struct bfly_group *group;
		const struct bfly_pool *pool;
		const struct bfly_service *service;
	} obj;
};

typedef int bfly_event_cb(const struct bfly_event *event, void *arg);

/**
 * bfly_monitor_open() - Begin to hear of events, on a socket of its own.
 * Return: a file descriptor for poll(), owned by @ctl, or a negative errno.
 */
int bfly_monitor_open(struct bfly_ctl *ctl);

/**
 * bfly_monitor_read() - Wait for the next events and hand them out.
 * Blocks until there is one unless poll() said so. @cb may make calls on @ctl.
 */
int bfly_monitor_read(struct bfly_ctl *ctl, bfly_event_cb *cb, void *arg);

#ifdef __cplusplus
}
#endif

#endif /* LIBBFLY_BFLY_H */
