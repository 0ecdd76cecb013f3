/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: ladders of a lesson, as plain lines for a learner and as JSON beside a proof. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>

#include <arplab/i18n.h>
#include <arplab/text.h>

#include "explain.h"
#include "run.h"
#include "sheet.h"

#define MARGIN 2
#define ROOM (1u << 17) /* A ladder of all rules fits, even with each letter escaped. */

/* ---- lines ---- */

static void print_line(struct sheet *s, enum sheet_style style, const char *words)
{
	sheet_begin(s, 0, 0);
	sheet_put(s, style, words);
	sheet_end(s);
}

static void print_folded(struct sheet *s, const struct trace *trace)
{
	char words[80];
	size_t folded = 0;
	for (size_t i = 0; i < trace->count; i++)
		folded += !rung_matters(&trace->rungs[i]);
	if (!folded)
		return;
	snprintf(words, sizeof words,
		ngettext("%s %zu everyday rule lets it through",
			"%s %zu everyday rules let it through", folded),
		s->ascii ? "-" : "·", folded);
	sheet_begin(s, 2, 4);
	sheet_put(s, SHEET_DIM, words);
	sheet_end(s);
}

static void print_rungs(struct sheet *s, const struct ladder_shown *shown)
{
	char words[320], verdict[240];
	struct text t = text_in(words, sizeof words), v = text_in(verdict, sizeof verdict);
	print_folded(s, &shown->trace);
	app_print_ladder(s, &shown->trace, false);
	/* The rung that decided has said why. */
	verdict_text(&v, shown->host, &shown->verdict, NULL);
	text_printf(&t, _("So %s."), text_end(&v));
	print_line(s, SHEET_BOLD, text_end(&t));
	if (shown->contradicted)
		print_line(s, SHEET_BOLD, ladder_contradicted());
}

void run_print_ladder(const struct ladder *l, const struct ladder_shown *shown,
	const struct world *w, const struct app_options *o)
{
	char question[160];
	struct text t = text_in(question, sizeof question);
	struct sheet s = sheet_for(o);
	s.margin = MARGIN;
	putchar('\n');
	ladder_asks(&t, l, w, shown);
	print_line(&s, SHEET_BOLD, text_end(&t));
	if (shown)
		print_rungs(&s, shown);
	else
		print_line(&s, SHEET_DIM, ladder_not_yet());
}

/* ---- JSON ---- */

static void put_string(struct text *t, const char *lead, const char *value)
{
	text_put(t, lead);
	text_json(t, value);
	text_char(t, '"');
}

void run_json_ladder(const struct lesson *lesson, const struct step *step, const struct ladder *l,
	const struct ladder_shown *shown)
{
	struct explain_answer *a = calloc(1, sizeof *a);
	char *bytes = malloc(ROOM);
	if (!a || !bytes)
		abort();
	a->verdict = shown->verdict;
	a->trace = shown->trace;
	struct text sentence = text_in(a->sentence, sizeof a->sentence);
	verdict_text(&sentence, shown->host, &a->verdict, &a->trace);
	text_end(&sentence);
	struct text t = text_in(bytes, ROOM);
	put_string(&t, "{\"lesson\":\"", lesson->id);
	put_string(&t, ",\"step\":\"", step->id);
	text_printf(&t, ",\"line\":%u", l->line);
	put_string(&t, ",\"ladder\":\"", l->text);
	put_string(&t, ",\"question\":\"", question_name(a->verdict.question));
	put_string(&t, ",\"host\":\"", shown->host->name);
	text_char(&t, ',');
	explain_put_answer(&t, shown->host, a);
	text_char(&t, '}');
	puts(text_end(&t));
	free(bytes);
	free(a);
}
