/* SPDX-License-Identifier: GPL-2.0-or-later */
/* e2e: what the rules of ARP go by is known as the kernel has it, of a live machine and of a lab's.
 */
#include <config.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "../../src/helper/kernel.h"
#include "../../src/helper/lab_netlink.h"
#include "../../src/helper/netparse.h"
#include "labchecks.h"
#include "ns.h"
#include "proc.h"

#define COMMANDS 150
#define ROWS_MAX 512
#define MANY 8000

/* A machine with eth0 and eth1, and who tells of it. */
struct place {
	struct front front;
	uint16_t node;
	const char *ip; /* An address that it alone has; NULL: the test is there itself. */
	uint64_t seed;
	char state[128]; /* The live helper's directory. */
};

/* What the kernel says of itself, brought here from another process. */
struct tables {
	size_t routes, rules;
	struct route route[ROWS_MAX];
	struct policy_rule rule[ROWS_MAX];
};

static uint32_t below(struct place *p, uint32_t limit)
{
	p->seed = p->seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)(p->seed >> 33) % limit;
}

static const struct model *model_of(const struct place *p)
{
	return p->front.world.machines[p->node];
}

/* ---- in the machine ---- */

static int run_words(void *arg)
{
	execl("/bin/sh", "sh", "-c", (const char *)arg, (char *)NULL);
	return 127;
}

/* A shell's command there; what the kernel refuses is part of the game. */
static int run(const struct place *p, char *command)
{
	if (p->ip)
		return front_inside(&p->front, p->ip, run_words, command);
	return system(command); /* NOLINT: fixed words. */
}

static void take_route(void *arg, const struct nlmsghdr *m)
{
	struct tables *t = arg;
	struct route r = { 0 };
	if (m->nlmsg_type == RTM_NEWROUTE && t->routes < ROWS_MAX && parse_route(m, &r))
		t->route[t->routes++] = r;
}

static void take_rule(void *arg, const struct nlmsghdr *m)
{
	struct tables *t = arg;
	struct policy_rule r = { 0 };
	if (m->nlmsg_type == RTM_NEWRULE && t->rules < ROWS_MAX && parse_rule(m, &r))
		t->rule[t->rules++] = r;
}

static int dump_there(void *arg)
{
	struct tables *t = arg;
	const struct rtmsg route = { .rtm_family = AF_INET };
	const struct fib_rule_hdr rule = { .family = AF_INET };
	int fd = batch_socket(NETLINK_ROUTE);
	t->routes = t->rules = 0;
	int r = dump_table(fd, RTM_GETROUTE, &route, sizeof route, take_route, t);
	if (r == 0)
		r = dump_table(fd, RTM_GETRULE, &rule, sizeof rule, take_rule, t);
	close(fd);
	return r < 0;
}

/* The kernel dumps tables one after the other, but not by their numbers. */
static void sort_tables(struct tables *t)
{
	for (size_t i = 1; i < t->routes; i++) {
		struct route r = t->route[i];
		size_t k = i;
		for (; k > 0 && t->route[k - 1].table > r.table; k--)
			t->route[k] = t->route[k - 1];
		t->route[k] = r;
	}
}

