/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: a line as words, and words as names and times. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include <arplab/text.h>

#include "lesson_parts.h"

void words_split(struct words *w, char *line)
{
	w->count = 0;
	w->more = false;
	for (;;) {
		line = skip_blanks(line);
		if (!*line || *line == '#')
			return;
		if (w->count == WORDS_MAX) {
			w->more = true;
			return;
		}
		w->list[w->count++] = line;
		line += strcspn(line, " \t");
		if (*line)
			*line++ = '\0';
	}
}

int parse_time_ms(const char *s, uint32_t *ret)
{
	char digits[12];
	size_t len = strspn(s, "0123456789");
	int64_t n;
	bool seconds = strcmp(s + len, "s") == 0;
	if (len == 0 || len >= sizeof digits || (!seconds && strcmp(s + len, "ms") != 0))
		return -EINVAL;
	text_copy(digits, sizeof digits, "");
	memcpy(digits, s, len);
	if (text_parse_int(digits, 0, seconds ? UINT32_MAX / 1000 : UINT32_MAX, &n) < 0)
		return -EINVAL;
	*ret = (uint32_t)(seconds ? n * 1000 : n);
	return 0;
}
