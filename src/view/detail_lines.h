/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: lines of text and of "name  value" in the detail pane. */
#ifndef ARPLAB_DETAIL_LINES_H
#define ARPLAB_DETAIL_LINES_H

#include "panes.h"

/* Where the next line goes. */
struct lines {
	struct canvas *c;
	struct rect r;
	int row; /* Rows that were written so far. */
};

void detail_line(struct lines *l, enum role role, const char *text);
/* value: is terminated here. */
void detail_pair(struct lines *l, const char *name, enum role role, struct text *value);
void detail_pair_text(struct lines *l, const char *name, enum role role, const char *value);
/* Broken at blanks into as many lines as it needs. */
void detail_wrapped(struct lines *l, enum role role, const char *text);

#endif
