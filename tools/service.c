// SPDX-License-Identifier: GPL-2.0
#include "bflyctl.h"

static const char *const hashes[] = {
	[BFLY_HASH_5TUPLE] = "5tuple", [BFLY_HASH_3TUPLE] = "3tuple",
	[BFLY_HASH_SOURCE] = "source", [BFLY_HASH_QUIC] = "quic", NULL
};

static const char *const unknowns[] = {
	[BFLY_SERVICE_UNKNOWN_DROP] = "drop",
	[BFLY_SERVICE_UNKNOWN_PASS] = "pass", NULL
};

static const struct word words[] = {
	WORD(bfly_service, SERVICE_POOL, "pool", NAME, pool),
	{ .name = "hash", .kind = WORD_ENUM, .attr = BFLY_A_SERVICE_HASH,
	  .off = offsetof(struct bfly_service, hash), .names = hashes,
	  CLEARED(bfly_service, SERVICE, HASH, "pool") },
	WORD_OF(bfly_service, SERVICE_UNKNOWN, "unknown", unknowns, unknown),
	WORD_END
};

static int take_service(struct args *a, struct bfly_service *service)
{
	const char *text = next(a);

	if (!text)
		return usage(a, "the service's ADDR:PORT/PROTO is missing");
	TAKE_DEV(a, SERVICE, service);
	if (service_parse(text, service))
		return usage(a, "\"%s\" is not ADDR[/LEN]:PORT/PROTO, IPv6 in brackets",
			     text);
	return 0;
}

static int take_new(struct args *a, struct bfly_service *service)
{
	int err = take_service(a, service);

	if (!err)
		err = take_words(a, words, service);
	if (!err && !HAS(service, SERVICE_POOL))
		return usage(a, "pool NAME is missing");
	return err;
}

static int service_new(struct args *a)
{
	struct bfly_service service = { 0 };
	int err = take_new(a, &service);

	return err ? err :
		finish(a, bfly_service_new(kernel(), &service, a->flags));
}

static int service_set(struct args *a)
{
	struct bfly_service service = { 0 };
	int err = take_service(a, &service);

	if (!err)
		err = take_words(a, words, &service);
	return err ? err : finish(a, bfly_service_set(kernel(), &service));
}

static int service_del(struct args *a)
{
	struct bfly_service service = { 0 };
	int err = take_service(a, &service);

	if (!err)
		err = take_end(a);
	return err ? err : finish(a, bfly_service_del(kernel(), &service));
}

static void print_key(const struct bfly_service *service)
{
	char buf[SERVICE_STRLEN], proto[4];

	if (!out_is_json())
		return out_text(service_format(service, buf), NULL);
	out_addr("addr", &service->addr);
	out_num("len", service->len);
	out_str("proto", proto_name(service->proto, proto));
	out_num("port", service->port);
}

int print_service(const struct bfly_service *service, void *arg)
{
	(void)arg;
	out_object();
	print_key(service);
	if (HAS(service, SERVICE_POOL))
		out_str("pool", service->pool);
	if (HAS(service, SERVICE_HASH))
		out_enum("hash", hashes, service->hash);
	if (HAS(service, SERVICE_UNKNOWN))
		out_enum("unknown", unknowns, service->unknown);
	out_dev(service->dev);
	if (out_wants(opt.stats) && HAS(service, SERVICE_PACKETS)) {
		out_more();
		out_num("flows", service->flows);
		out_num("new-flows", service->new_flows);
		out_num("packets", service->packets);
		out_num("bytes", service->bytes);
	}
	out_object_end();
	return 0;
}

static int service_canonical(struct args *a)
{
	struct bfly_service service = { 0 };
	int err = take_new(a, &service);

	service.set |= BFLY_F(SERVICE_UNKNOWN);
	return err ? err : print_service(&service, NULL);
}

static int service_show(struct args *a)
{
	struct bfly_service service = { 0 };
	bool one = a->argc;
	int err = one ? take_service(a, &service) : 0;

	if (!err)
		err = take_end(a);
	if (err)
		return err;

	TAKE_DEV(a, SERVICE, &service);
	out_begin(a);
	err = one ? bfly_service_get(kernel(), &service, print_service, NULL) :
		    bfly_service_dump(kernel(), &service, print_service, NULL);
	if (!err)
		out_end();
	return finish(a, err);
}

#define KEY "ADDR[/LEN]:PORT/PROTO"
#define WORDS "[hash pool|5tuple|3tuple|source|quic] [unknown drop|pass]"

static const struct verb verbs[] = {
	{ "add", service_new, KEY " pool NAME " WORDS, BFLY_ADD },
	{ "replace", service_new, KEY " pool NAME " WORDS, BFLY_REPLACE },
	{ "set", service_set, KEY " [pool NAME] " WORDS },
	{ "del", service_del, KEY " [if-exists]" },
	{ "show", service_show, "[" KEY "]" },
	{ NULL }
};

const struct object service_object = {
	.name = "service", .verbs = verbs, .canonical = service_canonical,
	.what = "a virtual address and the pool that it sends to",
	.notes = "192.0.2.1:80/tcp, [2001:db8::1]:443/tcp; PORT `*` is every port of the\n"
		 "address and protocol that has no service of its own. 192.0.2.0/28:80/tcp and\n"
		 "[2001:db8::/64]:443/tcp serve every address of the prefix that has no service\n"
		 "of its own for the packet.\n"
		 "hash    what of a packet chooses the backend; as the pool says unless set.\n"
		 "        quic, of udp only: the connection id, which the server has to keep,\n"
		 "        see the manual\n"
		 "unknown what becomes of packets for other ports and protocols of the address;\n"
		 "        they pass to the host when any of its services says so\n",
};
