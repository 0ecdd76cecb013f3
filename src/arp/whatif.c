/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: frames judged twice, by the values as they are and by one that is thought of. */
#include <config.h>

#include <arplab/i18n.h>
#include <arplab/whatif.h>

#include <arplab/sender.h>

#include "rules_parts.h"

bool whatif_alike(const struct whatif_frame *a, const struct whatif_frame *b)
{
	return a->sent == b->sent && a->arrival.ifindex == b->arrival.ifindex &&
	       a->arrival.packet.op == b->arrival.packet.op &&
	       a->arrival.packet.tip == b->arrival.packet.tip &&
	       a->arrival.packet.sip == b->arrival.packet.sip;
}

static bool seen_before(const struct whatif_frame *frames, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (whatif_alike(&frames[k], &frames[i]))
			return true;
	return false;
}

static struct whatif_differs *add(struct whatif *w, const struct arrival *a, enum question question,
	struct whatif_differs *spare)
{
	bool room = w->count < WHATIF_MAX;
	struct whatif_differs *d = room ? &w->differs[w->count++] : spare;
	w->dropped += !room;
	*d = (struct whatif_differs) {
		.question = question, .ifindex = a->ifindex, .packet = a->packet
	};
	return d;
}

/* Outcomes that are the same to whoever looks on. */
static enum outcome seen_as(enum outcome outcome)
{
	return outcome == OUTCOME_PROXIED ? OUTCOME_REPLY
	       : outcome == OUTCOME_KEPT  ? OUTCOME_NOTHING
					  : outcome;
}

static void compare(struct whatif *w, const struct arrival *a, const struct verdict *now,
	const struct verdict *then)
{
	struct whatif_differs spare;
	enum outcome was = seen_as(now->outcome), is = seen_as(then->outcome);
	if (was == is)
		return;
	struct whatif_differs *d = add(w, a, now->question, &spare);
	d->now = was;
	d->then = is;
}

static void look_at_arrival(
	struct whatif *w, const struct host *now, const struct host *then, const struct arrival *a)
{
	struct verdict v, x;
	if (a->packet.op == ARP_OP_REQUEST) {
		rules_answer(NULL, now, a, &v, NULL);
		rules_answer(NULL, then, a, &x, NULL);
		compare(w, a, &v, &x);
	}
	if (a->known_unknown)
		return;
	rules_learn(NULL, now, a, &v, NULL);
	rules_learn(NULL, then, a, &x, NULL);
	compare(w, a, &v, &x);
}

/* What a packet's source did not decide now, it would not decide later. */
static void look_at_sent(struct whatif *w, const struct host *now, const struct host *then,
	const struct whatif_frame *f)
{
	const struct arrival *a = &f->arrival;
	struct whatif_differs spare;
	struct sender s, x;
	sender_look(now, a->ifindex, a->packet.tip, a->packet.sip, f->poll, &s);
	sender_look(then, a->ifindex, a->packet.tip, a->packet.sip, f->poll, &x);
	if (s.kind != SENDER_PACKET || x.kind != SENDER_PROGRAM)
		return;
	add(w, a, QUESTION_ANNOUNCE, &spare)->sender = x.chosen;
}

void whatif_look(struct whatif *ret, const struct host *h, int32_t ifindex, enum host_key key,
	int32_t value, const struct whatif_frame *frames, size_t count)
{
	struct host *then = host_copy(h);
	*ret = (struct whatif) { 0 };
	host_set(then, ifindex, key, value);
	for (size_t i = 0; i < count; i++) {
		if (seen_before(frames, i))
			continue;
		size_t before = ret->count + ret->dropped;
		ret->asked++;
		if (frames[i].sent)
			look_at_sent(ret, h, then, &frames[i]);
		else
			look_at_arrival(ret, h, then, &frames[i].arrival);
		ret->total += ret->count + ret->dropped > before;
	}
	host_free(then);
}

/* ---- as text ---- */

static const char *answered(enum outcome outcome)
{
	return outcome == OUTCOME_REPLY    ? C_("what-if", "answered")
	       : outcome == OUTCOME_SILENT ? C_("what-if", "not answered")
					   : C_("what-if", "cannot be told");
}

static const char *learnt(enum outcome outcome)
{
	return outcome == OUTCOME_CREATED   ? C_("what-if", "makes an entry")
	       : outcome == OUTCOME_CHANGED ? C_("what-if", "changes the entry")
	       : outcome == OUTCOME_NOTHING ? C_("what-if", "changes nothing")
					    : C_("what-if", "cannot be told");
}

/* The frame in the words of the wire. */
static struct fact frame_of(const struct whatif_differs *d)
{
	const struct arp_packet *p = &d->packet;
	struct fact f;
	struct text t = text_in(f.text, sizeof f.text);
	if (p->op != ARP_OP_REQUEST)
		text_printf(&t, "%s is-at %s", ip_word(p->sip).text, mac_word(p->sha).text);
	else if (p->sip)
		text_printf(&t, "who-has %s tell %s", ip_word(p->tip).text, ip_word(p->sip).text);
	else
		text_printf(&t, "who-has %s", ip_word(p->tip).text);
	text_end(&t);
	return f;
}

void whatif_text(struct text *t, const struct host *h, const struct whatif_differs *d)
{
	const struct host_link *l = host_link(h, d->ifindex);
	struct word link = l ? link_word(l) : (struct word) { "?" };
	struct fact frame = frame_of(d);
	if (d->question == QUESTION_ANNOUNCE)
		text_printf(t, _("%s on %s: would tell %s"), frame.text, link.text,
			ip_word(d->sender).text);
	else if (d->question == QUESTION_ANSWER)
		/* TRANSLATORS: a frame on an interface: what would be, and what is now */
		text_printf(t, _("%s on %s: %s (now %s)"), frame.text, link.text, answered(d->then),
			answered(d->now));
	else
		text_printf(t, _("%s on %s: %s (now %s)"), frame.text, link.text, learnt(d->then),
			learnt(d->now));
}
