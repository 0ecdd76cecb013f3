/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: the past of all machines: events handed to what keeps facts and what keeps changes. */
#include <config.h>

#include "past_parts.h"

#include <stdlib.h>
#include <string.h>

struct past *past_new(void)
{
	struct past *p = calloc(1, sizeof *p);
	if (!p)
		abort();
	p->due_ns = UINT64_MAX;
	/* Touched only as they fill. */
	p->changes = calloc(PAST_CHANGES, sizeof *p->changes);
	p->buckets = calloc(BUCKETS, sizeof *p->buckets);
	if (!p->changes || !p->buckets)
		abort();
	return p;
}

void past_free(struct past *p)
{
	if (!p)
		return;
	for (size_t i = 0; i <= NODES_MAX; i++)
		past_hosts_clear(&p->hosts[i]);
	free(p->changes);
	free(p->buckets);
	free(p);
}

static void forget_machine(struct past *p, uint16_t node)
{
	past_hosts_clear(&p->hosts[node]);
	past_changes_forget(p, node);
}

static void take_lab(struct past *p, const struct lab_news *lab)
{
	if (lab->state == LAB_UP)
		return;
	for (uint16_t i = 1; i <= NODES_MAX; i++)
		forget_machine(p, i);
}

/* Everything but frames. */
static void take_news(struct past *p, const struct world *w, const struct event *e)
{
	switch ((enum event_kind)e->kind) {
	case EVENT_LAB:
		take_lab(p, &e->lab);
		break;
	case EVENT_NODE:
		if (e->machine.number <= NODES_MAX)
			forget_machine(p, (uint16_t)e->machine.number);
		break;
	case EVENT_DROPS:
		if (world_machine(w, e->node))
			past_loss_take(p, world_machine(w, e->node), e);
		break;
	case EVENT_HELLO:
	case EVENT_MARK:
	case EVENT_LINK:
	case EVENT_ADDR:
	case EVENT_ROUTE:
	case EVENT_RULE:
	case EVENT_NEIGH:
	case EVENT_SYSCTL:
		if (!world_machine(w, e->node))
			break;
		past_changes_take(p, w, e);
		past_hosts_take(p, w, e);
		break;
	default: /* It tells nothing of a machine's facts. */
		break;
	}
}

void past_take(struct past *p, const struct world *w, const struct event *e)
{
	if (e->kind != EVENT_FRAME)
		take_news(p, w, e);
	else if (e->at_ns >= p->due_ns)
		past_hosts_build(p, w, e->at_ns);
}

void past_settle(struct past *p, const struct world *w)
{
	if (p->due_ns != UINT64_MAX)
		past_hosts_build(p, w, w->machines[0]->now_ns);
}
