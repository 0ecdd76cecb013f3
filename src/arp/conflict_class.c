/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: conflicts called by their cause. One of the MACs is taken for the owner; each other one is
 * compared with it, and the gravest of these findings is the conflict's. What is known of a machine
 * counts for more than what frames show.
 */
#include <config.h>

#include "conflict_parts.h"

#include <string.h>

/* A MAC that answers for so many IPs that it never uses is a proxy's. */
#define PROXY_MANY 8
#define PROXY_SOME 4

struct look {
	const struct conflicts *c;
	const struct record *r;
	struct conflict *f;
	const struct station *stations[CONFLICT_MACS]; /* NULL: forgotten. */
};

struct finding {
	enum conflict_class class;
	enum conflict_grade grade;
	enum conflict_doubt doubt;
	uint32_t common;
};

static const struct finding nothing = { .class = CONFLICT_UNCLEAR, .doubt = DOUBT_OTHERS };

static struct finding found(enum conflict_class class, enum conflict_grade grade)
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

/* An IP that a MAC uses or answers for and the other one does not, or 0. */
static uint32_t main_ip(const struct look *l, int i, int other)
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

static bool known_class(const struct look *l, int i, struct finding *ret)
{
	const struct record_claim *k = &l->r->claims[i];
	const struct claim_facts *f = &k->facts;
	*ret = nothing;
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

static bool known_same(const struct look *l, int i, int k)
{
	const struct claim_facts *a = &l->r->claims[i].facts, *b = &l->r->claims[k].facts;
	return a->holds != HOLDS_UNKNOWN && b->holds != HOLDS_UNKNOWN && a->node == b->node;
}

/* ---- two MACs by their frames ---- */

static bool flux(const struct look *l, int o, int i, struct finding *ret)
{
	uint32_t common = common_ip(l, o, i);
	if (gap_between(l, o, i) > FLUX_GAP_NS || !common || main_ip(l, o, i) || main_ip(l, i, o))
		return false;
	/* Two machines that share several addresses may have others that nobody asked for. */
	*ret = found(CONFLICT_FLUX, GRADE_LIKELY);
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
	*ret = found(CONFLICT_PROXY, sure ? GRADE_SEEN : GRADE_LIKELY);
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
	if (!silent && !main_ip(l, i, o))
		return false;
	*ret = found(CONFLICT_SENDER_LEAK, silent ? GRADE_SEEN : GRADE_LIKELY);
	return true;
}

static bool reply_leak(const struct look *l, int o, int i, struct finding *ret)
{
	const struct record_claim *a = &l->r->claims[o], *b = &l->r->claims[i];
	if (!(b->how & CLAIM_ANSWERS) || uses(b->how) || !main_ip(l, i, o) || !overlap(l, o, i) ||
		!(uses(a->how) || main_ip(l, o, i)))
		return false;
	*ret = found(CONFLICT_REPLY_LEAK, GRADE_LIKELY);
	return true;
}

static bool duplicate(const struct look *l, int o, int i, struct finding *ret)
{
	const struct record_claim *a = &l->r->claims[o], *b = &l->r->claims[i];
	bool known = a->facts.holds == HOLDS_HERE && b->facts.holds == HOLDS_HERE;
	bool both = uses(a->how) && uses(b->how);
	if (known) {
		*ret = found(CONFLICT_DUPLICATE, GRADE_KNOWN);
		return true;
	}
	bool fight = l->r->fights && both;
	/* One that only answers may be somebody else's leak: it is not if it has nothing else. */
	if (!overlap(l, o, i) || (!both && !uses(a->how) && !uses(b->how)))
		return false;
	*ret = found(CONFLICT_DUPLICATE,
		both && (!fight || l->r->fights > 1) ? GRADE_SEEN : GRADE_LIKELY);
	return true;
}

static struct finding compare(const struct look *l, int o, int i)
{
	struct finding ret;
	if (known_same(l, o, i))
		return found(CONFLICT_FLUX, GRADE_KNOWN);
	if (known_class(l, i, &ret) || flux(l, o, i, &ret) || proxy(l, o, i, &ret) ||
		sender_leak(l, o, i, &ret) || reply_leak(l, o, i, &ret) || duplicate(l, o, i, &ret))
		return ret;
	ret = nothing;
	if (!overlap(l, o, i))
		ret.doubt = DOUBT_SILENT;
	return ret;
}

/* ---- all of them ---- */

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

/* Whether the one who announced last is the only one heard since. */
static bool moved(const struct look *l, struct finding *ret)
{
	const struct record *r = l->r;
	bool known = true;
	if (r->holder >= CONFLICT_MACS || r->fights)
		return false;
	const struct record_claim *n = &r->claims[r->holder];
	if (n->facts.holds == HOLDS_NOT || n->facts.holds == HOLDS_ELSEWHERE)
		return false;
	for (int i = 0; i < r->count; i++) {
		const struct record_claim *k = &r->claims[i];
		if (i != r->holder &&
			(k->last_ns > r->took_ns + GRACE_NS || k->facts.holds == HOLDS_HERE ||
				k->facts.holds == HOLDS_ELSEWHERE || known_same(l, i, r->holder)))
			return false;
		known &= k->facts.holds == (i == r->holder ? HOLDS_HERE : HOLDS_NOT);
	}
	*ret = found(CONFLICT_MOVE, known ? GRADE_KNOWN : n->alls >= 2 ? GRADE_SEEN : GRADE_LIKELY);
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
		/* A virtual MAC is made for the address that all use. */
		uint8_t mac[6];
		mac_of(k->mac, mac);
		score += virtual_mac(mac, NULL) ? 32 : 0;
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
		if (i != owner && !known_same(l, owner, i))
			return false;
	return true;
}

/* Each MAC beside the owner. Returns the gravest finding. */
static struct finding judge_each(struct look *l, int owner, struct finding each[CONFLICT_MACS])
{
	struct finding all = nothing;
	bool any = false;
	/* Where nobody is known to hold it rightly, the owner may be to blame, too. */
	if (all_one_machine(l, owner) || !known_class(l, owner, &each[owner]))
		each[owner] = nothing;
	for (int i = 0; i < l->r->count; i++) {
		if (i == owner)
			continue;
		each[i] = compare(l, owner, i);
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
		(all->class == CONFLICT_REPLY_LEAK && all->grade == GRADE_LIKELY && !uses(o->how) &&
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
		return found(CONFLICT_SHARED, GRADE_SEEN);
	if (moved(l, &all)) {
		l->f->claimants[l->r->holder].blamed = true;
		return all;
	}
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
		.main = main_ip(l, i, -1),
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
