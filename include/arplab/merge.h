/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: events of several sources put into one order of time.
 *
 * Captures deliver their frames in blocks, some milliseconds late, while netlink tells at once.
 * Each source (an interface's capture, or everything else) is in order by itself. Events wait in a
 * queue of their source until no older one can come any more, which the caller says by a time.
 */
#ifndef ARPLAB_MERGE_H
#define ARPLAB_MERGE_H

#include <stddef.h>
#include <stdint.h>

#include <arplab/event.h>

/* A frame reaches the front at most this long after it was on the wire. */
#define MERGE_WAIT_NS UINT64_C(80000000)

struct merge_queue;

struct merge {
	struct merge_queue *queues;
	size_t count;
	size_t waiting; /* Events in all queues. */
};

void merge_init(struct merge *m);
void merge_done(struct merge *m);
void merge_push(struct merge *m, const struct event *e);
/*
 * Hand out the oldest event if it happened at or before `until_ns`, else NULL. One that is more
 * than five seconds ahead is handed out, too: the clock was set back since.
 * The event is valid until the next call with the same merge.
 */
const struct event *merge_pop(struct merge *m, uint64_t until_ns);
/* Time of the oldest event waiting, or UINT64_MAX if none waits. */
uint64_t merge_next_ns(const struct merge *m);

#endif
