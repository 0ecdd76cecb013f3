/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a canvas as a picture: a rectangle for each background, a text for each word. */
#include <config.h>

#include "svg.h"

#include <string.h>

#include <arplab/utf8.h>

#define CELL_WIDTH 8
#define CELL_HEIGHT 17
#define MARGIN 8

/* The eight colours as a dark terminal has them, then its own fore- and background. */
static const char *const colours[] = { "#2e3436", "#ef5350", "#8bc34a", "#fbc02d", "#64a7f0",
	"#c58af9", "#4dd0e1", "#d8dee9" };
static const char fore_own[] = "#d8dee9", back_own[] = "#16191d";

/* How a cell is painted. */
struct paint {
	const char *fore, *back;
	uint8_t attrs;
};

static struct paint paint_of(const struct cell *cell, const struct theme *theme)
{
	struct look look = theme_look(theme, cell);
	struct paint p = { fore_own, back_own, look.attrs };
	if (look.fore >= 0)
		p.fore = colours[look.fore];
	if (look.back >= 0)
		p.back = colours[look.back];
	if (look.attrs & LOOK_REVERSE) {
		const char *swap = p.fore;
		p.fore = p.back;
		p.back = swap;
	}
	return p;
}

static bool same(struct paint a, struct paint b)
{
	return a.fore == b.fore && a.back == b.back && a.attrs == b.attrs;
}

static void put_char(FILE *f, uint32_t c)
{
	char bytes[5] = "";
	utf8_put(bytes, c);
	if (c == '&')
		fputs("&amp;", f);
	else if (c == '<')
		fputs("&lt;", f);
	else
		fputs(bytes, f);
}

/* One word. Its length is given, so that any font keeps the columns. */
static void put_word(FILE *f, const struct cell *cells, int count, int x, int y, struct paint p)
{
	fprintf(f, "<text x=\"%d\" y=\"%d\" textLength=\"%d\" fill=\"%s\"%s%s%s>", x, y + 13,
		count * CELL_WIDTH, p.fore, p.attrs & LOOK_BOLD ? " font-weight=\"bold\"" : "",
		p.attrs & LOOK_DIM ? " opacity=\"0.6\"" : "",
		p.attrs & LOOK_UNDERLINE ? " text-decoration=\"underline\"" : "");
	for (int i = 0; i < count; i++)
		if (cells[i].c)
			put_char(f, cells[i].c);
	fputs("</text>\n", f);
}

static void put_run(FILE *f, const struct cell *cells, int count, int x, int y, struct paint p)
{
	if (p.back != back_own)
		fprintf(f, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n", x,
			y, count * CELL_WIDTH, CELL_HEIGHT, p.back);
	for (int begin = 0, end; begin < count; begin = end + 1) {
		for (end = begin; end < count && cells[end].c != ' ';)
			end++;
		if (end > begin)
			put_word(f, cells + begin, end - begin, x + begin * CELL_WIDTH, y, p);
	}
}

void svg_write(FILE *f, const struct canvas *c, const struct theme *theme)
{
	int width = c->columns * CELL_WIDTH + 2 * MARGIN;
	int height = c->rows * CELL_HEIGHT + 2 * MARGIN;
	fprintf(f,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
		"height=\"%d\">\n<rect width=\"100%%\" height=\"100%%\" rx=\"6\" fill=\"%s\"/>\n"
		"<g font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" "
		"font-size=\"13.3\">\n",
		width, height, width, height, back_own);
	for (int row = 0; row < c->rows; row++) {
		const struct cell *cells = &c->cells[(size_t)row * (size_t)c->columns];
		for (int begin = 0, end; begin < c->columns; begin = end) {
			struct paint p = paint_of(&cells[begin], theme);
			end = begin + 1;
			while (end < c->columns && same(paint_of(&cells[end], theme), p))
				end++;
			put_run(f, cells + begin, end - begin, MARGIN + begin * CELL_WIDTH,
				MARGIN + row * CELL_HEIGHT, p);
		}
	}
	fputs("</g>\n</svg>\n", f);
}
