/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: the rules that the kernel went through for a frame of the step, for `why` blocks. */
#include <config.h>

#include <arplab/i18n.h>
#include <arplab/ladder.h>

#include <assert.h>
#include <errno.h>
#include <string.h>

#include <arplab/frame.h>

#include "reading.h"

static_assert(LADDER_TEXT_SIZE == READING_LINE, "a line is kept whole");

/* ---- the line ---- */

static const char args[] = "NODE answers IP, NODE learns IP, or NODE asks IP [from IP]";

bool ladder_begins(const char *line)
{
	static const char word[] = "ladder";
	line += strspn(line, " \t");
	return strncmp(line, word, sizeof word - 1) == 0 &&
	       (line[sizeof word - 1] == '\0' || strchr(" \t\r", line[sizeof word - 1]));
}

/* What stands behind the address: nothing, or the source of the packet that waited. */
static int parse_source(struct reading *r, struct ladder *l)
{
	if (r->count == 4)
		return 0;
	if (l->question != QUESTION_ANNOUNCE || strcmp(r->words[4], "from") != 0)
		return reading_surplus(r, r->words[4], "ladder", args);
	if (r->count == 5)
		return reading_missing(r, _("an IP"), "ladder", args);
	int error = reading_ip(r, r->words[5], &l->source);
	if (!error && r->count > 6)
		error = reading_surplus(r, r->words[6], "ladder", args);
	return error;
}

static int parse_words(struct reading *r, struct ladder *l)
{
	static const struct reading_choice questions[] = {
		{ "answers", QUESTION_ANSWER },
		{ "learns", QUESTION_LEARN },
		{ "asks", QUESTION_ANNOUNCE },
		{ NULL, 0 },
	};
	static const char *const wanted[] = { N_("a machine"), N_("answers, learns or asks"),
		N_("an IP") };
	int64_t question = 0;
	assert(r->count > 0);
	if (r->count < 4)
		return reading_missing(r, _(wanted[r->count - 1]), "ladder", args);
	int error = reading_node(r, r->words[1], &l->node);
	if (!error)
		error = reading_choice(r, r->words[2], questions, &question);
	l->question = (enum question)question;
	if (!error)
		error = reading_ip(r, r->words[3], &l->ip);
	return error ? error : parse_source(r, l);
}

int ladder_parse(const char *line, const struct topology *t, struct ladder *ret, struct err *err)
{
	struct ladder l = { 0 };
	struct reading r;
	int error = reading_begin(&r, line, t, l.text, err);
	if (!error)
		error = parse_words(&r, &l);
	if (!error)
		*ret = l;
	return error;
}

static void put_learning(struct text *t, const struct ladder *l, const struct world *w,
	const struct ladder_shown *shown)
{
	const char *who = world_name(w, l->node);
	if (!shown)
		text_printf(t, _("What does %s learn of %s?"), who, ip_word(l->ip).text);
	else if (shown->packet.op == ARP_OP_REQUEST)
		text_printf(t, _("What does %s learn from %s's who-has %s?"), who,
			world_name(w, shown->from), ip_word(shown->packet.tip).text);
	else
		text_printf(t, _("What does %s learn from %s's is-at %s?"), who,
			world_name(w, shown->from), ip_word(shown->packet.sip).text);
}

void ladder_asks(struct text *t, const struct ladder *l, const struct world *w,
	const struct ladder_shown *shown)
{
	const char *who = world_name(w, l->node);
	struct word ip = ip_word(l->ip);
	switch (l->question) {
	case QUESTION_ANSWER:
		if (shown)
			text_printf(t, _("Does %s answer %s's who-has %s?"), who,
				world_name(w, shown->from), ip.text);
		else
			text_printf(t, _("Does %s answer who-has %s?"), who, ip.text);
		break;
	case QUESTION_LEARN:
		put_learning(t, l, w, shown);
		break;
	case QUESTION_ANNOUNCE:
		text_printf(t, _("Under which address does %s ask who has %s?"), who, ip.text);
		break;
	case QUESTION_FORWARD:
	case QUESTIONS:
		break;
	}
}

/* ---- the frame ---- */

static bool is_meant(const struct ladder *l, const struct event *e, struct arp_packet *ret)
{
	if (arp_decode(e->frame.bytes, e->frame.caplen, ret) != ARP_SOUND)
		return false;
	switch (l->question) {
	case QUESTION_ANSWER:
		return ret->op == ARP_OP_REQUEST && ret->tip == l->ip && e->node != l->node;
	case QUESTION_LEARN:
		return ret->sip == l->ip && e->node != l->node;
	case QUESTION_ANNOUNCE:
		return ret->op == ARP_OP_REQUEST && ret->tip == l->ip && e->node == l->node;
	case QUESTION_FORWARD:
	case QUESTIONS:
		break;
	}
	return false;
}

static bool look_arrived(const struct ladder *l, const struct past *p, const struct world *w,
	const struct event *e, struct ladder_shown *ret)
{
	struct arrival a;
	int32_t ifindex = past_landed(p, w, l->node, e);
	if (!ifindex)
		return false;
	past_arrival(p, w, l->node, ifindex, e, &a);
	if (l->question == QUESTION_LEARN) {
		rules_learn(NULL, ret->host, &a, &ret->verdict, &ret->trace);
		return true;
	}
	rules_answer(NULL, ret->host, &a, &ret->verdict, &ret->trace);
	enum seen seen =
		past_seen(p, w, l->node, w->machines[0], ret->position, &ret->verdict, NULL);
	ret->contradicted = seen == SEEN_SILENT || seen == SEEN_ANSWERED;
	return true;
}

/* A question that went to one MAC polls an entry: no packet waited for its answer. */
static void look_sent(const struct ladder *l, const struct event *e, struct ladder_shown *ret)
{
	struct departure d = { .dst = l->ip };
	d.probe = arp_classify(&ret->packet, ARP_SOUND) == ARP_CLASS_POLL;
	if (d.probe)
		d.ifindex = e->frame.ifindex;
	else
		d.src = l->source ? l->source : ret->packet.sip;
	rules_announce(NULL, ret->host, &d, &ret->verdict, &ret->trace);
	ret->contradicted =
		ret->verdict.outcome != OUTCOME_UNKNOWN &&
		(ret->verdict.outcome != OUTCOME_ASKS || ret->verdict.sender != ret->packet.sip);
}

bool ladder_look(const struct ladder *l, const struct past *p, const struct world *w,
	uint64_t first, uint64_t end, struct ladder_shown *ret)
{
	const struct frames *f = &w->machines[0]->frames;
	first = first > f->first ? first : f->first;
	end = end < f->first + f->count ? end : f->first + f->count;
	for (uint64_t i = end; p && i-- > first;) {
		const struct event *e = frames_at(f, i);
		struct arp_packet packet;
		if (!is_meant(l, e, &packet))
			continue;
		struct ladder_shown shown = { .host = past_host(p, l->node, e->at_ns),
			.position = i,
			.from = e->node,
			.packet = packet };
		if (!shown.host)
			continue;
		if (l->question == QUESTION_ANNOUNCE)
			look_sent(l, e, &shown);
		else if (!look_arrived(l, p, w, e, &shown))
			continue;
		*ret = shown;
		return true;
	}
	return false;
}

const char *ladder_not_yet(void)
{
	return _("The rules stand here once such a frame has been seen.");
}

const char *ladder_contradicted(void)
{
	return _("But the frames say otherwise.");
}
