// SPDX-License-Identifier: GPL-2.0
/*
 * Requests and answers. The kernel's end of the socket is the test's: as a
 * request gets a number that is known before, the answers wait for it there.
 */
#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <netlink/netlink.h>
#include <netlink/msg.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include "test.h"
#include "core.h"

#define FAMILY 0x20

struct fixture {
	struct bfly_ctl *ctl;
	int peer;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	const struct timeval patience = { .tv_sec = 5 };
	int fds[2];

	/* what waits for an answer that does not come shall fail */
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds) ||
	    setsockopt(fds[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)))
		return -1;
	f->ctl = bfly_ctl_new();
	f->ctl->sk = nl_socket_alloc();
	f->ctl->fd = fds[0];
	f->ctl->family = FAMILY;
	f->peer = fds[1];
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	close(f->ctl->fd);
	close(f->peer);
	bfly_ctl_free(f->ctl);
	free(f);
	return 0;
}

static void answer(struct fixture *f, struct nl_msg *msg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);

	assert_int_equal(send(f->peer, nlh, nlh->nlmsg_len, 0), nlh->nlmsg_len);
	nlmsg_free(msg);
}

static struct nl_msg *net_message(int seq, int flags, uint32_t id)
{
	struct nl_msg *msg = nlmsg_alloc();

	genlmsg_put(msg, 0, seq, FAMILY, 0, flags, BFLY_CMD_NET_GET, 1);
	nla_put_u32(msg, BFLY_A_NET_ID, id);
	return msg;
}

/* The end of a dump, or the answer to a request, with text and attribute. */
static struct nl_msg *end(int type, int seq, int flags, int err,
			  const char *text, int attr, uint32_t value)
{
	struct nl_msg *msg = nlmsg_alloc();
	struct nlmsgerr body = { .error = err };

	nlmsg_put(msg, 0, seq, type, 0, flags | NLM_F_CAPPED |
		  (text || attr ? NLM_F_ACK_TLVS : 0));
	nlmsg_append(msg, &body, type == NLMSG_DONE ? sizeof(int) : sizeof(body), 0);
	if (text)
		nla_put_string(msg, 1, text);
	if (attr)
		nla_put_u32(msg, attr, value);
	return msg;
}

static void read_request(struct fixture *f, struct nlmsghdr *buf, size_t room)
{
	assert_true(recv(f->peer, buf, room, 0) >= (ssize_t)(NLMSG_HDRLEN + GENL_HDRLEN));
}

struct seen {
	uint32_t ids[16];
	int n;
	int stop_at;
};

static int take_net(const struct bfly_net *net, void *arg)
{
	struct seen *seen = arg;

	seen->ids[seen->n++] = net->id;
	return seen->n == seen->stop_at ? 42 : 0;
}

static void a_change_is_sent(void **state)
{
	const struct bfly_net net = {
		.set = BFLY_F(NET_ID) | BFLY_F(NET_LEARNING), .id = 42, .learning = 1,
	};
	struct fixture *f = *state;
	char buf[512];
	struct nlmsghdr *nlh = (void *)buf;
	struct nlattr *tb[16] = { NULL };

	answer(f, end(NLMSG_ERROR, 1, 0, 0, NULL, 0, 0));
	assert_int_equal(bfly_net_new(f->ctl, &net, BFLY_REPLACE), 0);
	assert_string_equal(bfly_ctl_error(f->ctl), "");

	read_request(f, nlh, sizeof(buf));
	assert_int_equal(nlh->nlmsg_type, FAMILY);
	assert_int_equal(nlh->nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK);
	assert_int_equal(genlmsg_hdr(nlh)->cmd, BFLY_CMD_NET_NEW);
	assert_int_equal(genlmsg_parse(nlh, 0, tb, 15, NULL), 0);
	assert_non_null(tb[BFLY_A_NET_REPLACE]);
	assert_int_equal(nla_get_u32(tb[BFLY_A_NET_ID]), 42);
	assert_int_equal(nla_get_u8(tb[BFLY_A_NET_LEARNING]), 1);
	assert_null(tb[BFLY_A_NET_AGEING]);
}

