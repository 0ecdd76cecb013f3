/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: the step of a lesson, scrolled so that what is new can be read from its beginning. */
#include <config.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "lab_text.h"
#include "lesson_text.h"
#include "prose.h"

#include <arplab/i18n.h>

#define WIDTH_MOST 96 /* Longer lines are hard to read. */

/* ---- where the text stands ---- */

static int margin(const struct screen *s)
{
	return s->lab.present ? 3 : 1;
}

static struct rect column_of_text(const struct screen *s, struct rect r)
{
	r.column += margin(s);
	r.columns -= 2 * margin(s);
	if (r.columns > WIDTH_MOST)
		r.columns = WIDTH_MOST;
	return r;
}

static int height_of(const struct screen *s)
{
	int rows = s->layout.panes[PANE_LESSON].rows - 2;
	return rows > 0 ? rows : 0;
}

static size_t last_top(const struct screen *s)
{
	size_t height = (size_t)height_of(s);
	return s->lab.lesson_rows > height ? s->lab.lesson_rows - height : 0;
}

/* Another step, or a new piece of this one: the eyes go there. */
static void note_news(struct lab_view *lab)
{
	const struct play *p = lab->play;
	uint64_t pieces = lesson_pieces(p);
	if (lab->seen_lesson != p->lesson || lab->seen_step != p->step) {
		lab->seen_lesson = p->lesson;
		lab->seen_step = p->step;
		lab->lesson_seen = 0;
		lab->lesson_fresh = 0;
		lab->lesson_top = 0;
		lab->choice = 0;
	}
	uint64_t news = pieces & ~lab->lesson_seen;
	/* A lab is built, and broken, in a blink: what comes with it belongs to the beginning. */
	lab->lesson_seen = p->phase == PLAY_BUILDING || play_hides(p) ? 0 : pieces;
	if (!news)
		return;
	lab->choice = 0; /* A question that is new has not been answered by anybody. */
	lab->lesson_follow = true;
	lab->lesson_line = SIZE_MAX;
	lab->lesson_fresh = news;
}

void screen_follow_lesson(struct screen *s)
{
	s->lab.lesson_follow = true;
	s->lab.lesson_fresh = 0;
}

/* All that is new is shown, or its beginning where it is too long. */
static void place(struct screen *s, int fresh_row)
{
	struct lab_view *lab = &s->lab;
	size_t most = last_top(s);
	if (lab->lesson_follow)
		lab->lesson_top = most < (size_t)fresh_row ? most : (size_t)fresh_row;
	if (lab->lesson_top > most)
		lab->lesson_top = most;
}

static void draw(struct screen *s, const struct model *m, struct canvas *c, struct rect r)
{
	struct lab_view *lab = &s->lab;
	struct rect at = column_of_text(s, r);
	int fresh_row = 0;
	if (!played_step(s))
		return;
	note_news(lab);
	/* Measured where nothing can be seen, then drawn from the right line on. */
	struct rect clip = canvas_clip(c, (struct rect) { 0, 0, 0, 0 });
	lab->lesson_rows = (size_t)lesson_text(s, m, c, at, lab->lesson_fresh, &fresh_row);
	canvas_clip(c, clip);
	place(s, fresh_row);
	at.row -= (int)lab->lesson_top;
	lesson_text(s, m, c, at, lab->lesson_fresh, &fresh_row);
	if (lab->lesson_line >= lab->lesson_top && lab->lesson_line < lab->lesson_rows)
		canvas_paint(c,
			(struct rect) { at.row + (int)lab->lesson_line, at.column, 1, at.columns },
			ROLE_MATCH);
}

static void title(const struct screen *s, const struct model *m, struct text *t)
{
	const struct step *step = played_step(s);
	(void)m;
	if (!step) {
		text_put(t, C_("title of a pane", "Lesson"));
		return;
	}
	text_unmarked(t, step->title);
}

