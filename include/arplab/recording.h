/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: a recording: what happened, in a file, so that it can be seen again on another machine.
 *
 * doc/arplab-recording.5 describes the bytes. A head says who wrote it; behind it stand blocks,
 * each with its length and checksums, so that a file is readable as far as it was written and
 * whole. Most blocks hold events as they stand. The first block tells how events are laid out:
 * where a later arplab has other fields, it reads those that both know.
 *
 * Nothing here touches a file: bytes are made and read by somebody else.
 */
#ifndef ARPLAB_RECORDING_H
#define ARPLAB_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/checksum.h>
#include <arplab/err.h>
#include <arplab/event.h>

/*
 * Raised when numbers inside of events (of kinds, states, tables, actions) get another meaning, or
 * the blocks another form. New fields and kinds of events need no new version.
 */
#define RECORDING_VERSION 1
#define RECORDING_OLDEST 1 /* The oldest version that is read. */

#define RECORDING_HEAD_BYTES 128
#define RECORDING_BLOCK_HEAD_BYTES 40
#define RECORDING_BLOCK_MAX (512u << 10) /* Bytes of the largest block, without its head. */
#define RECORDING_LAYOUT_MAX 32768

enum recording_kind {
	RECORDING_LAYOUT = 1, /* Text: how events are laid out. */
	RECORDING_EVENTS,
	RECORDING_LESSON, /* Text: a lesson that is opened; lesson layer and app know its form. */
	RECORDING_PLAY,   /* Text: where the learner is in it. */
	RECORDING_END,    /* The recording was ended, and nothing is missing. */
	RECORDING_KINDS
};

/* What a head says, without its guards. */
struct recording_head {
	uint32_t version;
	uint32_t scope;    /* enum event_scope */
	uint64_t began_ns; /* Wall clock. */
	char program[24];  /* The version of the arplab that wrote it. */
	char host[64];
};

/* ---- writing ---- */

/* The head as bytes. `version` is not looked at: it is always the newest. */
void recording_put_head(uint8_t bytes[RECORDING_HEAD_BYTES], const struct recording_head *head,
	const struct checksum *sums);
/* The text of the first block. Returns its bytes. */
size_t recording_put_layout(char *bytes, size_t size);

struct recording_block {
	enum recording_kind kind;
	uint32_t number;    /* From 0 on. */
	uint32_t count;     /* Events in it; 1 for a text. END: blocks before it. */
	uint64_t wall_ns;   /* Both clocks when it was written; */
	uint64_t steady_ns; /* this one since the recording began. */
};

/* The head of a block as bytes; payload: what will stand behind it. */
void recording_put_block(uint8_t bytes[RECORDING_BLOCK_HEAD_BYTES],
	const struct recording_block *block, const void *payload, size_t len,
	const struct checksum *sums);

/* ---- reading ---- */

/* Up to `size` bytes from `offset` on. Returns how many, 0 at the end, or -errno. */
struct recording_source {
	long (*read)(void *arg, uint64_t offset, void *ret, size_t size);
	void *arg;
};

enum recording_state {
	RECORDING_WHOLE,
	RECORDING_OPEN,    /* Nothing is damaged, but it was never ended. */
	RECORDING_CUT,     /* It ends within a block. */
	RECORDING_DAMAGED, /* From some byte on it cannot be trusted. */
};

struct recording;

/*
 * Read and check a recording from its beginning to its end, or as far as it goes.
 * Returns NULL and a sentence when there is nothing to be seen of it: it is none, or of a version
 * or byte order that cannot be read, or cut off or damaged before its first event.
 */
struct recording *recording_open(const struct recording_source *source, struct err *err);
void recording_free(struct recording *r);
const struct recording_head *recording_head(const struct recording *r);
/* What became of its end, and a sentence about that with the byte and the event; "" if whole. */
enum recording_state recording_state(const struct recording *r);
const char *recording_trouble(const struct recording *r);
/* Events of an older or newer arplab that this one cannot show, and has passed over. */
uint64_t recording_strange(const struct recording *r);
/* Items it has: events, lessons and steps of the learner; and from its first to its last. */
uint64_t recording_count(const struct recording *r);
uint64_t recording_span_ns(const struct recording *r);

/* One thing that happened. */
struct recording_item {
	enum recording_kind kind;  /* EVENTS, LESSON or PLAY. */
	const struct event *event; /* EVENTS. Good until the next call. */
	const char *text;          /* LESSON, PLAY: `len` bytes, and a terminator behind them. */
	size_t len;
	uint64_t at_ns;    /* Wall clock as the recording had it. */
	uint64_t since_ns; /* Since it began; never less than of the item before. */
};

/* Make the item number `position` (from 0 on, recording_count() at most) the next one. */
void recording_seek(struct recording *r, uint64_t position);
uint64_t recording_position(const struct recording *r);
/* The next item. Returns false at the end, or when the file is not any more what it was. */
bool recording_next(struct recording *r, struct recording_item *ret);
/* Look at the next item without passing it. */
bool recording_peek(struct recording *r, struct recording_item *ret);
/* The last item that happened until then, as a position behind it; 0: none did. */
uint64_t recording_find(struct recording *r, uint64_t since_ns);
/* What the wall clock of the recording showed so long after its beginning. */
uint64_t recording_wall_ns(const struct recording *r, uint64_t since_ns);

#endif
