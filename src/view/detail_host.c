/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: one neighbour entry or interface shown whole. */
#include <config.h>

#include "causes.h"
#include "conflict_marks.h"

#include <string.h>

#include <linux/if.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>
#include <arplab/sysctl.h>

#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S UINT64_C(1000000000)

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
		return _("The question is out, nobody has answered yet.");
	case NUD_REACHABLE:
		return _("Confirmed a short while ago; used without a question.");
	case NUD_STALE:
		return _("Not confirmed lately; used, and checked after the next packet.");
	case NUD_DELAY:
		return _("In use though stale; if nothing confirms it soon, it is polled.");
	case NUD_PROBE:
		return _("Being polled by unicast who-has.");
	case NUD_FAILED:
		return _("Nobody answered. The next packet asks again.");
	case NUD_PERMANENT:
		return _("Set by hand; no ARP frame changes it.");
	case NUD_NOARP:
		return _("Needs no ARP: the interface or the address kind knows the MAC.");
	default:
		return _("Just made; nothing is known.");
	}
}

static void age_pair(struct screen *s, const struct model *m, struct lines *l, const char *name,
	const struct neigh_entry *n, uint32_t age_ms)
{
	char bytes[64];
	struct text t = text_in(bytes, sizeof bytes);
	uint64_t age_ns = (uint64_t)age_ms * NS_PER_MS;
	uint64_t since = n->at_ns > age_ns ? n->at_ns - age_ns : 0;
	uint64_t passed = m->now_ns > since ? m->now_ns - since : 0;
	struct word age;
	struct text a = text_in(age.text, sizeof age.text);
	text_coarse_age(&a, passed);
	text_printf(&t, passed < NS_PER_S ? "%s" : _("%s ago"), text_end(&a));
	age_shown(s, m, since);
	detail_pair(l, name, ROLE_TEXT, &t);
}

static void neigh_flags(struct lines *l, const struct neigh_entry *n)
{
	static const struct flag table[] = {
		{ NTF_ROUTER, "router" },
		{ NTF_PROXY, "proxy" },
		{ NTF_EXT_LEARNED, "extern_learn" },
		{ NTF_OFFLOADED, "offload" },
		{ NTF_STICKY, "sticky" },
		{ NTF_USE, "use" },
	};
	char bytes[128];
	struct text t = text_in(bytes, sizeof bytes);
	flags_text(&t, n->flags, table, sizeof table / sizeof *table);
	detail_pair(l, C_("pair", "flags"), ROLE_TEXT, &t);
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
		detail_line(l, ROLE_DIM, text_end(&t));
	}
}

int detail_neigh(struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	const struct neigh_entry *n)
{
	struct lines l = { c, r, 0 };
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	text_printf(&t, C_("entry", "%s on %s"), ip_word(n->ip).text,
		name_word(model_conf_name(m, n->ifindex)).text);
	detail_line(&l, ROLE_STRONG, text_end(&t));
	t = text_in(bytes, sizeof bytes);
	uint16_t owner = n->has_mac && in_lab(m) ? world_mac_owner(m->world, n->mac) : 0;
	if (owner) {
		text_name(&t, world_name(m->world, owner), NODE_NAME_SIZE);
		text_put(&t, "  ");
	}
	if (n->has_mac)
		text_mac(&t, n->mac);
	else
		text_put(&t, C_("MAC", "none"));
	detail_pair(&l, "MAC", ROLE_TEXT, &t);
	detail_pair_text(&l, C_("entry", "state"), ROLE_STRONG, neigh_state_name(n->state));
	detail_wrapped(&l, ROLE_DIM, state_help(n->state));
	detail_cause(s, m->world ? world_machine(m->world, 0) : m, &l,
		shows_lab(s) ? s->caches.chosen.node : 0, n);
	detail_conflict(s, m->world ? world_machine(m->world, 0) : m, &l,
		shows_lab(s) ? s->caches.chosen.node
		: s->lab.on  ? s->lab.node
			     : 0,
		n);
	if (n->has_ages) {
		age_pair(s, m, &l, C_("entry", "confirmed"), n, n->confirmed_ms);
		age_pair(s, m, &l, C_("entry", "used"), n, n->used_ms);
		age_pair(s, m, &l, C_("entry", "updated"), n, n->updated_ms);
	}
	neigh_flags(&l, n);
	if (n->probes) {
		t = text_in(bytes, sizeof bytes);
		text_u64(&t, n->probes);
		detail_pair(&l, _("probes sent"), ROLE_TEXT, &t);
	}
	detail_line(&l, ROLE_TEXT, _("Timers of the interface:"));
	timers(m, &l, n->ifindex);
	return l.row;
}

