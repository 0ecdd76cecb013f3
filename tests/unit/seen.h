/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: what can be seen on a canvas. */
#ifndef TESTS_SEEN_H
#define TESTS_SEEN_H

#include <string.h>

#include <arplab/canvas.h>
#include <arplab/utf8.h>

/* The canvas as text, which must fit; no cell may hold what commands a terminal. */
static inline const char *seen(const struct canvas *c, char *text, size_t size)
{
	assert_true(canvas_text(c, text, size) < size);
	for (int i = 0; i < c->rows * c->columns; i++) {
		char bytes[5] = "";
		const char *p = bytes;
		if (c->cells[i].c)
			utf8_put(bytes, c->cells[i].c);
		assert_int_equal(utf8_next(&p), c->cells[i].c);
		assert_true(c->cells[i].role < ROLES);
		assert_true(c->cells[i].host < 8);
	}
	return text;
}

static inline void assert_shows(const char *screen, const char *words)
{
	if (!strstr(screen, words))
		fail_msg("'%s' is not on the screen:\n%s", words, screen);
}

static inline void assert_hides(const char *screen, const char *words)
{
	if (strstr(screen, words))
		fail_msg("'%s' is on the screen:\n%s", words, screen);
}

/* The row on which a text stands, or -1. */
static inline int line_in(const char *screen, const char *words)
{
	const char *at = strstr(screen, words);
	int line = 0;
	for (const char *p = screen; at && p < at; p++)
		line += *p == '\n';
	return at ? line : -1;
}

#endif
