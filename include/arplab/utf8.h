/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base: UTF-8 read safely, and how many cells a character takes. */
#ifndef ARPLAB_UTF8_H
#define ARPLAB_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * Take the next character off a string and move the pointer behind it.
 * s: terminated; *s is not moved past the terminator. Returns 0 at the end.
 * A byte that is not UTF-8, and any control character (C0, DEL, C1, bidirectional overrides),
 * comes back as U+FFFD: what is on the screen cannot command the terminal.
 */
uint32_t utf8_next(const char **s);
/* Write one character. Returns the number of bytes, 1..4. */
size_t utf8_put(char bytes[4], uint32_t c);
/* Cells that a character takes: 0 (combining), 1 or 2 (wide). */
unsigned utf8_cells(uint32_t c);
/* Cells that a whole string takes. */
unsigned utf8_width(const char *s);

#endif
