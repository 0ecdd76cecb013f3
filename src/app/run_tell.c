/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: a step as it stands, in plain lines: what has come into sight is printed once. */
#include <config.h>

#include <stdio.h>

#include <arplab/i18n.h>

#include "run.h"

static void print_orders(const struct item *item)
{
	for (size_t i = 0; i < item->order_count; i++)
		printf("    $ %s\n", item->orders[i].text);
}

static void print_question(const struct item *item)
{
	putchar('\n');
	run_print_wrapped(item->text, 0);
	for (size_t i = 0; i < item->choice_count; i++)
		printf("  %zu  %s\n", i + 1, item->choices[i].name);
}

static void print_item(const struct play *p, const struct item *item)
{
	switch (item->kind) {
	case ITEM_PROSE:
	case ITEM_DEBRIEF:
		run_print_prose(item->prose, item->prose_count, 0);
		break;
	case ITEM_PREDICT:
		print_question(item);
		break;
	case ITEM_DO:
		putchar('\n');
		print_orders(item);
		break;
	case ITEM_CHECK:
		if (p->phase == PLAY_TASK)
			printf("\n%s\n",
				p->no_solve
					? _("Your turn. Type orders, an empty line to check, or: "
					    "why, reset, skip, quit.")
					: _("Your turn. Type orders, an empty line to check, or: "
					    "hint, solve, why, reset, skip, quit."));
		break;
	case ITEM_HINT: /* These come on demand. */
	case ITEM_SOLVE:
	case ITEM_WHY:
	case ITEM_BREAK: /* And these never. */
	case ITEM_WRONG:
		break;
	}
}

static void print_claims(const struct play *p)
{
	const struct step *step = &p->lesson->steps[p->step];
	const struct item *check = &step->items[p->check_item];
	for (size_t i = 0; i < p->claim_count && i < check->claim_count; i++) {
		printf("  [%s] %s\n", p->claims[i].holds ? "ok" : "--", check->claims[i].text);
		if (p->claims[i].seen[0])
			printf("       %s\n", p->claims[i].seen);
	}
}

/* The number-th item of a kind in the step, or NULL. */
static const struct item *nth(const struct step *step, enum item_kind kind, size_t number)
{
	for (size_t i = 0; i < step->item_count; i++)
		if (step->items[i].kind == kind && number-- == 0)
			return &step->items[i];
	return NULL;
}

static void show_step(struct told *t, const struct play *p)
{
	const struct step *step = &p->lesson->steps[p->step];
	printf("\n== %zu/%zu  %s\n", p->step + 1, p->lesson->step_count, step->title);
	*t = (struct told) { .step = p->step };
}

/* Predict, observe, explain: replies come when what was done has been seen. */
static void show_replies(struct told *t, const struct play *p, const struct step *step)
{
	for (size_t i = 0; i < step->item_count && i < PLAY_ITEMS_MAX; i++) {
		if (t->replies >> i & 1 || !play_replied(p, i))
			continue;
		const struct choice *c = &step->items[i].choices[p->chosen[i]];
		t->replies |= UINT64_C(1) << i;
		putchar('\n');
		printf(c->right ? _("  You predicted: %s. Right.\n")
				: _("  You predicted: %s. Not quite.\n"),
			c->name);
		run_print_wrapped(c->reply, 2);
	}
}

/* The orders that solve the task, before they are carried out. */
static void show_solution(struct told *t, const struct play *p, const struct step *step)
{
	if (t->solution || !p->solved_by_us)
		return;
	t->solution = true;
	for (size_t i = 0; i < step->item_count; i++)
		if (step->items[i].kind == ITEM_SOLVE && play_shows(p, i))
			print_orders(&step->items[i]);
}

static void show_help(struct told *t, const struct play *p, const struct step *step)
{
	for (; t->hints < p->hints_shown; t->hints++) {
		const struct item *hint = nth(step, ITEM_HINT, t->hints);
		if (hint)
			run_print_prose(hint->prose, hint->prose_count, 2);
	}
}

/*
 * A ladder whose frame has not been seen when it is asked for is made up for when the learner is
 * asked something next, or the step is done.
 */
static void show_ladders(struct told *t, const struct play *p, size_t i, size_t first,
	const struct headless *h, const struct app_options *o)
{
	const struct item *why = &p->lesson->steps[p->step].items[i];
	bool pause =
		p->phase == PLAY_PREDICT || p->phase == PLAY_TASK || p->phase == PLAY_STEP_DONE;
	struct ladder_shown shown;
	for (size_t k = 0; k < why->ladder_count && first + k < 64; k++) {
		const struct ladder *l = &why->ladders[k];
		uint64_t bit = UINT64_C(1) << (first + k);
		if (t->ladders & bit || (t->why && !pause))
			continue;
		if (play_ladder(p, i, k, h->past, &h->world, &shown)) {
			run_print_ladder(l, &shown, &h->world, o);
			t->ladders |= bit;
		} else if (!t->why) {
			run_print_ladder(l, NULL, &h->world, o);
		}
	}
}

static void show_why(struct told *t, const struct play *p, const struct step *step,
	const struct headless *h, const struct app_options *o)
{
	size_t ladders = 0;
	for (size_t i = 0; p->why_shown && i < step->item_count; i++) {
		const struct item *why = &step->items[i];
		if (why->kind != ITEM_WHY)
			continue;
		if (!t->why)
			run_print_prose(why->prose, why->prose_count, 2);
		show_ladders(t, p, i, ladders, h, o);
		ladders += why->ladder_count;
	}
	t->why = p->why_shown;
}

void run_tell(
	struct told *t, const struct play *p, const struct headless *h, const struct app_options *o)
{
	if (p->phase == PLAY_BUILDING || p->phase == PLAY_MENU)
		return;
	if (t->step != p->step)
		show_step(t, p);
	const struct step *step = &p->lesson->steps[p->step];
	if (p->checks != t->checks && p->phase != PLAY_LOOKING) {
		t->checks = p->checks;
		print_claims(p);
	}
	show_solution(t, p, step);
	show_replies(t, p, step);
	while (t->items < step->item_count && play_shows(p, t->items))
		print_item(p, &step->items[t->items++]);
	show_help(t, p, step);
	show_why(t, p, step, h, o);
	fflush(stdout);
}
