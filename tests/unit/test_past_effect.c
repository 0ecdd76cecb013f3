/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a row is led back to the frame that changed it, and a verdict to what the wire said. */
#include <config.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "past.h"

#define T0 (10 * NS_PER_S)

static struct scene s;
static struct effect effects[8];

static int host_begins(void **state)
{
	(void)state;
	host_scene(&s);
	return 0;
}

static int lab_begins(void **state)
{
	(void)state;
	lab_scene(&s, 3);
	return 0;
}

static int ends(void **state)
{
	(void)state;
	past_close(&s);
	return 0;
}

static size_t effects_of(uint64_t position)
{
	return past_effects(s.p, &s.w, position, effects, sizeof effects / sizeof *effects);
}

static const struct effect *cause_of(uint16_t node, uint32_t ip)
{
	return past_cause(s.p, &s.w, node, 2, ip, effects) ? effects : NULL;
}

/* ---- rows and frames ---- */

static void a_who_has_makes_an_entry_wait_and_the_answer_fills_it(void **state)
{
	(void)state;
	uint64_t asked = sent(&s, T0, 1, 0, ARP_OP_REQUEST, LAN_IP(1), LAN_IP(2));
	uint64_t answered = sent(&s, T0 + 50 * US, 2, 1, ARP_OP_REPLY, LAN_IP(2), LAN_IP(1));
	say(&s, 2, T0 + 100 * US, entry(LAN_IP(1), NUD_STALE, 1));
	say(&s, 1, T0 + 200 * US, entry(LAN_IP(2), NUD_REACHABLE, 2));
	assert_int_equal(effects_of(asked), 2);
	assert_int_equal(effects[0].node, 2);
	assert_int_equal(effects[0].ip, LAN_IP(1));
	assert_int_equal(effects[0].before.state, 0);
	assert_int_equal(effects[0].after.state, NUD_STALE);
	assert_false(effects[0].asked);
	assert_int_equal(effects[1].node, 1);
	assert_int_equal(effects[1].ip, LAN_IP(2));
	assert_true(effects[1].asked);
	assert_int_equal(effects[1].after.state, NUD_INCOMPLETE);
	assert_int_equal(effects_of(answered), 1);
	assert_int_equal(effects[0].node, 1);
	assert_int_equal(effects[0].before.state, NUD_INCOMPLETE);
	assert_int_equal(effects[0].after.state, NUD_REACHABLE);
	assert_true(is_at(&effects[0].after, 2));
	assert_int_equal(effects[0].at_ns, T0 + 50 * US + ARRIVES_NS);
	assert_true(cause_of(1, LAN_IP(2))->caused);
	assert_int_equal(effects[0].position, answered);
	assert_true(cause_of(2, LAN_IP(1))->caused);
	assert_int_equal(effects[0].position, asked);
}

