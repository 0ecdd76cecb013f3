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

static bool is_one_of(uint32_t ch, const uint32_t *list)
{
	while (*list && *list != ch)
		list++;
	return *list;
}

/* Punctuation that closes what is before it never begins a line of Chinese; nor does what opens
 * something end one. */
bool wrap_between(uint32_t before, uint32_t after)
{
	static const uint32_t closing[] = { '!', ')', ',', '.', ':', ';', '?', ']', 0x2014, 0x2019,
		0x201d, 0x2026, 0x3001, 0x3002, 0x3009, 0x300b, 0x300d, 0x300f, 0x3011, 0xff01,
		0xff05, 0xff09, 0xff0c, 0xff0e, 0xff1a, 0xff1b, 0xff1f, 0 };
	static const uint32_t opening[] = { '(', '[', 0x2018, 0x201c, 0x3008, 0x300a, 0x300c,
		0x300e, 0x3010, 0xff08, 0 };
	return (utf8_cells(before) == 2 || utf8_cells(after) == 2) && !is_one_of(after, closing) &&
	       !is_one_of(before, opening);
}

const char *wrap_line(const char *s, int columns, bool marked, const char **ret_next)
{
	const char *end = NULL, *next = NULL, *p = s;
	uint32_t before = 0;
	int used = 0;
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
		} else if (here > s && wrap_between(before, ch)) {
			end = next = here;
		}
		used += cells;
		spaces = ch == ' ';
		before = ch;
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
