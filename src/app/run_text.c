/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: prose of lessons as lines of plain text. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include <arplab/utf8.h>

#include "run.h"

#define LINE_COLUMNS 78

static bool is_mark(char c)
{
	return c == PROSE_STRONG || c == PROSE_EM || c == PROSE_CODE;
}

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

/* Words behind a lead such as "- ", under which the lines that follow do not begin. */
static void print_led(const char *lead, const char *text, unsigned indent)
{
	unsigned column = 0;
	while (*text) {
		text += strspn(text, " \n");
		size_t len = strcspn(text, " \n");
		if (!len)
			break;
		unsigned width = word_width(text, len);
		if (column && column + 1 + width > LINE_COLUMNS) {
			putchar('\n');
			column = 0;
		}
		if (column) {
			putchar(' ');
			column++;
		} else {
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