static struct tables *dump(const struct place *p)
{
	struct tables *t =
		mmap(NULL, sizeof *t, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	check(t != MAP_FAILED, "no memory");
	int r = p->ip ? front_inside(&p->front, p->ip, dump_there, t) : dump_there(t);
	check(r == 0 && t->routes < ROWS_MAX && t->rules < ROWS_MAX, "cannot dump: %d", r);
	sort_tables(t);
	return t;
}

/* ---- compared ---- */

static void note_routes(const struct model *m, const struct tables *t)
{
	for (size_t i = 0; i < m->route_count || i < t->routes; i++) {
		const struct route *a = i < m->route_count ? &m->routes[i].route : NULL;
		const struct route *b = i < t->routes ? &t->route[i] : NULL;
		char x[INET_ADDRSTRLEN] = "-", y[INET_ADDRSTRLEN] = "-";
		if (a)
			inet_ntop(AF_INET, &a->dst, x, sizeof x);
		if (b)
			inet_ntop(AF_INET, &b->dst, y, sizeof y);
		tap_note("%-4zu known %s/%d dev %d metric %u tos %d   kernel %s/%d dev %d metric "
			 "%u tos %d",
			i, x, a ? a->dst_len : 0, a ? a->ifindex : 0, a ? a->metric : 0,
			a ? a->tos : 0, y, b ? b->dst_len : 0, b ? b->ifindex : 0,
			b ? b->metric : 0, b ? b->tos : 0);
	}
}

static bool same_routes(const struct model *m, const struct tables *t)
{
	if (m->route_count != t->routes)
		return false;
	for (size_t i = 0; i < t->routes; i++)
		if (memcmp(&m->routes[i].route, &t->route[i], sizeof t->route[i]) != 0)
			return false;
	return true;
}

static bool same_rules(const struct model *m, const struct tables *t)
{
	if (m->rule_count != t->rules)
		return false;
	for (size_t i = 0; i < t->rules; i++)
		if (memcmp(&m->rules[i].rule, &t->rule[i], sizeof t->rule[i]) != 0)
			return false;
	return true;
}

struct wanted {
	const struct model *model;
	const struct tables *tables;
};

static bool all_known(const struct front *f, void *arg)
{
	const struct wanted *w = arg;
	(void)f;
	return same_routes(w->model, w->tables) && same_rules(w->model, w->tables);
}

/* The model becomes what the kernel says now. In a lab it is so when an action is answered. */
static void expect_known(struct place *p, const char *after)
{
	struct tables *t = dump(p);
	struct wanted w = { model_of(p), t };
	bool known;
	if (p->node) {
		const struct action look = { .kind = ACTION_LOOK_NEIGH,
			.node = p->node,
			.ifindex = 1,
			.ip = htonl(INADDR_LOOPBACK) };
		front_act(&p->front, look);
		known = all_known(&p->front, &w);
	} else {
		known = front_until(&p->front, all_known, &w);
	}
	if (!known && !same_routes(w.model, t))
		note_routes(w.model, t);
	check(known,
		"after '%s' %zu routes and %zu rules are known, and the kernel has %zu and %zu",
		after, w.model->route_count, w.model->rule_count, t->routes, t->rules);
	munmap(t, sizeof *t);
}

/* ---- commands at random ---- */

static const char *one_of(struct place *p, const char *const *words, size_t count)
{
	return words[below(p, (uint32_t)count)];
}

#define ONE_OF(p, ...)                                          \
	one_of(p, (const char *const[]) { __VA_ARGS__ },        \
		sizeof((const char *const[]) { __VA_ARGS__ }) / \
			sizeof((const char *const[]) { __VA_ARGS__ }[0]))

static void random_route(struct place *p, char *line, size_t size)
{
	const char *verb = ONE_OF(p, "add", "append", "append", "prepend", "prepend", "replace",
		"change", "del", "del");
	const char *to = ONE_OF(p, "10.1.0.0/16", "10.1.0.0/16", "10.1.0.0/24", "10.1.0.0/32",
		"10.2.0.0/16", "default", "unicast 192.168.5.0/24");
	const char *way = ONE_OF(p, "dev eth0", "dev eth1", "dev eth0", "dev eth1",
		"via 192.168.5.77", "via 192.168.5.77 onlink dev eth1", "dev eth0 mtu 1400",
		"dev eth1 src 192.168.5.1",
		"nexthop via 192.168.5.77 dev eth0 nexthop via 192.168.5.78 dev eth0",
		"nexthop via 192.168.5.77 dev eth0 nexthop via 192.168.5.79 dev eth0 weight 5");
	const char *besides = ONE_OF(p, "", "", "", "", "metric 7", "tos 8", "table 77",
		"table 1000", "proto static", "scope link");
	snprintf(line, size, "ip route %s %s %s %s 2>/dev/null", verb, to, way, besides);
}

static void random_addr(struct place *p, char *line, size_t size)
{
	const char *verb = ONE_OF(p, "add", "add", "del");
	const char *ip =
		ONE_OF(p, "192.168.5.1/24", "192.168.5.2/24", "192.168.5.3/24", "192.168.5.3/32");
	snprintf(line, size, "ip addr %s %s dev %s 2>/dev/null", verb, ip,
		ONE_OF(p, "eth0", "eth1"));
}

static void random_rule(struct place *p, char *line, size_t size)
{
	const char *verb = ONE_OF(p, "add", "add", "del");
	const char *what = ONE_OF(p, "from 10.1.0.0/16", "to 10.2.0.0/16 tos 8", "iif eth0",
		"not from all fwmark 0xca6c", "fwmark 1/3", "oif eth1", "ipproto udp dport 53");
	const char *then = ONE_OF(
		p, "lookup 77", "lookup main suppress_prefixlength 0", "blackhole", "goto 32766");
	snprintf(line, size, "ip rule %s %s priority %s %s 2>/dev/null", verb, what,
		ONE_OF(p, "100", "100", "200"), then);
}

static void random_command(struct place *p, char *line, size_t size)
{
	switch (below(p, 12)) {
	case 0:
	case 1:
		random_addr(p, line, size);
		return;
	case 2:
		random_rule(p, line, size);
		return;
	case 3:
		snprintf(line, size, "ip link set eth%u %s", below(p, 2),
			below(p, 4) ? "up" : "down");
		return;
	default:
		random_route(p, line, size);
	}
}

static void commands(struct place *p)
{
	char line[300];
	for (int i = 0; i < COMMANDS; i++) {
		random_command(p, line, sizeof line);
		run(p, line);
		expect_known(p, line);
	}
	tap_note("%zu routes and %zu rules in the end", model_of(p)->route_count,
		model_of(p)->rule_count);
}

/* ---- one by one ---- */

static void version(const struct place *p)
{
	check(model_of(p)->hello.kernel == kernel_version() && kernel_version() > 0,
		"the kernel is said to be %x", (unsigned)model_of(p)->hello.kernel);
}

/* The interfaces of the routes to 192.168.9.0/24, in their order. */
static void expect_ways(const struct place *p, const char *first, const char *second)
{
	const struct model *m = model_of(p);
	const char *names[2] = { "", "" };
	size_t count = 0;
	for (size_t i = 0; i < m->route_count; i++)
		if (m->routes[i].route.table == RT_TABLE_MAIN &&
			m->routes[i].route.dst == inet_addr("192.168.9.0") && count < 2)
			names[count++] = model_conf_name(m, m->routes[i].route.ifindex);
	check(strcmp(names[0], first) == 0 && strcmp(names[1], second) == 0,
		"the routes go to '%s' and '%s'", names[0], names[1]);
}

static void prefixes(struct place *p)
{
	char steps[][100] = { "ip link set eth0 up; ip link set eth1 up",
		"ip addr add 192.168.9.2/24 dev eth1", "ip addr add 192.168.9.1/24 dev eth0",
		"ip addr del 192.168.9.2/24 dev eth1", "ip addr add 192.168.9.2/24 dev eth1",
		"ip addr del 192.168.9.2/24 dev eth1; ip addr del 192.168.9.1/24 dev eth0" };
	static const char *const ways[][2] = { { "", "" }, { "eth1", "" }, { "eth1", "eth0" },
		{ "eth0", "" }, { "eth0", "eth1" }, { "", "" } };
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		check(run(p, steps[i]) == 0, "'%s' fails", steps[i]);
		expect_known(p, steps[i]);
		expect_ways(p, ways[i][0], ways[i][1]);
	}
}

