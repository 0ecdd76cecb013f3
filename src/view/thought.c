/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: values that are only thought of, tried on the last frames of the machine. */
#include <config.h>

#include "thought.h"

#include <stdlib.h>

#include <arplab/sysctl.h>

#include "verdicts.h"

#define FRAMES_TRIED 200

/* The last frames of a machine as the rules take them, newest first. Returns how many. */
static size_t last_frames(const struct screen *s, const struct model *m, uint16_t node,
	struct whatif_frame ret[FRAMES_TRIED])
{
	const struct frames *f = &m->frames;
	size_t count = 0;
	for (size_t i = 0; i < f->count && count < FRAMES_TRIED; i++) {
		const struct event *e = frames_at(f, f->first + f->count - 1 - i);
		struct arp_packet p;
		if (arp_decode(e->frame.bytes, e->frame.caplen, &p) != ARP_SOUND)
			continue;
		struct whatif_frame *x = &ret[count++];
		*x = (struct whatif_frame) { .sent = verdicts_sent(m, e, &p) };
		x->poll = arp_classify(&p, ARP_SOUND) == ARP_CLASS_POLL;
		if (x->sent)
			x->arrival = (struct arrival) { .ifindex = e->frame.ifindex, .packet = p };
		else
			past_arrival(s->past, m->world, node, e->frame.ifindex, e, &x->arrival);
	}
	return count;
}

bool screen_whatif(const struct screen *s, const struct model *m, int32_t ifindex, size_t key,
	int32_t value, struct whatif *ret)
{
	const struct sysctl_key *k = sysctl_key(key);
	int known = k->family == SYSCTL_CONF ? host_key_find(k->name) : -1;
	uint16_t node = s->lab.on ? s->lab.node : 0;
	if (known < 0 || ifindex == CONF_DEFAULT || !s->past || !m->world)
		return false;
	const struct host *h = past_host(s->past, node, UINT64_MAX);
	if (!h)
		return false;
	struct whatif_frame *frames = calloc(FRAMES_TRIED, sizeof *frames);
	if (!frames)
		abort();
	size_t count = last_frames(s, m, node, frames);
	whatif_look(ret, h, ifindex, (enum host_key)known, value, frames, count);
	free(frames);
	return ret->asked > 0;
}

void thought_update(struct screen *s, const struct model *m)
{
	struct grid_view *v = &s->grid;
	const struct sysctl_key *key = sysctl_key(v->key);
	int32_t now;
	v->next.known = false;
	if (!pane_marks(s, PANE_SYSCTLS) || !key->levels || key->read_only ||
		!model_sysctl(m, v->ifindex, v->key, &now))
		return;
	v->next.value = sysctl_next(key, now);
	v->next.known = screen_whatif(s, m, v->ifindex, v->key, v->next.value, &v->next.what);
}

void thought_foot(const struct screen *s, struct text *t)
{
	const struct grid_view *v = &s->grid;
	if (!v->next.known || !pane_marks(s, PANE_SYSCTLS))
		return;
	text_printf(t, " with %d: %zu of %zu frames otherwise ", (int)v->next.value, v->next.what.total,
		v->next.what.asked);
}

static void tell_value(
	const struct screen *s, const struct model *m, struct lines *l, int32_t value)
{
	struct whatif what;
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	const struct host *h = past_host(s->past, s->lab.on ? s->lab.node : 0, UINT64_MAX);
	if (!h || !screen_whatif(s, m, s->grid.ifindex, s->grid.key, value, &what))
		return;
	text_printf(&t, "With %d, ", (int)value);
	if (!what.total) {
		text_printf(&t, "all of the last %zu as now", what.asked);
		detail_wrapped(l, ROLE_DIM, text_end(&t));
		return;
	}
	text_printf(&t, "%zu of the last %zu otherwise:", what.total, what.asked);
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
	detail_line(l, ROLE_TEXT, "What if, for the frames that came last:");
	for (const struct sysctl_level *level = key->levels; level->means; level++)
		if (level->value != now)
			tell_value(s, m, l, level->value);
	l->row++;
}
