/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: the rules that were asked, as lines: in a frame's detail and in lessons. */
#ifndef ARPLAB_LADDER_LINES_H
#define ARPLAB_LADDER_LINES_H

#include <arplab/ladder.h>

#include "detail_lines.h"

/* The rungs that matter, each with what was found; the one that decided also with its place. */
void ladder_lines(struct lines *l, const struct trace *trace);
/*
 * What a lesson's ladder asks, its rungs, and what comes of it. shown: NULL while the step has no
 * such frame.
 */
void ladder_told(struct lines *l, const struct ladder *ladder, const struct world *w,
	const struct ladder_shown *shown);

#endif
