/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: the grid of sysctls: keys by interfaces, own value, effective value, who decides. */
#include <config.h>

#include "thought.h"

#include <string.h>

#include <linux/if.h>

#include <arplab/i18n.h>
#include <arplab/sysctl.h>

/* Widths of the grid's columns with the blank behind them; a narrow pane closes up. */
struct widths {
	int name, all, standard, interface;
	bool close;
};

/* A lesson is seldom about `default`: the room goes to the interfaces, then to the names. */
static struct widths widths_in_lab(const struct model *m, int width)
{
	struct widths w = { 13, 4, 0, width >= 44 ? 9 : 8, true };
	int interfaces = m->conf_count > 2 ? (int)m->conf_count - 2 : 0;
	int left = width - w.all - interfaces * w.interface;
	w.name = left < w.name ? w.name : left > 24 ? 24 : left;
	return w;
}

static struct widths widths_for(const struct screen *s, const struct model *m, int width)
{
	if (shows_lab(s) && width < 60)
		return widths_in_lab(m, width);
	if (width >= 72)
		return (struct widths) { 24, 6, 9, 12, false };
	if (width >= 60) /* Two interfaces of "0 = 2 all" fit beside `all` and `default`. */
		return (struct widths) { 23, 5, 8, 12, false };
	return (struct widths) { 13, 4, 6, 9, true };
}

/* Columns: all, default, then the interfaces that have sysctls; found by number from 0. */
static size_t column_of(const struct model *m, int32_t ifindex)
{
	for (size_t i = 0; i < m->conf_count; i++)
		if (m->confs[i].ifindex == ifindex)
			return i;
	return 0;
}

/* The interface that a person means first: one that is up and not lo. */
static int32_t first_interface(const struct model *m)
{
	for (size_t i = 0; i < m->link_count; i++) {
		const struct link *l = &m->links[i].link;
		if (l->flags & IFF_UP && !(l->flags & IFF_LOOPBACK) && model_conf(m, l->ifindex))
			return l->ifindex;
	}
	return CONF_ALL;
}

static void row_text(const struct screen *s, const struct model *m, uint64_t row, struct text *t)
{
	(void)m;
	const struct sysctl_key *key = sysctl_key(s->grid.keys[row]);
	text_put(t, key->name);
	text_char(t, ' ');
	text_put(t, _(key->help));
}

static void collect_keys(struct screen *s, const struct model *m)
{
	struct grid_view *v = &s->grid;
	size_t keys;
	sysctl_keys(&keys);
	v->count = 0;
	for (size_t key = 0; key < keys; key++) {
		char line[ROW_TEXT_SIZE];
		struct text t = text_in(line, sizeof line);
		v->keys[v->count] = (uint8_t)key;
		row_text(s, m, v->count, &t);
		v->count += row_passes(&s->filters[PANE_SYSCTLS], &t);
	}
}

/* The chosen key's row, or the first when the filter hides it. */
static size_t row_of(const struct screen *s)
{
	for (size_t row = 0; row < s->grid.count; row++)
		if (s->grid.keys[row] == s->grid.key)
			return row;
	return 0;
}

/*
 * In a lab the next machine, or the same one made anew, has its own numbers for the same names.
 * A column that a hand has just chosen is another one on purpose.
 */
static void keep_column(struct grid_view *v, const struct model *m)
{
	bool there = model_conf(m, v->ifindex) != NULL;
	bool same = strcmp(model_conf_name(m, v->ifindex), v->name) == 0;
	if (there && (same || v->ifindex != v->named))
		return;
	if (model_conf_find(m, v->name, &v->ifindex) < 0 || !model_conf(m, v->ifindex))
		v->ifindex = first_interface(m);
}

static void update(struct screen *s, const struct model *m)
{
	struct grid_view *v = &s->grid;
	collect_keys(s, m);
	if (v->count)
		v->key = v->keys[row_of(s)];
	bool seen = m->tables_seen & 1u << TABLE_SYSCTLS;
	if (s->lab.on && v->ifindex != INT32_MIN) {
		if (!seen)
			return;
		keep_column(v, m);
	}
	if (v->ifindex == INT32_MIN && seen)
		v->ifindex = first_interface(m);
	if (v->ifindex != INT32_MIN && !model_conf(m, v->ifindex)) {
		v->ifindex = CONF_ALL;
		screen_say(s, true, _("%s is gone, and its sysctls with it."), v->name);
	}
	struct text name = text_in(v->name, sizeof v->name);
	text_name(&name, model_conf_name(m, v->ifindex), IFNAME_SIZE);
	text_end(&name);
	v->named = v->ifindex;
	thought_update(s, m);
}

/* ---- cells ---- */

static bool is_changed(const struct model *m, int32_t ifindex, size_t key)
{
	for (size_t i = 0; i < m->change_count; i++) {
		const struct change *c = &m->changes[i];
		if (c->ifindex == ifindex && c->key == key)
			return true;
	}
	return false;
}

