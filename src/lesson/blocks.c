/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: the blocks of a step, each made into an item. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <arplab/i18n.h>
#include <arplab/play.h>
#include <arplab/text.h>

#include "lesson_parts.h"

#define CHOICES_MIN 2
#define CHOICES_MAX 6
#define CHOICE_NAME_MAX 60
#define QUESTION_MAX 2000
#define WITHIN_MS 2000
#define WITHIN_MS_MAX 60000

/* ---- predict ---- */

/* `- name: reply`, `* name: reply`; the colon may be a full-width one. */
static bool is_option(const char *line)
{
	return (line[0] == '-' || line[0] == '*') && (line[1] == ' ' || line[1] == '\t');
}

static const char *find_colon(const char *s, size_t *ret_len)
{
	static const char wide[] = "\xef\xbc\x9a";
	const char *plain = strchr(s, ':'), *full = strstr(s, wide);
	if (full && (!plain || full < plain)) {
		*ret_len = sizeof wide - 1;
		return full;
	}
	*ret_len = 1;
	return plain;
}

/* The marks of prose, and names filled in. */
static char *running_text(struct reader *r, const char *text, unsigned line)
{
	char *marked = markdown_inline(text, line, r->faults);
	char *filled = reader_fill(r, marked, line);
	free(marked);
	return filled;
}

static void add_choice(struct reader *r, struct item *item, char *line, unsigned number)
{
	size_t colon_len;
	bool right = line[0] == '*';
	char *name = skip_blanks(line + 1);
	char *colon = (char *)find_colon(name, &colon_len);
	if (!colon || colon == name) {
		faults_add(r->faults, number,
			_("wanted \"%c name: what is said to who chose it\"."), *line);
		return;
	}
	size_t len = (size_t)(colon - name);
	while (len > 0 && (name[len - 1] == ' ' || name[len - 1] == '\t'))
		len--;
	name[len] = '\0';
	const char *reply = skip_blanks(colon + colon_len);
	if (len > CHOICE_NAME_MAX)
		faults_add(r->faults, number, _("a choice has a short name: at most %d bytes."),
			CHOICE_NAME_MAX);
	if (!*reply)
		faults_add(r->faults, number,
			_("%s has no reply: say to who chose it what is wrong or right about it."),
			name);
	if (item->choice_count == CHOICES_MAX) {
		faults_add(
			r->faults, number, _("a prediction has at most %d choices."), CHOICES_MAX);
		return;
	}
	item->choices = grow_list(item->choices, item->choice_count, sizeof *item->choices);
	struct choice *c = &item->choices[item->choice_count++];
	*c = (struct choice) { .name = running_text(r, name, number),
		.reply = running_text(r, reply, number),
		.right = right };
	strip_marks(c->name);
	for (const struct choice *other = item->choices; other < c; other++)
		if (strcmp(other->name, c->name) == 0)
			faults_add(r->faults, number, _("there is a choice %s already."), c->name);
}

/* Lines that belong to one option: its own, and those behind it that begin with a blank. */
static char *gather_option(struct line_walk *walk, char *line)
{
	struct buf b = { 0 };
	buf_put(&b, line, strlen(line));
	while (*walk->next == ' ' || *walk->next == '\t') {
		char *more = skip_blanks(walk_next(walk));
		if (*more)
			buf_char(&b, ' ');
		buf_put(&b, more, strlen(more));
	}
	return buf_take(&b);
}

static void check_choices(struct reader *r, const struct item *item)
{
	size_t right = 0;
	for (size_t i = 0; i < item->choice_count; i++)
		right += item->choices[i].right;
	if (!*item->text)
		faults_add(r->faults, item->line,
			_("the prediction asks nothing: its first line is the "
			  "question."));
	if (item->choice_count < CHOICES_MIN)
		faults_add(r->faults, item->line,
			_("a prediction has %d to %d choices, one a line: \"- name: reply\", and "
			  "\"* name: reply\" for the right one."),
			CHOICES_MIN, CHOICES_MAX);
	else if (right != 1)
		faults_add(r->faults, item->line,
			_("%zu choices are right, and just one must be: it begins with * instead "
			  "of "
			  "-."),
			right);
}

static void read_predict(struct reader *r, struct item *item, char *text, unsigned line)
{
	struct buf question = { 0 };
	struct line_walk walk = walk_begin(text, line);
	for (char *l; (l = walk_next(&walk));) {
		if (is_option(l)) {
			unsigned number = walk.line;
			char *option = gather_option(&walk, l);
			add_choice(r, item, option, number);
			free(option);
		} else if (*l && item->choice_count) {
			faults_add(r->faults, walk.line,
				_("wanted another choice, \"- name: reply\", or more of the last "
				  "reply, "
				  "which begins with a blank."));
		} else if (*l && question.len <= QUESTION_MAX) {
			if (question.len)
				buf_char(&question, ' ');
			buf_put(&question, l, strlen(l));
		}
	}
	if (question.len > QUESTION_MAX)
		faults_add(r->faults, line, _("a question has at most %d bytes."), QUESTION_MAX);
	char *whole = buf_take(&question);
	item->text = running_text(r, whole, line);
	free(whole);
	check_choices(r, item);
}

