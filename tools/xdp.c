// SPDX-License-Identifier: GPL-2.0
/* The mode of XDP on a netdev: asked of the kernel, changed by the plug-in. */
#include <dlfcn.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "bflyctl.h"
#include "xdp.h"

const char *const xdp_names[] = { "off", "generic", "native", NULL };
const char *const xdp_support_names[] = {
	"ready", "no-kernel", "no-btf", "bad-btf", NULL
};

/* Where the plug-in and the program are. */
static void lib_path(char *path, size_t size, const char *name)
{
	const char *dir = getenv("BFLY_LIB_DIR");

	snprintf(path, size, "%s/%s", dir ? dir : BFLY_LIBDIR, name);
}

/* The plug-in, or NULL and why it is not to be had. */
static const struct xdp_plugin *plugin(const char **why)
{
	static const struct xdp_plugin *found;
	static char text[512];
	char path[256];
	void *so;

	*why = text;
	if (found || text[0])
		return found;
	lib_path(path, sizeof(path), "xdp_bfly.so");
	if (access(path, F_OK)) {
		snprintf(text, sizeof(text),
			 "there is no %s: bflyctl was built without libxdp", path);
		return NULL;
	}
	so = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	found = so ? dlsym(so, XDP_PLUGIN_NAME) : NULL;
	if (!found)
		snprintf(text, sizeof(text), "%s", dlerror());
	return found;
}

/* Whether a reply has an XDP program in it. */
static bool link_has_program(struct nlmsghdr *nlh, int len)
{
	struct rtattr *attr, *xdp;
	int rest, left;

	if (!NLMSG_OK(nlh, (unsigned int)len) || nlh->nlmsg_type != RTM_NEWLINK)
		return false;
	rest = IFLA_PAYLOAD(nlh);
	for (attr = IFLA_RTA(NLMSG_DATA(nlh)); RTA_OK(attr, rest);
	     attr = RTA_NEXT(attr, rest)) {
		if ((attr->rta_type & NLA_TYPE_MASK) != IFLA_XDP)
			continue;
		left = RTA_PAYLOAD(attr);
		for (xdp = RTA_DATA(attr); RTA_OK(xdp, left);
		     xdp = RTA_NEXT(xdp, left))
			if (xdp->rta_type == IFLA_XDP_ATTACHED)
				return *(uint8_t *)RTA_DATA(xdp) != XDP_ATTACHED_NONE;
	}
	return false;
}

/* Whether a netdev has any program, which most have not. */
static bool has_program(uint32_t ifindex)
{
	struct {
		struct nlmsghdr nlh;
		struct ifinfomsg ifi;
	} request = {
		.nlh = { .nlmsg_len = sizeof(request), .nlmsg_type = RTM_GETLINK,
			 .nlmsg_flags = NLM_F_REQUEST },
		.ifi = { .ifi_index = ifindex },
	};
	static union {
		struct nlmsghdr nlh;
		char room[65536];
	} reply;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	bool has = false;
	ssize_t len;

	if (fd >= 0 && send(fd, &request, sizeof(request), 0) > 0) {
		len = recv(fd, &reply, sizeof(reply), 0);
		has = len > 0 && link_has_program(&reply.nlh, len);
	}
	if (fd >= 0)
		close(fd);
	return has;
}

/* The name of the mode in which our program is on a netdev. */
const char *xdp_mode(uint32_t ifindex)
{
	const struct xdp_plugin *xdp;
	const char *why;
	int mode;

	if (!has_program(ifindex))
		return xdp_names[XDP_OFF];
	xdp = plugin(&why);
	mode = xdp ? xdp->mode(ifindex) : -1;
	if (mode >= 0)
		return xdp_names[mode];
	/* what cannot be told from nothing is not for a file */
	return out_canonical() ? xdp_names[XDP_OFF] : "unknown";
}

static int refuse(const struct args *a, const char *name, const char *why)
{
	complain("%s %s: XDP on %s: %s", a->object, a->verb, name, why);
	return EXIT_REFUSED;
}

/* Put the program on a netdev, or take it off. */
int xdp_set(struct args *a, const char *name, uint32_t ifindex,
	    enum xdp_mode mode)
{
	const struct xdp_plugin *xdp;
	char path[256], text[512];
	const char *why;

	if (mode == XDP_OFF && !has_program(ifindex))
		return EXIT_DONE;
	xdp = plugin(&why);
	/* without it we have put nothing there */
	if (!xdp)
		return mode == XDP_OFF ? EXIT_DONE : refuse(a, name, why);
	lib_path(path, sizeof(path), "bfly_xdp.bpf.o");
	if (xdp->set(ifindex, mode, path, text, sizeof(text)))
		return refuse(a, name, text);
	return EXIT_DONE;
}

/* Whether the module can be called by a program; else says why not. */
int xdp_check(struct args *a, const char *name, uint32_t support)
{
	static const char *const whys[] = {
		[BFLY_XDP_SUPPORT_NO_KERNEL] =
			"the kernel was built without BTF of modules",
		[BFLY_XDP_SUPPORT_NO_BTF] =
			"the module was built without BTF, as the kernel's headers lacked vmlinux",
		[BFLY_XDP_SUPPORT_BAD_BTF] =
			"the module's BTF does not fit this kernel: build it for this one",
	};

	if (support == BFLY_XDP_SUPPORT_READY)
		return 0;
	return refuse(a, name, support < sizeof(whys) / sizeof(whys[0]) ?
			       whys[support] : "the module cannot be called");
}
