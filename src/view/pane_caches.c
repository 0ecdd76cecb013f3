/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: the ARP caches of all machines of a lab: who believes whom to be where, and who was. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>
#include <arplab/rows.h>
#include <arplab/utf8.h>

#include "causes.h"
#include "conflict_marks.h"
#include "lab_text.h"

enum kind {
	ROW_ENTRY,
	ROW_WAS,      /* Whose MAC an entry had before. */
	ROW_CONFLICT, /* Several MACs claim the address. */
	ROW_EMPTY,    /* A machine without entries. */
};

#define CONFLICT_WIDE 40 /* A pane in which a conflict can stand under its entry. */

/* ---- who held an address before ---- */

static struct owner *owner_of(struct caches_view *v, uint16_t node, const struct neigh_entry *e)
{
	for (size_t i = 0; i < v->owner_count; i++) {
		struct owner *o = &v->owners[i];
		if (o->node == node && o->ifindex == e->ifindex && o->ip == e->ip)
			return o;
	}
	v->owners = row_insert(v->owners, &v->owner_count, v->owner_count, sizeof *v->owners);
	struct owner *o = &v->owners[v->owner_count - 1];
	*o = (struct owner) { .node = node, .ifindex = e->ifindex, .ip = e->ip };
	memcpy(o->mac, e->mac, sizeof o->mac);
	return o;
}

/* An entry that has lost its MAC for a while still had it: what comes next is compared with it. */
static void note_owner(
	struct caches_view *v, uint16_t node, const struct model *m, const struct neigh_entry *e)
{
	if (!e->has_mac || mac_is_group(e->mac))
		return;
	struct owner *o = owner_of(v, node, e);
	if (memcmp(o->mac, e->mac, sizeof o->mac) == 0)
		return;
	memcpy(o->before, o->mac, sizeof o->before);
	memcpy(o->mac, e->mac, sizeof o->mac);
	o->flipped = true;
	o->flipped_ns = m->now_ns;
}

/* The flip of an entry that is still worth showing, or NULL. */
static const struct owner *flip_of(
	const struct caches_view *v, const struct model *m, const struct caches_row *row)
{
	for (size_t i = 0; i < v->owner_count; i++) {
		const struct owner *o = &v->owners[i];
		if (o->node == row->node && o->ifindex == row->ifindex && o->ip == row->ip)
			return o->flipped && m->now_ns < o->flipped_ns + FLIP_SHOWN_NS ? o : NULL;
	}
	return NULL;
}

/* ---- rows ---- */

static const struct neigh_entry *entry_of(const struct model *m, const struct caches_row *row)
{
	const struct model *machine = world_machine(m->world, row->node);
	return machine ? neighs_find(&machine->neighs, row->ifindex, row->ip) : NULL;
}

static void put_row(
	const struct screen *s, const struct model *m, const struct caches_row *row, struct text *t)
{
	const struct neigh_entry *e = entry_of(m, row);
	const struct owner *o = flip_of(&s->caches, m, row);
	struct conflict f;
	text_name(t, world_name(m->world, row->node), NODE_NAME_SIZE);
	text_char(t, ' ');
	if (!e) {
		text_put(t, C_("a cache", "(empty)"));
		return;
	}
	text_ip(t, e->ip);
	if (e->has_mac) {
		text_put(t, " at ");
		text_owner(t, m, e->mac);
		text_char(t, ' ');
		text_mac(t, e->mac);
	}
	text_char(t, ' ');
	text_put(t, neigh_state_name(e->state));
	if (o) {
		text_put(t, " was ");
		text_owner(t, m, o->before);
	}
	if (conflict_of_row(s, m, row->node, row->ifindex, row->ip, &f)) {
		text_char(t, ' ');
		conflict_short(t, &f);
	}
}

static void row_text(const struct screen *s, const struct model *m, uint64_t row, struct text *t)
{
	put_row(s, m, &s->caches.rows[row], t);
}

static void add_row(struct screen *s, const struct model *m, struct caches_row row)
{
	struct caches_view *v = &s->caches;
	char line[ROW_TEXT_SIZE];
	struct text t = text_in(line, sizeof line);
	put_row(s, m, &row, &t);
	if (!row_passes(&s->filters[PANE_CACHE], &t))
		return;
	v->rows = row_insert(v->rows, &v->count, v->count, sizeof row);
	v->rows[v->count - 1] = row;
}

static int by_address(const void *a, const void *b)
{
	const struct caches_row *x = a, *y = b;
	uint32_t i = ntohl(x->ip), k = ntohl(y->ip);
	if (i != k)
		return i < k ? -1 : 1;
	if (x->ifindex != y->ifindex)
		return x->ifindex < y->ifindex ? -1 : 1;
	return (x->kind > y->kind) - (x->kind < y->kind);
}

