/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a lesson is played from prediction to solution, and the lab is as each step needs it. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plays.h"

#define MS UINT64_C(1000000)

static struct made made;
static struct world world;
static struct play play;
static uint64_t now_ns, wake_ns;
static unsigned builds;
static char sent[2000]; /* The actions that were wanted, by kind and machine. */

static int set_up(void **state)
{
	(void)state;
	world_init(&world, 1 << 16);
	lab_say(&world, 0, make_hello(SCOPE_LAB));
	made_two_steps(&made);
	play_init(&play, &made.lesson, false);
	now_ns = 1000 * MS;
	builds = 0;
	sent[0] = '\0';
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	world_done(&world);
	return 0;
}

static void note(const struct action *a)
{
	static const char *const kinds[ACTION_KINDS] = { [ACTION_BUILD] = "build",
		[ACTION_SET] = "set",
		[ACTION_FLUSH] = "flush",
		[ACTION_ARPING] = "arping",
		[ACTION_PORT] = "port",
		[ACTION_ROUTE] = "route",
		[ACTION_ADDR] = "addr",
		[ACTION_LOOK_NEIGH] = "look" };
	struct text t = text_in(sent, sizeof sent);
	t.len = strlen(sent);
	text_printf(&t, "%s%s", t.len ? " " : "", kinds[a->kind] ? kinds[a->kind] : "?");
	if (a->node)
		text_printf(&t, " %s", world_name(&world, a->node));
	text_end(&t);
}

static void answer(const struct event *e)
{
	world_apply(&world, e);
	play_feed(&play, &world, e, now_ns);
}

/* One want, noted but not obeyed. */
static enum play_want wants(struct action *ret)
{
	enum play_want want = play_wants(&play, &world, now_ns, ret, &wake_ns);
	if (want != WANT_NOTHING) {
		assert_true(ret->id > PLAY_FIRST_ID);
		assert_int_equal(ret->kind == ACTION_BUILD, want == WANT_BUILD);
		builds += want == WANT_BUILD;
		note(ret);
	}
	return want;
}

/* Obey until nothing more is wanted. */
static void run(void)
{
	struct action a;
	while (wants(&a) != WANT_NOTHING) {
		struct event done = lab_obey(&world, &made.topology, &a);
		answer(&done);
	}
}

static void press_enter(const char *label)
{
	assert_string_equal(play_entering(&play), label);
	play_enter(&play, &world, now_ns);
	run();
}

static void at(enum play_phase phase, size_t step, size_t item)
{
	assert_int_equal(play.phase, phase);
	assert_int_equal(play.step, step);
	assert_int_equal(play.item, item);
}

/* The items that are to be seen, as digits. */
static void shows(const char *expected)
{
	char digits[16] = "";
	for (size_t i = 0; i < made.steps[play.step].item_count; i++)
		if (play_shows(&play, i))
			strcat(digits, (char[]) { (char)('0' + i), '\0' });
	assert_string_equal(digits, expected);
}

static void begin_task(void)
{
	play_start(&play, 1);
	run();
	press_enter("do it");
	at(PLAY_TASK, 1, TASK_CHECK);
	sent[0] = '\0';
}

/* ---- an observing step ---- */

static void a_step_is_predicted_observed_explained(void **state)
{
	(void)state;
	struct action a;
	play_start(&play, 0);
	at(PLAY_BUILDING, 0, 0);
	assert_string_equal(play_entering(&play), "");
	run();
	assert_string_equal(sent, "build");
	at(PLAY_PREDICT, 0, PREDICT);
	assert_int_equal(play.steps[0].outcome, STEP_PLAYING);
	shows("01");

	play_predict(&play, 7); /* There is no such choice. */
	at(PLAY_PREDICT, 0, PREDICT);
	play_predict(&play, 0);
	at(PLAY_READY, 0, DO);
	shows("012");
	assert_false(play_replied(&play, PREDICT));

	press_enter("do it");
	assert_string_equal(sent, "build flush client arping client");
	at(PLAY_STEP_DONE, 0, 5);
	shows("01234");
	assert_true(play_replied(&play, PREDICT));
	assert_int_equal(play.checks, 1);
	assert_true(play.held);
	assert_int_equal(play.check_item, CHECK);
	assert_string_equal(
		play.claims[0].seen, "director, rs1 and rs2 answered who-has 192.168.2.200 (3)");
	assert_int_equal(play.steps[0].outcome, STEP_SOLVED);
	assert_int_equal(wants(&a), WANT_NOTHING);
	assert_true(wake_ns == UINT64_MAX);
}