static const struct policy_rule *rule_at(const struct place *p, uint32_t priority)
{
	const struct model *m = model_of(p);
	for (size_t i = 0; i < m->rule_count; i++)
		if (m->rules[i].rule.priority == priority)
			return &m->rules[i].rule;
	tap_fail(__FILE__, __LINE__, "no rule %u is known", (unsigned)priority);
}

static void rules(struct place *p)
{
	char make[] = "ip rule add from 10.0.0.0/8 to 10.9.0.0/16 iif eth0 priority 91 lookup 77;"
		      "ip rule add not from all fwmark 51820 priority 92 lookup 1000;"
		      "ip rule add from all priority 93 lookup main suppress_prefixlength 0;"
		      "ip rule add fwmark 1/3 oif eth1 priority 94 goto 32766;"
		      "ip rule add tos 8 priority 95 prohibit";
	char unmake[] = "for i in 91 92 93 94 95; do ip rule del priority $i; done";
	check(run(p, make) == 0, "ip fails");
	expect_known(p, make);
	const struct policy_rule *r = rule_at(p, 91);
	check(r->source == inet_addr("10.0.0.0") && r->source_len == 8 &&
			r->target == inet_addr("10.9.0.0") && r->target_len == 16 &&
			strcmp(r->iif, "eth0") == 0 && r->table == 77 &&
			r->action == FR_ACT_TO_TBL && r->other == 0,
		"selectors are lost");
	r = rule_at(p, 92);
	check(r->mark == 51820 && r->mask == UINT32_MAX && r->other == RULE_NOT && r->table == 1000,
		"the mark is lost: %u", (unsigned)r->other);
	r = rule_at(p, 93);
	check(r->suppress == 0 && r->other == RULE_SUPPRESS && r->table == RT_TABLE_MAIN,
		"the length is lost");
	r = rule_at(p, 94);
	check(r->mark == 1 && r->mask == 3 && r->other == RULE_MASK && r->action == FR_ACT_GOTO &&
			r->jump == 32766 && strcmp(r->oif, "eth1") == 0,
		"the jump is lost");
	r = rule_at(p, 95);
	check(r->other == RULE_MORE && r->action == FR_ACT_PROHIBIT, "the TOS is lost");
	check(run(p, unmake) == 0, "ip fails");
	expect_known(p, unmake);
}

