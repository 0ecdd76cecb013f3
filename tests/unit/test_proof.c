/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a proof finds a lesson good only when each check is red before and green after. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <limits.h>

#include <cmocka.h>

#include <arplab/proof.h>

#include "plays.h"

#define ROUNDS 200

static struct made made;
static struct world world;
static struct proof proof;
static unsigned builds;
static uint64_t took_ns;       /* What the proof waited for. */
static unsigned collections;   /* How often the kernel will collect what has failed. */
static enum action_kind taker; /* At the end of which action what has failed goes. */

static int set_up(void **state)
{
	(void)state;
	world_init(&world, 1 << 16);
	lab_say(&world, 0, make_hello(SCOPE_LAB));
	made_two_steps(&made);
	builds = collections = 0;
	taker = ACTION_KINDS;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	proof_done(&proof);
	world_done(&world);
	return 0;
}

#define NOBODY ip4(192, 168, 2, 77)

static void tell(struct event e, uint16_t node, uint64_t now_ns)
{
	e.node = node;
	world_apply(&world, &e);
	proof_feed(&proof, &world, &e, now_ns);
}

static struct event failed_entry(uint8_t flags)
{
	struct event e = make_neigh(2000, 2, NOBODY, NUD_FAILED, 0);
	e.neigh.mac_len = 0;
	e.flags = flags;
	return e;
}

/* The action is answered. A ping to nobody leaves an entry that failed, and it may not stay. */
static void answer(const struct action *a, struct event done, uint64_t now_ns)
{
	if (a->kind == taker)
		tell(failed_entry(EVENT_GONE), a->node, now_ns);
	if (a->kind == ACTION_PING && a->ip == NOBODY)
		tell(failed_entry(0), a->node, now_ns);
	tell(done, done.node, now_ns);
	if (a->kind == ACTION_PING && a->ip == NOBODY && collections > 0) {
		collections--;
		tell(failed_entry(EVENT_GONE), a->node, now_ns);
	}
}

/* Play it in a lab that obeys at once; time passes only when nothing else happens. */
static void prove_by(bool anew, const struct past *past)
{
	uint64_t now_ns = NS_PER_S, wake_ns;
	struct action a;
	proof_init(&proof, &made.lesson, anew);
	proof.past = past;
	for (int i = 0; i < ROUNDS && !proof_over(&proof); i++) {
		enum play_want want = proof_wants(&proof, &world, now_ns, &a, &wake_ns);
		if (want == WANT_NOTHING) {
			if (proof_over(&proof))
				break;
			assert_true(wake_ns != UINT64_MAX);
			now_ns = wake_ns;
			continue;
		}
		builds += want == WANT_BUILD;
		answer(&a, lab_obey(&world, &made.topology, &a), now_ns);
	}
	assert_true(proof_over(&proof));
	took_ns = now_ns - NS_PER_S;
}

static void prove(bool anew)
{
	prove_by(anew, NULL);
}

static void a_good_lesson_is_red_before_and_green_after(void **state)
{
	(void)state;
	prove(false);
	assert_true(proof_good(&proof));
	assert_string_equal(proof.problem, "");
	assert_true(took_ns == 0); /* What is to be red is not waited for. */
	assert_int_equal(builds, 1);
	assert_int_equal(proof.predictions, 1);
	assert_int_equal(proof.count, 2);
	const struct proof_check *seen = &proof.checks[0], *task = &proof.checks[1];
	assert_int_equal(seen->step, 0);
	assert_int_equal(seen->item, CHECK);
	assert_false(seen->task);
	assert_int_equal(seen->claim_count, 1);
	assert_string_equal(
		seen->before[0].seen, "nobody answered who-has 192.168.2.200 (0); wanted: 3");
	assert_string_equal(
		seen->after[0].seen, "director, rs1 and rs2 answered who-has 192.168.2.200 (3)");
	assert_int_equal(task->step, 1);
	assert_int_equal(task->item, TASK_CHECK);
	assert_true(task->task);
	assert_int_equal(task->claim_count, 2);
	assert_string_equal(task->before[0].seen,
		"director, rs1 and rs2 answered who-has 192.168.2.200 (3); wanted: director "
		"alone");
	assert_true(task->before[1].holds);
	assert_string_equal(task->after[0].seen, "director answered who-has 192.168.2.200 (1)");
}

