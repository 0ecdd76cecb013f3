/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: a play's orders carried out one after the other, and what is said to them. */
#include <config.h>

#include "play_parts.h"

#include <arplab/clock.h>
#include <arplab/text.h>

uint32_t play_next_id(struct play *p)
{
	p->waiting_id = ++p->last_id;
	return p->waiting_id;
}

void play_work_begin(struct play *p, enum play_work work, size_t item)
{
	p->work = work;
	p->work_step = work == WORK_REPLAY ? 0 : p->step;
	p->work_item = item;
	p->work_order = 0;
	p->work_node = 0;
	p->waiting_id = 0;
	p->wait_until_ns = 0;
	p->said[0] = '\0';
	p->said_line = 0;
	p->said_bad = false;
}

unsigned play_work_line(const struct play *p)
{
	const struct step *s = &p->lesson->steps[p->work_step];
	if (p->work == WORK_NONE || p->work_item >= s->item_count ||
		p->work_order >= s->items[p->work_item].order_count)
		return 0;
	return s->items[p->work_item].orders[p->work_order].line;
}

/* The first refusal stays; what went well afterwards does not hide it. */
static void say(struct play *p, bool bad, const char *text)
{
	if ((p->said_bad && !bad) || ((p->work == WORK_REPLAY || play_hides(p)) && !bad))
		return;
	if (!p->said_bad) {
		text_copy(p->said, sizeof p->said, text);
		p->said_line = play_work_line(p);
	}
	p->said_bad = bad;
}

/* Of several ways to solve a task the first one. */
static bool changes_lab(const struct step *s, const struct item *item)
{
	const struct item *solve = s->items;
	if (item->kind == ITEM_DO || item->kind == ITEM_BREAK)
		return true;
	while (item->kind == ITEM_SOLVE && solve->kind != ITEM_SOLVE)
		solve++;
	return item == solve && item->kind == ITEM_SOLVE;
}

/* What an earlier step changed; its traffic is not sent again. One that was skipped changed
 * nothing. */
static const struct order *replayed_order(struct play *p, const struct world *w)
{
	for (; p->work_step < p->step; p->work_step++, p->work_item = 0) {
		const struct step *s = &p->lesson->steps[p->work_step];
		if (play_lacks(s, w, NULL))
			continue;
		for (; p->work_item < s->item_count; p->work_item++, p->work_order = 0) {
			const struct item *item = &s->items[p->work_item];
			if (!changes_lab(s, item))
				continue;
			for (; p->work_order < item->order_count; p->work_order++)
				if (order_changes_state(&item->orders[p->work_order]))
					return &item->orders[p->work_order];
		}
	}
	return NULL;
}

static const struct order *current_order(struct play *p, const struct world *w)
{
	if (p->work == WORK_REPLAY)
		return replayed_order(p, w);
	const struct item *item = &play_step(p)->items[p->work_item];
	return p->work_order < item->order_count ? &item->orders[p->work_order] : NULL;
}

static void next_order(struct play *p)
{
	p->work_order++;
	p->work_node = 0;
}

/* The order's next machine, or 0. */
static uint16_t next_node(const struct play *p, const struct order *o)
{
	for (uint16_t n = (uint16_t)(p->work_node + 1); n <= NODES_MAX; n++)
		if (o->nodes & UINT64_C(1) << n)
			return n;
	return 0;
}

static bool still_waiting(struct play *p, uint64_t now_ns, uint64_t *ret_wake_ns)
{
	if (p->waiting_id)
		return true;
	if (!p->wait_until_ns)
		return false;
	if (now_ns < p->wait_until_ns) {
		*ret_wake_ns = p->wait_until_ns;
		return true;
	}
	p->wait_until_ns = 0;
	next_order(p);
	return false;
}

enum play_want play_work_next(struct play *p, const struct world *w, uint64_t now_ns,
	struct action *ret, uint64_t *ret_wake_ns, bool *ret_over)
{
	const struct order *o;
	*ret_over = false;
	while (!still_waiting(p, now_ns, ret_wake_ns)) {
		struct err err = { "" };
		o = current_order(p, w);
		if (!o) {
			*ret_over = true;
			return WANT_NOTHING;
		}
		if (!o->action.kind) {
			p->wait_until_ns = now_ns + o->wait_ms * NS_PER_MS;
			continue;
		}
		p->work_node = next_node(p, o);
		if (!p->work_node) {
			next_order(p);
		} else if (order_action(o, p->work_node, w, ret, &err) < 0) {
			say(p, true, err.text);
		} else {
			ret->id = play_next_id(p);
			return WANT_ACTION;
		}
	}
	return WANT_NOTHING;
}

/* ---- answers ---- */

static void feed_build(struct play *p, const struct world *w, const struct done *done)
{
	if (done->error == 0) {
		p->built = true;
		return;
	}
	bool told = w->lab.state == LAB_FAILED && w->lab.text[0];
	p->phase = PLAY_SKIPPED;
	text_copy(p->reason, sizeof p->reason, told ? w->lab.text : done->text);
}

void play_feed(struct play *p, const struct world *w, const struct event *e, uint64_t now_ns)
{
	(void)now_ns;
	if (e->kind != EVENT_DONE || !p->waiting_id || e->done.id != p->waiting_id)
		return;
	p->waiting_id = 0;
	if (p->phase == PLAY_BUILDING && p->work == WORK_NONE)
		feed_build(p, w, &e->done);
	else if (p->work != WORK_LOOK)
		say(p, e->done.error < 0, e->done.text);
}
