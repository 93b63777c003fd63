// SPDX-License-Identifier: GPL-2.0
/* Random groups, near the edges where a matcher may go wrong. */
#include <arpa/inet.h>
#include <string.h>
#include <netinet/in.h>
#include "oracle.h"

static uint64_t state;

void seed(uint64_t value)
{
	state = value;
}

/* splitmix64, of which the upper half is used */
static uint32_t next(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return (z ^ z >> 31) >> 32;
}

uint32_t any_of(uint32_t count)
{
	return next() % count;
}

bool one_in(uint32_t count)
{
	return !any_of(count);
}

unsigned int random_port(void)
{
	static const uint16_t ports[] = { 1, 79, 80, 81, 443, 1023, 0x8000, 65535 };

	return ports[any_of(8)];
}

/* Of a port an address or one in its prefix; of nobody one near them. */
void random_address(const struct policy *policy, int side, bool ip6,
		    uint8_t *addr)
{
	const struct prefix *prefix = &policy->ports[side].addrs[2 * ip6];
	unsigned int last = ip6 ? 15 : 3;

	if (one_in(2))
		prefix++;
	memcpy(addr, prefix->addr, 16);
	if (prefix->len < 8 * (last + 1))
		addr[last] = any_of(256);
	if (one_in(16))
		addr[last - 1] ^= 1 << any_of(8);
}

static void random_prefix(const struct policy *policy, struct prefix *prefix,
			  bool host)
{
	unsigned int bit;

	prefix->ip6 = one_in(2);
	random_address(policy, any_of(SIDES), prefix->ip6, prefix->addr);
	prefix->len = prefix->ip6 ? 128 : 32;
	if (host || one_in(4))
		return;
	prefix->len = any_of(prefix->len + 1);
	for (bit = prefix->len; bit < 128; bit++)
		prefix->addr[bit / 8] &= ~(0x80 >> bit % 8);
}

static void random_service(struct rule *rule)
{
	static const int protos[] = {
		ANY, IPPROTO_TCP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDP, IPPROTO_ICMP,
		IPPROTO_ICMPV6, IPPROTO_SCTP, IPPROTO_GRE, 99,
	};

	rule->proto = protos[any_of(10)];
	rule->low = 0;
	rule->high = 65535;
	switch (rule->proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_SCTP:
		if (one_in(4))
			break;
		rule->low = rule->high = random_port();
		if (one_in(2))
			rule->high += any_of(65536 - rule->high);
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		if (one_in(3))
			break;
		rule->low = (rule->proto == IPPROTO_ICMP ? 8 : 128) << 8;
		rule->high = rule->low | 255;
		if (one_in(2))
			rule->high = rule->low += any_of(2);
		break;
	}
}

static void random_rule(const struct policy *policy, struct rule *rule)
{
	memset(rule, 0, sizeof(*rule));
	rule->direction = one_in(3) ? OUT : IN;
	random_service(rule);
	rule->remote = any_of(3);
	rule->group = any_of(GROUPS + 1);
	random_prefix(policy, &rule->prefix, false);
	/* these two are of one family, and a prefix of the other one is refused */
	if (rule->remote == IN_PREFIX &&
	    rule->proto == (rule->prefix.ip6 ? IPPROTO_ICMP : IPPROTO_ICMPV6))
		rule->remote = ANYBODY;
}

static void fixed_addresses(struct port *port, int side)
{
	static const char *const addrs[SIDES][PORT_ADDRS] = {
		{ "10.0.0.1", "10.1.0.0", "fd00::1", "fd01::" },
		{ "10.0.0.2", "10.2.0.0", "fd00::2", "fd02::" },
	};
	static const unsigned int lens[] = { 32, 24, 128, 120 };
	int i;

	for (i = 0; i < PORT_ADDRS; i++) {
		port->addrs[i].ip6 = i >= 2;
		port->addrs[i].len = lens[i];
		inet_pton(i < 2 ? AF_INET : AF_INET6, addrs[side][i],
			  port->addrs[i].addr);
	}
}

static void random_group(const struct policy *policy, struct group *group)
{
	unsigned int i;

	group->automatic = !one_in(3);
	group->member_count = any_of(MEMBERS_MAX + 1);
	for (i = 0; i < group->member_count; i++)
		random_prefix(policy, &group->members[i], true);
	group->rule_count = any_of(RULES_MAX + 1);
	for (i = 0; i < group->rule_count; i++)
		random_rule(policy, &group->rules[i]);
}

void random_policy(struct policy *policy)
{
	int side, i;

	memset(policy, 0, sizeof(*policy));
	for (side = 0; side < SIDES; side++)
		fixed_addresses(&policy->ports[side], side);
	for (i = 0; i < GROUPS; i++) {
		random_group(policy, &policy->groups[i]);
		for (side = 0; side < SIDES; side++)
			policy->ports[side].carries[i] = one_in(2);
	}
}

static void print_prefix(const struct prefix *prefix, FILE *file)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(prefix->ip6 ? AF_INET6 : AF_INET, prefix->addr, text,
		  sizeof(text));
	fprintf(file, " %s", text);
	if (prefix->len < (prefix->ip6 ? 128u : 32u))
		fprintf(file, "/%u", prefix->len);
}

static void print_service(const struct rule *rule, FILE *file)
{
	if (rule->proto == ANY)
		fprintf(file, " proto any");
	else
		fprintf(file, " proto %d", rule->proto);
	if (!rule->low && rule->high == 65535)
		return;
	if (rule->proto != IPPROTO_ICMP && rule->proto != IPPROTO_ICMPV6)
		fprintf(file, " port %u-%u", rule->low, rule->high);
	else if (rule->low == rule->high)
		fprintf(file, " type %u code %u", rule->low >> 8, rule->low & 255);
	else
		fprintf(file, " type %u", rule->low >> 8);
}

static void print_group(const struct group *group, int number, FILE *file)
{
	const struct rule *rule;
	unsigned int i;

	fprintf(file, "group replace g%d auto %s\n", number,
		group->automatic ? "on" : "off");
	for (i = 0; i < group->member_count; i++) {
		fprintf(file, "member replace g%d", number);
		print_prefix(&group->members[i], file);
		fprintf(file, "\n");
	}
	for (i = 0; i < group->rule_count; i++) {
		rule = &group->rules[i];
		fprintf(file, "rule replace g%d %s", number,
			rule->direction == IN ? "in" : "out");
		print_service(rule, file);
		if (rule->remote == IN_GROUP)
			fprintf(file, " group g%u", rule->group);
		if (rule->remote == IN_PREFIX) {
			fprintf(file, " remote");
			print_prefix(&rule->prefix, file);
			if (rule->prefix.len == (rule->prefix.ip6 ? 128u : 32u))
				fprintf(file, "/%u", rule->prefix.len);
		}
		fprintf(file, "\n");
	}
}

/* As lines of bflyctl, to a switch that may have had another policy before. */
void print_policy(const struct policy *policy, FILE *file)
{
	int side, i;

	for (i = 0; i < GROUPS; i++)
		print_group(&policy->groups[i], i, file);
	for (side = 0; side < SIDES; side++) {
		fprintf(file, "port replace %c net 1 mac 02:00:00:00:00:%02x",
			'a' + side, side + 1);
		for (i = 0; i < PORT_ADDRS; i++) {
			fprintf(file, " addr");
			print_prefix(&policy->ports[side].addrs[i], file);
		}
		for (i = 0; i < GROUPS; i++)
			if (policy->ports[side].carries[i])
				fprintf(file, " group g%d", i);
		fprintf(file, "\n");
	}
	fprintf(file, "flow flush\n");
}
