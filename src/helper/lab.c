/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: the lab as a whole: in and out of nodes, what there is to read, answers to questions. */
#include <config.h>

#include "lab_parts.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>

#include "cluster.h"
#include "netparse.h"

#define IFINDEX_MAX 128

/* ---- making ---- */

static int space_home(struct lab *l, struct err *err)
{
	int home = space_new(l);
	if (home < 0)
		return stage_fails(l, STAGE_NETWORK_NAMESPACE, home, true, err);
	l->home = home;
	stage_works(l, STAGE_NETWORK_NAMESPACE, NULL);
	int r = space_enter(home);
	if (r < 0)
		return stage_fails(l, STAGE_ENTER, r, true, err);
	stage_works(l, STAGE_ENTER, NULL);
	return 0;
}

/* If the front is killed, all goes at once; the end of its socket says so too, but later. */
static void die_with_front(const struct lab *l)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != l->loop->front)
		_exit(0);
}

/* Writes are noticed by one descriptor for all nodes: there are only 128 of its kind a user. */
static void open_notice(struct lab *l)
{
	l->notice = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (l->notice >= 0 && loop_watch(l->loop, l->notice, LOOP_CONFS, 0) < 0) {
		close(l->notice);
		l->notice = -1;
	}
}

struct lab *lab_new(struct loop *l, struct err *err)
{
	struct lab *lab = calloc(1, sizeof *lab);
	if (!lab || taps_init(&lab->taps) < 0) {
		free(lab);
		err_set(err, -ENOMEM, _("out of memory"));
		return NULL;
	}
	lab->loop = l;
	lab->cluster = cluster_new(l, lab);
	lab->home = lab->notice = -1;
	closer_init(&lab->closer);
	net_init(&lab->net);
	if (!lab->cluster) {
		lab_free(lab);
		err_set(err, -ENOMEM, _("out of memory"));
		return NULL;
	}
	preflight_probe(&lab->found);
	if (space_user(lab, err) < 0 || space_home(lab, err) < 0) {
		lab_free(lab);
		return NULL;
	}
	die_with_front(lab);
	open_notice(lab);
	return lab;
}

void lab_free(struct lab *l)
{
	if (!l)
		return;
	net_end(l);
	cluster_free(l->cluster);
	closer_done(&l->closer);
	taps_done(&l->taps);
	if (l->notice >= 0)
		close(l->notice);
	if (l->home >= 0)
		close(l->home);
	free(l);
}

/* ---- in and out ---- */

struct lab_node *lab_node(const struct lab *l, uint16_t number)
{
	return number > 0 && number <= l->net.count ? (struct lab_node *)&l->net.nodes[number - 1]
						    : NULL;
}

struct cluster *lab_cluster(const struct lab *l)
{
	return l->cluster;
}

size_t lab_nodes(const struct lab *l)
{
	return l->net.count;
}

void lab_speak(struct lab *l, uint16_t node)
{
	l->loop->outbox.node = node;
}

int lab_enter(struct lab *l, uint16_t node)
{
	const struct lab_node *n = lab_node(l, node);
	assert(l->loop->outbox.node == 0);
	if (!n)
		return -ENOENT;
	int r = space_enter(n->space);
	if (r == 0)
		lab_speak(l, node);
	return r;
}

void lab_leave(struct lab *l)
{
	lab_speak(l, 0);
	space_enter(l->home);
}

int lab_socket(struct lab *l, uint16_t node, int domain, int type, int protocol)
{
	const struct lab_node *n = lab_node(l, node);
	int r = n ? space_enter(n->space) : -ENOENT;
	if (r < 0)
		return r;
	int fd = socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
	r = fd < 0 ? -errno : fd;
	const struct lab_node *inside = lab_node(l, l->loop->outbox.node);
	space_enter(inside ? inside->space : l->home);
	return r;
}

/* ---- questions ---- */

int lab_namespace(const struct lab *l, uint16_t node)
{
	const struct lab_node *n = lab_node(l, node);
	return n ? n->space : -ENOENT;
}

const char *lab_node_name(const struct lab *l, uint16_t node)
{
	const struct lab_node *n = lab_node(l, node);
	return n ? n->name : "";
}

const struct link *node_link(const struct lab_node *n, int32_t ifindex)
{
	return n->net ? netsource_link(n->net, ifindex) : NULL;
}

const char *lab_ifname(const struct lab *l, uint16_t node, int32_t ifindex)
{
	const struct lab_node *n = lab_node(l, node);
	const struct link *link = n ? node_link(n, ifindex) : NULL;
	return link ? link->name : NULL;
}

bool lab_mac(const struct lab *l, uint16_t node, int32_t ifindex, uint8_t ret[6])
{
	const struct lab_node *n = lab_node(l, node);
	const struct link *link = n ? node_link(n, ifindex) : NULL;
	if (!link || link->mac_len != sizeof link->mac)
		return false;
	memcpy(ret, link->mac, sizeof link->mac);
	return true;
}

