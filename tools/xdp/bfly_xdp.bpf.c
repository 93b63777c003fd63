// SPDX-License-Identifier: GPL-2.0
/*
 * The program that `bflyctl uplink set IF xdp` attaches: it asks the module
 * about each packet. There are no maps; all tables are the module's.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <xdp/xdp_helpers.h>

/* An XDP action, or -ifindex of the device to redirect to. */
extern int bfly_xdp(struct xdp_md *ctx) __ksym;

/* Behind filters, whose default is 50; what the switch does not want goes on. */
struct {
	__uint(priority, 80);
	__uint(XDP_PASS, 1);
} XDP_RUN_CONFIG(bfly_uplink);

SEC("xdp")
int bfly_uplink(struct xdp_md *ctx)
{
	int verdict = bfly_xdp(ctx);

	return verdict < 0 ? bpf_redirect(-verdict, 0) : verdict;
}

char LICENSE[] SEC("license") = "GPL";
