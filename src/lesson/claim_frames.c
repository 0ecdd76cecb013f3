/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: claims about what went over the LAN, and about what a ping brought. */
#include <config.h>

#include "claim_parts.h"

#include <arplab/addr.h>
#include <arplab/frame.h>
#include <arplab/i18n.h>

/* What the frames since the mark say about one address, and about one machine. */
struct tally {
	uint64_t answerers;                      /* Bit n: for node n. */
	uint16_t first;                          /* Who answered first, 0: nobody. */
	uint64_t asked, polled, sent, announced; /* By the claim's machine. */
	uint32_t teller;                         /* Sender address of its last question. */
};

void claim_frames(const struct looking *l,
	void (*take)(const struct looking *l, const struct event *e, const struct arp_packet *p,
		void *arg),
	void *arg)
{
	const struct frames *f = &l->w->machines[0]->frames;
	uint64_t at = l->since.frame > f->first ? l->since.frame : f->first;
	for (; at < f->first + f->count; at++) {
		const struct event *e = frames_at(f, at);
		struct arp_packet p;
		if (arp_decode(e->frame.bytes, e->frame.caplen, &p) == ARP_SOUND &&
			e->node <= NODES_MAX)
			take(l, e, &p, arg);
	}
}

static void count_frame(
	const struct looking *l, const struct event *e, const struct arp_packet *p, void *arg)
{
	struct tally *t = arg;
	bool own = e->node == l->c->node;
	t->sent += own;
	if (p->sip == p->tip) {
		t->announced += own && p->sip == l->c->ip;
		return;
	}
	if (p->op == ARP_OP_REPLY && p->sip == l->c->ip) {
		t->answerers |= UINT64_C(1) << e->node;
		t->first = t->first ? t->first : e->node;
	}
	if (p->op == ARP_OP_REQUEST && p->tip == l->c->ip && own) {
		t->asked++;
		t->polled += !mac_is_group(p->eth_dst);
		t->teller = p->sip;
	}
}

static struct tally count(const struct looking *l)
{
	struct tally t = { 0 };
	claim_frames(l, count_frame, &t);
	return t;
}

/* ---- answers ---- */

bool look_replies(const struct looking *l)
{
	struct tally t = count(l);
	unsigned number = (unsigned)__builtin_popcountll(t.answerers);
	if (number)
		text_printf(l->seen, _("%s answered who-has %s (%u)"),
			claim_machines(l, t.answerers).text, ip_word(l->c->ip).text, number);
	else
		text_printf(l->seen, _("nobody answered who-has %s (0)"), ip_word(l->c->ip).text);
	if (l->c->form == FORM_NUMBER)
		return claim_compares(l->c, number);
	return claim_is(l->c, t.answerers == l->c->nodes);
}

bool look_first(const struct looking *l)
{
	struct tally t = count(l);
	if (!t.first) {
		text_printf(l->seen, _("nobody answered who-has %s"), ip_word(l->c->ip).text);
		return false;
	}
	uint64_t others = t.answerers & ~(UINT64_C(1) << t.first);
	if (others)
		text_printf(l->seen, _("%s answered who-has %s first, before %s"),
			world_name(l->w, t.first), ip_word(l->c->ip).text,
			claim_machines(l, others).text);
	else
		text_printf(l->seen, _("%s answered who-has %s first"), world_name(l->w, t.first),
			ip_word(l->c->ip).text);
	return claim_is(l->c, l->c->nodes == UINT64_C(1) << t.first);
}

/* ---- questions ---- */

bool look_asked(const struct looking *l)
{
	struct tally t = count(l);
	text_printf(l->seen,
		ngettext(
			"%s asked who-has %s %llu time", "%s asked who-has %s %llu times", t.asked),
		claim_node(l), ip_word(l->c->ip).text, (unsigned long long)t.asked);
	return claim_compares(l->c, (int64_t)t.asked);
}

bool look_polled(const struct looking *l)
{
	struct tally t = count(l);
	text_printf(l->seen,
		ngettext("%s polled %s %llu time", "%s polled %s %llu times", t.polled),
		claim_node(l), ip_word(l->c->ip).text, (unsigned long long)t.polled);
	return claim_compares(l->c, (int64_t)t.polled);
}

bool look_tells(const struct looking *l)
{
	struct tally t = count(l);
	if (!t.asked) {
		text_printf(l->seen, _("%s did not ask who-has %s"), claim_node(l),
			ip_word(l->c->ip).text);
		return false;
	}
	text_printf(l->seen, _("%s asked who-has %s tell %s"), claim_node(l),
		ip_word(l->c->ip).text, ip_word(t.teller).text);
	return claim_is(l->c, t.teller == l->c->value_ip);
}

bool look_sent(const struct looking *l)
{
	struct tally t = count(l);
	text_printf(l->seen, ngettext("%s sent %llu ARP frame", "%s sent %llu ARP frames", t.sent),
		claim_node(l), (unsigned long long)t.sent);
	return claim_compares(l->c, (int64_t)t.sent);
}

bool look_announced(const struct looking *l)
{
	struct tally t = count(l);
	text_printf(l->seen,
		ngettext("%s announced %s %llu time", "%s announced %s %llu times", t.announced),
		claim_node(l), ip_word(l->c->ip).text, (unsigned long long)t.announced);
	return claim_compares(l->c, (int64_t)t.announced);
}

/* ---- results ---- */

bool look_outage(const struct looking *l)
{
	const struct tried *t =
		world_tried(l->w, l->c->node, ACTION_OUTAGE, l->c->ip, l->since.tried);
	if (!t) {
		text_printf(l->seen, _("%s measured no outage of %s"), claim_node(l),
			ip_word(l->c->ip).text);
		return false;
	}
	if (!t->received) {
		text_printf(l->seen, _("%s waited in vain"), claim_node(l));
		return false;
	}
	text_printf(l->seen, _("%s waited %llu ms"), claim_node(l),
		(unsigned long long)(t->rtt_ns / 1000000));
	return claim_compares(l->c, (int64_t)(t->rtt_ns / 1000000));
}

bool look_ping(const struct looking *l)
{
	const struct tried *t =
		world_tried(l->w, l->c->node, ACTION_PING, l->c->ip, l->since.tried);
	if (!t) {
		text_printf(
			l->seen, _("%s sent no ping to %s"), claim_node(l), ip_word(l->c->ip).text);
		return false;
	}
	text_printf(l->seen,
		t->received ? _("%s's ping to %s was answered (%u of %u)")
			    : _("%s's ping to %s was lost (%u of %u)"),
		claim_node(l), ip_word(l->c->ip).text, t->received, t->sent);
	if (l->c->form == FORM_NUMBER)
		return claim_compares(l->c, t->received);
	return claim_is(l->c, (t->received > 0) == (l->c->number == 1));
}
