/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: a ladder of frames as a picture: lines, heads and words, black on white, for slides. */
#include <config.h>

#include "arrows.h"

#include <arplab/utf8.h>

/* In pixels. */
#define TIME_RIGHT 88 /* Where times end. */
#define FIRST 170     /* The first column; */
#define APART 190     /* the next ones; */
#define LAST 80       /* and what stands right of the last one. */
#define TITLE_Y 24
#define HEAD_Y 40
#define HEAD_ROWS 40
#define ROW 32
#define FOOT_ROWS 40
#define WORD 7.3 /* A letter of the fonts below. */
#define HEAD_LENGTH 9
#define HEAD_HALF 4
#define FONT_FAMILY "DejaVu Sans Mono, Menlo, Consolas, monospace"

/* Of the machines, told apart by most eyes; the first is that of the others. */
static const char *const colours[] = { "#6b7280", "#0072b2", "#d55e00", "#007a5a", "#a6508c",
	"#8a6d00", "#2f7fb5", "#111827" };

static const char *words_colour(enum role role)
{
	static const char *const of[ROLES] = {
		[ROLE_REQUEST] = "#7a4d00",
		[ROLE_REPLY] = "#006b3c",
		[ROLE_PROBE] = "#00587a",
		[ROLE_ANNOUNCE] = "#8b1f6b",
		[ROLE_BAD] = "#b00020",
	};
	return of[role] ? of[role] : "#374151";
}

/* ---- words ---- */

static void put_escaped(FILE *f, const char *s)
{
	for (uint32_t c; (c = utf8_next(&s)) != 0;) {
		char bytes[5] = "";
		utf8_put(bytes, c);
		switch (c) {
		case '&':
			fputs("&amp;", f);
			break;
		case '<':
			fputs("&lt;", f);
			break;
		case '>':
			fputs("&gt;", f);
			break;
		case '"':
			fputs("&quot;", f);
			break;
		case '\'':
			fputs("&#39;", f);
			break;
		default:
			fputs(bytes, f);
			break;
		}
	}
}

/* anchor: "start", "middle" or "end". */
static void put_words(FILE *f, int x, int y, const char *anchor, const char *colour,
	const char *more, const char *s)
{
	fprintf(f, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"%s\"%s>", x, y, anchor,
		colour, more);
	put_escaped(f, s);
	fputs("</text>\n", f);
}

/* ---- columns ---- */

static int column_x(int column)
{
	return FIRST + column * APART;
}

static void put_head(FILE *f, const struct ladder_sheet *l, int y)
{
	for (size_t i = 0; i < parties_columns(&l->parties); i++) {
		char bytes[64];
		struct text t = text_in(bytes, sizeof bytes);
		int x = column_x((int)i);
		party_name(&t, &l->parties, l->m, i, (unsigned)((APART - 20) / WORD));
		put_words(f, x, y + 14, "middle", colours[party_colour(&l->parties, i)],
			" font-weight=\"bold\"", text_end(&t));
		t = text_in(bytes, sizeof bytes);
		party_address(&t, &l->parties, l->m, i, true);
		put_words(f, x, y + 30, "middle", "#6b7280", " font-size=\"10\"", text_end(&t));
	}
}

static void put_columns(FILE *f, const struct ladder_sheet *l, int begin, int end)
{
	for (size_t i = 0; i < parties_columns(&l->parties); i++)
		fprintf(f,
			"<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\" "
			"stroke-opacity=\"0.4\"/>\n",
			column_x((int)i), begin, column_x((int)i), end,
			colours[party_colour(&l->parties, i)]);
}

/* ---- arrows ---- */

static void put_line(FILE *f, int from, int to, int y, const char *colour)
{
	fprintf(f,
		"<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\" "
		"stroke-width=\"1.5\"/>\n",
		from, y, to, y, colour);
}

static void put_point(FILE *f, int from, int to, int y, const char *colour)
{
	int back = to > from ? to - HEAD_LENGTH : to + HEAD_LENGTH;
	fprintf(f, "<path d=\"M%d %dL%d %dL%d %dZ\" fill=\"%s\"/>\n", to, y, back, y - HEAD_HALF,
		back, y + HEAD_HALF, colour);
}

