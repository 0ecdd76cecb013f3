/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: what stands under an arrow: the cache entries that it changed, and who stays silent. */
#include <config.h>

#include "pane_arrows.h"

#include <string.h>

#include "causes.h"
#include "lab_text.h"
#include "verdicts.h"

#include <arplab/i18n.h>

/* Notes as they are collected. */
struct notes {
	const struct model *m;
	const struct parties *parties;
	const char *arrow;
	struct arrow_note *list;
	size_t size, count;
	size_t caches; /* Changed ones of those who share the last column. */
};

static void put_ip(struct text *t, const struct model *m, uint32_t ip)
{
	if (in_lab(m))
		text_lab_ip(t, m, ip, false);
	else
		text_short_ip(t, ip);
}

static void put_mac(struct text *t, const struct model *m, const uint8_t mac[6])
{
	if (in_lab(m))
		text_owner(t, m, mac);
	else
		text_short_mac(t, m, mac);
}

/* In the order of the columns, and as they came. Returns where it may be written, or NULL. */
static struct arrow_note *add(struct notes *n, int column, enum role role)
{
	size_t at = n->count;
	if (column < 0 || n->count == n->size)
		return NULL;
	while (at > 0 && n->list[at - 1].column > column)
		at--;
	memmove(&n->list[at + 1], &n->list[at], (n->count - at) * sizeof *n->list);
	n->count++;
	n->list[at] = (struct arrow_note) { .column = column, .role = role };
	return &n->list[at];
}

/* ---- caches ---- */

static bool flips(const struct effect *e)
{
	return e->before.has_mac && e->after.has_mac &&
	       memcmp(e->before.mac, e->after.mac, sizeof e->before.mac) != 0;
}

static bool same_mac(const struct effect *e)
{
	return e->before.has_mac && e->after.has_mac && !flips(e);
}

/* ".200 → rs1 (was director)"; where the MAC stays, ".200 REACHABLE (was STALE)". */
static void effect_words(const struct notes *n, const struct effect *e, bool before, struct text *t)
{
	put_ip(t, n->m, e->ip);
	if (e->after.has_mac && !same_mac(e)) {
		text_printf(t, " %s ", n->arrow);
		put_mac(t, n->m, e->after.mac);
	} else {
		text_char(t, ' ');
		text_put(t, neigh_state_name(e->after.state));
	}
	if (!before || !(flips(e) || same_mac(e)))
		return;
	text_put(t, C_("in brackets", " (was "));
	if (flips(e))
		put_mac(t, n->m, e->before.mac);
	else
		text_put(t, neigh_state_name(e->before.state));
	text_put(t, C_("closing bracket", ")"));
}

/* It asks, and does not know yet. */
static void effect_waits(const struct notes *n, const struct effect *e, struct text *t)
{
	put_ip(t, n->m, e->ip);
	text_printf(t, " %s ?", n->arrow);
}

/* Whose cache it is stands above; where there is room it is said, too. */
static void add_effect(struct notes *n, int column, const struct effect *e)
{
	enum role role = flips(e) ? ROLE_WARN : e->after.has_mac ? ROLE_GOOD : ROLE_DIM;
	struct arrow_note *new = add(n, column, role);
	if (!new)
		return;
	struct text t = text_in(new->says[0], ARROW_TEXT);
	if (e->node && in_lab(n->m)) {
		text_name(&t, world_name(n->m->world, e->node), NODE_NAME_SIZE);
		text_put(&t, ": ");
	}
	effect_words(n, e, true, &t);
	text_end(&t);
	t = text_in(new->says[1], ARROW_TEXT);
	effect_words(n, e, true, &t);
	text_end(&t);
	t = text_in(new->says[2], ARROW_TEXT);
	if (e->after.has_mac)
		effect_words(n, e, false, &t);
	else
		effect_waits(n, e, &t);
	text_end(&t);
}

static void add_effects(struct notes *n, const struct screen *s, uint64_t position)
{
	struct effect effects[ARROW_NOTES];
	if (!causes_told(s) || !n->m->world)
		return;
	size_t count = past_effects(s->past, n->m->world, position, effects, ARROW_NOTES);
	for (size_t i = 0; i < count && i < ARROW_NOTES; i++) {
		const struct effect *e = &effects[i];
		int column = parties_of_interface(n->parties, n->m, e->node, e->ifindex);
		if (column >= 0 && (size_t)column == n->parties->count)
			n->caches++;
		else
			add_effect(n, column, e);
	}
}

static void add_others(struct notes *n)
{
	struct arrow_note *new = n->caches ? add(n, (int)n->parties->count, ROLE_GOOD) : NULL;
	for (size_t i = 0; new &&i < NOTE_FORMS; i++) {
		struct text t = text_in(new->says[i], ARROW_TEXT);
		text_printf(&t,
			i < 2 ? ngettext("%zu cache changed", "%zu caches changed", n->caches)
			      : ngettext("%zu cache", "%zu caches", n->caches),
			n->caches);
		text_end(&t);
	}
}

/* ---- silence: the arrow that does not come ---- */

static void add_silence(struct notes *n, int column, const struct judged *j)
{
	struct arrow_note *new = add(n, column, j->seen == SEEN_ANSWERED ? ROLE_BAD : ROLE_DIM);
	const char *why = _(j->verdict.rule->brief);
	if (!new)
		return;
	struct text t = text_in(new->says[0], ARROW_TEXT);
	text_printf(&t, _("silent: %s"), why);
	text_end(&t);
	text_copy(new->says[1], ARROW_TEXT, why);
	text_copy(new->says[2], ARROW_TEXT, C_("a machine", "silent"));
}

static void add_verdicts(
	struct notes *n, const struct screen *s, uint64_t position, const struct event *e)
{
	struct judged all[JUDGED_MAX];
	size_t count = verdicts_of(s, n->m, position, e, all);
	for (size_t i = 0; i < count; i++) {
		const struct judged *j = &all[i];
		int column = parties_of_interface(n->parties, n->m, j->node, j->ifindex);
		bool silent = j->verdict.outcome == OUTCOME_SILENT;
		if (silent && verdict_matters(&j->verdict) && (size_t)column != n->parties->count)
			add_silence(n, column, j);
	}
}

size_t arrow_notes(const struct screen *s, const struct model *m, uint64_t position,
	const struct event *e, bool ascii, struct arrow_note ret[ARROW_NOTES])
{
	struct notes n = { .m = m,
		.parties = &s->frames.ladder.parties,
		.arrow = ascii ? ">" : "→",
		.list = ret,
		.size = ARROW_NOTES };
	if (!s->past)
		return 0;
	add_effects(&n, s, position);
	if (!s->frames.no_verdicts)
		add_verdicts(&n, s, position, e);
	add_others(&n);
	return n.count;
}
