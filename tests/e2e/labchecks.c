/* SPDX-License-Identifier: GPL-2.0-or-later */
/* e2e: what the tests of the lab look at. */
#include <config.h>

#include "labchecks.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/if.h>

#include <arplab/sysctl.h>

/* Not 65534: that is what every user seems to be in a namespace without maps. */
#define SOMEBODY 12345
#define CASES_MAX 24

const struct model *machine(const struct front *f, uint16_t node)
{
	const struct model *m = world_machine(&f->world, node);
	check(m, "there is no machine %d", node);
	return m;
}

int32_t ifindex_of(const struct front *f, uint16_t node, const char *name)
{
	const struct model_link *l = model_link_named(machine(f, node), name);
	check(l, "machine %d has no %s", node, name);
	return l->link.ifindex;
}

int32_t sysctl_of(const struct front *f, uint16_t node, const char *conf, const char *key)
{
	int32_t ifindex, value;
	check(model_conf_find(machine(f, node), conf, &ifindex) == 0, "no %s", conf);
	check(model_sysctl(machine(f, node), ifindex, (size_t)sysctl_find(key), &value),
		"machine %d: %s.%s is not known", node, conf, key);
	return value;
}

void expect_sysctl(
	const struct front *f, uint16_t node, const char *conf, const char *key, int32_t wanted)
{
	int32_t value = sysctl_of(f, node, conf, key);
	check(value == wanted, "machine %d: %s.%s is %d, not %d", node, conf, key, value, wanted);
}

void expect_built(struct front *f, const struct topology *t)
{
	int r = front_build(f, t);
	check(r == 0, "%s", f->done.text);
	check(world_ready(&f->world), "the lab is not ready when its building is answered");
	check(f->world.count == t->node_count, "%zu machines", f->world.count);
}

void expect_refused(struct front *f, struct action a, int error, const char *words)
{
	int r = front_act(f, a);
	check(r == error, "answered %d (%s), not %d", r, f->done.text, error);
	check(strstr(f->done.text, words), "\"%s\" does not hold \"%s\"", f->done.text, words);
}

void expect_done(struct front *f, struct action a, const char *words)
{
	expect_refused(f, a, 0, words);
}

void expect_iface(const struct front *f, const struct topology *t, size_t i)
{
	const struct topology_iface *w = &t->ifaces[i];
	const struct model_link *l = model_link_named(machine(f, w->node), w->name);
	check(l, "machine %d has no %s", w->node, w->name);
	check(memcmp(l->link.mac, w->mac, 6) == 0, "%s has another MAC", w->name);
	check(l->link.flags & IFF_UP && l->link.flags & IFF_RUNNING && l->link.carrier,
		"%s is not up", w->name);
	check(l->capture.state == CAPTURE_ON, "%s is not captured", w->name);
	check(model_link_named(machine(f, w->node), "lo")->link.flags & IFF_UP, "lo is down");
}

bool has_addr(const struct model *m, uint32_t ip, int32_t ifindex, uint8_t prefix)
{
	for (size_t i = 0; i < m->addr_count; i++)
		if (m->addrs[i].addr.local == ip && m->addrs[i].addr.ifindex == ifindex &&
			m->addrs[i].addr.prefix == prefix)
			return true;
	return false;
}

void expect_addrs(const struct front *f, const struct topology *t)
{
	for (size_t i = 0; i < t->addr_count; i++) {
		const struct topology_addr *a = &t->addrs[i];
		const char *name = a->iface ? t->ifaces[a->iface - 1].name : "lo";
		check(has_addr(machine(f, a->node), a->ip, ifindex_of(f, a->node, name), a->prefix),
			"machine %d: address %zu is not on %s", a->node, i, name);
	}
}

void open_lvs_dr(struct front *f)
{
	struct topology t;
	topo_lvs_dr(&t);
	front_open(f);
	expect_built(f, &t);
}

void topo_lan(struct topology *t, int machines)
{
	*t = (struct topology) { .timers = TIMERS_FAST };
	for (int i = 1; i <= machines; i++) {
		char name[24], address[32];
		snprintf(name, sizeof name, "node%d", i);
		snprintf(address, sizeof address, "10.1.0.%d/24", i);
		topo_iface(t, topo_node(t, name), "eth0", "lan", address);
	}
}

/* ---- both ways ---- */

static void become_nobody(void *arg)
{
	(void)arg;
	check(setresgid(SOMEBODY, SOMEBODY, SOMEBODY) == 0 &&
			setresuid(SOMEBODY, SOMEBODY, SOMEBODY) == 0,
		"%s", strerror(errno));
}

int run_twice(const struct tap_case *cases, size_t count)
{
	static struct tap_case both[2 * CASES_MAX + 1];
	static char promises[CASES_MAX][160];
	check(count <= CASES_MAX, "too many cases");
	memcpy(both, cases, count * sizeof *cases);
	both[count] = (struct tap_case) { "root becomes an ordinary user", become_nobody };
	for (size_t i = 0; i < count; i++) {
		snprintf(promises[i], sizeof promises[i], "user: %s", cases[i].promise);
		both[count + 1 + i] = (struct tap_case) { promises[i], cases[i].run };
	}
	return tap_run(both, geteuid() == 0 ? 2 * count + 1 : count, NULL);
}
