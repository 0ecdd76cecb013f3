/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: links, addresses, routes and policy rules kept in order. */
#include <config.h>

#include "model_parts.h"

#include <string.h>

#include <arpa/inet.h>

#include <arplab/rows.h>

/* ---- links ---- */

static size_t link_place(const struct model *m, int32_t ifindex)
{
	size_t i = 0;
	while (i < m->link_count && m->links[i].link.ifindex < ifindex)
		i++;
	return i;
}

struct model_link *link_at(struct model *m, int32_t ifindex)
{
	size_t i = link_place(m, ifindex);
	return i < m->link_count && m->links[i].link.ifindex == ifindex ? &m->links[i] : NULL;
}

static void addrs_remove_link(struct model *m, int32_t ifindex)
{
	for (size_t i = m->addr_count; i-- > 0;)
		if (m->addrs[i].addr.ifindex == ifindex)
			row_remove(m->addrs, &m->addr_count, i, sizeof *m->addrs);
}

static void routes_remove_link(struct model *m, int32_t ifindex)
{
	size_t kept = 0;
	for (size_t i = 0; i < m->route_count; i++)
		if (m->routes[i].route.ifindex != ifindex)
			m->routes[kept++] = m->routes[i];
	/* The capacity follows from the count, so the rows go one by one. */
	while (m->route_count > kept)
		row_remove(m->routes, &m->route_count, m->route_count - 1, sizeof *m->routes);
}

/* What hangs on an interface goes with it; the kernel does not tell of each piece. */
static void link_remove(struct model *m, size_t place)
{
	int32_t ifindex = m->links[place].link.ifindex;
	m->gone_received += m->links[place].drops.received;
	m->gone_dropped += m->links[place].drops.kernel;
	row_remove(m->links, &m->link_count, place, sizeof *m->links);
	addrs_remove_link(m, ifindex);
	routes_remove_link(m, ifindex);
	neighs_remove_link(&m->neighs, ifindex);
	conf_remove(m, ifindex);
	m->generation[PART_ADDRS]++;
	m->generation[PART_ROUTES]++;
	m->generation[PART_NEIGHS]++;
	m->generation[PART_SYSCTLS]++;
}

void apply_link(struct model *m, const struct event *e)
{
	size_t i = link_place(m, e->link.ifindex);
	bool there = i < m->link_count && m->links[i].link.ifindex == e->link.ifindex;
	m->generation[PART_LINKS]++;
	if (e->flags & EVENT_GONE) {
		if (there)
			link_remove(m, i);
		return;
	}
	if (!there)
		m->links = row_insert(m->links, &m->link_count, i, sizeof *m->links);
	m->links[i].link = e->link;
	m->links[i].mark = m->marks[TABLE_LINKS];
}

/* ---- addresses ---- */

static bool addr_before(const struct addr *a, const struct addr *b)
{
	if (a->ifindex != b->ifindex)
		return a->ifindex < b->ifindex;
	return a->order < b->order;
}

static bool addr_same(const struct addr *a, const struct addr *b)
{
	return a->ifindex == b->ifindex && a->local == b->local && a->prefix == b->prefix &&
	       a->address == b->address;
}

void apply_addr(struct model *m, const struct event *e)
{
	m->generation[PART_ADDRS]++;
	/* A row that moved in the kernel's order is taken out and put in anew. */
	for (size_t i = m->addr_count; i-- > 0;)
		if (addr_same(&m->addrs[i].addr, &e->addr))
			row_remove(m->addrs, &m->addr_count, i, sizeof *m->addrs);
	if (e->flags & EVENT_GONE)
		return;
	size_t place = m->addr_count;
	while (place > 0 && addr_before(&e->addr, &m->addrs[place - 1].addr))
		place--;
	m->addrs = row_insert(m->addrs, &m->addr_count, place, sizeof *m->addrs);
	m->addrs[place].addr = e->addr;
	m->addrs[place].mark = m->marks[TABLE_ADDRS];
}

