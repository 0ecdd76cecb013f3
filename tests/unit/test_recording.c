/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a recording is read as it was written, or as far as it goes; damage is always found. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include <arplab/sysctl.h>
#include <arplab/text.h>

#include "../fuzz/seeds.h"
#include "../support/recordings.h"

#define SECOND UINT64_C(1000000000)

static struct event note_at(uint64_t since_ns, const char *words)
{
	struct event e = { 0 };
	text_copy(e.note.text, sizeof e.note.text, words);
	event_begin(&e, EVENT_NOTE, TAPE_BEGAN_NS + since_ns);
	return e;
}

/* A tape with one note a second, each in a block of its own. */
static void notes_on(struct tape *t, unsigned count)
{
	tape_begin(t, SCOPE_HOST);
	for (unsigned i = 1; i <= count; i++) {
		char words[32];
		snprintf(words, sizeof words, "note %u", i);
		struct event e = note_at(i * SECOND, words);
		tape_event(t, &e);
	}
}

static struct recording *opened(struct tape *t)
{
	struct err err = { "" };
	struct recording *r = tape_open(t, &err);
	if (!r)
		print_message("%s\n", err.text);
	assert_non_null(r);
	return r;
}

static void refused(struct tape *t, const char *words)
{
	struct err err = { "" };
	assert_null(tape_open(t, &err));
	if (!strstr(err.text, words))
		fail_msg("\"%s\" has no \"%s\"", err.text, words);
	tape_done(t);
}

/* ---- what was written ---- */

static void the_checksum_is_crc_32(void **state)
{
	(void)state;
	struct checksum c;
	checksum_init(&c);
	/* The check value that every list of CRCs has. */
	assert_int_equal(checksum_of(&c, "123456789", 9), 0xcbf43926);
	assert_int_equal(checksum_of(&c, "", 0), 0);
	assert_int_equal(
		checksum_of(&c, "The quick brown fox jumps over the lazy dog", 43), 0x414fa339);
}

static void every_kind_of_event_is_read_as_it_was_written(void **state)
{
	(void)state;
	struct tape t;
	struct event e;
	struct recording_item item;
	uint8_t batch[8192] __attribute__((aligned(8)));
	size_t len = 0;
	tape_begin(&t, SCOPE_LAB);
	for (int kind = EVENT_HELLO; kind < EVENT_KINDS; kind++) {
		size_t size = seed_event((enum event_kind)kind, &e);
		memcpy(batch + len, &e, size);
		len += size;
	}
	tape_block(&t, RECORDING_EVENTS, EVENT_KINDS - 1, batch, len, SECOND);
	tape_end(&t);
	struct recording *r = opened(&t);
	assert_int_equal(recording_state(r), RECORDING_WHOLE);
	assert_string_equal(recording_trouble(r), "");
	assert_string_equal(recording_head(r)->program, "9.8.7");
	assert_string_equal(recording_head(r)->host, "desk");
	assert_int_equal(recording_head(r)->scope, SCOPE_LAB);
	assert_int_equal(recording_count(r), EVENT_KINDS - 1);
	for (int kind = EVENT_HELLO; kind < EVENT_KINDS; kind++) {
		size_t size = seed_event((enum event_kind)kind, &e);
		assert_true(recording_next(r, &item));
		assert_int_equal(item.kind, RECORDING_EVENTS);
		assert_memory_equal(item.event, &e, size);
	}
	assert_false(recording_next(r, &item));
	recording_free(r);
	tape_done(&t);
}

