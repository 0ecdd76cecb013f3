/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: the facts about a lesson, `key: value` a line, and the topology that they name. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <arplab/i18n.h>
#include <arplab/text.h>

#include "lesson_parts.h"

#define MINUTES_MAX 240

struct fact {
	const char *name;
	void (*read)(struct reader *r, unsigned line, const char *value);
	bool wanted;
	const char *example;
};

static void read_topology(struct reader *r, unsigned line, const char *value)
{
	if (strlen(value) >= sizeof r->l->topology_name)
		faults_add(r->faults, line, _("no topology has so long a name."));
	text_copy(r->l->topology_name, sizeof r->l->topology_name, value);
}

static void read_minutes(struct reader *r, unsigned line, const char *value)
{
	int64_t n;
	if (text_parse_int(value, 1, MINUTES_MAX, &n) < 0)
		faults_add(r->faults, line, _("minutes is a number from 1 to %d, not %s."),
			MINUTES_MAX, value);
	else
		r->l->minutes = (unsigned)n;
}

static void read_after(struct reader *r, unsigned line, const char *value)
{
	if (strlen(value) >= sizeof r->l->after || strpbrk(value, " \t/"))
		faults_add(r->faults, line,
			_("%s is no lesson's name: wanted a file's name without .md, like "
			  "05-name."),
			value);
	else
		text_copy(r->l->after, sizeof r->l->after, value);
}

static void read_summary(struct reader *r, unsigned line, const char *value)
{
	r->l->summary = markdown_inline(value, line, r->faults);
	strip_marks(r->l->summary);
}

static void read_track(struct reader *r, unsigned line, const char *value)
{
	r->l->fast_track = strcmp(value, "fast") == 0;
	r->l->ticket = strcmp(value, "ticket") == 0;
	if (!r->l->fast_track && !r->l->ticket)
		faults_add(r->faults, line, _("a track is fast or ticket, not %s."), value);
}

/* Its machines are looked for when the topology is read. */
static void read_pick(struct reader *r, unsigned line, const char *value)
{
	r->pick_line = line;
	if (strlen(value) >= sizeof r->pick)
		faults_add(r->faults, line, _("this line is too long."));
	text_copy(r->pick, sizeof r->pick, value);
}

static void read_show(struct reader *r, unsigned line, const char *value)
{
	r->l->matrix = strcmp(value, "matrix") == 0;
	if (!r->l->matrix)
		faults_add(r->faults, line, _("show knows matrix, not %s."), value);
}

/* room: for the words and the terminator. */
static bool names_needs(struct reader *r, unsigned line, const char *value, size_t room)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_- ";
	if (*value && strlen(value) < room && !value[strspn(value, allowed)])
		return true;
	faults_add(r->faults, line,
		_("needs names parts of the kernel, with blanks between them, like ip_vs."));
	return false;
}

static void read_needs(struct reader *r, unsigned line, const char *value)
{
	if (names_needs(r, line, value, sizeof r->needs))
		text_copy(r->needs, sizeof r->needs, value);
}

void needs_read(struct reader *r, struct step *s, const struct piece *p)
{
	char words[sizeof s->needs];
	size_t have = strlen(s->needs);
	text_copy(words, sizeof words, p->prose.text);
	for (char *c = words; (c = strchr(c, '\n'));)
		*c = ' ';
	for (size_t len = strlen(words); len > 0 && words[len - 1] == ' '; len--)
		words[len - 1] = '\0';
	if (!names_needs(r, p->line + 1, words, sizeof words - have - 1))
		return;
	struct text t = text_in(s->needs, sizeof s->needs);
	t.len = have;
	text_printf(&t, "%s%s", have ? " " : "", words);
	text_end(&t);
}

static const struct fact facts[] = {
	{ "topology", read_topology, false, "topology: lvs-dr" },
	{ "minutes", read_minutes, true, "minutes: 8" },
	{ "summary", read_summary, true, N_("summary: what it is about, in one line") },
	{ "after", read_after, false, "after: 05-name" },
	{ "track", read_track, false, "track: fast" },
	{ "needs", read_needs, false, "needs: ip_vs" },
	{ "pick", read_pick, false, N_("pick: bad good = rs1 rs2") },
	{ "show", read_show, false, "show: matrix" },
};