/* Entries of lo and of groups are the kernel's own; nobody was asked for them. */
static bool is_asked_for(const struct neigh_entry *e)
{
	return !(e->has_mac && (mac_is_group(e->mac) || mac_is_zero(e->mac)));
}

static void add_machine(struct screen *s, const struct model *lan, uint16_t node)
{
	struct caches_view *v = &s->caches;
	const struct model *m = world_machine(lan->world, node);
	size_t first = v->count, entries = 0;
	for (uint32_t i = 0; m && i < m->neighs.count; i++) {
		const struct neigh_entry *e = &m->neighs.entries[i];
		struct caches_row row = { node, ROW_ENTRY, e->ifindex, e->ip };
		if (!is_asked_for(e))
			continue;
		entries++;
		note_owner(v, node, lan, e);
		add_row(s, lan, row);
		row.kind = ROW_WAS;
		if (flip_of(v, lan, &row))
			add_row(s, lan, row);
		row.kind = ROW_CONFLICT;
		struct conflict f;
		if (conflict_of_row(s, lan, node, row.ifindex, row.ip, &f))
			add_row(s, lan, row);
	}
	if (v->count > first)
		qsort(v->rows + first, v->count - first, sizeof *v->rows, by_address);
	if (!entries)
		add_row(s, lan, (struct caches_row) { node, ROW_EMPTY, 0, 0 });
}

/* The entry is known to the rest of the screen as that of the one cache of a host is. */
static void choose(struct screen *s, const struct caches_row *row)
{
	s->caches.chosen = *row;
	s->cache.ifindex = row->ifindex;
	s->cache.ip = row->ip;
}

static bool same_row(const struct caches_row *a, const struct caches_row *b)
{
	return a->node == b->node && a->kind == b->kind && a->ifindex == b->ifindex &&
	       a->ip == b->ip;
}

static void keep_selection(struct screen *s)
{
	struct caches_view *v = &s->caches;
	for (size_t i = 0; i < v->count; i++)
		if (same_row(&v->rows[i], &v->chosen)) {
			v->place.row = i;
			choose(s, &v->rows[i]);
			return;
		}
	if (v->place.row >= v->count)
		v->place.row = v->count ? v->count - 1 : 0;
	if (v->count)
		choose(s, &v->rows[v->place.row]);
}

static void update(struct screen *s, const struct model *m)
{
	struct caches_view *v = &s->caches;
	if (v->lab != m->world->lab.number) {
		v->lab = m->world->lab.number;
		v->owner_count = 0;
	}
	v->count = 0;
	for (uint16_t node = 1; node <= m->world->count; node++)
		add_machine(s, m, node);
	keep_selection(s);
}

/* ---- drawing ---- */

/* Columns of the pane by the room there is, each with what stands between it and the next. */
struct columns {
	int name, ip, arrow, owner, flip, state;
	bool whole; /* Whole addresses, states by name. */
	bool words;
	bool age;
};

static struct columns columns_for(int width, const struct model *m)
{
	int names = names_width(m), both = 2 * names, ips = short_ips_width(m) + 1;
	if (width >= both + 35)
		return (struct columns) { names + 1, 16, 2, names, 2, 11, true, true, true };
	if (width >= both + 19 + ips)
		return (struct columns) { names + 1, ips, 2, names, 2, 11, false, true, true };
	if (width >= both + 10 + ips)
		return (struct columns) { names + 1, ips, 2, names, 2, 2, false, false, true };
	struct columns w = { names + 1, ips - 1, 1, names, 1, 1, false, false, false };
	/* The owner tells the story; the name of whose cache it is may be cut. */
	if (width < both + 3 + ips) {
		int left = width - 3 - ips;
		w.owner = names < left - 3 ? names : left - 3;
		w.name = left - w.owner + 1;
	}
	return w;
}

static void draw_age(struct screen *s, const struct model *m, struct canvas *c, int row, int column,
	int columns, uint64_t since_ns)
{
	char bytes[32];
	struct text t = text_in(bytes, sizeof bytes);
	text_coarse_age(&t, m->now_ns > since_ns ? m->now_ns - since_ns : 0);
	age_shown(s, m, since_ns);
	canvas_put_cut(c, row, column, columns, ROLE_DIM, text_end(&t));
}