static void texts_stand_between_events(void **state)
{
	(void)state;
	struct tape t;
	struct recording_item item;
	notes_on(&t, 1);
	tape_text(&t, RECORDING_LESSON, "a lesson", 2 * SECOND);
	tape_text(&t, RECORDING_PLAY, "", 3 * SECOND);
	struct event e = note_at(4 * SECOND, "behind them");
	tape_event(&t, &e);
	struct recording *r = opened(&t);
	assert_int_equal(recording_count(r), 4);
	assert_true(recording_next(r, &item));
	assert_true(recording_next(r, &item));
	assert_int_equal(item.kind, RECORDING_LESSON);
	assert_null(item.event);
	assert_int_equal(item.len, 8);
	assert_string_equal(item.text, "a lesson");
	assert_int_equal(item.since_ns, 2 * SECOND);
	assert_true(recording_next(r, &item));
	assert_int_equal(item.kind, RECORDING_PLAY);
	assert_int_equal(item.len, 0);
	assert_true(recording_next(r, &item));
	assert_string_equal(item.event->note.text, "behind them");
	recording_free(r);
	tape_done(&t);
}

/* ---- places ---- */

static void any_item_can_be_the_next_one(void **state)
{
	(void)state;
	struct tape t;
	struct recording_item item;
	char words[32];
	notes_on(&t, 50);
	struct recording *r = opened(&t);
	for (unsigned i = 0; i < 200; i++) {
		unsigned k = i * 37 % 50;
		recording_seek(r, k);
		assert_int_equal(recording_position(r), k);
		assert_true(recording_peek(r, &item));
		assert_true(recording_next(r, &item));
		snprintf(words, sizeof words, "note %u", k + 1);
		assert_string_equal(item.event->note.text, words);
		assert_int_equal(item.since_ns, (k + 1) * SECOND);
	}
	recording_seek(r, 50);
	assert_false(recording_next(r, &item));
	recording_seek(r, 0);
	assert_true(recording_next(r, &item));
	recording_free(r);
	tape_done(&t);
}

static void a_moment_is_found(void **state)
{
	(void)state;
	struct tape t;
	notes_on(&t, 9);
	struct recording *r = opened(&t);
	recording_seek(r, 4);
	assert_int_equal(recording_find(r, 0), 0);
	assert_int_equal(recording_find(r, SECOND - 1), 0);
	assert_int_equal(recording_find(r, SECOND), 1);
	assert_int_equal(recording_find(r, 5 * SECOND + 1), 5);
	assert_int_equal(recording_find(r, UINT64_MAX), 9);
	assert_int_equal(recording_position(r), 4);
	assert_int_equal(recording_span_ns(r), 9 * SECOND);
	assert_int_equal(recording_wall_ns(r, 3 * SECOND), TAPE_BEGAN_NS + 3 * SECOND);
	assert_int_equal(recording_wall_ns(r, SECOND / 2), TAPE_BEGAN_NS + SECOND / 2);
	recording_free(r);
	tape_done(&t);
}

/* Events that gathered in one block were at their own times. */
static void times_within_a_block_are_the_events_own(void **state)
{
	(void)state;
	struct tape t;
	struct event e[3] = { note_at(SECOND, "a"), note_at(SECOND / 2, "late"),
		note_at(3 * SECOND, "b") };
	struct recording_item item;
	uint8_t batch[3 * sizeof *e] __attribute__((aligned(8)));
	for (size_t i = 0; i < 3; i++)
		memcpy(batch + i * e[0].size, &e[i], e[0].size);
	tape_begin(&t, SCOPE_HOST);
	tape_block(&t, RECORDING_EVENTS, 3, batch, 3 * e[0].size, 4 * SECOND);
	struct recording *r = opened(&t);
	assert_true(recording_next(r, &item));
	assert_int_equal(item.since_ns, SECOND);
	/* What is told late does not go back. */
	assert_true(recording_next(r, &item));
	assert_int_equal(item.since_ns, SECOND);
	assert_int_equal(item.at_ns, TAPE_BEGAN_NS + SECOND / 2);
	assert_true(recording_next(r, &item));
	assert_int_equal(item.since_ns, 3 * SECOND);
	recording_free(r);
	tape_done(&t);
}

