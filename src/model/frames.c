/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: the ring of the frames seen last. */
#include <config.h>

#include <arplab/frames.h>

#include <stdlib.h>
#include <string.h>

/* The smallest frame event; it bounds how many fit into the ring. */
#define FRAME_MIN 32

void frames_init(struct frames *f, size_t size)
{
	*f = (struct frames) { .size = size & ~(size_t)7, .place_count = 1 };
	while (f->place_count < size / FRAME_MIN)
		f->place_count *= 2;
	/* malloc, not calloc: pages that were never written cost nothing. */
	f->bytes = malloc(f->size);
	f->places = malloc(f->place_count * sizeof *f->places);
	if (!f->bytes || !f->places)
		abort();
}

void frames_done(struct frames *f)
{
	free(f->bytes);
	free(f->places);
	*f = (struct frames) { 0 };
}

static void drop_oldest(struct frames *f)
{
	f->first++;
	f->count--;
	f->tail = f->places[f->first & (f->place_count - 1)];
}

/*
 * Make `size` bytes free at the head. The frames stand in [tail, head), or, once the head has
 * wrapped round, in [tail, end) and [0, head); then tail >= head.
 */
static void make_room(struct frames *f, size_t size)
{
	if (f->count == f->place_count)
		drop_oldest(f);
	for (;;) {
		if (f->count == 0) {
			f->head = f->tail = 0;
			return;
		}
		size_t end = f->tail >= f->head ? f->tail : f->size;
		if (f->head + size <= end)
			return;
		if (f->tail >= f->head)
			drop_oldest(f);
		else
			f->head = 0;
	}
}

void frames_push(struct frames *f, const struct event *e)
{
	make_room(f, e->size);
	memcpy(f->bytes + f->head, e, e->size);
	f->places[(f->first + f->count) & (f->place_count - 1)] = (uint32_t)f->head;
	f->count++;
	f->head += e->size;
}

void frames_reset(struct frames *f, uint64_t next)
{
	f->first = next;
	f->count = 0;
	f->head = f->tail = 0;
}

const struct event *frames_at(const struct frames *f, uint64_t position)
{
	if (position < f->first || position - f->first >= f->count)
		return NULL;
	return (const struct event *)(f->bytes + f->places[position & (f->place_count - 1)]);
}
