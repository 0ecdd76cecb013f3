/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: lines of text and of "name  value" in the detail pane. */
#include <config.h>

#include "detail_lines.h"

void detail_line(struct lines *l, enum role role, const char *text)
{
	canvas_put_cut(l->c, l->r.row + l->row++, l->r.column, l->r.columns, role, text);
}

void detail_pair(struct lines *l, const char *name, enum role role, struct text *value)
{
	canvas_put_cut(l->c, l->r.row + l->row, l->r.column, 11, ROLE_DIM, name);
	canvas_put_cut(l->c, l->r.row + l->row, l->r.column + 12, l->r.columns - 12, role,
		text_end(value));
	l->row++;
}

void detail_pair_text(struct lines *l, const char *name, enum role role, const char *value)
{
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	text_put(&t, value);
	detail_pair(l, name, role, &t);
}

void detail_wrapped(struct lines *l, enum role role, const char *text)
{
	struct rect r = l->r;
	r.row += l->row;
	r.rows = ROW_TEXT_SIZE; /* The clip ends it; no line is lost before. */
	l->row += canvas_wrap(l->c, r, role, text);
}
