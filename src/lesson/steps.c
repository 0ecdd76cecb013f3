/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: pieces become steps: titles with ids, prose gathered, blocks told from listings. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/i18n.h>
#include <arplab/play.h>
#include <arplab/text.h>
#include <arplab/utf8.h>

#include "lesson_parts.h"

/* ---- kinds of blocks ---- */

static const char *const block_names[] = {
	[BLOCK_LESSON] = "lesson",
	[BLOCK_TOPOLOGY] = "topology",
	[BLOCK_NEEDS] = "needs",
	[BLOCK_PREDICT] = "predict",
	[BLOCK_DO] = "do",
	[BLOCK_CHECK] = "check",
	[BLOCK_HINT] = "hint",
	[BLOCK_SOLVE] = "solve",
	[BLOCK_WHY] = "why",
	[BLOCK_BREAK] = "break",
	[BLOCK_WRONG] = "wrong",
	[BLOCK_DEBRIEF] = "debrief",
};

enum block_kind block_kind(const char *info)
{
	enum block_kind k = 0;
	while (k < BLOCK_KINDS && strcmp(block_names[k], info) != 0)
		k++;
	return k;
}

static void lower(char *to, size_t size, const char *s)
{
	text_copy(to, size, s);
	for (; *to; to++)
		if (*to >= 'A' && *to <= 'Z')
			*to |= 0x20;
}

/* The same letters in another order. */
static bool is_anagram(const char *a, const char *b)
{
	int counts[256] = { 0 };
	for (; *a; a++)
		counts[(uint8_t)*a]++;
	for (; *b; b++)
		counts[(uint8_t)*b]--;
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++)
		if (counts[i])
			return false;
	return true;
}

/* Short words are near to many languages' names (go, dot, ini), so they must be nearer. */
const char *block_near(const char *info)
{
	char word[24];
	lower(word, sizeof word, info);
	for (enum block_kind k = 0; k < BLOCK_KINDS; k++) {
		const char *name = block_names[k];
		size_t len = strlen(name);
		unsigned limit = len > 4 ? 2 : len > 3 ? 1 : 0;
		if (text_distance(word, name) <= limit || is_anagram(word, name))
			return name;
	}
	return NULL;
}

/* ---- steps ---- */

/* A title in a script of wide characters: its few Latin words do not tell it from others. */
static bool is_wide(const char *title)
{
	for (uint32_t c; (c = utf8_next(&title));)
		if (utf8_cells(c) == 2)
			return true;
	return false;
}

/* "Three machines, one address" → "three-machines-one-address". */
static void make_id(struct reader *r, struct step *s)
{
	struct text t = text_in(s->id, sizeof s->id);
	bool gap = false;
	for (const char *c = is_wide(s->title) ? "" : s->title; *c; c++) {
		bool digit = *c >= '0' && *c <= '9';
		if (text_is_letter(*c) || digit) {
			if (gap && t.len)
				text_char(&t, '-');
			text_char(&t, digit ? *c : (char)(*c | 0x20));
		}
		gap = !text_is_letter(*c) && !digit;
	}
	if (t.len == 0) /* A title in another script. */
		text_printf(&t, "step-%zu", r->l->step_count);
	text_end(&t);
	for (const struct step *other = r->l->steps; other < s; other++) {
		if (strcmp(other->id, s->id) == 0) {
			faults_add(r->faults, s->line,
				_("this title and that of line %u both become %s, under which "
				  "progress "
				  "is kept: change one."),
				other->line, s->id);
			return;
		}
	}
}

static struct step *add_step(struct reader *r, struct piece *p)
{
	struct lesson *l = r->l;
	if (l->step_count == PLAY_STEPS_MAX) {
		faults_add(r->faults, p->line, _("a lesson has at most %d steps."), PLAY_STEPS_MAX);
		return NULL;
	}
	struct step *s = &l->steps[l->step_count++];
	*s = (struct step) { .line = p->line };
	s->title = p->prose.text;
	p->prose.text = NULL;
	if (!*s->title)
		faults_add(r->faults, p->line, _("a step has a title: `## Title`."));
	make_id(r, s);
	char *filled = reader_fill(r, s->title, s->line);
	free(s->title);
	s->title = filled;
	text_copy(s->needs, sizeof s->needs, r->needs);
	return s;
}

