/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view: why: what the rules say of a frame, each with what it found, what the wire said to that,
 * and which cache rows came of it.
 */
#include <config.h>

#include "verdicts.h"

#include "causes.h"
#include "lab_text.h"
#include "ladder_lines.h"

#include <arplab/i18n.h>

struct why {
	struct lines l;
	const struct screen *s;
	const struct model *m;
	uint64_t position;
	const struct event *e;
};

static struct lines inner(const struct lines *l)
{
	struct lines in = *l;
	in.r.column += 2;
	in.r.columns -= 2;
	return in;
}

static void tell_verdict(struct why *y, uint16_t node, const struct host *h,
	const struct verdict *v, const struct trace *trace)
{
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	if (node && shows_lab(y->s))
		text_printf(&t, C_("of a machine", "%s: "),
			name_word(world_name(y->m->world, node)).text);
	verdict_text(&t, h, v, trace);
	text_put(&t, C_("end of a sentence", "."));
	detail_wrapped(&y->l, ROLE_STRONG, text_end(&t));
}

/* ---- predicted and observed ---- */

static void tell_seen(struct why *y, enum seen seen)
{
	bool ascii = y->l.c->ascii;
	switch (seen) {
	case SEEN_OPEN:
		return;
	case SEEN_AGREES:
		detail_wrapped(
			&y->l, ROLE_GOOD, ascii ? _("+ the wire agrees") : _("✓ the wire agrees"));
		return;
	case SEEN_SILENT:
		detail_wrapped(&y->l, ROLE_BAD,
			ascii ? _("x no reply was seen") : _("✗ no reply was seen"));
		break;
	case SEEN_ANSWERED:
		detail_wrapped(&y->l, ROLE_BAD,
			ascii ? _("x a reply was seen all the same")
			      : _("✗ a reply was seen all the same"));
		break;
	}
	detail_line(&y->l, ROLE_TEXT, _("What could outrank the sysctls:"));
	struct lines in = inner(&y->l);
	const char *suspect;
	for (size_t i = 0; (suspect = past_suspect(seen, i)); i++)
		detail_wrapped(&in, ROLE_DIM, _(suspect));
	y->l.row = in.row;
}

/* ---- machines ---- */

static void tell_judged(struct why *y, const struct judged *j, bool ladder)
{
	struct verdict v;
	struct trace trace;
	rules_answer(NULL, j->host, &j->arrival, &v, &trace);
	tell_verdict(y, j->node, j->host, &v, &trace);
	if (!ladder && j->seen <= SEEN_AGREES)
		return;
	if (ladder)
		ladder_lines(&y->l, &trace);
	tell_seen(y, j->seen);
}

static void tell_learning(struct why *y, uint16_t node, int32_t ifindex)
{
	const struct host *h = past_host(y->s->past, node, y->e->at_ns);
	struct arrival a;
	struct verdict v;
	struct trace trace;
	if (!h || !ifindex)
		return;
	past_arrival(y->s->past, y->m->world, node, ifindex, y->e, &a);
	if (a.flaw != ARP_SOUND)
		return;
	rules_learn(NULL, h, &a, &v, &trace);
	tell_verdict(y, node, h, &v, &trace);
}

/* The machine whose ladder is shown whole: the chosen one, or the first that it concerns. */
static size_t main_one(const struct screen *s, const struct judged *all, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (all[i].node == s->lab.node && verdict_matters(&all[i].verdict))
			return i;
	for (size_t i = 0; i < count; i++)
		if (verdict_matters(&all[i].verdict))
			return i;
	return 0;
}

static void tell_answers(struct why *y)
{
	struct judged all[JUDGED_MAX];
	size_t count = verdicts_of(y->s, y->m, y->position, y->e, all);
	if (!count)
		return;
	size_t chosen = main_one(y->s, all, count);
	tell_judged(y, &all[chosen], true);
	for (size_t i = 0; i < count; i++)
		if (i != chosen && verdict_matters(&all[i].verdict))
			tell_judged(y, &all[i], false);
	y->l.row++;
}

static bool arrived_here(const struct why *y)
{
	struct arp_packet p;
	arp_decode(y->e->frame.bytes, y->e->frame.caplen, &p);
	return !(y->e->flags & EVENT_SENT) && !model_own_mac(y->m, p.eth_src);
}

/*
 * What a machine learns from it. Of a LAN: from a who-has the chosen machine, from other frames
 * each one that they reached.
 */
static void tell_lessons(struct why *y)
{
	struct arp_packet p;
	int before = y->l.row;
	bool asks = arp_decode(y->e->frame.bytes, y->e->frame.caplen, &p) == ARP_SOUND &&
		    p.op == ARP_OP_REQUEST && p.sip != p.tip;
	if (!shows_lab(y->s)) {
		if (arrived_here(y))
			tell_learning(y, y->s->lab.on ? y->s->lab.node : 0, y->e->frame.ifindex);
	} else {
		for (uint16_t node = 1; node <= y->m->world->count; node++)
			if (node != y->e->node && (!asks || node == y->s->lab.node))
				tell_learning(
					y, node, past_landed(y->s->past, y->m->world, node, y->e));
	}
	if (y->l.row > before)
		y->l.row++;
}

static void tell_sender(struct why *y)
{
	struct arp_packet p;
	struct sender sender;
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	if (arp_decode(y->e->frame.bytes, y->e->frame.caplen, &p) != ARP_SOUND ||
		!verdicts_sender(y->s, y->m, y->e, &p, &sender))
		return;
	sender_text(&t, p.sip, &sender);
	text_put(&t, C_("end of a sentence", "."));
	detail_wrapped(&y->l, sender.kind == SENDER_CHOSEN ? ROLE_TEXT : ROLE_WARN, text_end(&t));
	y->l.row++;
}

int detail_why(const struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	uint64_t position, const struct event *e)
{
	struct why y = { { c, r, 0 }, s, m, position, e };
	if (!s->past || !m->world)
		return 0;
	tell_sender(&y);
	tell_answers(&y);
	tell_lessons(&y);
	detail_effects(s, m, &y.l, position);
	return y.l.row;
}
