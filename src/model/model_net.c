/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: links, addresses, policy rules and proxy neighbours kept in order. */
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

static void proxies_remove_link(struct model *m, int32_t ifindex)
{
	for (size_t i = m->proxy_count; i-- > 0;)
		if (m->proxies[i].ifindex == ifindex)
			row_remove(m->proxies, &m->proxy_count, i, sizeof *m->proxies);
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
	proxies_remove_link(m, ifindex);
	neighs_remove_link(&m->neighs, ifindex);
	conf_remove(m, ifindex);
	m->generation[PART_ADDRS]++;
	m->generation[PART_ROUTES]++;
	m->generation[PART_PROXIES]++;
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

/* ---- policy rules ---- */

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

/* ---- proxy neighbours ---- */

static bool proxy_before(const struct model_proxy *a, const struct model_proxy *b)
{
	if (a->ip != b->ip)
		return ntohl(a->ip) < ntohl(b->ip);
	return a->ifindex < b->ifindex;
}

void apply_proxy(struct model *m, const struct event *e)
{
	const struct model_proxy p = {
		.ip = e->neigh.ip, .ifindex = e->neigh.ifindex, .mark = m->marks[TABLE_PROXIES]
	};
	size_t low = 0, high = m->proxy_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (proxy_before(&m->proxies[middle], &p))
			low = middle + 1;
		else
			high = middle;
	}
	bool there = low < m->proxy_count && !proxy_before(&p, &m->proxies[low]);
	m->generation[PART_PROXIES]++;
	if (e->flags & EVENT_GONE) {
		if (there)
			row_remove(m->proxies, &m->proxy_count, low, sizeof *m->proxies);
		return;
	}
	if (!there)
		m->proxies = row_insert(m->proxies, &m->proxy_count, low, sizeof *m->proxies);
	m->proxies[low] = p;
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

void sweep_rules(struct model *m)
{
	for (size_t i = m->rule_count; i-- > 0;)
		if (m->rules[i].mark != m->marks[TABLE_RULES])
			row_remove(m->rules, &m->rule_count, i, sizeof *m->rules);
}

void sweep_proxies(struct model *m)
{
	for (size_t i = m->proxy_count; i-- > 0;)
		if (m->proxies[i].mark != m->marks[TABLE_PROXIES])
			row_remove(m->proxies, &m->proxy_count, i, sizeof *m->proxies);
}
