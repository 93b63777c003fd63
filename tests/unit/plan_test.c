// SPDX-License-Identifier: GPL-2.0
/* What apply would do about the difference of two configurations. */
#include <unistd.h>
#include "test.h"
#include "plan.h"

static void fill(struct config *config, const char *const *lines)
{
	for (; *lines; lines++) {
		enum section section;
		size_t len = strcspn(*lines, " ");

		for (section = 0; section < N_SECTIONS; section++)
			if (strlen(section_objects[section]->name) == len &&
			    !strncmp(section_objects[section]->name, *lines, len))
				config_add(config, section, *lines + len + 1, 0);
	}
	config_sort(config);
}

/* The dry run's text; the caller frees it. */
static char *plan_of(const char *const *have_lines, const char *const *want_lines)
{
	struct config have = { 0 }, want = { 0 };
	char path[] = "/tmp/bfly-unit-XXXXXX", *text = calloc(1, 8192);
	int fd = mkstemp(path), saved = dup(1);
	struct plan plan = { 0 };

	fill(&have, have_lines);
	fill(&want, want_lines);
	make_plan(&plan, &have, &want);
	fflush(stdout);
	dup2(fd, 1);
	assert_int_equal(run_plan(&plan, true), 0);
	fflush(stdout);
	dup2(saved, 1);
	lseek(fd, 0, SEEK_SET);
	assert_true(read(fd, text, 8191) >= 0);
	close(fd);
	close(saved);
	unlink(path);
	free(plan.steps);
	config_free(&have);
	config_free(&want);
	return text;
}

#define LINES(...) (const char *const[]){ __VA_ARGS__, NULL }

static void check(const char *const *have, const char *const *want,
		  const char *expected)
{
	char *text = plan_of(have, want);

	assert_string_equal(text, expected);
	free(text);
}

static const char *const all[] = {
	"switch s local 192.0.2.1 dstport 4789 flow-max 1 fdb-max 1 frag-max 1",
	"uplink u xdp native dev s",
	"net 9 type vlan uplink u vid 9 learning on ageing 300 dev s",
	"net 42 type vxlan vni 42 learning on ageing 300 dev s",
	"remote net 42 via 192.0.2.2 dev s",
	"remote net 42 via 192.0.2.2 mac 02:00:00:00:00:01 addr 10.0.0.1 dev s",
	"group web auto on dev s",
	"rule web in proto tcp port 80 dev s",
	"member web 10.0.0.1 dev s",
	"port v net 42 mac 02:00:00:00:00:02 dev s",
	"pool p method l2 hash 5tuple table 251 dev s",
	"backend p 192.0.2.11 weight 1 state up dev s",
	"service 203.0.113.1:80/tcp pool p dev s",
	NULL
};

static void equal_is_nothing(void **state)
{
	(void)state;
	check(all, all, "");
	check(LINES(NULL), LINES(NULL), "");
}

static void from_nothing(void **state)
{
	(void)state;
	check(LINES("switch s dstport 1"), all,
	      "switch set s local 192.0.2.1 dstport 4789 flow-max 1 fdb-max 1 frag-max 1\n"
	      "uplink add u xdp native dev s\n"
	      "net add 9 type vlan uplink u vid 9 learning on ageing 300 dev s\n"
	      "net add 42 type vxlan vni 42 learning on ageing 300 dev s\n"
	      "remote add net 42 via 192.0.2.2 dev s\n"
	      "remote add net 42 via 192.0.2.2 mac 02:00:00:00:00:01 addr 10.0.0.1 dev s\n"
	      "group add web auto on dev s\n"
	      "rule add web in proto tcp port 80 dev s\n"
	      "member add web 10.0.0.1 dev s\n"
	      "port add v net 42 mac 02:00:00:00:00:02 dev s\n"
	      "pool add p method l2 hash 5tuple table 251 dev s\n"
	      "backend add p 192.0.2.11 weight 1 state up dev s\n"
	      "service add 203.0.113.1:80/tcp pool p dev s\n");
}

