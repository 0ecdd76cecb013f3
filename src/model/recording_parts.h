/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: what the files behind recording.h share: the bytes, and how events are laid out. */
#ifndef ARPLAB_RECORDING_PARTS_H
#define ARPLAB_RECORDING_PARTS_H

#include <arplab/recording.h>

#define RECORDING_PADDED(len) \
	(((len) + 7) & ~(size_t)7) /* Every block begins at a multiple of 8. */

/* The head and the head of a block as they stand in the file, in the writer's byte order. */
#define RECORDING_MAGIC "\211ARPREC\n"
#define RECORDING_ORDER UINT32_C(0x01020304)

struct head_bytes {
	char magic[8];
	uint32_t order;
	uint16_t version;
	uint16_t bytes; /* Of this head. */
	uint32_t scope;
	uint32_t spare;
	uint64_t began_ns;
	char program[24];
	uint32_t spare2;
	uint32_t sum; /* Of the head, while this is 0. */
	char host[64];
};

struct block_bytes {
	uint32_t kind;
	uint32_t len;
	uint32_t count;
	uint32_t sum; /* Of the payload, without what pads it. */
	uint64_t wall_ns;
	uint64_t steady_ns;
	uint32_t number;
	uint32_t head_sum; /* Of all of the above. */
};

/* How the events of a file are laid out, beside how ours are. */
struct layout;

/* Returns NULL if the text is none. Freed by layout_free(). */
struct layout *layout_read(const char *text, size_t len);
void layout_free(struct layout *l);
/* Whether events are laid out as ours, and need only be checked. */
bool layout_same(const struct layout *l);
/*
 * Read the event at the start of `bytes` (aligned to 8).
 * Returns its bytes there, or -EBADMSG. ret->size is 0 when it is of a kind, or has a value, that
 * is not known here.
 */
long layout_event(const struct layout *l, const void *bytes, size_t len, struct event *ret);

#endif