/* The longest form that fits, or the shortest one. */
static const char *form_for(const struct arrow *a, int pixels)
{
	size_t i = 0;
	while (i + 1 < ARROW_FORMS && a->says[i + 1][0] &&
		utf8_width(a->says[i]) * WORD > pixels - 2 * HEAD_LENGTH)
		i++;
	return a->says[i];
}

/* They stay readable on the lines that they cross. */
#define HALO " stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\""

static void put_between(FILE *f, const struct arrow *a, int x1, int x2, int y)
{
	int apart = x1 < x2 ? x2 - x1 : x1 - x2;
	put_words(
		f, (x1 + x2) / 2, y - 5, "middle", words_colour(a->role), HALO, form_for(a, apart));
}

/* Returns the nearest column in a direction that it reaches, or -1. */
static int put_reached(FILE *f, const struct ladder_sheet *l, const struct arrow *a, int step,
	int y, const char *colour)
{
	int nearest = -1, far = a->from, x = column_x(a->from);
	for (int i = a->from + step; i >= 0 && i < (int)parties_columns(&l->parties); i += step) {
		if (!(a->reach & UINT64_C(1) << i))
			continue;
		nearest = nearest < 0 ? i : nearest;
		far = i;
		put_point(f, x, column_x(i), y, colour);
	}
	if (far != a->from)
		put_line(f, x, column_x(far), y, colour);
	return nearest;
}

static void put_arrow(FILE *f, const struct ladder_sheet *l, const struct arrow *a, int y)
{
	int from = a->from < 0 ? FIRST : column_x(a->from);
	const char *colour = colours[a->from < 0 ? 0 : party_colour(&l->parties, (size_t)a->from)];
	int beside = a->to;
	if (a->from >= 0 && a->to == ARROW_ALL) {
		int left = put_reached(f, l, a, -1, y, colour);
		int right = put_reached(f, l, a, 1, y, colour);
		beside = right >= 0 ? right : left;
	} else if (a->from >= 0 && a->to >= 0 && a->to != a->from) {
		put_line(f, from, column_x(a->to), y, colour);
		put_point(f, from, column_x(a->to), y, colour);
	}
	if (beside >= 0 && a->from >= 0 && beside != a->from)
		put_between(f, a, from, column_x(beside), y);
	else
		put_words(f, from + 8, y - 5, "start", words_colour(a->role), HALO,
			form_for(a, APART));
	if (a->from >= 0)
		fprintf(f, "<circle cx=\"%d\" cy=\"%d\" r=\"3.5\" fill=\"%s\"/>\n", from, y,
			colour);
}

static void put_frames(FILE *f, const struct ladder_sheet *l, int y)
{
	for (uint64_t i = 0; i < l->frames.count; i++, y += ROW) {
		const struct event *e = frames_at(&l->frames, l->frames.first + i);
		char time[32];
		struct text t = text_in(time, sizeof time);
		struct arrow a;
		ladder_sheet_time(l, e, &t);
		put_words(
			f, TIME_RIGHT, y + 4, "end", "#6b7280", " font-size=\"11\"", text_end(&t));
		arrow_read(&l->parties, l->m, e, false, &a);
		put_arrow(f, l, &a, y);
	}
}

void ladder_svg(FILE *f, const struct ladder_sheet *l)
{
	int columns = (int)parties_columns(&l->parties), top = HEAD_Y + HEAD_ROWS;
	int bottom = top + (int)l->frames.count * ROW + ROW / 2;
	int width = column_x(columns > 1 ? columns - 1 : 1) + LAST + 20;
	int height = bottom + HEAD_ROWS + FOOT_ROWS;
	fprintf(f,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
		"height=\"%d\" role=\"img\" font-family=\"" FONT_FAMILY "\" font-size=\"12\">\n"
		"<title>",
		width, height, width, height);
	put_escaped(f, l->title);
	fputs("</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n", f);
	put_words(f, 16, TITLE_Y, "start", "#111827", " font-weight=\"bold\"", l->title);
	put_head(f, l, HEAD_Y);
	put_columns(f, l, top, bottom);
	put_frames(f, l, top + ROW - 6);
	put_head(f, l, bottom);
	put_words(f, 16, bottom + HEAD_ROWS + 20, "start", "#6b7280", " font-size=\"11\"", l->foot);
	fputs("</svg>\n", f);
}
