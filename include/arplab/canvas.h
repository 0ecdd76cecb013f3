/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view: a screen as cells in memory. Panels fill it, the terminal shows it, tests read it.
 *
 * Coordinates are (row, column) from 0 at the top left. Nothing outside the canvas or the clip is
 * ever written, so a panel may draw as if there were room.
 */
#ifndef ARPLAB_CANVAS_H
#define ARPLAB_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a cell means. Themes map roles to colours; a colour is never the only sign. */
enum role {
	ROLE_TEXT,
	ROLE_DIM,
	ROLE_STRONG,
	ROLE_TITLE,
	ROLE_BORDER,
	ROLE_FOCUS, /* Border and title of the pane that has the keys. */
	ROLE_SELECTED,
	ROLE_BAR, /* Status line and key bar. */
	ROLE_KEY, /* A key's name in the bar. */
	ROLE_REQUEST,
	ROLE_REPLY,
	ROLE_PROBE,
	ROLE_ANNOUNCE, /* Announcements and gratuitous frames. */
	ROLE_POLL,
	ROLE_GOOD,
	ROLE_WARN,
	ROLE_BAD,
	ROLE_MATCH,   /* What a search has found. */
	ROLE_CHANGED, /* A value that was changed and can be undone. */
	ROLE_DIALOG,
	ROLE_EM,   /* Emphasis in a lesson's prose. */
	ROLE_CODE, /* A command, an address or a name in a lesson. */
	ROLES
};

struct cell {
	uint32_t c;     /* Unicode; 0 is the right half of a wide character. */
	uint8_t role;   /* enum role */
	uint8_t host;   /* 0, or 1..7: a machine's own colour, used in place of the role's. */
	uint8_t select; /* 1: shown as selected, over its role. */
	uint8_t spare;
};

struct rect {
	int row, column, rows, columns;
};

struct canvas {
	int rows, columns;
	struct cell *cells;
	struct rect clip;
	bool ascii; /* Boxes and marks in ASCII only. */
};

void canvas_init(struct canvas *c, int rows, int columns, bool ascii);
void canvas_done(struct canvas *c);
/* Blank everything and take the clip off. */
void canvas_clear(struct canvas *c);
void canvas_resize(struct canvas *c, int rows, int columns);
/* Restrict drawing to a part of the canvas; returns the clip before, to be set back. */
struct rect canvas_clip(struct canvas *c, struct rect clip);

/* Draw UTF-8; returns the column behind it, even where it was cut. */
int canvas_put(struct canvas *c, int row, int column, enum role role, const char *s);
int canvas_printf(struct canvas *c, int row, int column, enum role role, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
/* Draw at most `columns` cells; a text that is cut ends in an ellipsis. */
int canvas_put_cut(
	struct canvas *c, int row, int column, int columns, enum role role, const char *s);
void canvas_fill(struct canvas *c, struct rect r, enum role role, uint32_t ch);
/* Mark cells as selected or give them another role, keeping the characters. */
void canvas_select(struct canvas *c, struct rect r);
void canvas_paint(struct canvas *c, struct rect r, enum role role);
/* Give cells a machine's colour (1..7), keeping characters and roles. */
void canvas_host(struct canvas *c, struct rect r, uint8_t host);
/* A frame of lines around a rect with a title set into its top. */
void canvas_box(struct canvas *c, struct rect r, enum role role, const char *title);
/* Text broken at spaces into lines of at most r.columns cells; returns the rows it took. */
int canvas_wrap(struct canvas *c, struct rect r, enum role role, const char *s);

/*
 * The canvas as UTF-8 lines without trailing blanks, each with a line feed. Returns the number of
 * bytes that it takes without the terminator; writes at most size bytes.
 */
size_t canvas_text(const struct canvas *c, char *bytes, size_t size);

#endif