static void every_step_can_be_proved_in_a_lab_of_its_own(void **state)
{
	(void)state;
	made_quiet_step(&made);
	prove(true);
	assert_true(proof_good(&proof));
	assert_int_equal(builds, 3);
	assert_int_equal(proof.count, 3);
}

static void an_observation_that_holds_before_is_found(void **state)
{
	(void)state;
	made_step(&made, "nothing-happens");
	struct item *i = made_item(&made, ITEM_DO);
	made_order(&made, i, "flush client");
	i = made_item(&made, ITEM_CHECK);
	made_claim(&made, i, "address rs1 192.168.2.200 = lo");
	prove(false);
	assert_false(proof_good(&proof));
	assert_int_equal(proof.count, 3);
	assert_true(proof_check_good(&proof.checks[1]));
	assert_true(proof.checks[2].looked_before);
	assert_false(proof.checks[2].red_before);
	assert_true(proof.checks[2].green_after);
}

static void an_observation_is_looked_at_before_each_do(void **state)
{
	(void)state;
	/* What the first `do` brought is no evidence for the second: both are red before. */
	made_step(&made, "twice");
	for (int k = 0; k < 2; k++) {
		struct item *i = made_item(&made, ITEM_DO);
		made_order(&made, i, "arping client 192.168.2.101");
		i = made_item(&made, ITEM_CHECK);
		made_claim(&made, i, "replies 192.168.2.101 = rs1");
	}
	prove(false);
	assert_true(proof_good(&proof));
	assert_int_equal(proof.count, 4);
}

static void a_check_is_about_the_do_before_it(void **state)
{
	(void)state;
	/* The second holds before the first `do`; it is the second one that makes it hold. */
	made_step(&made, "there-and-back");
	for (int k = 1; k >= 0; k--) {
		struct item *i = made_item(&made, ITEM_DO);
		made_order(&made, i,
			k ? "set client all.arp_ignore 1" : "set client all.arp_ignore 0");
		i = made_item(&made, ITEM_CHECK);
		made_claim(&made, i,
			k ? "sysctl client all.arp_ignore = 1"
			  : "sysctl client all.arp_ignore = 0");
	}
	prove(false);
	assert_true(proof_good(&proof));
	assert_int_equal(proof.count, 4);
}

static void a_check_that_brings_its_own_traffic_is_proved(void **state)
{
	(void)state;
	made_step(&made, "by-itself");
	struct item *i = made_item(&made, ITEM_CHECK);
	made_order(&made, i, "ping client 192.168.2.101");
	made_claim(&made, i, "ping client 192.168.2.101 = answered");
	prove(false);
	assert_true(proof_good(&proof));
	assert_string_equal(proof.checks[2].before[0].seen,
		"client sent no ping to 192.168.2.101; wanted: answered");
}

static void a_task_that_is_solved_already_is_found(void **state)
{
	(void)state;
	made_quiet_step(&made);
	made.claims[made.claim_count - 1].number = 0;
	prove(false);
	assert_false(proof_good(&proof));
	assert_int_equal(proof.count, 3);
	assert_false(proof.checks[2].red_before);
	assert_true(proof.checks[2].green_after);
}

static void a_task_with_traffic_that_is_solved_already_is_found(void **state)
{
	(void)state;
	made.items[1][TASK_DO].orders = made.items[1][TASK_SOLVE].orders;
	made_step(&made, "never");
	struct item *i = made_item(&made, ITEM_DO);
	made_order(&made, i, "flush client");
	i = made_item(&made, ITEM_CHECK);
	made_claim(&made, i, "sent client > 0");
	prove(false);
	assert_false(proof_good(&proof));
	assert_int_equal(proof.count, 3);
	assert_false(proof.checks[2].green_after);
	assert_true(took_ns == 2 * NS_PER_S); /* What comes behind it gets its time. */
	assert_false(proof.checks[1].red_before);
	assert_true(proof.checks[1].green_after);
}

