/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: the services and directors of a lab: made, changed, told of and ended. */
#include <config.h>

#include "cluster.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/addr.h>
#include <arplab/clock.h>
#include <arplab/i18n.h>

#include "lab_parts.h"

struct cluster {
	struct loop *loop;
	struct lab *lab;
	struct service services[SERVICES_MAX];
	struct director directors[VIRTUALS_MAX];
	struct real_server told[VIRTUALS_MAX][REALS_MAX]; /* As it was told last. */
};

struct cluster *cluster_new(struct loop *l, struct lab *lab)
{
	struct cluster *c = calloc(1, sizeof *c);
	if (!c)
		return NULL;
	c->loop = l;
	c->lab = lab;
	return c;
}

static void end_service(struct cluster *c, struct service *s)
{
	if (s->node == 0)
		return;
	loop_forget(c->loop, s->fds[0]);
	service_close(c->lab, s);
	s->node = 0;
}

static void end_director(struct cluster *c, struct director *d)
{
	if (d->node == 0)
		return;
	director_close(c->loop, c->lab, d);
	d->node = 0;
}

void cluster_end(struct cluster *c)
{
	for (size_t i = 0; i < SERVICES_MAX; i++)
		end_service(c, &c->services[i]);
	for (size_t i = 0; i < VIRTUALS_MAX; i++)
		end_director(c, &c->directors[i]);
}

void cluster_free(struct cluster *c)
{
	if (c)
		cluster_end(c);
	free(c);
}

/* ---- what is told ---- */

static void tell(struct cluster *c, uint16_t node, struct event *e, enum event_kind kind, bool gone)
{
	event_begin(e, kind, clock_wall_ns());
	if (gone)
		e->flags |= EVENT_GONE;
	lab_speak(c->lab, node);
	outbox_add_sure(&c->loop->outbox, e);
	lab_speak(c->lab, 0);
}

static void tell_virtual(struct cluster *c, const struct director *d, bool gone)
{
	struct event e = { .virtual = { .ip = d->ip,
				   .port = d->port,
				   .scheduler = d->scheduler,
				   .backend = d->backend,
				   .connections = d->connections } };
	tell(c, d->node, &e, EVENT_VIRTUAL, gone);
}

static void tell_real(
	struct cluster *c, const struct director *d, const struct real_server *r, bool gone)
{
	struct event e = { .real = *r };
	tell(c, d->node, &e, EVENT_REAL, gone);
}

void cluster_tell(struct cluster *c)
{
	for (size_t k = 0; k < VIRTUALS_MAX; k++) {
		struct director *d = &c->directors[k];
		bool any = false;
		if (d->node == 0)
			continue;
		director_count(d);
		for (size_t i = 0; i < d->count; i++) {
			if (memcmp(&c->told[k][i], &d->reals[i], sizeof d->reals[i]) == 0)
				continue;
			c->told[k][i] = d->reals[i];
			tell_real(c, d, &d->reals[i], false);
			any = true;
		}
		if (any)
			tell_virtual(c, d, false);
	}
}

/* ---- services ---- */

static struct director *find_director(struct cluster *c, uint16_t node, uint32_t ip, uint16_t port)
{
	for (size_t i = 0; i < VIRTUALS_MAX; i++) {
		struct director *d = &c->directors[i];
		if (d->node == node && (node == 0 || (d->ip == ip && d->port == port)))
			return d;
	}
	return NULL;
}

static struct service *find_service(struct cluster *c, uint16_t node, uint32_t ip, uint16_t port)
{
	for (size_t i = 0; i < SERVICES_MAX; i++) {
		struct service *s = &c->services[i];
		if (s->node == node && (node == 0 || (s->ip == ip && s->port == port)))
			return s;
	}
	return NULL;
}

static int serve(struct cluster *c, uint16_t node, uint32_t ip, uint16_t port, struct err *err)
{
	if (find_service(c, node, ip, port))
		return 0;
	struct service *s = find_service(c, 0, 0, 0);
	/* To a listener behind IPVS nothing would come, and nobody would say why. */
	if (find_director(c, node, ip, port))
		return err_set(err, -EADDRINUSE,
			_("%s cannot serve %s:%u: that port is in use there, as it balances it"),
			lab_node_name(c->lab, node), ip_word(ip).text, (unsigned)port);
	if (!s)
		return err_set(err, -ENOSPC, _("a lab has at most %d services, and they are there"),
			SERVICES_MAX);
	*s = (struct service) { .node = node, .ip = ip, .port = port, .fds = { -1, -1 } };
	int r = service_open(c->lab, s, err);
	if (r == 0)
		r = loop_watch(c->loop, s->fds[0], LOOP_SERVICE, (int32_t)(s - c->services));
	if (r < 0)
		s->node = 0;
	return r;
}

