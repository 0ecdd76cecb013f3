/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: whether a translation still says what its original says to the program. */
#include <config.h>

#include <string.h>

#include <arplab/i18n.h>

#include "lesson_parts.h"

static const char *const kind_names[] = {
	[ITEM_PROSE] = "prose",
	[ITEM_PREDICT] = "predict",
	[ITEM_DO] = "do",
	[ITEM_CHECK] = "check",
	[ITEM_HINT] = "hint",
	[ITEM_SOLVE] = "solve",
	[ITEM_WHY] = "why",
	[ITEM_BREAK] = "break",
	[ITEM_WRONG] = "wrong",
	[ITEM_DEBRIEF] = "debrief",
};

/* Whether two lines have the same words, however many blanks are between them. */
static bool same_words(const char *a, const char *b)
{
	for (;;) {
		a += strspn(a, " \t");
		b += strspn(b, " \t");
		size_t len = strcspn(a, " \t");
		if (strcspn(b, " \t") != len || strncmp(a, b, len) != 0)
			return false;
		if (!*a)
			return true;
		a += len;
		b += len;
	}
}

static void compare_choices(const struct item *a, const struct item *b, struct faults *f)
{
	if (a->choice_count != b->choice_count) {
		faults_add(f, b->line, _("the prediction has %zu choices; the original has %zu."),
			b->choice_count, a->choice_count);
		return;
	}
	for (size_t i = 0; i < a->choice_count; i++) {
		if (a->choices[i].right && !b->choices[i].right)
			faults_add(f, b->line,
				_("in the original, choice %zu is the right one: the choices keep "
				  "their "
				  "order."),
				i + 1);
	}
}

static void compare_orders(const struct item *a, const struct item *b, struct faults *f)
{
	for (size_t i = 0; i < a->order_count && a->order_count == b->order_count; i++)
		if (!same_words(a->orders[i].text, b->orders[i].text))
			faults_add(f, b->orders[i].line, _("the original's order is \"%s\"."),
				a->orders[i].text);
	if (a->order_count != b->order_count)
		faults_add(f, b->line, _("the block has %zu orders; the original has %zu."),
			b->order_count, a->order_count);
}

static void compare_claims(const struct item *a, const struct item *b, struct faults *f)
{
	for (size_t i = 0; i < a->claim_count && a->claim_count == b->claim_count; i++)
		if (!same_words(a->claims[i].text, b->claims[i].text))
			faults_add(f, b->claims[i].line, _("the original's claim is \"%s\"."),
				a->claims[i].text);
	if (a->claim_count != b->claim_count)
		faults_add(f, b->line, _("the block has %zu claims; the original has %zu."),
			b->claim_count, a->claim_count);
	if (a->within_ms != b->within_ms)
		faults_add(f, b->line, _("the check waits %u ms; the original waits %u ms."),
			b->within_ms, a->within_ms);
}

static void compare_ladders(const struct item *a, const struct item *b, struct faults *f)
{
	for (size_t i = 0; i < a->ladder_count && a->ladder_count == b->ladder_count; i++)
		if (!same_words(a->ladders[i].text, b->ladders[i].text))
			faults_add(f, b->ladders[i].line, _("the original's line is \"%s\"."),
				a->ladders[i].text);
	if (a->ladder_count != b->ladder_count)
		faults_add(f, b->line, _("the block shows %zu ladders; the original shows %zu."),
			b->ladder_count, a->ladder_count);
}

static size_t skip_prose(const struct step *s, size_t i)
{
	while (i < s->item_count && s->items[i].kind == ITEM_PROSE)
		i++;
	return i;
}

static void compare_steps(const struct step *a, const struct step *b, struct faults *f)
{
	size_t i = skip_prose(a, 0), k = skip_prose(b, 0);
	for (; i < a->item_count && k < b->item_count;
		i = skip_prose(a, i + 1), k = skip_prose(b, k + 1)) {
		const struct item *x = &a->items[i], *y = &b->items[k];
		if (x->kind != y->kind) {
			faults_add(f, y->line, _("a ```%s stands here; the original has a ```%s."),
				kind_names[y->kind], kind_names[x->kind]);
			return;
		}
		if (strcmp(x->cause, y->cause) != 0)
			faults_add(f, y->line, _("the original's cause here is \"%s\"."), x->cause);
		compare_choices(x, y, f);
		compare_orders(x, y, f);
		compare_claims(x, y, f);
		compare_ladders(x, y, f);
	}
	if (i < a->item_count)
		faults_add(f, b->line, _("this step lacks a ```%s of the original, line %u there."),
			kind_names[a->items[i].kind], a->items[i].line);
	if (k < b->item_count)
		faults_add(f, b->items[k].line, _("the original has no ```%s here."),
			kind_names[b->items[k].kind]);
}

/* The lesson's own are those of all steps: one finding is enough. */
static void compare_needs(const struct lesson *a, const struct lesson *b, struct faults *f)
{
	for (size_t i = 0; i < a->step_count && i < b->step_count; i++) {
		if (strcmp(a->steps[i].needs, b->steps[i].needs) == 0)
			continue;
		faults_add(
			f, b->steps[i].line, _("what the step needs is not that of the original."));
		return;
	}
}

static void say_other(struct faults *f, const char *what)
{
	faults_add(f, 0, _("%s is not that of the original."), what);
}

static void compare_facts(const struct lesson *a, const struct lesson *b, struct faults *f)
{
	if (strcmp(a->id, b->id) != 0)
		faults_add(
			f, 0, _("a translation has the file name of its original, %s.md."), a->id);
	if (strcmp(a->topology_name, b->topology_name) != 0 ||
		memcmp(&a->topology, &b->topology, sizeof a->topology) != 0)
		say_other(f, _("the topology"));
	if (a->minutes != b->minutes)
		say_other(f, "minutes");
	if (strcmp(a->after, b->after) != 0)
		say_other(f, "after");
	if (a->fast_track != b->fast_track || a->ticket != b->ticket)
		say_other(f, "track");
	if (a->matrix != b->matrix)
		say_other(f, "show");
}

void lesson_compare(
	const struct lesson *original, const struct lesson *translation, struct faults *faults)
{
	size_t before = faults->count;
	compare_facts(original, translation, faults);
	compare_needs(original, translation, faults);
	for (size_t i = 0; i < original->step_count && i < translation->step_count; i++)
		compare_steps(&original->steps[i], &translation->steps[i], faults);
	if (original->step_count != translation->step_count)
		faults_add(faults, 0, _("it has %zu steps; the original has %zu."),
			translation->step_count, original->step_count);
	faults_sort(faults, before);
}

void lesson_take_ids(struct lesson *translation, const struct lesson *original)
{
	for (size_t i = 0; i < original->step_count && i < translation->step_count; i++)
		memcpy(translation->steps[i].id, original->steps[i].id,
			sizeof translation->steps[i].id);
}