/* Rules go with their group and backends with their pool. */
static void to_nothing(void **state)
{
	(void)state;
	check(all, LINES("switch s local 192.0.2.1 dstport 4789 flow-max 1 fdb-max 1 frag-max 1"),
	      "service del 203.0.113.1:80/tcp dev s\n"
	      "port del v dev s\n"
	      "remote del net 42 via 192.0.2.2 mac 02:00:00:00:00:01 dev s\n"
	      "remote del net 42 via 192.0.2.2 dev s\n"
	      "net del 42 dev s\n"
	      "net del 9 dev s\n"
	      "pool del p dev s\n"
	      "group del web dev s\n"
	      "uplink del u dev s\n");
}

static void changes(void **state)
{
	(void)state;
	check(LINES("group web auto on dev s", "rule web in proto tcp port 80 dev s",
		    "rule web in proto tcp port 22 dev s", "member web 10.0.0.1 dev s"),
	      LINES("group web auto off dev s", "rule web in proto tcp port 80 dev s",
		    "rule web in proto tcp port 443 dev s", "rule web in proto tcp port 443 dev s",
		    "member web 10.0.0.2 dev s"),
	      "group set web auto off dev s\n"
	      "rule add web in proto tcp port 443 dev s\n"
	      "member add web 10.0.0.2 dev s\n"
	      "member del web 10.0.0.1 dev s\n"
	      "rule del web in proto tcp port 22 dev s\n");
	check(LINES("pool p method l2 hash 5tuple table 251 dev s",
		    "backend p 192.0.2.1 weight 1 state up dev s",
		    "backend p 192.0.2.2 weight 1 state up dev s"),
	      LINES("pool p method l2 hash source table 251 dev s",
		    "backend p 192.0.2.1 weight 1 state drain dev s",
		    "backend p 192.0.2.3 weight 1 state up dev s"),
	      "pool set p hash source table 251 dev s\n"
	      "backend replace p 192.0.2.1 weight 1 state drain dev s\n"
	      "backend add p 192.0.2.3 weight 1 state up dev s\n"
	      "backend del p 192.0.2.2 dev s\n");
	check(LINES("pool p method vxlan hash 5tuple table 251 port 4789 vni 7 dev s",
		    "pool q method dscp hash 5tuple table 251 dscp 11 dev s"),
	      LINES("pool p method vxlan hash 5tuple table 251 port 8472 vni 8 dev s",
		    "pool q method dscp hash 5tuple table 251 dscp 12 dev s"),
	      "pool set p hash 5tuple table 251 port 8472 vni 8 dev s\n"
	      "pool set q hash 5tuple table 251 dscp 12 dev s\n");
	check(LINES("port v net 1 mac 02:00:00:00:00:02 dev s", "net 1 x dev s"),
	      LINES("port v net 1 mac 02:00:00:00:00:03 dev s", "net 1 y dev s"),
	      "net replace 1 y dev s\n"
	      "port replace v net 1 mac 02:00:00:00:00:03 dev s\n");
}

/* Another method is another pool: what it had has to come again. */
static void another_method(void **state)
{
	(void)state;
	check(LINES("pool p method l2 hash 5tuple table 251 dev s",
		    "backend p 192.0.2.1 weight 1 state up dev s"),
	      LINES("pool p method ipip hash 5tuple table 251 dev s",
		    "backend p 192.0.2.1 weight 1 state up dev s"),
	      "pool replace p method ipip hash 5tuple table 251 dev s\n"
	      "backend add p 192.0.2.1 weight 1 state up dev s\n");
}

