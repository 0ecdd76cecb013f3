/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: a topology made real: all of it or nothing, and told table by table. */
#include <config.h>

#include "cluster.h"
#include "lab_parts.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>

#include <linux/icmp.h>
#include <linux/if_arp.h>
#include <linux/in.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/sysctl.h>

#define LINKTYPE_ETHERNET 1 /* DLT_EN10MB of libpcap. */

/* ---- what is told ---- */

static void tell_lab(struct lab *l, enum lab_state state, const char *words)
{
	struct event e = { .lab = { .state = state, .number = l->number } };
	if (state == LAB_UP)
		e.lab.took_ns = clock_steady_ns() - l->began_ns;
	text_copy(e.lab.text, sizeof e.lab.text, words);
	event_begin(&e, EVENT_LAB, clock_wall_ns());
	outbox_add_sure(&l->loop->outbox, &e);
}

static void tell_node(struct lab *l, const struct lab_node *n)
{
	struct event e = { .machine = { .number = n->number } };
	text_copy(e.machine.name, sizeof e.machine.name, n->name);
	event_begin(&e, EVENT_NODE, clock_wall_ns());
	lab_speak(l, n->number);
	outbox_add_sure(&l->loop->outbox, &e);
	lab_speak(l, 0);
}

static struct event capture_on(int32_t ifindex)
{
	struct event e = { .capture = { .ifindex = ifindex,
				   .state = CAPTURE_ON,
				   .linktype = LINKTYPE_ETHERNET } };
	event_begin(&e, EVENT_CAPTURE, clock_wall_ns());
	return e;
}

/* One tap sees all interfaces of a node: those that a learner makes later, too. */
static void link_news(void *arg, const struct link *link, bool gone)
{
	struct lab_node *n = arg;
	bool known = netsource_name(n->net, link->ifindex) != NULL;
	confs_link(n->confs, link, gone);
	if (gone || known || link->type != ARPHRD_ETHER || n->lab->rising)
		return;
	const struct event e = capture_on(link->ifindex);
	outbox_add_sure(&n->lab->loop->outbox, &e);
}

static int tell_captures(struct lab *l)
{
	int r = 0;
	for (; l->told < l->net.wire_count && r == 0; l->told += r == 0) {
		const struct event e = capture_on(l->net.wires[l->told].ifindex);
		lab_speak(l, l->net.wires[l->told].node);
		r = outbox_add(&l->loop->outbox, &e);
		lab_speak(l, 0);
	}
	return r;
}

void net_rise(struct lab *l)
{
	for (size_t i = 0; i < l->net.count; i++)
		if (!netsource_knows_tables(l->net.nodes[i].net) ||
			confs_waiting(l->net.nodes[i].confs))
			return;
	if (tell_captures(l) < 0)
		return;
	l->rising = false;
	tell_lab(l, LAB_UP, "");
	outbox_done(&l->loop->outbox, l->build_id, 0,
		ngettext("the lab is up: %zu machine", "the lab is up: %zu machines", l->net.count),
		l->net.count);
}

/* ---- what is made ---- */

/* A namespace at its baseline with a socket for requests; the process is in it afterwards. */
static int make_space(
	struct lab *l, struct baseline *b, int *ret_space, int *ret_requests, struct err *err)
{
	int space = space_new(l);
	if (space < 0)
		return stage_fails(l, STAGE_NETWORK_NAMESPACE, space, true, err);
	*ret_space = space;
	int requests = batch_socket(NETLINK_ROUTE);
	if (requests < 0)
		return err_set(
			err, requests, _("cannot talk to the kernel: %s"), err_reason(-requests));
	*ret_requests = requests;
	return baseline_apply(l, b, err);
}

static int make_spaces(struct lab *l, const struct topology *t, struct err *err)
{
	struct baseline b = { .known = false };
	struct lab_net *net = &l->net;
	int r = make_space(l, &b, &net->switch_space, &net->switch_requests, err);
	if (r == 0)
		baseline_switches();
	for (uint16_t i = 0; i < t->node_count && r == 0; i++) {
		struct lab_node *n = &net->nodes[net->count++];
		*n = (struct lab_node) { .lab = l,
			.number = (uint16_t)(i + 1),
			.space = -1,
			.requests = -1,
			.tap.fd = -1 };
		text_copy(n->name, sizeof n->name, t->nodes[i].name);
		r = make_space(l, &b, &n->space, &n->requests, err);
		if (r == 0 && t->nodes[i].forwards) {
			r = baseline_forward();
			if (r < 0)
				stage_fails(l, STAGE_SYSCTLS, r, true, err);
		}
	}
	space_enter(l->home);
	return r;
}

/* The ifindex that a topology's sysctl is for, or -ENODEV. */
static int place_index(const struct lab *l, const struct topology *t,
	const struct topology_sysctl *s, int32_t *ret)
{
	int iface = topology_iface(t, s->node, s->conf);
	if (iface >= 0)
		*ret = l->net.wires[iface].ifindex;
	else if (strcmp(s->conf, "lo") == 0)
		*ret = LO_INDEX;
	else if (strcmp(s->conf, "all") == 0)
		*ret = CONF_ALL;
	else if (strcmp(s->conf, "default") == 0)
		*ret = CONF_DEFAULT;
	else
		return -ENODEV;
	return 0;
}