static void what_stays_red_is_found_and_left(void **state)
{
	(void)state;
	made.claims[0].number = 4;
	prove(false);
	assert_false(proof_good(&proof));
	assert_int_equal(proof.count, 2);
	assert_true(proof.checks[0].red_before);
	assert_true(proof.checks[0].looked_after);
	assert_false(proof.checks[0].green_after);
	assert_string_equal(proof.checks[0].after[0].seen,
		"director, rs1 and rs2 answered who-has 192.168.2.200 (3); wanted: 4");
	assert_true(proof_check_good(&proof.checks[1]));
	assert_int_equal(builds, 2);
	assert_int_equal(proof.play.steps[0].outcome, STEP_PLAYING); /* Not what is skipped. */
}

static void a_solution_that_does_not_solve_is_found(void **state)
{
	(void)state;
	made_quiet_step(&made);
	made.items[1][TASK_SOLVE].orders[0].action.key = (uint16_t)sysctl_find("arp_notify");
	prove(false);
	assert_false(proof_good(&proof));
	assert_int_equal(proof.count, 3);
	assert_true(proof.checks[1].red_before);
	assert_false(proof.checks[1].green_after);
	assert_true(took_ns == 2 * NS_PER_S); /* What is to be green gets its time. */
	assert_true(proof_check_good(&proof.checks[2]));
}

/* A step after which an entry stands that failed; and one behind it. */
static void made_failing_steps(const char *then)
{
	made_step(&made, "nobody-there");
	struct item *i = made_item(&made, ITEM_DO);
	made_order(&made, i, "ping client 192.168.2.77");
	made_order(&made, i, then);
	i = made_item(&made, ITEM_CHECK);
	made_claim(&made, i, "state client 192.168.2.77 = FAILED");
	made_quiet_step(&made);
}

static void what_the_kernel_collects_makes_a_step_void(void **state)
{
	(void)state;
	made_failing_steps("flush director");
	collections = 2;
	prove(false);
	assert_true(proof_good(&proof));
	assert_int_equal(proof.count, 4);
	assert_int_equal(proof.again_total, 2);
	assert_int_equal(builds, 3);
	assert_string_equal(proof.checks[2].after[0].seen,
		"client has an entry without a MAC for 192.168.2.77, FAILED");
}

static void a_step_is_not_played_again_for_ever(void **state)
{
	(void)state;
	made_failing_steps("flush director");
	collections = UINT_MAX;
	prove(false);
	assert_false(proof_good(&proof));
	assert_int_equal(proof.again_total, PROOF_AGAIN_MOST);
	assert_true(proof.checks[2].looked_after);
	assert_false(proof.checks[2].green_after);
	assert_true(proof_check_good(&proof.checks[3]));
}

static void what_an_order_takes_away_is_not_collected(void **state)
{
	(void)state;
	made_failing_steps("flush client");
	taker = ACTION_FLUSH;
	prove(false);
	assert_false(proof_good(&proof));
	assert_int_equal(proof.again_total, 0);
	assert_false(proof.checks[2].green_after);
}

static void predictions_must_be_whole(void **state)
{
	(void)state;
	static char nothing[] = "";
	made.choices[2].right = false;
	prove(false);
	assert_string_equal(proof.problem, "a prediction has no right choice");
	assert_false(proof_good(&proof));
	proof_done(&proof);
	made.choices[2].right = true;
	made.choices[0].reply = nothing;
	prove(false);
	assert_string_equal(proof.problem, "a prediction has a choice without a name or a reply");
}

