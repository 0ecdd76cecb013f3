/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: routes in the kernel's own order.
 *
 * The kernel sorts by what a lookup goes by, and keeps routes that are equal in it in the order in
 * which it was told to: the first of them wins. So a row goes where it was named: in a dump behind
 * its equals that were named before, as news behind or before all of them.
 */
#include <config.h>

#include "model_parts.h"

#include <arpa/inet.h>

#include <linux/rtnetlink.h>

#include <arplab/rows.h>

/* A next hop's state, which changes by itself; the other flags are part of what the route is. */
#define HOP_STATE                                                                        \
	((uint32_t)(RTNH_F_DEAD | RTNH_F_LINKDOWN | RTNH_F_UNRESOLVED | RTNH_F_OFFLOAD | \
		    RTNH_F_TRAP))

/*
 * Where the kernel keeps its own order and dumps by it: tables by their numbers, destinations, the
 * longest prefix first, the greatest TOS first, the least metric first. 0 for equals.
 * Source: Linux net/ipv4/fib_trie.c, fib_find_alias() and fn_trie_dump_leaf().
 */
static int route_compare(const struct route *a, const struct route *b)
{
	const uint32_t keys[][2] = {
		{ a->table, b->table },
		{ ntohl(a->dst), ntohl(b->dst) },
		{ b->dst_len, a->dst_len },
		{ b->tos, a->tos },
		{ a->metric, b->metric },
	};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (keys[i][0] != keys[i][1])
			return keys[i][0] < keys[i][1] ? -1 : 1;
	return 0;
}

/* Whether equals are one and the same: fib_trie.c, fib_table_insert(); fib_find_info(). */
static bool route_same(const struct route *a, const struct route *b)
{
	return a->type == b->type && a->scope == b->scope && a->ifindex == b->ifindex &&
	       a->gateway == b->gateway && a->source == b->source && a->protocol == b->protocol &&
	       a->rest == b->rest && (a->flags & ~HOP_STATE) == (b->flags & ~HOP_STATE);
}

/* Its equals: from *ret on, to where the result points. */
static size_t equals_of(const struct model *m, const struct route *r, size_t *ret)
{
	size_t low = 0, high = m->route_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (route_compare(&m->routes[middle].route, r) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*ret = low;
	while (low < m->route_count && route_compare(&m->routes[low].route, r) == 0)
		low++;
	return low;
}

static void route_remove(struct model *m, size_t i)
{
	row_remove(m->routes, &m->route_count, i, sizeof *m->routes);
}

static void route_put(struct model *m, size_t i, const struct route *r)
{
	m->routes = row_insert(m->routes, &m->route_count, i, sizeof *m->routes);
	m->routes[i].route = *r;
	m->routes[i].mark = m->marks[TABLE_ROUTES];
}

/* Of a dump: behind what it has named already, before what was there and is not named yet. */
static void route_named(struct model *m, const struct route *r)
{
	size_t first, end = equals_of(m, r, &first);
	while (first < end && m->routes[first].mark == m->marks[TABLE_ROUTES])
		first++;
	for (size_t i = first; i < end; i++) {
		if (!route_same(&m->routes[i].route, r))
			continue;
		if (i == first) {
			m->routes[i].route = *r;
			m->routes[i].mark = m->marks[TABLE_ROUTES];
			return;
		}
		route_remove(m, i);
		break;
	}
	route_put(m, first, r);
}

/* One that is known was moved: it went in silence and came again. */
static void route_news(struct model *m, const struct event *e)
{
	const struct route *r = &e->route;
	size_t first, end = equals_of(m, r, &first), i = first;
	while (i < end && !route_same(&m->routes[i].route, r))
		i++;
	if (i < end) {
		route_remove(m, i);
		end--;
	}
	if (!(e->flags & EVENT_GONE))
		route_put(m, e->flags & EVENT_BEHIND ? end : first, r);
}

void apply_route(struct model *m, const struct event *e)
{
	m->generation[PART_ROUTES]++;
	if (e->flags & EVENT_NAMED && !(e->flags & EVENT_GONE))
		route_named(m, &e->route);
	else
		route_news(m, e);
}

/* Rows that stay move up over those that go, which are then the last ones. */
static void routes_cut(struct model *m, size_t kept)
{
	/* The capacity follows from the count, so the rows go one by one. */
	while (m->route_count > kept)
		route_remove(m, m->route_count - 1);
}

void routes_remove_link(struct model *m, int32_t ifindex)
{
	size_t kept = 0;
	for (size_t i = 0; i < m->route_count; i++)
		if (m->routes[i].route.ifindex != ifindex)
			m->routes[kept++] = m->routes[i];
	routes_cut(m, kept);
}

void sweep_routes(struct model *m)
{
	size_t kept = 0;
	for (size_t i = 0; i < m->route_count; i++)
		if (m->routes[i].mark == m->marks[TABLE_ROUTES])
			m->routes[kept++] = m->routes[i];
	routes_cut(m, kept);
}
