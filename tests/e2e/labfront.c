/* SPDX-License-Identifier: GPL-2.0-or-later */
/* e2e: a front without a screen, for tests of the lab. */
#include <config.h>

#include "labfront.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <arplab/sysctl.h>
#include <arplab/text.h>

#include "proc.h"
#include "tap.h"

#define WORLD_RING (1u << 20)

void front_spawn(struct front *f, const struct helper_options *options)
{
	struct err err = { "" };
	*f = (struct front) { .helper.socket = -1 };
	world_init(&f->world, WORLD_RING);
	check(helper_spawn(&f->helper, options, &err) == 0, "%s", err.text);
	tap_child(f->helper.pid);
	while (f->world.machines[0]->hello.pid == 0)
		check(front_read(f, PATIENCE_MS), "no hello");
}

void front_open(struct front *f)
{
	const struct helper_options options = { .scope = SCOPE_LAB, .file = -1 };
	front_spawn(f, &options);
	if (f->world.machines[0]->hello.powers)
		return;
	for (unsigned i = 1; i < LAB_STAGES; i++)
		if (f->world.stages[i].error)
			tap_skip("%s", f->world.stages[i].text);
}

void front_close(struct front *f)
{
	close(f->helper.socket);
	check(proc_gone(f->helper.pid, PATIENCE_MS), "the helper stays");
	waitpid(f->helper.pid, NULL, 0);
	world_done(&f->world);
}

static void take(struct front *f, const struct event *e)
{
	world_apply(&f->world, e);
	if (e->kind == EVENT_DONE) {
		f->done = e->done;
		f->answers++;
		f->refused += e->done.error != 0;
	}
	if (e->kind == EVENT_NOTE) {
		text_copy(f->note, sizeof f->note, e->note.text);
		tap_note("%s", e->note.text);
	}
	f->frames += e->kind == EVENT_FRAME;
}

bool front_read(struct front *f, int ms)
{
	static _Alignas(8) uint8_t batch[EVENT_BATCH_MAX];
	struct pollfd p = { .fd = f->helper.socket, .events = POLLIN };
	if (poll(&p, 1, ms) <= 0)
		return false;
	ssize_t len = recv(f->helper.socket, batch, sizeof batch, 0);
	for (ssize_t at = 0; at < len;) {
		long size = event_check(batch + at, (size_t)(len - at));
		check(size > 0, "a broken event");
		take(f, (const void *)(batch + at));
		at += size;
	}
	return len > 0;
}

int front_answer(struct front *f)
{
	int64_t end = now_ms() + PATIENCE_MS;
	while (f->done.id != f->id)
		check(front_read(f, PATIENCE_MS) && now_ms() < end, "no answer to action %u",
			(unsigned)f->id);
	return f->done.error;
}

void front_send_build(struct front *f, const struct topology *t)
{
	static struct {
		struct action action;
		struct topology topology;
	} m;
	m.action = (struct action) { .id = ++f->id, .kind = ACTION_BUILD };
	m.topology = *t;
	check(send(f->helper.socket, &m, sizeof m, 0) == (ssize_t)sizeof m, "send: %s",
		strerror(errno));
}

int front_build(struct front *f, const struct topology *t)
{
	front_send_build(f, t);
	return front_answer(f);
}

void front_send(struct front *f, struct action a, int fd)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof fd)] = { 0 };
	struct iovec part = { .iov_base = &a, .iov_len = sizeof a };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1 };
	struct pollfd room = { .fd = f->helper.socket, .events = POLLOUT };
	a.id = ++f->id;
	if (fd >= 0) {
		m.msg_control = control;
		m.msg_controllen = sizeof control;
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof fd);
		memcpy(CMSG_DATA(c), &fd, sizeof fd);
	}
	check(poll(&room, 1, PATIENCE_MS) == 1, "the helper reads nothing");
	check(sendmsg(f->helper.socket, &m, 0) == (ssize_t)sizeof a, "send: %s", strerror(errno));
}

int front_act(struct front *f, struct action a)
{
	front_send(f, a, -1);
	return front_answer(f);
}

bool front_until(struct front *f, bool (*holds)(const struct front *f, void *arg), void *arg)
{
	int64_t end = now_ms() + PATIENCE_MS;
	while (!holds(f, arg))
		if (now_ms() > end || !front_read(f, PATIENCE_MS))
			return false;
	return true;
}

/* ---- inside ---- */

static bool has_address(uint32_t ip)
{
	struct ifaddrs *all;
	bool found = false;
	if (getifaddrs(&all) < 0)
		return false;
	for (const struct ifaddrs *i = all; i && !found; i = i->ifa_next)
		found = i->ifa_addr && i->ifa_addr->sa_family == AF_INET &&
			((const struct sockaddr_in *)(const void *)i->ifa_addr)->sin_addr.s_addr ==
				ip;
	freeifaddrs(all);
	return found;
}

