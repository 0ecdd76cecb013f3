/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: what a topology says about one machine: interfaces, addresses, routes, sysctls. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>
#include <arplab/sysctl.h>
#include <arplab/text.h>

#include "lesson_parts.h"

/* ---- addresses ---- */

/* ADDRESS/LEN. any: also what no machine can have, for the targets of routes. */
static int parse_prefix(
	struct topology_reader *r, const char *word, bool any, uint32_t *ret_ip, uint8_t *ret_len)
{
	char ip[24];
	int64_t len;
	const char *slash = strchr(word, '/');
	if (!slash) {
		faults_add(r->faults, r->line,
			_("%s has no length: wanted one like 192.168.2.1/24."), word);
		return -EINVAL;
	}
	if (text_parse_int(slash + 1, 0, 32, &len) < 0) {
		faults_add(r->faults, r->line, _("/%s is no length of a network: 0 to 32."),
			slash + 1);
		return -EINVAL;
	}
	struct text t = text_in(ip, sizeof ip);
	text_putn(&t, word, (size_t)(slash - word));
	text_end(&t);
	if (any ? ip_parse(ip, ret_ip) < 0 : topology_parse_ip(r, ip, ret_ip) < 0) {
		if (any)
			faults_add(r->faults, r->line,
				_("%s is no network: wanted one like 10.0.0.0/24."), word);
		return -EINVAL;
	}
	*ret_len = (uint8_t)len;
	return 0;
}

/* The network's own address and its broadcast address belong to nobody. */
static bool is_edge(uint32_t ip, unsigned prefix)
{
	uint32_t host = ip & ~ip_mask(prefix);
	return prefix < 31 && (host == 0 || host == ~ip_mask(prefix));
}

static const struct {
	const char *name;
	uint8_t scope;
} scopes[] = { { "global", 0 }, { "link", 253 }, { "host", 254 } };

static const char *scope_at(const void *arg, size_t i)
{
	(void)arg;
	return i < ARRAY_SIZE(scopes) ? scopes[i].name : NULL;
}

static void read_scope(struct topology_reader *r, const char *word, struct topology_addr *a)
{
	char said[SAID_SIZE];
	for (size_t i = 0; i < ARRAY_SIZE(scopes); i++) {
		if (strcmp(scopes[i].name, word) == 0) {
			a->scope = scopes[i].scope;
			return;
		}
	}
	faults_add(r->faults, r->line, _("%s is no scope: global, link or host.%s"), word,
		lesson_near(said, word, scope_at, NULL));
}

/* Returns the new address, or NULL and a finding. */
static struct topology_addr *add_address(
	struct topology_reader *r, uint16_t iface, const char *word)
{
	struct topology *t = r->t;
	uint32_t ip;
	uint8_t prefix;
	if (parse_prefix(r, word, false, &ip, &prefix) < 0)
		return NULL;
	if (is_edge(ip, prefix)) {
		faults_add(r->faults, r->line,
			_("%s is the network's own or its broadcast address; no machine has it."),
			word);
		return NULL;
	}
	for (size_t i = 0; i < t->addr_count; i++) {
		if (t->addrs[i].node == r->node && t->addrs[i].ip == ip) {
			faults_add(r->faults, r->line, _("%s has %s already, see line %u."),
				t->nodes[r->node - 1].name, word, r->addr_lines[i]);
			return NULL;
		}
	}
	if (t->addr_count == TOPOLOGY_ADDRS_MAX) {
		faults_add(r->faults, r->line, _("a topology has at most %d addresses."),
			TOPOLOGY_ADDRS_MAX);
		return NULL;
	}
	struct topology_addr *a = &t->addrs[t->addr_count];
	*a = (struct topology_addr) { .node = r->node, .iface = iface, .prefix = prefix, .ip = ip };
	r->addr_lines[t->addr_count++] = r->line;
	return a;
}

/* ---- interfaces ---- */

static void read_mac(struct topology_reader *r, const char *word, struct topology_iface *f)
{
	uint8_t mac[6];
	if (mac_parse(word, mac) < 0)
		faults_add(r->faults, r->line,
			_("%s is no MAC: wanted one like 02:00:00:00:00:0a."), word);
	else if (mac_is_group(mac))
		faults_add(r->faults, r->line,
			_("%s is a group's MAC: its first byte must be even."), word);
	else if (mac_is_zero(mac))
		faults_add(r->faults, r->line, _("no interface can have the MAC %s."), word);
	else
		memcpy(f->mac, mac, sizeof mac);
}

