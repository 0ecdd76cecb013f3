/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: the text of a step as it stands now: prose, questions, orders and claims in their order. */
#include <config.h>

#include "lesson_text.h"

#include <stdio.h>
#include <string.h>

#include <arplab/i18n.h>
#include <arplab/utf8.h>

#include "lab_text.h"
#include "ladder_lines.h"
#include "prose.h"

#define REPLY_PIECE 32 /* The reply to a prediction is a piece of its own. */

/* A step that is being told. */
struct telling {
	struct lines l;
	const struct screen *s;
	const struct world *w;
	const struct play *p;
	const struct step *step;
	uint64_t fresh;
	int fresh_row;   /* -1 until the topmost of them has been met. */
	unsigned hints;  /* Told so far. */
	int row, column; /* A place that is asked for, and which prediction stands there. */
	size_t hit;
};

/* ---- marks, each with a form in ASCII ---- */

static const char *mark_good(const struct telling *t)
{
	return t->l.c->ascii ? "+ " : "✓ ";
}

static const char *mark_bad(const struct telling *t)
{
	return t->l.c->ascii ? "x " : "✗ ";
}

static const char *mark_open(const struct telling *t)
{
	return t->l.c->ascii ? "- " : "○ ";
}

static const char *mark_here(const struct telling *t)
{
	return t->l.c->ascii ? "> " : "▸ ";
}

/* ---- what is to be seen ---- */

/*
 * The item behind which the reply to prediction i stands: the last that is passed before it is
 * given. item_count: it is not given yet.
 */
static size_t reply_place(const struct play *p, size_t i)
{
	size_t count = p->lesson->steps[p->step].item_count;
	struct play then = *p;
	if (!play_replied(p, i))
		return count;
	for (then.item = i + 1; !play_replied(&then, i);)
		then.item++;
	return then.item - 1;
}

uint64_t lesson_pieces(const struct play *p)
{
	uint64_t pieces = 0;
	const struct step *step = &p->lesson->steps[p->step];
	for (size_t i = 0; i < step->item_count && i < PLAY_ITEMS_MAX; i++) {
		if (play_shows(p, i))
			pieces |= UINT64_C(1) << i;
		if (play_replied(p, i))
			pieces |= UINT64_C(1) << (i + REPLY_PIECE);
	}
	return pieces;
}

/* A blank line before each piece but the first. */
static void begin_piece(struct telling *t, size_t piece)
{
	if (t->l.row)
		t->l.row += 1;
	if (t->fresh_row < 0 && t->fresh >> piece & 1)
		t->fresh_row = t->l.row;
}

/* ---- predictions ---- */

static const char *choice_mark(const struct telling *t, size_t i, size_t k, enum role *ret_role)
{
	const struct item *item = &t->step->items[i];
	bool waits = t->p->phase == PLAY_PREDICT && t->p->item == i;
	bool chosen = t->p->chosen[i] == (int)k;
	bool answers = play_replied(t->p, i) && !t->s->lab.present;
	*ret_role = chosen || waits ? ROLE_STRONG : ROLE_DIM;
	if (answers && item->choices[k].right) {
		*ret_role = ROLE_GOOD;
		return mark_good(t);
	}
	if (answers && chosen) {
		*ret_role = ROLE_BAD;
		return mark_bad(t);
	}
	if (chosen || (waits && k + 1 == t->s->lab.choice))
		return mark_here(t);
	return "  ";
}

static int choice_cells(const struct choice *choice)
{
	return prose_width(choice->name) + 6;
}

/* Side by side where they fit into one line: small screens have few lines. */
static bool fit_in_a_line(const struct telling *t, const struct item *item)
{
	int cells = 0;
	for (size_t k = 0; k < item->choice_count; k++)
		cells += choice_cells(&item->choices[k]);
	return cells <= t->l.r.columns && !t->s->lab.present;
}

static void tell_predict(struct telling *t, size_t i)
{
	const struct item *item = &t->step->items[i];
	bool in_a_line = fit_in_a_line(t, item);
	bool waits = t->p->phase == PLAY_PREDICT && t->p->item == i;
	struct lines at = t->l;
	prose_led(&at, ROLE_WARN, "? ", ROLE_STRONG, item->text);
	for (size_t k = 0; k < item->choice_count; k++) {
		char lead[32];
		enum role role;
		const char *mark = choice_mark(t, i, k, &role);
		snprintf(lead, sizeof lead, "%s%zu ", mark, k + 1);
		struct lines one = at;
		prose_led(&one, role, lead, role, item->choices[k].name);
		struct rect place = { at.r.row + at.row, at.r.column, one.row - at.row,
			in_a_line ? choice_cells(&item->choices[k]) - 1 : at.r.columns };
		if (waits && k + 1 == t->s->lab.choice)
			canvas_select(t->l.c, place);
		if (waits && t->row >= place.row && t->row < place.row + place.rows &&
			t->column >= place.column && t->column < place.column + place.columns)
			t->hit = k + 1;
		if (in_a_line)
			at.r.column += choice_cells(&item->choices[k]);
		else
			at.row = one.row;
	}
	t->l.row = at.row + in_a_line;
}

