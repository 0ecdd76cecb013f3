/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: which frames are the rows of the frame pane, and a lab's LAN among them. */
#ifndef ARPLAB_FRAME_ROWS_H
#define ARPLAB_FRAME_ROWS_H

#include "panes.h"

bool frame_rows_filtered(const struct screen *s);
/* Positions that exist: in the ring, or in the whole file where frames can be fetched. */
struct rows frame_positions(const struct model *m);
/* The first row at or behind a position. */
uint64_t frame_row_of(const struct screen *s, uint64_t position);
/* Forget what was made of other frames: those of another machine are shown now. */
void frame_rows_forget(struct screen *s);

/* Why there is nothing to show, in the pane's place. */
void frame_rows_nothing(
	const struct screen *s, const struct model *m, struct canvas *c, struct rect r);
/* How many pass the filter, and whether they follow the newest. */
void frame_rows_title(const struct screen *s, const struct model *m, struct text *t);

/* The time that a frame's is counted from; its own while that is not known. */
uint64_t frame_zero_ns(const struct screen *s, const struct event *e);

/* What the pane can do, for its table. */
void frame_rows_update(struct screen *s, const struct model *m);
struct rows frame_rows(const struct screen *s, const struct model *m);
uint64_t frame_row_selected(const struct screen *s, const struct model *m);
void frame_row_select(struct screen *s, const struct model *m, uint64_t row);
void frame_row_text(const struct screen *s, const struct model *m, uint64_t row, struct text *t);
uint64_t frame_row_at(const struct screen *s, int line);
int frame_rows_page(const struct screen *s);

/* One row of a lab's LAN: from whom to whom, and what it says. */
void lan_frame_draw(const struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	int row, const struct event *e);
/* The machines of a frame, for search and filter. */
void lan_frame_text(const struct model *m, const struct event *e, struct text *t);

#endif
