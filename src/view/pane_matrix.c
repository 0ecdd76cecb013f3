/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view: who is believed to be where: machines by addresses, and in each cell whom the machine's
 * cache has for the address. While a frame is chosen, it is of the moment when that had come.
 */
#include <config.h>

#include "pane_matrix.h"

#include <stdlib.h>

#include <arplab/i18n.h>
#include <arplab/utf8.h>

#include "causes.h"
#include "frame_rows.h"
#include "lab_text.h"
#include "matrix_form.h"

bool shows_matrix(const struct screen *s)
{
	return s->lab.matrix && shows_lab(s);
}

/* ---- rows and the chosen cell ---- */

static void put_belief(const struct model *m, uint32_t ip, const struct belief *b, struct text *t)
{
	text_char(t, ' ');
	text_ip(t, ip);
	if (b->kind == BELIEF_ITSELF)
		text_put(t, " itself");
	if (b->kind != BELIEF_ENTRY)
		return;
	if (b->has_mac) {
		text_put(t, " at ");
		text_owner(t, m, b->mac);
	}
	text_char(t, ' ');
	text_put(t, neigh_state_name(b->state));
}

static void put_row(const struct screen *s, const struct model *m, uint16_t node, struct text *t)
{
	const struct matrix *x = s->matrix.made;
	text_name(t, world_name(m->world, node), NODE_NAME_SIZE);
	for (size_t i = 0; i < x->count; i++)
		if (matrix_at(x, node, i)->kind != BELIEF_NONE)
			put_belief(m, x->ips[i], matrix_at(x, node, i), t);
}

static void row_text(const struct screen *s, const struct model *m, uint64_t row, struct text *t)
{
	put_row(s, m, s->matrix.nodes[row], t);
}

/* The cell is known to the rest of the screen as a row of the caches is. */
static void choose(struct screen *s)
{
	struct matrix_view *v = &s->matrix;
	const struct matrix *x = v->made;
	const struct belief *b;
	if (!v->count || !x->count)
		return;
	v->node = v->nodes[v->place.row];
	v->ip = x->ips[v->column];
	b = matrix_at(x, v->node, v->column);
	s->caches.chosen = (struct caches_row) { v->node, 0, b->ifindex, v->ip };
	s->cache.ifindex = b->ifindex;
	s->cache.ip = v->ip;
}

static void keep_selection(struct screen *s)
{
	struct matrix_view *v = &s->matrix;
	const struct matrix *x = v->made;
	for (size_t i = 0; i < v->count; i++)
		if (v->nodes[i] == v->node)
			v->place.row = i;
	for (size_t i = 0; i < x->count; i++)
		if (x->ips[i] == v->ip)
			v->column = i;
	if (v->place.row >= v->count)
		v->place.row = v->count ? v->count - 1 : 0;
	if (v->column >= x->count)
		v->column = x->count ? x->count - 1 : 0;
	choose(s);
}

/* Now, unless a frame is chosen while they stand still. */
static uint64_t moment(const struct screen *s)
{
	return pane_marks(s, PANE_FRAMES) && !s->frames.follow ? s->frames.selected : MATRIX_NOW;
}

static void update(struct screen *s, const struct model *m)
{
	struct matrix_view *v = &s->matrix;
	/* The list goes on noticing whose MAC changed, and has its rows when it comes back. */
	pane_caches.update(s, m);
	if (!v->made)
		v->made = calloc(1, sizeof *v->made);
	if (!v->made)
		abort();
	v->position = moment(s);
	if (!matrix_make(v->made, m->world, s->past, v->position)) {
		v->position = MATRIX_NOW;
		matrix_make(v->made, m->world, s->past, MATRIX_NOW);
	}
	v->count = 0;
	for (uint16_t node = 1; node <= m->world->count; node++) {
		char line[ROW_TEXT_SIZE];
		struct text t = text_in(line, sizeof line);
		put_row(s, m, node, &t);
		if (row_passes(&s->filters[PANE_CACHE], &t))
			v->nodes[v->count++] = node;
	}
	keep_selection(s);
}

static struct rows rows(const struct screen *s, const struct model *m)
{
	(void)m;
	return (struct rows) { 0, s->matrix.count };
}

static uint64_t selected(const struct screen *s, const struct model *m)
{
	(void)m;
	return s->matrix.place.row;
}

static void select_row(struct screen *s, const struct model *m, uint64_t row)
{
	(void)m;
	s->matrix.place.row = (size_t)row;
	choose(s);
}