static void predictions_are_scored_once(void **state)
{
	(void)state;
	unsigned right, made_;
	play_start(&play, 0);
	run();
	play_predict(&play, 1);
	play_score(&play, &right, &made_);
	assert_int_equal(right, 0);
	assert_int_equal(made_, 1);
	/* A reset does not ask again. */
	play_reset(&play);
	run();
	at(PLAY_READY, 0, DO);
	assert_int_equal(play.chosen[PREDICT], 1);
	/* The step from its beginning does, but what was said first counts. */
	play_start(&play, 0);
	run();
	at(PLAY_PREDICT, 0, PREDICT);
	play_predict(&play, 2);
	play_score(&play, &right, &made_);
	assert_int_equal(right, 0);
	assert_int_equal(made_, 1);
}

static void a_right_prediction_counts(void **state)
{
	(void)state;
	unsigned right, made_;
	play_start(&play, 0);
	run();
	play_predict(&play, 2);
	play_score(&play, &right, &made_);
	assert_int_equal(right, 1);
	assert_int_equal(made_, 1);
}

static void an_order_waits_for_its_answer(void **state)
{
	(void)state;
	struct action a;
	play_start(&play, 0);
	run();
	play_predict(&play, 2);
	play_enter(&play, &world, now_ns);
	assert_int_equal(wants(&a), WANT_ACTION);
	assert_int_equal(a.kind, ACTION_FLUSH);
	at(PLAY_DOING, 0, DO);
	assert_int_equal(play.work, WORK_DO);
	assert_int_equal(play.work_order, 0);
	struct event other = make(EVENT_DONE, 1), own = other;
	other.done.id = 7;
	answer(&other);
	assert_int_equal(wants(&a), WANT_NOTHING);
	own.done.id = a.id;
	answer(&own);
	assert_int_equal(wants(&a), WANT_ACTION);
	assert_int_equal(a.kind, ACTION_ARPING);
	assert_int_equal(a.node, CLIENT);
}

static void claims_are_looked_at_until_their_time_is_up(void **state)
{
	(void)state;
	struct action a;
	made.claims[0].number = 4; /* More than there are. */
	play_start(&play, 0);
	run();
	play_predict(&play, 2);
	press_enter("do it");
	at(PLAY_LOOKING, 0, CHECK);
	assert_int_equal(play.checks, 0);
	assert_true(wake_ns == now_ns + 2000 * MS);
	now_ns += 1000 * MS;
	run();
	at(PLAY_LOOKING, 0, CHECK);
	now_ns += 1000 * MS;
	assert_int_equal(wants(&a), WANT_NOTHING);
	at(PLAY_TASK, 0, CHECK);
	assert_int_equal(play.checks, 1);
	assert_false(play.held);
	assert_false(play_replied(&play, PREDICT));
	assert_string_equal(play.claims[0].seen,
		"director, rs1 and rs2 answered who-has 192.168.2.200 (3); wanted: 4");
	shows("0123");
	assert_false(play_solve(&play, &world, now_ns));

	/* The same once more: what was seen the first time is no evidence any more. */
	sent[0] = '\0';
	press_enter("do it again");
	assert_string_equal(sent, "flush client arping client");
	at(PLAY_LOOKING, 0, CHECK);
	shows("0123");
	/* A fourth answer within the time. */
	now_ns += 500 * MS;
	lab_answers(&world, CLIENT, LAB_VIP);
	run();
	at(PLAY_STEP_DONE, 0, 5);
}

