// SPDX-License-Identifier: GPL-2.0
/* xdp_bfly.so: our XDP program on a netdev, by libxdp's dispatcher. */
#include <errno.h>
#include <linux/magic.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <xdp/libxdp.h>
#include "xdp_bfly.h"

#define PROGRAM	"bfly_uplink"	/* in bfly_xdp.bpf.c */

/* ---- what the libraries say ---- */

/* The driver's reason in its own words, and the first thing said otherwise. */
static char kernel_said[256];
static char first_said[256];

static void take_line(char *to, size_t size, const char *line)
{
	if (!to[0])
		snprintf(to, size, "%.*s", (int)strcspn(line, "\n"), line);
}

static void listen(const char *format, va_list ap)
{
	static const char mark[] = "Kernel error message: ";
	char text[1024];
	const char *at;

	vsnprintf(text, sizeof(text), format, ap);
	at = strstr(text, mark);
	if (at)
		take_line(kernel_said, sizeof(kernel_said), at + strlen(mark));
	else
		take_line(first_said, sizeof(first_said), text);
}

static int listen_bpf(enum libbpf_print_level level, const char *format,
		      va_list ap)
{
	if (level == LIBBPF_WARN)
		listen(format, ap);
	return 0;
}

static int listen_xdp(enum libxdp_print_level level, const char *format,
		      va_list ap)
{
	if (level == LIBXDP_WARN)
		listen(format, ap);
	return 0;
}

/* From here on they say it to us instead of the terminal. */
static void begin(void)
{
	kernel_said[0] = '\0';
	first_said[0] = '\0';
	libbpf_set_print(listen_bpf);
	libxdp_set_print(listen_xdp);
}

/* ---- what is there ---- */

/**
 * struct state - programs on a netdev
 * @all: the set of them; NULL when there is none
 * @ours: ours among them, which @all holds, or NULL
 * @others: how many are not ours
 * @other: the name of one of these
 * @mode: of all
 */
struct state {
	struct xdp_multiprog *all;
	struct xdp_program *ours;
	int others;
	const char *other;
	enum xdp_mode mode;
};

static void note(struct state *state, struct xdp_program *prog)
{
	const char *name = xdp_program__name(prog);

	if (!strcmp(name, PROGRAM)) {
		state->ours = prog;
		return;
	}
	state->others++;
	state->other = name;
}

static int read_state(int ifindex, struct state *state)
{
	struct xdp_program *prog = NULL;
	long err;

	*state = (struct state){ .all = xdp_multiprog__get_from_ifindex(ifindex) };
	err = libxdp_get_error(state->all);
	if (err) {
		state->all = NULL;
		return err == -ENOENT ? 0 : err;
	}
	if (!state->all)
		return 0;
	state->mode = xdp_multiprog__attach_mode(state->all) == XDP_MODE_SKB ?
		      XDP_GENERIC : XDP_NATIVE;
	if (xdp_multiprog__is_legacy(state->all)) {
		prog = xdp_multiprog__main_prog(state->all);
		if (prog)
			note(state, prog);
		return 0;
	}
	while ((prog = xdp_multiprog__next_prog(prog, state->all)))
		note(state, prog);
	return 0;
}

static void close_state(struct state *state)
{
	if (state->all)
		xdp_multiprog__close(state->all);
}

static int get_mode(int ifindex)
{
	struct state state;
	int mode;

	begin();
	mode = read_state(ifindex, &state);
	if (!mode && state.ours)
		mode = state.mode;
	close_state(&state);
	return mode;
}

/* ---- changing it ---- */

struct job {
	int ifindex;
	enum xdp_mode mode;
	const char *object;
	char *why;
	size_t size;
};

static int refuse(const struct job *job, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static int refuse(const struct job *job, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(job->why, job->size, format, ap);
	va_end(ap);
	return -1;
}

static const char *mode_name(enum xdp_mode mode)
{
	return mode == XDP_GENERIC ? "generic" : "native";
}

static enum xdp_attach_mode attach_mode(enum xdp_mode mode)
{
	return mode == XDP_GENERIC ? XDP_MODE_SKB : XDP_MODE_NATIVE;
}

/* The kernel's errno, which never was meant for user space. */
#define ENOTSUPP 524

static int refuse_attach(const struct job *job, int err)
{
	if (kernel_said[0])
		return refuse(job, "%s", kernel_said);
	if (err == -EPERM)
		return refuse(job, "only root may attach programs of XDP");
	if (err == -ENOTSUPP)
		return refuse(job, "BPF's compiler is off: sysctl net.core.bpf_jit_enable=1");
	if (err == -EOPNOTSUPP)
		return refuse(job, "its driver cannot do that");
	return refuse(job, "%s%s%s", first_said, first_said[0] ? ": " : "",
		      strerror(-err));
}

/* Without one libxdp would attach the program so that no other one can join. */
static bool has_bpffs(void)
{
	struct statfs fs;

	return !statfs("/sys/fs/bpf", &fs) && fs.f_type == BPF_FS_MAGIC;
}

static int attach(const struct job *job)
{
	struct xdp_program *prog;
	int err;

	if (!has_bpffs())
		return refuse(job, "no bpffs is mounted at /sys/fs/bpf; instead of ip netns exec take bflyctl -n");
	if (access(job->object, R_OK))
		return refuse(job, "the program %s is not there; it is built with clang",
			      job->object);
	prog = xdp_program__open_file(job->object, "xdp", NULL);
	err = libxdp_get_error(prog);
	if (err)
		return refuse(job, "%s is no program of XDP", job->object);
	err = xdp_program__attach(prog, job->ifindex, attach_mode(job->mode), 0);
	xdp_program__close(prog);
	return err ? refuse_attach(job, err) : 0;
}

static int detach(const struct job *job, const struct state *state)
{
	int err = xdp_program__detach(state->ours, job->ifindex,
				      attach_mode(state->mode), 0);

	if (!err || err == -ENOENT)
		return 0;
	return refuse(job, "the program cannot be taken off: %s%s%s",
		      kernel_said, kernel_said[0] ? ": " : "", strerror(-err));
}

/* Programs of two modes cannot be on a netdev at once, nor can others move. */
static int change_mode(const struct job *job, const struct state *state)
{
	int err;

	if (state->others)
		return refuse(job, "it has other programs, such as %s, in %s mode",
			      state->other, mode_name(state->mode));
	err = detach(job, state);
	if (err)
		return err;
	err = attach(job);
	if (err)
		xdp_program__attach(state->ours, job->ifindex,
				    attach_mode(state->mode), 0);
	return err;
}

static int change(const struct job *job, const struct state *state)
{
	bool alone = state->all && xdp_multiprog__is_legacy(state->all);
	int err;

	if (job->mode == XDP_OFF)
		return state->ours ? detach(job, state) : 0;
	if (alone && state->others)
		return refuse(job, "it has the program %s, which did not come by libxdp",
			      state->other);
	if (state->all && (alone || state->mode != job->mode))
		return change_mode(job, state);
	err = attach(job);
	return !err && state->ours ? detach(job, state) : err;
}

static int set_mode(int ifindex, enum xdp_mode mode, const char *object,
		    char *why, size_t size)
{
	const struct job job = { ifindex, mode, object, why, size };
	struct state state;
	int err;

	begin();
	err = read_state(ifindex, &state);
	if (err)
		return refuse(&job, "its programs cannot be read: %s", strerror(-err));
	err = change(&job, &state);
	close_state(&state);
	return err;
}

extern const struct xdp_plugin XDP_PLUGIN;
const struct xdp_plugin XDP_PLUGIN = { .mode = get_mode, .set = set_mode };
