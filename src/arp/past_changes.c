/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: the changes of neighbour tables, the newest of all machines in one ring.
 *
 * Each is noted before the model has it, by what the model still says. Changes of one entry are
 * found through buckets by its key; a chain leads from newer to older ones and ends by itself where
 * the ring has forgotten.
 */
#include <config.h>

#include "past_parts.h"

#include <string.h>

#include <linux/neighbour.h>

#define NS_PER_MS UINT64_C(1000000)

struct entry past_entry(const struct neigh_entry *e)
{
	struct entry r = { 0 };
	if (!e)
		return r;
	r.state = e->state;
	r.has_mac = e->has_mac;
	memcpy(r.mac, e->mac, sizeof r.mac);
	r.age_known = e->has_ages && e->updated_ms * NS_PER_MS < e->at_ns;
	r.updated_ns = r.age_known ? e->at_ns - e->updated_ms * NS_PER_MS : 0;
	return r;
}

static struct entry entry_named(const struct neigh *n, uint64_t at_ns)
{
	struct entry r = { .state = n->state, .has_mac = n->mac_len == 6, .age_known = true };
	uint64_t age_ns = n->has_ages ? n->updated_ms * NS_PER_MS : 0;
	memcpy(r.mac, n->mac, sizeof r.mac);
	r.updated_ns = age_ns < at_ns ? at_ns - age_ns : at_ns;
	return r;
}

static bool same_entry(const struct entry *a, const struct entry *b)
{
	return a->state == b->state && a->has_mac == b->has_mac &&
	       (!a->has_mac || memcmp(a->mac, b->mac, sizeof a->mac) == 0);
}

static size_t bucket_of(uint16_t node, int32_t ifindex, uint32_t ip)
{
	uint64_t key = (uint64_t)(uint32_t)ifindex << 32 | ip;
	key = (key ^ (uint64_t)node << 52) * UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)(key >> 32) % BUCKETS;
}

static void note(struct past *p, uint16_t node, int32_t ifindex, uint32_t ip, uint64_t at_ns,
	const struct entry *before, const struct entry *after)
{
	uint64_t *bucket = &p->buckets[bucket_of(node, ifindex, ip)];
	p->changes[p->change_total % PAST_CHANGES] = (struct row_change) {
		.at_ns = at_ns,
		.older = *bucket,
		.node = node,
		.ifindex = ifindex,
		.ip = ip,
		.before = *before,
		.after = *after,
	};
	*bucket = ++p->change_total;
}

const struct row_change *past_older(const struct past *p, uint16_t node, int32_t ifindex,
	uint32_t ip, uint64_t below, uint64_t *ret)
{
	uint64_t first = p->tables[node].first;
	if (p->change_total > PAST_CHANGES && first < p->change_total - PAST_CHANGES)
		first = p->change_total - PAST_CHANGES;
	uint64_t next = p->buckets[bucket_of(node, ifindex, ip)];
	while (next > first) {
		const struct row_change *c = &p->changes[(next - 1) % PAST_CHANGES];
		if (next - 1 < below && c->node == node && c->ifindex == ifindex && c->ip == ip) {
			*ret = next - 1;
			return c;
		}
		next = c->older;
	}
	return NULL;
}

/* ---- events ---- */

static void take_neigh(struct past *p, const struct model *m, const struct event *e)
{
	struct table *t = &p->tables[e->node];
	/* The first dump names what is there; nothing has changed. */
	if (!t->known || e->neigh.flags & NTF_PROXY)
		return;
	t->told_ns = e->at_ns;
	const struct neigh_entry *old = neighs_find(&m->neighs, e->neigh.ifindex, e->neigh.ip);
	struct entry before = past_entry(old), after = { 0 };
	if (!(e->flags & EVENT_GONE))
		after = entry_named(&e->neigh, e->at_ns);
	if (!same_entry(&before, &after))
		note(p, e->node, e->neigh.ifindex, e->neigh.ip, e->at_ns, &before, &after);
}

static void note_gone(struct past *p, uint16_t node, const struct neigh_entry *old, uint64_t at_ns)
{
	struct entry before = past_entry(old), none = { 0 };
	note(p, node, old->ifindex, old->ip, at_ns, &before, &none);
}

static void gone_with_link(
	struct past *p, const struct model *m, const struct event *e, int32_t ifindex)
{
	for (uint32_t i = 0; i < m->neighs.count; i++)
		if (m->neighs.entries[i].ifindex == ifindex)
			note_gone(p, e->node, &m->neighs.entries[i], e->at_ns);
}

/* What a dump did not name goes without an event of its own. */
static void take_end(struct past *p, const struct model *m, const struct event *e)
{
	struct table *t = &p->tables[e->node];
	if (!(m->tables_dumping & 1u << e->mark.table))
		return;
	for (size_t i = 0; e->mark.table == TABLE_LINKS && i < m->link_count; i++)
		if (m->links[i].mark != m->marks[TABLE_LINKS])
			gone_with_link(p, m, e, m->links[i].link.ifindex);
	if (e->mark.table != TABLE_NEIGHS)
		return;
	for (uint32_t i = 0; i < m->neighs.count; i++)
		if (m->neighs.entries[i].mark != m->neighs.mark)
			note_gone(p, e->node, &m->neighs.entries[i], e->at_ns);
	if (!t->known)
		t->known_ns = e->at_ns;
	else
		t->blind_to_ns = e->at_ns;
	t->known = true;
}

/* It is dumped again only when words of the kernel were lost: since its last one nothing is sure.
 */
static void take_begin(struct past *p, const struct event *e)
{
	struct table *t = &p->tables[e->node];
	if (e->mark.table != TABLE_NEIGHS || !t->known)
		return;
	t->blind_from_ns = t->told_ns;
	t->blind_to_ns = UINT64_MAX;
}

void past_changes_take(struct past *p, const struct world *w, const struct event *e)
{
	const struct model *m = world_machine(w, e->node);
	if (e->kind == EVENT_NEIGH)
		take_neigh(p, m, e);
	else if (e->kind == EVENT_LINK && e->flags & EVENT_GONE)
		gone_with_link(p, m, e, e->link.ifindex);
	else if (e->kind == EVENT_MARK && e->mark.end)
		take_end(p, m, e);
	else if (e->kind == EVENT_MARK)
		take_begin(p, e);
}

/* Nothing tells when it was: at some time since the counters came before. */
void past_loss_take(struct past *p, const struct model *m, const struct event *e)
{
	struct loss *l = &p->losses[e->node];
	const struct model_link *link = model_link(m, e->drops.ifindex);
	/* Those of all interfaces come in one round. */
	if (e->at_ns - l->told_ns > PAST_SLACK_NS)
		l->told_before_ns = l->told_ns;
	l->told_ns = e->at_ns;
	if (!link || e->drops.kernel <= link->drops.kernel)
		return;
	if (l->told_before_ns > l->to_ns)
		l->from_ns = l->told_before_ns;
	l->to_ns = e->at_ns;
}

void past_changes_forget(struct past *p, uint16_t node)
{
	p->tables[node] = (struct table) { .first = p->change_total };
	p->losses[node] = (struct loss) { 0 };
}
