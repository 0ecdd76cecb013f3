/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: what both forms of `arplab ladder` draw: frames in their order, and whose columns they have.
 */
#ifndef ARPLAB_APP_ARROWS_H
#define ARPLAB_APP_ARROWS_H

#include <stdio.h>

#include <arplab/arrows.h>

struct ladder_sheet {
	const struct model *m;
	struct frames frames; /* Positions from 0 on. */
	struct parties parties;
	char title[300]; /* Which frames of which file; a foreign name in it is harmless. */
	char foot[300];  /* What else there is to say of them. */
};

/* The time that a frame has beside it: since the first one. */
void ladder_sheet_time(const struct ladder_sheet *l, const struct event *e, struct text *t);
/* A picture of it all that needs nothing else. */
void ladder_svg(FILE *f, const struct ladder_sheet *l);

#endif
