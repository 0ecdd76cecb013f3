/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: one line of a claim parsed, and the sentence that says what was seen. */
#include <config.h>

#include <arplab/claim.h>
#include <arplab/i18n.h>

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "claim_parts.h"

static_assert(CLAIM_TEXT_SIZE == READING_LINE, "a line is kept whole");

struct since since_now(const struct world *w)
{
	const struct frames *f = &w->machines[0]->frames;
	return (struct since) {
		.frame = f->first + f->count, .tried = w->tried_total, .served = w->served_total
	};
}

/* ---- parsing ---- */

static const char *word_name(const void *arg, size_t i)
{
	(void)arg;
	size_t count;
	const struct claim_word *words = claim_words(&count);
	return i < count ? words[i].name : NULL;
}

static const struct claim_word *find_word(const struct reading *r)
{
	size_t count;
	const struct claim_word *words = claim_words(&count);
	for (size_t i = 0; r->count > 0 && i < count; i++)
		if (strcmp(words[i].name, r->words[0]) == 0)
			return &words[i];
	return NULL;
}

static int no_word(const struct reading *r)
{
	if (r->count == 0)
		return err_set(r->err, -EINVAL,
			_("the line is empty: a claim is expected, such as replies 192.0.2.1 = 1"));
	char also[80];
	return err_set(r->err, -EINVAL,
		_("there is no claim \"%s\"; one such as replies, neigh or sysctl is expected.%s"),
		r->words[0],
		text_did_you_mean(also, sizeof also, text_nearest(r->words[0], word_name, NULL)));
}

static int take_subject(
	struct reading *r, struct claim *c, enum claim_subject subject, const char *word)
{
	uint64_t nodes = UINT64_C(1) << c->node;
	switch (subject) {
	case SUBJECT_NOTHING:
		return 0;
	case SUBJECT_IP:
		return reading_ip(r, word, &c->ip);
	case SUBJECT_KEY:
		return reading_key(r, word, nodes, false, c->iface, &c->key);
	case SUBJECT_OWN_KEY:
		return reading_key(r, word, nodes, true, c->iface, &c->key);
	case SUBJECT_IFACE:
		return reading_iface(r, word, nodes, true, c->iface);
	}
	return -EINVAL;
}

static int take_relation(struct reading *r, struct claim *c, const char *word)
{
	static const struct reading_choice relations[] = {
		{ "=", IS },
		{ "!=", IS_NOT },
		{ "<", LESS },
		{ ">", MORE },
		{ "<=", AT_MOST },
		{ ">=", AT_LEAST },
		{ NULL, 0 },
	};
	int64_t relation;
	int error = reading_choice(r, word, relations, &relation);
	if (!error)
		c->relation = (enum relation)relation;
	return error;
}

static const char *const subjects[] = {
	[SUBJECT_IP] = N_("an IP"),
	[SUBJECT_KEY] = N_("a sysctl"),
	[SUBJECT_OWN_KEY] = N_("an interface's sysctl"),
	[SUBJECT_IFACE] = N_("an interface"),
};

/* Each word in turn; word: the grammar's name and how it goes on, for sentences. */
static int take_words(struct reading *r, struct claim *c, const struct claim_word *word)
{
	const struct claim_grammar *g = word->grammar;
	size_t next = 1;
	int error = 0;
	if (g->node) {
		if (next == r->count)
			return reading_missing(r, _("a machine"), word->name, word->args);
		error = reading_node(r, r->words[next++], &c->node);
	}
	if (!error && g->subject != SUBJECT_NOTHING) {
		if (next == r->count)
			return reading_missing(r, _(subjects[g->subject]), word->name, word->args);
		error = take_subject(r, c, g->subject, r->words[next++]);
	}
	if (error)
		return error;
	if (next == r->count)
		return reading_missing(r, _("= or another relation"), word->name, word->args);
	error = take_relation(r, c, r->words[next++]);
	if (error)
		return error;
	if (next == r->count)
		return reading_missing(r, _("a value"), word->name, word->args);
	error = g->take(r, c, r->words[next++]);
	if (error)
		return error;
	if (next < r->count)
		return reading_surplus(r, r->words[next], word->name, word->args);
	if (c->relation > IS_NOT && c->form != FORM_NUMBER)
		return err_set(r->err, -EINVAL,
			_("\"%s\" compares numbers, and \"%s\" is none: = or != is expected"),
			r->words[next - 2], r->words[next - 1]);
	return 0;
}

int claim_parse(const char *line, const struct topology *t, struct claim *ret, struct err *err)
{
	struct claim c;
	struct reading r;
	memset(&c, 0, sizeof c);
	int error = reading_begin(&r, line, t, c.text, err);
	if (error)
		return error;
	const struct claim_word *word = find_word(&r);
	if (!word)
		return no_word(&r);
	c.kind = word->grammar->kind;
	error = take_words(&r, &c, word);
	if (!error)
		*ret = c;
	return error;
}

