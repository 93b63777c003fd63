/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether the groups of a port let a packet pass, flows apart.
 *
 * An end of a packet's way is open: it judges nothing; or it keeps state: it
 * judges the first packet of a flow; or it is stateless: it judges each packet.
 * There is a flow only where an end keeps state.
 */
#ifndef _BFLY_JUDGE_H
#define _BFLY_JUDGE_H

#include "parse.h"
#include "policy.h"
#include "port.h"

/* Neither groups nor source checks: what a tunnel has, too. */
static inline bool bfly_conf_open(const struct bfly_port_conf *conf)
{
	return !conf || conf->bypass;
}

static inline bool bfly_conf_stateful(const struct bfly_port_conf *conf)
{
	return !bfly_conf_open(conf) && !conf->stateless;
}

static inline bool bfly_conf_stateless(const struct bfly_port_conf *conf)
{
	return !bfly_conf_open(conf) && conf->stateless;
}

/**
 * bfly_judge_begin_out() - whether a port may begin a flow
 * @conf: its configuration
 * @key: key of the flow's first packet
 * @rule: gets the rule that allows it, or NULL when it is the default, or none
 *
 * Context: RCU read side.
 * Return: BFLY_PASS or NO_RULE_OUT.
 */
enum bfly_drop bfly_judge_begin_out(const struct bfly_port_conf *conf,
				    const struct bfly_key *key,
				    struct bfly_rule **rule);

/* The same for the port that a flow is begun to; NO_RULE_IN. */
enum bfly_drop bfly_judge_begin_in(const struct bfly_port_conf *conf,
				   const struct bfly_key *key,
				   struct bfly_rule **rule);

/**
 * bfly_judge_out() - judge a packet by itself, as its sender's port does
 * @conf: configuration of the port
 * @skb: the packet
 * @parsed: what bfly_parse() found
 *
 * For packets that belong to no flow, as ARP, or that never make one, as
 * multicast, and for all packets of a stateless port: there ICMP replies and
 * errors are packets like others. The rule that lets one pass counts it.
 *
 * Context: RCU read side. The source was checked by bfly_guard().
 * Return: BFLY_PASS or why it is dropped.
 */
enum bfly_drop bfly_judge_out(const struct bfly_port_conf *conf,
			      const struct sk_buff *skb,
			      const struct bfly_parsed *parsed);

/* The same for the port that it goes to. */
enum bfly_drop bfly_judge_in(const struct bfly_port_conf *conf,
			     const struct sk_buff *skb,
			     const struct bfly_parsed *parsed);

#endif /* _BFLY_JUDGE_H */