/* "0 = 1 all": the own value, the one that counts, and who decides when it is not this one. */
static void cell_text(
	struct text *t, const struct model *m, int32_t ifindex, size_t key, bool close)
{
	int32_t own, effective, decider;
	if (!model_sysctl(m, ifindex, key, &own)) {
		text_char(t, '-');
		return;
	}
	text_i64(t, own);
	if (ifindex <= CONF_ALL || sysctl_key(key)->join == JOIN_OWN)
		return;
	if (!model_effective(m, ifindex, key, &effective, &decider))
		return;
	text_put(t, close ? "=" : " = ");
	text_i64(t, effective);
	if (decider == CONF_ALL)
		text_put(t, " all");
}

static enum role cell_role(const struct model *m, int32_t ifindex, size_t key)
{
	int32_t own, effective, decider;
	if (is_changed(m, ifindex, key))
		return ROLE_CHANGED;
	if (!model_sysctl(m, ifindex, key, &own))
		return ROLE_DIM;
	if (ifindex > CONF_ALL && model_effective(m, ifindex, key, &effective, &decider))
		own = effective;
	return own && sysctl_key(key)->family == SYSCTL_CONF ? ROLE_STRONG : ROLE_TEXT;
}

static void draw_cell(const struct screen *s, const struct model *m, struct canvas *c,
	struct rect r, int32_t ifindex, size_t key, bool close)
{
	char text[64];
	struct text t = text_in(text, sizeof text);
	cell_text(&t, m, ifindex, key, close);
	if (is_changed(m, ifindex, key))
		text_char(&t, '*');
	canvas_put_cut(c, r.row, r.column, r.columns - 1, cell_role(m, ifindex, key), text_end(&t));
	if (s->grid.ifindex == ifindex && s->grid.key == key && pane_marks(s, PANE_SYSCTLS))
		canvas_select(c, (struct rect) { r.row, r.column, 1, r.columns - 1 });
}

/* ---- drawing ---- */

/* How many interface columns fit, and which is the first, so that the chosen one is among them. */
static size_t first_column(struct screen *s, const struct model *m, int width)
{
	struct grid_view *v = &s->grid;
	struct widths w = widths_for(s, m, width);
	int room = width - w.name - w.all - w.standard;
	size_t fit = room + 1 >= w.interface ? (size_t)((room + 1) / w.interface) : 1;
	size_t interfaces = m->conf_count > 2 ? m->conf_count - 2 : 0;
	size_t chosen = column_of(m, v->ifindex);
	size_t row = chosen >= 2 ? chosen - 2 : v->left;
	if (v->left + fit > interfaces)
		v->left = interfaces > fit ? interfaces - fit : 0;
	if (row >= v->left + fit)
		v->left = row - fit + 1;
	if (row < v->left)
		v->left = row;
	return v->left + 2;
}

static int column_width(const struct widths *w, const struct model *m, size_t column)
{
	int32_t ifindex = m->confs[column].ifindex;
	return ifindex == CONF_ALL ? w->all : ifindex == CONF_DEFAULT ? w->standard : w->interface;
}

/* A column that would be cut is not drawn: half a number is another number. */
static bool fits(
	const struct widths *w, const struct model *m, size_t column, int at, struct rect r)
{
	return at + column_width(w, m, column) <= r.column + r.columns + 1;
}

/* Visit the columns that are shown, from left to right: all, default, then from `first` on. */
static size_t next_column(size_t column, size_t first)
{
	return column + 1 == 2 ? first : column + 1;
}

static void draw_head(
	struct screen *s, const struct model *m, struct canvas *c, struct rect r, size_t first)
{
	struct widths w = widths_for(s, m, r.columns);
	int at = r.column + w.name;
	for (size_t i = 0; i < m->conf_count && fits(&w, m, i, at, r); i = next_column(i, first)) {
		char name[64];
		struct text t = text_in(name, sizeof name);
		if (m->confs[i].ifindex == CONF_DEFAULT && w.close)
			text_put(&t, "def");
		else
			text_name(&t, model_conf_name(m, m->confs[i].ifindex), IFNAME_SIZE);
		int width = column_width(&w, m, i);
		canvas_put_cut(c, r.row, at, width - 1,
			m->confs[i].ifindex == s->grid.ifindex ? ROLE_STRONG : ROLE_TITLE,
			text_end(&t));
		at += width;
	}
}

static void draw_key(struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	int row, size_t key, size_t first)
{
	struct widths w = widths_for(s, m, r.columns);
	canvas_put_cut(c, row, r.column, w.name - 1, key == s->grid.key ? ROLE_STRONG : ROLE_TEXT,
		sysctl_key(key)->name);
	int at = r.column + w.name;
	for (size_t i = 0; i < m->conf_count && fits(&w, m, i, at, r); i = next_column(i, first)) {
		int width = column_width(&w, m, i);
		draw_cell(s, m, c, (struct rect) { row, at, 1, width }, m->confs[i].ifindex, key,
			w.close);
		at += width;
	}
}

