// SPDX-License-Identifier: GPL-2.0
/*
 * The hook at XDP. A program on an uplink (tools/xdp/bfly_xdp.bpf.c) calls
 * bfly_xdp() with each packet. It holds the module, as every program does that
 * calls one, and nothing else: uplinks and switches come and go below it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "xdp.h"

#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/module.h>
#include <net/xdp.h>

#include "balance_xdp.h"
#include "uplink.h"

/**
 * bfly_xdp() - offer a packet to the switch whose uplink it came in on
 * @ctx: the packet, a &struct xdp_buff in fact
 *
 * The packet may be another one afterwards: what a program knows of its
 * headers, and its pointers to them, hold no more.
 *
 * Context: softirq, by a program of XDP.
 * Return: an action of &enum xdp_action, XDP_PASS for what the switch does not
 * want; or -ifindex of the netdev that the program shall redirect it to.
 */
__bpf_kfunc int bfly_xdp(struct xdp_md *ctx)
{
	struct xdp_buff *xdp = (struct xdp_buff *)ctx;
	const struct bfly_uplink *uplink;
	int verdict;

	/* softirqs are off, which is a read side, but not one that lockdep counts */
	if (IS_ENABLED(CONFIG_PROVE_RCU))
		rcu_read_lock();
	uplink = bfly_uplink_rcu(xdp->rxq->dev);
	verdict = uplink ? bfly_balance_xdp(uplink->sw, xdp) : XDP_PASS;
	if (IS_ENABLED(CONFIG_PROVE_RCU))
		rcu_read_unlock();
	return verdict;
}

BTF_KFUNCS_START(bfly_xdp_ids)
BTF_ID_FLAGS(func, bfly_xdp)
BTF_KFUNCS_END(bfly_xdp_ids)

static const struct btf_kfunc_id_set bfly_xdp_set = {
	.owner	= THIS_MODULE,
	.set	= &bfly_xdp_ids,
};

static enum bfly_xdp_support xdp_support;

/* Whether the module came with BTF. Context: the module's init. */
static bool xdp_btf_is_there(void)
{
#ifdef CONFIG_DEBUG_INFO_BTF_MODULES
	return THIS_MODULE->btf_data_size;
#else
	return false;
#endif
}

/*
 * Whether the kernel took it: with CONFIG_MODULE_ALLOW_BTF_MISMATCH, as Debian
 * has it, it loads a module whose BTF it cannot use, and registering a kfunc
 * succeeds then without effect. There is no question for that, but an answer: a
 * type of program that cannot have kfuncs is refused as such only where the BTF
 * is known. It is asked first, for a refusal forgets what was registered.
 */
static bool xdp_btf_is_known(void)
{
	return register_btf_kfunc_id_set(BPF_PROG_TYPE_EXT, &bfly_xdp_set) ==
	       -EINVAL;
}

static enum bfly_xdp_support xdp_register(void)
{
	if (!IS_ENABLED(CONFIG_BPF_SYSCALL) ||
	    !IS_ENABLED(CONFIG_DEBUG_INFO_BTF_MODULES))
		return BFLY_XDP_SUPPORT_NO_KERNEL;
	if (!xdp_btf_is_there())
		return BFLY_XDP_SUPPORT_NO_BTF;
	if (!xdp_btf_is_known() ||
	    register_btf_kfunc_id_set(BPF_PROG_TYPE_XDP, &bfly_xdp_set))
		return BFLY_XDP_SUPPORT_BAD_BTF;
	return BFLY_XDP_SUPPORT_READY;
}

void __init bfly_xdp_init(void)
{
	static const char *const why[] __initconst = {
		[BFLY_XDP_SUPPORT_NO_KERNEL] = "the kernel has no BTF of modules",
		[BFLY_XDP_SUPPORT_NO_BTF] = "the module was built without BTF",
		[BFLY_XDP_SUPPORT_BAD_BTF] = "the module's BTF does not fit the kernel",
	};

	xdp_support = xdp_register();
	if (xdp_support != BFLY_XDP_SUPPORT_READY)
		pr_info("no XDP, as %s; netdev receive serves all\n",
			why[xdp_support]);
}

enum bfly_xdp_support bfly_xdp_support(void)
{
	return xdp_support;
}
