/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: events of several sources come out in order of time, each of them once. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <malloc.h>

#include <arplab/clock.h>
#include <arplab/merge.h>

#include "streams.h"

#define SOURCES 4
#define EVENTS 50000

/* A source tells of its events in order, each some time after it happened. */
struct source {
	uint64_t told_ns; /* Everything that happened up to here has been pushed. */
	uint64_t next_ns, count;
};

/* Source 0 is everything but frames; the others are captures. */
static struct event event_of(int source, uint64_t number, uint64_t at_ns, uint64_t *seed)
{
	if (source == 0) {
		struct event e = make(number % 3 ? EVENT_NEIGH : EVENT_NOTE, at_ns);
		if (e.kind == EVENT_NEIGH)
			e.neigh.refs = (uint32_t)number;
		else
			e.note.spare = (uint32_t)number;
		return e;
	}
	struct event e = make(EVENT_FRAME, at_ns);
	e.frame.ifindex = source;
	e.frame.number = number;
	e.frame.caplen = (uint16_t)rng_below(seed, FRAME_BYTES_MAX + 1);
	memset(e.frame.bytes, (int)(number & 0xff), e.frame.caplen);
	event_begin(&e, EVENT_FRAME, at_ns);
	return e;
}

static int source_of(const struct event *e, uint64_t *ret_number)
{
	*ret_number = e->kind == EVENT_FRAME   ? e->frame.number
		      : e->kind == EVENT_NEIGH ? e->neigh.refs
					       : e->note.spare;
	return e->kind == EVENT_FRAME ? e->frame.ifindex : 0;
}

/* Let a source tell of what happened in it up to a time. */
static void tell(struct merge *m, struct source *s, int source, uint64_t until_ns, uint64_t *seed)
{
	while (s->count < EVENTS && s->next_ns <= until_ns) {
		struct event e = event_of(source, s->count, s->next_ns, seed);
		merge_push(m, &e);
		s->count++;
		/* Many at once, and some at the same moment. */
		s->next_ns += rng_below(seed, 3) == 0 ? rng_below(seed, 2000) : rng_below(seed, 3);
	}
	s->told_ns = until_ns;
}

static void any_interleaving_comes_out_sorted_and_complete(void **state)
{
	(void)state;
	struct merge m;
	struct source sources[SOURCES] = { 0 };
	uint64_t seen[SOURCES] = { 0 }, seed = 11, last_ns = 0, total = 0;
	uint64_t pushed = 0;

	merge_init(&m);
	while (total < (uint64_t)SOURCES * EVENTS) {
		int i = (int)rng_below(&seed, SOURCES);
		tell(&m, &sources[i], i, sources[i].told_ns + rng_below(&seed, 400000), &seed);
		uint64_t safe = UINT64_MAX;
		for (int k = 0; k < SOURCES; k++)
			if (sources[k].count < EVENTS && sources[k].told_ns < safe)
				safe = sources[k].told_ns;
		const struct event *e;
		while ((e = merge_pop(&m, safe))) {
			uint64_t number;
			int from = source_of(e, &number);
			assert_true(e->at_ns >= last_ns && e->at_ns <= safe);
			assert_true(number == seen[from]++);
			last_ns = e->at_ns;
			total++;
			for (uint16_t b = 0; e->kind == EVENT_FRAME && b < e->frame.caplen; b++)
				assert_int_equal(e->frame.bytes[b], number & 0xff);
		}
		assert_true(safe == UINT64_MAX || merge_next_ns(&m) > safe);
		for (int k = 0; k < SOURCES; k++)
			pushed += sources[k].count;
		assert_int_equal(m.waiting, pushed - total);
		pushed = 0;
	}
	assert_null(merge_pop(&m, UINT64_MAX));
	assert_true(merge_next_ns(&m) == UINT64_MAX);
	merge_done(&m);
}

static void nothing_comes_out_before_its_time(void **state)
{
	(void)state;
	struct merge m;
	struct event late = make_frame(200, 1, 2, ARP_OP_REQUEST, 1, 2);
	struct event early = make_note(100, "earlier");

	merge_init(&m);
	assert_true(merge_next_ns(&m) == UINT64_MAX);
	assert_null(merge_pop(&m, UINT64_MAX));
	merge_push(&m, &late);
	merge_push(&m, &early);
	assert_true(merge_next_ns(&m) == 100);
	assert_null(merge_pop(&m, 99));
	assert_int_equal(merge_pop(&m, 100)->kind, EVENT_NOTE);
	assert_null(merge_pop(&m, 199));
	assert_int_equal(merge_pop(&m, 200)->kind, EVENT_FRAME);
	merge_done(&m);
	merge_done(&m); /* Twice is fine. */
}

/* One that is late for whatever reason is handed out at once. */
static void an_event_that_comes_too_late_is_not_lost(void **state)
{
	(void)state;
	struct merge m;
	struct event a = make_frame(500, 1, 2, ARP_OP_REQUEST, 1, 2);
	struct event b = make_frame(400, 1, 3, ARP_OP_REQUEST, 1, 2);

	merge_init(&m);
	merge_push(&m, &a);
	assert_non_null(merge_pop(&m, 600));
	merge_push(&m, &b);
	assert_true(merge_pop(&m, 600)->at_ns == 400);
	merge_done(&m);
}

/* A queue that never runs dry must not grow for ever. */
static void a_steady_stream_needs_no_more_room_than_what_waits(void **state)
{
	(void)state;
	struct merge m;
	struct event e = make_frame(0, 1, 2, ARP_OP_REQUEST, 1, 2);

	merge_init(&m);
	size_t before = 0;
	for (uint64_t t = 1; t <= 2000000; t++) {
		e.at_ns = t;
		merge_push(&m, &e);
		if (t > 1000)
			assert_true(merge_pop(&m, t)->at_ns == t - 1000);
		if (t == 100000)
			before = mallinfo2().uordblks + mallinfo2().hblkhd;
	}
	/* Under a sanitizer the allocator tells nothing, and both are 0. */
	assert_true(mallinfo2().uordblks + mallinfo2().hblkhd <= before + 65536);
	merge_done(&m);
}

/* By an hour: what waits from before does not hold up what comes now. */
static void a_clock_that_was_set_back_stops_nothing(void **state)
{
	(void)state;
	struct merge m;
	struct event e = make_frame(0, 1, 2, ARP_OP_REQUEST, 1, 2);

	merge_init(&m);
	e.at_ns = 3700 * NS_PER_S;
	merge_push(&m, &e);
	e.at_ns = 100 * NS_PER_S;
	merge_push(&m, &e);
	assert_true(merge_pop(&m, 101 * NS_PER_S)->at_ns == 3700 * NS_PER_S);
	assert_true(merge_pop(&m, 101 * NS_PER_S)->at_ns == 100 * NS_PER_S);
	merge_done(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_interleaving_comes_out_sorted_and_complete),
		cmocka_unit_test(nothing_comes_out_before_its_time),
		cmocka_unit_test(an_event_that_comes_too_late_is_not_lost),
		cmocka_unit_test(a_steady_stream_needs_no_more_room_than_what_waits),
		cmocka_unit_test(a_clock_that_was_set_back_stops_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
