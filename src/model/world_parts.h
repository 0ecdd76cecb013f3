/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: what the files of the world share. */
#ifndef ARPLAB_WORLD_PARTS_H
#define ARPLAB_WORLD_PARTS_H

#include <arplab/world.h>

void world_apply_virtual(struct world *w, const struct event *e);
void world_apply_real(struct world *w, const struct event *e);
void world_apply_served(struct world *w, const struct event *e);
/* The lab that they were told of is gone. */
void world_forget_cluster(struct world *w);

#endif