struct expected {
	struct place *place;
	size_t count;
};

/*
 * Those of an interface. Linux leaves those of none behind when a namespace goes, and a new one may
 * come into them.
 */
static size_t proxies_of(const struct model *m, const char *name, const char *ip)
{
	size_t count = 0;
	for (size_t i = 0; i < m->proxy_count; i++) {
		const struct model_link *l = model_link(m, m->proxies[i].ifindex);
		count += l && (!name || strcmp(l->link.name, name) == 0) &&
			 (!ip || m->proxies[i].ip == inet_addr(ip));
	}
	return count;
}

static bool proxies_known(const struct front *f, void *arg)
{
	const struct expected *e = arg;
	(void)f;
	return proxies_of(model_of(e->place), NULL, NULL) == e->count;
}

static void expect_proxies(struct place *p, size_t count)
{
	struct expected e = { p, count };
	const struct action look = { .kind = ACTION_LOOK_NEIGH,
		.node = p->node,
		.ifindex = 1,
		.ip = htonl(INADDR_LOOPBACK) };
	if (p->node)
		front_act(&p->front, look);
	check(p->node ? proxies_known(NULL, &e) : front_until(&p->front, proxies_known, &e),
		"%zu proxy neighbours are known instead of %zu",
		proxies_of(model_of(p), NULL, NULL), count);
}