/* ---- looking ---- */

#define MACHINES_NAMED 6

bool claim_compares(const struct claim *c, int64_t seen)
{
	switch (c->relation) {
	case IS:
		return seen == c->number;
	case IS_NOT:
		return seen != c->number;
	case LESS:
		return seen < c->number;
	case MORE:
		return seen > c->number;
	case AT_MOST:
		return seen <= c->number;
	case AT_LEAST:
		return seen >= c->number;
	}
	return false;
}

bool claim_is(const struct claim *c, bool same)
{
	return same == (c->relation == IS);
}

const char *claim_node(const struct looking *l)
{
	return world_name(l->w, l->c->node);
}

/* Numbers of machines, so that reading_list() can name them. */
struct machines {
	const struct world *w;
	uint16_t nodes[MACHINES_NAMED];
	size_t count;
	char more[24];
};

static const char *machine_name(const void *arg, size_t i)
{
	const struct machines *m = arg;
	if (i < m->count)
		return world_name(m->w, m->nodes[i]);
	return i == m->count && m->more[0] ? m->more : NULL;
}

struct claim_names claim_machines(const struct looking *l, uint64_t nodes)
{
	struct claim_names names;
	struct text list = text_in(names.text, sizeof names.text);
	struct machines m = { .w = l->w };
	unsigned more = 0;
	for (uint16_t i = 1; i <= NODES_MAX; i++) {
		if (!(nodes & UINT64_C(1) << i))
			continue;
		if (m.count < MACHINES_NAMED)
			m.nodes[m.count++] = i;
		else
			more++;
	}
	struct text t = text_in(m.more, sizeof m.more);
	if (more)
		text_printf(&t, ngettext("%u more", "%u more", more), more);
	text_end(&t);
	reading_list(&list, machine_name, &m, _("and"));
	text_end(&list);
	return names;
}

static void put_value(const struct looking *l, struct text *t)
{
	const struct claim *c = l->c;
	switch ((enum claim_form)c->form) {
	case FORM_NUMBER:
		text_i64(t, c->number);
		break;
	case FORM_NODES:
	case FORM_NODE:
		text_put(t, claim_machines(l, c->nodes).text);
		break;
	case FORM_CARDS:
		text_put(t, claim_cards(l).text);
		break;
	case FORM_MAC:
		text_mac(t, c->mac);
		break;
	case FORM_IFACE:
		text_put(t, c->iface);
		break;
	case FORM_IP:
		text_ip(t, c->value_ip);
		break;
	case FORM_STATE:
		text_put(t, neigh_state_name(c->state));
		break;
	case FORM_WORD:
		for (const struct reading_choice *w = claim_choices(c->kind); w->word; w++)
			if (w->value == c->number)
				text_put(t, w->word);
		break;
	case FORM_NONE:
		text_put(t, C_("value", "none"));
		break;
	case FORM_UNKNOWN:
		text_put(t, _("an entry without a MAC"));
		break;
	}
}

/* Others could be named beside it, so that it is the only one has to be said. */
static bool is_one_of_several(const struct claim *c)
{
	if (c->form == FORM_NODES)
		return (c->nodes & (c->nodes - 1)) == 0;
	return c->form == FORM_CARDS && c->card_count == 1;
}

static void say_wanted(const struct looking *l)
{
	char value[256];
	struct text *t = l->seen, v = text_in(value, sizeof value);
	put_value(l, &v);
	text_end(&v);
	switch ((enum relation)l->c->relation) {
	case IS:
		if (is_one_of_several(l->c))
			text_printf(t, _("; wanted: %s alone"), value);
		else
			text_printf(t, _("; wanted: %s"), value);
		break;
	case IS_NOT:
		text_printf(t, _("; wanted: not %s"), value);
		break;
	case LESS:
		/* A sysctl's value is less, not fewer. */
		if (l->c->kind == CLAIM_SYSCTL || l->c->kind == CLAIM_EFFECTIVE)
			text_printf(t, _("; wanted: less than %s"), value);
		else
			text_printf(t, _("; wanted: fewer than %s"), value);
		break;
	case MORE:
		text_printf(t, _("; wanted: more than %s"), value);
		break;
	case AT_MOST:
		text_printf(t, _("; wanted: at most %s"), value);
		break;
	case AT_LEAST:
		text_printf(t, _("; wanted: at least %s"), value);
		break;
	}
}

bool claim_holds(
	const struct claim *c, const struct world *w, struct since since, struct text *seen)
{
	struct looking l = { .c = c, .w = w, .since = since, .seen = seen };
	l.m = c->node ? world_machine(w, c->node) : NULL;
	if (c->node && !l.m) {
		text_printf(seen, _("machine number %u is not there"), c->node);
		return false;
	}
	bool holds = claim_grammar(c->kind)->look(&l);
	if (!holds)
		say_wanted(&l);
	return holds;
}
