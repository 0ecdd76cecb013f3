/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * e2e: a lab is built as its topology says, and nothing of it is left. All of it twice where that
 * is possible: as root and as an ordinary user.
 */
#include <config.h>

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <arplab/sysctl.h>

#include "labchecks.h"
#include "proc.h"

/* ---- a lab as its topology says ---- */

/* The kernel's own values, whatever the machine that the test runs on has set. */
static void expect_baseline(const struct front *f, uint16_t node, const char *name)
{
	static const char *const on[] = { "send_redirects", "shared_media", "arp_evict_nocarrier" };
	size_t count;
	const struct sysctl_key *keys = sysctl_keys(&count);
	for (size_t i = 0; i < count; i++) {
		int32_t wanted = 0, ifindex, value;
		for (size_t k = 0; k < 3; k++)
			wanted |= strcmp(on[k], keys[i].name) == 0;
		check(model_conf_find(machine(f, node), name, &ifindex) == 0, "no %s", name);
		if (keys[i].family == SYSCTL_CONF &&
			model_sysctl(machine(f, node), ifindex, i, &value))
			check(value == wanted, "machine %d: %s.%s is %d", node, name, keys[i].name,
				value);
	}
}

static void builds(void *arg)
{
	(void)arg;
	struct front f;
	struct topology t;
	topo_lvs_dr(&t);
	front_open(&f);
	check(f.world.machines[0]->hello.powers == (POWER_CAPTURE | POWER_CHANGE), "powers %u",
		f.world.machines[0]->hello.powers);
	expect_built(&f, &t);
	for (size_t i = 0; i < t.iface_count; i++)
		expect_iface(&f, &t, i);
	expect_addrs(&f, &t);
	for (uint16_t n = 1; n <= t.node_count; n++) {
		expect_baseline(&f, n, "all");
		expect_baseline(&f, n, "default");
		expect_baseline(&f, n, "lo");
		expect_baseline(&f, n, "eth0");
		expect_sysctl(&f, n, "eth0", "base_reachable_time_ms", 1000);
		expect_sysctl(&f, n, "eth0", "retrans_time_ms", 200);
		check(world_node(&f.world, t.nodes[n - 1].name) == n, "names");
		check(machine(&f, n)->neighs.count == 0, "machine %d knows neighbours", n);
	}
	for (unsigned i = 1; i < STAGE_RULES; i++)
		check(f.world.stages[i].stage == i && f.world.stages[i].error == 0, "stage %u: %s",
			i, f.world.stages[i].text);
	for (unsigned i = STAGE_RULES; i < LAB_STAGES; i++)
		check(f.world.stages[i].stage == 0, "stage %u was tried unasked", i);
	check(f.frames == 0, "%llu frames without anybody having asked for them",
		(unsigned long long)f.frames);
	front_close(&f);
}

static void topology_has_its_say(void *arg)
{
	(void)arg;
	struct front f;
	struct topology t;
	topo_lvs_dr(&t);
	t.timers = TIMERS_TRUE;
	t.nodes[DIRECTOR - 1].forwards = 1;
	topo_sysctl(&t, RS1, "all", "arp_ignore", 1);
	topo_sysctl(&t, RS1, "eth0", "arp_announce", 2);
	topo_sysctl(&t, RS2, "lo", "arp_ignore", 3);
	topo_route(&t, CLIENT, "0.0.0.0/0", "192.168.2.100");
	front_open(&f);
	expect_built(&f, &t);
	expect_sysctl(&f, RS1, "all", "arp_ignore", 1);
	expect_sysctl(&f, RS1, "eth0", "arp_announce", 2);
	expect_sysctl(&f, RS1, "eth1", "arp_announce", 0);
	expect_sysctl(&f, RS2, "lo", "arp_ignore", 3);
	expect_sysctl(&f, RS2, "all", "arp_ignore", 0);
	expect_sysctl(&f, DIRECTOR, "eth0", "forwarding", 1);
	expect_sysctl(&f, DIRECTOR, "all", "forwarding", 1);
	expect_sysctl(&f, CLIENT, "eth0", "forwarding", 0);
	expect_sysctl(&f, RS1, "eth0", "base_reachable_time_ms", 30000);
	expect_sysctl(&f, RS1, "eth0", "delay_first_probe_time", 5);
	expect_sysctl(&f, RS1, "eth0", "locktime", 100);
	bool found = false;
	const struct model *m = machine(&f, CLIENT);
	for (size_t i = 0; i < m->route_count; i++)
		found |= m->routes[i].route.dst_len == 0 &&
			 m->routes[i].route.gateway == inet_addr("192.168.2.100");
	check(found, "the client has no default route");
	front_close(&f);
}

