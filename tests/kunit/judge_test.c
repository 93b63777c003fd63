// SPDX-License-Identifier: GPL-2.0
/* Packets that are judged by themselves, with state and without. */

#include <linux/icmp.h>
#include <linux/ip.h>
#include <linux/skbuff.h>

#include "judge.h"
#include "policy_test.h"

static struct bfly_rule rules[] = {
	{ .direction = IN, PORT(IPPROTO_UDP, 7) },
	{ .direction = IN, PORT(IPPROTO_ICMP, 0) },
	{ .direction = IN, PORT(IPPROTO_ICMP, 3 << 8 | 1),
	  .remote = PREFIX4(IP4(10, 0, 0, 9), 32) },
	{ .direction = OUT, TYPE(IPPROTO_ICMP, 3) },
};

/* A port with these rules. */
struct fixture {
	struct bfly_policy_set set;
	struct bfly_port_conf conf;
	struct sk_buff *skb;
};

static void free_packet(void *skb)
{
	kfree_skb(skb);
}

/* An ICMP packet from 10.0.0.9 to the port, as far as rules look. */
static struct fixture *make(struct kunit *test, u8 type, u8 code)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	struct icmphdr *icmp;
	struct iphdr *ip;

	KUNIT_ASSERT_NOT_NULL(test, f);
	RCU_INIT_POINTER(f->set.policy,
			 compile(test, rules, ARRAY_SIZE(rules)));
	f->conf.set = &f->set;
	f->skb = alloc_skb(64, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f->skb);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_packet,
							   f->skb));
	f->skb->protocol = htons(ETH_P_IP);
	ip = skb_put_zero(f->skb, sizeof(*ip));
	ip->saddr = htonl(IP4(10, 0, 0, 9));
	ip->daddr = htonl(IP4(10, 0, 0, 1));
	icmp = skb_put_zero(f->skb, sizeof(*icmp));
	icmp->type = type;
	icmp->code = code;
	return f;
}

static enum bfly_drop judge_in(struct fixture *f, bool stateless,
			       const struct bfly_parsed *parsed)
{
	enum bfly_drop drop;

	f->conf.stateless = stateless;
	rcu_read_lock();
	drop = bfly_judge_in(&f->conf, f->skb, parsed);
	rcu_read_unlock();
	return drop;
}

static enum bfly_drop judge_out(struct fixture *f, bool stateless,
				const struct bfly_parsed *parsed)
{
	enum bfly_drop drop;

	f->conf.stateless = stateless;
	rcu_read_lock();
	drop = bfly_judge_out(&f->conf, f->skb, parsed);
	rcu_read_unlock();
	return drop;
}

static void judge_packets(struct kunit *test)
{
	struct bfly_parsed parsed = {
		.class = BFLY_CLASS_FLOW,
		.key = key4(IP4(10, 0, 0, 9), IP4(10, 0, 0, 1), IPPROTO_UDP, 7),
	};
	struct fixture *f = make(test, 0, 0);
	s64 hits = atomic64_read(&rules[0].hits);

	KUNIT_EXPECT_EQ(test, BFLY_PASS, judge_in(f, true, &parsed));
	KUNIT_EXPECT_EQ(test, BFLY_PASS, judge_in(f, false, &parsed));
	KUNIT_EXPECT_EQ(test, hits + 2, atomic64_read(&rules[0].hits));
	parsed.key.dport = htons(8);
	KUNIT_EXPECT_EQ(test, BFLY_DROP_NO_RULE_IN, judge_in(f, true, &parsed));
	KUNIT_EXPECT_EQ(test, BFLY_DROP_NO_RULE_OUT, judge_out(f, true, &parsed));
	KUNIT_EXPECT_EQ(test, hits + 2, atomic64_read(&rules[0].hits));
	parsed.class = BFLY_CLASS_FRAGMENT;
	KUNIT_EXPECT_EQ(test, BFLY_DROP_FRAG_NO_FIRST,
			judge_in(f, true, &parsed));
}

/* Its flow has the query's type and the identifier for a port. */
static void judge_reply(struct kunit *test)
{
	struct bfly_parsed parsed = {
		.class = BFLY_CLASS_REPLY,
		.key = key4(IP4(10, 0, 0, 9), IP4(10, 0, 0, 1), IPPROTO_ICMP, 77),
	};
	struct fixture *f = make(test, 0, 0);

	KUNIT_EXPECT_EQ(test, BFLY_PASS, judge_in(f, true, &parsed));
	KUNIT_EXPECT_EQ(test, BFLY_DROP_NO_FLOW, judge_in(f, false, &parsed));
	KUNIT_EXPECT_EQ(test, BFLY_DROP_NO_RULE_OUT, judge_out(f, true, &parsed));
	parsed.icmp_type = ICMP_TIMESTAMPREPLY;
	KUNIT_EXPECT_EQ(test, BFLY_DROP_NO_RULE_IN, judge_in(f, true, &parsed));
}

/* What it quotes, here something of UDP, is not what it is. */
static void judge_error(struct kunit *test)
{
	struct bfly_parsed parsed = {
		.class = BFLY_CLASS_ERROR, .icmp_type = ICMP_DEST_UNREACH,
		.l4_off = sizeof(struct iphdr),
		.quoted_off = sizeof(struct iphdr) + sizeof(struct icmphdr),
		.key = key4(IP4(10, 0, 0, 3), IP4(10, 0, 0, 1), IPPROTO_UDP, 7),
	};
	struct fixture *f = make(test, ICMP_DEST_UNREACH, 1);

	KUNIT_EXPECT_EQ(test, BFLY_PASS, judge_in(f, true, &parsed));
	KUNIT_EXPECT_EQ(test, BFLY_DROP_NO_FLOW, judge_in(f, false, &parsed));
	KUNIT_EXPECT_EQ(test, BFLY_PASS, judge_out(f, true, &parsed));
	KUNIT_EXPECT_EQ(test, BFLY_DROP_NO_FLOW, judge_out(f, false, &parsed));
	f->skb->data[parsed.l4_off + 1] = 2;
	KUNIT_EXPECT_EQ(test, BFLY_DROP_NO_RULE_IN, judge_in(f, true, &parsed));
	KUNIT_EXPECT_EQ(test, BFLY_PASS, judge_out(f, true, &parsed));
}

static struct kunit_case judge_cases[] = {
	KUNIT_CASE(judge_packets),
	KUNIT_CASE(judge_reply),
	KUNIT_CASE(judge_error),
	{}
};

static struct kunit_suite judge_suite = {
	.name = "bfly-judge",
	.test_cases = judge_cases,
};

kunit_test_suites(&judge_suite);
