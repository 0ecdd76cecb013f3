/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: the loop of the screen and what it takes in, in two files. */
#ifndef ARPLAB_LOOP_STATE_H
#define ARPLAB_LOOP_STATE_H

#include "ui.h"

#define BAR_ITEMS 24

struct loop_state {
	struct ui ui;
	struct canvas canvas;
	struct bar_item bar[BAR_ITEMS];
	int signals; /* SIGWINCH and SIGTSTP. */
	void *batch;
	bool dirty;
	bool urgent;             /* A hand did it: draw at once. */
	uint64_t storm_until_ns; /* Until then frames are not put in order. */
	uint64_t drawn_ns, draw_cost_ns, started_ns;
	bool painted;
};

/* Take the batches that wait, so many at a time that keys get their turn. */
void loop_take_events(struct loop_state *l);
/* The status when the helper ended before any lab stood, whose reason is printed; else 0. */
int loop_no_lab(const struct ui *u);
/* Apply the frames that happened until then, in the order of time. */
void loop_pop_merged(struct loop_state *l, uint64_t until_ns);
/* Ask the helper for frames of a file that the screen needs and the model does not hold. */
void loop_ask_for_frames(struct ui *u);
/* The same, and for what else follows from what is shown. */
void loop_ask_for_more(struct loop_state *l);

#endif
