/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: the facts of machines in time, a host for each time they changed.
 *
 * A host is made late: when the next frame comes, or when somebody is going to ask. Changes that
 * come together make one host. While a table is named afresh the model is neither the old one nor
 * the new one, so the host waits for the end of the dump.
 *
 * Memory: the hosts of all machines have at most ROWS_MAX rows together, an equal part each; beyond
 * that the oldest give way early. A machine's newest is kept whatever it takes. Processor time: by
 * the clock of the events, making large hosts takes one part in SHARE at most; while a large
 * routing table is restless, the facts of a while ago hold for so long.
 */
#include <config.h>

#include "past_parts.h"

#include <string.h>

#include <linux/neighbour.h>

#define TABLE_BIT(table) (1u << (table))
#define FACT_TABLES                                                                  \
	(TABLE_BIT(TABLE_LINKS) | TABLE_BIT(TABLE_ADDRS) | TABLE_BIT(TABLE_ROUTES) | \
		TABLE_BIT(TABLE_RULES) | TABLE_BIT(TABLE_SYSCTLS) | TABLE_BIT(TABLE_PROXIES))

#define ROWS_MAX ((size_t)1 << 18)
#define ROW_COST_NS 200 /* Of a row in a host that is made; measured, rounded up. */
#define SHARE 20
#define PAUSE_LEAST_NS UINT64_C(1000000)
#define TOGETHER_NS UINT64_C(10000000) /* Changes that come within it count as one. */

/* ---- making ---- */

static bool same_bytes(const void *a, const void *b, size_t count, size_t size)
{
	return count == 0 || memcmp(a, b, count * size) == 0;
}

static bool same_routes(const struct host *a, const struct host *b)
{
	if (a->fib == b->fib)
		return true;
	for (size_t i = 0;; i++) {
		const struct host_route *x = host_route(a, i), *y = host_route(b, i);
		if (!x || !y)
			return x == y;
		if (memcmp(x, y, sizeof *x) != 0)
			return false;
	}
}

/* Whether they are the same facts; two that are may be taken for different ones, not more. */
static bool same_facts(const struct host *a, const struct host *b)
{
	return a->kernel == b->kernel && a->link_count == b->link_count &&
	       a->addr_count == b->addr_count && a->rule_count == b->rule_count &&
	       a->proxy_count == b->proxy_count && a->split_tables == b->split_tables &&
	       a->custom_local == b->custom_local && a->default_made == b->default_made &&
	       same_bytes(a->links, b->links, a->link_count, sizeof *a->links) &&
	       same_bytes(a->addrs, b->addrs, a->addr_count, sizeof *a->addrs) &&
	       same_bytes(a->rules, b->rules, a->rule_count, sizeof *a->rules) &&
	       same_bytes(a->proxies, b->proxies, a->proxy_count, sizeof *a->proxies) &&
	       same_bytes(&a->all, &b->all, 1, sizeof a->all) && same_routes(a, b);
}

static void drop_oldest(struct hosts *h)
{
	size_t left = --h->count;
	host_free(h->list[0]);
	memmove(h->list, h->list + 1, left * sizeof *h->list);
	memmove(h->from_ns, h->from_ns + 1, left * sizeof *h->from_ns);
	memmove(h->rows, h->rows + 1, left * sizeof *h->rows);
	memmove(h->routes, h->routes + 1, left * sizeof *h->routes);
}

static size_t rows_kept(const struct hosts *h)
{
	size_t sum = 0;
	for (size_t i = 0; i < h->count; i++) {
		sum += h->rows[i];
		if (i == 0 || h->list[i]->fib != h->list[i - 1]->fib)
			sum += h->routes[i];
	}
	return sum;
}

static void keep(struct hosts *h, struct host *host, const struct model *m, size_t rows_max)
{
	struct host *newest = h->count ? h->list[h->count - 1] : NULL;
	uint64_t from = h->dirty_ns;
	if (newest && from < h->from_ns[h->count - 1])
		from = h->from_ns[h->count - 1];
	if (newest && same_facts(newest, host)) {
		/* It knows of newer routes, and the next one can share them. */
		from = h->from_ns[--h->count];
		host_free(newest);
	} else if (h->count == PAST_HOSTS) {
		drop_oldest(h);
	}
	size_t i = h->count++;
	h->list[i] = host;
	h->from_ns[i] = from;
	h->rows[i] = host->link_count + host->addr_count + host->rule_count + host->proxy_count;
	h->routes[i] = m->route_count;
	while (h->count > 1 && rows_kept(h) > rows_max)
		drop_oldest(h);
}

