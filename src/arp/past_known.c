/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: an entry of a neighbour table as it was at a time: changes undone from the present on. */
#include <config.h>

#include "past_parts.h"

#include <string.h>

#include <linux/neighbour.h>

struct known past_known_of(const struct entry *e, uint64_t at_ns)
{
	struct known k = { .state = e->state, .has_mac = e->has_mac };
	memcpy(k.mac, e->mac, sizeof k.mac);
	k.age_known = e->age_known && e->updated_ns <= at_ns;
	k.age_ns = k.age_known ? at_ns - e->updated_ns : 0;
	return k;
}

/* Whether the changes of then are still there, or some have been lost. */
static bool remembers(const struct past *p, uint16_t node, uint64_t at_ns)
{
	const struct table *t = &p->tables[node];
	if (!t->known || at_ns < t->known_ns)
		return false;
	return at_ns <= t->blind_from_ns || at_ns >= t->blind_to_ns;
}

static bool forgot(const struct past *p, uint64_t at_ns)
{
	return p->change_total > PAST_CHANGES &&
	       p->changes[p->change_total % PAST_CHANGES].at_ns > at_ns;
}

/* Where a time lies among the changes of a row. */
struct place {
	const struct row_change *before, *after; /* NULL: none is remembered. */
	uint64_t before_ns, after_ns;            /* From when on they count. */
};

/* From when on a change counts, as far as it matters for a time. */
static uint64_t counts_from(
	const struct past *p, const struct world *w, uint64_t number, uint64_t at_ns)
{
	const struct row_change *c = &p->changes[number % PAST_CHANGES];
	uint64_t way = c->after.state == NUD_INCOMPLETE ? PAST_WAIT_NS : PAST_SLACK_NS;
	uint64_t apart = c->at_ns > at_ns ? c->at_ns - at_ns : at_ns - c->at_ns;
	struct cause cause;
	return apart < way && past_find_cause(p, w, number, &cause) ? cause.at_ns : c->at_ns;
}

static struct place place_of(const struct past *p, const struct world *w, uint16_t node,
	int32_t ifindex, uint32_t ip, uint64_t at_ns)
{
	struct place place = { 0 };
	const struct row_change *c;
	uint64_t number = UINT64_MAX;
	while ((c = past_older(p, node, ifindex, ip, number, &number))) {
		uint64_t from_ns = counts_from(p, w, number, at_ns);
		/* What a frame of that very time has changed had been changed before it came. */
		if (place.after && place.after_ns == at_ns && from_ns >= at_ns)
			from_ns = at_ns - 1;
		if (from_ns < at_ns) {
			place.before = c;
			place.before_ns = from_ns;
			break;
		}
		place.after = c;
		place.after_ns = from_ns;
	}
	return place;
}

/* Whether a neighbour has answered, which would have ended the wait; news of that are here by now.
 */
static bool has_answered(
	const struct model *m, int32_t ifindex, uint32_t ip, uint64_t position, uint64_t now_ns)
{
	struct arp_packet p;
	const struct event *e;
	for (int i = 0; i < 4 * PAST_FRAMES_LOOKED_AT; i++, position++) {
		e = frames_at(&m->frames, position);
		if (!e || e->at_ns + PAST_SLACK_NS > now_ns)
			return false;
		if (e->frame.ifindex == ifindex && past_read(e, &p) && p.sip == ip &&
			p.op == ARP_OP_REPLY && !past_is_own(m, e, &p))
			return true;
	}
	return false;
}

/* What waiting for a first answer can become. */
static bool was_waited_for(const struct place *place, uint64_t asked_ns)
{
	uint16_t state = place->after->after.state;
	return state && !(state & (NUD_PERMANENT | NUD_NOARP)) &&
	       place->after_ns - asked_ns < PAST_WAIT_NS;
}

/*
 * An entry without a MAC, or none: the machine may have asked since, of which the kernel says
 * nothing. A program may have asked in its place, and then there is no entry.
 */
static bool look_whether_it_waits(const struct model *m, const struct place *place, int32_t ifindex,
	uint32_t ip, uint64_t at_ns, struct known *k)
{
	uint64_t position;
	if (k->state == NUD_INCOMPLETE ||
		!past_waits(m, ifindex, ip, place->before_ns, at_ns, &position))
		return true;
	uint64_t asked_ns = frames_at(&m->frames, position)->at_ns;
	uint64_t now_ns = m->now_ns;
	if (!place->after)
		return now_ns > asked_ns + PAST_WAIT_NS ||
		       has_answered(m, ifindex, ip, position, now_ns);
	if (was_waited_for(place, asked_ns))
		*k = (struct known) {
			.state = NUD_INCOMPLETE, .age_known = true, .age_ns = at_ns - asked_ns
		};
	return true;
}

/*
 * Whether the kernel's own word on the age is to be taken: it is of that time, and of a change
 * that was not told, or whose frame is not known.
 */
static bool is_dated(const struct entry *e, const struct place *place, uint64_t at_ns)
{
	return e->age_known && e->updated_ns <= at_ns &&
	       (e->updated_ns > place->before->at_ns || place->before_ns == place->before->at_ns);
}

bool past_known(const struct past *p, const struct world *w, uint16_t node, int32_t ifindex,
	uint32_t ip, uint64_t at_ns, struct known *ret)
{
	const struct model *m = world_machine(w, node);
	if (!m || !remembers(p, node, at_ns))
		return false;
	struct place place = place_of(p, w, node, ifindex, ip, at_ns);
	if (!place.before && forgot(p, at_ns))
		return false;
	struct entry now = past_entry(neighs_find(&m->neighs, ifindex, ip)), e = now;
	if (place.after) {
		e = place.after->before;
		if (!e.age_known && place.before)
			e = place.before->after;
	}
	if (place.before && !is_dated(&e, &place, at_ns)) {
		e.age_known = true;
		e.updated_ns = place.before_ns;
	}
	struct known k = past_known_of(&e, at_ns);
	if (!past_has_mac(k.state) && !look_whether_it_waits(m, &place, ifindex, ip, at_ns, &k))
		return false;
	*ret = k;
	return true;
}
