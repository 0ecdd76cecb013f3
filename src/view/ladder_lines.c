/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: the rules that were asked, as lines; those that every frame passes are only counted. */
#include <config.h>

#include "ladder_lines.h"

#include "prose.h"

#include <arplab/i18n.h>

#define INDENT "  "

static const char *mark_passed(const struct lines *l)
{
	return l->c->ascii ? "- " : "· ";
}

static const char *mark_decides(const struct lines *l, const struct rung *r)
{
	if (r->unknown)
		return "? ";
	return l->c->ascii ? "> " : "▸ ";
}

static void tell_folded(struct lines *l, const struct trace *trace)
{
	size_t folded = 0;
	for (size_t i = 0; i < trace->count; i++)
		folded += !rung_matters(&trace->rungs[i]);
	if (!folded)
		return;
	char bytes[64];
	struct text t = text_in(bytes, sizeof bytes);
	text_printf(&t,
		ngettext("%zu everyday rule lets it through", "%zu everyday rules let it through",
			folded),
		folded);
	prose_led(l, ROLE_DIM, mark_passed(l), ROLE_DIM, text_end(&t));
}

static void tell_rung(struct lines *l, const struct rung *r, bool decides)
{
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	enum role role = decides ? ROLE_STRONG : ROLE_TEXT;
	text_put(&t, _(r->rule->question));
	text_put(&t, r->unknown ? "" : r->holds ? _("  yes") : _("  no"));
	prose_led(l, role, decides ? mark_decides(l, r) : mark_passed(l), role, text_end(&t));
	prose_led(l, ROLE_TEXT, INDENT, decides ? ROLE_TEXT : ROLE_DIM, r->found);
}

static void tell_place(struct lines *l, const struct rule *rule)
{
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	text_printf(&t, _("rule %s, %s"), rule->id, rule->kernel);
	prose_led(l, ROLE_TEXT, INDENT, ROLE_DIM, text_end(&t));
}

void ladder_lines(struct lines *l, const struct trace *trace)
{
	tell_folded(l, trace);
	for (size_t i = 0; i < trace->count; i++)
		if (rung_matters(&trace->rungs[i]))
			tell_rung(l, &trace->rungs[i], i + 1 == trace->count);
	if (trace->count)
		tell_place(l, trace_last(trace)->rule);
}

void ladder_told(struct lines *l, const struct ladder *ladder, const struct world *w,
	const struct ladder_shown *shown)
{
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	ladder_asks(&t, ladder, w, shown);
	prose_led(l, ROLE_TEXT, "", ROLE_STRONG, text_end(&t));
	if (!shown) {
		prose_led(l, ROLE_TEXT, "", ROLE_DIM, ladder_not_yet());
		return;
	}
	ladder_lines(l, &shown->trace);
	/* The rung that decided has said why. */
	t = text_in(bytes, sizeof bytes);
	char said[ROW_TEXT_SIZE];
	struct text v = text_in(said, sizeof said);
	verdict_text(&v, shown->host, &shown->verdict, NULL);
	text_printf(&t, _("So %s."), text_end(&v));
	prose_led(l, ROLE_TEXT, "", ROLE_STRONG, text_end(&t));
	if (shown->contradicted)
		prose_led(l, ROLE_TEXT, "", ROLE_BAD, ladder_contradicted());
}
