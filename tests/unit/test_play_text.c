/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: all that is to be seen of a play survives as text; what does not fit the lesson does not.
 */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plays.h"

static struct made made;
static struct world world;
static struct play play;
static uint64_t now_ns;

static int set_up(void **state)
{
	(void)state;
	world_init(&world, 1 << 16);
	lab_say(&world, 0, make_hello(SCOPE_LAB));
	made_two_steps(&made);
	play_init(&play, &made.lesson, false);
	now_ns = UINT64_C(1000000000);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	world_done(&world);
	return 0;
}

static size_t written(const struct play *p, char *bytes)
{
	struct text t = text_in(bytes, PLAY_TEXT_MAX);
	play_write(p, &t);
	text_end(&t);
	assert_false(t.cut);
	return t.len;
}

/* What a person sees of the play is what they see of the one that was read. */
static void survives(void)
{
	char text[PLAY_TEXT_MAX], again[PLAY_TEXT_MAX];
	struct play p;
	struct err err = { "" };
	size_t len = written(&play, text);
	if (play_read(&p, &made.lesson, text, len, &err) < 0)
		fail_msg("%s\n%s", err.text, text);
	written(&p, again);
	assert_string_equal(again, text);
	assert_int_equal(p.phase, play.phase);
	assert_int_equal(p.step, play.step);
	assert_int_equal(p.item, play.item);
	assert_string_equal(play_entering(&p), play_entering(&play));
	assert_memory_equal(p.steps, play.steps, sizeof p.steps);
	assert_memory_equal(p.chosen, play.chosen, sizeof p.chosen);
	assert_int_equal(p.claim_count, play.claim_count);
	for (size_t i = 0; i < p.claim_count; i++) {
		assert_int_equal(p.claims[i].holds, play.claims[i].holds);
		assert_string_equal(p.claims[i].seen, play.claims[i].seen);
	}
	assert_int_equal(p.first_frame, play.first_frame);
	assert_int_equal(p.end_frame, play.end_frame);
	assert_string_equal(p.said, play.said);
	for (size_t i = 0; i < made.steps[play.step].item_count; i++) {
		assert_int_equal(play_shows(&p, i), play_shows(&play, i));
		assert_int_equal(play_replied(&p, i), play_replied(&play, i));
	}
}

/* Obey until nothing more is wanted, and look at every turn. */
static void run(void)
{
	struct action a;
	uint64_t wake_ns;
	survives();
	while (play_wants(&play, &world, now_ns, &a, &wake_ns) != WANT_NOTHING) {
		survives();
		struct event done = lab_obey(&world, &made.topology, &a);
		world_apply(&world, &done);
		play_feed(&play, &world, &done, now_ns);
	}
	survives();
}

static void enter(void)
{
	play_enter(&play, &world, now_ns);
	run();
}

static void every_moment_of_a_lesson_survives(void **state)
{
	(void)state;
	play_start(&play, 0);
	run();
	assert_int_equal(play.phase, PLAY_PREDICT);
	play_predict(&play, 1);
	run();
	enter(); /* Do it; the check holds. */
	assert_int_equal(play.phase, PLAY_STEP_DONE);
	enter(); /* The next step. */
	enter(); /* Do it. */
	assert_int_equal(play.phase, PLAY_TASK);
	play_hint(&play);
	survives();
	enter(); /* Check: red. */
	now_ns += UINT64_C(5000000000);
	run();
	assert_true(play.claim_count > 0);
	play_solve(&play, &world, now_ns);
	run();
	assert_int_equal(play.phase, PLAY_STEP_DONE);
	play_why(&play);
	run();
	enter();
	assert_int_equal(play.phase, PLAY_FINISHED);
	play_reset(&play);
	survives();
	play_skip(&play);
	run();
}

/* Sentences come from outside: from kernels and from teachers. */
static void odd_sentences_survive(void **state)
{
	(void)state;
	play_start(&play, 0);
	run();
	text_copy(play.said, sizeof play.said, "a = b\n%41 \"\xc3\xa4\" \x7f end");
	memset(play.reason, ' ', sizeof play.reason - 1);
	survives();
	memset(play.said, '\xff', sizeof play.said - 1);
	survives();
}

static void what_does_not_fit_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"",
		"\n",
		"menu\n",
		"step number=1\n",
		"play\n",
		"play phase=menu step=1 item=1\n",
		"play phase=ready step=1 item=1\n",   /* Prose stands there. */
		"play phase=predict step=1 item=3\n", /* A `do`. */
		"play phase=task step=1 item=6\n",    /* Nothing. */
		"play phase=done step=1 item=7\n",
		"play phase=done step=3 item=1\n",
		"play phase=done step=0 item=1\n",
		"play phase=done step=1 item=1 check_item=1\n",
		"play phase=done step=1 item=1 hints=300\n",
		"play phase=done step=1 item=1 colour=1\n",
		"play phase=nonsense step=1 item=1\n",
		"play phase=done step=1 item=1\nplay phase=done step=1 item=1\n",
		"play phase=done step=1 item=1\nstep number=3\n",
		"play phase=done step=1 item=1\nchosen item=2 choice=4\n",
		"play phase=done step=1 item=1\nchosen item=2\n",
		"play phase=done step=1 item=1\nchosen item=1 choice=1\n",
		"play phase=done step=1 item=1\nchosen item=0 choice=1\n",
		"play phase=done step=1 item=1\nclaim number=1\n",
		"play phase=done step=1 item=1 check_item=4\nclaim number=2\n",
		"play phase=done step=1 item=1 check_item=4\nclaim number=1\nclaim number=2\n",
		"play phase=done step=1 item=1\nnonsense\n",
	};
	struct play p;
	memset(&p, 0xaa, sizeof p);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct err err = { "" };
		if (play_read(&p, &made.lesson, texts[i], strlen(texts[i]), &err) == 0)
			fail_msg("taken: %s", texts[i]);
		assert_true(err.text[0]);
		assert_true(((const uint8_t *)&p)[0] == 0xaa);
	}
}

static void the_least_is_enough(void **state)
{
	(void)state;
	static const char text[] = "play phase=done step=2 item=1";
	struct play p;
	assert_int_equal(play_read(&p, &made.lesson, text, sizeof text - 1, NULL), 0);
	assert_int_equal(p.step, 1);
	assert_int_equal(p.check_item, SIZE_MAX);
	assert_int_equal(p.first_frame, UINT64_MAX);
	assert_int_equal(p.chosen[0], -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			every_moment_of_a_lesson_survives, set_up, tear_down),
		cmocka_unit_test_setup_teardown(odd_sentences_survive, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_does_not_fit_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_least_is_enough, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
