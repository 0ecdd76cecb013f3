/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: a play's checks: when their claims are looked at, and what was seen. */
#include <config.h>

#include "play_parts.h"

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
	p->since = since_now(w);
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
