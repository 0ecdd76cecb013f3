/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: how a play goes on: from item to item, from step to step. */
#include <config.h>

#include "play_parts.h"

#include <assert.h>
#include <string.h>

#include <arplab/i18n.h>

const struct step *play_step(const struct play *p)
{
	return &p->lesson->steps[p->step];
}

static struct step_record *record(struct play *p)
{
	return &p->steps[p->step];
}

void play_init(struct play *p, const struct lesson *lesson, bool no_solve)
{
	assert(lesson->step_count <= PLAY_STEPS_MAX);
	*p = (struct play) { .lesson = lesson, .no_solve = no_solve, .last_id = PLAY_FIRST_ID };
	memset(p->chosen, -1, sizeof p->chosen);
}

/* ---- items ---- */

static void finish_step(struct play *p)
{
	p->phase = PLAY_STEP_DONE;
	/* What was solved once by the learner's own hands stays so. */
	if (record(p)->outcome != STEP_SOLVED)
		record(p)->outcome = p->solved_by_us ? STEP_SHOWN : STEP_SOLVED;
}

void play_advance(struct play *p)
{
	const struct step *s = play_step(p);
	for (; p->item < s->item_count; p->item++) {
		switch (s->items[p->item].kind) {
		case ITEM_PREDICT:
			if (p->chosen[p->item] >= 0)
				break;
			p->phase = PLAY_PREDICT;
			return;
		case ITEM_DO:
			p->phase = PLAY_READY;
			return;
		case ITEM_BREAK:
			p->phase = PLAY_DOING;
			play_work_begin(p, WORK_BREAK, p->item);
			return;
		case ITEM_CHECK:
			p->check_begins = true;
			p->phase = s->has_solve ? PLAY_TASK : PLAY_LOOKING;
			return;
		case ITEM_PROSE:
		case ITEM_HINT:
		case ITEM_SOLVE:
		case ITEM_WHY:
		case ITEM_WRONG:
		case ITEM_DEBRIEF:
			break;
		}
	}
	finish_step(p);
}

/* ---- steps ---- */

/* What belongs to a step that is entered, from wherever. */
static void enter_step(struct play *p, size_t step)
{
	p->step = step;
	p->item = 0;
	memset(p->chosen, -1, sizeof p->chosen);
	p->hints_shown = 0;
	p->why_shown = p->solved_by_us = p->check_begins = false;
	p->claim_count = 0;
	p->check_item = SIZE_MAX;
	p->checks = 0;
	p->remedy = SIZE_MAX;
	p->solutions = 0;
	p->first_frame = p->end_frame = UINT64_MAX;
	play_work_begin(p, WORK_NONE, 0);
	if (record(p)->outcome == STEP_NEW)
		record(p)->outcome = STEP_PLAYING;
	assert(play_step(p)->item_count <= PLAY_ITEMS_MAX);
}

static void build(struct play *p)
{
	p->phase = PLAY_BUILDING;
	p->build_wanted = true;
	p->built = false;
	p->reason[0] = '\0';
}

void play_start(struct play *p, size_t step)
{
	assert(step < p->lesson->step_count);
	enter_step(p, step);
	build(p);
}

void play_reset(struct play *p)
{
	p->item = 0;
	p->claim_count = 0;
	p->check_item = SIZE_MAX;
	p->checks = 0;
	p->check_begins = false;
	p->first_frame = p->end_frame = UINT64_MAX;
	play_work_begin(p, WORK_NONE, 0);
	build(p);
}

static bool is_last(const struct play *p)
{
	return p->step + 1 == p->lesson->step_count;
}

void play_skip(struct play *p)
{
	if (p->phase == PLAY_FINISHED)
		return;
	if (record(p)->outcome <= STEP_PLAYING)
		record(p)->outcome = STEP_SKIPPED;
	if (is_last(p))
		p->phase = PLAY_FINISHED;
	else
		play_start(p, p->step + 1);
}

void play_back(struct play *p)
{
	play_start(p, p->phase == PLAY_FINISHED || p->step == 0 ? p->step : p->step - 1);
}

static void next_step(struct play *p, const struct world *w)
{
	if (is_last(p)) {
		p->phase = PLAY_FINISHED;
		return;
	}
	enter_step(p, p->step + 1);
	p->since = since_now(w);
	if (play_can(p, w))
		play_advance(p);
}

/* ---- turns ---- */

/* The orders are over: what comes then depends on why they ran. */
static void work_over(struct play *p, const struct world *w, uint64_t now_ns)
{
	enum play_work work = p->work;
	p->work = WORK_NONE;
	switch (work) {
	case WORK_REPLAY:
		p->since = since_now(w);
		play_advance(p);
		break;
	case WORK_BREAK:
		p->item++;
		play_advance(p);
		break;
	case WORK_DO:
		/* A repeated one leaves the item that waits: the check behind it. */
		if (p->item == p->work_item) {
			p->item++;
			play_advance(p);
		} else {
			play_check_begin(p, w, now_ns);
		}
		break;
	case WORK_SOLVE:
		play_check_begin(p, w, now_ns);
		break;
	case WORK_CHECK:
		play_look_begin(p, now_ns);
		break;
	case WORK_LOOK:
	case WORK_NONE:
		break;
	}
}

static void decide(struct play *p, bool held)
{
	p->checks++;
	p->held = held;
	if (!held) {
		p->phase = PLAY_TASK;
		return;
	}
	p->item++;
	play_advance(p);
}

