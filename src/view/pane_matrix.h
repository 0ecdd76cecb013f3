/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: the matrix: what others need of its pane. */
#ifndef ARPLAB_PANE_MATRIX_H
#define ARPLAB_PANE_MATRIX_H

#include "detail_lines.h"

/* Whether the caches of a lab are shown as a matrix. */
bool shows_matrix(const struct screen *s);
/* Detail of a cell that has no entry; returns the rows it takes. */
int detail_belief(const struct screen *s, const struct model *m, struct canvas *c, struct rect r);

#endif
