/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: claims about what went over the LAN, and about what a ping brought. */
#include <config.h>

#include "claim_parts.h"

#include <arplab/addr.h>
#include <arplab/frame.h>

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
		claim_machines(l, t.answerers);
	else
		text_put(l->seen, "nobody");
	text_put(l->seen, " answered who-has ");
	text_ip(l->seen, l->c->ip);
	text_printf(l->seen, " (%u)", number);
	if (l->c->form == FORM_NUMBER)
		return claim_compares(l->c, number);
	return claim_is(l->c, t.answerers == l->c->nodes);
}

bool look_first(const struct looking *l)
{
	struct tally t = count(l);
	text_put(l->seen, t.first ? world_name(l->w, t.first) : "nobody");
	text_put(l->seen, " answered who-has ");
	text_ip(l->seen, l->c->ip);
	if (!t.first)
		return false;
	uint64_t others = t.answerers & ~(UINT64_C(1) << t.first);
	text_put(l->seen, " first");
	if (others) {
		text_put(l->seen, ", before ");
		claim_machines(l, others);
	}
	return claim_is(l->c, l->c->nodes == UINT64_C(1) << t.first);
}

/* ---- questions ---- */

static void say_times(const struct looking *l, const char *did, uint64_t times)
{
	text_printf(l->seen, "%s %s ", claim_node(l), did);
	text_ip(l->seen, l->c->ip);
	text_put(l->seen, " ");
	text_u64(l->seen, times);
	text_put(l->seen, times == 1 ? " time" : " times");
}

bool look_asked(const struct looking *l)
{
	struct tally t = count(l);
	say_times(l, "asked who-has", t.asked);
	return claim_compares(l->c, (int64_t)t.asked);
}

bool look_polled(const struct looking *l)
{
	struct tally t = count(l);
	say_times(l, "polled", t.polled);
	return claim_compares(l->c, (int64_t)t.polled);
}

bool look_tells(const struct looking *l)
{
	struct tally t = count(l);
	text_put(l->seen, claim_node(l));
	text_put(l->seen, t.asked ? " asked who-has " : " did not ask who-has ");
	text_ip(l->seen, l->c->ip);
	if (!t.asked)
		return false;
	text_put(l->seen, " tell ");
	text_ip(l->seen, t.teller);
	return claim_is(l->c, t.teller == l->c->value_ip);
}

bool look_sent(const struct looking *l)
{
	struct tally t = count(l);
	text_printf(l->seen, "%s sent ", claim_node(l));
	text_u64(l->seen, t.sent);
	text_put(l->seen, t.sent == 1 ? " ARP frame" : " ARP frames");
	return claim_compares(l->c, (int64_t)t.sent);
}

bool look_announced(const struct looking *l)
{
	struct tally t = count(l);
	say_times(l, "announced", t.announced);
	return claim_compares(l->c, (int64_t)t.announced);
}

/* ---- results ---- */

bool look_outage(const struct looking *l)
{
	const struct tried *t =
		world_tried(l->w, l->c->node, ACTION_OUTAGE, l->c->ip, l->since.tried);
	text_put(l->seen, claim_node(l));
	if (!t) {
		text_put(l->seen, " measured no outage of ");
		text_ip(l->seen, l->c->ip);
		return false;
	}
	if (!t->received) {
		text_put(l->seen, " waited in vain");
		return false;
	}
	text_printf(l->seen, " waited %llu ms", (unsigned long long)(t->rtt_ns / 1000000));
	return claim_compares(l->c, (int64_t)(t->rtt_ns / 1000000));
}

bool look_ping(const struct looking *l)
{
	const struct tried *t =
		world_tried(l->w, l->c->node, ACTION_PING, l->c->ip, l->since.tried);
	text_put(l->seen, claim_node(l));
	text_put(l->seen, t ? "'s ping to " : " sent no ping to ");
	text_ip(l->seen, l->c->ip);
	if (!t)
		return false;
	text_printf(l->seen, t->received ? " was answered (%u of %u)" : " was lost (%u of %u)",
		t->received, t->sent);
	if (l->c->form == FORM_NUMBER)
		return claim_compares(l->c, t->received);
	return claim_is(l->c, (t->received > 0) == (l->c->number == 1));
}