static const char *fact_at(const void *arg, size_t i)
{
	(void)arg;
	return i < ARRAY_SIZE(facts) ? facts[i].name : NULL;
}

static void read_fact(struct reader *r, char *line, unsigned number, unsigned lines[])
{
	char said[SAID_SIZE];
	char *colon = strchr(line, ':');
	if (!colon) {
		faults_add(r->faults, number, _("wanted a line like \"minutes: 8\", not \"%s\"."),
			line);
		return;
	}
	*colon = '\0';
	size_t i = 0;
	while (i < ARRAY_SIZE(facts) && strcmp(facts[i].name, line) != 0)
		i++;
	char *value = skip_blanks(colon + 1);
	if (i == ARRAY_SIZE(facts)) {
		faults_add(r->faults, number, _("%s is no fact of a lesson.%s"), line,
			lesson_near(said, line, fact_at, NULL));
	} else if (lines[i]) {
		faults_add(r->faults, number, _("%s has been said in line %u."), line, lines[i]);
	} else if (!*value) {
		faults_add(r->faults, number, _("%s has no value: wanted \"%s\"."), line,
			_(facts[i].example));
		lines[i] = number;
	} else {
		lines[i] = number;
		facts[i].read(r, number, value);
	}
}

void facts_read(struct reader *r, struct piece *p)
{
	unsigned lines[ARRAY_SIZE(facts)] = { 0 };
	r->facts_line = p->line;
	struct line_walk walk = walk_begin(p->prose.text, p->line + 1);
	for (char *line; (line = walk_next(&walk));)
		if (!line_is_idle(line))
			read_fact(r, skip_blanks(line), walk.line, lines);
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++)
		if (facts[i].wanted && !lines[i])
			faults_add(r->faults, p->line, _("%s is missing: wanted a line \"%s\"."),
				facts[i].name, _(facts[i].example));
}

/* ---- the topology ---- */

static const char *source_name(const void *arg, size_t i)
{
	const struct lesson_source *s = arg;
	return s && s->topology_name ? s->topology_name(s->arg, i) : NULL;
}

/* One of the source's. Its own faults are about another file, so they are told as one. */
static int read_shared(struct reader *r, const char *name)
{
	char said[SAID_SIZE];
	size_t len;
	const struct lesson_source *source = r->source;
	const char *text = source ? source->topology(source->arg, name, &len) : NULL;
	if (!text) {
		faults_add(r->faults, r->facts_line, _("there is no topology %s.%s"), name,
			lesson_near(said, name, source_name, source));
		return -1;
	}
	struct faults theirs = { 0 };
	int result = topology_read(text, len, 1, &r->l->topology, &r->names, &theirs);
	if (result < 0)
		faults_add(r->faults, r->facts_line, _("the topology %s is wrong in line %u: %s"),
			name, theirs.list[0].line, theirs.list[0].text);
	faults_done(&theirs);
	return result;
}

void lesson_topology(struct reader *r)
{
	struct lesson *l = r->l;
	struct piece *own = r->topology_piece;
	struct err err;
	int result = -1;
	if (own && l->topology_name[0])
		faults_add(r->faults, own->line,
			_("the lesson names the topology %s and has one of its own: leave one "
			  "out."),
			l->topology_name);
	else if (own)
		result = topology_read(own->prose.text, strlen(own->prose.text), own->line + 1,
			&l->topology, &r->names, r->faults);
	else if (l->topology_name[0])
		result = read_shared(r, l->topology_name);
	else if (r->facts_line)
		faults_add(r->faults, r->facts_line,
			_("there is no topology: name one, like \"topology: lvs-dr\", or write one "
			  "into a block ```topology."));
	if (result == 0 && r->seed)
		result = topology_vary(&l->topology, &r->names, r->seed, &err);
	else
		err.text[0] = '\0';
	if (result < 0 && err.text[0])
		faults_add(r->faults, own ? own->line : r->facts_line, "%s", err.text);
	r->names_known = result == 0;
}