/* Words behind an interface's switch, or behind lo (f: NULL). */
static void read_details(struct topology_reader *r, const struct words *w, size_t from,
	uint16_t iface, struct topology_iface *f)
{
	struct topology_addr *last = NULL;
	bool tried = false; /* An address was there, be it a good one or not. */
	if (w->more)
		faults_add(r->faults, r->line, _("more than %d words."), WORDS_MAX);
	for (size_t i = from; i < w->count; i++) {
		bool more = i + 1 < w->count;
		if (strcmp(w->list[i], "scope") == 0 && tried && more) {
			struct topology_addr nowhere;
			read_scope(r, w->list[++i], last ? last : &nowhere);
		} else if (strcmp(w->list[i], "scope") == 0) {
			faults_add(r->faults, r->line, _("wanted: ADDRESS/LEN scope SCOPE"));
			return;
		} else if (f && strcmp(w->list[i], "mac") == 0 && more) {
			read_mac(r, w->list[++i], f);
		} else if (f && strcmp(w->list[i], "mac") == 0) {
			faults_add(r->faults, r->line, _("wanted: mac 02:00:00:00:00:0a"));
		} else {
			last = add_address(r, iface, w->list[i]);
			tried = true;
		}
	}
}

static bool iface_name_fits(struct topology_reader *r, const char *name)
{
	if (!text_is_name(name, IFNAME_SIZE, "-_")) {
		faults_add(r->faults, r->line,
			_("%s cannot name an interface: letters, digits, '-' and '_', a letter "
			  "first, at "
			  "most %d."),
			name, IFNAME_SIZE - 1);
		return false;
	}
	if (strcmp(name, "all") == 0 || strcmp(name, "default") == 0 || strcmp(name, "mac") == 0) {
		faults_add(r->faults, r->line, _("%s cannot name an interface: the word is taken."),
			name);
		return false;
	}
	if (topology_iface(r->t, r->node, name) >= 0) {
		faults_add(r->faults, r->line, _("%s has an interface %s already."),
			r->t->nodes[r->node - 1].name, name);
		return false;
	}
	return true;
}

void topology_read_iface(struct topology_reader *r, const struct words *w)
{
	struct topology *t = r->t;
	if (!iface_name_fits(r, w->list[0]))
		return;
	if (t->iface_count == TOPOLOGY_IFACES_MAX) {
		faults_add(r->faults, r->line, _("a topology has at most %d interfaces."),
			TOPOLOGY_IFACES_MAX);
		return;
	}
	unsigned nth = 0;
	for (size_t i = 0; i < t->iface_count; i++)
		nth += t->ifaces[i].node == r->node;
	struct topology_iface *f = &t->ifaces[t->iface_count];
	*f = (struct topology_iface) { .node = r->node,
		.switch_number = topology_switch(t, w->list[1]) };
	text_copy(f->name, sizeof f->name, w->list[0]);
	topology_mac(r->node, nth, f->mac);
	r->iface_lines[t->iface_count++] = r->line;
	read_details(r, w, 2, t->iface_count, f);
}

void topology_read_lo(struct topology_reader *r, const struct words *w)
{
	read_details(r, w, 1, 0, NULL);
}

/* ---- routes ---- */

static const char *iface_at(const void *arg, size_t i)
{
	const struct topology_reader *r = arg;
	for (size_t k = 0; k < r->t->iface_count; k++)
		if (r->t->ifaces[k].node == r->node && i-- == 0)
			return r->t->ifaces[k].name;
	return NULL;
}

/* `via ADDRESS` and `dev IF`, each at most once. */
static int read_way(struct topology_reader *r, const struct words *w, struct topology_route *route)
{
	char said[SAID_SIZE];
	for (size_t i = 2; i < w->count; i += 2) {
		const char *value = i + 1 < w->count ? w->list[i + 1] : NULL;
		if (value && strcmp(w->list[i], "via") == 0 && !route->gateway) {
			if (topology_parse_ip(r, value, &route->gateway) < 0)
				return -EINVAL;
		} else if (value && strcmp(w->list[i], "dev") == 0 && !route->iface) {
			int iface = topology_iface(r->t, r->node, value);
			if (iface < 0) {
				faults_add(r->faults, r->line,
					_("%s has no interface %s above this line.%s"),
					r->t->nodes[r->node - 1].name, value,
					lesson_near(said, value, iface_at, r));
				return -EINVAL;
			}
			route->iface = (uint16_t)(iface + 1);
		} else {
			faults_add(r->faults, r->line,
				_("wanted: route NETWORK/LEN|default [via ADDRESS] [dev IF]"));
			return -EINVAL;
		}
	}
	return 0;
}

