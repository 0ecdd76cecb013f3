/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: a play driven by a hand that always knows what is right, and what it found. */
#include <config.h>

#include <arplab/i18n.h>
#include <arplab/proof.h>

#include <stdlib.h>
#include <string.h>

#include <linux/neighbour.h>

#include <arplab/text.h>

#include "play_parts.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof *(a))

/* ---- several ways ---- */

/* The number-th way of a step that has several, wrong ones first; SIZE_MAX: there is none. */
static size_t find_remedy(const struct step *s, size_t number)
{
	static const enum item_kind kinds[] = { ITEM_WRONG, ITEM_SOLVE };
	size_t ways = 0;
	for (size_t i = 0; i < s->item_count; i++)
		ways += s->items[i].kind == ITEM_WRONG || s->items[i].kind == ITEM_SOLVE;
	for (size_t k = 0; k < ARRAY_SIZE(kinds) && ways > 1; k++)
		for (size_t i = 0; i < s->item_count; i++)
			if (s->items[i].kind == kinds[k] && number-- == 0)
				return i;
	return SIZE_MAX;
}

/* Play the step from its beginning in a lab that is built anew. */
static void play_anew(struct proof *p, size_t remedy)
{
	p->solved = p->collected = false;
	play_reset(&p->play);
	p->play.remedy = remedy;
}

/* Play the step once more, with its next way. Returns false when there is none. */
static bool next_remedy(struct proof *p)
{
	size_t next = find_remedy(play_step(&p->play), p->remedy + 1);
	if (next == SIZE_MAX)
		return false;
	p->remedy++;
	p->again = 0;
	play_anew(p, next);
	return true;
}

/* A step that was just entered begins with its first way. */
static void first_remedy(struct proof *p)
{
	p->remedy = 0;
	p->again = 0;
	p->collected = false;
	p->play.remedy = find_remedy(play_step(&p->play), 0);
}

/* ---- beginning and end ---- */

void proof_init(struct proof *p, const struct lesson *lesson, bool anew)
{
	*p = (struct proof) { .anew = anew };
	play_init(&p->play, lesson, false);
	if (lesson->step_count) {
		play_start(&p->play, 0);
		first_remedy(p);
	} else
		p->play.phase = PLAY_FINISHED;
}

void proof_done(struct proof *p)
{
	free(p->checks);
	*p = (struct proof) { 0 };
}

bool proof_over(const struct proof *p)
{
	return p->play.phase == PLAY_FINISHED || p->problem[0];
}

bool proof_check_good(const struct proof_check *c)
{
	return c->looked_before && c->red_before && c->looked_after && c->green_after != c->wrong;
}

bool proof_good(const struct proof *p)
{
	bool good = proof_over(p) && !p->problem[0] && p->refusal_count == 0;
	for (size_t i = 0; i < p->count; i++)
		good = good && proof_check_good(&p->checks[i]);
	return good;
}

/* ---- what is found ---- */

/* The row of a check of the step that is played; made when it is first asked for. */
static struct proof_check *row(struct proof *p, size_t item)
{
	for (size_t i = p->count; i-- > 0;)
		if (p->checks[i].step == p->play.step && p->checks[i].item == item &&
			p->checks[i].remedy == p->play.remedy)
			return &p->checks[i];
	if (p->count == p->room) {
		p->room = p->room ? 2 * p->room : 16;
		p->checks = reallocarray(p->checks, p->room, sizeof *p->checks);
		if (!p->checks)
			abort();
	}
	struct proof_check *c = &p->checks[p->count++];
	*c = (struct proof_check) { .step = p->play.step, .item = item, .remedy = p->play.remedy };
	c->task = play_step(&p->play)->has_solve;
	c->wrong =
		c->remedy != SIZE_MAX && play_step(&p->play)->items[c->remedy].kind == ITEM_WRONG;
	return c;
}

/* What a check says when nothing of what it is about has happened. */
static void look_before(struct proof *p, const struct world *w, size_t item)
{
	struct proof_check *c = row(p, item);
	if (c->looked_before)
		return;
	c->looked_before = true;
	c->red_before = !play_look(
		&play_step(&p->play)->items[item], w, since_now(w), c->before, &c->claim_count);
}

