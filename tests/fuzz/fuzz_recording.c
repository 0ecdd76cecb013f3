/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz: recordings, as they are and with checksums that are right: else hardly a mutation would
 * come further than to them.
 */
#include <config.h>

#include "fuzz.h"
#include "seeds.h"

#include <arplab/recording.h>

#include "../support/recordings.h"

#define HEAD_SUM 60
#define BLOCK_LEN 4
#define BLOCK_SUM 12
#define BLOCK_NUMBER 32
#define BLOCK_HEAD_SUM 36

static void put32(uint8_t *bytes, uint32_t value)
{
	memcpy(bytes, &value, sizeof value);
}

/* Make every block's numbers fit, as long as blocks stand behind each other. */
static void mend(struct tape *t)
{
	if (t->len < RECORDING_HEAD_BYTES)
		return;
	put32(t->bytes + HEAD_SUM, 0);
	put32(t->bytes + HEAD_SUM, checksum_of(&t->sums, t->bytes, RECORDING_HEAD_BYTES));
	uint32_t number = 0;
	for (size_t at = RECORDING_HEAD_BYTES; at + RECORDING_BLOCK_HEAD_BYTES <= t->len;) {
		uint8_t *head = t->bytes + at, *payload = head + RECORDING_BLOCK_HEAD_BYTES;
		uint32_t len;
		memcpy(&len, head + BLOCK_LEN, sizeof len);
		size_t there = t->len - at - RECORDING_BLOCK_HEAD_BYTES;
		if (len > there)
			put32(head + BLOCK_LEN, len = (uint32_t)there);
		put32(head + BLOCK_NUMBER, number++);
		put32(head + BLOCK_SUM, checksum_of(&t->sums, payload, len));
		put32(head + BLOCK_HEAD_SUM, checksum_of(&t->sums, head, BLOCK_HEAD_SUM));
		at += RECORDING_BLOCK_HEAD_BYTES + ((size_t)len + 7) / 8 * 8;
	}
}

static void check_item(const struct recording_item *item)
{
	switch (item->kind) {
	case RECORDING_EVENTS:
		must(event_check(item->event, item->event->size) == item->event->size);
		return;
	case RECORDING_LESSON:
	case RECORDING_PLAY:
		must(item->text && !item->text[item->len]);
		return;
	case RECORDING_LAYOUT:
	case RECORDING_END:
	case RECORDING_KINDS:
		break;
	}
	must(false);
}

/* From the beginning to the end, and from places between them. */
static void walk(struct recording *r)
{
	struct recording_item item;
	uint64_t count = recording_count(r), passed = 0, since_ns = 0;
	must(count > 0);
	while (recording_next(r, &item)) {
		check_item(&item);
		must(item.since_ns >= since_ns);
		since_ns = item.since_ns;
		must(++passed == recording_position(r));
	}
	must(passed == count);
	must(recording_find(r, UINT64_MAX) == count);
	must(recording_position(r) == count);
	for (uint64_t i = 0; i < count && i < 64; i++) {
		recording_seek(r, i);
		must(recording_peek(r, &item));
		check_item(&item);
		must(recording_find(r, item.since_ns) > i);
		recording_wall_ns(r, item.since_ns);
	}
}

static void read_it(struct tape *t)
{
	struct err err = { "" };
	struct recording *r = tape_open(t, &err);
	if (!r) {
		must(err.text[0]);
		return;
	}
	must((recording_state(r) == RECORDING_WHOLE) == !recording_trouble(r)[0]);
	walk(r);
	recording_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct tape t = { .bytes = fuzz_copy(bytes, len), .len = len };
	checksum_init(&t.sums);
	read_it(&t);
	mend(&t);
	read_it(&t);
	free(t.bytes);
	return 0;
}

/* Each kind of event in a block of its own, two texts, and many events in one block. */
static void put_seed(struct tape *t, size_t number)
{
	struct event e;
	if (number == 0) {
		for (int kind = EVENT_HELLO; kind < EVENT_KINDS; kind++) {
			seed_event((enum event_kind)kind, &e);
			tape_event(t, &e);
		}
		return;
	}
	tape_text(t, RECORDING_LESSON, "lesson name=a seed=1\n# A\n", 1);
	tape_text(t, RECORDING_PLAY, "menu\n", 2);
	_Alignas(8) uint8_t batch[EVENT_KINDS * sizeof e];
	size_t len = 0;
	for (int kind = EVENT_HELLO; kind < EVENT_KINDS; kind++) {
		size_t size = seed_event((enum event_kind)kind, &e);
		memcpy(batch + len, &e, size);
		len += size;
	}
	tape_block(t, RECORDING_EVENTS, EVENT_KINDS - 1, batch, len, 3);
}

size_t fuzz_seed(size_t number, uint8_t *bytes, size_t size)
{
	struct tape t;
	if (number > 1)
		return SIZE_MAX;
	tape_begin(&t, number ? SCOPE_LAB : SCOPE_HOST);
	put_seed(&t, number);
	tape_end(&t);
	size_t len = t.len;
	must(len <= size);
	memcpy(bytes, t.bytes, len);
	tape_done(&t);
	return len;
}
