/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view: the line under a who-has: who answers and who stays silent, by which rule; or why a machine
 * asked under this name. Frames that are nobody's business here have none.
 */
#include <config.h>

#include "verdicts.h"

#include "lab_text.h"

#include <arplab/i18n.h>
#include <arplab/utf8.h>

#define WHOLE_COLUMNS 60 /* From here on there is room for whole sentences. */
#define INDENT 2
#define SEEN_COLUMNS 21 /* Both words on what was seen take the same room. */

/* A who-has whose sender is one that the kernel would not have chosen. */
static bool gives_away(const struct screen *s, const struct model *m, const struct event *e,
	struct arp_packet *p, struct sender *ret)
{
	return arp_decode(e->frame.bytes, e->frame.caplen, p) == ARP_SOUND &&
	       verdicts_sender(s, m, e, p, ret) && ret->kind == SENDER_PACKET;
}

static bool answers(const struct judged *j)
{
	return j->verdict.outcome == OUTCOME_REPLY || j->verdict.outcome == OUTCOME_PROXIED;
}

/* A poll that is answered goes without saying. */
static size_t worth_telling(const struct judged *all, size_t count, bool poll)
{
	size_t worth = 0;
	for (size_t i = 0; i < count; i++)
		worth += verdict_matters(&all[i].verdict) &&
			 !(poll && answers(&all[i]) && all[i].seen != SEEN_SILENT);
	return worth;
}

bool verdict_line_shown(
	const struct screen *s, const struct model *m, uint64_t position, const struct event *e)
{
	struct judged all[JUDGED_MAX];
	struct arp_packet p;
	struct sender sender;
	if (!s->past || s->frames.no_verdicts)
		return false;
	if (gives_away(s, m, e, &p, &sender))
		return true;
	size_t count = verdicts_of(s, m, position, e, all);
	bool poll = count && arp_classify(&p, ARP_SOUND) == ARP_CLASS_POLL;
	return worth_telling(all, count, poll) > 0;
}

/* Where the next word goes, and where the line ends. */
struct line {
	const struct model *m;
	struct canvas *c;
	int row, column, end;
};

static void word(struct line *l, enum role role, const char *s)
{
	if (l->column < l->end)
		l->column = canvas_put_cut(l->c, l->row, l->column, l->end - l->column, role, s);
}

static void machine(struct line *l, uint16_t node)
{
	if (l->column < l->end)
		l->column = put_machine(
			l->c, l->row, l->column, l->end - l->column, ROLE_TEXT, l->m, node);
}

/* What the wire said of it: a check mark, or that it says otherwise. */
static const char *seen_words(enum seen seen, bool ascii)
{
	switch (seen) {
	case SEEN_OPEN:
		break;
	case SEEN_AGREES:
		return ascii ? " +" : " ✓";
	case SEEN_SILENT:
		return ascii ? _(" x no reply was seen") : _(" ✗ no reply was seen");
	case SEEN_ANSWERED:
		return ascii ? _(" x a reply was seen") : _(" ✗ a reply was seen");
	}
	return "";
}

static void put_seen(struct line *l, enum seen seen)
{
	word(l, seen == SEEN_AGREES ? ROLE_GOOD : ROLE_BAD, seen_words(seen, l->c->ascii));
}

static bool contradicts(enum seen seen)
{
	return seen == SEEN_SILENT || seen == SEEN_ANSWERED;
}

/* One machine: the sentence, or its short form. The mark has its room at the end. */
static void draw_single(struct line *l, const struct judged *j)
{
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	struct trace trace;
	struct verdict v;
	bool whole = l->end - l->column >= WHOLE_COLUMNS;
	int end = l->end;
	if (whole) {
		rules_answer(NULL, j->host, &j->arrival, &v, &trace);
		verdict_text(&t, j->host, &v, &trace);
	} else {
		verdict_brief(&t, j->host, &j->verdict);
	}
	int mark = (int)utf8_width(seen_words(j->seen, l->c->ascii));
	l->end -= contradicts(j->seen) && mark < SEEN_COLUMNS ? SEEN_COLUMNS : mark;
	word(l, contradicts(j->seen) ? ROLE_WARN : ROLE_DIM, text_end(&t));
	l->end = end;
	put_seen(l, j->seen);
}

/* What machines do with a who-has, in the order in which it is told. */
enum group { ANSWERING, SILENT, UNTOLD, GROUPS };

static enum group group_of(const struct judged *j)
{
	return answers(j) ? ANSWERING : j->verdict.outcome == OUTCOME_UNKNOWN ? UNTOLD : SILENT;
}

/* " rs1 rs2 silent: arp_ignore 1": each in its colour, and why the last of them is. */
static bool draw_group(
	struct line *l, const struct judged *all, size_t count, enum group group, bool first)
{
	const struct judged *last = NULL;
	bool several = false;
	for (size_t i = 0; i < count; i++) {
		const struct judged *j = &all[i];
		if (!verdict_matters(&j->verdict) || group_of(j) != group)
			continue;
		several = last != NULL;
		word(l, ROLE_DIM, several ? " " : first ? "" : C_("list of facts", "; "));
		machine(l, j->node);
		if (contradicts(j->seen))
			put_seen(l, j->seen);
		last = j;
	}
	if (!last)
		return false;
	if (group == ANSWERING) {
		word(l, ROLE_DIM,
			several ? C_("machines", " answer") : C_("a machine", " answers"));
	} else if (group == SILENT) {
		word(l, ROLE_DIM, C_("a machine, and why", " silent: "));
		word(l, ROLE_DIM, _(last->verdict.rule->brief));
	} else {
		word(l, ROLE_DIM, C_("a machine", ": cannot be told"));
	}
	return true;
}

/* "director answers; rs1 rs2 silent: arp_ignore 1" */
static void draw_many(struct line *l, const struct judged *all, size_t count)
{
	bool any = false;
	for (enum group group = ANSWERING; group < GROUPS; group++)
		any |= draw_group(l, all, count, group, !any);
}

static void draw_sender(struct line *l, uint32_t sip, const struct sender *sender)
{
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	if (l->end - l->column >= WHOLE_COLUMNS) {
		sender_text(&t, sip, sender);
	} else {
		text_printf(&t, "arp_announce %d; 2: ", (int)sender->level);
		text_short_ip(&t, sender->chosen);
	}
	word(l, ROLE_WARN, text_end(&t));
}

void verdict_line_draw(const struct screen *s, const struct model *m, struct canvas *c,
	struct rect r, uint64_t position, const struct event *e)
{
	struct judged all[JUDGED_MAX];
	struct arp_packet p;
	struct sender sender;
	struct line l = { m, c, r.row, r.column + INDENT, r.column + r.columns };
	word(&l, ROLE_DIM, c->ascii ? "` " : "└ ");
	if (gives_away(s, m, e, &p, &sender)) {
		draw_sender(&l, p.sip, &sender);
		return;
	}
	size_t count = verdicts_of(s, m, position, e, all);
	if (shows_lab(s))
		draw_many(&l, all, count);
	else if (count)
		draw_single(&l, &all[0]);
}