static void side(struct screen *s, const struct model *m, int step)
{
	struct matrix_view *v = &s->matrix;
	(void)m;
	if (step < 0 && v->column > 0)
		v->column--;
	else if (step > 0 && v->column + 1 < v->made->count)
		v->column++;
	choose(s);
}

/* ---- drawing ---- */

static void put_form_owner(struct canvas *c, int row, int column, const struct matrix_form *f,
	const struct model *m, const uint8_t mac[6])
{
	uint16_t owner = world_mac_owner(m->world, mac);
	if (!f->brief || !owner) {
		char bytes[4];
		struct text t = text_in(bytes, sizeof bytes);
		if (!f->brief) {
			put_owner(c, row, column, f->owner, ROLE_TEXT, m, 0, mac);
			return;
		}
		text_printf(&t, "%02x", mac[5]);
		canvas_put_cut(c, row, column, f->owner, ROLE_TEXT, text_end(&t));
		return;
	}
	int end = canvas_put(c, row, column, ROLE_TEXT, brief_name(m->world, owner).text);
	canvas_host(c, (struct rect) { row, column, 1, end - column },
		(uint8_t)((owner - 1u) % 7 + 1u));
}

static bool flip_is_fresh(const struct screen *s, const struct belief *b)
{
	return b->flipped && s->matrix.made->at_ns < b->flipped_ns + FLIP_SHOWN_NS;
}

static void draw_entry(struct screen *s, const struct model *m, struct canvas *c, int row,
	int column, const struct matrix_form *f, const struct belief *b)
{
	char letter[2] = { neigh_state_letter(b->state), '\0' };
	if (b->has_mac)
		put_form_owner(c, row, column, f, m, b->mac);
	else
		canvas_put(c, row, column, ROLE_DIM, "-");
	column += f->owner;
	if (flip_is_fresh(s, b)) {
		canvas_put(c, row, column, ROLE_WARN, "!");
		if (s->matrix.position == MATRIX_NOW &&
			b->flipped_ns + FLIP_SHOWN_NS < s->next_age_ns)
			s->next_age_ns = b->flipped_ns + FLIP_SHOWN_NS;
	}
	column++;
	canvas_put(c, row, column, neigh_role(b->state),
		f->state > 1 ? neigh_state_name(b->state) : letter);
	if (b->more)
		canvas_put(c, row, column + f->state, ROLE_DIM, "+");
}

static void draw_belief(struct screen *s, const struct model *m, struct canvas *c, int row,
	int column, const struct matrix_form *f, uint16_t node, size_t i)
{
	const struct belief *b = matrix_at(s->matrix.made, node, i);
	const struct effect *e = causes_effect(s, node, b->ifindex, s->matrix.made->ips[i]);
	switch (b->kind) {
	case BELIEF_NONE:
		canvas_put(c, row, column, ROLE_DIM, c->ascii ? "." : "·");
		break;
	case BELIEF_ITSELF:
		canvas_put_cut(c, row, column, f->owner + 1, ROLE_DIM,
			f->brief ? "=" : C_("has the address", "itself"));
		break;
	case BELIEF_ENTRY:
		draw_entry(s, m, c, row, column, f, b);
		break;
	case BELIEF_UNKNOWN:
		canvas_put(c, row, column, ROLE_DIM, "?");
		break;
	}
	/* What the chosen frame has changed. */
	if (e && b->kind == BELIEF_ENTRY)
		canvas_paint(
			c, (struct rect) { row, column + f->owner, 1, 1 + f->state }, ROLE_MATCH);
}

static void draw_head(const struct screen *s, const struct model *m, struct canvas *c,
	struct rect r, const struct matrix_form *f)
{
	const struct matrix *x = s->matrix.made;
	int column = r.column + f->name + f->brief;
	for (size_t i = s->matrix.left; i < x->count; i++, column += f->column) {
		char bytes[24];
		struct text t = text_in(bytes, sizeof bytes);
		matrix_address(&t, f, m, x->ips[i]);
		if (i >= s->matrix.left + f->fit)
			break;
		canvas_put(c, r.row, column, i < x->shared ? ROLE_STRONG : ROLE_TEXT, text_end(&t));
	}
}

