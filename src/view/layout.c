/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: where the panes stand at a size. */
#include <config.h>

#include <arplab/screen.h>

#include <string.h>

static int between(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

/*
 * Three live panes above, the grid and the detail below. At 80x24 every pane is just usable; what
 * a wider screen adds goes to the frames first, since they are the longest.
 */
static void place_panes(struct layout *l, int rows, int columns)
{
	int body = rows - 2;
	int upper = between(body * 55 / 100, 8, body - 8);
	int links = between(columns * 27 / 100, 22, 48);
	int cache = between(columns * (columns >= 110 ? 36 : 33) / 100, 26, 72);
	/* The least that a row of each of them needs, so that frames can be read at 60 columns. */
	if (columns < 76) {
		links = 18;
		cache = 19;
	}
	int grid = between(columns * 52 / 100, 42, 130);
	int lower = 1 + upper;
	l->panes[PANE_LINKS] = (struct rect) { 1, 0, upper, links };
	l->panes[PANE_CACHE] = (struct rect) { 1, links, upper, cache };
	l->panes[PANE_FRAMES] = (struct rect) { 1, links + cache, upper, columns - links - cache };
	l->panes[PANE_SYSCTLS] = (struct rect) { lower, 0, body - upper, grid };
	l->panes[PANE_DETAIL] = (struct rect) { lower, grid, body - upper, columns - grid };
}

static void place_file(struct layout *l, int rows, int columns)
{
	int body = rows - 2;
	int upper = between(body * 55 / 100, 8, body - 8);
	l->panes[PANE_FRAMES] = (struct rect) { 1, 0, upper, columns };
	l->panes[PANE_DETAIL] = (struct rect) { 1 + upper, 0, body - upper, columns };
}

struct layout layout_make(int rows, int columns, enum pane focus, bool zoomed, bool file)
{
	struct layout l = { 0 };
	if (rows < SCREEN_ROWS_MIN || columns < SCREEN_COLUMNS_MIN) {
		l.too_small = true;
		return l;
	}
	l.status = (struct rect) { 0, 0, 1, columns };
	l.bar = (struct rect) { rows - 1, 0, 1, columns };
	if (zoomed)
		l.panes[focus] = (struct rect) { 1, 0, rows - 2, columns };
	else if (file)
		place_file(&l, rows, columns);
	else
		place_panes(&l, rows, columns);
	return l;
}

#define MATRIX_BESIDE 110 /* Columns in which a ladder and a matrix can stand side by side. */

/* What stands below gives way up to half the screen. */
void layout_ladder(struct layout *l, bool matrix)
{
	struct rect *frames = &l->panes[PANE_FRAMES];
	if (!l->panes[PANE_LINKS].rows)
		return;
	int below = frames->row + frames->rows, more = (l->bar.row - 1) / 2 - frames->rows;
	for (enum pane p = 0; p < PANES && more > 0; p++)
		if (l->panes[p].row == below && l->panes[p].rows - more < 8)
			more = l->panes[p].rows - 8;
	for (enum pane p = 0; p < PANES && more > 0; p++)
		if (l->panes[p].row == below) {
			l->panes[p].row += more;
			l->panes[p].rows -= more;
		}
	frames->rows += more > 0 ? more : 0;
	struct rect *caches = &l->panes[PANE_CACHE];
	frames->columns += frames->column;
	frames->column = 0;
	l->panes[PANE_LINKS] = (struct rect) { 0 };
	if (!matrix || l->bar.columns < MATRIX_BESIDE) {
		*caches = (struct rect) { 0 };
		return;
	}
	frames->columns -= caches->columns;
	caches->column = frames->columns;
	caches->rows = frames->rows;
}

/* ---- a lab ---- */

#define BOTH_COLUMNS 96

/* The lesson and what stands beside or below it: sysctls, or the detail in their place. */
static void place_lesson(
	struct layout *l, struct rect r, enum pane focus, const struct lab_view *lab)
{
	enum pane other = lab->detail ? PANE_DETAIL : PANE_SYSCTLS;
	/*
	 * Where two would be too narrow to read, one is shown: the lesson, unless the other has the
	 * keys. What a change of a sysctl does is seen above in either case.
	 */
	if (r.columns < BOTH_COLUMNS) {
		l->panes[focus == other ? other : PANE_LESSON] = r;
		return;
	}
	if (lab->present) {
		int below = lab->detail || r.rows >= 26 ? between(r.rows / 3, 8, 14) : 0;
		if (r.rows - below < 8)
			below = 0;
		l->panes[below || focus != other ? PANE_LESSON : other] =
			(struct rect) { r.row, r.column, r.rows - below, r.columns };
		if (below)
			l->panes[other] = (struct rect) { r.row + r.rows - below, r.column, below,
				r.columns };
		return;
	}
	int grid = between(r.columns * (lab->detail ? 44 : 40) / 100, 35, 80);
	l->panes[PANE_LESSON] = (struct rect) { r.row, r.column, r.rows, r.columns - grid };
	l->panes[other] = (struct rect) { r.row, r.columns - grid, r.rows, grid };
}

/* Machines, caches and the LAN above; what is learnt from them below, with most of the rows. */
static void place_lab(
	struct layout *l, int rows, int columns, enum pane focus, const struct lab_view *lab)
{
	int body = rows - 2;
	int upper = between(body * 42 / 100, 7, 24);
	int machines, caches;
	if (columns >= 120) {
		machines = between(29 + (columns - 120) * 20 / 100, 29, 44);
		caches = between(42 + (columns - 120) * 25 / 100, 42, 62);
	} else if (columns >= 80) {
		machines = 20 + (columns - 80) * 9 / 40;
		caches = 26 + (columns - 80) * 16 / 40;
	} else {
		machines = 14 + (columns - 60) * 6 / 20;
		caches = 22 + (columns - 60) * 4 / 20;
	}
	/* A matrix has more columns than a list. */
	if (lab->matrix)
		caches += columns >= 120 ? 8 : columns >= 76 ? 8 : 4;
	l->panes[PANE_LINKS] = (struct rect) { 1, 0, upper, machines };
	l->panes[PANE_CACHE] = (struct rect) { 1, machines, upper, caches };
	l->panes[PANE_FRAMES] =
		(struct rect) { 1, machines + caches, upper, columns - machines - caches };
	place_lesson(l, (struct rect) { 1 + upper, 0, body - upper, columns }, focus, lab);
}

struct layout layout_make_lab(
	int rows, int columns, enum pane focus, bool zoomed, const struct lab_view *lab)
{
	struct layout l = layout_make(rows, columns, focus, true, false);
	if (l.too_small || zoomed)
		return l;
	struct rect body = l.panes[focus];
	memset(l.panes, 0, sizeof l.panes);
	if (lab->bare)
		l.panes[PANE_LESSON] = body;
	else
		place_lab(&l, rows, columns, focus, lab);
	return l;
}
