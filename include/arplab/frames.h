/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: the frames seen last, whole, in a ring of a fixed number of bytes. The oldest give way;
 * how many did is known. Frames are counted by position from 0 on: position `first` is the oldest
 * still here, `first + count - 1` the newest; a position never means another frame.
 */
#ifndef ARPLAB_FRAMES_H
#define ARPLAB_FRAMES_H

#include <stddef.h>
#include <stdint.h>

#include <arplab/event.h>

struct frames {
	uint8_t *bytes; /* Events one behind the other, never wrapping inside one. */
	uint32_t *places; /* Offset of the frame at position p: places[p % place_count]. */
	size_t size;
	uint32_t place_count; /* A power of two. */
	uint64_t first;
	uint64_t count;
	size_t head; /* Where the next event goes. */
	size_t tail; /* Where the oldest stands. */
};

/* size: bytes for events, at least 4096. Memory is touched only as it fills. */
void frames_init(struct frames *f, size_t size);
void frames_done(struct frames *f);
/* Copy a frame event to the end. */
void frames_push(struct frames *f, const struct event *e);
/* Forget all, and let the next frame have position `next`. */
void frames_reset(struct frames *f, uint64_t next);
/* The frame at a position, or NULL if it is not here (any more). Valid until the next push. */
const struct event *frames_at(const struct frames *f, uint64_t position);

#endif
