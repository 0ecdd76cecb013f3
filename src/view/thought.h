/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: what would be different with the last frames if a sysctl had another value. */
#ifndef ARPLAB_THOUGHT_H
#define ARPLAB_THOUGHT_H

#include "detail_lines.h"

/* Think the next value of the chosen cell through. m: the machine whose sysctls are shown. */
void thought_update(struct screen *s, const struct model *m);
/* "with 1: 3 of 12 frames otherwise", for the pane's lower edge. */
void thought_foot(const struct screen *s, struct text *t);
/* Lines of detail: every other value of the chosen cell, and what it would change. */
void thought_detail(const struct screen *s, const struct model *m, struct lines *l);

#endif