/* ---- an interface ---- */

static void link_flags(struct lines *l, const struct link *link)
{
	static const struct flag table[] = {
		{ IFF_UP, "UP" },
		{ IFF_RUNNING, "RUNNING" },
		{ IFF_BROADCAST, "BROADCAST" },
		{ IFF_LOOPBACK, "LOOPBACK" },
		{ IFF_POINTOPOINT, "POINTOPOINT" },
		{ IFF_NOARP, "NOARP" },
		{ IFF_PROMISC, "PROMISC" },
		{ IFF_ALLMULTI, "ALLMULTI" },
		{ IFF_MULTICAST, "MULTICAST" },
		{ IFF_MASTER, "MASTER" },
		{ IFF_SLAVE, "SLAVE" },
	};
	char bytes[160];
	struct text t = text_in(bytes, sizeof bytes);
	flags_text(&t, link->flags, table, sizeof table / sizeof *table);
	detail_pair(l, C_("pair", "flags"), ROLE_TEXT, &t);
}

static const char *scope_name(uint8_t scope)
{
	return scope == RT_SCOPE_UNIVERSE ? "global"
	       : scope == RT_SCOPE_SITE   ? "site"
	       : scope == RT_SCOPE_LINK   ? "link"
	       : scope == RT_SCOPE_HOST   ? "host"
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
	detail_line(l, ROLE_TEXT, text_end(&t));
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
	detail_line(l, ROLE_DIM, text_end(&t));
}

static void rule_lines(const struct model *m, struct lines *l)
{
	detail_line(l, ROLE_TEXT, _("Policy rules (of the whole machine):"));
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
		detail_line(l, ROLE_DIM, text_end(&t));
	}
}

static void link_hardware(const struct model *m, struct lines *l, const struct model_link *link)
{
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	if (link->link.mac_len == 6) {
		text_mac(&t, link->link.mac);
		detail_pair(l, "MAC", ROLE_TEXT, &t);
	}
	t = text_in(bytes, sizeof bytes);
	text_u64(&t, link->link.mtu);
	detail_pair(l, "MTU", ROLE_TEXT, &t);
	if (link->link.kind[0]) {
		t = text_in(bytes, sizeof bytes);
		text_name(&t, link->link.kind, IFNAME_SIZE);
		detail_pair(l, C_("interface", "kind"), ROLE_TEXT, &t);
	}
	if (link->link.master) {
		t = text_in(bytes, sizeof bytes);
		text_printf(&t, _("%s  (ARP is decided there)"),
			name_word(model_conf_name(m, link->link.master)).text);
		detail_pair(l, C_("interface", "port of"), ROLE_TEXT, &t);
	}
}

static void link_capture(struct lines *l, const struct model_link *link)
{
	static const char *const states[] = { NC_("capture", "-"), NC_("capture", "opening"),
		NC_("capture", "on"), NC_("capture", "failed"), NC_("capture", "off") };
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	if (link->capture.state == CAPTURE_ON)
		text_printf(&t, _("on, %s frames, %s dropped"), grouped_word(link->frames).text,
			grouped_word(link->drops.kernel).text);
	else
		text_put(&t, i18n_at("capture", states[link->capture.state]));
	detail_pair(l, C_("interface", "capture"), ROLE_TEXT, &t);
	if (link->capture.text[0])
		detail_wrapped(l, ROLE_WARN, link->capture.text);
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
	text_printf(&t, _("%s  index %d"), name_word(link->link.name).text, (int)ifindex);
	detail_line(&l, ROLE_STRONG, text_end(&t));
	link_flags(&l, &link->link);
	link_hardware(m, &l, link);
	link_capture(&l, link);
	detail_line(&l, ROLE_TEXT, _("Addresses:"));
	for (size_t i = 0; i < m->addr_count; i++)
		if (m->addrs[i].addr.ifindex == ifindex)
			address_line(&l, &m->addrs[i].addr);
	detail_line(&l, ROLE_TEXT, _("Routes:"));
	for (size_t i = 0; i < m->route_count && l.row < 200; i++)
		if (m->routes[i].route.ifindex == ifindex)
			route_line(&l, &m->routes[i].route);
	rule_lines(m, &l);
	return l.row;
}
