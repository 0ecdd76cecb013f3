/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: frames judged twice, by the values as they are and by one that is thought of. */
#include <config.h>

#include <arplab/whatif.h>

#include <arplab/sender.h>

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
	return outcome == OUTCOME_REPLY    ? "answered"
	       : outcome == OUTCOME_SILENT ? "not answered"
					   : "cannot be told";
}

static const char *learnt(enum outcome outcome)
{
	return outcome == OUTCOME_CREATED   ? "makes an entry"
	       : outcome == OUTCOME_CHANGED ? "changes the entry"
	       : outcome == OUTCOME_NOTHING ? "changes nothing"
					    : "cannot be told";
}

static void put_frame(struct text *t, const struct whatif_differs *d)
{
	if (d->packet.op == ARP_OP_REQUEST) {
		text_put(t, "who-has ");
		text_ip(t, d->packet.tip);
		if (d->packet.sip) {
			text_put(t, " tell ");
			text_ip(t, d->packet.sip);
		}
		return;
	}
	text_ip(t, d->packet.sip);
	text_put(t, " is-at ");
	text_mac(t, d->packet.sha);
}

void whatif_text(struct text *t, const struct host *h, const struct whatif_differs *d)
{
	const struct host_link *l = host_link(h, d->ifindex);
	put_frame(t, d);
	text_put(t, " on ");
	text_name(t, l ? l->name : "?", IFNAME_SIZE);
	text_put(t, ": ");
	if (d->question == QUESTION_ANNOUNCE) {
		text_put(t, "would tell ");
		text_ip(t, d->sender);
		return;
	}
	bool answer = d->question == QUESTION_ANSWER;
	text_put(t, answer ? answered(d->then) : learnt(d->then));
	text_put(t, " (now ");
	text_put(t, answer ? answered(d->now) : learnt(d->now));
	text_char(t, ')');
}