/* How long the next host has to wait, by what making it is going to cost. */
static uint64_t pause_ns(const struct hosts *h, const struct model *m)
{
	size_t rows = m->link_count + m->addr_count + m->rule_count + m->proxy_count;
	if (m->generation[PART_ROUTES] != h->route_generation)
		rows += m->route_count;
	uint64_t pause = (uint64_t)rows * ROW_COST_NS * SHARE;
	return pause < PAUSE_LEAST_NS ? 0 : pause;
}

/* Make a machine's host if it is due. Returns when it will be, or UINT64_MAX. */
static uint64_t build(struct past *p, const struct world *w, uint16_t node, uint64_t now_ns)
{
	struct hosts *h = &p->hosts[node];
	const struct model *m = world_machine(w, node);
	/* The end of a dump is told, and then is the time to ask again. */
	if (!h->dirty || !m || m->tables_dumping & FACT_TABLES ||
		(m->tables_seen & FACT_TABLES) != FACT_TABLES)
		return UINT64_MAX;
	uint64_t due = h->built_ns + pause_ns(h, m);
	/* A clock that was set back must not stop it. */
	if (h->count && now_ns < due && now_ns >= h->built_ns)
		return due;
	struct host *host = host_from_model(m, h->count ? h->list[h->count - 1] : NULL);
	keep(h, host, m, ROWS_MAX / (w->count ? w->count : 1));
	h->dirty = false;
	h->built_ns = now_ns;
	h->route_generation = m->generation[PART_ROUTES];
	return UINT64_MAX;
}

void past_hosts_build(struct past *p, const struct world *w, uint64_t now_ns)
{
	p->due_ns = UINT64_MAX;
	for (uint16_t i = 0; i <= w->count; i++) {
		uint64_t due = build(p, w, i, now_ns);
		if (p->due_ns > due)
			p->due_ns = due;
	}
}

void past_hosts_clear(struct hosts *h)
{
	for (size_t i = 0; i < h->count; i++)
		host_free(h->list[i]);
	*h = (struct hosts) { 0 };
}

/* ---- events ---- */

bool past_is_fact(const struct event *e)
{
	switch ((enum event_kind)e->kind) {
	case EVENT_HELLO:
	case EVENT_LINK:
	case EVENT_ADDR:
	case EVENT_ROUTE:
	case EVENT_RULE:
	case EVENT_SYSCTL:
		return true;
	case EVENT_NEIGH:
		return e->neigh.flags & NTF_PROXY;
	default:
		return false;
	}
}

static void stir(struct past *p, struct hosts *h, uint64_t since_ns)
{
	if (!h->dirty)
		h->dirty_ns = since_ns;
	h->dirty = true;
	p->due_ns = 0;
}

void past_hosts_take(struct past *p, const struct world *w, const struct event *e)
{
	struct hosts *h = &p->hosts[e->node];
	bool mark = e->kind == EVENT_MARK;
	if (mark ? !(FACT_TABLES & TABLE_BIT(e->mark.table)) : !past_is_fact(e))
		return;
	/* Tables follow the first one; they say since when something is known. */
	if (e->kind == EVENT_HELLO && !h->count)
		return;
	/* What a dump names is news at its end; it is as old as the dump's beginning. */
	if (!mark && e->flags & EVENT_NAMED)
		return;
	/* What the machine was in between is asked for by frames that come late. */
	if (h->dirty && e->at_ns > h->dirty_ns + TOGETHER_NS)
		build(p, w, e->node, e->at_ns);
	if (mark && !e->mark.end)
		h->begun_ns = e->at_ns;
	else
		stir(p, h, mark && h->begun_ns ? h->begun_ns : e->at_ns);
}

uint64_t past_due_ns(const struct past *p)
{
	return p->due_ns;
}

const struct host *past_host(const struct past *p, uint16_t node, uint64_t at_ns)
{
	if (node > NODES_MAX)
		return NULL;
	const struct hosts *h = &p->hosts[node];
	for (size_t i = h->count; i-- > 0;)
		if (h->from_ns[i] <= at_ns)
			return h->list[i];
	return NULL;
}