static void only_the_first_who_has_makes_the_entry(void **state)
{
	(void)state;
	uint64_t first = sent(&s, T0, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	uint64_t second = sent(&s, T0 + NS_PER_S, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	say(&s, 1, T0 + 3 * NS_PER_S, entry(VIP, NUD_FAILED, 0));
	assert_int_equal(effects_of(first), 1);
	assert_true(effects[0].asked);
	assert_int_equal(effects_of(second), 0);
	assert_false(cause_of(1, VIP)->caused);
	assert_int_equal(effects[0].before.state, NUD_INCOMPLETE);
}

static void an_announcement_changes_rows_on_several_machines(void **state)
{
	(void)state;
	say(&s, 1, T0, entry(VIP, NUD_REACHABLE, 2));
	say(&s, 3, T0, entry(VIP, NUD_REACHABLE, 1));
	uint64_t position = sent(&s, T0 + 5 * NS_PER_S, 2, 0, ARP_OP_REQUEST, VIP, VIP);
	say(&s, 1, T0 + 5 * NS_PER_S + MS, entry(VIP, NUD_STALE, 2));
	say(&s, 3, T0 + 5 * NS_PER_S + MS, entry(VIP, NUD_STALE, 2));
	/* The first had that MAC already: a timer made it STALE. */
	assert_int_equal(effects_of(position), 1);
	assert_int_equal(effects[0].node, 3);
	assert_true(is_at(&effects[0].before, 1));
	assert_false(cause_of(1, VIP)->caused);
	assert_int_equal(past_effects(s.p, &s.w, position, NULL, 0), 1);
}

static void what_timers_and_hands_do_has_no_frame(void **state)
{
	(void)state;
	uint64_t position = sent(&s, T0, 2, 1, ARP_OP_REPLY, VIP, LAN_IP(1));
	const uint16_t states[] = { NUD_DELAY, NUD_PROBE, NUD_FAILED, NUD_PERMANENT };
	say(&s, 1, T0 - NS_PER_S, entry(VIP, NUD_STALE, 2));
	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		say(&s, 1, T0 + i * MS + MS, entry(VIP, states[i], 2));
		assert_false(cause_of(1, VIP)->caused);
		assert_int_equal(effects[0].after.state, states[i]);
	}
	assert_int_equal(effects_of(position), 0);
}

static void an_entry_that_is_told_to_wait_waits_for_the_machines_own_question(void **state)
{
	(void)state;
	uint64_t asked = sent(&s, T0, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	say(&s, 1, T0 + 700 * MS, entry(VIP, NUD_INCOMPLETE, 0));
	assert_true(cause_of(1, VIP)->caused);
	assert_true(effects[0].asked);
	assert_int_equal(effects[0].position, asked);
	assert_int_equal(effects[0].at_ns, T0);
}

/* News that were read in one go have one stamp; their frames tell them apart. */
static void changes_of_one_stamp_have_each_their_frame(void **state)
{
	(void)state;
	say(&s, 1, T0 - NS_PER_S, entry(VIP, NUD_STALE, 3));
	uint64_t reply = sent(&s, T0, 2, 1, ARP_OP_REPLY, VIP, LAN_IP(1));
	uint64_t announced = sent(&s, T0 + 500 * US, 3, 0, ARP_OP_REQUEST, VIP, VIP);
	uint64_t again = sent(&s, T0 + 600 * US, 2, 1, ARP_OP_REPLY, VIP, LAN_IP(1));
	say(&s, 1, T0 + MS, entry(VIP, NUD_REACHABLE, 2));
	say(&s, 1, T0 + MS, entry(VIP, NUD_STALE, 3));
	assert_true(cause_of(1, VIP)->caused);
	assert_int_equal(effects[0].position, announced);
	assert_true(is_at(&effects[0].before, 2));
	assert_true(is_at(&effects[0].after, 3));
	assert_int_equal(effects_of(reply), 1);
	assert_int_equal(effects[0].after.state, NUD_REACHABLE);
	assert_true(is_at(&effects[0].before, 3));
	assert_int_equal(effects_of(announced), 1);
	/* The rules say that it came too early to change anything. */
	assert_int_equal(effects_of(again), 0);
}

static void a_frame_of_long_ago_is_no_cause(void **state)
{
	(void)state;
	sent(&s, T0, 2, 1, ARP_OP_REPLY, VIP, LAN_IP(1));
	say(&s, 1, T0 + NS_PER_S, entry(VIP, NUD_REACHABLE, 2));
	assert_false(cause_of(1, VIP)->caused);
	assert_int_equal(effects[0].at_ns, T0 + NS_PER_S);
}

static void a_row_that_never_changed_has_no_cause(void **state)
{
	(void)state;
	assert_null(cause_of(1, VIP));
	assert_null(cause_of(0, VIP));
	assert_null(cause_of(9, VIP));
	assert_int_equal(effects_of(77), 0);
}

/* ---- a host: both directions in one ring, and interfaces on each other ---- */

static void on_a_host_frames_are_its_own_by_their_mac(void **state)
{
	(void)state;
	uint64_t asked = captured(&s, T0, arp_frame(0, 0, ARP_OP_REQUEST, LAN_IP(0), LAN_IP(2)));
	/* It is sent to the host's own MAC. */
	struct event e = arp_frame(2, 1, ARP_OP_REPLY, LAN_IP(2), LAN_IP(0));
	topology_mac(0, 0, e.frame.bytes);
	uint64_t answered = captured(&s, T0 + 99 * US, e);
	say(&s, 0, T0 + MS, entry(LAN_IP(2), NUD_REACHABLE, 2));
	assert_int_equal(effects_of(asked), 1);
	assert_true(effects[0].asked);
	assert_int_equal(effects_of(answered), 1);
	assert_int_equal(effects[0].before.state, NUD_INCOMPLETE);
	assert_true(cause_of(0, LAN_IP(2))->caused);
	assert_int_equal(effects[0].position, answered);
}

static void put_on_a_bridge(uint16_t node)
{
	uint8_t mac[6];
	struct event e = make_link(2, "br0");
	topology_mac(node, 0, mac);
	memcpy(e.link.mac, mac, 6);
	e.link.type = 1;
	text_copy(e.link.kind, sizeof e.link.kind, "bridge");
	say(&s, node, 2 * NS_PER_S, e);
	e = make_link(5, "eth0");
	memcpy(e.link.mac, mac, 6);
	e.link.type = 1;
	e.link.master = 2;
	say(&s, node, 2 * NS_PER_S, e);
}

static void a_frame_seen_on_a_port_and_its_bridge_is_one(void **state)
{
	(void)state;
	put_on_a_bridge(0);
	struct event e = arp_frame(2, 0, ARP_OP_REQUEST, LAN_IP(2), LAN_IP(0));
	e.frame.ifindex = 5;
	uint64_t on_port = captured(&s, T0, e);
	e.frame.ifindex = 2;
	uint64_t on_bridge = captured(&s, T0 + US, e);
	say(&s, 0, T0 + MS, entry(LAN_IP(2), NUD_STALE, 2));
	assert_true(cause_of(0, LAN_IP(2))->caused);
	assert_int_equal(effects[0].position, on_bridge);
	assert_int_equal(effects_of(on_bridge), 1);
	assert_int_equal(effects_of(on_port), 1);
}

static void where_the_bridge_is_not_captured_its_port_is(void **state)
{
	(void)state;
	put_on_a_bridge(0);
	struct event e = arp_frame(2, 0, ARP_OP_REQUEST, LAN_IP(2), LAN_IP(0));
	e.frame.ifindex = 5;
	uint64_t on_port = captured(&s, T0, e);
	say(&s, 0, T0 + MS, entry(LAN_IP(2), NUD_STALE, 2));
	assert_true(cause_of(0, LAN_IP(2))->caused);
	assert_int_equal(effects[0].position, on_port);
}

static void a_row_that_two_copies_of_a_frame_lead_to_is_named_once(void **state)
{
	(void)state;
	put_on_a_bridge(1);
	uint64_t position = sent(&s, T0, 2, 0, ARP_OP_REQUEST, LAN_IP(2), LAN_IP(1));
	struct event e = arp_frame(2, 0, ARP_OP_REQUEST, LAN_IP(2), LAN_IP(1));
	e.frame.ifindex = 5;
	say(&s, 1, T0 + ARRIVES_NS, e);
	say(&s, 1, T0 + MS, entry(LAN_IP(2), NUD_STALE, 2));
	assert_int_equal(effects_of(position), 1);
	assert_int_equal(effects[0].node, 1);
}

/* ---- what the wire said ---- */

static enum seen seen_by(uint16_t node, uint64_t position, enum outcome outcome)
{
	struct verdict v = { .outcome = outcome, .ifindex = 2 };
	uint64_t reply;
	return past_seen(s.p, &s.w, node, s.w.machines[0], position, &v, &reply);
}

static void a_reply_agrees_with_a_reply_that_was_predicted(void **state)
{
	(void)state;
	struct verdict v = { .outcome = OUTCOME_REPLY, .ifindex = 2 };
	uint64_t reply = 0;
	uint64_t asked = sent(&s, T0, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	assert_int_equal(seen_by(2, asked, OUTCOME_REPLY), SEEN_OPEN);
	uint64_t answered = sent(&s, T0 + 50 * US, 2, 1, ARP_OP_REPLY, VIP, LAN_IP(1));
	assert_int_equal(past_seen(s.p, &s.w, 2, s.w.machines[0], asked, &v, &reply), SEEN_AGREES);
	assert_int_equal(reply, answered);
	assert_int_equal(seen_by(2, asked, OUTCOME_SILENT), SEEN_ANSWERED);
	assert_int_equal(seen_by(2, asked, OUTCOME_UNKNOWN), SEEN_OPEN);
	assert_int_equal(seen_by(3, asked, OUTCOME_SILENT), SEEN_OPEN);
	/* In its own ring as well. */
	const struct model *own = s.w.machines[2];
	assert_int_equal(past_seen(s.p, &s.w, 2, own, 0, &v, &reply), SEEN_AGREES);
	assert_int_equal(reply, 1);
}

static void silence_is_sure_after_a_second(void **state)
{
	(void)state;
	uint64_t asked = sent(&s, T0, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	assert_int_equal(seen_by(2, asked, OUTCOME_SILENT), SEEN_OPEN);
	world_set_time(&s.w, T0 + 999 * MS);
	assert_int_equal(seen_by(2, asked, OUTCOME_SILENT), SEEN_OPEN);
	assert_int_equal(seen_by(2, asked, OUTCOME_REPLY), SEEN_OPEN);
	world_set_time(&s.w, T0 + NS_PER_S);
	assert_int_equal(seen_by(2, asked, OUTCOME_SILENT), SEEN_AGREES);
	assert_int_equal(seen_by(2, asked, OUTCOME_REPLY), SEEN_SILENT);
	assert_int_equal(seen_by(1, asked, OUTCOME_REPLY), SEEN_OPEN);
}

static void a_proxy_may_take_its_time(void **state)
{
	(void)state;
	struct verdict v = { .outcome = OUTCOME_PROXIED, .ifindex = 2, .delayed = true };
	uint64_t reply;
	say(&s, 2, 2 * NS_PER_S, make_sysctl(2, "proxy_delay", 200));
	uint64_t asked = sent(&s, T0, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	world_set_time(&s.w, T0 + 2 * NS_PER_S);
	assert_int_equal(past_seen(s.p, &s.w, 2, s.w.machines[0], asked, &v, &reply), SEEN_OPEN);
	sent(&s, T0 + 1900 * MS, 2, 1, ARP_OP_REPLY, VIP, LAN_IP(1));
	assert_int_equal(past_seen(s.p, &s.w, 2, s.w.machines[0], asked, &v, &reply), SEEN_AGREES);
}

static void a_reply_to_another_question_is_none(void **state)
{
	(void)state;
	uint64_t asked = sent(&s, T0, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	sent(&s, T0 + 10 * US, 3, 1, ARP_OP_REPLY, VIP, LAN_IP(1));
	sent(&s, T0 + 20 * US, 2, 1, ARP_OP_REPLY, LAN_IP(2), LAN_IP(1));
	sent(&s, T0 + 30 * US, 2, 3, ARP_OP_REPLY, VIP, LAN_IP(3));
	world_set_time(&s.w, T0 + 2 * NS_PER_S);
	assert_int_equal(seen_by(2, asked, OUTCOME_SILENT), SEEN_AGREES);
}

static void a_reply_to_the_repetition_is_not_the_firsts(void **state)
{
	(void)state;
	uint64_t first = sent(&s, T0, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	uint64_t second = sent(&s, T0 + 900 * MS, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	sent(&s, T0 + 900 * MS + 50 * US, 2, 1, ARP_OP_REPLY, VIP, LAN_IP(1));
	world_set_time(&s.w, T0 + 3 * NS_PER_S);
	assert_int_equal(seen_by(2, first, OUTCOME_SILENT), SEEN_AGREES);
	assert_int_equal(seen_by(2, second, OUTCOME_REPLY), SEEN_AGREES);
}

static void where_frames_were_lost_silence_says_nothing(void **state)
{
	(void)state;
	say(&s, 2, T0 - NS_PER_S, make_drops(2, 10, 0));
	uint64_t asked = sent(&s, T0, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	say(&s, 2, T0 + NS_PER_S, make_drops(2, 20, 3));
	assert_int_equal(seen_by(2, asked, OUTCOME_REPLY), SEEN_OPEN);
	say(&s, 2, T0 + 2 * NS_PER_S, make_drops(2, 30, 3));
	asked = sent(&s, T0 + 5 * NS_PER_S, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	say(&s, 2, T0 + 7 * NS_PER_S, make_drops(2, 40, 3));
	assert_int_equal(seen_by(2, asked, OUTCOME_REPLY), SEEN_SILENT);
}

static void more_frames_than_are_looked_at_say_nothing(void **state)
{
	(void)state;
	uint64_t asked = sent(&s, T0, 1, 0, ARP_OP_REQUEST, LAN_IP(1), VIP);
	for (uint64_t i = 0; i < 300; i++)
		sent(&s, T0 + i * US, 3, 0, ARP_OP_REQUEST, LAN_IP(3), LAN_IP(9));
	world_set_time(&s.w, T0 + 2 * NS_PER_S);
	assert_int_equal(seen_by(2, asked, OUTCOME_REPLY), SEEN_OPEN);
}

static void the_bridges_reply_is_not_the_ports(void **state)
{
	(void)state;
	put_on_a_bridge(0);
	struct event e = arp_frame(2, 0, ARP_OP_REQUEST, LAN_IP(2), LAN_IP(0));
	e.frame.ifindex = 5;
	uint64_t on_port = captured(&s, T0, e);
	e.frame.ifindex = 2;
	uint64_t on_bridge = captured(&s, T0 + US, e);
	e = arp_frame(0, 2, ARP_OP_REPLY, LAN_IP(0), LAN_IP(2));
	captured(&s, T0 + 9 * US, e);
	e.frame.ifindex = 5;
	uint64_t reply = captured(&s, T0 + 10 * US, e);
	world_set_time(&s.w, T0 + 2 * NS_PER_S);
	assert_int_equal(seen_by(0, on_port, OUTCOME_SILENT), SEEN_OPEN);
	assert_int_equal(seen_by(0, on_bridge, OUTCOME_REPLY), SEEN_AGREES);
	assert_int_equal(seen_by(0, reply, OUTCOME_SILENT), SEEN_OPEN);
}

static void what_the_host_asked_itself_it_does_not_answer(void **state)
{
	(void)state;
	uint64_t asked = captured(&s, T0, arp_frame(0, 0, ARP_OP_REQUEST, LAN_IP(0), VIP));
	world_set_time(&s.w, T0 + 2 * NS_PER_S);
	assert_int_equal(seen_by(0, asked, OUTCOME_REPLY), SEEN_OPEN);
}

static void there_are_suspects_for_both_disagreements(void **state)
{
	(void)state;
	const enum seen both[] = { SEEN_SILENT, SEEN_ANSWERED };
	for (size_t k = 0; k < 2; k++) {
		size_t i = 0;
		for (const char *t; (t = past_suspect(both[k], i)); i++)
			assert_int_equal(t[strlen(t) - 1], '.');
		assert_in_range(i, 4, 8);
		assert_null(past_suspect(both[k], i + 1));
	}
	assert_null(past_suspect(SEEN_OPEN, 0));
	assert_null(past_suspect(SEEN_AGREES, 0));
}

#define ALONE(test) cmocka_unit_test(test)
#define HOST(test) cmocka_unit_test_setup_teardown(test, host_begins, ends)
#define LAB(test) cmocka_unit_test_setup_teardown(test, lab_begins, ends)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LAB(a_who_has_makes_an_entry_wait_and_the_answer_fills_it),
		LAB(only_the_first_who_has_makes_the_entry),
		LAB(an_announcement_changes_rows_on_several_machines),
		LAB(what_timers_and_hands_do_has_no_frame),
		LAB(an_entry_that_is_told_to_wait_waits_for_the_machines_own_question),
		LAB(changes_of_one_stamp_have_each_their_frame),
		LAB(a_frame_of_long_ago_is_no_cause),
		LAB(a_row_that_never_changed_has_no_cause),
		HOST(on_a_host_frames_are_its_own_by_their_mac),
		HOST(a_frame_seen_on_a_port_and_its_bridge_is_one),
		HOST(where_the_bridge_is_not_captured_its_port_is),
		LAB(a_row_that_two_copies_of_a_frame_lead_to_is_named_once),
		LAB(a_reply_agrees_with_a_reply_that_was_predicted),
		LAB(silence_is_sure_after_a_second),
		LAB(a_proxy_may_take_its_time),
		LAB(a_reply_to_another_question_is_none),
		LAB(a_reply_to_the_repetition_is_not_the_firsts),
		LAB(where_frames_were_lost_silence_says_nothing),
		LAB(more_frames_than_are_looked_at_say_nothing),
		HOST(the_bridges_reply_is_not_the_ports),
		HOST(what_the_host_asked_itself_it_does_not_answer),
		ALONE(there_are_suspects_for_both_disagreements),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
