/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: one of the MACs of a conflict beside the one that is taken for the owner. */
#include <config.h>

#include "conflict_parts.h"

/* A MAC that answers for so many IPs that it never uses is a proxy's. */
#define PROXY_MANY 8
#define PROXY_SOME 4

const struct finding finding_nothing = { .class = CONFLICT_UNCLEAR, .doubt = DOUBT_OTHERS };

struct finding finding_of(enum conflict_class class, enum conflict_grade grade)
{
	return (struct finding) { .class = class, .grade = grade };
}

/* ---- what else is known of two MACs ---- */

/* Whether a MAC claims an IP, too. */
static bool claims(const struct look *l, uint32_t ip, int i)
{
	const struct binding *b = ip ? binding_find(l->c, l->r->domain, ip) : NULL;
	uint64_t mac = l->r->claims[i].mac;
	if (!b)
		return false;
	return b->record ? record_place(&l->c->records[b->record - 1], mac) >= 0 : b->mac == mac;
}

uint32_t pair_main(const struct look *l, int i, int other)
{
	const struct station *s = l->stations[i];
	for (int k = 0; s && k < OWN_IPS; k++)
		if (s->own[k] != l->r->ip && claims(l, s->own[k], i) &&
			(other < 0 || !claims(l, s->own[k], other)))
			return s->own[k];
	if (s && s->alone != l->r->ip && claims(l, s->alone, i) &&
		(other < 0 || !claims(l, s->alone, other)))
		return s->alone;
	return 0;
}

/* Another IP that both claim, or 0. */
static uint32_t common_ip(const struct look *l, int i, int k)
{
	for (size_t n = 0; n < CONFLICTS_MAX; n++) {
		const struct record *o = &l->c->records[n];
		if (o->ip && o != l->r && o->domain.segment == l->r->domain.segment &&
			o->domain.vlan == l->r->domain.vlan &&
			record_place(o, l->r->claims[i].mac) >= 0 &&
			record_place(o, l->r->claims[k].mac) >= 0)
			return o->ip;
	}
	return 0;
}

static uint64_t gap_between(const struct look *l, int i, int k)
{
	return l->r->gap_ns[i < k ? i : k][i < k ? k : i];
}

/* Whether both were heard at the same time, not one after the other. */
static bool overlap(const struct look *l, int i, int k)
{
	const struct record_claim *a = &l->r->claims[i], *b = &l->r->claims[k];
	const struct record_claim *later = a->first_ns > b->first_ns ? a : b;
	const struct record_claim *sooner = later == a ? b : a;
	return gap_between(l, i, k) != UINT64_MAX || sooner->last_ns > later->first_ns;
}

/* ---- one MAC by itself: what is known of its machine ---- */

bool pair_known(const struct look *l, int i, struct finding *ret)
{
	const struct record_claim *k = &l->r->claims[i];
	const struct claim_facts *f = &k->facts;
	*ret = finding_nothing;
	ret->grade = GRADE_KNOWN;
	if (f->holds == HOLDS_ELSEWHERE && k->how & CLAIM_ANSWERS)
		ret->class = CONFLICT_REPLY_LEAK;
	else if (f->holds == HOLDS_ELSEWHERE && k->how & CLAIM_ASKS)
		ret->class = CONFLICT_SENDER_LEAK;
	else if (f->holds == HOLDS_NOT && f->proxies && k->how & CLAIM_ANSWERS)
		ret->class = CONFLICT_PROXY;
	else if (f->holds == HOLDS_NOT)
		ret->doubt = DOUBT_FORGED;
	else
		return false;
	return true;
}

bool pair_same(const struct look *l, int i, int k)
{
	const struct claim_facts *a = &l->r->claims[i].facts, *b = &l->r->claims[k].facts;
	return a->holds != HOLDS_UNKNOWN && b->holds != HOLDS_UNKNOWN && a->node == b->node;
}

/* ---- two MACs by their frames ---- */

static bool flux(const struct look *l, int o, int i, struct finding *ret)
{
	uint32_t common = common_ip(l, o, i);
	if (gap_between(l, o, i) > FLUX_GAP_NS || !common || pair_main(l, o, i) ||
		pair_main(l, i, o))
		return false;
	/* Two machines that share several addresses may have others that nobody asked for. */
	*ret = finding_of(CONFLICT_FLUX, GRADE_LIKELY);
	ret->common = common;
	return true;
}

