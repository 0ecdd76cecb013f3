/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a canvas as a picture, for the README. */
#ifndef TESTS_SVG_H
#define TESTS_SVG_H

#include <stdio.h>

#include <arplab/canvas.h>
#include <arplab/theme.h>

/* Write the canvas as SVG, as a dark terminal with this theme shows it. */
void svg_write(FILE *f, const struct canvas *c, const struct theme *theme);

#endif
