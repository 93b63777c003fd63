// SPDX-License-Identifier: GPL-2.0
#include "judge.h"

#include <linux/ip.h>
#include <linux/ipv6.h>

#include "group.h"
#include "guard.h"

static const struct bfly_policy *conf_policy(const struct bfly_port_conf *conf)
{
	return rcu_dereference(conf->set->policy);
}

enum bfly_drop bfly_judge_begin_out(const struct bfly_port_conf *conf,
				    const struct bfly_key *key,
				    struct bfly_rule **rule)
{
	const struct bfly_policy *policy = conf_policy(conf);

	*rule = bfly_policy_find(policy, BFLY_DIRECTION_OUT, key);
	if (*rule)
		return BFLY_PASS;
	/* the default, which the first rule replaces */
	if (!bfly_policy_has_out(policy) &&
	    (bfly_guard_owns(conf, &key->src, key->family) ||
	     bfly_guard_dhcp_client(key)))
		return BFLY_PASS;
	return BFLY_DROP_NO_RULE_OUT;
}

enum bfly_drop bfly_judge_begin_in(const struct bfly_port_conf *conf,
				   const struct bfly_key *key,
				   struct bfly_rule **rule)
{
	const struct bfly_policy *policy = conf_policy(conf);

	*rule = bfly_policy_find(policy, BFLY_DIRECTION_IN, key);
	if (*rule)
		return BFLY_PASS;
	/* the answer to a DHCP client's broadcast matches no flow */
	if (!bfly_policy_has_out(policy) && bfly_guard_dhcp_server(key))
		return BFLY_PASS;
	return BFLY_DROP_NO_RULE_IN;
}

/* Where an ICMP error itself is from and goes to, not what it quotes. */
static void error_addresses(const struct sk_buff *skb, struct bfly_key *key)
{
	const struct ipv6hdr *ip6 = (const void *)skb->data;
	const struct iphdr *ip = (const void *)skb->data;

	memset(key, 0, offsetof(struct bfly_key, net));
	if (key->family == AF_INET) {
		key->src.s6_addr32[0] = ip->saddr;
		key->dst.s6_addr32[0] = ip->daddr;
		key->proto = IPPROTO_ICMP;
	} else {
		key->src = ip6->saddr;
		key->dst = ip6->daddr;
		key->proto = IPPROTO_ICMPV6;
	}
}

/* 0 where it is not at hand: in the later fragments of an error. */
static u8 error_code(const struct sk_buff *skb,
		     const struct bfly_parsed *parsed)
{
	const u8 *type_code;
	u8 buf[2];

	if (!parsed->quoted_off)
		return 0;
	type_code = skb_header_pointer(skb, parsed->l4_off, sizeof(buf), buf);
	return type_code ? type_code[1] : 0;
}

/*
 * A packet's own key, as rules see it by itself: a reply's flow has the type of
 * the query, an error's is what it quotes. Replies have code 0 (RFC 792,
 * RFC 4443).
 */
static void single_key(const struct sk_buff *skb,
		       const struct bfly_parsed *parsed, struct bfly_key *key)
{
	u8 code = 0;

	*key = parsed->key;
	if (parsed->class == BFLY_CLASS_FLOW)
		return;
	if (parsed->class == BFLY_CLASS_ERROR) {
		error_addresses(skb, key);
		code = error_code(skb, parsed);
	}
	key->dport = htons(parsed->icmp_type << 8 | code);
}

static enum bfly_drop judge_rules(const struct bfly_port_conf *conf,
				  int direction, const struct sk_buff *skb,
				  const struct bfly_parsed *parsed)
{
	struct bfly_rule *rule;
	enum bfly_drop drop;
	struct bfly_key key;

	single_key(skb, parsed, &key);
	drop = direction == BFLY_DIRECTION_OUT ?
	       bfly_judge_begin_out(conf, &key, &rule) :
	       bfly_judge_begin_in(conf, &key, &rule);
	bfly_rule_hit(rule);
	return drop;
}

static enum bfly_drop judge_single(const struct bfly_port_conf *conf,
				   int direction, const struct sk_buff *skb,
				   const struct bfly_parsed *parsed)
{
	switch (parsed->class) {
	case BFLY_CLASS_ARP:
	case BFLY_CLASS_ND:
	case BFLY_CLASS_MLD:
		return BFLY_PASS;
	case BFLY_CLASS_FLOW:
		return judge_rules(conf, direction, skb, parsed);
	case BFLY_CLASS_FRAGMENT:
		return BFLY_DROP_FRAG_NO_FIRST;
	case BFLY_CLASS_REPLY:
	case BFLY_CLASS_ERROR:
		return conf->stateless ?
		       judge_rules(conf, direction, skb, parsed) :
		       BFLY_DROP_NO_FLOW;
	default:
		return BFLY_DROP_NOT_IP;
	}
}

enum bfly_drop bfly_judge_out(const struct bfly_port_conf *conf,
			      const struct sk_buff *skb,
			      const struct bfly_parsed *parsed)
{
	return judge_single(conf, BFLY_DIRECTION_OUT, skb, parsed);
}

enum bfly_drop bfly_judge_in(const struct bfly_port_conf *conf,
			     const struct sk_buff *skb,
			     const struct bfly_parsed *parsed)
{
	return judge_single(conf, BFLY_DIRECTION_IN, skb, parsed);
}
