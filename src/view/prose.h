/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: a lesson's prose with its marks, broken into lines. */
#ifndef ARPLAB_PROSE_H
#define ARPLAB_PROSE_H

#include <arplab/lesson.h>

#include "detail_lines.h"

/*
 * A text with marks behind a lead such as "1 " or "•": the lines behind the first begin under the
 * text, not under the lead. lead: "" for none.
 */
void prose_led(
	struct lines *l, enum role lead_role, const char *lead, enum role role, const char *text);
/* Cells that a text takes without its marks. */
int prose_width(const char *marked);
/* A text without its marks, for where there is but one look: titles. */
void text_unmarked(struct text *t, const char *marked);
/* Paragraphs, lists, listings and quotes. airy: with blank lines inside lists, too. */
void prose_blocks(struct lines *l, const struct prose *p, size_t count, bool airy);

#endif