static void caches_are_looked_at_before_claims_about_them(void **state)
{
	(void)state;
	struct action a;
	struct err err;
	struct event done = make(EVENT_DONE, 1);
	assert_int_equal(claim_parse("state rs1 192.168.2.222 = DELAY", &made.topology,
				 &made.claims[0], &err),
		0);
	play_start(&play, 0);
	run();
	play_predict(&play, 2);
	sent[0] = '\0';
	press_enter("do it");
	/* Each of its interfaces may have the entry; when the time is up, once more. */
	assert_string_equal(sent, "flush client arping client look rs1 look rs1");
	assert_string_equal(play.said, "done");
	at(PLAY_LOOKING, 0, CHECK);
	assert_true(wake_ns == now_ns + 2000 * MS);
	now_ns += 2000 * MS;
	assert_int_equal(wants(&a), WANT_ACTION);
	assert_int_equal(a.kind, ACTION_LOOK_NEIGH);
	assert_int_equal(a.ifindex, 2);
	assert_true(a.ip == LAB_CLIENT);
	at(PLAY_LOOKING, 0, CHECK);
	/* The kernel did not tell of it before it was asked. */
	lab_neigh(&world, RS1, LAB_CLIENT, NUD_DELAY, CLIENT);
	done.done.id = a.id;
	answer(&done);
	run();
	at(PLAY_STEP_DONE, 0, 5);
}

static void what_is_done_again_is_counted_anew(void **state)
{
	(void)state;
	struct err err;
	struct claim *c = &made.claims[0];
	assert_int_equal(claim_parse("asked client 192.168.2.200 = 2", &made.topology, c, &err), 0);
	play_start(&play, 0);
	run();
	play_predict(&play, 2);
	press_enter("do it");
	now_ns += 2000 * MS;
	run();
	press_enter("do it again");
	assert_string_equal(
		play.claims[0].seen, "client asked who-has 192.168.2.200 1 time; wanted: 2");
	at(PLAY_LOOKING, 0, CHECK);
}

static void what_was_missing_may_be_done_by_hand(void **state)
{
	(void)state;
	made.claims[0].number = 4;
	play_start(&play, 0);
	run();
	play_predict(&play, 2);
	press_enter("do it");
	now_ns += 2000 * MS;
	run();
	at(PLAY_TASK, 0, CHECK);
	lab_answers(&world, CLIENT, LAB_VIP);
	run();
	at(PLAY_STEP_DONE, 0, 5);
}

static void waits_take_their_time(void **state)
{
	(void)state;
	struct item *i = &made.items[0][DO];
	made_order(&made, i, "wait 300ms"); /* Into the room of what follows. */
	i->orders = &made.orders[made.order_count - 1];
	i->order_count = 1;
	play_start(&play, 0);
	run();
	play_predict(&play, 0);
	press_enter("do it");
	at(PLAY_DOING, 0, DO);
	assert_true(wake_ns == now_ns + 300 * MS);
	now_ns += 299 * MS;
	run();
	at(PLAY_DOING, 0, DO);
	now_ns += MS;
	run();
	at(PLAY_LOOKING, 0, CHECK);
}

static void a_refused_order_is_said_and_stops_nothing(void **state)
{
	(void)state;
	struct item *i = &made.items[0][DO];
	i->orders = &made.orders[made.order_count];
	i->order_count = 0;
	made_order(&made, i, "route add client 10.0.0.0/8 dev eth0");
	made_order(&made, i, "arping client 192.168.2.200");
	play_start(&play, 0);
	run();
	play_predict(&play, 0);
	press_enter("do it");
	at(PLAY_STEP_DONE, 0, 5);
	assert_true(play.said_bad);
	assert_string_equal(play.said, "there is no such network");
	assert_int_equal(play.said_line, i->orders[0].line);
}

static void an_interface_that_is_gone_is_said(void **state)
{
	(void)state;
	play_start(&play, 0);
	run();
	play_predict(&play, 0);
	lab_say(&world, CLIENT, gone(make_link(2, "eth0")));
	play_enter(&play, &world, now_ns);
	run();
	assert_true(play.said_bad);
	assert_string_equal(play.said, "client has no interface \"eth0\" any more");
	at(PLAY_LOOKING, 0, CHECK);
}

/* ---- a task ---- */

