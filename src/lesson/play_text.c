/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lesson: what is to be seen of a play, as lines of `word name=value …`, and read again.
 *
 *	play phase=predict step=1 item=3 hints=1
 *	step number=1 outcome=solved predictions=1 right=1
 *	chosen item=2 choice=1
 *	claim number=1 holds=1 seen=…
 * Numbers count from 1 on. What is not named is nothing: no prediction, no claim, no frame.
 */
#include <config.h>

#include "play_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/i18n.h>
#include <arplab/progress.h>
#include <arplab/record.h>

#define WORD_SIZE 16
#define LINE_BYTES_MAX 2048

static const char *const phases[] = {
	[PLAY_MENU] = "menu",
	[PLAY_BUILDING] = "building",
	[PLAY_READY] = "ready",
	[PLAY_PREDICT] = "predict",
	[PLAY_DOING] = "doing",
	[PLAY_LOOKING] = "looking",
	[PLAY_TASK] = "task",
	[PLAY_STEP_DONE] = "done",
	[PLAY_FINISHED] = "finished",
	[PLAY_SKIPPED] = "skipped",
};

#define PHASES (sizeof phases / sizeof *phases)
#define OUTCOMES (STEP_SKIPPED + 1)

/* One of each line, with fields of fixed widths. */
struct line {
	char phase[WORD_SIZE];
	uint32_t step, item, hints, checks, check_item, said_line, work_item, solutions;
	uint8_t exam, why, shown, held, said_bad;
	uint64_t first_frame, end_frame;
	char said[EVENT_TEXT_SIZE], reason[EVENT_TEXT_SIZE];
	/* Of a step. */
	uint32_t number;
	char outcome[WORD_SIZE];
	uint8_t predictions, right;
	/* Of a prediction, of a claim. */
	uint8_t choice, holds;
	char seen[sizeof((struct claim_result *)0)->seen];
};

#define FIELD(name, type)                                                                  \
	{                                                                                  \
#		name, type, offsetof(struct line, name), sizeof(((struct line *)0)->name) \
	}

static const struct record_field play_fields[] = { FIELD(phase, RECORD_TEXT),
	FIELD(step, RECORD_U32), FIELD(item, RECORD_U32), FIELD(hints, RECORD_U32),
	FIELD(exam, RECORD_U8), FIELD(why, RECORD_U8), FIELD(shown, RECORD_U8),
	FIELD(solutions, RECORD_U32), FIELD(checks, RECORD_U32), FIELD(held, RECORD_U8),
	FIELD(check_item, RECORD_U32), FIELD(work_item, RECORD_U32), FIELD(first_frame, RECORD_U64),
	FIELD(end_frame, RECORD_U64), FIELD(said_bad, RECORD_U8), FIELD(said_line, RECORD_U32),
	FIELD(said, RECORD_TEXT), FIELD(reason, RECORD_TEXT) };
static const struct record_field step_fields[] = { FIELD(number, RECORD_U32),
	FIELD(outcome, RECORD_TEXT), FIELD(predictions, RECORD_U8), FIELD(right, RECORD_U8),
	FIELD(hints, RECORD_U32) };
static const struct record_field chosen_fields[] = { FIELD(item, RECORD_U32),
	FIELD(choice, RECORD_U8) };
static const struct record_field claim_fields[] = { FIELD(number, RECORD_U32),
	FIELD(holds, RECORD_U8), FIELD(seen, RECORD_TEXT) };

#define COUNT(fields) (sizeof(fields) / sizeof *(fields))

const char *play_phase_name(enum play_phase phase)
{
	return phases[phase];
}

/* ---- writing ---- */

static void put_line(struct text *t, const char *word, const struct line *l,
	const struct record_field *fields, size_t count)
{
	text_put(t, word);
	record_write(t, l, fields, count);
	text_char(t, '\n');
}