static void draw_entry(struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	struct columns w, const struct caches_row *row)
{
	const struct neigh_entry *e = entry_of(m, row);
	if (!e)
		return;
	char bytes[64];
	struct text t = text_in(bytes, sizeof bytes);
	int column = r.column + w.name;
	text_lab_ip(&t, m, e->ip, w.whole);
	canvas_put_cut(c, r.row, column, w.ip, ROLE_TEXT, text_end(&t));
	column += w.ip;
	canvas_put(c, r.row, column, ROLE_DIM, c->ascii ? ">" : "→");
	column += w.arrow;
	if (e->has_mac)
		put_owner(c, r.row, column, w.owner, ROLE_TEXT, m, 0, e->mac);
	else
		canvas_put(c, r.row, column, ROLE_DIM, "-");
	column += w.owner;
	const struct owner *o = flip_of(&s->caches, m, row);
	if (o) {
		canvas_put(c, r.row, column, ROLE_WARN, "!");
		if (o->flipped_ns + FLIP_SHOWN_NS < s->next_age_ns)
			s->next_age_ns = o->flipped_ns + FLIP_SHOWN_NS;
	}
	struct conflict f;
	if (conflict_of_row(s, m, row->node, row->ifindex, row->ip, &f))
		conflict_mark(s, c, r.row, column, &f);
	column += w.flip;
	const struct effect *effect = causes_effect(s, row->node, row->ifindex, row->ip);
	if (effect) {
		causes_draw(m, c, r.row, column, r.column + r.columns - column, effect);
		return;
	}
	char letter[2] = { neigh_state_letter(e->state), '\0' };
	canvas_put(c, r.row, column, neigh_role(e->state),
		w.words ? neigh_state_name(e->state) : letter);
	column += w.state;
	if (w.age)
		draw_age(
			s, m, c, r.row, column, r.column + r.columns - column, neigh_changed_ns(e));
}

/* Under the owner. */
static void draw_was(const struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	struct columns w, const struct caches_row *row)
{
	const struct owner *o = flip_of(&s->caches, m, row);
	const char *was = C_("before a machine", "was ");
	int column = r.column + w.name + w.ip + w.arrow - (int)utf8_width(was);
	if (!o)
		return;
	column = canvas_put(c, r.row, column, ROLE_DIM, was);
	put_owner(c, r.row, column, r.column + r.columns - column, ROLE_DIM, m, 0, o->before);
}

/* Under all of the entry, for there is much to say. */
static void draw_conflict(const struct screen *s, const struct model *m, struct canvas *c,
	struct rect r, int indent, const struct caches_row *row)
{
	struct conflict f;
	if (conflict_of_row(s, m, row->node, row->ifindex, row->ip, &f))
		conflict_words(c, r.row, r.column + indent, r.columns - indent, &f);
}

static void draw_row(struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	const struct caches_row *row, bool named)
{
	struct columns w = columns_for(r.columns, m);
	if (named)
		put_machine(c, r.row, r.column, w.name - 1, ROLE_STRONG, m, row->node);
	switch ((enum kind)row->kind) {
	case ROW_ENTRY:
		draw_entry(s, m, c, r, w, row);
		break;
	case ROW_WAS:
		draw_was(s, m, c, r, w, row);
		break;
	case ROW_CONFLICT:
		draw_conflict(s, m, c, r, named || r.columns >= CONFLICT_WIDE ? w.name : 1, row);
		break;
	case ROW_EMPTY:
		canvas_put_cut(c, r.row, r.column + w.name, r.columns - w.name, ROLE_DIM,
			C_("a cache", "(empty)"));
		break;
	}
}

static struct rows rows(const struct screen *s, const struct model *m)
{
	(void)m;
	return (struct rows) { 0, s->caches.count };
}

static void draw(struct screen *s, const struct model *m, struct canvas *c, struct rect r)
{
	struct caches_view *v = &s->caches;
	v->height = r.rows;
	v->place.top = (size_t)scroll_to(v->place.top, v->place.row, rows(s, m), r.rows);
	if (!v->count)
		canvas_wrap(c, r, ROLE_DIM,
			s->filters[PANE_CACHE].count ? _("Nothing passes the filter.")
						     : _("No machine, no cache."));
	for (int line = 0; line < r.rows && v->place.top + (size_t)line < v->count; line++) {
		size_t i = v->place.top + (size_t)line;
		struct rect at = { r.row + line, r.column, 1, r.columns };
		bool first = line == 0 || v->rows[i].node != v->rows[i - 1].node;
		draw_row(s, m, c, at, &v->rows[i], first);
		if (i == v->place.row && pane_marks(s, PANE_CACHE))
			canvas_select(c, at);
	}
}

static void title(const struct screen *s, const struct model *m, struct text *t)
{
	(void)s;
	(void)m;
	text_put(t, _("ARP caches"));
}

static uint64_t selected(const struct screen *s, const struct model *m)
{
	(void)m;
	return s->caches.place.row;
}

static void select_row(struct screen *s, const struct model *m, uint64_t row)
{
	(void)m;
	s->caches.place.row = (size_t)row;
	choose(s, &s->caches.rows[row]);
}

static uint64_t row_at(const struct screen *s, int line)
{
	return s->caches.place.top + (size_t)line;
}

static int page(const struct screen *s)
{
	return s->caches.height;
}

const struct pane_ops pane_caches = {
	.update = update,
	.draw = draw,
	.title = title,
	.rows = rows,
	.selected = selected,
	.select = select_row,
	.row_text = row_text,
	.row_at = row_at,
	.page = page,
};
