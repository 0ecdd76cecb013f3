/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: what stands around the panes. */
#ifndef ARPLAB_CHROME_H
#define ARPLAB_CHROME_H

#include <arplab/screen.h>

void draw_status(const struct screen *s, const struct model *m, struct canvas *c);
/* The key bar, or the message or the prompt that stands in its place. */
void draw_bar(const struct screen *s, struct canvas *c);
void draw_dialog(struct screen *s, struct canvas *c);

#endif
