/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lesson: a lesson read from its file: the order of reading, and what is freed at the end.
 *
 * Every finding is collected; only bytes that are no text, and nesting that nobody writes, end the
 * reading at once.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <arplab/i18n.h>
#include <arplab/play.h>
#include <arplab/text.h>

#include "lesson_parts.h"

/* ---- names ---- */

char *reader_try_fill(struct reader *r, const char *text, unsigned line)
{
	char name[NAME_SIZE], said[SAID_SIZE];
	char *filled = names_fill(&r->names, text, name);
	if (!filled && r->names_known && !r->names_told)
		faults_add(r->faults, line, _("{%s} is not known.%s"), name,
			names_said_near(&r->names, name, said));
	return filled;
}

char *reader_fill(struct reader *r, const char *text, unsigned line)
{
	char *filled = reader_try_fill(r, text, line);
	return filled ? filled : copy_bytes(text, strlen(text));
}

static void tell_names(struct reader *r, const char *line, size_t len, unsigned number)
{
	char name[NAME_SIZE], said[SAID_SIZE];
	const char *end = line + len;
	size_t took;
	for (const char *s = memchr(line, '{', len); s && !faults_full(r->faults);
		s = memchr(s + took, '{', (size_t)(end - s) - took)) {
		enum brace brace = names_brace(s, name, &took);
		if (brace == BRACE_OPEN)
			faults_add(r->faults, number,
				_("{%s has no closing brace; a brace alone is written {{."), name);
		else if (brace == BRACE_NAME && !names_value(&r->names, name))
			faults_add(r->faults, number, _("{%s} is not known.%s"), name,
				names_said_near(&r->names, name, said));
		else
			continue;
		r->names_told = true;
	}
}

/* Looked for in the lines as they are written, so that each is told with its own line. */
static void check_names(struct reader *r)
{
	unsigned from = 0, to = 0; /* The topology's own lines, which have been read. */
	if (r->topology_piece) {
		const char *text = r->topology_piece->prose.text;
		from = r->topology_piece->line;
		to = from + 1;
		for (; *text; text++)
			to += *text == '\n';
	}
	for (unsigned i = 0; i < r->text.line_count; i++) {
		size_t len;
		const char *line = source_get(&r->text, i, &len);
		if (i < from || i >= to)
			tell_names(r, line, len, i + 1);
	}
}

/* ---- before the first step ---- */

static void read_title(struct reader *r, struct piece *p)
{
	if (r->l->title) {
		faults_add(r->faults, p->line, _("a lesson has one title; steps begin with ##."));
		return;
	}
	if (p != r->pieces.list)
		faults_add(r->faults, r->pieces.list[0].line,
			_("a lesson begins with its title: `# Title`."));
	r->l->title = p->prose.text;
	p->prose.text = NULL;
	if (!*r->l->title)
		faults_add(r->faults, p->line, _("the title is empty: wanted `# Title`."));
}

static void take_block(struct reader *r, struct piece *p)
{
	enum block_kind kind = block_kind(p->info);
	if (kind == BLOCK_LESSON) {
		if (r->facts_line)
			faults_add(r->faults, p->line,
				_("there is a ```lesson already, see line %u."), r->facts_line);
		else
			facts_read(r, p);
	} else if (kind == BLOCK_TOPOLOGY) {
		if (r->topology_piece)
			faults_add(r->faults, p->line,
				_("there is a ```topology already, see line %u."),
				r->topology_piece->line);
		else
			r->topology_piece = p;
	} else {
		faults_add(r->faults, p->line,
			_("```%s belongs to a step: below a line `## Title`."), p->info);
	}
	if (p->info_more || *p->cause)
		faults_add(r->faults, p->line, _("nothing may stand behind ```%s."), p->info);
}

/* Returns the number of the piece that the first step begins with. */
static size_t read_head(struct reader *r)
{
	size_t i = 0;
	bool fenced = false;
	for (; i < r->pieces.count; i++) {
		struct piece *p = &r->pieces.list[i];
		if (p->kind == PIECE_HEADING && p->level == 2)
			break;
		if (p->kind == PIECE_HEADING) {
			read_title(r, p);
		} else if (p->kind == PIECE_FENCE && block_kind(p->info) != BLOCK_KINDS) {
			if (!fenced && block_kind(p->info) != BLOCK_LESSON)
				faults_add(r->faults, p->line,
					_("the first block is ```lesson, with the facts about the "
					  "lesson."));
			fenced = true;
			take_block(r, p);
		} else if (p->kind == PIECE_FENCE && block_near(p->info)) {
			faults_add(r->faults, p->line, _("```%s is no block. Did you mean ```%s?"),
				p->info, block_near(p->info));
		}
	}
	return i;
}

