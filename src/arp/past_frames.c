/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: frames found again by their time: the arrival of a frame of the LAN at a machine, the frame
 * of the LAN behind an arrival, copies of a frame on interfaces that are stacked.
 *
 * Rings are in the order of time, so a time is found by halving. In a storm on several interfaces
 * of a host they are not quite; what is not found then is not known.
 */
#include <config.h>

#include "past_parts.h"

#include <string.h>

#include <arplab/addr.h>

#define STACK_DEPTH 4
#define COPY_NS UINT64_C(1000000) /* A frame has passed all interfaces of a stack by then. */

uint64_t past_position(const struct frames *f, uint64_t at_ns)
{
	uint64_t low = f->first, high = f->first + f->count;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		if (frames_at(f, middle)->at_ns < at_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool past_read(const struct event *e, struct arp_packet *ret)
{
	return e && e->kind == EVENT_FRAME &&
	       arp_decode(e->frame.bytes, e->frame.caplen, ret) == ARP_SOUND;
}

static bool same_packet(const struct arp_packet *a, const struct arp_packet *b)
{
	return a->op == b->op && a->sip == b->sip && a->tip == b->tip &&
	       memcmp(a->sha, b->sha, 6) == 0 && memcmp(a->tha, b->tha, 6) == 0 &&
	       memcmp(a->eth_dst, b->eth_dst, 6) == 0 && memcmp(a->eth_src, b->eth_src, 6) == 0;
}

/* Whether `high` is `low` or stands on it: a bridge on its port, a VLAN on its interface. */
static bool stands_on(const struct model *m, int32_t high, int32_t low, int depth)
{
	if (high == low)
		return true;
	const struct model_link *l = model_link(m, low), *h = model_link(m, high);
	if (depth == 0 || !l || !h)
		return false;
	if (l->link.master && stands_on(m, high, l->link.master, depth - 1))
		return true;
	return h->link.parent && h->link.parent != high &&
	       stands_on(m, h->link.parent, low, depth - 1);
}

bool past_stands_on(const struct model *m, int32_t high, int32_t low)
{
	return stands_on(m, high, low, STACK_DEPTH);
}

static bool is_mac_of(const struct link *l, const uint8_t mac[6])
{
	return l->mac_len == 6 && !mac_is_zero(mac) && memcmp(l->mac, mac, 6) == 0;
}

/* On a host nothing tells frames that were sent; a lab's frames say it. */
bool past_is_own(const struct model *m, const struct event *e, const struct arp_packet *packet)
{
	if (m->hello.scope == SCOPE_LAB)
		return e->flags & EVENT_SENT;
	for (size_t i = 0; i < m->link_count; i++) {
		const struct link *l = &m->links[i].link;
		if (is_mac_of(l, packet->eth_src) &&
			(past_stands_on(m, l->ifindex, e->frame.ifindex) ||
				past_stands_on(m, e->frame.ifindex, l->ifindex)))
			return true;
	}
	return false;
}

bool past_is_copy(const struct model *m, const struct event *a, const struct event *b)
{
	struct arp_packet x, y;
	uint64_t apart = a->at_ns > b->at_ns ? a->at_ns - b->at_ns : b->at_ns - a->at_ns;
	/* On one interface it is a repetition. */
	if (apart > COPY_NS || a->frame.ifindex == b->frame.ifindex || !past_read(a, &x) ||
		!past_read(b, &y) || !same_packet(&x, &y))
		return false;
	return past_stands_on(m, a->frame.ifindex, b->frame.ifindex) ||
	       past_stands_on(m, b->frame.ifindex, a->frame.ifindex);
}

/* ---- between a machine's ring and the LAN's ---- */

const struct event *past_arrived(
	const struct world *w, uint16_t node, int32_t ifindex, const struct event *e, uint64_t *ret)
{
	struct arp_packet sent, p;
	const struct model *m = world_machine(w, node);
	if (!m || node == 0 || e->node == node || !past_read(e, &sent))
		return NULL;
	uint64_t position = past_position(&m->frames, e->at_ns);
	for (int i = 0; i < PAST_FRAMES_LOOKED_AT; i++, position++) {
		const struct event *a = frames_at(&m->frames, position);
		if (!a || a->at_ns - e->at_ns > PAST_SLACK_NS)
			return NULL;
		if (a->flags & EVENT_SENT || (ifindex && a->frame.ifindex != ifindex) ||
			!past_read(a, &p) || !same_packet(&p, &sent))
			continue;
		*ret = position;
		return a;
	}
	return NULL;
}

/* The frame itself, if its machine sent it; else the newest one like it that another sent. */
bool past_sent(const struct world *w, uint16_t node, const struct event *e, uint64_t *ret)
{
	struct arp_packet p, sent;
	const struct frames *f = &w->machines[0]->frames;
	bool own = e->flags & EVENT_SENT;
	if (!past_read(e, &p))
		return false;
	uint64_t position = past_position(f, e->at_ns + 1);
	for (int i = 0; i < PAST_FRAMES_LOOKED_AT && position-- > f->first; i++) {
		const struct event *s = frames_at(f, position);
		if (e->at_ns - s->at_ns > (own ? 0 : PAST_SLACK_NS))
			return false;
		if ((s->node == node) != own || !past_read(s, &sent) || !same_packet(&p, &sent))
			continue;
		*ret = position;
		return true;
	}
	return false;
}

int32_t past_landed(
	const struct past *p, const struct world *w, uint16_t node, const struct event *e)
{
	uint64_t position;
	struct arp_packet packet;
	const struct model *m = world_machine(w, node);
	(void)p;
	if (!m || !past_read(e, &packet))
		return 0;
	/* It may come in by several; one that it was sent to is meant. */
	int32_t ifindex = model_own_mac(m, packet.eth_dst);
	const struct event *a = past_arrived(w, node, ifindex, e, &position);
	if (!a && ifindex)
		a = past_arrived(w, node, 0, e, &position);
	return a ? a->frame.ifindex : 0;
}

void past_arrival(const struct past *p, const struct world *w, uint16_t node, int32_t ifindex,
	const struct event *e, struct arrival *ret)
{
	uint64_t position, at_ns = e->at_ns;
	const struct event *a = past_arrived(w, node, ifindex, e, &position);
	if (a)
		at_ns = a->at_ns;
	*ret = (struct arrival) { .ifindex = ifindex };
	ret->flaw = arp_decode(e->frame.bytes, e->frame.caplen, &ret->packet);
	if (ret->flaw == ARP_SOUND && ret->packet.sip)
		ret->known_unknown =
			!past_known(p, w, node, ifindex, ret->packet.sip, at_ns, &ret->known);
}
