// SPDX-License-Identifier: GPL-2.0
/* Commands: words to objects, objects to text and JSON, files to words. */
#include <unistd.h>
#include "test.h"
#include "run.h"

/* Run f with its output in the returned text; the caller frees it. */
static char *captured;

static int canonical(const struct object *object, const char *verb,
		     const char *words)
{
	char line[1024], *argv[128];
	struct args a = { .object = object->name, .verb = verb, .argv = argv };
	size_t size;
	FILE *file;
	int err;

	snprintf(line, sizeof(line), "%s", words);
	a.argc = split_line(line, argv, 128);
	free(captured);
	captured = NULL;
	file = open_memstream(&captured, &size);
	out_to(file);
	err = object->canonical(&a);
	out_to(NULL);
	fclose(file);
	args_free(&a);
	return err;
}

struct good {
	const struct object *object;
	const char *in, *out;
};

/* No switch is named, so the words end in "dev 0". */
static const struct good goods[] = {
	{ &net_object, "42",
	  "42 type vxlan vni 42 learning on ageing 300 neigh-suppress on unknown flood strict off ttl auto tos inherit csum auto mtu 0 dev 0\n" },
	{ &net_object, "42 unknown drop ageing 0 vni 0 neigh-suppress off strict on mtu 1400 csum off ttl inherit tos 184 learning off type vxlan",
	  "42 type vxlan vni 0 learning off ageing 0 neigh-suppress off unknown drop strict on ttl inherit tos 184 csum off mtu 1400 dev 0\n" },
	{ &net_object, "42 ttl 64 via lo mcast 239.1.1.1",
	  "42 type vxlan vni 42 learning on ageing 300 neigh-suppress on unknown flood strict off ttl 64 tos inherit csum auto mtu 0 mcast 239.1.1.1 via lo dev 0\n" },
	{ &net_object, "42 ttl auto mcast FF05:0::1 via lo",
	  "42 type vxlan vni 42 learning on ageing 300 neigh-suppress on unknown flood strict off ttl auto tos inherit csum auto mtu 0 mcast ff05::1 via lo dev 0\n" },
	{ &net_object, "42 mcast none",
	  "42 type vxlan vni 42 learning on ageing 300 neigh-suppress on unknown flood strict off ttl auto tos inherit csum auto mtu 0 dev 0\n" },
	{ &net_object, "42 type vlan vid 100 uplink lo",
	  "42 type vlan uplink lo vid 100 learning on ageing 300 neigh-suppress on unknown flood dev 0\n" },
	{ &net_object, "42 type flat uplink lo ageing 1",
	  "42 type flat uplink lo learning on ageing 1 neigh-suppress on unknown flood dev 0\n" },
	{ &remote_object, "net 42 via 2001:db8:0::2", "net 42 via 2001:db8::2 dev 0\n" },
	{ &remote_object, "addr 10.0.0.2 via 1.2.3.4 addr ::2 mac 02:00:00:00:00:0A net 1",
	  "net 1 via 1.2.3.4 mac 02:00:00:00:00:0a addr 10.0.0.2 ::2 dev 0\n" },
	{ &uplink_object, "lo", "lo xdp off dev 0\n" },
	{ &uplink_object, "lo xdp native", "lo xdp native dev 0\n" },
	{ &uplink_object, "lo xdp generic", "lo xdp generic dev 0\n" },
	{ &port_object, "lo net 42 mac 02:00:00:00:00:02 02:00:00:00:00:01",
	  "lo net 42 mac 02:00:00:00:00:01 02:00:00:00:00:02 antispoof on bypass off stateless off dhcp-server off flood-limit 0 flow-max 0 dev 0\n" },
	{ &port_object, "lo net 1 mac 02:00:00:00:00:01 addr 10.0.0.1 addr fd00::/64 group b group a label \"x y\" flood-limit 7 flow-max 9 antispoof off",
	  "lo net 1 mac 02:00:00:00:00:01 addr 10.0.0.1/32 fd00::/64 group a group b antispoof off bypass off stateless off dhcp-server off flood-limit 7 flow-max 9 label \"x y\" dev 0\n" },
	{ &port_object, "lo net 1 mac 02:00:00:00:00:01 addr none group none",
	  "lo net 1 mac 02:00:00:00:00:01 antispoof on bypass off stateless off dhcp-server off flood-limit 0 flow-max 0 dev 0\n" },
	/* a group may be called like a word */
	{ &port_object, "lo net 1 mac 02:00:00:00:00:01 group label group mac",
	  "lo net 1 mac 02:00:00:00:00:01 group label group mac antispoof on bypass off stateless off dhcp-server off flood-limit 0 flow-max 0 dev 0\n" },
	{ &group_object, "web", "web auto on dev 0\n" },
	{ &group_object, "web auto off", "web auto off dev 0\n" },
	{ &rule_object, "web in proto tcp port 80", "web in proto tcp port 80 dev 0\n" },
	{ &rule_object, "web in port 80-80 proto 6", "web in proto tcp port 80 dev 0\n" },
	{ &rule_object, "web in", "web in proto any dev 0\n" },
	{ &rule_object, "web out proto any remote ::0/0", "web out proto any remote ::/0 dev 0\n" },
	{ &rule_object, "web in proto udp port 1000-2000 remote 10.1.2.3/8",
	  "web in proto udp port 1000-2000 remote 10.0.0.0/8 dev 0\n" },
	{ &rule_object, "web in proto 1 type 8 code 0 group friends",
	  "web in proto icmp type 8 code 0 group friends dev 0\n" },
	{ &rule_object, "web in proto 47 remote 2001:db8::1",
	  "web in proto gre remote 2001:db8::1/128 dev 0\n" },
	{ &member_object, "web 10.0.0.1 2001:DB8::1", "web 10.0.0.1 dev 0\nweb 2001:db8::1 dev 0\n" },
	{ &pool_object, "p method l2", "p method l2 hash 5tuple table 65537 dev 0\n" },
	{ &pool_object, "p key 000102030405060708090a0b0c0d0e0f table 251 hash source method ipip",
	  "p method ipip hash source table 251 key 000102030405060708090a0b0c0d0e0f dev 0\n" },
	{ &pool_object, "p method gre", "p method gre hash 5tuple table 65537 dev 0\n" },
	/* the ports that the kernel fills in */
	{ &pool_object, "p method gue", "p method gue hash 5tuple table 65537 port 6080 dev 0\n" },
	{ &pool_object, "p method fou", "p method fou hash 5tuple table 65537 port 5555 dev 0\n" },
	{ &pool_object, "p port 5556 method fou", "p method fou hash 5tuple table 65537 port 5556 dev 0\n" },
	{ &pool_object, "p method vxlan vni 16",
	  "p method vxlan hash 5tuple table 65537 port 4789 vni 16 dev 0\n" },
	{ &pool_object, "p method dscp dscp 63", "p method dscp hash 5tuple table 65537 dscp 63 dev 0\n" },
	{ &pool_object, "p method gre-retarget hash 3tuple",
	  "p method gre-retarget hash 3tuple table 65537 dev 0\n" },
	{ &backend_object, "p 192.0.2.1", "p 192.0.2.1 weight 1 state up dev 0\n" },
	{ &backend_object, "p 2001:db8::1 mac 02:00:00:00:00:01 state drain weight 65535",
	  "p 2001:db8::1 weight 65535 state drain mac 02:00:00:00:00:01 dev 0\n" },
	{ &service_object, "192.0.2.1:80/tcp pool p", "192.0.2.1:80/tcp pool p unknown drop dev 0\n" },
	{ &service_object, "[2001:db8::1]:*/udp pool \"a b\"", "[2001:db8::1]:*/udp pool \"a b\" unknown drop dev 0\n" },
	{ &service_object, "192.0.2.5/28:80/tcp pool p", "192.0.2.0/28:80/tcp pool p unknown drop dev 0\n" },
	{ &service_object, "192.0.2.1:443/udp hash quic pool p",
	  "192.0.2.1:443/udp pool p hash quic unknown drop dev 0\n" },
	{ &service_object, "192.0.2.1:443/udp unknown pass pool p",
	  "192.0.2.1:443/udp pool p unknown pass dev 0\n" },
	{ &service_object, "192.0.2.1:443/udp hash pool pool p", "192.0.2.1:443/udp pool p unknown drop dev 0\n" },
};

