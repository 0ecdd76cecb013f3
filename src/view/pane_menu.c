/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: the lessons to choose from: how long they are, how far the learner is. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include <arplab/i18n.h>

#include "lab_text.h"
#include "prose.h"

#define ABOUT_ROWS 4 /* For the chosen lesson's summary, and a blank line before it. */
#define WIDTH_MOST 96

static const struct menu_row *chosen(const struct screen *s)
{
	size_t row = s->lab.menu_place.row;
	return row < s->lab.menu_count ? &s->lab.menu[row] : NULL;
}

static const char *progress_mark(const struct menu_row *l, bool ascii)
{
	if (l->steps && l->steps_done >= l->steps)
		return ascii ? "*" : "●";
	if (l->steps_done)
		return ascii ? "+" : "◐";
	return ascii ? "." : "○";
}

static enum role progress_role(const struct menu_row *l)
{
	return l->steps && l->steps_done >= l->steps ? ROLE_GOOD
	       : l->steps_done                       ? ROLE_WARN
						     : ROLE_DIM;
}

static void draw_lesson(const struct screen *s, struct canvas *c, struct rect r, size_t i)
{
	const struct menu_row *l = &s->lab.menu[i];
	char bytes[64];
	int right = r.column + r.columns - (r.columns >= 50 ? 16 : 7);
	canvas_put(c, r.row, r.column, progress_role(l), progress_mark(l, c->ascii));
	struct text t = text_in(bytes, sizeof bytes);
	unsigned number = lesson_number(l->id);
	if (number && l->ticket)
		text_printf(&t, number < 10 ? " T%u" : "T%u", number);
	else if (number)
		text_printf(&t, "%3u", number);
	canvas_put(c, r.row, r.column + 2, ROLE_DIM, text_end(&t));
	char title[ROW_TEXT_SIZE];
	t = text_in(title, sizeof title);
	text_unmarked(&t, l->title);
	canvas_put_cut(c, r.row, r.column + 6, right - r.column - 7, ROLE_TEXT, text_end(&t));
	t = text_in(bytes, sizeof bytes);
	if (l->minutes)
		text_printf(&t, _("%3u min"), l->minutes);
	canvas_put(c, r.row, right, ROLE_DIM, text_end(&t));
	if (l->fast_track && r.columns >= 50)
		canvas_put(c, r.row, right + 9, ROLE_STRONG, C_("lesson", "fast"));
	if (i == s->lab.menu_place.row)
		canvas_select(c, r);
}

/* What the chosen lesson is about, and what was done of it. */
static void draw_about(const struct screen *s, struct canvas *c, struct rect r)
{
	const struct menu_row *l = chosen(s);
	struct lines lines = { c, r, 0 };
	char line[ROW_TEXT_SIZE];
	if (!l)
		return;
	if (l->summary && *l->summary)
		prose_led(&lines, ROLE_TEXT, "", ROLE_TEXT, l->summary);
	struct text t = text_in(line, sizeof line);
	text_printf(&t,
		l->shown && l->fast_track
			? _("%zu of %zu steps done, some of them shown; on the fast track.")
		: l->shown      ? _("%zu of %zu steps done, some of them shown.")
		: l->fast_track ? _("%zu of %zu steps done; on the fast track.")
				: _("%zu of %zu steps done."),
		l->steps_done, l->steps);
	detail_wrapped(&lines, ROLE_DIM, text_end(&t));
}

static struct rect inside(const struct screen *s)
{
	struct rect r = s->layout.panes[PANE_LESSON];
	return (struct rect) { r.row + 1, r.column + 1, r.rows - 2, r.columns - 2 };
}

/* Rows of the list; what is about the chosen one follows it. */
static int list_height(const struct screen *s, struct rect inside)
{
	int height = inside.rows - ABOUT_ROWS > 2 ? inside.rows - ABOUT_ROWS : inside.rows;
	return s->lab.menu_count < (size_t)height ? (int)s->lab.menu_count : height;
}

static struct rows rows(const struct screen *s, const struct model *m)
{
	(void)m;
	return (struct rows) { 0, s->lab.menu_count };
}

static void draw(struct screen *s, const struct model *m, struct canvas *c, struct rect r)
{
	struct place *place = &s->lab.menu_place;
	int height = list_height(s, r);
	if (r.columns > WIDTH_MOST)
		r.columns = WIDTH_MOST;
	if (!s->lab.menu_count)
		canvas_wrap(c, r, ROLE_DIM, _("There is no lesson."));
	if (place->row >= s->lab.menu_count)
		place->row = s->lab.menu_count ? s->lab.menu_count - 1 : 0;
	place->top = (size_t)scroll_to(place->top, place->row, rows(s, m), height);
	for (int line = 0; line < height && place->top + (size_t)line < s->lab.menu_count; line++)
		draw_lesson(s, c, (struct rect) { r.row + line, r.column, 1, r.columns },
			place->top + (size_t)line);
	if (height < r.rows)
		draw_about(s, c,
			(struct rect) { r.row + height + 1, r.column, ABOUT_ROWS - 1, r.columns });
}

/* A list that goes on is not to be taken for the whole. */
static void foot(const struct screen *s, struct text *t)
{
	size_t top = s->lab.menu_place.top;
	size_t end = top + (size_t)list_height(s, inside(s));
	bool above = top > 0, below = end < s->lab.menu_count;
	if (above || below)
		text_put(t, above && below ? _(" more above and below ")
			    : above        ? _(" more above ")
					   : _(" more below "));
}

static void title(const struct screen *s, const struct model *m, struct text *t)
{
	(void)m;
	size_t tickets = 0;
	for (size_t i = 0; i < s->lab.menu_count; i++)
		tickets += s->lab.menu[i].ticket;
	text_printf(t, C_("title of a pane", "Lessons  %zu"), s->lab.menu_count - tickets);
	if (tickets)
		text_printf(t, C_("title of a pane", "   Tickets  %zu"), tickets);
}

static uint64_t selected(const struct screen *s, const struct model *m)
{
	(void)m;
	return s->lab.menu_place.row;
}

static void select_row(struct screen *s, const struct model *m, uint64_t row)
{
	(void)m;
	s->lab.menu_place.row = (size_t)row;
}

static void row_text(const struct screen *s, const struct model *m, uint64_t row, struct text *t)
{
	const struct menu_row *l = &s->lab.menu[row];
	(void)m;
	text_u64(t, lesson_number(l->id));
	text_char(t, ' ');
	text_put(t, l->id);
	text_char(t, ' ');
	text_unmarked(t, l->title);
	text_char(t, ' ');
	text_unmarked(t, l->summary ? l->summary : "");
	if (l->fast_track)
		text_printf(t, " fast %s", C_("lesson", "fast"));
}

static uint64_t row_at(const struct screen *s, int line)
{
	if (line >= list_height(s, inside(s)))
		return UINT64_MAX;
	return s->lab.menu_place.top + (size_t)line;
}

static int page(const struct screen *s)
{
	return list_height(s, inside(s));
}

const struct pane_ops pane_menu = {
	.draw = draw,
	.title = title,
	.rows = rows,
	.selected = selected,
	.select = select_row,
	.row_text = row_text,
	.row_at = row_at,
	.page = page,
	.foot = foot,
};
