/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: what a learner did, out of a recording, as lines of text or JSON objects: so that homework
 * can be judged, by a person or by a script.
 *
 * A recording says where the learner is; a line says what has changed since it said so last. The
 * names of the JSON members are documented in arplab(1).
 */
#include <config.h>

#include "replay.h"

#include <string.h>

#include <arplab/text.h>

/* ---- one line ---- */

/* Both forms of one line: the words behind its kind, and the members behind its event. */
struct told {
	char text[1024], json[LINE_ROOM - 256];
	struct text words, members;
};

static void told_begin(struct told *t)
{
	t->words = text_in(t->text, sizeof t->text);
	t->members = text_in(t->json, sizeof t->json);
}

/* Marks of lessons are for screens. */
static void put_prose(struct text *t, const char *s)
{
	for (; *s; s++)
		if (*s == '\n')
			text_char(t, ' ');
		else if (*s > PROSE_CODE || *s < 0)
			text_char(t, *s);
}

static void member(struct told *t, const char *name, const char *value)
{
	char plain[640];
	struct text p = text_in(plain, sizeof plain);
	put_prose(&p, value);
	text_printf(&t->members, ",\"%s\":\"", name);
	text_json(&t->members, text_end(&p));
	text_char(&t->members, '"');
}

static void number(struct told *t, const char *name, uint64_t value)
{
	text_printf(&t->members, ",\"%s\":%llu", name, (unsigned long long)value);
}

static void told_end(struct homework *h, struct told *t, const char *kind)
{
	struct text *out = h->out ? app_out_room(h->out) : NULL;
	if (!out)
		return;
	if (h->json) {
		line_json_time(out, h->at_ns, &h->clock);
		text_printf(out, ",\"event\":\"%s\"", kind);
		text_put(out, text_end(&t->members));
		text_char(out, '}');
	} else {
		line_time(out, h->at_ns, &h->clock);
		size_t begin = out->len;
		text_put(out, kind);
		text_pad(out, begin + 11);
		text_put(out, text_end(&t->words));
	}
	app_out_line(h->out);
}

/* ---- what has changed ---- */

static const struct step *step_of(const struct play *p)
{
	return &p->lesson->steps[p->step];
}

static void tell_lesson(struct homework *h, const char *what)
{
	struct told t;
	const struct lesson *l = h->lesson;
	told_begin(&t);
	text_printf(&t.words, "%s %s: ", what, l->id);
	put_prose(&t.words, l->title);
	member(&t, "what", what);
	member(&t, "lesson", l->id);
	member(&t, "title", l->title);
	told_end(h, &t, "lesson");
}

static void tell_step(struct homework *h, size_t i, const char *what)
{
	struct told t;
	const struct step *s = &h->lesson->steps[i];
	told_begin(&t);
	text_printf(&t.words, "%zu of %zu %s: ", i + 1, h->lesson->step_count, what);
	put_prose(&t.words, s->title);
	member(&t, "what", what);
	member(&t, "step", s->id);
	number(&t, "number", i + 1);
	number(&t, "of", h->lesson->step_count);
	told_end(h, &t, "step");
}

static void tell_prediction(struct homework *h, const struct play *p, size_t i)
{
	struct told t;
	const struct item *item = &step_of(p)->items[i];
	const struct choice *c = &item->choices[p->chosen[i]];
	told_begin(&t);
	text_put(&t.words, c->right ? "right: " : "wrong: ");
	put_prose(&t.words, c->name);
	member(&t, "step", step_of(p)->id);
	member(&t, "question", item->text);
	member(&t, "choice", c->name);
	text_printf(&t.members, ",\"right\":%s", c->right ? "true" : "false");
	told_end(h, &t, "predicted");
}

static void tell_help(struct homework *h, const struct play *p, const char *kind)
{
	struct told t;
	told_begin(&t);
	text_put(&t.words, "shown");
	member(&t, "step", step_of(p)->id);
	told_end(h, &t, kind);
}

/* Claims that the line has no room for are left out whole. */
static void put_claim(struct text *t, size_t i, const char *claim, const struct claim_result *c)
{
	size_t before = t->len;
	text_printf(t, "%s{\"claim\":\"", i ? "," : "");
	text_json(t, claim);
	text_printf(t, "\",\"holds\":%s,\"seen\":\"", c->holds ? "true" : "false");
	text_json(t, c->seen);
	text_put(t, "\"}");
	if (!t->cut && t->len + 2 < t->size)
		return;
	t->len = before;
	t->cut = false;
}

