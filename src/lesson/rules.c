/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: what must be true of a step, so that it can be played and can be proved. */
#include <config.h>

#include <string.h>

#include <arplab/i18n.h>

#include "lesson_parts.h"

/* One task a step; a ticket's may be solved in several ways, which are all proved. */
static void check_task(struct reader *r, const struct step *s)
{
	const struct item *solve = NULL;
	bool checked = false, breaks = false;
	for (size_t n = 0; n < s->item_count; n++) {
		const struct item *i = &s->items[n];
		checked = checked || i->kind == ITEM_CHECK;
		breaks = breaks || i->kind == ITEM_BREAK;
		if (i->kind == ITEM_SOLVE && solve && !breaks)
			faults_add(r->faults, i->line,
				_("the step has a ```solve already, see line %u: a step has one "
				  "task."),
				solve->line);
		else if (i->kind == ITEM_SOLVE)
			solve = i;
		if (i->kind == ITEM_DEBRIEF && !checked)
			faults_add(r->faults, i->line,
				_("a debrief is told when the task is done: it stands behind the "
				  "```check."));
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
		if (i->kind == ITEM_BREAK || i->kind == ITEM_WRONG || i->kind == ITEM_DEBRIEF)
			faults_add(r->faults, i->line,
				_("this block belongs to a task, and this step has none: it has "
				  "no ```solve."));
		if (i->kind == ITEM_CHECK && !done)
			faults_add(r->faults, i->line,
				_("nothing could make this check true: a ```do must stand before "
				  "it, "
				  "or "
				  "a ```solve in its step."));
	}
}

/* Each cause must have a way out. */
static void check_solvable(struct reader *r, const struct step *s)
{
	for (size_t n = 0; n < s->item_count; n++) {
		const struct item *b = &s->items[n];
		bool solved = b->kind != ITEM_BREAK || !b->cause[0];
		for (size_t k = 0; k < s->item_count && !solved; k++)
			solved =
				s->items[k].kind == ITEM_SOLVE &&
				(!s->items[k].cause[0] || strcmp(s->items[k].cause, b->cause) == 0);
		if (!solved)
			faults_add(
				r->faults, b->line, _("the cause %s has no ```solve."), b->cause);
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
		check_solvable(r, s);
	}
}