/* The checks that look at what this `do` brings: those up to the next one. */
static void look_before_do(struct proof *p, const struct world *w)
{
	const struct step *s = play_step(&p->play);
	if (s->has_solve)
		return;
	for (size_t i = p->play.item + 1; i < s->item_count && s->items[i].kind != ITEM_DO; i++)
		if (s->items[i].kind == ITEM_CHECK)
			look_before(p, w, i);
}

/* A check was decided, before its solution or after it. */
static void take_decision(struct proof *p)
{
	const struct play *play = &p->play;
	struct proof_check *c = row(p, play->check_item);
	size_t bytes = sizeof *play->claims * play->claim_count;
	c->claim_count = play->claim_count;
	p->play.hasty = false;
	/* A task that is green without its solution has nothing to solve: that is all there is. */
	if (c->task && !p->solved) {
		c->looked_before = true;
		c->red_before = !play->held;
		memcpy(c->before, play->claims, bytes);
		if (!play->held)
			return;
	}
	c->looked_after = true;
	c->green_after = play->held;
	memcpy(c->after, play->claims, bytes);
	p->solved = false;
}

static void take_refusal(struct proof *p, unsigned line, const char *text)
{
	if (p->refusal_count < PROOF_REFUSALS) {
		struct proof_refusal *r = &p->refusals[p->refusal_count];
		r->step = p->play.work_step;
		r->line = line;
		text_copy(r->text, sizeof r->text, text);
	}
	p->refusal_count++;
}

/* ---- the hand ---- */

static void problem(struct proof *p, const char *sentence)
{
	text_copy(p->problem, sizeof p->problem, sentence);
}

/* Every choice must have a name and a reply, and one of them must be right. */
static void predict(struct proof *p)
{
	const struct item *item = &play_step(&p->play)->items[p->play.item];
	size_t right = SIZE_MAX;
	for (size_t i = 0; i < item->choice_count; i++) {
		if (!item->choices[i].name || !item->choices[i].name[0] ||
			!item->choices[i].reply || !item->choices[i].reply[0]) {
			problem(p, _("a prediction has a choice without a name or a reply"));
			return;
		}
		if (item->choices[i].right)
			right = i;
	}
	if (right == SIZE_MAX) {
		problem(p, _("a prediction has no right choice"));
		return;
	}
	p->predictions++;
	play_predict(&p->play, right);
}

static void next_step(struct proof *p, const struct world *w, uint64_t now_ns)
{
	size_t next = p->play.step + 1;
	if (p->anew && next < p->play.lesson->step_count)
		play_start(&p->play, next);
	else
		play_enter(&p->play, w, now_ns);
	first_remedy(p);
}

/* What failed was played; only what cannot be played here is skipped. */
static void leave_step(struct proof *p)
{
	struct step_record *r = &p->play.steps[p->play.step];
	p->solved = false;
	play_skip(&p->play);
	first_remedy(p);
	r->outcome = STEP_PLAYING;
}

/* Whether what was seen after the solution says nothing about the lesson. */
static bool is_void(const struct proof *p, const struct proof_check *c)
{
	return c->looked_after && !c->green_after && !c->wrong && p->collected &&
	       p->again < PROOF_AGAIN_MOST;
}

static void play_again(struct proof *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->checks[i].step == p->play.step && p->checks[i].remedy == p->play.remedy)
			p->checks[i].looked_after = false;
	p->again++;
	p->again_total++;
	play_anew(p, p->play.remedy);
}

/* A task, or an observation that failed. */
static void work_on_task(struct proof *p, const struct world *w, uint64_t now_ns)
{
	struct play *play = &p->play;
	const struct proof_check *c = row(p, play->item);
	if (is_void(p, c)) {
		play_again(p);
	} else if (c->looked_after || p->solved) {
		if (!next_remedy(p))
			leave_step(p);
	} else if (!c->looked_before) {
		play->hasty = true;
		play_enter(play, w, now_ns);
	} else {
		play->hasty = false;
		p->solved = play_solve(play, w, now_ns);
		if (!p->solved)
			leave_step(p);
	}
}

