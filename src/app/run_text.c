/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: prose of lessons as lines of plain text. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include <arplab/utf8.h>

#include "run.h"
#include "src/view/wrap.h"

#define LINE_COLUMNS 78

static void put_unmarked(const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_mark(word[i]))
			putchar(word[i]);
}

/* Columns of a word: its characters but for marks; a wide character takes two. */
static unsigned word_width(const char *word, size_t len)
{
	unsigned width = 0;
	for (const char *at = word; at < word + len;) {
		bool mark = is_mark(*at);
		unsigned cells = utf8_cells(utf8_next(&at));
		width += mark ? 0 : cells;
	}
	return width;
}

/* Bytes up to where the line may end: a space, or the next of the characters that none part. */
static size_t word_length(const char *word)
{
	const char *end = word;
	for (uint32_t before = 0; *end && *end != ' ' && *end != '\n';) {
		const char *at = end;
		uint32_t c = utf8_next(&at);
		if (is_mark(*end))
			c = before;
		else if (before && wrap_between(before, c))
			break;
		before = c;
		end = at;
	}
	return (size_t)(end - word);
}

/* Words behind a lead such as "- ", under which the lines that follow do not begin. */
static void print_led(const char *lead, const char *text, unsigned indent)
{
	unsigned column = 0;
	while (*text) {
		size_t blanks = strspn(text, " \n");
		text += blanks;
		size_t len = word_length(text);
		if (!len)
			break;
		unsigned width = word_width(text, len);
		if (column && column + (blanks > 0) + width > LINE_COLUMNS) {
			putchar('\n');
			column = 0;
		}
		if (column && blanks) {
			putchar(' ');
			column++;
		} else if (!column) {
			printf("%*s%s", (int)(indent - strlen(lead)), "", lead);
			column = indent;
			lead = "";
		}
		put_unmarked(text, len);
		column += width;
		text += len;
	}
	if (column)
		putchar('\n');
}

void run_print_wrapped(const char *text, unsigned indent)
{
	print_led("", text, indent);
}

static void print_listing(const char *text, unsigned indent)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		printf("%*s%.*s\n", (int)indent + 4, "", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

void run_print_prose(const struct prose *p, size_t count, unsigned indent)
{
	for (size_t i = 0; i < count; i++) {
		unsigned at = indent + 2 * p[i].depth;
		char lead[16] = "- ";
		if (i == 0 || p[i].kind != PROSE_ITEM || p[i - 1].kind != PROSE_ITEM)
			putchar('\n');
		switch (p[i].kind) {
		case PROSE_LISTING:
			print_listing(p[i].text, at);
			break;
		case PROSE_ITEM:
			if (p[i].number)
				snprintf(lead, sizeof lead, "%u. ", p[i].number);
			print_led(lead, p[i].text, at + (unsigned)strlen(lead));
			break;
		case PROSE_PARAGRAPH:
		case PROSE_QUOTE:
		case PROSE_HEADING:
			run_print_wrapped(p[i].text, at);
			break;
		}
	}
}
