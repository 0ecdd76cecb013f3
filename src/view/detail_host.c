/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: one neighbour entry, interface or sysctl shown whole. */
#include <config.h>

#include "panes.h"

#include <string.h>

#include <linux/if.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <arplab/addr.h>
#include <arplab/sysctl.h>

#define NS_PER_MS UINT64_C(1000000)

/* ---- lines of "name  value" ---- */

struct lines {
	struct canvas *c;
	struct rect r;
	int row;
};

static void line(struct lines *l, enum role role, const char *text)
{
	canvas_put_cut(l->c, l->r.row + l->row++, l->r.column, l->r.columns, role, text);
}

static void pair(struct lines *l, const char *name, enum role role, struct text *value)
{
	canvas_put(l->c, l->r.row + l->row, l->r.column, ROLE_DIM, name);
	canvas_put_cut(l->c, l->r.row + l->row, l->r.column + 12, l->r.columns - 12, role,
		text_end(value));
	l->row++;
}

static void pair_text(struct lines *l, const char *name, enum role role, const char *value)
{
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	text_put(&t, value);
	pair(l, name, role, &t);
}

static void wrapped(struct lines *l, enum role role, const char *text)
{
	struct rect r = l->r;
	r.row += l->row;
	r.rows = 6;
	l->row += canvas_wrap(l->c, r, role, text);
}

/* ---- flags by name ---- */

struct flag {
	uint32_t bit;
	const char *name;
};

static void flags_text(struct text *t, uint32_t flags, const struct flag *table, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (flags & table[i].bit) {
			if (t->len)
				text_char(t, ' ');
			text_put(t, table[i].name);
		}
	if (!t->len)
		text_char(t, '-');
}

/* ---- a neighbour entry ---- */

static const char *state_help(uint16_t state)
{
	switch (state) {
	case NUD_INCOMPLETE:
		return "The question is out, nobody has answered yet.";
	case NUD_REACHABLE:
		return "Confirmed a short while ago; used without a question.";
	case NUD_STALE:
		return "Not confirmed lately; used, and checked after the next packet.";
	case NUD_DELAY:
		return "In use though stale; if nothing confirms it soon, it is polled.";
	case NUD_PROBE:
		return "Being polled by unicast who-has.";
	case NUD_FAILED:
		return "Nobody answered. The next packet asks again.";
	case NUD_PERMANENT:
		return "Set by hand; no ARP frame changes it.";
	case NUD_NOARP:
		return "Needs no ARP: the interface or the address kind knows the MAC.";
	default:
		return "Just made; nothing is known.";
	}
}

static void age_pair(struct screen *s, const struct model *m, struct lines *l, const char *name,
	const struct neigh_entry *n, uint32_t age_ms)
{
	char bytes[64];
	struct text t = text_in(bytes, sizeof bytes);
	uint64_t age_ns = (uint64_t)age_ms * NS_PER_MS;
	uint64_t since = n->at_ns > age_ns ? n->at_ns - age_ns : 0;
	text_coarse_age(&t, m->now_ns > since ? m->now_ns - since : 0);
	text_put(&t, " ago");
	age_shown(s, m, since);
	pair(l, name, ROLE_TEXT, &t);
}

static void neigh_flags(struct lines *l, const struct neigh_entry *n)
{
	static const struct flag table[] = {
		{ NTF_ROUTER, "router" }, { NTF_PROXY, "proxy" },
		{ NTF_EXT_LEARNED, "extern_learn" }, { NTF_OFFLOADED, "offload" },
		{ NTF_STICKY, "sticky" }, { NTF_USE, "use" },
	};
	char bytes[128];
	struct text t = text_in(bytes, sizeof bytes);
	flags_text(&t, n->flags, table, sizeof table / sizeof *table);
	pair(l, "flags", ROLE_TEXT, &t);
}

static void timers(const struct model *m, struct lines *l, int32_t ifindex)
{
	size_t count;
	const struct sysctl_key *keys = sysctl_keys(&count);
	for (size_t i = 0; i < count; i++) {
		int32_t value;
		char bytes[96];
		struct text t = text_in(bytes, sizeof bytes);
		if (keys[i].family != SYSCTL_NEIGH || !model_sysctl(m, ifindex, i, &value))
			continue;
		text_put(&t, keys[i].name);
		text_char(&t, ' ');
		text_i64(&t, value);
		text_char(&t, ' ');
		text_put(&t, keys[i].unit);
		line(l, ROLE_DIM, text_end(&t));
	}
}

