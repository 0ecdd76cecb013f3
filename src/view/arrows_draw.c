/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: a ladder of frames in cells: columns, arrows with what they say, notes under them. */
#include <config.h>

#include <arplab/arrows.h>

#include <string.h>

#include <arplab/utf8.h>

#define APART_MIN 11  /* "192.168.2.1" above a column, ".2.200?" between two. */
#define APART_GOOD 16 /* "└ .222 → client" under one, ".200 is-at rs1" between two. */
#define APART_WIDE 44 /* "who-has 192.168.2.200 tell 192.168.2.222" */
#define LEFT 6        /* Half a name stands left of the first column, */
#define RIGHT 6       /* and right of the last one; */
#define RIGHT_GOOD 15 /* better a note. */

/* What lines are made of. */
struct pieces {
	const char *down, *across, *from, *right, *left, *turn, *turn_back;
};

static const struct pieces light = { "│", "─", "●", "▶", "◀", "└ ", " ┘" };
static const struct pieces plain = { "|", "-", "o", ">", "<", "` ", " '" };

static const struct pieces *pieces_of(const struct canvas *c)
{
	return c->ascii ? &plain : &light;
}

static void colour(struct canvas *c, int row, int column, int columns, uint8_t host)
{
	if (host)
		canvas_host(c, (struct rect) { row, column, 1, columns }, host);
}

/* ---- where the columns stand ---- */

static int time_cells(int cells)
{
	return cells >= 72 ? ARROWS_TIME : cells >= 50 ? 7 : 0;
}

size_t arrows_most(int cells)
{
	int room = cells - time_cells(cells) - LEFT - RIGHT;
	return room < 2 * APART_MIN ? 2 : (size_t)(room / APART_MIN) + 1;
}

void arrows_place(const struct parties *p, struct rect r, struct arrows_grid *ret)
{
	*ret = (struct arrows_grid) { .r = r, .time = time_cells(r.columns) };
	ret->columns = (int)parties_columns(p);
	int gaps = ret->columns > 1 ? ret->columns - 1 : 1;
	int room = r.columns - ret->time - LEFT;
	int right = (room - RIGHT_GOOD) / gaps >= APART_GOOD ? RIGHT_GOOD : RIGHT;
	ret->apart = room - right > gaps ? (room - right) / gaps : 1;
	ret->wide = ret->apart >= APART_WIDE;
	for (int i = 0; i < ret->columns; i++)
		ret->at[i] = r.column + ret->time + LEFT + i * ret->apart;
}

/* ---- columns ---- */

/* Around the column, but inside the rect. */
static void put_around(struct canvas *c, const struct arrows_grid *g, int row, int column,
	enum role role, uint8_t host, const char *s)
{
	int width = (int)utf8_width(s), most = g->apart - 1;
	int left = g->r.column + g->time, right = g->r.column + g->r.columns;
	if (width > most)
		width = most;
	int at = g->at[column] - width / 2;
	at = at + width > right ? right - width : at;
	at = at < left ? left : at;
	int end = canvas_put_cut(c, row, at, width, role, s);
	colour(c, row, at, end - at, host);
}

void arrows_draw_head(struct canvas *c, const struct arrows_grid *g, const struct parties *p,
	const struct model *m, int rows)
{
	for (int i = 0; i < g->columns; i++) {
		char bytes[64];
		struct text t = text_in(bytes, sizeof bytes);
		uint8_t host = party_colour(p, (size_t)i);
		party_name(&t, p, m, (size_t)i, (unsigned)(g->apart - 1));
		put_around(c, g, g->r.row, i, ROLE_STRONG, host, text_end(&t));
		if (rows < 2)
			continue;
		t = text_in(bytes, sizeof bytes);
		party_address(&t, p, m, (size_t)i, false);
		put_around(c, g, g->r.row + 1, i, ROLE_DIM, 0, text_end(&t));
	}
}

void arrows_draw_lines(
	struct canvas *c, const struct arrows_grid *g, const struct parties *p, int row, int rows)
{
	for (int k = row; k < row + rows; k++)
		for (int i = 0; i < g->columns; i++) {
			canvas_put(c, k, g->at[i], ROLE_DIM, pieces_of(c)->down);
			colour(c, k, g->at[i], 1, party_colour(p, (size_t)i));
		}
}

