/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: the ARP cache as the kernel has it, sorted and filtered. */
#include <config.h>

#include "causes.h"
#include "conflict_marks.h"

#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <linux/neighbour.h>

#include <arplab/i18n.h>

/* ---- order ---- */

static uint64_t mac_number(const uint8_t mac[6])
{
	uint64_t n = 0;
	for (int i = 0; i < 6; i++)
		n = n << 8 | mac[i];
	return n;
}

/* What an entry is sorted by; smaller comes first. */
static uint64_t sort_key(const struct neigh_entry *e, enum cache_sort sort)
{
	switch (sort) {
	case CACHE_BY_IP:
		return ntohl(e->ip);
	case CACHE_BY_MAC:
		return mac_number(e->mac);
	case CACHE_BY_STATE:
		return e->state;
	case CACHE_BY_LINK:
		return (uint32_t)e->ifindex;
	case CACHE_BY_AGE:
		return UINT64_MAX - neigh_changed_ns(e);
	case CACHE_SORTS:
		break;
	}
	return 0;
}

/* One pass of a radix sort: by the byte at `shift`, keeping the order among equals. */
static void radix_pass(const struct neighs *n, const uint32_t *from, uint32_t *to, uint32_t count,
	enum cache_sort sort, unsigned shift)
{
	uint32_t starts[257] = { 0 };
	for (uint32_t i = 0; i < count; i++)
		starts[(sort_key(&n->entries[from[i]], sort) >> shift & 0xff) + 1]++;
	for (unsigned i = 0; i < 256; i++)
		starts[i + 1] += starts[i];
	for (uint32_t i = 0; i < count; i++)
		to[starts[sort_key(&n->entries[from[i]], sort) >> shift & 0xff]++] = from[i];
}

/*
 * Sort places by a key. A million entries must be sorted in a tenth of a second, with no more room
 * than one number an entry: a radix sort over the bytes in which the keys differ.
 */
static void sort_places(const struct neighs *n, struct cache_view *v, enum cache_sort sort)
{
	uint64_t all = UINT64_MAX, any = 0;
	for (uint32_t i = 0; i < v->count; i++) {
		uint64_t key = sort_key(&n->entries[v->order[i]], sort);
		all &= key;
		any |= key;
	}
	uint32_t *other = malloc((v->room ? v->room : 1) * sizeof *other);
	if (!other)
		abort();
	for (unsigned shift = 0; shift < 64; shift += 8) {
		if (((all ^ any) >> shift & 0xff) == 0)
			continue;
		radix_pass(n, v->order, other, v->count, sort, shift);
		uint32_t *swap = v->order;
		v->order = other;
		other = swap;
	}
	free(other);
}

static void reverse_places(struct cache_view *v)
{
	for (uint32_t i = 0, j = v->count; i + 1 < j; i++) {
		uint32_t swap = v->order[i];
		v->order[i] = v->order[--j];
		v->order[j] = swap;
	}
}

static bool conflict_of(const struct screen *s, const struct model *m, const struct neigh_entry *e,
	struct conflict *ret)
{
	const struct model *lan = m->world ? world_machine(m->world, 0) : m;
	return conflict_of_row(s, lan, s->lab.on ? s->lab.node : 0, e->ifindex, e->ip, ret);
}

static void entry_text(
	const struct screen *s, const struct model *m, const struct neigh_entry *e, struct text *t)
{
	struct conflict f;
	text_ip(t, e->ip);
	text_char(t, ' ');
	if (e->has_mac)
		text_mac(t, e->mac);
	text_char(t, ' ');
	text_put(t, neigh_state_name(e->state));
	text_char(t, ' ');
	text_name(t, model_conf_name(m, e->ifindex), IFNAME_SIZE);
	if (conflict_of(s, m, e, &f)) {
		text_char(t, ' ');
		conflict_short(t, &f);
	}
}

static void collect(struct screen *s, const struct model *m)
{
	struct cache_view *v = &s->cache;
	const struct neighs *n = &m->neighs;
	if (v->room < n->count) {
		v->room = n->room;
		free(v->order);
		v->order = malloc(v->room * sizeof *v->order);
		if (!v->order)
			abort();
	}
	v->count = 0;
	bool filtered = s->filters[PANE_CACHE].count > 0;
	for (uint32_t i = 0; i < n->count; i++) {
		char line[ROW_TEXT_SIZE];
		struct text t = text_in(line, sizeof line);
		if (filtered) {
			entry_text(s, m, &n->entries[i], &t);
			if (!row_passes(&s->filters[PANE_CACHE], &t))
				continue;
		}
		v->order[v->count++] = i;
	}
}