int detail_neigh(struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	const struct neigh_entry *n)
{
	struct lines l = { c, r, 0 };
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	text_ip(&t, n->ip);
	text_put(&t, " on ");
	text_name(&t, model_conf_name(m, n->ifindex), IFNAME_SIZE);
	line(&l, ROLE_STRONG, text_end(&t));
	t = text_in(bytes, sizeof bytes);
	if (n->has_mac)
		text_mac(&t, n->mac);
	else
		text_put(&t, "none");
	pair(&l, "MAC", ROLE_TEXT, &t);
	pair_text(&l, "state", ROLE_STRONG, neigh_state_name(n->state));
	wrapped(&l, ROLE_DIM, state_help(n->state));
	if (n->has_ages) {
		age_pair(s, m, &l, "confirmed", n, n->confirmed_ms);
		age_pair(s, m, &l, "used", n, n->used_ms);
		age_pair(s, m, &l, "updated", n, n->updated_ms);
	}
	neigh_flags(&l, n);
	if (n->probes) {
		t = text_in(bytes, sizeof bytes);
		text_u64(&t, n->probes);
		pair(&l, "probes sent", ROLE_TEXT, &t);
	}
	line(&l, ROLE_TEXT, "Timers of the interface:");
	timers(m, &l, n->ifindex);
	return l.row;
}

/* ---- an interface ---- */

static void link_flags(struct lines *l, const struct link *link)
{
	static const struct flag table[] = {
		{ IFF_UP, "UP" }, { IFF_RUNNING, "RUNNING" }, { IFF_BROADCAST, "BROADCAST" },
		{ IFF_LOOPBACK, "LOOPBACK" }, { IFF_POINTOPOINT, "POINTOPOINT" },
		{ IFF_NOARP, "NOARP" }, { IFF_PROMISC, "PROMISC" },
		{ IFF_ALLMULTI, "ALLMULTI" }, { IFF_MULTICAST, "MULTICAST" },
		{ IFF_MASTER, "MASTER" }, { IFF_SLAVE, "SLAVE" },
	};
	char bytes[160];
	struct text t = text_in(bytes, sizeof bytes);
	flags_text(&t, link->flags, table, sizeof table / sizeof *table);
	pair(l, "flags", ROLE_TEXT, &t);
}

static const char *scope_name(uint8_t scope)
{
	return scope == RT_SCOPE_UNIVERSE ? "global"
	       : scope == RT_SCOPE_SITE	  ? "site"
	       : scope == RT_SCOPE_LINK	  ? "link"
	       : scope == RT_SCOPE_HOST	  ? "host"
					  : "other";
}

static void address_line(struct lines *l, const struct addr *a)
{
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	text_put(&t, "  ");
	text_ip(&t, a->local);
	text_char(&t, '/');
	text_u64(&t, a->prefix);
	text_put(&t, " scope ");
	text_put(&t, scope_name(a->scope));
	if (a->flags & IFA_F_SECONDARY)
		text_put(&t, " secondary");
	if (a->flags & IFA_F_NOPREFIXROUTE)
		text_put(&t, " noprefixroute");
	if (a->address != a->local) {
		text_put(&t, " peer ");
		text_ip(&t, a->address);
	}
	if (a->broadcast) {
		text_put(&t, " brd ");
		text_ip(&t, a->broadcast);
	}
	if (a->valid_s != UINT32_MAX) {
		text_put(&t, " valid ");
		text_u64(&t, a->valid_s);
		text_put(&t, " s");
	}
	line(l, ROLE_TEXT, text_end(&t));
}

static void route_line(struct lines *l, const struct route *route)
{
	static const char *const types[] = { "unspec", "", "local ", "broadcast ", "anycast ",
		"multicast ", "blackhole ", "unreachable ", "prohibit ", "throw ", "nat " };
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	text_put(&t, "  ");
	text_put(&t, route->type < sizeof types / sizeof *types ? types[route->type] : "? ");
	text_ip(&t, route->dst);
	text_char(&t, '/');
	text_u64(&t, route->dst_len);
	if (route->gateway) {
		text_put(&t, " via ");
		text_ip(&t, route->gateway);
	}
	if (route->source) {
		text_put(&t, " src ");
		text_ip(&t, route->source);
	}
	text_put(&t, " table ");
	text_u64(&t, route->table);
	line(l, ROLE_DIM, text_end(&t));
}

