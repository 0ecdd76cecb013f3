/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: cache rows whose IP several MACs claim: a mark, a few words, and all of it in the detail.
 */
#ifndef ARPLAB_CONFLICT_MARKS_H
#define ARPLAB_CONFLICT_MARKS_H

#include <arplab/conflict.h>

#include "detail_lines.h"

/*
 * The conflict about a cache row, if there is one that is not long over. m: machine 0, or the only
 * one; node: whose cache.
 */
bool conflict_of_row(const struct screen *s, const struct model *m, uint16_t node, int32_t ifindex,
	uint32_t ip, struct conflict *ret);
/* The mark of a row, in one cell; also notes when it goes. */
void conflict_mark(
	struct screen *s, struct canvas *c, int row, int column, const struct conflict *f);
/* What it is, in at most `columns` cells. */
void conflict_words(struct canvas *c, int row, int column, int columns, const struct conflict *f);

/* Lines of detail: each MAC, and the sentences. */
void detail_conflict(const struct screen *s, const struct model *m, struct lines *l, uint16_t node,
	const struct neigh_entry *n);

#endif
