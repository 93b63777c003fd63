// SPDX-License-Identifier: GPL-2.0
/*
 * The description in ops.c against what the kernel tells of the family: an
 * operation or an attribute that is new there has to be described here, too.
 */
#include <stdio.h>
#include <string.h>
#include "bad_input.h"

#define CAP_DO		0x02	/* as GENL_CMD_CAP_DO */
#define CAP_DUMP	0x04
#define UNS_ADMIN	0x10
#define CMDS		256

static uint32_t cap[CMDS];
static int policy_of[CMDS][2];	/* by do and dump; -1 for none */
static uint64_t policy[CMDS];	/* the attributes that it has, as bits */

static void read_op(const struct nlattr *op)
{
	const struct nlattr *attr;
	uint32_t cmd = 0, flags = 0;

	mnl_attr_for_each_nested(attr, op) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_OP_ID)
			cmd = mnl_attr_get_u32(attr);
		else if (mnl_attr_get_type(attr) == CTRL_ATTR_OP_FLAGS)
			flags = mnl_attr_get_u32(attr);
	}
	if (cmd < CMDS)
		cap[cmd] |= flags;
}

static void read_family(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *attr, *op;

	(void)arg;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			family_id = mnl_attr_get_u16(attr);
		if (mnl_attr_get_type(attr) != CTRL_ATTR_OPS)
			continue;
		mnl_attr_for_each_nested(op, attr)
			read_op(op);
	}
}

static void read_op_policy(const struct nlattr *op)
{
	unsigned int cmd = mnl_attr_get_type(op);
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, op) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_POLICY_DO)
			policy_of[cmd][0] = mnl_attr_get_u32(attr);
		else if (mnl_attr_get_type(attr) == CTRL_ATTR_POLICY_DUMP)
			policy_of[cmd][1] = mnl_attr_get_u32(attr);
	}
}

static void read_policies(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *attr, *one, *type;

	(void)arg;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_OP_POLICY)
			mnl_attr_for_each_nested(one, attr)
				read_op_policy(one);
		if (mnl_attr_get_type(attr) != CTRL_ATTR_POLICY)
			continue;
		mnl_attr_for_each_nested(one, attr)
			mnl_attr_for_each_nested(type, one)
				policy[mnl_attr_get_type(one)] |=
					1ULL << mnl_attr_get_type(type);
	}
}

static void check_op(const struct op *op)
{
	uint64_t here = 0, there;
	const struct attr *attr;
	char what[128], why[64];
	int index;

	snprintf(what, sizeof(what), "%s: the kernel has it", op->name);
	result(cap[op->cmd] & (op->dump ? CAP_DUMP : CAP_DO), what, NULL, "it has not");
	snprintf(what, sizeof(what), "%s: only for administrators", op->name);
	result(cap[op->cmd] & UNS_ADMIN, what, NULL, "for all");

	index = policy_of[op->cmd][op->dump];
	snprintf(what, sizeof(what), "%s: has a policy", op->name);
	result(index >= 0, what, NULL, "it has none");
	if (index < 0)
		return;
	there = policy[index];
	for (attr = op->request.attrs; attr->name; attr++)
		here |= 1ULL << attr->type;
	snprintf(what, sizeof(what), "%s: attributes of its requests", op->name);
	snprintf(why, sizeof(why), "%#llx in the kernel, %#llx here",
		 (unsigned long long)there, (unsigned long long)here);
	/* before 6.6 the kernel has one policy for both, which allows more */
	if (policy_of[op->cmd][0] == policy_of[op->cmd][1])
		result(!(here & ~there), what, NULL, why);
	else
		result(here == there, what, NULL, why);
}

static void check_described(unsigned int cmd, bool dump)
{
	char what[64];
	unsigned int i;

	for (i = 0; i < op_count; i++)
		if (ops[i]->cmd == cmd && ops[i]->dump == dump)
			break;
	snprintf(what, sizeof(what), "%s of command %u is described",
		 dump ? "dump" : "do", cmd);
	result(i < op_count, what, NULL, "it is not in ops.c");
}

/* Finds the family's number, too. */
void family_check(void)
{
	struct nlmsghdr *nlh = request_raw(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, false);
	struct answer answer;
	unsigned int i;

	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, BFLY_FAMILY_NAME);
	request_ask(sock, nlh, &answer, read_family, NULL);
	result(!answer.err && family_id, "there is the family", &answer, NULL);

	memset(policy_of, 0xff, sizeof(policy_of));
	nlh = request_raw(GENL_ID_CTRL, CTRL_CMD_GETPOLICY, true);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, BFLY_FAMILY_NAME);
	request_ask(sock, nlh, &answer, read_policies, NULL);
	result(!answer.err, "the kernel tells its policies", &answer, NULL);

	for (i = 0; i < op_count; i++)
		check_op(ops[i]);
	for (i = 0; i < CMDS; i++) {
		if (cap[i] & CAP_DO)
			check_described(i, false);
		if (cap[i] & CAP_DUMP)
			check_described(i, true);
	}
}