/* ---- do, solve, check ---- */

static void add_order(struct reader *r, struct item *item, const char *line, unsigned number)
{
	struct err err = { "" };
	struct order o;
	if (order_parse(line, &r->l->topology, &o, &err) < 0) {
		faults_add(r->faults, number, "%s", err.text);
		return;
	}
	o.line = number;
	item->orders = grow_list(item->orders, item->order_count, sizeof *item->orders);
	item->orders[item->order_count++] = o;
}

static void add_claim(struct reader *r, struct item *item, const char *line, unsigned number)
{
	struct err err = { "" };
	struct claim c;
	if (claim_parse(line, &r->l->topology, &c, &err) < 0) {
		faults_add(r->faults, number, "%s", err.text);
		return;
	}
	if (item->claim_count == PLAY_CLAIMS_MAX) {
		faults_add(r->faults, number, _("a check has at most %d claims."), PLAY_CLAIMS_MAX);
		return;
	}
	c.line = number;
	item->claims = grow_list(item->claims, item->claim_count, sizeof *item->claims);
	item->claims[item->claim_count++] = c;
}

static const char *order_at(const void *arg, size_t i)
{
	(void)arg;
	size_t count;
	const struct order_word *words = order_words(&count);
	return i < count ? words[i].name : NULL;
}

static const char *claim_at(const void *arg, size_t i)
{
	(void)arg;
	size_t count;
	const struct claim_word *words = claim_words(&count);
	return i < count ? words[i].name : NULL;
}

static const char *check_at(const void *arg, size_t i)
{
	size_t count;
	order_words(&count);
	return i < count ? order_at(arg, i) : claim_at(arg, i - count);
}

static bool is_among(const char *word, const char *(*name)(const void *arg, size_t i))
{
	const char *n;
	for (size_t i = 0; (n = name(NULL, i)); i++)
		if (strcmp(n, word) == 0)
			return true;
	return false;
}

/* The line's words are those of an order, of a claim, or of either; a claim has a relation. */
static void read_check_line(struct reader *r, struct item *item, char *line, unsigned number)
{
	char word[24], said[SAID_SIZE];
	struct text t = text_in(word, sizeof word);
	text_putn(&t, line, strcspn(line, " \t"));
	text_end(&t);
	bool order = is_among(word, order_at), claim = is_among(word, claim_at);
	if (!order && !claim) {
		faults_add(r->faults, number, _("%s begins no order and no claim.%s"), word,
			lesson_near(said, word, check_at, NULL));
	} else if (claim && (!order || strpbrk(line, "=<>"))) {
		add_claim(r, item, line, number);
	} else if (item->claim_count) {
		faults_add(r->faults, number,
			claim ? _("an order stands behind a claim: orders come first; or, for a "
				  "claim, wanted a sign like =.")
			      : _("an order stands behind a claim: orders come first."));
	} else {
		add_order(r, item, line, number);
	}
}

/* `within 5s` */
static bool read_within(struct reader *r, struct item *item, const char *line, unsigned number)
{
	if (strncmp(line, "within", 6) != 0 || (line[6] != ' ' && line[6] != '\0'))
		return false;
	uint32_t ms;
	if (parse_time_ms(line + 6 + strspn(line + 6, " "), &ms) < 0 || ms == 0 ||
		ms > WITHIN_MS_MAX)
		faults_add(r->faults, number,
			_("wanted: within TIME, like 5s or 1500ms, at most %ds."),
			WITHIN_MS_MAX / 1000);
	else
		item->within_ms = ms;
	return true;
}

/* Returns whether all of its lines could be looked at. */
static bool read_lines(struct reader *r, struct item *item, char *text, unsigned line)
{
	size_t before = r->faults->count;
	bool filled_all = r->names_known;
	struct line_walk walk = walk_begin(text, line);
	for (char *l; !faults_full(r->faults) && (l = walk_next(&walk));) {
		l = skip_blanks(l);
		if (line_is_idle(l) || !r->names_known)
			continue;
		char *filled = reader_try_fill(r, l, walk.line);
		filled_all = filled_all && filled;
		if (!filled)
			continue;
		if (item->kind != ITEM_CHECK)
			add_order(r, item, filled, walk.line);
		else if (!read_within(r, item, filled, walk.line))
			read_check_line(r, item, filled, walk.line);
		free(filled);
	}
	return filled_all && r->faults->count == before;
}