static void draw_row(struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	const struct matrix_form *f, size_t row)
{
	struct matrix_view *v = &s->matrix;
	uint16_t node = v->nodes[row];
	int column = r.column + f->name;
	put_machine(c, r.row, r.column, f->name - 1, ROLE_STRONG, m, node);
	if (f->brief) {
		int end = canvas_put(c, r.row, column, ROLE_TEXT, brief_name(m->world, node).text);
		canvas_host(c, (struct rect) { r.row, column, 1, end - column },
			(uint8_t)((node - 1u) % 7 + 1u));
		column += f->brief;
	}
	for (size_t i = v->left; i < v->made->count && i < v->left + f->fit; i++) {
		draw_belief(s, m, c, r.row, column, f, node, i);
		if (row == v->place.row && i == v->column && pane_marks(s, PANE_CACHE))
			canvas_select(c, (struct rect) { r.row, column, 1, f->column - 1 });
		column += f->column;
	}
}

static void scroll_side(struct matrix_view *v, size_t fit)
{
	size_t most = v->made->count > fit ? v->made->count - fit : 0;
	if (v->column < v->left)
		v->left = v->column;
	if (v->column >= v->left + fit)
		v->left = v->column + 1 - fit;
	if (v->left > most)
		v->left = most;
	v->right = v->made->count - v->left > fit ? v->made->count - v->left - fit : 0;
}

static void draw(struct screen *s, const struct model *m, struct canvas *c, struct rect r)
{
	struct matrix_view *v = &s->matrix;
	struct matrix_form f = matrix_form(v->made, m, r.columns);
	v->height = r.rows - 1;
	v->first_column = f.name + f.brief;
	v->cell_columns = f.column;
	scroll_side(v, f.fit);
	if (!v->made->count || !v->count) {
		canvas_wrap(c, r, ROLE_DIM,
			!m->world->count               ? _("No machine, no cache.")
			: s->filters[PANE_CACHE].count ? _("Nothing passes the filter.")
						       : _("No cache has an entry yet."));
		return;
	}
	v->place.top = (size_t)scroll_to(v->place.top, v->place.row, rows(s, m), v->height);
	draw_head(s, m, c, r, &f);
	for (int line = 0; line < v->height && v->place.top + (size_t)line < v->count; line++)
		draw_row(s, m, c, (struct rect) { r.row + 1 + line, r.column, 1, r.columns }, &f,
			v->place.top + (size_t)line);
}

static void title(const struct screen *s, const struct model *m, struct text *t)
{
	const struct event *e = frames_shown(s, m, s->matrix.position);
	text_put(t, C_("title of a pane", "Who is where"));
	if (s->matrix.position == MATRIX_NOW || !e)
		return;
	char bytes[32];
	struct text at = text_in(bytes, sizeof bytes);
	text_since(&at, e->at_ns, frame_zero_ns(s, e), 6);
	/* TRANSLATORS: behind a title: what is shown is of that moment, in seconds */
	text_printf(t, _("  at %s"), text_end(&at));
}

static void foot(const struct screen *s, struct text *t)
{
	size_t more = s->matrix.right + s->matrix.left;
	if (s->matrix.made->cut)
		text_printf(t, _(" more than %d addresses "), MATRIX_IPS);
	else if (more)
		text_printf(t, ngettext(" %zu more address ", " %zu more addresses ", more), more);
}

/* ---- clicks ---- */

static uint64_t row_at(const struct screen *s, int line)
{
	return line < 1 ? UINT64_MAX : s->matrix.place.top + (size_t)line - 1;
}

static void click_column(struct screen *s, const struct model *m, int column)
{
	struct matrix_view *v = &s->matrix;
	(void)m;
	if (column < v->first_column || !v->cell_columns)
		return;
	size_t i = v->left + (size_t)((column - v->first_column) / v->cell_columns);
	if (i < v->made->count)
		v->column = i;
	choose(s);
}

static int page(const struct screen *s)
{
	return s->matrix.height;
}

const struct pane_ops pane_matrix = {
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
	.foot = foot,
};

/* ---- a cell without an entry ---- */

int detail_belief(const struct screen *s, const struct model *m, struct canvas *c, struct rect r)
{
	const struct matrix_view *v = &s->matrix;
	struct lines l = { c, r, 0 };
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	if (!v->made || !v->count || !v->made->count || v->node > v->made->nodes)
		return 0;
	const char *name = world_name(m->world, v->node);
	bool itself = matrix_at(v->made, v->node, v->column)->kind == BELIEF_ITSELF;
	/* TRANSLATORS: a machine's name, an address */
	text_printf(&t,
		itself ? _("%s has %s itself, so it asks nobody for it.")
		       : _("%s has no entry for %s: before it sends anything there, it asks."),
		name_word(name).text, ip_word(v->ip).text);
	detail_wrapped(&l, ROLE_TEXT, text_end(&t));
	return l.row;
}