static struct rows rows(const struct screen *s, const struct model *m)
{
	(void)m;
	return (struct rows) { 0, s->grid.count };
}

static void draw(struct screen *s, const struct model *m, struct canvas *c, struct rect r)
{
	struct grid_view *v = &s->grid;
	v->height = r.rows - 1;
	if (m->conf_count < 2) {
		canvas_put(c, r.row, r.column, ROLE_DIM,
			m->hello.scope == SCOPE_FILE   ? _("A file has no sysctls.")
			: shows_lab(s) && !s->lab.node ? _("No machine is there.")
						       : _("Reading the sysctls."));
		return;
	}
	size_t first = first_column(s, m, r.columns);
	draw_head(s, m, c, r, first);
	v->top = (size_t)scroll_to(v->top, row_of(s), rows(s, m), v->height);
	for (int line = 0; line < v->height && v->top + (size_t)line < v->count; line++)
		draw_key(s, m, c, r, r.row + 1 + line, v->keys[v->top + (size_t)line], first);
}

static void title(const struct screen *s, const struct model *m, struct text *t)
{
	static const char *const joins[] = {
		[JOIN_MAX] = NC_("effective", "max(all, own)"),
		[JOIN_OR] = NC_("effective", "all or own"),
		[JOIN_AND] = NC_("effective", "all and own"),
		[JOIN_OWN] = NC_("effective", "own"),
	};
	int width = s->layout.panes[PANE_SYSCTLS].columns;
	text_put(t, C_("title of a pane", "Sysctls"));
	text_of_machine(t, s, m);
	if (s->lab.on && width < 46)
		return;
	text_printf(t, s->lab.on && width < 60 ? C_("effective", ": %s") : _(": effective = %s"),
		i18n_at("effective", joins[sysctl_key(s->grid.key)->join]));
}

static uint64_t selected(const struct screen *s, const struct model *m)
{
	(void)m;
	return row_of(s);
}

static void select_row(struct screen *s, const struct model *m, uint64_t row)
{
	(void)m;
	s->grid.key = s->grid.keys[row];
}

/* The first line of the inside is the head. */
static uint64_t row_at(const struct screen *s, int line)
{
	return line > 0 ? s->grid.top + (size_t)line - 1 : UINT64_MAX;
}

static void side(struct screen *s, const struct model *m, int step)
{
	size_t column = column_of(m, s->grid.ifindex);
	struct widths w = widths_for(s, m, s->layout.panes[PANE_SYSCTLS].columns - 2);
	size_t by = 1;
	if (!w.standard && column == (step < 0 ? 2 : 0))
		by = 2;
	if (step < 0 && column >= by)
		s->grid.ifindex = m->confs[column - by].ifindex;
	if (step > 0 && column + by < m->conf_count)
		s->grid.ifindex = m->confs[column + by].ifindex;
}

static bool column_found(const struct screen *s, const struct model *m, size_t column)
{
	char line[ROW_TEXT_SIZE];
	struct text t = text_in(line, sizeof line);
	text_name(&t, model_conf_name(m, m->confs[column].ifindex), IFNAME_SIZE);
	return row_passes(&s->search, &t);
}

bool sysctls_seek_column(struct screen *s, const struct model *m, int step)
{
	size_t from = column_of(m, s->grid.ifindex);
	for (size_t i = 1; i <= m->conf_count; i++) {
		size_t column = (from + (step > 0 ? i : m->conf_count - i)) % m->conf_count;
		if (column_found(s, m, column)) {
			s->grid.ifindex = m->confs[column].ifindex;
			return true;
		}
	}
	return false;
}

size_t sysctls_count_columns(const struct screen *s, const struct model *m)
{
	size_t found = 0;
	for (size_t i = 0; i < m->conf_count; i++)
		found += column_found(s, m, i);
	return found;
}

static void click_column(struct screen *s, const struct model *m, int column)
{
	struct widths w = widths_for(s, m, s->layout.panes[PANE_SYSCTLS].columns - 2);
	int at = w.name;
	size_t first = s->grid.left + 2;
	for (size_t i = 0; i < m->conf_count; i = next_column(i, first)) {
		int cell = column_width(&w, m, i);
		if (column >= at && column < at + cell)
			s->grid.ifindex = m->confs[i].ifindex;
		at += cell;
	}
}

static int page(const struct screen *s)
{
	return s->grid.height;
}

const struct pane_ops pane_sysctls = {
	.update = update,
	.draw = draw,
	.title = title,
	.rows = rows,
	.selected = selected,
	.select = select_row,
	.row_text = row_text,
	.row_at = row_at,
	.side = side,
	.click_column = click_column,
	.page = page,
	.foot = thought_foot,
};