/* ---- all of it or nothing, and anew ---- */

static void failure_leaves_nothing(void *arg)
{
	(void)arg;
	struct front f;
	struct topology t;
	front_open(&f);
	topo_lvs_dr(&t);
	expect_built(&f, &t);
	topo_route(&t, CLIENT, "10.0.0.0/8", "172.16.0.1");
	check(front_build(&f, &t) == -ENETUNREACH, "answered %d: %s", f.done.error, f.done.text);
	check(strstr(f.done.text, "client cannot have the route to 10.0.0.0/8"), "%s", f.done.text);
	check(f.world.lab.state == LAB_FAILED && f.world.count == 0, "something is left");
	expect_refused(&f, (struct action) { .kind = ACTION_FLUSH, .node = CLIENT }, -ENOENT,
		"no lab is there");
	topo_lvs_dr(&t);
	expect_built(&f, &t);
	front_close(&f);
}

static void rebuilds(void *arg)
{
	(void)arg;
	struct front f;
	struct topology t;
	front_open(&f);
	for (int i = 0; i < 6; i++) {
		topo_lvs_dr(&t);
		t.node_count = (uint16_t)(i % 2 ? 4 : 3);
		if (i % 2 == 0) {
			t.iface_count--;
			t.addr_count = (uint16_t)(t.addr_count - 2);
		}
		expect_built(&f, &t);
		check(f.world.lab.number == (uint32_t)i + 1, "lab number %u", f.world.lab.number);
		struct action set = { .kind = ACTION_SET,
			.node = RS1,
			.ifindex = CONF_ALL,
			.key = (uint16_t)sysctl_find("arp_ignore"),
			.any = 1,
			.value = 1 };
		check(sysctl_of(&f, RS1, "all", "arp_ignore") == 0, "of the last lab");
		expect_done(&f, set, "rs1: all.arp_ignore is now 1, was 0");
	}
	check(f.frames == 0, "%llu stray frames", (unsigned long long)f.frames);
	front_close(&f);
}

static void many_machines(void *arg)
{
	(void)arg;
	struct front f;
	struct topology t;
	topo_lan(&t, NODES_MAX);
	for (uint16_t n = 1; n <= NODES_MAX; n++)
		topo_iface(&t, n, "eth1", "back", NULL);
	front_open(&f);
	for (int i = 0; i < 2; i++) {
		expect_built(&f, &t);
		tap_note("%d machines up in %.1f ms", NODES_MAX, (double)f.world.lab.took_ns / 1e6);
	}
	for (size_t i = 0; i < t.iface_count; i++)
		expect_iface(&f, &t, i);
	expect_addrs(&f, &t);
	expect_baseline(&f, NODES_MAX, "all");
	expect_baseline(&f, NODES_MAX, "eth1");
	front_close(&f);
}

/* ---- a front that is slow ---- */

/*
 * The helper waits until it is listened to, and then everything comes, in its order. The first lab
 * alone is more than the socket takes.
 */
static void waits_for_a_slow_front(void *arg)
{
	(void)arg;
	struct front f;
	struct topology t;
	topo_lan(&t, NODES_MAX);
	front_open(&f);
	for (int i = 0; i < 3; i++)
		front_send_build(&f, &t);
	int64_t until = now_ms() + 300;
	while (now_ms() < until)
		tick();
	front_answer(&f);
	check(f.done.error == 0 && world_ready(&f.world), "%s", f.done.text);
	check(f.world.lab.number == 3, "lab number %u", f.world.lab.number);
	expect_addrs(&f, &t);
	front_close(&f);
}

/* ---- the end ---- */

/* Network namespaces that the process has open, by inode. */
static size_t spaces_of(pid_t pid, char spaces[64][64])
{
	char path[300];
	size_t count = 0;
	snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
	DIR *all = opendir(path);
	for (const struct dirent *d; all && (d = readdir(all));) {
		char link[64];
		ssize_t len = readlinkat(dirfd(all), d->d_name, link, sizeof link - 1);
		link[len > 0 ? len : 0] = '\0';
		if (strncmp(link, "net:", 4) == 0 && count < 64)
			memcpy(spaces[count++], link, sizeof link);
	}
	if (all)
		closedir(all);
	return count;
}