static void foot(const struct screen *s, struct text *t)
{
	bool above = s->lab.lesson_top > 0, below = s->lab.lesson_top < last_top(s);
	if (above || below)
		text_put(t, above && below ? _(" more above and below ")
			    : above        ? _(" more above ")
					   : _(" more below "));
}

/* ---- its rows are lines of text ---- */

static struct rows rows(const struct screen *s, const struct model *m)
{
	(void)m;
	return (struct rows) { 0, s->lab.lesson_rows };
}

static uint64_t selected(const struct screen *s, const struct model *m)
{
	(void)m;
	return s->lab.lesson_line < s->lab.lesson_rows ? s->lab.lesson_line : s->lab.lesson_top;
}

/* What a search has found is shown, and stays marked until something new is told. */
static void select_row(struct screen *s, const struct model *m, uint64_t row)
{
	struct rows all = rows(s, m);
	s->lab.lesson_follow = false;
	s->lab.lesson_line = (size_t)row;
	s->lab.lesson_top = (size_t)scroll_to(s->lab.lesson_top, row, all, height_of(s));
}

/* The line is drawn by itself, and read back. */
static void row_text(const struct screen *s, const struct model *m, uint64_t row, struct text *t)
{
	struct rect r = column_of_text(s, s->layout.panes[PANE_LESSON]);
	struct canvas c;
	char bytes[ROW_TEXT_SIZE];
	int fresh;
	canvas_init(&c, 1, r.columns > 2 ? r.columns - 2 : 1, false);
	struct rect line = { -(int)row, 0, 1, c.columns };
	lesson_text(s, m, &c, line, 0, &fresh);
	canvas_text(&c, bytes, sizeof bytes);
	bytes[sizeof bytes - 1] = '\0';
	text_put(t, bytes);
	canvas_done(&c);
}

static bool predicts(const struct screen *s)
{
	const struct step *step = played_step(s);
	return step && s->lab.play->phase == PLAY_PREDICT && s->lab.play->item < step->item_count;
}

static void scroll(struct screen *s, long step)
{
	struct lab_view *lab = &s->lab;
	size_t most = last_top(s), back = lab->lesson_top, on = most > back ? most - back : 0;
	lab->lesson_follow = false;
	lab->lesson_line = SIZE_MAX;
	if (step < 0)
		lab->lesson_top -= step == LONG_MIN || (size_t)-step > back ? back : (size_t)-step;
	else
		lab->lesson_top += (size_t)step > on ? on : (size_t)step;
}

/*
 * One line up or down scrolls to the question first, then chooses among the predictions: nobody
 * chooses what is not in sight.
 */
static void move(struct screen *s, const struct model *m, long step)
{
	struct lab_view *lab = &s->lab;
	bool at_end = lab->lesson_top >= last_top(s);
	(void)m;
	if (predicts(s) && at_end && step == 1) {
		size_t count = played_step(s)->items[lab->play->item].choice_count;
		lab->choice += lab->choice < count;
	} else if (predicts(s) && at_end && step == -1 && lab->choice > 1) {
		lab->choice--;
	} else {
		scroll(s, step);
	}
}

size_t screen_choice_at(const struct screen *s, const struct model *m, int row, int column)
{
	struct rect pane = s->layout.panes[PANE_LESSON];
	struct rect inside = { pane.row + 1, pane.column + 1, pane.rows - 2, pane.columns - 2 };
	struct canvas c;
	if (s->dialog.open || !predicts(s) || row < inside.row || row >= inside.row + inside.rows)
		return 0;
	struct rect r = column_of_text(s, inside);
	r.row -= (int)s->lab.lesson_top;
	canvas_init(&c, 1, 1, false);
	size_t choice = lesson_choice_at(s, m, &c, r, row, column);
	canvas_done(&c);
	return choice;
}

static int page(const struct screen *s)
{
	return height_of(s);
}

const struct pane_ops pane_lesson = {
	.draw = draw,
	.title = title,
	.rows = rows,
	.selected = selected,
	.select = select_row,
	.row_text = row_text,
	.page = page,
	.foot = foot,
	.move = move,
};