static void a_task_is_checked_when_enter_is_pressed(void **state)
{
	(void)state;
	begin_task();
	shows("012");
	/* Without Enter nothing is sent, whatever changes. */
	lab_sysctl(&world, RS1, CONF_ALL, "arp_ignore", 1);
	run();
	assert_string_equal(sent, "");
	press_enter("check");
	assert_string_equal(sent, "arping client");
	at(PLAY_LOOKING, 1, TASK_CHECK);
	now_ns += 2000 * MS;
	run();
	at(PLAY_TASK, 1, TASK_CHECK);
	assert_int_equal(play.checks, 1);
	assert_false(play.claims[0].holds);
	assert_true(play.claims[1].holds);
	assert_string_equal(play.claims[0].seen, "director and rs2 answered who-has "
						 "192.168.2.200 (2); wanted: director alone");
	/* Also when all its claims hold: its orders belong to it. */
	lab_sysctl(&world, RS2, CONF_ALL, "arp_ignore", 1);
	play.since = since_now(&world);
	lab_answers(&world, DIRECTOR, LAB_VIP);
	run();
	at(PLAY_TASK, 1, TASK_CHECK);
	press_enter("check");
	at(PLAY_STEP_DONE, 1, 7);
	assert_int_equal(play.steps[1].outcome, STEP_SOLVED);
	play_skip(&play);
	assert_int_equal(play.steps[1].outcome, STEP_SOLVED);
	assert_false(play_shows(&play, TASK_SOLVE));
}

static void the_solution_is_carried_out_and_checked(void **state)
{
	(void)state;
	begin_task();
	assert_true(play_solve(&play, &world, now_ns));
	at(PLAY_DOING, 1, TASK_CHECK);
	run();
	assert_string_equal(sent, "set rs1 set rs2 arping client");
	at(PLAY_STEP_DONE, 1, 7);
	assert_int_equal(play.steps[1].outcome, STEP_SHOWN);
	assert_true(play_shows(&play, TASK_SOLVE));
	assert_false(play_solve(&play, &world, now_ns));
	press_enter("finish");
	at(PLAY_FINISHED, 1, 7);
	assert_string_equal(play_entering(&play), "");
	/* By the learner's own hands it may still be solved, and then stays solved. */
	play_back(&play);
	run();
	press_enter("do it");
	lab_sysctl(&world, RS1, CONF_ALL, "arp_ignore", 1);
	lab_sysctl(&world, RS2, CONF_ALL, "arp_ignore", 1);
	press_enter("check");
	assert_int_equal(play.steps[1].outcome, STEP_SOLVED);
	play_start(&play, 1);
	run();
	press_enter("do it");
	assert_true(play_solve(&play, &world, now_ns));
	run();
	assert_int_equal(play.steps[1].outcome, STEP_SOLVED);
}

static void hints_come_one_by_one(void **state)
{
	(void)state;
	begin_task();
	shows("012");
	assert_true(play_hint(&play));
	shows("0123");
	assert_true(play_hint(&play));
	assert_false(play_hint(&play));
	shows("01234");
	assert_true(play_why(&play));
	shows("012346");
	assert_int_equal(play.steps[1].hints, 2);
	play_start(&play, 0);
	assert_false(play_hint(&play));
	assert_false(play_why(&play));
}

static void an_exam_has_no_help(void **state)
{
	(void)state;
	play_init(&play, &made.lesson, true);
	begin_task();
	assert_false(play_hint(&play));
	assert_false(play_solve(&play, &world, now_ns));
	assert_false(play_why(&play));
	lab_sysctl(&world, RS1, CONF_ALL, "arp_ignore", 1);
	lab_sysctl(&world, RS2, CONF_ALL, "arp_ignore", 1);
	press_enter("check");
	at(PLAY_STEP_DONE, 1, 7);
	assert_true(play_why(&play));
}

static void a_task_without_orders_sees_work_at_once(void **state)
{
	(void)state;
	struct action a;
	made_quiet_step(&made);
	play_start(&play, 2);
	run();
	at(PLAY_TASK, 2, 0);
	assert_int_equal(play.checks, 0);
	assert_int_equal(wants(&a), WANT_NOTHING);
	assert_true(wake_ns == UINT64_MAX);
	press_enter("check");
	at(PLAY_LOOKING, 2, 0);
	now_ns += 2000 * MS;
	run();
	at(PLAY_TASK, 2, 0);
	assert_int_equal(play.checks, 1);
	/* By a shell, not by an order. */
	lab_sysctl(&world, DIRECTOR, CONF_ALL, "arp_ignore", 2);
	run();
	at(PLAY_STEP_DONE, 2, 2);
	assert_int_equal(play.checks, 2);
}

