/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: the ring of frames gives back what was put in, or nothing, never another frame. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arplab/frames.h>

#include "streams.h"

/* A frame whose bytes follow from its position alone. */
static struct event frame_of(uint64_t position, uint64_t salt)
{
	struct event e = make(EVENT_FRAME, position + 1);
	uint64_t seed = position * 7919 + salt;
	e.frame.number = position + 1;
	e.frame.caplen = (uint16_t)rng_below(&seed, FRAME_BYTES_MAX + 1);
	rng_bytes(&seed, e.frame.bytes, e.frame.caplen);
	event_begin(&e, EVENT_FRAME, position + 1);
	return e;
}

/* Every position near the ring's ends is right, and none before the first is there. */
static void assert_right(const struct frames *f, uint64_t salt)
{
	for (uint64_t p = f->first > 300 ? f->first - 300 : 0; p < f->first; p++)
		assert_null(frames_at(f, p));
	for (uint64_t p = f->first; p < f->first + f->count; p++) {
		struct event want = frame_of(p, salt);
		const struct event *have = frames_at(f, p);
		assert_non_null(have);
		assert_int_equal(have->size, want.size);
		assert_memory_equal(have, &want, want.size);
	}
	assert_null(frames_at(f, f->first + f->count));
	assert_null(frames_at(f, UINT64_MAX));
}

static uint64_t bytes_held(const struct frames *f)
{
	uint64_t sum = 0;
	for (uint64_t p = f->first; p < f->first + f->count; p++)
		sum += frames_at(f, p)->size;
	return sum;
}

static void fill(size_t size, uint64_t pushes, uint64_t salt)
{
	struct frames f;
	uint64_t seed = salt;

	frames_init(&f, size);
	for (uint64_t p = 0; p < pushes; p++) {
		struct event e = frame_of(p, salt);
		frames_push(&f, &e);
		assert_true(f.first + f.count == p + 1);
		assert_memory_equal(frames_at(&f, p), &e, e.size);
		if (rng_below(&seed, 500) == 0 || p < 300)
			assert_right(&f, salt);
	}
	/* The oldest give way only for room: what is held fills the ring but for the seams. */
	assert_true(bytes_held(&f) <= size);
	assert_true(bytes_held(&f) + 3 * sizeof(struct event) > size);
	frames_done(&f);
}

static void frames_of_any_length_come_back_whole(void **state)
{
	(void)state;
	fill(4096, 60000, 1);
	fill(4104, 60000, 2);
	fill(10007, 60000, 3);
	fill(65536, 60000, 4);
}

/* The shortest frames are the most that a ring can hold. */
static void frames_without_bytes_come_back_too(void **state)
{
	(void)state;
	struct frames f;
	struct event e = make(EVENT_FRAME, 1);

	frames_init(&f, 4096);
	for (uint64_t p = 0; p < 1000; p++) {
		e.frame.number = p + 1;
		frames_push(&f, &e);
		assert_int_equal(f.count, p < 128 ? p + 1 : 128);
		for (uint64_t q = f.first; q <= p; q++)
			assert_true(frames_at(&f, q)->frame.number == q + 1);
	}
	frames_done(&f);
}

static void a_reset_forgets_all_and_goes_on_elsewhere(void **state)
{
	(void)state;
	struct frames f;
	uint64_t seed = 5, position = 0, floor = 0;

	frames_init(&f, 8192);
	for (int step = 0; step < 100000; step++) {
		if (rng_below(&seed, 300) == 0) {
			position = floor = rng_next(&seed) >> 20;
			frames_reset(&f, position);
			assert_int_equal(f.count, 0);
			assert_null(frames_at(&f, position));
			assert_null(frames_at(&f, position - 1));
		}
		struct event e = frame_of(position, 6);
		frames_push(&f, &e);
		assert_true(f.first >= floor);
		assert_true(f.first + f.count == ++position);
		if (step % 100 == 0)
			assert_right(&f, 6);
	}
	frames_done(&f);
	assert_null(f.bytes);
}

static void an_empty_ring_holds_nothing(void **state)
{
	(void)state;
	struct frames f;

	frames_init(&f, 4096);
	assert_null(frames_at(&f, 0));
	assert_null(frames_at(&f, UINT64_MAX));
	frames_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_of_any_length_come_back_whole),
		cmocka_unit_test(frames_without_bytes_come_back_too),
		cmocka_unit_test(a_reset_forgets_all_and_goes_on_elsewhere),
		cmocka_unit_test(an_empty_ring_holds_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