static void a_clock_that_is_set_does_not_move_the_recording(void **state)
{
	(void)state;
	static const int64_t offs[] = { 0, -3600, -3600, 86400 * 400, 0 };
	struct tape t;
	struct recording_item item;
	tape_begin(&t, SCOPE_HOST);
	for (uint64_t i = 0; i < 5; i++) {
		int64_t off = offs[i] * (int64_t)SECOND;
		struct event e = note_at((i + 1) * SECOND + (uint64_t)off, "x");
		tape_block_at(&t, RECORDING_EVENTS, 1, &e, e.size, (i + 1) * SECOND, off);
	}
	struct recording *r = opened(&t);
	for (uint64_t i = 0; i < 5; i++) {
		assert_true(recording_next(r, &item));
		assert_int_equal(item.since_ns, (i + 1) * SECOND);
		assert_int_equal(recording_wall_ns(r, item.since_ns), item.at_ns);
	}
	recording_free(r);
	tape_done(&t);
}

/* ---- damage ---- */

static void a_recording_without_end_says_so(void **state)
{
	(void)state;
	struct tape t;
	notes_on(&t, 3);
	struct recording *r = opened(&t);
	assert_int_equal(recording_state(r), RECORDING_OPEN);
	assert_non_null(strstr(recording_trouble(r), "after 3 events"));
	assert_non_null(strstr(recording_trouble(r), "never ended"));
	recording_free(r);
	tape_done(&t);
}

/* Wherever it is cut off, all whole blocks before that are there, and the place is said. */
static void a_cut_is_found_at_every_byte(void **state)
{
	(void)state;
	struct tape whole, t;
	struct err err;
	notes_on(&whole, 3);
	size_t first = RECORDING_HEAD_BYTES + RECORDING_BLOCK_HEAD_BYTES;
	tape_begin(&t, SCOPE_HOST);
	first = t.len;
	tape_done(&t);
	size_t block = (whole.len - first) / 3;
	tape_end(&whole);
	for (size_t len = 0; len < whole.len; len++) {
		t = whole;
		t.len = len;
		size_t blocks = len < first ? 0 : (len - first) / block;
		size_t place = len < first ? 0 : first + blocks * block;
		struct recording *r = tape_open(&t, &err);
		if (blocks == 0) {
			assert_null(r);
			assert_true(err.text[0]);
			continue;
		}
		assert_non_null(r);
		assert_int_equal(recording_count(r), blocks > 3 ? 3 : blocks);
		assert_int_equal(recording_state(r), len == place ? RECORDING_OPEN : RECORDING_CUT);
		char bytes[32];
		struct text n = text_in(bytes, sizeof bytes);
		text_grouped(&n, place);
		assert_non_null(strstr(recording_trouble(r), text_end(&n)));
		recording_free(r);
	}
	tape_done(&whole);
}

static void a_changed_byte_is_found_everywhere(void **state)
{
	(void)state;
	struct tape t;
	struct err err;
	notes_on(&t, 2);
	tape_end(&t);
	for (size_t i = 0; i < t.len; i++) {
		for (unsigned bit = 0; bit < 8; bit += 7) {
			t.bytes[i] ^= (uint8_t)(1u << bit);
			struct recording *r = tape_open(&t, &err);
			if (r) {
				/* What pads a text is nobody's. */
				bool padding = recording_state(r) == RECORDING_WHOLE;
				assert_true(
					padding ? t.bytes[i] == 1u << bit : recording_count(r) < 3);
				assert_true(padding || recording_state(r) == RECORDING_DAMAGED ||
					    recording_state(r) == RECORDING_CUT);
			}
			recording_free(r);
			t.bytes[i] ^= (uint8_t)(1u << bit);
		}
	}
	tape_done(&t);
}

static void a_missing_block_is_found(void **state)
{
	(void)state;
	struct tape t;
	notes_on(&t, 1);
	t.blocks++;
	struct event e = note_at(5 * SECOND, "after a gap");
	tape_event(&t, &e);
	struct recording *r = opened(&t);
	assert_int_equal(recording_state(r), RECORDING_DAMAGED);
	assert_int_equal(recording_count(r), 1);
	recording_free(r);
	tape_done(&t);
}

