/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: values that are only thought of, tried on the last frames of the machine. */
#include <config.h>

#include "thought.h"

#include <arplab/i18n.h>
#include <arplab/sysctl.h>

#include "verdicts.h"

#define FRAMES_LOOKED_AT 512
#define AGAIN_NS UINT64_C(1000000000) /* In a storm it is not thought of for every frame. */

static bool is_tried(const struct whatif_frame *tried, size_t count, const struct whatif_frame *x)
{
	for (size_t i = 0; i < count; i++)
		if (whatif_alike(&tried[i], x))
			return true;
	return false;
}

/* The last different frames of a machine as the rules take them, newest first. Returns how many. */
static size_t last_frames(const struct screen *s, const struct model *m, uint16_t node,
	struct whatif_frame ret[THOUGHT_FRAMES])
{
	const struct frames *f = &m->frames;
	size_t count = 0;
	for (size_t i = 0; i < f->count && i < FRAMES_LOOKED_AT && count < THOUGHT_FRAMES; i++) {
		const struct event *e = frames_at(f, f->first + f->count - 1 - i);
		struct whatif_frame x = { .arrival.ifindex = e->frame.ifindex };
		struct arp_packet *p = &x.arrival.packet;
		if (arp_decode(e->frame.bytes, e->frame.caplen, p) != ARP_SOUND)
			continue;
		x.sent = verdicts_sent(m, e, p);
		x.poll = arp_classify(p, ARP_SOUND) == ARP_CLASS_POLL;
		if (is_tried(ret, count, &x))
			continue;
		if (!x.sent)
			past_arrival(s->past, m->world, node, e->frame.ifindex, e, &x.arrival);
		ret[count++] = x;
	}
	return count;
}

static uint16_t node_of(const struct screen *s)
{
	return s->lab.on ? s->lab.node : 0;
}

static bool try_value(const struct screen *s, int32_t ifindex, size_t key, int32_t value,
	const struct whatif_frame *frames, size_t count, struct whatif *ret)
{
	const struct sysctl_key *k = sysctl_key(key);
	int known = k->family == SYSCTL_CONF ? host_key_find(k->name) : -1;
	const struct host *h = s->past ? past_host(s->past, node_of(s), UINT64_MAX) : NULL;
	if (known < 0 || ifindex == CONF_DEFAULT || !h)
		return false;
	whatif_look(ret, h, ifindex, (enum host_key)known, value, frames, count);
	return ret->asked > 0;
}

bool screen_whatif(const struct screen *s, const struct model *m, int32_t ifindex, size_t key,
	int32_t value, struct whatif *ret)
{
	struct whatif_frame frames[THOUGHT_FRAMES];
	if (!s->past || !m->world)
		return false;
	size_t count = last_frames(s, m, node_of(s), frames);
	return try_value(s, ifindex, key, value, frames, count, ret);
}

/* Frames are gathered anew when there are new ones, but not for each of a storm. */
static void gather(struct screen *s, const struct model *m)
{
	struct grid_view *v = &s->grid;
	uint64_t end = m->frames.first + m->frames.count;
	if (v->next.at_ns && m->now_ns >= v->next.at_ns && v->next.node == node_of(s) &&
		(v->next.frames == end || m->now_ns < v->next.at_ns + AGAIN_NS))
		return;
	v->next.node = node_of(s);
	v->next.frames = end;
	v->next.at_ns = m->now_ns;
	v->next.tried_count = last_frames(s, m, node_of(s), v->next.tried);
}

void thought_update(struct screen *s, const struct model *m)
{
	struct grid_view *v = &s->grid;
	const struct sysctl_key *key = sysctl_key(v->key);
	int32_t now;
	v->next.known = false;
	if (!pane_marks(s, PANE_SYSCTLS) || !s->past || !m->world || !key->levels ||
		key->read_only || !model_sysctl(m, v->ifindex, v->key, &now))
		return;
	gather(s, m);
	v->next.value = sysctl_next(key, now);
	v->next.known = try_value(s, v->ifindex, v->key, v->next.value, v->next.tried,
		v->next.tried_count, &v->next.what);
}

void thought_foot(const struct screen *s, struct text *t)
{
	const struct grid_view *v = &s->grid;
	if (!v->next.known || !pane_marks(s, PANE_SYSCTLS))
		return;
	text_printf(t, _(" with %d: %zu of %zu frames otherwise "), (int)v->next.value,
		v->next.what.total, v->next.what.asked);
}

static void tell_value(const struct screen *s, struct lines *l, int32_t value)
{
	const struct grid_view *v = &s->grid;
	struct whatif what;
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	const struct host *h = past_host(s->past, node_of(s), UINT64_MAX);
	if (!try_value(s, v->ifindex, v->key, value, v->next.tried, v->next.tried_count, &what))
		return;
	if (!what.total) {
		text_printf(&t, _("With %d, all of the last %zu as now"), (int)value, what.asked);
		detail_wrapped(l, ROLE_DIM, text_end(&t));
		return;
	}
	text_printf(&t, _("With %d, %zu of the last %zu otherwise:"), (int)value, what.total,
		what.asked);
	detail_wrapped(l, ROLE_TEXT, text_end(&t));
	struct lines in = *l;
	in.r.column += 2;
	in.r.columns -= 2;
	for (size_t i = 0; i < what.count; i++) {
		t = text_in(bytes, sizeof bytes);
		whatif_text(&t, h, &what.differs[i]);
		detail_wrapped(&in, ROLE_MATCH, text_end(&t));
	}
	l->row = in.row;
}

void thought_detail(const struct screen *s, const struct model *m, struct lines *l)
{
	const struct sysctl_key *key = sysctl_key(s->grid.key);
	int32_t now;
	if (!s->grid.next.known || !model_sysctl(m, s->grid.ifindex, s->grid.key, &now))
		return;
	l->row++;
	detail_line(l, ROLE_TEXT, _("What if, for the frames that came last:"));
	for (const struct sysctl_level *level = key->levels; level->means; level++)
		if (level->value != now)
			tell_value(s, l, level->value);
	l->row++;
}