static void an_error_has_the_kernels_text(void **state)
{
	const struct bfly_net net = { .set = BFLY_F(NET_ID), .id = 42 };
	struct fixture *f = *state;
	/* the id is the first attribute */
	const uint32_t offs = NLMSG_HDRLEN + GENL_HDRLEN;
	static const struct {
		int err, attr;
		uint32_t value;
		const char *in, *out;
	} cases[] = {
		{ -EBUSY, 0, 0, "net 42 has ports", "net 42 has ports" },
		{ -EINVAL, 2, offs, "net 42 is odd", "net 42 is odd (attribute id)" },
		{ -EINVAL, 2, offs, "the id is odd", "the id is odd" },
		{ -ENOENT, 2, offs, "no net 42", "no net 42" },
		{ -ERANGE, 2, offs, NULL, "Numerical result out of range (attribute id)" },
		{ -EINVAL, 2, 9999, NULL, "Invalid argument" },
		{ -EINVAL, 5, BFLY_A_NET_VNI, NULL, "Invalid argument (missing: vni)" },
		{ -EINVAL, 5, 77, "what?", "what?" },
		{ -EPERM, 0, 0, NULL, "Operation not permitted" },
		{ 0, 0, 0, "be warned", "be warned" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		answer(f, end(NLMSG_ERROR, i + 1, 0, cases[i].err, cases[i].in,
			      cases[i].attr, cases[i].value));
		assert_int_equal(bfly_net_del(f->ctl, &net), cases[i].err);
		assert_string_equal(bfly_ctl_error(f->ctl), cases[i].out);
	}
}

static void an_error_deep_in_a_nest(void **state)
{
	struct bfly_rule rules[2] = {
		{ .set = BFLY_F(RULE_DIRECTION), .next = &rules[1] },
		{ .set = BFLY_F(RULE_DIRECTION) | BFLY_F(RULE_REMOTE),
		  .remote = { { 4, { 10 } }, 8 } },
	};
	const struct bfly_group group = {
		.set = BFLY_F(GROUP_RULE) | BFLY_F(GROUP_NAME), .name = "web", .rule = rules,
	};
	struct fixture *f = *state;
	/* name 8, rule 4 + 8, rule 4: direction 8, remote 4: addr 8, len */
	const uint32_t offs = NLMSG_HDRLEN + GENL_HDRLEN + 8 + 12 + 4 + 8 + 4 + 8;

	answer(f, end(NLMSG_ERROR, 1, 0, -ERANGE, NULL, 2, offs));
	assert_int_equal(bfly_rule_new(f->ctl, &group, BFLY_ADD), -ERANGE);
	assert_string_equal(bfly_ctl_error(f->ctl),
			    "Numerical result out of range (attribute rule.remote.len)");
}

static void a_dump_is_handed_out(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { .n = 0 };

	answer(f, net_message(1, NLM_F_MULTI, 1));
	answer(f, net_message(99, NLM_F_MULTI, 9));	/* of another request */
	answer(f, net_message(1, NLM_F_MULTI, 2));
	answer(f, end(NLMSG_DONE, 1, NLM_F_MULTI, 0, NULL, 0, 0));
	assert_int_equal(bfly_net_dump(f->ctl, NULL, take_net, &seen), 0);
	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.ids[1], 2);
}

static void a_callback_ends_the_dump(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { .stop_at = 1 };

	answer(f, net_message(1, NLM_F_MULTI, 1));
	answer(f, net_message(1, NLM_F_MULTI, 2));
	answer(f, end(NLMSG_DONE, 1, NLM_F_MULTI, 0, NULL, 0, 0));
	assert_int_equal(bfly_net_dump(f->ctl, NULL, take_net, &seen), 42);
	assert_int_equal(seen.n, 1);
}

static void a_torn_dump_is_read_again(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { .n = 0 };

	answer(f, net_message(1, NLM_F_MULTI, 1));
	answer(f, net_message(1, NLM_F_MULTI | NLM_F_DUMP_INTR, 3));
	answer(f, end(NLMSG_DONE, 1, NLM_F_MULTI, 0, NULL, 0, 0));
	answer(f, net_message(2, NLM_F_MULTI, 1));
	answer(f, end(NLMSG_DONE, 2, NLM_F_MULTI | NLM_F_DUMP_INTR, 0, NULL, 0, 0));
	answer(f, net_message(3, NLM_F_MULTI, 1));
	answer(f, net_message(3, NLM_F_MULTI, 2));
	answer(f, end(NLMSG_DONE, 3, NLM_F_MULTI, 0, NULL, 0, 0));
	assert_int_equal(bfly_net_dump(f->ctl, NULL, take_net, &seen), 0);
	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.ids[0], 1);
	assert_int_equal(seen.ids[1], 2);
}

