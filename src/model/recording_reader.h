/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: a recording while it is read, in two files: checked as a whole, and item by item. */
#ifndef ARPLAB_RECORDING_READER_H
#define ARPLAB_RECORDING_READER_H

#include "recording_parts.h"

/* Bytes of the file that are held: the largest block fits, and small ones by the hundred. */
#define WINDOW_BYTES (RECORDING_BLOCK_MAX + RECORDING_BLOCK_HEAD_BYTES + 64)

/* Where a block stands, and when it was. */
struct place {
	uint64_t offset;
	uint64_t first; /* Its first item. */
	uint64_t wall_ns, steady_ns;
	enum recording_kind kind;
};

struct recording {
	struct recording_source source;
	struct checksum sums;
	struct recording_head head;
	struct layout *layout;
	enum recording_state state;
	char trouble[EVENT_TEXT_SIZE];
	uint64_t count, events, strange;
	bool checking;
	struct place *places;
	size_t place_count, place_room;
	uint8_t *window; /* WINDOW_BYTES of the file. */
	uint64_t window_at;
	size_t window_len;
	uint8_t *other; /* A text, or events written anew. */
	size_t other_room;
	const uint8_t *data; /* Of the block that was loaded last: in one of those two. */
	/* The next item: its block, the byte in `data`, its number; and the time of the one before.
	 */
	size_t at_place; /* SIZE_MAX: none is loaded. */
	size_t data_len, at;
	uint64_t position;
	uint64_t since_ns;
	bool changed; /* The file is not any more what it was. */
};

/*
 * Read and check the block at an offset; its payload is in r->data. Returns how many items it has,
 * or: -ENODATA the file ends here, -EPIPE it ends within the block, -EBADMSG it is damaged.
 */
long recording_load(struct recording *r, uint64_t offset, struct block_bytes *ret, size_t *ret_len);
/* Make room in r->other, which keeps what it holds. */
void recording_room(struct recording *r, size_t size);

#endif