static void several_tasks_have_their_own_solutions(void **state)
{
	(void)state;
	made_quiet_step(&made);
	struct item *i = made_item(&made, ITEM_CHECK);
	made_claim(&made, i, "sysctl client all.arp_ignore = 8");
	i = made_item(&made, ITEM_SOLVE);
	made_order(&made, i, "set client all.arp_ignore 8");
	play_start(&play, 2);
	run();
	sent[0] = '\0';
	assert_true(play_solve(&play, &world, now_ns));
	run();
	assert_string_equal(sent, "set director");
	at(PLAY_TASK, 2, 2);
	assert_true(play_solve(&play, &world, now_ns));
	run();
	assert_string_equal(sent, "set director set client");
	at(PLAY_STEP_DONE, 2, 4);
}

/* ---- from step to step ---- */

static void the_next_step_goes_on_in_the_same_lab(void **state)
{
	(void)state;
	play_start(&play, 0);
	run();
	play_predict(&play, 2);
	press_enter("do it");
	press_enter("next step");
	at(PLAY_READY, 1, TASK_DO);
	assert_int_equal(builds, 1);
}

static void a_step_begins_with_what_earlier_ones_changed(void **state)
{
	(void)state;
	made_quiet_step(&made);
	play_start(&play, 2);
	run();
	/* The traffic of step 1 is not sent again; both the set-up and the solution of 2 are. */
	assert_string_equal(sent, "build flush client set rs1 set rs2 set rs1 set rs2");
	at(PLAY_TASK, 2, 0);
	int32_t value = 0;
	assert_true(model_sysctl(
		world_machine(&world, RS2), CONF_ALL, (size_t)sysctl_find("arp_ignore"), &value));
	assert_int_equal(value, 1);
	assert_string_equal(play.said, "");
}

/* Their orders would be refused. */
static void a_step_begins_without_what_cannot_be_played(void **state)
{
	(void)state;
	struct event stage = make(EVENT_STAGE, 1);
	stage.stage.stage = STAGE_SIEVE;
	stage.stage.error = -EOPNOTSUPP;
	world_apply(&world, &stage);
	made_quiet_step(&made);
	text_copy(made.steps[1].needs, sizeof made.steps[1].needs, "filter");
	play_start(&play, 2);
	run();
	assert_string_equal(sent, "build flush client");
	at(PLAY_TASK, 2, 0);
}

static void a_lesson_says_what_is_to_be_tried(void **state)
{
	(void)state;
	struct action a;
	text_copy(made.steps[1].needs, sizeof made.steps[1].needs, "filter  rules x");
	play_start(&play, 0);
	assert_int_equal(wants(&a), WANT_BUILD);
	assert_int_equal(a.value, 1 << STAGE_SIEVE | 1 << STAGE_RULES);
}

static uint64_t frames_so_far(void)
{
	const struct frames *f = &world.machines[0]->frames;
	return f->first + f->count;
}

static void the_frames_of_a_step_are_those_of_its_orders(void **state)
{
	(void)state;
	play_start(&play, 0);
	run();
	lab_asks(&world, CLIENT, 0, LAB_RS1, LAB_CLIENT); /* Nobody's order. */
	run();
	assert_true(play.first_frame == UINT64_MAX && play.end_frame == UINT64_MAX);
	play_predict(&play, 2);
	uint64_t first = frames_so_far();
	press_enter("do it");
	at(PLAY_STEP_DONE, 0, 5);
	assert_int_equal(play.first_frame, first);
	assert_int_equal(play.end_frame, frames_so_far());
	assert_true(first < play.end_frame);
	lab_asks(&world, CLIENT, 0, LAB_RS1, LAB_CLIENT); /* The next step has not begun. */
	run();
	assert_true(play.end_frame < frames_so_far());
	play_reset(&play);
	assert_true(play.first_frame == UINT64_MAX && play.end_frame == UINT64_MAX);
}

static void the_frames_of_a_task_go_on_until_it_is_solved(void **state)
{
	(void)state;
	play_start(&play, 1);
	run();
	uint64_t first = frames_so_far();
	press_enter("do it");
	at(PLAY_TASK, 1, TASK_CHECK);
	assert_int_equal(play.first_frame, first);
	assert_true(play.end_frame == UINT64_MAX);
	assert_true(play_solve(&play, &world, now_ns));
	run();
	at(PLAY_STEP_DONE, 1, 7);
	assert_int_equal(play.first_frame, first);
	assert_int_equal(play.end_frame, frames_so_far());
}