static void tell_reply(struct telling *t, size_t i)
{
	const struct choice *choice = &t->step->items[i].choices[t->p->chosen[i]];
	char text[2048];
	if (t->s->lab.present)
		return;
	begin_piece(t, i + REPLY_PIECE);
	snprintf(text, sizeof text, C_("what was predicted, and why", "%c%s%c: %s"), PROSE_STRONG,
		choice->name, PROSE_STRONG, choice->reply);
	prose_led(&t->l, choice->right ? ROLE_GOOD : ROLE_BAD,
		choice->right ? mark_good(t) : mark_bad(t), ROLE_TEXT, text);
}

/* ---- orders and claims ---- */

/* Whether the orders of an item are being carried out now. */
static bool is_working(const struct play *p, size_t i)
{
	return p->phase == PLAY_DOING && p->work_step == p->step && p->work_item == i;
}

static void tell_orders(struct telling *t, size_t i)
{
	const struct item *item = &t->step->items[i];
	/* A solution that is to be seen was carried out, whichever item waits. */
	bool passed = t->p->item > i || item->kind == ITEM_SOLVE;
	for (size_t k = 0; k < item->order_count; k++) {
		bool working = is_working(t->p, i);
		bool done = working ? k < t->p->work_order : passed;
		const char *lead = done                               ? mark_good(t)
				   : working && k == t->p->work_order ? mark_here(t)
								      : ": ";
		prose_led(
			&t->l, done ? ROLE_GOOD : ROLE_DIM, lead, ROLE_CODE, item->orders[k].text);
	}
}

/* What was seen stands behind the claim, or below it where the line is too short for both. */
static void tell_claim(struct telling *t, size_t i, size_t k)
{
	const struct claim *claim = &t->step->items[i].claims[k];
	const struct play *p = t->p;
	bool seen = p->check_item == i && k < p->claim_count;
	bool holds = p->item > i || (seen && p->claims[k].holds);
	/* While it is still looked at, what does not hold may yet. */
	bool fails = seen && !holds && p->phase != PLAY_LOOKING;
	const char *lead = holds ? mark_good(t) : fails ? mark_bad(t) : mark_open(t);
	enum role role = holds ? ROLE_GOOD : fails ? ROLE_BAD : ROLE_DIM;
	prose_led(&t->l, role, lead, ROLE_CODE, claim->text);
	if (!seen || !p->claims[k].seen[0])
		return;
	int behind = t->l.r.column + 2 + (int)utf8_width(claim->text) + 2;
	int width = (int)utf8_width(p->claims[k].seen);
	if (behind + width <= t->l.r.column + t->l.r.columns)
		canvas_put(t->l.c, t->l.r.row + t->l.row - 1, behind, ROLE_DIM, p->claims[k].seen);
	else
		prose_led(&t->l, ROLE_DIM, "  ", ROLE_DIM, p->claims[k].seen);
}

static void tell_check(struct telling *t, size_t i)
{
	const struct item *item = &t->step->items[i];
	if (item->order_count && t->p->item <= i)
		tell_orders(t, i);
	for (size_t k = 0; k < item->claim_count; k++)
		tell_claim(t, i, k);
}

/* ---- the items ---- */

static void tell_ladders(struct telling *t, size_t i)
{
	const struct item *item = &t->step->items[i];
	struct ladder_shown shown;
	for (size_t k = 0; k < item->ladder_count; k++) {
		bool seen = play_ladder(t->p, i, k, t->s->past, t->w, &shown);
		t->l.row += k || item->prose_count;
		ladder_told(&t->l, &item->ladders[k], t->w, seen ? &shown : NULL);
	}
}

static void tell_aside(struct telling *t, const char *label, size_t i)
{
	const struct item *item = &t->step->items[i];
	prose_led(&t->l, ROLE_TEXT, "", ROLE_WARN, label);
	t->l.r.column += 2;
	t->l.r.columns -= 2;
	prose_blocks(&t->l, item->prose, item->prose_count, t->s->lab.present);
	tell_ladders(t, i);
	t->l.r.column -= 2;
	t->l.r.columns += 2;
}

