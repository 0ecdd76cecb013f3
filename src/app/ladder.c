/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: the rules that were asked, as lines for people and as JSON. */
#include <config.h>

#include <arplab/i18n.h>

#include "sheet.h"

#define MARK_AT 2
#define WORDS_AT 4

/* ---- lines ---- */

static const char *mark(const struct sheet *s, const struct rung *r)
{
	if (r->unknown)
		return "?";
	if (r->holds)
		return s->ascii ? ">" : "→";
	return s->ascii ? "-" : "·";
}

static void print_rung(struct sheet *s, const struct rung *r)
{
	enum sheet_style style = r->holds || r->unknown ? SHEET_BOLD : SHEET_PLAIN;
	char place[160];
	struct text t = text_in(place, sizeof place);
	sheet_begin(s, MARK_AT, WORDS_AT);
	sheet_put(s, style, mark(s, r));
	sheet_put(s, style, _(r->rule->question));
	sheet_end(s);
	sheet_begin(s, WORDS_AT, WORDS_AT);
	sheet_put(s, style,
		r->unknown ? _("It cannot be told:")
		: r->holds ? C_("rung", "Yes:")
			   : C_("rung", "No:"));
	sheet_put(s, style, r->found);
	sheet_end(s);
	text_put(&t, r->rule->id);
	text_put(&t, r->rule->kernel[0] ? ", " : "");
	text_put(&t, r->rule->kernel);
	sheet_begin(s, WORDS_AT, WORDS_AT);
	sheet_put(s, SHEET_DIM, text_end(&t));
	sheet_end(s);
}

size_t app_print_ladder(struct sheet *s, const struct trace *trace, bool all)
{
	size_t left_out = 0;
	for (size_t i = 0; i < trace->count; i++)
		if (all || rung_matters(&trace->rungs[i]))
			print_rung(s, &trace->rungs[i]);
		else
			left_out++;
	return left_out;
}

/* ---- JSON ---- */

static void add_string(struct text *t, const char *name, const char *value)
{
	text_printf(t, ",\"%s\":\"", name);
	text_json(t, value);
	text_char(t, '"');
}

void app_json_ladder(struct text *t, const struct trace *trace)
{
	text_char(t, '[');
	for (size_t i = 0; i < trace->count; i++) {
		const struct rung *r = &trace->rungs[i];
		text_put(t, i ? ",{" : "{");
		text_printf(t, "\"holds\":%s", r->unknown ? "null" : r->holds ? "true" : "false");
		add_string(t, "rule", r->rule->id);
		add_string(t, "question", r->rule->question);
		add_string(t, "found", r->found);
		add_string(t, "kernel", r->rule->kernel);
		text_char(t, '}');
	}
	text_char(t, ']');
}
