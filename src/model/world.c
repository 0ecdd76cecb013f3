/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: the machines of a lab: events handed to the one they concern, and questions about all. */
#include <config.h>

#include <arplab/world.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/text.h>

#include "world_parts.h"

#define NODE_FRAME_RING (256u << 10)

static struct model *machine_new(const struct world *w, size_t ring)
{
	struct model *m = malloc(sizeof *m);
	if (!m)
		abort();
	model_init(m, ring);
	m->world = w;
	return m;
}

static void machine_free(struct model *m)
{
	if (m)
		model_done(m);
	free(m);
}

void world_init(struct world *w, size_t ring)
{
	*w = (struct world) { 0 };
	w->machines[0] = machine_new(w, ring);
}

static void nodes_clear(struct world *w)
{
	for (size_t i = 1; i <= NODES_MAX; i++) {
		machine_free(w->machines[i]);
		w->machines[i] = NULL;
		w->names[i][0] = '\0';
	}
	w->count = 0;
}

void world_done(struct world *w)
{
	nodes_clear(w);
	machine_free(w->machines[0]);
	*w = (struct world) { 0 };
}

/* What a lab that is gone has left would be taken for the next one's. */
static void forget_traffic(struct world *w)
{
	struct model *lan = w->machines[0];
	frames_reset(&lan->frames, 0);
	lan->generation[PART_FRAMES]++;
	w->tried_first = w->tried_total;
	world_forget_cluster(w);
}

static void apply_lab(struct world *w, const struct event *e)
{
	w->lab = e->lab;
	if (e->lab.state != LAB_UP)
		nodes_clear(w);
	if (e->lab.state == LAB_GONE)
		forget_traffic(w);
}

/* A number beyond the next one would leave a gap, which readers need not expect. */
static void apply_node(struct world *w, const struct event *e)
{
	size_t number = e->machine.number;
	if (number > w->count + 1)
		return;
	struct model *m = machine_new(w, NODE_FRAME_RING);
	m->hello = w->machines[0]->hello;
	m->now_ns = w->machines[0]->now_ns;
	text_copy(m->hello.host, sizeof m->hello.host, e->machine.name);
	machine_free(w->machines[number]);
	w->machines[number] = m;
	text_copy(w->names[number], NODE_NAME_SIZE, e->machine.name);
	if (w->count < number)
		w->count = number;
}

static void apply_tried(struct world *w, const struct event *e)
{
	if (!w->machines[e->node])
		return;
	size_t place = w->tried_total++ % WORLD_TRIED;
	w->tried[place] = e->tried;
	w->tried_nodes[place] = e->node;
}

/* What is told of a machine that is not there comes too late, and from another lab. */
static void apply_machine(struct world *w, const struct event *e)
{
	struct model *m = w->machines[e->node];
	if (!m)
		return;
	model_apply(m, e);
	/* The LAN carries each frame once: when it is sent. */
	if (e->kind == EVENT_FRAME && e->node > 0 && e->flags & EVENT_SENT)
		model_apply(w->machines[0], e);
}

void world_apply(struct world *w, const struct event *e)
{
	assert(e->node <= NODES_MAX);
	w->changes += e->kind != EVENT_FRAME;
	/* All machines have one clock, and what is said first may come last. */
	if (e->at_ns > w->machines[0]->now_ns)
		world_set_time(w, e->at_ns);
	switch ((enum event_kind)e->kind) {
	case EVENT_LAB:
		apply_lab(w, e);
		break;
	case EVENT_NODE:
		apply_node(w, e);
		break;
	case EVENT_STAGE:
		w->stages[e->stage.stage] = e->stage;
		break;
	case EVENT_TRIED:
		apply_tried(w, e);
		break;
	case EVENT_VIRTUAL:
		world_apply_virtual(w, e);
		break;
	case EVENT_REAL:
		world_apply_real(w, e);
		break;
	case EVENT_SERVED:
		world_apply_served(w, e);
		break;
	default: /* Everything else is what happened on one machine. */
		apply_machine(w, e);
		break;
	}
}

void world_set_time(struct world *w, uint64_t now_ns)
{
	for (size_t i = 0; i <= w->count; i++)
		model_set_time(w->machines[i], now_ns);
}

const struct model *world_machine(const struct world *w, uint16_t node)
{
	return node <= NODES_MAX ? w->machines[node] : NULL;
}

uint16_t world_node(const struct world *w, const char *name)
{
	for (uint16_t i = 1; i <= w->count; i++)
		if (strcmp(w->names[i], name) == 0)
			return i;
	return 0;
}

const char *world_name(const struct world *w, uint16_t node)
{
	return node <= NODES_MAX ? w->names[node] : "";
}

uint16_t world_mac_owner(const struct world *w, const uint8_t mac[6])
{
	for (uint16_t i = 1; i <= w->count; i++)
		if (model_own_mac(w->machines[i], mac))
			return i;
	return 0;
}

size_t world_ip_owners(const struct world *w, uint32_t ip, uint16_t *ret, size_t size)
{
	size_t n = 0;
	for (uint16_t i = 1; i <= w->count; i++)
		if (model_own_ip(w->machines[i], ip)) {
			if (n < size)
				ret[n] = i;
			n++;
		}
	return n;
}

bool world_ready(const struct world *w)
{
	if (w->lab.state != LAB_UP)
		return false;
	for (size_t i = 1; i <= w->count; i++)
		if (!model_ready(w->machines[i]))
			return false;
	return true;
}

const struct tried *world_tried(
	const struct world *w, uint16_t node, enum action_kind kind, uint32_t ip, uint64_t since)
{
	if (since < w->tried_first)
		since = w->tried_first;
	if (w->tried_total > WORLD_TRIED && since < w->tried_total - WORLD_TRIED)
		since = w->tried_total - WORLD_TRIED;
	for (uint64_t i = w->tried_total; i-- > since;) {
		const struct tried *t = &w->tried[i % WORLD_TRIED];
		if (w->tried_nodes[i % WORLD_TRIED] == node && t->kind == kind && t->ip == ip)
			return t;
	}
	return NULL;
}
