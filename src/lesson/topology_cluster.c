/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: the services and directors of a topology, read from its lines. */
#include <config.h>

#include <string.h>

#include <arplab/action.h>
#include <arplab/i18n.h>
#include <arplab/text.h>

#include "lesson_parts.h"

static const char *node_at(const void *arg, size_t i)
{
	const struct topology *t = arg;
	return i < t->node_count ? t->nodes[i].name : NULL;
}

/* A machine above the line, or 0 and a fault. */
static uint16_t read_machine(struct topology_reader *r, const char *name)
{
	char said[SAID_SIZE];
	uint16_t node = topology_node(r->t, name);
	if (!node)
		faults_add(r->faults, r->line, _("there is no machine %s above this line.%s"), name,
			lesson_near(said, name, node_at, r->t));
	return node;
}

static bool read_place(struct topology_reader *r, char *word, uint32_t *ret_ip, uint16_t *ret_port)
{
	int64_t port;
	char *colon = strchr(word, ':');
	if (!colon || text_parse_int(colon + 1, 1, UINT16_MAX, &port) < 0) {
		faults_add(r->faults, r->line,
			_("%s is no address with a port: wanted one like 192.168.2.200:80."), word);
		return false;
	}
	*colon = '\0';
	*ret_port = (uint16_t)port;
	return topology_parse_ip(r, word, ret_ip) == 0;
}

static bool holds(const struct topology *t, uint16_t node, uint32_t ip)
{
	for (size_t i = 0; i < t->addr_count; i++)
		if (t->addrs[i].node == node && t->addrs[i].ip == ip)
			return true;
	return t->nodes[node - 1].tunnel == ip;
}

static bool read_holder(struct topology_reader *r, const char *name, uint32_t ip, uint16_t *ret)
{
	char bytes[20];
	struct text t = text_in(bytes, sizeof bytes);
	*ret = read_machine(r, name);
	if (!*ret || holds(r->t, *ret, ip))
		return *ret != 0;
	text_ip(&t, ip);
	faults_add(r->faults, r->line, _("%s does not have the address %s."), name, text_end(&t));
	return false;
}

/* A listener and a director cannot have the same port: the one that comes second is wrong. */
static bool is_served(struct topology_reader *r, uint16_t node, uint32_t ip, uint16_t port)
{
	const struct topology *t = r->t;
	for (size_t i = 0; i < t->service_count; i++) {
		const struct topology_service *s = &t->services[i];
		if (s->node != node || s->ip != ip || s->port != port)
			continue;
		faults_add(r->faults, r->line, _("%s:%u is in use on %s: it serves there already."),
			ip_word(ip).text, (unsigned)port, t->nodes[node - 1].name);
		return true;
	}
	for (size_t i = 0; i < t->virtual_count; i++) {
		const struct topology_virtual *v = &t->virtuals[i];
		if (v->node != node || v->ip != ip || v->port != port)
			continue;
		faults_add(r->faults, r->line,
			_("%s:%u is in use on %s: it balances that already."), ip_word(ip).text,
			(unsigned)port, t->nodes[node - 1].name);
		return true;
	}
	return false;
}

void topology_read_serve(struct topology_reader *r, const struct words *w)
{
	struct topology *t = r->t;
	struct topology_service s = { 0 };
	if (!read_place(r, w->list[w->count - 1], &s.ip, &s.port))
		return;
	for (size_t i = 1; i + 1 < w->count; i++) {
		if (!read_holder(r, w->list[i], s.ip, &s.node) ||
			is_served(r, s.node, s.ip, s.port))
			continue;
		if (t->service_count == TOPOLOGY_SERVICES_MAX) {
			faults_add(r->faults, r->line, _("a topology has at most %d services."),
				TOPOLOGY_SERVICES_MAX);
			return;
		}
		t->services[t->service_count++] = s;
	}
}

static uint16_t read_scheduler(struct topology_reader *r, const char *word)
{
	static const char *const names[SCHEDULERS] = {
		[SCHEDULER_RR] = "rr",
		[SCHEDULER_WRR] = "wrr",
		[SCHEDULER_LC] = "lc",
		[SCHEDULER_WLC] = "wlc",
	};
	for (uint16_t i = SCHEDULER_RR; i < SCHEDULERS; i++)
		if (strcmp(names[i], word) == 0)
			return i;
	faults_add(r->faults, r->line, _("a scheduler is rr, wrr, lc or wlc, not %s."), word);
	return 0;
}

static void read_real(struct topology_reader *r, char *word, struct topology_virtual *v)
{
	int64_t weight = 1;
	char *star = strchr(word, '*');
	if (star)
		*star = '\0';
	if (star && text_parse_int(star + 1, 0, UINT16_MAX, &weight) < 0) {
		faults_add(r->faults, r->line, _("a weight is a number from 0 to %d, not %s."),
			UINT16_MAX, star + 1);
		return;
	}
	uint16_t node = read_machine(r, word);
	uint32_t ip = node ? topology_real(r->t, node) : 0;
	if (node && !ip)
		faults_add(r->faults, r->line, _("%s has no address on a network."), word);
	else if (node && v->real_count == TOPOLOGY_REALS_MAX)
		faults_add(r->faults, r->line, _("a director has at most %d real servers."),
			TOPOLOGY_REALS_MAX);
	else if (node)
		v->reals[v->real_count++] = (struct topology_real_server) { ip, (uint32_t)weight };
}

void topology_read_balance(struct topology_reader *r, const struct words *w)
{
	struct topology *t = r->t;
	struct topology_virtual v = { 0 };
	size_t before = r->faults->count;
	if (!read_place(r, w->list[2], &v.ip, &v.port))
		return;
	v.node = read_machine(r, w->list[1]);
	v.scheduler = read_scheduler(r, w->list[3]);
	size_t first = w->count > 4 && strcmp(w->list[4], "tun") == 0 ? 5 : 4;
	v.ways = first == 5 ? VIRTUAL_TUN : 0;
	for (size_t i = first; i < w->count; i++)
		read_real(r, w->list[i], &v);
	if (w->count == first)
		faults_add(r->faults, r->line,
			_("a director without a real server answers nobody: name one behind %s, or "
			  "use the order `balance`."),
			w->list[3]);
	if (v.node)
		is_served(r, v.node, v.ip, v.port);
	if (t->virtual_count == TOPOLOGY_VIRTUALS_MAX)
		faults_add(r->faults, r->line, _("a topology has at most %d virtual services."),
			TOPOLOGY_VIRTUALS_MAX);
	else if (r->faults->count == before)
		t->virtuals[t->virtual_count++] = v;
}

void topology_read_tunnel(struct topology_reader *r, const struct words *w)
{
	struct topology_node *n = &r->t->nodes[r->node - 1];
	uint32_t ip;
	if (topology_parse_ip(r, w->list[1], &ip) < 0)
		return;
	if (n->tunnel)
		faults_add(r->faults, r->line, _("%s has a tunnel already."), n->name);
	n->tunnel = ip;
}
