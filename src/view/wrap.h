/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: where a text is broken into lines. */
#ifndef ARPLAB_WRAP_H
#define ARPLAB_WRAP_H

#include <stdbool.h>
#include <stdint.h>

/* One of the marks inside a lesson's prose. */
bool is_mark(char c);
/* Whether a line may end between two characters that no space parts: one of them is wide. */
bool wrap_between(uint32_t before, uint32_t after);
/*
 * The end of the line that begins at s, and where the next one begins. A line ends at a line feed,
 * or before the word that would not fit; between wide characters, which no spaces part; and inside
 * a word only when the word alone is too long.
 * marked: the marks of prose take no cell; else they are characters like any other.
 */
const char *wrap_line(const char *s, int columns, bool marked, const char **ret_next);

#endif
