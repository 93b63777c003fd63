// SPDX-License-Identifier: GPL-2.0
/* Netlink handlers of services. */
#include "nl_pool.h"
#include "service.h"
#include "vip.h"

static int key_fill(struct sk_buff *skb, const struct bfly_service_key *key)
{
	if (bfly_addr_to_nl(skb, BFLY_A_SERVICE_ADDR, &key->prefix.addr) ||
	    nla_put_u8(skb, BFLY_A_SERVICE_LEN, key->prefix.len) ||
	    nla_put_u8(skb, BFLY_A_SERVICE_PROTO, key->proto) ||
	    nla_put_u16(skb, BFLY_A_SERVICE_PORT, key->port))
		return -EMSGSIZE;
	return 0;
}

static int service_fill(struct sk_buff *skb, struct bfly_switch *sw,
			const void *obj)
{
	const struct bfly_service *service = obj;
	struct bfly_share sum;

	bfly_share_sum(&sum, service->share);
	if (key_fill(skb, &service->key) ||
	    nla_put_string(skb, BFLY_A_SERVICE_POOL,
			   rtnl_dereference(service->pool)->name) ||
	    nla_put_uint(skb, BFLY_A_SERVICE_PACKETS, sum.packets) ||
	    nla_put_uint(skb, BFLY_A_SERVICE_BYTES, sum.bytes) ||
	    nla_put_uint(skb, BFLY_A_SERVICE_NEW_FLOWS, sum.new_flows) ||
	    (service->hash != BFLY_HASH_OF_POOL &&
	     nla_put_u32(skb, BFLY_A_SERVICE_HASH, service->hash)) ||
	    nla_put_u32(skb, BFLY_A_SERVICE_UNKNOWN, service->unknown) ||
	    nla_put_uint(skb, BFLY_A_SERVICE_FLOWS, bfly_service_flows(service)))
		return -EMSGSIZE;
	return 0;
}

/* What is left to say of a service that was deleted. */
static int gone_fill(struct sk_buff *skb, struct bfly_switch *sw,
		     const void *obj)
{
	return key_fill(skb, obj);
}

static int prefix_from_nl(struct genl_info *info, struct bfly_prefix *prefix)
{
	struct nlattr *addr = info->attrs[BFLY_A_SERVICE_ADDR];
	struct nlattr *len = info->attrs[BFLY_A_SERVICE_LEN];
	int err;

	err = bfly_addr_from_nl(&prefix->addr, addr, info->extack);
	if (err)
		return err;
	prefix->len = bfly_addr_bits(&prefix->addr);
	if (len && nla_get_u8(len) > prefix->len)
		return bfly_nl_refuse(info, len, EINVAL,
				      "prefix length: the address has %u bits",
				      prefix->len);
	if (len)
		prefix->len = nla_get_u8(len);
	bfly_prefix_canonical(prefix);
	if (!bfly_addr_is_unicast(&prefix->addr))
		return bfly_nl_refuse(info, addr, EINVAL,
				      "address: not that of a host");
	return 0;
}

static int key_from_nl(struct genl_info *info, struct bfly_service_key *key)
{
	struct nlattr *proto = info->attrs[BFLY_A_SERVICE_PROTO];
	int err;

	err = bfly_nl_need(info, BFLY_A_SERVICE_ADDR, "address");
	if (err)
		return err;
	err = bfly_nl_need(info, BFLY_A_SERVICE_PROTO, "protocol");
	if (err)
		return err;
	err = bfly_nl_need(info, BFLY_A_SERVICE_PORT, "port");
	if (err)
		return err;
	err = prefix_from_nl(info, &key->prefix);
	if (err)
		return err;
	key->proto = nla_get_u8(proto);
	if (key->proto != IPPROTO_TCP && key->proto != IPPROTO_UDP &&
	    key->proto != IPPROTO_SCTP && key->proto != IPPROTO_GRE)
		return bfly_nl_refuse(info, proto, EINVAL,
				      "protocol: not 6, 17, 47 or 132: tcp, udp, gre, sctp");
	key->port = nla_get_u16(info->attrs[BFLY_A_SERVICE_PORT]);
	if (key->port && key->proto == IPPROTO_GRE)
		return bfly_nl_refuse(info, info->attrs[BFLY_A_SERVICE_PORT],
				      EINVAL, "port: GRE has none");
	return 0;
}

/* The service that a request names, or ERR_PTR(), explained. */
static struct bfly_service *service_from_nl(struct genl_info *info,
					    struct bfly_service_key *key)
{
	struct bfly_service *service;
	int err;

	err = key_from_nl(info, key);
	if (err)
		return ERR_PTR(err);
	service = bfly_service_find(bfly_nl_switch(info), key);
	if (!service)
		return ERR_PTR(bfly_nl_refuse(info,
					      info->attrs[BFLY_A_SERVICE_ADDR],
					      ENOENT,
					      "there is no such service"));
	return service;
}

/* The pool that a request names, if it can serve what the key names. */
static struct bfly_pool *pool_from_nl(struct genl_info *info,
				      const struct bfly_service_key *key)
{
	u16 family = key->prefix.addr.family;
	struct nlattr *attr = info->attrs[BFLY_A_SERVICE_POOL];
	struct bfly_pool *pool = bfly_nl_pool(info, BFLY_A_SERVICE_POOL);
	const struct bfly_pool_table *table;
	u32 i;

	if (IS_ERR(pool))
		return pool;
	table = bfly_pool_table(pool);
	if (table->conf.method == BFLY_METHOD_GRE_RETARGET &&
	    key->proto != IPPROTO_GRE)
		return ERR_PTR(bfly_nl_refuse(info, attr, EINVAL,
					      "pool: gre-retarget is for protocol 47, gre"));
	for (i = 0; i < table->count; i++)
		if (!bfly_pool_family_ok(table->conf.method, family == AF_INET,
					 family == AF_INET6,
					 table->backends[i]->addr.family))
			goto refuse;
	return pool;

refuse:
	return ERR_PTR(bfly_nl_refuse(info, attr, EINVAL,
				      "pool: its backends are of another family"));
}

