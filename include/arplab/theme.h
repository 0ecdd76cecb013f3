/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: what a role looks like. */
#ifndef ARPLAB_THEME_H
#define ARPLAB_THEME_H

#include <stddef.h>
#include <stdint.h>

#include <arplab/canvas.h>

enum look_attr { LOOK_BOLD = 1, LOOK_DIM = 2, LOOK_REVERSE = 4, LOOK_UNDERLINE = 8 };

struct look {
	int8_t fore, back; /* 0..7 as terminals number them, -1 the terminal's own. */
	uint8_t attrs;     /* enum look_attr */
};

struct theme {
	const char *name;
	const char *help;
	struct look looks[ROLES];
	struct look hosts[8]; /* By cell.host, from 1: the colour in place of the role's. */
};

/* All themes, the default first. "mono" uses no colour. */
const struct theme *themes(size_t *ret_count);
/* By name, or NULL. */
const struct theme *theme_find(const char *name);
/* What a theme says about a cell. */
struct look theme_look(const struct theme *t, const struct cell *cell);

#endif
