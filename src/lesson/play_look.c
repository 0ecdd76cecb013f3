/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: a play's checks: when their claims are looked at, and what was seen. */
#include <config.h>

#include "play_parts.h"

#include <linux/if.h>

#include <arplab/clock.h>
#include <arplab/text.h>

static uint64_t frames_seen(const struct world *w)
{
	return w->machines[0]->frame_total;
}

void play_look_begin(struct play *p, uint64_t now_ns)
{
	const struct item *item = &play_step(p)->items[p->item];
	p->phase = PLAY_LOOKING;
	p->deadline_ns = p->hasty ? now_ns : now_ns + item->within_ms * NS_PER_MS;
	p->looked_changes = UINT64_MAX;
	p->last_look = p->hasty;
	play_refresh_begin(p);
}

/* ---- caches ---- */

void play_refresh_begin(struct play *p)
{
	p->work = WORK_LOOK;
	p->work_order = 0;
	p->work_node = 0;
	p->waiting_id = 0;
}

/* The next claim about a cache; work_order: where to go on. */
static const struct claim *cache_claim(struct play *p)
{
	const struct item *item = &play_step(p)->items[p->item];
	for (; p->work_order < item->claim_count; p->work_order++) {
		const struct claim *c = &item->claims[p->work_order];
		if (c->kind == CLAIM_NEIGH || c->kind == CLAIM_STATE)
			return c;
	}
	return NULL;
}

enum play_want play_refresh_next(
	struct play *p, const struct world *w, struct action *ret, bool *ret_over)
{
	const struct claim *c;
	*ret_over = false;
	if (p->waiting_id)
		return WANT_NOTHING;
	while ((c = cache_claim(p))) {
		/* An address may have an entry on each interface; work_node counts those done. */
		const struct model *m = world_machine(w, c->node);
		if (!m || p->work_node >= m->link_count) {
			p->work_order++;
			p->work_node = 0;
			continue;
		}
		const struct link *l = &m->links[p->work_node++].link;
		if (l->flags & IFF_LOOPBACK)
			continue;
		*ret = (struct action) { .kind = ACTION_LOOK_NEIGH,
			.id = play_next_id(p),
			.node = c->node,
			.ifindex = l->ifindex,
			.ip = c->ip };
		return WANT_ACTION;
	}
	*ret_over = true;
	return WANT_NOTHING;
}

/* ---- claims ---- */

void play_note_begin(struct play *p, const struct world *w)
{
	p->since = since_now(w);
	if (p->first_frame == UINT64_MAX)
		p->first_frame = p->since.frame;
}

void play_check_begin(struct play *p, const struct world *w, uint64_t now_ns)
{
	const struct item *item = &play_step(p)->items[p->item];
	p->check_begins = false;
	if (!item->order_count) {
		play_look_begin(p, now_ns);
		return;
	}
	/* Its own orders make the evidence. */
	play_note_begin(p, w);
	p->phase = PLAY_DOING;
	play_work_begin(p, WORK_CHECK, p->item);
}

bool play_look_again(const struct play *p, const struct world *w)
{
	return p->looked_changes != w->changes || p->looked_frames != frames_seen(w);
}

bool play_look(const struct item *item, const struct world *w, struct since since,
	struct claim_result ret[PLAY_CLAIMS_MAX], size_t *ret_count)
{
	bool all = true;
	*ret_count = 0;
	for (size_t i = 0; i < item->claim_count; i++) {
		struct claim_result r;
		struct text seen = text_in(r.seen, sizeof r.seen);
		r.holds = claim_holds(&item->claims[i], w, since, &seen);
		text_end(&seen);
		all = all && r.holds;
		if (i < PLAY_CLAIMS_MAX)
			ret[(*ret_count)++] = r;
	}
	return all;
}
