// SPDX-License-Identifier: GPL-2.0
#include "bflyctl.h"

struct kind {
	int cmd;		/* BFLY_CMD_* */
	const char *name;	/* JSON: of the event */
	const char *lead;	/* text: before the object */
	int (*print)(const struct bfly_event *event);
};

#define PRINT(name, member, print)					\
static int print_##name##_event(const struct bfly_event *event)	\
{									\
	return print(event->obj.member, NULL);				\
}

PRINT(net, net, print_net)
PRINT(remote, remote, print_remote)
PRINT(uplink, uplink, print_uplink)
PRINT(port, port, print_port)
PRINT(group, group, print_group)
PRINT(rule, group, print_rules)
PRINT(member, group, print_members)
PRINT(pool, pool, print_pool)
PRINT(backend, pool, print_backend)
PRINT(service, service, print_service)

#define KIND(name, NAME)						\
	{ BFLY_CMD_##NAME##_NEW_NTF, #name "-new", #name " ",		\
	  print_##name##_event },					\
	{ BFLY_CMD_##NAME##_DEL_NTF, #name "-del", "Deleted " #name " ", \
	  print_##name##_event }

static const struct kind kinds[] = {
	KIND(net, NET), KIND(remote, REMOTE), KIND(uplink, UPLINK),
	KIND(port, PORT), KIND(group, GROUP), KIND(rule, RULE),
	KIND(member, MEMBER), KIND(pool, POOL), KIND(backend, BACKEND),
	KIND(service, SERVICE),
	{ BFLY_CMD_BACKEND_UNREACHABLE_NTF, "backend-unreachable",
	  "Unreachable backend ", print_backend_event },
};

/* JSON: "event": "net-new" or "net-del", and the object. */
static int print_event(const struct bfly_event *event, void *arg)
{
	size_t i;

	(void)arg;
	dev_forget();
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (event->cmd != kinds[i].cmd)
			continue;
		out_lead(kinds[i].lead);
		out_event(kinds[i].name);
		kinds[i].print(event);
	}
	if (!event->cmd) {
		out_lead("events were lost");
		out_event("lost");
		out_object();
		out_object_end();
	}
	fflush(stdout);
	return ferror(stdout) ? -1 : 0;
}

static int monitor(struct args *a)
{
	int err = take_end(a);

	if (err)
		return err;
	out_begin(a);
	err = bfly_monitor_open(kernel());
	while (err >= 0)
		err = bfly_monitor_read(kernel(), print_event, NULL);
	return finish(a, err);
}

static const struct verb verbs[] = {
	{ "monitor", monitor, "" },
	{ NULL }
};

const struct object monitor_object = {
	.name = "monitor", .verbs = verbs, .plain = true,
	.what = "tell of each change of the configuration, and of backends' errors",
	.notes = "A line a change, until interrupted. With -j a line of JSON, in which \"event\"\n"
		 "is net-new, net-del and so on. \"lost\" means: show all anew. A backend is\n"
		 "unreachable when the network says so of a packet in a tunnel to it.\n",
};
