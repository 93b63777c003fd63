// SPDX-License-Identifier: GPL-2.0
/*
 * What shall become of a packet, as the documentation of groups has it, without any
 * thought of speed.
 */
#include <string.h>
#include <netinet/in.h>
#include "oracle.h"

#define FLOWS_MAX	4096
/* Extension headers that the switch walks past. */
#define EXTENSIONS_MAX	8

static struct packet flows[FLOWS_MAX];
static unsigned int flow_count;

void forget_flows(void)
{
	flow_count = 0;
}

static bool in_prefix(const struct prefix *prefix, bool ip6, const uint8_t *addr)
{
	unsigned int bit;

	if (prefix->ip6 != ip6)
		return false;
	for (bit = 0; bit < prefix->len; bit++)
		if ((prefix->addr[bit / 8] ^ addr[bit / 8]) & (0x80 >> bit % 8))
			return false;
	return true;
}

static bool owns(const struct port *port, bool ip6, const uint8_t *addr)
{
	int i;

	for (i = 0; i < PORT_ADDRS; i++)
		if (in_prefix(&port->addrs[i], ip6, addr))
			return true;
	return false;
}

static bool is_member(const struct policy *policy, unsigned int number, bool ip6,
		      const uint8_t *addr)
{
	const struct group *group = &policy->groups[number];
	unsigned int i;

	if (number == NO_GROUP)
		return false;
	for (i = 0; i < group->member_count; i++)
		if (in_prefix(&group->members[i], ip6, addr))
			return true;
	for (i = 0; group->automatic && i < SIDES; i++)
		if (policy->ports[i].carries[number] &&
		    owns(&policy->ports[i], ip6, addr))
			return true;
	return false;
}

static bool rule_allows(const struct policy *policy, const struct rule *rule,
			const struct packet *packet)
{
	const uint8_t *other = rule->direction == IN ? packet->src : packet->dst;

	if (rule->proto != ANY) {
		if (rule->proto != packet->proto)
			return false;
		/* neither is a service of the other family */
		if (packet->proto == (packet->ip6 ? IPPROTO_ICMP : IPPROTO_ICMPV6))
			return false;
		if (packet->what < rule->low || packet->what > rule->high)
			return false;
	}
	switch (rule->remote) {
	case IN_PREFIX:
		return in_prefix(&rule->prefix, packet->ip6, other);
	case IN_GROUP:
		return is_member(policy, rule->group, packet->ip6, other);
	default:
		return true;
	}
}

/* Whether a rule of a port's groups allows it; @any tells whether there is one. */
static bool port_allows(const struct policy *policy, int side,
			enum direction direction, const struct packet *packet,
			bool *any)
{
	const struct group *group;
	bool allowed = false;
	unsigned int i, j;

	*any = false;
	for (i = 0; i < GROUPS; i++) {
		if (!policy->ports[side].carries[i])
			continue;
		group = &policy->groups[i];
		for (j = 0; j < group->rule_count; j++) {
			if (group->rules[j].direction != direction)
				continue;
			*any = true;
			if (rule_allows(policy, &group->rules[j], packet))
				allowed = true;
		}
	}
	return allowed;
}

bool is_icmp(const struct packet *packet)
{
	return packet->proto == (packet->ip6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
}

/* An echo reply, which never begins anything. */
bool is_answer(const struct packet *packet)
{
	return is_icmp(packet) &&
	       packet->what >> 8 == (packet->ip6 ? 129u : 0u);
}

struct packet answer_to(const struct packet *packet)
{
	struct packet answer = *packet;

	answer.from = !packet->from;
	memcpy(answer.src, packet->dst, 16);
	memcpy(answer.dst, packet->src, 16);
	if (is_icmp(packet)) {
		/* request and reply */
		answer.what = packet->ip6 ? packet->what ^ 1 << 8 :
					    packet->what ^ 8 << 8;
	} else {
		answer.sport = packet->what;
		answer.what = packet->sport;
	}
	return answer;
}

static bool same(const struct packet *a, const struct packet *b)
{
	return a->ip6 == b->ip6 && a->proto == b->proto &&
	       a->sport == b->sport && a->what == b->what &&
	       !memcmp(a->src, b->src, 16) && !memcmp(a->dst, b->dst, 16);
}

/* Whether a packet belongs to a flow that was allowed to begin. */
static bool in_flow(const struct packet *packet)
{
	struct packet answer = answer_to(packet);
	unsigned int i;

	for (i = 0; i < flow_count; i++)
		if (same(&flows[i], packet) || same(&flows[i], &answer))
			return true;
	return false;
}

static bool may_begin(const struct policy *policy, const struct packet *packet)
{
	bool any;

	/* without any rule for it a port may send from its addresses, as was seen */
	if (!port_allows(policy, packet->from, OUT, packet, &any) && any)
		return false;
	return port_allows(policy, !packet->from, IN, packet, &any);
}

static bool packet_passes(const struct policy *policy,
			  const struct packet *packet)
{
	if (!owns(&policy->ports[packet->from], packet->ip6, packet->src))
		return false;
	if (in_flow(packet))
		return true;
	if (is_answer(packet) || !may_begin(policy, packet))
		return false;
	if (flow_count < FLOWS_MAX)
		flows[flow_count++] = *packet;
	return true;
}

/* An error goes back to who sent the packet that it quotes, if that passed. */
static bool error_passes(const struct policy *policy,
			 const struct question *question)
{
	const struct packet *quoted = &question->packet;

	return owns(&policy->ports[!quoted->from], quoted->ip6, question->src) &&
	       !memcmp(question->dst, quoted->src, 16) && in_flow(quoted);
}

bool verdict(const struct policy *policy, const struct question *question)
{
	if (question->packet.ip6 && question->extensions > EXTENSIONS_MAX)
		return false;
	if (question->kind == ERROR)
		return error_passes(policy, question);
	return packet_passes(policy, &question->packet);
}
