// SPDX-License-Identifier: GPL-2.0
/*
 * Split operations for kernels before 6.6.
 *
 * There an operation is one entry with one policy for do and dump, and of a
 * dump's request only the attributes are kept. Each command is entered once,
 * with handlers of ours that parse the request by the policy of the split
 * operation meant. Before them the kernel parses by a policy that allows what
 * either of the two does; it is also what user space is told of.
 */
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/sock.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)

/* the kernel's names again */
#undef genl_family
#undef genl_info
#undef genl_split_ops
#undef genl_dumpit_info
#undef genl_register_family
#undef genl_unregister_family

static struct bfly_compat_family *bfly_compat_the_family __ro_after_init;

static const struct nla_policy bfly_compat_reject_all[] = {
	{ .type = NLA_REJECT },
	{ .type = NLA_REJECT },
};

static const struct bfly_compat_split_ops *
bfly_compat_find(const struct bfly_compat_family *family, u8 cmd, u8 cap)
{
	unsigned int i;

	for (i = 0; i < family->n_split_ops; i++)
		if (family->split_ops[i].cmd == cmd &&
		    (family->split_ops[i].flags & cap))
			return &family->split_ops[i];
	return NULL;
}

/*
 * Parses a request by the policy of a split operation. The array of attributes
 * has room for extra bytes after it, where *tail points.
 */
static struct nlattr **
bfly_compat_parse(const struct bfly_compat_family *family,
		  const struct bfly_compat_split_ops *op,
		  const struct nlmsghdr *nlh, size_t extra, void **tail,
		  struct netlink_ext_ack *extack)
{
	const struct nla_policy *policy = op->policy;
	unsigned int maxattr = op->maxattr;
	struct nlattr **attrs;
	size_t size;
	int err;

	if (!policy) {
		policy = bfly_compat_reject_all;
		maxattr = ARRAY_SIZE(bfly_compat_reject_all) - 1;
	}
	size = (maxattr + 1) * sizeof(*attrs);
	attrs = kzalloc(ALIGN(size, sizeof(u64)) + extra, GFP_KERNEL);
	if (!attrs)
		return ERR_PTR(-ENOMEM);
	err = __nlmsg_parse(nlh, GENL_HDRLEN + family->hdrsize, attrs, maxattr,
			    policy, NL_VALIDATE_STRICT, extack);
	if (err) {
		kfree(attrs);
		return ERR_PTR(err);
	}
	if (tail)
		*tail = (char *)attrs + ALIGN(size, sizeof(u64));
	return attrs;
}

static int bfly_compat_doit(struct sk_buff *skb, struct genl_info *kernel)
{
	struct bfly_compat_family *family = bfly_compat_the_family;
	const struct bfly_compat_split_ops *op =
		bfly_compat_find(family, kernel->genlhdr->cmd, GENL_CMD_CAP_DO);
	struct bfly_compat_info info = {
		.snd_seq = kernel->snd_seq,
		.snd_portid = kernel->snd_portid,
		.family = family,
		.nlhdr = kernel->nlhdr,
		.genlhdr = kernel->genlhdr,
		._net = kernel->_net,
		.extack = kernel->extack,
	};
	int err;

	info.attrs = bfly_compat_parse(family, op, info.nlhdr, 0, NULL,
				       info.extack);
	if (IS_ERR(info.attrs))
		return PTR_ERR(info.attrs);
	if (op->pre_doit) {
		err = op->pre_doit(op, skb, &info);
		if (err)
			goto out;
	}
	err = op->doit(skb, &info);
	if (op->post_doit)
		op->post_doit(op, skb, &info);
out:
	kfree(info.attrs);
	return err;
}

/*
 * With the first message of a dump, as in the kernel's start callback there is
 * no extack. The kernel frees the array of attributes, and with it what lies
 * behind.
 */
static int bfly_compat_dump_begin(struct sk_buff *skb,
				  struct netlink_callback *cb)
{
	struct bfly_compat_family *family = bfly_compat_the_family;
	const struct genlmsghdr *genlhdr = nlmsg_data(cb->nlh);
	struct genl_dumpit_info *kernel = cb->data;
	const struct bfly_compat_split_ops *op =
		bfly_compat_find(family, genlhdr->cmd, GENL_CMD_CAP_DUMP);
	struct bfly_compat_dumpit_info *dump;
	struct nlattr **attrs;
	int err;

	attrs = bfly_compat_parse(family, op, cb->nlh, sizeof(*dump),
				  (void **)&dump, cb->extack);
	if (IS_ERR(attrs))
		return PTR_ERR(attrs);
	attrs[0] = (struct nlattr *)dump;
	dump->op = *op;
	dump->info.snd_seq = cb->nlh->nlmsg_seq;
	dump->info.snd_portid = NETLINK_CB(cb->skb).portid;
	dump->info.family = family;
	dump->info.nlhdr = cb->nlh;
	dump->info.genlhdr = nlmsg_data(cb->nlh);
	dump->info.attrs = attrs;
	dump->info.extack = cb->extack;
	write_pnet(&dump->info._net, sock_net(skb->sk));