/*
 * Look if there is anything new, and once more when the time is up. Returns whether there is more
 * to do: the check was decided, or the caches are looked at first.
 */
static bool look(struct play *p, const struct world *w, bool time_is_up)
{
	if (!time_is_up && !play_look_again(p, w))
		return false;
	if (time_is_up && !p->last_look) {
		p->last_look = true;
		play_refresh_begin(p);
		return true;
	}
	p->looked_changes = w->changes;
	p->looked_frames = w->machines[0]->frame_total;
	p->check_item = p->item;
	bool held =
		play_look(&play_step(p)->items[p->item], w, p->since, p->claims, &p->claim_count);
	if (held || time_is_up)
		decide(p, held);
	return held || time_is_up;
}

static enum play_want building(
	struct play *p, const struct world *w, struct action *ret, bool *ret_more)
{
	if (p->build_wanted) {
		p->build_wanted = false;
		*ret = (struct action) {
			.kind = ACTION_BUILD, .id = play_next_id(p), .value = play_stages(p)
		};
		return WANT_BUILD;
	}
	if (p->built && world_ready(w) && play_can(p, w)) {
		play_work_begin(p, WORK_REPLAY, 0);
		*ret_more = true;
	}
	return WANT_NOTHING;
}

static bool task(struct play *p, const struct world *w)
{
	if (p->check_begins) {
		/* What the learner does from here on counts. */
		p->check_begins = false;
		play_note_begin(p, w);
		p->looked_changes = UINT64_MAX;
	}
	return play_step(p)->items[p->item].order_count == 0 && look(p, w, false);
}

enum play_want play_turn(struct play *p, const struct world *w, uint64_t now_ns, struct action *ret,
	uint64_t *ret_wake_ns, bool *ret_more)
{
	bool over;
	*ret_wake_ns = UINT64_MAX;
	*ret_more = false;
	if (p->work != WORK_NONE) {
		enum play_want want = p->work == WORK_LOOK ? play_refresh_next(p, w, ret, &over)
							   : play_work_next(p, w, now_ns, ret,
								     ret_wake_ns, &over);
		if (over)
			work_over(p, w, now_ns);
		*ret_more = over;
		return want;
	}
	switch (p->phase) {
	case PLAY_BUILDING:
		return building(p, w, ret, ret_more);
	case PLAY_LOOKING:
		if (p->check_begins) {
			play_check_begin(p, w, now_ns);
			*ret_more = true;
			break;
		}
		*ret_more = look(p, w, now_ns >= p->deadline_ns);
		*ret_wake_ns = p->deadline_ns;
		break;
	case PLAY_TASK:
		*ret_more = task(p, w);
		break;
	case PLAY_MENU:
	case PLAY_READY:
	case PLAY_PREDICT:
	case PLAY_DOING:
	case PLAY_FINISHED:
	case PLAY_SKIPPED:
		break;
	case PLAY_STEP_DONE:
		if (p->end_frame == UINT64_MAX)
			p->end_frame = since_now(w).frame;
		break;
	}
	return WANT_NOTHING;
}

enum play_want play_wants(struct play *p, const struct world *w, uint64_t now_ns,
	struct action *ret, uint64_t *ret_wake_ns)
{
	enum play_want want;
	bool more;
	do
		want = play_turn(p, w, now_ns, ret, ret_wake_ns, &more);
	while (more);
	return want;
}

/* ---- Enter ---- */

/* The nearest `do` before the check that waits, or -1. */
static long do_before(const struct play *p)
{
	for (size_t i = p->item; i-- > 0;)
		if (play_step(p)->items[i].kind == ITEM_DO)
			return (long)i;
	return -1;
}

static void begin_do(struct play *p, const struct world *w, size_t item)
{
	play_note_begin(p, w);
	p->phase = PLAY_DOING;
	play_work_begin(p, WORK_DO, item);
}

static void enter_task(struct play *p, const struct world *w, uint64_t now_ns)
{
	long i = do_before(p);
	if (!play_step(p)->has_solve && i >= 0)
		begin_do(p, w, (size_t)i);
	else
		play_check_begin(p, w, now_ns);
}

const char *play_entering(const struct play *p)
{
	switch (p->phase) {
	case PLAY_READY:
		return _("do it");
	case PLAY_TASK:
		return !play_step(p)->has_solve && do_before(p) >= 0 ? _("do it again")
								     : _("check");
	case PLAY_STEP_DONE:
	case PLAY_SKIPPED:
		return is_last(p) ? _("finish") : _("next step");
	case PLAY_MENU:
	case PLAY_BUILDING:
	case PLAY_PREDICT:
	case PLAY_DOING:
	case PLAY_LOOKING:
	case PLAY_FINISHED:
		return "";
	}
	return "";
}

void play_enter(struct play *p, const struct world *w, uint64_t now_ns)
{
	switch (p->phase) {
	case PLAY_READY:
		begin_do(p, w, p->item);
		break;
	case PLAY_TASK:
		enter_task(p, w, now_ns);
		break;
	case PLAY_STEP_DONE:
		next_step(p, w);
		break;
	case PLAY_SKIPPED:
		play_skip(p);
		break;
	case PLAY_MENU:
	case PLAY_BUILDING:
	case PLAY_PREDICT:
	case PLAY_DOING:
	case PLAY_LOOKING:
	case PLAY_FINISHED:
		break;
	}
}
