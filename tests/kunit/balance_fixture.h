/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the suites of the balancer share: a switch that is made of its tables
 * alone, an uplink that keeps what it is to send, and both hooks for a frame.
 */
#ifndef _BFLY_BALANCE_FIXTURE_H
#define _BFLY_BALANCE_FIXTURE_H

#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/prandom.h>
#include <net/ip6_fib.h>
#include <net/route.h>

#include "drop.h"
#include "pool.h"
#include "service.h"
#include "switch.h"

#define FRAME_MAX	2048
#define GSO_SIZE	1000
#define GSO_SEGS	3
#define IN_MAX		4096
#define BACKENDS	3
#define PORT		1000

static const u8 client_mac[ETH_ALEN] __maybe_unused = { 2, 0, 0, 0, 0, 0x99 };
static const u8 uplink_mac[ETH_ALEN] __maybe_unused = { 2, 0, 0, 0, 0, 0x01 };

/* What the balancer did to a frame. */
enum fate { HOST, DROPPED, SENT };

/**
 * struct outcome - what became of a frame at one hook
 * @fate: of the frame itself
 * @reason: of a drop
 * @packets: counted for services
 * @bytes: counted for services
 * @len: bytes sent
 * @frame: what was sent
 */
struct outcome {
	enum fate fate;
	enum bfly_drop reason;
	u64 packets;
	u64 bytes;
	unsigned int len;
	u8 frame[FRAME_MAX];
};

/**
 * struct fixture - a switch and its uplink
 * @sw: the switch
 * @dev: its uplink, and its own netdev too
 * @rt4: route to all IPv4 backends
 * @rt6: route to all IPv6 backends
 * @ops: of both
 * @sender: what it sends is caught, other tasks' packets are not
 * @sent: that
 * @rnd: for packets
 * @in: a frame for both hooks
 * @whole: the same, before it is cut short
 * @partial: netdev receive gets it with a transport checksum yet to be made, at
 *	this offset; 0 for none
 * @gso: and as one packet that is GSO_SEGS
 * @headroom: bytes in front of it at XDP
 * @room: where XDP has it
 * @rx: result
 * @xdp: result
 */
struct fixture {
	struct bfly_switch *sw;
	struct net_device *dev;
	struct rtable rt4;
	struct rt6_info rt6;
	struct dst_ops ops;
	struct task_struct *sender;
	struct sk_buff_head sent;
	struct rnd_state rnd;
	u8 in[IN_MAX];
	u8 whole[FRAME_MAX];
	unsigned int partial;
	bool gso;
	unsigned int headroom;
	u8 room[4096] __aligned(8);
	struct outcome rx;
	struct outcome xdp;
};

/* Of the services of bfly_fixture_services(). */
static const u8 methods[] __maybe_unused = {
	BFLY_METHOD_L2, BFLY_METHOD_IPIP, BFLY_METHOD_GRE, BFLY_METHOD_GUE,
	BFLY_METHOD_FOU, BFLY_METHOD_VXLAN, BFLY_METHOD_DSCP,
	BFLY_METHOD_GRE_RETARGET,
};

static const u8 protos[] __maybe_unused = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP };

static inline struct bfly_addr vip(u16 family)
{
	struct bfly_addr addr = { .family = family };

	if (family == AF_INET)
		addr.ip4 = htonl(0xcb007101);
	else
		addr.ip6 = (struct in6_addr){ .s6_addr = { 0x20, 1, 0xd, 0xb8, [15] = 1 } };
	return addr;
}

static inline struct bfly_backend_conf backend_conf(u16 family, u8 i)
{
	struct bfly_backend_conf conf = {
		.addr = { .family = family }, .weight = 1,
		.state = BFLY_BACKEND_STATE_UP,
	};
	const u8 mac[ETH_ALEN] = { 2, 0, 0, 0, 1, i };

	if (family == AF_INET)
		conf.addr.ip4 = htonl(0xc0000203 + i);
	else
		conf.addr.ip6 = (struct in6_addr){ .s6_addr = { 0xfd, [15] = i + 1 } };
	conf.mac = bfly_mac_pack(mac);
	return conf;
}

static inline u16 port_of(u8 method, u16 family)
{
	return PORT + 2 * method + (family == AF_INET6);
}

/* A switch without services, for a suite to begin and end its cases with. */
int bfly_fixture_init(struct kunit *test);
void bfly_fixture_exit(struct kunit *test);

/*
 * A way to an address by the fixture's uplink, with a neighbour that has a MAC.
 * Its route is the fixture's: it goes with kfree().
 */
struct bfly_path *bfly_fixture_path(struct kunit *test,
				    const struct bfly_addr *addr);

/* A pool with BACKENDS backends, backend_conf() of @first and those after it. */
struct bfly_pool *bfly_fixture_pool(struct kunit *test, const char *name,
				    u8 method, u16 family, u8 first);

/* The state of the backend with an address, or of all if @addr is NULL. */
void bfly_fixture_backend_set(struct kunit *test, struct bfly_pool *pool,
			      const struct bfly_addr *addr, u8 state);
void bfly_fixture_backend_remove(struct kunit *test, struct bfly_pool *pool,
				 const struct bfly_addr *addr);

/* At the virtual address, or at the prefix that is @wider bits shorter. */
struct bfly_service *bfly_fixture_service(struct kunit *test,
					  struct bfly_pool *pool, u16 family,
					  u8 wider, u8 proto, u16 port);

/*
 * Pools of all methods with backends of both families, and services of all
 * protocols that they can serve at the ports that port_of() tells.
 */
void bfly_fixture_services(struct kunit *test);

/**
 * bfly_fixture_run() - have a hook handle a frame
 * @test: whose fixture has the frame in @in, and gets what became of it
 * @xdp: at XDP, else at netdev receive
 * @len: bytes of the frame
 */
void bfly_fixture_run(struct kunit *test, bool xdp, unsigned int len);

/* The frame of @len bytes fares the same at both hooks. */
void bfly_fixture_both(struct kunit *test, unsigned int len, const char *what);

/* The next frame that was sent; DROPPED if there is none. */
enum fate bfly_fixture_take(struct kunit *test, struct fixture *fx,
			    struct outcome *out);

#endif /* _BFLY_BALANCE_FIXTURE_H */
