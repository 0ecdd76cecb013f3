/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: the frames as a ladder: what its pane is made of. */
#ifndef ARPLAB_PANE_ARROWS_H
#define ARPLAB_PANE_ARROWS_H

#include <arplab/arrows.h>

#include "panes.h"

/* What stands under a frame's arrow. Returns how many notes. */
size_t arrow_notes(const struct screen *s, const struct model *m, uint64_t position,
	const struct event *e, bool ascii, struct arrow_note ret[ARROW_NOTES]);

#endif
