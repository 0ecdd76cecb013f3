/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view: a screen as cells in memory.
 *
 * A wide character stands in two cells, the second of them empty (c = 0). Whoever overwrites one
 * half blanks the other, so that a canvas never holds half a character: a terminal shows two halves
 * wherever it likes, and everything to the right of them moves.
 */
#include <config.h>

#include <arplab/canvas.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/utf8.h>

#include "wrap.h"

static int max(int a, int b)
{
	return a > b ? a : b;
}

/* What two rects share. Far too large rects are fine: somebody may mean "all that there is". */
static struct rect shared(struct rect a, struct rect b)
{
	int row = max(a.row, b.row), column = max(a.column, b.column);
	int64_t end_row = (int64_t)a.row + a.rows, end_column = (int64_t)a.column + a.columns;
	if (end_row > (int64_t)b.row + b.rows)
		end_row = (int64_t)b.row + b.rows;
	if (end_column > (int64_t)b.column + b.columns)
		end_column = (int64_t)b.column + b.columns;
	return (struct rect) {
		.row = row,
		.column = column,
		.rows = end_row > row ? (int)(end_row - row) : 0,
		.columns = end_column > column ? (int)(end_column - column) : 0,
	};
}

static struct rect all(const struct canvas *c)
{
	return (struct rect) { 0, 0, c->rows, c->columns };
}

void canvas_init(struct canvas *c, int rows, int columns, bool ascii)
{
	*c = (struct canvas) { .ascii = ascii };
	canvas_resize(c, rows, columns);
}

void canvas_done(struct canvas *c)
{
	if (!c)
		return;
	free(c->cells);
	*c = (struct canvas) { 0 };
}

void canvas_clear(struct canvas *c)
{
	c->clip = all(c);
	canvas_fill(c, c->clip, ROLE_TEXT, ' ');
}

void canvas_resize(struct canvas *c, int rows, int columns)
{
	c->rows = max(rows, 0);
	c->columns = max(columns, 0);
	free(c->cells);
	c->cells = calloc((size_t)c->rows * (size_t)c->columns + 1, sizeof *c->cells);
	if (!c->cells)
		abort();
	canvas_clear(c);
}

struct rect canvas_clip(struct canvas *c, struct rect clip)
{
	struct rect before = c->clip;
	c->clip = shared(clip, all(c));
	return before;
}

static struct cell *cell_at(const struct canvas *c, int row, int column)
{
	return &c->cells[(size_t)row * (size_t)c->columns + (size_t)column];
}

static bool row_is_clipped(const struct canvas *c, int row)
{
	return row < c->clip.row || row >= c->clip.row + c->clip.rows;
}

static bool column_is_clipped(const struct canvas *c, int column)
{
	return column < c->clip.column || column >= c->clip.column + c->clip.columns;
}

/* The cells from `begin` to before `end` will be overwritten: blank the other halves. */
static void part(struct canvas *c, int row, int begin, int end)
{
	if (begin > 0 && begin < c->columns && cell_at(c, row, begin)->c == 0)
		cell_at(c, row, begin - 1)->c = ' ';
	if (end > 0 && end < c->columns && cell_at(c, row, end)->c == 0)
		cell_at(c, row, end)->c = ' ';
}

/* Draw a character of one or two cells in a row that is not clipped. */
static void put_char(struct canvas *c, int row, int column, enum role role, uint32_t ch, int cells)
{
	bool whole = true;
	for (int i = 0; i < cells; i++)
		whole = whole && !column_is_clipped(c, column + i);
	for (int i = 0; i < cells; i++) {
		if (column_is_clipped(c, column + i))
			continue;
		part(c, row, column + i, column + i + 1);
		*cell_at(c, row, column + i) =
			(struct cell) { .c = whole ? ch : ' ', .role = (uint8_t)role };
		ch = 0;
	}
}

/* Draw what stands before `end`. A combining character has no cell and is left out. */
static int put_until(
	struct canvas *c, int row, int column, enum role role, const char *s, const char *end)
{
	bool clipped = row_is_clipped(c, row);
	while (s < end) {
		uint32_t ch = utf8_next(&s);
		int cells = (int)utf8_cells(ch);
		if (!clipped)
			put_char(c, row, column, role, ch, cells);
		column += cells;
	}
	return column;
}

int canvas_put(struct canvas *c, int row, int column, enum role role, const char *s)
{
	return put_until(c, row, column, role, s, s + strlen(s));
}

int canvas_printf(struct canvas *c, int row, int column, enum role role, const char *format, ...)
{
	char line[2048]; /* More than any terminal shows in a row. */
	va_list args;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	return canvas_put(c, row, column, role, line);
}

int canvas_put_cut(
	struct canvas *c, int row, int column, int columns, enum role role, const char *s)
{
	if (columns <= 0)
		return column;
	/* `fits` is the end of what leaves a cell for the ellipsis. */
	const char *fits = s, *p = s;
	int used = 0;
	for (uint32_t ch = utf8_next(&p); ch; ch = utf8_next(&p)) {
		used += (int)utf8_cells(ch);
		if (used > columns)
			break;
		if (used < columns)
			fits = p;
	}
	if (used <= columns)
		return canvas_put(c, row, column, role, s);
	column = put_until(c, row, column, role, s, fits);
	return canvas_put(c, row, column, role, c->ascii ? "~" : "…");
}