/* Conflicts about IPs of different owners, in which the MAC only answers. */
static unsigned other_owners(const struct look *l, int i)
{
	uint64_t mac = l->r->claims[i].mac, owners[8];
	unsigned count = 0;
	for (size_t n = 0; n < CONFLICTS_MAX; n++) {
		const struct record *o = &l->c->records[n];
		int place = o->ip ? record_place(o, mac) : -1;
		if (place < 0 || uses(o->claims[place].how))
			continue;
		for (int k = 0; k < o->count && count < 8; k++) {
			unsigned at = 0;
			while (at < count && owners[at] != o->claims[k].mac)
				at++;
			if (k != place && uses(o->claims[k].how) && at == count)
				owners[count++] = o->claims[k].mac;
		}
	}
	return count;
}

static bool proxy(const struct look *l, int o, int i, struct finding *ret)
{
	const struct station *s = l->stations[i];
	uint16_t how = l->r->claims[i].how;
	if (!s || !(how & CLAIM_ANSWERS) || uses(how) || !uses(l->r->claims[o].how))
		return false;
	unsigned owners = other_owners(l, i);
	if (s->answers < PROXY_MANY && (s->answers < PROXY_SOME || owners < 2))
		return false;
	bool sure = s->answers >= PROXY_SOME && owners >= 3;
	*ret = finding_of(CONFLICT_PROXY, sure ? GRADE_SEEN : GRADE_LIKELY);
	return true;
}

static bool sender_leak(const struct look *l, int o, int i, struct finding *ret)
{
	const struct record_claim *a = &l->r->claims[o], *b = &l->r->claims[i];
	if ((b->how & (CLAIM_ASKS | CLAIM_ANSWERS | CLAIM_ANNOUNCES)) != CLAIM_ASKS ||
		!(a->how & (CLAIM_ANSWERS | CLAIM_ANNOUNCES)))
		return false;
	/* It did not answer when all were asked. */
	bool silent = a->all_ns > b->first_ns;
	if (!silent && !pair_main(l, i, o))
		return false;
	*ret = finding_of(CONFLICT_SENDER_LEAK, silent ? GRADE_SEEN : GRADE_LIKELY);
	return true;
}

static bool reply_leak(const struct look *l, int o, int i, struct finding *ret)
{
	const struct record_claim *a = &l->r->claims[o], *b = &l->r->claims[i];
	if (!(b->how & CLAIM_ANSWERS) || uses(b->how) || !pair_main(l, i, o) || !overlap(l, o, i) ||
		!(is_owner(a) || pair_main(l, o, i)))
		return false;
	*ret = finding_of(CONFLICT_REPLY_LEAK, GRADE_LIKELY);
	return true;
}

static bool duplicate(const struct look *l, int o, int i, struct finding *ret)
{
	const struct record_claim *a = &l->r->claims[o], *b = &l->r->claims[i];
	bool known = a->facts.holds == HOLDS_HERE && b->facts.holds == HOLDS_HERE;
	bool both = uses(a->how) && uses(b->how);
	if (known) {
		*ret = finding_of(CONFLICT_DUPLICATE, GRADE_KNOWN);
		return true;
	}
	bool fight = l->r->fights && both;
	/* One that only answers may hold it on lo, but finding_nothing else is known of it. */
	bool one = (uses(a->how) && b->how & CLAIM_ANSWERS) ||
		   (uses(b->how) && a->how & CLAIM_ANSWERS);
	if (!overlap(l, o, i) || !(both || one))
		return false;
	*ret = finding_of(CONFLICT_DUPLICATE,
		both && (!fight || l->r->fights > 1) ? GRADE_SEEN : GRADE_LIKELY);
	return true;
}

static bool only_unasked(const struct look *l, int i)
{
	return l->r->claims[i].how == CLAIM_UNASKED;
}

struct finding pair_compare(const struct look *l, int o, int i)
{
	struct finding ret;
	if (pair_same(l, o, i)) {
		bool asks = (l->r->claims[i].how & (CLAIM_ASKS | CLAIM_ANSWERS)) == CLAIM_ASKS;
		return finding_of(asks ? CONFLICT_SENDER_LEAK : CONFLICT_FLUX, GRADE_KNOWN);
	}
	/* What it does not hold now it may have held, if it is silent since the other came. */
	if ((pair_known(l, i, &ret) && (ret.class != CONFLICT_UNCLEAR || overlap(l, o, i))) ||
		flux(l, o, i, &ret) || proxy(l, o, i, &ret) || sender_leak(l, o, i, &ret) ||
		reply_leak(l, o, i, &ret) || duplicate(l, o, i, &ret))
		return ret;
	ret = finding_nothing;
	if (only_unasked(l, o) || only_unasked(l, i))
		ret.doubt = DOUBT_UNASKED;
	else if (!overlap(l, o, i))
		ret.doubt = DOUBT_SILENT;
	return ret;
}
