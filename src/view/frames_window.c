/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: which frames of a file must be fetched so that the screen can show its rows. */
#include <config.h>

#include "panes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A window is read around what is looked at; a filter and a search read in longer strides. */
#define WINDOW 8192
#define STRIDE 49152
/* Slots for frames kept aside, by the low bits of their position; more than rows on a screen. */
#define KEPT 512

/* What is asked for must be there when it has come: else it would be asked for for ever. */
static_assert(STRIDE * (offsetof(struct event, frame.bytes) + FRAME_BYTES_MAX) <= MODEL_FRAME_RING,
	"a stride of the longest frames fits into the ring");

struct kept_frame {
	uint64_t position;
	bool there;
	struct event e;
};

static bool in_file(const struct model *m)
{
	return m->hello.scope == SCOPE_FILE && m->file.seekable;
}

static bool sparse(const struct screen *s, const struct model *m)
{
	return in_file(m) && s->filters[PANE_FRAMES].count > 0;
}

/* Rows that are on the screen; where they were drawn last. */
static struct rows visible(const struct screen *s, const struct model *m)
{
	struct rows r = pane_frames.rows(s, m);
	uint64_t height = (uint64_t)(s->frames.height > 0 ? s->frames.height : 1);
	uint64_t here = pane_frames.selected(s, m);
	uint64_t top = scroll_to(s->frames.top, here, r, (int)height);
	return (struct rows) { top, r.end - top < height ? r.end : top + height };
}

void frames_keep(struct screen *s, const struct model *m)
{
	if (!sparse(s, m))
		return;
	if (!s->frames.kept) {
		s->frames.kept = calloc(KEPT, sizeof *s->frames.kept);
		if (!s->frames.kept)
			abort();
	}
	struct rows r = visible(s, m);
	for (uint64_t row = r.begin; row < r.end; row++) {
		uint64_t position = frames_position(s, row);
		const struct event *e = frames_at(&m->frames, position);
		/* Rows, not positions, are close together: they choose the slot. */
		struct kept_frame *k = &s->frames.kept[row % KEPT];
		if (!e)
			continue;
		k->position = position;
		k->there = true;
		memcpy(&k->e, e, e->size);
	}
}

const struct event *frames_shown(const struct screen *s, const struct model *m, uint64_t position)
{
	const struct event *e = frames_at(&m->frames, position);
	if (e || !s->frames.kept || !sparse(s, m))
		return e;
	for (size_t i = 0; i < KEPT; i++)
		if (s->frames.kept[i].there && s->frames.kept[i].position == position)
			return &s->frames.kept[i].e;
	return NULL;
}

/* The first row on the screen whose frame is nowhere. */
static bool missing_row(const struct screen *s, const struct model *m, uint64_t *ret_first)
{
	struct rows r = visible(s, m);
	for (uint64_t row = r.begin; row < r.end; row++) {
		uint64_t position = frames_position(s, row);
		if (frames_shown(s, m, position))
			continue;
		*ret_first = position + 1;
		return true;
	}
	return false;
}

bool screen_wants(
	const struct screen *s, const struct model *m, uint64_t *ret_first, uint32_t *ret_count)
{
	const struct frame_view *v = &s->frames;
	if (!in_file(m) || !m->file.frames)
		return false;
	*ret_count = STRIDE;
	if (sparse(s, m) && v->scanned < m->file.frames) {
		*ret_first = v->scanned + 1;
		return true;
	}
	if (frames_seek_wants(s, m, STRIDE, ret_first))
		return true;
	*ret_count = sparse(s, m) ? 1 : WINDOW;
	if (!missing_row(s, m, ret_first))
		return false;
	if (!sparse(s, m))
		*ret_first = *ret_first > WINDOW / 2 ? *ret_first - WINDOW / 2 : 1;
	return true;
}