/* A check that was decided; the first claim that does not hold says why. */
static void tell_check(struct homework *h, const struct play *p)
{
	struct told t;
	told_begin(&t);
	const struct item *check =
		p->check_item == SIZE_MAX ? NULL : &step_of(p)->items[p->check_item];
	text_put(&t.words, p->held ? "holds" : "does not hold");
	member(&t, "step", step_of(p)->id);
	text_printf(&t.members, ",\"holds\":%s,\"claims\":[", p->held ? "true" : "false");
	bool said = p->held;
	for (size_t i = 0; check && i < p->claim_count; i++) {
		const struct claim_result *c = &p->claims[i];
		put_claim(&t.members, i, check->claims[i].text, c);
		if (!c->holds && !said)
			text_printf(&t.words, ": %s: %s", check->claims[i].text, c->seen);
		said |= !c->holds;
	}
	text_char(&t.members, ']');
	told_end(h, &t, "check");
}

/* Within one step of the lesson. */
static void tell_within(struct homework *h, const struct play *now, const struct play *before)
{
	for (size_t i = 0; i < PLAY_ITEMS_MAX; i++)
		if (now->chosen[i] >= 0 && now->chosen[i] != before->chosen[i])
			tell_prediction(h, now, i);
	if (now->hints_shown > before->hints_shown)
		tell_help(h, now, "hint");
	if (now->solved_by_us && !before->solved_by_us)
		tell_help(h, now, "solution");
	/* The claims are of the check that was decided last; another step may have begun since. */
	if (now->checks > before->checks)
		tell_check(h, now);
}

static void tell_outcomes(struct homework *h, const struct play *now, const struct play *before)
{
	static const char *const words[] = {
		[STEP_SOLVED] = "solved", [STEP_SHOWN] = "shown", [STEP_SKIPPED] = "skipped"
	};
	for (size_t i = 0; i < h->lesson->step_count; i++) {
		enum step_outcome outcome = now->steps[i].outcome;
		if (outcome != before->steps[i].outcome && outcome > STEP_PLAYING)
			tell_step(h, i, words[outcome]);
	}
}

static void tell_play(struct homework *h)
{
	const struct play *now = &h->now.play, *before = &h->before.play;
	bool anew = !h->before.open || now->step != before->step;
	if (!anew)
		tell_within(h, now, before);
	if (h->before.open)
		tell_outcomes(h, now, before);
	if (anew || (now->phase == PLAY_BUILDING && before->phase != PLAY_BUILDING))
		tell_step(h, now->step, "begun");
	if (now->phase == PLAY_FINISHED && (anew || before->phase != PLAY_FINISHED))
		tell_lesson(h, "finished");
}

/* ---- blocks ---- */

static int take_lesson(struct homework *h, const struct recording_item *item, struct err *err)
{
	struct lesson *l = recorded_lesson(item->text, item->len, "", err);
	homework_summary(h);
	lesson_free(h->lesson);
	h->lesson = l;
	h->now.open = h->before.open = false;
	if (!l)
		return -1;
	tell_lesson(h, "opened");
	return 0;
}

static int take_play(struct homework *h, const struct recording_item *item, struct err *err)
{
	h->before = h->now;
	int error = recorded_play(&h->now, h->lesson, item->text, item->len, err);
	if (error)
		return error;
	if (h->now.open)
		tell_play(h);
	else if (h->before.open)
		tell_lesson(h, "left");
	return 0;
}

int homework_take(struct homework *h, const struct recording_item *item, struct err *err)
{
	h->at_ns = item->at_ns;
	return item->kind == RECORDING_LESSON ? take_lesson(h, item, err) : take_play(h, item, err);
}

void homework_summary(struct homework *h)
{
	struct told t;
	const struct play *p = &h->now.play;
	size_t counts[STEP_SKIPPED + 1] = { 0 }, hints = 0;
	unsigned right, made;
	if (!h->lesson || !p->lesson)
		return;
	for (size_t i = 0; i < h->lesson->step_count; i++) {
		counts[p->steps[i].outcome]++;
		hints += p->steps[i].hints;
	}
	play_score(p, &right, &made);
	told_begin(&t);
	text_printf(&t.words,
		"%s: %zu of %zu steps solved, %zu shown; %u of %u predictions right; %zu hint%s",
		h->lesson->id, counts[STEP_SOLVED], h->lesson->step_count, counts[STEP_SHOWN],
		right, made, hints, hints == 1 ? "" : "s");
	member(&t, "lesson", h->lesson->id);
	number(&t, "steps", h->lesson->step_count);
	number(&t, "solved", counts[STEP_SOLVED]);
	number(&t, "shown", counts[STEP_SHOWN]);
	number(&t, "skipped", counts[STEP_SKIPPED]);
	number(&t, "predictions", made);
	number(&t, "right", right);
	number(&t, "hints", hints);
	told_end(h, &t, "homework");
	memset(&h->now, 0, sizeof h->now);
}

void homework_done(struct homework *h)
{
	lesson_free(h->lesson);
	h->lesson = NULL;
}
