/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: where the panes stand at a size. */
#include <config.h>

#include <arplab/screen.h>

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