static void proxies(struct place *p)
{
	char up[] = "ip link set eth0 up; ip link set eth1 up";
	char add[] = "ip neigh add proxy 10.3.0.9 dev eth1; ip neigh add proxy 10.3.0.7 dev eth0";
	char down[] = "ip link set eth1 down";
	run(p, up);
	expect_proxies(p, 0);
	check(run(p, add) == 0, "ip fails");
	expect_proxies(p, 2);
	const struct model *m = model_of(p);
	check(proxies_of(m, "eth0", "10.3.0.7") == 1 && proxies_of(m, "eth1", "10.3.0.9") == 1,
		"others are known");
	check(!neighs_find(
		      &m->neighs, model_link_named(m, "eth0")->link.ifindex, inet_addr("10.3.0.7")),
		"a proxy is an entry");
	/* They go with their interface, in silence. */
	check(run(p, down) == 0, "ip fails");
	expect_proxies(p, 1);
	check(proxies_of(m, "eth0", "10.3.0.7") == 1, "the other one is gone");
}

/* ---- places ---- */

static bool is_ready(const struct front *f, void *arg)
{
	const uint32_t all =
		1u << TABLE_LINKS | 1u << TABLE_ROUTES | 1u << TABLE_RULES | 1u << TABLE_PROXIES;
	(void)f;
	return (model_of(arg)->tables_seen & all) == all;
}

static void open_live(struct place *p)
{
	struct ns_pair pair;
	char second[] = "ip link add eth1 type veth peer name far && ip link set far up";
	ns_open(&pair);
	check(run(p, second) == 0, "no second interface");
	temporary(p->state, sizeof p->state);
	const struct helper_options options = {
		.scope = SCOPE_HOST, .file = -1, .state_dir = p->state
	};
	front_spawn(&p->front, &options);
	check(front_until(&p->front, is_ready, p), "the tables do not come");
}

static void open_lab(struct place *p)
{
	struct topology t;
	topo_lvs_dr(&t);
	front_open(&p->front);
	expect_built(&p->front, &t);
	p->node = RS1;
	p->ip = "192.168.2.101";
	check(is_ready(&p->front, p), "the tables do not come with the lab");
}

static bool many_known(const struct front *f, void *arg)
{
	(void)f;
	return model_of(arg)->route_count >= MANY;
}

/* The kernel tells of the link first and takes its routes, which takes a while with many, then. */
static void flushed(struct place *p)
{
	char add[200];
	char down[] = "ip link set eth0 down";
	snprintf(add, sizeof add,
		"ip link set eth0 up; seq %d | awk '{ print \"route add 10.\" int($1 / 256) \".\""
		" $1 %% 256 \".0/24 dev eth0\" }' | ip -batch -",
		MANY);
	for (int i = 0; i < 3; i++) {
		check(run(p, add) == 0, "ip fails");
		check(front_until(&p->front, many_known, p), "%zu routes are known",
			model_of(p)->route_count);
		check(run(p, down) == 0, "ip fails");
		expect_known(p, down);
	}
}

static void singly(struct place *p)
{
	version(p);
	prefixes(p);
	flushed(p);
	rules(p);
	proxies(p);
	front_close(&p->front);
}

static void live_singly(void *arg)
{
	struct place p = { .node = 0 };
	(void)arg;
	open_live(&p);
	singly(&p);
	temporary_remove(p.state);
}

static void lab_singly(void *arg)
{
	struct place p = { .node = RS1 };
	(void)arg;
	open_lab(&p);
	singly(&p);
}

static void live_commands(void *arg)
{
	struct place p = { .seed = 1 };
	(void)arg;
	open_live(&p);
	commands(&p);
	front_close(&p.front);
	temporary_remove(p.state);
}

static void lab_commands(void *arg)
{
	struct place p = { .seed = 2 };
	(void)arg;
	open_lab(&p);
	commands(&p);
	front_close(&p.front);
}

static const struct tap_case cases[] = {
	{ "a live machine's version, places of routes, policy rules and proxies are known",
		live_singly },
	{ "those of a lab's machine are known when an action is answered", lab_singly },
	{ "on a live machine routes and rules are the kernel's after each of many commands",
		live_commands },
	{ "in a lab's machine they are, too", lab_commands },
};

int main(void)
{
	return tap_run(cases, sizeof cases / sizeof *cases, NULL);
}
