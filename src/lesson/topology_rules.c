/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: what can be said of a topology only when all of its lines are read. */
#include <config.h>

#include <string.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>
#include <arplab/text.h>

#include "lesson_parts.h"

static void check_macs(struct topology_reader *r)
{
	const struct topology *t = r->t;
	char bytes[18];
	for (size_t i = 0; i < t->iface_count; i++) {
		for (size_t k = 0; k < i; k++) {
			if (memcmp(t->ifaces[i].mac, t->ifaces[k].mac, 6) != 0)
				continue;
			struct text x = text_in(bytes, sizeof bytes);
			text_mac(&x, t->ifaces[i].mac);
			faults_add(r->faults, r->iface_lines[i],
				_("%s of %s has the MAC %s, which %s of %s has already, see line "
				  "%u."),
				t->ifaces[i].name, t->nodes[t->ifaces[i].node - 1].name,
				text_end(&x), t->ifaces[k].name,
				t->nodes[t->ifaces[k].node - 1].name, r->iface_lines[k]);
			break;
		}
	}
}

/* Whether a machine reaches an address without a gateway. */
static bool is_near(const struct topology *t, uint16_t node, uint32_t ip)
{
	for (size_t i = 0; i < t->addr_count; i++) {
		const struct topology_addr *a = &t->addrs[i];
		if (a->node == node && a->iface && ((a->ip ^ ip) & ip_mask(a->prefix)) == 0)
			return true;
	}
	for (size_t i = 0; i < t->route_count; i++) {
		const struct topology_route *g = &t->routes[i];
		if (g->node == node && g->iface && !g->gateway &&
			((g->dst ^ ip) & ip_mask(g->dst_len)) == 0)
			return true;
	}
	return false;
}

static void check_routes(struct topology_reader *r)
{
	const struct topology *t = r->t;
	for (size_t i = 0; i < t->route_count; i++) {
		const struct topology_route *g = &t->routes[i];
		if (!g->gateway)
			continue;
		char bytes[16];
		struct text x = text_in(bytes, sizeof bytes);
		text_ip(&x, g->gateway);
		const char *name = t->nodes[g->node - 1].name;
		bool own = false;
		for (size_t k = 0; k < t->addr_count; k++)
			own = own || (t->addrs[k].node == g->node && t->addrs[k].ip == g->gateway);
		if (own)
			faults_add(r->faults, r->route_lines[i],
				_("%s is an address of %s itself, so it is no gateway."),
				text_end(&x), name);
		else if (!is_near(t, g->node, g->gateway))
			faults_add(r->faults, r->route_lines[i],
				_("the gateway %s is on no network of %s."), text_end(&x), name);
	}
}

static const char *conf_at(const void *arg, size_t i)
{
	static const char *const words[] = { "all", "default", "lo" };
	const struct topology_reader *r = arg;
	if (i < ARRAY_SIZE(words))
		return words[i];
	i -= ARRAY_SIZE(words);
	for (size_t k = 0; k < r->t->iface_count; k++)
		if (r->t->ifaces[k].node == r->node && i-- == 0)
			return r->t->ifaces[k].name;
	return NULL;
}

static void check_sysctls(struct topology_reader *r)
{
	const struct topology *t = r->t;
	char said[SAID_SIZE];
	for (size_t i = 0; i < t->sysctl_count; i++) {
		const struct topology_sysctl *s = &t->sysctls[i];
		r->node = s->node;
		bool known = false;
		const char *conf;
		for (size_t k = 0; (conf = conf_at(r, k)); k++)
			known = known || strcmp(conf, s->conf) == 0;
		if (!known)
			faults_add(r->faults, r->sysctl_lines[i],
				_("%s has no interface %s: all, default, lo, or one of its own.%s"),
				t->nodes[s->node - 1].name, s->conf,
				lesson_near(said, s->conf, conf_at, r));
		for (size_t k = 0; k < i; k++)
			if (t->sysctls[k].node == s->node && t->sysctls[k].key == s->key &&
				strcmp(t->sysctls[k].conf, s->conf) == 0)
				faults_add(r->faults, r->sysctl_lines[i],
					_("this sysctl is set already, see line %u."),
					r->sysctl_lines[k]);
	}
}

void topology_rules(struct topology_reader *r)
{
	if (r->t->node_count == 0)
		faults_add(
			r->faults, r->line, _("a topology has at least one machine: `node NAME`."));
	check_macs(r);
	check_routes(r);
	check_sysctls(r);
}
