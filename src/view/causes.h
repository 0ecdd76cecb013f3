/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view: cause and effect: which cache rows the chosen frame made or changed, and which frame made
 * the chosen cache row what it is.
 */
#ifndef ARPLAB_CAUSES_H
#define ARPLAB_CAUSES_H

#include "detail_lines.h"

/* Follow what is chosen; after the panes' rows are in step. m: machine 0. */
void causes_update(struct screen *s, const struct model *m);
/* What the chosen frame did to a cache row, or NULL. */
const struct effect *causes_effect(
	const struct screen *s, uint16_t node, int32_t ifindex, uint32_t ip);
/* Whether a frame is the one that made the chosen cache row what it is. */
bool causes_is_cause(const struct screen *s, uint64_t position);
/* Old and new in at most `columns` cells: "none → REACHABLE", "rs1 → director", "S→R". */
void causes_draw(const struct model *m, struct canvas *c, int row, int column, int columns,
	const struct effect *e);

/* Whether cause and effect are known of the frames that are shown. */
bool causes_told(const struct screen *s);

/* Lines of detail: the rows that a frame changed; what changed a row last. */
void detail_effects(
	const struct screen *s, const struct model *m, struct lines *l, uint64_t position);
void detail_cause(const struct screen *s, const struct model *m, struct lines *l, uint16_t node,
	const struct neigh_entry *n);

#endif
