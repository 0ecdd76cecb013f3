/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: cause and effect: the rows that a frame changed, the frame that changed a row. */
#include <config.h>

#include "past_parts.h"

#include <string.h>

#include <linux/neighbour.h>

/* ---- one change ---- */

static struct effect effect_of(
	const struct past *p, const struct world *w, uint64_t number, const struct cause *cause)
{
	const struct row_change *c = &p->changes[number % PAST_CHANGES];
	struct effect r = { .node = c->node, .ifindex = c->ifindex, .ip = c->ip };
	r.at_ns = cause->at_ns;
	r.asked = cause->asked;
	if (!past_known(p, w, c->node, c->ifindex, c->ip, r.at_ns, &r.before))
		r.before = past_known_of(&c->before, r.at_ns);
	r.after = past_known_of(&c->after, c->at_ns);
	r.after.age_ns = 0;
	return r;
}

/* The frame's place in the ring that is shown: the host's own, or the LAN's. */
static bool shown_at(const struct world *w, uint16_t node, uint64_t position, uint64_t *ret)
{
	*ret = position;
	return node == 0 ||
	       past_sent(w, node, frames_at(&w->machines[node]->frames, position), ret);
}

bool past_cause(const struct past *p, const struct world *w, uint16_t node, int32_t ifindex,
	uint32_t ip, struct effect *ret)
{
	uint64_t number;
	struct cause cause;
	if (!world_machine(w, node) || !past_older(p, node, ifindex, ip, UINT64_MAX, &number))
		return false;
	bool known = past_find_cause(p, w, number, &cause);
	*ret = effect_of(p, w, number, &cause);
	ret->caused = known && shown_at(w, node, cause.position, &ret->position);
	return true;
}

/* ---- another MAC ---- */

static bool is_other(const struct entry *e, const uint8_t mac[6])
{
	return e->has_mac && past_has_mac(e->state) && memcmp(e->mac, mac, sizeof e->mac) != 0;
}

/* The number of the first change to the MAC that an entry has, and what it had before. */
static const struct entry *flip_at(const struct past *p, uint16_t node, int32_t ifindex,
	uint32_t ip, uint64_t before_ns, uint64_t *ret)
{
	const struct row_change *c;
	const uint8_t *mac = NULL;
	uint64_t number = UINT64_MAX;
	while ((c = past_older(p, node, ifindex, ip, number, &number))) {
		if (c->at_ns >= before_ns)
			continue;
		if (mac && is_other(&c->after, mac))
			return &c->after;
		if (c->after.has_mac && past_has_mac(c->after.state)) {
			mac = c->after.mac;
			*ret = number;
		}
		if (mac && is_other(&c->before, mac))
			return &c->before;
	}
	return NULL;
}

bool past_flip(const struct past *p, const struct world *w, uint16_t node, int32_t ifindex,
	uint32_t ip, uint64_t before_ns, struct effect *ret)
{
	uint64_t number;
	struct cause cause;
	const struct entry *had =
		world_machine(w, node) ? flip_at(p, node, ifindex, ip, before_ns, &number) : NULL;
	if (!had)
		return false;
	bool known = past_find_cause(p, w, number, &cause);
	*ret = effect_of(p, w, number, &cause);
	ret->before = past_known_of(had, ret->at_ns);
	ret->caused = known && shown_at(w, node, cause.position, &ret->position);
	return true;
}

/* ---- all that a frame did ---- */

struct effects {
	const struct past *p;
	const struct world *w;
	uint64_t position; /* Of the frame, where it is shown. */
	struct effect *list;
	size_t size, count;
};

static void add(struct effects *all, struct effect one)
{
	one.caused = true;
	one.position = all->position;
	for (size_t i = 0; i < all->count && i < all->size; i++) {
		const struct effect *e = &all->list[i];
		if (e->node == one.node && e->ifindex == one.ifindex && e->ip == one.ip &&
			e->at_ns == one.at_ns)
			return;
	}
	if (all->count < all->size)
		all->list[all->count] = one;
	all->count++;
}

/* The rows of one interface that an arrival changed. */
static void add_learnt(struct effects *all, uint16_t node, int32_t ifindex, uint32_t ip,
	uint64_t position, const struct event *arrived)
{
	const struct model *m = world_machine(all->w, node);
	const struct row_change *c;
	uint64_t number = UINT64_MAX;
	struct cause cause;
	while ((c = past_older(all->p, node, ifindex, ip, number, &number))) {
		if (c->at_ns < arrived->at_ns)
			return;
		if (c->at_ns - arrived->at_ns > PAST_SLACK_NS ||
			!past_find_cause(all->p, all->w, number, &cause) || cause.asked)
			continue;
		if (cause.position == position ||
			past_is_copy(m, frames_at(&m->frames, cause.position), arrived))
			add(all, effect_of(all->p, all->w, number, &cause));
	}
}

/* The interface it came in by, and those that stand on it. */
static void add_arrival(struct effects *all, uint16_t node, uint64_t position)
{
	const struct model *m = world_machine(all->w, node);
	const struct event *e = frames_at(&m->frames, position);
	struct arp_packet packet;
	if (!past_read(e, &packet) || past_is_own(m, e, &packet))
		return;
	for (size_t i = 0; i < m->link_count; i++) {
		int32_t ifindex = m->links[i].link.ifindex;
		if (past_stands_on(m, ifindex, e->frame.ifindex))
			add_learnt(all, node, ifindex, packet.sip, position, e);
	}
}

static void add_arrivals(struct effects *all, const struct event *e)
{
	uint64_t position;
	for (uint16_t node = 1; node <= all->w->count; node++) {
		const struct model *m = world_machine(all->w, node);
		for (size_t i = 0; i < m->link_count; i++)
			if (past_arrived(all->w, node, m->links[i].link.ifindex, e, &position))
				add_arrival(all, node, position);
	}
}

/* A who-has of the machine itself, when it is the one that made the entry wait for an answer. */
static void add_asked(struct effects *all, uint16_t node, const struct event *e)
{
	const struct model *m = world_machine(all->w, node);
	struct effect one = {
		.node = node, .ifindex = e->frame.ifindex, .at_ns = e->at_ns, .asked = true
	};
	struct arp_packet packet;
	if (!m || !past_read(e, &packet) || packet.op != ARP_OP_REQUEST ||
		!past_is_own(m, e, &packet))
		return;
	one.ip = packet.tip;
	if (past_known(all->p, all->w, node, one.ifindex, one.ip, e->at_ns, &one.before) &&
		past_known(all->p, all->w, node, one.ifindex, one.ip, e->at_ns + 1, &one.after) &&
		one.before.state != NUD_INCOMPLETE && one.after.state == NUD_INCOMPLETE)
		add(all, one);
}

size_t past_effects(const struct past *p, const struct world *w, uint64_t position,
	struct effect *ret, size_t size)
{
	struct effects all = { .p = p, .w = w, .position = position, .list = ret, .size = size };
	const struct event *e = frames_at(&w->machines[0]->frames, position);
	if (!e)
		return 0;
	if (w->machines[0]->hello.scope == SCOPE_LAB)
		add_arrivals(&all, e);
	else
		add_arrival(&all, 0, position);
	add_asked(&all, e->node, e);
	return all.count;
}