/* Whether any process has one of them still. */
static bool any_has(char spaces[64][64], size_t count)
{
	bool found = false;
	DIR *all = opendir("/proc");
	for (const struct dirent *d; all && !found && (d = readdir(all));) {
		static char theirs[64][64];
		size_t n = atoi(d->d_name) > 0 ? spaces_of(atoi(d->d_name), theirs) : 0;
		for (size_t i = 0; i < n * count && !found; i++)
			found = strcmp(theirs[i / count], spaces[i % count]) == 0;
	}
	if (all)
		closedir(all);
	return found;
}

static void killed_leaves_nothing(void *arg)
{
	(void)arg;
	static char spaces[64][64];
	struct front f;
	struct topology t;
	topo_lvs_dr(&t);
	front_open(&f);
	for (int i = 0; i < 3; i++)
		expect_built(&f, &t);
	size_t count = spaces_of(f.helper.pid, spaces);
	check(count == 6, "%zu namespaces are open: four machines, the switches, home", count);
	kill(f.helper.pid, SIGKILL);
	front_close(&f);
	int64_t end = now_ms() + PATIENCE_MS;
	while (any_has(spaces, count))
		check(now_ms() < end, "a namespace is held by somebody");
}

/* A front that is killed takes its helper along, whoever else has a copy of the socket. */
static void killed_front_ends_it(void *arg)
{
	(void)arg;
	int pair[2];
	struct front here; /* It is seen in this process whether a lab can be made. */
	front_open(&here);
	front_close(&here);
	check(pipe(pair) == 0, "pipe");
	pid_t front = fork();
	if (front == 0) {
		struct front f;
		front_open(&f);
		if (write(pair[1], &f.helper.pid, sizeof f.helper.pid) < 0)
			_exit(1);
		for (;;)
			pause();
	}
	pid_t helper;
	check(read(pair[0], &helper, sizeof helper) == sizeof helper, "no helper");
	kill(front, SIGKILL);
	waitpid(front, NULL, 0);
	check(proc_gone(helper, PATIENCE_MS), "the helper stays");
	close(pair[0]);
	close(pair[1]);
}

/* ---- who the lab's root is ---- */

static void expect_line(pid_t pid, const char *file, const char *wanted)
{
	char path[64], line[256];
	bool found = false;
	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
	FILE *f = fopen(path, "re");
	while (f && !found && fgets(line, sizeof line, f))
		found = strcmp(line, wanted) == 0;
	if (f)
		fclose(f);
	check(found, "%s has no line %s", path, wanted);
}

/* Not even a shell that the front asks for can be more than who has called sudo. */
static void sudo_gives_no_root(void *arg)
{
	(void)arg;
	struct front f;
	struct topology t;
	if (getuid() != 0)
		tap_skip("only root can be asked by sudo");
	setenv("SUDO_UID", "1234", 1);
	setenv("SUDO_GID", "1234", 1);
	front_open(&f);
	topo_lvs_dr(&t);
	expect_built(&f, &t);
	expect_line(f.helper.pid, "status", "Uid:\t1234\t1234\t1234\t1234\n");
	expect_line(f.helper.pid, "status", "Gid:\t1234\t1234\t1234\t1234\n");
	expect_line(f.helper.pid, "status", "Groups:\t1234 \n");
	expect_line(f.helper.pid, "uid_map", "         0       1234          1\n");
	expect_line(f.helper.pid, "gid_map", "         0       1234          1\n");
	expect_sysctl(&f, RS1, "all", "arp_ignore", 0);
	struct action set = { .kind = ACTION_SET,
		.node = RS1,
		.ifindex = CONF_ALL,
		.key = (uint16_t)sysctl_find("arp_ignore"),
		.any = 1,
		.value = 1 };
	expect_done(&f, set, "rs1: all.arp_ignore is now 1, was 0");
	front_close(&f);
}

static const struct tap_case cases[] = {
	{ "a lab is built as its topology says, and sends nothing", builds },
	{ "a topology's own sysctls, timers and routes are there", topology_has_its_say },
	{ "a topology that cannot be built leaves nothing, and says why", failure_leaves_nothing },
	{ "a lab is built anew as often as one likes", rebuilds },
	{ "as many machines as there may be", many_machines },
	{ "a slow front gets all of it later", waits_for_a_slow_front },
	{ "under sudo the lab's root is the person", sudo_gives_no_root },
	{ "a helper that is killed leaves nothing", killed_leaves_nothing },
	{ "a front that is killed takes the helper along", killed_front_ends_it },
};

int main(void)
{
	return run_twice(cases, sizeof cases / sizeof *cases);
}