/* ---- directors ---- */

/* The stage that a director's beginning has settled. why: why it is not IPVS, or "". */
static void tell_backend(struct cluster *c, const struct director *d, struct err *why)
{
	if (d->refused == 0)
		stage_works(c->lab, STAGE_IPVS, NULL);
	else if (d->refused == -ECANCELED)
		err_set(why, d->refused, _("as it was told"));
	else if (d->refused == -ENOENT)
		err_set(why, d->refused, _("the kernel's ip_vs has no scheduler %s"),
			director_scheduler(d));
	else
		stage_fails(c->lab, STAGE_IPVS, d->refused, false, why);
}

/* why: why IPVS does not do it, where it does not. */
static int balance(
	struct cluster *c, const struct director *wanted, struct err *why, struct err *err)
{
	const uint16_t node = wanted->node, port = wanted->port;
	const uint32_t ip = wanted->ip;
	struct director *d = find_director(c, node, ip, port);
	if (d)
		return err_set(err, -EEXIST,
			_("%s balances that already: end it first, by `balance %s %s:%u off`"),
			lab_node_name(c->lab, node), lab_node_name(c->lab, node), ip_word(ip).text,
			(unsigned)port);
	if (find_service(c, node, ip, port))
		return err_set(err, -EADDRINUSE,
			_("%s cannot balance %s:%u: that port is in use there, as it serves it"),
			lab_node_name(c->lab, node), ip_word(ip).text, (unsigned)port);
	d = find_director(c, 0, 0, 0);
	if (!d)
		return err_set(
			err, -ENOSPC, _("a lab has at most %d virtual services"), VIRTUALS_MAX);
	size_t which = (size_t)(d - c->directors);
	*d = *wanted;
	int r = director_open(c->loop, c->lab, d, (int32_t)which, err);
	memset(c->told[which], 0, sizeof c->told[which]);
	if (r < 0) {
		d->node = 0;
		return r;
	}
	tell_backend(c, d, why);
	tell_virtual(c, d, false);
	return 0;
}

static int set_real(struct cluster *c, const struct action *a, struct err *err)
{
	struct err why = { "" };
	char bytes[32];
	struct text server = text_in(bytes, sizeof bytes);
	struct director *d = find_director(c, a->node, a->ip, a->port);
	if (!d)
		return err_set(err, -ENOENT, _("%s balances nothing there: `balance` begins it"),
			lab_node_name(c->lab, a->node));
	int r = director_real(d, a->ip2, a->value ? (int)a->count : -1, &why);
	text_ip(&server, a->ip2);
	if (r < 0)
		return err_set(err, r, _("%s and the real server %s: %s"),
			lab_node_name(c->lab, a->node), text_end(&server), why.text);
	if (!a->value) {
		const struct real_server gone = { .vip = d->ip, .ip = a->ip2, .port = d->port };
		tell_real(c, d, &gone, true);
		memset(c->told[d - c->directors], 0, sizeof c->told[0]);
	}
	cluster_tell(c);
	return 0;
}

/* ---- a topology ---- */

static int build_virtual(struct cluster *c, const struct topology_virtual *v, struct err *err)
{
	struct err why = { "" };
	bool said = c->lab->said[STAGE_IPVS];
	const struct director wanted = { .node = v->node,
		.ip = v->ip,
		.port = v->port,
		.scheduler = (uint8_t)v->scheduler,
		.ways = (uint16_t)v->ways };
	int r = balance(c, &wanted, &why, err);
	if (r == 0 && why.text[0] && !said)
		outbox_note(&c->loop->outbox, false, "%s", why.text);
	for (size_t k = 0; k < v->real_count && r == 0; k++) {
		const struct action a = { .node = v->node,
			.ip = v->ip,
			.port = v->port,
			.ip2 = v->reals[k].ip,
			.count = v->reals[k].weight,
			.value = 1 };
		r = set_real(c, &a, err);
	}
	return r;
}