static void put_play(struct text *t, const struct play *p)
{
	struct line l = {
		.step = (uint32_t)p->step + 1,
		.item = (uint32_t)p->item + 1,
		.hints = p->hints_shown,
		.checks = p->checks,
		.check_item = p->check_item == SIZE_MAX ? 0 : (uint32_t)p->check_item + 1,
		.said_line = p->said_line,
		.work_item = p->phase == PLAY_DOING ? (uint32_t)p->work_item + 1 : 0,
		.exam = p->no_solve,
		.why = p->why_shown,
		.shown = p->solved_by_us,
		.solutions = p->solutions,
		.held = p->held,
		.said_bad = p->said_bad,
		/* UINT64_MAX is none, and becomes 0. */
		.first_frame = p->first_frame + 1,
		.end_frame = p->end_frame + 1,
	};
	text_copy(l.phase, sizeof l.phase, phases[p->phase]);
	text_copy(l.said, sizeof l.said, p->said);
	text_copy(l.reason, sizeof l.reason, p->reason);
	put_line(t, "play", &l, play_fields, COUNT(play_fields));
}

void play_write(const struct play *p, struct text *t)
{
	put_play(t, p);
	for (size_t i = 0; i < p->lesson->step_count; i++) {
		const struct step_record *r = &p->steps[i];
		struct line l = { .number = (uint32_t)i + 1,
			.predictions = r->predictions,
			.right = r->right,
			.hints = r->hints };
		if (r->outcome == STEP_NEW)
			continue;
		text_copy(l.outcome, sizeof l.outcome, progress_outcome(r->outcome));
		put_line(t, "step", &l, step_fields, COUNT(step_fields));
	}
	for (size_t i = 0; i < PLAY_ITEMS_MAX; i++) {
		struct line l = { .item = (uint32_t)i + 1, .choice = (uint8_t)(p->chosen[i] + 1) };
		if (p->chosen[i] >= 0)
			put_line(t, "chosen", &l, chosen_fields, COUNT(chosen_fields));
	}
	for (size_t i = 0; i < p->claim_count; i++) {
		struct line l = { .number = (uint32_t)i + 1, .holds = p->claims[i].holds };
		text_copy(l.seen, sizeof l.seen, p->claims[i].seen);
		put_line(t, "claim", &l, claim_fields, COUNT(claim_fields));
	}
}

/* ---- reading ---- */

static int bad(struct err *err, const char *what)
{
	return err_set(err, -EBADMSG, "%s", what);
}

static bool read_phase(const char *name, enum play_phase *ret)
{
	for (size_t i = 0; i < PHASES; i++)
		if (strcmp(phases[i], name) == 0) {
			*ret = (enum play_phase)i;
			return true;
		}
	return false;
}

/* Items that a phase waits at must be there, and of that kind. */
static bool phase_fits(const struct play *p)
{
	const struct step *s = play_step(p);
	const struct item *item = p->item < s->item_count ? &s->items[p->item] : NULL;
	switch (p->phase) {
	case PLAY_PREDICT:
		return item && item->kind == ITEM_PREDICT;
	case PLAY_READY:
		return item && item->kind == ITEM_DO;
	case PLAY_TASK:
	case PLAY_LOOKING:
		return item && item->kind == ITEM_CHECK;
	case PLAY_BUILDING:
	case PLAY_DOING:
	case PLAY_STEP_DONE:
	case PLAY_FINISHED:
	case PLAY_SKIPPED:
		return true;
	case PLAY_MENU:
		break;
	}
	return false;
}

static int take_play(struct play *p, const struct line *l, struct err *err)
{
	const struct lesson *lesson = p->lesson;
	p->step = (size_t)l->step - 1;
	p->item = (size_t)l->item - 1;
	if (!l->step || p->step >= lesson->step_count)
		return bad(err, _("its step does not fit the lesson"));
	const struct step *s = play_step(p);
	p->check_item = l->check_item ? (size_t)l->check_item - 1 : SIZE_MAX;
	if (!l->item || p->item > s->item_count || l->hints > UINT8_MAX ||
		(l->check_item && (p->check_item >= s->item_count ||
					  s->items[p->check_item].kind != ITEM_CHECK)))
		return bad(err, _("its item does not fit the lesson"));
	if (!read_phase(l->phase, &p->phase) || !phase_fits(p))
		return bad(err, _("its phase does not fit the lesson"));
	p->hints_shown = (uint8_t)l->hints;
	p->checks = l->checks;
	p->said_line = l->said_line;
	p->work_step = p->step;
	p->work_item = l->work_item ? (size_t)l->work_item - 1 : SIZE_MAX;
	p->no_solve = l->exam != 0;
	p->why_shown = l->why != 0;
	p->solved_by_us = l->shown != 0;
	p->solutions = l->solutions;
	p->held = l->held != 0;
	p->said_bad = l->said_bad != 0;
	p->first_frame = l->first_frame - 1;
	p->end_frame = l->end_frame - 1;
	text_copy(p->said, sizeof p->said, l->said);
	text_copy(p->reason, sizeof p->reason, l->reason);
	return 0;
}