static void rule_lines(const struct model *m, struct lines *l)
{
	line(l, ROLE_TEXT, "Policy rules (of the whole machine):");
	for (size_t i = 0; i < m->rule_count; i++) {
		const struct policy_rule *rule = &m->rules[i].rule;
		char bytes[ROW_TEXT_SIZE];
		struct text t = text_in(bytes, sizeof bytes);
		text_put(&t, "  ");
		text_u64(&t, rule->priority);
		text_put(&t, ": from ");
		if (rule->source_len) {
			text_ip(&t, rule->source);
			text_printf(&t, "/%u", rule->source_len);
		} else {
			text_put(&t, "all");
		}
		if (rule->target_len) {
			text_put(&t, " to ");
			text_ip(&t, rule->target);
			text_printf(&t, "/%u", rule->target_len);
		}
		if (rule->iif[0]) {
			text_put(&t, " iif ");
			text_name(&t, rule->iif, IFNAME_SIZE);
		}
		text_put(&t, rule->other ? " … table " : " table ");
		text_u64(&t, rule->table);
		line(l, ROLE_DIM, text_end(&t));
	}
}

static void link_hardware(const struct model *m, struct lines *l, const struct model_link *link)
{
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	if (link->link.mac_len == 6) {
		text_mac(&t, link->link.mac);
		pair(l, "MAC", ROLE_TEXT, &t);
	}
	t = text_in(bytes, sizeof bytes);
	text_u64(&t, link->link.mtu);
	pair(l, "MTU", ROLE_TEXT, &t);
	if (link->link.kind[0]) {
		t = text_in(bytes, sizeof bytes);
		text_name(&t, link->link.kind, IFNAME_SIZE);
		pair(l, "kind", ROLE_TEXT, &t);
	}
	if (link->link.master) {
		t = text_in(bytes, sizeof bytes);
		text_name(&t, model_conf_name(m, link->link.master), IFNAME_SIZE);
		text_put(&t, "  (ARP is decided there)");
		pair(l, "port of", ROLE_TEXT, &t);
	}
}

static void link_capture(struct lines *l, const struct model_link *link)
{
	static const char *const states[] = { "-", "opening", "on", "failed", "off" };
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	text_put(&t, states[link->capture.state]);
	if (link->capture.state == CAPTURE_ON) {
		text_put(&t, ", ");
		text_grouped(&t, link->frames);
		text_put(&t, " frames, ");
		text_grouped(&t, link->drops.kernel);
		text_put(&t, " dropped");
	}
	pair(l, "capture", ROLE_TEXT, &t);
	if (link->capture.text[0])
		wrapped(l, ROLE_WARN, link->capture.text);
}

int detail_link(const struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	int32_t ifindex)
{
	(void)s;
	struct lines l = { c, r, 0 };
	const struct model_link *link = model_link(m, ifindex);
	if (!link)
		return 0;
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	text_name(&t, link->link.name, IFNAME_SIZE);
	text_put(&t, "  index ");
	text_i64(&t, ifindex);
	line(&l, ROLE_STRONG, text_end(&t));
	link_flags(&l, &link->link);
	link_hardware(m, &l, link);
	link_capture(&l, link);
	line(&l, ROLE_TEXT, "Addresses:");
	for (size_t i = 0; i < m->addr_count; i++)
		if (m->addrs[i].addr.ifindex == ifindex)
			address_line(&l, &m->addrs[i].addr);
	line(&l, ROLE_TEXT, "Routes:");
	for (size_t i = 0; i < m->route_count && l.row < 200; i++)
		if (m->routes[i].route.ifindex == ifindex)
			route_line(&l, &m->routes[i].route);
	rule_lines(m, &l);
	return l.row;
}

/* ---- a sysctl ---- */

static void value_line(struct lines *l, const char *name, int32_t value,
	const struct sysctl_key *key)
{
	char bytes[64];
	struct text t = text_in(bytes, sizeof bytes);
	text_i64(&t, value);
	text_char(&t, ' ');
	text_put(&t, key->unit);
	pair(l, name, ROLE_TEXT, &t);
}