void cluster_build(struct cluster *c, const struct topology *t)
{
	struct outbox *o = &c->loop->outbox;
	for (size_t i = 0; i < t->service_count; i++) {
		const struct topology_service *s = &t->services[i];
		struct err err = { "" };
		if (serve(c, s->node, s->ip, s->port, &err) < 0)
			outbox_note(o, true, _("%s; all else works"), err.text);
	}
	for (size_t i = 0; i < t->virtual_count; i++) {
		struct err err = { "" };
		if (build_virtual(c, &t->virtuals[i], &err) < 0)
			outbox_note(o, true, _("%s; all else works"), err.text);
	}
}

/* ---- actions ---- */

static int act_serve(struct cluster *c, const struct action *a, struct text *said, struct err *err)
{
	struct service *s = find_service(c, a->node, a->ip, a->port);
	int r = a->value ? serve(c, a->node, a->ip, a->port, err) : 0;
	if (!a->value && s)
		end_service(c, s);
	text_printf(said,
		a->value ? _("%s answers at %s:%u") : _("%s does not answer any more at %s:%u"),
		lab_node_name(c->lab, a->node), ip_word(a->ip).text, (unsigned)a->port);
	return r;
}

static int act_virtual(
	struct cluster *c, const struct action *a, struct text *said, struct err *err)
{
	const char *name = lab_node_name(c->lab, a->node);
	const struct word ip = ip_word(a->ip);
	struct err why = { "" };
	struct director *d = find_director(c, a->node, a->ip, a->port);
	const struct director wanted = { .node = a->node,
		.ip = a->ip,
		.port = a->port,
		.scheduler = (uint8_t)a->value,
		.ways = a->state };
	int r = a->value ? balance(c, &wanted, &why, err) : 0;
	if (!a->value && d) {
		tell_virtual(c, d, true);
		end_director(c, d);
	}
	if (!a->value)
		text_printf(said, _("%s does not balance %s:%u any more"), name, ip.text, a->port);
	else if (why.text[0])
		text_printf(said, _("%s balances %s:%u by a stand-in (%s)"), name, ip.text, a->port,
			why.text);
	else
		text_printf(said, _("%s balances %s:%u by IPVS"), name, ip.text, a->port);
	return r;
}

static int act_real(struct cluster *c, const struct action *a, struct text *said, struct err *err)
{
	int r = set_real(c, a, err);
	text_printf(said,
		a->value ? _("%s gives connections to %s")
			 : _("%s gives no more connections to %s"),
		lab_node_name(c->lab, a->node), ip_word(a->ip2).text);
	return r;
}

void cluster_act(struct cluster *c, const struct action *a)
{
	char bytes[EVENT_TEXT_SIZE];
	struct text said = text_in(bytes, sizeof bytes);
	struct err err = { "" };
	int r = a->node > lab_nodes(c->lab)
			? err_set(&err, -ENODEV, _("the lab has no machine number %u"), a->node)
		: a->kind == ACTION_SERVE   ? act_serve(c, a, &said, &err)
		: a->kind == ACTION_VIRTUAL ? act_virtual(c, a, &said, &err)
					    : act_real(c, a, &said, &err);
	lab_settle(c->lab);
	outbox_done(&c->loop->outbox, a->id, r, "%s", r < 0 ? err.text : text_end(&said));
}

bool cluster_is_idle(struct cluster *c, uint32_t ip, uint16_t port)
{
	bool any = false;
	for (size_t k = 0; k < VIRTUALS_MAX; k++) {
		const struct director *d = &c->directors[k];
		if (d->node == 0 || d->ip != ip || d->port != port)
			continue;
		any = true;
		for (size_t i = 0; i < d->count; i++)
			if (d->reals[i].weight > 0)
				return false;
	}
	return any;
}

/* ---- what is ready ---- */

void cluster_service_ready(struct cluster *c, int32_t which)
{
	if (which >= 0 && which < SERVICES_MAX && c->services[which].node)
		service_ready(c->lab, &c->services[which]);
}

void cluster_director_ready(struct cluster *c, int32_t which)
{
	if (which >= 0 && which < VIRTUALS_MAX && c->directors[which].node)
		director_ready(&c->directors[which]);
}

uint16_t cluster_handed_on(struct cluster *c, uint16_t server, uint32_t ip, uint16_t port,
	uint32_t client_ip, uint16_t client_port)
{
	uint8_t mac[6];
	struct service *s = find_service(c, server, ip, port);
	if (!s || !service_knocker(s, client_ip, client_port, mac) || mac_is_zero(mac))
		return 0;
	uint16_t by = lab_owner(c->lab, mac);
	return by && find_director(c, by, ip, port) ? by : 0;
}