/* ---- routes and rules ---- */

/*
 * Order by table and destination, as the kernel dumps them, so that a row is found by halving and
 * most rows of a dump go to the end. What the kernel tells routes
 * apart by (net/ipv4/fib_trie.c, fib_find_alias and the checks behind it) follows.
 */
static int route_compare(const struct route *a, const struct route *b)
{
	const uint32_t keys[][2] = {
		{ a->table, b->table },
		{ ntohl(a->dst), ntohl(b->dst) },
		{ a->dst_len, b->dst_len },
		{ a->tos, b->tos },
		{ a->metric, b->metric },
		{ a->type, b->type },
		{ a->scope, b->scope },
		{ (uint32_t)a->ifindex, (uint32_t)b->ifindex },
		{ a->gateway, b->gateway },
		{ a->source, b->source },
		{ a->protocol, b->protocol },
	};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (keys[i][0] != keys[i][1])
			return keys[i][0] < keys[i][1] ? -1 : 1;
	return 0;
}

static size_t route_place(const struct model *m, const struct route *r)
{
	size_t low = 0, high = m->route_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (route_compare(&m->routes[middle].route, r) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void apply_route(struct model *m, const struct event *e)
{
	size_t i = route_place(m, &e->route);
	bool there = i < m->route_count && route_compare(&m->routes[i].route, &e->route) == 0;
	m->generation[PART_ROUTES]++;
	if (e->flags & EVENT_GONE) {
		if (there)
			row_remove(m->routes, &m->route_count, i, sizeof *m->routes);
		return;
	}
	if (!there)
		m->routes = row_insert(m->routes, &m->route_count, i, sizeof *m->routes);
	m->routes[i].route = e->route;
	m->routes[i].mark = m->marks[TABLE_ROUTES];
}

void apply_rule(struct model *m, const struct event *e)
{
	size_t i = 0;
	while (i < m->rule_count && m->rules[i].rule.priority < e->rule.priority)
		i++;
	size_t same = i;
	while (same < m->rule_count && memcmp(&m->rules[same].rule, &e->rule, sizeof e->rule) != 0)
		same++;
	m->generation[PART_RULES]++;
	if (e->flags & EVENT_GONE) {
		if (same < m->rule_count)
			row_remove(m->rules, &m->rule_count, same, sizeof *m->rules);
		return;
	}
	if (same == m->rule_count) {
		while (i < m->rule_count && m->rules[i].rule.priority == e->rule.priority)
			i++;
		m->rules = row_insert(m->rules, &m->rule_count, i, sizeof *m->rules);
		same = i;
	}
	m->rules[same].rule = e->rule;
	m->rules[same].mark = m->marks[TABLE_RULES];
}

/* ---- what a dump did not name is gone ---- */

void sweep_links(struct model *m)
{
	for (size_t i = m->link_count; i-- > 0;)
		if (m->links[i].mark != m->marks[TABLE_LINKS])
			link_remove(m, i);
}

void sweep_addrs(struct model *m)
{
	for (size_t i = m->addr_count; i-- > 0;)
		if (m->addrs[i].mark != m->marks[TABLE_ADDRS])
			row_remove(m->addrs, &m->addr_count, i, sizeof *m->addrs);
}

void sweep_routes(struct model *m)
{
	size_t kept = 0;
	for (size_t i = 0; i < m->route_count; i++)
		if (m->routes[i].mark == m->marks[TABLE_ROUTES])
			m->routes[kept++] = m->routes[i];
	while (m->route_count > kept)
		row_remove(m->routes, &m->route_count, m->route_count - 1, sizeof *m->routes);
}

void sweep_rules(struct model *m)
{
	for (size_t i = m->rule_count; i-- > 0;)
		if (m->rules[i].mark != m->marks[TABLE_RULES])
			row_remove(m->rules, &m->rule_count, i, sizeof *m->rules);
}
