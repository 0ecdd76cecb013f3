/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: claims about what a machine is: sysctls, addresses, links, its cache. */
#include <config.h>

#include "claim_parts.h"

#include <string.h>

#include <linux/if.h>
#include <linux/neighbour.h>

#include <arplab/sysctl.h>

/* ---- sysctls ---- */

static bool not_known(const struct looking *l)
{
	text_printf(l->seen, "%s's %s.%s is not known", claim_node(l), l->c->iface,
		sysctl_key(l->c->key)->name);
	return false;
}

bool look_sysctl(const struct looking *l)
{
	int32_t ifindex, value;
	if (model_conf_find(l->m, l->c->iface, &ifindex) < 0 ||
		!model_sysctl(l->m, ifindex, l->c->key, &value))
		return not_known(l);
	text_printf(l->seen, "%s's %s.%s is %d", claim_node(l), l->c->iface,
		sysctl_key(l->c->key)->name, value);
	return claim_compares(l->c, value);
}

bool look_effective(const struct looking *l)
{
	int32_t ifindex, value, decider;
	if (model_conf_find(l->m, l->c->iface, &ifindex) < 0 ||
		!model_effective(l->m, ifindex, l->c->key, &value, &decider))
		return not_known(l);
	text_printf(l->seen, "on %s, %d counts for %s.%s", claim_node(l), value, l->c->iface,
		sysctl_key(l->c->key)->name);
	if (decider == CONF_ALL)
		text_put(l->seen, " because of all");
	return claim_compares(l->c, value);
}

/* ---- addresses and links ---- */

/* The interfaces that hold the claim's address, as names. */
static const char *holder(const void *arg, size_t i)
{
	const struct looking *l = arg;
	for (size_t k = 0, n = 0; k < l->m->addr_count; k++)
		if (l->m->addrs[k].addr.local == l->c->ip && n++ == i)
			return model_conf_name(l->m, l->m->addrs[k].addr.ifindex);
	return NULL;
}

static bool held(const struct looking *l)
{
	if (model_own_ip(l->m, l->c->ip))
		return true;
	text_printf(l->seen, "%s does not hold ", claim_node(l));
	text_ip(l->seen, l->c->ip);
	return false;
}

bool look_address(const struct looking *l)
{
	const char *name;
	if (!held(l))
		return claim_is(l->c, l->c->form == FORM_NONE);
	text_printf(l->seen, "%s holds ", claim_node(l));
	text_ip(l->seen, l->c->ip);
	text_put(l->seen, " on ");
	reading_list(l->seen, holder, l, "and");
	for (size_t i = 0; (name = holder(l, i)); i++)
		if (l->c->form == FORM_IFACE && strcmp(name, l->c->iface) == 0)
			return claim_is(l->c, true);
	return claim_is(l->c, false);
}

static const char *scope_name(uint8_t scope)
{
	for (const struct reading_choice *w = claim_choices(CLAIM_SCOPE); w->word; w++)
		if (w->value == scope)
			return w->word;
	return "another one";
}

bool look_scope(const struct looking *l)
{
	bool same = false;
	if (!held(l))
		return claim_is(l->c, false);
	text_printf(l->seen, "the scope of %s's ", claim_node(l));
	text_ip(l->seen, l->c->ip);
	const char *between = " is ";
	for (size_t i = 0; i < l->m->addr_count; i++) {
		const struct addr *a = &l->m->addrs[i].addr;
		if (a->local != l->c->ip)
			continue;
		text_put(l->seen, between);
		text_put(l->seen, scope_name(a->scope));
		between = " and ";
		same = same || a->scope == l->c->number;
	}
	return claim_is(l->c, same);
}

bool look_link(const struct looking *l)
{
	const struct model_link *link = model_link_named(l->m, l->c->iface);
	if (!link) {
		text_printf(l->seen, "%s has no interface %s", claim_node(l), l->c->iface);
		return false;
	}
	bool up = link->link.flags & IFF_UP;
	text_printf(l->seen, "%s's %s is %s", claim_node(l), l->c->iface, up ? "up" : "down");
	return claim_is(l->c, up == (l->c->number == 1));
}

/* ---- the cache ---- */

/* An address may have entries on several interfaces: the newest of those with a MAC counts. */
static const struct neigh_entry *find_entry(const struct looking *l)
{
	const struct neigh_entry *best = NULL;
	for (uint32_t i = 0; i < l->m->neighs.count; i++) {
		const struct neigh_entry *e = &l->m->neighs.entries[i];
		if (e->ip != l->c->ip || e->state & NUD_NOARP)
			continue;
		bool better = !best || e->has_mac > best->has_mac ||
			      (e->has_mac == best->has_mac && e->at_ns > best->at_ns);
		best = better ? e : best;
	}
	return best;
}

static void say_entry(const struct looking *l, const struct neigh_entry *e)
{
	uint16_t owner = e ? world_mac_owner(l->w, e->mac) : 0;
	text_printf(l->seen, "%s has %s ", claim_node(l),
		!e            ? "no entry for"
		: !e->has_mac ? "an entry without a MAC for"
			      : "an entry for");
	text_ip(l->seen, l->c->ip);
	if (!e)
		return;
	if (e->has_mac && owner) {
		text_printf(l->seen, " with %s's MAC ", world_name(l->w, owner));
		text_mac(l->seen, e->mac);
	} else if (e->has_mac) {
		text_put(l->seen, " with ");
		text_mac(l->seen, e->mac);
		text_put(l->seen, ", which is no machine's MAC");
	}
	text_printf(l->seen, ", %s", neigh_state_name(e->state));
}

bool look_neigh(const struct looking *l)
{
	const struct neigh_entry *e = find_entry(l);
	const struct claim *c = l->c;
	say_entry(l, e);
	if (!e)
		return claim_is(c, c->form == FORM_NONE);
	if (!e->has_mac)
		return claim_is(c, c->form == FORM_UNKNOWN);
	if (c->form == FORM_MAC)
		return claim_is(c, memcmp(c->mac, e->mac, sizeof c->mac) == 0);
	uint16_t owner = world_mac_owner(l->w, e->mac);
	return claim_is(c, c->form == FORM_NODE && owner && c->nodes == UINT64_C(1) << owner);
}

bool look_state(const struct looking *l)
{
	const struct neigh_entry *e = find_entry(l);
	say_entry(l, e);
	if (!e || l->c->form == FORM_NONE)
		return claim_is(l->c, !e && l->c->form == FORM_NONE);
	return claim_is(l->c, (e->state & l->c->state) != 0);
}
