/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: conflicts called by their cause. One of the MACs is taken for the owner; each other one is
 * compared with it, and the gravest of these findings is the conflict's. What is known of a machine
 * counts for more than what frames show.
 */
#include <config.h>

#include "conflict_parts.h"

#include <string.h>

/* Virtual MACs of one GLBP group: one address, and a MAC for each router. */
static bool shared(const struct look *l)
{
	unsigned group = 0, first = 0;
	for (int i = 0; i < l->r->count; i++) {
		uint8_t mac[6];
		mac_of(l->r->claims[i].mac, mac);
		const char *name = virtual_mac(mac, &group);
		if (!name || strcmp(name, "GLBP") != 0 || (i && group != first))
			return false;
		first = group;
	}
	return true;
}

/* Whether a machine is known that holds it, and all others are known not to. */
static bool holds_alone(const struct look *l, int holder)
{
	for (int i = 0; i < l->r->count; i++) {
		const struct claim_facts *f = &l->r->claims[i].facts;
		if (f->holds != (i == holder ? HOLDS_HERE : HOLDS_NOT) || f->proxies)
			return false;
	}
	return true;
}

/* Whether a MAC may have given the IP up before a time. */
static bool gave_up(const struct look *l, int i, uint64_t until_ns)
{
	const struct record_claim *k = &l->r->claims[i];
	return k->last_ns <= until_ns && k->facts.holds != HOLDS_HERE &&
	       k->facts.holds != HOLDS_ELSEWHERE;
}

/* Whether one that announced it, or is known to hold it alone, is the only one heard since. */
static bool moved(struct look *l, struct finding *ret)
{
	const struct record *r = l->r;
	int holder = r->holder;
	uint64_t took_ns = r->took_ns + GRACE_NS;
	for (int i = 0; i < r->count && holder == CONFLICT_MACS; i++)
		if (holds_alone(l, i)) {
			holder = i;
			took_ns = r->claims[i].first_ns;
		}
	if (holder == CONFLICT_MACS || r->fights)
		return false;
	const struct record_claim *n = &r->claims[holder];
	if (n->facts.holds == HOLDS_NOT || n->facts.holds == HOLDS_ELSEWHERE)
		return false;
	for (int i = 0; i < r->count; i++)
		if (i != holder && !gave_up(l, i, took_ns))
			return false;
	l->f->claimants[holder].blamed = true;
	*ret = finding_of(CONFLICT_MOVE, holds_alone(l, holder) ? GRADE_KNOWN
					 : n->alls >= 2         ? GRADE_SEEN
								: GRADE_LIKELY);
	return true;
}

/* Who is most likely meant to have the IP. */
static int owner_of(const struct look *l)
{
	int best = 0, most = -1;
	for (int i = 0; i < l->r->count; i++) {
		const struct record_claim *k = &l->r->claims[i];
		int score = (k->how & CLAIM_ANNOUNCES ? 8 : 0) + (k->how & CLAIM_ASKS ? 2 : 0) +
			    (k->how & CLAIM_ANSWERS ? 4 : 0) + (l->r->holder == i ? 16 : 0);
		if (k->facts.holds == HOLDS_HERE)
			score += 64;
		else if (k->facts.holds == HOLDS_UNKNOWN)
			score += 32;
		score += is_owner(k) ? 1 : 0;
		if (score > most) {
			most = score;
			best = i;
		}
	}
	return best;
}

/* What is known comes before what is only seen. */
static bool graver(const struct finding *a, const struct finding *b)
{
	bool a_known = a->class != CONFLICT_UNCLEAR && a->grade == GRADE_KNOWN;
	bool b_known = b->class != CONFLICT_UNCLEAR && b->grade == GRADE_KNOWN;
	if (a_known != b_known)
		return a_known;
	return a->class != b->class ? a->class > b->class : a->grade > b->grade;
}

static bool all_one_machine(const struct look *l, int owner)
{
	for (int i = 0; i < l->r->count; i++)
		if (i != owner && !pair_same(l, owner, i))
			return false;
	return true;
}

/* Each MAC beside the owner. Returns the gravest finding. */
static struct finding judge_each(struct look *l, int owner, struct finding each[CONFLICT_MACS])
{
	struct finding all = finding_nothing;
	bool any = false;
	/* Where nobody is known to hold it rightly, the owner may be to blame, too. */
	if (all_one_machine(l, owner) || !pair_known(l, owner, &each[owner]))
		each[owner] = finding_nothing;
	for (int i = 0; i < l->r->count; i++) {
		if (i == owner)
			continue;
		each[i] = pair_compare(l, owner, i);
		if (!any || graver(&each[i], &all))
			all = each[i];
		any = true;
	}
	return graver(&each[owner], &all) ? each[owner] : all;
}

static void blame(struct look *l, int owner, const struct finding each[CONFLICT_MACS],
	const struct finding *all)
{
	const struct record_claim *o = &l->r->claims[owner];
	/* Of two that only answer nobody can see which of them should not. */
	if (all->class == CONFLICT_UNCLEAR ||
		(all->class == CONFLICT_REPLY_LEAK && all->grade == GRADE_LIKELY && !is_owner(o) &&
			o->facts.holds == HOLDS_UNKNOWN))
		return;
	for (int i = 0; i < l->r->count; i++)
		l->f->claimants[i].blamed = each[i].class == all->class;
	if (all->class == CONFLICT_FLUX || all->class == CONFLICT_DUPLICATE)
		l->f->claimants[owner].blamed = true;
}

static struct finding judge(struct look *l)
{
	struct finding each[CONFLICT_MACS], all;
	if (shared(l))
		return finding_of(CONFLICT_SHARED, GRADE_SEEN);
	if (moved(l, &all))
		return all;
	int owner = owner_of(l);
	all = judge_each(l, owner, each);
	blame(l, owner, each, &all);
	return all;
}

static void fill(struct look *l, int i)
{
	const struct record_claim *k = &l->r->claims[i];
	struct claimant *a = &l->f->claimants[i];
	*a = (struct claimant) {
		.how = k->how,
		.main = pair_main(l, i, -1),
		.answers = l->stations[i] ? l->stations[i]->answers : 0,
		.first_ns = k->first_ns,
		.last_ns = k->last_ns,
		.facts = k->facts,
	};
	mac_of(k->mac, a->mac);
}

void record_classify(const struct conflicts *c, struct record *r)
{
	struct conflict *f = &r->found;
	struct look l = { .c = c, .r = r, .f = f };
	*f = (struct conflict) {
		.segment = r->domain.segment,
		.vlan = r->domain.vlan,
		.ip = r->ip,
		.count = r->count,
		.more = r->more,
		.gap_ns = UINT64_MAX,
		.since_ns = r->since_ns,
		.last_ns = r->turned_ns,
	};
	for (int i = 0; i < r->count; i++)
		l.stations[i] = station_find(c, r->domain, r->claims[i].mac);
	for (int i = 0; i < r->count; i++) {
		fill(&l, i);
		for (int k = i + 1; k < r->count; k++)
			if (r->gap_ns[i][k] < f->gap_ns)
				f->gap_ns = r->gap_ns[i][k];
	}
	struct finding all = judge(&l);
	f->class = all.class;
	f->grade = all.grade;
	f->doubt = all.doubt;
	f->common = all.common;
}