static void good_words(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(goods); i++) {
		assert_int_equal(canonical(goods[i].object, "add", goods[i].in), 0);
		assert_string_equal(captured, goods[i].out);
	}
}

/* What is printed reads back, and prints the same again. */
static void canonical_is_stable(void **state)
{
	char once[1024];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(goods); i++) {
		if (goods[i].object == &member_object)
			continue;	/* two lines */
		snprintf(once, sizeof(once), "%s", goods[i].out);
		*strstr(once, " dev 0") = '\0';
		assert_int_equal(canonical(goods[i].object, "replace", once), 0);
		assert_string_equal(captured, goods[i].out);
	}
}

static void bad_words(void **state)
{
	static const struct {
		const struct object *object;
		const char *words;
	} cases[] = {
		{ &net_object, "" }, { &net_object, "x" }, { &net_object, "-1" },
		{ &net_object, "4294967296" }, { &net_object, "42 42" },
		{ &net_object, "42 type" }, { &net_object, "42 type gre" },
		{ &net_object, "42 vni 1 vni 1" }, { &net_object, "42 learning yes" },
		{ &net_object, "42 learning 1" }, { &net_object, "42 neigh-suppress 1" },
		{ &net_object, "42 unknown" }, { &net_object, "42 unknown forward" }, { &net_object, "42 ageing 1s" },
		{ &net_object, "42 type vlan vid 65536 uplink lo" }, { &net_object, "42 type flat uplink no-such-device" },
		{ &net_object, "42 strict" }, { &net_object, "42 strict 1" }, { &net_object, "42 ttl 256" },
		{ &net_object, "42 ttl inherited" }, { &net_object, "42 tos" }, { &net_object, "42 csum yes" },
		{ &net_object, "42 mtu -1" }, { &net_object, "42 ttl none" }, { &net_object, "42 mcast auto" },
		{ &net_object, "42 mcast 239.1.1" }, { &net_object, "42 mcast 239.1.1.1/32" },
		{ &net_object, "42 mcast" }, { &net_object, "42 mcast none mcast none" },
		{ &net_object, "42 mcast 239.1.1.1 via no-such-device" }, { &net_object, "42 mcast ::1 via" },
		{ &net_object, "42 vni 99999999999999999999" }, { &net_object, "42 vni 0x10" },
		{ &remote_object, "" }, { &remote_object, "net 1" }, { &remote_object, "via ::1" },
		{ &remote_object, "net 1 via" }, { &remote_object, "net 1 via x" },
		{ &remote_object, "net 1 via ::1 mac 1" }, { &remote_object, "net 1 via ::1 addr 10.0.0.0/8" },
		{ &remote_object, "net 1 via ::1 via ::2" }, { &remote_object, "net 1 via ::1 addr none ::1" },
		{ &uplink_object, "" }, { &uplink_object, "lo lo" }, { &uplink_object, "no-such-device" },
		{ &uplink_object, "lo xdp" }, { &uplink_object, "lo xdp on" },
		{ &uplink_object, "lo xdp off xdp native" }, { &uplink_object, "xdp native" },
		{ &port_object, "" }, { &port_object, "no-such-device net 1" },
		{ &port_object, "lo mac" }, { &port_object, "lo mac x" }, { &port_object, "lo mac none x" },
		{ &port_object, "lo addr 10.0.0.1/33" }, { &port_object, "lo addr" },
		{ &port_object, "lo addr 10.0.0.1 none" }, { &port_object, "lo group a group none" },
		{ &port_object, "lo antispoof" }, { &port_object, "lo antispoof 2" }, { &port_object, "lo carrot 1" },
		{ &port_object, "lo flood-limit" }, { &port_object, "lo flood-limit none" },
		{ &port_object, "lo label 0123456789012345678901234567890123456789012345678901234567890123" },
		{ &group_object, "" }, { &group_object, "none" }, { &group_object, "a b" },
		{ &group_object, "a auto" }, { &group_object, "a auto maybe" },
		{ &group_object, "0123456789012345678901234567890123456789012345678901234567890123" },
		{ &rule_object, "" }, { &rule_object, "web" }, { &rule_object, "web up" },
		{ &rule_object, "web in proto" }, { &rule_object, "web in proto carrot" },
		{ &rule_object, "web in proto 256" }, { &rule_object, "web in proto tcp proto udp" },
		{ &rule_object, "web in proto tcp port" }, { &rule_object, "web in proto tcp port 2-1" },
		{ &rule_object, "web in proto tcp port http" }, { &rule_object, "web in proto tcp 80" },
		{ &rule_object, "web in proto icmp type 256" }, { &rule_object, "web in proto icmp code -1" },
		{ &rule_object, "web in remote 10.0.0.0/33" }, { &rule_object, "web in remote web" },
		{ &rule_object, "web in remote ::/0 group a" }, { &rule_object, "web in group" },
		{ &rule_object, "web in out" }, { &rule_object, "web in proto any remote none" },
		{ &member_object, "" }, { &member_object, "web" }, { &member_object, "web x" },
		{ &member_object, "web 10.0.0.1 10.0.0.0/8" },
		{ &pool_object, "" }, { &pool_object, "p" }, { &pool_object, "p method" },
		{ &pool_object, "p method carrot" }, { &pool_object, "p method l2 hash 4tuple" },
		{ &pool_object, "p method gue port" }, { &pool_object, "p method gue port 65536" },
		{ &pool_object, "p method vxlan vni x" }, { &pool_object, "p method dscp dscp 256" },
		{ &pool_object, "p method l2 table x" }, { &pool_object, "p method l2 key 00" },
		{ &backend_object, "" }, { &backend_object, "p" }, { &backend_object, "p x" },
		{ &backend_object, "p 1.2.3.4 weight 65536" }, { &backend_object, "p 1.2.3.4 state" },
		{ &backend_object, "p 1.2.3.4 state dead" }, { &backend_object, "p 1.2.3.4 mac x" },
		{ &service_object, "" }, { &service_object, "1.2.3.4:80/tcp" },
		{ &service_object, "1.2.3.4:80 pool p" }, { &service_object, "1.2.3.4:80/tcp pool" },
		{ &service_object, "1.2.3.4:80/tcp pool p pool q" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_not_equal(canonical(cases[i].object, "add", cases[i].words), 0);
}

static void lines(void **state)
{
	static const struct {
		const char *line;
		int n;
		const char *words[6];
	} cases[] = {
		{ "", 0 }, { "   \t\n", 0 }, { "# net add 1", 0 },
		{ "net add 1", 3, { "net", "add", "1" } },
		{ "  net\tadd   1  \n", 3, { "net", "add", "1" } },
		{ "a b#c d # e", 3, { "a", "b#c", "d" } },
		{ "a \"b c\" 'd \"e'", 3, { "a", "b c", "d \"e" } },
		{ "a \"\" ''", 3, { "a", "", "" } },
		{ "a\"b\"c", 1, { "abc" } },
		{ "a\\ b \"\\\"\" \"\\x41\\x0a\"", 3, { "a b", "\"", "A\n" } },
		{ "'a\\ b'", 1, { "a\\ b" } },
		{ "\"open", -1 }, { "'open", -1 }, { "a \"b c", -1 },
		{ "1 2 3 4 5 6 7", -2 },
	};
	char line[64], *words[6];
	size_t i;
	int j, n;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(line, sizeof(line), "%s", cases[i].line);
		n = split_line(line, words, 6);
		assert_int_equal(n, cases[i].n);
		for (j = 0; j < n; j++)
			assert_string_equal(words[j], cases[i].words[j]);
	}
}

/* Text that is printed as a word is read as that word. */
static void any_label_reads_back(void **state)
{
	struct bfly_group group = { .set = BFLY_F(GROUP_NAME) };
	char name[16], *words[64], *text;
	size_t size;
	FILE *file;
	int i, j;

	(void)state;
	srandom(3);
	for (i = 0; i < 20000; i++) {
		for (j = 0; j < 15; j++)
			name[j] = random() % 255 + 1;
		name[random() % 15] = '\0';
		name[15] = '\0';
		group.name = name;
		file = open_memstream(&text, &size);
		out_to(file);
		print_group(&group, NULL);
		out_to(NULL);
		fclose(file);
		assert_true(split_line(text, words, 64) == 3);
		assert_string_equal(words[0], name);
		free(text);
	}
}

static void abbreviations(void **state)
{
	(void)state;
	assert_ptr_equal(find_object("net"), &net_object);
	assert_ptr_equal(find_object("ne"), &net_object);
	assert_ptr_equal(find_object("po"), NULL);
	assert_ptr_equal(find_object("port"), &port_object);
	assert_ptr_equal(find_object(""), NULL);
	assert_ptr_equal(find_object("netx"), NULL);
	assert_string_equal(find_verb(&net_object, "ls")->name, "show");
	assert_string_equal(find_verb(&net_object, "lis")->name, "show");
	assert_string_equal(find_verb(&net_object, "delete")->name, "del");
	assert_string_equal(find_verb(&net_object, "d")->name, "del");
	assert_string_equal(find_verb(&net_object, "rep")->name, "replace");
	assert_ptr_equal(find_verb(&net_object, "s"), NULL);
	assert_ptr_equal(find_verb(&fdb_object, "add"), NULL);
}

/* `dev DEV` is taken out wherever it stands, but not what only looks like it. */
static void the_switch(void **state)
{
	static const struct {
		const struct object *object;
		const char *in, *dev, *out;
	} cases[] = {
		{ &net_object, "add 42", NULL, "add 42" },
		{ &net_object, "add 42 dev s", "s", "add 42" },
		{ &net_object, "dev s add 42 vni 1", "s", "add 42 vni 1" },
		{ &net_object, "add 42 dev", NULL, "add 42 dev" },
		{ &group_object, "add dev dev s", "s", "add dev" },
		{ &group_object, "del label dev s", "s", "del label" },
		{ &port_object, "set v label dev", NULL, "set v label dev" },
		{ &port_object, "set v label dev group x", NULL, "set v label dev group x" },
		{ &port_object, "set v label dev dev s", "s", "set v label dev" },
		{ &port_object, "set v group label dev s", NULL, "set v group label dev s" },
	};
	char line[128], out[128], *argv[16];
	size_t i;
	int j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct args a = { .object = cases[i].object->name, .argv = argv };

		snprintf(line, sizeof(line), "%s", cases[i].in);
		a.argc = split_line(line, argv, 16);
		extract(&a, false);
		if (cases[i].dev)
			assert_string_equal(a.dev_name, cases[i].dev);
		else
			assert_null(a.dev_name);
		for (out[0] = '\0', j = 0; j < a.argc; j++) {
			strcat(out, j ? " " : "");
			strcat(out, a.argv[j]);
		}
		assert_string_equal(out, cases[i].out);
	}
}