static void meaning(struct lines *l, int32_t value, const struct sysctl_key *key)
{
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	const char *means = sysctl_meaning(key, value);
	if (!means)
		return;
	text_i64(&t, value);
	text_put(&t, ": ");
	text_put(&t, means);
	wrapped(l, ROLE_STRONG, text_end(&t));
}

static void decision(const struct model *m, struct lines *l, int32_t ifindex, size_t index)
{
	const struct sysctl_key *key = sysctl_key(index);
	int32_t own, all = 0, effective, decider;
	if (!model_sysctl(m, ifindex, index, &own)) {
		wrapped(l, ROLE_DIM, key->family == SYSCTL_NEIGH && ifindex == CONF_ALL
					     ? "The timers have no `all`."
					     : "This kernel does not have it here.");
		return;
	}
	value_line(l, "own value", own, key);
	if (ifindex <= CONF_ALL)
		meaning(l, own, key);
	if (ifindex == CONF_DEFAULT) {
		wrapped(l, ROLE_DIM, "New interfaces begin with it, and so do old ones whose "
				     "value was never written and that never had an address.");
		return;
	}
	if (ifindex == CONF_ALL) {
		wrapped(l, ROLE_DIM, key->join == JOIN_OWN ? "It does not join the interfaces'."
							   : "It joins every interface's own.");
		return;
	}
	if (key->join != JOIN_OWN && model_sysctl(m, CONF_ALL, index, &all))
		value_line(l, "all", all, key);
	if (!model_effective(m, ifindex, index, &effective, &decider))
		return;
	value_line(l, "effective", effective, key);
	meaning(l, effective, key);
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	text_put(&t, "Decided by ");
	text_name(&t, model_conf_name(m, decider), IFNAME_SIZE);
	text_put(&t, key->join == JOIN_OWN ? " alone." : ": ");
	if (key->join != JOIN_OWN) {
		text_printf(&t, "%s(all %d, ", sysctl_join_name(key->join), (int)all);
		text_name(&t, model_conf_name(m, ifindex), IFNAME_SIZE);
		text_printf(&t, " %d) = %d.", (int)own, (int)effective);
	}
	wrapped(l, ROLE_TEXT, text_end(&t));
}

static void levels(struct lines *l, const struct sysctl_key *key)
{
	if (!key->levels || !key->levels[0].means || !key->levels[2].means)
		return;
	line(l, ROLE_TEXT, "Levels:");
	for (const struct sysctl_level *level = key->levels; level->means; level++) {
		char bytes[ROW_TEXT_SIZE];
		struct text t = text_in(bytes, sizeof bytes);
		text_put(&t, "  ");
		text_i64(&t, level->value);
		text_char(&t, ' ');
		text_put(&t, level->means);
		wrapped(l, ROLE_DIM, text_end(&t));
	}
}

int detail_sysctl(const struct screen *s, const struct model *m, struct canvas *c, struct rect r)
{
	struct lines l = { c, r, 0 };
	const struct sysctl_key *key = sysctl_key(s->grid.key);
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	text_put(&t, key->family == SYSCTL_CONF ? "net.ipv4.conf." : "net.ipv4.neigh.");
	text_name(&t, model_conf_name(m, s->grid.ifindex), IFNAME_SIZE);
	text_char(&t, '.');
	text_put(&t, key->name);
	line(&l, ROLE_STRONG, text_end(&t));
	wrapped(&l, ROLE_TEXT, key->help);
	if (m->conf_count)
		decision(m, &l, s->grid.ifindex, s->grid.key);
	const struct model_link *link = model_link(m, s->grid.ifindex);
	if (link && link->link.flags & IFF_LOOPBACK && key->family == SYSCTL_CONF)
		wrapped(&l, ROLE_WARN, "On lo it decides nothing about an address that lo holds: "
				       "the interface that receives the who-has decides.");
	for (size_t i = 0; i < m->change_count; i++) {
		const struct change *change = &m->changes[i];
		if (change->ifindex != s->grid.ifindex || change->key != s->grid.key)
			continue;
		t = text_in(bytes, sizeof bytes);
		text_printf(&t, "Changed from %d to %d by arplab; u puts it back.",
			(int)change->before, (int)change->after);
		wrapped(&l, ROLE_CHANGED, text_end(&t));
	}
	levels(&l, key);
	return l.row;
}
