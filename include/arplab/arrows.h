/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view: frames as arrows between machines, as networking books draw them: a column a machine, time
 * downward. What is to be drawn is found out here, for the pane, for text and for pictures alike.
 *
 *	struct census c = { 0 };
 *	for each frame near what is shown: census_take(&c, m, e);
 *	parties_choose(&p, &c, m, most);      p keeps its columns from call to call
 *	arrows_place(&p, rect, &grid);
 *	arrows_draw_head(&canvas, &grid, &p, m, rows);
 *	for each frame shown: arrow_read(&p, m, e, grid.wide, &a); arrow_draw(…);
 *	census_done(&c);
 *
 * A machine is known by its number in a lab, and by its MAC elsewhere. The model is that of the
 * frames: the LAN's, a host's, a file's. Those that have no column of their own share the last one.
 */
#ifndef ARPLAB_ARROWS_H
#define ARPLAB_ARROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/canvas.h>
#include <arplab/frame.h>
#include <arplab/model.h>
#include <arplab/text.h>

#define PARTIES_MAX 32

/* ---- who the columns are ---- */

/* One who sends or receives. */
struct party {
	uint64_t id;    /* Opaque; never 0. */
	uint32_t ip;    /* The address it speaks for most, if it alone does; 0: none is known. */
	uint8_t colour; /* 1..7, as in struct cell. */
	uint64_t wires; /* A bit for each interface and VLAN that it was seen on; they may share. */
};

struct parties {
	struct party list[PARTIES_MAX];
	size_t count;
	size_t folded; /* Those without a column of their own; not 0: the last column is theirs. */
};

/* One who sent or received a frame, and for which address. */
struct sighting {
	uint64_t id, wires;
	uint32_t ip;     /* 0: not said. */
	uint32_t frames; /* How often; for a run of the same. */
};

/* Who is there in a stretch of frames. */
struct census {
	struct sighting *list; /* From malloc. */
	size_t count, room;
};

void census_take(struct census *c, const struct model *m, const struct event *e);
void census_done(struct census *c);
/*
 * Choose at most `most` columns (2 or more), with that of the others. Machines of a lab stand in
 * the order of their numbers, others the most active first. Who has a column keeps it and its
 * place as long as nobody without one is twice as active. The census is sorted.
 */
void parties_choose(struct parties *p, struct census *c, const struct model *m, size_t most);
/* Columns, with that of the others. */
size_t parties_columns(const struct parties *p);
/* The column of a machine's interface, wherever it is: -1 if there is none, not even the others. */
int parties_of_interface(
	const struct parties *p, const struct model *m, uint16_t node, int32_t ifindex);
/* The name of a column, at most so many cells; and what stands under it, which may be nothing. */
void party_name(struct text *t, const struct parties *p, const struct model *m, size_t column,
	unsigned cells);
void party_address(
	struct text *t, const struct parties *p, const struct model *m, size_t column, bool whole);
/* 1..7; 0 for the others. */
uint8_t party_colour(const struct parties *p, size_t column);

/* ---- what a frame is ---- */

#define ARROW_NOBODY (-1)
#define ARROW_ALL (-2)
#define ARROW_FORMS 6
#define ARROW_TEXT 72

struct arrow {
	int from, to;   /* Columns, or ARROW_NOBODY; to: ARROW_ALL goes to all that it reaches. */
	uint64_t reach; /* A bit for each of those columns. */
	enum role role;
	char says[ARROW_FORMS][ARROW_TEXT]; /* The longest form first; "" behind the last. */
};

/* wide: there is room for whole addresses. */
void arrow_read(const struct parties *p, const struct model *m, const struct event *e, bool wide,
	struct arrow *ret);

/* What stands under an arrow, at a column. */
#define NOTE_FORMS 3
#define ARROW_NOTES 24 /* Under one arrow. */

struct arrow_note {
	int column;
	enum role role;
	char says[NOTE_FORMS][ARROW_TEXT]; /* The longest form first; all are set. */
};

/* ---- drawn into cells ---- */

#define ARROWS_TIME 9 /* Cells at the left that belong to the time, where there is room. */

/* Where the columns stand. */
struct arrows_grid {
	struct rect r;
	int time; /* Cells at the left for the time. */
	int columns;
	int at[PARTIES_MAX + 1]; /* The cell of each column. */
	int apart;               /* Cells from one to the next. */
	bool wide;               /* There is room for whole addresses between them. */
};

/* How many columns can be told apart in so many cells. */
size_t arrows_most(int cells);
void arrows_place(const struct parties *p, struct rect r, struct arrows_grid *ret);
/* The names in the first row, the addresses in the second one if rows is 2. */
void arrows_draw_head(struct canvas *c, const struct arrows_grid *g, const struct parties *p,
	const struct model *m, int rows);
/* The columns go down through these rows. */
void arrows_draw_lines(
	struct canvas *c, const struct arrows_grid *g, const struct parties *p, int row, int rows);
void arrow_draw(struct canvas *c, const struct arrows_grid *g, int row, const struct parties *p,
	const struct arrow *a, const char *time);
/* Rows that notes take: as few as can be. They come in the order of their columns. */
int arrow_notes_rows(const struct arrows_grid *g, const struct arrow_note *notes, size_t count);
void arrow_notes_draw(struct canvas *c, const struct arrows_grid *g, int row,
	const struct parties *p, const struct arrow_note *notes, size_t count);

/* A span since a moment, which may be later: "0.000084", "-1.5"; digits behind the point. */
void text_since(struct text *t, uint64_t at_ns, uint64_t zero_ns, unsigned digits);

#endif
