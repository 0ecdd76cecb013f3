/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: claims about what a machine is: sysctls, addresses, links, its cache. */
#include <config.h>

#include "claim_parts.h"

#include <string.h>

#include <linux/if.h>
#include <linux/neighbour.h>

#include <arplab/i18n.h>
#include <arplab/sysctl.h>

/* ---- sysctls ---- */

static bool not_known(const struct looking *l)
{
	text_printf(l->seen, _("%s's %s.%s is not known"), claim_node(l), l->c->iface,
		sysctl_key(l->c->key)->name);
	return false;
}

bool look_sysctl(const struct looking *l)
{
	int32_t ifindex, value;
	if (model_conf_find(l->m, l->c->iface, &ifindex) < 0 ||
		!model_sysctl(l->m, ifindex, l->c->key, &value))
		return not_known(l);
	text_printf(l->seen, _("%s's %s.%s is %d"), claim_node(l), l->c->iface,
		sysctl_key(l->c->key)->name, value);
	return claim_compares(l->c, value);
}

bool look_effective(const struct looking *l)
{
	int32_t ifindex, value, decider;
	if (model_conf_find(l->m, l->c->iface, &ifindex) < 0 ||
		!model_effective(l->m, ifindex, l->c->key, &value, &decider))
		return not_known(l);
	text_printf(l->seen,
		decider == CONF_ALL ? _("on %s, %d counts for %s.%s because of all")
				    : _("on %s, %d counts for %s.%s"),
		claim_node(l), value, l->c->iface, sysctl_key(l->c->key)->name);
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
	text_printf(l->seen, _("%s does not hold %s"), claim_node(l), ip_word(l->c->ip).text);
	return false;
}

bool look_address(const struct looking *l)
{
	const char *name;
	if (!held(l))
		return claim_is(l->c, l->c->form == FORM_NONE);
	char holders[160];
	struct text t = text_in(holders, sizeof holders);
	reading_list(&t, holder, l, _("and"));
	text_printf(l->seen, _("%s holds %s on %s"), claim_node(l), ip_word(l->c->ip).text,
		text_end(&t));
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
	return _("another one");
}

bool look_scope(const struct looking *l)
{
	bool same = false;
	if (!held(l))
		return claim_is(l->c, false);
	char scopes[80];
	struct text t = text_in(scopes, sizeof scopes);
	for (size_t i = 0; i < l->m->addr_count; i++) {
		const struct addr *a = &l->m->addrs[i].addr;
		if (a->local != l->c->ip)
			continue;
		if (t.len)
			text_printf(&t, " %s ", _("and"));
		text_put(&t, scope_name(a->scope));
		same = same || a->scope == l->c->number;
	}
	text_printf(l->seen, _("the scope of %s's %s is %s"), claim_node(l), ip_word(l->c->ip).text,
		text_end(&t));
	return claim_is(l->c, same);
}

bool look_link(const struct looking *l)
{
	const struct model_link *link = model_link_named(l->m, l->c->iface);
	if (!link) {
		text_printf(l->seen, _("%s has no interface %s"), claim_node(l), l->c->iface);
		return false;
	}
	bool up = link->link.flags & IFF_UP;
	text_printf(l->seen, up ? _("%s's %s is up") : _("%s's %s is down"), claim_node(l),
		l->c->iface);
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
	const char *node = claim_node(l);
	struct word ip = ip_word(l->c->ip);
	if (!e)
		text_printf(l->seen, _("%s has no entry for %s"), node, ip.text);
	else if (!e->has_mac)
		text_printf(l->seen, _("%s has an entry without a MAC for %s, %s"), node, ip.text,
			neigh_state_name(e->state));
	else if (owner)
		text_printf(l->seen, _("%s has an entry for %s with %s's MAC %s, %s"), node,
			ip.text, world_name(l->w, owner), mac_word(e->mac).text,
			neigh_state_name(e->state));
	else
		text_printf(l->seen,
			_("%s has an entry for %s with %s, which is no machine's MAC, %s"), node,
			ip.text, mac_word(e->mac).text, neigh_state_name(e->state));
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