uint16_t lab_owner(const struct lab *l, const uint8_t mac[6])
{
	uint8_t one[6];
	if (mac_is_zero(mac))
		return 0;
	for (uint16_t node = 1; node <= l->net.count; node++)
		for (int32_t i = 1; i <= IFINDEX_MAX; i++)
			if (lab_mac(l, node, i, one) && memcmp(one, mac, sizeof one) == 0)
				return node;
	return 0;
}

struct search {
	int32_t ifindex;
	uint32_t ip, first, fitting;
};

static void take_addr(void *arg, const struct nlmsghdr *m)
{
	struct search *s = arg;
	struct addr a = { 0 };
	if (m->nlmsg_type != RTM_NEWADDR || !parse_addr(m, &a) || a.ifindex != s->ifindex ||
		a.flags & IFA_F_SECONDARY)
		return;
	uint32_t mask = ip_mask(a.prefix);
	if (!s->first)
		s->first = a.local;
	if (!s->fitting && ((a.address ^ s->ip) & mask) == 0)
		s->fitting = a.local;
}

uint32_t lab_source(const struct lab *l, uint16_t node, int32_t ifindex, uint32_t ip)
{
	const struct ifaddrmsg all = { .ifa_family = AF_INET };
	const struct lab_node *n = lab_node(l, node);
	struct search s = { .ifindex = ifindex, .ip = ip };
	if (!n || dump_table(n->requests, RTM_GETADDR, &all, sizeof all, take_addr, &s) < 0)
		return 0;
	return s.fitting ? s.fitting : s.first;
}

/* ---- what there is to read ---- */

static struct tap *tap_of(void *arg, uint16_t node)
{
	return &lab_node(arg, node)->tap;
}

void lab_tap_ready(struct lab *l)
{
	taps_read(&l->taps, l->loop, tap_of, l, (uint16_t)l->net.count);
}

void lab_monitor_ready(struct lab *l, uint16_t node)
{
	const struct lab_node *n = lab_node(l, node);
	if (!n)
		return; /* Of a lab that is gone. */
	lab_speak(l, node);
	netsource_monitor_ready(n->net);
	lab_speak(l, 0);
}

void lab_dump_ready(struct lab *l, uint16_t node)
{
	const struct lab_node *n = lab_node(l, node);
	if (!n)
		return;
	lab_speak(l, node);
	netsource_dump_ready(n->net);
	lab_speak(l, 0);
}

/* Which node's files were written; watches have numbers that are one's alone. */
void lab_confs_ready(struct lab *l)
{
	_Alignas(struct inotify_event) char bytes[4096];
	ssize_t len;
	while (l->notice >= 0 && (len = read(l->notice, bytes, sizeof bytes)) > 0) {
		for (const char *at = bytes; at < bytes + len;) {
			const struct inotify_event *e = (const void *)at;
			for (size_t i = 0; i < l->net.count; i++)
				confs_noticed(l->net.nodes[i].confs, e->wd);
			at += sizeof *e + e->len;
		}
	}
}

static void poll_confs(struct lab *l)
{
	for (uint16_t i = 1; i <= l->net.count; i++) {
		const struct lab_node *n = lab_node(l, i);
		if (l->loop->outbox.blocked)
			return;
		if (!confs_waiting(n->confs) || !netsource_knows_links(n->net) ||
			lab_enter(l, i) < 0)
			continue;
		confs_poll(n->confs);
		lab_leave(l);
	}
}

void lab_settle(struct lab *l)
{
	lab_tap_ready(l);
	for (uint16_t i = 1; i <= l->net.count; i++) {
		lab_monitor_ready(l, i);
		if (netsource_look_stale(lab_node(l, i)->net))
			lab_monitor_ready(l, i);
	}
	lab_confs_ready(l);
	poll_confs(l);
}

void lab_look_proxies(struct lab *l)
{
	for (uint16_t i = 1; i <= l->net.count; i++) {
		lab_speak(l, i);
		netsource_look_proxies(lab_node(l, i)->net);
		lab_speak(l, 0);
	}
}

static int32_t first_wire(const struct lab *l, uint16_t node)
{
	for (size_t i = 0; i < l->net.wire_count; i++)
		if (l->net.wires[i].node == node)
			return l->net.wires[i].ifindex;
	return 0;
}

void lab_tick(struct lab *l)
{
	for (uint16_t i = 1; i <= l->net.count && !l->loop->outbox.blocked; i++) {
		struct lab_node *n = lab_node(l, i);
		if (lab_enter(l, i) < 0)
			continue;
		netsource_tick(n->net);
		if (netsource_knows_links(n->net))
			confs_tick(n->confs);
		tap_count(&n->tap, l->loop, first_wire(l, i));
		lab_leave(l);
	}
	if (!l->loop->outbox.blocked)
		cluster_tell(l->cluster);
}

void lab_resume(struct lab *l)
{
	for (uint16_t i = 1; i <= l->net.count && !l->loop->outbox.blocked; i++) {
		lab_speak(l, i);
		netsource_resume(lab_node(l, i)->net);
		lab_speak(l, 0);
	}
	lab_tap_ready(l);
}

void lab_round(struct lab *l)
{
	poll_confs(l);
	if (l->rising && !l->loop->outbox.blocked)
		net_rise(l);
	if (l->late && !l->loop->outbox.blocked)
		lab_answer(l);
}
