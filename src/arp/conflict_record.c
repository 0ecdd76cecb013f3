/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: several MACs that claim one IP: who did what, when, and who fell silent. */
#include <config.h>

#include "conflict_parts.h"

#include <string.h>

/*
 * A free place, or the one where nothing has happened for the longest time. One that has yet to be
 * told stays, or in a flood of them none would ever be; then NULL.
 */
static struct record *record_new(const struct conflicts *c)
{
	struct record *oldest = NULL;
	for (size_t i = 0; i < CONFLICTS_MAX; i++) {
		struct record *r = &c->records[i];
		if (!r->ip)
			return r;
		if (r->due_ns == UINT64_MAX && (!oldest || r->last_ns < oldest->last_ns))
			oldest = r;
	}
	return oldest;
}

/* The IP is the last claimant's alone again. */
static void record_end(struct conflicts *c, struct record *r)
{
	struct binding *b = binding_find(c, r->domain, r->ip);
	const struct record_claim *k = &r->claims[r->last];
	if (b) {
		b->record = 0;
		b->mac = k->mac;
		b->how = (uint8_t)k->how;
		b->last_ns = k->last_ns;
	}
	r->ip = 0;
	c->watched--;
}

int record_place(const struct record *r, uint64_t mac)
{
	for (int i = 0; i < r->count; i++)
		if (r->claims[i].mac == mac)
			return i;
	return -1;
}

/* Look at it when it has stood for a moment. */
static void record_touch(struct conflicts *c, struct record *r, uint64_t at_ns)
{
	r->dirty = true;
	if (r->due_ns > at_ns + SETTLE_NS)
		r->due_ns = at_ns + SETTLE_NS;
	if (r->due_ns < c->due_ns)
		c->due_ns = r->due_ns;
}

/* Two answers to one who-has. Returns whether that shows something new. */
static bool take_answer(struct record *r, int i, const struct claim *claim)
{
	bool news = false;
	if (claim->question_ns != r->question_ns) {
		r->question_ns = claim->question_ns;
		r->answered = 0;
	}
	if (r->answered & 1u << i)
		return false;
	r->answered |= (uint8_t)(1u << i);
	r->answer_ns[i] = claim->at_ns;
	for (int k = 0; k < r->count; k++) {
		if (k == i || !(r->answered & 1u << k))
			continue;
		uint64_t *least = &r->gap_ns[k < i ? k : i][k < i ? i : k];
		uint64_t gap = since(claim->at_ns, r->answer_ns[k]);
		news |= *least == UINT64_MAX || (*least > FLUX_GAP_NS && gap <= FLUX_GAP_NS);
		if (gap < *least)
			*least = gap;
		r->turned_ns = claim->at_ns;
	}
	return news;
}

static void take_announcement(struct record *r, int i, uint64_t at_ns)
{
	if (r->holder != i) {
		/* One that was there before and comes back so soon defends what it holds. */
		bool back = r->holder < CONFLICT_MACS && r->claims[i].first_ns < r->took_ns;
		if (back && since(at_ns, r->announced_ns) < DEFEND_NS)
			r->fights++;
		else if (back)
			r->fights = 0;
		r->holder = (uint8_t)i;
		r->took_ns = at_ns;
		for (int k = 0; k < r->count; k++)
			r->claims[k].alls = 0;
	}
	r->announced_ns = at_ns;
}

/* Whether the claim changes what the conflict may be called. */
static bool is_news(const struct record *r, int i, const struct claim *claim)
{
	const struct record_claim *k = &r->claims[i];
	return (k->how | claim->how) != k->how || (r->last != i && r->turns <= 2) ||
	       /* The old one is heard again after another took over. */
	       (r->holder < CONFLICT_MACS && r->holder != i &&
		       k->last_ns < r->took_ns + GRACE_NS) ||
	       (claim->how & CLAIM_ALL && k->alls < 2) ||
	       (claim->how & CLAIM_ANNOUNCES && r->holder != i);
}

static void claim_by(
	struct conflicts *c, struct record *r, struct binding *b, int i, const struct claim *claim)
{
	struct record_claim *k = &r->claims[i];
	bool news = is_news(r, i, claim);
	uint16_t before = k->how;
	k->how |= claim->how;
	if (k->how != before)
		station_note(c, b, k->mac, claim->at_ns, before, k->how);
	if (claim->how & CLAIM_ANNOUNCES)
		take_announcement(r, i, claim->at_ns);
	if (claim->how & CLAIM_ALL) {
		k->all_ns = claim->at_ns;
		k->alls++;
	}
	if (claim->question_ns)
		news |= take_answer(r, i, claim);
	if (r->last != i) {
		r->last = (uint8_t)i;
		r->turned_ns = claim->at_ns;
		if (r->turns < UINT16_MAX)
			r->turns++;
	}
	k->last_ns = r->last_ns = claim->at_ns;
	b->last_ns = claim->at_ns;
	if (news)
		record_touch(c, r, claim->at_ns);
}

/* Of further MACs no more is kept than that there are. */
static int add_claimant(struct record *r, const struct claim *claim)
{
	if (r->count == CONFLICT_MACS) {
		r->more = true;
		return -1;
	}
	r->claims[r->count] = (struct record_claim) { .mac = claim->mac, .first_ns = claim->at_ns };
	return r->count++;
}

void record_begin(struct conflicts *c, struct binding *b, const struct claim *claim)
{
	struct record *r = record_new(c);
	if (!r)
		return;
	if (r->ip)
		record_end(c, r);
	*r = (struct record) {
		.domain = { b->segment, b->vlan },
		.ip = b->ip,
		.holder = CONFLICT_MACS,
		.since_ns = claim->at_ns,
		.due_ns = UINT64_MAX,
	};
	memset(r->gap_ns, 0xff, sizeof r->gap_ns);
	c->watched++;
	const struct claim first = { .mac = b->mac, .at_ns = b->last_ns, .how = b->how };
	int i = add_claimant(r, &first);
	struct record_claim *k = &r->claims[i];
	k->how = b->how;
	k->last_ns = b->last_ns;
	k->all_ns = b->how & CLAIM_ALL ? b->last_ns : 0;
	/* It may have answered the same who-has just before. */
	if (claim->question_ns && b->how & CLAIM_ANSWERS && b->last_ns >= claim->question_ns) {
		r->question_ns = claim->question_ns;
		r->answered = 1;
		r->answer_ns[0] = b->last_ns;
	}
	b->record = (uint16_t)(r - c->records + 1);
	claim_by(c, r, b, add_claimant(r, claim), claim);
	record_touch(c, r, claim->at_ns);
}

/* Whether all others have been silent for so long that there is no conflict any more. */
static bool is_over(const struct record *r, int i, const struct claim *claim)
{
	if (claim->how & CLAIM_ANNOUNCES && r->last != i)
		return false;
	for (int k = 0; k < r->count; k++)
		if (k != i && since(claim->at_ns, r->claims[k].last_ns) < FORGET_NS)
			return false;
	return true;
}

void record_claim(struct conflicts *c, struct binding *b, const struct claim *claim)
{
	struct record *r = &c->records[b->record - 1];
	int i = record_place(r, claim->mac);
	if (i < 0)
		i = add_claimant(r, claim);
	if (i < 0)
		return;
	if (!is_over(r, i, claim)) {
		claim_by(c, r, b, i, claim);
		return;
	}
	r->last = (uint8_t)i;
	r->claims[i].how |= claim->how;
	r->claims[i].last_ns = claim->at_ns;
	record_end(c, r);
	b->told = 0;
}