	kfree(kernel->attrs);
	kernel->attrs = attrs;
	err = op->start ? op->start(cb) : 0;
	if (err) {
		kernel->attrs = NULL;
		kfree(attrs);
	}
	return err;
}

static struct bfly_compat_dumpit_info *
bfly_compat_dump_begun(struct netlink_callback *cb)
{
	struct genl_dumpit_info *kernel = cb->data;

	return kernel->attrs ? (void *)kernel->attrs[0] : NULL;
}

static int bfly_compat_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct bfly_compat_dumpit_info *dump = bfly_compat_dump_begun(cb);
	int err;

	if (!dump) {
		err = bfly_compat_dump_begin(skb, cb);
		if (err)
			return err;
		dump = bfly_compat_dump_begun(cb);
	}
	dump->info.extack = cb->extack;
	err = dump->op.dumpit(skb, cb);
	/* 6.9 and later do this themselves */
	return err == -EMSGSIZE && skb->len ? skb->len : err;
}

static int bfly_compat_done(struct netlink_callback *cb)
{
	struct bfly_compat_dumpit_info *dump = bfly_compat_dump_begun(cb);

	return dump && dump->op.done ? dump->op.done(cb) : 0;
}

/* Takes what one half of a command allows into the policy of both. */
static int bfly_compat_widen(struct genl_ops *entry,
			     const struct bfly_compat_split_ops *op)
{
	unsigned int maxattr = max(entry->maxattr, op->maxattr), i;
	struct nla_policy *policy;

	policy = kcalloc(maxattr + 1, sizeof(*policy), GFP_KERNEL);
	if (!policy)
		return -ENOMEM;
	if (entry->policy)
		memcpy(policy, entry->policy,
		       (entry->maxattr + 1) * sizeof(*policy));
	for (i = 0; i <= op->maxattr; i++)
		if (policy[i].type == NLA_UNSPEC)
			memcpy(&policy[i], &op->policy[i], sizeof(*policy));
	kfree(entry->policy);
	entry->policy = policy;
	entry->maxattr = maxattr;
	return 0;
}

static int bfly_compat_enter(struct genl_ops *entry,
			     const struct bfly_compat_split_ops *op)
{
	entry->cmd = op->cmd;
	entry->flags |= op->flags & (GENL_ADMIN_PERM | GENL_UNS_ADMIN_PERM);
	if (op->flags & GENL_CMD_CAP_DO) {
		entry->doit = bfly_compat_doit;
	} else {
		entry->dumpit = bfly_compat_dumpit;
		entry->done = bfly_compat_done;
	}
	/* without a policy all attributes are refused */
	return op->policy ? bfly_compat_widen(entry, op) : 0;
}

static void bfly_compat_free_ops(const struct genl_ops *ops, unsigned int count)
{
	while (count--)
		kfree(ops[count].policy);
	kfree(ops);
}

int bfly_compat_register_family(struct bfly_compat_family *family)
{
	unsigned int count = family->n_split_ops, n_ops = 0, i;
	struct genl_ops *ops;
	int err;

	ops = kcalloc(count, sizeof(*ops), GFP_KERNEL);
	if (!ops)
		return -ENOMEM;
	/* the two halves of a command are neighbours */
	for (i = 0; i < count; i++) {
		if (!i || ops[n_ops - 1].cmd != family->split_ops[i].cmd)
			n_ops++;
		err = bfly_compat_enter(&ops[n_ops - 1], &family->split_ops[i]);
		if (err)
			goto err_free_ops;
	}

	memcpy(family->kernel.name, family->name, sizeof(family->name));
	family->kernel.hdrsize = family->hdrsize;
	family->kernel.version = family->version;
	family->kernel.netnsok = family->netnsok;
	family->kernel.parallel_ops = family->parallel_ops;
	family->kernel.resv_start_op = family->resv_start_op;
	family->kernel.mcgrps = family->mcgrps;
	family->kernel.n_mcgrps = family->n_mcgrps;
	family->kernel.module = family->module;
	family->kernel.ops = ops;
	family->kernel.n_ops = n_ops;

	bfly_compat_the_family = family;
	err = genl_register_family(&family->kernel);
	if (err)
		goto err_free_ops;
	return 0;

err_free_ops:
	bfly_compat_free_ops(ops, n_ops);
	return err;
}

int bfly_compat_unregister_family(struct bfly_compat_family *family)
{
	int err = genl_unregister_family(&family->kernel);

	if (!err)
		bfly_compat_free_ops(family->kernel.ops, family->kernel.n_ops);
	return err;
}

#endif /* LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0) */
