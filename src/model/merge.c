/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: events of several sources put into one order of time, through a queue a source. */
#include <config.h>

#include <arplab/merge.h>

#include <stdlib.h>
#include <string.h>

#include <arplab/clock.h>

/* Events wait for a fraction of a second; one that is further ahead has a time of another clock. */
#define AHEAD_NS (5 * NS_PER_S)

/* One source's events, one behind the other; [begin, end) wait. */
struct merge_queue {
	int32_t source; /* ifindex of a capture, or -1 for everything else. */
	uint8_t *bytes;
	size_t begin, end, room;
};

void merge_init(struct merge *m)
{
	*m = (struct merge) { 0 };
}

void merge_done(struct merge *m)
{
	for (size_t i = 0; i < m->count; i++)
		free(m->queues[i].bytes);
	free(m->queues);
	merge_init(m);
}

static struct merge_queue *queue_of(struct merge *m, int32_t source)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->queues[i].source == source)
			return &m->queues[i];
	m->queues = reallocarray(m->queues, m->count + 1, sizeof *m->queues);
	if (!m->queues)
		abort();
	m->queues[m->count] = (struct merge_queue) { .source = source };
	return &m->queues[m->count++];
}

static void make_room(struct merge_queue *q, size_t size)
{
	if (q->end + size <= q->room)
		return;
	/* Move to the front what waits, if that alone frees half of the bytes; else grow. */
	if (q->begin >= q->room / 2 && q->end - q->begin + size <= q->room) {
		memmove(q->bytes, q->bytes + q->begin, q->end - q->begin);
		q->end -= q->begin;
		q->begin = 0;
		return;
	}
	q->room = q->room ? q->room * 2 : 16384;
	q->bytes = realloc(q->bytes, q->room);
	if (!q->bytes)
		abort();
}

void merge_push(struct merge *m, const struct event *e)
{
	struct merge_queue *q = queue_of(m, e->kind == EVENT_FRAME ? e->frame.ifindex : -1);
	if (q->begin == q->end)
		q->begin = q->end = 0;
	make_room(q, e->size);
	memcpy(q->bytes + q->end, e, e->size);
	q->end += e->size;
	m->waiting++;
}

static struct merge_queue *oldest_queue(const struct merge *m)
{
	struct merge_queue *best = NULL;
	uint64_t best_ns = UINT64_MAX;
	for (size_t i = 0; i < m->count; i++) {
		struct merge_queue *q = &m->queues[i];
		if (q->begin == q->end)
			continue;
		const struct event *e = (const struct event *)(q->bytes + q->begin);
		if (!best || e->at_ns < best_ns) {
			best = q;
			best_ns = e->at_ns;
		}
	}
	return best;
}

const struct event *merge_pop(struct merge *m, uint64_t until_ns)
{
	struct merge_queue *q = oldest_queue(m);
	if (!q)
		return NULL;
	const struct event *e = (const struct event *)(q->bytes + q->begin);
	/* An event of far ahead is from before the clock was set back: others wait behind it. */
	if (e->at_ns > until_ns && e->at_ns - until_ns < AHEAD_NS)
		return NULL;
	q->begin += e->size;
	m->waiting--;
	return e;
}

uint64_t merge_next_ns(const struct merge *m)
{
	const struct merge_queue *q = oldest_queue(m);
	return q ? ((const struct event *)(q->bytes + q->begin))->at_ns : UINT64_MAX;
}
