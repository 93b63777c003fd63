// SPDX-License-Identifier: GPL-2.0
/*
 * spawn - a builtin for bash: start a program without a copy of the shell
 *
 *	enable -f ./spawn.so spawn
 *	spawn [-n NS] [-v VAR] COMMAND [ARGUMENT...]
 *
 *   -n NS    in that namespace of the network
 *   -v VAR   keep its output in that variable, as VAR=$(...) does
 *
 * bash forks, and a kernel that is emulated or full of checks takes longer to copy the shell's
 * memory, and to copy again what either side then writes to, than to run what selftests run. The
 * status is the command's, 126 or 127 where it does not start, 128 and a signal's number.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* as bash's own makefile for builtins has it */
#define SHELL
#define HAVE_CONFIG_H
#include "config.h"
#include "shell.h"
#include "builtins.h"
#include "common.h"
#include "bashgetopt.h"
#include "execute_cmd.h"

extern char *search_for_command(const char *name, int flags);

/* what the child needs, and tells: it has this memory, too, until it is another program */
struct start {
	const char *path;
	char **argv;
	sigset_t signals;	/* the shell's mask */
	int ns;			/* open file of the namespace, or -1 */
	int out;		/* becomes the standard output, or -1 */
	volatile int error;	/* why there is no other program */
};

static void start_program(struct start *start)
{
	if ((start->ns < 0 || !setns(start->ns, CLONE_NEWNET)) &&
	    (start->out < 0 || dup2(start->out, STDOUT_FILENO) >= 0)) {
		sigprocmask(SIG_SETMASK, &start->signals, NULL);
		execve(start->path, start->argv, export_env);
	}
	start->error = errno;
	_exit(1);
}

static int status_of(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return EXECUTION_FAILURE;
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* All that comes, without the newlines at its end; NULL: no memory. Not bash's own xmalloc(), as
 * stdio's is another.
 */
static char *read_all(int fd)
{
	char *text = NULL, part[4096];
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);
	ssize_t n;

	if (!to)
		return NULL;
	while ((n = read(fd, part, sizeof(part))) > 0 || (n < 0 && errno == EINTR)) {
		if (n > 0)
			fwrite(part, 1, n, to);
	}
	if (fclose(to))
		return NULL;
	while (size > 0 && text[size - 1] == '\n')
		text[--size] = '\0';
	return text;
}

/* Until the program ends. SIGCHLD waits: bash would take the child for one of its own. */
static int run(struct start *start, int from, char **output)
{
	sigset_t child;
	int status;
	pid_t pid;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &start->signals);
	pid = vfork();
	if (pid == 0)
		start_program(start);
	if (start->out >= 0)
		close(start->out);
	if (pid > 0 && output)
		*output = read_all(from);
	if (pid < 0)
		start->error = errno;
	status = pid < 0 ? EXECUTION_FAILURE : status_of(pid);
	sigprocmask(SIG_SETMASK, &start->signals, NULL);
	return status;
}

static int open_ns(const char *name)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		builtin_error("%s: %s", path, strerror(errno));
	return fd;
}

static int spawn(WORD_LIST *words, const char *ns, char *variable)
{
	struct start start = { .ns = -1, .out = -1 };
	char *output = NULL, *name = words->word->word;
	int pipe_ends[2] = { -1, -1 };
	int status = EXECUTION_FAILURE, argc;

	start.path = search_for_command(name, 1 /* remember it */);
	if (!start.path) {
		builtin_error("%s: command not found", name);
		return EX_NOTFOUND;
	}
	start.argv = strvec_from_word_list(words, 0, 0, &argc);
	maybe_make_export_env();
	if (ns) {
		start.ns = open_ns(ns);
		if (start.ns < 0)
			goto free_command;
	}
	if (variable) {
		if (pipe2(pipe_ends, O_CLOEXEC)) {
			builtin_error("pipe: %s", strerror(errno));
			goto close_ns;
		}
		start.out = pipe_ends[1];
	}
	status = run(&start, pipe_ends[0], variable ? &output : NULL);
	if (start.error) {
		builtin_error("%s: %s", name, strerror(start.error));
		status = start.error == ENOENT ? EX_NOTFOUND : EX_NOEXEC;
	}
	if (variable) {
		close(pipe_ends[0]);
		builtin_bind_variable(variable, output ? output : "", 0);
		free(output);
	}
close_ns:
	if (start.ns >= 0)
		close(start.ns);
free_command:
	free(start.argv);
	free((char *)start.path);
	return status;
}

static int spawn_builtin(WORD_LIST *list)
{
	char *ns = NULL, *variable = NULL;
	int opt;

	reset_internal_getopt();
	while ((opt = internal_getopt(list, "n:v:")) != -1) {
		switch (opt) {
		case 'n':
			ns = list_optarg;
			break;
		case 'v':
			variable = list_optarg;
			break;
		CASE_HELPOPT;
		default:
			builtin_usage();
			return EX_USAGE;
		}
	}
	if (!loptend) {
		builtin_usage();
		return EX_USAGE;
	}
	if (variable && !legal_identifier(variable)) {
		sh_invalidid(variable);
		return EX_USAGE;
	}
	return spawn(loptend, ns, variable);
}

static char *spawn_doc[] = {
	"Start a program without a copy of the shell, and wait for it.",
	"",
	"  -n NS    in that namespace of the network",
	"  -v VAR   keep its output in that variable",
	NULL
};

struct builtin spawn_struct = {
	.name = "spawn",
	.function = spawn_builtin,
	.flags = BUILTIN_ENABLED,
	.long_doc = spawn_doc,
	.short_doc = "spawn [-n NS] [-v VAR] COMMAND [ARGUMENT...]",
};
