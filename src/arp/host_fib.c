/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: routes in the kernel's order, and their index.
 *
 * A fib belongs to all hosts that hold it and is then only read; whoever wants to add a route to
 * one that others hold gets a copy of its own first.
 */
#include <config.h>

#include "host_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <linux/rtnetlink.h>

#include <arplab/addr.h>
#include <arplab/rows.h>

struct host_fib *fib_new(void)
{
	struct host_fib *f = rows_new(1, sizeof *f);
	f->holders = 1;
	return f;
}

struct host_fib *fib_hold(struct host_fib *f)
{
	f->holders++;
	return f;
}

static void index_drop(struct host_fib *f)
{
	free(f->tables);
	free(f->slots);
	f->tables = NULL;
	f->slots = NULL;
	f->table_count = 0;
	f->indexed = false;
}

void fib_release(struct host_fib *f)
{
	if (!f || --f->holders)
		return;
	index_drop(f);
	free(f->routes);
	free(f);
}

struct host_fib *fib_own(struct host *h)
{
	if (h->fib->holders == 1)
		return h->fib;
	struct host_fib *copy = fib_new();
	copy->routes = rows_copy(h->fib->routes, h->fib->count, sizeof *h->fib->routes);
	copy->count = h->fib->count;
	copy->custom_local = h->fib->custom_local;
	fib_release(h->fib);
	return h->fib = copy;
}

/* ---- order ---- */

/*
 * As the kernel dumps them, and as it tries those of one destination: the longest prefix, the
 * largest TOS, the smallest metric. Source: Linux net/ipv4/fib_trie.c, fib_find_alias().
 */
static int route_compare(const struct host_route *a, const struct host_route *b)
{
	if (a->table != b->table)
		return a->table < b->table ? -1 : 1;
	if (a->dst != b->dst)
		return ntohl(a->dst) < ntohl(b->dst) ? -1 : 1;
	if (a->prefix != b->prefix)
		return a->prefix > b->prefix ? -1 : 1;
	if (a->tos != b->tos)
		return a->tos > b->tos ? -1 : 1;
	if (a->metric != b->metric)
		return a->metric < b->metric ? -1 : 1;
	return 0;
}

/* Behind all that are not greater; what comes in order goes to the end at once. */
static size_t place_behind(const struct host_fib *f, const struct host_route *r)
{
	size_t low = 0, high = f->count;
	if (high && route_compare(&f->routes[high - 1], r) <= 0)
		return high;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (route_compare(&f->routes[middle], r) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void fib_add(struct host_fib *f, const struct host_route *r)
{
	struct host_route whole = *r;
	whole.dst &= ip_mask(r->prefix);
	size_t place = place_behind(f, &whole);
	f->routes = row_insert(f->routes, &f->count, place, sizeof *f->routes);
	f->routes[place] = whole;
	f->custom_local |= whole.manual && whole.type == RTN_LOCAL;
	f->has_generation = false;
	f->indexed = false;
}

/* ---- index ---- */

static bool is_free(const struct fib_slot *s)
{
	return !s->groups[PART_FIRST].count && !s->groups[PART_MAIN].count;
}

/* The place where the rows of a destination are, or where they would be. */
static struct fib_slot *slot_of(
	const struct host_fib *f, size_t table, uint32_t dst, unsigned prefix)
{
	uint64_t key = (uint64_t)table << 38 | (uint64_t)prefix << 32 | dst;
	size_t i = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - f->bits));
	for (;; i = (i + 1) & (((size_t)1 << f->bits) - 1)) {
		struct fib_slot *s = &f->slots[i];
		if (is_free(s) || (s->dst == dst && s->prefix == prefix && s->table == table))
			return s;
	}
}

/* The id under which a table stands in the index, and the part of it. */
static uint32_t index_id(uint32_t id, enum fib_part *ret_part)
{
	*ret_part = id == RT_TABLE_MAIN ? PART_MAIN : PART_FIRST;
	return id == RT_TABLE_MAIN ? RT_TABLE_LOCAL : id;
}

/* The routes stand by table, and main right before local, so a new table is always the last. */
static size_t table_row(struct host_fib *f, uint32_t id)
{
	size_t last = f->table_count;
	if (last && f->tables[last - 1].id == id)
		return last - 1;
	f->tables = row_insert(f->tables, &f->table_count, last, sizeof *f->tables);
	f->tables[last].id = id;
	return last;
}