/* A MAC or VNI that one gives up is free before another takes it. */
static void what_goes_makes_room(void **state)
{
	(void)state;
	check(LINES("net 1 type vxlan vni 7 dev s", "port a net 1 mac 02:00:00:00:00:01 dev s"),
	      LINES("net 2 type vxlan vni 7 dev s", "port b net 2 mac 02:00:00:00:00:01 dev s"),
	      "port del a dev s\n"
	      "net del 1 dev s\n"
	      "net add 2 type vxlan vni 7 dev s\n"
	      "port add b net 2 mac 02:00:00:00:00:01 dev s\n");
	/* unless a port has to leave first */
	check(LINES("net 1 type vxlan vni 7 dev s", "port a net 1 mac 02:00:00:00:00:01 dev s"),
	      LINES("net 2 type vxlan vni 8 dev s", "port a net 2 mac 02:00:00:00:00:01 dev s"),
	      "net add 2 type vxlan vni 8 dev s\n"
	      "port replace a net 2 mac 02:00:00:00:00:01 dev s\n"
	      "net del 1 dev s\n");
}

/* A multicast group needs a local address of its family, as long as it is there. */
static void groups_go_with_addresses(void **state)
{
	static const char *const have[] = {
		"switch s local 192.0.2.1 dstport 1",
		"net 1 mcast 239.1.1.1 via u dev s", "net 2 mcast 239.1.1.2 via u dev s",
		"port a net 2 mac 02:00:00:00:00:01 dev s", NULL
	};

	(void)state;
	check(have, LINES("switch s local 2001:db8::1 dstport 1", "net 1 mcast ff05::1 via u dev s",
			  "net 2 dev s", "port a net 2 mac 02:00:00:00:00:01 dev s"),
	      "net set 1 dev s mcast none\n"
	      "net set 2 dev s mcast none\n"
	      "switch set s local 2001:db8::1 dstport 1\n"
	      "net replace 1 mcast ff05::1 via u dev s\n"
	      "net replace 2 dev s\n");
	/* of nets that go, those that a port has to leave first */
	check(have, LINES("switch s local 2001:db8::1 dstport 1", "net 3 dev s",
			  "port a net 3 mac 02:00:00:00:00:01 dev s"),
	      "net del 1 dev s\n"
	      "net set 2 dev s mcast none\n"
	      "switch set s local 2001:db8::1 dstport 1\n"
	      "net add 3 dev s\n"
	      "port replace a net 3 mac 02:00:00:00:00:01 dev s\n"
	      "net del 2 dev s\n");
	/* they are left alone where they can stay */
	check(have, LINES("switch s local 192.0.2.1 dstport 2",
			  "net 1 mcast 239.1.1.1 via u dev s", "net 2 mcast 239.1.1.2 via u dev s",
			  "port a net 2 mac 02:00:00:00:00:01 dev s"),
	      "switch set s local 192.0.2.1 dstport 2\n");
}

static void names_with_spaces(void **state)
{
	(void)state;
	check(LINES("group \"a b\" auto on dev s", "rule \"a b\" in proto any dev s"),
	      LINES("group \"a b\" auto off dev s"),
	      "group set \"a b\" auto off dev s\n"
	      "rule del \"a b\" in proto any dev s\n");
	check(LINES("pool \"x dev y\" method l2 hash 5tuple dev s"),
	      LINES("pool \"x dev y\" method l2 hash source dev s"),
	      "pool set \"x dev y\" hash source dev s\n");
}

/* The same names in two switches are two things. */
static void two_switches(void **state)
{
	(void)state;
	check(LINES("net 1 x dev s", "net 1 x dev t"), LINES("net 1 x dev s", "net 1 y dev t"),
	      "net replace 1 y dev t\n");
	check(LINES("net 1 x dev s"), LINES("net 1 x dev t"),
	      "net del 1 dev s\n"
	      "net add 1 x dev t\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_is_nothing),
		cmocka_unit_test(from_nothing),
		cmocka_unit_test(to_nothing),
		cmocka_unit_test(changes),
		cmocka_unit_test(another_method),
		cmocka_unit_test(what_goes_makes_room),
		cmocka_unit_test(groups_go_with_addresses),
		cmocka_unit_test(names_with_spaces),
		cmocka_unit_test(two_switches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