static int set_sysctls(struct lab *l, const struct topology *t, struct err *err)
{
	for (size_t i = 0; i < t->sysctl_count; i++) {
		const struct topology_sysctl *s = &t->sysctls[i];
		int32_t ifindex;
		int r = place_index(l, t, s, &ifindex);
		if (r == 0)
			r = lab_enter(l, s->node);
		if (r == 0) {
			r = conf_write(lab_node(l, s->node), ifindex, s->conf, s->key, s->value);
			lab_leave(l);
		}
		if (r < 0)
			return err_set(err, r, _("%s cannot have %s.%s %d: %s"),
				lab_node_name(l, s->node), s->conf, sysctl_key(s->key)->name,
				(int)s->value, err_reason(-r));
	}
	return 0;
}

/* Whether pings can be sent will show here; the lab stands without. */
static void try_ping(struct lab *l)
{
	struct err ignored;
	int fd = lab_socket(l, 1, AF_INET, SOCK_RAW, IPPROTO_ICMP);
	if (fd < 0) {
		stage_fails(l, STAGE_PING, fd, false, &ignored);
		return;
	}
	close(fd);
	stage_works(l, STAGE_PING, NULL);
}

/* What only some lessons need, and so is tried only for them: the kernel may load modules for it.
 */
static void try_stages(struct lab *l, const struct action *a)
{
	static const struct {
		enum lab_stage stage;
		int (*try)(const struct lab_node *n);
	} some[] = { { STAGE_RULES, rules_try }, { STAGE_SIEVE, sieve_try },
		{ STAGE_REWRITE, rewrite_try }, { STAGE_VRRP, keepalived_try },
		{ STAGE_IPVS, director_try } };
	struct err ignored;
	for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
		if (!(a->value & 1 << some[i].stage))
			continue;
		int r = some[i].try(&l->net.nodes[0]);
		if (r < 0)
			stage_fails(l, some[i].stage, r, false, &ignored);
		else
			stage_works(l, some[i].stage, NULL);
	}
}

/* ---- what looks at it ---- */

/* Whether the node's `all` and `default` are as the baseline left them. */
static bool is_plain(const struct topology *t, uint16_t node)
{
	if (t->nodes[node - 1].forwards)
		return false;
	for (size_t i = 0; i < t->sysctl_count; i++)
		if (t->sysctls[i].node == node &&
			(strcmp(t->sysctls[i].conf, "all") == 0 ||
				strcmp(t->sysctls[i].conf, "default") == 0))
			return false;
	return true;
}

static int open_tap(struct lab *l, struct lab_node *n, struct err *err)
{
	int r = tap_open(&n->tap);
	if (r == 0)
		r = loop_watch(l->loop, n->tap.fd, LOOP_TAP, 0);
	if (r < 0)
		return stage_fails(l, STAGE_CAPTURE, r, true, err);
	stage_works(l, STAGE_CAPTURE, NULL);
	return 0;
}

/* like: a node whose `all` and `default` are the same, or NULL. */
static int watch_node(
	struct lab *l, struct lab_node *n, const struct lab_node *like, struct err *err)
{
	const struct netsource_ops ops = { .link = link_news, .arg = n };
	int r = open_tap(l, n, err);
	if (r < 0)
		return r;
	n->confs = confs_new_shared(l->loop, l->notice);
	n->net = netsource_new(l->loop, &ops, err);
	if (!n->net)
		return -EIO;
	if (!n->confs)
		return err_set(err, -ENOMEM, _("out of memory"));
	if (like)
		confs_seed(n->confs, like->confs);
	confs_restart(n->confs);
	netsource_restart(n->net);
	if (netsource_knows_links(n->net))
		confs_poll(n->confs);
	return 0;
}

static int watch_nodes(struct lab *l, const struct topology *t, struct err *err)
{
	const struct lab_node *like = NULL;
	for (size_t i = 0; i < l->net.count; i++)
		tell_node(l, &l->net.nodes[i]);
	for (size_t i = 0; i < l->net.count; i++) {
		struct lab_node *n = &l->net.nodes[i];
		bool plain = is_plain(t, n->number);
		int r = lab_enter(l, n->number);
		if (r < 0)
			return stage_fails(l, STAGE_ENTER, r, true, err);
		r = watch_node(l, n, plain ? like : NULL, err);
		lab_leave(l);
		if (r < 0)
			return r;
		if (plain && !like && !confs_waiting(n->confs))
			like = n;
	}
	return 0;
}

/* ---- all of it or nothing ---- */

static int make(struct lab *l, const struct action *a, const struct topology *t, struct err *err)
{
	int r = make_spaces(l, t, err);
	if (r == 0)
		r = wires_make(l, t, err);
	if (r == 0) {
		tunnels_make(l, t);
		r = set_sysctls(l, t, err);
	}
	if (r == 0) {
		try_ping(l);
		try_stages(l, a);
		r = watch_nodes(l, t, err);
	}
	if (r == 0)
		cluster_build(l->cluster, t);
	return r;
}

void lab_build(struct lab *l, const struct action *a, const struct topology *t)
{
	struct err err = { "" };
	l->began_ns = clock_steady_ns();
	net_end(l);
	tell_lab(l, LAB_GONE, "");
	l->number++;
	l->build_id = a->id;
	l->told = 0;
	l->rising = true;
	int r = make(l, a, t, &err);
	if (r == 0) {
		lab_round(l);
		return;
	}
	net_end(l);
	l->rising = false;
	tell_lab(l, LAB_FAILED, err.text);
	outbox_done(&l->loop->outbox, a->id, r, "%s", err.text);
}