static void a_reset_builds_anew(void **state)
{
	(void)state;
	begin_task();
	lab_sysctl(&world, RS1, CONF_ALL, "arp_ignore", 1);
	assert_true(play_hint(&play));
	play_reset(&play);
	at(PLAY_BUILDING, 1, 0);
	run();
	assert_string_equal(sent, "build flush client");
	at(PLAY_READY, 1, TASK_DO);
	assert_int_equal(play.hints_shown, 1);
	int32_t value = -1;
	assert_true(model_sysctl(
		world_machine(&world, RS1), CONF_ALL, (size_t)sysctl_find("arp_ignore"), &value));
	assert_int_equal(value, 0);
}

static void an_answer_to_an_earlier_build_is_not_taken(void **state)
{
	(void)state;
	struct action first, second;
	play_start(&play, 0);
	assert_int_equal(wants(&first), WANT_BUILD);
	play_reset(&play);
	assert_int_equal(wants(&second), WANT_BUILD);
	assert_int_not_equal(first.id, second.id);
	struct event done = lab_obey(&world, &made.topology, &first);
	answer(&done);
	run();
	at(PLAY_BUILDING, 0, 0);
	done = lab_obey(&world, &made.topology, &second);
	answer(&done);
	run();
	at(PLAY_PREDICT, 0, PREDICT);
}

static void the_lab_must_be_named_whole(void **state)
{
	(void)state;
	struct action a;
	play_start(&play, 0);
	assert_int_equal(wants(&a), WANT_BUILD);
	struct event done = make(EVENT_DONE, 1);
	done.done.id = a.id;
	answer(&done); /* Before its tables. */
	assert_int_equal(wants(&a), WANT_NOTHING);
	at(PLAY_BUILDING, 0, 0);
	lab_build(&world, &made.topology);
	run();
	at(PLAY_PREDICT, 0, PREDICT);
}

static void a_lab_that_cannot_be_built_skips_the_step(void **state)
{
	(void)state;
	struct action a;
	play_start(&play, 0);
	assert_int_equal(wants(&a), WANT_BUILD);
	struct event failed = make(EVENT_LAB, 1), done = make(EVENT_DONE, 1);
	failed.lab.state = LAB_FAILED;
	text_copy(failed.lab.text, sizeof failed.lab.text, "there are no bridges here");
	answer(&failed);
	done.done.id = a.id;
	done.done.error = -ENOSYS;
	text_copy(done.done.text, sizeof done.done.text, "refused");
	answer(&done);
	at(PLAY_SKIPPED, 0, 0);
	assert_string_equal(play.reason, "there are no bridges here");
	press_enter("next step");
	at(PLAY_READY, 1, TASK_DO);
	assert_int_equal(play.steps[0].outcome, STEP_SKIPPED);
	/* Without the lab's own words the answer's are shown. */
	play_start(&play, 0);
	assert_int_equal(wants(&a), WANT_BUILD);
	done.done.id = a.id;
	answer(&done);
	assert_string_equal(play.reason, "refused");
}

static void a_step_that_this_kernel_cannot_do_is_skipped(void **state)
{
	(void)state;
	struct event stage = make(EVENT_STAGE, 1);
	stage.stage.stage = STAGE_TIMERS;
	world_apply(&world, &stage);
	text_copy(made.steps[0].needs, sizeof made.steps[0].needs, "ping timers");
	play_start(&play, 0);
	run();
	at(PLAY_PREDICT, 0, PREDICT); /* Ping was not tried, and timers work. */
	stage.stage.error = -EPERM;
	text_copy(stage.stage.text, sizeof stage.stage.text, "timers cannot be set");
	world_apply(&world, &stage);
	play_reset(&play);
	run();
	at(PLAY_SKIPPED, 0, 0);
	assert_string_equal(play.reason, "this step needs timers: timers cannot be set");
	text_copy(made.steps[1].needs, sizeof made.steps[1].needs, "a_moon");
	press_enter("next step");
	at(PLAY_SKIPPED, 1, 0);
	assert_string_equal(play.reason, "this step needs a_moon: the lab does not have that");
	press_enter("finish");
	assert_int_equal(play.phase, PLAY_FINISHED);
	/* Also when it is come to from the step before. */
	made.steps[0].needs[0] = '\0';
	play_start(&play, 0);
	run();
	play_predict(&play, 2);
	press_enter("do it");
	press_enter("next step");
	at(PLAY_SKIPPED, 1, 0);
}

