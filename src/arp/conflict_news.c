/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: conflicts looked at when they have stood for a moment, and handed out when they are new. */
#include <config.h>

#include "conflict_parts.h"

/*
 * The facts about a machine are those of its claims: what it holds later, when it claims no more,
 * says nothing about them.
 */
static void look_up_facts(struct record *r, const struct model *m)
{
	for (int i = 0; m && i < r->count; i++) {
		struct record_claim *k = &r->claims[i];
		uint8_t mac[6];
		mac_of(k->mac, mac);
		if (k->last_ns > r->looked_ns || k->facts.holds == HOLDS_UNKNOWN)
			claim_facts_find(m, r->domain.segment, mac, r->ip, &k->facts);
	}
}

static void look(struct conflicts *c, struct record *r, const struct model *m)
{
	look_up_facts(r, m);
	record_classify(c, r);
	r->looked_ns = c->now_ns;
	r->dirty = false;
}

/* The last who-has that all heard, if one alone has answered it; else 0. */
static uint64_t asked_alone(const struct record *r)
{
	for (int i = 0; i < r->count; i++) {
		const struct record_claim *k = &r->claims[i];
		if (r->answered != 1u << i && k->last_ns >= r->question_ns)
			return 0;
		if (r->answered == 1u << i && k->all_ns < r->question_ns)
			return 0;
	}
	return r->question_ns;
}

static void give(const struct record *r, struct conflict *ret)
{
	*ret = r->found;
	ret->last_ns = r->turned_ns;
	ret->asked_ns = asked_alone(r);
	for (size_t i = 0; i < ret->count; i++)
		ret->claimants[i].last_ns = r->claims[i].last_ns;
}

/* ---- news ---- */

/* What is known of a MAC may call a conflict by another name that it is in. */
static void look_around(struct conflicts *c)
{
	if (c->news == c->news_seen)
		return;
	c->news_seen = c->news;
	for (size_t i = 0; i < CONFLICTS_MAX; i++) {
		struct record *r = &c->records[i];
		if (r->ip && r->due_ns == UINT64_MAX)
			r->due_ns = c->now_ns;
	}
}

/* Whether it is something else than was told; it is told then. */
static bool is_new(struct conflicts *c, const struct record *r)
{
	struct binding *b = binding_find(c, r->domain, r->ip);
	unsigned blamed = 0;
	for (size_t i = 0; i < r->found.count; i++)
		blamed += r->found.claimants[i].blamed;
	unsigned told = (unsigned)r->found.class + 1, before = b ? b->told & 0xfu : told;
	if (!b || (told == before && blamed <= (unsigned)b->told >> 4))
		return false;
	b->told = (uint8_t)(told | blamed << 4);
	return true;
}

/* The first record that is due. Works out when the next one is. */
static struct record *due_record(struct conflicts *c, uint64_t now_ns)
{
	struct record *due = NULL;
	c->due_ns = UINT64_MAX;
	for (size_t i = 0; i < CONFLICTS_MAX; i++) {
		struct record *r = &c->records[i];
		if (!r->ip || r->due_ns == UINT64_MAX)
			continue;
		if (r->due_ns <= now_ns && (!due || r->due_ns < due->due_ns))
			due = r;
		if (r->due_ns < c->due_ns)
			c->due_ns = r->due_ns;
	}
	return due;
}

/* Whether it may still become clear what it is. */
static bool is_early(const struct record *r, uint64_t now_ns)
{
	return r->found.class == CONFLICT_UNCLEAR && since(now_ns, r->since_ns) < SETTLE_UNCLEAR_NS;
}

bool conflicts_next(
	struct conflicts *c, const struct model *m, uint64_t now_ns, struct conflict *ret)
{
	if (now_ns < c->due_ns)
		return false;
	look_around(c);
	struct record *r;
	while ((r = due_record(c, now_ns))) {
		look(c, r, m);
		if (is_early(r, now_ns)) {
			r->due_ns = r->since_ns + SETTLE_UNCLEAR_NS;
			continue;
		}
		r->due_ns = UINT64_MAX;
		if (!is_new(c, r))
			continue;
		due_record(c, now_ns);
		give(r, ret);
		return true;
	}
	return false;
}

uint64_t conflicts_due_ns(const struct conflicts *c)
{
	return c->due_ns;
}

/* ---- as they stand ---- */

bool conflicts_find(struct conflicts *c, const struct model *m, uint32_t segment, uint16_t vlan,
	uint32_t ip, struct conflict *ret)
{
	const struct binding *b = binding_find(c, (struct domain) { segment, vlan }, ip);
	if (!b || !b->record)
		return false;
	struct record *r = &c->records[b->record - 1];
	if (r->dirty)
		look(c, r, m);
	give(r, ret);
	return true;
}

bool conflicts_at(struct conflicts *c, const struct model *m, size_t i, struct conflict *ret)
{
	struct record *next = NULL;
	for (size_t k = 0; k < CONFLICTS_MAX; k++) {
		struct record *r = &c->records[k];
		size_t before = 0;
		for (size_t j = 0; r->ip && j < CONFLICTS_MAX; j++) {
			const struct record *o = &c->records[j];
			before += o->ip && (o->since_ns < r->since_ns ||
						   (o->since_ns == r->since_ns && j < k));
		}
		if (r->ip && before == i)
			next = r;
	}
	if (!next)
		return false;
	look(c, next, m);
	give(next, ret);
	return true;
}

uint64_t conflict_until_ns(const struct conflict *c)
{
	uint64_t until = c->last_ns + SHOWN_NS;
	/* Who asks with an address need not answer for it, and who has moved is alone with it. */
	if (c->class == CONFLICT_SENDER_LEAK || c->class == CONFLICT_MOVE)
		return c->last_ns + SHOWN_SHORTLY_NS;
	if (c->asked_ns && c->asked_ns + SETTLE_NS < until)
		until = c->asked_ns + SETTLE_NS;
	return until;
}