void topology_read_route(struct topology_reader *r, const struct words *w)
{
	struct topology *t = r->t;
	struct topology_route route = { .node = r->node };
	if (strcmp(w->list[1], "default") != 0 &&
		parse_prefix(r, w->list[1], true, &route.dst, &route.dst_len) < 0)
		return;
	uint32_t network = route.dst & ip_mask(route.dst_len);
	if (network != route.dst) {
		char bytes[16];
		struct text x = text_in(bytes, sizeof bytes);
		text_ip(&x, network);
		faults_add(r->faults, r->line,
			_("%s is an address in a network; the network is %s/%u."), w->list[1],
			text_end(&x), route.dst_len);
		return;
	}
	if (read_way(r, w, &route) < 0)
		return;
	for (size_t i = 0; i < t->route_count; i++) {
		if (t->routes[i].node == r->node && t->routes[i].dst == route.dst &&
			t->routes[i].dst_len == route.dst_len) {
			faults_add(r->faults, r->line,
				_("%s has a route to %s already, see line %u."),
				t->nodes[r->node - 1].name, w->list[1], r->route_lines[i]);
			return;
		}
	}
	if (t->route_count == TOPOLOGY_ROUTES_MAX) {
		faults_add(r->faults, r->line, _("a topology has at most %d routes."),
			TOPOLOGY_ROUTES_MAX);
		return;
	}
	r->route_lines[t->route_count] = r->line;
	t->routes[t->route_count++] = route;
}

/* ---- sysctls ---- */

static void add_sysctl(struct topology_reader *r, const char *conf, size_t key, const char *word)
{
	struct topology *t = r->t;
	const struct sysctl_key *k = sysctl_key(key);
	int64_t value;
	bool all = strcmp(conf, "all") == 0;
	if (k->read_only) {
		faults_add(r->faults, r->line, _("%s is set by the kernel alone."), k->name);
	} else if (all && k->family == SYSCTL_NEIGH) {
		faults_add(r->faults, r->line, _("%s has no value for all: name an interface."),
			k->name);
	} else if (all && k->all_refused) {
		faults_add(r->faults, r->line,
			_("all.%s would change other sysctls: write `forward`."), k->name);
	} else if (strlen(conf) >= IFNAME_SIZE) {
		faults_add(r->faults, r->line, _("%s is too long for an interface."), conf);
	} else if (text_parse_int(word, k->min, k->max, &value) < 0) {
		faults_add(r->faults, r->line, _("%s takes a number from %d to %d, not %s."),
			k->name, k->min, k->max, word);
	} else if (t->sysctl_count == TOPOLOGY_SYSCTLS_MAX) {
		faults_add(r->faults, r->line, _("a topology has at most %d sysctls."),
			TOPOLOGY_SYSCTLS_MAX);
	} else {
		struct topology_sysctl *s = &t->sysctls[t->sysctl_count];
		*s = (struct topology_sysctl) {
			.node = r->node, .key = (uint16_t)key, .value = (int32_t)value
		};
		text_copy(s->conf, sizeof s->conf, conf);
		r->sysctl_lines[t->sysctl_count++] = r->line;
	}
}

void topology_read_sysctl(struct topology_reader *r, const struct words *w)
{
	char *equals = w->count == 2 ? strchr(w->list[1], '=') : NULL;
	if (equals)
		*equals = '\0';
	char *dot = strrchr(w->list[1], '.');
	if (!dot || (w->count == 2 && !equals)) {
		faults_add(r->faults, r->line,
			_("wanted: sysctl CONF.KEY VALUE, like all.arp_ignore 1"));
		return;
	}
	*dot = '\0';
	int key = sysctl_find(dot + 1);
	if (key < 0) {
		char said[SAID_SIZE];
		faults_add(r->faults, r->line, _("there is no sysctl %s here.%s"), dot + 1,
			text_did_you_mean(said, sizeof said, sysctl_suggest(dot + 1)));
		return;
	}
	add_sysctl(r, w->list[1], (size_t)key, equals ? equals + 1 : w->list[2]);
}
