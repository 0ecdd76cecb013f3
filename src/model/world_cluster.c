/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: what directors tell of their virtual services, and who has served whom. */
#include <config.h>

#include <arplab/world.h>

#include <string.h>

#include "world_parts.h"

static struct world_virtual *find_virtual(
	struct world *w, uint16_t node, uint32_t ip, uint16_t port)
{
	for (size_t i = 0; i < w->virtual_count; i++) {
		struct world_virtual *v = &w->virtuals[i];
		if (v->node == node && v->service.ip == ip && v->service.port == port)
			return v;
	}
	return NULL;
}

static void drop_virtual(struct world *w, struct world_virtual *v)
{
	size_t i = (size_t)(v - w->virtuals);
	memmove(v, v + 1, (--w->virtual_count - i) * sizeof *v);
}

void world_apply_virtual(struct world *w, const struct event *e)
{
	struct world_virtual *v = find_virtual(w, e->node, e->virtual.ip, e->virtual.port);
	if (e->flags & EVENT_GONE) {
		if (v)
			drop_virtual(w, v);
		return;
	}
	if (!v && w->virtual_count == WORLD_VIRTUALS)
		return;
	if (!v) {
		v = &w->virtuals[w->virtual_count++];
		*v = (struct world_virtual) { .node = e->node };
	}
	v->service = e->virtual;
}

void world_apply_real(struct world *w, const struct event *e)
{
	struct world_virtual *v = find_virtual(w, e->node, e->real.vip, e->real.port);
	size_t i = 0;
	if (!v)
		return;
	while (i < v->count && v->reals[i].ip != e->real.ip)
		i++;
	if (e->flags & EVENT_GONE) {
		if (i < v->count)
			memmove(&v->reals[i], &v->reals[i + 1],
				(--v->count - i) * sizeof *v->reals);
		return;
	}
	if (i == WORLD_REALS)
		return;
	v->reals[i] = e->real;
	v->count += i == v->count;
}

void world_apply_served(struct world *w, const struct event *e)
{
	w->served[w->served_total++ % WORLD_SERVED] = e->served;
}

void world_forget_cluster(struct world *w)
{
	w->virtual_count = 0;
	w->served_first = w->served_total;
}

uint64_t world_served(const struct world *w, uint16_t server, uint16_t director, uint64_t since)
{
	uint64_t sum = 0;
	if (since < w->served_first)
		since = w->served_first;
	if (w->served_total > WORLD_SERVED && since < w->served_total - WORLD_SERVED)
		since = w->served_total - WORLD_SERVED;
	for (uint64_t i = since; i < w->served_total; i++) {
		const struct served *s = &w->served[i % WORLD_SERVED];
		if ((server == ANY_MACHINE || s->server == server) &&
			(director == ANY_MACHINE || s->director == director))
			sum += s->count;
	}
	return sum;
}

const struct world_virtual *world_virtual(
	const struct world *w, uint16_t node, const struct world_virtual *after)
{
	size_t i = after ? (size_t)(after - w->virtuals) + 1 : 0;
	for (; i < w->virtual_count; i++)
		if (w->virtuals[i].node == node)
			return &w->virtuals[i];
	return NULL;
}
