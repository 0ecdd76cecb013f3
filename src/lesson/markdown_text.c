/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: what is done with a text of CommonMark once it is whole: marks, line ends, entities. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <arplab/utf8.h>

#include "lesson_parts.h"

static bool is_mark(char c)
{
	return c == PROSE_STRONG || c == PROSE_EM || c == PROSE_CODE;
}

static uint32_t before(const char *text, size_t at)
{
	while (at > 0 && is_mark(text[at - 1]))
		at--;
	while (at > 0 && ((uint8_t)text[at - 1] & 0xc0) == 0x80)
		at--;
	const char *s = text + (at > 0 ? at - 1 : 0);
	return utf8_next(&s);
}

static uint32_t after(const char *s)
{
	while (is_mark(*s))
		s++;
	return utf8_next(&s);
}

/* The marks of Chinese and Japanese, which bring their own gap along. */
static bool is_wide_punctuation(uint32_t c)
{
	bool full_width = c > 0xff00 && c <= 0xff60 && utf8_cells(c) == 2;
	bool letter = (c >= 0xff10 && c <= 0xff19) || (c >= 0xff21 && c <= 0xff3a) ||
		      (c >= 0xff41 && c <= 0xff5a);
	return (c >= 0x3001 && c <= 0x3003) || (c >= 0x3008 && c <= 0x301b) ||
	       (full_width && !letter);
}

/* Scripts without blanks between words have none where a line of the file ends. */
static bool joins_without_blank(uint32_t a, uint32_t b)
{
	return (utf8_cells(a) == 2 && utf8_cells(b) == 2) || is_wide_punctuation(a) ||
	       is_wide_punctuation(b);
}

void markdown_join(char *text)
{
	char *to = text;
	for (const char *from = text; *from; from++) {
		if (*from != SOFT_BREAK)
			*to++ = *from;
		else if (!joins_without_blank(before(text, (size_t)(to - text)), after(from + 1)))
			*to++ = ' ';
	}
	*to = '\0';
}

void strip_marks(char *text)
{
	char *to = text;
	for (; *text; text++)
		if (!is_mark(*text))
			*to++ = *text;
	*to = '\0';
}

bool markdown_has_table(const char *text)
{
	for (const char *line = strchr(text, SOFT_BREAK); line; line = strchr(line, SOFT_BREAK)) {
		size_t len = strspn(++line, "-|: ");
		if ((line[len] == SOFT_BREAK || line[len] == '\0') && memchr(line, '|', len) &&
			memchr(line, '-', len))
			return true;
	}
	return false;
}

static const struct {
	const char *name;
	uint32_t c;
} entities[] = { { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' },
	{ "nbsp", 0xa0 } };

uint32_t markdown_entity(const char *s, size_t len)
{
	char word[12];
	if (len < 3 || len - 2 >= sizeof word)
		return 0;
	memcpy(word, s + 1, len - 2);
	word[len - 2] = '\0';
	if (word[0] != '#') {
		for (size_t i = 0; i < ARRAY_SIZE(entities); i++)
			if (strcmp(entities[i].name, word) == 0)
				return entities[i].c;
		return 0;
	}
	bool hex = (word[1] | 0x20) == 'x';
	unsigned long c = strtoul(word + 1 + hex, NULL, hex ? 16 : 10);
	return c > 0x10ffff ? 0 : (uint32_t)c;
}