/* A checksum that fits proves nothing about what was summed. */
static void an_event_that_cannot_be_ends_it(void **state)
{
	(void)state;
	struct tape t;
	notes_on(&t, 2);
	struct event e = note_at(3 * SECOND, "x");
	memset(e.note.text, 'x', sizeof e.note.text);
	tape_event(&t, &e);
	struct recording *r = opened(&t);
	assert_int_equal(recording_state(r), RECORDING_DAMAGED);
	assert_int_equal(recording_count(r), 2);
	recording_free(r);
	tape_done(&t);
}

static void a_file_that_changes_meanwhile_ends_the_replay(void **state)
{
	(void)state;
	struct tape t;
	struct recording_item item;
	struct event e[3000];
	uint8_t *batch = calloc(3000, 256);
	size_t len = 0;
	for (unsigned i = 0; i < 2000; i++) {
		e[i] = note_at(SECOND, "many");
		memcpy(batch + len, &e[i], e[i].size);
		len += e[i].size;
	}
	tape_begin(&t, SCOPE_HOST);
	for (unsigned i = 0; i < 3; i++)
		tape_block(&t, RECORDING_EVENTS, 2000, batch, len, SECOND);
	struct recording *r = opened(&t);
	assert_true(recording_next(r, &item));
	memset(t.bytes + t.len - len, 0, len);
	uint64_t read = 1;
	while (recording_next(r, &item))
		read++;
	assert_in_range(read, 1, 4000);
	recording_free(r);
	tape_done(&t);
	free(batch);
}

/* ---- what is none, and what is another's ---- */

/* Write the head anew, with one of its numbers changed. */
static void set_version(struct tape *t, uint16_t version)
{
	static const uint8_t zeros[4];
	memcpy(t->bytes + 12, &version, sizeof version);
	memcpy(t->bytes + 60, zeros, sizeof zeros);
	uint32_t sum = checksum_of(&t->sums, t->bytes, RECORDING_HEAD_BYTES);
	memcpy(t->bytes + 60, &sum, sizeof sum);
}

static void what_is_no_recording_is_refused(void **state)
{
	(void)state;
	struct tape t = { 0 };
	refused(&t, "it is empty");
	tape_put(&t, "\324\303\262\241 a capture file", 20);
	refused(&t, "no recording");
	tape_begin_bare(&t, SCOPE_HOST);
	refused(&t, "never ended");
	tape_begin(&t, SCOPE_HOST);
	tape_end(&t);
	refused(&t, "nothing was recorded");
	tape_begin_bare(&t, SCOPE_HOST);
	struct event e = note_at(SECOND, "no layout before it");
	tape_event(&t, &e);
	refused(&t, "damaged");
}

static void another_version_says_who_made_it(void **state)
{
	(void)state;
	struct tape t;
	notes_on(&t, 1);
	set_version(&t, RECORDING_VERSION + 1);
	refused(&t, "made by arplab 9.8.7 in format 2");
	notes_on(&t, 1);
	set_version(&t, RECORDING_OLDEST - 1);
	refused(&t, "made by arplab 9.8.7 in format 0");
	notes_on(&t, 1);
	memcpy(t.bytes + 8, "\1\2\3\4", 4);
	if (memcmp(t.bytes + 8, (const uint32_t[]) { 0x01020304 }, 4) == 0)
		memcpy(t.bytes + 8, "\4\3\2\1", 4);
	refused(&t, "byte order");
}

/* ---- events that are laid out otherwise ---- */

/* A neighbour as another arplab might have it: other places, other widths, a field more. */
struct other_neigh {
	uint64_t at_ns;
	uint16_t size;
	uint8_t kind, flags;
	uint16_t node, spare;
	uint64_t colour; /* Unknown here. */
	uint32_t ip;
	uint32_t state; /* 16 bits here. */
	int32_t ifindex;
	uint8_t mac_len;
	uint8_t mac[6];
	uint8_t spare2;
};

