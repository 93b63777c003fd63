// SPDX-License-Identifier: GPL-2.0
#include "judge.h"

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

enum bfly_drop bfly_judge_out(const struct bfly_port_conf *conf,
			      const struct sk_buff *skb,
			      const struct bfly_parsed *parsed)
{
	enum bfly_drop drop = bfly_guard(conf, skb, parsed);
	struct bfly_rule *rule;

	if (drop)
		return drop;
	switch (parsed->class) {
	case BFLY_CLASS_ARP:
	case BFLY_CLASS_ND:
	case BFLY_CLASS_MLD:
		return BFLY_PASS;
	case BFLY_CLASS_FLOW:
		drop = bfly_judge_begin_out(conf, &parsed->key, &rule);
		bfly_rule_hit(rule);
		return drop;
	case BFLY_CLASS_FRAGMENT:
		return BFLY_DROP_FRAG_NO_FIRST;
	default:
		return BFLY_DROP_NO_FLOW;
	}
}

enum bfly_drop bfly_judge_in(const struct bfly_port_conf *conf,
			     const struct bfly_parsed *parsed)
{
	struct bfly_rule *rule;
	enum bfly_drop drop;

	switch (parsed->class) {
	case BFLY_CLASS_ARP:
	case BFLY_CLASS_ND:
	case BFLY_CLASS_MLD:
		return BFLY_PASS;
	case BFLY_CLASS_FLOW:
		drop = bfly_judge_begin_in(conf, &parsed->key, &rule);
		bfly_rule_hit(rule);
		return drop;
	case BFLY_CLASS_FRAGMENT:
		return BFLY_DROP_FRAG_NO_FIRST;
	case BFLY_CLASS_OTHER:
	case BFLY_CLASS_RARP:
		return BFLY_DROP_NOT_IP;
	default:
		return BFLY_DROP_NO_FLOW;
	}
}