static void a_dump_that_is_always_torn_ends(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { .n = 0 };
	int i;

	for (i = 1; i <= 32; i++)
		answer(f, end(NLMSG_DONE, i, NLM_F_MULTI | NLM_F_DUMP_INTR, 0, NULL, 0, 0));
	assert_int_equal(bfly_net_dump(f->ctl, NULL, take_net, &seen), -EAGAIN);
	assert_int_equal(seen.n, 0);
}

/* Flows come as they are read; a table that lives is not read again. */
static int count_flow(const struct bfly_flow *flow, void *arg)
{
	(void)flow;
	++*(int *)arg;
	return 0;
}

static void flows_are_not_read_again(void **state)
{
	struct fixture *f = *state;
	int n = 0;

	answer(f, net_message(1, NLM_F_MULTI | NLM_F_DUMP_INTR, 1));
	answer(f, end(NLMSG_DONE, 1, NLM_F_MULTI, 0, NULL, 0, 0));
	assert_int_equal(bfly_flow_dump(f->ctl, NULL, count_flow, &n), 0);
	assert_int_equal(n, 1);
}

static void a_dump_can_end_in_an_error(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { .n = 0 };

	answer(f, net_message(1, NLM_F_MULTI, 1));
	answer(f, end(NLMSG_DONE, 1, NLM_F_MULTI, -ENODEV, "there is no switch", 0, 0));
	assert_int_equal(bfly_net_dump(f->ctl, NULL, take_net, &seen), -ENODEV);
	assert_string_equal(bfly_ctl_error(f->ctl), "there is no switch");
	assert_int_equal(seen.n, 0);
}

static void answers_that_are_cut_short(void **state)
{
	const struct bfly_net net = { .set = BFLY_F(NET_ID), .id = 1 };
	struct fixture *f = *state;
	struct seen seen = { .n = 0 };
	struct nlmsghdr nlh = {
		.nlmsg_len = sizeof(nlh), .nlmsg_type = NLMSG_ERROR, .nlmsg_seq = 1,
	};

	assert_int_equal(send(f->peer, &nlh, sizeof(nlh), 0), sizeof(nlh));
	assert_int_equal(bfly_net_del(f->ctl, &net), -EBADMSG);

	nlh.nlmsg_type = FAMILY;
	nlh.nlmsg_seq = 2;
	assert_int_equal(send(f->peer, &nlh, sizeof(nlh), 0), sizeof(nlh));
	answer(f, end(NLMSG_ERROR, 2, 0, 0, NULL, 0, 0));
	assert_int_equal(bfly_net_get(f->ctl, &net, take_net, &seen), -EBADMSG);
}

/* A message is as large as it has to be, past any first guess. */
static void a_large_request(void **state)
{
	enum { N = 1500, ROOM = 1 << 17 };
	struct bfly_rule *rules = calloc(N, sizeof(*rules));
	struct bfly_group group = {
		.set = BFLY_F(GROUP_NAME) | BFLY_F(GROUP_RULE), .name = "web", .rule = rules,
	};
	struct fixture *f = *state;
	struct nlmsghdr *nlh = malloc(ROOM);
	struct nlattr *nla;
	int i, left, found = 0;

	for (i = 0; i < N; i++) {
		rules[i].set = BFLY_F(RULE_DIRECTION) | BFLY_F(RULE_PROTO) |
			       BFLY_F(RULE_PORT_MIN) | BFLY_F(RULE_PORT_MAX);
		rules[i].next = i + 1 < N ? &rules[i + 1] : NULL;
		rules[i].proto = 6;
		rules[i].port_min = rules[i].port_max = i;
	}
	answer(f, end(NLMSG_ERROR, 1, 0, 0, NULL, 0, 0));
	assert_int_equal(bfly_group_new(f->ctl, &group, BFLY_REPLACE), 0);

	read_request(f, nlh, ROOM);
	assert_true(nlh->nlmsg_len > 16 * 1024);
	nla_for_each_attr(nla, genlmsg_attrdata(genlmsg_hdr(nlh), 0),
			  genlmsg_attrlen(genlmsg_hdr(nlh), 0), left)
		found += nla_type(nla) == BFLY_A_GROUP_RULE;
	assert_int_equal(found, N);
	free(rules);
	free(nlh);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_change_is_sent),
		TEST(an_error_has_the_kernels_text),
		TEST(an_error_deep_in_a_nest),
		TEST(a_dump_is_handed_out),
		TEST(a_callback_ends_the_dump),
		TEST(a_torn_dump_is_read_again),
		TEST(a_dump_that_is_always_torn_ends),
		TEST(flows_are_not_read_again),
		TEST(a_dump_can_end_in_an_error),
		TEST(answers_that_are_cut_short),
		TEST(a_large_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