struct item *step_add_item(struct reader *r, struct step *s, enum item_kind kind, unsigned line)
{
	if (s->item_count == READ_ITEMS_MAX) {
		faults_add(r->faults, line,
			_("a step has at most %d blocks and paragraphs between them."),
			PLAY_ITEMS_MAX);
		return NULL;
	}
	s->items = grow_list(s->items, s->item_count, sizeof *s->items);
	struct item *i = &s->items[s->item_count++];
	*i = (struct item) { .kind = kind, .line = line };
	return i;
}

void item_add_prose(struct reader *r, struct item *item, struct piece *p)
{
	struct prose prose = p->prose;
	prose.text = reader_fill(r, p->prose.text, p->line);
	item->prose = grow_list(item->prose, item->prose_count, sizeof *item->prose);
	item->prose[item->prose_count++] = prose;
}

static void add_prose(struct reader *r, struct step *s, struct piece *p)
{
	struct item *last = s->item_count ? &s->items[s->item_count - 1] : NULL;
	if (!last || last->kind != ITEM_PROSE)
		last = step_add_item(r, s, ITEM_PROSE, p->line);
	if (last)
		item_add_prose(r, last, p);
}

/* ---- pieces ---- */

/* A fence that is nobody's block: a listing. Says so if it may be a misspelt block. */
static void tell_near(struct reader *r, const struct piece *p)
{
	const char *near = block_near(p->info);
	if (near)
		faults_add(r->faults, p->line,
			_("```%s is no block. Did you mean ```%s? A listing needs no word, or "
			  "another "
			  "one."),
			p->info, near);
}

/* A cause has what breaks, what helps, and what is told at the end of its own. */
static bool block_may_have_cause(enum block_kind kind)
{
	return kind == BLOCK_BREAK || kind == BLOCK_SOLVE || kind == BLOCK_WRONG ||
	       kind == BLOCK_HINT || kind == BLOCK_WHY || kind == BLOCK_DEBRIEF;
}

static void read_fence(struct reader *r, struct step *s, struct piece *p)
{
	enum block_kind kind = block_kind(p->info);
	if (kind == BLOCK_KINDS) {
		tell_near(r, p);
		add_prose(r, s, p);
	} else if (p->nested) {
		faults_add(r->faults, p->line,
			_("```%s stands inside of a list or a quotation: blocks begin at the "
			  "line's "
			  "beginning."),
			p->info);
	} else if (kind == BLOCK_LESSON || kind == BLOCK_TOPOLOGY) {
		faults_add(r->faults, p->line, _("```%s belongs before the first step."), p->info);
	} else {
		if (p->info_more || (*p->cause && !block_may_have_cause(kind))) {
			faults_add(
				r->faults, p->line, _("nothing may stand behind ```%s."), p->info);
			p->cause[0] = '\0';
		}
		if (kind == BLOCK_NEEDS)
			needs_read(r, s, p);
		else
			block_read(r, s, kind, p);
	}
}

void steps_read(struct reader *r, size_t from)
{
	struct step *s = NULL;
	for (size_t i = 0; i < r->pieces.count; i++) {
		struct piece *p = &r->pieces.list[i];
		if (!p->prose.text)
			continue; /* Taken already. */
		if (p->kind == PIECE_HEADING && p->level == 2) {
			s = add_step(r, p);
			if (!s)
				return;
			/* What stands between the title and the first step is shown with it. */
			for (size_t k = 0; s == r->l->steps && k < from; k++)
				if (r->pieces.list[k].prose.text)
					add_prose(r, s, &r->pieces.list[k]);
		} else if (s && p->kind == PIECE_HEADING) {
			faults_add(r->faults, p->line,
				_("a lesson has one title; steps begin with ##, parts of them with "
				  "###."));
		} else if (s && p->kind == PIECE_FENCE) {
			read_fence(r, s, p);
		} else if (s) {
			add_prose(r, s, p);
		}
	}
}