static void refused_orders_are_told_with_their_lines(void **state)
{
	(void)state;
	made_step(&made, "refused");
	struct item *i = made_item(&made, ITEM_DO);
	made_order(&made, i, "route add client 10.0.0.0/8 dev eth0");
	made_order(&made, i, "route add rs1,rs2 10.0.0.0/8 dev eth0");
	prove(false);
	assert_false(proof_good(&proof));
	assert_int_equal(proof.refusal_count, 3);
	assert_int_equal(proof.refusals[0].step, 2);
	assert_int_equal(proof.refusals[0].line, i->orders[0].line);
	assert_int_equal(proof.refusals[2].line, i->orders[1].line);
	assert_string_equal(proof.refusals[0].text, "there is no such network");
}

static void a_ladder_without_a_frame_is_told_with_its_line(void **state)
{
	(void)state;
	struct ladder ladder = {
		.question = QUESTION_ANSWER, .node = RS1, .ip = LAB_VIP, .line = 77
	};
	struct past *nothing_known = past_new();
	struct item *i = made_item(&made, ITEM_WHY);
	i->ladders = &ladder;
	i->ladder_count = 1;
	prove_by(false, nothing_known);
	assert_false(proof_good(&proof));
	assert_int_equal(proof.refusal_count, 1);
	assert_int_equal(proof.refusals[0].line, 77);
	assert_string_equal(
		proof.refusals[0].text, "the step has no frame that this ladder is about");
	proof_done(&proof);
	prove(false); /* Who has no past asks for no ladders. */
	assert_true(proof_good(&proof));
	past_free(nothing_known);
}

static void a_lab_that_cannot_be_built_ends_it(void **state)
{
	(void)state;
	struct action a;
	uint64_t wake_ns;
	proof_init(&proof, &made.lesson, false);
	assert_int_equal(proof_wants(&proof, &world, 1, &a, &wake_ns), WANT_BUILD);
	struct event done = make(EVENT_DONE, 1);
	done.done.id = a.id;
	done.done.error = -EPERM;
	text_copy(done.done.text, sizeof done.done.text, "user namespaces are forbidden");
	proof_feed(&proof, &world, &done, 1);
	assert_int_equal(proof_wants(&proof, &world, 1, &a, &wake_ns), WANT_NOTHING);
	assert_true(proof_over(&proof));
	assert_false(proof_good(&proof));
	assert_string_equal(proof.problem, "user namespaces are forbidden");
	assert_int_equal(proof.refusal_count, 0);
}

static void what_cannot_be_played_here_is_no_failure(void **state)
{
	(void)state;
	text_copy(made.steps[0].needs, sizeof made.steps[0].needs, "a_moon");
	prove(false);
	assert_true(proof_good(&proof));
	assert_int_equal(proof.count, 1);
	assert_int_equal(proof.play.steps[0].outcome, STEP_SKIPPED);
	assert_int_equal(proof.play.steps[1].outcome, STEP_SHOWN);
}

static void nothing_to_play_is_good(void **state)
{
	(void)state;
	made.lesson.step_count = 0;
	prove(false);
	assert_true(proof_good(&proof));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_good_lesson_is_red_before_and_green_after, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			every_step_can_be_proved_in_a_lab_of_its_own, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_observation_that_holds_before_is_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_observation_is_looked_at_before_each_do, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_check_is_about_the_do_before_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_check_that_brings_its_own_traffic_is_proved, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_task_that_is_solved_already_is_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_task_with_traffic_that_is_solved_already_is_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_stays_red_is_found_and_left, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_solution_that_does_not_solve_is_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_the_kernel_collects_makes_a_step_void, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_step_is_not_played_again_for_ever, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_an_order_takes_away_is_not_collected, set_up, tear_down),
		cmocka_unit_test_setup_teardown(predictions_must_be_whole, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			refused_orders_are_told_with_their_lines, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_ladder_without_a_frame_is_told_with_its_line, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_lab_that_cannot_be_built_ends_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_cannot_be_played_here_is_no_failure, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing_to_play_is_good, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
