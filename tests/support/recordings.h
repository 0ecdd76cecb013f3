/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: recordings in memory, written block by block, and read from there. */
#ifndef TESTS_RECORDINGS_H
#define TESTS_RECORDINGS_H

#include <stdlib.h>
#include <string.h>

#include <arplab/recording.h>

struct tape {
	uint8_t *bytes;
	size_t len, room;
	uint32_t blocks;
	struct checksum sums;
};

#define TAPE_BEGAN_NS UINT64_C(1700000000000000000) /* Wall clock at the beginning. */

static inline void tape_put(struct tape *t, const void *bytes, size_t len)
{
	if (t->len + len > t->room) {
		t->room = (t->len + len) * 2;
		t->bytes = realloc(t->bytes, t->room);
		if (!t->bytes)
			abort();
	}
	if (len)
		memcpy(t->bytes + t->len, bytes, len);
	t->len += len;
}

/* A block that is written so long after the beginning, by a wall clock that is off by `off_ns`. */
static inline void tape_block_at(struct tape *t, enum recording_kind kind, uint32_t count,
	const void *payload, size_t len, uint64_t since_ns, int64_t off_ns)
{
	static const uint8_t zeros[8];
	uint8_t head[RECORDING_BLOCK_HEAD_BYTES];
	struct recording_block b = { .kind = kind,
		.number = t->blocks++,
		.count = count,
		.wall_ns = TAPE_BEGAN_NS + since_ns + (uint64_t)off_ns,
		.steady_ns = since_ns };
	recording_put_block(head, &b, payload, len, &t->sums);
	tape_put(t, head, sizeof head);
	tape_put(t, payload, len);
	tape_put(t, zeros, (8 - len % 8) % 8);
}

static inline void tape_block(struct tape *t, enum recording_kind kind, uint32_t count,
	const void *payload, size_t len, uint64_t since_ns)
{
	tape_block_at(t, kind, count, payload, len, since_ns, 0);
}

static inline void tape_text(
	struct tape *t, enum recording_kind kind, const char *text, uint64_t since_ns)
{
	tape_block(t, kind, 1, text, strlen(text), since_ns);
}

/* The head alone. */
static inline void tape_begin_bare(struct tape *t, enum event_scope scope)
{
	struct recording_head head = { .scope = scope, .began_ns = TAPE_BEGAN_NS };
	uint8_t bytes[RECORDING_HEAD_BYTES];
	memset(t, 0, sizeof *t);
	checksum_init(&t->sums);
	strcpy(head.program, "9.8.7");
	strcpy(head.host, "desk");
	recording_put_head(bytes, &head, &t->sums);
	tape_put(t, bytes, sizeof bytes);
}

/* The head, and how events are laid out here. */
static inline void tape_begin(struct tape *t, enum event_scope scope)
{
	char layout[RECORDING_LAYOUT_MAX];
	tape_begin_bare(t, scope);
	tape_block(t, RECORDING_LAYOUT, 0, layout, recording_put_layout(layout, sizeof layout), 0);
}

/* One event in a block of its own, written as it happens. */
static inline void tape_event(struct tape *t, const struct event *e)
{
	tape_block(t, RECORDING_EVENTS, 1, e, e->size, e->at_ns - TAPE_BEGAN_NS);
}

static inline void tape_end(struct tape *t)
{
	tape_block(t, RECORDING_END, t->blocks, NULL, 0, 0);
}

static inline long tape_read(void *arg, uint64_t offset, void *ret, size_t size)
{
	const struct tape *t = arg;
	if (offset >= t->len)
		return 0;
	size_t there = t->len - (size_t)offset;
	size_t len = there < size ? there : size;
	memcpy(ret, t->bytes + offset, len);
	return (long)len;
}

static inline struct recording *tape_open(struct tape *t, struct err *err)
{
	struct recording_source source = { .read = tape_read, .arg = t };
	return recording_open(&source, err);
}

static inline void tape_done(struct tape *t)
{
	free(t->bytes);
	memset(t, 0, sizeof *t);
}

#endif