/* Go into the helper's user namespace, then through its network namespaces until one fits. */
static bool go_inside(pid_t helper, uint32_t ip)
{
	char path[300];
	snprintf(path, sizeof path, "/proc/%d/ns/user", (int)helper);
	int user = open(path, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof path, "/proc/%d/fd", (int)helper);
	int fds = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *all = fds >= 0 ? fdopendir(fds) : NULL;
	int spaces[256], count = 0;
	for (const struct dirent *d; all && (d = readdir(all));) {
		ssize_t len = readlinkat(fds, d->d_name, path, sizeof path - 1);
		if (len > 4 && strncmp(path, "net:", 4) == 0 && count < 256)
			spaces[count++] = openat(fds, d->d_name, O_RDONLY | O_CLOEXEC);
	}
	if (user >= 0)
		setns(user, CLONE_NEWUSER);
	for (int i = 0; i < count; i++)
		if (setns(spaces[i], CLONE_NEWNET) == 0 && has_address(ip))
			return true;
	return false;
}

int front_inside(const struct front *f, const char *ip, int (*fn)(void *arg), void *arg)
{
	int status = -1;
	pid_t pid = fork();
	if (pid == 0)
		_exit(go_inside(f->helper.pid, inet_addr(ip)) ? fn(arg) : 99);
	check(pid > 0 && waitpid(pid, &status, 0) == pid, "fork: %s", strerror(errno));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* ---- topologies ---- */

uint16_t topo_node(struct topology *t, const char *name)
{
	text_copy(t->nodes[t->node_count].name, NODE_NAME_SIZE, name);
	return ++t->node_count;
}

static uint16_t topo_switch(struct topology *t, const char *name)
{
	for (uint16_t i = 0; i < t->switch_count; i++)
		if (strcmp(t->switches[i], name) == 0)
			return (uint16_t)(i + 1);
	text_copy(t->switches[t->switch_count], NODE_NAME_SIZE, name);
	return ++t->switch_count;
}

uint16_t topo_iface(
	struct topology *t, uint16_t node, const char *name, const char *lan, const char *address)
{
	unsigned nth = 0;
	for (uint16_t i = 0; i < t->iface_count; i++)
		nth += t->ifaces[i].node == node;
	struct topology_iface *f = &t->ifaces[t->iface_count++];
	*f = (struct topology_iface) { .node = node, .switch_number = topo_switch(t, lan) };
	text_copy(f->name, sizeof f->name, name);
	topology_mac(node, nth, f->mac);
	if (address)
		topo_addr(t, node, t->iface_count, address);
	return t->iface_count;
}

static uint8_t prefix_of(const char *text, uint32_t *ret)
{
	char ip[32];
	const char *slash = strchr(text, '/');
	text_copy(ip, sizeof ip, text);
	ip[strcspn(ip, "/")] = '\0';
	*ret = inet_addr(ip);
	return slash ? (uint8_t)atoi(slash + 1) : 32;
}

void topo_addr(struct topology *t, uint16_t node, uint16_t iface, const char *address)
{
	struct topology_addr *a = &t->addrs[t->addr_count++];
	*a = (struct topology_addr) { .node = node, .iface = iface };
	a->prefix = prefix_of(address, &a->ip);
}

void topo_route(struct topology *t, uint16_t node, const char *prefix, const char *gateway)
{
	struct topology_route *r = &t->routes[t->route_count++];
	*r = (struct topology_route) { .node = node, .gateway = inet_addr(gateway) };
	r->dst_len = prefix_of(prefix, &r->dst);
}

void topo_sysctl(
	struct topology *t, uint16_t node, const char *conf, const char *key, int32_t value)
{
	struct topology_sysctl *s = &t->sysctls[t->sysctl_count++];
	*s = (struct topology_sysctl) {
		.node = node, .key = (uint16_t)sysctl_find(key), .value = value
	};
	text_copy(s->conf, sizeof s->conf, conf);
}

void topo_lvs_dr(struct topology *t)
{
	*t = (struct topology) { .timers = TIMERS_FAST };
	uint16_t client = topo_node(t, "client"), director = topo_node(t, "director");
	uint16_t rs1 = topo_node(t, "rs1"), rs2 = topo_node(t, "rs2");
	topo_iface(t, client, "eth0", "lan", "192.168.2.222/24");
	uint16_t eth0 = topo_iface(t, director, "eth0", "lan", "192.168.2.100/24");
	topo_addr(t, director, eth0, "192.168.2.200/32");
	topo_iface(t, rs1, "eth0", "lan", "192.168.2.101/24");
	topo_iface(t, rs1, "eth1", "back", "10.211.55.6/24");
	topo_addr(t, rs1, 0, "192.168.2.200/32");
	topo_iface(t, rs2, "eth0", "lan", "192.168.2.102/24");
	topo_addr(t, rs2, 0, "192.168.2.200/32");
}