static void steps_can_be_skipped_and_gone_back_to(void **state)
{
	(void)state;
	play_start(&play, 0);
	run();
	play_back(&play);
	run();
	at(PLAY_PREDICT, 0, PREDICT);
	play_skip(&play);
	run();
	assert_int_equal(play.steps[0].outcome, STEP_SKIPPED);
	at(PLAY_READY, 1, TASK_DO);
	play_skip(&play);
	assert_int_equal(play.phase, PLAY_FINISHED);
	play_skip(&play);
	play_enter(&play, &world, now_ns);
	assert_int_equal(play.phase, PLAY_FINISHED);
	play_back(&play);
	run();
	at(PLAY_READY, 1, TASK_DO);
	play_back(&play);
	run();
	at(PLAY_PREDICT, 0, PREDICT);
	assert_int_equal(builds, 5);
}

static void replies_wait_for_what_they_explain(void **state)
{
	(void)state;
	/* Alone: at once. Before a task's set-up: when that is done. */
	made_step(&made, "alone");
	made_predict(&made);
	made_item(&made, ITEM_PROSE);
	made_step(&made, "before-a-task");
	made_predict(&made);
	struct item *i = made_item(&made, ITEM_DO);
	made_order(&made, i, "flush client");
	i = made_item(&made, ITEM_CHECK);
	made_claim(&made, i, "sysctl director all.arp_ignore = 2");
	i = made_item(&made, ITEM_SOLVE);
	made_order(&made, i, "set director all.arp_ignore 2");
	/* What is done after that has other things to show. */
	struct item *again = &made.items[0][CHECK];
	struct item check = *again;
	*again = made.items[0][DO];
	made.items[0][PROSE_AFTER] = check;
	play_start(&play, 0);
	run();
	play_predict(&play, 0);
	press_enter("do it");
	at(PLAY_READY, 0, CHECK);
	assert_true(play_replied(&play, PREDICT));
	play_start(&play, 2);
	run();
	assert_false(play_replied(&play, 0));
	play_predict(&play, 0);
	assert_true(play_replied(&play, 0));
	assert_false(play_replied(&play, 1));
	assert_false(play_replied(&play, 99));
	press_enter("next step");
	play_predict(&play, 0);
	assert_false(play_replied(&play, 0));
	press_enter("do it");
	at(PLAY_TASK, 3, 2);
	assert_true(play_replied(&play, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_step_is_predicted_observed_explained, set_up, tear_down),
		cmocka_unit_test_setup_teardown(predictions_are_scored_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_right_prediction_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_order_waits_for_its_answer, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			claims_are_looked_at_until_their_time_is_up, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			caches_are_looked_at_before_claims_about_them, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_step_that_this_kernel_cannot_do_is_skipped, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_done_again_is_counted_anew, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_was_missing_may_be_done_by_hand, set_up, tear_down),
		cmocka_unit_test_setup_teardown(waits_take_their_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_refused_order_is_said_and_stops_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_interface_that_is_gone_is_said, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_task_is_checked_when_enter_is_pressed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_solution_is_carried_out_and_checked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(hints_come_one_by_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_exam_has_no_help, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_task_without_orders_sees_work_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			several_tasks_have_their_own_solutions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_next_step_goes_on_in_the_same_lab, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_step_begins_with_what_earlier_ones_changed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_frames_of_a_step_are_those_of_its_orders, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_frames_of_a_task_go_on_until_it_is_solved, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_reset_builds_anew, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_step_begins_without_what_cannot_be_played, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_lesson_says_what_is_to_be_tried, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_answer_to_an_earlier_build_is_not_taken, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_lab_must_be_named_whole, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_lab_that_cannot_be_built_skips_the_step, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			steps_can_be_skipped_and_gone_back_to, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			replies_wait_for_what_they_explain, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
