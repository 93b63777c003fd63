// SPDX-License-Identifier: GPL-2.0
/* Who may ask: the right requests from those who must not. */
#include <err.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "bad_input.h"

static int drop_all(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { 0 };

	return syscall(SYS_capset, &head, none);
}

static int own_user_namespace(void)
{
	return unshare(CLONE_NEWUSER);
}

static int own_net_namespace(void)
{
	return unshare(CLONE_NEWNET);
}

/* In a child: all right requests, the answers go to the parent. */
static void ask_all(int out, int (*become)(void), bool own_socket)
{
	struct answer answer;
	unsigned int i;
	int fd = sock;

	if (become())
		_exit(1);
	if (own_socket)
		fd = nl_open();
	for (i = 0; i < op_count; i++) {
		request_ask(fd, request(ops[i], NULL), &answer, NULL, NULL);
		if (write(out, &answer, sizeof(answer)) != sizeof(answer))
			_exit(1);
	}
	_exit(0);
}

static void check_answer(const char *who, const struct op *op, const struct answer *answer,
			 int expected)
{
	/* all that there is, which is nothing */
	bool none = expected == ENODEV && op->dump && !op->request.attrs->name;
	char what[128];
	bool ok;

	snprintf(what, sizeof(what), "%s: %s", op->name, who);
	ok = none ? !answer->err && !answer->objects : answer->err == expected;
	if (ok && answer->err == ENODEV)
		ok = answer->text[0];
	result(ok, what, answer, ok ? NULL : "answered otherwise");
}

static void try_as(const char *who, int (*become)(void), bool own_socket, int expected)
{
	struct answer answer;
	unsigned int i;
	int fds[2];
	pid_t pid;

	if (pipe(fds))
		err(1, "pipe");
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (!pid)
		ask_all(fds[1], become, own_socket);
	close(fds[1]);
	for (i = 0; i < op_count; i++) {
		if (read(fds[0], &answer, sizeof(answer)) != sizeof(answer))
			break;
		check_answer(who, ops[i], &answer, expected);
	}
	close(fds[0]);
	waitpid(pid, NULL, 0);
	/* a kernel may be without user namespaces */
	if (i < op_count && (i || become != own_user_namespace))
		result(false, who, NULL, "cannot be tried");
	result(state_same(), who, NULL, "something has changed");
}

void rights_all(void)
{
	state_take();
	try_as("without capabilities", drop_all, true, EPERM);
	try_as("without capabilities, a socket of root's", drop_all, false, EPERM);
	try_as("root of another user namespace", own_user_namespace, true, EPERM);
	try_as("in another network namespace", own_net_namespace, true, ENODEV);
}