static void json(void **state)
{
	static const struct bfly_mac mac = { { 2, 0, 0, 0, 0, 1 } };
	static const struct bfly_prefix addr = { { 4, { 10, 0, 0, 1 } }, 32 };
	static const char *const groups[] = { "web", "\"\\\n\xff\xc3\xa9" };
	const struct bfly_port port = {
		.set = ~BFLY_F(PORT_CLEAR), .dev = 1, .ifindex = 7, .ifname = "veth0",
		.net = 42, .mac = &mac, .n_mac = 1, .addr = &addr, .n_addr = 1,
		.group = groups, .n_group = 2, .antispoof = 1, .label = "vm-1",
		.rx_packets = UINT64_MAX,
	};
	const struct args a = { .dev = 1 };
	char path[] = "/tmp/bfly-unit-XXXXXX", text[1024];
	int fd = mkstemp(path), saved = dup(1);
	ssize_t n;

	(void)state;
	fflush(stdout);
	dup2(fd, 1);
	opt.json = true;
	out_begin(&a);
	print_port(&port, NULL);
	out_end();
	fflush(stdout);
	opt.json = false;
	out_to(NULL);
	dup2(saved, 1);
	lseek(fd, 0, SEEK_SET);
	n = read(fd, text, sizeof(text) - 1);
	assert_true(n > 0);
	text[n] = '\0';
	unlink(path);
	assert_string_equal(text,
		"[{\"ifname\":\"veth0\",\"ifindex\":7,\"net\":42,\"mac\":[\"02:00:00:00:00:01\"],"
		"\"addr\":[\"10.0.0.1/32\"],\"group\":[\"web\",\"\\\"\\\\\\u000a\\ufffd\xc3\xa9\"],"
		"\"antispoof\":true,\"bypass\":false,\"stateless\":false,\"dhcp-server\":false,\"flood-limit\":0,\"flow-max\":0,\"label\":\"vm-1\","
		"\"dev\":\"lo\",\"flows\":0,\"rx-packets\":18446744073709551615,\"rx-bytes\":0,\"rx-dropped\":0,"
		"\"tx-packets\":0,\"tx-bytes\":0,\"tx-dropped\":0}]\n");
}

static int free_captured(void **state)
{
	(void)state;
	free(captured);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_words),
		cmocka_unit_test(canonical_is_stable),
		cmocka_unit_test(bad_words),
		cmocka_unit_test(lines),
		cmocka_unit_test(any_label_reads_back),
		cmocka_unit_test(abbreviations),
		cmocka_unit_test(the_switch),
		cmocka_unit_test(json),
	};

	return cmocka_run_group_tests(tests, NULL, free_captured);
}