/* ---- arrows ---- */

/* The longest form that fits; the shortest one, to be cut, if none does. */
static const char *form_for(const struct arrow *a, int cells)
{
	const char *best = "";
	for (size_t i = 0; i < ARROW_FORMS && a->says[i][0]; i++) {
		best = a->says[i];
		if ((int)utf8_width(best) <= cells)
			break;
	}
	return best;
}

/* Words in the middle of the cells between two columns, with a bit of the line at both ends. */
static void put_words(struct canvas *c, int row, int left, int right, const struct arrow *a)
{
	int room = right - left - 3;
	const char *words = form_for(a, room);
	int width = (int)utf8_width(words);
	if (room <= 0)
		return;
	width = width > room ? room : width;
	canvas_put_cut(c, row, left + 1 + (room - width) / 2 + 1, width, a->role, words);
}

static void shaft(
	struct canvas *c, int row, int from, int to, uint8_t host, const struct pieces *pieces)
{
	int left = from < to ? from : to, right = from < to ? to : from;
	for (int i = left + 1; i < right; i++)
		canvas_put(c, row, i, ROLE_TEXT, pieces->across);
	colour(c, row, left + 1, right - left - 1, host);
}

static void head(struct canvas *c, int row, int from, int to, uint8_t host)
{
	canvas_put(c, row, to, ROLE_TEXT, to > from ? pieces_of(c)->right : pieces_of(c)->left);
	colour(c, row, to, 1, host);
}

/* Words that have no line to stand on: beside the column. */
static void put_beside(
	struct canvas *c, const struct arrows_grid *g, int row, int at, const struct arrow *a)
{
	int right = g->r.column + g->r.columns - at - 2, left = at - 1 - g->r.column - g->time;
	const char *words = form_for(a, right > left ? right : left);
	int width = (int)utf8_width(words);
	if (right >= width || right >= left)
		canvas_put_cut(c, row, at + 2, right, a->role, words);
	else
		canvas_put_cut(c, row, width < left ? at - 1 - width : at - 1 - left, left, a->role,
			words);
}

static void draw_to_all(
	struct canvas *c, const struct arrows_grid *g, int row, const struct arrow *a, uint8_t host)
{
	int at = g->at[a->from], first = a->from, last = a->from, before = -1, next = -1;
	for (int i = 0; i < g->columns; i++) {
		if (i == a->from || !(a->reach & UINT64_C(1) << i))
			continue;
		first = i < first ? i : first;
		last = i;
		before = i < a->from ? i : before;
		next = i > a->from && next < 0 ? i : next;
	}
	last = last < a->from ? a->from : last;
	shaft(c, row, at, g->at[first], host, pieces_of(c));
	shaft(c, row, at, g->at[last], host, pieces_of(c));
	for (int i = 0; i < g->columns; i++)
		if (i != a->from && a->reach & UINT64_C(1) << i)
			head(c, row, at, g->at[i], host);
	if (next >= 0)
		put_words(c, row, at, g->at[next], a);
	else if (before >= 0)
		put_words(c, row, g->at[before], at, a);
	else
		put_beside(c, g, row, at, a);
}

void arrow_draw(struct canvas *c, const struct arrows_grid *g, int row, const struct parties *p,
	const struct arrow *a, const char *time)
{
	/* Long ones go on towards the first column. */
	int room = g->time - 1, width = (int)utf8_width(time);
	if (room > 0)
		canvas_put_cut(c, row, g->r.column + (width < room ? room - width : 0),
			room + LEFT - 1, ROLE_DIM, time);
	arrows_draw_lines(c, g, p, row, 1);
	if (a->from < 0) {
		put_beside(c, g, row, g->r.column + g->time - 1, a);
		return;
	}
	uint8_t host = party_colour(p, (size_t)a->from);
	int from = g->at[a->from];
	if (a->to == ARROW_ALL) {
		draw_to_all(c, g, row, a, host);
	} else if (a->to == a->from || a->to == ARROW_NOBODY) {
		put_beside(c, g, row, from, a);
	} else {
		int to = g->at[a->to];
		shaft(c, row, from, to, host, pieces_of(c));
		head(c, row, from, to, host);
		put_words(c, row, from < to ? from : to, from < to ? to : from, a);
	}
	canvas_put(c, row, from, ROLE_STRONG, pieces_of(c)->from);
	colour(c, row, from, 1, host);
}