static void check_head(struct reader *r)
{
	/* What is missing is told where it should stand: at the beginning. */
	if (!r->l->title)
		faults_add(r->faults, 1, _("there is no title: a lesson begins with `# Title`."));
	if (!r->facts_line)
		faults_add(r->faults, 1,
			_("there is no block ```lesson with the facts: topology, minutes, "
			  "summary."));
}

/* Blocks before the first step are not shown with it. */
static void drop_blocks(struct reader *r, size_t until)
{
	for (size_t i = 0; i < until; i++) {
		struct piece *p = &r->pieces.list[i];
		if (p->kind == PIECE_FENCE && block_kind(p->info) != BLOCK_KINDS) {
			free(p->prose.text);
			p->prose.text = NULL;
		}
	}
}

/* ---- the whole ---- */

/* "lessons/06-arp-ignore-0.md" → "06-arp-ignore-0" */
static void make_id(struct lesson *l, const char *name)
{
	const char *slash = strrchr(name, '/');
	if (slash)
		name = slash + 1;
	text_copy(l->id, sizeof l->id, name);
	size_t len = strlen(name);
	if (len > 3 && strcmp(name + len - 3, ".md") == 0 && len - 3 < sizeof l->id)
		l->id[len - 3] = '\0';
	for (char *c = l->id; *c; c++)
		if (!text_is_letter(*c) && !(*c >= '0' && *c <= '9') && !strchr("-_.", *c))
			*c = '-';
}

static void fill_in_place(struct reader *r, char **text)
{
	if (!*text)
		return;
	char *filled = reader_fill(r, *text, 1);
	free(*text);
	*text = filled;
}

static void read_pieces(struct reader *r)
{
	size_t first = read_head(r);
	check_head(r);
	lesson_topology(r);
	causes_pick(r);
	if (r->names_known)
		check_names(r);
	drop_blocks(r, first);
	fill_in_place(r, &r->l->title);
	fill_in_place(r, &r->l->summary);
	steps_read(r, first);
	if (first == r->pieces.count)
		faults_add(r->faults, 0, _("there is no step: a step begins with `## Title`."));
	rules_check(r);
	causes_choose(r);
}

struct lesson *lesson_read(const char *name, const char *bytes, size_t len, uint32_t seed,
	const struct lesson_source *source, struct faults *faults)
{
	size_t before = faults->count;
	struct reader r = { .faults = faults, .source = source, .seed = seed };
	r.l = calloc(1, sizeof *r.l);
	struct step *steps = calloc(PLAY_STEPS_MAX, sizeof *steps);
	if (!r.l || !steps)
		abort();
	r.l->steps = steps;
	r.l->seed = seed;
	make_id(r.l, name);
	if (source_read(&r.text, bytes, len, 1, faults) && source_is_tame(&r.text, faults)) {
		markdown_read(&r.pieces, &r.text, 1, faults);
		read_pieces(&r);
	}
	pieces_done(&r.pieces);
	names_done(&r.names);
	source_done(&r.text);
	faults_sort(faults, before);
	if (faults->count == before && !faults->more)
		return r.l;
	lesson_free(r.l);
	return NULL;
}

void item_free(struct item *i)
{
	for (size_t k = 0; k < i->prose_count; k++)
		free(i->prose[k].text);
	for (size_t k = 0; k < i->choice_count; k++) {
		free(i->choices[k].name);
		free(i->choices[k].reply);
	}
	free(i->text);
	free(i->prose);
	free(i->choices);
	free(i->orders);
	free(i->claims);
	free(i->ladders);
}

void lesson_forget_items(struct lesson *l)
{
	for (struct step *s = l->steps; s < l->steps + l->step_count; s++) {
		for (size_t i = 0; i < s->item_count; i++)
			item_free(&s->items[i]);
		free(s->items);
		s->items = NULL;
		s->item_count = 0;
	}
}

void lesson_free(struct lesson *l)
{
	if (!l)
		return;
	lesson_forget_items(l);
	for (struct step *s = l->steps; s < l->steps + l->step_count; s++)
		free(s->title);
	free(l->steps);
	free(l->title);
	free(l->summary);
	free(l);
}