/* What a `why` block says that it shows must be there. */
static void look_at_ladder(struct proof *p, const struct world *w, size_t i, size_t k)
{
	const struct ladder *l = &play_step(&p->play)->items[i].ladders[k];
	struct ladder_shown shown;
	char bytes[EVENT_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	if (!play_ladder(&p->play, i, k, p->past, w, &shown)) {
		take_refusal(p, l->line, _("the step has no frame that this ladder is about"));
	} else if (shown.verdict.outcome == OUTCOME_UNKNOWN) {
		text_printf(&t, _("this ladder ends without an answer: %s"),
			trace_last(&shown.trace)->found);
		take_refusal(p, l->line, text_end(&t));
	} else if (shown.contradicted) {
		take_refusal(
			p, l->line, _("the frames say otherwise than the rules of this ladder"));
	} else if (p->show) {
		p->show(p->arg, play_step(&p->play), l, &shown);
	}
}

static void look_at_ladders(struct proof *p, const struct world *w)
{
	const struct step *step = play_step(&p->play);
	for (size_t i = 0; i < step->item_count; i++)
		for (size_t k = 0; k < step->items[i].ladder_count; k++)
			look_at_ladder(p, w, i, k);
}

/* Do what a learner would. Returns false when there is nothing to do but wait. */
static bool move(struct proof *p, const struct world *w, uint64_t now_ns)
{
	struct play *play = &p->play;
	switch (play->phase) {
	case PLAY_READY:
		look_before_do(p, w);
		play_enter(play, w, now_ns);
		return true;
	case PLAY_PREDICT:
		predict(p);
		return !p->problem[0];
	case PLAY_TASK:
		work_on_task(p, w, now_ns);
		return true;
	case PLAY_STEP_DONE:
		p->solved = false;
		if (p->past)
			look_at_ladders(p, w);
		if (!next_remedy(p))
			next_step(p, w, now_ns);
		return true;
	case PLAY_SKIPPED:
		/* A lab that stands lacks what this step needs; the others may do without. */
		if (play->built) {
			play_skip(play);
			first_remedy(p);
			return true;
		}
		problem(p, play->reason[0] ? play->reason : _("the lab could not be built"));
		return false;
	case PLAY_MENU:
	case PLAY_BUILDING:
	case PLAY_DOING:
	case PLAY_LOOKING:
	case PLAY_FINISHED:
		return false;
	}
	return false;
}

enum play_want proof_wants(struct proof *p, const struct world *w, uint64_t now_ns,
	struct action *ret, uint64_t *ret_wake_ns)
{
	struct play *play = &p->play;
	*ret_wake_ns = UINT64_MAX;
	while (!p->problem[0]) {
		bool more, bad = play->said_bad;
		/* A check that follows no `do` begins by itself. */
		if (play->phase == PLAY_LOOKING && play->check_begins)
			look_before(p, w, play->item);
		unsigned checks = play->checks;
		enum play_want want = play_turn(play, w, now_ns, ret, ret_wake_ns, &more);
		if (play->checks > checks)
			take_decision(p);
		if (!bad && play->said_bad)
			take_refusal(p, play->said_line, play->said);
		if (want != WANT_NOTHING) {
			p->sent = *ret;
			return want;
		}
		if (!more && !move(p, w, now_ns))
			break;
	}
	return WANT_NOTHING;
}

/* Whether that action takes no entry away. */
static bool keeps_entries(const struct action *a)
{
	switch (a->kind) {
	case ACTION_PING:
	case ACTION_ARPING:
	case ACTION_SEND:
	case ACTION_UDP:
	case ACTION_CONNECT:
	case ACTION_OUTAGE:
	case ACTION_LOOK_NEIGH:
		return true;
	}
	return false;
}

/* An entry that failed is gone, and nobody here has taken it away. */
static bool is_collected(const struct proof *p, const struct event *e)
{
	bool there = p->sent.kind == ACTION_BUILD || p->sent.node == e->node;
	bool by_order = p->play.waiting_id && there && !keeps_entries(&p->sent);
	return e->kind == EVENT_NEIGH && e->flags & EVENT_GONE && e->neigh.state & NUD_FAILED &&
	       !by_order;
}

void proof_feed(struct proof *p, const struct world *w, const struct event *e, uint64_t now_ns)
{
	bool answers = e->kind == EVENT_DONE && e->done.id == p->play.waiting_id &&
		       p->play.work != WORK_NONE;
	if (answers && e->done.error < 0)
		take_refusal(p, play_work_line(&p->play), e->done.text);
	p->collected |= is_collected(p, e);
	play_feed(&p->play, w, e, now_ns);
}