static void check_lines(struct reader *r, const struct item *item, const char *name)
{
	if (item->kind == ITEM_CHECK && !item->claim_count)
		faults_add(r->faults, item->line,
			_("the check claims nothing: wanted lines like "
			  "\"replies {vip} = 1\"."));
	else if (item->kind != ITEM_CHECK && !item->order_count)
		faults_add(r->faults, item->line, _("there is no order in this ```%s."), name);
}

/* ---- hint, why ---- */

static void add_ladder(struct reader *r, struct item *item, const char *line, unsigned number)
{
	struct err err = { "" };
	struct ladder l;
	char *filled = reader_try_fill(r, line, number);
	if (!filled)
		return;
	if (ladder_parse(filled, &r->l->topology, &l, &err) < 0) {
		faults_add(r->faults, number, "%s", err.text);
	} else if (item->ladder_count == LADDERS_MAX) {
		faults_add(r->faults, number, _("a block shows at most %d ladders."), LADDERS_MAX);
	} else {
		l.line = number;
		item->ladders = grow_list(item->ladders, item->ladder_count, sizeof *item->ladders);
		item->ladders[item->ladder_count++] = l;
	}
	free(filled);
}

/* The lines at a block's end that show ladders are taken off; what is left is prose. */
static void take_ladders(struct reader *r, struct item *item, char *text, unsigned line)
{
	size_t kept = strlen(text);
	char *copy = copy_bytes(text, kept);
	struct line_walk walk = walk_begin(copy, line);
	bool begun = false;
	for (char *l; !faults_full(r->faults) && (l = walk_next(&walk));) {
		if (ladder_begins(l)) {
			if (!begun)
				kept = (size_t)(l - copy);
			begun = true;
			if (r->names_known)
				add_ladder(r, item, l, walk.line);
		} else if (begun && !line_is_idle(l)) {
			faults_add(r->faults, walk.line,
				_("prose stands behind a ladder: ladders come last."));
			break;
		}
	}
	free(copy);
	text[kept] = '\0';
}

static void read_prose(struct reader *r, struct item *item, const char *text, unsigned line)
{
	struct source s;
	struct pieces pieces = { 0 };
	source_inside(&s, text, strlen(text));
	markdown_read(&pieces, &s, line, r->faults);
	for (size_t i = 0; i < pieces.count; i++) {
		struct piece *p = &pieces.list[i];
		if (p->kind == PIECE_FENCE && block_kind(p->info) != BLOCK_KINDS)
			faults_add(r->faults, p->line,
				_("```%s cannot stand inside of another block."), p->info);
		if (p->kind == PIECE_HEADING)
			p->prose.kind = PROSE_HEADING;
		item_add_prose(r, item, p);
	}
	pieces_done(&pieces);
	source_done(&s);
	if (!item->prose_count && !item->ladder_count)
		faults_add(r->faults, item->line, _("this block says nothing."));
}

/* ---- */

static const enum item_kind item_kinds[] = {
	[BLOCK_PREDICT] = ITEM_PREDICT,
	[BLOCK_DO] = ITEM_DO,
	[BLOCK_CHECK] = ITEM_CHECK,
	[BLOCK_HINT] = ITEM_HINT,
	[BLOCK_SOLVE] = ITEM_SOLVE,
	[BLOCK_WHY] = ITEM_WHY,
	[BLOCK_BREAK] = ITEM_BREAK,
	[BLOCK_WRONG] = ITEM_WRONG,
	[BLOCK_DEBRIEF] = ITEM_DEBRIEF,
};

void block_read(struct reader *r, struct step *s, enum block_kind kind, struct piece *p)
{
	struct item *item = step_add_item(r, s, item_kinds[kind], p->line);
	if (!item)
		return;
	text_copy(item->cause, sizeof item->cause, p->cause);
	switch (item->kind) {
	case ITEM_PREDICT:
		read_predict(r, item, p->prose.text, p->line + 1);
		break;
	case ITEM_DO:
	case ITEM_CHECK:
	case ITEM_SOLVE:
	case ITEM_BREAK:
	case ITEM_WRONG:
		item->within_ms = WITHIN_MS;
		if (read_lines(r, item, p->prose.text, p->line + 1))
			check_lines(r, item, p->info);
		break;
	case ITEM_WHY:
		take_ladders(r, item, p->prose.text, p->line + 1);
		read_prose(r, item, p->prose.text, p->line + 1);
		break;
	case ITEM_HINT:
	case ITEM_DEBRIEF:
		read_prose(r, item, p->prose.text, p->line + 1);
		break;
	case ITEM_PROSE:
		break;
	}
}
