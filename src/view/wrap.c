/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: where a text is broken into lines. */
#include <config.h>

#include "wrap.h"

#include <arplab/lesson.h>
#include <arplab/utf8.h>

bool is_mark(char c)
{
	return c == PROSE_STRONG || c == PROSE_EM || c == PROSE_CODE;
}

/* Punctuation that closes what is before it, and so never begins a line of Chinese. */
static bool closes(uint32_t ch)
{
	static const uint32_t marks[] = { 0x2019, 0x201d, 0x3001, 0x3002, 0x3009, 0x300b, 0x300d,
		0x300f, 0x3011, 0xff01, 0xff09, 0xff0c, 0xff0e, 0xff1a, 0xff1b, 0xff1f };
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (marks[i] == ch)
			return true;
	}
	return false;
}

const char *wrap_line(const char *s, int columns, bool marked, const char **ret_next)
{
	const char *end = NULL, *next = NULL, *p = s;
	int used = 0, before = 0;
	for (bool spaces = false; *p && *p != '\n';) {
		if (marked && is_mark(*p)) {
			spaces = false; /* What stands behind a mark is drawn, or the mark is lost.
					 */
			p++;
			continue;
		}
		const char *here = p;
		uint32_t ch = utf8_next(&p);
		int cells = (int)utf8_cells(ch);
		if (ch == ' ') {
			end = spaces ? end : here;
			next = p;
		} else if (here > s && (cells == 2 || before == 2) && !closes(ch)) {
			end = next = here;
		}
		used += cells;
		spaces = ch == ' ';
		before = cells;
		if (used <= columns || spaces)
			continue;
		/* An opening indent is no place to break: the line would be empty. */
		if (!end || end == s)
			end = next = here > s ? here : p;
		*ret_next = next;
		return end;
	}
	*ret_next = *p ? p + 1 : p;
	return p;
}
