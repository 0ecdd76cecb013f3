/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lesson: any bytes at all become lines of UTF-8, or findings.
 *
 * A lesson comes from anywhere, so nothing about its bytes is believed: whoever reads on behind
 * this file has a terminated text without control characters but line feeds and tabs, of bounded
 * size, and for md4c of bounded nesting.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <arplab/i18n.h>
#include <arplab/utf8.h>

#include "lesson_parts.h"

/* So many findings about bytes; with more of them it is no text, and each further says nothing. */
#define BYTE_FAULTS_MAX 5

/* Bytes of lines without an empty one between them, and marks of lists and quotations in a line. */
#define PARAGRAPH_MAX 8192
#define MARKS_MAX 16

static void tell_byte(struct faults *f, unsigned line, size_t column, const char *at, size_t len)
{
	uint8_t byte = (uint8_t)*at;
	if (len == 1 && byte >= 0x80)
		faults_add(f, line, _("byte %zu (0x%02x) is not UTF-8: save the file in UTF-8."),
			column, byte);
	else if (byte == '\r')
		faults_add(f, line,
			_("byte %zu is a carriage return without a line feed: end lines with line "
			  "feeds."),
			column);
	else if (len == 1)
		faults_add(f, line, _("byte %zu is the control character 0x%02x: take it out."),
			column, byte);
	else
		faults_add(f, line,
			_("byte %zu begins a character that controls the direction of text, or was "
			  "lost when the file was converted: take it out."),
			column);
}

static bool is_plain(char c)
{
	return (c >= ' ' && c < 0x7f) || c == '\t';
}

/* text: terminated at len, but it may hold other NULs. */
static bool characters_are_fine(const char *text, size_t len, unsigned line, struct faults *f)
{
	unsigned found = 0;
	size_t begin = 0;
	for (size_t i = 0; i < len && found < BYTE_FAULTS_MAX;) {
		if (is_plain(text[i])) {
			i++;
			continue;
		}
		if (text[i] == '\n') {
			line++;
			begin = ++i;
			continue;
		}
		const char *next = text + i;
		uint32_t c = utf8_next(&next);
		size_t took = next == text + i ? 1 : (size_t)(next - (text + i));
		if (c == 0 || c == 0xfffd) {
			tell_byte(f, line, i - begin + 1, text + i, took);
			found++;
		}
		i += took;
	}
	return found == 0;
}

/* Without a BOM and with line feeds alone. */
static void copy_lines(struct source *s, const char *bytes, size_t len)
{
	struct buf b = { 0 };
	size_t i = len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	while (i < len) {
		const char *cr = memchr(bytes + i, '\r', len - i);
		size_t until = cr ? (size_t)(cr - bytes) : len;
		buf_put(&b, bytes + i, until - i);
		if (cr && (until + 1 == len || bytes[until + 1] != '\n'))
			buf_char(&b, '\r');
		i = cr ? until + 1 : len;
	}
	s->len = b.len;
	s->text = buf_take(&b);
}

static void find_lines(struct source *s)
{
	for (size_t at = 0; at < s->len; s->line_count++) {
		s->begins = grow_list(s->begins, s->line_count, sizeof *s->begins);
		s->begins[s->line_count] = at;
		const char *end = memchr(s->text + at, '\n', s->len - at);
		at = end ? (size_t)(end - s->text) + 1 : s->len;
	}
	s->begins = grow_list(s->begins, s->line_count, sizeof *s->begins);
	s->begins[s->line_count] = s->len;
}

bool source_read(struct source *ret, const char *bytes, size_t len, unsigned first_line,
	struct faults *faults)
{
	*ret = (struct source) { 0 };
	if (len > LESSON_BYTES_MAX) {
		faults_add(faults, 0, _("it has more than %u bytes, the most that are read."),
			LESSON_BYTES_MAX);
		return false;
	}
	copy_lines(ret, bytes, len);
	find_lines(ret);
	return characters_are_fine(ret->text, ret->len, first_line, faults);
}

void source_inside(struct source *ret, const char *text, size_t len)
{
	*ret = (struct source) { .text = copy_bytes(text, len), .len = len };
	find_lines(ret);
}

void source_done(struct source *s)
{
	free(s->text);
	free(s->begins);
	*s = (struct source) { 0 };
}

unsigned source_line(const struct source *s, size_t offset)
{
	unsigned low = 0, high = s->line_count;
	while (low + 1 < high) {
		unsigned middle = low + (high - low) / 2;
		if (s->begins[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	return low;
}

const char *source_get(const struct source *s, unsigned line, size_t *ret_len)
{
	const char *text = s->text + s->begins[line];
	size_t len = s->begins[line + 1] - s->begins[line];
	*ret_len = len > 0 && text[len - 1] == '\n' ? len - 1 : len;
	return text;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* How many marks of lists and quotations a line may begin with. s ends with a NUL or a line feed.
 */
static unsigned count_marks(const char *s)
{
	unsigned marks = 0;
	for (;;) {
		while (is_blank(*s))
			s++;
		const char *digits = s;
		while (*s >= '0' && *s <= '9')
			s++;
		bool number = s > digits && (*s == '.' || *s == ')');
		bool bullet = s == digits && (*s == '-' || *s == '+' || *s == '*');
		if (number || bullet) {
			if (!is_blank(*++s))
				return marks;
		} else if (s == digits && *s == '>') {
			s++;
		} else {
			return marks;
		}
		marks++;
	}
}

/*
 * md4c is linear in what people write, and not in what nobody does: a thousand lists one in the
 * other, a paragraph of a megabyte. Both are refused before it sees them.
 */
bool source_is_tame(const struct source *s, struct faults *faults)
{
	size_t paragraph = 0;
	for (unsigned i = 0; i < s->line_count; i++) {
		size_t len;
		const char *line = source_get(s, i, &len);
		paragraph = strspn(line, " \t") >= len ? 0 : paragraph + len + 1;
		if (paragraph > PARAGRAPH_MAX) {
			faults_add(faults, i + 1,
				_("more than %d bytes without an empty line: a step has a dozen "
				  "lines "
				  "of prose."),
				PARAGRAPH_MAX);
			return false;
		}
		if (count_marks(line) > MARKS_MAX) {
			faults_add(faults, i + 1,
				_("more than %d lists or quotations inside each other in one "
				  "line."),
				MARKS_MAX);
			return false;
		}
	}
	return true;
}

struct line_walk walk_begin(char *text, unsigned first_line)
{
	return (struct line_walk) { .next = text, .line = first_line - 1 };
}

char *walk_next(struct line_walk *w)
{
	char *line = w->next;
	if (!*line)
		return NULL;
	size_t len = strcspn(line, "\n");
	w->next = line + len + (line[len] == '\n');
	while (len > 0 && is_blank(line[len - 1]))
		len--;
	line[len] = '\0';
	w->line++;
	return line;
}

char *skip_blanks(char *s)
{
	while (is_blank(*s))
		s++;
	return s;
}

bool line_is_idle(const char *line)
{
	line += strspn(line, " \t");
	return !*line || *line == '#';
}