/* Whether the rows made last still stand: no entry came, went or changed what orders it. */
static bool still_right(const struct screen *s, const struct model *m)
{
	const struct cache_view *v = &s->cache;
	if (v->stale || v->membership != m->neighs.membership)
		return false;
	bool by_key = v->sort == CACHE_BY_IP || v->sort == CACHE_BY_LINK;
	if (by_key && !s->filters[PANE_CACHE].count)
		return true;
	return v->generation == m->generation[PART_NEIGHS];
}

static bool is_selected(const struct cache_view *v, const struct neigh_entry *e)
{
	return e->ip == v->ip && e->ifindex == v->ifindex;
}

/*
 * The selection stays on its entry, or near where it was when that is gone. Until the first dump
 * is whole it stays on the first row, whichever that is, unless the person has chosen another.
 */
static void keep_selection(struct cache_view *v, const struct neighs *n, bool whole)
{
	if (!v->count || (!whole && !v->ip)) {
		v->place.row = 0;
		return;
	}
	if (v->place.row < v->count && is_selected(v, &n->entries[v->order[v->place.row]]))
		return;
	for (uint32_t i = 0; v->ip && i < v->count; i++)
		if (is_selected(v, &n->entries[v->order[i]])) {
			v->place.row = i;
			return;
		}
	if (v->place.row >= v->count)
		v->place.row = v->count - 1;
	const struct neigh_entry *e = &n->entries[v->order[v->place.row]];
	v->ip = e->ip;
	v->ifindex = e->ifindex;
}

static void update(struct screen *s, const struct model *m)
{
	struct cache_view *v = &s->cache;
	/* While a large table is being read its rows would be sorted again and again. */
	bool loading = m->tables_dumping & 1u << TABLE_NEIGHS && m->neighs.count > 20000 &&
		       v->count && v->membership != m->neighs.membership;
	bool whole = m->tables_seen & 1u << TABLE_NEIGHS;
	if (still_right(s, m))
		return;
	collect(s, m);
	if (!loading) {
		/* What counts least comes first: each sort keeps the order among equals. */
		if (v->sort != CACHE_BY_LINK)
			sort_places(&m->neighs, v, CACHE_BY_LINK);
		if (v->sort != CACHE_BY_IP)
			sort_places(&m->neighs, v, CACHE_BY_IP);
		sort_places(&m->neighs, v, v->sort);
		if (v->reversed)
			reverse_places(v);
	}
	v->stale = loading || !whole;
	v->generation = m->generation[PART_NEIGHS];
	v->membership = m->neighs.membership;
	keep_selection(v, &m->neighs, whole);
}

/* ---- drawing ---- */

#define AGE_WIDTH 5
#define WORDS_WORTH 12 /* In fewer cells a conflict is only marked. */

/* Columns of the pane by the room there is; 0 is left out. */
struct columns {
	int ip, mac, state, link, age;
};

static struct columns columns_for(int width)
{
	if (width >= 60)
		return (struct columns) { 16, 18, 11, 10, 5 };
	if (width >= 50)
		return (struct columns) { 16, 18, 11, 0, 4 };
	if (width >= 40)
		return (struct columns) { 16, 18, 2, 0, 4 };
	if (width >= 24)
		return (struct columns) { 9, 9, 2, 0, 4 };
	return (struct columns) { 9, 0, 2, 0, 4 };
}

static void draw_mac(const struct model *m, struct canvas *c, int row, int column, int width,
	const struct neigh_entry *e)
{
	char text[32];
	struct text t = text_in(text, sizeof text);
	if (!e->has_mac)
		text_char(&t, '-');
	else if (width >= 18)
		text_mac(&t, e->mac);
	else
		text_short_mac(&t, m, e->mac);
	canvas_put_cut(c, row, column, width - 1, ROLE_TEXT, text_end(&t));
}