/* ---- notes ---- */

/* The cells that a note takes: to the right of its column, or to the left where that ends. */
struct span {
	int begin, end;
	bool back;
};

static struct span span_of(const struct arrows_grid *g, const struct arrow_note *n, int form)
{
	int at = g->at[n->column], width = (int)utf8_width(n->says[form]) + 2;
	int left = g->r.column + g->time, right = g->r.column + g->r.columns;
	bool back = at + width > right && at - left > right - at;
	if (back)
		return (struct span) { at + 1 - width < left ? left : at + 1 - width, at + 1,
			true };
	return (struct span) { at, at + width > right ? right : at + width, false };
}

/* How notes are laid out. */
struct note_plan {
	int form, rows;
	uint8_t row_of[ARROW_NOTES];
};

/* In a form: each in the first row that has room for it. Returns whether all are whole. */
static bool plan_form(const struct arrows_grid *g, const struct arrow_note *notes, size_t count,
	int form, struct note_plan *ret)
{
	int free[ARROW_NOTES] = { 0 };
	bool whole = true;
	*ret = (struct note_plan) { .form = form };
	for (size_t i = 0; i < count; i++) {
		struct span s = span_of(g, &notes[i], form);
		int row = 0;
		while (row < ret->rows && free[row] > s.begin)
			row++;
		whole &= s.end - s.begin >= (int)utf8_width(notes[i].says[form]) + 2;
		free[row] = s.end + 1;
		ret->row_of[i] = (uint8_t)row;
		ret->rows = row < ret->rows ? ret->rows : row + 1;
	}
	return whole;
}

/* As few rows as can be with whole notes, in as many words as that allows. */
static struct note_plan plan_notes(
	const struct arrows_grid *g, const struct arrow_note *notes, size_t count)
{
	struct note_plan best, p;
	bool whole = plan_form(g, notes, count, 0, &best);
	for (int form = 1; form < NOTE_FORMS; form++) {
		bool so = plan_form(g, notes, count, form, &p);
		if ((so && !whole) || (so == whole && p.rows < best.rows)) {
			best = p;
			whole = so;
		}
	}
	return best;
}

int arrow_notes_rows(const struct arrows_grid *g, const struct arrow_note *notes, size_t count)
{
	return plan_notes(g, notes, count < ARROW_NOTES ? count : ARROW_NOTES).rows;
}

static void draw_note(struct canvas *c, const struct arrows_grid *g, int row,
	const struct parties *p, const struct arrow_note *n, int form)
{
	const struct pieces *pieces = pieces_of(c);
	struct span s = span_of(g, n, form);
	int room = s.end - s.begin - 2;
	if (s.back) {
		canvas_put_cut(c, row, s.begin, room, n->role, n->says[form]);
		canvas_put(c, row, s.end - 2, ROLE_DIM, pieces->turn_back);
	} else {
		canvas_put(c, row, s.begin, ROLE_DIM, pieces->turn);
		canvas_put_cut(c, row, s.begin + 2, room, n->role, n->says[form]);
	}
	colour(c, row, g->at[n->column], 1, party_colour(p, (size_t)n->column));
}

void arrow_notes_draw(struct canvas *c, const struct arrows_grid *g, int row,
	const struct parties *p, const struct arrow_note *notes, size_t count)
{
	count = count < ARROW_NOTES ? count : ARROW_NOTES;
	struct note_plan plan = plan_notes(g, notes, count);
	arrows_draw_lines(c, g, p, row, plan.rows);
	for (size_t i = 0; i < count; i++)
		draw_note(c, g, row + plan.row_of[i], p, &notes[i], plan.form);
}
