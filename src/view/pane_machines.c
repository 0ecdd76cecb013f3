/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: the machines of a lab: their addresses, and the two sysctls that matter most. */
#include <config.h>

#include <string.h>

#include "machine_text.h"

#include <arplab/i18n.h>

/* ---- rows ---- */

static void row_text(const struct screen *s, const struct model *m, uint64_t row, struct text *t)
{
	const struct machine_row *r = &s->machines.rows[row];
	const struct model *machine = world_machine(m->world, r->node);
	text_name(t, world_name(m->world, r->node), NODE_NAME_SIZE);
	text_char(t, ' ');
	if (machine)
		machine_row_text(t, machine, r, true, " ");
	if (machine && r->kind == ROW_NAME) {
		text_char(t, ' ');
		text_put(t, machine_link_state(machine, r->ifindex));
	}
}

/* A machine is shown with all its rows when any of them passes the filter. */
static void add_machine(struct screen *s, const struct model *lan, uint16_t node)
{
	struct machine_view *v = &s->machines;
	const struct model *m = world_machine(lan->world, node);
	size_t first = v->count;
	if (!m)
		return;
	machine_rows_add(v, m, node);
	for (size_t i = first; i < v->count; i++) {
		char line[ROW_TEXT_SIZE];
		struct text t = text_in(line, sizeof line);
		row_text(s, lan, i, &t);
		if (row_passes(&s->filters[PANE_LINKS], &t))
			return;
	}
	v->count = first;
}

static bool same_row(const struct machine_row *a, const struct machine_row *b)
{
	return a->node == b->node && a->kind == b->kind && a->ifindex == b->ifindex &&
	       a->index == b->index;
}

/* The selected row stays what it is when rows above come or go, or at least its machine's. */
static void keep_selection(struct machine_view *v, uint16_t node)
{
	if (v->place.row < v->count && same_row(&v->rows[v->place.row], &v->chosen))
		return;
	size_t place = v->count;
	for (size_t i = v->count; i-- > 0;) {
		if (v->rows[i].node == node &&
			(place == v->count || v->rows[place].kind != v->chosen.kind))
			place = i;
		if (same_row(&v->rows[i], &v->chosen)) {
			v->place.row = i;
			return;
		}
	}
	v->place.row = place < v->count ? place : 0;
	v->chosen = v->count ? v->rows[v->place.row] : (struct machine_row) { 0, 0, 0, 0 };
}

static void update(struct screen *s, const struct model *m)
{
	struct machine_view *v = &s->machines;
	v->count = 0;
	for (uint16_t node = 1; node <= m->world->count; node++)
		add_machine(s, m, node);
	if (v->chosen.node != s->lab.node)
		v->chosen = (struct machine_row) { s->lab.node, ROW_NAME, 0, -2 };
	keep_selection(v, s->lab.node);
}

/* ---- drawing ---- */

static void draw_name(const struct screen *s, const struct model *m, struct canvas *c,
	struct rect r, const struct machine_row *row)
{
	bool chosen = row->node == s->lab.node;
	canvas_put(c, r.row, r.column, ROLE_STRONG, chosen ? (c->ascii ? ">" : "▸") : " ");
	int names = names_width(m);
	int room = r.columns - 1 - 5;
	put_machine(c, r.row, r.column + 1, names < room ? names : room,
		chosen ? ROLE_STRONG : ROLE_TEXT, m, row->node);
	const struct model *machine = world_machine(m->world, row->node);
	const char *state = machine_link_state(machine, row->ifindex);
	char bytes[64];
	struct text t = text_in(bytes, sizeof bytes);
	int column = r.column + 2 + (names < room ? names : room);
	int left = r.column + r.columns - column;
	machine_row_text(&t, machine, row, left >= 15, "");
	column = canvas_put_cut(c, r.row, column, left, ROLE_TEXT, text_end(&t)) + 1;
	if (r.columns >= 32 || strcmp(state, "up") != 0) {
		int right = r.column + r.columns - (int)strlen(state);
		canvas_put(c, r.row, right > column ? right : column,
			strcmp(state, "up") == 0 ? ROLE_DIM : ROLE_WARN, state);
	}
}

static void draw_row(const struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	const struct machine_row *row)
{
	const struct model *machine = world_machine(m->world, row->node);
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	if (!machine)
		return;
	if (row->kind == ROW_NAME) {
		draw_name(s, m, c, r, row);
		return;
	}
	bool shared =
		row->kind == ROW_ADDRESS && is_shared(m, machine->addrs[row->index].addr.local);
	machine_row_text(&t, machine, row, r.columns >= 27, c->ascii ? ">" : "→");
	enum role role = shared                     ? ROLE_STRONG
			 : row->kind == ROW_SYSCTLS ? ROLE_WARN
			 : row->kind == ROW_LINK    ? ROLE_DIM
			 : row->kind == ROW_SERVED && world_served(m->world, row->node, 0, 0)
				 ? ROLE_BAD
				 : ROLE_TEXT;
	if (row->kind == ROW_SYSCTLS && is_loopback(machine, row->ifindex))
		role = ROLE_DIM;
	canvas_put_cut(c, r.row, r.column + 2, r.columns - 2, role, text_end(&t));
}

static struct rows rows(const struct screen *s, const struct model *m)
{
	(void)m;
	return (struct rows) { 0, s->machines.count };
}

static void draw_nothing(
	const struct screen *s, const struct model *m, struct canvas *c, struct rect r)
{
	const struct lab_news *lab = &m->world->lab;
	char bytes[EVENT_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	text_sentence(&t, lab->text);
	if (s->filters[PANE_LINKS].count && m->world->count)
		canvas_wrap(c, r, ROLE_DIM, _("Nothing passes the filter."));
	else if (lab->state == LAB_FAILED)
		canvas_wrap(c, r, ROLE_BAD, text_end(&t));
	else
		canvas_wrap(c, r, ROLE_DIM, _("The lab is not there yet."));
}

static void draw(struct screen *s, const struct model *m, struct canvas *c, struct rect r)
{
	struct machine_view *v = &s->machines;
	v->height = r.rows;
	v->place.top = (size_t)scroll_to(v->place.top, v->place.row, rows(s, m), r.rows);
	if (!v->count)
		draw_nothing(s, m, c, r);
	for (int line = 0; line < r.rows && v->place.top + (size_t)line < v->count; line++) {
		size_t i = v->place.top + (size_t)line;
		struct rect at = { r.row + line, r.column, 1, r.columns };
		draw_row(s, m, c, at, &v->rows[i]);
		if (i == v->place.row && pane_marks(s, PANE_LINKS))
			canvas_select(c, at);
	}
}

static void title(const struct screen *s, const struct model *m, struct text *t)
{
	(void)s;
	text_printf(t, C_("title of a pane", "Machines  %u"), (unsigned)m->world->count);
}

static uint64_t selected(const struct screen *s, const struct model *m)
{
	(void)m;
	return s->machines.place.row;
}

static void select_row(struct screen *s, const struct model *m, uint64_t row)
{
	s->machines.place.row = (size_t)row;
	s->machines.chosen = s->machines.rows[row];
	if (s->machines.chosen.node != s->lab.node)
		screen_choose_node(s, m, s->machines.chosen.node);
}

static uint64_t row_at(const struct screen *s, int line)
{
	return s->machines.place.top + (size_t)line;
}

static int page(const struct screen *s)
{
	return s->machines.height;
}

const struct pane_ops pane_machines = {
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