static void draw_entry(struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	int row, const struct neigh_entry *e)
{
	struct columns w = columns_for(r.columns);
	char text[64];
	struct text t = text_in(text, sizeof text);
	int column = r.column;
	if (w.ip >= 16)
		text_ip(&t, e->ip);
	else
		text_short_ip(&t, e->ip);
	canvas_put(c, row, column, model_own_ip(m, e->ip) ? ROLE_STRONG : ROLE_TEXT, text_end(&t));
	column += w.ip;
	if (w.mac)
		draw_mac(m, c, row, column, w.mac, e);
	column += w.mac;
	struct conflict f;
	bool conflict = conflict_of(s, m, e, &f);
	if (conflict)
		conflict_mark(s, c, row, column - 1, &f);
	const struct effect *effect = causes_effect(s, 0, e->ifindex, e->ip);
	if (effect) {
		causes_draw(m, c, row, column, r.column + r.columns - column, effect);
		return;
	}
	char letter[2] = { neigh_state_letter(e->state), '\0' };
	canvas_put(c, row, column, neigh_role(e->state),
		w.state > 2 ? neigh_state_name(e->state) : letter);
	column += w.state;
	if (w.link) {
		t = text_in(text, sizeof text);
		text_name(&t, model_conf_name(m, e->ifindex), IFNAME_SIZE);
		canvas_put_cut(c, row, column, w.link - 1, ROLE_DIM, text_end(&t));
		column += w.link;
	}
	if (column + 3 > r.column + r.columns)
		return;
	t = text_in(text, sizeof text);
	uint64_t since = neigh_changed_ns(e);
	text_coarse_age(&t, m->now_ns > since ? m->now_ns - since : 0);
	age_shown(s, m, since);
	canvas_put_cut(c, row, column, r.column + r.columns - column, ROLE_DIM, text_end(&t));
	column += AGE_WIDTH;
	if (conflict && r.column + r.columns - column >= WORDS_WORTH)
		conflict_words(c, row, column, r.column + r.columns - column, &f);
}

static struct rows rows(const struct screen *s, const struct model *m)
{
	(void)m;
	return (struct rows) { 0, s->cache.count };
}

static void draw(struct screen *s, const struct model *m, struct canvas *c, struct rect r)
{
	struct cache_view *v = &s->cache;
	v->height = r.rows;
	v->place.top = (size_t)scroll_to(v->place.top, v->place.row, rows(s, m), r.rows);
	if (!v->count) {
		const char *why = s->filters[PANE_CACHE].count ? _("Nothing passes the filter.")
				  : m->tables_seen & 1u << TABLE_NEIGHS
					  ? _("Empty: this machine has talked to nobody.")
					  : _("Reading the cache.");
		canvas_wrap(c, r, ROLE_DIM, why);
	}
	for (int line = 0; line < r.rows && v->place.top + (size_t)line < v->count; line++) {
		size_t i = v->place.top + (size_t)line;
		draw_entry(s, m, c, r, r.row + line, &m->neighs.entries[v->order[i]]);
		if (i == v->place.row && pane_marks(s, PANE_CACHE))
			canvas_select(c, (struct rect) { r.row + line, r.column, 1, r.columns });
	}
}

static void title(const struct screen *s, const struct model *m, struct text *t)
{
	static const char *const sorts[CACHE_SORTS] = { NC_("sort", "IP"), NC_("sort", "MAC"),
		NC_("sort", "state"), NC_("sort", "interface"), NC_("sort", "age") };
	text_put(t, _("ARP cache"));
	text_of_machine(t, s, m);
	text_put(t, "  ");
	if (s->filters[PANE_CACHE].count)
		text_printf(t, C_("rows that pass, of all", "%s of %s"),
			grouped_word(s->cache.count).text, grouped_word(m->neighs.count).text);
	else
		text_grouped(t, m->neighs.count);
	if (s->cache.sort != CACHE_BY_IP || s->cache.reversed)
		text_printf(t, s->cache.reversed ? _("  by %s, reversed") : _("  by %s"),
			i18n_at("sort", sorts[s->cache.sort]));
}

static void row_text(const struct screen *s, const struct model *m, uint64_t row, struct text *t)
{
	entry_text(s, m, &m->neighs.entries[s->cache.order[row]], t);
}

static uint64_t selected(const struct screen *s, const struct model *m)
{
	(void)m;
	return s->cache.place.row;
}

static void select_row(struct screen *s, const struct model *m, uint64_t row)
{
	const struct neigh_entry *e = &m->neighs.entries[s->cache.order[row]];
	s->cache.place.row = (size_t)row;
	s->cache.ip = e->ip;
	s->cache.ifindex = e->ifindex;
}

static uint64_t row_at(const struct screen *s, int line)
{
	return s->cache.place.top + (size_t)line;
}

static int page(const struct screen *s)
{
	return s->cache.height;
}

const struct pane_ops pane_cache = {
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
