/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: a lesson's prose with its marks, broken into lines. */
#include <config.h>

#include "prose.h"

#include <stdio.h>
#include <string.h>

#include <arplab/utf8.h>

#include "wrap.h"

/* Marks that are open, a bit each. A word may be strong and code at once; code wins. */
static enum role role_of(unsigned marks, enum role plain)
{
	if (marks & 1u << PROSE_CODE)
		return ROLE_CODE;
	if (marks & 1u << PROSE_STRONG)
		return ROLE_STRONG;
	return marks & 1u << PROSE_EM ? ROLE_EM : plain;
}

/* Draw what stands before `end`; marks open and close on the way. */
static void put_marked(struct canvas *c, int row, int column, enum role plain, unsigned *marks,
	const char *s, const char *end)
{
	while (s < end) {
		if (is_mark(*s)) {
			*marks ^= 1u << *s++;
			continue;
		}
		char bytes[5] = "";
		utf8_put(bytes, utf8_next(&s));
		column = canvas_put(c, row, column, role_of(*marks, plain), bytes);
	}
}

int prose_width(const char *marked)
{
	int cells = 0;
	while (*marked) {
		if (is_mark(*marked))
			marked++;
		else
			cells += (int)utf8_cells(utf8_next(&marked));
	}
	return cells;
}

void text_unmarked(struct text *t, const char *marked)
{
	for (; *marked; marked++)
		if (!is_mark(*marked))
			text_char(t, *marked);
}

void prose_led(
	struct lines *l, enum role lead_role, const char *lead, enum role role, const char *text)
{
	int indent = (int)utf8_width(lead);
	int columns = l->r.columns - indent > 1 ? l->r.columns - indent : 1;
	unsigned marks = 0;
	canvas_put(l->c, l->r.row + l->row, l->r.column, lead_role, lead);
	if (!*text)
		l->row++;
	while (*text) {
		const char *next;
		const char *end = wrap_line(text, columns, true, &next);
		put_marked(
			l->c, l->r.row + l->row++, l->r.column + indent, role, &marks, text, end);
		text = next;
	}
}

/* Every line begins with the lead: quotes. */
static void quote(struct lines *l, const char *text)
{
	int row = l->row;
	struct lines inner = *l;
	inner.r.column += 2;
	inner.r.columns -= 2;
	prose_led(&inner, ROLE_TEXT, "", ROLE_DIM, text);
	for (l->row = inner.row; row < l->row; row++)
		canvas_put(l->c, l->r.row + row, l->r.column, ROLE_DIM, l->c->ascii ? "|" : "│");
}

/* Its line feeds are its own; a line that is too long goes on further in. */
static void listing(struct lines *l, const char *text)
{
	while (*text) {
		char line[ROW_TEXT_SIZE];
		struct text t = text_in(line, sizeof line);
		size_t len = strcspn(text, "\n");
		text_putn(&t, text, len);
		text_end(&t);
		prose_led(l, ROLE_TEXT, "  ", ROLE_CODE, line);
		text += len + (text[len] == '\n');
	}
}

static void list_item(struct lines *l, const struct prose *p)
{
	char lead[16];
	struct lines inner = *l;
	int indent = (int)(p->depth < 6 ? p->depth : 6) * 2;
	inner.r.column += indent;
	inner.r.columns -= indent;
	if (p->number)
		snprintf(lead, sizeof lead, "%u. ", p->number);
	else
		snprintf(lead, sizeof lead, "%s ", l->c->ascii ? "-" : "•");
	prose_led(&inner, ROLE_DIM, lead, ROLE_TEXT, p->text);
	l->row = inner.row;
}

static void block(struct lines *l, const struct prose *p)
{
	switch (p->kind) {
	case PROSE_PARAGRAPH:
		prose_led(l, ROLE_TEXT, "", ROLE_TEXT, p->text);
		break;
	case PROSE_ITEM:
		list_item(l, p);
		break;
	case PROSE_LISTING:
		listing(l, p->text);
		break;
	case PROSE_QUOTE:
		quote(l, p->text);
		break;
	case PROSE_HEADING:
		prose_led(l, ROLE_TEXT, "", ROLE_STRONG, p->text);
		break;
	}
}

void prose_blocks(struct lines *l, const struct prose *p, size_t count, bool airy)
{
	for (size_t i = 0; i < count; i++) {
		bool list = i && p[i].kind == PROSE_ITEM && p[i - 1].kind == PROSE_ITEM;
		if (i && (airy || !list))
			l->row++;
		block(l, &p[i]);
	}
}
