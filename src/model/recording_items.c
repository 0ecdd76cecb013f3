/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: the items of a recording, one after the other or from any place on.
 *
 * Time: a block was written at a known time of both clocks, behind everything that stands in it.
 * An item's place in the recording follows from how long before that its own stamp is; it is never
 * before the block before it, nor before the item before it. So a clock that was set meanwhile
 * neither stops a replay nor lets it hurry.
 */
#include <config.h>

#include <arplab/i18n.h>
#include <arplab/text.h>

#include "recording_reader.h"

static const struct place *place_of(const struct recording *r)
{
	return &r->places[r->at_place];
}

/* Load a block that was checked before. Returns false if it is not any more what it was. */
static bool load_place(struct recording *r, size_t i)
{
	struct block_bytes b;
	uint64_t next = i + 1 < r->place_count ? r->places[i + 1].first : r->count;
	long count = recording_load(r, r->places[i].offset, &b, &r->data_len);
	r->changed = count < 0 || (uint64_t)count != next - r->places[i].first ||
		     b.kind != (uint32_t)r->places[i].kind;
	if (r->changed) {
		r->state = RECORDING_DAMAGED;
		text_copy(r->trouble, sizeof r->trouble,
			_("the file has changed since it was opened, and what stands behind that "
			  "is not shown"));
	}
	r->at_place = r->changed ? SIZE_MAX : i;
	r->at = 0;
	r->position = r->places[i].first;
	r->since_ns = i ? r->places[i - 1].steady_ns : 0;
	return !r->changed;
}

/* The first block that was written at that time or later; else the last. */
static size_t place_when(const struct recording *r, uint64_t since_ns)
{
	size_t low = 0, high = r->place_count - 1;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (r->places[middle].steady_ns < since_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The last block whose `first` is not behind the position. */
static size_t place_with(const struct recording *r, uint64_t position)
{
	size_t low = 0, high = r->place_count;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (r->places[middle].first <= position)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static uint64_t event_since_ns(const struct recording *r, uint64_t at_ns)
{
	const struct place *p = place_of(r);
	uint64_t age = at_ns < p->wall_ns ? p->wall_ns - at_ns : 0;
	uint64_t since = age < p->steady_ns ? p->steady_ns - age : 0;
	return since < r->since_ns ? r->since_ns : since;
}

bool recording_peek(struct recording *r, struct recording_item *ret)
{
	if (r->position >= r->count || r->changed)
		return false;
	if (r->at_place == SIZE_MAX || r->at >= r->data_len) {
		uint64_t position = r->position;
		recording_seek(r, position);
		if (r->changed)
			return false;
	}
	const struct place *p = place_of(r);
	*ret = (struct recording_item) { .kind = p->kind };
	if (p->kind == RECORDING_EVENTS) {
		ret->event = (const struct event *)(const void *)(r->data + r->at);
		ret->at_ns = ret->event->at_ns;
		ret->since_ns = event_since_ns(r, ret->at_ns);
	} else {
		ret->text = (const char *)r->data;
		ret->len = r->data_len;
		ret->at_ns = p->wall_ns;
		ret->since_ns = p->steady_ns;
	}
	return true;
}

static void pass(struct recording *r, const struct recording_item *item)
{
	r->position++;
	r->since_ns = item->since_ns;
	r->at += item->event ? item->event->size : r->data_len + 1;
}

bool recording_next(struct recording *r, struct recording_item *ret)
{
	if (!recording_peek(r, ret))
		return false;
	pass(r, ret);
	return true;
}

void recording_seek(struct recording *r, uint64_t position)
{
	struct recording_item item;
	if (position >= r->count) {
		r->position = r->count;
		return;
	}
	size_t i = place_with(r, position);
	bool ahead = r->at_place == i && r->position <= position && r->at < r->data_len;
	if (!ahead && !load_place(r, i))
		return;
	while (r->position < position && recording_peek(r, &item))
		pass(r, &item);
}

uint64_t recording_position(const struct recording *r)
{
	return r->position;
}

uint64_t recording_find(struct recording *r, uint64_t since_ns)
{
	struct recording_item item;
	uint64_t before = r->position;
	recording_seek(r, r->places[place_when(r, since_ns)].first);
	while (recording_peek(r, &item) && item.since_ns <= since_ns)
		pass(r, &item);
	uint64_t found = r->position;
	recording_seek(r, before);
	return found;
}

uint64_t recording_span_ns(const struct recording *r)
{
	return r->place_count ? r->places[r->place_count - 1].steady_ns : 0;
}

uint64_t recording_wall_ns(const struct recording *r, uint64_t since_ns)
{
	const struct place *p = &r->places[place_when(r, since_ns)];
	if (since_ns >= p->steady_ns)
		return p->wall_ns + (since_ns - p->steady_ns);
	uint64_t age = p->steady_ns - since_ns;
	return age < p->wall_ns ? p->wall_ns - age : 0;
}