static void tell_item(struct telling *t, size_t i)
{
	const struct item *item = &t->step->items[i];
	char label[48];
	begin_piece(t, i);
	switch (item->kind) {
	case ITEM_PROSE:
		prose_blocks(&t->l, item->prose, item->prose_count, t->s->lab.present);
		break;
	case ITEM_PREDICT:
		tell_predict(t, i);
		break;
	case ITEM_DO:
		tell_orders(t, i);
		break;
	case ITEM_CHECK:
		tell_check(t, i);
		break;
	case ITEM_HINT:
		snprintf(label, sizeof label, _("Hint %u"), ++t->hints);
		tell_aside(t, label, i);
		break;
	case ITEM_SOLVE:
		prose_led(&t->l, ROLE_TEXT, "", ROLE_WARN, _("The solution"));
		tell_orders(t, i);
		break;
	case ITEM_WHY:
		tell_aside(t, C_("lesson", "Why"), i);
		break;
	case ITEM_DEBRIEF:
		tell_aside(t, _("What it was"), i);
		break;
	case ITEM_BREAK: /* Nobody is told these. */
	case ITEM_WRONG:
		break;
	}
}

/* ---- the end: what the learner may do now ---- */

static void tell_sentence(struct telling *t, enum role role, const char *sentence)
{
	char text[EVENT_TEXT_SIZE];
	struct text begun = text_in(text, sizeof text);
	if (!*sentence)
		return;
	text_sentence(&begun, sentence);
	t->l.row++;
	prose_led(&t->l, ROLE_TEXT, "", role, text_end(&begun));
}

static void tell_state(struct telling *t, const struct model *m)
{
	const struct lab_news *lab = &m->world->lab;
	switch (t->p->phase) {
	case PLAY_BUILDING:
		if (lab->state == LAB_FAILED)
			tell_sentence(t, ROLE_BAD, lab->text);
		else
			tell_sentence(t, ROLE_DIM, _("The lab is being built."));
		break;
	case PLAY_SKIPPED:
		tell_sentence(t, ROLE_WARN, t->p->reason);
		break;
	case PLAY_STEP_DONE:
		tell_sentence(t, ROLE_GOOD, _("This step is done."));
		break;
	case PLAY_FINISHED:
		tell_sentence(t, ROLE_GOOD, _("The lesson is done."));
		break;
	case PLAY_TASK:
		tell_sentence(t, ROLE_WARN,
			t->step->has_solve ? _("Your task: make every line of the check hold.")
					   : _("This is not what was to be seen here."));
		break;
	case PLAY_LOOKING:
		tell_sentence(t, ROLE_DIM, _("Looking."));
		break;
	case PLAY_MENU:
	case PLAY_READY:
	case PLAY_PREDICT:
	case PLAY_DOING:
		break;
	}
	if (t->p->said_bad)
		tell_sentence(t, ROLE_BAD, t->p->said);
}

/* What the learner may do. In a recording it has been done, or not. */
static void tell_next(struct telling *t)
{
	char line[160];
	const char *label = play_entering(t->p);
	if (t->s->replay[0])
		return;
	if (t->s->lab.free) {
		tell_sentence(t, ROLE_STRONG,
			_("Free play: nothing is judged. F goes back to this step as it began."));
	} else if (t->p->phase == PLAY_PREDICT && t->p->item < t->step->item_count) {
		snprintf(line, sizeof line, _("Press 1 to %zu to predict."),
			t->step->items[t->p->item].choice_count);
		tell_sentence(t, ROLE_STRONG, line);
	} else if (*label) {
		snprintf(line, sizeof line, _("Enter: %s"), label);
		tell_sentence(t, ROLE_STRONG, line);
	}
}

static void tell_items(struct telling *t)
{
	size_t replies[PLAY_ITEMS_MAX];
	for (size_t i = 0; i < t->step->item_count && i < PLAY_ITEMS_MAX; i++) {
		replies[i] = reply_place(t->p, i);
		if (play_shows(t->p, i))
			tell_item(t, i);
		for (size_t k = 0; k <= i; k++)
			if (replies[k] == i)
				tell_reply(t, k);
	}
}

static struct telling begin(const struct screen *s, const struct model *m, struct canvas *c,
	struct rect r, uint64_t fresh)
{
	return (struct telling) {
		.l = { c, r, 0 },
		.s = s,
		.w = m->world,
		.p = s->lab.play,
		.step = played_step(s),
		.fresh = fresh,
		.fresh_row = -1,
		.row = -1,
	};
}

size_t lesson_choice_at(const struct screen *s, const struct model *m, struct canvas *c,
	struct rect r, int row, int column)
{
	struct telling t = begin(s, m, c, r, 0);
	t.row = row;
	t.column = column;
	if (t.step)
		tell_items(&t);
	return t.hit;
}

int lesson_text(const struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	uint64_t fresh, int *ret_fresh)
{
	struct telling t = begin(s, m, c, r, fresh);
	if (!t.step)
		return 0;
	tell_items(&t);
	tell_state(&t, m);
	tell_next(&t);
	*ret_fresh = t.fresh_row < 0 ? t.l.row : t.fresh_row;
	return t.l.row;
}
