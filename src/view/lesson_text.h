/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: the text of a step as it stands now. */
#ifndef ARPLAB_LESSON_TEXT_H
#define ARPLAB_LESSON_TEXT_H

#include "panes.h"

/*
 * Draw the step into a rect that may begin above what is shown. m: machine 0.
 * fresh: pieces, as lesson_pieces() has them; *ret_fresh is the row on which the topmost begins, or
 * the text's end where none is named.
 * Returns the rows it takes.
 */
int lesson_text(const struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	uint64_t fresh, int *ret_fresh);
/* Which prediction of the open question stands at a place in such a text, from 1 on; 0: none. */
size_t lesson_choice_at(const struct screen *s, const struct model *m, struct canvas *c,
	struct rect r, int row, int column);
/* What is to be seen of the step now, a bit for each item and each reply. */
uint64_t lesson_pieces(const struct play *p);

#endif