void canvas_fill(struct canvas *c, struct rect r, enum role role, uint32_t ch)
{
	if (ch < ' ' || utf8_cells(ch) != 1)
		ch = ' ';
	r = shared(r, c->clip);
	if (r.columns == 0)
		return;
	for (int row = r.row; row < r.row + r.rows; row++) {
		part(c, row, r.column, r.column + r.columns);
		struct cell *cell = cell_at(c, row, r.column);
		for (int i = 0; i < r.columns; i++)
			cell[i] = (struct cell) { .c = ch, .role = (uint8_t)role };
	}
}

void canvas_select(struct canvas *c, struct rect r)
{
	r = shared(r, c->clip);
	for (int row = r.row; row < r.row + r.rows; row++) {
		for (int i = 0; i < r.columns; i++)
			cell_at(c, row, r.column + i)->select = 1;
	}
}

void canvas_paint(struct canvas *c, struct rect r, enum role role)
{
	r = shared(r, c->clip);
	for (int row = r.row; row < r.row + r.rows; row++) {
		for (int i = 0; i < r.columns; i++) {
			cell_at(c, row, r.column + i)->role = (uint8_t)role;
			cell_at(c, row, r.column + i)->host = 0;
		}
	}
}

void canvas_host(struct canvas *c, struct rect r, uint8_t host)
{
	r = shared(r, c->clip);
	for (int row = r.row; row < r.row + r.rows; row++) {
		for (int i = 0; i < r.columns; i++)
			cell_at(c, row, r.column + i)->host = host;
	}
}

/* The pieces of a frame. */
struct lines {
	uint32_t across, down, top_left, top_right, bottom_left, bottom_right;
};

static const struct lines light = { 0x2500, 0x2502, 0x250c, 0x2510, 0x2514, 0x2518 };
static const struct lines plain = { '-', '|', '+', '+', '+', '+' };

void canvas_box(struct canvas *c, struct rect r, enum role role, const char *title)
{
	if (r.rows <= 0 || r.columns <= 0)
		return;
	const struct lines *l = c->ascii ? &plain : &light;
	int bottom = r.row + r.rows - 1, right = r.column + r.columns - 1;
	canvas_fill(c, (struct rect) { r.row, r.column, 1, r.columns }, role, l->across);
	canvas_fill(c, (struct rect) { bottom, r.column, 1, r.columns }, role, l->across);
	canvas_fill(c, (struct rect) { r.row, r.column, r.rows, 1 }, role, l->down);
	canvas_fill(c, (struct rect) { r.row, right, r.rows, 1 }, role, l->down);
	canvas_fill(c, (struct rect) { r.row, r.column, 1, 1 }, role, l->top_left);
	canvas_fill(c, (struct rect) { r.row, right, 1, 1 }, role, l->top_right);
	canvas_fill(c, (struct rect) { bottom, r.column, 1, 1 }, role, l->bottom_left);
	canvas_fill(c, (struct rect) { bottom, right, 1, 1 }, role, l->bottom_right);

	/* Two corners and two blanks stand around a title. */
	if (!title || !*title || r.columns < 5)
		return;
	enum role text = role == ROLE_BORDER ? ROLE_TITLE : role;
	int column = canvas_put(c, r.row, r.column + 1, text, " ");
	column = canvas_put_cut(c, r.row, column, r.columns - 4, text, title);
	canvas_put(c, r.row, column, text, " ");
}

int canvas_wrap(struct canvas *c, struct rect r, enum role role, const char *s)
{
	struct rect before = canvas_clip(c, shared(r, c->clip));
	int rows = 0;
	while (*s) {
		const char *next;
		const char *end = wrap_line(s, r.columns, false, &next);
		put_until(c, r.row + rows++, r.column, role, s, end);
		s = next;
	}
	c->clip = before;
	return rows;
}

/* Bytes written so far, and those that would have been. */
struct sink {
	char *bytes;
	size_t size, len;
};

static void sink_put(struct sink *k, uint32_t ch)
{
	char bytes[4];
	size_t len = utf8_put(bytes, ch);
	for (size_t i = 0; i < len; i++, k->len++) {
		if (k->len < k->size)
			k->bytes[k->len] = bytes[i];
	}
}

size_t canvas_text(const struct canvas *c, char *bytes, size_t size)
{
	struct sink k = { .bytes = bytes, .size = size };
	for (int row = 0; row < c->rows; row++) {
		const struct cell *cell = &c->cells[(size_t)row * (size_t)c->columns];
		int end = c->columns;
		while (end > 0 && cell[end - 1].c == ' ')
			end--;
		for (int i = 0; i < end; i++) {
			if (cell[i].c)
				sink_put(&k, cell[i].c);
		}
		sink_put(&k, '\n');
	}
	if (size)
		bytes[k.len < size ? k.len : size - 1] = '\0';
	return k.len;
}
