/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: who is believed to be where, now or when a frame had come. */
#include <config.h>

#include <arplab/matrix.h>

#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <linux/neighbour.h>

#include <arplab/addr.h>

#include "past_parts.h"

#define EFFECTS 64 /* Of one frame. */

/* A matrix on its way. */
struct making {
	struct matrix *x;
	const struct world *w;
	const struct past *p;
	bool now;
	struct effect effects[EFFECTS]; /* What the frame changed. */
	size_t effect_count;
};

/* ---- columns ---- */

static bool has_ip(const struct matrix *x, uint32_t ip)
{
	for (size_t i = 0; i < x->count; i++)
		if (x->ips[i] == ip)
			return true;
	return false;
}

static void add_ip(struct matrix *x, uint32_t ip)
{
	if (has_ip(x, ip))
		return;
	if (x->count < MATRIX_IPS)
		x->ips[x->count++] = ip;
	else
		x->cut = true;
}

static int by_number(const void *a, const void *b)
{
	uint32_t i = ntohl(*(const uint32_t *)a), k = ntohl(*(const uint32_t *)b);
	return (i > k) - (i < k);
}

static void sort_from(struct matrix *x, size_t first)
{
	if (x->count > first)
		qsort(x->ips + first, x->count - first, sizeof *x->ips, by_number);
}

/* lo has its own addresses on every machine, and groups are nobody's. */
static bool is_loopback(uint32_t ip)
{
	return (ntohl(ip) >> 24) == 127;
}

static bool is_group(uint32_t ip)
{
	return (ntohl(ip) >> 28) >= 14;
}

static void add_shared(struct making *k)
{
	const struct world *w = k->w;
	for (uint16_t node = 1; node <= w->count; node++) {
		const struct model *m = world_machine(w, node);
		for (size_t i = 0; m && i < m->addr_count; i++) {
			uint32_t ip = m->addrs[i].addr.local;
			if (!is_loopback(ip) && world_ip_owners(w, ip, NULL, 0) > 1)
				add_ip(k->x, ip);
		}
	}
	for (size_t i = 0; i < w->virtual_count; i++)
		add_ip(k->x, w->virtuals[i].service.ip);
	sort_from(k->x, 0);
	k->x->shared = k->x->count;
}

/* Entries of lo and of groups are the kernel's own; nobody was asked for them. */
static bool is_asked_for(uint32_t ip, bool has_mac, const uint8_t mac[6])
{
	return !is_loopback(ip) && !is_group(ip) &&
	       !(has_mac && (mac_is_group(mac) || mac_is_zero(mac)));
}

/* Addresses that a cache has an entry for, or had one. */
static void add_others(struct making *k)
{
	for (uint16_t node = 1; node <= k->w->count; node++) {
		const struct model *m = world_machine(k->w, node);
		for (uint32_t i = 0; m && i < m->neighs.count; i++) {
			const struct neigh_entry *e = &m->neighs.entries[i];
			if (is_asked_for(e->ip, e->has_mac, e->mac))
				add_ip(k->x, e->ip);
		}
	}
	for (uint64_t n = k->now || !k->p ? 0 : k->p->change_total, i = 0;
		i < n && i < PAST_CHANGES; i++) {
		const struct row_change *c = &k->p->changes[(n - 1 - i) % PAST_CHANGES];
		bool asked = is_asked_for(c->ip, c->after.has_mac, c->after.mac);
		if (n - 1 - i >= k->p->tables[c->node].first && asked)
			add_ip(k->x, c->ip);
	}
	sort_from(k->x, k->x->shared);
}

/* A column in which nobody believes anything tells nothing, unless it is a shared address. */
static void drop_empty(struct matrix *x)
{
	size_t kept = x->shared;
	for (size_t i = x->shared; i < x->count; i++) {
		bool used = false;
		for (size_t node = 0; node < x->nodes; node++)
			used |= x->beliefs[node][i].kind == BELIEF_ENTRY;
		for (size_t node = 0; used && node < x->nodes; node++)
			x->beliefs[node][kept] = x->beliefs[node][i];
		if (used)
			x->ips[kept++] = x->ips[i];
	}
	x->count = kept;
}

/* ---- cells ---- */

static const struct effect *effect_on(
	const struct making *k, uint16_t node, int32_t ifindex, uint32_t ip)
{
	for (size_t i = 0; i < k->effect_count; i++) {
		const struct effect *e = &k->effects[i];
		if (e->node == node && e->ifindex == ifindex && e->ip == ip)
			return e;
	}
	return NULL;
}

