/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: what must be true of a step, so that it can be played and can be proved. */
#include <config.h>

#include <arplab/i18n.h>

#include "lesson_parts.h"

static void check_task(struct reader *r, const struct step *s)
{
	const struct item *solve = NULL;
	bool checked = false;
	for (size_t n = 0; n < s->item_count; n++) {
		const struct item *i = &s->items[n];
		checked = checked || i->kind == ITEM_CHECK;
		if (i->kind == ITEM_SOLVE && solve)
			faults_add(r->faults, i->line,
				_("the step has a ```solve already, see line %u: a step has one "
				  "task."),
				solve->line);
		else if (i->kind == ITEM_SOLVE)
			solve = i;
	}
	if (!checked)
		faults_add(r->faults, solve->line,
			_("there is a solution and nothing that it makes true: the step needs a "
			  "```check."));
}

static void check_observation(struct reader *r, const struct step *s)
{
	bool done = false;
	for (size_t n = 0; n < s->item_count; n++) {
		const struct item *i = &s->items[n];
		done = done || i->kind == ITEM_DO;
		if (i->kind == ITEM_HINT)
			faults_add(r->faults, i->line,
				_("a hint helps with a task, and this step has none: it has no "
				  "```solve."));
		if (i->kind == ITEM_CHECK && !done)
			faults_add(r->faults, i->line,
				_("nothing could make this check true: a ```do must stand before "
				  "it, "
				  "or "
				  "a ```solve in its step."));
	}
}

void rules_check(struct reader *r)
{
	struct lesson *l = r->l;
	for (struct step *s = l->steps; s < l->steps + l->step_count; s++) {
		for (size_t i = 0; i < s->item_count; i++)
			s->has_solve = s->has_solve || s->items[i].kind == ITEM_SOLVE;
		if (s->has_solve)
			check_task(r, s);
		else
			check_observation(r, s);
	}
}