static int hash_from_nl(struct genl_info *info, u8 proto, u8 *hash)
{
	struct nlattr *attr = info->attrs[BFLY_A_SERVICE_HASH];
	struct nlattr *clear = info->attrs[BFLY_A_SERVICE_CLEAR];

	if (clear && nla_get_u32(clear) & BFLY_SERVICE_CLEAR_HASH) {
		*hash = BFLY_HASH_OF_POOL;
		if (attr)
			return bfly_nl_refuse(info, attr, EINVAL,
					      "hash: both given and taken away");
	}
	if (!attr)
		return 0;
	*hash = nla_get_u32(attr);
	if (*hash == BFLY_HASH_QUIC && proto != IPPROTO_UDP)
		return bfly_nl_refuse(info, attr, EINVAL,
				      "hash: quic is for services of udp");
	return 0;
}

/* Takes over what a request names. */
static int conf_from_nl(struct genl_info *info,
			const struct bfly_service_key *key,
			struct bfly_service_conf *conf)
{
	if (!conf->pool || info->attrs[BFLY_A_SERVICE_POOL])
		conf->pool = pool_from_nl(info, key);
	if (IS_ERR(conf->pool))
		return PTR_ERR(conf->pool);
	if (info->attrs[BFLY_A_SERVICE_UNKNOWN])
		conf->unknown = nla_get_u32(info->attrs[BFLY_A_SERVICE_UNKNOWN]);
	return hash_from_nl(info, key->proto, &conf->hash);
}

static int service_create(struct genl_info *info,
			  const struct bfly_service_key *key,
			  const struct bfly_service_conf *conf)
{
	struct bfly_switch *sw = bfly_nl_switch(info);
	struct bfly_service *service;

	if (sw->service_count >= BFLY_SERVICE_MAX)
		return bfly_nl_refuse(info, info->attrs[BFLY_A_SERVICE_ADDR],
				      ENOSPC, "a switch has at most %d services",
				      BFLY_SERVICE_MAX);
	if (!bfly_vip_takes_len(sw, &key->prefix))
		return bfly_nl_refuse(info, info->attrs[BFLY_A_SERVICE_LEN],
				      ENOSPC, "prefixes of services have %d lengths already",
				      BFLY_VIP_LENS);
	service = bfly_service_new(sw, key, conf);
	if (IS_ERR(service))
		return bfly_nl_no_memory(info);
	bfly_nl_notify(sw, BFLY_CMD_SERVICE_NEW_NTF, service_fill, service);
	return 0;
}

static void service_change(struct genl_info *info, struct bfly_service *service,
			   const struct bfly_service_conf *conf)
{
	struct bfly_switch *sw = bfly_nl_switch(info);

	bfly_service_apply(sw, service, conf);
	bfly_nl_notify(sw, BFLY_CMD_SERVICE_NEW_NTF, service_fill, service);
}

int bfly_nl_service_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_service_conf conf = { .hash = BFLY_HASH_OF_POOL };
	struct bfly_service_key key;
	struct bfly_service *service;
	int err;

	err = key_from_nl(info, &key);
	if (err)
		return err;
	err = conf_from_nl(info, &key, &conf);
	if (err)
		return err;
	service = bfly_service_find(bfly_nl_switch(info), &key);
	if (!service)
		return service_create(info, &key, &conf);
	if (!bfly_nl_replace(info))
		return bfly_nl_refuse(info, info->attrs[BFLY_A_SERVICE_ADDR],
				      EEXIST, "the service exists");
	service_change(info, service, &conf);
	return 0;
}

int bfly_nl_service_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_service_conf conf;
	struct bfly_service_key key;
	struct bfly_service *service;
	int err;

	service = service_from_nl(info, &key);
	if (IS_ERR(service))
		return PTR_ERR(service);
	bfly_service_conf_get(service, &conf);
	err = conf_from_nl(info, &key, &conf);
	if (err)
		return err;
	service_change(info, service, &conf);
	return 0;
}

int bfly_nl_service_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_switch *sw = bfly_nl_switch(info);
	struct bfly_service_key key;
	struct bfly_service *service;

	service = service_from_nl(info, &key);
	if (IS_ERR(service))
		return PTR_ERR(service);
	bfly_service_del(sw, service);
	bfly_nl_notify(sw, BFLY_CMD_SERVICE_DEL_NTF, gone_fill, &key);
	return 0;
}

int bfly_nl_service_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct bfly_service_key key;
	struct bfly_service *service;

	service = service_from_nl(info, &key);
	if (IS_ERR(service))
		return PTR_ERR(service);
	return bfly_nl_reply(info, service_fill, service);
}

static int dump_switch(struct sk_buff *skb, struct netlink_callback *cb,
		       struct bfly_switch *sw, struct bfly_nl_dump *state)
{
	struct bfly_service *service;
	u32 pos = 0;
	int err;

	list_for_each_entry(service, &sw->services, list) {
		if (pos++ < state->pos)
			continue;
		err = bfly_nl_dump_put(skb, cb, BFLY_CMD_SERVICE_GET,
				       service_fill, sw, service);
		if (err)
			return err;
		state->pos = pos;
	}
	return 0;
}

int bfly_nl_service_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return bfly_nl_dump_switches(skb, cb, dump_switch);
}
