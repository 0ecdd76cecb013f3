/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: what else a learner does in a play, and what there is to be seen of it. */
#include <config.h>

#include "play_parts.h"

/* How many items of a kind stand before item i. */
static size_t count_before(const struct step *s, enum item_kind kind, size_t i)
{
	size_t n = 0;
	for (size_t k = 0; k < i && k < s->item_count; k++)
		n += s->items[k].kind == kind;
	return n;
}

/* ---- predictions ---- */

void play_predict(struct play *p, size_t i)
{
	const struct step *s = play_step(p);
	struct step_record *r = &p->steps[p->step];
	if (p->phase != PLAY_PREDICT || i >= s->items[p->item].choice_count)
		return;
	/* Those that were made before, in an earlier playing, have been scored. */
	if (count_before(s, ITEM_PREDICT, p->item) == r->predictions) {
		r->predictions++;
		r->right = (uint8_t)(r->right + s->items[p->item].choices[i].right);
	}
	p->chosen[p->item] = (int8_t)i;
	p->item++;
	play_advance(p);
}

void play_score(const struct play *p, unsigned *ret_right, unsigned *ret_made)
{
	*ret_right = *ret_made = 0;
	for (size_t i = 0; i < p->lesson->step_count; i++) {
		*ret_right += p->steps[i].right;
		*ret_made += p->steps[i].predictions;
	}
}

/* ---- help ---- */

bool play_hint(struct play *p)
{
	const struct step *s = play_step(p);
	struct step_record *r = &p->steps[p->step];
	if (p->no_solve || p->hints_shown == count_before(s, ITEM_HINT, s->item_count))
		return false;
	p->hints_shown++;
	if (r->hints < p->hints_shown)
		r->hints = p->hints_shown;
	return true;
}

bool play_why(struct play *p)
{
	const struct step *s = play_step(p);
	if (count_before(s, ITEM_WHY, s->item_count) == 0 ||
		(p->no_solve && p->phase != PLAY_STEP_DONE))
		return false;
	p->why_shown = true;
	return true;
}

/* The one that belongs to the check that waits; of several ways to solve that, the first. */
static size_t solve_item(const struct play *p)
{
	const struct step *s = play_step(p);
	size_t wanted = count_before(s, ITEM_CHECK, p->item), last = 0;
	if (p->remedy != SIZE_MAX)
		return p->remedy;
	for (size_t i = 0, n = 0; i < s->item_count; i++) {
		if (s->items[i].kind != ITEM_SOLVE)
			continue;
		last = i;
		if (n++ == wanted)
			break;
	}
	return last;
}

bool play_hides(const struct play *p)
{
	return p->work == WORK_BREAK;
}

bool play_solve(struct play *p, const struct world *w, uint64_t now_ns)
{
	(void)now_ns;
	if (p->no_solve || !play_step(p)->has_solve ||
		(p->phase != PLAY_TASK && p->phase != PLAY_LOOKING))
		return false;
	if (p->check_begins) {
		p->check_begins = false;
		play_note_begin(p, w);
	}
	p->solved_by_us = true;
	p->solutions |= UINT32_C(1) << solve_item(p);
	p->phase = PLAY_DOING;
	play_work_begin(p, WORK_SOLVE, solve_item(p));
	return true;
}

/* ---- what is to be seen ---- */

bool play_shows(const struct play *p, size_t i)
{
	const struct step *s = play_step(p);
	if (i >= s->item_count)
		return false;
	switch (s->items[i].kind) {
	case ITEM_HINT:
		return count_before(s, ITEM_HINT, i) < p->hints_shown;
	case ITEM_WHY:
		return p->why_shown;
	case ITEM_SOLVE:
		return p->solved_by_us && p->solutions >> i & 1;
	case ITEM_BREAK:
	case ITEM_WRONG:
		return false;
	case ITEM_DEBRIEF:
		return i < p->item;
	case ITEM_PROSE:
	case ITEM_PREDICT:
	case ITEM_DO:
	case ITEM_CHECK:
		return i <= p->item;
	}
	return false;
}

/*
 * Predict, observe, explain: the reply waits until the next `do` was carried out, and until its
 * check was passed where that check looks at what the `do` has brought.
 */
bool play_replied(const struct play *p, size_t i)
{
	const struct step *s = play_step(p);
	if (i >= s->item_count || s->items[i].kind != ITEM_PREDICT || p->chosen[i] < 0)
		return false;
	size_t shown = i;
	for (size_t k = i + 1; k < s->item_count; k++) {
		enum item_kind kind = s->items[k].kind;
		bool observed = shown > i;
		if (observed && (kind == ITEM_DO || kind == ITEM_PREDICT))
			break;
		if (kind == ITEM_DO || (observed && kind == ITEM_CHECK && !s->has_solve))
			shown = k;
		if (observed && kind == ITEM_CHECK)
			break;
	}
	return p->item > shown;
}

bool play_ladder(const struct play *p, size_t i, size_t k, const struct past *past,
	const struct world *w, struct ladder_shown *ret)
{
	const struct ladder *l = &play_step(p)->items[i].ladders[k];
	return p->item > i && ladder_look(l, past, w, p->first_frame, p->end_frame, ret);
}
