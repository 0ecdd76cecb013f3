/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: an explanation as text for people: the verdict, then the rules that were asked, in the
 * kernel's order.
 */
#include <config.h>

#include "explain.h"

#include <stdio.h>
#include <string.h>

#include <arplab/i18n.h>

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
	char words[EXPLAIN_SETS * (EXPLAIN_SET_SIZE + 2) + 1], lead[sizeof words + 32];
	struct text t = text_in(words, sizeof words);
	for (size_t i = 0; i < sets->count; i++) {
		text_put(&t, i ? ", " : "");
		text_name(&t, sets->words[i], EXPLAIN_SET_SIZE);
	}
	snprintf(lead, sizeof lead, _("with %s:"), text_end(&t));
	bool same = strcmp(now->sentence, then->sentence) == 0;
	print_verdict(s, _("now:"), now->sentence);
	if (strcmp(now->aside, then->aside) != 0)
		print_aside(s, now->aside);
	print_verdict(s, lead, same ? _("the same.") : then->sentence);
	print_aside(s, then->aside);
}

static void print_rules(struct sheet *s, const struct trace *trace, bool all)
{
	char words[160];
	putchar('\n');
	size_t left_out = app_print_ladder(s, trace, all);
	if (!left_out)
		return;
	snprintf(words, sizeof words,
		ngettext("%zu rule that everyday frames pass is left out; --all shows it.",
			"%zu rules that everyday frames pass are left out; --all shows them.",
			left_out),
		left_out);
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