static int take_step(struct play *p, const struct line *l, struct err *err)
{
	if (!l->number || l->number > p->lesson->step_count || l->hints > UINT8_MAX ||
		l->right > l->predictions)
		return bad(err, _("a step does not fit the lesson"));
	struct step_record *r = &p->steps[l->number - 1];
	*r = (struct step_record) {
		.predictions = l->predictions, .right = l->right, .hints = (uint8_t)l->hints
	};
	for (int i = 0; i < OUTCOMES; i++)
		if (strcmp(progress_outcome((enum step_outcome)i), l->outcome) == 0)
			r->outcome = (enum step_outcome)i;
	return 0;
}

static int take_chosen(struct play *p, const struct line *l, struct err *err)
{
	const struct step *s = play_step(p);
	const struct item *item =
		l->item && l->item <= s->item_count ? &s->items[l->item - 1] : NULL;
	if (!item || item->kind != ITEM_PREDICT || !l->choice || l->choice > item->choice_count ||
		l->choice > INT8_MAX)
		return bad(err, _("a prediction does not fit the lesson"));
	p->chosen[l->item - 1] = (int8_t)(l->choice - 1);
	return 0;
}

static int take_claim(struct play *p, const struct line *l, struct err *err)
{
	const struct step *s = play_step(p);
	if (l->number != p->claim_count + 1 || l->number > PLAY_CLAIMS_MAX ||
		p->check_item == SIZE_MAX || l->number > s->items[p->check_item].claim_count)
		return bad(err, _("a claim does not fit the lesson"));
	struct claim_result *c = &p->claims[p->claim_count++];
	c->holds = l->holds != 0;
	text_copy(c->seen, sizeof c->seen, l->seen);
	return 0;
}

static const struct {
	const char *word;
	const struct record_field *fields;
	size_t count;
	int (*take)(struct play *p, const struct line *l, struct err *err);
} kinds[] = {
	{ "play", play_fields, COUNT(play_fields), take_play },
	{ "step", step_fields, COUNT(step_fields), take_step },
	{ "chosen", chosen_fields, COUNT(chosen_fields), take_chosen },
	{ "claim", claim_fields, COUNT(claim_fields), take_claim },
};

/* first: `play` must come before what belongs to its step. */
static int read_line(struct play *p, char *line, bool first, struct err *err)
{
	struct line l = { 0 };
	const char *word = strsep(&line, " ");
	size_t kind = 0;
	while (kind < COUNT(kinds) && strcmp(kinds[kind].word, word) != 0)
		kind++;
	if (kind == COUNT(kinds) || (kind == 0) != first)
		return err_set(err, -EBADMSG, _("'%s' is no line of a play"), word);
	while ((word = line ? strsep(&line, " ") : NULL))
		if (record_read(word, &l, kinds[kind].fields, kinds[kind].count, err) < 0)
			return -EBADMSG;
	return kinds[kind].take(p, &l, err);
}

static int read_lines(struct play *p, const char *text, size_t len, struct err *err)
{
	char copy[LINE_BYTES_MAX];
	for (size_t at = 0; at < len;) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t bytes = end ? (size_t)(end - (text + at)) : len - at;
		if (bytes >= sizeof copy || memchr(text + at, '\0', bytes))
			return err_set(err, -EBADMSG, _("a line of a play is no text"));
		memcpy(copy, text + at, bytes);
		copy[bytes] = '\0';
		if (read_line(p, copy, at == 0, err) < 0)
			return -EBADMSG;
		at += bytes + 1;
	}
	return len ? 0 : err_set(err, -EBADMSG, _("a play has no lines"));
}

int play_read(
	struct play *p, const struct lesson *lesson, const char *text, size_t len, struct err *err)
{
	struct play *new = malloc(sizeof *new);
	if (!new)
		abort();
	play_init(new, lesson, false);
	int error = read_lines(new, text, len, err);
	if (!error)
		*p = *new;
	free(new);
	return error;
}
