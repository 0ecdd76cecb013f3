/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: which frame made a change of a neighbour entry.
 *
 * News of a change are stamped when they are read, a little later than the kernel made it. So the
 * frames of the time before are looked at in their order: the first of those that fit the change
 * and make it by the rules is its cause; where the rules agree with none, the first that fits. From
 * its stamp on the change counts.
 *
 * The kernel does not say when an entry begins to wait for its first answer. What it has become
 * tells that it did: then it waits since the machine's own who-has.
 */
#include <config.h>

#include "past_parts.h"

#include <string.h>

#include <linux/neighbour.h>

#include <arplab/addr.h>

#define NUD_LEARNT (NUD_REACHABLE | NUD_STALE | NUD_DELAY)
#define CHAIN_MAX 8 /* Changes of one row within PAST_SLACK_NS that are told apart. */

static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

bool past_has_mac(uint16_t state)
{
	return state & ~(NUD_INCOMPLETE | NUD_FAILED);
}

/* ---- waiting ---- */

static bool asks(const struct model *m, const struct event *e, int32_t ifindex, uint32_t ip)
{
	struct arp_packet p;
	return e->frame.ifindex == ifindex && past_read(e, &p) && p.op == ARP_OP_REQUEST &&
	       p.tip == ip && p.sip != ip && mac_is_broadcast(p.eth_dst) && past_is_own(m, e, &p);
}

bool past_waits(const struct model *m, int32_t ifindex, uint32_t ip, uint64_t from_ns,
	uint64_t until_ns, uint64_t *ret)
{
	const struct frames *f = &m->frames;
	bool found = false;
	if (from_ns < less(until_ns, PAST_WAIT_NS))
		from_ns = less(until_ns, PAST_WAIT_NS);
	uint64_t position = past_position(f, until_ns);
	for (int i = 0; i < 4 * PAST_FRAMES_LOOKED_AT && position-- > f->first; i++) {
		const struct event *e = frames_at(f, position);
		if (e->at_ns <= from_ns)
			break;
		if (asks(m, e, ifindex, ip)) {
			*ret = position;
			found = true;
		}
	}
	return found;
}

/* ---- causes ---- */

/* A change on its way to its cause. */
struct search {
	const struct past *p;
	const struct world *w;
	const struct model *m;
	const struct row_change *c;
	uint64_t from_ns; /* Of the change before: frames until then were there already. */
};

/* How an entry was when a frame came: perhaps it waited already. */
static struct known known_at(const struct search *s, uint64_t at_ns)
{
	uint64_t position;
	struct known k = past_known_of(&s->c->before, at_ns);
	if (!past_has_mac(k.state) &&
		past_waits(s->m, s->c->ifindex, s->c->ip, s->from_ns, at_ns, &position))
		k.state = NUD_INCOMPLETE;
	return k;
}

/* Whether a frame is of a kind that makes such a change. */
static bool fits(const struct search *s, const struct event *e, const struct arp_packet *p)
{
	const struct row_change *c = s->c;
	const struct entry *now = &c->after, *was = &c->before;
	bool other = !past_has_mac(was->state) || memcmp(was->mac, now->mac, 6) != 0;
	if (p->sip != c->ip || memcmp(p->sha, now->mac, 6) != 0 || past_is_own(s->m, e, p))
		return false;
	/* A reply to this machine proves the way there; anything else only tells a MAC. */
	if (p->op == ARP_OP_REPLY && !mac_is_group(p->eth_dst))
		return now->state == NUD_REACHABLE;
	return other && now->state != NUD_REACHABLE;
}

static bool rules_agree(const struct search *s, const struct event *e)
{
	struct arrival a = { .ifindex = s->c->ifindex };
	struct verdict v;
	const struct host *h = past_host(s->p, s->c->node, e->at_ns);
	if (!h)
		return false;
	a.flaw = arp_decode(e->frame.bytes, e->frame.caplen, &a.packet);
	a.known = known_at(s, e->at_ns);
	rules_learn(NULL, h, &a, &v, NULL);
	return (v.outcome == OUTCOME_CREATED || v.outcome == OUTCOME_CHANGED) &&
	       memcmp(v.mac, s->c->after.mac, 6) == 0;
}

/* Whether a frame was seen where the change was; or where it came in below that. */
static bool is_place(const struct search *s, const struct event *e, bool below)
{
	if (!below)
		return e->frame.ifindex == s->c->ifindex;
	return past_stands_on(s->m, s->c->ifindex, e->frame.ifindex);
}

static bool learnt_from(const struct search *s, bool below, uint64_t *ret)
{
	const struct frames *f = &s->m->frames;
	uint64_t from = less(s->c->at_ns, PAST_SLACK_NS);
	bool found = false;
	if (from < s->from_ns)
		from = s->from_ns;
	uint64_t position = past_position(f, from + 1);
	for (int i = 0; i < 4 * PAST_FRAMES_LOOKED_AT; i++, position++) {
		struct arp_packet p;
		const struct event *e = frames_at(f, position);
		if (!e || e->at_ns > s->c->at_ns)
			break;
		if (!is_place(s, e, below) || !past_read(e, &p) || !fits(s, e, &p))
			continue;
		bool agreed = rules_agree(s, e);
		if (agreed || !found)
			*ret = position;
		found = true;
		if (agreed)
			break;
	}
	return found;
}

static bool find_cause(
	const struct past *p, const struct world *w, uint64_t number, int depth, struct cause *ret);

/*
 * Since when frames may have made a change: since the one before. News that were read in one go
 * have one stamp; their frames tell them apart.
 */
static uint64_t since(const struct search *s, uint64_t number, int depth)
{
	uint64_t older;
	struct cause before;
	const struct row_change *c = s->c;
	const struct row_change *o = past_older(s->p, c->node, c->ifindex, c->ip, number, &older);
	if (!o || c->at_ns - o->at_ns > PAST_SLACK_NS)
		return o ? o->at_ns : 0;
	if (!depth)
		return 0;
	/* An entry that was taken away by hand has no frame, but those before have theirs. */
	return find_cause(s->p, s->w, older, depth - 1, &before) ? before.at_ns : before.after_ns;
}

static bool find_cause(
	const struct past *p, const struct world *w, uint64_t number, int depth, struct cause *ret)
{
	const struct row_change *c = &p->changes[number % PAST_CHANGES];
	struct search s = { .p = p, .w = w, .m = world_machine(w, c->node), .c = c };
	bool known = false;
	*ret = (struct cause) { .at_ns = c->at_ns };
	if (!s.m)
		return false;
	ret->after_ns = s.from_ns = since(&s, number, depth);
	if (c->after.state == NUD_INCOMPLETE)
		known = ret->asked =
			past_waits(s.m, c->ifindex, c->ip, s.from_ns, c->at_ns, &ret->position);
	else if (c->after.state & NUD_LEARNT && c->after.has_mac)
		known = learnt_from(&s, false, &ret->position) ||
			learnt_from(&s, true, &ret->position);
	if (known)
		ret->at_ns = frames_at(&s.m->frames, ret->position)->at_ns;
	return known;
}

bool past_find_cause(
	const struct past *p, const struct world *w, uint64_t number, struct cause *ret)
{
	return find_cause(p, w, number, CHAIN_MAX, ret);
}