static void index_route(struct host_fib *f, size_t i)
{
	const struct host_route *r = &f->routes[i];
	enum fib_part part;
	size_t table = table_row(f, index_id(r->table, &part));
	struct fib_slot *s = slot_of(f, table, r->dst, r->prefix);
	if (is_free(s))
		*s = (struct fib_slot) {
			.dst = r->dst, .table = (uint32_t)table, .prefix = r->prefix
		};
	if (!s->groups[part].count++)
		s->groups[part].first = (uint32_t)i;
	f->tables[table].lengths[part] |= UINT64_C(1) << r->prefix;
}

void fib_settle(struct host_fib *f)
{
	if (f->indexed)
		return;
	index_drop(f);
	f->bits = 3;
	while ((size_t)1 << f->bits < f->count * 2)
		f->bits++;
	f->slots = rows_new((size_t)1 << f->bits, sizeof *f->slots);
	for (size_t i = 0; i < f->count; i++)
		index_route(f, i);
	f->indexed = true;
	f->local = fib_view(f, RT_TABLE_LOCAL);
	f->last = fib_view(f, RT_TABLE_DEFAULT);
	f->both = f->local.table ? f->local : fib_view(f, RT_TABLE_MAIN);
	f->both.parts[PART_FIRST] = f->both.parts[PART_MAIN] = true;
}

/* ---- asking ---- */

struct fib_view fib_view(const struct host_fib *f, uint32_t id)
{
	assert(f->indexed);
	struct fib_view v = { 0 };
	enum fib_part part;
	uint32_t indexed = index_id(id, &part);
	size_t low = 0, high = f->table_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (f->tables[middle].id < indexed)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < f->table_count && f->tables[low].id == indexed && f->tables[low].lengths[part])
		v.table = &f->tables[low];
	v.parts[part] = true;
	return v;
}

bool route_is_error(const struct host_route *r)
{
	return r->type >= RTN_BLACKHOLE;
}

/*
 * Whether a route is passed over. Where ignore_routes_with_linkdown is set the kernel calls a route
 * of a link without carrier dead, too; it is so but for the gateways of new routes.
 * Source: Linux net/ipv4/fib_semantics.c, fib_nexthop_info(); fib_trie.c, fib_lookup_good_nhc().
 */
static bool is_dead(const struct host_route *r, const struct fib_query *q)
{
	return r->dead && !(r->linkdown && r->hops <= 1 && q->any_carrier);
}

/*
 * Whether a route whose prefix matches is taken. An error is one on whatever interface, since it
 * has none; of a multipath route only the first interface is known, which is its reader's to see.
 */
static bool is_taken(const struct host_route *r, const struct fib_query *q)
{
	if (r->tos || r->scope < q->scope || is_dead(r, q))
		return false;
	if (route_is_error(r))
		return true;
	return !q->oif || r->ifindex == q->oif || r->hops > 1;
}

struct fib_group fib_rows(const struct host_fib *f, uint32_t table, uint32_t dst, uint8_t prefix)
{
	struct fib_view v = fib_view(f, table);
	enum fib_part part;
	index_id(table, &part);
	if (!v.table)
		return (struct fib_group) { 0, 0 };
	return slot_of(f, (size_t)(v.table - f->tables), dst, prefix)->groups[part];
}

/* ip_mask(), where a call for each length would cost more than the rest. */
static inline uint32_t mask_of(unsigned prefix)
{
	return htonl((uint32_t)(UINT64_C(0xffffffff00000000) >> prefix));
}

const struct host_route *fib_longest(
	const struct host_fib *f, const struct fib_view *v, const struct fib_query *q)
{
	if (!v->table)
		return NULL;
	size_t table = (size_t)(v->table - f->tables);
	uint64_t lengths = 0;
	for (int part = 0; part < FIB_PARTS; part++)
		lengths |= v->parts[part] ? v->table->lengths[part] : 0;
	while (lengths) {
		unsigned prefix = 63 - (unsigned)__builtin_clzll(lengths);
		lengths ^= UINT64_C(1) << prefix;
		const struct fib_slot *s = slot_of(f, table, q->dst & mask_of(prefix), prefix);
		for (int part = 0; part < FIB_PARTS; part++) {
			const struct fib_group *g = &s->groups[part];
			for (uint32_t i = 0; v->parts[part] && i < g->count; i++)
				if (is_taken(&f->routes[g->first + i], q))
					return &f->routes[g->first + i];
		}
	}
	return NULL;
}
