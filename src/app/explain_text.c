/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: an explanation as text for people: the verdict, then the rules that were asked, in the
 * kernel's order.
 */
#include <config.h>

#include "explain.h"

#include <stdio.h>
#include <string.h>

#include "sheet.h"

static void print_verdict(struct sheet *s, const char *lead, const char *sentence)
{
	sheet_begin(s, 0, *lead ? 2 : 0);
	sheet_put(s, SHEET_PLAIN, lead);
	sheet_put(s, SHEET_BOLD, sentence);
	sheet_end(s);
}

static void print_aside(struct sheet *s, const char *aside)
{
	if (!*aside)
		return;
	sheet_begin(s, 0, 0);
	sheet_put(s, SHEET_PLAIN, aside);
	sheet_end(s);
}

static void print_what_if(struct sheet *s, const struct explain_sets *sets,
	const struct explain_answer *now, const struct explain_answer *then)
{
	char lead[EXPLAIN_SETS * (EXPLAIN_SET_SIZE + 2) + 8];
	struct text t = text_in(lead, sizeof lead);
	text_put(&t, "with");
	for (size_t i = 0; i < sets->count; i++) {
		text_char(&t, ' ');
		text_name(&t, sets->words[i], EXPLAIN_SET_SIZE);
		text_put(&t, i + 1 < sets->count ? "," : ":");
	}
	text_end(&t);
	bool same = strcmp(now->sentence, then->sentence) == 0;
	print_verdict(s, "now:", now->sentence);
	if (strcmp(now->aside, then->aside) != 0)
		print_aside(s, now->aside);
	print_verdict(s, lead, same ? "the same." : then->sentence);
	print_aside(s, then->aside);
}

static void print_rules(struct sheet *s, const struct trace *trace, bool all)
{
	char words[120];
	putchar('\n');
	size_t left_out = app_print_ladder(s, trace, all);
	bool one = left_out == 1;
	if (!left_out)
		return;
	snprintf(words, sizeof words,
		"%zu rule%s that everyday frames pass %s left out; --all shows %s.", left_out,
		one ? "" : "s", one ? "is" : "are", one ? "it" : "them");
	sheet_begin(s, 2, 2);
	sheet_put(s, SHEET_DIM, words);
	sheet_end(s);
}

void explain_text(const struct app_options *o, const struct explain_sets *sets,
	const struct explain_answer *now, const struct explain_answer *then)
{
	struct sheet s = sheet_for(o);
	if (then) {
		print_what_if(&s, sets, now, then);
	} else {
		print_verdict(&s, "", now->sentence);
		print_aside(&s, now->aside);
	}
	print_rules(&s, then ? &then->trace : &now->trace, o->all);
}
