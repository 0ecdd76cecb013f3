/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view: the frames as a ladder of arrows between machines, in the place of all live panes. It has
 * the rows, the selection and the filter of the frame pane; only the drawing is its own.
 */
#include <config.h>

#include "pane_arrows.h"

#include <stdlib.h>

#include "causes.h"
#include "frame_rows.h"

#include <arplab/i18n.h>

#define AROUND 1024  /* Rows on both sides of the chosen one that decide who has a column. */
#define HEAD_ROWS 10 /* From here on the addresses have a row, too. */

/* ---- columns ---- */

static void choose_parties(struct screen *s, const struct model *m)
{
	struct rows all = frame_rows(s, m);
	struct census c = { 0 };
	uint64_t here = all.begin < all.end ? frame_row_selected(s, m) : all.begin;
	uint64_t begin = here - all.begin > AROUND ? here - AROUND : all.begin;
	uint64_t end = all.end - here > AROUND ? here + AROUND : all.end;
	for (uint64_t row = begin; row < end; row++) {
		const struct event *e = frames_shown(s, m, frames_position(s, row));
		if (e)
			census_take(&c, m, e);
	}
	parties_choose(&s->frames.ladder.parties, &c, m,
		arrows_most(s->layout.panes[PANE_FRAMES].columns - 2));
	census_done(&c);
}

static void update(struct screen *s, const struct model *m)
{
	frame_rows_update(s, m);
	choose_parties(s, m);
}

/* ---- rows ---- */

/* One frame with what stands under it. */
struct framed {
	uint64_t row, position;
	const struct event *e; /* NULL: still to be fetched. */
	struct arrow_note notes[ARROW_NOTES];
	size_t note_count;
	int lines; /* 0: not read yet. */
};

/* Rows that were read for this drawing: a row's place is its number modulo the height. */
struct reading {
	const struct screen *s;
	const struct model *m;
	const struct arrows_grid *g;
	bool ascii;
	struct framed *list;
	size_t size;
};

static const struct framed *framed_at(struct reading *r, uint64_t row)
{
	struct framed *one = &r->list[row % r->size];
	if (one->lines && one->row == row)
		return one;
	one->row = row;
	one->position = frames_position(r->s, row);
	one->e = frames_shown(r->s, r->m, one->position);
	one->note_count =
		one->e ? arrow_notes(r->s, r->m, one->position, one->e, r->ascii, one->notes) : 0;
	one->lines = 1 + arrow_notes_rows(r->g, one->notes, one->note_count);
	return one;
}

/* Move the first row as little as needed so that the chosen one is seen with all its lines. */
static uint64_t scroll(struct reading *r, struct rows all, int height)
{
	uint64_t here = frame_row_selected(r->s, r->m);
	uint64_t top = scroll_to(r->s->frames.top, here, all, height);
	int lines = 0;
	for (uint64_t row = here + 1; row-- > top;) {
		lines += framed_at(r, row)->lines;
		if (lines > height)
			return row < here ? row + 1 : here;
	}
	return top;
}

static void draw_framed(const struct screen *s, const struct model *m, struct canvas *c,
	const struct arrows_grid *g, int row, const struct framed *one)
{
	const struct parties *p = &s->frames.ladder.parties;
	struct arrow a;
	char time[32];
	struct text t = text_in(time, sizeof time);
	if (!one->e) {
		canvas_put(c, row, g->r.column, ROLE_DIM, _("reading"));
		return;
	}
	arrow_read(p, m, one->e, g->wide, &a);
	if (g->time)
		text_since(&t, one->e->at_ns, frame_zero_ns(s, one->e),
			g->time >= ARROWS_TIME ? 6 : 3);
	arrow_draw(c, g, row, p, &a, text_end(&t));
	arrow_notes_draw(c, g, row + 1, p, one->notes, one->note_count);
}

/* An entry's cause, and the chosen frame. */
static void mark_framed(const struct screen *s, struct canvas *c, struct rect at,
	const struct framed *one, bool chosen)
{
	struct rect first = { at.row, at.column, 1, at.columns };
	if (causes_is_cause(s, one->position))
		canvas_paint(c, first, ROLE_MATCH);
	if (chosen && pane_marks(s, PANE_FRAMES))
		canvas_select(c, at);
}

static void draw_all(struct screen *s, struct reading *read, struct canvas *c, struct rect r)
{
	struct frame_view *v = &s->frames;
	struct rows all = frame_rows(s, read->m);
	uint64_t here = frame_row_selected(s, read->m), row;
	int line = 0;
	v->top = scroll(read, all, r.rows);
	for (row = v->top; line < r.rows && row < all.end; row++) {
		const struct framed *one = framed_at(read, row);
		struct rect at = { r.row + line, r.column, one->lines, r.columns };
		draw_framed(s, read->m, c, read->g, at.row, one);
		mark_framed(s, c, at, one, row == here);
		for (int i = 0; i < one->lines && line + i < FRAME_LINES; i++)
			v->line_rows[line + i] = (uint8_t)(row - v->top);
		line += one->lines;
	}
	for (; line < r.rows && line < FRAME_LINES; line++)
		v->line_rows[line] = (uint8_t)(row - v->top);
}

/* What does not fit in is cut. */
static void draw_body(struct screen *s, const struct model *m, struct canvas *c,
	const struct arrows_grid *g, struct rect r)
{
	struct rect clip = canvas_clip(c, r);
	struct reading read = { s, m, g, c->ascii, NULL, (size_t)r.rows };
	read.list = calloc(read.size, sizeof *read.list);
	if (!read.list)
		abort();
	draw_all(s, &read, c, r);
	free(read.list);
	canvas_clip(c, clip);
}

static void draw(struct screen *s, const struct model *m, struct canvas *c, struct rect r)
{
	const struct parties *p = &s->frames.ladder.parties;
	struct rows all = frame_rows(s, m);
	struct arrows_grid g;
	int head = r.rows >= HEAD_ROWS ? 2 : 1;
	s->frames.ladder.head = head;
	s->frames.height = r.rows > head ? r.rows - head : 1;
	arrows_place(p, r, &g);
	arrows_draw_head(c, &g, p, m, head);
	struct rect body = { r.row + head, r.column, r.rows - head, r.columns };
	arrows_draw_lines(c, &g, p, body.row, body.rows);
	if (all.begin == all.end)
		frame_rows_nothing(s, m, c, body);
	else if (body.rows > 0)
		draw_body(s, m, c, &g, body);
}

static void title(const struct screen *s, const struct model *m, struct text *t)
{
	text_put(t, C_("title of a pane", "Ladder  "));
	frame_rows_title(s, m, t);
}

/* A click above the arrows is on none. */
static uint64_t row_at(const struct screen *s, int line)
{
	int head = s->frames.ladder.head;
	return line < head ? UINT64_MAX : frame_row_at(s, line - head);
}

const struct pane_ops pane_arrows = {
	.update = update,
	.draw = draw,
	.title = title,
	.rows = frame_rows,
	.selected = frame_row_selected,
	.select = frame_row_select,
	.row_text = frame_row_text,
	.row_at = row_at,
	.page = frame_rows_page,
};