static const char other_layout[] =
	"event 1 sunshine 24 warmth:u32:16:4\n"
	"event 9 neigh 48 colour:u64:16:8 ip:ip:24:4 state:u32:28:4 ifindex:i32:32:4 "
	"mac_len:u8:36:1 mac:mac:37:6 mood:feeling:44:1\n"
	"event 5 sysctl 32 ifindex:i32:16:4 key:key:20:2 value:i32:24:4\n"
	"event 7 frame 32 number:u64:16:8 len:u16:24:2 bytes:bytes:28:4096\n"
	"event 8 note 72 text:text:16:50\n"
	"sysctl 0 arp_announce\n"
	"sysctl 1 arp_of_tomorrow\n"
	"remark 3 is passed over\n";

struct other_sysctl {
	uint64_t at_ns;
	uint16_t size;
	uint8_t kind, flags;
	uint16_t node, spare;
	int32_t ifindex;
	uint16_t key, spare2;
	int32_t value, spare3;
};

static void put_other(struct tape *t, const void *bytes, size_t len, uint64_t since_ns)
{
	tape_block(t, RECORDING_EVENTS, 1, bytes, len, since_ns);
}

static void other_begin(struct tape *t)
{
	tape_begin_bare(t, SCOPE_LAB);
	tape_block(t, RECORDING_LAYOUT, 0, other_layout, sizeof other_layout - 1, 0);
}

static void fields_are_matched_by_their_names(void **state)
{
	(void)state;
	struct tape t;
	struct recording_item item;
	other_begin(&t);
	struct other_neigh n = { .at_ns = TAPE_BEGAN_NS + SECOND,
		.size = sizeof n,
		.kind = 9,
		.flags = EVENT_NAMED,
		.node = 2,
		.colour = UINT64_MAX,
		.ip = 0x0201a8c0,
		.state = 4,
		.ifindex = 3,
		.mac_len = 6,
		.mac = { 2, 0, 0, 0, 0, 9 } };
	put_other(&t, &n, sizeof n, SECOND);
	struct other_sysctl s = { .at_ns = TAPE_BEGAN_NS + 2 * SECOND,
		.size = sizeof s,
		.kind = 5,
		.ifindex = 3,
		.value = 2 };
	put_other(&t, &s, sizeof s, 2 * SECOND);
	struct recording *r = opened(&t);
	assert_int_equal(recording_count(r), 2);
	assert_true(recording_next(r, &item));
	const struct event *e = item.event;
	assert_int_equal(e->kind, EVENT_NEIGH);
	assert_int_equal(e->flags, EVENT_NAMED);
	assert_int_equal(e->node, 2);
	assert_int_equal(e->neigh.ip, 0x0201a8c0);
	assert_int_equal(e->neigh.state, 4);
	assert_int_equal(e->neigh.ifindex, 3);
	assert_int_equal(e->neigh.mac[5], 9);
	assert_int_equal(e->neigh.probes, 0);
	assert_true(recording_next(r, &item));
	assert_int_equal(item.event->kind, EVENT_SYSCTL);
	assert_int_equal(item.event->sysctl.key, sysctl_find("arp_announce"));
	assert_int_equal(item.event->sysctl.value, 2);
	recording_free(r);
	tape_done(&t);
}

static void what_is_not_known_here_is_passed_over_and_counted(void **state)
{
	(void)state;
	struct tape t;
	struct recording_item item;
	other_begin(&t);
	uint8_t sunshine[24] __attribute__((aligned(8))) = { [8] = 24, [10] = 1 };
	put_other(&t, sunshine, sizeof sunshine, SECOND);
	struct other_sysctl s = { .at_ns = TAPE_BEGAN_NS, .size = sizeof s, .kind = 5, .key = 1 };
	put_other(&t, &s, sizeof s, SECOND);
	struct other_neigh n = {
		.at_ns = TAPE_BEGAN_NS, .size = sizeof n, .kind = 9, .state = 0x10000
	}; /* More than there is room for here. */
	put_other(&t, &n, sizeof n, SECOND);
	n.state = 2;
	put_other(&t, &n, sizeof n, SECOND);
	struct recording *r = opened(&t);
	assert_int_equal(recording_count(r), 1);
	assert_int_equal(recording_strange(r), 3);
	assert_true(recording_next(r, &item));
	assert_int_equal(item.event->neigh.state, 2);
	recording_seek(r, 0);
	assert_true(recording_next(r, &item));
	assert_int_equal(recording_strange(r), 3);
	recording_free(r);
	tape_done(&t);
}