/* The entry of one interface. Returns false if that is not known. */
static bool known_entry(
	const struct making *k, const struct model *m, uint16_t node, struct belief *b, uint32_t ip)
{
	struct known known = { 0 };
	const struct effect *e = effect_on(k, node, b->ifindex, ip);
	if (k->now) {
		struct entry entry = past_entry(neighs_find(&m->neighs, b->ifindex, ip));
		known = past_known_of(&entry, k->x->at_ns);
	} else if (e) {
		known = e->after;
	} else if (!past_known(k->p, k->w, node, b->ifindex, ip, k->x->at_ns, &known)) {
		return false;
	}
	b->state = known.state;
	b->has_mac = known.has_mac;
	memcpy(b->mac, known.mac, sizeof b->mac);
	return true;
}

/* A flip up to now; in the past one that the frame itself made counts. */
static void look_for_flip(const struct making *k, uint16_t node, uint32_t ip, struct belief *b)
{
	struct effect flip;
	uint64_t before_ns = k->now ? UINT64_MAX : k->x->at_ns + PAST_SLACK_NS;
	if (!k->p || !b->has_mac ||
		!past_flip(k->p, k->w, node, b->ifindex, ip, before_ns, &flip) ||
		memcmp(flip.after.mac, b->mac, sizeof b->mac) != 0)
		return;
	b->flipped = true;
	b->flipped_ns = flip.at_ns;
	memcpy(b->before, flip.before.mac, sizeof b->before);
}

static bool has_itself(const struct making *k, const struct model *m, uint16_t node, uint32_t ip)
{
	const struct host *then = k->now ? NULL : past_host(k->p, node, k->x->at_ns);
	if (then)
		return host_owner(then, ip) != NULL;
	for (size_t i = 0; i < m->addr_count; i++)
		if (m->addrs[i].addr.local == ip)
			return true;
	return false;
}

/* Whether one entry tells more than another: one with a MAC does. */
static bool says_more(const struct belief *a, const struct belief *b)
{
	return b->kind != BELIEF_ENTRY || (a->has_mac && !b->has_mac);
}

static void fill(
	struct making *k, const struct model *m, uint16_t node, uint32_t ip, struct belief *ret)
{
	size_t entries = 0;
	*ret = (struct belief) { 0 };
	if (has_itself(k, m, node, ip)) {
		ret->kind = BELIEF_ITSELF;
		return;
	}
	for (size_t i = 0; i < m->link_count; i++) {
		struct belief b = { .kind = BELIEF_ENTRY, .ifindex = m->links[i].link.ifindex };
		if (!known_entry(k, m, node, &b, ip)) {
			if (!entries)
				ret->kind = BELIEF_UNKNOWN;
			continue;
		}
		if (!b.state || !is_asked_for(ip, b.has_mac, b.mac))
			continue;
		entries++;
		if (says_more(&b, ret))
			*ret = b;
	}
	ret->more = entries > 1;
	look_for_flip(k, node, ip, ret);
}

/* ---- the whole ---- */

/* A moment is that of a frame, and what it changed has happened. */
static void choose_frame(struct making *k, const struct event *frame, uint64_t position)
{
	k->x->at_ns = frame->at_ns;
	k->effect_count = past_effects(k->p, k->w, position, k->effects, EFFECTS);
	if (k->effect_count > EFFECTS)
		k->effect_count = EFFECTS;
}

bool matrix_make(struct matrix *ret, const struct world *w, const struct past *p, uint64_t position)
{
	struct making k = { .x = ret, .w = w, .p = p, .now = position == MATRIX_NOW };
	const struct model *lan = w->machines[0];
	const struct event *frame = k.now || !p ? NULL : frames_at(&lan->frames, position);
	if (!k.now && !frame)
		return false;
	ret->count = 0;
	ret->cut = false;
	ret->nodes = w->count;
	ret->at_ns = lan->now_ns;
	if (frame)
		choose_frame(&k, frame, position);
	add_shared(&k);
	add_others(&k);
	for (uint16_t node = 1; node <= w->count; node++)
		for (size_t i = 0; i < ret->count; i++)
			fill(&k, world_machine(w, node), node, ret->ips[i],
				&ret->beliefs[node - 1][i]);
	drop_empty(ret);
	return true;
}

const struct belief *matrix_at(const struct matrix *x, uint16_t node, size_t i)
{
	return &x->beliefs[node - 1][i];
}
