/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: paragraphs on standard output, wrapped at 80 columns. */
#include <config.h>

#include "sheet.h"

#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arplab/utf8.h>

#include "src/view/wrap.h"

#define COLUMNS 80
#define PIECE_MAX 60

struct sheet sheet_for(const struct app_options *o)
{
	const char *no_colour = getenv("NO_COLOR");
	return (struct sheet) {
		.colour = isatty(STDOUT_FILENO) && !o->mono && (!no_colour || !*no_colour),
		.ascii = o->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0,
	};
}

static void set_style(struct sheet *s, enum sheet_style style)
{
	static const char *const codes[] = { "\033[0m", "\033[0;1m", "\033[0;2m" };
	if (s->colour && style != s->style)
		fputs(codes[style], stdout);
	s->style = style;
}

static void stand_in(struct sheet *s, unsigned blanks)
{
	printf("%*s", (int)blanks, "");
	s->column = blanks;
	s->fresh = true;
}

void sheet_begin(struct sheet *s, unsigned first, unsigned rest)
{
	s->indent = s->margin + rest;
	stand_in(s, s->margin + first);
}

/* A style does not colour the rest of a line. */
static void end_line(struct sheet *s)
{
	enum sheet_style style = s->style;
	set_style(s, SHEET_PLAIN);
	putchar('\n');
	stand_in(s, s->indent);
	set_style(s, style);
}

/* Chinese punctuation brings its own room. */
static bool wants_no_blank(uint32_t c)
{
	return (c >= 0x3000 && c < 0x3040) || (c >= 0xff01 && c < 0xff61);
}

/* parted: a blank stands before it, if it does not begin a line. */
static void put_piece(struct sheet *s, const char *piece, size_t len, bool parted)
{
	char copy[512];
	struct text t = text_in(copy, sizeof copy);
	text_putn(&t, piece, len);
	unsigned width = utf8_width(text_end(&t));
	if (!s->fresh && s->column + parted + width > COLUMNS)
		end_line(s);
	if (!s->fresh && parted) {
		putchar(' ');
		s->column++;
	}
	fputs(copy, stdout);
	s->column += width;
	s->fresh = false;
	for (const char *at = copy; *at;)
		s->last = utf8_next(&at);
}

/* Bytes of a word: up to a blank, or a place between wide characters where a line may end. */
static size_t word_length(const char *word, bool *inside)
{
	const char *end = word;
	for (uint32_t before = 0; *end && *end != ' ';) {
		const char *at = end;
		uint32_t c = utf8_next(&at);
		if (before && !*inside && wrap_between(before, c))
			break;
		*inside = c == '(' || (*inside && c != ')');
		before = c;
		end = at;
	}
	return (size_t)(end - word);
}

/*
 * Bytes up to where a line may end: not between brackets, and not around an equals sign, so that
 * "arp_ignore = max(all 0, eth0 1) = 1" is read at one glance.
 */
static size_t piece_length(const char *words)
{
	size_t len = 0;
	bool inside = false, glued = true;
	while (glued && words[len] && len < PIECE_MAX) {
		size_t from = len + strspn(words + len, " ");
		size_t to = from + word_length(words + from, &inside);
		glued = inside || strncmp(words + to, " = ", 3) == 0 ||
			(to - from == 1 && words[from] == '=');
		len = to;
	}
	return len;
}

void sheet_put(struct sheet *s, enum sheet_style style, const char *words)
{
	set_style(s, style);
	/* Each call begins a word; behind that, the text itself says where blanks are. */
	bool first = true;
	while (*words) {
		size_t blanks = strspn(words, " ");
		words += blanks;
		size_t len = piece_length(words);
		if (!len)
			break;
		put_piece(s, words, len, first ? !wants_no_blank(s->last) : blanks > 0);
		words += len;
		first = false;
	}
}

void sheet_end(struct sheet *s)
{
	set_style(s, SHEET_PLAIN);
	putchar('\n');
}