static void longer_frames_and_shorter_texts_fit(void **state)
{
	(void)state;
	struct tape t;
	struct recording_item item;
	struct {
		uint64_t at_ns;
		uint16_t size;
		uint8_t kind, flags;
		uint16_t node, spare;
		uint64_t number;
		uint16_t len, caplen;
		uint8_t bytes[204];
	} f = { .at_ns = TAPE_BEGAN_NS,
		.size = sizeof f,
		.kind = 7,
		.number = 12,
		.len = 1500,
		.caplen = 200 };
	struct {
		uint64_t at_ns;
		uint16_t size;
		uint8_t kind, flags;
		uint16_t node, spare;
		char text[56];
	} n = { .at_ns = TAPE_BEGAN_NS, .size = sizeof n, .kind = 8, .text = "short" };
	memset(f.bytes, 0xab, sizeof f.bytes);
	other_begin(&t);
	put_other(&t, &f, sizeof f, SECOND);
	put_other(&t, &n, sizeof n, SECOND);
	f.caplen = 300; /* More than the event has: it cannot be. */
	put_other(&t, &f, sizeof f, SECOND);
	struct recording *r = opened(&t);
	assert_true(recording_next(r, &item));
	assert_int_equal(item.event->frame.number, 12);
	assert_int_equal(item.event->frame.caplen, FRAME_BYTES_MAX);
	assert_int_equal(item.event->frame.bytes[FRAME_BYTES_MAX - 1], 0xab);
	assert_true(recording_next(r, &item));
	assert_string_equal(item.event->note.text, "short");
	recording_free(r);
	tape_done(&t);
}

static void a_layout_that_is_none_is_damage(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"event x neigh 48\n",
		"event 9\n",
		"event 9 neigh 48 ip:ip:4:4\n",
		"event 9 neigh 48 ip:ip:46:4\n",
		"event 9 neigh 48 ip\n",
		"event 9 neigh 48\nevent 9 neigh 48\n",
		"sysctl 999 arp_ignore\n",
		"event 7 frame 32 bytes:bytes:17:64\n",
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct tape t;
		tape_begin_bare(&t, SCOPE_HOST);
		tape_block(&t, RECORDING_LAYOUT, 0, texts[i], strlen(texts[i]), 0);
		refused(&t, "damaged");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_checksum_is_crc_32),
		cmocka_unit_test(every_kind_of_event_is_read_as_it_was_written),
		cmocka_unit_test(texts_stand_between_events),
		cmocka_unit_test(any_item_can_be_the_next_one),
		cmocka_unit_test(a_moment_is_found),
		cmocka_unit_test(times_within_a_block_are_the_events_own),
		cmocka_unit_test(a_clock_that_is_set_does_not_move_the_recording),
		cmocka_unit_test(a_recording_without_end_says_so),
		cmocka_unit_test(a_cut_is_found_at_every_byte),
		cmocka_unit_test(a_changed_byte_is_found_everywhere),
		cmocka_unit_test(a_missing_block_is_found),
		cmocka_unit_test(an_event_that_cannot_be_ends_it),
		cmocka_unit_test(a_file_that_changes_meanwhile_ends_the_replay),
		cmocka_unit_test(what_is_no_recording_is_refused),
		cmocka_unit_test(another_version_says_who_made_it),
		cmocka_unit_test(fields_are_matched_by_their_names),
		cmocka_unit_test(what_is_not_known_here_is_passed_over_and_counted),
		cmocka_unit_test(longer_frames_and_shorter_texts_fit),
		cmocka_unit_test(a_layout_that_is_none_is_damage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
